"""The directory, the card of an official, the page of an office, and the notices: what residents see of people."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from officials import calendar, staffing, versions
from officials.audit import verb
from officials.models import CalendarDay, Office, Official, Window
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def world():
    cache.clear()  # kept pages of the test before carry the same version
    return w.build()


@pytest.fixture
def resident(client):
    client.cookies["lang"] = "en"
    return client


def change(thing, **values):
    with verb("set_up", by=w.User.objects.job("setup"), now=w.MONDAY):
        for name, value in values.items():
            setattr(thing, name, value)
        thing.save()


def test_the_directory_lists_offices_with_their_people(world, resident):
    change(Official.objects.get(code="head"), is_leader=True)
    page = resident.get("/officials/").text
    assert page.index("Leaders of the township") < page.index("甄暖心") < page.index("民政窗口(民政办)") < page.index("甄关怀")
    assert 'href="/officials/official/"' in page
    assert 'href="/offices/ST04/"' in page
    assert "稻香村" not in page
    assert "csrfmiddlewaretoken" not in page


def test_who_left_or_is_not_public_is_not_shown(world, resident):
    change(Official.objects.get(code="official"), is_public=False)
    change(world.people.deputy, is_active=False)
    page = resident.get("/officials/").text
    assert "甄关怀" not in page
    assert "甄探访" not in page
    assert resident.get("/officials/official/").status_code == 404
    assert resident.get("/officials/deputy/").status_code == 404
    assert "甄探访" not in resident.get("/offices/ST04/").text


def test_the_card_says_whom_to_call_and_for_what(world, resident):
    page = resident.get("/officials/official/").text
    assert 'href="tel:0000-5550104"' in page
    assert "0000-555 0104" in page
    assert "低保经办岗" in page
    assert 'href="/officials/deputy/"' in page
    assert 'href="/services/MZ-001/"' in page
    assert 'href="/services/MZ-001/"' in resident.get("/officials/deputy/").text


def test_away_shows_who_stands_in_and_not_where(world, resident):
    """Kept pages follow at once; the meeting itself, its place and its end stay inside the house."""
    now = timezone.now()
    assert "Not at the post" not in resident.get("/officials/official/").text
    staffing.say_where(world.people.official, "meeting", since=now, until=None, by=world.people.official, now=now)
    page = resident.get("/officials/official/").text
    assert "Not at the post at the moment" in page
    assert "standing in now:" in page
    assert "meeting" not in page
    assert "standing in now" in resident.get("/officials/deputy/").text
    office = resident.get("/offices/ST04/").text
    assert "away" in office
    assert "meeting" not in office
    staffing.say_where(world.people.official, "desk", since=now, until=None, by=world.people.official, now=timezone.now())
    assert "Not at the post" not in resident.get("/officials/official/").text


def test_an_absence_with_an_end_is_not_kept_beyond_it(world, resident):
    now = timezone.now()
    staffing.say_where(world.people.official, "leave", since=now, until=now + timedelta(hours=1), by=world.people.official, now=now)
    assert resident.get("/officials/official/")["Cache-Control"] == "no-store"
    assert resident.get("/officials/")["Cache-Control"] == "no-cache"


def test_both_away_sends_to_the_office(world, resident):
    now = timezone.now()
    for person in (world.people.official, world.people.deputy):
        staffing.say_where(person, "leave", since=now, until=None, by=person, now=now)
    assert "nobody stands in; call the office" in resident.get("/officials/official/").text


def test_the_page_of_an_office(world, resident):
    change(world.civil, duties="低保、特困、临时救助")
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        Window(office=world.civil, name="3号窗口", place="大厅东侧").save()
        Window(office=world.civil, name="9号窗口", closed_on=date(2026, 1, 1)).save()
    page = resident.get("/offices/ST04/").text
    for words in (
        "低保、特困、临时救助",
        "3号窗口",
        "大厅东侧",
        "0000-555 0104",
        "0000-555 0199",
        "周一至周五",
        "甄关怀",
        "甄探访",
        "/services/MZ-009/",
    ):
        assert words in page
    assert "9号窗口" not in page


@pytest.mark.parametrize(
    "address", ["/officials/nobody/", "/offices/nowhere/", "/offices/V01/", "/offices/" + "x" * 200 + "/", "/officials/张/"]
)
def test_missing_ones_are_not_found(world, resident, address):
    assert resident.get(address).status_code == 404


def test_a_closed_office_is_gone(world, resident):
    change(Office.objects.get(code="ST01"), closed_on=date(2026, 11, 1))
    assert resident.get("/offices/ST01/").status_code == 404


@pytest.mark.parametrize(("address", "most"), [("/officials/", 6), ("/officials/official/", 8), ("/offices/ST04/", 9), ("/notices/", 8)])
def test_a_fixed_number_of_queries_and_none_when_kept(
    world, resident, address, most, django_assert_max_num_queries, django_assert_num_queries
):
    resident.get("/services/")
    with django_assert_max_num_queries(most):
        resident.get(address)
    with django_assert_num_queries(0):
        resident.get(address)


def test_notices_tell_days_off_new_items_and_special_hours(world, resident):
    today = timezone.localdate()
    assert "No holidays" in resident.get("/notices/").text or "closed" in resident.get("/notices/").text
    monday = today + timedelta(days=7 - today.weekday() + 21)
    with verb("edit_calendar", by=world.people.supervisor, now=w.MONDAY):
        CalendarDay(township=world.township, date=monday, kind="rest", name="暴雪停办", source="通知").save()
        versions.bump(versions.CALENDAR)
        versions.bump(versions.CATALOGUE)
    calendar.forget()
    change(world.civil, hours="周一至周六 08:00-18:00")
    page = resident.get("/notices/").text
    assert "暴雪停办" in page
    assert "周一至周六 08:00-18:00" in page
