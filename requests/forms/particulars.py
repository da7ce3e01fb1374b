"""The lines an item alone asks for, as fields of whatever form they are asked in."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, needed_for
from officials.models import User
from requests import particulars
from requests.forms.act_form import ActForm
from requests.forms.day import DayField
from services.models import Particular

Kind = Particular.Kind
LINE, LINES = 120, 600
DAYS = {"invalid": gettext_lazy("Enter the day like 2026-11-02.")}
NUMBERS = {"invalid": gettext_lazy("Enter a number, such as 120 or 3.5.")}


def name_of(row: Particular) -> str:
    return f"p_{row.pk}"


def field_for(row: Particular, *, required: bool, before: str = "") -> forms.Field:
    """The field of one line. `before`: what was written earlier."""
    label = f"{row.label}（{row.unit}）" if row.unit else row.label
    options: dict[str, Any] = {"label": label, "required": required, "help_text": row.hint, "initial": before}
    match row.kind:
        case Kind.DATE:
            return DayField(**options, error_messages=DAYS)
        case Kind.NUMBER:
            attrs = {"inputmode": "decimal", "autocomplete": "off"}
            return forms.RegexField(
                r"^\d{1,12}([.]\d{1,4})?$", max_length=20, widget=forms.TextInput(attrs=attrs), error_messages=NUMBERS, **options
            )
        case Kind.CHOICE:
            answers = [("", _("choose")), *((one, one) for one in row.options)]
            if before and before not in row.options:
                answers.append((before, before))
            return forms.ChoiceField(choices=answers, **options)
        case Kind.LONG:
            return PlainCharField(max_length=LINES, multiline=True, **options)
    return PlainCharField(max_length=LINE, **options)


def add_to(
    form: forms.Form, rows: Iterable[Particular], *, required: bool, before: Mapping[str, str] | None = None, later: Any = ""
) -> None:
    """Give the form a field for each line; `required`: those the item needs have to be filled in now; `later` says when else."""
    known = before or {}
    for row in rows:
        field = form.fields[name_of(row)] = field_for(row, required=required and row.is_required, before=known.get(row.label, ""))
        if row.is_required and later:
            needed_for(field, later)


def said_in(form: forms.Form, rows: Iterable[Particular]) -> dict[str, str]:
    """label → words of the filled lines of a valid form."""
    found = {}
    for row in rows:
        value = form.cleaned_data.get(name_of(row))
        if value:
            found[row.label] = value.isoformat() if isinstance(value, date) else str(value)
    return found


class WithTheDecision:
    """For the forms by which something is granted: the lines that stand on the decision, needed only where it is granted."""

    def ask_particulars(self) -> None:
        self.particulars = particulars.of(self.case.edition, particulars.Stage.DECISION)
        add_to(self, self.particulars, required=False, before=particulars.said(self.case) if self.particulars else {})
        for row in self.particulars:
            if row.is_required:
                needed_for(self.fields[name_of(row)], _("(needed when it is granted)"))

    def check_particulars(self, cleaned: dict[str, Any]) -> None:
        for row in self.particulars:
            name = name_of(row)
            if row.is_required and not cleaned.get(name) and name not in self.errors:
                self.add_error(name, _("Fill this in: it is granted."))

    def note_particulars(self, *, by: User, now: datetime) -> None:
        """Before the verb of the form, in the same transaction."""
        new = particulars.new_in(self.case, said_in(self, self.particulars))
        if new:
            particulars.note_particulars(self.case, new, by=by, now=now)


class NoteParticulars(ActForm):
    verb = "note_particulars"
    intro = gettext_lazy("What this item alone asks for. What stands here already can be put right; the trail keeps both.")

    def build(self) -> None:
        self.rows = particulars.of(self.case.edition)
        add_to(self, self.rows, required=False, before=particulars.said(self.case))

    def perform(self, *, by: User, now: datetime):
        return particulars.note_particulars(self.case, said_in(self, self.rows), by=by, now=now)


FORMS = (NoteParticulars,)
