"""Before acceptance: the wrong name, the wrong item. The number stays."""

import io

import pytest
from django.utils import timezone
from pypdf import PdfReader

from requests import verbs
from requests.intake import Handed
from requests.lifecycle import Refused
from requests.materials import missing_lines
from requests.models import ServiceRequest
from requests.persons import person_of
from tests.support import world as w
from tests.support.intake_pages import ZHANG, sign_in, take_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def clerk(client, world):
    sign_in(client, world.people.clerk)
    return client


def test_a_wrong_name_is_put_right_and_the_rest_stays(clerk):
    case = take_in(clerk, **ZHANG)
    page = text(clerk.get(f"/desk/{case.number}/correct/"))
    assert "张**" in page and "张三丰" not in page
    answer = clerk.post(f"/desk/{case.number}/correct/", {"name": "张三峰", "reason": "听错了"})
    assert answer.status_code == 302
    after = person_of(ServiceRequest.objects.get())
    assert after.name == "张三峰" and after.phone == ZHANG["phone"] and after.id_number == ZHANG["id_number"]


def test_a_card_shown_later_leaves_the_missing_list(clerk):
    case = take_in(clerk, **(ZHANG | {"id_number": ""}), id_state="forgotten")
    clerk.post(f"/desk/{case.number}/correct/", {"id_number": ZHANG["id_number"], "id_state": "given", "reason": "取来了"})
    case = ServiceRequest.objects.get()
    assert not missing_lines(case) and person_of(case).id_state == "given"


def test_a_card_brought_meanwhile_stays_brought(clerk, world):
    someone = {"rep_name": "李小明", "rep_relation": "儿子", "authority": "missing"}
    case = take_in(clerk, **(ZHANG | {"id_number": ""}), id_state="forgotten", **someone)
    verbs.take_materials(case, {"authority": Handed("in")}, id_shown=True, by=world.people.clerk, now=timezone.now())
    assert not missing_lines(case)
    clerk.post(f"/desk/{case.number}/correct/", {"name": "张三峰", "reason": "听错了"})
    assert person_of(ServiceRequest.objects.get()).name == "张三峰" and not missing_lines(case)


def test_a_wrong_digit_or_no_reason_or_no_change_is_told(clerk):
    case = take_in(clerk, **ZHANG)
    for filled in ({"id_number": "990199195501010013", "reason": "错"}, {"name": "李四"}, {"reason": "错"}):
        assert clerk.post(f"/desk/{case.number}/correct/", filled).status_code == 422
    assert person_of(ServiceRequest.objects.get()).name == "张三丰"


def test_the_wrong_item_is_exchanged_under_the_same_number(clerk, world):
    case = take_in(clerk, **ZHANG)
    assert "?to=MZ-009" in text(clerk.get(f"/desk/{case.number}/change-item/", {"q": "老年证"}))
    answer = clerk.post(f"/desk/{case.number}/change-item/?to=MZ-009", {"reason": "听成低保"})
    assert answer.status_code == 302
    after = ServiceRequest.objects.get()
    assert after.number == case.number and after.edition == world.certificate
    assert [line.name for line in missing_lines(after)] == ["申请人居民身份证"]


def test_where_no_other_item_is_found_the_hint_and_what_this_window_is_asked_for(clerk, world):
    take_in(clerk, "MZ-009", **ZHANG)
    case = take_in(clerk, **ZHANG)
    page = text(clerk.get(f"/desk/{case.number}/change-item/", {"q": "qqqq"}))
    assert "换事项里的一个词再找" in page and 'href="/desk/consult/"' in page
    assert 'href="?to=MZ-009"' in page and 'href="?to=MZ-001"' not in page, "its own item is no other one"


def test_that_the_reason_is_wanted_stands_there_before_the_button_is_pressed(clerk):
    case = take_in(clerk, **ZHANG)
    assert "必须填写" in text(clerk.get(f"/desk/{case.number}/change-item/?to=MZ-009"))


@pytest.fixture
def question(world):
    """An item whose papers name no identity, so nobody is asked for a number."""
    one = {"name": "维修照片", "form": "copy", "copy_count": 1}
    text = w._certificate_text(world.civil, world.low_income.post, world.low_income.category)
    text |= {"name": "路灯报修登记", "materials": [one], "terms": [{"text": "路灯"}]}
    return w._publish(world.township, world.people, "MZ-020", text)


def exchange(clerk, case, code: str) -> ServiceRequest:
    assert clerk.post(f"/desk/{case.number}/change-item/?to={code}", {"reason": "选错了"}).status_code == 302
    return ServiceRequest.objects.get(pk=case.pk)


def bring_everything(case, world) -> None:
    handed = {line.material_id: Handed("in") for line in missing_lines(case) if line.material_id}
    if handed:
        verbs.take_materials(case, handed, by=world.people.clerk, now=timezone.now())


