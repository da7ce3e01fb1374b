"""公示: only what the item allows, nothing of minors, gone by date alone, an objection stops the case."""

import io
import re
from dataclasses import replace
from datetime import date

import pytest
import time_machine
from django.utils import timezone
from pypdf import PdfReader

from officials.audit import together
from officials.calendar import calendar_for
from officials.models import User
from requests import deadlines, parties, persons, verbs
from requests.county import verbs as county
from requests.intake import Handed
from requests.item_needs import hangs_in_village
from requests.lifecycle import AlreadyHandled, Refused
from requests.materials import missing_lines
from requests.models import LateNotice, NoticedCase, Objection, Pause, PublicNotice, ServiceRequest, VillageNotice
from requests.persons import PartyPerson, Person
from requests.public_notice import before, lists, rules, sheet, standing, village
from requests.public_notice import verbs as notice_verbs
from requests.public_notice.days import span
from requests.supplement import late
from services import publication
from services.content import content_of
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
NOTICE = {
    "required": True, "days": 7, "unit": "calendar_day", "place": "村(社区)公示栏、镇公开栏", "stage": "初审后",
    "allow_fields": ["姓名（可隐去一字）", "村组", "事项", "结果"], "forbid_fields": ["身份证号", "病情与残疾细节", "未成年人信息"],
    "counted": False, "takedown": "公示期满自动撤下", "note": "",
    "counted_basis": {"kind": "假定", "text": "依据没有写明公示是否计入"},
    "objection": {"channel": ["电话"], "phone": "0000-5550104", "within": "公示期内", "receiver": "栖禾镇人民政府", "handler": ""},
}  # fmt: skip
STEP = {"title": "村(社区)公示", "actor": "村(居)民委员会", "value": 7, "unit": "calendar_day", "counts": "pauses",
        "counts_basis": "依据没有写明公示是否计入", "counts_is_assumed": True}  # fmt: skip
TYPED = {"村组": "第3组", "结果": "初审通过,拟给予低保"}
CHILD = Person(name="李小童", id_type="id_card", id_number="99019920100601003X", id_state="given", phone="12345678902")

MOTHER = PartyPerson(role="guardian", name="王母", relation="母亲", id_number="990199195501010012", authority="guardian")


def edition_with(world, code="MZ-101", name="农村最低生活保障审核确认", notice=NOTICE, step=STEP, **more):
    """The low-income item again, with a public notice."""
    text = content_of(world.low_income)
    steps = [*text["steps"], step] if step else text["steps"]
    text |= {"public_notice": notice, "name": name, "steps": steps} | more
    with together():
        draft = publication.create_item(world.township, code, text, by=world.people.editor, now=w.MONDAY)
        publication.submit(draft, by=world.people.editor, now=w.MONDAY)
        return publication.publish(draft, by=world.people.reviewer, now=w.MONDAY)


@pytest.fixture
def world():
    return w.build()


@pytest.fixture
def edition(world):
    return edition_with(world)


def in_hand(world, edition, person=w.ZHANG) -> ServiceRequest:
    case = w.new_case(world, edition=edition, person=person)
    if person.id_state == "newborn":
        parties.add_party(case, MOTHER, by=world.people.clerk, now=w.MONDAY)
    verbs.accept(case, acts_alone=person == CHILD, by=world.people.clerk, now=w.MONDAY)
    verbs.start(case, by=world.people.official, now=w.MONDAY)
    return case


def begin(case, world, **more) -> PublicNotice:
    said = {"hang_on": date(2026, 11, 2), "typed": TYPED, "by": world.people.official, "now": w.MONDAY} | more
    return notice_verbs.begin_public_notice(case, **said)


def post(case, world, at="2026-11-02 10:00"):
    notice_verbs.note_posted(case, by=world.people.official, now=w.at(at))


def page(client, notice, at):
    with time_machine.travel(w.at(at), tick=False):
        return client.get(notice.get_absolute_url())


