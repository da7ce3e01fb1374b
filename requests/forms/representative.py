"""Whoever comes for somebody else: who, for whom, on what authority (domain 16.2; channel rule CR-01 of the catalogue)."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, needed_for
from officials.privacy.identity import check_id_number, check_phone
from requests.coming_for_another import rules_of
from requests.forms.relations import RelationInput
from requests.intake import Handed
from requests.models import MaterialReceipt, Party
from requests.persons import Person
from services.channel_rules import Rules
from services.models import Edition

State = MaterialReceipt.State
AUTHORITIES = [("", gettext_lazy("choose")), *Party.Authority.choices]
_STATES = {"in": State.IN, "missing": State.MISSING}


class RepresentativeFields(forms.Form):
    """All blank: the applicant came in person. `visitor` is the person of this visit who may stand in."""

    rep_visitor = forms.BooleanField(required=False)
    rep_name = PlainCharField(label=gettext_lazy("Name of the representative"), max_length=40, required=False)
    rep_relation = PlainCharField(label=gettext_lazy("Relation to the applicant"), max_length=20, required=False, widget=RelationInput)
    rep_id_number = PlainCharField(label=gettext_lazy("ID number of the representative"), max_length=40, required=False)
    rep_phone = PlainCharField(label=gettext_lazy("Phone of the representative"), max_length=40, required=False)
    authority = forms.ChoiceField(label=gettext_lazy("Authority"), choices=AUTHORITIES, required=False)

    REPRESENTATIVE_FIELDS = ("rep_visitor", "rep_name", "rep_relation", "rep_id_number", "rep_phone", "authority")

    def set_up_representative(
        self, *, today: date, demo: bool, visitor: Person | None, visitor_label: str = "", edition: Edition | None = None
    ) -> None:
        """`visitor` is opened on the server and never sent to the page: the page shows the masked label.

        With an `edition` only the grounds are offered on which somebody may come for the applicant of that item.
        """
        self.today, self.demo, self.visitor = today, demo, visitor
        for name in ("rep_name", "rep_relation", "authority"):
            needed_for(self.fields[name], _("(needed where somebody else came)"))
        rules = rules_of(edition.item.township_id, edition) if edition is not None else Rules()
        self.rule_texts = [rule.text for rule in (*rules.in_person, *rules.extra)]
        self.fields["authority"].choices = [(code, word) for code, word in AUTHORITIES if rules.allows(code)]
        if visitor is None:
            self.fields.pop("rep_visitor")
        else:
            self.fields["rep_visitor"].label = _("%(name)s of this visit came for this person") % {"name": visitor_label}
        for name in ("rep_name", "rep_id_number", "rep_phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_rep_id_number(self) -> str:
        typed = self.cleaned_data["rep_id_number"]
        return check_id_number(typed, today=self.today) if typed else ""

    def clean_rep_phone(self) -> str:
        typed = self.cleaned_data["rep_phone"]
        return check_phone(typed, demo=self.demo, short=False) if typed else ""

    def clean_representative(self, data: dict[str, Any]) -> None:
        """Half a representative is an error; the sentence stands beside the field that is missing."""
        if data.get("rep_visitor") and data.get("rep_name"):
            self.add_error("rep_name", ValidationError(_("Either the person of this visit or somebody else, not both.")))
        if not self.has_representative(data):
            return
        if not data.get("rep_visitor") and not data.get("rep_name") and "rep_name" not in self.errors:
            self.add_error("rep_name", ValidationError(_("Enter the name of who came, or empty the other fields of the representative.")))
        if not data.get("rep_relation"):
            self.add_error("rep_relation", ValidationError(_("Say how they are related, for example: son, neighbour, village agent.")))
        if not data.get("authority"):
            self.add_error("authority", ValidationError(_("Choose on what authority. A missing letter does not stop the receipt.")))

    def has_representative(self, data: dict[str, Any]) -> bool:
        return any(data.get(name) for name in self.REPRESENTATIVE_FIELDS)

    def representative(self) -> dict[str, str]:
        """As it is sealed with the applicant; {} when the applicant came in person."""
        data = self.cleaned_data
        if not self.has_representative(data):
            return {}
        found = {
            "name": data.get("rep_name", ""),
            "id_number": data.get("rep_id_number", ""),
            "phone": data.get("rep_phone", ""),
        }
        if data.get("rep_visitor") and self.visitor is not None:
            found = {"name": self.visitor.name, "id_number": self.visitor.id_number, "phone": self.visitor.phone}
        found |= {"relation": data["rep_relation"], "basis": data["authority"]}
        return {key: value for key, value in found.items() if value}

    def authority_handed(self) -> Handed | None:
        """The line of the checklist for the authorisation letter; None when nobody came for somebody else."""
        if not self.has_representative(self.cleaned_data):
            return None
        return Handed(_STATES.get(self.cleaned_data["authority"], State.NOT_NEEDED))
