"""One small form for each verb of a case: only the fields the verb needs, named as the verb names them.

`ACTS` is the registry: word in the address ("ask-materials") → form. A verb without fields has a form too: the page asks once more.
"""

from datetime import datetime

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials import staffing
from officials.forms import PlainCharField
from officials.models import User
from requests import assigning, passing_on, persons, urging, verbs
from requests.county.standing import was_sent_back
from requests.documents import contents
from requests.documents.verbs import Proof
from requests.forms import (
    archive,
    clock_rows,
    county,
    custody,
    demands,
    documents,
    joint,
    judged,
    mediation,
    particulars,
    parties,
    public_notice,
    steps,
    supplement,
    village,
)
from requests.forms.act_form import ActForm, Text, words_field
from requests.forms.person import ID_CARD, AskedCharField, checked_number
from requests.forms.refusing import Decide, RefuseIntake, Terminate
from requests.intake import ID_CARD_LINE, Handed
from requests.item_needs import may_hold_original
from requests.lifecycle import RUNNING
from requests.materials import Line, checklist, held_originals
from requests.models import Delivery, MaterialReceipt
from requests.takers import can_applicant_sign

State = MaterialReceipt.State
# 已受理: what is there may come again or come after all; it is not asked for anew.
AFTER_ACCEPTANCE = ("", State.IN.value)


class TakeMaterials(ActForm):
    """A line for each material: what became of it, and whether the original stays in the drawer."""

    verb = "take_materials"
    template = "requests/case/take_materials.html"
    intro = gettext_lazy("Only what you change is written down. What is already received stays as it is.")
    asks_other = True
    STATES = [
        ("", gettext_lazy("leave as it is")),
        (State.IN, State.IN.label),
        (State.FAULTY, State.FAULTY.label),
        (State.MISSING, State.MISSING.label),
        (State.NOT_NEEDED, State.NOT_NEEDED.label),
    ]

    def build(self) -> None:
        self.lines = checklist(self.case)
        after = self.case.status in RUNNING and not was_sent_back(self.case)
        if sum(line.is_missing for line in self.lines) > 1:
            self.fields["everything"] = forms.BooleanField(label=_("Everything still missing is here now"), required=False)
        for line in self.lines:
            if line.key == ID_CARD_LINE:
                if line.is_missing:
                    self._ask_for_the_card()
                continue
            states = [one for one in self.STATES if one[0] in AFTER_ACCEPTANCE] if after and not line.is_missing else self.STATES
            self.fields[f"state_{line.key}"] = forms.ChoiceField(label=line.name, choices=states, required=False)
            if line.material is not None and may_hold_original(line.material):
                here = line.original_held and line.state == State.IN
                label = _("original stays in the drawer")
                self.fields[f"held_{line.key}"] = forms.BooleanField(label=label, required=False, initial=here, disabled=here)
        if self.asks_other:
            self._ask_for_another_paper()

    def _ask_for_another_paper(self) -> None:
        """评定表, what the county asks for: a paper that is on no list of the item."""
        self.fields["other_name"] = PlainCharField(
            label=_("Another paper that is on no list"), max_length=60, required=False,
            help_text=_("What it is called, such as “assessment form of the hospital”. One at a time."),
        )  # fmt: skip
        self.fields["other_copy"] = forms.BooleanField(label=_("it is a copy"), required=False)

    def _ask_for_the_card(self) -> None:
        """Shown now; and its number, where none was known when the case was taken in."""
        self.fields["id_shown"] = forms.BooleanField(label=_("The identity card was shown"), required=False)
        self.person = persons.person_of(self.case)
        if not self.person.id_number:
            words = _("Needed when the card is shown now; the case has no number yet.")
            self.fields["id_number"] = AskedCharField(label=_("Number on the card"), help_text=words, max_length=40, required=False)

    def rows(self):
        """(line, field of its state, field of its original) for the page."""
        for line in self.lines:
            if f"state_{line.key}" in self.fields:
                held = f"held_{line.key}"
                yield line, self[f"state_{line.key}"], self[held] if held in self.fields else None

    def clean(self):
        cleaned = super().clean()
        if "id_number" in self.fields and "id_number" not in self.errors:
            self._clean_number(cleaned)
        if not self.handed(cleaned) and not cleaned.get("id_shown") and not cleaned.get("other_name"):
            raise forms.ValidationError(_("Say of at least one material what became of it."))
        return cleaned

    def _clean_number(self, cleaned: dict) -> None:
        number = cleaned.get("id_number", "")
        if number:
            try:
                id_type = self.person.id_type or ID_CARD
                cleaned["id_number"] = checked_number(number, id_type, today=timezone.localdate(self.now))
                cleaned["id_shown"] = True  # who reads the number off the card has seen it
            except forms.ValidationError as error:
                self.add_error("id_number", error)
        elif cleaned.get("id_shown"):
            self.add_error("id_number", _("Enter the number on the card; the case has none yet."))

    def handed(self, cleaned: dict) -> dict[int | str, Handed]:
        """Only the lines somebody said something about; the id of the material, or the own name of the line.

        "Everything is here" speaks for the missing lines that were left alone; whether the card was shown is said on its own.
        """
        states = {line.key: cleaned.get(f"state_{line.key}") or self._said_together(line, cleaned) for line in self.lines}
        return {
            line.material_id or line.key: Handed(states[line.key], bool(cleaned.get(f"held_{line.key}")))
            for line in self.lines
            if states[line.key]
        }

    @staticmethod
    def _said_together(line: Line, cleaned: dict) -> str:
        return State.IN if cleaned.get("everything") and line.is_missing and line.key != ID_CARD_LINE else ""

    def said(self) -> dict:
        data = self.cleaned_data
        said = {"handed": self.handed(data), "id_shown": bool(data.get("id_shown")), "id_number": data.get("id_number", "")}
        if self.asks_other and data.get("other_name"):
            said["other"] = Handed(State.IN, name=data["other_name"], is_copy=bool(data.get("other_copy")))
        return said