def test_mistake_10_a_public_notice_shows_no_number_no_illness_and_no_child(world, edition, client):
    assert hangs_in_village(edition) and not hangs_in_village(world.low_income), "the window asks for the village where it will hang"
    orphans = edition_with(world, "MZ-105", "孤儿和事实无人抚养儿童基本生活保障")
    with pytest.raises(Refused, match=r"children|儿童"):
        begin(in_hand(world, orphans), world)
    destitute = edition_with(world, "MZ-102", "特困人员认定")
    with pytest.raises(Refused, match=r"minor|未成年"):
        begin(in_hand(world, destitute, CHILD), world)
    silent = edition_with(world, "WJ-104", "特别扶助", {**NOTICE, "required": False, "note": "涉及家庭重大变故,不上网公示"})
    with pytest.raises(Refused, match=r"重大变故"):
        begin(in_hand(world, silent), world)
    case = in_hand(world, edition)
    for words in ("身份证990199195501010012", "患尿毒症多年,大病", "肢体残疾二级", "请打12345678901", "家有未成年子女"):
        with pytest.raises(Refused, match=r"posted|公示"):
            begin(case, world, typed=TYPED | {"结果": words})
    notice = begin(case, world, typed=TYPED | {"备注": "不在允许之列"})
    post(case, world)
    shown = page(client, notice, "2026-11-03 09:00").content.decode()
    assert "张*丰" in shown and "张三丰" not in shown and "不在允许之列" not in shown
    assert not re.search(r"\d{15}", shown) and "12345678901" not in shown
    assert set(lists.rows(notice)[0]) == {"姓名", "村组", "事项", "结果"}


def test_somebody_whose_age_is_not_known_has_to_be_said_to_be_of_age(world, edition):
    case = in_hand(world, edition, Person(name="王无号", id_type="passport", id_number="E12345678", id_state="given"))
    with pytest.raises(Refused, match=r"of age|成年"):
        begin(case, world)
    assert begin(case, world, of_age=True).first_on == date(2026, 11, 3)


def test_the_web_copy_disappears_by_date_alone(world, edition, client):
    case = in_hand(world, edition)
    notice = begin(case, world)
    assert (notice.first_on, notice.last_on) == (date(2026, 11, 3), date(2026, 11, 9))
    assert page(client, notice, "2026-11-03 09:00").status_code == 404, "nobody has posted it yet"
    post(case, world)
    for at, is_listed in (("2026-11-02 17:00", False), ("2026-11-03 00:01", True)):
        assert (page(client, notice, at).status_code == 200) == is_listed, "its days begin the day after"
        with time_machine.travel(w.at(at), tick=False):
            assert (notice.number in client.get("/public-notices/").content.decode()) == is_listed
    last = page(client, notice, "2026-11-09 23:59")
    assert last.status_code == 200 and "no-store" in last["Cache-Control"] and "noindex" in last["X-Robots-Tag"]
    said = last.content.decode()
    assert "张*丰" in said and "张贴当天" in said and "书面提出" in said and "休息日" not in said
    after = page(client, notice, "2026-11-10 00:01")
    assert after.status_code == 410 and "张" not in re.sub(r"[\s\S]*<main", "", after.content.decode())
    with time_machine.travel(w.at("2026-11-10 00:01"), tick=False):
        assert notice.number not in client.get("/public-notices/").content.decode()


@pytest.mark.parametrize(
    ("hang_on", "days", "unit", "first", "last"),
    [
        # 7 calendar days that end on a Saturday: people can still object on the Monday (民法典 203).
        (date(2026, 11, 7), 7, "calendar_day", date(2026, 11, 8), date(2026, 11, 16)),
        (date(2026, 9, 30), 5, "working_day", date(2026, 10, 8), date(2026, 10, 13)),
    ],
)
def test_the_days_are_counted_in_their_unit_by_the_calendar(world, client, hang_on, days, unit, first, last):
    edition = edition_with(world, notice=NOTICE | {"days": days, "unit": unit})
    case = in_hand(world, edition)
    if hang_on < date(2026, 11, 2):
        with pytest.raises(Refused, match=r"day is over|已经过"):
            begin(case, world, hang_on=hang_on)
        assert span(hang_on, days, unit, calendar_for(world.township.pk)) == (first, last)
    else:
        notice = begin(case, world, hang_on=hang_on)
        assert (notice.first_on, notice.last_on) == (first, last)
        post(case, world, "2026-11-07 10:00")
        said = page(client, notice, "2026-11-09 09:00").content.decode()
        assert "第7天2026年11月14日(周六)是休息日，所以顺延，2026年11月16日(周一)还可以提异议" in said


