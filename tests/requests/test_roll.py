"""在享名册: what is granted comes onto it, reviews, stops by two people, a death flags every row and stops nothing."""

import re
from datetime import date, timedelta

import pytest
import time_machine

from officials.audit import together
from officials.models import AccessRecord
from requests import verbs
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Beneficiary, DeathReport, RollEvent
from requests.persons import Person
from requests.roll import lists, people
from requests.roll import verbs as roll_verbs
from services import publication
from services.content import content_of
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
NOW = w.at("2026-11-20 10:00")
OPENS = {"roll": "opens", "review_value": 12, "review_unit": "month", "review_basis": "每年核查"}
WIDOW = Person(name="李守寡", id_type="id_card", id_number="990199198802290023", id_state="given", phone="12345678904")


def edition_with(world, code, name, **more):
    text = content_of(world.low_income) | {"name": name} | more
    with together():
        draft = publication.create_item(world.township, code, text, by=world.people.editor, now=w.MONDAY)
        publication.submit(draft, by=world.people.editor, now=w.MONDAY)
        return publication.publish(draft, by=world.people.reviewer, now=w.MONDAY)


@pytest.fixture
def world():
    return w.build()


@pytest.fixture
def benefit(world):
    return edition_with(world, "MZ-201", "农村最低生活保障审核确认", **OPENS)


def granted(world, edition, outcome="confirmed", person=w.ZHANG, **more):
    case = w.new_case(world, edition=edition, person=person)
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    verbs.decide(case, outcome, words="理由", by=world.people.official, now=w.MONDAY, **more)
    return case


def stopped(row, world):
    said = {"reason": "户主去世", "from_month": date(2026, 12, 1), "by": world.people.official, "now": NOW}
    roll_verbs.review(row, "stop", **said)
    roll_verbs.confirm_stop(row, told="电话告知其子", by=world.people.head, now=NOW)


def test_what_is_granted_and_paid_on_opens_a_row_and_a_refusal_opens_none(world, benefit):
    granted(world, benefit, "refused")
    granted(world, world.low_income)
    assert not Beneficiary.objects.exists()
    case = granted(world, benefit, "confirmed")
    row = Beneficiary.objects.get()
    assert (row.service_request, row.from_month, row.next_review_on) == (case, date(2026, 12, 1), date(2027, 11, 2))
    assert people.person_of(row)["name"] == "张三丰" and "张三丰" not in row.sealed and row.key.name_masked == "张**"
    granted(world, benefit)
    assert Beneficiary.objects.count() == 1, "who draws it already keeps the one row"
    assert list(row.events.values_list("verb", flat=True)) == ["opened", "granted_again"]


def test_the_row_outlives_the_case_and_is_forgotten_in_its_own_time(world, benefit):
    case = granted(world, benefit)
    row = Beneficiary.objects.get()
    roll_verbs.set_terms(row, from_month=date(2026, 12, 1), standard="每月420元", by=world.people.official, now=NOW)
    verbs.close(case, how="本人领取", by=world.people.clerk, now=NOW)
    verbs.anonymise(case, by=world.people.head, now=NOW)
    row = Beneficiary.objects.get()
    assert people.person_of(row)["name"] == "张三丰" and people.open_for(row, row.standard, "standard") == "每月420元"
    with pytest.raises(Refused):
        roll_verbs.forget(row, by=world.people.head, now=NOW)
    stopped(row, world)
    with pytest.raises(Refused):
        roll_verbs.forget(row, by=world.people.official, now=NOW)
    roll_verbs.forget(row, by=world.people.head, now=NOW)
    row = Beneficiary.objects.get()
    assert people.person_of(row) == {} and row.key.id_hmac == "" and row.key.name_masked == ""
    assert people.open_for(row, row.events.get(verb="stopped").sealed, "event") is None


def test_a_review_continues_or_adjusts_with_reason_month_and_word_to_the_person(world, benefit):
    granted(world, benefit)
    row, by = Beneficiary.objects.get(), {"by": world.people.official, "now": NOW}
    for missing in ({}, {"reason": "收入变化"}, {"reason": "收入变化", "from_month": date(2026, 12, 1), "standard": "每月300元"}):
        with pytest.raises(Refused):
            roll_verbs.review(row, "adjust", **missing, **by)
    with pytest.raises(Refused):
        roll_verbs.review(row, "continue", by=world.people.clerk, now=NOW)
    roll_verbs.review(row, "continue", **by)
    assert row.next_review_on == date(2027, 11, 22), "20 November 2027 is a Saturday"
    change = {"reason": "收入变化", "from_month": date(2026, 12, 9), "standard": "每月300元", "told": "当面告知"}
    roll_verbs.review(row, "adjust", **change, **by)
    assert people.open_for(row, row.standard, "standard") == "每月300元"
    assert row.events.last().facts["from_month"] == "2026-12-01"


