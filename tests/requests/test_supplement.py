"""Missing materials: told once as an object, ticked as they come in, a second list by cause and approval, late answers, promises."""

import datetime
import re

import pytest
import time_machine
from django.test import Client

from officials.audit import verb
from officials.models import IssuingBody, Message, User
from requests import case_file, deadlines, persons, receipts, timeline, tracking, verbs
from requests.documents.issuing import PLACE
from requests.intake import Handed
from requests.lifecycle import AlreadyHandled, Refused
from requests.materials import checklist, missing_lines
from requests.models import Document, LateNotice, MaterialReceipt, ServiceRequest, SupplementNotice, TurnedAway
from requests.supplement import figures, late, notices, promises, second
from requests.supplement.notices import Telling
from requests.supplement.promises import Promised
from services.content import content_of
from tests.support import stage
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
State = MaterialReceipt.State
K = Document.Kind
TUESDAY = w.at("2026-11-03 09:10")
RULE = {"supplement_value": 5, "supplement_unit": "working_day", "supplement_basis": "某办法第九条"}
OURS = [{"issuer": "栖禾镇人民政府", "documents": ["收件凭证", "受理通知书", "补正告知书"], "note": ""}]


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def job(db):
    return User.objects.job("tick")


def empty_handed(world, edition=None, **more) -> ServiceRequest:
    return w.new_case(world, edition=edition, materials={}, **more)


def lines_of(case):
    return list(case.edition.materials.order_by("position"))


def bring(case, *materials, by, now):
    verbs.take_materials(case, {one.pk: Handed(State.IN) for one in materials}, by=by, now=now)


def said(document) -> dict[str, dict]:
    """The parts of a paper by their key."""
    text = persons.open_for(document.service_request, document.sealed, PLACE)
    return {part["key"]: part for part in text["parts"]}


def told(world, case, now=TUESDAY, **telling):
    verbs.ask_materials(case, telling=Telling(**telling), by=world.people.clerk, now=now)
    return notices.current(case)


def test_what_is_missing_is_told_once_line_by_line_and_issued_as_a_paper(world):
    case = empty_handed(world, w.ruled(world, documents_by=OURS))
    form, book, _card = lines_of(case)
    notice = told(world, case, how="post", wrong={str(book.pk): "复印件看不清"})
    assert (notice.ordinal, notice.how, notice.told_by, notice.answer_by) == (1, "post", world.people.clerk, None)
    assert [row.material for row in notice.lines.all()] == [form, book]
    parts = said(notice.document)
    assert [row[0] for row in parts["missing"]["rows"]] == ["最低生活保障申请书", "户口簿"]
    assert parts["missing"]["rows"][1][1] == "缺少:复印件看不清" and parts["missing"]["rows"][0][3] == "社会救助暂行办法"
    assert "没有规定补正期限" in parts["answer_by"]["text"]  # 有依据才写
    assert "复印件看不清" not in str(list(notice.history.values())) + str(list(notice.lines.values()))
    second.acknowledge_notice(case, "signed", by=world.people.clerk, now=TUESDAY)
    assert notices.current(case).acknowledged_how == "signed"


def test_where_the_county_writes_the_notice_it_is_told_all_the_same_and_the_page_says_whose_paper_it_is(world):
    county = [{"issuer": "栖禾镇人民政府", "documents": ["收件凭证"], "note": ""},
              {"issuer": "槐序县民政局", "documents": ["受理通知书", "补正告知书"], "note": ""}]  # fmt: skip
    case = empty_handed(world, w.ruled(world, documents_by=county, entrusting_body=""))
    notice = told(world, case)
    assert notice.document is None and case.status == "awaiting_materials"
    client = Client()
    client.force_login(world.people.clerk, backend="portal.staff_session.StaffBackend")
    assert "槐序县民政局" in client.get(case.get_absolute_url()).content.decode()
    bring(case, *lines_of(case)[:2], by=world.people.clerk, now=TUESDAY)
    verbs.accept(case, by=world.people.clerk, now=TUESDAY)
    assert not case.documents.filter(kind__in=(K.SUPPLEMENT, K.ACCEPTANCE)).exists()
    assert case.documents.filter(kind=K.SUPPLEMENT_RECEIPT).count() == 1


