"""/apply/<code>/: one question at a time by plain POST, sealed on the way, one case however often it is sent."""

import re

import pytest
import time_machine

from officials.privacy.identity import id_check_character
from officials.privacy.keys import keyring
from requests import persons, throttle, verbs
from requests.materials import missing_lines
from requests.models import ServiceRequest
from services import publication
from services.content import content_of
from services.models import Edition
from tests.support import world as w
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db
NOW = w.at("2026-11-23 10:00")
URL = "/apply/MZ-001/"
ID_NUMBER = "990199195501010012"
PHONE = "12345678901"
CHILD = "99019920200601001" + id_check_character("99019920200601001")


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


def text_of(response) -> str:
    return response.content.decode()


def hidden(response, name: str) -> str:
    return re.findall(rf'name="{name}" value="([^"]*)"', text_of(response))[-1]


class Walk:
    """Somebody who goes from page to page as a browser without script does."""

    def __init__(self, client, url=URL):
        self.client, self.url = client, url
        self.page = client.get(url)

    def post(self, **fields):
        form = {"state": hidden(self.page, "state"), "step": hidden(self.page, "step")}
        self.page = self.client.post(self.url, form | fields, follow=True)
        return self.page

    def answer_all(self, village, *, name="张三丰", begun=False, **more):
        if not begun:
            self.post()
            self.post(whom="myself")
        self.post(name=name)
        if self.step == "identity":
            self.post(id_state="given", id_number=more.get("id_number", ID_NUMBER))
        self.post(phone=more.get("phone", PHONE))
        self.post(village=str(village.pk))
        self.post()
        self.post()
        assert self.step == "check", text_of(self.page)
        return self

    @property
    def step(self) -> str:
        return hidden(self.page, "step")

    def send(self, **more):
        return self.post(notice_read="on", consent="on", **more)


def number_of(response) -> str:
    return re.search(r'<strong class="code">([\d-]+)</strong>', text_of(response))[1]


def secret_of(response) -> str:
    return re.search(r'<strong class="secret">([\d\s]+)</strong>', text_of(response))[1]


def test_from_the_first_page_to_a_case_that_can_be_followed(client, world):
    walk = Walk(client)
    assert "共同生活家庭成员人均收入" in text_of(walk.page) and "户口簿" in text_of(walk.page)
    response = walk.answer_all(world.village).send()
    page = text_of(response)
    assert response.status_code == 200 and "您的申请已收到" in page
    case = ServiceRequest.objects.get()
    assert number_of(response) == case.number == "990199101-2026-000001"
    assert (case.channel, case.status, case.office, case.holder) == ("online", "received", world.civil, world.people.official)
    assert case.first_asked.username == "job-online" and case.intake_office == world.reception
    assert re.fullmatch(r"\d{4}\s\d{4} \d{4}\s\d{4}", secret_of(response))
    followed = client.post("/track/", {"number": case.number, "secret": secret_of(response)})
    assert followed.status_code == 200 and "户口簿" in text_of(followed)


def test_the_person_is_stored_sealed_and_nobody_has_checked_the_card(client, world):
    Walk(client).answer_all(world.village).send()
    case = ServiceRequest.objects.get()
    person = persons.person_of(case)
    assert (person.name, person.id_number, person.phone, person.village_id) == ("张三丰", ID_NUMBER, PHONE, world.village.pk)
    assert not case.applicant.identity_checked
    assert {line.name for line in missing_lines(case)} == {"最低生活保障申请书", "户口簿"}


def test_sent_in_the_evening_it_counts_from_the_next_working_day_and_says_so(client, world):
    with time_machine.travel(w.at("2026-11-27 20:00"), tick=False):  # a Friday
        page = text_of(Walk(client).answer_all(world.village).send())
    assert "2026年11月30日(周一)" in page and "不在工作时间" in page
    assert str(ServiceRequest.objects.get().due_on) == "2026-12-07"