def test_a_stop_needs_a_second_person_and_word_to_the_family(world, benefit):
    granted(world, benefit)
    row, people_ = Beneficiary.objects.get(), world.people
    asked = {"reason": "家庭收入超过标准", "from_month": date(2026, 12, 1), "now": NOW}
    roll_verbs.review(row, "stop", by=people_.head, **asked)
    assert row.state == "stopping" and row.stopped_at is None
    with pytest.raises(Refused, match=r"[Ss]econd person|另一"):
        roll_verbs.confirm_stop(row, told="电话", by=people_.head, now=NOW)
    roll_verbs.refuse_stop(row, reason="材料不足", by=people_.head, now=NOW)
    roll_verbs.review(row, "stop", by=people_.official, **asked)
    for told, person in (("", people_.head), ("电话", people_.deputy)):
        with pytest.raises(Refused):
            roll_verbs.confirm_stop(row, told=told, by=person, now=NOW)
    shown = Beneficiary.objects.get()
    roll_verbs.confirm_stop(row, told="电话告知", by=people_.head, now=NOW)
    with pytest.raises(AlreadyHandled):
        roll_verbs.confirm_stop(shown, told="电话告知", by=people_.head, now=NOW)
    assert (row.state, row.stop_from) == ("stopped", date(2026, 12, 1)) and row.next_review_on is None


def test_a_row_stopped_wrongly_is_resumed_with_back_pay(world, benefit):
    granted(world, benefit)
    row = Beneficiary.objects.get()
    stopped(row, world)
    with pytest.raises(Refused):
        roll_verbs.resume(row, from_month=date(2026, 12, 1), back_pay="", reason="人在", by=world.people.official, now=NOW)
    back = {"from_month": date(2026, 12, 1), "back_pay": "补发12月420元", "reason": "本人健在"}
    roll_verbs.resume(row, **back, by=world.people.official, now=NOW)
    assert row.state == "running" and people.open_for(row, row.events.last().sealed, "event")["back_pay"] == "补发12月420元"


def test_a_registered_death_flags_every_row_of_the_person_and_stops_none(world, benefit):
    second = edition_with(world, "MZ-206", "高龄津贴申领", **OPENS)
    deaths = edition_with(world, "HJ-202", "死亡户口注销", roll="death")
    granted(world, benefit)
    granted(world, second)
    granted(world, benefit, person=WIDOW)
    granted(world, deaths, person=WIDOW, deceased=w.ZHANG.id_number, died_on=date(2026, 11, 1))
    flagged = Beneficiary.objects.filter(check_for="death")
    assert sorted(row.item.code for row in flagged) == ["MZ-201", "MZ-206"]
    assert set(flagged.values_list("state", flat=True)) == {"running"}, "a person checks, nothing stops by itself"
    work = list(lists.chosen(world.people.official, "work", NOW.date()))
    assert {row.pk for row in work[:2]} == {row.pk for row in flagged}
    row = flagged.first()
    with pytest.raises(Refused, match=r"death|死亡"):
        roll_verbs.review(row, "continue", by=world.people.official, now=NOW)
    roll_verbs.clear_check(row, reason="入户见到本人,同名", by=world.people.official, now=NOW)
    assert Beneficiary.objects.filter(check_for="death").count() == 1
    assert not lists.deaths_not_checked(world.people.official).exists()


