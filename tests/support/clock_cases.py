"""Random cases for the clock: several limits with their start events, pauses and extensions as rows, some taken back or made
shorter, counted by a calendar that somebody changes under the running case. Each is put to the product and to the oracle,
which share nothing.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from types import SimpleNamespace

from officials.announced_days import announced_days
from officials.workdays import Calendar, Day
from requests import clock, deadlines
from requests.clock import LOCAL, Kind, Limit, StartEvent, Unit
from tests.support import clock_oracle
from tests.support.calendars import YEARS

FIRST, LAST = dt.date(2024, 1, 2), dt.date(2026, 3, 31)
LONGEST = {"working_day": 45, "calendar_day": 60, "month": 2, "hour": 72}
MORE = {"working_day": 15, "calendar_day": 20, "month": 1, "hour": 48}
CHECK = "acceptance_check"
KINDS = ("promised", "legal")
ALL_KINDS = (*KINDS, CHECK)
STARTS = ("received", "accepted", "confirmed")
PROCEDURES = ("waiting", "step-4", "special-2", "law-hearing")
CASES_OF_A_CALENDAR = 50

Works = Callable[[dt.date], bool]
Said = dict[str, tuple[dt.datetime, dt.date, bool]]  # kind of limit → when it is due, the first date, does the clock stand still


@dataclass(frozen=True)
class Case:
    """What is known of a case: rows as the verbs write them for the product, and what they mean for the oracle."""

    submitted: dt.datetime | None  # handed in online: what counts as received follows from the calendar
    starts: dict[str, dt.datetime]
    limits: list[tuple[str, str, int, str]]  # kind, start event, value, unit
    pause_rows: list[SimpleNamespace]
    spans: list[tuple[dt.datetime, dt.datetime | None, tuple[str, ...]]]
    extension_rows: list[SimpleNamespace]
    steps: list[tuple[int, str, tuple[str, ...]]]


@dataclass(frozen=True)
class Year:
    """The calendar before and after somebody changed it: for the product as rows, for the oracle as days."""

    before: dict[dt.date, bool]
    after: dict[dt.date, bool]

    def calendars(self, rows_of: Callable[[dict[dt.date, bool]], Iterable[Day]]) -> tuple[Calendar, Calendar]:
        return Calendar(rows_of(self.before), YEARS), Calendar(rows_of(self.after), YEARS)


def _rows(changed: dict[dt.date, bool]) -> list[Day]:
    announced = {day.date: day for day in announced_days(YEARS)}
    own = {day: Day(day, rest, "本地调整", "镇政府通知", True) for day, rest in changed.items()}
    return list((announced | own).values())


# -- deliberately wrong rules: each of them must be found ---------------------------------------------------------


@dataclass(frozen=True)
class Wrong:
    """A rule somebody could have got wrong, as a change of what the product is given."""

    case: Callable[[Case], Case] = lambda case: case
    rows: Callable[[dict[dt.date, bool]], list[Day]] = _rows
    year: Callable[[Year], Year] = lambda year: year


def _a_day_early(case: Case) -> Case:
    return replace(case, starts={name: at - dt.timedelta(days=1) for name, at in case.starts.items()})


def _used_up(case: Case) -> Case:
    """The day on which the clock goes on again would count."""
    rows, begun = [], {}
    for row in case.pause_rows:
        if row.starts:
            begun[row.key] = row.at
            rows.append(row)
        else:
            rows.append(SimpleNamespace(**vars(row) | {"at": max(begun[row.key], row.at - dt.timedelta(days=1))}))
    return replace(case, pause_rows=rows)


def _for_all(case: Case) -> Case:
    return replace(case, pause_rows=[SimpleNamespace(**vars(row) | {"applies_to": ""}) for row in case.pause_rows])


def _thirty_days(case: Case) -> Case:
    def amount(value: int, unit: str) -> tuple[int, str]:
        return (30 * value, "calendar_day") if unit == "month" else (value, unit)

    return replace(case, limits=[(kind, start, *amount(value, unit)) for kind, start, value, unit in case.limits])


WRONG = {
    "the day of the event is counted": Wrong(case=_a_day_early),
    "the day the clock goes on again is used up": Wrong(case=_used_up),
    "what stops one limit stops all": Wrong(case=_for_all),
    "a month has thirty days": Wrong(case=_thirty_days),
    "an extension taken back still counts": Wrong(
        case=lambda case: replace(case, extension_rows=[row for row in case.extension_rows if not row.removes_id])
    ),
    "a Saturday worked to make up is a day off": Wrong(rows=lambda changed: [day for day in _rows(changed) if day.rest]),
    "a changed calendar leaves open cases alone": Wrong(year=lambda year: Year(year.before, year.before)),
}


# -- the two opinions ----------------------------------------------------------------------------------------------


def play(seed: str, numbers: Iterable[int], wrong: str = "") -> list[str]:
    """The differences of these cases; seed and number make each of them again. `wrong`: the product follows a wrong rule."""
    rule = WRONG[wrong] if wrong else Wrong()
    found: list[str] = []
    year, calendars, of = None, None, None
    for number in numbers:
        if of != number // CASES_OF_A_CALENDAR:  # another centre, where somebody changes the calendar
            of = number // CASES_OF_A_CALENDAR
            year = _year(random.Random(f"{seed} calendar {of}"))
            calendars = rule.year(year).calendars(rule.rows)
        case = make(random.Random(f"{seed} {number}"))
        for changed, calendar in zip((year.before, year.after), calendars, strict=True):
            said, expected = _product(rule.case(case), calendar), _oracle(case, changed)
            if said != expected:
                found.append(f"case {number} of seed {seed}: {said} instead of {expected}; {case}")
    return found


def _product(case: Case, calendar: Calendar) -> Said:
    starts = {StartEvent(name): at for name, at in case.starts.items()}
    if case.submitted is not None:
        starts[StartEvent.RECEIVED] = clock.counting_start(case.submitted, calendar)
    dues = clock.limits_due(
        [Limit(value, Unit(unit), StartEvent(start), Kind(kind)) for kind, start, value, unit in case.limits],
        starts,
        calendar,
        deadlines.pauses_of(_stored(case.pause_rows)),
        [deadlines.as_fact(row) for row in deadlines.in_force(case.extension_rows)],
        ended={Kind.ACCEPTANCE_CHECK} if "accepted" in case.starts else (),
    )
    return {str(due.limit.kind): (due.due_at, due.original_due_on, due.paused_since is not None) for due in dues}


def _oracle(case: Case, changed: dict[dt.date, bool]) -> Said:
    def works(day: dt.date) -> bool:
        return not changed[day] if day in changed else clock_oracle.is_workday(day)

    starts = dict(case.starts)
    if case.submitted is not None:
        starts["received"] = clock_oracle.opening(case.submitted, clock.OPENS, clock.CLOSES, works)
    expected: Said = {}
    for kind, start, value, unit in case.limits:
        if start not in starts or kind == CHECK and "accepted" in starts:
            continue
        at = starts[start]
        stops = [(max(first, at), last) for first, last, kinds in case.spans if kind in kinds and (last is None or last > at)]
        steps = [(value, unit), *((more, word) for more, word, kinds in case.steps if kind in kinds)]
        original = clock_oracle.due_moment(at, steps[:1], works=works)
        due, stands_still = _with_an_open_pause(at, steps, stops, works)
        expected[kind] = (due, original.date(), stands_still)
    return expected


def _with_an_open_pause(
    at: dt.datetime, steps: Sequence[tuple[int, str]], stops: list[tuple[dt.datetime, dt.datetime | None]], works: Works
) -> tuple[dt.datetime, bool]:
    """When it is due, and whether the clock stands still. A pause still open lasts at least as long as anything known of pauses;
    one that begins after the limit has run out stops nothing.
    """
    closed = [(first, last) for first, last in stops if last is not None]
    begun = min((first for first, last in stops if last is None), default=None)
    due = clock_oracle.due_moment(at, steps, closed, works)
    if begun is None or not (begun < due if steps[-1][1] == "hour" else begun.date() <= due.date()):
        return due, False
    until = max([begun, *(last for _first, last in closed)])
    return clock_oracle.due_moment(at, steps, [*closed, (begun, until)], works), True


# -- what happens to a case ----------------------------------------------------------------------------------------


def _year(dice: random.Random) -> Year:
    """Up to a dozen days that became days off (True) or working days (False); then up to a dozen more, and some taken back."""

    def days() -> dict[dt.date, bool]:
        chosen = (FIRST + dt.timedelta(days=dice.randrange(1060)) for _ in range(dice.randrange(12)))
        return {day: dice.random() < 0.6 for day in chosen}

    before = days()
    kept = {day: rest for day, rest in before.items() if dice.random() < 0.8}
    return Year(before, kept | days())


def make(dice: random.Random) -> Case:
    """A case as it could be, from one throw of dice."""
    submitted, starts = _starts(dice)
    limits = [(kind, dice.choice(STARTS), *_amount(dice, LONGEST)) for kind in KINDS if dice.random() < 0.8]
    if dice.random() < 0.5:
        limits.append((CHECK, "received", dice.randint(1, 5), "working_day"))
    first = submitted or starts["received"]
    return Case(submitted, starts, limits, *_pauses(dice, first), *_extensions(dice, first))


def _starts(dice: random.Random) -> tuple[dt.datetime | None, dict[str, dt.datetime]]:
    """Received at the window or handed in online, mostly accepted some days later, sometimes confirmed."""
    received = _moment(dice, FIRST, LAST)
    starts = {"received": received}
    for name, share in (("accepted", 0.8), ("confirmed", 0.5)):
        if dice.random() < share:
            starts[name] = received + dt.timedelta(minutes=dice.randrange(10 * 1440))
    return (received if dice.random() < 0.2 else None), starts


def _moment(dice: random.Random, first: dt.date, last: dt.date) -> dt.datetime:
    day = first + dt.timedelta(days=dice.randint(0, (last - first).days))
    return dt.datetime.combine(day, dt.time(dice.randint(0, 23), dice.randint(0, 59)), LOCAL)


def _amount(dice: random.Random, most: dict[str, int]) -> tuple[int, str]:
    unit = dice.choice(list(most))
    return dice.randint(1, most[unit]), unit


def _kinds(dice: random.Random) -> tuple[str, ...]:
    return dice.choice((ALL_KINDS, ALL_KINDS, ALL_KINDS, ("promised",), ("legal",)))


def _pauses(dice: random.Random, received: dt.datetime):
    """Rows of several procedures, beginnings and ends interleaved, now and then one still open; and the spans they mean."""
    rows, spans = [], []
    chosen = dice.sample(PROCEDURES, dice.randint(0, 3))
    still_open = chosen[0] if chosen and dice.random() < 0.2 else ""
    for procedure in chosen:
        at = received + dt.timedelta(minutes=dice.randrange(20 * 1440))
        times = dice.randint(1, 2)
        for time in range(1, times + 1):
            over = at + dt.timedelta(minutes=dice.randrange(15 * 1440))
            kinds, stops = _kinds(dice), dice.random() < 0.8
            applies = "" if kinds == ALL_KINDS else ",".join(kinds)
            common = {"key": procedure, "procedure": procedure, "reason": procedure, "basis": "", "stops": stops, "applies_to": applies}
            is_open = procedure == still_open and time == times
            rows.append(SimpleNamespace(starts=True, at=at, **common))
            if not is_open:
                rows.append(SimpleNamespace(starts=False, at=over, **common))
            if stops:
                spans.append((at, None if is_open else over, kinds))
            at = over + dt.timedelta(minutes=dice.randrange(1, 10 * 1440))
    rows.sort(key=lambda row: row.at)
    return rows, spans


def _extensions(dice: random.Random, received: dt.datetime):
    """Rows of extensions, some taken back by a later one, some made shorter (taken back, then less granted); and what is in force,
    in the order of approval.
    """
    rows, steps = [], []
    for number in range(1, dice.randint(0, 3) + 1):
        value, unit = _amount(dice, MORE)
        kinds, at = _kinds(dice), received + dt.timedelta(days=number)
        rows.append(_granted(number, value, unit, kinds, at))
        fate = dice.random()
        if fate < 0.4:
            rows.append(SimpleNamespace(pk=100 + number, value=None, unit="", removes_id=number))
        else:
            steps.append((at, value, unit, kinds))
        if fate < 0.2:
            less, at = dice.randint(1, value), received + dt.timedelta(days=number + 5)
            rows.append(_granted(200 + number, less, unit, kinds, at))
            steps.append((at, less, unit, kinds))
    steps.sort(key=lambda step: step[0])
    return rows, [(value, unit, kinds) for _at, value, unit, kinds in steps]


def _granted(pk: int, value: int, unit: str, kinds: tuple[str, ...], at: dt.datetime) -> SimpleNamespace:
    applies = "" if kinds == ALL_KINDS else ",".join(kinds)
    return SimpleNamespace(
        pk=pk, value=value, unit=unit, removes_id=None, applies_to=applies, procedure="延长", basis="", approving_body="负责人", at=at
    )


def _stored(rows: list[SimpleNamespace]) -> SimpleNamespace:
    """What the reading of rows needs of a case."""
    return SimpleNamespace(pk=1, _state=SimpleNamespace(adding=False), pauses=SimpleNamespace(all=lambda: rows))