def test_an_item_that_needs_the_number_is_not_accepted_before_the_card_was_shown(clerk, world, question):
    case = take_in(clerk, "MZ-020", name="张三丰", phone=ZHANG["phone"])
    assert not missing_lines(case)
    case = exchange(clerk, case, "MZ-001")
    bring_everything(case, world)
    assert [line.key for line in missing_lines(case)] == ["id_card"]
    with pytest.raises(Refused):
        verbs.accept(case, by=world.people.clerk, now=timezone.now())
    clerk.post(f"/desk/{case.number}/correct/", {"id_number": ZHANG["id_number"], "id_state": "given", "reason": "补上"})
    verbs.accept(case, by=world.people.clerk, now=timezone.now())
    assert case.status == "accepted" and person_of(case).id_number == ZHANG["id_number"]


def test_an_item_that_needs_no_number_does_not_wait_for_the_card(clerk, world, question):
    case = take_in(clerk, **(ZHANG | {"id_number": ""}), id_state="forgotten")
    assert "id_card" in [line.key for line in missing_lines(case)]
    case = exchange(clerk, case, "MZ-020")
    bring_everything(case, world)
    assert not missing_lines(case)
    case = exchange(clerk, case, "MZ-001")
    assert "id_card" in [line.key for line in missing_lines(case)]


def test_a_number_that_was_given_is_not_asked_for_again(clerk, world, question):
    case = take_in(clerk, **ZHANG)
    for code in ("MZ-020", "MZ-001"):
        case = exchange(clerk, case, code)
        assert "id_card" not in [line.key for line in missing_lines(case)]


def test_a_wrong_item_accepted_at_once_is_exchanged_on_the_same_day_while_nobody_has_worked_at_it(clerk, world):
    case = take_in(clerk, then="accept", **ZHANG)
    assert f'href="/desk/{case.number}/change-item/"' in text(clerk.get(f"/desk/{case.number}/"))
    assert clerk.post(f"/desk/{case.number}/change-item/?to=MZ-009", {"reason": "点错了"}).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.item.code, case.accepted_at, case.accepted_by) == ("received", "MZ-009", None, None)
    assert not case.documents.filter(kind="acceptance", void=None).exists()
    other = w.new_case(world)
    verbs.accept(other, by=world.people.clerk, now=w.MONDAY)
    with pytest.raises(Refused, match="终止"):
        verbs.change_item(other, world.certificate, reason="点错了", by=world.people.clerk, now=w.at("2026-11-03 09:00"))


def test_after_it_is_worked_at_neither_is_possible(clerk, world):
    case = take_in(clerk, then="accept", **ZHANG)
    verbs.start(case, by=world.people.official, now=timezone.now())
    for page in ("correct", "change-item"):
        assert clerk.get(f"/desk/{case.number}/{page}/").status_code == 403
    assert clerk.post(f"/desk/{case.number}/correct/", {"name": "李四", "reason": "x"}).status_code == 422
    assert clerk.post(f"/desk/{case.number}/change-item/?to=MZ-009", {"reason": "x"}).status_code == 422
    assert person_of(ServiceRequest.objects.get()).name == "张三丰"


def test_who_may_correct(client, clerk, world):
    case = take_in(clerk, **ZHANG)
    for person, status in ((world.people.official, 200), (world.people.supervisor, 403), (world.people.outsider, 404)):
        sign_in(client, person)
        assert client.get(f"/desk/{case.number}/correct/").status_code == status


OUT_OF_DATE = "当事人手里的收件凭证已经过时"


def printed(client, case) -> str:
    answer = client.post(f"/desk/{case.number}/receipt.pdf", {"layout": "a5"})
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())


def test_after_a_correction_the_receipt_is_offered_again_and_has_the_new_name_and_no_code(clerk, world):
    case = take_in(clerk, **ZHANG)
    page = text(clerk.get(f"/desk/{case.number}/receipt/"))
    secret = "".join(page.split('class="secret">')[1].split("<")[0].split())
    assert secret in printed(clerk, case)
    assert OUT_OF_DATE not in text(clerk.get(f"/desk/{case.number}/"))
    answer = clerk.post(f"/desk/{case.number}/correct/", {"name": "张三峰", "reason": "听错了"}, follow=True)
    assert OUT_OF_DATE in text(answer) and f'href="/desk/{case.number}/receipt/"' in text(answer)
    paper = printed(clerk, case)
    assert "张三峰" in paper and secret not in paper and "查询码见先前打印的凭证" in paper
    assert OUT_OF_DATE not in text(clerk.get(f"/desk/{case.number}/"))


def test_a_correction_before_the_first_print_asks_for_no_second_one(clerk):
    case = take_in(clerk, **ZHANG)
    answer = clerk.post(f"/desk/{case.number}/correct/", {"name": "张三峰", "reason": "听错了"}, follow=True)
    assert OUT_OF_DATE not in text(answer)
    assert "查询码见" not in printed(clerk, case), "the first print carries the code itself"


def test_who_gives_no_reason_is_asked_what_was_wrong(clerk):
    case = take_in(clerk, **ZHANG)
    assert "请写明错在哪里" in text(clerk.post(f"/desk/{case.number}/correct/", {"name": "李四"}))
    assert "请写明为什么更改事项" in text(clerk.post(f"/desk/{case.number}/change-item/?to=MZ-009", {}))
