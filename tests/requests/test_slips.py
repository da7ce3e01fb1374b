"""Paper slips: printed blank in their own series, every one accounted for."""

import pytest
import time_machine

from officials.audit import verb
from requests.intake import Intake, print_slips, receive, spoil_slip
from requests.lifecycle import Refused
from requests.models import Slip
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "portal.staff_session.StaffBackend"
ADDRESS = "/desk/slips/"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(w.at("2026-11-23 10:00"), tick=False):
        yield


@pytest.fixture
def world(monday):
    return w.build()


@pytest.fixture
def clerk(client, world):
    client.force_login(world.people.clerk, backend=BACKEND)
    client.cookies["lang"] = "en"
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_blank_slips_get_numbers_of_their_own_and_are_printed(clerk):
    page = clerk.post(ADDRESS, {"count": "3", "newest": ""}, follow=True)
    numbers = list(Slip.objects.values_list("number", flat=True))
    assert numbers == ["990199101-2026-Z000001", "990199101-2026-Z000002", "990199101-2026-Z000003"]
    assert f"/desk/slips/{numbers[0]}/batch.pdf" in text(page)
    pdf = clerk.get(f"/desk/slips/{numbers[0]}/batch.pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF") and pdf["Cache-Control"] == "no-store"


def test_the_same_form_twice_prints_once(clerk):
    clerk.post(ADDRESS, {"count": "3", "newest": ""})
    again = clerk.post(ADDRESS, {"count": "3", "newest": ""})
    assert again.status_code == 422 and "printed here meanwhile" in text(again)
    assert Slip.objects.count() == 3


@pytest.mark.parametrize("count", ["0", "51", "-1", "x", "", "1" * 40])
def test_a_count_that_makes_no_sense_prints_nothing(clerk, count):
    assert clerk.post(ADDRESS, {"count": count, "newest": ""}).status_code == 422
    assert not Slip.objects.exists()


def test_printed_is_entered_and_spoilt_and_blank(clerk, world):
    one, two, _three = print_slips(world.reception, 3, by=world.people.clerk, now=w.at("2026-11-20 09:00"))
    friday = w.at("2026-11-20 10:00")
    order = Intake(world.reception, "window", person=w.ZHANG, edition=world.low_income, slip=one, origin="slip", received_at=friday)
    receive(order, by=world.people.clerk, now=w.at("2026-11-23 09:00"))
    clerk.post(f"/desk/slips/{two.number}/spoil/", {"reason": "miswritten"})
    two.refresh_from_db()
    assert two.state == "spoilt" and two.spoilt_reason == "miswritten" and two.settled_by == world.people.clerk
    page = text(clerk.get(ADDRESS))
    for words in ("Printed 3", "entered 1", "spoilt 1", "still blank 1"):
        assert words in page
    assert "written wrongly" in text(clerk.get(f"{ADDRESS}?state=spoilt")) and one.number not in text(clerk.get(f"{ADDRESS}?state=spoilt"))


def test_a_blank_slip_leads_to_its_entry(clerk, world):
    slip = print_slips(world.reception, 1, by=world.people.clerk, now=w.at("2026-11-20 09:00"))[0]
    assert f"/desk/new/?slip={slip.number}" in text(clerk.get(ADDRESS))
    assert slip.number in text(clerk.get(f"/desk/new/?slip={slip.number}"))


def test_a_used_or_spoilt_slip_is_never_printed_again(clerk, world):
    one, two = print_slips(world.reception, 2, by=world.people.clerk, now=w.at("2026-11-20 09:00"))
    clerk.post(f"/desk/slips/{one.number}/spoil/", {"reason": "misprinted"})
    assert two.number in clerk.get(f"/desk/slips/{two.number}/batch.pdf")["Content-Disposition"]
    clerk.post(f"/desk/slips/{two.number}/spoil/", {"reason": "misprinted"})
    assert clerk.get(f"/desk/slips/{two.number}/batch.pdf").status_code == 404


def test_spoiling_needs_a_reason_and_happens_once(clerk, world):
    slip = print_slips(world.reception, 1, by=world.people.clerk, now=w.at("2026-11-20 09:00"))[0]
    unlisted = "Choose one of the reasons"
    for typed, sentence in (("  ", unlisted), ("张三拿走了", unlisted), ("", "Say why the slip is spoilt")):
        answer = clerk.post(f"/desk/slips/{slip.number}/spoil/", {"reason": typed})
        assert answer.status_code == 422 and sentence in text(answer)
    clerk.post(f"/desk/slips/{slip.number}/spoil/", {"reason": "misprinted"})
    again = clerk.post(f"/desk/slips/{slip.number}/spoil/", {"reason": "lost"})
    assert again.status_code == 422 and Slip.objects.get().spoilt_reason == "misprinted"
    assert clerk.get(f"/desk/slips/{slip.number}/spoil/").status_code == 409


def test_slips_of_another_window_do_not_exist_here(client, world):
    slip = print_slips(world.reception, 1, by=world.people.clerk, now=w.at("2026-11-20 09:00"))[0]
    client.force_login(world.people.official, backend=BACKEND)
    assert slip.number not in text(client.get(ADDRESS))
    for page in (f"/desk/slips/{slip.number}/spoil/", f"/desk/slips/{slip.number}/batch.pdf"):
        assert client.get(page).status_code == 404
    assert client.post(f"/desk/slips/{slip.number}/spoil/", {"reason": "x"}).status_code == 404
    assert Slip.objects.get().state == "blank"


@pytest.mark.parametrize("who", ["supervisor", "inspector", "outsider"])
def test_only_a_window_prints_slips(client, world, who):
    client.force_login(getattr(world.people, who), backend=BACKEND)
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {"count": "3"}).status_code == 403 and not Slip.objects.exists()


def test_a_reason_typed_before_there_was_a_list_is_still_shown(clerk, world):
    clerk_in_person = world.people.clerk
    [slip] = print_slips(world.reception, 1, by=clerk_in_person, now=w.MONDAY)
    with verb("spoil_slip", by=clerk_in_person, now=w.MONDAY):
        slip.state, slip.spoilt_reason, slip.settled_at, slip.settled_by = Slip.State.SPOILT, "被雨淋湿", w.MONDAY, clerk_in_person
        slip.save()
    assert "被雨淋湿" in text(clerk.get(f"{ADDRESS}?state=spoilt"))


@pytest.mark.parametrize("reason", ["", "张三丰写坏的"])
def test_the_verb_takes_no_reason_but_those_of_the_list(world, reason):
    [slip] = print_slips(world.reception, 1, by=world.people.clerk, now=w.MONDAY)
    with pytest.raises(Refused):
        spoil_slip(slip, reason=reason, by=world.people.clerk, now=w.MONDAY)
    assert Slip.objects.get(pk=slip.pk).state == Slip.State.BLANK
