"""Working days: which days the centre works, and how to count them.

Monday to Friday are worked, Saturday and Sunday are not, unless a row of the calendar says otherwise: a public holiday,
a Saturday or Sunday worked to make up for one (调休上班), or a local closure such as a day of storm. The rows come from
the calendar page; this file knows no database and never looks at the clock.

The General Office of the State Council announces each year's days in the autumn before. A year is *confirmed* once the
centre has entered that announcement. Later years are answered from the same rule and whatever rows there are, but
every date that depends on them is provisional.

Counting takes a few steps and no loop over days: the number of plain weekdays up to a date is arithmetic, and only the
rows that differ from the plain week are kept, sorted, with their running difference.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ONE_DAY = timedelta(days=1)

# The days people speak of by name. Rows carry the Chinese name; the sentence shown is in the reader's language.
KNOWN_NAMES = {
    "元旦": _("New Year's Day"),
    "春节": _("Spring Festival"),
    "清明节": _("Tomb-Sweeping Day"),
    "劳动节": _("Labour Day"),
    "端午节": _("Dragon Boat Festival"),
    "中秋节": _("Mid-Autumn Festival"),
    "国庆节": _("National Day"),
    "调休上班": _("make-up working day"),
}


@dataclass(frozen=True, slots=True)
class Day:
    """One row of the calendar: a day that is named, or that differs from the plain week."""

    date: date
    rest: bool
    name: str
    source: str = ""
    confirmed: bool = True


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days without work in a row, of which at least one is a named row: what people call a holiday."""

    first: date
    last: date
    name: str


