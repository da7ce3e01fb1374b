"""A question at the window or on the phone: answered on one page, or a call promised; and the calls that wait."""

import re

import pytest
import time_machine

from officials.models import Message
from officials.permissions import give_role
from requests import persons, verbs
from requests.lifecycle import Refused
from requests.models import ServiceRequest
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "portal.staff_session.StaffBackend"
ADDRESS = "/desk/consult/"


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


def filled(client, **fields) -> dict[str, str]:
    page = client.get(ADDRESS).content.decode()
    token = re.search(r'name="form_token" value="([0-9a-f]{32})"', page)[1]
    return {"form_token": token, "channel": "phone", "question": "低保要带什么材料?", "then": "answer", "answer": "告知材料清单"} | fields


def text(answer) -> str:
    return answer.content.decode()


def test_a_question_answered_at_once_is_closed_on_one_page(clerk, world):
    answer = clerk.post(ADDRESS, filled(clerk), follow=True)
    case = ServiceRequest.objects.get()
    assert (case.kind, case.channel, case.status, case.outcome) == ("consultation", "phone", "closed", "answered")
    assert case.first_asked == world.people.clerk and case.edition is None
    assert [event.verb for event in case.events.all()] == ["receive", "answer"]
    assert f"Noted and answered: {case.number}" in text(answer)


def test_an_answer_is_needed_to_answer(clerk):
    answer = clerk.post(ADDRESS, filled(clerk, answer=""))
    assert answer.status_code == 422 and "promise a call back" in text(answer) and "低保要带什么材料" in text(answer)
    assert not ServiceRequest.objects.exists()


def test_a_promised_call_needs_a_phone_and_is_due_the_next_working_day(clerk):
    assert clerk.post(ADDRESS, filled(clerk, then="promise")).status_code == 422
    clerk.post(ADDRESS, filled(clerk, then="promise", phone="12345678901", name="张三丰", answer="向民政办核实"))
    case = ServiceRequest.objects.get()
    assert case.status == "in_hand" and str(case.due_on) == "2026-11-24"
    page = text(clerk.get("/desk/calls/"))
    assert f"/desk/{case.number}/answer/" in page and "低保要带什么材料" in page
    assert "12345678901" not in page and "张三丰" not in page  # masked; the full number through the reveal page
    assert f"/desk/{case.number}/answer/" in text(clerk.get(ADDRESS))


def counted_on_the_opening_page(client) -> int:
    return int(re.search(r'<a href="/desk/calls/">Promised calls <span class="count">(\d+)<', text(client.get("/desk/")))[1])


def test_only_a_promised_call_waits_on_the_list_and_both_pages_count_the_same(clerk, world):
    clerk.post(ADDRESS, filled(clerk, item="MZ-001", phone="12345678901"))
    assert counted_on_the_opening_page(clerk) == 0 and "/answer/" not in text(clerk.get("/desk/calls/"))
    clerk.post(ADDRESS, filled(clerk, item="MZ-001", then="promise", phone="12345678901"))
    promised = ServiceRequest.objects.get(status="in_hand")
    assert re.findall(r"/desk/([0-9-]+)/answer/", text(clerk.get("/desk/calls/"))) == [promised.number]
    assert counted_on_the_opening_page(clerk) == 1 and "Promised calls: 1" in text(clerk.get("/desk/calls/"))
    clerk.force_login(world.people.official, backend=BACKEND)  # of the office that answers for the item
    assert counted_on_the_opening_page(clerk) == 1 and f"/desk/{promised.number}/answer/" in text(clerk.get("/desk/calls/"))


def test_a_question_about_an_item_asks_for_no_materials(clerk):
    clerk.post(ADDRESS, filled(clerk, item="MZ-001", then="promise", phone="12345678901"))
    number = ServiceRequest.objects.get().number
    page, receipt = text(clerk.get(f"/desk/{number}/")), text(clerk.get(f"/desk/{number}/receipt/"))
    assert 'id="materials"' not in page and "Still to be brought" not in receipt and "accepted" not in receipt
    assert "We call you by Tue 24 November 2026" in receipt and "Then:" not in receipt


