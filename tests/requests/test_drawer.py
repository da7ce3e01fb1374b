"""Originals in the drawer: whatever becomes of the case or of its checklist, each one goes back against a line of its own."""

import pytest

from requests import custody, parties, persons, verbs
from requests.intake import Handed
from requests.lifecycle import AlreadyHandled, Refused
from requests.materials import checklist, held_originals, missing_lines
from requests.models import Document
from requests.persons import PartyPerson
from tests.support import world as w
from tests.support.intake_pages import sign_in, text

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
    verbs.decide(case, "confirmed", by=world.people.official, now=w.MONDAY)
    with pytest.raises(Refused, match="户口簿"):
        verbs.close(case, **by)
    custody.return_original(case, [book.pk], **by)
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
    custody.return_original(case, [book.pk], **by)
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


def test_return_original_names_who_signs_for_it_and_issues_the_list(world, case, book):
    by = {"by": world.people.clerk, "now": w.MONDAY}
    parties.add_party(case, PartyPerson(role="collector", name="李大成", relation="儿子"), **by)
    son = persons.parties_of(case)[0]
    with pytest.raises(Refused):
        custody.return_original(case, [book.pk], by=world.people.outsider, now=w.MONDAY)
    with pytest.raises(AlreadyHandled):
        custody.return_original(case, [book.pk], taken_by=son.pk + 1, **by)
    with pytest.raises(Refused):
        custody.return_original(case, [book.pk], seen="nothing", **by)
    document = custody.return_original(case, [book.pk], taken_by=son.pk, **by)
    said = {part["key"]: part for part in persons.open_for(case, document.sealed, "document")["parts"]}
    assert document.kind == Document.Kind.RETURN_LIST and said["originals"]["rows"] == [["1", "户口簿", "1"]]
    assert "李大成(儿子),已验身份证件" in said["taken_by"]["text"]
    event = case.events.get(verb="return_original")
    assert (event.facts["party"], event.facts["seen"]) == (son.pk, "card")
    with pytest.raises(AlreadyHandled):
        custody.return_original(case, [book.pk], **by)


@pytest.mark.parametrize("ending", ["withdraw", "refuse_intake", "void"])
def test_whatever_ends_the_case_the_original_stays_on_the_list_until_somebody_signs(world, case, book, ending, client):
    who = {"withdraw": world.people.clerk, "refuse_intake": world.people.official, "void": world.people.head}[ending]
    getattr(verbs, ending)(case, reason="理由", by=who, now=w.MONDAY)
    sign_in(client, world.people.clerk)
    page = text(client.get("/desk/drawer/"))
    assert case.number in page and "户口簿" in page and "张**" in page and "张三丰" not in page
    assert f"/desk/{case.number}/return-original/" in page
    custody.return_original(case, [book.pk], by=world.people.clerk, now=w.MONDAY)
    assert case.number not in text(client.get("/desk/drawer/"))


def test_what_came_in_less_what_went_back_lies_in_the_drawer(world, case, book):
    by = {"by": world.people.clerk, "now": w.MONDAY}
    mine = custody.mine(world.people.clerk)
    other = w.new_case(world, materials=w.everything_in(world.low_income) | {book.pk: Handed("in", original_held=True)})
    assert custody.sums(mine) == custody.Sums(taken=2, returned=0, held=2, away=0)
    verbs.take_materials(other, {book.pk: Handed("in")}, **by)  # ticked once more: the same book
    custody.return_original(case, [book.pk], **by)
    verbs.take_materials(case, {book.pk: Handed("in", original_held=True)}, **by)  # brought once more
    custody.return_original(other, [book.pk], **by)
    assert custody.sums(mine) == custody.Sums(taken=3, returned=2, held=1, away=0) and custody.sums(mine).add_up
    assert custody.sums(custody.mine(world.people.outsider)).held == 0


def test_an_original_at_the_county_is_marked_and_comes_back_before_it_is_given_away(world, case, book, client):
    by = {"by": world.people.clerk, "now": w.MONDAY}
    with pytest.raises(Refused):
        custody.send_original(case, [book.pk], words=" ", **by)
    custody.send_original(case, [book.pk], words="县民政局收,回执第12号", **by)
    with pytest.raises(AlreadyHandled):
        custody.send_original(case, [book.pk], words="再送一次", **by)
    with pytest.raises(Refused, match="户口簿"):
        custody.return_original(case, [book.pk], **by)
    verbs.take_materials(case, {book.pk: Handed("in")}, **by)
    assert held_originals(case)[0].is_away, "ticking the line brings nothing back"
    assert custody.sums(custody.mine(world.people.clerk)).away == 1
    sign_in(client, world.people.clerk)
    assert "在县级部门" in text(client.get("/desk/drawer/"))
    custody.original_back(case, [book.pk], **by)
    custody.return_original(case, [book.pk], **by)
    assert held(case) == []


def test_a_decided_case_waits_for_collection_with_its_days_until_it_is_handed_over(world, client, monkeypatch):
    case = w.new_case(world)
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    verbs.decide(case, "confirmed", by=world.people.official, now=w.at("2026-11-05 10:00"))
    monkeypatch.setattr("requests.views.custody.timezone.now", lambda: w.at("2026-11-09 09:00"))
    sign_in(client, world.people.official)
    page = text(client.get("/desk/collection/"))
    assert case.number in page and "4天" in page and "张三丰" not in page
    verbs.close(case, how="本人领取", by=world.people.clerk, now=w.at("2026-11-09 09:30"))
    assert case.number not in text(client.get("/desk/collection/"))
    sign_in(client, world.people.editor)
    assert client.get("/desk/collection/").status_code == 403


def test_nobodys_identity_card_stays_in_the_drawer(world, client):
    """居民身份证法 15: it is shown and handed back at once, whatever the clerk would like."""
    card = {
        "name": "申请人居民身份证", "form": "original_and_copy", "original_count": 1, "copy_count": 1, "custody": ["returned", "copy_kept"],
    }  # fmt: skip
    edition = w.ruled(world, materials=[card])
    line = edition.materials.get()
    with pytest.raises(Refused, match="不得扣押"):
        w.new_case(world, edition=edition, materials={line.pk: Handed("in", original_held=True)})
    case = w.new_case(world, edition=edition, materials={line.pk: Handed("missing")})
    client.force_login(world.people.clerk, backend="portal.staff_session.StaffBackend")
    page = client.get(f"/desk/{case.number}/take-materials/").content.decode()
    assert f"state_{line.pk}" in page and f"held_{line.pk}" not in page
