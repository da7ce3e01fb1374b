"""The hour without power: a paper slip becomes a case with the true time, once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from requests.intake import print_slips
from requests.models import ServiceRequest, Slip
from tests.support import world as w
from tests.support.intake_pages import ZHANG, send, sign_in, take_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def slip(world):
    return print_slips(world.reception, 1, by=world.people.clerk, now=timezone.now() - timedelta(days=10))[0]


@pytest.fixture
def clerk(client, world):
    sign_in(client, world.people.clerk)
    return client


def when(moment) -> dict[str, str]:
    local = timezone.localtime(moment)
    return {"received_on": f"{local:%Y-%m-%d}", "received_time": f"{local:%H:%M}"}


def test_a_slip_is_entered_with_its_true_time(clerk, slip):
    true_time = timezone.now() - timedelta(days=2)
    case = take_in(clerk, then="accept", query=f"?slip={slip.number}", **ZHANG, **when(true_time))
    assert abs(case.received_at - true_time) < timedelta(minutes=1) and case.recorded_at > true_time
    assert case.accepted_at == case.received_at and case.origin == "slip"
    slip.refresh_from_db()
    assert slip.state == Slip.State.ENTERED and slip.service_request == case


def test_a_slip_is_entered_only_once(clerk, slip):
    case = take_in(clerk, query=f"?slip={slip.number}", **ZHANG, **when(timezone.now() - timedelta(hours=1)))
    again = clerk.get(f"/desk/new/MZ-001/?slip={slip.number}")
    assert again.status_code == 409 and case.number in text(again)


@pytest.mark.parametrize("days", [1, -30])
def test_a_time_to_come_or_before_the_printing_is_refused(clerk, slip, days):
    answer = send(clerk, f"/desk/new/MZ-001/?slip={slip.number}", everything="on", **ZHANG, **when(timezone.now() + timedelta(days=days)))
    assert answer.status_code == 422 and not ServiceRequest.objects.exists()


def test_a_time_of_the_same_day_before_the_printing_is_refused_beside_the_time(clerk, world):
    printed = timezone.now() - timedelta(minutes=3)
    slip = print_slips(world.reception, 1, by=world.people.clerk, now=printed)[0]
    address = f"/desk/new/MZ-001/?slip={slip.number}"
    answer = send(clerk, address, everything="on", **ZHANG, **when(printed - timedelta(minutes=2)))
    assert answer.status_code == 422 and "打印" in text(answer) and not ServiceRequest.objects.exists()
    assert send(clerk, address, everything="on", **ZHANG, **when(printed)).status_code == 302


def test_a_slip_of_another_window_is_not_found(client, world, slip):
    sign_in(client, world.people.official)
    assert client.get(f"/desk/new/?slip={slip.number}").status_code == 404
