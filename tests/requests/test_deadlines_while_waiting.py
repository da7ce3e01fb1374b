"""While the applicant is awaited the office's clock stands still; the office's own lateness is not hidden by it (domain 4.1)."""

import datetime

import pytest

from officials.audit import verb
from requests import deadlines, verbs
from requests.intake import Handed
from requests.models import MaterialReceipt, Pause, ServiceRequest
from requests.supplement import second
from requests.supplement.notices import Telling
from services import publication
from services.content import content_of
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
State = MaterialReceipt.State
TOLD, BROUGHT = w.at("2026-11-03 09:10"), w.at("2026-11-16 10:00")


@pytest.fixture
def world(db):
    return w.build()


def awaited(world, edition, *, received="2026-11-03 09:00", told=TOLD) -> ServiceRequest:
    """Received without a single paper, and told so."""
    lines = {material.pk: Handed(State.MISSING) for material in edition.materials.all()}
    case = w.new_case(world, edition=edition, materials=lines, now=w.at(received))
    verbs.ask_materials(case, by=world.people.official, now=told)
    return case


def bring_all(world, case, now=BROUGHT) -> None:
    handed = {material.pk: Handed(State.IN) for material in case.edition.materials.all()}
    verbs.take_materials(case, handed, by=world.people.official, now=now)


def is_late(case, now) -> bool:
    return ServiceRequest.objects.late(now).filter(pk=case.pk).exists()


def from_receipt(world):
    """低保 with a promise of ten working days that begins with the application."""
    draft = publication.start_draft(world.low_income.item, by=world.people.editor, now=w.at("2026-11-02 09:00"))
    text = content_of(draft) | {"promised_value": 10, "promised_start": "received"}
    draft = publication.write_draft(draft, text, by=world.people.editor, now=w.at("2026-11-02 09:00"))
    publication.submit(draft, by=world.people.editor, now=w.at("2026-11-02 09:01"))
    return publication.publish(draft, by=world.people.reviewer, now=w.at("2026-11-02 09:02"))


def test_what_was_left_of_the_check_is_still_left_when_the_papers_have_come(world):
    case = awaited(world, world.low_income)
    assert (case.due_at, case.promised_on, case.legal_on) == (None, None, None)
    bring_all(world, case)
    assert case.status == "received"
    # Five working days after Monday the 16th, as five after the 3rd: none was used up.
    assert (case.due_kind, case.due_on) == ("acceptance_check", datetime.date(2026, 11, 23))
    assert not is_late(case, BROUGHT)
    ((_due, lines),) = deadlines.reasons(case)
    assert any("waiting for the materials" in line and "Not counted" in line for line in lines)


def test_half_a_check_was_used_before_it_was_told(world):
    case = awaited(world, world.low_income, told=w.at("2026-11-06 09:00"))
    bring_all(world, case)
    # The 4th and the 5th were used up; three are left.
    assert case.due_on == datetime.date(2026, 11, 19)


def test_told_too_late_stays_late(world):
    case = awaited(world, world.low_income, told=w.at("2026-11-12 09:00"))
    bring_all(world, case)
    assert case.due_on == datetime.date(2026, 11, 10)
    assert is_late(case, BROUGHT)


def test_a_promise_from_the_day_of_the_application_stands_still_too(world):
    case = awaited(world, from_receipt(world))
    assert case.promised_on is None and not is_late(case, w.at("2026-12-30 09:00"))
    bring_all(world, case)
    verbs.accept(case, by=world.people.official, now=w.at("2026-11-17 09:00"))
    assert (case.due_kind, case.promised_on) == ("promised", datetime.date(2026, 11, 30))
    # The day of acceptance is the day on which everything was there, not the day after.
    assert case.legal_on == deadlines.calendar_for(world.township.pk).add(datetime.date(2026, 11, 16), 30)


def test_a_promise_that_was_broken_before_it_was_told_stays_broken(world):
    case = awaited(world, from_receipt(world), told=w.at("2026-11-20 09:00"))
    assert case.promised_on == datetime.date(2026, 11, 17)
    assert is_late(case, w.at("2026-11-20 09:01"))


def test_on_the_spot_is_due_on_the_day_the_papers_came(world):
    case = awaited(world, world.certificate)
    assert case.due_at is None
    bring_all(world, case)
    assert (case.due_kind, case.due_on) == ("on_the_spot", BROUGHT.date())
    verbs.accept(case, by=world.people.official, now=BROUGHT)
    verbs.decide(case, "granted", by=world.people.official, now=w.at("2026-11-16 10:05"))
    assert case.events.get(verb="decide").facts["late"] is False


def test_on_the_spot_told_a_day_late_stays_late(world):
    case = awaited(world, world.certificate, told=w.at("2026-11-04 09:00"))
    bring_all(world, case)
    assert case.due_on == datetime.date(2026, 11, 3)


def test_another_item_lets_the_clock_go_on(world):
    case = awaited(world, world.certificate)
    verbs.change_item(case, world.low_income, reason="拿错事项", by=world.people.official, now=BROUGHT)
    assert (case.status, case.due_on) == ("received", datetime.date(2026, 11, 23))


def test_accepted_straight_from_waiting_the_clock_goes_on_and_the_limits_begin(world):
    case = awaited(world, world.low_income)
    with verb("tick", by=world.people.official, now=BROUGHT):  # as a correction may leave nothing missing
        for material in case.edition.materials.all():
            row = {"material": material, "state": State.IN, "at": BROUGHT, "by": world.people.official}
            MaterialReceipt.objects.create(service_request=case, **row)
    verbs.accept(case, by=world.people.official, now=BROUGHT)
    assert case.promised_on == datetime.date(2026, 12, 21)
    assert case.events.get(verb="accept").facts["promised_on"] == "2026-12-21"
    assert not any("Clock stopped" in line for _due, lines in deadlines.reasons(case) for line in lines)


@pytest.mark.parametrize("times", [1, 2])
def test_the_rows_of_a_wait_come_in_pairs(world, times):
    case = awaited(world, world.low_income)
    bring_all(world, case)
    if times == 2:
        one = case.edition.materials.first()
        verbs.take_materials(case, {one.pk: Handed(State.FAULTY)}, by=world.people.official, now=BROUGHT)
        second.ask_again(case, "found", "核查发现复印件不清", Telling(), by=world.people.official, now=w.at("2026-11-17 09:00"))
        second.approve_second_notice(case, by=world.people.head, now=w.at("2026-11-17 09:30"))
        verbs.withdraw(case, reason="不办了", by=world.people.official, now=w.at("2026-11-18 09:00"))
    assert list(Pause.objects.filter(service_request=case).values_list("starts", flat=True)) == [True, False] * times


def test_some_of_the_papers_do_not_end_the_wait(world):
    case = awaited(world, world.low_income)
    first = case.edition.materials.first()
    verbs.take_materials(case, {first.pk: Handed(State.IN)}, by=world.people.official, now=BROUGHT)
    assert case.status == "awaiting_materials" and case.due_at is None
    assert Pause.objects.filter(service_request=case).count() == 1