def test_mistake_01_the_day_of_acceptance_is_the_day_the_last_line_came_in(world):
    case = empty_handed(world)
    form, book, _card = lines_of(case)
    told(world, case)
    bring(case, form, by=world.people.clerk, now=w.at("2026-11-05 10:00"))
    assert case.status == "awaiting_materials" and notices.whole_at(case) is None
    receipt = said(case.documents.get(kind=K.SUPPLEMENT_RECEIPT))
    assert [row[1] for row in receipt["received"]["rows"]] == ["已收", "未收"]
    bring(case, book, by=world.people.clerk, now=w.at("2026-11-10 16:00"))
    assert case.status == "received"
    verbs.accept(case, by=world.people.official, now=w.at("2026-11-13 09:00"))
    assert case.accepted_at == w.at("2026-11-10 16:00")
    # 25 and 30 working days from the 10th, not from the 13th.
    assert (case.promised_on, case.legal_on) == (datetime.date(2026, 12, 15), datetime.date(2026, 12, 22))
    paper = said(case.documents.get(kind=K.ACCEPTANCE))
    assert paper["accepted_on"]["text"] == "2026年11月10日" and "2026年12月15日" in paper["decide_by"]["text"]


def test_a_list_corrected_before_the_person_leaves_replaces_the_first_and_is_no_second_one(world):
    case = empty_handed(world)
    form, book, card = lines_of(case)
    first = told(world, case)
    with pytest.raises(Refused, match="second list"):  # a colleague cannot
        second.correct_notice(case, Telling(), by=world.people.clerk2, now=TUESDAY)
    both = Telling(also=(str(card.pk),), wrong={str(card.pk): "有残疾成员"})
    second.correct_notice(case, both, off=(str(form.pk),), by=world.people.clerk, now=w.at("2026-11-03 09:20"))
    new = notices.current(case)
    first.refresh_from_db()
    assert (first.state, new.ordinal, new.replaces) == ("replaced", 1, first)
    assert [row.material for row in new.lines.all()] == [book, card]
    assert first.document.void is not None and first.document.number in said(new.document)["replaces"]["text"]
    second.acknowledge_notice(case, "signed", by=world.people.clerk, now=w.at("2026-11-03 09:25"))
    with pytest.raises(Refused, match="second list"):
        second.correct_notice(case, Telling(), by=world.people.clerk, now=w.at("2026-11-03 09:30"))


def second_list(world, case, cause, *, key=None, now="2026-11-09 10:00"):
    card = lines_of(case)[2]
    telling = Telling(also=(key or str(card.pk),), wrong={str(card.pk): "核对时发现有残疾成员"})
    second.ask_again(case, cause, "11月9日核对信息发现", telling, by=world.people.official, now=w.at(now))


def test_mistake_02_a_second_list_needs_a_cause_and_the_heads_approval(world):
    case = empty_handed(world)
    with pytest.raises(Refused, match="first list"):
        second_list(world, case, "found")
    told(world, case)
    bring(case, *lines_of(case)[:2], by=world.people.clerk, now=w.at("2026-11-06 10:00"))
    with pytest.raises(Refused, match="told once"):
        verbs.ask_materials(case, by=world.people.clerk, now=w.at("2026-11-06 10:05"))
    for cause, facts in (("because", "事实"), ("found", " ")):
        with pytest.raises(Refused):
            second.ask_again(case, cause, facts, Telling(), by=world.people.official, now=w.at("2026-11-09 10:00"))
    with pytest.raises(Refused, match="told before"):
        second.ask_again(case, "found", "没有新的", Telling(), by=world.people.official, now=w.at("2026-11-09 10:00"))
    second_list(world, case, "found")
    # Nothing is told yet: the case stands where it stood, and cannot slip through meanwhile.
    assert case.status == "received" and case.documents.filter(kind=K.SUPPLEMENT).count() == 1
    with pytest.raises(Refused, match="waits for the head"):
        verbs.accept(case, by=world.people.clerk, now=w.at("2026-11-09 11:00"))
    with pytest.raises(Refused):
        second.approve_second_notice(case, by=world.people.official, now=w.at("2026-11-09 11:00"))
    offered = case_file.moves(case, world.people.head, checklist(case), w.at("2026-11-09 11:00")).possible[0]
    assert (offered.name, offered.is_next) == ("approve_second_notice", True)
    for line in timeline.timeline(case, list(case.events.all()), checklist(case), w.at("2026-11-09 11:00")):
        assert not re.search(r"(^| )\d+( |$)", line["text"]), "the key of a row is no number for people"
    second.approve_second_notice(case, by=world.people.head, now=w.at("2026-11-09 11:30"))
    notice = notices.current(case)
    assert (case.status, notice.ordinal, notice.settled_by, notice.fault_of) == ("awaiting_materials", 2, world.people.head, None)
    assert "经甄暖心批准" in said(notice.document)["second"]["text"]
    assert case.due_on is None  # the clock waits again
    bring(case, lines_of(case)[2], by=world.people.clerk, now=w.at("2026-11-12 10:00"))
    verbs.accept(case, by=world.people.clerk, now=w.at("2026-11-13 10:00"))
    assert case.accepted_at == w.at("2026-11-12 10:00")


