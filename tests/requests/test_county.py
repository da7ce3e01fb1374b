"""办理+代理: forwarded to the county, followed there, urged, brought back; and handed over between two windows of the centre."""

import pytest
import time_machine

from officials.models import User
from officials.permissions import give_role
from portal.demo.steps import write_down
from requests import documents, persons, timeline, tracking, verbs
from requests.county import lists, stretch
from requests.county import verbs as county
from requests.lifecycle import AlreadyHandled, Refused
from requests.materials import held_originals
from requests.models import Beneficiary, CountyUrge, Document, Forwarding, ServiceRequest
from requests.plain_words import next_step
from requests.procedures import procedures_of
from services.content import content_of
from services.models import Step
from tests.support import stage
from tests.support import world as w

pytestmark = pytest.mark.django_db
BODY = "槐序县民政局"
DAYS = {"unit": "working_day"}


@pytest.fixture
def world(db):
    built = w.build()
    steps = [
        {"title": "收件与受理审查", "level": "township"},
        {"title": "信息核对", "level": "county", "value": 8, "group": "P1", **DAYS},
        {"title": "入户调查", "level": "township", "value": 10, "group": "P1", **DAYS},
        {"title": "公示", "level": "village", "value": 7, "unit": "calendar_day", "counts": "pauses"},
        {"title": "审核确认", "level": "county", "value": 15, **DAYS},
    ]
    text = content_of(built.low_income) | {"name": "高龄津贴", "steps": steps, "entrusting_body": ""}
    built.allowance = w._publish(built.township, built.people, "MZ-010", text)
    return built


def taken_in_hand(world, **more):
    case = w.new_case(world, **{"edition": world.allowance} | more)
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    verbs.start(case, by=world.people.official, now=w.MONDAY)
    return case


def forwarded(world, now="2026-11-10 10:00", case=None, **more):
    case = case or taken_in_hand(world, **more)
    county.forward(case, how="exchange", along=[], by=world.people.official, now=w.at(now))
    return case


def late(now):
    return ServiceRequest.objects.late(w.at(now)).exists()


def fresh(person):
    return User.objects.get(pk=person.pk)


def test_the_township_has_its_own_stretch_and_is_late_with_forwarding_only(world):
    """25 days promised: ten of them are ours, fifteen the county's. The resident is told the whole."""
    case = taken_in_hand(world)
    assert (str(case.due_on), case.due_kind, str(case.promised_on), str(case.told_on)) == (
        "2026-11-16", "forwarding", "2026-12-07", "2026-12-07",
    )  # fmt: skip
    assert late("2026-11-17 09:00") and not late("2026-11-16 17:00")
    in_time, too_late = forwarded(world, case=case), forwarded(world, now="2026-11-18 09:00")
    assert [row.was_late for row in Forwarding.objects.order_by("pk")] == [False, True]
    assert str(in_time.county_due_on) == "2026-12-01" and too_late.due_at is None
    text = persons.open_for(case, Document.objects.get(service_request=case, kind="forwarding").sealed, "document")
    assert text["title"] == "转报单" and text["addressee"] == BODY and text["number"]


def test_a_county_step_makes_nobody_of_the_township_late(world):
    """Months after every date: on no list of late cases, on no overdue page, with no red light; but on the county's list."""
    case = forwarded(world)
    with time_machine.travel(w.at("2027-03-01 09:00"), tick=False):
        assert not ServiceRequest.objects.late(w.at("2027-03-01 09:00")).exists()
        head, supervisor = (stage.signed_in(fresh(person)) for person in (world.people.head, world.people.supervisor))
        for client in (head, supervisor):
            for address in ("/overdue/", "/desk/mine/?who=office&late=1", "/desk/mine/?who=office&today=all"):
                assert case.number not in client.get(address).content.decode(), address
            page = client.get("/desk/at-county/").content.decode()
            assert case.number in page and BODY in page and "2026" in page
        assert case.number in head.get("/desk/mine/?who=office").content.decode()
        assert case.number not in stage.signed_in(fresh(world.people.clerk)).get("/desk/at-county/").content.decode()
        assert "light-red" not in head.get(f"/desk/{case.number}/").content.decode()