def test_the_same_form_twice_is_one_question(clerk):
    form = filled(clerk)
    first, second = clerk.post(ADDRESS, form), clerk.post(ADDRESS, form)
    assert first.status_code == second.status_code == 302 and first["Location"] == second["Location"]
    assert ServiceRequest.objects.count() == 1


@pytest.mark.parametrize("typed", ["db", "MZ-001", "农村最低生活保障审核确认"])
def test_the_item_is_found_by_initials_code_or_name_and_its_office_answers_for_it(clerk, world, typed):
    clerk.post(ADDRESS, filled(clerk, item=typed))
    case = ServiceRequest.objects.get()
    assert case.item.code == "MZ-001" and case.office == world.civil and case.intake_office == world.reception


@pytest.mark.parametrize(
    "wrong", [{"item": "没有这样的事项吧xyz"}, {"phone": "123"}, {"channel": "online"}, {"question": "x" * 1001}, {"question": "a\x00b"},
              {"village": "999"}, {"form_token": "zzz"}],
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_stores_nothing(clerk, wrong):
    assert clerk.post(ADDRESS, filled(clerk, **wrong)).status_code == 422
    assert not ServiceRequest.objects.exists()


def test_a_refused_second_step_leaves_no_case_and_no_gap(clerk, world, monkeypatch):
    def refuse(*_args, **_more):
        raise Refused("not now")

    monkeypatch.setattr(verbs, "answer", refuse)
    answer = clerk.post(ADDRESS, filled(clerk))
    assert answer.status_code == 422 and "not now" in text(answer)
    assert not ServiceRequest.objects.exists()
    monkeypatch.undo()
    clerk.post(ADDRESS, filled(clerk))
    assert ServiceRequest.objects.get().number.endswith("-000001")


@pytest.mark.parametrize("who", ["supervisor", "inspector", "editor", "outsider"])
def test_only_a_window_logs_questions(client, world, who):
    client.force_login(getattr(world.people, who), backend=BACKEND)
    assert client.get(ADDRESS).status_code == 403
    assert client.post(ADDRESS, {}).status_code == 403


def test_calls_are_refused_to_who_has_nothing_to_call(client, world):
    client.force_login(world.people.outsider, backend=BACKEND)
    assert client.get("/desk/calls/").status_code == 403
    assert client.post("/desk/calls/1/called/").status_code == 403


def test_odd_addresses_are_no_error(clerk):
    assert clerk.get(f"{ADDRESS}?channel=teapot&done=' or 1").status_code == 200
    assert clerk.get("/desk/calls/?page=abc").status_code == 200


def a_message(world) -> Message:
    """A landline wants to be told: the clerk calls."""
    person = persons.Person(name="李四", phone="0000-5550123", wants_sms=True)
    case = w.new_case(world, person=person, now=w.at("2026-11-23 09:00"))
    verbs.accept(case, by=world.people.clerk, now=w.at("2026-11-23 09:05"))
    return Message.objects.to_call().get()


def test_what_no_text_message_can_tell_is_called_and_ticked_off_once(clerk, world):
    message = a_message(world)
    assert "已受理" in text(clerk.get("/desk/calls/"))
    assert "Ticked off" in text(clerk.post(f"/desk/calls/{message.pk}/called/", follow=True))
    message.refresh_from_db()
    assert message.handled_by == world.people.clerk and message.body == ""
    assert "already ticked off" in text(clerk.post(f"/desk/calls/{message.pk}/called/", follow=True))


def test_messages_of_cases_one_may_not_see_are_not_shown_nor_ticked_off(client, world):
    message = a_message(world)
    client.force_login(world.people.supervisor, backend=BACKEND)  # sees it: the centre is above the office
    assert "已受理" in text(client.get("/desk/calls/"))
    give_role(world.people.outsider, world.village, "clerk", by=world.people.head, now=w.MONDAY)
    client.force_login(world.people.outsider, backend=BACKEND)
    assert "已受理" not in text(client.get("/desk/calls/"))
    client.post(f"/desk/calls/{message.pk}/called/")
    message.refresh_from_db()
    assert message.handled_at is None