def test_a_refused_second_list_is_not_told_and_nobody_approves_the_own_request(world):
    case = empty_handed(world)
    told(world, case)
    card = lines_of(case)[2]
    second.ask_again(case, "policy", "县里来文", Telling(also=(str(card.pk),)), by=world.people.head, now=w.at("2026-11-09 10:00"))
    with pytest.raises(Refused, match="second person"):
        second.approve_second_notice(case, by=world.people.head, now=w.at("2026-11-09 11:00"))
    other = empty_handed(world)
    told(world, other)
    second_list(world, other, "found")
    second.refuse_second_notice(other, reason="可以部门核验", by=world.people.head, now=w.at("2026-11-09 11:00"))
    assert notices.pending(other) is None and notices.current(other).ordinal == 1
    assert not other.material_rows.filter(material=card, state=State.MISSING).exists()


def test_only_what_was_forgotten_is_a_fault_of_who_told_the_first_list_who_may_reply(world):
    period = (w.at("2026-01-01 00:00"), w.at("2027-01-01 00:00"))
    for cause in ("oversight", "found", "circumstances", "policy"):
        case = empty_handed(world)
        told(world, case)
        second_list(world, case, "found")
        # The head names the cause, not who asked.
        second.approve_second_notice(case, cause=cause, by=world.people.head, now=w.at("2026-11-09 11:00"))
        if cause == "oversight":
            faulty = case
    assert figures.faults({world.civil.pk}, *period) == {world.people.clerk.pk: 1}
    assert figures.by_cause({world.civil.pk}, *period) == {"oversight": 1, "found": 1, "circumstances": 1, "policy": 1}
    with pytest.raises(Refused, match="No fault of yours"):
        second.reply_to_fault(faulty, "不是我", by=world.people.official, now=w.at("2026-11-10 09:00"))
    second.reply_to_fault(faulty, "当时没有说有残疾成员", by=world.people.clerk, now=w.at("2026-11-10 09:00"))
    notice = notices.current(faulty)
    assert notices.words_of(notice)["reply"] == "当时没有说有残疾成员" and "当时没有说" not in notice.sealed


def test_the_head_hears_the_reply_and_takes_the_fault_back_or_lets_it_stand(world):
    """申辩: the person is led to the case, the head to the reply; what is taken back counts as no fault any more."""
    people, period, faulty = world.people, (w.at("2026-01-01 00:00"), w.at("2027-01-01 00:00")), []
    for _n in range(2):
        case = empty_handed(world)
        told(world, case)
        second_list(world, case, "oversight")
        second.approve_second_notice(case, cause="oversight", by=people.head, now=w.at("2026-11-09 11:00"))
        faulty.append(case)
    now = w.at("2026-11-10 09:00")
    with pytest.raises(Refused):
        second.review_fault(faulty[0], "circumstances", "还没有申辩", by=people.head, now=now)
    clerk, head = (stage.signed_in(User.objects.get(pk=person.pk)) for person in (people.clerk, people.head))
    with time_machine.travel(now, tick=False):
        assert "漏告差错记在您名下" in clerk.get("/desk/").content.decode()
        clerk.post(f"/desk/{faulty[0].number}/reply-to-fault/", {"words": "当时没有说有残疾成员", "seen": faulty[0].status})
        assert "申辩待复核" in head.get("/desk/").content.decode()
        form = head.get(f"/desk/{faulty[0].number}/review-fault/").content.decode()
        assert "当时没有说有残疾成员" in form and "checked" not in form
    second.reply_to_fault(faulty[1], "窗口太忙", by=people.clerk, now=now)
    for wrong in ({"cause": "because"}, {"reason": " "}):
        with pytest.raises(Refused):
            second.review_fault(faulty[0], **{"cause": "circumstances", "reason": "属实"} | wrong, by=people.head, now=now)
    with pytest.raises(Refused):
        second.review_fault(faulty[0], "circumstances", "属实", by=people.official, now=now)
    second.review_fault(faulty[0], "circumstances", "属实", by=people.head, now=now)
    second.review_fault(faulty[1], "oversight", "不成立", by=people.head, now=now)
    with pytest.raises(AlreadyHandled):
        second.review_fault(faulty[1], "found", "再看", by=people.head, now=now)
    assert figures.faults({world.civil.pk}, *period) == {people.clerk.pk: 1}
    assert figures.by_cause({world.civil.pk}, *period)["circumstances"] == 1


