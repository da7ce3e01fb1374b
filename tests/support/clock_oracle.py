"""A second opinion on due dates: day by day, hour by hour, with another source of holidays.

Written from the rules alone. It shares nothing with the code it judges: no import of it, no prefix sums, no merging of
pauses. It walks one day (or one minute) at a time and asks of each whether it counts. Holidays come from
`chinesecalendar`, so it can only judge up to the end of 2026.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import cache

import chinese_calendar

Span = tuple[dt.datetime, dt.datetime]
LAST_DAY = dt.date(2026, 12, 31)


@cache
def is_workday(day: dt.date) -> bool:
    return bool(chinese_calendar.is_workday(day))


def nth_workday_after(start: dt.date, count: int) -> dt.date:
    day = start
    while count:
        day += dt.timedelta(days=1)
        count -= is_workday(day)
    return day


def due_day(start: dt.date, steps: Sequence[tuple[int, str]], pauses: Sequence[Span] = (),
            works: Callable[[dt.date], bool] = is_workday) -> dt.date:
    """The last day of a limit. `steps`: the limit itself, then each extension, as (value, unit). Pauses in local time."""

    def stopped(day: dt.date) -> bool:
        return any(first.date() <= day <= last.date() for first, last in pauses)

    day = start
    for value, unit in steps:
        if unit == "month":
            value, unit = _days_of_months(day, value), "calendar_day"
        while value:
            day += dt.timedelta(days=1)
            if not stopped(day) and (unit == "calendar_day" or works(day)):
                value -= 1
        while stopped(day) or not works(day):
            day += dt.timedelta(days=1)
    return day


def due_moment(start: dt.datetime, steps: Sequence[tuple[int, str]], pauses: Sequence[Span] = (),
               works: Callable[[dt.date], bool] = is_workday) -> dt.datetime:
    """The last second of a limit whose steps may be days, months and hours; start and pauses in local time on full minutes."""
    moment = start
    for value, unit in steps:
        if unit == "hour":
            moment = _after_hours(moment, value, pauses)
        else:
            day = due_day(moment.date(), [(value, unit)], pauses, works)
            moment = dt.datetime.combine(day, dt.time(23, 59, 59), start.tzinfo)
    return moment


def opening(moment: dt.datetime, opens: dt.time, closes: dt.time, works: Callable[[dt.date], bool] = is_workday) -> dt.datetime:
    """When what was handed in at this moment counts as received: the first minute, from this one on, at which the centre is open."""
    while not (works(moment.date()) and opens <= moment.time() <= closes):
        moment += dt.timedelta(minutes=1)
    return moment


def _after_hours(moment: dt.datetime, hours: int, pauses: Sequence[Span]) -> dt.datetime:
    """Minute by minute; a day limit ends a second before midnight, so the first stretch may be that one second."""
    since = [((first - moment).total_seconds(), (last - moment).total_seconds()) for first, last in pauses]
    left, now, to_the_minute = hours * 3600, 0, 60 - moment.second
    while left:
        stretch = to_the_minute if to_the_minute < left else left
        for first, last in since:
            if first <= now < last:
                break
        else:
            left -= stretch
        now += stretch
        to_the_minute = 60
    return moment + dt.timedelta(seconds=now)


def due_minute(start: dt.datetime, hours: int, pauses: Sequence[Span] = ()) -> dt.datetime:
    """The end of a limit in hours, walked minute by minute; start and pauses must be on full minutes."""
    left, moment = hours * 60, start
    while left:
        if not any(first <= moment < last for first, last in pauses):
            left -= 1
        moment += dt.timedelta(minutes=1)
    return moment


def _days_of_months(start: dt.date, months: int) -> int:
    """How many days until the day of the same number, or the last day, that many months on: by walking."""
    day, passed = start, 0
    while True:
        ahead = day + dt.timedelta(days=1)
        if ahead.month != day.month:
            if passed == months:  # the month is over and the number never came
                return (day - start).days
            passed += 1
        day = ahead
        if passed == months and day.day == start.day:
            return (day - start).days
