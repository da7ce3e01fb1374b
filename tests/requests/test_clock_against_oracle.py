"""The clock against a second opinion that walks day by day, on random cases with a fixed seed; and its speed."""

import datetime as dt
import random
import time

import pytest

from requests import clock
from requests.clock import LOCAL, Extension, Kind, Limit, Pause, StartEvent, Unit
from tests.support import clock_oracle
from tests.support.calendars import announced_calendar

pytestmark = pytest.mark.once
CALENDAR = announced_calendar()
SEED = 20261123
FIRST, LAST = dt.date(2024, 1, 1), dt.date(2026, 3, 31)
LONGEST = {"working_day": 60, "calendar_day": 90, "month": 3}


@pytest.fixture
def dice(request):
    print(f"seed {SEED}")
    return random.Random(f"{SEED} {request.node.name}")


def some_moment(dice: random.Random, first: dt.date = FIRST, last: dt.date = LAST) -> dt.datetime:
    day = first + dt.timedelta(days=dice.randint(0, (last - first).days))
    return dt.datetime.combine(day, dt.time(dice.randint(0, 23), dice.randint(0, 59)), LOCAL)


def some_span(dice: random.Random, start: dt.datetime, days: int) -> tuple[dt.datetime, dt.datetime]:
    first = start + dt.timedelta(minutes=dice.randint(-5 * 1440, 70 * 1440))
    return first, first + dt.timedelta(minutes=dice.randint(0, days * 1440))


def make_limit(value: int, unit: str) -> Limit:
    return Limit(value, Unit(unit), StartEvent.ACCEPTED, Kind.PROMISED)


def test_ten_thousand_random_limits(dice):
    wrong = []
    for _ in range(10_000):
        start, unit = some_moment(dice, last=dt.date(2026, 8, 31)), dice.choice(list(LONGEST))
        value = dice.randint(1, LONGEST[unit])
        expected = clock_oracle.due_day(start.date(), [(value, unit)])
        found = clock.due(make_limit(value, unit), start, CALENDAR)
        if (found.due_on, found.provisional) != (expected, False):
            wrong.append((start, value, unit, found.due_on, expected))
    assert wrong == []


def test_ten_thousand_random_limits_with_pauses_and_extensions(dice):
    wrong = []
    for _ in range(10_000):
        start, unit = some_moment(dice), dice.choice(list(LONGEST))
        steps = [(dice.randint(1, LONGEST[unit] // 2 or 1), unit)]
        for _ in range(dice.randint(0, 2)):
            more = dice.choice(list(LONGEST))
            steps.append((dice.randint(1, 1 if more == "month" else 20), more))
        spans = [some_span(dice, start, 20) for _ in range(dice.randint(0, 4))]
        approved = [start + dt.timedelta(days=number) for number in range(len(steps))]
        extensions = [Extension(value, Unit(word), "", "", at) for (value, word), at in zip(steps[1:], approved[1:], strict=True)]
        dice.shuffle(extensions)
        found = clock.due(make_limit(*steps[0]), start, CALENDAR, [Pause(*span, "停") for span in spans], extensions)
        expected = clock_oracle.due_day(start.date(), steps, [(max(a, start), b) for a, b in spans if b >= start])
        original = clock_oracle.due_day(start.date(), steps[:1])
        if (found.due_on, found.original_due_on) != (expected, original):
            wrong.append((start, steps, spans, found.due_on, expected))
    assert wrong == []


def test_hours_with_pauses_minute_by_minute(dice):
    wrong = []
    for _ in range(400):
        start, hours = some_moment(dice), dice.randint(1, 72)
        spans = []
        for _ in range(dice.randint(0, 4)):
            first = start + dt.timedelta(minutes=dice.randint(-600, 5000))
            spans.append((first, first + dt.timedelta(minutes=dice.randint(0, 1500))))
        found = clock.due(make_limit(hours, "hour"), start, CALENDAR, [Pause(*span, "停") for span in spans])
        expected = clock_oracle.due_minute(start, hours, spans)
        if found.due_at != expected:
            wrong.append((start, hours, spans, found.due_at, expected))
    assert wrong == []


def quickest(action, rounds: int = 5, times: int = 400) -> float:
    """Seconds for one call, the best of some rounds: what the machine can do when nobody disturbs it."""
    best = float("inf")
    for _ in range(rounds):
        begin = time.perf_counter()
        for _ in range(times):
            action()
        best = min(best, (time.perf_counter() - begin) / times)
    return best


def test_a_due_date_takes_under_50_microseconds_and_a_light_under_10():
    limit, start = make_limit(25, "working_day"), dt.datetime(2026, 9, 18, 10, tzinfo=LOCAL)
    now = dt.datetime(2026, 10, 9, 10, tzinfo=LOCAL)
    due = clock.due(limit, start, CALENDAR)
    a_due = quickest(lambda: clock.due(limit, start, CALENDAR))
    a_light = quickest(lambda: due.light(now, CALENDAR))
    print(f"due {a_due * 1e6:.1f} µs, light {a_light * 1e6:.1f} µs")
    assert a_due < 50e-6
    assert a_light < 10e-6
