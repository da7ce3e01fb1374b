"""The opening page of the desk, the list of an official or a window, and where people are."""

import datetime
import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from officials import staffing
from officials.models import OfficeUserObjectPermission, Whereabouts
from officials.permissions import give_role
from requests import passing_on, verbs, worklist
from requests.demands import moves, orders
from requests.demands.registering import Told, register_demand
from requests.lifecycle import AlreadyHandled
from requests.models import ServiceRequest
from requests.views import mine
from services import publication
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"


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
    client = as_(world.people.clerk)
    for answer in (client.post("/desk/mine/", {"q": text}), client.get("/desk/mine/", {"q": text})):
        assert answer.status_code == 302 and answer["Location"] == f"/desk/{case.number}/"


def test_a_number_pasted_with_what_nobody_sees_or_typed_full_width_opens_the_case(world, cases, as_):
    case, client = cases[2], as_(world.people.clerk)
    wide = str(int(case.number[-6:])).translate({ord("0") + n: ord("０") + n for n in range(10)})
    for typed in (f"{case.number}\x00", f"\u200b{case.number}\x1b", wide):
        assert client.post("/desk/mine/", {"q": typed})["Location"] == f"/desk/{case.number}/"


def test_the_last_digits_mean_a_case_of_this_year_or_the_last(world, as_):
    client, this_year = as_(world.people.clerk), timezone.localdate().year
    older, lately = (w.new_case(world, now=w.at(f"{this_year - back}-01-08 09:00")) for back in (2, 1))
    answer = client.post("/desk/mine/", {"q": str(int(lately.number[-6:]))})
    assert answer["Location"] == f"/desk/{lately.number}/"
    assert client.post("/desk/mine/", {"q": older.number})["Location"] == f"/desk/{older.number}/"


def test_a_number_of_the_upper_system_opens_the_case(world, cases, as_):
    verbs.note_upper_number(cases[2], "槐民2026-77", by=world.people.official, now=timezone.now())
    assert as_(world.people.clerk).post("/desk/mine/", {"q": "槐民2026-77"})["Location"] == f"/desk/{cases[2].number}/"


@pytest.mark.parametrize("page", ["/desk/", "/desk/mine/"])
def test_what_is_typed_into_the_search_never_comes_into_an_address(world, cases, as_, page):
    client = as_(world.people.clerk)
    form = re.search(r'<form class="search".*?</form>', client.get(page).content.decode(), re.DOTALL)[0]
    assert 'method="post"' in form and 'action="/desk/mine/"' in form and "csrfmiddlewaretoken" in form
    for typed in ("张三丰", "990199195501010012", "12345678901"):
        html = client.post("/desk/mine/", {"q": typed}).content.decode()
        assert "No case found" in html and f'value="{typed}"' in html
        assert not re.search(f'(?:href|action)="[^"]*(?:{typed}|{quote(typed)})', html)
        assert client.get("/desk/mine/", {"q": typed})["Location"] == "/desk/mine/?who=intake"


def test_many_cases_found_are_paged_by_form(world, as_, monkeypatch):
    monkeypatch.setattr(mine, "PER_PAGE", 2)
    origin = {"origin": "old_ledger", "old_number": "登字18号"}
    made = [w.new_case(world, **origin).number for _ in range(3)]
    client = as_(world.people.clerk)
    first = client.post("/desk/mine/", {"q": "登字18号"}).content.decode()
    assert len(numbers_of(first)) == 2 and '<button class="button-quiet" type="submit" name="page" value="2">' in first
    second = client.post("/desk/mine/", {"q": "登字18号", "page": "2"}).content.decode()
    assert set(numbers_of(first) + numbers_of(second)) == set(made)


def test_an_empty_search_is_the_usual_list(world, cases, as_):
    answer = as_(world.people.official).post("/desk/mine/", {"q": " "})
    assert answer.status_code == 302 and answer["Location"].startswith("/desk/mine/")


def test_a_tracking_code_finds_nothing_and_is_explained(world, cases, as_):
    html = as_(world.people.clerk).post("/desk/mine/", {"q": "1234 5678 9012 3456"}).content.decode()
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
    assert len(figures) == 8
    for address, count in figures:
        listed = client.get(address.replace("&amp;", "&")).content.decode()
        assert len(numbers_of(listed)) == int(count), address


