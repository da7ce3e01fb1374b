"""The opening page of the desk, the list of an official or a window, and where people are."""

import datetime
import re

import pytest
from django.utils import timezone

from officials import staffing
from officials.models import OfficeUserObjectPermission, Whereabouts
from requests import verbs, worklist
from requests.models import ServiceRequest
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.cookies["lang"] = "en"
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


def days_ago(days: int) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


def numbers_of(html: str) -> list[str]:
    return re.findall(r'<a class="code" href="/desk/([0-9-]+)/"', html)


@pytest.fixture
def cases(world):
    """An old case that is late, a new one, and one that is accepted."""
    late = w.new_case(world, now=days_ago(40))
    new = w.new_case(world, now=days_ago(0))
    accepted = w.new_case(world, now=days_ago(3))
    verbs.accept(accepted, by=world.people.clerk, now=days_ago(3))
    return late, new, accepted


# -- the list ---------------------------------------------------------------------------------------------------


def test_soonest_first_with_light_masked_name_and_date(world, cases, as_):
    late, new, accepted = cases
    html = as_(world.people.official).get("/desk/mine/").content.decode()
    assert numbers_of(html) == [late.number, new.number, accepted.number]
    assert "Open cases: 3" in html
    assert "Red light" in html and "Working days late" in html and "Green light" in html
    assert "张**" in html and "张三丰" not in html


def test_filters_live_in_the_address(world, cases, as_):
    late, _, accepted = cases
    client = as_(world.people.official)
    assert numbers_of(client.get("/desk/mine/?late=1").content.decode()) == [late.number]
    assert numbers_of(client.get("/desk/mine/?status=accepted").content.decode()) == [accepted.number]
    assert numbers_of(client.get("/desk/mine/?status=decided").content.decode()) == []
    odd = client.get("/desk/mine/?who=everybody&status=%22&page=zzz&late=perhaps")
    assert odd.status_code == 200 and len(numbers_of(odd.content.decode())) == 3


@pytest.mark.parametrize("typed", ["{number}", "{tail}", " {number} "])
def test_a_number_opens_the_case(world, cases, as_, typed):
    case = cases[2]
    text = typed.format(number=case.number, tail=int(case.number[-6:]))
    answer = as_(world.people.clerk).get("/desk/mine/", {"q": text})
    assert answer.status_code == 302 and answer["Location"] == f"/desk/{case.number}/"


def test_a_tracking_code_finds_nothing_and_is_explained(world, cases, as_):
    html = as_(world.people.clerk).get("/desk/mine/", {"q": "1234 5678 9012 3456"}).content.decode()
    assert "This looks like a tracking code" in html and "No case found" in html


def test_what_is_not_visible_is_not_listed(world, cases, as_):
    OfficeUserObjectPermission.objects.filter(user=world.people.clerk2).delete()
    client = as_(world.people.clerk2)
    for query in ("", "?who=office", "?who=all&status=all", f"?q={cases[0].number}"):
        answer = client.get("/desk/mine/" + query)
        assert answer.status_code == 200 and numbers_of(answer.content.decode()) == []


def test_in_a_list_too_first_asked_learns_no_more_than_state_and_date(world, as_):
    case = w.new_case(world)
    OfficeUserObjectPermission.objects.filter(user=world.people.clerk).delete()
    html = as_(world.people.clerk).get("/desk/mine/?who=all").content.decode()
    assert numbers_of(html) == [case.number]
    assert "最低生活保障" not in html and "张**" not in html


def test_fifty_a_page_and_a_fixed_number_of_queries(world, as_, django_assert_max_num_queries):
    for _ in range(52):
        w.new_case(world)
    client = as_(world.people.official)
    client.get("/desk/mine/")
    # Session, person, office of the person, rights, offices below; the counts and the rows.
    with django_assert_max_num_queries(7):
        first = client.get("/desk/mine/").content.decode()
    assert len(numbers_of(first)) == 50 and "Open cases: 52" in first
    assert len(numbers_of(client.get("/desk/mine/?page=2").content.decode())) == 2


