"""The rows of the clock: special procedures, extensions, confirmed start, promised instead of on the spot, refusals, termination."""

import datetime
import json
import re
from dataclasses import replace

import pytest
import time_machine
from django.utils import timezone

from officials.audit import verb
from officials.models import Message
from requests import deadlines, own_limits, special, statistics, tracking, verbs
from requests.clock import Kind
from requests.documents.issuing import PLACE
from requests.extending import Approval
from requests.lifecycle import Refused
from requests.models import Document, Extension, Pause, ServiceRequest
from requests.persons import open_for
from requests.procedures import procedures_of
from requests.refusing import Grounds, TheirPaper
from services.models import Edition
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
DAY = datetime.date
MORE = {"name": "延长办理", "type_code": 1, "max_extra": 10, "unit": "working_day", "approver": "镇人民政府负责人"}
COUNTY_MORE = {**MORE, "name": "特殊情形延长", "max_extra": 15, "approver": "县民政局"}
ASSESSMENT = {"name": "指定机构评定", "type_code": 2, "max_extra": 15, "unit": "working_day", "counted": False}
HEARING = {**ASSESSMENT, "name": "家庭会议", "counted": True}


@pytest.fixture
def world(db):
    return w.build()


STEPS = [
    {"title": "收件与受理审查"},
    {
        "title": "村级公示", "value": 7, "unit": "calendar_day", "counts": "pauses", "counts_basis": "依据没有写明",
        "counts_is_assumed": True,
    },
    {"title": "入户调查", "value": 10, "unit": "working_day"},
    {"title": "房屋鉴定", "level": "township", "value": 10, "unit": "working_day"},
    {"title": "县级检测", "level": "county", "value": 5, "unit": "working_day"},
]  # fmt: skip
REFUSAL = Document.Kind.REFUSAL_DECISION
READER = replace(w.ZHANG, wants_sms=True)


def usual(world) -> Edition:
    """The item of most tests: one extension, one procedure that stops the clock and one that does not."""
    made = Edition.objects.filter(item__code="MZ-777").first()
    return made or w.another_item(world, "MZ-777", special_procedures=[MORE, ASSESSMENT, HEARING])


def accepted(world, edition=None, now=w.MONDAY, **more) -> ServiceRequest:
    case = w.new_case(world, edition=edition or usual(world), person=READER, **more)
    verbs.accept(case, by=world.people.clerk, now=now)
    return case


def begin(world, case, code="special-2", *, value=5, at="2026-11-04 10:00", by=None, **more):
    by = by or world.people.official
    verbs.begin_procedure(case, code, value=value, unit="working_day", reason="要评定", by=by, now=w.at(at), **more)


def end(world, case, code="special-2", at="2026-11-11 10:00"):
    verbs.end_procedure(case, code, ended_on=w.at(at).date(), by=world.people.official, now=w.at(at))


def extend(world, case, *, value=10, at="2026-11-09 10:00", **more):
    verbs.extend(case, value=value, reason="情况复杂", by=world.people.head, now=w.at(at), **more)


def words_of(case, kind) -> str:
    paper = Document.objects.filter(service_request=case, kind=kind).latest("id")
    return json.dumps(open_for(case, paper.sealed, PLACE), ensure_ascii=False)


def told(purpose) -> int:
    return Message.objects.filter(purpose=purpose).count()


def why(case) -> str:
    return "\n".join(line for _due, lines in deadlines.reasons(case) for line in lines)


# -- special procedures -----------------------------------------------------------------------------------------


