"""The forms of the clock's rows: special procedures, extensions, confirmed start, promised instead of on the spot."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from requests import extending, own_limits, persons, special
from requests.clock import Kind
from requests.forms.act_form import ActForm, words_field
from requests.permissions import Who, is_who
from requests.procedures import MoreTime, Procedure, procedures_of
from requests.reasons import say_amount, say_date
from services.models import Edition

MOST = 400


def number_field(label, *, help_text="", required: bool = True) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=MOST, help_text=help_text, required=required)


def day_field(label, *, help_text="", required: bool = True) -> forms.DateField:
    widget = forms.DateInput({"type": "date"}, format="%Y-%m-%d")  # as browsers want it, whatever the language writes
    return forms.DateField(label=label, widget=widget, help_text=help_text, required=required)


class BeginProcedure(ActForm):
    verb = "begin_procedure"
    intro = gettext_lazy("It begins today. Where it stops the clock, the applicant is told in writing how long it takes and on what basis.")
    procedure = forms.ChoiceField(label=gettext_lazy("Which procedure"), widget=forms.RadioSelect)
    value = number_field(gettext_lazy("Time it will take"))
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), choices=[choice for choice in Edition.Unit.choices if choice[0] != Edition.Unit.HOUR]
    )
    reason = words_field(gettext_lazy("Why it is needed"), help_text=gettext_lazy("The applicant reads it in the notice."))

    def build(self) -> None:
        under_way = {row.procedure for row in special.running(self.case)}
        self.known = [one for one in procedures_of(self.case.edition) if one.code not in under_way]
        self.fields["procedure"].choices = [
            (str(label), [(one.code, _said(one)) for one in self.known if one.stops is stops])
            for stops, label in ((True, _("The clock stands still meanwhile")), (False, _("The clock runs on")))
            if any(one.stops is stops for one in self.known)
        ]
        if is_who(self.user, Who.HEAD, self.case):
            self.fields["head_agrees"] = forms.BooleanField(
                label=_("As the head I agree, also beyond the ceiling"), required=False, help_text=self._ceiling()
            )

    def _ceiling(self) -> str:
        town = self.case.township
        return _("Usual: at most %(many)s procedures and %(days)s days together.") % {
            "many": town.pauses_allowed,
            "days": town.paused_days_allowed,
        }

    def listing(self) -> list[str]:
        many, days = special.days_stopped(self.case, timezone.localdate(self.now))
        so_far = _("So far: %(many)s procedures, %(days)s days stopped.") % {"many": many, "days": days}
        return [so_far, self._ceiling()] if many else [self._ceiling()]


def _said(one: Procedure) -> str:
    """Name, the longest time and the basis, so that one sees on what stopping the clock rests."""
    parts = [one.name]
    if one.value and one.unit:
        parts.append(_("at most %(amount)s") % {"amount": say_amount(one.value, one.unit)})
    if one.stops:
        parts.append(one.basis)
    if one.is_assumed:
        parts.append(_("the basis is assumed"))
    if one.applies_to == Kind.PROMISED:
        parts.append(_("the legal limit runs on"))
    return " · ".join(parts)


class EndProcedure(ActForm):
    verb = "end_procedure"
    intro = gettext_lazy("The clock goes on with the day after, with what was left.")
    procedure = forms.ChoiceField(label=gettext_lazy("Which procedure"), widget=forms.RadioSelect)
    ended_on = day_field(gettext_lazy("Over since"))
    words = words_field(gettext_lazy("What came out of it"), required=False)

    def build(self) -> None:
        rows = special.running(self.case)
        self.fields["procedure"].choices = [
            (row.procedure, _("%(name)s, since %(date)s") % {"name": row.reason, "date": say_date(timezone.localdate(row.at))})
            for row in rows
        ]
        self.fields["ended_on"].initial = timezone.localdate(self.now)
        if len(rows) == 1:
            self.fields["procedure"].initial = rows[0].procedure


class AskExtension(ActForm):
    verb = "ask_extension"
    value = number_field(gettext_lazy("How much more time"))
    reason = words_field(gettext_lazy("Why more time is needed"))

    def build(self) -> None:
        known = extending.choices_of(self.case)
        self.fields["value"].help_text = "; ".join(_most(one) for one in known)

    def listing(self) -> list[str]:
        return dates_now(self.case)


class Extend(ActForm):
    verb = "extend"
    intro = gettext_lazy("Only before the date. The applicant is told both dates and the reason; the first date stays visible.")
    procedure = forms.ChoiceField(label=gettext_lazy("Which extension"), widget=forms.RadioSelect)
    value = number_field(gettext_lazy("How much more time"))
    kinds = forms.MultipleChoiceField(label=gettext_lazy("Which limit becomes longer"), widget=forms.CheckboxSelectMultiple)
    reason = words_field(gettext_lazy("Why more time is needed"), help_text=gettext_lazy("The applicant reads it in the notice."))

    def build(self) -> None:
        self.known = extending.choices_of(self.case)
        self.fields["procedure"].choices = [(one.code, f"{one.name} · {_most(one)}") for one in self.known]
        self.dues = extending.extensible(self.case)
        self.fields["kinds"].choices = [(one.limit.kind, f"{_kind(one)} · {say_date(one.due_on)}") for one in self.dues]
        self.fields["kinds"].initial = [str(one.limit.kind) for one in self.dues]
        if len(self.known) == 1:
            self.fields["procedure"].initial = self.known[0].code
        outside = self.outside = [one.approver for one in self.known if extending.is_outside(self.case, one)]
        words = _("%(body)s approves this: number and date of its letter.") % {"body": outside[0]} if outside else ""
        only_outside = len(outside) == len(self.known)
        self.fields["approval_number"] = PlainCharField(
            label=_("Number of the approval"), max_length=60, required=only_outside and bool(outside), help_text=words
        )
        self.fields["approved_on"] = day_field(_("Approved on"), required=only_outside and bool(outside))
        if not outside:
            self.fields["approved_on"].initial = timezone.localdate(self.now)
        asked = extending.asked_for(self.case)
        if asked is not None:
            self.fields["value"].initial = asked.facts.get("value")
            self.fields["reason"].initial = (persons.open_for(self.case, asked.sealed, "event") or {}).get("text", "")
        self.asked = asked

    def listing(self) -> list[str]:
        found = dates_now(self.case)
        if self.asked is not None:
            amount = say_amount(self.asked.facts["value"], self.asked.facts["unit"])
            found.append(_("%(name)s asked for %(amount)s.") % {"name": self.asked.by.name, "amount": amount})
        if self.outside:
            found.append(
                _("%(body)s decides: ask there, and enter number and date of its paper when it is back. If nobody asks there, refuse it.")
                % {"body": self.outside[0]}
            )
        return found

    def said(self) -> dict:
        data = self.cleaned_data
        approval = extending.Approval(data["approval_number"], data["approved_on"])
        return {"approval": approval} | {name: data[name] for name in ("procedure", "value", "kinds", "reason")}


def _most(one: MoreTime) -> str:
    return _("at most %(amount)s, approved by %(body)s") % {"amount": say_amount(one.value, one.unit), "body": one.approver or "—"}


def _kind(one) -> str:
    return str(_("Promised limit")) if one.limit.kind == Kind.PROMISED else str(_("Legal limit"))


def dates_now(case) -> list[str]:
    return [f"{_kind(one)}: {say_date(one.due_on)}" for one in extending.extensible(case)]


class RefuseExtension(ActForm):
    verb = "refuse_extension"
    intro = gettext_lazy("The dates stay. Who asked for it is told, and reads the reason on the case.")
    reason = words_field(gettext_lazy("Why it is refused"))

    def listing(self) -> list[str]:
        found, asked = dates_now(self.case), extending.asked_for(self.case)
        if asked is not None:
            amount = say_amount(asked.facts["value"], asked.facts["unit"])
            found.append(_("%(name)s asked for %(amount)s.") % {"name": asked.by.name, "amount": amount})
            found.append((persons.open_for(self.case, asked.sealed, "event") or {}).get("text", ""))
        return [line for line in found if line]


class RemoveExtension(ActForm):
    verb = "remove_extension"
    danger = True
    intro = gettext_lazy("Pauses and other extensions are counted afresh. If the date moves earlier, the applicant is told.")
    extension = forms.TypedChoiceField(label=gettext_lazy("Which extension"), coerce=int, widget=forms.RadioSelect)
    reason = words_field(gettext_lazy("Why it no longer counts"))

    def build(self) -> None:
        self.fields["extension"].choices = [
            (row.pk, f"{say_amount(row.value, row.unit)} · {row.procedure or row.basis} · {say_date(timezone.localdate(row.at))}")
            for row in extending.granted(self.case)
        ]


class MakePromised(ActForm):
    verb = "make_promised"
    intro = gettext_lazy("The applicant is told the date instead of being finished at once. How often this happens is counted.")
    why = forms.ChoiceField(label=gettext_lazy("Why not at once"), choices=own_limits.Why.choices, widget=forms.RadioSelect)
    value = number_field(gettext_lazy("Done within how many working days"))
    reason = words_field(gettext_lazy("More about it"), required=False, max_length=300)

    def build(self) -> None:
        edition = self.case.edition
        self.fields["value"].initial = self.case.township.promise_off_the_spot
        if edition.legal_value:
            amount = say_amount(edition.legal_value, edition.legal_unit)
            self.fields["value"].help_text = _("By law at most %(amount)s.") % {"amount": amount}


class ConfirmStart(ActForm):
    verb = "confirm_start"
    intro = gettext_lazy("The limit of this item starts on the day it was confirmed with the applicant that the application arrived.")
    confirmed_on = day_field(gettext_lazy("Confirmed with the applicant on"))
    words = words_field(gettext_lazy("How it was confirmed"), required=False, max_length=300)

    def build(self) -> None:
        self.fields["confirmed_on"].initial = timezone.localdate(self.now)


FORMS = (BeginProcedure, EndProcedure, AskExtension, Extend, RefuseExtension, RemoveExtension, MakePromised, ConfirmStart)
