"""When is it due, and why that day. Pure rules: no database, no clock of its own.

How days are counted
--------------------
* The day on which a limit starts is not counted; counting begins with the next day (民法典 201).
* A day is used up only if the clock ran through all of it. So the day a pause begins, the days it lasts and the day
  the clock goes on again are not used up: what was left before the pause is still left after it, and counting goes on
  with the day after. Pauses that overlap or touch count once.
* Working days: as the calendar says; calendar days: every day. A limit in months ends on the day of the same number,
  or on the last of the month if there is none (民法典 202); for pauses it is as many days long as those months have.
* Calendar days and months that would end on a day off, or on a day of pause, end on the next running working day
  (民法典 203). Day limits end at 24:00, shown as 23:59:59.
* Hours run from the moment itself through nights and days off (民法典 201); pauses are taken out to the second.
* An extension is added after the date reached so far, in its own unit, in the order of approval. Taking one back means
  not passing it: pauses and the other extensions are then counted afresh.
* An open pause holds the remaining time. The date given meanwhile is the earliest possible one: as if the clock went
  on the same day. A pause that begins after the limit has run out stops nothing and hides no lateness.
* A date that depends on a year whose days off are not confirmed is provisional.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from officials.workdays import Calendar
from requests.counting import END_OF_DAY, Count, merge
from requests.lights import LOCAL, Colour, Light, is_late, light
from requests.limits import Extension, Kind, Limit, Pause, Start, StartEvent, Unit, check_aware
from requests.reasons import Line, explain, say_date

__all__ = ["LOCAL", "Colour", "Due", "Extension", "Kind", "Light", "Limit", "Line", "Pause", "Start", "StartEvent", "Unit",
           "counting_start", "due", "explain", "governing", "is_late", "light", "limits_due", "say_date"]

OPENS, CLOSES = time(8, 30), time(17, 30)


@dataclass(frozen=True, slots=True)
class Due:
    """The answer. `allowed` is the length of the limit, extensions included and pauses left out, in working days; in
    hours where `by_hours`, so that a light can be drawn from stored columns. `original_due_on` knows neither pauses
    nor extensions. `paused_since` is set while a pause is open that the limit really ran into."""

    limit: Limit
    started_at: datetime
    due_at: datetime
    due_on: date
    original_due_on: date
    provisional: bool
    paused_since: date | None
    allowed: int
    by_hours: bool
    lines: tuple[Line, ...]

    def light(self, now: datetime, calendar: Calendar) -> Light:
        return light(self.due_at, now, self.started_at, calendar, paused_since=self.paused_since, by_hours=self.by_hours,
                     allowed=self.allowed)


def due(limit: Limit, started_at: datetime, calendar: Calendar, pauses: Iterable[Pause] = (),
        extensions: Iterable[Extension] = (), *, submitted_at: datetime | None = None) -> Due:
    """The due date of one limit. `submitted_at`: when it was really handed in, if `counting_start` moved the start."""
    check_aware(started_at)
    started = started_at.astimezone(LOCAL)
    stops = merge((pause for pause in pauses if limit.kind in pause.applies_to), started)
    granted = sorted((one for one in extensions if limit.kind in one.applies_to), key=lambda one: one.at)
    count = Count(calendar, stops, started)
    _begin(count, limit, submitted_at)
    count.run(limit.value, limit.unit)
    for extension in granted:
        _extend(count, extension)
    original_on = count.reached.date()
    if stops or granted:
        plain = Count(calendar, (), started)
        plain.run(limit.value, limit.unit)
        original_on = plain.reached.date()
    by_hours = limit.unit == Unit.HOUR and all(one.unit == Unit.HOUR for one in granted)
    years = count.unconfirmed_years()
    lines = _conclude(count, by_hours, original_on, years)
    allowed = limit.value + sum(one.value for one in granted) if by_hours else count.running_workdays()
    return Due(limit, started, count.reached, count.reached.date(), original_on, bool(years), count.paused_since, allowed,
               by_hours, lines)


def fixed(kind: Kind, started_at: datetime, on: date) -> Due:
    """A date that somebody set, to its last second; no counting leads to it, so nothing moves it either."""
    started = started_at.astimezone(LOCAL)
    days = max(1, (on - started.date()).days)
    limit = Limit(days, Unit.CALENDAR_DAY, StartEvent.DISPATCHED, kind)
    lines = (Line(f"set_{kind}", {"on": on.isoformat()}), Line("due", {"on": on.isoformat()}))
    return Due(limit, started, datetime.combine(on, END_OF_DAY, LOCAL), on, on, False, None, days, False, lines)


def limits_due(limits: Iterable[Limit], starts: Mapping[StartEvent, datetime], calendar: Calendar,
               pauses: Sequence[Pause] = (), extensions: Sequence[Extension] = (), *,
               ended: Collection[Kind] = (), submitted_at: datetime | None = None) -> list[Due]:
    """A Due for every limit whose start event has happened and that has not ended, in the order of the limits.

    Pauses and extensions go to the kinds of limit they name. `ended`: kinds that no longer run, such as the
    acceptance check of an accepted case.
    """
    running = [limit for limit in limits if limit.starts_on in starts and limit.kind not in ended]
    return [due(limit, starts[limit.starts_on], calendar, pauses, extensions,
                submitted_at=submitted_at if limit.starts_on == StartEvent.RECEIVED else None) for limit in running]


def governing(dues: Iterable[Due]) -> Due | None:
    """The one that counts on the lists: the soonest whose clock runs, else the soonest, else none."""
    return min(dues, key=lambda one: (one.paused_since is not None, one.due_at), default=None)


def counting_start(submitted_at: datetime, calendar: Calendar, opens: time = OPENS, closes: time = CLOSES) -> datetime:
    """The moment something handed in online counts as received (the law is silent; the centre's rule, shown on the page).

    On a day off, or after closing, it counts as received when the next working day opens; before opening, when the
    same day opens; otherwise at once. The day so found is the day of receipt and, as always, not counted itself.
    """
    check_aware(submitted_at)
    local = submitted_at.astimezone(LOCAL)
    day = local.date()
    if not calendar.is_workday(day) or local.time() > closes:
        day = calendar.next_workday(day)
    return max(local, datetime.combine(day, opens, LOCAL))


# -- the reasons around a count ---------------------------------------------------------------------------------


def _begin(count: Count, limit: Limit, submitted_at: datetime | None) -> None:
    started = count.reached
    lines = count.lines
    lines.append(Line("limit", {"kind": str(limit.kind), "value": limit.value, "unit": str(limit.unit)}))
    if limit.basis:
        lines.append(Line("basis", {"basis": limit.basis}))
    if submitted_at is not None and submitted_at.astimezone(LOCAL).date() != started.date():
        handed_in = submitted_at.astimezone(LOCAL).isoformat(timespec="minutes")
        lines.append(Line("handed_in", {"at": handed_in, "on": started.date().isoformat()}))
    if limit.unit == Unit.HOUR:
        lines.append(Line(f"hours_{limit.starts_on}", {"at": started.isoformat(timespec="minutes")}))
    else:
        lines.append(Line(f"started_{limit.starts_on}", {"on": started.date().isoformat()}))


def _extend(count: Count, extension: Extension) -> None:
    """The reasons met while counting the extension follow its own line."""
    before, count.lines = count.lines, []
    count.run(extension.value, extension.unit)
    params: dict[str, str | int] = {"value": extension.value, "unit": str(extension.unit), "by": extension.approved_by_text,
                                    "on": extension.at.astimezone(LOCAL).date().isoformat(), "reason": extension.reason}
    if extension.unit == Unit.HOUR:
        line = Line("extended_hours", {**params, "to_at": count.reached.isoformat(timespec="minutes")})
    else:
        line = Line("extended", {**params, "to_on": count.reached.date().isoformat()})
    count.lines = [*before, line, *count.lines]


def _conclude(count: Count, by_hours: bool, original_on: date, years: Sequence[int]) -> tuple[Line, ...]:
    lines, due_on = count.lines, count.reached.date()
    if by_hours or count.reached.time() != END_OF_DAY:
        lines.append(Line("due_hours", {"at": count.reached.isoformat(timespec="minutes")}))
    else:
        lines.append(Line("due", {"on": due_on.isoformat()}))
    if original_on != due_on:
        lines.append(Line("original", {"on": original_on.isoformat()}))
    lines.extend(Line("provisional", {"year": year}) for year in years)
    return tuple(lines)
