"""Which hours can be booked: the rules of an office on its next working days, and the village days that give appointments."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count
from django.utils import timezone

from officials.calendar import calendar_for
from officials.models import Office
from requests.models import Appointment, AppointmentRule, Outing

DAYS = 10  # working days ahead that are offered
_WEEKS = timedelta(days=60)


@dataclass(frozen=True)
class Slot:
    """So many people at this time; `taken` as it was when it was read."""

    office_id: int
    starts_at: datetime
    minutes: int
    people: int
    taken: int = 0
    outing_id: int | None = None

    @property
    def free(self) -> int:
        return max(self.people - self.taken, 0)

    @property
    def key(self) -> str:
        """How a form names it."""
        return f"{timezone.localtime(self.starts_at):%Y-%m-%dT%H:%M}"

    @property
    def day(self) -> date:
        return timezone.localdate(self.starts_at)


def open_slots(office: Office, now: datetime) -> list[Slot]:
    """Every slot still to come of the next working days, full ones too, soonest first.

    No slot on a day off or on a local closure: the calendar is asked each time, so a day closed later is gone at once.
    """
    found: dict[datetime, Slot] = {}
    for slot in [*_of_rules(office, now), *_of_village_days(office, now)]:
        same = found.get(slot.starts_at)
        # Two rules at the same hour: their places add up.
        found[slot.starts_at] = Slot(
            office.pk, slot.starts_at, max(slot.minutes, same.minutes) if same else slot.minutes,
            slot.people + (same.people if same else 0), 0, slot.outing_id or (same.outing_id if same else None),
        )  # fmt: skip
    taken = _taken(office, list(found))
    slots = [Slot(s.office_id, s.starts_at, s.minutes, s.people, taken.get(s.starts_at, 0), s.outing_id) for s in found.values()]
    return sorted(slots, key=lambda slot: slot.starts_at)


def _of_rules(office: Office, now: datetime) -> Iterator[Slot]:
    rules = list(AppointmentRule.objects.filter(office=office))
    if not rules:
        return
    calendar, day = calendar_for(office.township_id), timezone.localdate(now)
    for _step in range(DAYS):
        day = calendar.roll_forward(day)
        for rule in rules:
            if day.isoweekday() in rule.weekdays and (rule.ended_on is None or day <= rule.ended_on):
                yield from _cut(office, day, rule.opens_at, rule.closes_at, rule.minutes, rule.people, None, now)
        day += timedelta(days=1)


def _of_village_days(office: Office, now: datetime) -> Iterator[Slot]:
    today, calendar = timezone.localdate(now), calendar_for(office.township_id)
    days = Outing.objects.filter(
        kind=Outing.Kind.VILLAGE_DAY, places__village=office, minutes__isnull=False, people__isnull=False, cancelled_at=None,
        date__gte=today, date__lte=today + _WEEKS,
    )  # fmt: skip
    for one in days:
        if calendar.is_workday(one.date):
            yield from _cut(office, one.date, one.opens_at, one.closes_at, one.minutes or 0, one.people or 0, one.pk, now)


def _cut(
    office: Office, day: date, opens: time, closes: time, minutes: int, people: int, outing_id: int | None, now: datetime
) -> Iterator[Slot]:
    """Whole slots only; one that has begun is not offered any more."""
    here = timezone.get_default_timezone()
    begin, end = (datetime.combine(day, hour, tzinfo=here) for hour in (opens, closes))
    while begin + timedelta(minutes=minutes) <= end:
        if begin > now:
            yield Slot(office.pk, begin, minutes, people, 0, outing_id)
        begin += timedelta(minutes=minutes)


def _taken(office: Office, times: list[datetime]) -> dict[datetime, int]:
    if not times:
        return {}
    rows = (
        Appointment.objects.filter(office=office, state__in=Appointment.TAKING_A_PLACE)
        .filter(starts_at__gte=min(times), starts_at__lte=max(times))
        .order_by()
        .values("starts_at")
        .annotate(n=Count("pk"))
    )
    return {row["starts_at"]: row["n"] for row in rows}


def slot_at(office: Office, starts_at: datetime, now: datetime) -> Slot | None:
    """The slot that begins then, as it stands now."""
    return next((slot for slot in open_slots(office, now) if slot.starts_at == starts_at), None)


def items_of(slots: Iterable[Slot]) -> dict[int, frozenset[str]]:
    """Codes of the items that can be done on the village days among these slots, by day; a day that names none takes any."""
    wanted = {slot.outing_id for slot in slots if slot.outing_id}
    return {pk: frozenset(items) for pk, items in Outing.objects.filter(pk__in=wanted).values_list("pk", "items") if items}


def is_bookable(office: Office) -> bool:
    """Does this office give appointments at all?"""
    return (
        AppointmentRule.objects.filter(office=office, ended_on=None).exists()
        or Outing.objects.filter(places__village=office, minutes__isnull=False, cancelled_at=None).exists()
    )
