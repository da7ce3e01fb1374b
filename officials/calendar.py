"""The calendar of a township as the pure value `workdays.Calendar`, kept in memory until a day is edited."""

from officials import versions
from officials.models import CalendarDay, CalendarYear
from officials.workdays import Calendar, Day

_kept: dict[int, tuple[int, Calendar]] = {}


def calendar_for(township_id: int) -> Calendar:
    """Holidays, make-up days and closures that hold for this township, and which years are confirmed."""
    version = versions.current(versions.CALENDAR)
    kept = _kept.get(township_id)
    if kept is None or kept[0] != version:
        kept = _kept[township_id] = (version, read(township_id))
    return kept[1]


def read(township_id: int) -> Calendar:
    """Straight from the rows; `calendar_for` is the quick way."""
    national = {row.date: row for row in CalendarDay.objects.filter(township__isnull=True)}
    # A day of the township's own wins over the national one.
    own = {row.date: row for row in CalendarDay.objects.filter(township_id=township_id)}
    confirmed = set(CalendarYear.objects.values_list("year", flat=True))
    days = [
        Day(row.date, row.kind == CalendarDay.Kind.REST, row.name, row.source, row.date.year in confirmed)
        for row in (national | own).values()
    ]
    return Calendar(days, confirmed)


def forget() -> None:
    """For tests: read the rows again."""
    _kept.clear()