def test_only_what_the_item_needs_is_asked(client, world):
    walk = Walk(client)
    walk.post()
    walk.post(whom="myself")
    walk.post(name="张三丰")
    assert walk.step == "identity"  # 户口簿 is among its papers
    _new_edition(world, materials=[], situations=[])
    walk = Walk(client)
    walk.post()
    walk.post(whom="myself")
    walk.post(name="张三丰")
    assert walk.step == "phone"


def test_a_question_of_the_item_is_a_hint_and_its_reply_reaches_the_office(client, world):
    asked = {"key": "relative", "question": "家里有人是低保经办人员的近亲属吗？", "options": ["没有", "有"], "consequence": "另填备案表"}
    _new_edition(world, situations=[asked])
    walk = Walk(client)
    walk.post()
    assert walk.step == "situation-relative" and "另填备案表" in text_of(walk.page)
    assert walk.post(reply="7").status_code == 422
    walk.post(reply="1")
    assert walk.step == "whom"
    walk.post(whom="myself")
    walk.post(name="张三丰")
    walk.post(id_state="lost")
    walk.post(no_phone="on")
    walk.post(village="elsewhere")
    walk.post()
    walk.post()
    walk.send()
    case = ServiceRequest.objects.get()
    assert "近亲属吗？ 有" in persons.open_for(case, case.events.get().sealed, "event")["text"]
    assert "in Chinese only" not in text_of(client.get("/services/MZ-001/")) and "只有中文" not in text_of(client.get("/services/MZ-001/"))
    client.cookies["lang"] = "en"
    walk = Walk(client)
    walk.post()
    page = text_of(walk.page)
    assert page.index("This question is written in Chinese only") < page.index('<div lang="zh-CN">') < page.index("近亲属吗")


def test_for_somebody_else_the_letter_is_on_the_list_and_both_names_are_kept(client, world):
    walk = Walk(client)
    walk.post()
    walk.post(whom="somebody")
    walk.post(rep_name="张小丰", relation="family")
    assert "申请人叫什么名字" in text_of(walk.page)
    walk.post(name="张三丰")
    walk.post(id_state="unknown")
    walk.post(phone=PHONE, wants_sms="on")
    walk.post(village="elsewhere")
    walk.post()
    walk.post()
    walk.send()
    case = ServiceRequest.objects.get()
    person = persons.person_of(case)
    assert person.representative == {"name": "张小丰", "relation": "我是其他家庭成员", "phone": PHONE, "basis": "missing"}
    assert (person.id_state, person.village_id, person.wants_sms) == ("unknown", None, True)
    assert {"authority", "id_card"} <= {line.key for line in missing_lines(case)}


def test_a_guardian_needs_no_letter(client, world):
    walk = Walk(client)
    walk.post()
    walk.post(whom="somebody")
    walk.post(rep_name="张小丰", relation="guardian")
    walk.post(name="张三丰")
    walk.post(id_state="newborn")
    walk.post(no_phone="on")
    walk.post(village="elsewhere")
    walk.post()
    walk.post()
    walk.send()
    assert "authority" not in {line.key for line in missing_lines(ServiceRequest.objects.get())}


def test_papers_needed_in_some_cases_join_the_list_when_ticked(client, world):
    disabled = world.low_income.materials.get(is_conditional=True)
    walk = Walk(client)
    walk.post()
    walk.post(whom="myself")
    walk.post(name="张三丰")
    walk.post(id_state="given", id_number=ID_NUMBER)
    walk.post(phone=PHONE)
    walk.post(village=str(world.village.pk))
    walk.post(ticked=str(disabled.pk))
    walk.post(ticked=str(disabled.pk))  # at hand
    page = text_of(walk.send())
    assert "残疾人证" in page
    case = ServiceRequest.objects.get()
    assert "残疾人证" in {line.name for line in missing_lines(case)}
    told = persons.open_for(case, case.events.get().sealed, "event")["text"]
    assert "申请人自述手头已有：残疾人证" in told and "户口簿" in told