def test_mistake_15_forwarded_is_not_out_of_sight(world):
    """Sending, receipt, the county's part and its result stand on the case, for the resident too; nothing is decided meanwhile."""
    official = world.people.official
    case = forwarded(world, now="2026-11-10 10:00")
    shown = next_step(tracking.show(tracking.load(case.pk), w.at("2026-11-12 10:00")))
    assert BODY in shown and ("10 November" in shown or "11月10日" in shown)
    with pytest.raises(Refused, match=f"{BODY}.*(enter|登记)"):
        verbs.decide(case, "confirmed", by=official, now=w.at("2026-11-12 10:00"))
    with pytest.raises(Refused, match=BODY):
        county.forward(case, how="post", along=[], by=official, now=w.at("2026-11-12 10:00"))

    county.note_county_receipt(case, on=w.at("2026-11-12 10:00").date(), receiver="县局收件人", by=official, now=w.at("2026-11-12 10:00"))
    assert str(case.county_due_on) == "2026-12-03", "fifteen days from the county's receipt"
    for day, is_said in (("2026-12-03 10:00", False), ("2026-12-04 10:00", True)):
        with time_machine.travel(w.at(day), tick=False):
            assert ("县里已到期" in stage.signed_in(official).get("/desk/").content.decode()) is is_said
    with pytest.raises(AlreadyHandled):
        county.note_county_receipt(case, on=w.at("2026-11-12 10:00").date(), number="2", by=official, now=w.at("2026-11-12 10:00"))
    said = {"outcome": "confirmed", "paper": "高龄津贴审批结果", "number": "槐民〔2026〕8号"}
    with pytest.raises(Refused):
        county.note_county_result(case, **said, on=w.at("2026-11-09 10:00").date(), by=official, now=w.at("2026-12-20 10:00"))
    with pytest.raises(Refused):
        county.note_county_result(case, **said | {"outcome": "refused"}, on=w.at("2026-12-18 10:00").date(), by=official,
                                  now=w.at("2026-12-20 10:00"))  # fmt: skip
    county.note_county_result(case, **said, on=w.at("2026-12-18 10:00").date(), by=official, now=w.at("2026-12-20 10:00"))
    assert (case.status, case.outcome, case.decided_by, case.county_since) == ("decided", "confirmed", official, None)
    assert case.decided_at.astimezone(w.LOCAL).date() == w.at("2026-12-18 10:00").date()
    with time_machine.travel(w.at("2026-12-20 11:00"), tick=False):
        page = stage.signed_in(fresh(official)).get(f"/desk/{case.number}/").content.decode()
    for words in (BODY, "县局收件人", "槐民〔2026〕8号", "高龄津贴审批结果"):
        assert words in page, words
    row = Forwarding.objects.get()
    assert row.status == "decided" and "县局收件人" not in row.sealed


def test_the_township_does_not_decide_what_the_county_decides(world):
    """Refused before and after forwarding, to everybody here, with the body and the road; the page offers the road instead."""
    case, official = taken_in_hand(world), stage.signed_in(fresh(world.people.official))
    for outcome in ("confirmed", "refused"):
        with pytest.raises(Refused, match=f"{BODY}.*(Forward|转报)"):
            verbs.decide(case, outcome, words="不符合条件", by=world.people.official, now=w.at("2026-11-09 10:00"))
    with time_machine.travel(w.at("2026-11-09 10:00"), tick=False):
        page = official.get(f"/desk/{case.number}/").content.decode()
        assert "先登记前面环节的结果：信息核对、入户调查" in page and f"/desk/{case.number}/forward/" not in page
        write_down(case, w.at("2026-11-09 09:30"))
        page = official.get(f"/desk/{case.number}/").content.decode()
        assert f"/desk/{case.number}/forward/" in page and f"/desk/{case.number}/decide/" not in page
        refused = official.post(f"/desk/{case.number}/decide/", {"outcome": "confirmed", "seen": "in_hand"})
        assert refused.status_code == 403 and BODY in refused.content.decode()
    case.refresh_from_db()
    assert (case.status, case.outcome) == ("in_hand", "")
    own = w.new_case(world)
    verbs.accept(own, by=world.people.clerk, now=w.MONDAY)
    verbs.decide(own, "confirmed", by=world.people.official, now=w.at("2026-11-09 10:00"))
    assert own.status == "decided", "the county entrusted the township with this one"


def test_what_the_county_sends_back_is_ours_again_with_the_days_that_were_left(world):
    """Forwarded after six of ten days, back a month later: four days are left, whatever was promised meanwhile."""
    case = forwarded(world, now="2026-11-10 10:00")
    back = w.at("2026-12-14 10:00")
    with pytest.raises(Refused):
        county.county_returns(case, reason="", by=world.people.official, now=back)
    county.county_returns(case, reason="缺收入证明", by=world.people.official, now=back)
    assert (case.status, case.county_since, str(case.due_on), case.due_kind) == ("in_hand", None, "2026-12-21", "forwarding")
    assert str(case.promised_on) == "2026-12-07" and not late("2026-12-21 10:00") and late("2026-12-22 10:00")
    forwarded(world, now="2026-12-16 10:00", case=case)
    assert Forwarding.objects.count() == 2 and case.county_since


