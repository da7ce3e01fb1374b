"""登记内容: what an item alone asks, with the application and with the decision, sealed, completed later, printed."""

import pytest
import time_machine

from requests import particulars, verbs
from requests.documents.contents import decided
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import ServiceRequest
from requests.refusing import outcomes_of
from tests.requests.test_apply_online import Walk, text_of
from tests.support import world as w
from tests.support.intake_pages import ZHANG, send

pytestmark = pytest.mark.django_db
NOW = w.at("2026-11-23 10:00")
BACKEND = "portal.staff_session.StaffBackend"
LINES = [
    {"label": "采伐地点", "stage": "intake", "kind": "text", "unit": "", "options": [], "is_required": True, "hint": "村、组、小地名"},
    {"label": "采伐蓄积", "stage": "intake", "kind": "number", "unit": "立方米", "options": [], "is_required": True, "hint": ""},
    {"label": "采伐方式", "stage": "intake", "kind": "choice", "unit": "", "options": ["择伐", "皆伐"], "is_required": False, "hint": ""},
    {"label": "采伐期限至", "stage": "decision", "kind": "date", "unit": "", "options": [], "is_required": True, "hint": ""},
]


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def edition(world):
    return w.ruled(world, particulars=LINES, is_household=False, situations=[])


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


def field(edition, label: str) -> str:
    return f"p_{edition.particulars.get(label=label).pk}"


def seat(client, person):
    client.force_login(person, backend=BACKEND)
    return client


def test_taken_in_now_and_completed_before_it_is_accepted(client, world, edition):
    case = w.new_case(world, edition=edition, particulars={"采伐地点": "柳溪村8组后山"})
    assert particulars.said(case) == {"采伐地点": "柳溪村8组后山"}
    assert not any("柳溪村" in event.sealed for event in case.events.all()), "sealed like everything a person says"
    clerk = seat(client, world.people.clerk)
    page = clerk.get(f"/desk/{case.number}/").content.decode()
    assert "柳溪村8组后山" in page and "受理前要有" in page
    form = clerk.get(f"/desk/{case.number}/accept/").content.decode()
    assert "采伐蓄积" in form and "采伐地点" not in form, "only what is still lacking"
    address, lacking = f"/desk/{case.number}/accept/", field(edition, "采伐蓄积")
    assert clerk.post(address, {"seen": "received", lacking: "很多"}).status_code == 422
    assert clerk.post(address, {"seen": "received", lacking: "12.5"}).status_code == 302
    case.refresh_from_db()
    assert case.status == "accepted" and particulars.written(case) == [("采伐地点", "柳溪村8组后山"), ("采伐蓄积", "12.5立方米")]


def test_what_is_accepted_at_once_has_it_all(client, world, edition):
    clerk = seat(client, world.people.clerk)
    address = f"/desk/new/{edition.item.code}/"
    sent = ZHANG | {"everything": "on"}
    answer = send(clerk, address, then="accept", **sent)
    assert answer.status_code == 422 and "采伐地点" in answer.content.decode() and not ServiceRequest.objects.exists()
    answer = send(clerk, address, **sent)  # only taken in: it can be written down later
    assert answer.status_code == 302 and particulars.said(ServiceRequest.objects.get()) == {}


def test_the_decision_says_what_is_permitted(client, world, edition):
    case = w.new_case(world, edition=edition, particulars={"采伐地点": "后山", "采伐蓄积": "12"})
    by = {"by": world.people.official, "now": NOW}
    verbs.accept(case, **by)
    verbs.start(case, **by)
    official = seat(client, world.people.official)
    yes = outcomes_of(case.edition)[0]
    address, until = f"/desk/{case.number}/decide/", field(edition, "采伐期限至")
    assert "请填写这一项" in official.post(address, {"seen": "in_hand", "outcome": yes}).content.decode()
    assert official.post(address, {"seen": "in_hand", "outcome": yes, "amount": "每月420元", until: "2027-03-31"}).status_code == 302
    case.refresh_from_db()
    words = decided(case)
    assert case.outcome == yes and "采伐地点:后山" in words and "采伐蓄积:12立方米" in words and "采伐期限至:2027-03-31" in words


def test_a_refusal_asks_for_none_of_it(client, world, edition):
    case = w.new_case(world, edition=edition)
    by = {"by": world.people.official, "now": NOW}
    verbs.accept(case, **by)
    verbs.start(case, **by)
    said = {"found": "超过限额", "reasons": "不符合条件", "basis": "社会救助暂行办法第十一条"}
    sent = {"seen": "in_hand", "outcome": "refused", **said}
    assert seat(client, world.people.official).post(f"/desk/{case.number}/decide/", sent).status_code == 302


def test_put_right_later_and_only_what_the_text_asks(world, edition):
    case, by = w.new_case(world, edition=edition, particulars={"采伐方式": "皆伐"}), {"by": world.people.clerk, "now": NOW}
    particulars.note_particulars(case, {"采伐方式": "择伐"}, **by)
    assert particulars.said(case)["采伐方式"] == "择伐" and case.events.last().facts == {"lines": [3]}
    with pytest.raises(AlreadyHandled):
        particulars.note_particulars(case, {"采伐方式": "择伐"}, **by)
    with pytest.raises(Refused):
        particulars.note_particulars(case, {"别的": "什么"}, **by)


def test_from_home_it_is_one_more_question(client, world, edition):
    w.ruled(world, particulars=LINES, situations=[], channels=["窗口", "网上"])
    walk = Walk(client)
    walk.post()
    walk.post(whom="myself")
    walk.post(name="张三丰")
    if walk.step == "identity":
        walk.post(id_state="given", id_number="990199195501010012")
    walk.post(phone="12345678901")
    walk.post(village=str(world.village.pk))
    assert walk.step == "details" and "采伐地点" in text_of(walk.page)
    now = world.low_income.item.editions.order_by("-number").first()
    assert walk.post(**{field(now, "采伐地点"): "后山"}).status_code == 422
    walk.post(**{field(now, "采伐地点"): "后山", field(now, "采伐蓄积"): "12"})
    while walk.step != "check":
        walk.post()
    assert "采伐地点" in text_of(walk.page)
    walk.send()
    assert particulars.said(ServiceRequest.objects.get()) == {"采伐地点": "后山", "采伐蓄积": "12"}