def test_the_step_says_whether_the_clock_stands_still(world, edition):
    case = in_hand(world, edition)
    promised = case.promised_on
    begin(case, world)
    assert not case.pauses.exists(), "only the sheet that hangs stops anything"
    post(case, world)
    assert case.promised_on > promised and case.original_on == promised
    assert {row.reason for row in case.pauses.all()} == {Pause.PUBLIC_NOTICE} and case.pauses.first().basis == STEP["counts_basis"]
    counted = in_hand(world, edition_with(world, "MZ-103", step=STEP | {"counts": "counts"}))
    begin(counted, world)
    post(counted, world)
    assert counted.promised_on == promised and not counted.pauses.exists()


def test_of_a_permit_a_notice_the_law_does_not_name_stops_what_was_promised_and_not_the_limit_of_the_law(world, client):
    """行政许可法 45 does not leave 公示 out of the twenty working days."""
    permit = edition_with(world, "MZ-104", step=STEP | {"counts_basis": "假定：对外承诺不含公示"}, item_type="01", entrusting_body="")
    case = in_hand(world, permit)
    promised, legal = case.promised_on, case.legal_on
    begin(case, world)
    post(case, world)
    assert case.promised_on > promised and case.legal_on == legal
    client.force_login(world.people.official, backend=BACKEND)
    shown = client.get(f"/desk/{case.number}/").content.decode()
    assert "对外承诺不含公示 · 当地依据待核定" in shown and "假定" not in shown


def test_the_day_first_told_stands_beside_the_date_of_the_same_limit(world, edition, client):
    """到期日·转报县里 never beside the original of what was promised."""
    case = in_hand(world, edition)
    begin(case, world)
    post(case, world)
    assert case.due_kind == "promised" and deadlines.original_of_due(case) == deadlines.say_original(case) != ""
    case.due_kind = "forwarding"
    assert deadlines.original_of_due(case) == "" and deadlines.say_original(case)
    client.force_login(world.people.official, backend=BACKEND)
    shown = client.get(f"/desk/{case.number}/").content.decode()
    assert re.search(r"承诺办结日</dt><dd>[^<]+<br><span class=\"hint\">原到期日：", shown)


def test_posted_later_than_meant_the_days_run_from_the_true_day(world, edition):
    case = in_hand(world, edition)
    notice = begin(case, world)
    with pytest.raises(Refused):
        notice_verbs.note_posted(case, posted_on=date(2026, 11, 6), by=world.people.official, now=w.at("2026-11-04 16:00"))
    post(case, world, "2026-11-04 16:00")
    notice.refresh_from_db()
    assert (notice.hang_on, notice.last_on) == (date(2026, 11, 4), date(2026, 11, 11))
    with pytest.raises(AlreadyHandled):
        post(case, world, "2026-11-04 16:05")


def test_an_objection_stops_the_case_until_somebody_else_has_settled_it(world, edition):
    case, people, later = in_hand(world, edition), world.people, w.at("2026-11-10 09:00")
    begin(case, world)
    post(case, world)
    words = {"words": "他家在城里有房", "name": "邻居甲", "by": people.clerk, "now": w.at("2026-11-05 09:00")}
    objection = notice_verbs.log_objection(case, **words)
    assert "邻居甲" not in objection.sealed and persons.open_for(case, objection.sealed, "objection")["from"] == "邻居甲"
    for outcome in ("paid", "refused"):
        with pytest.raises(Refused, match=r"objection|异议"):
            verbs.decide(case, outcome, words="理由", by=people.official, now=later)
    with pytest.raises(Refused):
        notice_verbs.end_public_notice(case, by=people.official, now=later)
    with pytest.raises(Refused, match=r"Somebody else|另一"):
        notice_verbs.settle_objection(case, objection.pk, upheld=False, finding="查无房产", by=people.official, now=later)
    notice_verbs.settle_objection(case, objection.pk, upheld=False, finding="查无房产", by=people.deputy, now=later)
    with pytest.raises(Refused, match=r"end has to be recorded|期满"):
        verbs.decide(case, "paid", by=people.official, now=later)
    notice_verbs.end_public_notice(case, by=people.official, now=later)
    assert NoticedCase.objects.get().outcome == "not_upheld"
    verbs.decide(case, "paid", by=people.official, now=later)
    assert case.status == "decided"


