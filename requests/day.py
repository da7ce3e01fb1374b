"""The figures of a window's day (日清, domain 16.5), as they can be read at any time. Pure reading; nothing is written here.

A day is seen from its end: what stood open before it, what came, what left, what is open now. Entering the ledger counts by
the time of entry (`recorded_at`), so yesterday's rest is always today's beginning, also when a paper slip is typed in a day
later. Each figure is one condition, used both to count and to list, so a number opens exactly its rows. Cases carried over
from the paper ledger of old are in no figure but their own (domain 16.7).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from officials import staffing
from officials.calendar import calendar_for
from officials.models import Office
from requests.consulting import with_promise
from requests.models import Document, DocumentPrint, MaterialReceipt, ServiceRequest, Slip

S = ServiceRequest.Status
Kind = ServiceRequest.Kind
OLD = Q(origin=ServiceRequest.Origin.OLD_LEDGER)
DONE = (S.DECIDED, S.CLOSED)
WITHDRAWN = (S.WITHDRAWN, S.DEEMED_WITHDRAWN)  # by the applicant, or by a rule because nothing was brought

# Sums that must come out: name → (left, right). Both sides are counted separately.
BALANCES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cases": (("carried", "logged"), ("decided", "refused", "not_ours", "withdrawn", "terminated", "voided", "open")),
    "logged": (
        ("logged",),
        ("logged_open", "logged_done", "logged_refused", "logged_not_ours", "logged_withdrawn", "logged_terminated", "logged_voided"),
    ),
    "slips": (("slips_in_all",), ("slips_entered_in_all", "slips_spoilt_in_all", "slips_blank")),
    "slips_day": (("slips_before", "slips_printed"), ("slips_entered", "slips_spoilt", "slips_blank")),
    "originals": (("originals_before", "originals_taken"), ("originals_returned", "originals_held")),
    "calls": (("calls_before", "calls_promised"), ("calls_answered", "calls_ended", "calls_open")),
}


@dataclass(frozen=True)
class Day:
    """One office and one local day, from midnight to midnight."""

    office: Office
    date: date

    @property
    def start(self) -> datetime:
        return _midnight(self.date)

    @property
    def end(self) -> datetime:
        return _midnight(self.date + timedelta(days=1))

    @property
    def next_workday(self) -> date:
        return calendar_for(self.office.township_id).next_workday(self.date)

    def within(self, column: str) -> Q:
        return Q(**{f"{column}__gte": self.start, f"{column}__lt": self.end})

    def open_at(self, moment: datetime, entered: str, left: str) -> Q:
        """Entered before that moment and not yet gone."""
        return Q(**{f"{entered}__lt": moment}) & (Q(**{f"{left}__isnull": True}) | Q(**{f"{left}__gte": moment}))


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


# -- cases ------------------------------------------------------------------------------------------------------


def cases(day: Day) -> QuerySet[ServiceRequest]:
    """What this window took in; files of villages from the day they came. `left_at`: when it was decided, or ended without a decision.

    A complaint about the window or about somebody who works there is in no figure of it, whoever reads: the sums would give it away.
    """
    pk = day.office.pk
    about_others = (Q(kept_from_office__isnull=True) | ~Q(kept_from_office_id=pk)) & (
        Q(kept_from__isnull=True) | ~Q(kept_from__office_id=pk)
    )
    taken_in = ServiceRequest.objects.filter(about_others, intake_office=day.office).exclude(ServiceRequest.ON_THE_WAY)
    return taken_in.annotate(left_at=Coalesce("decided_at", "ended_at"))


def case_cells(day: Day, now: datetime) -> dict[str, Q]:
    """The condition of every figure that is made of cases."""
    logged, gone = ~OLD & day.within("recorded_at"), ~OLD & Q(decided_at__isnull=True) & day.within("ended_at")
    still = still_open(day)
    return {
        "carried": ~OLD & day.open_at(day.start, "recorded_at", "left_at"),
        "logged": logged,
        "accepted": ~OLD & day.within("accepted_at"),
        "decided": ~OLD & day.within("decided_at"),
        "refused": gone & Q(status=S.INTAKE_REFUSED),
        "not_ours": gone & Q(status=S.NOT_OURS),
        "withdrawn": gone & Q(status__in=WITHDRAWN),
        "terminated": gone & Q(status=S.TERMINATED),
        "voided": gone & Q(status=S.VOIDED),
        "open": still,
        "logged_open": logged & Q(status__in=ServiceRequest.OPEN),
        "logged_done": logged & Q(status__in=DONE),
        "logged_refused": logged & Q(status=S.INTAKE_REFUSED),
        "logged_not_ours": logged & Q(status=S.NOT_OURS),
        "logged_withdrawn": logged & Q(status__in=WITHDRAWN),
        "logged_terminated": logged & Q(status=S.TERMINATED),
        "logged_voided": logged & Q(status=S.VOIDED),
        "from_slips": logged & Q(origin=ServiceRequest.Origin.SLIP),
        "no_receipt": logged & _wants_receipt() & ~Q(status=S.VOIDED) & ~_has_receipt(),
        "due_unheld": still & Q(due_on__gt=day.date, due_on__lte=day.next_workday) & _nobody_there(day, now),
        # Of what is still open and of what came today; what was closed long ago without one is on its own page.
        "no_upper": (still | logged)
        & Q(kind=Kind.APPLICATION, upper_number="")
        & ~Q(status__in=(S.VOIDED, *WITHDRAWN, S.TERMINATED, S.NOT_OURS, S.INTAKE_REFUSED)),
        "old_ledger": OLD & day.within("recorded_at"),
    }


def open_now(office: Office, now: datetime) -> int:
    """What is open of this window at this moment: the figure of the day's end, wherever else it is told."""
    day = Day(office, timezone.localdate(now))
    return cases(day).filter(still_open(day)).count()