def test_another_item_begins_with_a_first_list_of_its_own(world):
    case = empty_handed(world)
    told(world, case)
    verbs.change_item(case, world.certificate, reason="拿错事项", by=world.people.clerk, now=w.at("2026-11-04 09:00"))
    assert notices.current(case) is None
    assert told(world, case, now=w.at("2026-11-04 09:05")).ordinal == 1


def test_where_no_rule_sets_a_day_the_clerk_may_ask_for_one_and_nothing_follows_from_it(world):
    with pytest.raises(Refused, match="working day"):
        told(world, empty_handed(world), answer_by=datetime.date(2026, 11, 21))
    case = empty_handed(world)
    notice = told(world, case, answer_by=datetime.date(2026, 11, 20))
    assert "请尽量在2026年11月20日(含当日)以前补齐,过了这一天仍可以补" in said(notice.document)["answer_by"]["text"]
    late.look_for_owed_materials(User.objects.job("tick"), w.at("2026-11-23 02:00"))
    assert case.supplement_notices.get().warned_at is None
    found = tracking.show(tracking.load(case.pk), w.at("2026-11-04 09:00"))
    assert found.bring_by == datetime.date(2026, 11, 20) and found.is_asked_for


def test_where_another_body_writes_the_notice_the_receipt_lists_what_was_told(world):
    """补正告知书 is the county's paper, but the person leaves with the list in the hand (domain 7: 一次性告知须书面)."""
    theirs = {"issuer": "槐序县卫生健康局", "documents": ["受理通知书", "补正告知书"]}
    ours = {"issuer": "栖禾镇人民政府", "documents": ["收件凭证"]}
    case = empty_handed(world, w.ruled(world, documents_by=[theirs, ours]))
    key = next(line.key for line in missing_lines(case))
    notice = told(world, case, wrong={key: "要写明全部家庭成员"}, answer_by=datetime.date(2026, 11, 20))
    assert notice.document is None
    receipt = receipts.receipt_data(case)
    assert [line.why for line in receipt.missing if "要写明全部家庭成员" in line.why]
    assert "请尽量在2026年11月20日(含当日)以前,请补交到" in receipt.missing_note
    client = Client()
    client.force_login(world.people.clerk, backend="portal.staff_session.StaffBackend")
    shown = client.get(case.get_absolute_url()).content.decode()
    assert f'href="/desk/{case.number}/receipt/"' in shown and "槐序县卫生健康局" in shown


def test_a_day_is_written_where_the_rule_sets_one(world):
    case = empty_handed(world, w.ruled(world, **RULE, supplement_withdraws=True))
    notice = told(world, case)
    # Five working days after Tuesday the 3rd.
    assert notice.answer_by == datetime.date(2026, 11, 10)
    assert "视为撤回申请" in said(notice.document)["answer_by"]["text"]
    with pytest.raises(Refused, match="lie ahead"):
        told(world, empty_handed(world, case.edition), answer_by=datetime.date(2026, 11, 3))