def test_an_objection_upheld_takes_the_case_off_the_sheet(world, edition, client):
    case, people = in_hand(world, edition), world.people
    notice = begin(case, world)
    post(case, world)
    objection = notice_verbs.log_objection(case, words="名下有车", by=people.clerk, now=w.MONDAY)
    assert objection.is_anonymous
    notice_verbs.settle_objection(case, objection.pk, upheld=True, finding="属实", by=people.head, now=w.at("2026-11-05 09:00"))
    assert page(client, notice, "2026-11-05 10:00").status_code == 410
    notice_verbs.take_down(notice, by=people.official, now=w.at("2026-11-05 10:00"))
    verbs.decide(case, "refused", words="不符合条件", by=people.official, now=w.at("2026-11-06 10:00"))


def test_no_objection_is_recorded_only_after_the_last_day(world, edition):
    case, people = in_hand(world, edition), world.people
    notice = begin(case, world)
    with pytest.raises(Refused, match=r"posted|张贴"):
        notice_verbs.end_public_notice(case, by=people.official, now=w.at("2026-11-10 09:00"))
    post(case, world)
    for deed in (lambda at: notice_verbs.end_public_notice(case, by=people.official, now=at),
                 lambda at: notice_verbs.take_down(notice, by=people.official, now=at)):  # fmt: skip
        with pytest.raises(Refused, match=r"until|公示到"):
            deed(w.at("2026-11-09 17:00"))
        official = people.official
        assert lists.over(official, date(2026, 11, 9)).count() == 0 and lists.over(official, date(2026, 11, 10)).count() == 1
        deed(w.at("2026-11-10 08:30"))
    assert not lists.over(people.official, date(2026, 11, 10)).exists(), "taken down, it stands on the desk no more"
    assert NoticedCase.objects.get().outcome == "none" and case.events.last().verb == "end_public_notice"
    # What hung and is over is said so, and is not offered to hang a second time.
    told = standing.of(case)
    assert told.over.outcome == "none" and told.is_pointless("begin_public_notice")
    with pytest.raises(Refused):
        notice_verbs.take_down(notice, by=people.clerk, now=w.at("2026-11-11 08:30"))


def test_cases_of_one_village_and_item_share_a_sheet(world, edition):
    first, second, third = (in_hand(world, edition) for _ in range(3))
    notice = begin(first, world)
    assert begin(second, world, sheet=notice.number) == notice
    with pytest.raises(AlreadyHandled):
        begin(second, world, sheet=notice.number)
    verbs.withdraw(second, reason="不办了", by=world.people.clerk, now=w.MONDAY)
    post(first, world)
    with pytest.raises(Refused, match=r"sheet|张"):
        begin(third, world, sheet=notice.number)
    assert len(lists.rows(notice)) == 1, "who withdrew is not on the sheet any more"
    words = PdfReader(io.BytesIO(sheet.notice_sheet(notice, address="https://x.example/public-notices/1/")))
    text = re.sub(r"\s", "", "".join(one.extract_text() for one in words.pages))
    assert len(words.pages) == 1
    for part in ("公示", "张*丰", "栖禾镇", "2026年11月3日", "2026年11月9日", "0000-5550104", "盖章处"):
        assert part in text, part


def test_the_words_on_a_sheet_and_of_an_objection_die_with_the_key_of_the_case(world, edition):
    case = in_hand(world, edition)
    notice = begin(case, world)
    notice_verbs.log_objection(case, words="不符合", name="邻居甲", by=world.people.clerk, now=w.MONDAY)
    verbs.withdraw(case, reason="不办了", by=world.people.clerk, now=w.MONDAY)
    verbs.anonymise(case, by=world.people.head, now=w.MONDAY)
    assert lists.rows(notice) == []
    fresh = ServiceRequest.objects.get(pk=case.pk)
    assert persons.open_for(fresh, Objection.objects.get().sealed, "objection") is None


