"""A、B角都不在: the head names a third person at the post; the work goes there and back, the dates and the names stand (domain 16.5)."""

import datetime

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.utils import timezone

from officials import staffing, versions
from officials.models import StandIn
from officials.permissions import HANDLE, SUPERVISE, TAKE_IN, grant, rights
from requests import leaving, standing_in, verbs
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Document, ServiceRequest
from tests.support import world as w
from tests.support.intake_pages import sign_in, text

pytestmark = pytest.mark.django_db
PAGE = "/desk/whereabouts/third/"
HANDLES = StandIn.Scope.HANDLE


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def world(db, now):
    """Holder and deputy of the post are both away, without an end."""
    world = w.build()
    go(world.people.official, "village", now)
    go(world.people.deputy, "leave", now)
    return world


def go(person, where, now, until=None):
    staffing.say_where(person, where, since=now, until=until, by=person, now=now)
    cache.clear()
    versions.forget()


def again(person):
    """The person of the next request."""
    return get_user_model().objects.get(pk=person.pk)


def name(world, now, person=None, **other):
    said = {"until": now + datetime.timedelta(hours=6), "scope": HANDLES, "why": "都下村了", "by": world.people.head, "now": now}
    return standing_in.name_third(world.low_income.post, person or world.people.clerk2, **said | other)


def test_name_third_moves_new_and_waiting_work_and_no_date(world, now):
    p = world.people
    waiting, accepted = w.new_case(world, now=now), w.new_case(world, now=now)
    verbs.accept(accepted, by=p.clerk, now=now)
    dates = {case.pk: (case.due_on, case.due_at) for case in (waiting, accepted)}
    assert not rights(again(p.clerk2)).has(HANDLE, world.civil.pk)
    assert {case.pk for case in name(world, now)} == {waiting.pk, accepted.pk}
    new = w.new_case(world, now=now)
    for case in (waiting, accepted, new):
        case.refresh_from_db()
        assert (case.holder, case.assignments.last().why) == (p.clerk2, "third")
        assert dates.get(case.pk, (case.due_on, case.due_at)) == (case.due_on, case.due_at)
    event = waiting.events.get(verb="hand_over")
    assert (event.by, event.facts) == (p.head, {"before": p.official.pk, "holder": p.clerk2.pk, "third": True})
    assert "都下村了" not in StandIn.objects.get().why, "sealed: it may say who is ill"


def test_the_third_person_decides_and_the_paper_bears_that_name(world, now, client):
    p = world.people
    case = w.new_case(world, now=now)
    sign_in(client, p.clerk2)
    assert client.post(f"/desk/{case.number}/decide/").status_code == 403, "not yet: the window took it in, no more"
    name(world, now)
    third = again(p.clerk2)
    verbs.accept(case, by=third, now=now)
    verbs.decide(case, "confirmed", by=third, now=now)
    go(p.official, "desk", now)
    standing_in.settle(now)
    case.refresh_from_db()
    assert case.decided_by == p.clerk2 and case.events.get(verb="decide").by == p.clerk2
    papers = Document.objects.filter(service_request=case).exclude(kind="receipt")
    assert set(papers.values_list("by", flat=True)) == {p.clerk2.pk}, "never re-signed as A afterwards"


def test_only_to_take_in_leaves_the_cases_with_the_holder(world, now):
    p = world.people
    case = w.new_case(world, now=now)
    assert name(world, now, scope=StandIn.Scope.TAKE_IN) == []
    case.refresh_from_db()
    assert (case.holder, w.new_case(world, now=now).holder) == (p.official, p.official)
    held = rights(again(p.clerk2))
    assert held.has(TAKE_IN, world.civil.pk) and not held.has(HANDLE, world.civil.pk)
    standing = staffing.standing(world.low_income.post, now)
    assert not standing.is_empty and standing.stands_in == p.clerk2


def test_name_third_is_for_the_head_who_may_name_the_own_person(world, now):
    p = world.people
    for person in (p.official, p.clerk, p.supervisor, p.inspector):
        with pytest.raises(Refused):
            name(world, now, by=person)
    assert not StandIn.objects.exists()
    name(world, now, p.head)
    assert w.new_case(world, now=now).holder == p.head


def test_name_third_is_refused(world, now):
    p = world.people
    go(p.clerk, "meeting", now)
    weeks = now + datetime.timedelta(days=40)
    for wrong in (
        {"person": p.clerk},  # away too
        {"person": p.official},  # the holder
        {"person": p.outsider},  # of no office here
        {"person": p.agent},  # of a village
        {"until": now},
        {"until": weeks},  # longer than fifteen working days
        {"why": " "},
    ):
        with pytest.raises(Refused):
            name(world, now, **wrong)
    grant(p.head, world.centre, SUPERVISE, by=p.supervisor, now=now)
    name(world, now, until=weeks)
    with pytest.raises(AlreadyHandled):
        name(world, now, p.head)
    assert StandIn.objects.count() == 1


