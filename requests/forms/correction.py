"""Before acceptance: a wrong name put right, a wrong item exchanged. Blank keeps what the case has."""

from dataclasses import replace
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from requests.forms.person import ID_CARD, PersonFields
from requests.forms.representative import RepresentativeFields
from requests.models import Applicant
from requests.persons import Person

KEEP = "keep"
ID_STATES_KEPT = [
    ("", gettext_lazy("as it is")),
    (Applicant.IdState.GIVEN, gettext_lazy("shown now")),
    (Applicant.IdState.FORGOTTEN, gettext_lazy("card forgotten")),
    (Applicant.IdState.UNKNOWN, gettext_lazy("number not known")),
    (Applicant.IdState.NEWBORN, gettext_lazy("newborn, no number yet")),
    (Applicant.IdState.LOST, gettext_lazy("papers lost")),
]


class CorrectionForm(PersonFields, RepresentativeFields):
    """The page shows the stored person masked only; what is typed replaces it, a blank field stays as it was."""

    sms = forms.ChoiceField(
        label=gettext_lazy("Text messages"),
        choices=[("", gettext_lazy("as it is")), ("yes", gettext_lazy("wanted")), ("no", gettext_lazy("not wanted"))],
        required=False,
    )
    in_person = forms.BooleanField(label=gettext_lazy("came in person: take the representative out"), required=False)
    reason = PlainCharField(
        label=gettext_lazy("What was wrong"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say what was wrong: it stays in the record.")},
    )

    field_order = (*PersonFields.PERSON_FIELDS, "sms", *RepresentativeFields.REPRESENTATIVE_FIELDS, "in_person", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.set_up_representative(today=self.today, demo=self.demo, visitor=None)
        self.leave_out("wants_sms")
        for name in ("name", "id_number", "phone"):
            if name in self.fields:
                self.fields[name].required = False
        self.fields["no_phone"].label = _("take the phone number out")
        self.fields["village"].empty_label = _("as it is")
        if "id_state" in self.fields:
            self.fields["id_state"].choices = ID_STATES_KEPT
            self.fields["id_type"].choices = [("", _("as it is")), *self.fields["id_type"].choices]
            self.fields["id_type"].initial = ""

    def _number_is_wanted(self) -> bool:
        return False

    def _phone_is_wanted(self) -> bool:
        return False

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not data.get("in_person"):
            self.clean_representative(data)
        if not self.errors and not any(data.get(name) for name in self.fields if name != "reason"):
            self.add_error(None, _("Nothing was changed. Fill in what is to be different."))
        return data

    def corrected(self, before: Person) -> Person:
        """The person as it is from now on."""
        data = self.cleaned_data
        changes: dict[str, Any] = {}
        if data.get("name"):
            changes["name"] = data["name"]
        changes |= self._identity_changes(before)
        if data.get("phone") or data.get("no_phone"):
            changes["phone"] = data.get("phone", "")
        if data.get("village"):
            changes["village_id"] = data["village"].pk
        if data.get("sms"):
            changes["wants_sms"] = data["sms"] == "yes"
        if data.get("in_person"):
            changes["representative"] = {}
        elif self.has_representative(data):
            changes["representative"] = self.representative()
        return replace(before, **changes)

    def _identity_changes(self, before: Person) -> dict[str, Any]:
        data = self.cleaned_data
        number, state = data.get("id_number", ""), data.get("id_state", "")
        if not number and not state:
            return {}
        if number:
            id_type = data.get("id_type") or before.id_type or ID_CARD
            return {"id_number": number, "id_type": id_type, "id_state": state or Applicant.IdState.GIVEN}
        if state == Applicant.IdState.GIVEN:
            return {"id_state": state}
        return {"id_number": "", "id_type": "", "id_state": state}


class ChangeItemForm(forms.Form):
    """Why the item is exchanged."""

    reason = PlainCharField(
        label=gettext_lazy("Why the item is changed"),
        help_text=gettext_lazy("Has to be filled in: it stays in the record."),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why the item is changed: it stays in the record.")},
    )
