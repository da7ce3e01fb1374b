"""From the rows of a case to its dates. The rules are in `clock`; this reads the rows and writes the cached columns."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time

from django.db.models import Prefetch, QuerySet, prefetch_related_objects
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import Township
from officials.workdays import Calendar
from requests import clock
from requests.clock import Colour, Due, Extension, Kind, Light, Limit, Pause, StartEvent, Unit
from requests.county import standing
from requests.demands import dates
from requests.lights import column_light, is_of_the_hour, late_since
from requests.limits import EVERY_KIND
from requests.models import Extension as ExtensionRow
from requests.models import Pause as PauseRow
from requests.models import ServiceRequest, SupplementNotice
from requests.public_notice import before
from requests.reasons import Line, say_date, say_moment
from services.models import Edition

S = ServiceRequest.Status
END_OF_DAY = time(23, 59, 59)
PERMIT_DAYS, PERMIT_LAW = 5, "行政许可法第三十二条"


# How the catalogue names the channels on which a limit may start at another event.
CHANNEL_WORDS = {
    ServiceRequest.Channel.ONLINE: "网上", ServiceRequest.Channel.WINDOW: "窗口", ServiceRequest.Channel.PHONE: "电话",
    ServiceRequest.Channel.MAIL: "邮寄", ServiceRequest.Channel.LETTER: "平信或传真",
}  # fmt: skip


def limits_for(case: ServiceRequest) -> list[Limit]:
    """The limits of this case: those of its edition, and the one promised for it alone (即办件转承诺件)."""
    limits = limits_of(case.edition, case.township.acceptance_days, case.channel)
    if case.own_value:
        start = StartEvent(case.edition.legal_start or StartEvent.RECEIVED)
        limits.append(Limit(case.own_value, Unit(case.own_unit), start, Kind.PROMISED, ""))
    return limits


def limits_of(edition: Edition, acceptance_days: int, channel: str = "") -> list[Limit]:
    """The limits a case under this edition has. None where the law sets none: never 0 (domain 13).

    `start_by_channel` of the edition: on some channels the same limit starts at another event (信息公开条例 31).
    """
    other_start = edition.start_by_channel.get(CHANNEL_WORDS.get(channel, ""), "")
    limits = [
        # For other items than these the centre's own rule, and no automatic acceptance follows from it.
        Limit(PERMIT_DAYS, Unit.WORKING_DAY, StartEvent.RECEIVED, Kind.ACCEPTANCE_CHECK, PERMIT_LAW)
        if edition.item_type == Edition.ItemType.PERMIT or edition.deemed_acceptance
        else _own_check(edition, acceptance_days)
    ]
    if edition.promised_value:
        unit, start = Unit(edition.promised_unit), StartEvent(other_start or edition.promised_start)
        limits.append(Limit(edition.promised_value, unit, start, Kind.PROMISED, edition.promised_note))
    if edition.legal_value:
        unit, start = Unit(edition.legal_unit), StartEvent(other_start or edition.legal_start)
        limits.append(Limit(edition.legal_value, unit, start, Kind.LEGAL, edition.legal_basis))
    return limits


def _own_check(edition: Edition, acceptance_days: int) -> Limit:
    """The item's own working days where its rule names them (信息公开条例 30: 7), else the centre's."""
    days, basis = (edition.acceptance_days, edition.acceptance_basis) if edition.acceptance_days else (acceptance_days, "")
    return Limit(days, Unit.WORKING_DAY, StartEvent.RECEIVED, Kind.ACCEPTANCE_CHECK, basis)


def dues(case: ServiceRequest, calendar: Calendar | None = None, extensions: Sequence[Extension] | None = None) -> list[Due]:
    """Every limit of the case that has started, each with its reasons. Pure in rows and calendar.

    `extensions`: to see what would be with these instead of those in force.
    """
    calendar = calendar or calendar_for(case.township_id)
    if case.origin == ServiceRequest.Origin.OLD_LEDGER:
        return []  # 旧件不进时限考核,不补造日期 (domain 16.7)
    if case.kind == ServiceRequest.Kind.CONSULTATION:
        return [_call_back(case, calendar)]
    if case.kind in ServiceRequest.OF_DEMANDS:
        return dates.dues(case, calendar, received_for_the_clock(case, calendar), extensions_of(case))
    if _is_on_the_spot(case):
        return []
    if case.status == S.AT_VILLAGE and not runs_from_village(case):
        return []  # the township has not received it: nothing runs yet
    counted_from = received_for_the_clock(case, calendar)
    starts = {StartEvent.RECEIVED: counted_from}
    ended: set[Kind] = set()
    if case.accepted_at:
        starts[StartEvent.ACCEPTED] = case.accepted_at
        ended.add(Kind.ACCEPTANCE_CHECK)
    if case.confirmed_at:
        starts[StartEvent.CONFIRMED] = case.confirmed_at
    if case.status == S.AWAITING_MATERIALS:
        # The missing materials were told: the check is answered, what is awaited now is the applicant.
        ended.add(Kind.ACCEPTANCE_CHECK)
    limits = limits_for(case)
    rows = _extension_rows(case)
    whole_at = _whole_at(case)
    if whole_at is not None:
        starts[StartEvent.SUPPLEMENTED] = whole_at
        limits = [_anew(limit) for limit in limits]
    found = clock.limits_due(
        [*limits, *standing.own_limit(case, limits)],
        starts,
        calendar,
        [*pauses_of(case), *standing.spans(case), *before.spans(case)],
        [as_fact(row) for row in in_force(rows)] if extensions is None else extensions,
        ended=ended,
        submitted_at=case.submitted_at,
    )
    taken_back = _taken_back(rows)
    found = [replace(due, lines=_with_what_was_taken_back(due, taken_back)) for due in found] if taken_back else found
    if case.village_received_at is not None:
        found = [replace(due, lines=_with_both_receipts(due, case)) for due in found]
    if case.status == S.AWAITING_MATERIALS:
        # What stands still has no date: the applicant may come tomorrow or next year. What had run out before stays late.
        found = [due for due in found if due.paused_since is None]
    return found


def _whole_at(case: ServiceRequest) -> datetime | None:
    """The moment a told list became whole, for items whose basis counts anew from then (信息公开条例 30); None for all others."""
    if not case.edition.supplement_restarts or case._state.adding or case.__dict__.get("_is_new"):
        return None
    told = case.supplement_notices.filter(state=SupplementNotice.State.TOLD).order_by("-ordinal").first()
    return told.whole_at if told is not None else None


def _anew(limit: Limit) -> Limit:
    """A limit from receipt starts when the application is there as it should have been; the answer on acceptance does not."""
    if limit.starts_on != StartEvent.RECEIVED or limit.kind == Kind.ACCEPTANCE_CHECK:
        return limit
    return replace(limit, starts_on=StartEvent.SUPPLEMENTED)


def _with_both_receipts(due: Due, case: ServiceRequest) -> tuple[Line, ...]:
    """两个收件日: why a limit that runs from receipt starts on this one of the two."""
    if due.limit.starts_on != StartEvent.RECEIVED:
        return due.lines
    said = {"village_on": timezone.localdate(case.village_received_at).isoformat()}
    if case.status != S.AT_VILLAGE:
        said["on"] = timezone.localdate(case.received_at).isoformat()
    which = "village" if runs_from_village(case) else "township"
    code = f"two_receipts_{which}" if "on" in said else "village_receipt"
    return (Line(code, said), *due.lines)


def received_for_the_clock(case: ServiceRequest, calendar: Calendar) -> datetime:
    """Handed in online on a day off or after closing: counts from the next working day (centre's rule, domain 5.1). From a
    village: from the township's receipt, or from the village's where the item says so (domain 16.4).
    """
    if case.village_received_at is not None and runs_from_village(case):
        return case.village_received_at
    if case.channel != ServiceRequest.Channel.ONLINE:
        return case.received_at
    return clock.counting_start(case.received_at, calendar, case.township.opens_at, case.township.closes_at)


def runs_from_village(case: ServiceRequest) -> bool:
    return case.edition_id is not None and case.edition.village_start == Edition.VillageStart.VILLAGE


def pauses_of(case: ServiceRequest) -> list[Pause]:
    """Start and end rows as spans; an open one has no end. A new case has none and costs no query."""
    if case.pk is None or case._state.adding or case.__dict__.get("_is_new"):
        return []
    return [
        Pause(begun.at, over.at if over else None, say_pause(begun.reason), begun.basis, kinds_of(begun))
        for begun, over in procedures_of(case)
        if begun.stops
    ]


def procedures_of(case: ServiceRequest) -> list[tuple[PauseRow, PauseRow | None]]:
    """Each beginning with its end, or None while it lasts: special procedures, and the waiting for materials."""
    spans: list[tuple[PauseRow, PauseRow | None]] = []
    running: dict[str, int] = {}
    for row in case.pauses.all():
        if row.starts:
            running[row.key] = len(spans)
            spans.append((row, None))
        elif row.key in running:
            place = running.pop(row.key)
            spans[place] = (spans[place][0], row)
    return spans


def kinds_of(row: PauseRow | ExtensionRow) -> frozenset[Kind]:
    """The kinds of limit a row stops or lengthens. The township's own part of a promise goes with the promise."""
    kinds = frozenset(Kind(word) for word in row.applies_to.split(",")) if row.applies_to else EVERY_KIND
    return kinds | {Kind.FORWARDING} if Kind.PROMISED in kinds else kinds


SAID = {PauseRow.WAITING: PauseRow.WAITING_WORDS, PauseRow.PUBLIC_NOTICE: PauseRow.PUBLIC_NOTICE_WORDS}


def say_pause(reason: str) -> str:
    """Why the clock stands still: our own reason in the reader's language, another as it was written."""
    return str(SAID.get(reason, reason))


def extensions_of(case: ServiceRequest) -> list[Extension]:
    """Extensions still in force: those no later row removes."""
    return [as_fact(row) for row in in_force(_extension_rows(case))]


def _extension_rows(case: ServiceRequest) -> list[ExtensionRow]:
    if case.pk is None or case._state.adding or case.__dict__.get("_is_new"):
        return []
    read_along = "extensions" in case.__dict__.get("_prefetched_objects_cache", {})
    return list(case.extensions.all() if read_along else case.extensions.select_related("approved_by"))


def _taken_back(rows: list[ExtensionRow]) -> list[tuple[ExtensionRow, ExtensionRow]]:
    """(extension, the row that took it back), in the order in which they were taken back."""
    granted = {row.pk: row for row in rows if row.value}
    return [(granted[row.removes_id], row) for row in rows if row.removes_id in granted]


def _with_what_was_taken_back(due: Due, taken_back: list[tuple[ExtensionRow, ExtensionRow]]) -> tuple[Line, ...]:
    """An extension that no longer counts is said, and that the days before the line are counted without it."""
    said = [
        Line("extension_removed", {
            "value": row.value, "unit": row.unit, "granted_on": timezone.localdate(row.at).isoformat(),
            "on": timezone.localdate(removal.at).isoformat(),
        })
        for row, removal in taken_back if due.limit.kind in kinds_of(row)
    ]  # fmt: skip
    place = next((at for at, line in enumerate(due.lines) if line.code in ("due", "due_hours")), len(due.lines))
    return (*due.lines[:place], *said, *due.lines[place:])


def in_force(rows: Iterable[ExtensionRow]) -> list[ExtensionRow]:
    """The extensions among these rows that no later one takes back."""
    rows = list(rows)
    removed = {row.removes_id for row in rows if row.removes_id}
    return [row for row in rows if row.value and row.pk not in removed]


def as_fact(row: ExtensionRow) -> Extension:
    """What the clock needs of an extension. Residents read it too, so the body that approved is named, not the person."""
    why = "; ".join(part for part in (row.procedure, row.basis) if part)
    return Extension(row.value, Unit(row.unit), why, row.approving_body or row.approved_by.name, row.at, kinds_of(row))


def write(case: ServiceRequest, calendar: Calendar | None = None) -> None:
    """Fill the cached columns from the rows. Called by the verbs and the nightly check only."""
    calendar = calendar or calendar_for(case.township_id)
    found = dues(case, calendar)
    by_kind = {due.limit.kind: due for due in found}
    promised, legal = by_kind.get(Kind.PROMISED) or by_kind.get(Kind.ANSWER), by_kind.get(Kind.LEGAL)
    if case.status != S.FOLLOWING:  # what cannot be solved yet keeps the date that was told
        case.promised_on = promised.due_on if promised else None
    case.legal_on = legal.due_on if legal else None
    is_away = standing.is_away(case)
    first = None if is_away else clock.governing(standing.of_the_township(case, found))
    if first is not None:
        # While the clock stands still there is an earliest day but no moment after which the case would be late.
        case.due_at = None if first.paused_since else first.due_at
        case.due_on, case.due_kind, case.stopped_since = first.due_on, first.limit.kind, first.paused_since
        case.is_provisional = first.provisional or bool(promised and promised.provisional)
        # What is promised from a later day on is not compared with the day by law.
        main = promised or (None if legal and _awaits_a_promise(case) else legal) or by_kind.get(Kind.ANSWER)
        case.original_on = case.original_on or (main.original_due_on if main else None)
    elif not is_away and _is_on_the_spot(case):
        day = _day_on_the_spot(case, calendar)
        case.due_at = timezone.make_aware(datetime.combine(day, END_OF_DAY))
        case.due_on, case.due_kind, case.is_provisional = day, ServiceRequest.DueKind.ON_THE_SPOT, False
        case.stopped_since = None
    else:
        case.due_at, case.due_on, case.due_kind, case.is_provisional, case.stopped_since = None, None, "", False, None
    standing.write(case, calendar, pauses_of(case))


def _awaits_a_promise(case: ServiceRequest) -> bool:
    return any(limit.kind == Kind.PROMISED for limit in limits_for(case))


def reasons(case: ServiceRequest, calendar: Calendar | None = None) -> list[tuple[Due, list[str]]]:
    """ "Why this date": per limit, line by line, in the reader's language. The same on page, receipt and tracking."""
    return [(due, clock.explain(due.lines)) for due in dues(case, calendar)]


def has_moved(case: ServiceRequest) -> bool:
    """Does another date hold now than the one first told? Then both are shown (原到期日处处可见)."""
    now_told = case.promised_on or case.legal_on or (case.due_on if case.due_kind == Kind.ANSWER else None)
    return case.original_on is not None and now_told is not None and case.original_on != now_told


def say_original(case: ServiceRequest) -> str:
    """The date first told, where another one holds now."""
    return say_date(case.original_on) if has_moved(case) else ""


def original_of_due(case: ServiceRequest) -> str:
    """The date first told beside the due date of a list: only where both are of the same limit."""
    told = case.promised_on or case.legal_on
    is_of_it = case.due_kind in (Kind.PROMISED, Kind.LEGAL, Kind.ANSWER) and told in (case.due_on, None)
    return say_original(case) if is_of_it else ""


def light_of(case: ServiceRequest, now: datetime, calendar: Calendar):
    """The light of an open case, drawn from its columns alone; None where nothing runs."""
    if not case.is_open:
        return None
    if case.county_since:
        return Light(Colour.GREY, None, "at_county", since=case.county_since)
    if case.stopped_since:
        return Light(Colour.GREY, None, "stopped", since=case.stopped_since)
    if case.due_at is None:
        return None
    started = case.accepted_at or case.received_at
    return column_light(case.due_at, now, started, calendar)


def say_late(case: ServiceRequest, now: datetime) -> str:
    """A late case says since when, what had to be done, and whose it is (domain 5); "" where it is not late or the clock stands."""
    if not case.is_open or case.due_at is None or case.due_at >= now or case.county_since or case.stopped_since:
        return ""
    who = f"{case.office} · {case.holder}" if case.holder_id else _("%(office)s, held by nobody") % {"office": case.office}
    return say_lateness(case.due_at, case.due_kind, who)


def say_lateness(due_at: datetime, kind: str, who: str) -> str:
    step = str(ServiceRequest.DueKind(kind).label) if kind else ""
    return _("late since %(since)s: %(step)s, %(who)s") % {"since": late_since(due_at), "step": step, "who": who}


def say_due_at(case: ServiceRequest) -> str:
    """The due date; with its hour where the limit is in hours."""
    if case.due_at is None or case.due_on is None:
        return ""
    return say_moment(timezone.localtime(case.due_at)) if is_of_the_hour(case.due_at) else say_date(case.due_on)


def _is_on_the_spot(case: ServiceRequest) -> bool:
    return (
        case.edition_id is not None
        and case.origin != ServiceRequest.Origin.OLD_LEDGER
        and not case.own_value
        and case.edition.handling == Edition.Handling.ON_THE_SPOT
        and case.status not in (S.AWAITING_MATERIALS, S.AT_VILLAGE)
    )


def _day_on_the_spot(case: ServiceRequest, calendar: Calendar) -> date:
    """The day of receipt; where papers were missing and that was told the same day, the day on which the file became whole."""
    day = timezone.localdate(received_for_the_clock(case, calendar))
    for pause in pauses_of(case):
        if pause.end is not None and timezone.localdate(pause.start) <= day:
            day = max(day, timezone.localdate(pause.end))
    return day


# A question not answered at once is answered by the end of the next working day (首问负责, the centre's rule).
_CALL_BACK = Limit(1, Unit.WORKING_DAY, StartEvent.RECEIVED, Kind.CALL_BACK, "")


def _call_back(case: ServiceRequest, calendar: Calendar) -> Due:
    return clock.due(_CALL_BACK, received_for_the_clock(case, calendar), calendar, submitted_at=case.submitted_at)


def call_back_by(township: Township, now: datetime) -> date:
    """The day by which a question sent from the internet now is answered: the page promises what the case will say."""
    calendar = calendar_for(township.pk)
    return clock.due(_CALL_BACK, clock.counting_start(now, calendar, township.opens_at, township.closes_at), calendar).due_on


def with_their_rows(cases: QuerySet[ServiceRequest]) -> QuerySet[ServiceRequest]:
    """Cases with all their dates depend on, for going through many: so many queries for five as for five thousand."""
    extensions = Prefetch("extensions", ExtensionRow.objects.select_related("approved_by"))
    return cases.select_related("edition", "edition__item", "township", "demand").prefetch_related("pauses", "forwardings", extensions)


def read_rows(case: ServiceRequest) -> None:
    """Read what the dates of one case depend on, once for the whole page."""
    prefetch_related_objects([case], "pauses", Prefetch("extensions", ExtensionRow.objects.select_related("approved_by")))


def told(case: ServiceRequest) -> tuple:
    """The dates of a case as lists, papers and figures tell them: when one of these moves, the case has moved."""
    when, kinds = (case.due_at, case.due_on, case.due_kind), (case.promised_on, case.legal_on, case.is_provisional)
    return *when, *kinds, case.stopped_since, case.county_due_on


def differing(cases: Iterable[ServiceRequest], calendar: Calendar) -> list[tuple[ServiceRequest, ServiceRequest]]:
    """(as stored, as computed now) of the open cases of which a date would move: the before/after list of a new calendar."""
    moved = []
    for case in cases:
        fresh = ServiceRequest(**{f.attname: getattr(case, f.attname) for f in ServiceRequest._meta.concrete_fields})
        fresh._state.adding = False
        fresh.edition, fresh.township = case.edition, case.township
        if case.kind in ServiceRequest.OF_DEMANDS:
            fresh._state.fields_cache["demand"] = case.demand
        fresh._prefetched_objects_cache = getattr(case, "_prefetched_objects_cache", {})
        write(fresh, calendar)
        if told(fresh) != told(case):
            moved.append((case, fresh))
    return moved