# -- the opening page -------------------------------------------------------------------------------------------


def test_the_figures_add_up_and_open_their_lists(world, cases, as_):
    client = as_(world.people.official)
    load = worklist.workload(world.people.official, "me", timezone.now())
    assert load.to_do == load.late + load.today and load.late == 1 and load.open == 3
    html = client.get("/desk/").content.decode()
    assert f"To deal with today: {load.to_do}" in html
    figures = re.findall(r'<a href="(/desk/mine/\?[^"]+)">[^<]+<span class="count">(\d+)</span>', html)
    assert len(figures) == 7
    for address, count in figures:
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        assert len(numbers_of(listed)) == int(count), address


def test_clerks_see_their_buttons_and_editors_do_not(world, as_):
    assert 'href="/desk/new/"' in as_(world.people.clerk).get("/desk/").content.decode()
    html = as_(world.people.editor).get("/desk/").content.decode()
    assert 'href="/desk/new/"' not in html and "/ledger/" not in html
    assert 'href="/editing/"' in html


def test_the_bar_shows_rooms_by_right_and_where_one_is(world, as_):
    html = as_(world.people.head).get("/desk/mine/").content.decode()
    assert 'href="/overdue/"' in html and 'href="/audit/"' not in html
    assert 'href="/desk/mine/" aria-current="true"' in html


def test_who_is_out_is_told_first_with_who_stands_in(world, as_):
    now = timezone.now()
    staffing.say_where(
        world.people.official, "meeting", since=now, until=now + datetime.timedelta(hours=3), by=world.people.official, now=now
    )
    html = as_(world.people.clerk).get("/desk/").content.decode()
    assert "甄关怀" in html and "in a meeting, until" in html and "甄探访 stands in" in html


def test_nobody_signed_in_is_sent_to_the_door(client):
    for address in ("/desk/", "/desk/mine/", "/desk/whereabouts/"):
        assert client.get(address)["Location"].startswith("/accounts/login/")


# -- where I am -------------------------------------------------------------------------------------------------


def test_leaving_with_waiting_cases_offers_the_deputy_and_hands_over(world, cases, as_):
    client = as_(world.people.official)
    until = timezone.localtime(timezone.now() + datetime.timedelta(days=2))
    answer = client.post("/desk/whereabouts/", {"where": "leave", "until": f"{until:%Y-%m-%dT%H:%M}"})
    assert answer["Location"] == "/desk/whereabouts/"
    html = client.get(answer["Location"]).content.decode()
    assert "甄探访" in html and ": 3 →" in html
    client.post("/desk/whereabouts/hand-over/", {"person": world.people.official.staff_no})
    assert set(ServiceRequest.objects.open().values_list("holder__username", flat=True)) == {"deputy"}
    why = {case.assignments.last().why for case in ServiceRequest.objects.all()}
    assert why == {"deputy"}


def test_back_at_the_desk(world, as_):
    client = as_(world.people.official)
    client.post("/desk/whereabouts/", {"where": "village"})
    assert client.post("/desk/whereabouts/", {"where": "desk"})["Location"] == "/desk/"
    assert staffing.whereabouts([world.people.official.pk], timezone.now()) == {}


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"where": "moon"},
        {"where": "leave"},
        {"where": "leave", "until": "2020-01-01T09:00"},
        {"where": "village", "until": "soon"},
    ],
)
def test_odd_whereabouts_are_refused_with_a_sentence(world, as_, data):
    answer = as_(world.people.official).post("/desk/whereabouts/", data)
    assert answer.status_code == 422 and "Nothing you typed was lost" in answer.content.decode()
    assert not Whereabouts.objects.exists()


def test_only_the_head_hands_over_for_others(world, cases, as_):
    address, data = "/desk/whereabouts/hand-over/", {"person": world.people.official.staff_no}
    assert as_(world.people.deputy).post(address, data).status_code == 404
    assert as_(world.people.clerk).post(address, data).status_code == 404
    assert as_(world.people.head).post(address, data).status_code == 302
    assert set(ServiceRequest.objects.open().values_list("holder__username", flat=True)) == {"deputy"}