def test_the_road_of_a_notice_through_its_pages(world, edition, client):
    case = in_hand(world, edition)
    client.force_login(world.people.official, backend=BACKEND)
    client.cookies["lang"] = "en"
    with time_machine.travel(w.at("2026-11-02 11:00"), tick=False):
        form = client.get(f"/desk/{case.number}/begin-public-notice/").content.decode()
        assert "张*丰" in form and "张三丰" not in form
        places = [name for name, place in enumerate(rules.places(edition)) if place.source != "name" and place.source != "item"]
        data = {f"said_{name}": words for name, words in zip(places, ("第3组", "肢体残疾一级"), strict=True)}
        refused = client.post(f"/desk/{case.number}/begin-public-notice/", data | {"hang_on": "2026-11-02", "seen": "in_hand"})
        assert refused.status_code == 422 and "illness or disability" in refused.content.decode()
        assert not PublicNotice.objects.exists()
        data[f"said_{places[1]}"] = "初审通过"
        done = client.post(f"/desk/{case.number}/begin-public-notice/", data | {"hang_on": "2026-11-02", "seen": "in_hand"}, follow=True)
        assert "not posted yet" in done.content.decode()
        notice = PublicNotice.objects.get()
        assert "It hangs since today" in client.get("/desk/public-notices/").content.decode()
        client.post(f"/desk/public-notices/{notice.number}/posted/")
        client.post(f"/desk/public-notices/{notice.number}/posted/")
        assert case.events.filter(verb="note_posted").count() == 1, "sent twice is posted once"
        assert client.get(f"/desk/public-notices/{notice.number}/sheet.pdf")["Content-Type"] == "application/pdf"
        client.post(f"/desk/{case.number}/log-objection/", {"words": "他有车", "seen": "in_hand"})
        assert "Objections to settle" in client.get("/desk/public-notices/").content.decode()
    with time_machine.travel(w.at("2026-11-10 11:00"), tick=False):
        client.force_login(world.people.head, backend=BACKEND)
        objection = Objection.objects.get()
        settled = {"objection_id": objection.pk, "upheld": "no", "finding": "不属实", "seen": "in_hand"}
        client.post(f"/desk/{case.number}/settle-objection/", settled)
        client.post(f"/desk/{case.number}/end-public-notice/", {"seen": "in_hand"})
        assert "It is taken down" in client.get("/desk/public-notices/").content.decode()
        assert client.post(f"/desk/{case.number}/decide/", {"outcome": "paid", "amount": "每月420元", "seen": "in_hand"}).status_code == 302


# -- nothing goes on before it is over ----------------------------------------------------------------------------


def over(case, world, now="2026-11-10 08:30"):
    begin(case, world)
    post(case, world)
    notice_verbs.end_public_notice(case, by=world.people.official, now=w.at(now))


def test_nothing_is_granted_before_the_notice_is_over_and_the_page_leads_there(world, edition, client):
    case, people = in_hand(world, edition), world.people
    with pytest.raises(Refused, match=r"public notice comes first|先公示"):
        verbs.decide(case, "paid", by=people.official, now=w.at("2026-11-03 10:00"))
    client.force_login(people.official, backend=BACKEND)
    client.cookies["lang"] = "en"
    with time_machine.travel(w.at("2026-11-03 10:00"), tick=False):
        shown = client.get(f"/desk/{case.number}/").content.decode()
        assert f'class="button" href="/desk/{case.number}/begin-public-notice/"' in shown and "public notice comes first" in shown
        assert f"/desk/{case.number}/decide/" in shown, "what is to be refused hangs nowhere"
        refused = client.post(f"/desk/{case.number}/decide/", {"outcome": "paid", "amount": "每月420元", "seen": "in_hand"})
        assert refused.status_code == 422
        assert "First do this:" in refused.content.decode() and f"/desk/{case.number}/begin-public-notice/" in refused.content.decode()
    other = in_hand(world, edition)
    verbs.decide(other, "refused", words="收入超过标准", by=people.official, now=w.at("2026-11-03 10:00"))
    assert other.status == "decided", "what is refused hangs nowhere"
    over(case, world)
    verbs.decide(case, "paid", by=people.official, now=w.at("2026-11-10 10:00"))