def test_a_death_typed_in_flags_once_and_keeps_no_number(world, benefit, client):
    deaths = edition_with(world, "HJ-202", "死亡户口注销", roll="death")
    granted(world, benefit)
    case = granted(world, deaths, person=WIDOW)
    assert not Beneficiary.objects.filter(check_for="death").exists()
    client.force_login(world.people.official, backend=BACKEND)
    client.cookies["lang"] = "en"
    with time_machine.travel(NOW, tick=False):
        assert case.number in client.get("/desk/roll/").content.decode()
        said = {"id_number": w.ZHANG.id_number, "died_on": "2026-11-19", "source": "police", "case": case.number}
        for wrong in ({"id_number": "990199195501010013"}, {"died_on": "2026-12-01"}, {"source": ""}):
            assert client.post("/desk/roll/death/", said | wrong).status_code == 422
        assert not DeathReport.objects.exists()
        nobody = client.post("/desk/roll/death/", said | {"id_number": "990199195001010016", "case": ""}, follow=True)
        assert "nobody on the lists you may see is this person" in nobody.content.decode()
        for _ in range(2):
            answer = client.post("/desk/roll/death/", said, follow=True)
            assert answer.redirect_chain == [("/desk/roll/?which=check", 302)]
            assert "this person draws 1 benefits on your lists (张**, " in answer.content.decode(), "who looks is told whether somebody is"
        assert RollEvent.objects.filter(verb="death_reported").count() == 1
        assert w.ZHANG.id_number not in str(list(DeathReport.objects.values()) + list(RollEvent.objects.values()))
        page = client.get("/desk/roll/").content.decode()
        assert case.number not in page
        assert "Died on Thu 19 November 2026 · household register (户籍注销) · reported on Fri 20 November 2026" in page
        client.force_login(world.people.clerk, backend=BACKEND)
        assert client.post("/desk/roll/death/", said).status_code == 403


def test_deciding_a_death_registration_asks_who_died(world, client):
    deaths = edition_with(world, "HJ-202", "死亡户口注销", roll="death")
    case = w.new_case(world, edition=deaths, person=WIDOW)
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    verbs.start(case, by=world.people.official, now=w.MONDAY)
    client.force_login(world.people.official, backend=BACKEND)
    with time_machine.travel(NOW, tick=False):
        said = {"outcome": "paid", "amount": "无", "seen": "in_hand", "who_died": "other"}
        assert client.post(f"/desk/{case.number}/decide/", said).status_code == 422
        assert client.post(f"/desk/{case.number}/decide/", said | {"deceased": w.ZHANG.id_number}).status_code == 302
    assert DeathReport.objects.get().service_request == case


def test_the_pages_of_the_roll(world, benefit, client):
    case = granted(world, benefit)
    row = Beneficiary.objects.get()
    client.cookies["lang"] = "en"
    with time_machine.travel(NOW, tick=False):
        for person, status in (("official", 200), ("supervisor", 200), ("inspector", 200), ("clerk", 404), ("editor", 404)):
            client.force_login(getattr(world.people, person), backend=BACKEND)
            answer = client.get(row.get_absolute_url())
            assert answer.status_code == status, person
            assert "张三丰" not in answer.content.decode() and "12345678901" not in answer.content.decode()
        client.force_login(world.people.official, backend=BACKEND)
        assert case.number in client.get(row.get_absolute_url()).content.decode()
        assert "Standard missing" in client.get("/desk/roll/?which=incomplete").content.decode()
        url = row.get_absolute_url()
        assert client.post(f"{url}terms/", {"from_month": "2026-12", "standard": "每月420元"}).status_code == 302
        assert "每月420元" in client.get(url).content.decode()
        assert re.search(r'value="stop"[^>]* checked', client.get(f"{url}review/?outcome=stop").content.decode())
        assert f'{url}review/?outcome=stop">Stop the payment' in client.get(url).content.decode(), "a stop is found by its name"
        with time_machine.travel(NOW + timedelta(days=400), tick=False):
            client.force_login(world.people.official, backend=BACKEND)
            overdue = client.get("/desk/roll/?which=late").content.decode()
            assert row.key.name_masked in overdue and "overdue for " in overdue
        client.force_login(world.people.official, backend=BACKEND)
        assert row.key.name_masked not in client.get("/desk/roll/?which=late").content.decode()
        wrong = client.post(f"{url}review/", {"outcome": "stop", "reason": "超标", "from_month": "四月"})
        assert wrong.status_code == 422 and "超标" in wrong.content.decode()
        asked = {"outcome": "stop", "reason": "超标", "from_month": "2026-12"}
        assert client.post(f"{url}review/", asked).status_code == 302
        assert client.post(f"{url}review/", asked).status_code == 409, "sent twice is asked once"
        assert client.post(f"{url}confirm-stop/", {"told": "电话"}).status_code == 403
        assert "12345678901" in client.post(f"{url}reveal/", {"reason": "call"}).content.decode()
        assert AccessRecord.objects.filter(subject=f"roll:{row.pk}").count() == 1
        client.force_login(world.people.head, backend=BACKEND)
        assert client.post(f"{url}confirm-stop/", {"told": "电话告知"}).status_code == 302
        assert row.key.name_masked in client.get("/desk/roll/?which=stopped").content.decode()
