"""Somebody leaves, or A and B are both away: nothing that somebody holds is left without a person (domain 14, no. 17)."""

import pytest
from django.core.cache import cache

from officials import staffing, versions
from officials.models import User
from requests import leaving, verbs
from requests.lifecycle import Refused
from requests.models import Assignment, Document
from tests.support import world as w
from tests.support.intake_pages import sign_in, text

pytestmark = pytest.mark.django_db
LATER = w.at("2026-11-02 15:00")


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def admin(world):
    with staffing.verb("made_administrator", by=User.objects.job("setup"), now=w.MONDAY):
        world.people.outsider.is_staff = True
        world.people.outsider.save()
    return world.people.outsider


def away(world, *people, until=None):
    for person in people:
        staffing.say_where(person, "village", since=w.MONDAY, until=until, by=person, now=w.MONDAY)
    cache.clear()
    versions.forget()


def test_close_account_gives_the_cases_to_the_deputy_and_from_the_deputy_to_the_head(world, admin):
    p = world.people
    case, decided, ended = (w.new_case(world) for _n in range(3))
    verbs.withdraw(ended, reason="不办了", by=p.clerk, now=w.MONDAY)
    verbs.accept(decided, by=p.clerk, now=w.MONDAY)
    verbs.decide(decided, "confirmed", by=p.official, now=w.MONDAY)
    with pytest.raises(Refused):
        leaving.close_account(p.official, by=p.head, now=LATER)
    with pytest.raises(Refused):
        leaving.close_account(admin, by=admin, now=LATER)
    assert {one.pk for one in leaving.close_account(p.official, by=admin, now=LATER)} == {case.pk, decided.pk}
    case.refresh_from_db()
    newest = Assignment.objects.filter(service_request=case).latest("id")
    assert (case.holder, newest.why, newest.by) == (p.deputy, Assignment.Why.LEFT, admin)
    event = case.events.get(verb="holder_left")
    assert (event.facts["before"], event.facts["holder"]) == (p.official.pk, p.deputy.pk)
    assert w.new_case(world, now=LATER).holder == p.deputy, "what comes in after that goes to who is there"
    leaving.close_account(p.deputy, by=admin, now=LATER)
    case.refresh_from_db()
    assert case.holder == p.head
    with pytest.raises(Refused):
        leaving.close_account(p.deputy, by=admin, now=LATER)


def test_the_page_says_to_whom_it_falls_and_closes_once(world, admin, client):
    w.new_case(world)
    address = f"/desk/accounts/{world.people.official.pk}/close/"
    sign_in(client, world.people.head)
    assert client.get(address).status_code == 403
    sign_in(client, admin)
    page = text(client.get(address))
    assert "甄探访" in page and "低保经办岗" in page
    assert client.post(address).status_code == 302 and client.post(address).status_code == 409
    assert not User.objects.get(pk=world.people.official.pk).is_active


def test_both_away_the_head_is_asked_and_the_item_page_shows_the_way(world, client):
    case = w.new_case(world)
    away(world, world.people.official)
    assert "目前没有人" not in text(client.get("/services/MZ-001/")), "the deputy is there"
    away(world, world.people.deputy)
    page = text(client.get("/services/MZ-001/"))
    assert "目前没有人" in page and "0000-5550100" in page and "办理期限不变" in page
    sign_in(client, world.people.head)
    notice = text(client.get("/desk/")).partition("notice-late")[2].partition("<form")[0]
    assert f"/desk/{case.number}/assign/" in notice and "农村最低生活保障" in notice and "张**" in notice and "灯" in notice
    sign_in(client, world.people.clerk)
    assert f"/desk/{case.number}/assign/" not in text(client.get("/desk/"))
    away(world, world.people.deputy, until=w.at("2026-11-02 10:00"))
    client.logout()
    assert "目前没有人" not in text(client.get("/services/MZ-001/")), "back by the clock"


def test_mistake_17_both_away_who_signs_and_the_leavers_account(world, admin, client):
    """AB岗同时离岗;代岗办件署名错误;离职人员账号未收."""
    p = world.people
    case = w.new_case(world)
    due = case.due_on
    away(world, p.official, p.deputy)
    standing = staffing.standing(world.low_income.post, LATER)
    assert standing.is_empty and standing.actor == p.official, "the holder stays answerable, nobody else is put down"
    sign_in(client, p.head)
    assert "岗位" in text(client.get("/desk/")) and case.number in text(client.get("/desk/"))
    verbs.assign(case, p.head, reason="A、B角都不在", by=p.head, now=LATER)
    assert (case.holder, case.due_on) == (p.head, due)
    verbs.accept(case, by=p.clerk, now=LATER)
    verbs.decide(case, "confirmed", by=p.head, now=LATER)
    assert case.decided_by == p.head and case.events.get(verb="decide").by == p.head, "who acted signs"
    assert set(Document.objects.filter(service_request=case).values_list("by", flat=True)) <= {p.head.pk, p.clerk.pk}
    sign_in(client, p.official)
    leaving.close_account(p.official, by=admin, now=LATER)
    assert client.get("/desk/").status_code == 302, "closed at once, in the middle of the day"
    assert leaving.held_by(p.official) == []