def test_a_procedure_holds_the_clock_tells_in_writing_and_goes_on_with_what_was_left(world):
    case = accepted(world)
    first = case.promised_on
    begin(world, case)
    assert (case.stopped_since, case.due_at) == (DAY(2026, 11, 4), None)
    assert deadlines.light_of(case, w.at("2027-05-01 10:00"), deadlines.calendar_for(case.township_id)).colour == "grey"
    assert ServiceRequest.objects.late(w.at("2027-05-01 10:00")).count() == 0
    paper = words_of(case, Document.Kind.SPECIAL_PROCEDURE)
    assert "指定机构评定" in paper and "办事指南" in paper and "要评定" in paper and told("procedure_begun") == 1
    assert Pause.objects.get().reason == "指定机构评定"  # what was typed stands sealed in the event
    with pytest.raises(Refused, match=r"First end|先结束"):
        verbs.decide(case, "paid", by=world.people.official, now=w.at("2026-11-05 10:00"))
    with pytest.raises(Refused, match=r"already under way|正在进行"):
        begin(world, case)
    end(world, case)
    # 4, 5, 6, 9, 10 and 11 November are not used up: six working days later than first told.
    calendar = deadlines.calendar_for(case.township_id)
    assert case.stopped_since is None and calendar.between(first, case.promised_on) == 6
    assert case.original_on == first and "指定机构评定" in why(case) and "办事指南" in why(case)
    verbs.decide(case, "paid", by=world.people.official, now=w.at("2026-11-12 10:00"))


def test_mistake_05_whether_a_step_stops_the_clock_is_its_own_attribute_with_its_basis(world):
    edition = w.another_item(world, "MZ-778", special_procedures=[HEARING], steps=STEPS)
    found = {one.name: one for one in procedures_of(edition)}
    assert found["村级公示"].stops and found["村级公示"].is_assumed and not found["房屋鉴定"].stops and not found["家庭会议"].stops
    third = {**ASSESSMENT, "name": "征求第三方意见"}
    (asked,) = procedures_of(w.another_item(world, "ZW-001", special_procedures=[third]))
    assert asked.stops and not asked.is_assumed and "第三十三条" in asked.basis, "the law itself says so"
    # Ordinary steps are no procedures, neither ours nor the county's, least of all the check of what was handed in.
    assert set(found) == {"家庭会议", "村级公示", "房屋鉴定"}
    case = accepted(world, edition)
    due = case.due_at
    begin(world, case, found["房屋鉴定"].code)
    assert case.due_at == due and case.stopped_since is None and [row.reason for row in special.running(case)] == ["房屋鉴定"]
    begin(world, case, found["村级公示"].code)
    assert case.stopped_since == DAY(2026, 11, 4) and "村级公示" in why(case) and "依据没有写明" in why(case)
    # The same word on a permit: the law leaves hearings out, 公示 it does not name. An assumption stops what was promised alone.
    permit = w.another_item(world, "XK-001", item_type="01", steps=STEPS)
    of_permit = {one.name: one for one in procedures_of(permit)}
    assert of_permit["听证"].basis == "行政许可法第四十五条" and of_permit["村级公示"].applies_to == Kind.PROMISED
    case = accepted(world, permit)
    begin(world, case, of_permit["村级公示"].code)
    assert (case.due_kind, case.stopped_since) == ("legal", None)


def test_mistake_12_extension_needs_approver_and_notice_and_the_clock_is_not_stopped_for_ever(world):
    county = accepted(world, w.another_item(world, "MZ-779", special_procedures=[COUNTY_MORE, ASSESSMENT]))
    with pytest.raises(Refused, match="县民政局"):
        extend(world, county)
    extend(world, county, approval=Approval("槐民延〔2026〕3号", DAY(2026, 11, 6)))
    paper = words_of(county, Document.Kind.EXTENSION)
    wanted = ("县民政局", "槐民延〔2026〕3号", "情况复杂", "原到期日", "2026年12月7日")
    assert all(words in paper for words in wanted) and told("extended") == 1
    # Two procedures are the centre's ceiling: the third is the head's, ticked.
    case = accepted(world)
    for day in ("2026-11-04", "2026-11-11"):
        begin(world, case, at=f"{day} 09:00", value=1)
        end(world, case, at=f"{day} 17:00")
    with pytest.raises(Refused, match=r"head|负责人"):
        begin(world, case, at="2026-11-18 09:00", value=1)
    with pytest.raises(Refused, match=r"head|负责人"):
        begin(world, case, at="2026-11-18 09:00", value=1, by=world.people.head)
    begin(world, case, at="2026-11-18 09:00", value=1, by=world.people.head, head_agrees=True)
    with pytest.raises(Refused, match=r"longer|超过"):
        begin(world, accepted(world), value=90)