def test_the_same_form_sent_twice_is_one_case_with_the_same_number_and_code(client, world):
    walk = Walk(client).answer_all(world.village)
    before = walk.page
    first = walk.send()
    walk.page = before
    second = walk.send()
    assert ServiceRequest.objects.count() == 1
    assert number_of(first) == number_of(second) and secret_of(first) == secret_of(second)


@pytest.mark.django_db(transaction=True)
def test_sent_by_eight_clicks_at_once_it_is_one_case(client, world):
    walk = Walk(client).answer_all(world.village)
    fields = {"state": hidden(walk.page, "state"), "step": "check", "notice_read": "on", "consent": "on"}
    answers = at_once(8, lambda: type(client)().post(URL, fields))
    assert {number_of(answer) for answer in answers} == {"990199101-2026-000001"}
    assert len({secret_of(answer) for answer in answers}) == 1 and ServiceRequest.objects.count() == 1


def test_half_an_hour_later_the_code_is_not_shown_to_who_presses_back(client, world):
    walk = Walk(client).answer_all(world.village)
    before = walk.page
    walk.send()
    walk.page = before
    with time_machine.travel(w.at("2026-11-23 10:31"), tick=False):
        response = walk.send()
    assert number_of(response) and 'class="secret"' not in text_of(response)


def test_a_code_renewed_meanwhile_is_not_shown_wrongly(client, world):
    walk = Walk(client).answer_all(world.village)
    before = walk.page
    walk.send()
    verbs.renew_secret(ServiceRequest.objects.get(), by=world.people.clerk, now=NOW)
    walk.page = before
    assert 'class="secret"' not in text_of(walk.send())


def test_the_same_form_with_other_content_is_refused_and_says_where_to_correct(client, world):
    walk = Walk(client).answer_all(world.village)
    before = walk.page
    walk.send()
    walk.page = before
    walk.post(go="name")
    walk.post(name="李四")
    response = walk.send()
    assert response.status_code == 409 and "990199101-2026-000001" in text_of(response)
    assert persons.person_of(ServiceRequest.objects.get()).name == "张三丰"


@pytest.mark.parametrize("becomes", ["changed", "retired"])
def test_sent_again_after_the_item_was_changed_or_retired_still_shows_the_number(client, world, becomes):
    walk = Walk(client).answer_all(world.village)
    before = walk.page
    walk.send()
    if becomes == "changed":
        _new_edition(world)
    else:
        publication.retire(world.low_income.item, note="并入其他事项", by=world.people.reviewer, now=NOW)
    walk.page = before
    response = walk.send()
    assert number_of(response) == "990199101-2026-000001" and secret_of(response)


def _new_edition(world, **changes) -> Edition:
    text = content_of(world.low_income) | {"summary": "新的说明"} | changes
    draft = publication.start_draft(world.low_income.item, content=text, by=world.people.editor, now=NOW)
    publication.submit(draft, by=world.people.editor, now=NOW)
    return publication.publish(draft, by=world.people.reviewer, now=NOW)


def test_an_item_that_changed_meanwhile_is_read_again_and_the_person_is_kept(client, world):
    walk = Walk(client).answer_all(world.village)
    _new_edition(world)
    response = walk.send()
    assert response.status_code == 422 and "刚刚有改动" in text_of(response) and not ServiceRequest.objects.exists()
    walk.post()
    assert walk.step == "cases"
    walk.post()
    walk.post()
    assert "张三丰" in text_of(walk.page)
    assert walk.send().status_code == 200


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (ID_NUMBER[:-1] + "3", "末位校验码与前17位不符"),
        ("99019919550101001", "现在是 17 位"),
        ("990199195513010012", "不是有效日期"),
        ("", "请填写身份证号"),
        ("1" * 3000, "太长了"),
        ("99019919550101\x0012", "控制字符"),
        (CHILD, "未满14周岁"),
    ],
)
def test_a_wrong_id_number_gets_its_sentence_beside_the_field_and_stays_typed(client, world, number, sentence):
    walk = Walk(client)
    walk.post()
    walk.post(whom="myself")
    walk.post(name="张三丰")
    response = walk.post(id_state="given", id_number=number)
    page = text_of(response)
    assert response.status_code == 422 and sentence in page and 'class="error-summary"' in page and 'href="#id_id_number"' in page
    assert walk.step == "identity" and (not number.isalnum() or number in page)
    assert not ServiceRequest.objects.exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({}, "请填写电话号码"), ({"phone": "123"}, "电话"), ({"phone": "1" * 500}, "太长了"),
     ({"phone": PHONE, "no_phone": "on"}, "请去掉一个"),
     ({"no_phone": "on", "wants_sms": "on"}, "短信")],
)  # fmt: skip
def test_a_phone_or_the_word_that_there_is_none(client, world, fields, sentence):
    walk = Walk(client)
    walk.post()
    walk.post(whom="myself")
    walk.post(name="张三丰")
    walk.post(id_state="lost")
    response = walk.post(**fields)
    assert response.status_code == 422 and sentence in text_of(response) and walk.step == "phone"


