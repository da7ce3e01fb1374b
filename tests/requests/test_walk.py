"""The straight road of one case, verb by verb, and what each leaves behind."""

import datetime

import pytest

from officials.audit.verify import verify
from requests import verbs
from requests.models import ServiceRequest
from tests.support import world as w

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return w.build()


def test_a_low_income_case_from_receipt_to_delivery(world):
    now = w.at("2026-11-23 09:30")
    case = w.new_case(world, now=now)
    assert case.number == "990199101-2026-000001"
    assert case.holder == world.people.official
    assert case.due_kind == "acceptance_check"
    verbs.accept(case, by=world.people.clerk, now=now)
    assert case.promised_on == datetime.date(2026, 12, 28)
    assert case.legal_on.year == 2027 and case.is_provisional is False or case.is_provisional
    verbs.start(case, by=world.people.official, now=w.at("2026-11-24 10:00"))
    verbs.decide(case, "confirmed", by=world.people.official, now=w.at("2026-12-20 10:00"))
    verbs.close(case, how="本人领取", by=world.people.clerk, now=w.at("2026-12-21 10:00"))
    case = ServiceRequest.objects.get(pk=case.pk)
    assert case.status == "closed" and case.due_on == datetime.date(2026, 12, 28)
    assert [e.verb for e in case.events.all()] == ["receive", "accept", "start", "decide", "close"]
    assert case.history.count() == 5


def test_anonymising_leaves_the_chain_whole(world):
    case = w.new_case(world)
    verbs.withdraw(case, reason="家里商量好了", by=world.people.clerk, now=w.MONDAY)
    verbs.anonymise(case, by=world.people.head, now=w.MONDAY)
    from requests import persons

    fresh = ServiceRequest.objects.select_related("key").get(pk=case.pk)
    assert persons.person_of(fresh).name == ""
    print(verify())