def test_the_file_goes_to_the_county_after_the_notice_or_with_the_proposal_to_refuse(world):
    edition = edition_with(world, "MZ-107", entrusting_body="")
    case, people = in_hand(world, edition), world.people
    said = {"how": "exchange", "along": [], "by": people.official}
    with pytest.raises(Refused, match=r"public notice comes first|先公示"):
        county.forward(case, **said, now=w.at("2026-11-03 10:00"))
    begin(case, world)
    post(case, world)
    with pytest.raises(Refused, match=r"runs until|公示到"):
        county.forward(case, **said, now=w.at("2026-11-04 10:00"))
    notice_verbs.end_public_notice(case, by=people.official, now=w.at("2026-11-10 08:30"))
    county.forward(case, **said, now=w.at("2026-11-10 10:00"))
    paper = persons.open_for(case, case.documents.get(kind="forwarding").sealed, "document")
    assert "期满无异议" in str(paper)
    denied = in_hand(world, edition)
    county.forward(denied, **said, is_favourable=False, now=w.at("2026-11-03 10:00"))
    assert "建议不予" in str(persons.open_for(denied, denied.documents.get(kind="forwarding").sealed, "document"))
    upheld = in_hand(world, edition)
    begin(upheld, world)
    post(upheld, world)
    objection = notice_verbs.log_objection(upheld, words="名下有车", by=people.clerk, now=w.MONDAY)
    notice_verbs.settle_objection(upheld, objection.pk, upheld=True, finding="属实", by=people.head, now=w.at("2026-11-05 09:00"))
    with pytest.raises(Refused, match=r"was upheld|成立"):
        county.forward(upheld, **said, now=w.at("2026-11-10 10:00"))
    county.forward(upheld, **said, is_favourable=False, now=w.at("2026-11-10 10:00"))


def test_for_a_minor_nothing_hangs_and_nothing_is_waited_for(world, edition):
    people, now = world.people, w.at("2026-11-03 10:00")
    child = in_hand(world, edition, CHILD)
    with pytest.raises(Refused):
        notice_verbs.waive_public_notice(child, words="户口簿", by=people.official, now=now)  # the number tells it
    verbs.decide(child, "paid", by=people.official, now=now)
    newborn = in_hand(world, edition, Person(name="李新生", id_state="newborn"))
    with pytest.raises(Refused, match=r"public notice comes first|先公示"):
        verbs.decide(newborn, "paid", by=people.official, now=now)
    notice_verbs.waive_public_notice(newborn, words="出生医学证明", by=people.official, now=now)
    verbs.decide(newborn, "paid", by=people.official, now=now)
    grown_up = in_hand(world, edition)
    with pytest.raises(Refused):
        notice_verbs.waive_public_notice(grown_up, words="户口簿", by=people.official, now=now)


