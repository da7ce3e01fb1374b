"""The counting itself: forward from a moment, around pauses, with the reasons noted on the way.

The rules it follows stand at the top of `requests/clock.py`.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from officials.workdays import ONE_DAY, Calendar
from requests.lights import LOCAL
from requests.limits import Pause, Unit
from requests.reasons import Line

END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True, slots=True)
class Stop:
    """Pauses that belong together. Open: the end is the last moment known to be stopped."""

    start: datetime
    end: datetime
    open: bool
    reason: str
    basis: str

    @property
    def first(self) -> date:
        return self.start.date()

    @property
    def last(self) -> date:
        return self.end.date()


def merge(pauses: Iterable[Pause], started: datetime) -> list[Stop]:
    """Pauses in order, in local time, cut off at the start of the limit, each moment once."""
    stops: list[Stop] = []
    for pause in sorted(pauses, key=lambda one: one.start):
        start = max(pause.start.astimezone(LOCAL), started)
        end = start if pause.end is None else pause.end.astimezone(LOCAL)
        if pause.end is not None and end <= started:
            continue  # over before the limit began
        if stops and (stops[-1].open or start <= stops[-1].end):
            before = stops.pop()
            stops.append(Stop(before.start, max(before.end, end), before.open or pause.end is None,
                               _joined(before.reason, pause.reason), _joined(before.basis, pause.basis)))
        else:
            stops.append(Stop(start, end, pause.end is None, pause.reason, pause.basis))
    return stops


class Count:
    """One count from a start to a date: moves `reached` forward and notes the reasons on the way."""

    __slots__ = ("_begun", "_noted", "calendar", "checked", "lines", "paused_since", "ran", "reached", "stops")

    def __init__(self, calendar: Calendar, stops: Sequence[Stop], started: datetime) -> None:
        self.calendar, self.stops, self.reached = calendar, stops, started
        self.lines: list[Line] = []
        self.ran: list[tuple[date, date]] = []  # stretches in which the clock ran: after the first, up to the second
        self.checked: list[tuple[date, date]] = []  # days whose being worked or not decided the result
        self.paused_since: date | None = None
        self._noted: set[int] = set()
        self._begun = False  # whether the first counted day has been named

    def run(self, value: int, unit: Unit) -> None:
        if unit == Unit.HOUR:
            self._run_hours(timedelta(hours=value))
        elif unit == Unit.WORKING_DAY:
            self._arrive(self._run_days(self.reached.date(), value, working=True))
        else:
            day = self.reached.date()
            if unit == Unit.MONTH:
                value = self._days_in_months(day, value)
            self._arrive(self._roll(self._run_days(day, value, working=False)))

    def running_workdays(self) -> int:
        return sum(self.calendar.between(after, upto) for after, upto in self.ran)

    def unconfirmed_years(self) -> list[int]:
        return sorted({year for first, last in self.checked for year in self.calendar.unconfirmed_years(first, last)})

    def _arrive(self, day: date) -> None:
        self.reached = datetime.combine(day, END_OF_DAY, LOCAL)

    def _run_days(self, day: date, left: int, *, working: bool) -> date:
        weekends = 0
        for number, stop in enumerate(self.stops):
            before = stop.first - ONE_DAY
            running = max(0, self.calendar.between(day, before) if working else (before - day).days)
            if running >= left:
                break
            if day < before:
                weekends += self._note_run(day, before, working)
            left -= running
            day = max(day, stop.last)
            self._note_stop(number, stop, left, Unit.WORKING_DAY if working else Unit.CALENDAR_DAY)
        end = self.calendar.add(day, left) if working else day + timedelta(days=left)
        weekends += self._note_run(day, end, working)
        if weekends:
            self.lines.append(Line("weekends", {"days": weekends}))
        return end

    def _roll(self, day: date) -> date:
        """On to the first running working day, if this one is none. The limit has not run out before that day is over, so a
        pause still open that began on the days off holds it too."""
        counted_until = day
        while True:
            self.checked.append((day, day))
            if not self.calendar.is_workday(day):
                worked = self.calendar.next_workday(day)
                self.checked.append((day, worked))
                self.lines.append(Line("rolled", {"on": day.isoformat(), "name": self.calendar.name(day),
                                                  "to_on": worked.isoformat()}))
                self.ran.append((day, worked))
                day = worked
            number = next((number for number, stop in enumerate(self.stops) if stop.first <= day <= stop.last), None)
            if number is None:
                for number, stop in enumerate(self.stops):
                    if stop.open and counted_until < stop.first <= day:
                        self._note_stop(number, stop, 1, Unit.CALENDAR_DAY)
                return day
            self._note_stop(number, self.stops[number], 1, Unit.CALENDAR_DAY)
            after = self.stops[number].last + ONE_DAY
            self.lines.append(Line("rolled_pause", {"on": day.isoformat(), "to_on": after.isoformat()}))
            day = after

    def _run_hours(self, left: timedelta) -> None:
        moment = self.reached
        for number, stop in enumerate(self.stops):
            running = max(timedelta(), stop.start - moment)
            if running >= left:
                break
            left -= running
            moment = max(moment, stop.end)
            self._note_stop(number, stop, -(-left // timedelta(hours=1)), Unit.HOUR)
        self.ran.append((self.reached.date(), (moment + left).date()))
        self.reached = moment + left

    def _days_in_months(self, day: date, months: int) -> int:
        year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
        length = monthrange(year, month + 1)[1]
        if day.day > length:
            self.lines.append(Line("month_end", {"day": day.day}))
        return (date(year, month + 1, min(day.day, length)) - day).days

    def _note_run(self, after: date, upto: date, working: bool) -> int:
        """Note what lies after the one day up to the other; returns the days of ordinary weekends among them."""
        counted = self.calendar.next_workday(after) if working else after + ONE_DAY
        if not self._begun and counted <= upto:
            self._begun = True
            self.lines.append(Line("first_day", {"on": counted.isoformat()}))
        self.ran.append((after, upto))
        if not working:
            return 0
        first = after + ONE_DAY
        self.checked.append((first, upto))
        named = 0
        for stretch in self.calendar.stretches(first, upto):
            named += (stretch.last - stretch.first).days + 1
            self.lines.append(Line("skipped", {"name": stretch.name, "first": stretch.first.isoformat(),
                                               "last": stretch.last.isoformat()}))
        self.lines.extend(Line("make_up", {"on": day.isoformat(), "name": self.calendar.name(day)})
                          for day in self.calendar.makeups(first, upto))
        return (upto - after).days - self.calendar.between(after, upto) - named

    def _note_stop(self, number: int, stop: Stop, left: int, unit: Unit) -> None:
        if number in self._noted:
            return
        self._noted.add(number)
        if stop.open:
            self.paused_since = stop.first
            self.lines.append(Line("paused_open", {"on": stop.first.isoformat(), "reason": stop.reason, "value": left,
                                                   "unit": str(unit)}))
        elif unit == Unit.HOUR:
            self.lines.append(Line("paused_hours", {"from_at": stop.start.isoformat(timespec="minutes"),
                                                    "to_at": stop.end.isoformat(timespec="minutes"), "reason": stop.reason}))
        else:
            self.lines.append(Line("paused", {"first": stop.first.isoformat(), "last": stop.last.isoformat(),
                                              "reason": stop.reason}))
        if stop.basis:
            self.lines.append(Line("pause_basis", {"basis": stop.basis}))


def _joined(first: str, second: str) -> str:
    return first if second in ("", first) else f"{first}; {second}" if first else second
