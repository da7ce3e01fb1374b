"""What the page of a case shows: its timeline, what may be done now and what not, the lines to copy into the upper system.

Everything is text that was prepared here, so that the template asks no question of its own.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.models import User
from requests import extending, lifecycle, own_limits, parties, persons, special, verbs
from requests.county import verbs as carrying
from requests.demands import facts as demand_facts
from requests.demands import mediation
from requests.lifecycle import TRANSITIONS
from requests.materials import Line, told_once
from requests.models import Event, MaterialReceipt, Party, ServiceRequest, SupplementNotice, Task, WrittenPromise
from requests.permissions import tasks_of
from requests.persons import Person
from requests.procedures import procedures_of
from requests.public_notice import standing
from requests.reasons import say_amount, say_date, say_moment, say_span
from requests.refusing import Cause
from requests.supplement import offers
from requests.supplement.promises import may_all_come_later

S = ServiceRequest.Status
State = MaterialReceipt.State
MEDIATED = ServiceRequest.Kind.MEDIATION

# The order of the buttons; the first possible one of NEXT is the button of the page.
ORDER = (
    "dispatch", "solve_on_the_spot",
    "sign_for", "first_contact", "co_answer", "answer_demand", "close_demand", "rework", "keep_following", "extend_demand",
    "return_demand", "designate", "show_the_way",
    "note_consent", "name_mediator", "reach_agreement", "note_performance", "fail_mediation", "tell_police", "refuse_mediation",
    "arrive", "accept", "start", "confirm_start", "begin_public_notice", "note_posted", "settle_objection", "end_public_notice",
    "finish_task", "begin_task", "skip_task",
    "forward", "hand_to_window",
    "decide", "close", "bring_result",
    "answer", "promise_call", "approve_second_notice", "refuse_second_notice", "take_materials", "ask_materials",
    "correct_notice", "acknowledge_notice", "ask_again", "verify_promise", "reply_to_fault",
    "begin_procedure", "end_procedure", "ask_extension", "extend", "remove_extension", "make_promised",
    "add_note", "log_objection", "assign",
    "give_task",
    "hand_over", "give_back",
    "note_household", "note_authorisation", "note_in_person", "note_relatives", "add_party", "change_party", "remove_party",
    "print_authorisation",
    "return_original", "send_original", "original_back",
    "note_upper_number", "renew_secret", "correct", "change_item", "not_ours", "refuse_intake",
    "withdraw", "terminate", "void", "anonymise",
)  # fmt: skip
NEXT = {
    S.AT_VILLAGE: ("arrive",),
    S.RECEIVED: ("accept", "ask_materials", "answer", "dispatch", "note_consent"),
    S.DISPATCHED: ("sign_for",),
    S.FOLLOWING: ("answer_demand",),
    S.AWAITING_MATERIALS: ("take_materials",),
    S.ACCEPTED: ("confirm_start", "start", "first_contact", "answer_demand", "name_mediator"),
    S.IN_HAND: ("decide", "answer", "answer_demand", "reach_agreement"),
    S.DECIDED: ("return_original", "close", "close_demand", "note_performance"),
}
# Offered in the panel of their room, beside what they are about, and not among the steps of the case.
IN_PANELS = frozenset({
    "plan_visit", "record_visit",
    "note_county_receipt", "note_county_result", "county_returns", "urge_county", "note_urge_answer", "take_over",
    "issue_decision", "issue_closing", "issue_on_the_spot", "issue_delivery", "note_delivery", "use_seal", "void_document",
    "entrust", "suspend_mandate", "resume_mandate", "end_mandate",
})  # fmt: skip
# Behind the road, in the order of the page: what belongs to the same thing stands together.
GROUPS: tuple[tuple[Any, frozenset[str]], ...] = (
    (gettext_lazy("The clock"), frozenset({
        "begin_procedure", "end_procedure", "ask_extension", "extend", "remove_extension", "make_promised", "confirm_start",
    })),
    (gettext_lazy("Lists of missing materials"), frozenset({
        "correct_notice", "acknowledge_notice", "ask_again", "verify_promise", "reply_to_fault",
    })),
    (gettext_lazy("People in the case"), frozenset({
        "note_household", "note_authorisation", "note_in_person", "note_relatives", "add_party", "change_party", "remove_party",
        "print_authorisation", "correct",
    })),
    (gettext_lazy("Public notice"), frozenset({
        "begin_public_notice", "note_posted", "log_objection", "settle_objection", "end_public_notice",
    })),
    (gettext_lazy("Tasks of other offices"), frozenset({"begin_task", "skip_task", "give_task"})),
    (gettext_lazy("Originals"), frozenset({"return_original", "send_original", "original_back"})),
    (gettext_lazy("Who works on it"), frozenset({"assign", "hand_over", "give_back"})),
    (gettext_lazy("Number and code"), frozenset({"note_upper_number", "renew_secret"})),
    (gettext_lazy("Other endings"), frozenset({
        "change_item", "not_ours", "refuse_intake", "withdraw", "terminate", "void", "anonymise", "refuse_mediation", "fail_mediation",
        "show_the_way", "return_demand",
    })),
)  # fmt: skip
_GROUP_OF = frozenset(name for _label, names in GROUPS for name in names)
# A verb of tasks is offered while there is a task it could be about.
TASK_VERBS = {
    "begin_task": (Task.Status.WAITING,), "skip_task": Task.UNSETTLED, "finish_task": (Task.Status.OPEN,),
    "give_task": (Task.Status.OPEN,),
}  # fmt: skip
OF_PEOPLE = frozenset({
    "note_household", "note_authorisation", "note_in_person", "note_relatives", "change_party", "remove_party", "print_authorisation",
})  # fmt: skip
BY_BUTTON = frozenset({"start", "sign_for"})
DANGER = frozenset({
    "fail_mediation", "refuse_mediation", "show_the_way", "return_demand", "rework", "refuse_intake", "withdraw", "terminate", "void",
    "anonymise",
})  # fmt: skip


def moment(at: datetime | None) -> str:
    return say_moment(timezone.localtime(at)) if at else ""


# -- what may be done -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Action:
    """A verb the reader may do now."""

    name: str
    label: str
    url: str
    is_next: bool = False
    at_once: bool = False
    danger: bool = False


@dataclass
class Greyed:
    """Verbs that are not possible, together under their common reason."""

    reason: str
    labels: list[str] = field(default_factory=list)


@dataclass
class Moves:
    possible: list[Action]
    greyed: list[Greyed]

    @property
    def at_hand(self) -> list[Action]:
        """The road of the case: buttons."""
        return [action for action in self.possible if action.is_next or action.name not in _GROUP_OF]

    @property
    def further(self) -> list[tuple[str, list[Action]]]:
        """What is rarely meant, under the heading of what it is about."""
        found = [(str(label), [one for one in self.possible if one.name in names and not one.is_next]) for label, names in GROUPS]
        return [(label, actions) for label, actions in found if actions]


def moves(case: ServiceRequest, user: User, lines: list[Line], now: datetime) -> Moves:
    """Every verb of this kind of case, possible or greyed with its reason. What nobody could mean is left out."""
    refused = lifecycle.may(case, user)
    noticed = standing.of(case)
    people = persons.parties_of(case) if case.has_checklist else []
    pointless, not_now = offers.of(case, user, lines, now)
    possible, greyed = [], {}
    for name in ORDER:
        if name not in refused or name in IN_PANELS or name in pointless or noticed.is_pointless(name):
            continue
        if _is_pointless(name, case, lines, people):
            continue
        label = str(TRANSITIONS[case.kind][name].label)
        reason = refused[name] or not_now.get(name, "") or not_yet(name, lines)
        reason = reason or noticed.not_yet(name) or _not_yet_of_people(name, case)
        if reason:
            greyed.setdefault(reason, Greyed(reason)).labels.append(label)
        else:
            url = f"{case.get_absolute_url()}{name.replace('_', '-')}/"
            possible.append(Action(name, label, url, False, name in BY_BUTTON, name in DANGER))
    lacking = [verb for verb, _sentence in parties.lacking_for_acceptance(case)] if case.status in lifecycle.UNACCEPTED else []
    following = NEXT.get(case.status, ())
    return Moves(_with_the_next_first(possible, (*lacking, *following)), list(greyed.values()))


def _is_pointless(name: str, case: ServiceRequest, lines: list[Line], people: list[Party]) -> bool:
    if name == "arrive":
        return case.status != S.AT_VILLAGE
    if name == "bring_result":
        return case.village_received_at is None and case.channel != ServiceRequest.Channel.VILLAGE
    if name == "hand_over":
        return verbs.deputy_for(case) is None
    if name == "give_back":
        return verbs.holder_for(case) is None
    if name in TASK_VERBS:
        return not any(task.status in TASK_VERBS[name] for task in tasks_of(case))
    if name == "forward":
        return case.county_since is not None or not carrying.may_be_carried(case)
    if name == "hand_to_window":
        return not carrying.is_stationed(case)
    if name == "return_original":
        return not _held(lines, is_away=False)
    if name in ("send_original", "original_back"):
        return not _held(lines, is_away=name == "original_back")
    if name in OF_PEOPLE:
        return not parties.means_something(name, case, people)
    if name in OF_THE_CLOCK:
        return not OF_THE_CLOCK[name](case)
    return name in ("take_materials", "ask_materials") and not lines


# Verbs of the clock that only some cases have any use for: whether this one has.
OF_THE_CLOCK: dict[str, Callable[[ServiceRequest], bool]] = {
    "begin_procedure": lambda case: case.edition_id is not None and bool(procedures_of(case.edition)),
    "end_procedure": lambda case: bool(special.running(case)),
    "ask_extension": lambda case: case.edition_id is not None and bool(extending.choices_of(case)),
    "extend": lambda case: case.edition_id is not None and bool(extending.choices_of(case)),
    "remove_extension": lambda case: bool(extending.granted(case)),
    "make_promised": own_limits.is_done_at_once,
    "confirm_start": own_limits.awaits_confirmation,
}


def not_yet(name: str, lines: list[Line]) -> str:
    """What the verb itself would refuse because of the checklist."""
    awaited = [line for line in lines if line.is_missing]
    missing = [line.name for line in told_once(awaited)]
    if name == "accept" and missing and not may_all_come_later(awaited):
        return _("Still missing: %(what)s.") % {"what": _(", ").join(missing)}
    if name == "ask_materials" and not missing:
        return _("Nothing is missing: accept the case instead.")
    if name == "close" and _held(lines):
        return _("First give back the originals: %(what)s.") % {"what": _(", ").join(_held(lines))}
    if name == "anonymise" and _held(lines):
        return _("First give back the originals.")
    return ""


def _not_yet_of_people(name: str, case: ServiceRequest) -> str:
    """What a household has to say and sign first. What has to be done in person is refused by the verb: a refusal needs none of it."""
    return " ".join(parties.not_yet_acceptable(case)) if name == "accept" else ""


def _held(lines: list[Line], is_away: bool | None = None) -> list[str]:
    """Names of the originals held; with `is_away` only those at the county, or only those in the drawer."""
    held = (line for line in lines if line.original_held and line.state == State.IN)
    return [line.name for line in held if is_away in (None, line.is_away)]


def _with_the_next_first(possible: list[Action], names: Iterable[str]) -> list[Action]:
    offered = {action.name for action in possible}
    following = next((name for name in names if name in offered), "")
    first = [Action(a.name, a.label, a.url, True, a.at_once, a.danger) for a in possible if a.name == following]
    return first + [action for action in possible if action.name != following]


# -- what happened ----------------------------------------------------------------------------------------------


def timeline(case: ServiceRequest, events: list[Event], lines: list[Line], now: datetime) -> list[dict[str, str]]:
    """Entries for parts/timeline.html: what happened, and at the end what is to come."""
    people = _people_named(events)
    for event in events:
        event.service_request = case  # the object that has read its tasks
    entries = [_entry(case, event, lines, people) for event in events]
    if case.is_open and case.due_on:
        late = case.due_at is not None and case.due_at < now
        title = _("Due: %(what)s") % {"what": case.get_due_kind_display()}
        if case.stopped_since:
            title = _("The clock stands still. Due at the earliest: %(what)s") % {"what": case.get_due_kind_display()}
        entries.append({"title": title, "when": say_date(case.due_on), "who": "", "text": "", "state": "late" if late else "next"})
    return entries


def verb_label(case: ServiceRequest, name: str) -> str:
    move = TRANSITIONS[case.kind].get(name)
    return str(move.label) if move else str(BEGINNINGS.get(name, name))


BEGINNINGS: dict[str, str | Promise] = {"receive": gettext_lazy("Received at the desk")}


def _entry(case: ServiceRequest, event: Event, lines: list[Line], people: dict[int, str]) -> dict[str, str]:
    when = moment(event.at)
    if event.at != event.recorded_at:
        when = _("%(at)s (entered %(recorded)s)") % {"at": when, "recorded": moment(event.recorded_at)}
    parts = [*_facts(event, lines, people), *_words(case, event)]
    who = people.get(event.facts.get("changed_by")) or event.by.name
    return {"title": verb_label(case, event.verb), "when": when, "who": who, "text": " ".join(parts), "state": "done"}


def _words(case: ServiceRequest, event: Event) -> list[str]:
    if not event.sealed:
        return []
    said = persons.open_for(case, event.sealed, "event")
    if said is None:
        return [_("(The words were erased with the personal data.)")]
    told = [said.get("found"), said.get("text")]
    for key, sentence in (
        ("basis", _("Basis: %(what)s.")), ("where", _("Where to go: %(what)s")), ("rule", _("Rule: %(what)s")),
        ("measures", _("What is done: %(what)s")),
    ):  # fmt: skip
        told.append(sentence % {"what": said[key]} if said.get(key) else "")
    return [text for text in [*told, said.get("remarks")] if text]


def _facts(event: Event, lines: list[Line], people: dict[int, str]) -> list[str]:
    """Facts of an event as short sentences; a key nobody knows is not shown."""
    facts, names = event.facts, {line.key: line.name for line in lines}
    said = []
    for key, sentence in (("missing", _("Told as missing: %(what)s.")), ("still_missing", _("Still missing: %(what)s."))):
        if facts.get(key):
            said.append(sentence % {"what": _(", ").join(names.get(str(one), str(one)) for one in facts[key])})
    said += _told(facts)
    if facts.get("outcome") in ServiceRequest.Outcome.values:
        said.append(str(ServiceRequest.Outcome(facts["outcome"]).label))
    if "holder" in facts:
        said.append(
            _("From %(before)s to %(after)s.")
            % {"before": people.get(facts.get("before"), "—"), "after": people.get(facts["holder"], "—")}
        )
    if facts.get("task") or facts.get("tasks"):
        begun = {task.pk: task for task in tasks_of(event.service_request)}
        told = [begun[pk] for pk in [facts.get("task"), *facts.get("tasks", ())] if pk in begun]
        said.append(_(", ").join(f"{task}({task.office})" if task.office else str(task) for task in told))
    if isinstance(facts.get("materials"), list):
        said.append(_(", ").join(names[str(one)] for one in facts["materials"] if str(one) in names))
    said += _of_the_clock(facts)
    if facts.get("material"):
        said.append(names.get(str(facts["material"]), ""))
    said += [str(facts[key]) for key in ("to", "number") if facts.get(key)]
    said += _noticed(event)
    if facts.get("document"):
        said.append(str(facts["document"]))
    said += demand_facts.said_of(event)
    if facts.get("slip"):
        said.append(_("Paper slip %(number)s.") % {"number": facts["slip"]})
    if facts.get("item_before"):
        said.append(f"{facts['item_before']} → {facts.get('item', '')}")
    return [text for text in said if text]


def _noticed(event: Event) -> list[str]:
    """Facts of a public notice: its number, its days, what became of objections."""
    facts = event.facts
    said = [str(facts["notice"])] if facts.get("notice") else []
    if facts.get("first_on") and facts.get("last_on"):
        said.append(say_span(date.fromisoformat(facts["first_on"]), date.fromisoformat(facts["last_on"])))
    if "upheld" in facts:
        said.append(_("Upheld.") if facts["upheld"] else _("Not upheld."))
    if event.verb == "end_public_notice":
        said.append(_("Objections: %(n)s, none upheld.") % {"n": facts["objections"]} if facts.get("objections") else _("No objection."))
    return said


def _told(facts: dict[str, Any]) -> list[str]:
    """Of lists, promises and days that passed: the cause, the last day, the day that counts."""
    said = []
    if facts.get("cause") in SupplementNotice.Cause.values:
        said.append(str(SupplementNotice.Cause(facts["cause"]).label))
    for key, sentence in (
        ("answer_by", _("To be brought by %(on)s.")),
        ("accepted_on", _("Accepted as of %(on)s.")),
        ("check_due_on", _("The answer was due on %(on)s.")),
    ):
        if facts.get(key):
            said.append(sentence % {"on": say_date(date.fromisoformat(facts[key]))})
    if facts.get("verified") in WrittenPromise.Verified.values:
        said.append(str(WrittenPromise.Verified(facts["verified"]).label))
    return said


CLOCK_FACTS: tuple[tuple[str, str | Promise], ...] = (
    ("approving_body", gettext_lazy("Approved by %(what)s.")),
    ("approval_number", gettext_lazy("Letter %(what)s.")),
    ("decided_by", gettext_lazy("Decided by %(what)s.")),
    ("their_number", gettext_lazy("Their paper: %(what)s.")),
    ("their_on", gettext_lazy("Of %(what)s.")),
    ("ended_on", gettext_lazy("Over since %(what)s.")),
    ("confirmed_on", gettext_lazy("Confirmed on %(what)s.")),
    ("document", gettext_lazy("Told in writing: %(what)s.")),
    ("written_by", gettext_lazy("The paper is written by %(what)s.")),
)


def _of_the_clock(facts: dict[str, Any]) -> list[str]:
    """What a special procedure, an extension, a refusal or a new calendar says about the dates."""
    said = []
    if facts.get("procedure"):
        amount = say_amount(facts["value"], facts["unit"]) if facts.get("value") and facts.get("unit") else ""
        said.append(_("%(what)s.") % {"what": " · ".join(part for part in (str(facts["procedure"]), amount) if part)})
    elif facts.get("value") and facts.get("unit"):
        said.append(_("%(what)s.") % {"what": say_amount(facts["value"], facts["unit"])})
    if "stops" in facts:
        said.append(_("The clock stands still.") if facts["stops"] else _("The clock runs on."))
    if facts.get("beyond"):
        said.append(_("Beyond the usual ceiling; the head agreed."))
    if facts.get("not_at_once") in own_limits.Why.values:
        said.append(_("%(what)s.") % {"what": own_limits.Why(facts["not_at_once"]).label})
    if facts.get("ended_because") in Cause.values:
        said.append(_("%(what)s.") % {"what": Cause(facts["ended_because"]).label})
    if facts.get("calendar"):
        said.append(_("The calendar was changed: %(what)s.") % {"what": facts["calendar"]})
    if facts.get("nightly"):
        said.append(_("The nightly check found it."))
    for key, sentence in CLOCK_FACTS:
        if facts.get(key):
            said.append(str(sentence) % {"what": _day(facts[key]) if key.endswith("_on") else facts[key]})
    if facts.get("due_after") and facts.get("due_after") != facts.get("due_before"):
        before = _day(facts["due_before"]) if facts.get("due_before") else "—"
        said.append(_("Due date: %(before)s → %(after)s.") % {"before": before, "after": _day(facts["due_after"])})
    return said


def _day(text: str) -> str:
    return say_date(date.fromisoformat(text))


def _people_named(events: list[Event]) -> dict[int, str]:
    """Names of the people whom facts name by id, in one query; none when nobody is named."""
    ids = {event.facts[key] for event in events for key in ("before", "holder", "changed_by") if isinstance(event.facts.get(key), int)}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


# -- the copy for the upper system ------------------------------------------------------------------------------


def copy_out(case: ServiceRequest, person: dict[str, Any], lines: list[Line]) -> list[tuple[str, str]]:
    """Label and value in the order of the upper system (GB/T 39046—2020 表5 onwards: 申请、受理、办理、办结)."""
    edition = case.edition
    rows = [
        (_("Case number"), case.number),
        (_("Item code"), case.item.code if case.item_id else ""),
        (_("Item"), edition.name if edition else str(case.get_kind_display())),
        (_("Kind of handling"), str(edition.get_handling_display()) if edition else ""),
        (_("Applicant"), person["name"]),
        (_("Identity"), person.get("id_type", "")),
        (_("Identity number"), person["id_number"]),
        (_("Phone"), person["phone"]),
        (_("Representative"), person.get("representative", "")),
        (_("Address"), person.get("address", "")),
        (_("Village"), person["village"]),
        (_("Came by"), str(case.get_channel_display())),
        (_("Time of application"), plain_time(case.submitted_at or case.received_at)),
        (_("Materials received"), _(", ").join(line.name for line in lines if line.state == State.IN)),
        (_("Accepting office"), case.intake_office.name if case.accepted_at else ""),
        (_("Accepted by"), case.accepted_by.name if case.accepted_by_id else ""),
        (_("Time of acceptance"), plain_time(case.accepted_at)),
        (_("Promised date"), case.promised_on.isoformat() if case.promised_on else ""),
        (_("Handling office"), case.office.name),
        (_("Official"), case.holder.name if case.holder_id else ""),
        (_("Time of decision"), plain_time(case.decided_at)),
        (_("Outcome"), str(case.get_outcome_display()) if case.outcome else ""),
    ]
    return [(label, str(value)) for label, value in rows if value]


def plain_time(at: datetime | None) -> str:
    """2026-11-24 15:04, as forms of other systems take it."""
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""


def others_in_full(case: ServiceRequest) -> list[tuple[str, str]]:
    """Everybody else in the case as the reveal page shows them: (role, name · relation · number · phone)."""
    found = [(party, persons.opened(case, party)) for party in persons.parties_of(case) if party.role not in Party.IN_PLACE]
    return [
        (str(party.get_role_display()), " · ".join(filter(None, (one.name, one.relation, one.id_number, one.phone))))
        for party, one in found
    ]


def in_full(case: ServiceRequest, person: Person) -> dict[str, str]:
    """The applicant as the reveal page shows it."""
    came = person.representative
    return {
        "name": person.name,
        "phone": person.phone,
        "id_number": person.id_number,
        "id_type": person.id_type,
        "address": person.address,
        "village": str(case.village or ""),
        "other_party": " · ".join(mediation.other_party(case, in_full=True).values()) if case.kind == MEDIATED else "",
        "representative": " · ".join(str(came[key]) for key in ("name", "relation", "id_number", "phone") if came.get(key)),
    }


def offered(case: ServiceRequest, user: User, *names: str) -> list[Action]:
    """Those of these verbs that this person may do now, for the panel of a room."""
    labels = {name: lifecycle.TRANSITIONS[case.kind].get(name) for name in names}
    return [
        Action(name, str(move.label), f"{case.get_absolute_url()}{name.replace('_', '-')}/")
        for name, move in labels.items()
        if move is not None and not lifecycle.refusal(name, case, user)
    ]
