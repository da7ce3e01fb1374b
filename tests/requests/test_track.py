"""/track/: the right code shows state and dates and nothing personal; everything else looks the same, and soon stops."""

import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from officials.privacy.tracking import new_tracking_secret
from requests import verbs
from requests.intake import Handed, Intake, receive
from requests.models import MaterialReceipt, ServiceRequest, TrackingAttempt
from requests.persons import Person
from tests.support import world as w

pytestmark = pytest.mark.django_db
NOW = w.at("2026-11-23 09:30")
SECRET = "1234 5678 9012 3456"
WRONG = "6543 2109 8765 4321"
CANARIES = ("张三丰", "张**", "990199195501010012", "12345678901", "0012", "8901", "稻香")


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def case(world):
    return w.new_case(world, now=NOW, secret=SECRET)


def look(client, number, secret=SECRET, **extra):
    return client.post("/track/", {"number": number, "secret": secret}, **extra)


def text_of(response) -> str:
    return response.content.decode()


def without(response, *texts) -> str:
    """The page without what was typed and the form's token."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text_of(response))
    for text in texts:
        page = page.replace(text, "·")
    return page


def test_the_right_code_shows_state_dates_reasons_and_whom_to_call(client, world, case):
    verbs.accept(case, by=world.people.clerk, now=NOW)
    response = look(client, case.number)
    page = text_of(response)
    assert response.status_code == 200
    assert "已受理" in page and "2026年12月28日(周一)" in page and "民政窗口" in page
    assert "2026年11月23日(周一)受理，当日不计入" in page
    assert "0000-5550104" in page and "0000-5550199" in page


def test_a_legal_date_in_a_year_without_announced_days_is_called_provisional(client, world, case):
    verbs.accept(case, by=world.people.clerk, now=NOW)
    page = text_of(look(client, case.number))
    assert re.search(r"法定时限</dt><dd>2027年1月\d+日.*暂定", page)
    assert not re.search(r"2026年12月28日\(周一\) <span class=\"hint\">暂定", page)


def test_nothing_personal_and_no_secret_is_shown(client, world, case):
    verbs.accept(case, by=world.people.clerk, now=NOW)
    page = text_of(look(client, case.number))
    assert not [canary for canary in CANARIES if canary in page]
    assert SECRET not in page and SECRET.replace(" ", "") not in page


def test_what_was_decided_is_not_told_on_the_page(client, world, case):
    verbs.accept(case, by=world.people.clerk, now=NOW)
    verbs.start(case, by=world.people.official, now=NOW)
    verbs.decide(case, "refused", words="收入超过标准", by=world.people.official, now=NOW)
    page = text_of(look(client, case.number))
    assert "已经作出决定" in page and "收入超过标准" not in page and "不予" not in page


def test_what_is_missing_is_listed_by_its_general_name(client, world):
    materials = {m.pk: Handed(MaterialReceipt.State.MISSING if m.name == "户口簿" else MaterialReceipt.State.IN)
                 for m in world.low_income.materials.filter(is_conditional=False)}  # fmt: skip
    case = w.new_case(world, now=NOW, secret=SECRET, materials=materials)
    page = text_of(look(client, case.number))
    assert "户口簿" in page and "最低生活保障申请书" not in page and "残疾人证" not in page
    verbs.take_materials(case, w.everything_in(world.low_income), by=world.people.clerk, now=NOW)
    assert "户口簿" not in text_of(look(client, case.number))


def test_what_is_done_on_the_spot_names_no_day_before_the_papers_are_there(client, world):
    missing = {m.pk: Handed(MaterialReceipt.State.MISSING) for m in world.certificate.materials.all()}
    case = w.new_case(world, now=NOW, secret=SECRET, edition=world.certificate, materials=missing)
    page = text_of(look(client, case.number))
    assert missing and "带齐材料来，当场就办" in page and "当场办结的日期" not in page


def test_a_forgotten_card_is_on_the_list(client, world):
    person = Person(name="张三丰", id_state="forgotten", phone="12345678901")
    case = w.new_case(world, now=NOW, secret=SECRET, person=person)
    missing = text_of(look(client, case.number)).split('class="checklist"', 1)[1].split("</ul>", 1)[0]
    assert "身份证" in missing or "identity card" in missing


def test_a_late_case_says_since_when_and_whose_step_it_is(client, world, case):
    verbs.accept(case, by=world.people.clerk, now=NOW)
    with time_machine.travel(w.at("2026-12-30 10:00"), tick=False):
        page = text_of(look(client, case.number))
    assert "已经逾期" in page and "这一步应在2026年12月28日(周一)做完" in page and "红灯" in page


def test_a_closed_case_keeps_its_dates_and_reasons(client, world, case):
    verbs.accept(case, by=world.people.clerk, now=NOW)
    verbs.start(case, by=world.people.official, now=NOW)
    verbs.decide(case, "confirmed", by=world.people.official, now=NOW)
    verbs.close(case, by=world.people.clerk, now=NOW)
    page = text_of(look(client, case.number))
    assert "已经办结" in page and "2026年12月28日(周一)" in page and "当日不计入" in page


def test_a_question_is_followed_too(client, world):
    order = Intake(intake_office=world.reception, channel="phone", kind="consultation", person=Person(phone="12345678901"), secret=SECRET)
    case = receive(order, by=world.people.clerk, now=NOW).case
    page = text_of(look(client, case.number))
    assert "已收到您的问题" in page and "2026年11月24日(周二)" in page


def test_a_question_about_an_item_waits_for_no_materials(client, world):
    person = Person(phone="12345678901", id_state="forgotten")
    order = Intake(world.reception, "phone", person, world.low_income, "consultation", secret=SECRET)
    case = receive(order, by=world.people.clerk, now=NOW).case
    page = text_of(look(client, case.number))
    assert "已收到您的问题" in page and "农村最低生活保障" in page and "最迟2026年11月24日(周二)" in page
    assert "户口簿" not in page and "身份证" not in page and "材料" not in page and 'class="checklist"' not in page
    verbs.promise_call(case, by=world.people.clerk, now=NOW)
    page = text_of(look(client, case.number))
    assert "我们会给您回电" in page and "最迟2026年11月24日(周二)" in page and "材料" not in page


def test_typed_as_people_type_it(client, case):
    wide = case.number.translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)}).replace("-", "－")
    assert look(client, wide, "1234-5678-9012-3456").status_code == 200
    assert look(client, f" {case.number} ", "１２３４５６７８９０１２３４５６").status_code == 200


def test_wrong_code_and_missing_case_give_the_same_bytes(client, world, case):
    missing = "990199101-2026-999999"
    one, other = look(client, case.number, WRONG), look(client, missing, WRONG)
    assert one.status_code == other.status_code == 422
    assert without(one, case.number) == without(other, missing)
    assert sorted(one.headers.items()) == sorted(other.headers.items())


def test_a_voided_and_an_anonymised_case_are_like_none(client, world, case):
    other = w.new_case(world, now=NOW, secret=SECRET)
    verbs.void(case, reason="登错了", by=world.people.head, now=NOW)
    verbs.withdraw(other, reason="不办了", by=world.people.clerk, now=NOW)
    assert look(client, other.number).status_code == 200
    verbs.anonymise(other, by=world.people.head, now=NOW)
    pages = {without(look(client, number), number) for number in (case.number, other.number, "990199101-2026-999999")}
    assert len(pages) == 1


def test_a_renewed_secret_ends_the_old_one(client, world, case):
    fresh = verbs.renew_secret(case, by=world.people.clerk, now=NOW)
    assert look(client, case.number).status_code == 422
    assert look(client, case.number, fresh).status_code == 200


def test_ten_failures_close_the_number_for_the_right_code_too_and_name_the_phone(client, case):
    for guess in range(10):
        assert look(client, case.number, f"{guess:016d}", REMOTE_ADDR=f"192.0.2.{guess}").status_code == 422
    response = look(client, case.number, REMOTE_ADDR="192.0.2.99")
    page = text_of(response)
    assert response.status_code == 429 and 0 < int(response["Retry-After"]) <= 900
    assert "0000-5550100" in page and "请稍等一会儿" in page and "已收到" not in page
    assert case.number in response.content.decode(), "what was typed stays in the form"
    with time_machine.travel(w.at("2026-11-23 09:45"), tick=False):
        assert look(client, case.number, REMOTE_ADDR="192.0.2.99").status_code == 200


def test_the_throttled_answer_tells_nothing_about_the_case_either(client, case):
    missing = "990199101-2026-999999"
    answers = []
    for number in (case.number, missing):
        for guess in range(11):
            response = look(client, number, f"{guess:016d}", REMOTE_ADDR=f"192.0.2.{guess}")
        answers.append(without(response, number))
    assert answers[0] == answers[1]


def test_an_address_that_tries_many_numbers_is_stopped_whatever_header_it_forges(client, case):
    for guess in range(10):
        look(client, f"990199101-2026-{guess + 100:06d}", WRONG, HTTP_X_FORWARDED_FOR=f"198.51.100.{guess}")
    assert look(client, case.number, HTTP_X_FORWARDED_FOR="203.0.113.5").status_code == 429
    assert look(client, case.number, REMOTE_ADDR="192.0.2.50").status_code == 200


def test_right_codes_are_not_counted(client, case):
    for _ in range(25):
        assert look(client, case.number).status_code == 200
    assert not TrackingAttempt.objects.exists()


def queries(client, number, secret) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        look(client, number, secret)
    return [query["sql"] for query in captured.captured_queries]


def test_a_wrong_code_costs_the_same_queries_whether_the_case_exists_or_not(client, world, case):
    look(client, case.number)  # calendar and site are in memory
    wrong, missing = queries(client, case.number, WRONG), queries(client, "990199101-2026-999999", WRONG)
    assert len(wrong) == len(missing) == 2
    assert len(queries(client, case.number, SECRET)) <= 3
    verbs.accept(case, by=world.people.clerk, now=NOW)
    assert len(queries(client, case.number, SECRET)) == 2


def test_the_code_is_never_in_an_address(client, case):
    page = text_of(client.get(f"/track/?number={case.number}&secret=1234567890123456"))
    assert f'value="{case.number}"' in page and "1234567890123456" not in page.replace("next=", "").split("<form", 1)[1]
    assert 'method="post"' in page


def test_no_answer_is_kept_by_a_browser_or_a_proxy(client, case):
    for response in (look(client, case.number), look(client, case.number, WRONG), client.get("/track/")):
        assert "no-store" in response["Cache-Control"]
    assert "sessionid" not in client.cookies


@pytest.mark.parametrize(
    ("number", "secret", "sentence"),
    [
        ("", "", "请填写收件凭证上的办件编号"),
        ("abc", SECRET, "办件编号没有写全"),
        ("990199101-2026-000001", "1234 5678", "查询码是16位数字"),
        ("9" * 5000, "1" * 5000, "太长了"),
        ("990199101-2026-000001\x00", SECRET, "控制字符"),
        ("990199101-2026-000001", "1234\x075678", "控制字符"),
        ("990199101-99999-1' OR 1=1", SECRET, "办件编号没有写全"),
    ],
)
def test_odd_input_gets_a_sentence_and_is_kept_and_nothing_is_counted(client, world, number, secret, sentence):
    response = look(client, number, secret)
    assert response.status_code == 422 and sentence in text_of(response)
    assert not TrackingAttempt.objects.exists()


def test_in_english(client, world, case):
    client.cookies["lang"] = "en"
    verbs.accept(case, by=world.people.clerk, now=NOW)
    page = text_of(look(client, case.number))
    assert "The application is accepted" in page and "Promised by" in page and "Mon 28 December 2026" in page


def test_other_methods_and_foreign_posts_are_refused(world, client):
    assert client.put("/track/").status_code == 405
    strict = type(client)(enforce_csrf_checks=True)
    assert look(strict, "990199101-2026-000001").status_code == 403


def test_a_secret_fits_only_its_own_case(client, world, case):
    other = w.new_case(world, now=NOW, secret=new_tracking_secret())
    assert look(client, other.number, SECRET).status_code == 422
    assert ServiceRequest.objects.count() == 2