def test_the_page_says_how_often_and_how_long_the_clock_was_stopped_against_the_ceiling(world, client):
    case = accepted(world)
    client.force_login(world.people.official, backend="portal.staff_session.StaffBackend")
    with time_machine.travel(w.at("2026-11-18 12:00"), tick=False):
        assert "停止计时情况" not in client.get(case.get_absolute_url()).content.decode()
    begin(world, case, at="2026-11-04 09:00", value=1)
    end(world, case, at="2026-11-06 17:00")
    begin(world, case, at="2026-11-11 09:00", value=1)
    with time_machine.travel(w.at("2026-11-18 12:00"), tick=False):
        page = client.get(case.get_absolute_url()).content.decode()
    most = world.township
    assert f"已停止计时2次（上限{most.pauses_allowed}次）、9天（上限{most.paused_days_allowed}天）" in page and "还在进行" in page


def test_what_ran_out_before_a_procedure_stays_late(world):
    case = accepted(world)
    begin(world, case, at="2027-03-01 10:00")
    assert case.stopped_since is None and case in ServiceRequest.objects.late(w.at("2027-03-02 10:00"))


# -- extensions -------------------------------------------------------------------------------------------------


def test_an_extension_is_granted_once_before_the_date_within_the_cap(world):
    case = accepted(world)
    first, legal = case.promised_on, case.legal_on
    verbs.ask_extension(case, value=5, reason="人手不够", by=world.people.official, now=w.at("2026-11-06 10:00"))
    with pytest.raises(Refused):
        verbs.extend(case, value=5, reason="自批", by=world.people.official, now=w.at("2026-11-09 10:00"))
    with pytest.raises(Refused, match="10"):
        extend(world, case, value=11)
    extend(world, case, kinds=["promised"])
    calendar = deadlines.calendar_for(case.township_id)
    assert calendar.between(first, case.promised_on) == 10 and case.legal_on == legal and case.original_on == first
    assert "镇人民政府负责人" in why(case) and world.people.head.name not in why(case)
    with pytest.raises(Refused, match=r"once|一次"):
        extend(world, case)
    late = accepted(world)
    with pytest.raises(Refused, match=r"run out|到期"):
        extend(world, late, at="2027-06-01 10:00")
    assert Extension.objects.filter(service_request=late).count() == 0


def test_an_extension_asked_for_waits_on_the_heads_page_and_can_be_refused(world, client):
    edition = w.another_item(world, "MZ-779", special_procedures=[COUNTY_MORE])
    case, p = accepted(world, edition), world.people
    p.official.official.duty_phone = "12300001111"
    with verb("duty_phone", by=p.head, now=w.MONDAY):
        p.official.official.save()
    verbs.ask_extension(case, value=5, reason="人手不够", by=p.official, now=w.at("2026-11-06 10:00"))
    client.force_login(p.head, backend=BACKEND)
    with time_machine.travel(w.at("2026-11-09 09:00"), tick=False):
        assert case.number in client.get("/desk/").content.decode().split('id="more-time"')[1].split("</ul>")[0]
        page = client.get(case.get_absolute_url())
        first, second = [move for move in page.context["moves"].at_hand if "exten" in move.name][:2]
        assert (first.name, first.is_next, second.name) == ("extend", True, "refuse_extension")
        assert "县民政局" in client.get(f"{case.get_absolute_url()}extend/").content.decode()
    for who, reason in ((p.official, "不必"), (p.head, " ")):
        with pytest.raises(Refused):
            verbs.refuse_extension(case, reason=reason, by=who, now=w.at("2026-11-09 10:00"))
    due = case.due_on
    verbs.refuse_extension(case, reason="抓紧即可", by=p.head, now=w.at("2026-11-09 10:00"))
    assert case.due_on == due and told("extension") == 1
    with pytest.raises(Refused, match=r"asked for|没有"):
        verbs.refuse_extension(case, reason="再来", by=p.head, now=w.at("2026-11-09 10:05"))
    with time_machine.travel(w.at("2026-11-09 11:00"), tick=False):
        assert 'id="more-time"' not in client.get("/desk/").content.decode()
        assert "refuse-extension/" not in client.get(case.get_absolute_url()).content.decode()