def test_what_the_county_grants_opens_the_roll_and_what_it_refuses_bears_its_number(world):
    """The month after the county's day, whenever it is entered here; a refusal cites no law that is not the item's."""
    text = content_of(world.allowance) | {"name": "高龄津贴发放", "roll": "opens"}
    paid = w._publish(world.township, world.people, "MZ-011", text)
    said = {"on": w.at("2026-11-27 10:00").date(), "paper": "审批结果", "by": world.people.official, "now": w.at("2026-12-02 10:00")}
    county.note_county_result(forwarded(world, case=taken_in_hand(world, edition=paid)), outcome="confirmed", **said)
    assert str(Beneficiary.objects.get().from_month) == "2026-12-01"
    case = forwarded(world)
    for more in ({"words": "收入超过标准"}, {"words": "行政许可法规定不予", "number": "1号"}, {"number": "1号"}):
        with pytest.raises(Refused):
            county.note_county_result(case, outcome="refused", **said, **more)
    county.note_county_result(case, outcome="refused", words="收入超过标准", number="槐民〔2026〕9号", **said)
    assert (case.status, case.outcome, Beneficiary.objects.count()) == ("decided", "refused", 1)
    assert not Document.objects.filter(service_request=case, kind="refusal_decision").exists(), "the county wrote it, not we"


def test_what_stops_the_promise_stops_our_part_and_the_county_s(world):
    """Six working days of a special procedure: our ten days end six later, and so do the county's fifteen."""
    stop = {"name": "指定机构评定", "type_code": 2, "max_extra": 15, "unit": "working_day", "counted": False}
    text = content_of(world.allowance) | {"name": "评定津贴", "special_procedures": [stop]}
    case = taken_in_hand(world, edition=w._publish(world.township, world.people, "MZ-012", text))
    official = world.people.official
    code = next(one.code for one in procedures_of(case.edition) if one.name == stop["name"])

    def assess(begin, end):
        said = {"value": 5, "unit": "working_day", "reason": "要评定", "by": official}
        verbs.begin_procedure(case, code, **said, now=w.at(f"{begin} 10:00"))
        during = (case.due_at, case.county_due_on)
        verbs.end_procedure(case, code, ended_on=w.at(end).date(), by=official, now=w.at(end))
        return during

    assert (str(case.due_on), case.due_kind) == ("2026-11-16", "forwarding")
    assert assess("2026-11-04", "2026-11-11 10:00")[0] is None
    assert (str(case.due_on), case.due_kind) == ("2026-11-24", "forwarding")
    forwarded(world, now="2026-11-12 10:00", case=case)
    assert str(case.county_due_on) == "2026-12-03"
    assess("2026-11-16", "2026-11-23 10:00")
    assert str(case.county_due_on) == "2026-12-11" and case.due_at is None and case.told_on == case.promised_on
    assert not ServiceRequest.objects.late(w.at("2027-01-10 09:00")).exists()


def test_the_county_is_urged_in_writing_and_its_answer_is_recorded(world):
    case, official = forwarded(world), world.people.official
    day = w.at("2026-12-02 09:00")
    assert lists.is_near(case, day.date()) and not lists.is_near(case, w.at("2026-11-20 09:00").date())
    for what, answer_by in (("", "2026-12-04 09:00"), ("请办结", "2026-12-02 09:00")):
        with pytest.raises(Refused):
            county.urge_county(case, what=what, answer_by=w.at(answer_by).date(), by=official, now=day)
    urge = county.urge_county(case, what="请尽快办结", answer_by=w.at("2026-12-04 09:00").date(), by=official, now=day)
    with pytest.raises(AlreadyHandled):
        county.urge_county(case, what="请尽快办结", answer_by=w.at("2026-12-04 09:00").date(), by=official, now=day)
    (line,) = [one for one in timeline.timeline(case, list(case.events.all()), [], day) if str(urge.document) in one["text"]]
    assert "最迟2026年12月4日(周五)答复" in line["text"] and "补正" not in line["text"] and line["text"].count(str(urge.document)) == 1
    text = persons.open_for(case, urge.document.sealed, "document")
    assert text["title"] == "催办函" and documents.MANDATORY["urge"] <= {part["key"] for part in text["parts"]}
    county.note_urge_answer(case, urge, on=w.at("2026-12-03 09:00").date(), words="正在审核", by=official, now=w.at("2026-12-03 09:00"))
    assert CountyUrge.objects.get().answers.count() == 1 and "审核" not in urge.answers.get().sealed


