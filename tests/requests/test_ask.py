"""/ask/: a question or a wish to be called becomes a case with number, code and the date of the call."""

import io
import re
from datetime import date

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from officials.permissions import give_role
from requests import day as day_figures
from requests import persons, throttle, verbs
from requests.lifecycle import Refused
from requests.models import MaterialReceipt, ServiceRequest
from requests.reasons import say_date
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
ABOUT = "/ask/?item=MZ-001&call=1"  # 低保, an item with a long list of materials
CALL_ME = {"way": "call", "text": "", "name": ""}
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
    return persons.open_for(case, case.events.get(verb="receive").sealed, "event")["text"]


def code_on(response) -> str:
    """The tracking code as the page after sending shows it."""
    return re.search(r'class="secret">([\d\s]+)<', text_of(response))[1]


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
    assert code_on(first) == code_on(second) and ServiceRequest.objects.count() == 1
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


# -- about an item, and nothing is to be brought ----------------------------------------------------------------

ASKED_FOR = ("待补", "补齐", "还缺", "缺的材料", "交材料", "还要交", "未核对", "受理", "户口簿", "最低生活保障申请书")


def nothing_is_asked_for(page: str) -> bool:
    return not [word for word in ASKED_FOR if word in page]


def main_of(response) -> str:
    """The page without navigation and foot."""
    return text_of(response).split("<main", 1)[1].split("</main>", 1)[0]


@pytest.fixture
def desk(client, world):
    """The same browser, signed in at a desk after the resident has left."""

    def sign_in(who):
        client.force_login(getattr(world.people, who), backend=BACKEND)
        client.cookies["lang"] = "zh-hans"
        return client

    return sign_in


@pytest.mark.parametrize("wish", [CALL_ME, {"way": "question"}], ids=["call me", "question"])
def test_who_asked_from_an_item_reads_of_the_call_and_of_no_materials(client, world, wish):
    sent = send(client, ABOUT, **wish)
    case = ServiceRequest.objects.get()
    shown = main_of(client.post("/track/", {"number": case.number, "secret": code_on(sent)}))
    heading = "我们会给您回电" if wish is CALL_ME else "已收到您的问题"
    assert heading in re.search(r"<h1[^>]*>(.*?)</h1>", shown, re.S)[1]
    assert "最迟2026年11月24日(周二)" in shown and "农村最低生活保障" in shown
    assert nothing_is_asked_for(main_of(sent)) and nothing_is_asked_for(shown)


@pytest.mark.parametrize("wish", [CALL_ME, {"way": "question"}], ids=["call me", "question"])
def test_the_desk_is_told_of_the_call_and_of_no_materials(client, world, desk, wish):
    send(client, ABOUT, **wish)
    case = ServiceRequest.objects.get()
    desk("clerk")
    page, receipt = main_of(client.get(f"/desk/{case.number}/")), main_of(client.get(f"/desk/{case.number}/receipt/"))
    assert 'id="materials"' not in page and "/take-materials/" not in page and "/ask-materials/" not in page
    assert f"/desk/{case.number}/answer/" in page
    assert 'id="missing"' not in receipt and "最迟2026年11月24日(周二)给您打电话" in receipt
    assert not [word for word in ASKED_FOR if word != "受理" and word in page + receipt]  # the window's own name has it
    assert "是否受理" not in receipt and "Materials received" not in text_of(client.get(f"/desk/{case.number}/copy-out/"))
    assert not MaterialReceipt.objects.exists()


@pytest.mark.parametrize("layout", ["a5", "80mm"])
def test_the_paper_names_the_day_of_the_call_and_no_materials(client, world, desk, layout):
    send(client, ABOUT, **CALL_ME)
    case = ServiceRequest.objects.get()
    answer = desk("clerk").post(f"/desk/{case.number}/receipt.pdf", {"layout": layout})
    words = "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())
    assert case.number in words and re.search(r"最迟2026年11月24日.周二.给您打电话", words)
    assert "待补材料" not in words and "补齐" not in words and "不等于受理" not in words and "是否受理" not in words


def test_on_the_phone_nobody_is_told_that_papers_are_missing(client, world, desk):
    send(client, ABOUT, **CALL_ME)
    case = ServiceRequest.objects.get()
    page = main_of(desk("clerk").post("/desk/phone/", {"number": case.number, "tail": "8901"}, follow=True))
    assert case.number in page and "2026年11月24日(周二)" in page and nothing_is_asked_for(page.replace("综合受理窗口", ""))


