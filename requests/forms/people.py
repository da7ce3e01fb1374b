"""Colleagues in a form: ticked by name from the office and the village, everybody else typed by name or staff number."""

import re
from collections.abc import Collection, Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from officials.forms import PlainCharField
from officials.models import Office, Township, User, VillageLink

MOST_TICKED = 40  # lines to tick; a larger office types
MOST_PROPOSED = 400  # names a page carries along; in a larger directory they are typed without being proposed
BETWEEN = re.compile("[\\s,;\uff0c\uff1b\u3001]+")  # between two names: also the full-width comma, semicolon and 、
_WITH_NUMBER = re.compile("^(.+)[(\uff08]([^()\uff08\uff09]+)[)\uff09]$")  # as it is proposed: the name, the number in brackets


class NamesInput(forms.TextInput):
    """A line that proposes the colleagues of the township while one types; without them it is a plain line."""

    people: Collection[User] = ()

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> str:
        proposed = f"{(attrs or {}).get('id', name)}_names"
        line = super().render(name, value, (attrs or {}) | ({"list": proposed} if self.people else {}), renderer)
        if not self.people:
            return line
        rows = ((f"{one.name}({one.staff_no})", one.office or "") for one in self.people)
        return format_html(
            '{}<datalist id="{}">{}</datalist>', line, proposed, format_html_join("", '<option value="{}">{}</option>', rows)
        )


class TicksField(forms.MultipleChoiceField):
    """Colleagues by name, each with the office; the value is the list of them."""

    widget = forms.CheckboxSelectMultiple

    def offer(self, people: Iterable[User]) -> None:
        self.known = {one.staff_no: one for one in people}
        self.choices = [(number, f"{one.name} · {one.office}" if one.office else one.name) for number, one in self.known.items()]

    def clean(self, value: Any) -> list[User]:
        return [self.known[number] for number in super().clean(value)]


class NamesField(PlainCharField):
    """Names or staff numbers, one or several; the value is the list of people. A name that two share asks for the number."""

    widget = NamesInput

    def propose(self, township: Township) -> None:
        self.township = township
        if not isinstance(self.widget, NamesInput):
            return
        found = list(_colleagues(township).select_related("office")[: MOST_PROPOSED + 1])
        self.widget.people = found if len(found) <= MOST_PROPOSED else ()

    def clean(self, value: Any) -> list[User]:
        return find(super().clean(value), self.township)


def near(offices: Collection[Office], villages: Collection[Office]) -> list[User]:
    """Who is offered first: the people of these offices, the agents of these villages and the officials linked to them."""
    linked = VillageLink.objects.filter(village__in=villages, ended_on__isnull=True).values("person")
    found = _people().filter(Q(office__in=[*offices, *villages]) | Q(pk__in=linked)).select_related("office")
    return list(found.order_by("office__sort", "office__code", "staff_no")[:MOST_TICKED])


def find(text: str, township: Township) -> list[User]:
    """The people named in a text, in its order. Raises ValidationError naming every word that is nobody or more than one."""
    words = [_WITH_NUMBER.sub(r"\2", word) for word in BETWEEN.split(text) if word]
    by_number = {one.staff_no: one for one in _people().filter(staff_no__in=words)}
    named: dict[str, list[User]] = {}
    for one in _colleagues(township).filter(name__in=[word for word in words if word not in by_number]).select_related("office"):
        named.setdefault(one.name, []).append(one)
    unknown = list(dict.fromkeys(word for word in words if word not in by_number and word not in named))
    faults = []
    if unknown:
        faults.append(_("Nobody has this name or staff number: %(words)s.") % {"words": _(", ").join(unknown[:20])})
    for name, several in named.items():
        if len(several) > 1:
            who = _(", ").join(f"{one.staff_no} {one.office or ''}".strip() for one in several)
            faults.append(_("%(n)s people are called %(name)s. Write the staff number: %(who)s.")
                          % {"n": len(several), "name": name, "who": who})  # fmt: skip
    if faults:
        raise ValidationError(faults)
    found = [by_number.get(word) or named[word][0] for word in words]
    return list(dict.fromkeys(found))


def _people() -> QuerySet[User]:
    return User.objects.filter(is_active=True, is_job=False)


def _colleagues(township: Township) -> QuerySet[User]:
    return _people().filter(office__township=township).order_by("staff_no")
