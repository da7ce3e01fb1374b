"""Many hands at once, over HTTP from eight processes, on whichever database the suite runs. Each with its control:
with the guard taken away the same crowd must do damage, otherwise the test would prove nothing."""

import time

import pytest

from officials.audit import verify
from officials.audit.verify import Tampering
from officials.models import CalendarDay
from requests import calendar_changes, lifecycle, verbs
from requests.models import Event, ServiceRequest
from tests.support import crowd
from tests.support import world as w

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db):
    return w.build()


@pytest.fixture
def slow_hands(monkeypatch):
    """Everybody looks at the page before anybody's press arrives: the moment in which a race is lost or won."""
    audited = lifecycle.audited

    def slowly(*args, **options):
        time.sleep(0.5)
        return audited(*args, **options)

    monkeypatch.setattr(lifecycle, "audited", slowly)


def hundred_starts(world, live_server):
    """One accepted case, and a hundred attempts of two people to take it in hand."""
    case = w.new_case(world)
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    sessions = [crowd.session_of(person) for person in (world.people.official, world.people.deputy)]
    path = f"/desk/{case.number}/start/"
    answers = crowd.send(live_server, [crowd.post(path, {}, sessions[n % 2]) for n in range(100)])
    return case, answers


def test_a_hundred_attempts_at_one_transition_have_one_winner(world, live_server, slow_hands):
    case, answers = hundred_starts(world, live_server)
    statuses = [answer["status"] for answer in answers]
    assert max(statuses) < 500, sorted(set(statuses))
    assert statuses.count(302) == 1
    assert statuses.count(409) + statuses.count(422) == 99
    assert Event.objects.filter(service_request=case, verb="start").count() == 1
    case.refresh_from_db()
    assert case.status == "in_hand"
    assert case.history.filter(status="in_hand").count() == 1
    verify.verify()


def test_control_without_the_lock_several_win(world, live_server, slow_hands, monkeypatch):
    monkeypatch.setattr(lifecycle, "_locked", lambda shown: shown)
    case, _ = hundred_starts(world, live_server)
    assert Event.objects.filter(service_request=case, verb="start").count() > 1


def intake_fields(world, token: str) -> dict:
    fields = {
        "form_token": token, "edition": world.low_income.pk, "then": "receive", "channel": "window", "everything": "on",
        "name": "张三丰", "id_number": "990199195501010012", "phone": "12345678901",
        "another_because": "每一次都是另一件事",
    }  # fmt: skip
    return fields


def test_a_form_posted_fifty_times_makes_one_case(world, live_server):
    session = crowd.session_of(world.people.clerk)
    path = "/desk/new/MZ-001/"
    answers = crowd.send(live_server, [crowd.post(path, intake_fields(world, "f" * 32), session) for _ in range(50)])
    assert {answer["status"] for answer in answers} == {302}, [a["body"][:2000] for a in answers if a["status"] != 302][:1]
    assert len({answer["location"] for answer in answers}) == 1
    assert ServiceRequest.objects.count() == 1


def test_numbers_of_forty_parallel_intakes_have_no_gap(world, live_server):
    session = crowd.session_of(world.people.clerk)
    posts = [crowd.post("/desk/new/MZ-001/", intake_fields(world, f"{n:032d}"), session) for n in range(40)]
    answers = crowd.send(live_server, posts)
    assert {answer["status"] for answer in answers} == {302}
    numbers = sorted(int(n.rsplit("-", 1)[1]) for n in ServiceRequest.objects.values_list("number", flat=True))
    assert numbers == list(range(1, 41))
    try:
        verify.verify()
    except Tampering as found:
        raise AssertionError(str(found)) from found


def test_a_crowd_that_adds_one_day_to_the_calendar_leaves_one_row(world, live_server):
    """Whoever was overtaken is told so; nobody meets an error page."""
    session = crowd.session_of(world.people.supervisor)
    day = {"date": "2026-11-25", "kind": "rest", "source": "镇政府通知", "confirm": "1", "mark": calendar_changes.mark()}
    answers = crowd.send(live_server, [crowd.post("/desk/calendar/day/", day | {"name": f"暴雪{n}"}, session) for n in range(24)])
    assert sorted(answer["status"] for answer in answers) == [302] + [409] * 23
    assert CalendarDay.objects.filter(date="2026-11-25").count() == 1
