"""The one dense page of the window: person, checklist, channel, and from a paper slip the true time."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, needed_for
from requests import particulars
from requests.ages import is_of_guardian
from requests.forms import particulars as fields
from requests.forms.person import PersonFields
from requests.forms.representative import RepresentativeFields
from requests.guardians import ALONE, Age
from requests.intake import AUTHORITY_LINE, Handed
from requests.item_needs import comes_afterwards, hangs_in_village, is_applicants_card, may_hold_original, needs_id, takes_mail
from requests.models import Applicant, MaterialReceipt, ServiceRequest, Slip
from requests.parties import OpenElsewhere
from requests.persons import Person
from requests.reasons import say_moment
from requests.taking_in import Then
from services.models import Edition, Material

State = MaterialReceipt.State
Channel = ServiceRequest.Channel
AWAITED = Applicant.AWAITED
CHANNELS = [(c.value, c.label) for c in Channel if c != Channel.ONLINE]
NOON, OLDEST_MAIL = time(12), timedelta(days=31)
OUTCOMES = [("", gettext_lazy("choose")), *((o.value, o.label) for o in ServiceRequest.DECISIONS)]
TICKS = [
    (State.IN.value, gettext_lazy("handed in")),
    (State.MISSING.value, gettext_lazy("missing")),
    (State.NOT_NEEDED.value, gettext_lazy("not needed")),
]
# 先行救助后补办手续: it cannot be left out, only come later.
AFTERWARDS = [(State.IN.value, gettext_lazy("handed in")), (State.MISSING.value, gettext_lazy("follows after the help"))]


@dataclass
class MaterialLine:
    """One line of the checklist on the page. `tick` is None where we look it up ourselves."""

    material: Material
    tick: BoundField | None
    held: BoundField | None
    seen_in: str = ""  # number of the case of this visit for which it was already handed in

    @property
    def facts(self) -> str:
        """How many, and what becomes of them."""
        material, told = self.material, []
        if material.original_count:
            told.append(_("originals: %(n)s") % {"n": material.original_count})
        if material.copy_count:
            told.append(_("copies: %(n)s") % {"n": material.copy_count})
        told += [str(Material.Custody(code).label) for code in material.custody if code in Material.Custody.values]
        if material.may_come_later:
            told.append(_("may follow after acceptance, on a written promise (容缺)"))
        return " · ".join(told)


class IntakeForm(PersonFields, RepresentativeFields):
    """Bound to one edition. `known` is the person of the visit: then nothing about the person is asked again."""

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    edition = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62)
    everything = forms.BooleanField(label=gettext_lazy("Everything listed is here"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=CHANNELS, initial=Channel.WINDOW)
    signed_on = forms.DateField(
        label=gettext_lazy("Signed for on (registered mail)"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False, help_text=gettext_lazy("The application counts as received on this day. Empty: today."),
    )  # fmt: skip
    received_on = forms.DateField(label=gettext_lazy("Date on the slip"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    received_time = forms.TimeField(label=gettext_lazy("Time on the slip"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    no_village = forms.BooleanField(label=gettext_lazy("belongs to no village or community here"), required=False)
    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), choices=OUTCOMES, required=False)
    another_because = PlainCharField(label=gettext_lazy("It is another matter, because"), max_length=200, required=False)
    other_name_because = PlainCharField(
        label=gettext_lazy("Name and number are both right, because"), max_length=200, required=False,
        help_text=gettext_lazy("For example: renamed, the former name was read in the household register."),
    )  # fmt: skip
    too_young_because = PlainCharField(
        label=gettext_lazy("It is taken in before that age, because"), max_length=200, required=False,
        help_text=gettext_lazy("For example: the notice lets people apply in the month before the birthday."),
    )  # fmt: skip
    acts_alone = forms.BooleanField(
        label=gettext_lazy("The applicant is 16 or 17 and lives mainly on the own work (Civil Code, 18): no guardian is needed"),
        required=False,
    )
    out_of_season = forms.BooleanField(
        label=gettext_lazy("The notice of this year lets it be taken in now (late applications, new entries)"),
        error_messages={"required": gettext_lazy("Outside its days nothing is taken in, unless the notice of this year allows it.")},
    )
    words = PlainCharField(
        label=gettext_lazy("Note"), max_length=400, multiline=True, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    CONFIRMING = ("other_name_because", "another_because", "too_young_because")  # on the page only when there is something to confirm
    field_order = (
        "form_token", "edition", "everything", *PersonFields.PERSON_FIELDS, "no_village", *CONFIRMING,
        *RepresentativeFields.REPRESENTATIVE_FIELDS,
    )  # fmt: skip
    already: Sequence[OpenElsewhere] = ()
    is_other_name = False
    age: Age | None = None

    def __init__(
        self,
        *args: Any,
        materials: Iterable[Material],
        now: datetime,
        may_finish: bool,
        known: Person | None = None,
        visitor: Person | None = None,
        visitor_label: str = "",
        seen: Mapping[str, str] | None = None,
        slip: Slip | None = None,
        edition: Edition | None = None,
        is_out_of_season: bool = False,
        **options: Any,
    ) -> None:
        self.materials = list(materials)
        self.now, self.known, self.slip, self.seen, self.about = now, known, slip, dict(seen or {}), edition
        super().__init__(*args, needs_id=needs_id(self.materials), **options)
        self.set_up_representative(today=self.today, demo=self.demo, visitor=visitor, visitor_label=visitor_label, edition=edition)
        hangs = edition is not None and hangs_in_village(edition)
        self._leave_out_what_is_known(hangs)
        if "village" not in self.fields or not hangs:
            self.leave_out("no_village")
        else:
            self.fields["village"].empty_label = _("choose")
            needed_for(self.fields["village"], _("(needed: it is posted in the village)"))
        if slip is None:
            self.leave_out("received_on", "received_time")
        if slip is not None or edition is None or not takes_mail(edition):
            self.leave_out("signed_on")
        if not may_finish:
            self.leave_out("outcome")
        if slip is not None or not is_out_of_season:
            self.leave_out("out_of_season")
        # What it may be accepted without is written down later too; what is accepted at once has it all.
        self.particulars = particulars.of(edition, particulars.Stage.INTAKE)
        at_once = self.data.get("then") in (Then.ACCEPT, Then.FINISH)
        fields.add_to(self, self.particulars, required=at_once, later="" if at_once else _("(needed before it is accepted)"))
        for material in self.materials:
            self._add_line(material)
        self.fields["everything"].widget.attrs["autofocus"] = True

    def _leave_out_what_is_known(self, hangs: bool) -> None:
        if self.known is None:
            return
        keep = self.ID_FIELDS if self.known.id_state == "not_needed" else ()
        keep += ("village",) if hangs and not self.known.village_id else ()
        self.leave_out(*(name for name in self.PERSON_FIELDS if name not in keep), *self.REPRESENTATIVE_FIELDS)

    def _add_line(self, material: Material) -> None:
        if material.form == Material.Form.SHARED:
            return
        afterwards = comes_afterwards(material, self.about)
        initial = State.NOT_NEEDED if material.is_conditional else (State.IN if material.name in self.seen else "")
        initial = State.MISSING if afterwards else initial
        self.fields[f"m_{material.pk}"] = forms.ChoiceField(
            label=material.name, choices=AFTERWARDS if afterwards else TICKS, required=False, widget=forms.RadioSelect, initial=initial
        )
        if may_hold_original(material):
            self.fields[f"held_{material.pk}"] = forms.BooleanField(label=_("original stays here, to be given back"), required=False)

    def own_fields(self) -> list[BoundField]:
        """What this item alone asks for."""
        return [self[fields.name_of(row)] for row in self.particulars]

    def own_words(self) -> dict[str, str]:
        return fields.said_in(self, self.particulars)

    def lines(self) -> list[MaterialLine]:
        """The checklist for the template."""
        return [
            MaterialLine(
                material,
                self[f"m_{material.pk}"] if f"m_{material.pk}" in self.fields else None,
                self[f"held_{material.pk}"] if f"held_{material.pk}" in self.fields else None,
                self.seen.get(material.name, ""),
            )
            for material in self.materials
        ]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "rep_name" in self.fields:
            self.clean_representative(data)
        if self.slip is not None and data.get("received_on") and data.get("received_time"):
            self._clean_received_at(data)
        if data.get("signed_on"):
            self._clean_signed_on(data)
        if "no_village" in self.fields and "village" not in self.errors:
            self._clean_village(data)
        return data

    def _clean_village(self, data: dict[str, Any]) -> None:
        """Found out at the notice, a missing village costs the person another way."""
        if data.get("village") and data.get("no_village"):
            self.add_error("no_village", _("You chose a village and also ticked that there is none. Take one of them out."))
        elif not data.get("village") and not data.get("no_village"):
            self.add_error("village", _("This item is posted in the village: choose it, or tick that the person belongs to none here."))

    def _clean_signed_on(self, data: dict[str, Any]) -> None:
        """收到申请之日 is the day somebody signed for it, whenever it is entered here."""
        day, today = data["signed_on"], timezone.localdate(self.now)
        if data.get("channel") != Channel.MAIL:
            self.add_error("signed_on", _("Only what came by registered mail was signed for. Empty it, or choose that channel."))
        elif not today - OLDEST_MAIL <= day <= today:
            self.add_error("signed_on", _("The day of the signature is not in the future and not longer ago than a month."))
        elif day < today:
            data["received_at"] = timezone.make_aware(datetime.combine(day, NOON))

    def _clean_received_at(self, data: dict[str, Any]) -> None:
        at = timezone.make_aware(datetime.combine(data["received_on"], data["received_time"]))
        data["received_at"] = at
        if at > self.now:
            self.add_error("received_time", _("The time of receipt lies in the future."))
        elif at < self.slip.printed_at.replace(second=0, microsecond=0):
            printed = timezone.localtime(self.slip.printed_at)
            is_of_the_day = timezone.localdate(at) == printed.date()
            sentence = _("The slip was only printed on %(day)s. Compare the date with the slip.") % {"day": say_moment(printed)}
            self.add_error("received_time" if is_of_the_day else "received_on", sentence)

    @property
    def received_at(self) -> datetime | None:
        return self.cleaned_data.get("received_at")

    def who_came_so_far(self) -> Person:
        """Name and number of the representative as far as they are right."""
        return Person(name=self.cleaned_data.get("rep_name", ""), id_number=self.cleaned_data.get("rep_id_number", ""))

    def ask_about(
        self, already: Sequence[OpenElsewhere], *, is_other_name: bool, is_other_name_of_who_came: bool = False
    ) -> None:
        """What is known of this person by now: the clerk goes to the open case, or says why this is logged all the same."""
        self.already, self.is_other_name = already, is_other_name or is_other_name_of_who_came
        for name in self.CONFIRMING:
            self.fields[name].required = True  # as the label says it
        if self.is_other_name and not self.cleaned_data.get("other_name_because") and "other_name_because" not in self.errors:
            told = _("This number stands under another name here. Compare name and number with the card.")
            if is_other_name:
                self.add_error("id_number" if "id_number" in self.fields else None, told)
            if is_other_name_of_who_came:
                self.add_error("rep_id_number", told)
            self.add_error("other_name_because", _("Put name or number right, or say why both are."))
        if already and not self.cleaned_data.get("another_because") and "another_because" not in self.errors:
            self.add_error("another_because", _("Go on with the open case, or say why this is another matter."))

    def ask_about_age(self, age: Age | None) -> None:
        """Too young for the item: asked back with the reason, not refused. A minor: the guardian's papers are not "not needed"."""
        self.age = age
        if age is None:
            return
        if age.is_too_young and not self.cleaned_data.get("too_young_because") and "too_young_because" not in self.errors:
            self.add_error("id_number" if "id_number" in self.fields else None, age.too_young_words)
            self.add_error("too_young_because", _("Put the number right, or say why it is taken in before that age."))
        if age.is_minor and not self.cleaned_data.get("acts_alone"):
            told = _("The applicant is under 18, so this is needed: say whether it is here or missing.")
            for material in self.materials:
                name = f"m_{material.pk}"
                if is_of_guardian(material) and self.cleaned_data.get(name, "") in ("", State.NOT_NEEDED) and name in self.fields:
                    self.add_error(name, told)

    def may_act_alone(self) -> bool:
        """16 or 17 by the number, and nobody acts for them: the page then offers what the law says of who lives on the own work."""
        return self.age is not None and self.age.may_act_alone

    def confirmed(self) -> dict[str, str]:
        """The reasons given, of what had to be confirmed."""
        data = self.cleaned_data
        said = {"another": data.get("another_because", "") if self.already else ""}
        said["other_name"] = data.get("other_name_because", "") if self.is_other_name else ""
        said["too_young"] = data.get("too_young_because", "") if self.age is not None and self.age.is_too_young else ""
        said[ALONE] = _("lives on the own work") if self.may_act_alone() and data.get("acts_alone") else ""
        return {key: text for key, text in said.items() if text}

    def person_so_far(self) -> Person:
        """Who it is as far as what was typed is right; for looking up, before the whole form is."""
        data = self.cleaned_data
        typed = {name: data.get(name, "") for name in ("name", "id_number", "phone", "id_type", "id_state")}
        if self.known is None:
            return Person(**typed)
        if not typed["id_number"]:
            return self.known
        return replace(self.known, id_number=typed["id_number"], id_type=typed["id_type"])

    def whole_person(self) -> Person:
        """The person of the visit where known, with the identity that only this item asks for; else as typed."""
        if self.known is None:
            return self.person(self.representative())
        data = self.cleaned_data
        known = replace(self.known, village_id=data["village"].pk) if data.get("village") else self.known
        if "id_number" not in self.fields:
            return known
        number = data.get("id_number", "")
        typed = {"id_number": number, "id_type": (data.get("id_type") or "id_card") if number else "", "id_state": self.identity_state()}
        return replace(known, **typed)

    def handed(self, person: Person) -> dict[int | str, Handed]:
        """What was ticked. "Everything is here" covers the lines that are always needed and were left open."""
        data, found = self.cleaned_data, {}
        for material in self.materials:
            if material.form == Material.Form.SHARED:
                found[material.pk] = Handed(State.SHARED)
                continue
            state = data.get(f"m_{material.pk}", "")
            if not state and data["everything"] and material.is_conditional:
                state = State.MISSING if comes_afterwards(material, self.about) else State.NOT_NEEDED
            elif not state and data["everything"]:
                # The card that was forgotten is the one thing that cannot be here.
                state = State.MISSING if person.id_state in AWAITED and is_applicants_card(material) else State.IN
            if state:
                found[material.pk] = Handed(state, bool(data.get(f"held_{material.pk}")))
        authority = self._authority(person)
        if authority is not None:
            found[AUTHORITY_LINE] = authority
        return found

    def _authority(self, person: Person) -> Handed | None:
        if self.known is None:
            return self.authority_handed()
        if not person.representative:
            return None
        basis = person.representative.get("basis", "")
        return Handed({"in": State.IN, "missing": State.MISSING}.get(basis, State.NOT_NEEDED))

    @staticmethod
    def new_token() -> str:
        """One for each page that is opened: the same page sent twice makes one case."""
        return uuid.uuid4().hex