def test_taking_an_extension_back_respects_earlier_pauses_and_tells(world):
    case = accepted(world)
    begin(world, case)
    end(world, case)
    paused = case.promised_on
    extend(world, case, at="2026-11-12 10:00")
    assert case.promised_on > paused
    row = Extension.objects.get()
    verbs.remove_extension(case, row.pk, reason="批准有误", by=world.people.head, now=w.at("2026-11-13 10:00"))
    assert case.promised_on == paused and told("earlier") == 1
    sentences = next(lines for due, lines in deadlines.reasons(case) if due.limit.kind == Kind.PROMISED)
    said = [line for line in sentences if "taken back" in line or "撤销" in line]
    assert len(said) == 1 and "10" in said[0] and sentences.index(said[0]) < len(sentences) - 1, "why it is the earlier day again"
    assert "指定机构评定" in why(case), "the pause before it still counts"
    with pytest.raises(Refused):
        verbs.remove_extension(case, row.pk, reason="再来", by=world.people.head, now=w.at("2026-11-13 11:00"))


# -- kinds of limit and their start -----------------------------------------------------------------------------


def test_an_on_the_spot_case_becomes_a_promised_one_within_the_law(world):
    spot = {"handling": "on_the_spot", "promised_value": None, "promised_unit": "", "promised_start": ""}
    edition = w.another_item(world, "MZ-780", **spot, legal_value=10, legal_start="received")
    case = w.new_case(world, edition=edition, person=READER)
    assert case.due_kind == "on_the_spot"
    with pytest.raises(Refused, match=r"By law|法定"):
        verbs.make_promised(case, "system", value=11, reason="", by=world.people.clerk, now=w.at("2026-11-02 16:00"))
    verbs.make_promised(case, "system", value=3, reason="省平台停机", by=world.people.clerk, now=w.at("2026-11-02 16:00"))
    # The acceptance check runs too; the promise is the sooner date and the one told.
    assert (case.due_kind, case.promised_on, case.legal_on) == ("promised", DAY(2026, 11, 5), DAY(2026, 11, 16))
    assert case.original_on == DAY(2026, 11, 2) and told("made_promised") == 1
    assert deadlines.differing([case], deadlines.calendar_for(case.township_id)) == []


def test_mistake_04_and_start_events_no_date_before_the_confirmation(world):
    edition = w.another_item(world, "ZW-001", item_type="10", start_by_channel={"网上": "confirmed"})
    case = accepted(world, edition, channel="online")
    assert (case.promised_on, case.legal_on, case.due_on) == (None, None, None)
    with pytest.raises(Refused, match=r"between|之间"):
        verbs.confirm_start(case, confirmed_on=DAY(2026, 11, 1), by=world.people.clerk, now=w.at("2026-11-05 10:00"))
    verbs.confirm_start(case, confirmed_on=DAY(2026, 11, 4), by=world.people.clerk, now=w.at("2026-11-05 10:00"))
    assert case.promised_on == DAY(2026, 12, 9) and ("2026年11月4日" in why(case) or "4 November 2026" in why(case))
    with pytest.raises(Refused, match=r"already|已"):
        verbs.confirm_start(case, confirmed_on=DAY(2026, 11, 5), by=world.people.clerk, now=w.at("2026-11-05 11:00"))
    assert {(one.limit.value, str(one.limit.unit)) for one in deadlines.dues(case)} == {(25, "working_day"), (30, "working_day")}


