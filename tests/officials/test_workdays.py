"""Working days: the announced years day by day against another source, and the arithmetic against plain walking."""

import datetime as dt

import chinese_calendar
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from officials.announced_days import announced_days
from officials.workdays import Calendar, Day, Stretch, fixed_public_holidays
from tests.support.calendars import YEARS, announced_calendar

CALENDAR = announced_calendar()
PLAIN = Calendar([], ())
ONE = dt.timedelta(days=1)
any_day = st.dates(dt.date(1990, 1, 1), dt.date(2060, 12, 31))


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def walk(first: str, last: str) -> list[dt.date]:
    return [d(first) + ONE * step for step in range((d(last) - d(first)).days + 1)]


def test_every_day_of_2024_to_2026_agrees_with_another_source():
    days = walk("2024-01-01", "2026-12-31")
    assert [day for day in days if CALENDAR.is_workday(day) != chinese_calendar.is_workday(day)] == []


def test_2026_has_248_working_days_and_six_make_up_days():
    assert CALENDAR.between(d("2025-12-31"), d("2026-12-31")) == 248
    made_up = ["2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10"]
    assert CALENDAR.makeups(d("2026-01-01"), d("2026-12-31")) == [d(text) for text in made_up]


@pytest.mark.parametrize("count", [1, 2, 3, 5, 20, 100, 400])
def test_add_is_what_walking_finds_for_every_start(count):
    days = walk("2024-01-01", "2028-12-31")
    worked = [day for day in days if CALENDAR.is_workday(day)]
    for start in walk("2024-03-01", "2026-12-31"):
        after = [day for day in worked if day > start][:count]
        assert CALENDAR.add(start, count) == after[-1]
        assert CALENDAR.between(start, after[-1]) == count


def test_add_backwards_finds_the_nth_working_day_before():
    assert CALENDAR.add(d("2026-10-08"), -1) == d("2026-09-30")
    assert CALENDAR.add(d("2026-10-04"), -2) == d("2026-09-29")
    assert CALENDAR.add(d("2026-10-04"), 0) == d("2026-10-04")


def test_next_and_rolling_over_the_national_holiday():
    assert CALENDAR.next_workday(d("2026-09-30")) == d("2026-10-08")
    assert CALENDAR.roll_forward(d("2026-10-05")) == d("2026-10-08")
    assert CALENDAR.roll_forward(d("2026-10-10")) == d("2026-10-10"), "a Saturday that is worked stays"
    assert CALENDAR.roll_forward(d("2026-10-11")) == d("2026-10-12")


def test_why_names_the_day():
    with translation.override("en"):
        assert CALENDAR.why(d("2026-10-05")) == "National Day"
        assert CALENDAR.why(d("2026-10-10")) == "make-up working day"
        assert CALENDAR.why(d("2026-10-11")) == "weekend"
        assert CALENDAR.why(d("2026-10-12")) == "working day"
    assert CALENDAR.name(d("2026-10-05")) == "国庆节"


def test_holidays_are_the_stretches_that_were_announced():
    found = CALENDAR.stretches(d("2026-01-01"), d("2026-12-31"))
    assert [(str(one.first), str(one.last), one.name) for one in found] == [
        ("2026-01-01", "2026-01-03", "元旦"),
        ("2026-02-15", "2026-02-23", "春节"),
        ("2026-04-04", "2026-04-06", "清明节"),
        ("2026-05-01", "2026-05-05", "劳动节"),
        ("2026-06-19", "2026-06-21", "端午节"),
        ("2026-09-25", "2026-09-27", "中秋节"),
        ("2026-10-01", "2026-10-07", "国庆节"),
    ]
    assert CALENDAR.stretches(d("2026-10-06"), d("2026-10-20")) == [Stretch(d("2026-10-06"), d("2026-10-07"), "国庆节")]


