"""Forms of mediation: applying for it, and the verbs of the mediation office."""

from datetime import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, RowChoiceField
from officials.models import Office, Township, User
from officials.privacy.identity import check_id_number, check_phone
from requests import assigning
from requests.demands import mediation, writing
from requests.forms.act_form import ActForm, words_field
from requests.forms.registering import WORDS_LENGTH, radio
from requests.intake import told_in
from requests.models import Applicant, Mediation, ServiceRequest
from requests.persons import Person

PARTIES = [(mediation.APPLICANT, gettext_lazy("who applied")), (mediation.OTHER, gettext_lazy("the other party"))]
DAY_FAULTS = {"required": gettext_lazy("Enter the day."), "invalid": gettext_lazy("Enter the day like 2026-11-02.")}
OTHER_HINT = gettext_lazy("A person, or a firm or body by its name.")
USUAL_WAYS = "可以依法申请仲裁，或请求行政机关处理，或向人民法院起诉。"


class MediationAct(ActForm):
    """A verb of `demands.mediation`."""

    def perform(self, *, by: User, now: datetime):
        return getattr(mediation, self.verb)(self.case, **self.said(), by=by, now=now)


class NoteConsent(MediationAct):
    verb = "note_consent"
    intro = gettext_lazy("Mediation is voluntary. Only when the other party agrees too may it begin, and the month with it.")
    on = forms.DateField(
        label=gettext_lazy("The other party agreed on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages=DAY_FAULTS,
    )  # fmt: skip
    how = radio(gettext_lazy("How the other party agreed"), Mediation.Asked.choices)

    def build(self) -> None:
        self.fields["on"].initial = timezone.localdate(self.now)


class NameMediator(MediationAct):
    verb = "name_mediator"
    person = radio(gettext_lazy("Mediator"), [])
    chosen_by_parties = forms.BooleanField(label=gettext_lazy("The parties chose this mediator"), required=False)
    others = PlainCharField(
        label=gettext_lazy("Further mediators, and who else takes part"), max_length=120, required=False,
        help_text=gettext_lazy("With both parties' consent relatives, neighbours or colleagues may help. They stand on the agreement."),
    )  # fmt: skip

    def build(self) -> None:
        self.people = {str(one.pk): one for one in assigning.people_of(self.case.office)}
        self.fields["person"].choices = [(key, one.name) for key, one in self.people.items()]
        self.fields["person"].help_text = _("The mediator holds the case from now on.")

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
        written = writing.said_at(self.case, "issue_agreement")
        self.fields["binding_from"].initial = timezone.localdate(self.now)
        if written:
            self.fields["form"].initial = Mediation.Form.WRITTEN
            self.fields["words"].initial, self.fields["perform_by"].initial = written.get("agreed", ""), written.get("perform_by", "")

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
    intro = gettext_lazy("The committee watches over the agreement. With this the mediation ends.")
    performed = radio(gettext_lazy("Performed"), Mediation.Performance.choices)
    on = forms.DateField(
        label=gettext_lazy("On which day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"), error_messages=DAY_FAULTS
    )
    court = radio(gettext_lazy("Confirmation by the court"), Mediation.Court.choices)
    words = words_field(gettext_lazy("What was performed; where not, what was done and said to whom"))

    def build(self) -> None:
        self.fields["on"].initial = timezone.localdate(self.now)
        self.fields["court"].initial = Mediation.Court.NOT_ASKED


def _number(typed: str) -> str:
    """The identity number of a person, or the credit code of an organisation, which has a letter among its digits."""
    if any(letter.isalpha() for letter in typed[:17]):
        return typed.upper()
    return check_id_number(typed, today=timezone.localdate()) if typed else ""


class DisputeFields(forms.Form):
    """The other party, what it is about and who mediates: what every application for mediation asks."""

    other_name = PlainCharField(label=gettext_lazy("Name of the other party"), max_length=40, help_text=OTHER_HINT)
    other_phone = PlainCharField(label=gettext_lazy("Phone of the other party"), max_length=40, required=False)
    other_id_number = PlainCharField(label=gettext_lazy("ID number of the other party"), max_length=40, required=False)
    other_address = PlainCharField(label=gettext_lazy("Address of the other party"), max_length=100, required=False)
    dispute = forms.ChoiceField(
        label=gettext_lazy("Kind of dispute"), choices=[("", gettext_lazy("choose")), *Mediation.Dispute.choices],
        error_messages={"required": gettext_lazy("Choose the kind of dispute.")},
    )  # fmt: skip
    is_elsewhere = forms.BooleanField(
        label=gettext_lazy("A court has taken it up, or the law leaves it to another authority alone"), required=False,
        help_text=gettext_lazy("Then it is not mediated here: tell them where it is dealt with."),
    )  # fmt: skip
    words = PlainCharField(label=gettext_lazy("What the dispute is about"), max_length=WORDS_LENGTH, multiline=True)
    office = RowChoiceField(
        label=gettext_lazy("Mediation office"), queryset=Office.objects.none(), empty_label=gettext_lazy("choose"),
        error_messages={"required": gettext_lazy("Choose an office."), "invalid_choice": gettext_lazy("Choose one of the list.")},
    )  # fmt: skip

    def fit(self, township: Township, offices: list[Office]) -> None:
        """The committees of this township, and its rules of phones."""
        self.demo = settings.DEMO and township.is_demo
        self.fields["office"].queryset = Office.objects.filter(pk__in=[office.pk for office in offices])
        for name in self.fields:
            if name.endswith(("name", "phone", "number", "address")):
                self.fields[name].widget.attrs["autocomplete"] = "off"
        self.fields["other_name"].error_messages["required"] = _("A mediation needs both parties by name.")
        self.fields["words"].error_messages["required"] = _("Write down what it is about.")

    def _phone(self, name: str) -> str:
        typed = self.cleaned_data[name]
        return check_phone(typed, demo=self.demo, short=False) if typed else ""

    def clean_other_phone(self) -> str:
        return self._phone("other_phone")

    def clean_other_id_number(self) -> str:
        return _number(self.cleaned_data["other_id_number"])

    def clean_is_elsewhere(self) -> bool:
        """人民调解工作若干规定 22: what a court has taken up, or law reserves to another authority, is not mediated."""
        if self.cleaned_data["is_elsewhere"]:
            raise ValidationError(_("It cannot be mediated here. Tell them the court or the authority that deals with it."))
        return False

    def other(self) -> dict[str, str]:
        return {key: self.cleaned_data[f"other_{key}"] for key in ("name", "phone", "id_number", "address")}


class ToMediation(DisputeFields, MediationAct):
    """Of a demand: who asks and what about is known, so only the other party is asked for."""

    verb = "to_mediation"
    intro = gettext_lazy(
        "The demand ends here and goes on as a mediation of the same person, with the same code. What was said goes along and "
        "is taken away from here: from then on only the mediation office reads it."
    )
    field_order = ("seen", "words", "dispute", "other_name", "other_phone", "other_id_number", "other_address", "is_elsewhere", "office")

    def build(self) -> None:
        self.fit(self.case.township, mediation.committees(self.case.township))
        self.fields["words"].initial = told_in(self.case)
        self.fields["office"].initial = mediation.mediation_office(self.case.intake_office)

    def perform(self, *, by: User, now: datetime):
        data = self.cleaned_data
        return mediation.pass_on(
            self.case, data["office"], other=self.other(), words=data["words"], dispute=data["dispute"], by=by, now=now
        )


class MediationForm(DisputeFields):
    """Both parties and what it is about."""

    use_required_attribute = False

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    name = PlainCharField(label=gettext_lazy("Name of who applies"), max_length=40)
    phone = PlainCharField(label=gettext_lazy("Phone of who applies"), max_length=40, required=False)
    id_number = PlainCharField(label=gettext_lazy("ID number of who applies"), max_length=40, required=False)
    address = PlainCharField(label=gettext_lazy("Address of who applies"), max_length=100, required=False)
    channel = radio(
        gettext_lazy("How they came"),
        [(one.value, one.label) for one in ServiceRequest.Channel if one != ServiceRequest.Channel.ONLINE],
    )

    def __init__(self, *args: Any, offices: list[Office], township: Township, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fit(township, offices)
        self.fields["name"].error_messages["required"] = _("A mediation needs both parties by name.")

    def clean_phone(self) -> str:
        return self._phone("phone")

    def clean_id_number(self) -> str:
        return _number(self.cleaned_data["id_number"])

    def person(self) -> Person:
        said = self.cleaned_data
        known = {"id_type": "id_card", "id_number": said["id_number"], "id_state": Applicant.IdState.GIVEN} if said["id_number"] else {}
        return Person(name=said["name"], phone=said["phone"], address=said["address"], **known)


FORMS = (NoteConsent, NameMediator, TellPolice, RefuseMediation, ReachAgreement, FailMediation, NotePerformance, ToMediation)
