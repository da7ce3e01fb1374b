"""What people say of an answer, the rates made of it, and who is urged when a date is near."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError

from officials import outbox
from officials.audit import verb
from officials.models import Message, User
from requests import upper_copy, urging, verbs
from requests.county import lists as county_lists
from requests.county import verbs as county
from requests.demands import figures, judging, lists, moves, orders, verdicts
from requests.demands.registering import Told, register_demand
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import CallBack, Demand, Event, ServiceRequest, Task
from requests.timeline import timeline
from services.content import content_of
from tests.support import joint as j
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
NOW = w.at("2026-11-23 10:00")
AFTERNOON = w.at("2026-11-23 15:00")
WANG = w.Person(name="王五福", phone="12345670002")
Grade = CallBack.Satisfaction
MOBILE = "13900000001"


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client, world):
    def sign_in(who):
        client.force_login(getattr(world.people, who), backend=BACKEND)
        return client

    return sign_in


def text_of(response) -> str:
    return response.content.decode()


def dispatched(world, *, now=NOW, **more) -> ServiceRequest:
    told = Told(**{"window": world.reception, "channel": "window", "sort": "help", "words": "巷口被砌墙", "person": WANG} | more)
    case = register_demand(told, by=world.people.clerk, now=now).case
    moves.dispatch(case, rhythm="timed", lead=world.civil, holder=world.people.official, by=world.people.clerk, now=now)
    return case


def answered(world, *, contact=None, **more) -> ServiceRequest:
    case, by = dispatched(world, **more), world.people.official
    moves.sign_for(case, by=by, now=NOW)
    if contact is not None:
        moves.first_contact(case, how="phone", reached=True, by=by, now=contact)
    moves.answer_demand(case, outcome="solved", words="墙已拆", by=by, now=contact or NOW)
    return case


def judged(world, grade, *, is_solved=True, **more) -> ServiceRequest:
    case = answered(world, **more)
    asked = max(AFTERNOON, case.decided_at)
    words = "" if is_solved else "又砌上了"
    judging.call_back(
        case, how="phone", reached=True, solved=is_solved, satisfaction=grade, words=words, by=world.people.clerk, now=asked
    )
    return case


# -- the verdict ------------------------------------------------------------------------------------------------


def test_mistake_08_the_best_grade_is_never_confused_with_the_worst_and_silence_is_no_praise(world, desk):
    """满意度代码方向颠倒;未评价算好评: names in the store, one mapping for the upper system, silence in no rate."""
    best, worst = judged(world, Grade.VERY_SATISFIED), judged(world, Grade.VERY_DISSATISFIED)
    silent = judged(world, Grade.NOT_RATED)
    assert list(CallBack.objects.values_list("satisfaction", flat=True)) == ["very_satisfied", "very_dissatisfied", "not_rated"]
    for number in ("1", "5", "best"):
        with pytest.raises(IntegrityError), verb("tamper", by=world.people.head, now=NOW):
            CallBack.objects.create(
                service_request=best, how="phone", reached=True, solved=True, satisfaction=number, at=NOW, by=world.people.clerk
            )
        with pytest.raises(Refused):
            judging.call_back(
                best, how="phone", reached=True, solved=True, satisfaction=number, by=world.people.supervisor, now=AFTERNOON
            )

    def codes(case):
        return [value for label, value in upper_copy.copy_out(case, {"name": "", "id_number": "", "phone": "", "village": ""}, [])
                if "39046" in label]  # fmt: skip

    assert (codes(best), codes(worst), codes(silent)) == (["1 非常满意"], ["5 非常不满意"], [])
    client = desk("clerk")
    for case, word in ((best, "非常满意"), (worst, "非常不满意"), (silent, "未评价")):
        assert re.search(rf"本人认为已解决；{word}。", text_of(client.get(f"/desk/{case.number}/")))
    rates, left_out = figures.rates(lists.demands_of(world.people.supervisor, "demand"), AFTERNOON)
    assert {rate.label: (rate.part, rate.whole) for rate in rates}["满意率"] == (1, 2) and dict(left_out)["接通但未评价"] == 1


@pytest.mark.once
def test_the_mapping_of_the_upper_system_goes_from_one_for_the_best_to_five_for_the_worst():
    assert [verdicts.GB_39046[grade] for grade in verdicts.RATED] == ["1", "2", "3", "4", "5"]
    assert set(verdicts.GB_39046) == set(Grade) - {Grade.NOT_RATED}


def test_who_handled_it_does_not_ask_how_it_is_judged(world, desk):
    case = answered(world)
    for person in (world.people.official, world.people.deputy, world.people.head):
        with pytest.raises(Refused):
            judging.call_back(case, how="phone", reached=True, solved=True, satisfaction="satisfied", by=person, now=AFTERNOON)
    with pytest.raises(Refused, match="承办人"):
        moves.close_demand(case, told="phone", solved=True, satisfaction="very_satisfied", by=world.people.official, now=AFTERNOON)
    assert 'name="satisfaction"' not in text_of(desk("official").get(f"/desk/{case.number}/close-demand/"))
    assert 'name="satisfaction"' in text_of(desk("clerk").get(f"/desk/{case.number}/close-demand/"))
    # What the window settled itself is asked by another one.
    told = Told(window=world.reception, channel="window", sort="help", words="问路", person=WANG)
    own = register_demand(told, by=world.people.clerk, now=NOW).case
    moves.solve_on_the_spot(own, outcome="explained", words="已讲清", by=world.people.clerk, now=NOW)
    said = {"how": "phone", "reached": True, "solved": True, "satisfaction": "satisfied", "now": AFTERNOON}
    with pytest.raises(Refused):
        judging.call_back(own, **said, by=world.people.clerk)
    judging.call_back(own, **said, by=world.people.clerk2)
    assert verdicts.verdict_of(own).by == world.people.clerk2


def test_not_reached_is_said_after_three_calls_at_different_times(world, desk):
    case, p = answered(world), world.people
    client = desk("clerk")
    sent = client.post(f"/desk/{case.number}/close-demand/", {"seen": "decided", "told": "not_reached"})
    assert sent.status_code == 422 and "不同时段" in text_of(sent) and f"/desk/{case.number}/call-back/" in text_of(sent)
    for at in (NOW + timedelta(minutes=20), NOW + timedelta(minutes=50), AFTERNOON):  # twice in the same morning is once
        judging.call_back(case, how="phone", reached=False, by=p.clerk, now=at)
    with pytest.raises(Refused, match="已记2次"):
        moves.close_demand(case, told="not_reached", by=p.clerk, now=AFTERNOON)
    judging.call_back(case, how="phone", reached=False, by=p.clerk2, now=w.at("2026-11-24 09:00"))
    assert "不同时段三次未接通" in text_of(client.get(f"/desk/{case.number}/"))
    moves.close_demand(case, told="not_reached", by=p.clerk, now=w.at("2026-11-24 09:05"))
    rates, left_out = figures.rates(lists.demands_of(p.supervisor, "demand"), w.at("2026-11-24 09:10"))
    found = {rate.label: (rate.part, rate.whole, rate.percent) for rate in rates}
    assert found["满意率"] == (0, 0, "—") and found["回访接通率"] == (0, 1, "0.0%") and dict(left_out)["未接通"] == 1
    # Of whoever left no number it is known at once.
    nobody = answered(world, person=w.Person(name="李过路"))
    moves.close_demand(nobody, told="not_reached", by=p.clerk, now=AFTERNOON)


def test_what_is_not_solved_goes_back_to_be_done_again_even_after_the_end(world, desk):
    case, p = answered(world), world.people
    moves.close_demand(case, told="phone", by=p.official, now=NOW)
    form = {"seen": "closed", "how": "phone", "reached": "yes", "solved": "no", "satisfaction": "dissatisfied", "words": "", "again": "on"}
    client = desk("clerk")
    assert "哪里没有解决" in text_of(client.post(f"/desk/{case.number}/call-back/", form)) and not case.call_backs.exists()
    form["words"] = "墙又砌上了"
    assert client.post(f"/desk/{case.number}/call-back/", form).status_code == 302
    assert client.post(f"/desk/{case.number}/call-back/", form).status_code == 409  # the same form again
    case.refresh_from_db()
    assert (case.status, case.ended_at, case.outcome, case.call_backs.count()) == ("in_hand", None, "", 1)
    assert case.promised_on == date(2026, 11, 30) and "墙又砌上了" not in Event.objects.get(service_request=case, verb="rework").sealed
    # The bad grade stays until the person has judged the new answer.
    found = lists.demands_of(p.supervisor, "demand")
    assert [one.part for one in figures.rates(found, NOW)[0]][1:3] == [0, 0]
    moves.answer_demand(case, outcome="solved", words="已拆净", by=p.official, now=AFTERNOON)
    assert lists.listed(found, lists.CALL).get() == case
    later = w.at("2026-11-24 10:00")
    judging.call_back(case, how="phone", reached=True, solved=True, satisfaction="satisfied", by=p.clerk, now=later)
    assert [one.part for one in figures.rates(found, later)[0]][1:3] == [1, 1] and not lists.listed(found, lists.CALL).exists()


def test_what_was_solved_on_the_spot_and_is_not_waits_to_be_dispatched(world):
    told = Told(window=world.reception, channel="window", sort="help", words="路灯不亮", person=WANG)
    case = register_demand(told, by=world.people.clerk, now=NOW).case
    moves.solve_on_the_spot(case, outcome="solved", words="已报修", by=world.people.clerk, now=NOW)
    judging.call_back(
        case, how="phone", reached=True, solved=False, satisfaction="dissatisfied", words="还是不亮", again=True,
        by=world.people.clerk2, now=AFTERNOON,
    )  # fmt: skip
    assert (case.status, case.due_on) == ("received", date(2026, 11, 30))
    moves.dispatch(case, rhythm="first", lead=world.civil, by=world.people.clerk, now=AFTERNOON)


def test_two_verdicts_of_one_answer_both_stay_and_the_newest_counts(world):
    case, p = judged(world, Grade.SATISFIED), world.people
    said = {"how": "phone", "reached": True, "solved": True, "by": p.clerk}
    with pytest.raises(AlreadyHandled):
        judging.call_back(case, **said, satisfaction="satisfied", now=AFTERNOON + timedelta(seconds=20))
    judging.call_back(case, **said, satisfaction="dissatisfied", now=AFTERNOON + timedelta(hours=1))
    with pytest.raises(Refused, match="两次"):
        judging.call_back(case, **said, satisfaction="very_satisfied", now=AFTERNOON + timedelta(hours=2))
    assert list(case.call_backs.values_list("satisfaction", flat=True)) == ["satisfied", "dissatisfied"]
    assert verdicts.verdict_of(case).satisfaction == "dissatisfied"


def test_the_list_shows_the_rates_with_what_they_are_counted_from(world, desk):
    p = world.people
    judged(world, Grade.SATISFIED, contact=w.at("2026-11-23 11:00"))
    judged(world, Grade.DISSATISFIED, is_solved=False, contact=w.at("2026-11-24 11:00"))  # an hour late
    judged(world, Grade.NOT_RATED, contact=w.at("2026-11-24 10:00"), sort="suggestion")
    answered(world, sort="complaint", person=w.Person(), is_anonymous=True)  # nobody to call
    dispatched(world, now=w.at("2026-11-24 09:00"))  # still within its time
    waiting = answered(world)  # nobody called within the day
    now = w.at("2026-11-24 12:00")
    with time_machine.travel(now, tick=False):
        page = re.sub(r"<[^>]+>|\s", "", text_of(desk("supervisor").get("/desk/demands/")))
    for words in ("响应率50.0%2÷4(到现在应联系的)", "解决率50.0%1÷2(回访接通的,建议类不计)", "满意率50.0%1÷2(给出评价的)",
                  "回访接通率100.0%3÷3(接通的和三次未接通的)", "接通但未评价1不计入以上比率", "待回访1"):  # fmt: skip
        assert words in page.replace("（", "(").replace("）", ")").replace("，", ","), words
    listed = text_of(desk("supervisor").get("/desk/demands/?part=call"))
    assert waiting.number in listed and len(set(re.findall(r'href="/desk/(\d+-\d+-\d+)/"', listed))) == 1
    assert figures.rates(lists.demands_of(p.outsider, "demand"), now)[0][0].whole == 0, "nobody counts what he may not know of"
    assert "part=call" not in text_of(desk("supervisor").get("/desk/demands/?kind=mediation"))


# -- urging -----------------------------------------------------------------------------------------------------


def with_mobile(world, name) -> User:
    person = getattr(world.people, name)
    with verb("set_up", by=person, now=NOW):
        person.official.duty_phone = MOBILE
        person.official.save()
    return person


def urged() -> list[str]:
    return [outbox.queue.open_message(one, None).text for one in Message.objects.filter(purpose="urge")]


def test_a_demand_that_comes_near_its_date_is_urged_once_and_for_a_new_date_once_more(world, desk):
    case, tick = dispatched(world), User.objects.job("tick")
    with_mobile(world, "official")
    moves.sign_for(case, by=world.people.official, now=NOW)
    moves.first_contact(case, how="phone", reached=True, by=world.people.official, now=NOW)
    assert urging.look_for_near_dates(tick, w.at("2026-11-25 07:30")) == {"demands": 0, "tasks": 0}  # three working days left
    for _twice in range(2):
        urging.look_for_near_dates(tick, w.at("2026-11-26 07:30"))
    assert urged() == [f"【栖禾镇便民服务中心】催办:办件{case.number}应在11月30日前办理,请抓紧。"]
    assert "王五福" not in urged()[0] and "催办：临近期限" in text_of(desk("official").get(f"/desk/{case.number}/"))
    moves.extend_demand(case, reason="等材料", told="phone", by=world.people.head, now=w.at("2026-11-27 09:00"))
    urging.look_for_near_dates(tick, w.at("2026-11-30 07:30"))
    assert len(urged()) == 1
    urging.look_for_near_dates(tick, w.at("2026-12-03 07:30"))
    assert len(urged()) == 2 and Demand.objects.get(pk=case.pk).urged_for == case.due_at
    with pytest.raises(Refused):
        urging.urge_holder(case, by=world.people.official, now=w.at("2026-12-04 07:30"))


def test_the_overdue_list_names_the_kind_and_a_refused_page_keeps_the_desk(world, client):
    case = dispatched(world)
    with time_machine.travel(w.at("2027-03-01 09:00"), tick=False):
        client.force_login(world.people.head, backend="portal.staff_session.StaffBackend")
        page = client.get("/overdue/").content.decode()
        assert re.search(rf'{case.number}</a></td><td data-label="[^"]*">诉求', page)
        refused = client.get("/desk/orders/new/")
        assert refused.status_code == 403 and "desk-header" in refused.content.decode()


def test_where_the_holder_has_no_mobile_the_head_is_told_and_where_nobody_has_the_case_says_so(world):
    tick = User.objects.job("tick")
    source, line = orders.Source("meeting", NOW.date()), orders.Line("清理河道", world.civil, date(2026, 11, 24), world.people.official)
    case = orders.issue_orders(world.township, source, [line], form_token="", by=world.people.supervisor, now=NOW)[0]
    urging.urge_holder(case, by=tick, now=NOW)
    assert Event.objects.get(service_request=case, verb="urge_holder").facts["people_told"] == 0
    with_mobile(world, "head")
    other = orders.issue_orders(world.township, source, [line], form_token="", by=world.people.supervisor, now=NOW)[0]
    urging.urge_holder(other, by=tick, now=w.at("2026-11-25 07:30"))
    assert "11月24日" in urged()[0] and "已逾期" in urged()[0]
    assert "已逾期" in timeline(other, list(other.events.all()), [], NOW)[-2]["title"]
    assert Event.objects.get(service_request=other, verb="urge_holder").facts["people_told"] == 1


def test_a_joint_task_is_urged_at_its_own_office_and_not_while_the_clock_stands(db):
    joint = j.build()
    case, tick = joint.case(), User.objects.job("tick")
    due = Task.objects.filter(service_request=case, status="open").order_by("due_on").first().due_on
    found = urging.look_for_near_dates(tick, w.at(f"{due.isoformat()} 07:30"))
    assert found["tasks"] == Task.objects.filter(urged_for__isnull=False).count() > 0
    assert urging.look_for_near_dates(tick, w.at(f"{due.isoformat()} 08:30"))["tasks"] == 0
    assert {event.verb for event in case.events.all() if "urged_for" in event.facts} == {"urge_task"}


def test_a_letter_to_the_county_is_proposed_when_its_own_limit_is_over_and_none_is_under_way(world, desk):
    p = world.people
    steps = [{"title": "收件", "level": "township"}, {"title": "审核确认", "level": "county", "value": 15, "unit": "working_day"}]
    text = content_of(world.low_income) | {"name": "高龄津贴", "steps": steps, "entrusting_body": ""}
    case = w.new_case(world, edition=w._publish(world.township, p, "MZ-010", text), now=w.MONDAY)
    verbs.accept(case, by=p.clerk, now=w.MONDAY)
    verbs.start(case, by=p.official, now=w.MONDAY)
    county.forward(case, how="carried", along=[], by=p.official, now=w.MONDAY)
    over = case.county_due_on + timedelta(days=3)
    found = county_lists.at_county(p.official)
    assert not county_lists.to_write(found, case.county_due_on).exists() and county_lists.to_write(found, over).get() == case
    with time_machine.travel(w.at(f"{over.isoformat()} 10:00"), tick=False):
        client = desk("official")
        page = text_of(client.get("/desk/at-county/"))
        assert "拟发催办函" in page and f"/desk/{case.number}/urge-county/" in page
        assert "现已超过期限" in text_of(client.get(f"/desk/{case.number}/urge-county/"))
        answer_by = over + timedelta(days=5)
        county.urge_county(case, what="请尽快办结", answer_by=answer_by, by=p.official, now=w.at(f"{over.isoformat()} 10:00"))
        assert "拟发催办函" not in text_of(client.get("/desk/at-county/"))
    assert county_lists.to_write(found, answer_by + timedelta(days=1)).exists()