def test_mistake_03_silence_counts_as_acceptance_only_where_the_basis_says_so(world, job):
    other = w.new_case(world, now=w.at("2026-11-02 10:00"))
    permit = w.ruled(world, deemed_acceptance=True)
    silent = w.new_case(world, edition=permit, now=w.at("2026-11-02 10:00"))
    answered = empty_handed(world, permit, now=w.at("2026-11-02 10:00"))
    told(world, answered)
    # Five working days after Monday the 2nd end on Monday the 9th at midnight.
    assert late.look_for_late_notices(job, w.at("2026-11-09 23:00")) == {"noted": 0, "deemed": 0}
    assert late.look_for_late_notices(job, w.at("2026-11-10 02:00")) == {"noted": 1, "deemed": 1}
    assert late.look_for_late_notices(job, w.at("2026-11-11 02:00")) == {"noted": 0, "deemed": 0}  # twice is once
    for case in (silent, other, answered):
        case.refresh_from_db()
    assert (silent.status, silent.accepted_at, silent.accepted_by) == ("accepted", w.at("2026-11-02 10:00"), job)
    assert silent.promised_on == datetime.date(2026, 12, 7)  # 25 working days after the 2nd
    assert silent.events.get(verb="deem_accepted").facts["accepted_on"] == "2026-11-02"
    assert (other.status, other.accepted_at) == ("received", None)
    assert set(LateNotice.objects.values_list("service_request", "deemed_accepted")) == {(silent.pk, True), (other.pk, False)}
    with pytest.raises(Refused, match="no acceptance by silence"):
        late.deem_accepted(other, by=job, now=w.at("2026-11-12 02:00"))
    verbs.accept(other, by=world.people.clerk, now=w.at("2026-11-12 09:00"))
    assert LateNotice.objects.filter(service_request=other).exists()  # the row stays


def test_a_late_answer_alarms_holder_and_head_and_stands_on_their_lists(world, job):
    card = world.people.official.official
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        card.duty_phone = "12300001111"
        card.save()
    case = w.new_case(world, now=w.at("2026-11-02 10:00"))
    late.look_for_late_notices(job, w.at("2026-11-10 02:00"))
    message = Message.objects.get(purpose="late_notice")
    assert message.working_time_only and case.number in message.body and "张" not in message.body
    for person, sees in (("head", True), ("supervisor", True), ("official", True), ("deputy", False), ("inspector", True)):
        client = Client()
        client.force_login(getattr(world.people, person), backend="portal.staff_session.StaffBackend")
        assert (case.number in client.get("/desk/supplement/").content.decode()) is sees, person


def test_what_is_not_brought_in_time_is_withdrawn_only_where_the_rule_says_so_and_after_a_reminder(world, job):
    other = empty_handed(world)
    case = empty_handed(world, w.ruled(world, **RULE, supplement_withdraws=True))
    told(world, case)
    told(world, other)
    assert late.look_for_owed_materials(job, w.at("2026-11-05 02:00")) == {"reminded": 0, "withdrawn": 0}
    # Two working days before the 10th, and at once when the job was down until later: withdrawn is only who was reminded.
    assert late.look_for_owed_materials(job, w.at("2026-11-11 02:00")) == {"reminded": 1, "withdrawn": 0}
    assert late.look_for_owed_materials(job, w.at("2026-11-11 03:00")) == {"reminded": 0, "withdrawn": 0}
    assert late.look_for_owed_materials(job, w.at("2026-11-12 02:00")) == {"reminded": 0, "withdrawn": 1}
    assert late.look_for_owed_materials(job, w.at("2026-12-31 02:00")) == {"reminded": 0, "withdrawn": 0}
    case.refresh_from_db()
    other.refresh_from_db()
    assert (case.status, case.ended_by, other.status) == ("deemed_withdrawn", job, "awaiting_materials")
    with pytest.raises(Refused):
        late.deem_withdrawn(other, by=job, now=w.at("2026-12-31 02:00"))


def test_limits_from_receipt_start_anew_where_the_rule_says_so(world):
    rule = {"supplement_basis": "政府信息公开条例第三十条", "supplement_restarts": True}
    starts = {"legal_value": 20, "legal_start": "received", "promised_value": 15, "promised_start": "received"}
    case = empty_handed(world, w.ruled(world, **rule, **starts), now=w.at("2026-11-02 09:00"))
    told(world, case, now=w.at("2026-11-05 09:00"))
    bring(case, *lines_of(case)[:2], by=world.people.clerk, now=w.at("2026-11-16 10:00"))
    verbs.accept(case, by=world.people.clerk, now=w.at("2026-11-18 10:00"))
    # Counted by hand: 15 and 20 working days after Monday 16 November, whatever had run before.
    assert (case.promised_on, case.legal_on) == (datetime.date(2026, 12, 7), datetime.date(2026, 12, 14))
    sentences = [line for _due, lines in deadlines.reasons(case) for line in lines]
    assert any("starts anew" in line for line in sentences) and not any("Clock stopped" in line for line in sentences)


