"""What happened to a case, line by line, and what is to come: text prepared here, so that the template asks no question of its own."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.models import Office, User
from requests import own_limits, persons
from requests.case_file import moment
from requests.demands import facts as demand_facts
from requests.lifecycle import TRANSITIONS
from requests.materials import Line, name_of_line
from requests.models import Delivery, Event, ServiceRequest, SupplementNotice, VillageNotice, WrittenPromise
from requests.permissions import tasks_of
from requests.reasons import say_amount, say_date, say_span
from requests.refusing import Cause, outcome_word


def timeline(case: ServiceRequest, events: list[Event], lines: list[Line], now: datetime) -> list[dict[str, str]]:
    """Entries for parts/timeline.html: what happened, and at the end what is to come."""
    people, offices = _people_named(events), _offices_named(case, events)
    for event in events:
        event.service_request = case  # the object that has read its tasks
    entries = [_entry(case, event, lines, people, offices) for event in events]
    if case.is_open and case.due_on:
        late = case.due_at is not None and case.due_at < now
        title = _("Due: %(what)s") % {"what": case.due_words}
        if case.stopped_since:
            title = _("The clock stands still. Due at the earliest: %(what)s") % {"what": case.due_words}
        entries.append({"title": title, "when": say_date(case.due_on), "who": "", "text": "", "state": "late" if late else "next"})
    return entries


def verb_label(case: ServiceRequest, name: str) -> str:
    move = TRANSITIONS[case.kind].get(name)
    return str(move.label) if move else str(BEGINNINGS.get(name, name))


BEGINNINGS: dict[str, str | Promise] = {"receive": gettext_lazy("Received at the desk")}


def _entry(
    case: ServiceRequest, event: Event, lines: list[Line], people: dict[int, str], offices: dict[str, str]
) -> dict[str, str]:
    when = moment(event.at)
    if event.at != event.recorded_at:
        when = _("%(at)s (entered %(recorded)s)") % {"at": when, "recorded": moment(event.recorded_at)}
    parts = [*_facts(event, lines, people, offices), *_words(case, event)]
    who = people.get(event.facts.get("changed_by")) or event.by.name
    title = _("Handed over to the third person at the post") if event.facts.get("third") else verb_label(case, event.verb)
    if event.verb in ("urge", "urge_holder", "urge_task") and date.fromisoformat(event.facts["urged_for"]) < timezone.localdate(event.at):
        title = _("Urged: the date is over (催办)")
    return {"title": title, "when": when, "who": who, "text": " ".join(parts), "state": "done"}


def _words(case: ServiceRequest, event: Event) -> list[str]:
    if not event.sealed:
        return []
    said = persons.open_for(case, event.sealed, "event")
    if said is None:
        return [_("(The words were erased with the personal data.)")]
    told = [said.get("found"), said.get("text")]
    for key, sentence in (
        ("basis", _("Basis: %(what)s.")), ("where", _("Where to go: %(what)s")), ("rule", _("Rule: %(what)s")),
        ("measures", _("What is done: %(what)s")), ("another", _("Another matter than the open case, because: %(what)s")),
        ("other_name", _("The number stood under another name; it is right, because: %(what)s")),
        ("too_young", _("Taken in before the age of the item, because: %(what)s")), ("acts_alone", _("No guardian is needed: %(what)s")),
        ("who", _("Who took part: %(what)s")), ("paid", _("Granted: %(what)s.")),
        ("receiver", _("Signed for by: %(what)s")),
    ):  # fmt: skip
        told.append(sentence % {"what": said[key]} if said.get(key) else "")
    return [text for text in [*told, said.get("remarks")] if text]


def _facts(event: Event, lines: list[Line], people: dict[int, str], offices: dict[str, str]) -> list[str]:
    """Facts of an event as short sentences; a key nobody knows is not shown."""
    facts, names = event.facts, {line.key: line.name for line in lines}
    said = []
    for key, sentence in (("missing", _("Told as missing: %(what)s.")), ("still_missing", _("Still missing: %(what)s."))):
        if facts.get(key):
            said.append(sentence % {"what": _(", ").join(names.get(str(one), name_of_line(str(one))) for one in facts[key])})
    said += _told(event)
    if facts.get("outcome") in ServiceRequest.Outcome.values:
        said.append(outcome_word(event.service_request.edition, facts["outcome"]))
    if facts.get("died_on"):
        said.append(_("Date of death: %(date)s.") % {"date": say_date(date.fromisoformat(facts["died_on"]))})
    if event.verb == "dispatch" and event.service_request.kind == ServiceRequest.Kind.ORDER:
        # 交办单: nobody had it before; whoever is written down as that is only the window it was numbered at.
        said.append(_("Issued by %(by)s to %(after)s.") % {"by": event.by.name, "after": people.get(facts.get("holder"), "—")})
    elif "holder" in facts:
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
    said += [*_of_a_step(facts), *_delivered(facts)]
    if facts.get("material"):
        said.append(names.get(str(facts["material"]), ""))
    said += [str(facts[key]) for key in ("to", "number") if facts.get(key)]
    said += _noticed(event)
    if isinstance(facts.get("document"), str) and not facts.keys() & TOLD_IN_WRITING:
        said.append(str(facts["document"]))
    said += demand_facts.said_of(event, offices)
    said += _of_the_volume(facts, people)
    said += _of_the_receipt(facts)
    if facts.get("item_before"):
        said.append(f"{facts['item_before']} → {facts.get('item', '')}")
    return [text for text in said if text]


def _of_the_receipt(facts: dict[str, Any]) -> list[str]:
    """How it came: on which paper slip, or outside the days of its batch."""
    slip = [_("Paper slip %(number)s.") % {"number": facts["slip"]}] if facts.get("slip") else []
    return slip + ([_("Taken in outside the days of its batch: the notice of this year allows it.")] if facts.get("out_of_season") else [])


def _of_a_step(facts: dict[str, Any]) -> list[str]:
    """Which ordinary step of the item was written down, and of which day."""
    if not facts.get("step_title"):
        return []
    left_out = [_("not needed here")] if facts.get("left_out") else []
    return [" · ".join([f"{facts['step_title']}{_(': ')}{_day(facts['on'])}", *left_out])]


def _delivered(facts: dict[str, Any]) -> list[str]:
    return [str(Delivery.Manner(facts["manner"]).label)] if facts.get("manner") in Delivery.Manner.values else []


def _noticed(event: Event) -> list[str]:
    """Facts of a public notice: its number, its days, what became of objections."""
    facts = event.facts
    # Of a list of missing materials the fact is the row and not a number anybody knows.
    said = [facts["notice"]] if isinstance(facts.get("notice"), str) else []
    if facts.get("first_on") and facts.get("last_on"):
        said.append(say_span(date.fromisoformat(facts["first_on"]), date.fromisoformat(facts["last_on"])))
    if facts.get("village_outcome") in VillageNotice.Outcome.values:
        said.append(str(VillageNotice.Outcome(facts["village_outcome"]).label))
    if facts.get("proposes_refusal"):
        said.append(_("Proposed: to refuse it."))
    if "upheld" in facts:
        said.append(_("Upheld.") if facts["upheld"] else _("Not upheld."))
    if event.verb == "end_public_notice":
        said.append(_("Objections: %(n)s, none upheld.") % {"n": facts["objections"]} if facts.get("objections") else _("No objection."))
    return said


def _of_the_volume(facts: dict[str, Any], people: dict[int, str]) -> list[str]:
    """Of a volume (its number is said like every other one): its box, who borrowed it until when, whether it is whole."""
    said = [_("Box %(number)s.") % {"number": facts["box"]}] if facts.get("box") else []
    if facts.get("borrower"):
        said.append(_("Borrower: %(name)s.") % {"name": people.get(facts["borrower"], "—")})
    if facts.get("back_by"):
        said.append(_("Back by %(on)s.") % {"on": _day(facts["back_by"])})
    if facts.get("is_incomplete"):
        said.append(_("Something is missing."))
    if "is_whole" in facts:
        said.append(_("All pages are there.") if facts["is_whole"] else _("Pages are missing."))
    return said


def _told(event: Event) -> list[str]:
    """Of lists, promises and days that passed: the cause, the last day, the day that counts."""
    facts, said = event.facts, []
    answer_by = _("To be answered by %(on)s at the latest.") if event.verb == "urge_county" else _("To be brought by %(on)s.")
    if facts.get("cause") in SupplementNotice.Cause.values:
        said.append(str(SupplementNotice.Cause(facts["cause"]).label))
    for key, sentence in (
        ("answer_by", answer_by),
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


# Facts of a move of the clock: the paper with them is how the person was told of it. Of other verbs the paper itself is the matter.
TOLD_IN_WRITING = frozenset({"procedure", "due_after", "ended_because", "not_at_once", "approving_body"})


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
        if facts.get(key) and (key != "document" or facts.keys() & TOLD_IN_WRITING):
            said.append(str(sentence) % {"what": _day(facts[key]) if key.endswith("_on") else facts[key]})
    if facts.get("due_after") and facts.get("due_after") != facts.get("due_before"):
        before = _day(facts["due_before"]) if facts.get("due_before") else "—"
        said.append(_("Due date: %(before)s → %(after)s.") % {"before": before, "after": _day(facts["due_after"])})
    return said


def _day(text: str) -> str:
    return say_date(date.fromisoformat(text))


NAMED = ("before", "holder", "changed_by", "borrower")


def _people_named(events: list[Event]) -> dict[int, str]:
    """Names of the people whom facts name by id, in one query; none when nobody is named."""
    ids = {event.facts[key] for event in events for key in NAMED if isinstance(event.facts.get(key), int)}
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "name")) if ids else {}


def _offices_named(case: ServiceRequest, events: list[Event]) -> dict[str, str]:
    """Names of the offices whose codes facts hold, in one query; none when no other office takes part."""
    codes = {code for event in events for key in ("co", "co_open") for code in event.facts.get(key) or ()}
    found = Office.objects.filter(township=case.township_id, code__in=codes) if codes else Office.objects.none()
    return dict(found.values_list("code", "name"))
