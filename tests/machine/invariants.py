"""What holds after every step, whatever anybody did. Read off the tables, with no rule of the product but those under test."""

from collections import Counter
from itertools import pairwise

from django.db.models import Count

from officials.calendar import calendar_for
from requests import deadlines
from requests.lifecycle import ON_THE_WAY, TRANSITIONS
from requests.models import Document, Event, ServiceRequest

BEGINNINGS = {"receive", "import_old"}


def of_case(case: ServiceRequest) -> list[str]:
    """The faults of one case; empty when all is well."""
    return [f"{case.number}: {fault}" for fault in (*_moves(case), *_history(case), *_dates(case), *_who_decided(case))]


def _moves(case: ServiceRequest) -> list[str]:
    """Events join up from the first state to the present one, each a move of the table."""
    faults, state = [], ""
    for event in Event.objects.filter(service_request=case).order_by("id"):
        if event.from_status != state:
            faults.append(f"{event.verb} begins at {event.from_status!r}, the case was {state!r}")
        move = TRANSITIONS[case.kind].get(event.verb)
        if state and move is None:
            faults.append(f"{event.verb} is no verb of a {case.kind}")
        elif state and event.from_status not in move.froms:
            faults.append(f"{event.verb} from {event.from_status!r}")
        state = event.to_status
    return faults if state == case.status else [*faults, f"the last event says {state!r}, the case {case.status!r}"]


def _history(case: ServiceRequest) -> list[str]:
    """As many changes of state in the history as in the events, and the newest row is the row."""
    states = list(case.history.order_by("history_id").values_list("status", flat=True))
    changes = sum(1 for before, after in pairwise(states) if before != after)
    moved = [one for one in Event.objects.filter(service_request=case) if one.from_status and one.from_status != one.to_status]
    faults = []
    if not states or states[-1] != case.status:
        faults.append(f"history ends at {states[-1:]}, the case is {case.status!r}")
    if changes != len(moved):
        faults.append(f"{changes} changes of state in the history, {len(moved)} events that move")
    return faults


def _dates(case: ServiceRequest) -> list[str]:
    """The stored dates of an open case are those computed now."""
    if not case.is_open:
        return []
    read = deadlines.with_their_rows(ServiceRequest.objects.filter(pk=case.pk)).get()
    moved = deadlines.differing([read], calendar_for(case.township_id))
    return [f"stored {deadlines.told(was)}, computed {deadlines.told(now)}" for was, now in moved]


def _who_decided(case: ServiceRequest) -> list[str]:
    """What the county decides was never decided by the township."""
    if case.edition is None or case.edition.entrusting_body or "转报" not in case.edition.mode:
        return []
    return ["the township decided what the county decides"] if Event.objects.filter(service_request=case, verb="decide").exists() else []


def of_all() -> list[str]:
    """Numbers without gaps, sums that agree."""
    return [*_numbers("case", ServiceRequest.objects.values_list("number", flat=True)), *_document_numbers(), *_sums()]


def _numbers(what: str, numbers) -> list[str]:
    series: dict[str, list[int]] = {}
    for number in numbers:
        head, tail = number.rsplit("-", 1)
        letters = tail.rstrip("0123456789")
        series.setdefault(f"{head}-{letters}", []).append(int(tail[len(letters) :]))
    return [f"{what} series {name}: {sorted(found)}" for name, found in series.items() if sorted(found) != list(range(1, len(found) + 1))]


def _document_numbers() -> list[str]:
    series: dict[str, list[int]] = {}
    for number in Document.objects.exclude(number="").values_list("number", flat=True):
        head, _, tail = number.partition("〕")
        series.setdefault(head, []).append(int(tail.removesuffix("号")))
    return [f"papers {name}: {sorted(found)}" for name, found in series.items() if sorted(found) != list(range(1, len(found) + 1))]


def _sums() -> list[str]:
    """登记 = 村里在途 + 在办 + 已决定未送达 + 已结束."""
    by_status = Counter(dict(ServiceRequest.objects.order_by().values_list("status").annotate(n=Count("pk"))))
    parts = [*ON_THE_WAY, *ServiceRequest.OPEN, *ServiceRequest.UNDELIVERED, *ServiceRequest.ENDED]
    faults = [f"state {status!r} stands in no part of the sum" for status in by_status if status not in parts]
    if len(parts) != len(set(parts)):
        faults.append("a state stands in two parts of the sum")
    open_now = ServiceRequest.objects.open().count()
    if open_now != sum(by_status[status] for status in ServiceRequest.OPEN):
        faults.append("the filter of open cases counts otherwise")
    return faults
