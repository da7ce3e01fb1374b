"""/ask/: a question or a wish to be called becomes a case with number, code and the date of the call."""

import re

import pytest
import time_machine

from requests import persons, throttle
from requests.models import ServiceRequest
from requests.reasons import say_date
from tests.support import world as w

pytestmark = pytest.mark.django_db
NOW = w.at("2026-11-23 10:00")
GOOD = {"way": "question", "text": "低保要带什么？", "phone": "12345678901", "name": "张大爷"}


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(response) -> str:
    return response.content.decode()


def state_of(response) -> str:
    return re.search(r'name="state" value="([^"]*)"', text_of(response))[1]


def send(client, url="/ask/", state=None, **fields):
    return client.post("/ask/", {"state": state or state_of(client.get(url)), **GOOD, **fields})


def words_of(case) -> str:
    return persons.open_for(case, case.events.get().sealed, "event")["text"]


def test_a_question_gets_a_number_a_code_and_the_next_working_day(client, world):
    response = send(client)
    case = ServiceRequest.objects.get()
    page = text_of(response)
    assert response.status_code == 200 and case.number in page and re.search(r"\d{4}\s\d{4} \d{4}\s\d{4}", page)
    assert (case.kind, case.channel, case.status, case.edition) == ("consultation", "online", "received", None)
    assert str(case.due_on) == "2026-11-24" and "2026年11月24日(周二)" in page
    assert words_of(case) == "低保要带什么？" and persons.person_of(case).phone == "12345678901"


@pytest.mark.parametrize("sent_at", ["2026-11-22 13:00", "2026-11-23 10:00", "2026-11-27 20:00"])
def test_the_page_promises_the_day_that_the_case_will_say(client, world, sent_at):
    with time_machine.travel(w.at(sent_at), tick=False):
        before = text_of(client.get("/ask/"))
        send(client)
        assert f"最迟{say_date(ServiceRequest.objects.get().due_on)}给您回电" in before


def test_about_an_item_it_goes_to_who_answers_for_it(client, world):
    assert "农村最低生活保障" in text_of(client.get("/ask/?item=MZ-001"))
    send(client, "/ask/?item=MZ-001")
    case = ServiceRequest.objects.get()
    assert (case.office, case.holder, case.edition) == (world.civil, world.people.official, world.low_income)


def test_call_me_needs_only_a_phone(client, world):
    page = text_of(client.get("/ask/?item=MZ-001&call=1"))
    assert re.search(r'value="call"[^>]*checked', page)
    response = send(client, way="call", text="", name="")
    assert response.status_code == 200 and "我们会给您回电" in text_of(response)
    assert words_of(ServiceRequest.objects.get()) == "要求回电"


def test_the_confirmation_says_which_number_is_called_about_what(client, world):
    page = text_of(send(client, "/ask/?item=MZ-001&call=1", way="call", text="", name=""))
    assert "123****8901" in page and "12345678901" not in page
    assert "农村最低生活保障审核确认" in page and 'href="/services/MZ-001/"' in page
    assert "/services/MZ-" not in text_of(send(client)), "a question without an item names none"


def test_asked_on_a_friday_night_the_call_comes_on_tuesday(client, world):
    with time_machine.travel(w.at("2026-11-27 22:00"), tick=False):
        page = text_of(send(client))
    assert "2026年12月1日(周二)" in page and "不在工作时间" in page


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"way": ""}, "请选择一项"),
        ({"way": "shout"}, "请选择一项"),
        ({"text": ""}, "请写下您的问题"),
        ({"text": "字" * 501}, "太长了"),
        ({"text": "低保\x00"}, "控制字符"),
        ({"phone": ""}, "请填写能打通的电话号码"),
        ({"phone": "12345"}, "电话"),
        ({"name": "名" * 41}, "太长了"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_everything_stays_typed(client, world, fields, sentence):
    response = send(client, **fields)
    page = text_of(response)
    assert response.status_code == 422 and sentence in page and 'class="error-summary"' in page
    assert ("12345678901" in page or "phone" in fields) and ("张大爷" in page or "name" in fields)
    assert not ServiceRequest.objects.exists()


def test_sent_twice_it_is_one_case_and_altered_it_is_refused(client, world):
    state = state_of(client.get("/ask/"))
    first, second = send(client, state=state), send(client, state=state)
    secrets = [re.search(r'class="secret">([\d\s]+)<', text_of(page))[1] for page in (first, second)]
    assert secrets[0] == secrets[1] and ServiceRequest.objects.count() == 1
    altered = send(client, state=state, text="别的问题")
    assert altered.status_code == 409 and ServiceRequest.objects.get().number in text_of(altered)


def test_a_page_left_open_too_long_keeps_the_words(client, world):
    state = state_of(client.get("/ask/"))
    with time_machine.travel(w.at("2026-11-24 10:00"), tick=False):
        response = send(client, state=state)
        assert response.status_code == 422 and "低保要带什么" in text_of(response)
        assert send(client, state=state_of(response)).status_code == 200


@pytest.mark.parametrize("item", ["", "MZ-999", "x" * 300, "<script>"])
def test_an_unknown_item_is_a_question_without_one(client, world, item):
    assert client.get("/ask/", {"item": item}).status_code == 200


def test_too_many_from_one_address_get_the_phone(client, world, settings):
    settings.THROTTLE = {throttle.SEND_ADDRESS.name: 1}
    send(client)
    response = send(client)
    assert response.status_code == 429 and "0000-5550100" in text_of(response) and "低保要带什么" in text_of(response)
    assert ServiceRequest.objects.count() == 1


def test_markup_stays_text(client, world):
    response = send(client, text='<script>alert("x")</script>', phone="")
    assert "<script>alert" not in text_of(response) and "&lt;script&gt;" in text_of(response)


def test_in_english(client, world):
    client.cookies["lang"] = "en"
    assert "We call you by Tue 24 November 2026" in text_of(send(client))


def test_without_a_township_there_is_a_sentence_and_no_error(client, db):
    response = send(client)
    assert response.status_code == 422 and not ServiceRequest.objects.exists()