def test_registered_mail_counts_from_the_signature_an_ordinary_letter_from_the_confirmation(world, client):
    """信息公开条例 31: what was signed for on Tuesday and entered on Thursday runs from Tuesday; nobody signed for a fax."""
    starts = {"窗口": "received", "网上": "confirmed", "邮寄": "received", "平信或传真": "confirmed"}
    limits = {"promised_start": "received", "legal_start": "received"}
    edition = w.another_item(world, "ZW-001", item_type="10", start_by_channel=starts, **limits)
    letter, fax = (w.new_case(world, edition=edition, person=READER, channel=channel) for channel in ("mail", "letter"))
    assert letter.promised_on == DAY(2026, 12, 7) and not own_limits.awaits_confirmation(letter)
    assert (fax.promised_on, fax.legal_on) == (None, None) and own_limits.awaits_confirmation(fax)
    verbs.confirm_start(fax, confirmed_on=DAY(2026, 11, 4), by=world.people.clerk, now=w.at("2026-11-05 10:00"))
    assert fax.promised_on == DAY(2026, 12, 9)
    client.force_login(world.people.clerk, backend="portal.staff_session.StaffBackend")
    typed = {"edition": edition.pk, "then": "receive", "everything": "on", "name": "张三丰", "id_number": w.ZHANG.id_number,
             "phone": "12345678901", "another_because": "申请公开另一份文件"}  # fmt: skip
    with time_machine.travel(w.at("2026-11-05 10:00"), tick=False):
        for wrong in ({"channel": "letter", "signed_on": "2026-11-03"}, {"channel": "mail", "signed_on": "2026-11-06"}):
            assert client.post("/desk/new/ZW-001/", typed | wrong | {"form_token": "a" * 32}).status_code == 422
        sent = client.post("/desk/new/ZW-001/", typed | {"channel": "mail", "signed_on": "2026-11-03", "form_token": "b" * 32})
        assert sent.status_code == 302
        assert 'name="signed_on"' not in client.get("/desk/new/MZ-001/").content.decode(), "only where post matters"
    case = ServiceRequest.objects.latest("id")
    assert str(timezone.localdate(case.received_at)) == "2026-11-03" and case.promised_on == DAY(2026, 12, 8)


# -- endings ----------------------------------------------------------------------------------------------------


def test_mistake_14_a_refusal_names_reconsideration_and_court(world):
    edition = w.another_item(world, "MZ-781", review_bodies="槐序县人民政府", documents_by=[])
    case = accepted(world, edition)
    grounds = Grounds("经核对,家庭月人均收入1200元", "超过低保标准", "社会救助暂行办法第九条")
    verbs.decide(case, "refused", grounds=grounds, by=world.people.official, now=w.at("2026-11-12 10:00"))
    paper = words_of(case, Document.Kind.REFUSAL_DECISION)
    assert all(words in paper for words in ("1200元", "超过低保标准", "第九条", "60日", "槐序县人民政府", "6个月", "人民法院"))
    other = w.new_case(world, edition=edition)
    verbs.refuse_intake(other, reason="户籍不在本镇", basis="社会救助暂行办法", where="户籍地", by=world.people.official, now=w.MONDAY)
    assert all(words in words_of(other, Document.Kind.INTAKE_REFUSAL) for words in ("60日", "6个月", "户籍地"))


def test_mistake_13_a_refusal_ends_the_clock_and_only_the_body_that_may_refuse_refuses(world):
    by_county = [{"issuer": "槐序县民政局", "documents": ["不予受理决定", "不予确认或不予批准决定"], "note": ""}]
    through_its_system = {"mode": "自办", "implementing_body": "槐序县民政局", "entrusting_body": ""}
    edition = w.another_item(world, "MZ-782", documents_by=by_county, **through_its_system)
    case = accepted(world, edition)
    grounds, now = Grounds("查明", "不符合条件", "社会救助暂行办法"), w.at("2026-11-12 10:00")
    with pytest.raises(Refused, match="槐序县民政局"):
        verbs.decide(case, "refused", grounds=grounds, by=world.people.official, now=now)
    with pytest.raises(Refused, match="槐序县民政局"):
        verbs.refuse_intake(w.new_case(world, edition=edition), reason="不符合", basis="办法", by=world.people.official, now=w.MONDAY)
    paper = TheirPaper("槐民不〔2026〕8号", DAY(2026, 11, 11))
    verbs.decide(case, "refused", grounds=grounds, paper=paper, by=world.people.official, now=now)
    assert case.status == "decided" and case.decided_at == now and not case.documents.filter(kind=REFUSAL).exists()
    assert case.events.latest("id").facts["their_number"] == "槐民不〔2026〕8号"