def test_a_post_with_somebody_there_needs_no_third(world, now):
    go(world.people.deputy, "desk", now)
    with pytest.raises(Refused):
        name(world, now)
    assert staffing.standing(world.low_income.post, now).actor == world.people.deputy


def test_back_at_the_desk_the_work_comes_back_at_once(world, now, client):
    p = world.people
    case = w.new_case(world, now=now)
    name(world, now)
    sign_in(client, p.official)
    client.post("/desk/whereabouts/", {"where": "desk"})
    case.refresh_from_db()
    assert (case.holder, case.assignments.last().why, case.events.last().verb) == (p.official, "post", "give_back")
    assert StandIn.objects.filter(ends__isnull=False).count() == 1
    assert not rights(again(p.clerk2)).has(HANDLE), "the right ends with it"


def test_when_the_time_is_over_the_work_goes_to_whoever_is_there(world, now):
    p = world.people
    case, given = w.new_case(world, now=now), w.new_case(world, now=now)
    name(world, now)
    given.refresh_from_db()
    verbs.assign(given, p.head, by=p.head, now=now)
    later = now + datetime.timedelta(hours=7)
    assert standing_in.settle(now) == 0 and standing_in.settle(later) == 1 and standing_in.settle(later) == 0
    case.refresh_from_db()
    given.refresh_from_db()
    assert case.holder == p.official, "still nobody there: the holder stays answerable"
    assert given.holder == p.head, "what the head gave away stays there"
    assert staffing.standing(world.low_income.post, later).is_empty


def test_end_third_gives_back_and_is_done_once(world, now):
    case = w.new_case(world, now=now)
    name(world, now)
    row = StandIn.objects.get()
    with pytest.raises(Refused):
        standing_in.end_third(row, by=world.people.clerk, now=now)
    assert standing_in.end_third(row, by=world.people.head, now=now) == [case]
    with pytest.raises(AlreadyHandled):
        standing_in.end_third(row, by=world.people.head, now=now)
    case.refresh_from_db()
    assert case.holder == world.people.official
    name(world, now)
    assert ServiceRequest.objects.get().holder == world.people.clerk2, "named again"


def test_the_third_person_leaves_and_nobody_is_there_again(world, now):
    p = world.people
    name(world, now)
    with staffing.verb("made_administrator", by=p.head, now=now):
        p.outsider.is_staff = True
        p.outsider.save()
    leaving.close_account(p.clerk2, by=p.outsider, now=now)
    assert staffing.standing(world.low_income.post, now).is_empty


def test_the_head_names_on_the_page_and_everybody_sees_it(world, now, client):
    p = world.people
    case = w.new_case(world, now=now)
    post = world.low_income.post
    assert "请到栖禾镇便民服务中心" in text(client.get("/offices/ST04/"))
    assert "请到栖禾镇便民服务中心" in text(client.get("/services/MZ-001/"))
    sign_in(client, p.clerk)
    assert client.get(PAGE).status_code == 403 and client.post(PAGE + "end/").status_code == 403
    sign_in(client, p.head)
    assert f"{PAGE}?post={post.pk}" in text(client.get("/desk/"))
    until = timezone.localtime(now + datetime.timedelta(hours=5))
    data = {"post": post.pk, "person": p.clerk2.pk, "scope": "handle", "until": f"{until:%Y-%m-%dT%H:%M}", "why": "都下村了"}
    for wrong in ({"person": ""}, {"person": p.agent.pk}, {"until": "2020-01-01T09:00"}, {"scope": "all"}, {"why": ""}):
        assert client.post(PAGE, data | wrong).status_code == 422 and not StandIn.objects.exists()
    assert client.post(PAGE, data | {"post": "9" * 12}).status_code == 404
    assert client.post(PAGE, data)["Location"] == PAGE
    assert client.post(PAGE, data).status_code == 409 and StandIn.objects.count() == 1, "sent twice is once"
    assert "都下村了" in text(client.get(PAGE))
    case.refresh_from_db()
    assert case.holder == p.clerk2
    assert "第三人" in text(client.get(f"/desk/{case.number}/"))
    assert "应代办顶岗" in text(client.get("/desk/"))
    sign_in(client, p.clerk2)
    assert "甄暖心" in text(client.get("/desk/")) and "低保经办岗" in text(client.get("/desk/"))
    client.logout()
    for page in ("/services/MZ-001/", "/offices/ST04/"):
        assert "应代办" in text(client.get(page)) and "请到栖禾镇便民服务中心" not in text(client.get(page))
    sign_in(client, p.head)
    client.post(PAGE + "end/", {"stand_in": StandIn.objects.get().pk})
    client.post(PAGE + "end/", {"stand_in": StandIn.objects.earliest("id").pk})
    assert StandIn.objects.count() == 2
    client.logout()
    assert "应代办" not in text(client.get("/services/MZ-001/"))