def still_open(day: Day) -> Q:
    return ~OLD & day.open_at(day.end, "recorded_at", "left_at")


def _wants_receipt() -> Q:
    """Who applied, and who made a demand that goes on: not on the phone, where number and code of a demand are read out."""
    told_there = Q(channel=ServiceRequest.Channel.ONLINE)
    ended = Q(status__in=(S.CLOSED, S.NOT_OURS, *WITHDRAWN))
    of_demand = Q(kind__in=(Kind.DEMAND, Kind.UNSOLVED)) & ~Q(channel=ServiceRequest.Channel.PHONE) & ~ended
    return ~told_there & (Q(kind=Kind.APPLICATION) | of_demand)


def _has_receipt() -> Exists:
    """Online, the answer of the page is the receipt; everywhere else it is printed."""
    return Exists(DocumentPrint.objects.filter(document__service_request=OuterRef("pk"), document__kind=Document.Kind.RECEIPT))


def _nobody_there(day: Day, now: datetime) -> Q:
    """No holder, one who has left, or one who is away: tomorrow nobody would work on it."""
    holders = cases(day).filter(due_on__gt=day.date, due_on__lte=day.next_workday, status__in=ServiceRequest.OPEN)
    away = staffing.whereabouts(set(holders.exclude(holder=None).values_list("holder_id", flat=True)), now)
    return Q(holder__isnull=True) | Q(holder__is_active=False) | Q(holder_id__in=sorted(away))


# -- promised calls ---------------------------------------------------------------------------------------------


def calls(day: Day) -> QuerySet[ServiceRequest]:
    """Questions with a promised call back."""
    return with_promise(cases(day).filter(~OLD))


def call_cells(day: Day) -> dict[str, Q]:
    known = Q(promised_at__lt=day.end)
    return {
        "calls_before": day.open_at(day.start, "promised_at", "left_at"),
        "calls_promised": day.within("promised_at"),
        "calls_answered": known & day.within("decided_at"),
        "calls_ended": known & Q(decided_at__isnull=True) & day.within("ended_at"),
        "calls_open": day.open_at(day.end, "promised_at", "left_at"),
    }


# -- paper slips ------------------------------------------------------------------------------------------------


def slips(day: Day) -> QuerySet[Slip]:
    return Slip.objects.filter(office=day.office)


def slip_cells(day: Day) -> dict[str, Q]:
    entered, spoilt = Q(state=Slip.State.ENTERED), Q(state=Slip.State.SPOILT)
    return {
        "slips_before": day.open_at(day.start, "printed_at", "settled_at"),
        "slips_printed": day.within("printed_at"),
        "slips_entered": entered & day.within("settled_at"),
        "slips_spoilt": spoilt & day.within("settled_at"),
        "slips_blank": day.open_at(day.end, "printed_at", "settled_at"),
        "slips_in_all": Q(printed_at__lt=day.end),
        "slips_entered_in_all": entered & Q(settled_at__lt=day.end),
        "slips_spoilt_in_all": spoilt & Q(settled_at__lt=day.end),
    }