def test_clerks_see_their_buttons_and_editors_do_not(world, as_):
    assert 'href="/desk/new/"' in as_(world.people.clerk).get("/desk/").content.decode()
    html = as_(world.people.editor).get("/desk/").content.decode()
    assert 'href="/desk/new/"' not in html and "/ledger/" not in html
    assert 'href="/editing/"' in html


def a_submitted_text(world):
    editor, now = world.people.editor, timezone.now()
    return publication.submit(publication.start_draft(world.low_income.item, by=editor, now=now), by=editor, now=now)


def test_the_reviewer_reads_how_many_texts_wait_and_comes_to_their_list(world, as_):
    a_submitted_text(world)
    html = as_(world.people.reviewer).get("/desk/").content.decode()
    assert '<a href="/editing/?list=review">Texts waiting for your review: 1</a>' in html
    assert "Your drafts" not in html
    assert "Texts waiting" not in as_(world.people.editor).get("/desk/").content.decode()


def test_the_editor_reads_of_the_draft_that_came_back(world, as_):
    text = a_submitted_text(world)
    assert "Your drafts, begun or sent back: 0" in as_(world.people.editor).get("/desk/").content.decode()
    publication.return_to_author(text, reason="第二步缺依据", by=world.people.reviewer, now=timezone.now())
    html = as_(world.people.editor).get("/desk/").content.decode()
    assert '<a href="/editing/?list=drafts">Your drafts, begun or sent back: 1</a>' in html


def test_texts_cost_one_query_and_the_window_none(world, as_):
    def asked_for_texts(person) -> int:
        client = as_(person)
        with CaptureQueriesContext(connection) as asked:
            html = client.get("/desk/").content.decode()
        assert ("/editing/?list=" in html) == (person in (world.people.reviewer, world.people.editor))
        return sum('FROM "services_edition"' in query["sql"] for query in asked.captured_queries)

    assert [asked_for_texts(person) for person in (world.people.reviewer, world.people.editor, world.people.clerk)] == [1, 1, 0]


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


def test_back_at_the_desk_the_cases_come_back_from_the_deputy(world, cases, as_):
    client = as_(world.people.official)
    client.post("/desk/whereabouts/", {"where": "village"})
    me = {"person": world.people.official.staff_no}
    client.post("/desk/whereabouts/hand-over/", me)
    away = client.get("/desk/whereabouts/").content.decode()
    assert "/desk/whereabouts/take-back/" not in away, "nobody gets cases back who is still away"
    assert client.post("/desk/whereabouts/", {"where": "desk"})["Location"] == "/desk/whereabouts/"
    back = client.get("/desk/whereabouts/").content.decode()
    assert "3 with 甄探访" in back
    told = client.post("/desk/whereabouts/take-back/", me, follow=True).content.decode()
    assert "Given back to the holder of the post: 3" in told
    assert set(ServiceRequest.objects.open().values_list("holder__username", flat=True)) == {"official"}
    case = ServiceRequest.objects.open().first()
    assert [row.why for row in case.assignments.all()] == ["post", "deputy", "post"]
    assert case.events.last().verb == "give_back"


def _demand(world, now):
    told = Told(window=world.reception, channel="window", sort="help", words="路灯不亮", person=w.ZHANG)
    case = register_demand(told, by=world.people.clerk, now=now).case
    moves.dispatch(case, rhythm="timed", lead=world.civil, by=world.people.clerk, now=now)
    return case


def _order(world, now):
    give_role(world.people.supervisor, world.reception, "supervisor", by=world.people.head, now=now)
    day = timezone.localdate(now)
    line = orders.Line("档案缺照片", world.civil, day + datetime.timedelta(days=9))
    source = orders.Source("inspection", day)
    return orders.issue_orders(world.township, source, [line], form_token="", by=world.people.supervisor, now=now)[0]


def _decided(world, now):
    case = w.new_case(world, now=now)
    verbs.accept(case, by=world.people.clerk, now=now)
    verbs.decide(case, "confirmed", by=world.people.official, now=now)
    return case


