""" "What about my case?": two facts, state and date only, and a row for every question."""

from dataclasses import replace

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from officials.audit import verb
from officials.models import Office
from officials.permissions import give_role
from requests import verbs
from requests.intake import Handed, Intake, receive
from requests.materials import missing_lines
from requests.models import MaterialReceipt, PhoneQuestion
from requests.persons import Person
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "portal.staff_session.StaffBackend"
ADDRESS = "/desk/phone/"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(w.at("2026-11-23 10:00"), tick=False) as clock:
        yield clock


@pytest.fixture
def world(monday):
    return w.build()


@pytest.fixture
def zhang(world):
    person = replace(w.ZHANG, village_id=world.village.pk)
    return receive(
        Intake(world.reception, "window", person=person, edition=world.low_income, materials=w.everything_in(world.low_income)),
        by=world.people.clerk,
        now=w.at("2026-11-23 09:00"),
    )


@pytest.fixture
def clerk(client, world):
    client.force_login(world.people.clerk, backend=BACKEND)
    client.cookies["lang"] = "en"
    return client


def asked(client, world, **said):
    return client.post(ADDRESS, said, follow=True)


def by_name(world, **other) -> dict[str, str]:
    return {"name": "张三丰", "village": str(world.village.pk), "tail": "8901"} | other


def another_village(world) -> Office:
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        village = Office(township=world.township, code="V02", name="桃源村", kind="village", parent=world.centre)
        village.save()
    return village


def text(answer) -> str:
    return answer.content.decode()


def test_name_village_and_last_four_digits_find_state_and_date(clerk, world, zhang):
    verbs.accept(zhang.case, by=world.people.clerk, now=w.at("2026-11-23 09:05"))
    answer = asked(clerk, world, **by_name(world))
    page = text(answer)
    assert "accepted" in page and "28 December 2026" in page
    assert "最低生活保障" not in page  # a hardship item is not named on the phone
    assert "张" not in page.split("<main")[1] and "8901" not in page
    row = PhoneQuestion.objects.get()
    assert (row.service_request, row.matched, row.by) == (zhang.case, "name_village_phone", world.people.clerk)
    assert "accepted" in row.told and "2026-12-28" in row.told


def test_an_item_that_betrays_nothing_is_named(clerk, world):
    person = Person(name="王五", phone="12345670000", village_id=world.village.pk)
    w.new_case(world, edition=world.certificate, person=person, now=w.at("2026-11-23 09:00"))
    assert "老年人优待证" in text(asked(clerk, world, name="王 五", village=str(world.village.pk), tail="0000"))


def test_number_with_last_four_and_number_with_code(clerk, world, zhang):
    number = zhang.case.number
    for said in ({"number": number, "tail": "8901"}, {"number": "1", "tail": "8901"}, {"number": number, "secret": zhang.secret}):
        assert "received" in text(asked(clerk, world, **said)), said
    assert sorted(PhoneQuestion.objects.values_list("matched", flat=True)) == ["number_phone", "number_phone", "secret"]


@pytest.mark.parametrize(
    "said",
    [{"tail": "8902"}, {"name": "张三"}, {"village": "other"}, {"number": "990199101-2026-000001", "tail": "0000", "name": ""},
     {"number": "990199101-2026-000999", "tail": "8901", "name": ""}, {"number": "990199101-2026-000001", "tail": "", "secret": "1" * 16}],
)  # fmt: skip
def test_what_does_not_fit_is_told_the_general_way_only(clerk, world, zhang, said):
    if said.get("village") == "other":
        said = {"village": str(another_village(world).pk)}
    page = text(asked(clerk, world, **(by_name(world) | said)))
    assert "only the general way" in page and zhang.case.number not in page
    row = PhoneQuestion.objects.get()
    assert row.matched == "nothing" and row.service_request is None


def taken_in(world, **other):
    """张三丰 was here; what is not said is as usual."""
    return w.new_case(world, person=replace(w.ZHANG, **other), now=w.at("2026-11-23 09:00"))


