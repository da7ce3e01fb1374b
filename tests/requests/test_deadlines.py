"""From rows to dates: what the columns of a case say, and that a changed calendar moves open cases only."""

import datetime

import pytest

from officials import calendar, versions
from officials.audit import verb
from officials.calendar import read
from officials.models import CalendarDay, CalendarYear, User
from requests import calendar_changes, deadlines, verbs
from requests.models import ServiceRequest
from tests.support import world as w

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return w.build()


def accepted(world, moment):
    case = w.new_case(world, now=moment)
    verbs.accept(case, by=world.people.clerk, now=moment)
    return case


def test_a_received_case_shows_only_the_answer_on_acceptance(world):
    case = w.new_case(world, now=w.at("2026-09-18 10:00"))
    assert (case.due_kind, case.due_on) == ("acceptance_check", datetime.date(2026, 9, 24))
    assert case.promised_on is None and case.legal_on is None


def test_the_low_income_case_of_23_november_2026(world):
    case = accepted(world, w.at("2026-11-23 09:30"))
    assert case.promised_on == datetime.date(2026, 12, 28)
    assert case.legal_on.year == 2027
    legal = next(due for due in deadlines.dues(case) if due.limit.kind == "legal")
    assert legal.provisional is True


def test_a_case_handed_in_online_on_a_holiday_counts_from_the_next_working_day(world):
    job = User.objects.job("online")
    case = w.new_case(world, by=job, channel="online", now=w.at("2026-10-03 20:00"))
    assert case.received_at == w.at("2026-10-03 20:00")
    # First working day after 国庆 is 8 October; five working days after it, 10 October (Saturday) worked: 14 October.
    assert case.due_on == datetime.date(2026, 10, 14)


def test_on_the_spot_is_due_the_same_day_and_never_zero_days(world):
    case = w.new_case(world, edition=world.certificate, now=w.at("2026-11-23 09:30"))
    assert (case.due_kind, case.due_on) == ("on_the_spot", datetime.date(2026, 11, 23))


def test_a_new_closure_moves_open_cases_and_leaves_decided_ones(world):
    decided = accepted(world, w.at("2026-11-23 09:30"))
    verbs.decide(decided, "confirmed", by=world.people.official, now=w.at("2026-11-25 09:30"))
    open_case = accepted(world, w.at("2026-11-23 09:30"))
    tick = User.objects.job("tick")
    with verb("edit_calendar", by=tick, now=w.MONDAY):
        CalendarDay(township=world.township, date=datetime.date(2026, 12, 1), kind="rest", name="大雪停办", source="镇政府通知").save()
        versions.bump(versions.CALENDAR)
    moved = deadlines.differing([open_case], read(world.township.pk))
    assert [(a.due_on, b.due_on) for a, b in moved] == [(datetime.date(2026, 12, 28), datetime.date(2026, 12, 29))]
    versions.forget()
    assert calendar_changes.redate(datetime.date(2026, 12, 1), world.township.pk, now=w.MONDAY) == 1
    dates = dict(ServiceRequest.objects.values_list("pk", "due_on"))
    assert dates == {decided.pk: datetime.date(2026, 12, 28), open_case.pk: datetime.date(2026, 12, 29)}


def test_confirming_a_year_makes_dates_in_it_firm(world):
    case = accepted(world, w.at("2026-12-15 09:30"))
    assert case.is_provisional and case.due_on.year == 2027
    tick = User.objects.job("tick")
    with verb("confirm_year", by=tick, now=w.MONDAY):
        CalendarDay(date=datetime.date(2027, 1, 1), kind="rest", name="元旦", source="通知").save()
        CalendarYear(year=2027, source="通知", confirmed_at=w.MONDAY, confirmed_by=tick).save()
        versions.bump(versions.CALENDAR)
    calendar.forget()
    versions.forget()
    assert calendar_changes.redate(datetime.date(2027, 1, 1), None, now=w.MONDAY) == 1
    case.refresh_from_db()
    assert not case.is_provisional


def test_the_stored_dates_are_what_the_clock_says(world):
    for day in range(2, 28):
        accepted(world, w.at(f"2026-11-{day:02d} 10:00"))
    for case in ServiceRequest.objects.select_related("edition", "township"):
        assert deadlines.differing([case], read(world.township.pk)) == []


def test_on_some_channels_a_limit_starts_at_another_event(world):
    edition = world.low_income
    edition.start_by_channel = {"网上": "confirmed"}
    starts = {limit.kind: limit.starts_on for limit in deadlines.limits_of(edition, 5, "online")}
    assert starts == {"acceptance_check": "received", "promised": "confirmed", "legal": "confirmed"}
    assert {limit.starts_on for limit in deadlines.limits_of(edition, 5, "window")} == {"received", "accepted"}
