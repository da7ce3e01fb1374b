"""Forms of the roll: one for each thing done to a row, the notification of a death, and "who died?" when a death is registered."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from officials.models import User
from requests import persons
from requests.forms.act_form import ActForm, Text, words_field
from requests.forms.day import DayField, MonthField
from requests.forms.person import ID_CARD, checked_number
from requests.models import Beneficiary, DeathReport
from requests.roll import people, rows, verbs
from services.models import Edition

STANDARD = {"max_length": 100, "help_text": gettext_lazy("In the words of the decision, such as “420 yuan a month”.")}
TOLD = gettext_lazy("How the person was told")


class RowForm(forms.Form):
    """One thing done to a row. `seen` is the state the page showed."""

    name = ""
    intro: Text = ""
    danger = False
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=8)

    def __init__(self, *args: Any, row: Beneficiary, now: datetime, **options: Any) -> None:
        options.setdefault("initial", {"seen": row.state})
        super().__init__(*args, **options)
        self.row, self.now = row, now
        self.build()

    def build(self) -> None:
        """Fields that depend on the row."""

    def said(self) -> dict:
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def perform(self, *, by: User, now: datetime) -> None:
        """Raises Refused and AlreadyHandled."""
        getattr(verbs, self.name)(self.row, **self.said(), by=by, now=now)


class Terms(RowForm):
    name = "terms"
    from_month = MonthField(label=gettext_lazy("Drawing from"))
    standard = PlainCharField(label=gettext_lazy("What is paid"), **STANDARD)

    def build(self) -> None:
        self.fields["from_month"].initial = self.row.from_month
        self.fields["standard"].initial = people.open_for(self.row, self.row.standard, "standard")

    def perform(self, *, by: User, now: datetime) -> None:
        verbs.set_terms(self.row, **self.said(), by=by, now=now)


class Review(RowForm):
    """Compared first, then visited (先比对、后入户)."""

    name = "review"
    intro = gettext_lazy("Compare first, then visit. A stop is confirmed by the head.")
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        choices=[
            (verbs.CONTINUE, gettext_lazy("goes on (继续)")),
            (verbs.ADJUST, gettext_lazy("adjusted (调整)")),
            (verbs.STOP, gettext_lazy("stopped (停发)")),
        ],
        widget=forms.RadioSelect,
    )
    reason = words_field(gettext_lazy("Reason"), required=False, help_text=gettext_lazy("Needed when something changes."))
    from_month = MonthField(label=gettext_lazy("From which month"), required=False)
    standard = PlainCharField(label=gettext_lazy("What is paid from then on, when adjusted"), required=False, **STANDARD)
    told = PlainCharField(label=TOLD, max_length=200, required=False, help_text=gettext_lazy("In person, by phone, in writing; and when."))

    last_seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0, max_value=2**62)

    def build(self) -> None:
        self.fields["from_month"].initial = rows.month_after(timezone.localdate(self.now))
        self.fields["last_seen"].initial = verbs.newest_entry(self.row)


class ClearCheck(RowForm):
    name = "clear_check"
    intro = gettext_lazy("The person lives, or somebody else was meant. The row goes on as before.")
    reason = words_field(gettext_lazy("How it was checked"))


class ConfirmStop(RowForm):
    name = "confirm_stop"
    danger = True
    intro = gettext_lazy("Nothing is paid from the month named. Whoever asked for the stop cannot confirm it.")
    told = PlainCharField(label=gettext_lazy("How the person or the family was told"), max_length=200)


class RefuseStop(RowForm):
    name = "refuse_stop"
    reason = words_field(gettext_lazy("Reason"))


class Resume(RowForm):
    name = "resume"
    intro = gettext_lazy("For a row that was stopped wrongly: it is paid again, and for the months between too.")
    from_month = MonthField(label=gettext_lazy("Paid again from"))
    back_pay = PlainCharField(label=gettext_lazy("What is paid for the months between"), max_length=100)
    reason = words_field(gettext_lazy("Reason"))

    def build(self) -> None:
        self.fields["from_month"].initial = self.row.stop_from


class Forget(RowForm):
    name = "forget"
    danger = True
    intro = gettext_lazy("Person, standard and words of this row become unreadable for ever. Its dates stay.")


FORMS: dict[str, type[RowForm]] = {
    form.name.replace("_", "-"): form for form in (Terms, Review, ClearCheck, ConfirmStop, RefuseStop, Resume, Forget)
}


# -- deaths -------------------------------------------------------------------------------------------------------


class DeathForm(forms.Form):
    """死亡信息: typed in with date and source. The number is used for looking up and is not kept."""

    id_number = PlainCharField(label=gettext_lazy("Identity number of who died"), max_length=40)
    died_on = DayField(label=gettext_lazy("Died on"), required=False)
    source = forms.ChoiceField(label=gettext_lazy("From where"), choices=DeathReport.Source.choices, widget=forms.RadioSelect)
    case = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, *args: Any, now: datetime, **options: Any) -> None:
        super().__init__(*args, **options)
        self.now = now

    def clean_id_number(self) -> str:
        return checked_number(self.cleaned_data["id_number"], ID_CARD, today=timezone.localdate(self.now))

    def clean_died_on(self):
        return _not_to_come(self.cleaned_data["died_on"], self.now)


def _not_to_come(day, now: datetime):
    if day is not None and day > timezone.localdate(now):
        raise ValidationError(_("This day is still to come."))
    return day


def ask_who_died(form: ActForm) -> None:
    """On the decision of a death registration: the applicant is mostly somebody of the family, not who died."""
    if form.case.edition is None or form.case.edition.roll != Edition.Roll.DEATH:
        return
    form.fields["who_died"] = forms.ChoiceField(
        label=_("Who died?"),
        choices=[("other", _("somebody else than the applicant")), ("applicant", _("the case stands in the name of who died"))],
        initial="other",
        widget=forms.RadioSelect,
        help_text=_("Every row of that person on the roll of benefits is checked the same day; nothing is stopped by itself."),
    )
    form.fields["deceased"] = PlainCharField(label=_("Identity number of who died"), max_length=40, required=False)
    form.fields["died_on"] = DayField(label=_("Died on"), required=False)


def clean_who_died(form: ActForm, cleaned: dict) -> dict:
    if "who_died" not in form.fields or cleaned.get("outcome") not in rows.FAVOURABLE:
        return cleaned
    if cleaned.get("who_died") == "applicant":
        cleaned["deceased"] = persons.person_of(form.case).id_number
    try:
        cleaned["deceased"] = checked_number(cleaned.get("deceased", ""), ID_CARD, today=timezone.localdate(form.now))
    except ValidationError as error:
        form.add_error("deceased", error)
    try:
        _not_to_come(cleaned.get("died_on"), form.now)
    except ValidationError as error:
        form.add_error("died_on", error)
    return cleaned
