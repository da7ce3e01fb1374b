"""Where a file is now and what the case's dates make of it. Reads rows; `deadlines` and `lifecycle` ask here.

Time with the county is the county's: it is taken out of the township's own limit and of nothing that was promised to the
resident. While the file is there the case has no date of ours, so that nobody here is late; the county's date stands beside.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from django.utils.translation import gettext as _

from officials.models import User
from officials.workdays import Calendar
from requests import clock
from requests.clock import Due
from requests.county import stretch
from requests.limits import Kind, Limit, Pause, StartEvent, Unit
from requests.models import Forwarding, ServiceRequest


def ways(case: ServiceRequest) -> list[Forwarding]:
    """The ways to the county and back; costs nothing for a case that never was there."""
    if case.forwarded_at is None:
        return []
    return [row for row in case.forwardings.all() if row.kind == Forwarding.Kind.COUNTY]


def is_away(case: ServiceRequest) -> bool:
    return any(row.is_live for row in ways(case))


def where(case: ServiceRequest) -> str:
    """The county body it lies with; "" while it is with the township. The resident is told it as it is (domain 16.9)."""
    return next((row.to_body for row in ways(case) if row.is_live), "")


def was_sent_back(case: ServiceRequest) -> bool:
    """Did the county send the file back to be completed, and has it not been carried on since? Then papers come in once more."""
    found = ways(case)
    return bool(found) and max(found, key=lambda row: row.pk).status == Forwarding.Status.RETURNED


def spans(case: ServiceRequest) -> list[Pause]:
    """The times with the county, in which the township's own limit stands still, and no other."""
    return [Pause(row.sent_at, row.ended_at, _("file with the county"), applies_to=frozenset({Kind.FORWARDING})) for row in ways(case)]


def own_limit(case: ServiceRequest, limits: Sequence[Limit]) -> list[Limit]:
    """By when the township carries the file on: the time of its own steps. Without such, once the county sent a file back,
    the promise less the time with the county."""
    promised = next((limit for limit in limits if limit.kind == Kind.PROMISED), None)
    if promised is None:
        return []
    own = stretch.stretch_of(case.edition).own
    if own is not None:
        return [replace(promised, value=own, kind=Kind.FORWARDING, basis="")]
    return [replace(promised, kind=Kind.FORWARDING, basis="")] if ways(case) else []


def of_the_township(case: ServiceRequest, found: list[Due]) -> list[Due]:
    """The dates the township answers for. After a time with the county only its own: what the county used up is not ours."""
    if not ways(case):
        return found
    return [due for due in found if due.limit.kind == Kind.FORWARDING]


def write(case: ServiceRequest, calendar: Calendar, pauses: Sequence[Pause]) -> None:
    """The columns that say where it lies: since when with the county, and by when it is due there."""
    row = next((row for row in ways(case) if row.is_live), None)
    case.county_since = row.sent_at.astimezone(clock.LOCAL).date() if row else None
    case.county_due_on = county_due(row, calendar, pauses) if row else None


def county_due(row: Forwarding, calendar: Calendar, pauses: Sequence[Pause]) -> date | None:
    """The county's limit runs from the day it received the file, or from the sending while no receipt is noted.

    What stops the promise (special procedures) stops it too.
    """
    if not row.value:
        return None
    limit = Limit(row.value, Unit(row.unit), StartEvent.RECEIVED, Kind.FORWARDING)
    return clock.due(limit, row.received_at or row.sent_at, calendar, pauses).due_on


def end_with(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """The case ended while the file was under way (withdrawn): that way is over too."""
    for row in Forwarding.objects.filter(service_request=case, status__in=Forwarding.LIVE):
        row.status, row.ended_at, row.ended_by = Forwarding.Status.ENDED, now, by
        row.save()
    case.county_since = case.county_due_on = None
