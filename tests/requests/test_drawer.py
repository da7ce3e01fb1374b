"""Originals in the drawer: whatever becomes of the case or of its checklist, each one goes back against a line of its own."""

import pytest

from requests import persons, verbs
from requests.intake import Handed
from requests.lifecycle import Refused
from requests.materials import checklist, held_originals, missing_lines
from tests.support import world as w

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def book(world):
    return world.low_income.materials.get(name="户口簿")


@pytest.fixture
def case(world, book):
    return w.new_case(world, materials=w.everything_in(world.low_income) | {book.pk: Handed("in", original_held=True)})


def held(case):
    return [line.name for line in held_originals(case)]


def test_an_exchanged_item_leaves_the_original_of_the_former_one_in_the_drawer(world, case, book):
    by = {"by": world.people.clerk, "now": w.MONDAY}
    verbs.change_item(case, world.certificate, reason="选错事项", **by)
    assert held(case) == ["户口簿"] and "户口簿" not in [line.name for line in missing_lines(case)]
    verbs.take_materials(case, w.everything_in(world.certificate), **by)
    verbs.accept(case, **by)
    verbs.decide(case, "granted", by=world.people.official, now=w.MONDAY)
    with pytest.raises(Refused, match="户口簿"):
        verbs.close(case, **by)
    verbs.return_original(case, book.pk, **by)
    assert held(case) == [] and "户口簿" not in [line.name for line in checklist(case)]
    verbs.close(case, **by)
    assert case.status == "closed"


def test_ticking_a_line_once_more_takes_nothing_out_of_the_drawer(world, case, book):
    by = {"by": world.people.clerk, "now": w.MONDAY}
    verbs.take_materials(case, {book.pk: Handed("in")}, **by)
    assert held(case) == ["户口簿"]
    for state in ("faulty", "missing", "not_needed"):
        with pytest.raises(Refused, match="户口簿"):
            verbs.take_materials(case, {book.pk: Handed(state)}, **by)
    verbs.return_original(case, book.pk, **by)
    verbs.take_materials(case, {book.pk: Handed("faulty")}, **by)
    assert [line.name for line in missing_lines(case)] == ["户口簿"]


def test_a_card_that_was_looked_at_stays_looked_at_when_the_phone_is_put_right(world):
    by = {"by": world.people.clerk, "now": w.MONDAY}
    someone = persons.Person(name="王五", id_state="forgotten", phone="12345678901")
    case = w.new_case(world, person=someone)
    verbs.take_materials(case, {}, id_shown=True, **by)
    case.refresh_from_db()
    verbs.correct(case, persons.Person(name="王五", id_state="forgotten", phone="12345678902"), reason="号码听错", **by)
    case.refresh_from_db()
    assert case.applicant.identity_checked
    verbs.correct(case, persons.Person(name="王五", id_state="unknown", phone="12345678902"), reason="拿错了证件", **by)
    case.refresh_from_db()
    assert not case.applicant.identity_checked