def test_a_case_without_a_village_is_found_by_saying_so(clerk, world):
    taken_in(world, village_id=None)
    page = clerk.get(ADDRESS).content.decode()
    assert '<option value="none">no village was noted, or not from this township</option>' in page
    answer = text(asked(clerk, world, **by_name(world, village="none")))
    assert "received" in answer and "张三丰" not in answer and "8901" not in answer
    row = PhoneQuestion.objects.get()
    assert (row.matched, row.by) == ("name_village_phone", world.people.clerk) and row.service_request is not None


@pytest.mark.parametrize("said", [{"tail": "8902"}, {"name": "张三"}, {"village": "named"}])
def test_without_a_village_the_rest_must_fit_all_the_same(clerk, world, said):
    taken_in(world, village_id=None)
    said = {"village": "none"} | said
    if said["village"] == "named":
        said["village"] = str(world.village.pk)
    assert "only the general way" in text(asked(clerk, world, **by_name(world, **said)))
    assert PhoneQuestion.objects.get().matched == "nothing"


def test_saying_that_no_village_was_noted_opens_no_case_of_a_village(clerk, world, zhang):
    assert "only the general way" in text(asked(clerk, world, **by_name(world, village="none")))
    assert clerk.post(ADDRESS, {"name": "张三丰", "village": "none"}).status_code == 422
    assert clerk.post(ADDRESS, {"village": "none", "tail": "8901"}).status_code == 422


GRANDSON = {"name": "张小明", "relation": "孙子", "phone": "12345677777", "id_number": "99019919950101888X", "basis": "letter"}


@pytest.mark.parametrize("number", ["990199195501010012", "99019919550101002X"])
def test_who_left_no_phone_is_found_by_the_last_four_digits_of_the_own_id(clerk, world, number):
    case = taken_in(world, village_id=world.village.pk, phone="", id_number=number, representative=GRANDSON)
    tail = number[-4:]
    said = [by_name(world, tail=tail), by_name(world, tail=tail.lower()), {"number": case.number, "tail": tail}]
    for one in said:
        assert "received" in text(asked(clerk, world, **one)), one
    assert PhoneQuestion.objects.filter(service_request=case).count() == len(said)


@pytest.mark.parametrize("tail", ["7777", "888X", "0013", "0000"])
def test_phone_and_id_of_the_representative_do_not_count(clerk, world, tail):
    case = taken_in(world, village_id=world.village.pk, phone="", representative=GRANDSON)
    for said in (by_name(world, tail=tail), {"number": case.number, "tail": tail}):
        assert "only the general way" in text(asked(clerk, world, **said)), said


def test_beside_a_phone_the_id_does_not_count(clerk, world, zhang):
    for said in (by_name(world, tail="0012"), {"number": zhang.case.number, "tail": "0012"}):
        assert "only the general way" in text(asked(clerk, world, **said)), said


def test_neither_phone_nor_id_is_found_by_no_digits(clerk, world):
    case = taken_in(world, village_id=world.village.pk, phone="", id_number="", id_state="unknown")
    for said in (by_name(world, tail="0000"), {"number": case.number, "tail": "0000"}):
        assert "only the general way" in text(asked(clerk, world, **said)), said


def test_the_form_says_which_digits_may_be_used(clerk):
    page = text(clerk.get(ADDRESS))
    assert "Only where none was left: of the applicant&#x27;s own ID number" in page and "representative do not count" in page
    clerk.cookies["lang"] = "zh-hans"
    page = text(clerk.get(ADDRESS))
    assert "没留电话的\uff0c才用申请人本人证件号码的后四位" in page and "未登记村" in page


def test_the_answer_is_the_same_whether_there_is_a_case_or_not(clerk, world, zhang):
    told = [text(asked(clerk, world, number=number, tail="0000")) for number in (zhang.case.number, "990199101-2026-000777")]
    wrong_tail, no_case = (page.split("<main")[1].split("</main>")[0] for page in told)
    assert wrong_tail == no_case


@pytest.mark.parametrize(
    "said", [{}, {"name": "张三丰", "tail": "8901"}, {"number": "1"}, {"tail": "89"}, {"tail": "89a1"}, {"number": "1", "secret": "123"},
             {"name": "x" * 50}, {"number": "'; drop"}, {"village": "abc"}, {"name": "a\x00"}],
)  # fmt: skip
def test_one_fact_is_not_enough_and_writes_nothing(clerk, world, zhang, said):
    assert clerk.post(ADDRESS, said).status_code == 422
    assert not PhoneQuestion.objects.exists()


