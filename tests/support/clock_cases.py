"""Random cases for the clock: several limits with their start events, pauses and extensions as rows, some taken back, on a
calendar somebody changed. Each is put to the product and to the oracle, which share nothing.
"""

from __future__ import annotations

import datetime as dt
import random
from types import SimpleNamespace

from officials.announced_days import announced_days
from officials.workdays import Calendar, Day
from requests import clock, deadlines
from requests.clock import LOCAL, Kind, Limit, StartEvent, Unit
from tests.support import clock_oracle
from tests.support.calendars import YEARS

FIRST, LAST = dt.date(2024, 1, 2), dt.date(2026, 1, 31)
LONGEST = {"working_day": 45, "calendar_day": 60, "month": 2}
MORE = {"working_day": 15, "calendar_day": 20, "month": 1}
KINDS = ("promised", "legal")
STARTS = ("received", "accepted", "confirmed")
PROCEDURES = ("waiting", "step-4", "special-2", "law-hearing")


def play(seed: str, count: int) -> list[str]:
    """The differences of so many cases; the seed and the number of the case make each of them again."""
    found: list[str] = []
    calendar, changed = None, {}
    for number in range(count):
        dice = random.Random(f"{seed} {number}")
        if number % 50 == 0:  # somebody changes the calendar: the cases after it are counted by the new one
            changed = _changes(dice)
            calendar = _calendar(changed)
        found += [f"case {number}: {fault}" for fault in _differences(dice, calendar, changed)]
    return found


def _changes(dice: random.Random) -> dict[dt.date, bool]:
    """Days that became days off (True) or working days (False), up to a dozen."""
    days = (FIRST + dt.timedelta(days=dice.randrange(1000)) for _ in range(dice.randrange(12)))
    return {day: dice.random() < 0.6 for day in days}


def _calendar(changed: dict[dt.date, bool]) -> Calendar:
    announced = {day.date: day for day in announced_days(YEARS)}
    own = {day: Day(day, rest, "本地调整", "镇政府通知", True) for day, rest in changed.items()}
    return Calendar((announced | own).values(), YEARS)


def _differences(dice: random.Random, calendar: Calendar, changed: dict[dt.date, bool]) -> list[str]:
    def works(day: dt.date) -> bool:
        return not changed[day] if day in changed else clock_oracle.is_workday(day)

    starts = _starts(dice)
    limits = [(kind, dice.choice(STARTS), *_amount(dice, LONGEST)) for kind in KINDS if dice.random() < 0.8]
    pause_rows, spans = _pauses(dice, starts["received"])
    extension_rows, steps = _extensions(dice, starts["received"])
    case = _stored(pause_rows)
    dues = clock.limits_due(
        [Limit(value, Unit(unit), StartEvent(start), Kind(kind)) for kind, start, value, unit in limits],
        {StartEvent(name): at for name, at in starts.items()},
        calendar,
        deadlines.pauses_of(case),
        [deadlines.as_fact(row) for row in deadlines.in_force(extension_rows)],
    )
    said = {str(due.limit.kind): (due.due_on, due.original_due_on) for due in dues}
    expected = {}
    for kind, start, value, unit in limits:
        if start in starts:
            at = starts[start]
            stopped = [(max(first, at), last) for first, last, kinds in spans if kind in kinds and last > at]
            longer = [(more, word) for more, word, kinds in steps if kind in kinds]
            original = clock_oracle.due_day(at.date(), [(value, unit)], works=works)
            expected[kind] = (clock_oracle.due_day(at.date(), [(value, unit), *longer], stopped, works), original)
    return [] if said == expected else [f"{starts} {limits} {spans} {steps}: {said} instead of {expected}"]


def _starts(dice: random.Random) -> dict[str, dt.datetime]:
    """Received, mostly accepted some days later, sometimes confirmed."""
    received = _moment(dice, FIRST, LAST)
    starts = {"received": received}
    for name, share in (("accepted", 0.9), ("confirmed", 0.5)):
        if dice.random() < share:
            starts[name] = received + dt.timedelta(minutes=dice.randrange(10 * 1440))
    return starts


def _moment(dice: random.Random, first: dt.date, last: dt.date) -> dt.datetime:
    day = first + dt.timedelta(days=dice.randint(0, (last - first).days))
    return dt.datetime.combine(day, dt.time(dice.randint(0, 23), dice.randint(0, 59)), LOCAL)


def _amount(dice: random.Random, most: dict[str, int]) -> tuple[int, str]:
    unit = dice.choice(list(most))
    return dice.randint(1, most[unit]), unit


def _kinds(dice: random.Random) -> tuple[str, ...]:
    return dice.choice((KINDS, KINDS, KINDS, ("promised",), ("legal",)))


def _pauses(dice: random.Random, received: dt.datetime):
    """Rows as verbs write them, beginnings and ends of several procedures interleaved; and the spans they mean."""
    rows, spans = [], []
    for procedure in dice.sample(PROCEDURES, dice.randint(0, 3)):
        at = received + dt.timedelta(minutes=dice.randrange(20 * 1440))
        for _ in range(dice.randint(1, 2)):
            over = at + dt.timedelta(minutes=dice.randrange(15 * 1440))
            kinds, stops = _kinds(dice), dice.random() < 0.8
            applies = "" if kinds == KINDS else ",".join(kinds)
            common = {"key": procedure, "procedure": procedure, "reason": procedure, "basis": "", "stops": stops, "applies_to": applies}
            rows += [SimpleNamespace(starts=True, at=at, **common), SimpleNamespace(starts=False, at=over, **common)]
            if stops:
                spans.append((at, over, kinds))
            at = over + dt.timedelta(minutes=dice.randrange(1, 10 * 1440))
    rows.sort(key=lambda row: row.at)
    return rows, spans


def _extensions(dice: random.Random, received: dt.datetime):
    """Rows of extensions, some taken back by later ones; and the steps still in force, in the order of approval."""
    rows, steps = [], []
    for number in range(1, dice.randint(0, 3) + 1):
        value, unit = _amount(dice, MORE)
        kinds = _kinds(dice)
        applies = "" if kinds == KINDS else ",".join(kinds)
        at = received + dt.timedelta(days=number)
        rows.append(SimpleNamespace(
            pk=number, value=value, unit=unit, removes_id=None, applies_to=applies, procedure="延长", basis="", approving_body="负责人",
            at=at,
        ))  # fmt: skip
        if dice.random() < 0.3:
            rows.append(SimpleNamespace(pk=100 + number, value=None, unit="", removes_id=number))
        else:
            steps.append((value, unit, kinds))
    return rows, steps


def _stored(rows: list[SimpleNamespace]) -> SimpleNamespace:
    """What the reading of rows needs of a case."""
    return SimpleNamespace(pk=1, _state=SimpleNamespace(adding=False), pauses=SimpleNamespace(all=lambda: rows))