def test_an_original_that_goes_along_is_marked_as_away_until_it_comes_back(world):
    book = world.allowance.materials.get(name="户口簿")
    held = {book.pk: w.Handed("in", original_held=True)}
    case = w.new_case(world, edition=world.allowance, materials=w.everything_in(world.allowance) | held)
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    county.forward(case, how="carried", along=[str(book.pk)], by=world.people.official, now=w.at("2026-11-04 10:00"))
    assert [line.is_away for line in held_originals(case)] == [True] and Forwarding.objects.get().papers[0]["material"] == book.pk
    county.county_returns(case, reason="补件", by=world.people.official, now=w.at("2026-11-09 10:00"))
    assert [(line.name, line.is_away) for line in held_originals(case)] == [("户口簿", False)]
    # 验原件退还: ticked on the list it goes as a copy; that its original goes too is said on its own.
    county.forward(case, how="carried", along=[str(book.pk)], originals=[], by=world.people.official, now=w.at("2026-11-10 10:00"))
    assert [line.is_away for line in held_originals(case)] == [False]
    assert Forwarding.objects.order_by("-pk").first().papers == [{"material": book.pk, "originals": 0, "copies": 1, "held": False}]


def test_what_was_shown_and_handed_back_is_on_no_list_of_originals(world):
    """户口簿 is shown, its copy stays: the list that goes to the county says one copy, unless the original lies in the drawer."""
    book = world.allowance.materials.get(name="户口簿")
    case = w.new_case(world, edition=world.allowance)
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    county.forward(case, how="carried", along=[str(book.pk)], by=world.people.official, now=w.at("2026-11-04 10:00"))
    assert [(one["originals"], one["copies"]) for one in Forwarding.objects.get().papers] == [(0, book.copy_count)]


def test_withdrawn_while_at_the_county_is_over_there_too(world):
    case = forwarded(world)
    verbs.withdraw(case, reason="不办了", by=world.people.clerk, now=w.at("2026-11-12 10:00"))
    assert Forwarding.objects.get().status == "ended" and case.county_since is None


def test_a_stationed_office_takes_the_papers_over_at_its_own_window(world):
    text = content_of(world.low_income) | {
        "name": "居住证", "mode": "派驻站所办理", "implementing_body": "槐序县公安局", "entrusting_body": "",
    }  # fmt: skip
    case = w.new_case(world, edition=w._publish(world.township, world.people, "HJ-004", text))
    clerk, official = world.people.clerk, world.people.official
    with pytest.raises(Refused, match="槐序县公安局"):
        verbs.accept(case, by=clerk, now=w.MONDAY)  # the reception takes in for it, no more
    with pytest.raises(AlreadyHandled):
        county.take_over(case, by=official, now=w.MONDAY)
    leader = world.people.supervisor
    give_role(leader, world.civil, "head", by=User.objects.job("setup"), now=w.MONDAY)
    county.hand_to_window(case, along=[], by=clerk, now=w.MONDAY)
    with pytest.raises(AlreadyHandled):
        county.hand_to_window(case, along=[], by=clerk, now=w.MONDAY)
    with pytest.raises(Refused):
        county.take_over(case, by=clerk, now=w.MONDAY)
    with pytest.raises(Refused, match="综合受理窗口"):
        verbs.accept(case, by=official, now=w.MONDAY)
    county.take_over(case, by=official, now=w.at("2026-11-02 10:00"))
    verbs.accept(case, by=official, now=w.at("2026-11-02 10:00"))
    row = Forwarding.objects.get()
    assert (row.kind, row.received_at, row.ended_by) == ("window", w.at("2026-11-02 10:00"), official)
    assert persons.open_for(case, Document.objects.get(kind="forwarding").sealed, "document")["title"] == "转交单"
    with pytest.raises(Refused, match="槐序县公安局"):
        verbs.decide(case, "confirmed", by=leader, now=w.at("2026-11-03 10:00"))  # heads the office and is not of it
    verbs.decide(case, "confirmed", by=official, now=w.at("2026-11-03 10:00"))
    with pytest.raises(Refused):
        county.hand_to_window(w.new_case(world), along=[], by=clerk, now=w.MONDAY)


def test_what_is_decided_here_goes_to_nobody(world):
    text = content_of(world.low_income) | {"name": "备案", "mode": "自办", "implementing_body": "栖禾镇人民政府"}
    case = w.new_case(world, edition=w._publish(world.township, world.people, "NY-003", text))
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    with pytest.raises(Refused, match=r"decided here|本镇"):
        county.forward(case, how="post", along=[], by=world.people.official, now=w.MONDAY)


@pytest.mark.once
def test_the_stretch_ends_where_only_the_county_works():
    def step(value, level, group="", counts="counts"):
        return Step(position=1, value=value, unit="working_day", level=level, group=group, counts=counts)

    ours = [step(None, "township"), step(10, "county", "P"), step(8, "township", "P"), step(2, "township")]
    steps = [*ours, step(7, "village", counts="pauses")]
    whole = [*steps, step(6, "county"), step(5, "city"), step(1, "township")]
    assert stretch.split(whole, "working_day") == stretch.Stretch(12, 11, "working_day")
    assert stretch.split(steps, "working_day") == stretch.NONE