def test_what_the_village_hangs_is_on_record_before_acceptance(world, client):
    step = {"title": "村级审议并公示", "actor": "村民委员会", "level": "village", "value": 7, "unit": "calendar_day", "counts": "before"}
    house = edition_with(world, "ZJ-101", notice=NOTICE | {"stage": "村级审查时"}, step=step)
    case, clerk, now = w.new_case(world, edition=house, now=w.at("2026-11-10 09:00")), world.people.clerk, w.at("2026-11-10 10:00")
    with pytest.raises(Refused, match="村级审议并公示"):
        verbs.accept(case, by=clerk, now=now)
    said = {"hang_on": date(2026, 11, 1), "last_on": date(2026, 11, 9), "place": "村务公开栏", "by_whom": "村主任王某"}
    met = village.Meeting(date(2026, 10, 31), 20, 18, "同意申请")
    said |= {"meeting": met, "by": clerk, "now": now}
    no_majority, afterwards = replace(met, in_favour=10), replace(met, on=date(2026, 11, 2))
    for wrong in (
        {"last_on": date(2026, 11, 7)}, {"last_on": date(2026, 11, 10)}, {"place": " "}, {"hang_on": date(2026, 11, 10)},
        {"meeting": None}, {"meeting": no_majority}, {"meeting": afterwards}, {"meeting": replace(met, present=5)},
    ):  # fmt: skip
        with pytest.raises(Refused):
            village.note_village_notice(case, **said | wrong, outcome="none")
    village.note_village_notice(case, **said, outcome="upheld")
    with pytest.raises(Refused, match=r"upheld|成立"):
        verbs.accept(case, by=clerk, now=now)
    client.force_login(clerk, backend=BACKEND)
    client.cookies["lang"] = "en"
    with time_machine.travel(now, tick=False):
        page = client.get("/desk/new/ZJ-101/").content.decode()
        assert 'value="receive"' in page and 'value="accept"' not in page
        typed = {"hang_on": "2026-11-01", "last_on": "2026-11-09", "place": "村务公开栏", "by_whom": "村主任王某", "outcome": "none"}
        typed |= {"met_on": "2026-10-31", "present": "20", "in_favour": "18", "result": "同意王某申请"}
        address = f"/desk/{case.number}/note-village-notice/"
        assert client.post(address, typed | {"seen": "received"}).status_code == 302
        assert client.post(address, typed | {"seen": "received"}).status_code == 409, "sent twice is one report"
        shown = client.get(f"/desk/{case.number}/").content.decode()
    assert "村务公开栏" in shown and "村主任王某" in shown and "20 came, 18 for it: 同意王某申请" in shown
    rows = VillageNotice.objects.all()
    assert len(rows) == 2 and "王某" not in rows[0].sealed and village.words_of(case, rows[1])["by_whom"] == "村主任王某"
    assert "到会20人、同意18人,同意王某申请" in village.on_paper(case) and "期满无异议" in village.on_paper(case)
    case.refresh_from_db()
    verbs.accept(case, by=clerk, now=now)
    verbs.decide(case, "paid", by=world.people.official, now=now)
    with pytest.raises(Refused, match=r"asks for no|没有"):
        village.note_village_notice(w.new_case(world, now=now), **said, outcome="none")


@pytest.fixture
def house(world):
    """An item whose village meets and posts for seven days before acceptance; by silence it counts as accepted (行政许可法 32)."""
    step = {"title": "村级审议并公示", "actor": "村民委员会", "level": "village", "value": 7, "unit": "calendar_day", "counts": "before"}
    return edition_with(world, "ZJ-102", notice=NOTICE | {"stage": "村级审查时"}, step=step)


VILLAGE = {"hang_on": date(2026, 11, 2), "last_on": date(2026, 11, 9), "place": "村务公开栏", "by_whom": "村主任王某"}
VILLAGE |= {"meeting": village.Meeting(date(2026, 11, 1), 20, 18, "同意")}


def test_while_the_notice_of_the_village_hangs_the_check_stands_still_and_no_answer_is_late(world, house):
    clerk, job = world.people.clerk, User.objects.job("tick")
    hanging, silent = (w.new_case(world, edition=house, now=w.at("2026-11-02 09:00")) for _n in range(2))
    assert hanging.due_on == date(2026, 11, 9)
    village.note_village_notice(hanging, **VILLAGE, outcome="running", by=clerk, now=w.at("2026-11-02 10:00"))
    assert hanging.due_on == date(2026, 11, 16), "what was left before is left after the last day it hangs"
    with pytest.raises(Refused, match=r"still hangs|hangs until|公示到"):
        verbs.accept(hanging, by=clerk, now=w.at("2026-11-09 16:00"))
    with pytest.raises(Refused):  # its last day counts to its end
        village.note_village_notice(hanging, **VILLAGE, outcome="none", by=clerk, now=w.at("2026-11-09 16:00"))
    assert late.look_for_late_notices(job, w.at("2026-11-10 02:00")) == {"noted": 1, "deemed": 0}, "only who was told nothing"
    assert LateNotice.objects.get().service_request == silent
    village.note_village_notice(hanging, **VILLAGE, outcome="none", by=clerk, now=w.at("2026-11-10 09:00"))
    assert hanging.due_on == date(2026, 11, 16) and deadlines.differing([hanging], calendar_for(world.township.pk)) == []
    verbs.accept(hanging, by=clerk, now=w.at("2026-11-10 10:00"))
    assert timezone.localdate(hanging.accepted_at) == date(2026, 11, 10)