def test_a_name_of_control_characters_or_without_end_is_refused(client, world):
    walk = Walk(client)
    walk.post()
    walk.post(whom="myself")
    for name in ("", "张\x07三", "张" * 41, "\u200b\u200b"):
        assert walk.post(name=name).status_code == 422
    assert walk.post(name="買買提·艾力").status_code == 200


def test_made_up_choices_are_refused_with_a_sentence(client, world):
    walk = Walk(client)
    walk.post()
    assert walk.post(whom="nobody").status_code == 422
    walk.post(whom="myself")
    walk.post(name="张三丰")
    assert walk.post(id_state="not_needed").status_code == 422
    walk.post(id_state="lost")
    walk.post(no_phone="on")
    for village in (str(world.reception.pk), "0", "x", ""):
        assert walk.post(village=village).status_code == 422
    walk.post(village="elsewhere")
    assert walk.post(ticked="999999").status_code == 422


def test_nothing_goes_out_without_having_read_the_notice_and_the_separate_consent(client, world):
    walk = Walk(client).answer_all(world.village)
    page = text_of(walk.page)
    assert "保管期限" in page and "槐序县民政局" in page and "残疾信息" in page and "撤回同意" in page
    assert ID_NUMBER not in page and "990***********0012" in page
    assert walk.post().status_code == 422
    assert walk.post(notice_read="on").status_code == 422
    assert not ServiceRequest.objects.exists()
    assert walk.send().status_code == 200


def test_change_leads_back_to_one_question_and_then_to_the_check_again(client, world):
    walk = Walk(client).answer_all(world.village)
    walk.post(go="name")
    assert walk.step == "name" and 'value="张三丰"' in text_of(walk.page)
    walk.post(name="张三疯")
    assert walk.step == "check" and "张三疯" in text_of(walk.page)


def test_the_back_key_shows_the_question_before_and_never_asks_to_send_again(client, world):
    walk = Walk(client)
    walk.post()
    walk.post(whom="myself")
    assert walk.page.redirect_chain == [(f"{URL}?step=name#main", 303)]
    walk.post(name="张三丰")
    before = client.get(f"{URL}?step=name")
    assert hidden(before, "step") == "name" and 'value="张三丰"' in text_of(before)
    assert hidden(client.get(f"{URL}?step=check"), "step") == "identity", "nothing can be skipped by its address"
    assert client.cookies["form"]["httponly"] and client.cookies["form"]["path"] == URL and "张三丰" not in client.cookies["form"].value
    walk.page = before
    walk.answer_all(world.village, begun=True).send()
    closed = client.get(f"{URL}?step=check")
    assert "这张表已经合上" in text_of(closed) and "张三丰" not in text_of(closed) and hidden(closed, "step") == "before"


def test_the_check_cannot_be_jumped_to(client, world):
    walk = Walk(client)
    walk.post()
    walk.post(whom="myself")
    response = client.post(URL, {"state": hidden(walk.page, "state"), "step": "check", "notice_read": "on", "consent": "on"}, follow=True)
    assert hidden(response, "step") == "name" and not ServiceRequest.objects.exists()