def test_the_law_on_permits_is_not_cited_against_a_subsidy(world):
    case = accepted(world)
    with pytest.raises(Refused, match=r"permits|许可"):
        grounds = Grounds("查明", "不符合", "行政许可法第三十八条")
        verbs.decide(case, "refused", grounds=grounds, by=world.people.official, now=w.MONDAY)
    with pytest.raises(Refused):
        verbs.decide(case, "granted", by=world.people.official, now=w.MONDAY)  # 给付 is paid or confirmed, never 准予


def test_terminating_needs_the_head_cause_reason_and_basis_and_leaves_the_figures_whole(world):
    case = accepted(world)
    with pytest.raises(Refused):
        verbs.terminate(case, "died", reason="申请人去世", basis="", by=world.people.head, now=w.MONDAY)
    verbs.terminate(case, "object_gone", reason="房屋已灭失", basis="村镇规划条例", by=world.people.head, now=w.MONDAY)
    found = statistics.sums(ServiceRequest.objects.all(), w.MONDAY)
    assert (case.status, found["terminated"], found.adds_up, told("terminated")) == ("terminated", 1, True, 1)


def test_mistake_19_no_legal_limit_is_no_zero_and_no_promise_is_longer_than_the_law(world):
    edition = w.another_item(world, "MZ-783", legal_value=None, legal_unit="", legal_start="")
    assert {limit.kind for limit in deadlines.limits_of(edition, 5)} == {Kind.ACCEPTANCE_CHECK, Kind.PROMISED}
    assert accepted(world, edition).legal_on is None
    with pytest.raises(Exception, match=r"legal limit|法定"):
        w.another_item(world, "MZ-784", promised_value=31)


def test_mistake_07_a_date_in_an_unconfirmed_year_is_provisional_also_after_a_pause_and_an_extension(world):
    case = accepted(world, w.another_item(world, "MZ-785", special_procedures=[{**MORE, "max_extra": 20}, ASSESSMENT]))
    assert not case.is_provisional
    begin(world, case)
    end(world, case)
    extend(world, case, value=20, at="2026-11-12 10:00")
    assert case.due_on.year == 2027 and case.is_provisional


# -- what people see --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "zh-hans"])
def test_the_pages_show_procedure_extension_and_first_date_in_the_readers_language(world, client, lang):
    case = accepted(world)
    client.cookies["lang"] = lang
    client.force_login(world.people.head, backend=BACKEND)
    for word in ("begin-procedure", "extend", "ask-extension", "terminate"):
        assert client.get(f"/desk/{case.number}/{word}/").status_code == 200
    form = {"procedure": "special-2", "value": "5", "unit": "working_day", "reason": "要评定", "seen": case.status}
    assert client.post(f"/desk/{case.number}/begin-procedure/", form).status_code == 302
    stopped = client.get(f"/desk/{case.number}/").content.decode()
    assert "指定机构评定" in stopped and ("Clock stopped since" in stopped or "停止计时" in stopped)
    case.refresh_from_db()
    today = timezone.localdate(special.running(case)[0].at).isoformat()
    done = {"procedure": "special-2", "ended_on": today, "seen": case.status}
    assert client.post(f"/desk/{case.number}/end-procedure/", done).status_code == 302
    bad = {"procedure": "more-1", "value": "99", "kinds": ["promised"], "reason": "复杂", "seen": case.status}
    answer = client.post(f"/desk/{case.number}/extend/", bad)
    assert answer.status_code == 422 and "复杂" in answer.content.decode()
    assert client.post(f"/desk/{case.number}/extend/", bad | {"value": "10", "approved_on": today}).status_code == 302
    page = client.get(f"/desk/{case.number}/").content.decode()
    assert re.search(r"first told|原到期日", page) and "延长办理" in page
    case.refresh_from_db()
    shown = tracking.show(tracking.load(case.pk), w.at("2026-11-13 10:00"))
    sentences = "".join(line for _due, lines in shown.reasons for line in lines)
    assert "镇人民政府负责人" in sentences and world.people.head.name not in sentences