def test_a_local_closure_wins_over_the_national_day():
    storm = Day(d("2026-10-10"), True, "暴雨停办", "镇政府通知")
    local = Calendar([*announced_days(YEARS), storm], YEARS)
    assert not local.is_workday(d("2026-10-10"))
    assert local.why(d("2026-10-10")) == "暴雨停办"
    assert local.next_workday(d("2026-10-09")) == d("2026-10-12")
    assert CALENDAR.is_workday(d("2026-10-10")), "the other calendar is untouched"


def test_a_named_row_that_changes_nothing_counts_nothing():
    calendar = Calendar([Day(d("2026-10-11"), True, "重阳活动"), Day(d("2026-10-12"), False, "照常上班")], (2026,))
    assert calendar.between(d("2026-10-09"), d("2026-10-12")) == 1


def test_beyond_the_confirmed_years_there_is_an_answer_but_no_certainty():
    assert CALENDAR.is_workday(d("2027-01-04"))
    assert not CALENDAR.is_confirmed(d("2027-01-04"))
    assert CALENDAR.is_confirmed(d("2026-12-31"))
    assert CALENDAR.unconfirmed_years(d("2026-12-01"), d("2026-12-31")) == ()
    assert CALENDAR.unconfirmed_years(d("2026-12-01"), d("2028-01-01")) == (2027, 2028)


def test_an_unconfirmed_row_makes_a_confirmed_year_uncertain():
    planned = Day(d("2026-11-20"), True, "停电检修(拟)", confirmed=False)
    calendar = Calendar([*announced_days(YEARS), planned], YEARS)
    assert calendar.unconfirmed_years(d("2026-11-01"), d("2026-11-30")) == (2026,)
    assert calendar.unconfirmed_years(d("2026-11-21"), d("2026-11-30")) == ()
    assert not calendar.is_confirmed(d("2026-11-20"))


def test_the_days_fixed_by_law_can_stand_in_for_a_year_not_announced():
    calendar = Calendar([*announced_days(YEARS), *fixed_public_holidays(2027)], YEARS)
    assert not calendar.is_workday(d("2027-01-01"))
    assert not calendar.is_confirmed(d("2027-01-01"))


def test_the_library_is_refused_for_years_it_would_guess():
    with pytest.raises(ValueError, match="2027"):
        announced_days([2027])


@given(any_day, st.integers(1, 2000))
def test_add_and_between_are_inverse(start, count):
    end = CALENDAR.add(start, count)
    assert CALENDAR.is_workday(end)
    assert CALENDAR.between(start, end) == count
    assert CALENDAR.between(end, start) == -count


@given(any_day, st.integers(1, 500))
def test_going_back_undoes_going_forward_from_a_working_day(start, count):
    start = CALENDAR.roll_forward(start)
    assert CALENDAR.add(CALENDAR.add(start, count), -count) == start


@given(any_day, any_day, any_day)
def test_between_adds_up(first, second, third):
    assert CALENDAR.between(first, second) + CALENDAR.between(second, third) == CALENDAR.between(first, third)


@given(st.dates(dt.date(2023, 6, 1), dt.date(2027, 6, 1)), st.dates(dt.date(2023, 6, 1), dt.date(2027, 6, 1)))
def test_between_is_what_counting_finds(first, last):
    first, last = sorted((first, last))
    days = [first + ONE * step for step in range(1, (last - first).days + 1)]
    assert CALENDAR.between(first, last) == sum(CALENDAR.is_workday(day) for day in days)


@given(any_day, st.integers(1, 300))
def test_a_calendar_without_rows_is_the_plain_week(start, count):
    day, left = start, count
    while left:
        day += ONE
        left -= day.weekday() < 5
    assert PLAIN.add(start, count) == day


rows = st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=40)


@given(rows, st.integers(-10, 70), st.integers(1, 40))
def test_any_set_of_rows_is_counted_like_walking(given_rows, offset, count):
    """Make-up Saturdays side by side, whole weeks off, weekends worked: whatever staff may enter."""
    base = d("2026-03-02")
    calendar = Calendar([Day(base + ONE * step, rest, "") for step, rest in given_rows], (2026,))
    start = day = base + ONE * offset
    left = count
    while left:
        day += ONE
        left -= calendar.is_workday(day)
    assert calendar.add(start, count) == day
