"""First and last day of a notice, and whether its days count. Counted like every limit (民法典 201, 203): by `requests.clock`."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from officials.workdays import Calendar
from requests.clock import Kind, Limit, StartEvent, Unit, due
from requests.models import PublicNotice, ServiceRequest
from services.models import Edition, Step

Counts = PublicNotice.Counts
BEFORE_DECISION = (ServiceRequest.Status.ACCEPTED, ServiceRequest.Status.IN_HAND)
_NOON, _MIDNIGHT = time(12, 0), time(23, 59, 59)


def span(hang_on: date, value: int, unit: str, calendar: Calendar) -> tuple[date, date]:
    """The day it is posted is not counted. A last day that is a day off moves on, so that people can still come and object."""
    limit = Limit(value, Unit(unit), StartEvent.RECEIVED, Kind.PROMISED, "")
    last = due(limit, timezone.make_aware(datetime.combine(hang_on, _NOON)), calendar).due_on
    first = calendar.next_workday(hang_on) if unit == Unit.WORKING_DAY else hang_on + timedelta(days=1)
    return min(first, last), last


def end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, _MIDNIGHT))


def counting(edition: Edition, status: str) -> tuple[str, str, bool]:
    """(how the days count, basis, assumed) by the step's own attribute; the notice's own words where no step is named so."""
    notice = edition.public_notice or {}
    words = (notice.get("counted_basis") or {}).get("text") or ""
    step = _step(edition, status)
    if status not in BEFORE_DECISION:
        return Counts.OUTSIDE, words[:200], False
    if step is not None:
        counts = {Step.Counts.COUNTS: Counts.COUNTS, Step.Counts.PAUSES: Counts.PAUSES}.get(Step.Counts(step.counts), Counts.OUTSIDE)
        # That it is assumed is said apart: the clerk reads the basis and not the editor's mark before it.
        return counts, (step.counts_basis or words).removeprefix("假定：")[:200], step.counts_is_assumed
    kind = (notice.get("counted_basis") or {}).get("kind") or ""
    if notice.get("counted") or kind == "期限之外":
        return (Counts.COUNTS if notice.get("counted") else Counts.OUTSIDE), words[:200], kind == "假定"
    # Without a step and without a basis nothing stops the clock.
    return (Counts.PAUSES if words else Counts.COUNTS), words[:200], kind == "假定"


def _step(edition: Edition, status: str) -> Step | None:
    """The step of the notice that lies where the case is: a village's notice before acceptance is another one."""
    wanted = [step for step in edition.steps.all() if "公示" in step.title]
    running = [step for step in wanted if step.counts in (Step.Counts.COUNTS, Step.Counts.PAUSES)]
    return (running or wanted or [None])[0] if status in BEFORE_DECISION else None