def test_an_answered_question_has_no_result_to_collect(client, world, desk):
    sent = send(client, ABOUT, **CALL_ME)
    case = ServiceRequest.objects.get()
    verbs.answer(case, words="告知材料清单", by=world.people.official, now=timezone.now())
    receipt = main_of(desk("clerk").get(f"/desk/{case.number}/receipt/"))
    assert "您的问题已答复" in receipt and "领取" not in receipt and "结果" not in receipt
    assert "您的问题已答复" in text_of(client.post("/track/", {"number": case.number, "secret": code_on(sent)}))


# -- who promised a call is on the list of calls ----------------------------------------------------------------


def on_the_list(client) -> list[str]:
    return re.findall(r'href="/desk/([0-9-]+)/answer/"', text_of(client.get("/desk/calls/")))


def on_the_opening_page(client) -> int:
    return int(re.search(r'<a href="/desk/calls/">[^<]*<span class="count">(\d+)<', text_of(client.get("/desk/")))[1])


def of_the_day(world, name: str) -> int:
    found = day_figures.figures(day_figures.Day(world.reception, date(2026, 11, 23)), timezone.now())
    assert day_figures.disagreeing(found) == []
    return found[name]


@pytest.mark.parametrize("url", ["/ask/?call=1", ABOUT])
def test_call_me_is_on_the_list_of_calls_and_in_every_number(client, world, desk, url):
    send(client, url, **CALL_ME)
    case = ServiceRequest.objects.get()
    desk("clerk")
    assert on_the_list(client) == [case.number] and "要求回电" in text_of(client.get("/desk/calls/"))
    assert on_the_opening_page(client) == of_the_day(world, "calls_promised") == of_the_day(world, "calls_open") == 1
    verbs.answer(case, words="已回电", by=world.people.clerk, now=timezone.now())
    assert on_the_list(client) == [] and on_the_opening_page(client) == of_the_day(world, "calls_open") == 0
    assert of_the_day(world, "calls_answered") == 1


def test_a_question_that_asked_for_no_call_is_not_on_the_list(client, world, desk):
    send(client, ABOUT, way="question")
    desk("clerk")
    assert on_the_list(client) == [] and on_the_opening_page(client) == of_the_day(world, "calls_promised") == 0
    assert ServiceRequest.objects.get().number in text_of(client.get("/desk/mine/?who=intake&kind=consultation"))


def test_the_call_sent_twice_is_promised_once(client, world, desk):
    state = state_of(client.get(ABOUT))
    send(client, state=state, **CALL_ME)
    send(client, state=state, **CALL_ME)
    assert [event.verb for event in ServiceRequest.objects.get().events.all()] == ["receive", "promise_call"]
    assert of_the_day(world, "calls_promised") == 1


def test_the_soonest_call_is_first_whichever_door_it_came_in_by(client, world, desk):
    with time_machine.travel(w.at("2026-11-24 10:00"), tick=False):
        send(client, ABOUT, **CALL_ME)
    desk("clerk")
    token = re.search(r'name="form_token" value="([0-9a-f]{32})"', text_of(client.get("/desk/consult/")))[1]
    promised = {"channel": "phone", "question": "问", "then": "promise", "answer": "核实", "phone": "12345670001", "form_token": token}
    client.post("/desk/consult/", promised)
    online, window = ServiceRequest.objects.order_by("pk")
    assert (str(window.due_on), str(online.due_on)) == ("2026-11-24", "2026-11-25")
    assert on_the_list(client) == [window.number, online.number] and on_the_opening_page(client) == 2


def test_the_call_is_seen_by_the_office_of_the_item_and_by_no_other(client, world, desk):
    send(client, ABOUT, **CALL_ME)
    number = ServiceRequest.objects.get().number
    for who in ("official", "head", "supervisor"):
        desk(who)
        assert on_the_list(client) == [number] and on_the_opening_page(client) == 1, who
    give_role(world.people.outsider, world.village, "clerk", by=world.people.head, now=w.MONDAY)
    desk("outsider")
    assert on_the_list(client) == [] and on_the_opening_page(client) == 0
    assert client.get(f"/desk/{number}/").status_code == 404


def test_who_makes_no_calls_is_shown_no_number_of_them(client, world, desk):
    send(client, ABOUT, **CALL_ME)
    assert 'href="/desk/calls/"' not in text_of(desk("inspector").get("/desk/"))


def test_a_call_that_cannot_be_promised_leaves_no_case(client, world, monkeypatch):
    def refuse(*_args, **_more):
        raise Refused("not now")

    monkeypatch.setattr(verbs, "promise_call", refuse)
    assert send(client, ABOUT, **CALL_ME).status_code == 422
    assert not ServiceRequest.objects.exists()


def test_a_whole_identity_number_in_the_question_is_refused_and_stays_in_the_field(client, world):
    page = send(client, text="身份证990199198802290023能办吗")
    assert page.status_code == 422 and "请把号码删去" in text_of(page) and "990199198802290023" in text_of(page)
    assert not ServiceRequest.objects.exists()