@pytest.mark.parametrize("step", ["", "nothing", "situation-x", "check", "before", "\x00", "name" * 999])
def test_odd_steps_lead_to_the_first_open_question(client, world, step):
    walk = Walk(client)
    response = client.post(URL, {"state": hidden(walk.page, "state"), "step": step, "go": step}, follow=True)
    assert response.status_code == 200


def test_what_was_answered_cannot_be_read_altered_or_carried_to_another_page(client, world):
    walk = Walk(client)
    walk.post()
    walk.post(whom="myself")
    walk.post(name="张三丰")
    state = hidden(walk.page, "state")
    assert "张三丰" not in state
    altered = state[:-6] + ("AAAAAA" if state[-6:] != "AAAAAA" else "BBBBBB")
    ask_state = hidden(client.get("/ask/"), "state")
    wrapped = keyring().wrap(b"0" * 32)
    for bad in (altered, "", "x", "w1.x.y", ask_state, wrapped, "张", "A" * 100_000, keyring().wrap(b"[]"), keyring().wrap(b"{}")):
        response = client.post(URL, {"state": bad, "step": "name", "name": "x"})
        assert response.status_code == 422 and "重新填写" in text_of(response)


def test_a_form_left_open_for_a_day_begins_again(client, world):
    walk = Walk(client)
    with time_machine.travel(w.at("2026-11-24 10:00"), tick=False):
        assert "重新填写" in text_of(walk.post())


def test_an_item_that_is_not_online_says_where_to_go(client, world):
    page = text_of(client.get("/apply/MZ-009/"))
    assert "不在网上申请" in page and "0000-555" in page
    assert "不在网上申请" in text_of(client.post("/apply/MZ-009/", {"state": "x"}))


@pytest.mark.parametrize("code", ["MZ-999", "x" * 40, "%E4%BD%8E", "..", "' OR 1=1"])
def test_what_is_no_item_is_no_page(client, world, code):
    assert client.get(f"/apply/{code}/").status_code == 404
    assert client.post(f"/apply/{code}/").status_code == 404


def test_a_retired_item_takes_nothing_and_gives_the_phone(client, world):
    publication.retire(world.low_income.item, note="并入其他事项", by=world.people.reviewer, now=NOW)
    response = client.get(URL)
    assert response.status_code == 410 and "并入其他事项" in text_of(response) and "0000-555" in text_of(response)


def test_a_flood_from_one_address_stops_with_a_sentence_and_keeps_what_was_written(client, world, settings):
    settings.THROTTLE = {throttle.SEND_ADDRESS.name: 2}
    for _ in range(2):
        assert Walk(client).answer_all(world.village).send().status_code == 200
    walk = Walk(client).answer_all(world.village)
    response = walk.send()
    assert response.status_code == 429 and "现在提交的人太多" in text_of(response) and "张三丰" in text_of(response)
    assert ServiceRequest.objects.count() == 2
    client.defaults["REMOTE_ADDR"] = "192.0.2.50"
    assert walk.send().status_code == 200


def test_nothing_personal_in_an_address_a_cookie_or_a_kept_page(client, world):
    walk = Walk(client).answer_all(world.village)
    response = walk.send()
    assert "no-store" in response["Cache-Control"] and "sessionid" not in client.cookies
    assert not re.search(rf'(href|action)="[^"]*({PHONE}|{ID_NUMBER}|张)', text_of(response))


def test_in_english_the_office_still_reads_chinese(client, world):
    client.cookies["lang"] = "en"
    item = text_of(client.get("/services/MZ-001/"))
    assert "in Chinese only" in item and "window, online" in item
    page = text_of(Walk(client).answer_all(world.village).send())
    assert "Your application has arrived" in page and "Subsistence allowance" in page
    case = ServiceRequest.objects.get()
    assert "还需准备" in persons.open_for(case, case.events.get().sealed, "event")["text"]


def test_foreign_posts_are_refused(client, world):
    strict = type(client)(enforce_csrf_checks=True)
    assert strict.post(URL, {"state": "x"}).status_code == 403