# -- originals in the drawer ------------------------------------------------------------------------------------

ORIGINAL_CELLS = ("originals_before", "originals_taken", "originals_returned", "originals_held")


def held_at(day: Day, moment: datetime) -> QuerySet[MaterialReceipt]:
    """The rows by which an original lay in the drawer at that moment: the newest row of a line counts."""
    rows = MaterialReceipt.objects.filter(service_request__intake_office=day.office, at__lt=moment)
    later = MaterialReceipt.objects.filter(
        service_request=OuterRef("service_request"), material=OuterRef("material"), pk__gt=OuterRef("pk"), at__lt=moment
    )
    return rows.filter(original_held=True, state=MaterialReceipt.State.IN, material__isnull=False).filter(~Exists(later))


def original_moves(day: Day) -> dict[str, list[MaterialReceipt]]:
    """What went into the drawer and what came out of it during the day, line by line in the order of the rows."""
    rows = list(
        MaterialReceipt.objects.filter(day.within("at"), service_request__intake_office=day.office, material__isnull=False)
        .select_related("service_request", "material")
        .order_by("pk")
    )
    lines = {(row.service_request_id, row.material_id) for row in rows}
    before = held_at(day, day.start).filter(service_request__in={case for case, _material in lines})
    held = {(row.service_request_id, row.material_id) for row in before} & lines
    moves: dict[str, list[MaterialReceipt]] = {"originals_taken": [], "originals_returned": []}
    for row in rows:
        line = (row.service_request_id, row.material_id)
        is_held = row.original_held and row.state == MaterialReceipt.State.IN
        if is_held and line not in held:
            moves["originals_taken"].append(row)
            held.add(line)
        elif not is_held and line in held:
            moves["originals_returned"].append(row)
            held.discard(line)
    return moves


# -- all of it --------------------------------------------------------------------------------------------------


def figures(day: Day, now: datetime) -> dict[str, int]:
    """Every figure by its name, in a fixed number of queries."""
    found = _counted(cases(day), case_cells(day, now)) | _counted(calls(day), call_cells(day)) | _counted(slips(day), slip_cells(day))
    moves = original_moves(day)
    return found | {
        "originals_before": held_at(day, day.start).count(),
        "originals_taken": len(moves["originals_taken"]),
        "originals_returned": len(moves["originals_returned"]),
        "originals_held": held_at(day, day.end).count(),
    }


def _counted(rows: QuerySet, cells: dict[str, Q]) -> dict[str, int]:
    # The names of figures are also names of columns, which an aggregate may not take.
    counted = rows.order_by().aggregate(**{f"n_{name}": Count("pk", filter=condition) for name, condition in cells.items()})
    return {name: counted[f"n_{name}"] for name in cells}


def disagreeing(counted: dict[str, int]) -> list[str]:
    """Names of the sums that do not come out; empty on a good day."""
    return [name for name, (left, right) in BALANCES.items() if _sum(counted, left) != _sum(counted, right)]


def _sum(counted: dict[str, int], names: Iterable[str]) -> int:
    return sum(counted.get(name, 0) for name in names)


def listed(day: Day, name: str, now: datetime) -> QuerySet | list[MaterialReceipt]:
    """The rows behind a figure: cases, slips or originals. Raises KeyError for a name that is none."""
    if name in ORIGINAL_CELLS:
        return _listed_originals(day, name)
    if name.startswith("slips_"):
        return slips(day).filter(slip_cells(day)[name]).order_by("number")
    if name.startswith("calls_"):
        return calls(day).filter(call_cells(day)[name]).order_by(F("due_at").asc(nulls_last=True), "pk")
    return cases(day).filter(case_cells(day, now)[name]).order_by("recorded_at", "pk")


def _listed_originals(day: Day, name: str) -> QuerySet | list[MaterialReceipt]:
    if name in ("originals_taken", "originals_returned"):
        return original_moves(day)[name]
    moment = day.start if name == "originals_before" else day.end
    return held_at(day, moment).select_related("service_request", "material").order_by("at", "pk")