class Calendar:
    """The working days of one township. Built from rows once, never changed afterwards."""

    __slots__ = ("_confirmed_years", "_differences", "_exceptions", "_makeups", "_rows", "_stretch_ends", "_stretches",
                 "_unconfirmed", "_worked")

    def __init__(self, days: Iterable[Day], confirmed_years: Collection[int]) -> None:
        """Later rows win over earlier ones of the same date: give the national days first, local closures after them."""
        self._rows = {day.date.toordinal(): day for day in days}
        self._confirmed_years = frozenset(confirmed_years)
        self._exceptions: list[int] = []  # ordinals of days that differ from the plain week
        self._differences: list[int] = [0]  # [i]: working days gained by the first i exceptions
        self._worked: list[int] = []  # [i]: working days up to and including the i-th exception
        self._makeups: list[int] = []
        for ordinal in sorted(self._rows):
            rest = self._rows[ordinal].rest
            if rest == _is_weekend(ordinal):
                continue
            self._exceptions.append(ordinal)
            self._differences.append(self._differences[-1] + (-1 if rest else 1))
            self._worked.append(_weekdays_until(ordinal) + self._differences[-1])
            if not rest:
                self._makeups.append(ordinal)
        self._unconfirmed = sorted(ordinal for ordinal, day in self._rows.items() if not day.confirmed)
        self._stretches = self._find_stretches()
        self._stretch_ends = [stretch.last for stretch in self._stretches]

    # -- one day ------------------------------------------------------------------------------------------------

    def is_workday(self, day: date) -> bool:
        ordinal = day.toordinal()
        row = self._rows.get(ordinal)
        return not (_is_weekend(ordinal) if row is None else row.rest)

    def name(self, day: date) -> str:
        """The name of the row as it was entered, or nothing: free of language, fit to be stored."""
        row = self._rows.get(day.toordinal())
        return row.name if row else ""

    def why(self, day: date) -> str:
        """Why the centre works or does not work on this day, in the reader's language."""
        name = self.name(day)
        if name:
            return say_name(name)
        return gettext("working day") if self.is_workday(day) else gettext("weekend")

    def is_confirmed(self, day: date) -> bool:
        row = self._rows.get(day.toordinal())
        return day.year in self._confirmed_years and (row is None or row.confirmed)

    # -- counting -----------------------------------------------------------------------------------------------

    def add(self, start: date, days: int) -> date:
        """The n-th working day after `start`; with 0 `start` itself; with -n the n-th working day before it."""
        if days == 0:
            return start
        ordinal = start.toordinal()
        if days > 0:
            return date.fromordinal(self._nth(self._until(ordinal) + days))
        return date.fromordinal(self._nth(self._until(ordinal - 1) + days + 1))

    def between(self, first: date, last: date) -> int:
        """Working days after `first` up to and including `last`; negative, the other way round, when `last` is earlier."""
        return self._until(last.toordinal()) - self._until(first.toordinal())

    def next_workday(self, day: date) -> date:
        """The first working day after this day."""
        return self.add(day, 1)

    def roll_forward(self, day: date) -> date:
        """This day if it is a working day, otherwise the first one after it."""
        return day if self.is_workday(day) else self.add(day, 1)

    # -- reasons ------------------------------------------------------------------------------------------------

    def unconfirmed_years(self, first: date, last: date) -> tuple[int, ...]:
        """Years whose days are not yet announced, or hold a row not yet confirmed, among these days (both included)."""
        years = {year for year in range(first.year, last.year + 1) if year not in self._confirmed_years}
        low, high = bisect_left(self._unconfirmed, first.toordinal()), bisect_right(self._unconfirmed, last.toordinal())
        years.update(date.fromordinal(ordinal).year for ordinal in self._unconfirmed[low:high])
        return tuple(sorted(years))

    def stretches(self, first: date, last: date) -> list[Stretch]:
        """The holidays and closures among these days (both included), cut off at the ends."""
        found = []
        for stretch in self._stretches[bisect_left(self._stretch_ends, first):]:
            if stretch.first > last:
                break
            if stretch.first < first or stretch.last > last:
                stretch = Stretch(max(stretch.first, first), min(stretch.last, last), stretch.name)
            found.append(stretch)
        return found

    def makeups(self, first: date, last: date) -> list[date]:
        """Saturdays and Sundays that are worked, among these days (both included)."""
        low, high = bisect_left(self._makeups, first.toordinal()), bisect_right(self._makeups, last.toordinal())
        return [date.fromordinal(ordinal) for ordinal in self._makeups[low:high]]

    # -- the workings -------------------------------------------------------------------------------------------

    def _until(self, ordinal: int) -> int:
        """Working days from the beginning of the era up to and including this day."""
        return _weekdays_until(ordinal) + self._differences[bisect_right(self._exceptions, ordinal)]

    def _nth(self, count: int) -> int:
        """The day on which the number of working days since the beginning of the era reaches `count`."""
        place = bisect_left(self._worked, count)
        plain = _nth_weekday(count - self._differences[place])
        # Not reached before the next exception: then that exception, a make-up day, is the one that completes the count.
        if place < len(self._exceptions) and plain > self._exceptions[place]:
            return self._exceptions[place]
        return plain

    def _find_stretches(self) -> list[Stretch]:
        found: list[Stretch] = []
        for day in (self._rows[ordinal].date for ordinal in sorted(self._rows) if self._rows[ordinal].rest):
            if found and day <= found[-1].last:
                continue
            first = last = day
            while not self.is_workday(first - ONE_DAY):
                first -= ONE_DAY
            while not self.is_workday(last + ONE_DAY):
                last += ONE_DAY
            length = (last - first).days + 1
            names = dict.fromkeys(filter(None, (self.name(first + timedelta(days=step)) for step in range(length))))
            found.append(Stretch(first, last, "、".join(names)))
        return found


def say_name(name: str) -> str:
    """The name of a day in the reader's language; names the centre made up itself stay as they were written."""
    return "、".join(str(KNOWN_NAMES[part]) if part in KNOWN_NAMES else part for part in name.split("、"))


def fixed_public_holidays(year: int) -> list[Day]:
    """The public holidays whose date the law itself fixes (全国年节及纪念日放假办法, 2024), for a year not announced yet.

    The moving ones and all make-up days wait for the announcement; therefore these rows are not confirmed.
    """
    fixed = [(1, 1, "元旦"), (5, 1, "劳动节"), (5, 2, "劳动节"), (10, 1, "国庆节"), (10, 2, "国庆节"), (10, 3, "国庆节")]
    source = "全国年节及纪念日放假办法"
    return [Day(date(year, month, day), True, name, source, confirmed=False) for month, day, name in fixed]


def _is_weekend(ordinal: int) -> bool:
    return (ordinal - 1) % 7 >= 5  # day 1 of the era was a Monday


def _weekdays_until(ordinal: int) -> int:
    """Mondays to Fridays from day 1 of the era up to and including this one."""
    weeks, days = divmod(ordinal, 7)
    return weeks * 5 + min(days, 5)


def _nth_weekday(count: int) -> int:
    """The ordinal of the n-th Monday-to-Friday of the era: the reverse of `_weekdays_until`."""
    weeks, days = divmod(count - 1, 5)
    return weeks * 7 + days + 1