def test_what_the_village_has_to_do_is_told_once_with_the_papers_and_completes_the_file(world, house, client):
    clerk, job = world.people.clerk, User.objects.job("tick")
    case = w.new_case(world, edition=house, now=w.at("2026-11-02 09:00"), materials={})
    verbs.ask_materials(case, by=clerk, now=w.at("2026-11-02 09:10"))
    told = case.supplement_notices.get()
    assert before.LINE in [line.key for line in told.lines.all()]
    village.note_village_notice(case, **VILLAGE, outcome="running", by=clerk, now=w.at("2026-11-02 09:20"))
    verbs.take_materials(case, {line.material_id: Handed("in") for line in missing_lines(case)}, by=clerk, now=w.at("2026-11-02 15:00"))
    assert case.status == "awaiting_materials" and case.due_at is None, "told, and answered but for the village: nobody here is late"
    assert late.look_for_late_notices(job, w.at("2026-11-11 02:00")) == {"noted": 0, "deemed": 0}
    with time_machine.travel(w.at("2026-11-09 09:00"), tick=False):
        client.force_login(clerk, backend=BACKEND)
        moves = client.get(f"/desk/{case.number}/").content.decode().partition('id="materials"')[0]
        assert "take-materials" not in moves and "公示到2026年11月9日" in moves, "nothing to bring: the village's days are waited for"
    with time_machine.travel(w.at("2026-11-10 09:00"), tick=False):
        client.force_login(clerk, backend=BACKEND)
        page = client.get(f"/desk/{case.number}/").content.decode()
        assert "村级审议并公示" in page and 'class="button" href="/desk/' + case.number + '/note-village-notice/"' in page
    village.note_village_notice(case, **VILLAGE, outcome="none", by=clerk, now=w.at("2026-11-10 10:00"))
    assert case.status == "received" and case.supplement_notices.get().whole_at == w.at("2026-11-10 10:00")
    verbs.accept(case, by=clerk, now=w.at("2026-11-12 10:00"))
    assert case.accepted_at == w.at("2026-11-10 10:00"), "补齐之日为受理日, and the village's part is one of them"


def test_the_village_agent_hangs_the_sheet_on_its_day_and_takes_it_down_and_sees_no_case(world, edition, client, time_machine):
    time_machine.move_to(w.at("2026-11-03 09:00"), tick=False)
    agent = world.people.agent
    case = in_hand(world, edition, replace(w.ZHANG, village_id=world.village.pk))
    notice, far = begin(case, world), begin(in_hand(world, edition), world)
    client.force_login(agent, backend="portal.staff_session.StaffBackend")
    room = client.get("/desk/village/").content.decode()
    assert notice.number in room and far.number not in room and case.number not in room
    assert client.get(f"/desk/{case.number}/").status_code == 404, "hanging a sheet opens no case"
    client.post(f"/desk/public-notices/{notice.number}/posted/", {"posted_on": "2026-11-0x"})
    assert client.post(f"/desk/public-notices/{notice.number}/posted/", {"posted_on": "2026-11-02"}).url == "/desk/village/"
    assert client.post(f"/desk/public-notices/{far.number}/posted/").status_code == 404, "hangs in no village of mine"
    notice.refresh_from_db()
    assert (notice.posted_by, str(notice.hang_on), case.events.get(verb="note_posted").by) == (agent, "2026-11-02", agent)
    with pytest.raises(Refused):
        notice_verbs.take_down(notice, by=agent, now=w.at("2026-11-05 10:00"))
    time_machine.move_to(w.at("2026-11-20 10:00"), tick=False)
    client.force_login(agent, backend="portal.staff_session.StaffBackend")
    down = f"/desk/public-notices/{notice.number}/down/"
    assert down in client.get("/desk/village/").content.decode()
    client.post(down)
    notice.refresh_from_db()
    assert notice.taken_down_by == agent