@pytest.fixture
def strict_case(world):
    """Of an item where nothing may follow; received before the other text is published."""
    return empty_handed(world)


@pytest.fixture
def tolerant(world, strict_case):
    """The household book may come later; late, the application counts as withdrawn."""
    materials = content_of(world.low_income)["materials"]
    materials[1]["may_come_later"] = True
    return w.ruled(world, materials=materials, **RULE, supplement_withdraws=True, documents_by=OURS)


def without_the_book(world, edition) -> ServiceRequest:
    form, _book, card = edition.materials.order_by("position")
    return w.new_case(world, edition=edition, materials={form.pk: Handed(State.IN), card.pk: Handed(State.NOT_NEEDED)})


def test_accepting_with_materials_outstanding_needs_the_written_promise(world, strict_case, tolerant, job):
    case = without_the_book(world, tolerant)
    with pytest.raises(Refused, match="promises so in writing"):
        verbs.accept(case, by=world.people.clerk, now=TUESDAY)
    with pytest.raises(Refused, match="Still missing"):
        verbs.accept(strict_case, promised=Promised(True), by=world.people.clerk, now=TUESDAY)
    verbs.accept(case, promised=Promised(True, datetime.date(2026, 11, 12)), by=world.people.clerk, now=TUESDAY)
    paper = said(case.documents.get(kind=K.ACCEPTANCE))
    assert paper["owed"]["rows"][0][0] == "户口簿"
    assert "2026年11月12日" in paper["owed_by"]["text"] and "视为撤回" in paper["owed_by"]["text"]
    with pytest.raises(Refused, match="only what came in"):
        verbs.take_materials(case, {lines_of(case)[0].pk: Handed(State.FAULTY)}, by=world.people.clerk, now=w.at("2026-11-04 09:00"))
    late_one = without_the_book(world, tolerant)
    verbs.accept(late_one, promised=Promised(True, datetime.date(2026, 11, 12)), by=world.people.clerk, now=TUESDAY)
    bring(case, lines_of(case)[1], by=world.people.clerk, now=w.at("2026-11-09 09:00"))
    assert case.status == "accepted" and promises.of_case(case, "tolerance").kept_at is not None
    assert late.look_for_owed_materials(job, w.at("2026-11-11 02:00"))["reminded"] == 1
    assert late.look_for_owed_materials(job, w.at("2026-11-13 02:00"))["withdrawn"] == 1
    late_one.refresh_from_db()
    assert late_one.status == "deemed_withdrawn"


def test_a_promise_instead_of_proof_is_the_applicants_choice_and_is_checked_afterwards(world):
    plain = w.new_case(world)
    case = w.new_case(world, edition=w.ruled(world, offers_promise=True))
    with pytest.raises(Refused, match="cannot be had on a written promise"):
        verbs.accept(plain, promised=Promised(declared=True), by=world.people.clerk, now=TUESDAY)
    client = Client()
    client.force_login(world.people.clerk, backend="portal.staff_session.StaffBackend")
    address = f"{case.get_absolute_url()}accept/"
    assert client.post(address, {"seen": "received"}).status_code == 422  # neither choice is made for the applicant
    client.post(address, {"seen": "received", "declared": "yes"})
    assert promises.of_case(case, "declaration").is_chosen
    with pytest.raises(Refused, match="what was found"):
        promises.verify_promise(case, "untrue", by=world.people.official, now=w.at("2026-11-20 09:00"))
    promises.verify_promise(case, "untrue", words="名下有车", by=world.people.official, now=w.at("2026-11-20 09:00"))
    event = case.events.get(verb="verify_promise")
    assert event.facts["revoke"] and "名下有车" not in str(event.facts)
    with pytest.raises(Refused, match="No written promise"):
        promises.verify_promise(case, "true", by=world.people.official, now=w.at("2026-11-21 09:00"))


