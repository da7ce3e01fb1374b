"""Forms of mediation: applying for it, and the verbs of the mediation office."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, RowChoiceField
from officials.models import Office, User
from officials.privacy.identity import check_phone
from requests import assigning
from requests.demands import mediation
from requests.forms.act_form import ActForm, words_field
from requests.forms.registering import WORDS_LENGTH, radio
from requests.models import Mediation, ServiceRequest
from requests.persons import Person

PARTIES = [(mediation.APPLICANT, gettext_lazy("who applied")), (mediation.OTHER, gettext_lazy("the other party"))]
DAY_FAULTS = {"required": gettext_lazy("Enter the day."), "invalid": gettext_lazy("Enter the day like 2026-11-02.")}
USUAL_WAYS = "可以依法申请仲裁，或请求行政机关处理，或向人民法院起诉。"


class MediationAct(ActForm):
    """A verb of `demands.mediation`."""

    def perform(self, *, by: User, now: datetime):
        return getattr(mediation, self.verb)(self.case, **self.said(), by=by, now=now)


class NoteConsent(MediationAct):
    verb = "note_consent"
    intro = gettext_lazy("Mediation is voluntary. Only when the other party agrees too may it begin, and the month with it.")


class NameMediator(MediationAct):
    verb = "name_mediator"
    person = radio(gettext_lazy("Mediator"), [])
    chosen_by_parties = forms.BooleanField(label=gettext_lazy("The parties chose this mediator"), required=False)

    def build(self) -> None:
        self.people = {str(one.pk): one for one in assigning.people_of(self.case.office)}
        self.fields["person"].choices = [(key, one.name) for key, one in self.people.items()]

    def said(self) -> dict:
        return super().said() | {"person": self.people[self.cleaned_data["person"]]}


class TellPolice(MediationAct):
    verb = "tell_police"
    intro = gettext_lazy("Where it may grow worse, or touches public order or a crime.")
    words = words_field(gettext_lazy("Whom you told, and what"))


class RefuseMediation(MediationAct):
    verb = "refuse_mediation"
    danger = True
    intro = gettext_lazy("Where one party says no, it may not be mediated. Both are told the other ways.")
    party = radio(gettext_lazy("Who refuses"), PARTIES)
    ways = words_field(gettext_lazy("The ways that were told"), max_length=300)

    def build(self) -> None:
        self.fields["ways"].initial = USUAL_WAYS


class FailMediation(MediationAct):
    verb = "fail_mediation"
    danger = True
    intro = gettext_lazy("No agreement came about. Both are told the other ways.")
    ways = words_field(gettext_lazy("The ways that were told"), max_length=300)

    def build(self) -> None:
        self.fields["ways"].initial = USUAL_WAYS


class ReachAgreement(MediationAct):
    verb = "reach_agreement"
    intro = gettext_lazy("Oral it binds when it is reached; written, when both have signed and the committee has sealed it.")
    form = radio(gettext_lazy("Form of the agreement"), Mediation.Form.choices)
    binding_from = forms.DateField(
        label=gettext_lazy("Binding from"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), error_messages=DAY_FAULTS
    )
    perform_by = forms.DateField(
        label=gettext_lazy("To be performed by"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages=DAY_FAULTS,
    )  # fmt: skip
    words = words_field(gettext_lazy("What was agreed"))

    def build(self) -> None:
        self.fields["binding_from"].initial = timezone.localdate(self.now)

    def clean_binding_from(self):
        day = self.cleaned_data["binding_from"]
        if day > timezone.localdate(self.now):
            raise ValidationError(_("This day lies in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("perform_by") and data.get("binding_from") and data["perform_by"] < data["binding_from"]:
            self.add_error("perform_by", _("It cannot be performed before it binds."))
        return data


class NotePerformance(MediationAct):
    verb = "note_performance"
    words = words_field(gettext_lazy("Kept, partly or not, and what was done then"))


FORMS = (NoteConsent, NameMediator, TellPolice, RefuseMediation, ReachAgreement, FailMediation, NotePerformance)


class MediationForm(forms.Form):
    """Both parties and what it is about."""

    use_required_attribute = False

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    name = PlainCharField(label=gettext_lazy("Name of who applies"), max_length=40)
    phone = PlainCharField(label=gettext_lazy("Phone of who applies"), max_length=40, required=False)
    other_name = PlainCharField(label=gettext_lazy("Name of the other party"), max_length=40)
    other_phone = PlainCharField(label=gettext_lazy("Phone of the other party"), max_length=40, required=False)
    words = PlainCharField(label=gettext_lazy("What the dispute is about"), max_length=WORDS_LENGTH, multiline=True)
    channel = radio(
        gettext_lazy("How they came"),
        [(one.value, one.label) for one in ServiceRequest.Channel if one != ServiceRequest.Channel.ONLINE],
    )
    office = RowChoiceField(
        label=gettext_lazy("Mediation office"), queryset=Office.objects.none(), empty_label=gettext_lazy("choose"),
        error_messages={"required": gettext_lazy("Choose an office."), "invalid_choice": gettext_lazy("Choose one of the list.")},
    )  # fmt: skip

    def __init__(self, *args: Any, offices: list[Office], demo: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.demo = demo
        self.fields["office"].queryset = Office.objects.filter(pk__in=[office.pk for office in offices])
        for name in ("name", "phone", "other_name", "other_phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"
        for name in ("name", "other_name"):
            self.fields[name].error_messages["required"] = _("A mediation needs both parties by name.")
        self.fields["words"].error_messages["required"] = _("Write down what it is about.")

    def _phone(self, name: str) -> str:
        typed = self.cleaned_data[name]
        return check_phone(typed, demo=self.demo, short=False) if typed else ""

    def clean_phone(self) -> str:
        return self._phone("phone")

    def clean_other_phone(self) -> str:
        return self._phone("other_phone")

    def person(self) -> Person:
        return Person(name=self.cleaned_data["name"], phone=self.cleaned_data["phone"])

    def other(self) -> dict[str, str]:
        return {"name": self.cleaned_data["other_name"], "phone": self.cleaned_data["other_phone"]}