def test_the_window_of_another_office_may_tell_but_not_open(client, world, zhang):
    give_role(world.people.outsider, world.village, "clerk", by=world.people.head, now=w.MONDAY)
    client.force_login(world.people.outsider, backend=BACKEND)
    client.cookies["lang"] = "en"
    page = text(asked(client, world, **by_name(world)))
    assert "received" in page and zhang.case.number not in page and "renew-secret" not in page


def test_the_window_that_took_it_in_may_give_a_new_code(clerk, world, zhang):
    assert f"/desk/{zhang.case.number}/renew-secret/" in text(asked(clerk, world, **by_name(world)))


def test_missing_papers_are_counted_not_named_where_they_would_betray_something(clerk, world):
    papers = {m.pk: Handed(MaterialReceipt.State.MISSING) for m in world.low_income.materials.all()}
    person = Person(name="张三丰", phone="12345678901", village_id=world.village.pk)
    w.new_case(world, person=person, materials=papers, now=w.at("2026-11-23 09:00"))
    page = text(asked(clerk, world, **by_name(world)))
    assert "Papers still missing: 3" in page and "残疾人证" not in page


def test_nothing_of_what_was_said_stands_in_an_address(clerk, world, zhang):
    answer = asked(clerk, world, **by_name(world))
    assert all("8901" not in url and "%" not in url for url, _status in answer.redirect_chain)


def test_the_answer_is_for_who_asked_and_for_the_length_of_a_call(clerk, client, world, zhang, monday):
    asked(clerk, world, **by_name(world))
    page = f"/desk/phone/{PhoneQuestion.objects.get().pk}/"
    assert clerk.get(page).status_code == 200 and PhoneQuestion.objects.count() == 1
    monday.shift(16 * 60)
    assert clerk.get(page)["Location"] == ADDRESS
    monday.shift(-16 * 60)
    client.force_login(world.people.clerk2, backend=BACKEND)
    assert client.get(page)["Location"] == ADDRESS
    assert client.get("/desk/phone/99999999/")["Location"] == ADDRESS


def test_voided_and_anonymised_cases_are_not_found(clerk, world, zhang):
    verbs.void(zhang.case, reason="误登", by=world.people.head, now=w.at("2026-11-23 09:30"))
    assert "only the general way" in text(asked(clerk, world, **by_name(world)))


@pytest.mark.parametrize("who", ["supervisor", "inspector", "editor", "outsider"])
def test_only_windows_answer(client, world, who):
    client.force_login(getattr(world.people, who), backend=BACKEND)
    assert client.get(ADDRESS).status_code == 403 and client.get("/desk/phone/1/").status_code == 403


def test_several_cases_of_a_person_cost_no_query_each(clerk, world, zhang, monday):
    asked(clerk, world, **by_name(world))
    one = f"/desk/phone/{PhoneQuestion.objects.latest('pk').pk}/"
    person = Person(name="张三丰", phone="12345678901", village_id=world.village.pk)
    for minute in range(3):
        case = w.new_case(world, person=person, now=w.at(f"2026-11-23 09:1{minute}"))
        verbs.accept(case, by=world.people.clerk, now=w.at("2026-11-23 09:30"))
    monday.shift(60)
    asked(clerk, world, **by_name(world))
    four = f"/desk/phone/{PhoneQuestion.objects.latest('pk').pk}/"
    with CaptureQueriesContext(connection) as few:
        clerk.get(one)
    with CaptureQueriesContext(connection) as many:
        page = clerk.get(four)
    assert text(page).count("<section") == 4
    assert len(many) <= len(few) + 1


def test_a_forgotten_card_is_told_once(clerk, world):
    person = replace(w.ZHANG, village_id=world.village.pk, id_number="", id_state="forgotten")
    card = world.certificate.materials.get()
    missing = {card.pk: Handed(MaterialReceipt.State.MISSING)}
    case = receive(
        Intake(world.reception, "window", person=person, edition=world.certificate, materials=missing),
        by=world.people.clerk,
        now=w.at("2026-11-23 09:00"),
    ).case
    assert len(missing_lines(case)) == 2
    page = text(asked(clerk, world, **by_name(world)))
    assert f"Still missing: {card.name}." in page
