"""Originals: given back against signature, sent on to the county, back from there."""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.models import User
from requests import custody, persons
from requests.forms.act_form import ActForm, words_field
from requests.forms.parties import label_of
from requests.materials import held_originals
from requests.takers import can_applicant_sign

SEEN = [
    (custody.Seen.CARD.value, gettext_lazy("identity card seen")),
    (custody.Seen.KNOWN.value, gettext_lazy("card forgotten; the person is known at this window")),
]
APPLICANT = "applicant"


class CustodyAct(ActForm):
    """Ticks the originals; all are ticked when the page opens."""

    is_away: bool | None = False
    material_ids = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Which originals"), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one original.")},
    )  # fmt: skip

    def build(self) -> None:
        lines = [line for line in held_originals(self.case) if line.is_away is self.is_away]
        self.fields["material_ids"].choices = [(line.material_id, line.name) for line in lines]
        self.fields["material_ids"].initial = [line.material_id for line in lines]

    def perform(self, *, by: User, now: datetime):
        return getattr(custody, self.verb)(self.case, **self.said(), by=by, now=now)


class ReturnOriginal(CustodyAct):
    verb = "return_original"
    intro = gettext_lazy("The list of what goes back is issued with it: print it and have it signed.")
    taker = forms.ChoiceField(label=gettext_lazy("Who takes them"), widget=forms.RadioSelect, initial=APPLICANT)
    seen = forms.ChoiceField(
        label=gettext_lazy("How do you know who it is?"), choices=SEEN, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say how you know who takes the papers.")},
    )  # fmt: skip

    def build(self) -> None:
        super().build()
        others = [(str(party.pk), label_of(self.case, party)) for party in persons.parties_of(self.case)]
        applicant = f"{_('Applicant')} · {self.case.key.name_masked}"
        can_sign = can_applicant_sign(self.case, timezone.localdate(self.now))
        self.fields["taker"].choices = [*[(APPLICANT, applicant)] * can_sign, *others]
        if not can_sign:
            self.fields["taker"].initial = others[0][0] if others else ""
            if not others:
                self.fields["taker"].help_text = _("The applicant cannot take them: first add the person who does.")

    def said(self) -> dict:
        data = self.cleaned_data
        taken_by = None if data["taker"] == APPLICANT else int(data["taker"])
        return {"material_ids": data["material_ids"], "taken_by": taken_by, "seen": data["seen"]}


class SendOriginal(CustodyAct):
    verb = "send_original"
    intro = gettext_lazy("The originals stay on the list until they are back and given to the applicant.")
    words = words_field(gettext_lazy("Who took them, and the number of the receipt"), max_length=200)


class OriginalBack(CustodyAct):
    verb = "original_back"
    is_away = True


FORMS = (ReturnOriginal, SendOriginal, OriginalBack)
