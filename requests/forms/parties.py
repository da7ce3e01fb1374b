"""The people of a case: representative, guardian, household, collector. What is stored is never filled into a field: blank keeps it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Self

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, needed_for
from officials.models import User
from officials.privacy.identity import check_phone
from officials.privacy.masking import mask_id, mask_name
from requests import parties, persons
from requests.coming_for_another import rules_of
from requests.forms.act_form import GROW, ActForm, words_field
from requests.forms.person import ID_CARD, ID_STATES, checked_number
from requests.forms.relations import RelationInput
from requests.item_needs import needs_member_authorisation
from requests.models import Applicant, Party, ServiceRequest
from requests.persons import PartyPerson
from services.models import Edition

Role, IdState = Party.Role, Applicant.IdState
AUTHORITIES = [("", gettext_lazy("choose")), *Party.Authority.choices]
FIRST_ROWS, MOST_ROWS = 2, 20  # of the household on one page: what stands there at first, and at most
ROW_FIELDS = ("name", "relation", "id_number", "id_state", "is_minor", "signed")


def _day(label, *, required: bool = True, help_text="") -> forms.DateField:
    return forms.DateField(
        label=label, required=required, help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day."), "invalid": gettext_lazy("Enter the day like 2026-11-02.")},
    )  # fmt: skip


def _not_to_come(day: date | None, now: datetime) -> date | None:
    if day is not None and day > timezone.localdate(now):
        raise ValidationError(_("This day is still to come."))
    return day


def label_of(case: ServiceRequest, party: Party) -> str:
    """As the pages show somebody: role, masked name, relation, the end of the number."""
    person = persons.opened(case, party)
    is_death = case.edition_id is not None and case.edition.roll == Edition.Roll.DEATH
    # Nobody is the guardian of the dead: who registers a death is the one who reports it (户口登记条例 8).
    role = _("who reports it") if is_death and party.role == Party.Role.GUARDIAN else str(party.get_role_display())
    parts = (role, mask_name(person.name), person.relation, mask_id(person.id_number))
    return " · ".join(part for part in parts if part)


class PartyAct(ActForm):
    """The verbs of this room stand in `requests.parties`."""

    use_required_attribute = False

    def perform(self, *, by: User, now: datetime):
        return getattr(parties, self.verb)(self.case, **self.said(), by=by, now=now)

    def people(self, *roles: str) -> list[Party]:
        return [party for party in persons.parties_of(self.case) if not roles or party.role in roles]


class PersonPart(forms.Form):
    """Name, relation, number or why there is none, phone, authority."""

    name = PlainCharField(label=gettext_lazy("Name"), max_length=40)
    relation = PlainCharField(
        label=gettext_lazy("Relation to the applicant"), max_length=20, required=False,
        help_text=gettext_lazy("son, wife, neighbour, village agent …"), widget=RelationInput,
    )  # fmt: skip
    id_number = PlainCharField(label=gettext_lazy("ID number"), max_length=40, required=False)
    id_state = forms.ChoiceField(label=gettext_lazy("Identity card"), choices=ID_STATES, required=False)
    phone = PlainCharField(label=gettext_lazy("Phone"), max_length=40, required=False)
    authority = forms.ChoiceField(
        label=gettext_lazy("Authority"), choices=AUTHORITIES, required=False, help_text=gettext_lazy("Of whoever acts for the applicant.")
    )
    is_minor = forms.BooleanField(label=gettext_lazy("a child (not of age)"), required=False)

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return check_phone(typed, demo=settings.DEMO and self.case.township.is_demo, short=False) if typed else ""

    def clean_id_number(self) -> str:
        typed = self.cleaned_data["id_number"]
        return checked_number(typed, ID_CARD, today=timezone.localdate(self.now)) if typed else ""

    def clean_number_and_state(self, data: dict) -> None:
        if data.get("id_number") and data.get("id_state") in (IdState.UNKNOWN, IdState.NEWBORN):
            self.add_error("id_state", _("You entered a number and also chose why there is none. Take one of them out."))

    @staticmethod
    def identity(data: dict) -> dict[str, str]:
        number, state = data.get("id_number", ""), data.get("id_state", "")
        id_state = state or (IdState.GIVEN if number else IdState.NOT_NEEDED)
        return {"id_number": number, "id_type": ID_CARD if number else "", "id_state": id_state}


class AddParty(PersonPart, PartyAct):
    verb = "add_party"
    role = forms.ChoiceField(label=gettext_lazy("Who is it?"), choices=Role.choices, widget=forms.RadioSelect)
    field_order = ("role", "name", "relation", "id_number", "id_state", "phone", "authority", "is_minor")

    def build(self) -> None:
        needed_for(self.fields["relation"], _("(needed of representatives and members of the household)"))
        needed_for(self.fields["id_number"], _("(needed of members of the household, or why there is none)"))
        needed_for(self.fields["authority"], _("(needed of representatives and guardians)"))
        if not self.case.edition.is_household:
            self.fields["role"].choices = [(role, word) for role, word in Role.choices if role != Role.MEMBER]

    def clean(self):
        data = super().clean()
        self.clean_number_and_state(data)
        role = data.get("role")
        if role in Party.IN_PLACE and not data.get("authority"):
            self.add_error("authority", _("Choose on what authority. A missing letter does not stop the receipt."))
        if role == Role.GUARDIAN and data.get("authority") not in ("", Party.Authority.GUARDIAN):
            self.add_error("authority", _("A guardian by law needs no letter: choose “not needed: guardian by law”."))
        if role == Role.MEMBER and not data.get("relation"):
            self.add_error("relation", _("Say how they are related, for example: son, neighbour, village agent."))
        if role == Role.REPRESENTATIVE and not data.get("relation"):
            self.add_error("relation", _("Say how they are related, for example: son, neighbour, village agent."))
        if not data.get("id_number") and not data.get("id_state") and role == Role.MEMBER:
            self.add_error("id_number", _("Enter the ID number, or choose beside it why there is none. The case is logged all the same."))
        return data

    def said(self) -> dict:
        data = self.cleaned_data
        acts = data["role"] in Party.IN_PLACE
        person = PartyPerson(
            role=data["role"],
            name=data["name"],
            relation=data["relation"],
            phone=data["phone"],
            authority=data["authority"] if acts else "",
            is_minor=data["role"] == Role.MEMBER and (data["is_minor"] or data["id_state"] == IdState.NEWBORN),
            **self.identity(data),
        )
        return {"person": person}

    def perform(self, *, by: User, now: datetime):
        """The same person sent twice (double click, reload) is one person."""
        last = self.case.events.order_by("-id").first()
        twin = parties.twin_of(self.case, self.said()["person"])
        if twin is not None and last is not None and last.verb == self.verb and last.facts.get("party") == twin.pk and last.by_id == by.pk:
            return None
        return super().perform(by=by, now=now)


class Choosing(PartyAct):
    """First who it is about, shown masked."""

    party = forms.TypedChoiceField(label=gettext_lazy("Who is it?"), coerce=int, widget=forms.RadioSelect)

    def build(self) -> None:
        self.fields["party"].choices = [(party.pk, label_of(self.case, party)) for party in self.people()]

    def chosen(self) -> Party:
        return next(party for party in self.people() if party.pk == self.cleaned_data["party"])


class ChangeParty(PersonPart, Choosing):
    verb = "change_party"
    intro = gettext_lazy("Fill in only what is to be different. A field left blank keeps what the case has.")
    is_minor = forms.ChoiceField(
        label=gettext_lazy("Of age?"), required=False,
        choices=[("", gettext_lazy("as it is")), ("no", gettext_lazy("of age")), ("yes", gettext_lazy("a child"))],
    )  # fmt: skip
    field_order = ("party", "name", "relation", "id_number", "id_state", "phone", "authority", "is_minor")

    def build(self) -> None:
        super().build()
        self.fields["name"].required = False
        self.fields["id_state"].choices = [("", _("as it is")), *ID_STATES[1:]]
        self.fields["authority"].choices = [("", _("as it is")), *Party.Authority.choices]

    def clean(self):
        data = super().clean()
        self.clean_number_and_state(data)
        if not self.errors and not any(data.get(name) for name in self.fields if name not in ("seen", "party")):
            self.add_error(None, _("Nothing was changed. Fill in what is to be different."))
        return data

    def said(self) -> dict:
        data, party = self.cleaned_data, self.chosen()
        changes = {name: data[name] for name in ("name", "relation", "phone") if data[name]}
        if data["authority"] and party.role in Party.IN_PLACE:
            changes["authority"] = data["authority"]
        if data["id_number"] or data["id_state"]:
            changes |= self.identity(data)
        if data["is_minor"] and party.role == Role.MEMBER:
            changes["is_minor"] = data["is_minor"] == "yes"
        return {"party_id": party.pk, "person": replace(persons.opened(self.case, party), **changes)}


class RemoveParty(Choosing):
    verb = "remove_party"
    danger = True
    reason = words_field(gettext_lazy("Why"), max_length=200)

    def said(self) -> dict:
        return {"party_id": self.cleaned_data["party"], "reason": self.cleaned_data["reason"]}


def _rows_of(sent: Mapping[str, Any]) -> int:
    """As many lines as the page had, and never fewer than were filled in."""
    said = str(sent.get("rows") or "")
    shown = int(said) if said.isascii() and said.isdigit() and len(said) <= 2 else FIRST_ROWS
    filled = [row + 1 for row in range(MOST_ROWS) if any(sent.get(f"{name}_{row}") for name in ROW_FIELDS)]
    return min(max(shown, 1, *filled), MOST_ROWS)


class NoteHousehold(PartyAct):
    """The whole household on one page: a line for each person, and one more whenever "one more person" is pressed."""

    verb = "note_household"
    template = "requests/parties/household.html"
    grows = True
    rows = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=MOST_ROWS)
    alone = forms.BooleanField(label=gettext_lazy("Nobody else: the applicant lives alone"), required=False)

    @classmethod
    def shaped(cls, sent: QueryDict, **options: Any) -> Self:
        more = 1 if GROW in sent else 0
        return cls(initial={"seen": options["case"].status, "rows": min(_rows_of(sent) + more, MOST_ROWS)}, **options)

    def build(self) -> None:
        self.count = _rows_of(self.data) if self.is_bound else self.initial.get("rows") or FIRST_ROWS
        self.initial["rows"] = self.count
        today, compares = timezone.localdate(self.now), needs_member_authorisation(self.case.edition)
        for row in range(self.count):
            self.fields[f"name_{row}"] = PlainCharField(label=_("Name"), max_length=40, required=False)
            self.fields[f"relation_{row}"] = PlainCharField(
                label=_("Relation to the applicant"), max_length=20, required=False, widget=RelationInput
            )
            self.fields[f"id_number_{row}"] = PlainCharField(label=_("ID number"), max_length=40, required=False)
            self.fields[f"id_state_{row}"] = forms.ChoiceField(label=_("Identity card"), choices=ID_STATES, required=False)
            self.fields[f"is_minor_{row}"] = forms.BooleanField(label=_("a child (not of age)"), required=False)
            for name in ("name", "relation", "id_number"):
                needed_for(self.fields[f"{name}_{row}"], _("(needed for each person)"))
            if compares:
                self.fields[f"signed_{row}"] = forms.BooleanField(label=_("signed the authorisation today"), required=False)
        self.today = today

    def listing(self) -> list[str]:
        """Whoever was taken down before is not typed again."""
        return [label_of(self.case, party) for party in self.people(Role.MEMBER)]

    def lines(self):
        """The fields of each person for the page."""
        return [(row + 1, [self[key] for name in ROW_FIELDS if (key := f"{name}_{row}") in self.fields]) for row in range(self.count)]

    @property
    def may_grow(self) -> bool:
        return self.count < MOST_ROWS

    def clean(self):
        data = super().clean()
        self.found: list[tuple[PartyPerson, date | None]] = []
        for row in range(self.count):
            self._clean_row(data, row)
        if not self.errors and not self.found and not data.get("alone"):
            self.add_error(None, _("Write down the members of the household, or tick that the applicant lives alone."))
        if self.found and data.get("alone"):
            self.add_error("alone", _("You wrote down people and also ticked that the applicant lives alone."))
        return data

    def _clean_row(self, data: dict, row: int) -> None:
        said = {name: data.get(f"{name}_{row}") or "" for name in ROW_FIELDS}
        if not any(said.values()):
            return
        if not said["name"]:
            self.add_error(f"name_{row}", _("Enter the name."))
        if not said["relation"]:
            self.add_error(f"relation_{row}", _("Say how they are related, for example: wife, son, mother."))
        number = self._number(said, row)
        is_minor = bool(said["is_minor"]) or said["id_state"] == IdState.NEWBORN
        if said["signed"] and is_minor:
            self.add_error(f"signed_{row}", _("Only adults of the household sign the authorisation."))
        if not any(f"{name}_{row}" in self.errors for name in said):
            person = PartyPerson(
                role=Role.MEMBER, name=said["name"], relation=said["relation"], is_minor=is_minor,
                **PersonPart.identity({"id_number": number, "id_state": said["id_state"]}),
            )  # fmt: skip
            self.found.append((person, self.today if said["signed"] else None))

    def _number(self, said: dict, row: int) -> str:
        number, state = said["id_number"], said["id_state"]
        if number and state in (IdState.UNKNOWN, IdState.NEWBORN):
            self.add_error(f"id_state_{row}", _("You entered a number and also chose why there is none. Take one of them out."))
        elif number:
            try:
                return checked_number(number, ID_CARD, today=self.today)
            except ValidationError as error:
                self.add_error(f"id_number_{row}", error)
        elif not state:
            self.add_error(
                f"id_number_{row}", _("Enter the ID number, or choose beside it why there is none. The case is logged all the same.")
            )
        return ""

    def said(self) -> dict:
        return {"members": self.found}

    def perform(self, *, by: User, now: datetime):
        """The same household sent twice is one household."""
        last = self.case.events.order_by("-id").first()
        is_again = last is not None and last.verb == self.verb and last.by_id == by.pk and last.facts.get("members") == len(self.found)
        if is_again and all(parties.twin_of(self.case, person) is not None for person, _day in self.found):
            return None
        return super().perform(by=by, now=now)


class NoteAuthorisation(PartyAct):
    verb = "note_authorisation"
    intro = gettext_lazy("Each adult signs with the own hand; nobody signs for another.")
    people_signed = forms.TypedMultipleChoiceField(
        label=gettext_lazy("Who signed"), coerce=int, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose who signed.")},
    )  # fmt: skip
    on = _day(gettext_lazy("Signed on"))

    def build(self) -> None:
        adults = [party for party in self.people(Role.MEMBER) if party.is_adult_member and party.authorised_on is None]
        self.fields["people_signed"].choices = [(party.pk, label_of(self.case, party)) for party in adults]
        self.fields["on"].initial = timezone.localdate(self.now)

    def clean_on(self):
        return _not_to_come(self.cleaned_data["on"], self.now)

    def said(self) -> dict:
        return {"party_ids": self.cleaned_data["people_signed"], "on": self.cleaned_data["on"]}


class NoteInPerson(PartyAct):
    verb = "note_in_person"
    intro = gettext_lazy("Somebody else applied; this part only the applicant can do, here or at home.")
    rule = forms.TypedChoiceField(label=gettext_lazy("What was done in person"), coerce=int, widget=forms.RadioSelect)
    on = _day(gettext_lazy("On"))

    def build(self) -> None:
        rules = rules_of(self.case.township_id, self.case.edition).in_person
        self.fields["rule"].choices = [(rule.pk, rule.text) for rule in rules]
        self.fields["on"].initial = timezone.localdate(self.now)

    def clean_on(self):
        return _not_to_come(self.cleaned_data["on"], self.now)

    def said(self) -> dict:
        return {"rule_id": self.cleaned_data["rule"], "on": self.cleaned_data["on"]}


class NoteRelatives(PartyAct):
    verb = "note_relatives"
    intro = gettext_lazy("Asked of every household, so that nobody is singled out. The answer is for the head of the office.")
    has_relatives = forms.TypedChoiceField(
        label=gettext_lazy("Is somebody of the household a near relative of the staff who handle it, or of the village committee?"),
        choices=[("no", gettext_lazy("no")), ("yes", gettext_lazy("yes"))], coerce=lambda said: said == "yes", widget=forms.RadioSelect,
    )  # fmt: skip
    words = needed_for(
        words_field(gettext_lazy("Who, and whose relative"), required=False, max_length=300), gettext_lazy("(needed if yes)")
    )

    def clean(self):
        data = super().clean()
        if data.get("has_relatives") is True and not data.get("words"):
            self.add_error("words", _("Write down who, and whose relative."))
        return data


class PrintAuthorisation(PartyAct):
    verb = "print_authorisation"
    intro = gettext_lazy("Names and item are filled in. The applicant ticks what the other may do, and signs or gives a fingerprint.")


FORMS = (
    AddParty, NoteHousehold, ChangeParty, RemoveParty, NoteAuthorisation, NoteInPerson, NoteRelatives, PrintAuthorisation,
)  # fmt: skip