@pytest.mark.parametrize("kind", [_demand, _order, _decided])
def test_demands_orders_and_what_is_decided_go_to_the_deputy_and_back_too(world, as_, kind):
    case = kind(world, days_ago(1))
    client, me = as_(world.people.official), {"person": world.people.official.staff_no}
    client.post("/desk/whereabouts/", {"where": "meeting"})
    assert ": 1 →" in client.get("/desk/whereabouts/").content.decode()
    client.post("/desk/whereabouts/hand-over/", me)
    case.refresh_from_db()
    assert (case.holder, case.events.last().verb) == (world.people.deputy, "hand_over")
    new = kind(world, timezone.now()) if kind is _demand else None  # comes in meanwhile: with the deputy at once
    client.post("/desk/whereabouts/", {"where": "desk"})
    client.post("/desk/whereabouts/take-back/", me)
    for one in filter(None, (case, new)):
        one.refresh_from_db()
        assert (one.holder, one.events.last().verb, one.assignments.last().why) == (world.people.official, "give_back", "post")
    passing_on.to_deputy(case, world.people.deputy, by=world.people.official, now=timezone.now())
    with pytest.raises(AlreadyHandled):  # two at once: the second is told
        passing_on.to_deputy(case, world.people.deputy, by=world.people.official, now=timezone.now())


def test_the_deputy_gives_one_case_back_but_not_to_somebody_away(world, cases, as_):
    case = ServiceRequest.objects.open().first()
    address = f"/desk/{case.number}/give-back/"
    assert address not in as_(world.people.official).get(f"/desk/{case.number}/").content.decode(), "A holds it"
    passing_on.to_deputy(case, world.people.deputy, by=world.people.official, now=timezone.now())
    client = as_(world.people.deputy)
    assert address in client.get(f"/desk/{case.number}/").content.decode()
    staffing.say_where(
        world.people.official, "meeting", since=timezone.now(), until=None, by=world.people.official, now=timezone.now()
    )
    refused = client.post(address, {"seen": case.status})
    assert refused.status_code == 422 and "is away" in refused.content.decode()
    staffing.say_where(world.people.official, "desk", since=timezone.now(), until=None, by=world.people.official, now=timezone.now())
    assert client.post(address, {"seen": case.status}).status_code == 302
    case.refresh_from_db()
    assert case.holder == world.people.official


def test_what_the_head_gave_to_a_third_person_does_not_come_back(world, cases, as_):
    one, *_others = ServiceRequest.objects.open().order_by("pk")
    verbs.assign(one, world.people.head, by=world.people.head, now=timezone.now())
    client = as_(world.people.official)
    client.post("/desk/whereabouts/take-back/", {"person": world.people.official.staff_no})
    one.refresh_from_db()
    assert one.holder == world.people.head


def test_what_the_head_gave_to_the_deputy_stays_there(world, cases, as_):
    one, other, *_others = ServiceRequest.objects.open().order_by("pk")
    verbs.assign(one, world.people.deputy, by=world.people.head, now=timezone.now())
    passing_on.to_deputy(other, world.people.deputy, by=world.people.official, now=timezone.now())
    client = as_(world.people.official)
    assert "1 with 甄探访" in client.get("/desk/whereabouts/").content.decode()
    assert "/give-back/" not in client.get(f"/desk/{one.number}/").content.decode()
    assert client.post(f"/desk/{one.number}/give-back/", {"seen": one.status}).status_code == 422
    client.post("/desk/whereabouts/take-back/", {"person": world.people.official.staff_no})
    assert set(ServiceRequest.objects.filter(holder=world.people.deputy)) == {one}


def test_only_the_head_takes_back_for_others(world, cases, as_):
    passing_on.hand_over(world.people.official, office=world.civil, by=world.people.official, now=timezone.now())
    address, data = "/desk/whereabouts/take-back/", {"person": world.people.official.staff_no}
    assert as_(world.people.clerk).post(address, data).status_code == 404
    assert as_(world.people.head).post(address, data).status_code == 302
    assert set(ServiceRequest.objects.open().values_list("holder__username", flat=True)) == {"official"}


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


def test_digits_alone_find_the_case_and_the_number_in_the_upper_system(world, cases, as_):
    """Such a number may look like one of ours read off without its hyphens."""
    one, other, *_rest = ServiceRequest.objects.open().order_by("pk")
    verbs.note_upper_number(other, "114301022026112300", by=world.people.official, now=timezone.now())
    client = as_(world.people.official)
    for typed, found in ((one.number.replace("-", ""), one), ("114301022026112300", other)):
        page = client.post("/desk/mine/?who=all", {"q": typed}, follow=True).content.decode()
        assert found.number in page, typed