class TakeOwed(TakeMaterials):
    verb = "take_owed"
    asks_other = False


class NotOurs(ActForm):
    verb = "not_ours"
    intro = gettext_lazy("Nobody is sent away without the way: name the place and a phone.")
    where = words_field(gettext_lazy("Where to go, with a phone"), max_length=300)
    reason = words_field(gettext_lazy("Why it is not ours"), required=False)


class Start(ActForm):
    verb = "start"
    intro = gettext_lazy("Whoever takes a case in hand holds it from then on.")


class Close(ActForm):
    """One act: the result goes to the person, and with it the paper of the decision."""

    verb = "close"
    intro = gettext_lazy("With this the delivery of the decision is on record too: it needs no second entry.")
    MANNERS = (Delivery.Manner.DIRECT, Delivery.Manner.POST, Delivery.Manner.ELECTRONIC, Delivery.Manner.ENTRUSTED)
    APPLICANT, OTHER = "applicant", "other"
    manner = forms.ChoiceField(
        label=gettext_lazy("How it was delivered"), choices=[(one.value, one.label) for one in MANNERS], initial=Delivery.Manner.DIRECT
    )
    taker = forms.ChoiceField(label=gettext_lazy("Who signed for the result"), widget=forms.RadioSelect, initial=APPLICANT)
    receiver = PlainCharField(label=gettext_lazy("Name of the other person"), max_length=60, required=False)
    relation = PlainCharField(label=gettext_lazy("In what relation to the addressee"), max_length=60, required=False)
    delivered_at = forms.DateTimeField(
        label=gettext_lazy("When"), required=False, help_text=gettext_lazy("Empty: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    how = words_field(
        gettext_lazy("How the result was handed over"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("What is to be added, such as the number of the post."),
    )

    def build(self) -> None:
        self.people = {str(party.pk): party for party in persons.parties_of(self.case)}
        can_sign = can_applicant_sign(self.case, timezone.localdate(self.now))
        if not can_sign:
            self.fields["taker"].initial = next(iter(self.people), self.OTHER)
        self.fields["taker"].choices = [
            *[(self.APPLICANT, f"{_('Applicant')} · {self.case.key.name_masked}")] * can_sign,
            *((key, parties.label_of(self.case, party)) for key, party in self.people.items()),
            (self.OTHER, _("somebody else (write down the name)")),
        ]
        self.fields["delivered_at"].initial = timezone.localtime(self.now)
        self.paper = contents.result_paper(self.case)
        if self.paper.sentence and self.paper.may_do_without:
            self.fields["without_paper"] = forms.BooleanField(label=_("The result is no paper here: go on without it"))

    def listing(self) -> list[str]:
        held = [_("First give back: %(name)s") % {"name": line.name} for line in held_originals(self.case)]
        return [*held, self.paper.sentence] if self.paper.sentence else held

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("taker") == self.OTHER and not cleaned.get("receiver"):
            self.add_error("receiver", _("Write down who signed for it."))
        return cleaned

    def said(self) -> dict:
        data = self.cleaned_data
        receiver, relation = data["receiver"], data["relation"]
        if data["taker"] == self.APPLICANT:
            receiver, relation = persons.person_of(self.case).name, "本人"
        elif data["taker"] in self.people:
            person = persons.opened(self.case, self.people[data["taker"]])
            receiver, relation = person.name, person.relation
        return {"how": data["how"], "proof": Proof(data["manner"], data["delivered_at"] or self.now, receiver=receiver, relation=relation)}

    def perform(self, *, by: User, now: datetime):
        if self.paper.is_in_the_way:
            raise verbs.Refused(self.paper.sentence, first=self.paper.verb)
        return super().perform(by=by, now=now)


class Withdraw(ActForm):
    verb = "withdraw"
    danger = True
    intro = gettext_lazy("Only when the applicant wishes it. Originals go back, and one can apply again at any time.")
    reason = words_field(gettext_lazy("What the applicant said"))


class Void(ActForm):
    verb = "void"
    danger = True
    intro = gettext_lazy("For a case logged by mistake. The number stays, the case leaves the figures.")
    reason = words_field(gettext_lazy("What was the mistake?"))


class Assign(ActForm):
    verb = "assign"
    person = forms.ChoiceField(label=gettext_lazy("To whom"), widget=forms.RadioSelect)
    reason = words_field(gettext_lazy("Why"), required=False, max_length=300)

    def build(self) -> None:
        people = [one for one in assigning.people_of(self.case.office) if one.pk not in (self.case.holder_id, self.case.kept_from_id)]
        away = staffing.whereabouts([one.pk for one in people], self.now)
        self.people = {str(one.pk): one for one in people}
        self.fields["person"].choices = [(key, self._named(one, away.get(one.pk))) for key, one in self.people.items()]

    def _named(self, person: User, row) -> str:
        return f"{person.name} ({row.get_where_display()})" if row else person.name

    def said(self) -> dict:
        return {"person": self.people[self.cleaned_data["person"]], "reason": self.cleaned_data["reason"]}


class Urge(ActForm):
    verb = "urge"
    intro = gettext_lazy("Whoever holds it gets a message, and it stands on the timeline of the case. Once a day.")
    words = words_field(gettext_lazy("What you want done, and until when"), required=False, max_length=300)

    def perform(self, *, by: User, now: datetime):
        return urging.urge(self.case, **self.said(), by=by, now=now)


class PassOn(ActForm):
    """To the one person it can go to, who is named on the page."""

    nobody: Text = ""

    def to_whom(self) -> User | None:
        raise NotImplementedError

    def listing(self) -> list[str]:
        person = self.to_whom()
        return [person.name] if person else []

    def perform(self, *, by: User, now: datetime):
        person = self.to_whom()
        if person is None:
            raise verbs.Refused(str(self.nobody))
        return self.give(person, by=by, now=now)

    def give(self, person: User, *, by: User, now: datetime) -> None:
        raise NotImplementedError


class HandOver(PassOn):
    verb = "hand_over"
    intro = gettext_lazy("The deputy of the post has equal powers while the holder is away.")
    nobody = gettext_lazy("The post of this case has no other deputy. The head names a person.")

    def to_whom(self) -> User | None:
        return passing_on.deputy_for(self.case)

    def give(self, person: User, *, by: User, now: datetime) -> None:
        passing_on.to_deputy(self.case, person, by=by, now=now)


class GiveBack(PassOn):
    verb = "give_back"
    intro = gettext_lazy("The holder of the post is back and goes on with the case.")
    nobody = gettext_lazy("No deputy holds this case for somebody else.")

    def to_whom(self) -> User | None:
        return passing_on.holder_for(self.case)

    def give(self, person: User, *, by: User, now: datetime) -> None:
        passing_on.give_back(self.case, person, by=by, now=now)


class AddNote(ActForm):
    verb = "add_note"
    words = words_field(gettext_lazy("Note for colleagues"))

    def perform(self, *, by: User, now: datetime):
        """The same note sent twice (double click, reload) is one note."""
        last = self.case.events.order_by("-id").first()
        if last is not None and last.verb == self.verb and last.by_id == by.pk:
            said = persons.open_for(self.case, last.sealed, "event") or {}
            if said.get("text") == self.cleaned_data["words"]:
                return None
        return super().perform(by=by, now=now)


class NoteUpperNumber(ActForm):
    verb = "note_upper_number"
    number = PlainCharField(label=gettext_lazy("Number in the upper system"), max_length=60)

    def build(self) -> None:
        self.fields["number"].initial = self.case.upper_number


class RenewSecret(ActForm):
    verb = "renew_secret"
    intro = gettext_lazy("The old tracking code ends at once. The new one is shown once, on the next page.")


class Answer(ActForm):
    verb = "answer"
    words = words_field(gettext_lazy("What was answered"))


class PromiseCall(ActForm):
    verb = "promise_call"
    intro = gettext_lazy("Somebody calls back by the end of the next working day.")
    words = words_field(gettext_lazy("What has to be found out"), required=False)


class Anonymise(ActForm):
    verb = "anonymise"
    danger = True
    intro = gettext_lazy(
        "Applicant, words and papers of this case become unreadable for ever, here and in the history. Numbers, dates and figures stay."
    )
    typed = PlainCharField(label=gettext_lazy("Type the case number to confirm"), max_length=40)

    def clean_typed(self):
        if self.cleaned_data["typed"].strip() != self.case.number:
            raise forms.ValidationError(_("This is not the number of this case: %(number)s.") % {"number": self.case.number})
        return self.cleaned_data["typed"]

    def said(self) -> dict:
        return {}


# The forms of the road itself; every room adds its own module, with the forms it has in FORMS.
ROAD: tuple[type[ActForm], ...] = (
    TakeMaterials, TakeOwed, RefuseIntake, NotOurs, Start, Decide, Close, Withdraw, Void, Urge, Assign, HandOver, GiveBack,
    AddNote, NoteUpperNumber, RenewSecret, Answer, PromiseCall, Anonymise, Terminate,
)  # fmt: skip
ROOMS: tuple[tuple[type[ActForm], ...], ...] = (
    ROAD,
    documents.FORMS,
    public_notice.FORMS,
    joint.FORMS,
    steps.FORMS,
    particulars.FORMS,
    county.FORMS,
    parties.FORMS,
    demands.FORMS,
    custody.FORMS,
    supplement.FORMS,
    mediation.FORMS,
    clock_rows.FORMS,
    village.FORMS,
    archive.FORMS,
    judged.FORMS,
)
ACTS: dict[str, type[ActForm]] = {form.verb.replace("_", "-"): form for room in ROOMS for form in room}
