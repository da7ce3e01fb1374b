"""The person at the window: only the fields the item needs. Forgotten, unknown, newborn and lost are choices, not errors."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from officials.models import Office
from officials.privacy.identity import check_id_number, check_phone
from requests.models import Applicant
from requests.persons import Person

IdState = Applicant.IdState
ID_CARD = "id_card"
ID_TYPES = [
    (ID_CARD, gettext_lazy("resident identity card")),
    ("hmt_permit", gettext_lazy("residence permit for Hong Kong, Macao and Taiwan residents")),
    ("foreign_permit", gettext_lazy("foreigner's permanent residence card")),
    ("passport", gettext_lazy("passport")),
    ("officer", gettext_lazy("officer's or soldier's card")),
    ("other", gettext_lazy("another identity paper")),
]
ID_STATES = [
    ("", gettext_lazy("shown, number written on the left")),
    (IdState.FORGOTTEN, gettext_lazy("card forgotten")),
    (IdState.UNKNOWN, gettext_lazy("number not known")),
    (IdState.NEWBORN, gettext_lazy("newborn, no number yet")),
    (IdState.LOST, gettext_lazy("papers lost")),
]
# A forgotten or lost card leaves the number that is known by heart; these two say that there is none.
_NO_NUMBER = (IdState.UNKNOWN, IdState.NEWBORN)
_OTHER_PAPER = re.compile(r"^[0-9A-Z]{5,30}$")


def checked_number(number: str, id_type: str, *, today: date) -> str:
    """The number as it is kept. Raises ValidationError with the sentence for the clerk."""
    if id_type == ID_CARD:
        return check_id_number(number, today=today)
    plain = re.sub(r"[\s\-]+", "", unicodedata.normalize("NFKC", number)).upper()
    if not _OTHER_PAPER.match(plain):
        raise ValidationError(_("The number of such a paper has 5 to 30 letters and digits. Compare it with the paper."))
    return plain


class AskedCharField(PlainCharField):
    """Not optional, yet blank may be answered by the choice beside it ("card forgotten", "has no phone")."""

    def validate(self, value: str) -> None:
        """The form looks at both together."""


class PersonFields(forms.Form):
    """Name, identity, phone, village. Give `needs_id=False` where the item asks for no identity paper."""

    use_required_attribute = False  # the choice beside a field may answer it

    name = PlainCharField(
        label=gettext_lazy("Name"),
        max_length=40,
        error_messages={"required": gettext_lazy("Enter the name as it stands on the identity card.")},
    )
    id_number = AskedCharField(label=gettext_lazy("ID number"), max_length=40)
    id_state = forms.ChoiceField(label=gettext_lazy("Identity card"), choices=ID_STATES, required=False)
    id_type = forms.ChoiceField(label=gettext_lazy("Kind of paper"), choices=ID_TYPES, required=False, initial=ID_CARD)
    phone = AskedCharField(label=gettext_lazy("Phone"), max_length=40)
    no_phone = forms.BooleanField(label=gettext_lazy("has no phone"), required=False)
    wants_sms = forms.BooleanField(label=gettext_lazy("wants text messages"), required=False)
    village = forms.ModelChoiceField(label=gettext_lazy("Village"), queryset=Office.objects.none(), required=False)

    PERSON_FIELDS = ("name", "id_number", "id_state", "id_type", "phone", "no_phone", "wants_sms", "village")
    ID_FIELDS = ("id_number", "id_state", "id_type")

    def __init__(self, *args: Any, township, today: date, demo: bool, needs_id: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today, self.demo = today, demo
        self.fields["village"].queryset = Office.objects.open().filter(township=township, kind=Office.Kind.VILLAGE)
        self.fields["village"].empty_label = _("not from here, or not needed")
        if not needs_id:
            self.leave_out(*self.ID_FIELDS)
        for name in ("name", "id_number", "phone"):
            if name in self.fields:
                self.fields[name].widget.attrs["autocomplete"] = "off"
        for name in ("id_number", "phone"):
            if name in self.fields:
                self.fields[name].widget.attrs["inputmode"] = "tel" if name == "phone" else "text"

    def leave_out(self, *names: str) -> None:
        for name in names:
            self.fields.pop(name, None)

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return check_phone(typed, demo=self.demo, short=False) if typed else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "id_number" in self.fields:
            self._clean_identity(data)
        if "phone" in self.fields:
            self._clean_ways_to_reach(data)
        return data

    def _clean_identity(self, data: dict[str, Any]) -> None:
        number, state = data.get("id_number", ""), data.get("id_state", "")
        if "id_number" in self.errors:
            return
        if number and state in _NO_NUMBER:
            self.add_error("id_state", _("You entered a number and also chose why there is none. Take one of them out."))
        elif not number and not state and self._number_is_wanted():
            self.add_error("id_number", _("Enter the ID number, or choose beside it why there is none. The case is logged all the same."))
        elif number:
            try:
                data["id_number"] = checked_number(number, data.get("id_type") or ID_CARD, today=self.today)
            except ValidationError as error:
                self.add_error("id_number", error)

    def _number_is_wanted(self) -> bool:
        """Blank is an answer only where blank means "keep"."""
        return True

    def _clean_ways_to_reach(self, data: dict[str, Any]) -> None:
        phone, none = data.get("phone", ""), data.get("no_phone")
        if "phone" in self.errors:
            return
        if phone and none:
            self.add_error("no_phone", _("You entered a phone number and also ticked “has no phone”. Take one of them out."))
        elif not phone and not none and self._phone_is_wanted():
            self.add_error("phone", _("Enter a phone number, or tick “has no phone”."))
        if data.get("wants_sms") and none:
            self.add_error("wants_sms", _("Text messages need a phone number."))

    def _phone_is_wanted(self) -> bool:
        return True

    def person(self, representative: dict[str, str] | None = None) -> Person:
        """The person as typed. Call it on a valid form."""
        data = self.cleaned_data
        number = data.get("id_number", "")
        village = data.get("village")
        return Person(
            name=data["name"],
            id_type=(data.get("id_type") or ID_CARD) if number else "",
            id_number=number,
            id_state=self.identity_state(),
            phone=data.get("phone", ""),
            village_id=village.pk if village else None,
            wants_sms=bool(data.get("wants_sms")),
            representative=representative or {},
        )

    def identity_state(self) -> str:
        """given, not needed, or the choice why there is no card."""
        if "id_number" not in self.fields:
            return IdState.NOT_NEEDED
        return self.cleaned_data.get("id_state") or IdState.GIVEN