def test_the_form_tells_what_is_wrong_and_a_faulty_line_needs_words(world):
    form, book, _card = world.low_income.materials.order_by("position")
    case = w.new_case(world, materials={form.pk: Handed(State.IN), book.pk: Handed(State.FAULTY)})
    client = Client()
    client.force_login(world.people.clerk, backend="portal.staff_session.StaffBackend")
    address = f"{case.get_absolute_url()}ask-materials/"
    assert client.post(address, {"seen": "received", "how": "counter"}).status_code == 422
    client.post(address, {"seen": "received", "how": "counter", f"wrong_{book.pk}": "缺户主页", f"wrong_{form.pk}": "没有签名"})
    notice = notices.current(case)
    assert [(row.material, row.state) for row in notice.lines.all()] == [(form, "faulty"), (book, "faulty")]
    assert client.post(address, {"seen": "received", "how": "counter"}).status_code == 409
    assert SupplementNotice.objects.count() == 1
    page = client.get(case.get_absolute_url()).content.decode()
    assert "缺户主页" in page and "没有签名" in page


def test_who_is_turned_away_without_a_case_is_logged_once_without_a_name(world):
    book = world.low_income.materials.get(name="户口簿")
    client = Client()
    client.force_login(world.people.clerk, backend="portal.staff_session.StaffBackend")
    data = {"item": "MZ-001", "why": "materials", "form_token": "a" * 32}
    assert client.post("/desk/turned-away/", data).status_code == 422
    for _again in range(2):
        client.post("/desk/turned-away/", data | {"missing": [book.pk]})
    row = TurnedAway.objects.get()
    assert (row.item, row.missing, row.by) == (world.low_income.item, [book.pk], world.people.clerk)
    assert "户口簿" in client.get("/desk/turned-away/").content.decode()
    period = (w.at("2026-01-01 00:00"), w.at("2099-01-01 00:00"))
    assert figures.turned_away({world.reception.pk}, *period)["materials"] == 1
    client.force_login(world.people.editor, backend="portal.staff_session.StaffBackend")
    assert client.get("/desk/turned-away/").status_code == 403


def test_the_resident_reads_what_is_missing_until_when_and_what_follows(world):
    plain = empty_handed(world)
    told(world, plain)
    case = empty_handed(world, w.ruled(world, **RULE, supplement_withdraws=True))
    told(world, case)
    shown = tracking.show(tracking.load(case.pk), TUESDAY)
    assert [line.name for line in shown.missing] == ["最低生活保障申请书", "户口簿"]
    assert (shown.bring_by, shown.is_withdrawn_after) == (datetime.date(2026, 11, 10), True)
    shown = tracking.show(tracking.load(plain.pk), TUESDAY)
    assert (shown.bring_by, shown.is_withdrawn_after) == (None, False)


def test_everything_typed_dies_with_the_key(world):
    case = empty_handed(world)
    notice = told(world, case, wrong={str(lines_of(case)[0].pk): "名字写错"})
    verbs.withdraw(case, reason="不办了", by=world.people.clerk, now=w.at("2026-11-04 09:00"))
    verbs.anonymise(case, by=world.people.head, now=w.at("2026-11-05 09:00"))
    assert notices.wrong_with(case, notice.lines.first()) == "" and notices.words_of(notice) == {}


def test_the_body_of_the_paper_is_the_one_that_may_write_it(world):
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        IssuingBody(township=world.township, name="栖禾镇人民政府", code_word="栖政", acts_here=True).save()
    case = empty_handed(world, w.ruled(world, documents_by=OURS))
    assert told(world, case).document.number == "栖政补〔2026〕1号"


def test_an_item_with_a_time_of_its_own_is_answered_in_that_time(world):
    """信息公开 in 7 working days beside the township's 5; the basis stands in the reasons and on the public page."""
    own = w.another_item(world, "ZW-001", item_type="10", acceptance_days=7, acceptance_basis="政府信息公开条例第三十条")
    case, usual = w.new_case(world, edition=own), w.new_case(world)
    assert (str(case.due_on), str(usual.due_on)) == ("2026-11-11", "2026-11-09")
    assert any("第三十条" in line for _due, lines in deadlines.reasons(case) for line in lines)
    assert "第三十条" in Client().get("/services/ZW-001/").content.decode()
    draft = {"acceptance_days": 7, "acceptance_basis": ""}
    with pytest.raises(Exception, match="acceptance_days_have_a_basis"):
        w.another_item(world, "ZW-002", **draft)
