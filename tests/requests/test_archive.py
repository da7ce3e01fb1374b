"""归档: the file of an ended case as a volume with list, number and box; nothing is closed with pieces missing unsaid; loans come back."""

import io

import pytest
import time_machine
from django.db import IntegrityError
from pypdf import PdfReader

from officials.audit import verb
from officials.models import IssuingBody
from officials.permissions import give_role
from requests import custody, verbs
from requests.archive import boxes, catalogue, lacks, lists, papers, reviewing, rules
from requests.archive import verbs as archive
from requests.archive.verbs import Counted, Own
from requests.county import verbs as county
from requests.demands import mediation
from requests.documents import verbs as document_verbs
from requests.intake import Handed
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Document, Volume, VolumeLine, VolumeLoan
from tests.support import world as w
from tests.support.intake_pages import sign_in, text

pytestmark = pytest.mark.django_db
FRIDAY = w.at("2026-11-06 10:00")
K = Document.Kind


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def bodies(world):
    """Decisions are written at our windows too."""
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        for name, code_word in (("栖禾镇人民政府", "栖政"), ("槐序县民政局", "槐民")):
            IssuingBody(township=world.township, name=name, code_word=code_word, acts_here=True, decision_seal=f"{name}印章").save()


def closed_case(world, now=w.MONDAY, **more):
    case, p = w.new_case(world, now=now, **more), world.people
    verbs.accept(case, by=p.clerk, now=now)
    verbs.decide(case, "confirmed", by=p.official, now=now)
    verbs.close(case, by=p.clerk, now=now)
    return case


@pytest.fixture
def case(world):
    return closed_case(world)


def counted(volume, pages=2):
    lines = catalogue.lines_of(volume)
    return {catalogue.key_of(line): Counted(place, "paper", pages) for place, line in enumerate(lines, start=1)}


def filed(case, by, now=FRIDAY, missing="收件凭证存根受潮未留", **more):
    """A volume, counted and closed. Returns it."""
    volume = archive.assemble_volume(case, by=by, now=now)
    archive.list_volume(case, counted(volume), by=by, now=now)
    archive.close_volume(case, missing=missing, by=by, now=now, **more)
    volume.refresh_from_db()
    return volume


def words(pdf: bytes) -> list[str]:
    return ["".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


# -- the list ---------------------------------------------------------------------------------------------------


def test_assemble_volume_lists_what_the_case_holds_in_the_order_of_a_file(world, bodies):
    case, p = closed_case(world), world.people
    decision = document_verbs.issue_decision(case, content="准予", basis="某办法", validity="一年", by=p.official, now=FRIDAY)
    proof = document_verbs.issue_delivery(case, decision, manner="direct", by=p.official, now=FRIDAY)
    document_verbs.note_delivery(
        case, decision, manner="direct", delivered_at=FRIDAY, receiver="张三丰", relation="本人", by=p.clerk, now=FRIDAY
    )
    volume = archive.assemble_volume(case, by=p.clerk, now=FRIDAY)
    shown = catalogue.shown(case, catalogue.lines_of(volume))
    assert [one.title for one in shown] == [
        "决定书", "受理通知书", "最低生活保障申请书（原件）", "户口簿（复印件）", "送达回证",
    ]  # fmt: skip
    assert (shown[0].number, shown[0].responsible) == (decision.number, "槐序县民政局")
    assert decision.check_code in shown[0].note, "the paper list says where the electronic piece is"
    assert shown[-1].number == proof.number, "the proof is the delivery: it is not listed twice"
    with pytest.raises(AlreadyHandled):
        archive.assemble_volume(case, by=p.official, now=FRIDAY)


def test_assemble_volume_is_refused_while_the_case_goes_on_and_for_other_offices(world, case):
    with pytest.raises(Refused):
        archive.assemble_volume(w.new_case(world), by=world.people.clerk, now=FRIDAY)
    for nobody in (world.people.supervisor, world.people.inspector, world.people.outsider):
        with pytest.raises(Refused):
            archive.assemble_volume(case, by=nobody, now=FRIDAY)
    assert not Volume.objects.exists()


def test_list_volume_orders_counts_and_numbers_the_pages(world, case):
    by = {"by": world.people.clerk, "now": FRIDAY}
    volume = archive.assemble_volume(case, **by)
    notice, request, book = [catalogue.key_of(line) for line in catalogue.lines_of(volume)]
    told = {request: Counted(1, "paper", 3), notice: Counted(2, "paper", 1), book: Counted(3, "electronic")}
    archive.list_volume(case, told, own=[Own("入户调查表", 4, responsible="民政办")], **by)
    shown = catalogue.shown(case, catalogue.lines_of(volume))
    assert [(one.place, one.title, one.page_numbers) for one in shown] == [
        (1, "最低生活保障申请书（原件）", "1-3"), (2, "受理通知书", "4"), (3, "户口簿（复印件）", ""), (4, "入户调查表", "5-8"),
    ]  # fmt: skip
    own = VolumeLine.objects.get(kind="other")
    assert "入户" not in own.sealed and own.history.get().sealed == own.sealed, "typed words lie under the key of the case"
    with pytest.raises(Refused):
        archive.list_volume(case, {}, remove=[notice], **by)
    archive.list_volume(case, {}, remove=[shown[3].key], **by)
    assert volume.lines.count() == 3


def test_a_paper_that_came_after_the_counting_is_counted_before_the_volume_is_closed(world, bodies, case):
    by = {"by": world.people.official, "now": FRIDAY}
    volume = archive.assemble_volume(case, **by)
    archive.list_volume(case, counted(volume), **by)
    document_verbs.issue_decision(case, content="准予", basis="某办法", validity="一年", **by)
    with pytest.raises(Refused, match="决定书"):
        archive.close_volume(case, missing="无", **by)


# -- what is missing --------------------------------------------------------------------------------------------


def test_close_volume_names_what_is_missing_and_is_refused_without_a_note(world, bodies):
    p, book = world.people, world.low_income.materials.get(name="户口簿")
    case = w.new_case(world, materials=w.everything_in(world.low_income) | {book.pk: Handed("in", original_held=True)})
    verbs.accept(case, by=p.clerk, now=w.MONDAY)
    verbs.withdraw(case, reason="不办了", by=p.clerk, now=w.MONDAY)
    volume = archive.assemble_volume(case, by=p.clerk, now=FRIDAY)
    archive.list_volume(case, counted(volume), by=p.clerk, now=FRIDAY)
    assert any("户口簿" in one for one in lacks.of(case, catalogue.lines_of(volume)))
    with pytest.raises(Refused, match="户口簿"):
        archive.close_volume(case, by=p.clerk, now=FRIDAY)
    custody.return_original(case, [book.pk], by=p.clerk, now=FRIDAY)
    archive.list_volume(case, counted(volume), by=p.clerk, now=FRIDAY)
    assert not any("户口簿" in one for one in lacks.of(case, catalogue.lines_of(volume)))


def test_a_decision_that_was_never_written_or_never_delivered_is_missing(world, bodies, case):
    p = world.people
    assert any("决定书" in one for one in lacks.of(case, []))
    decision = document_verbs.issue_decision(case, content="准予", basis="某办法", validity="一年", by=p.official, now=FRIDAY)
    assert [decision.number in one for one in lacks.of(case, []) if "决定书" in one] == [True], "written, not delivered"
    document_verbs.note_delivery(case, decision, manner="post", delivered_at=FRIDAY, by=p.clerk, now=FRIDAY)
    assert not any("决定书" in one for one in lacks.of(case, []))
    document_verbs.void_document(case, decision, reason="写错", by=p.head, now=FRIDAY)
    assert any("决定书" in one for one in lacks.of(case, [])), "voided and not written again"


def test_what_the_county_decided_belongs_into_the_file_too(world):
    p, steps = world.people, [{"title": "受理", "level": "township"}, {"title": "审核确认", "level": "county"}]
    case = w.new_case(world, edition=w.another_item(world, "MZ-010", steps=steps, name="高龄津贴", entrusting_body=""))
    verbs.accept(case, by=p.clerk, now=w.MONDAY)
    verbs.start(case, by=p.official, now=w.MONDAY)
    county.forward(case, how="exchange", along=[], by=p.official, now=w.MONDAY)
    said = {"outcome": "confirmed", "paper": "高龄津贴审核决定", "number": "槐民〔2026〕9号", "on": w.MONDAY.date()}
    county.note_county_result(case, **said, by=p.official, now=w.at("2026-11-03 09:00"))
    assert any("槐序县民政局" in one for one in lacks.of(case, [])), "decided elsewhere: their paper is asked for"
    lines = [catalogue.as_line(one) for one in catalogue.pieces(case)]
    first = catalogue.shown(case, lines)[0]
    assert (first.title, first.number, first.responsible) == ("高龄津贴审核决定（复印件）", "槐民〔2026〕9号", "槐序县民政局")
    assert not any("槐序县民政局" in one for one in lacks.of(case, lines))


def test_a_piece_counted_as_missing_wants_a_note_and_marks_the_volume(world, case):
    by = {"by": world.people.clerk, "now": FRIDAY}
    volume = archive.assemble_volume(case, **by)
    told = counted(volume)
    gone = catalogue.key_of(catalogue.lines_of(volume)[1])
    archive.list_volume(case, told | {gone: Counted(2, "missing")}, **by)
    with pytest.raises(Refused, match="最低生活保障申请书"):
        archive.close_volume(case, **by)
    archive.close_volume(case, missing="申请书被县里留用", **by)
    volume.refresh_from_db()
    assert volume.is_incomplete and archive.words_of(case, volume)["missing"] == "申请书被县里留用"
    assert list(lists.chosen(world.people.clerk, "missing")) == [volume]


# -- closing ----------------------------------------------------------------------------------------------------


def test_archive_numbers_run_without_gaps_for_each_term_and_year(world):
    p = world.people
    first = filed(closed_case(world), p.clerk)
    refused = closed_case(world)
    archive.assemble_volume(refused, by=p.clerk, now=FRIDAY)
    with pytest.raises(Refused):
        archive.close_volume(refused, by=p.clerk, now=FRIDAY)
    second = filed(closed_case(world), p.official)
    for_ever = filed(closed_case(world), p.clerk, term="Y", basis="县档案馆批复")
    assert [one.number for one in (first, second, for_ever)] == [
        "990199101-2026-D30-ST04-0001", "990199101-2026-D30-ST04-0002", "990199101-2026-Y-ST04-0001",
    ]  # fmt: skip
    # By the year in which the case ended, not by that in which somebody found time.
    assert filed(closed_case(world), p.clerk, now=w.at("2027-01-08 10:00")).number.endswith("2026-D30-ST04-0003")


def test_close_volume_wants_a_basis_for_another_term_and_shows_what_is_assumed(world, case):
    by = {"by": world.people.clerk, "now": FRIDAY}
    with pytest.raises(Refused):
        filed(case, world.people.clerk, term="D10")
    archive.close_volume(case, missing="无", term="D10", basis="县档案馆批复", **by)
    volume = Volume.objects.get()
    assert (volume.term, volume.basis, volume.is_confirmed) == ("D10", "县档案馆批复", False)


def test_a_closed_volume_is_frozen_and_grows_by_a_written_supplement_only(world, bodies, case):
    p = world.people
    volume = filed(case, p.clerk)
    for late in (lambda: archive.list_volume(case, counted(volume), by=p.clerk, now=FRIDAY),
                 lambda: archive.close_volume(case, by=p.clerk, now=FRIDAY)):  # fmt: skip
        with pytest.raises(AlreadyHandled):
            late()
    monday = {"by": p.official, "now": w.at("2026-11-09 09:00")}
    decision = document_verbs.issue_decision(case, content="准予", basis="某办法", validity="一年", **monday)
    before = [(line.pk, line.position, line.pages) for line in catalogue.lines_of(volume)]
    later = {f"document-{decision.pk}": Counted(1, "paper", 2)}
    assert list(lists.chosen(p.clerk, "missing")) == [volume]
    with pytest.raises(Refused):
        archive.supplement_volume(case, later, reason=" ", by=p.clerk, now=w.at("2026-11-10 09:00"))
    archive.supplement_volume(case, later, reason="县里补发决定书", is_whole=True, by=p.clerk, now=w.at("2026-11-10 09:00"))
    lines = catalogue.lines_of(volume)
    assert [(line.pk, line.position, line.pages) for line in lines[:-1]] == before
    assert catalogue.shown(case, lines)[-1].page_numbers == "7-8"
    volume.refresh_from_db()
    assert not volume.is_incomplete and not lists.chosen(p.clerk, "missing").exists()


def test_check_volume_is_done_by_a_second_person_who_heads_the_office(world, case):
    p = world.people
    volume = filed(case, p.head)
    with pytest.raises(Refused):
        archive.check_volume(case, by=p.head, now=FRIDAY)
    with pytest.raises(Refused):
        archive.check_volume(case, by=p.deputy, now=FRIDAY)
    give_role(p.deputy, world.civil, "head", by=p.head, now=FRIDAY)
    archive.check_volume(case, words="齐全", by=p.deputy, now=FRIDAY)
    volume.refresh_from_db()
    assert volume.checked_by == p.deputy


def test_a_volume_under_retention_keeps_its_case_from_being_erased(world, case):
    p = world.people
    archive.assemble_volume(case, by=p.clerk, now=FRIDAY)
    with pytest.raises(Refused):
        verbs.anonymise(case, by=p.head, now=FRIDAY)
    archive.list_volume(case, counted(Volume.objects.get()), by=p.clerk, now=FRIDAY)
    archive.close_volume(case, missing="无", term="D10", basis="县档案馆批复", by=p.clerk, now=FRIDAY)
    with pytest.raises(Refused, match="2036"):
        verbs.anonymise(case, by=p.head, now=w.at("2036-12-31 23:00"))
    verbs.anonymise(case, by=p.head, now=w.at("2037-01-04 09:00"))
    volume = Volume.objects.get()
    assert archive.words_of(case, volume) == {} and volume.number, "the words are gone, the number stays"
    printed = papers.volume_data(case, volume, "")
    assert (printed.title, printed.applicant, printed.id_number) == ("农村最低生活保障审核确认", "", "")
    assert [line.pages for line in printed.lines] == [2, 2, 2], "what lies in the box can still be read off the list"


# -- the rules --------------------------------------------------------------------------------------------------


def test_set_rules_takes_a_pattern_that_can_number_and_leaves_closed_volumes_alone(world):
    p, wanted = world.people, rules.setting_of(world.township)
    first = filed(closed_case(world), p.clerk)
    for bad in ("{fonds}-{seq}", "{year}", "{year}-{seq", "{year}{seq}{name}", "{year:04d}-{seq}", "{year.real}{seq}"):
        wanted.pattern = bad
        with pytest.raises(Refused):
            rules.set_rules(world.reception, wanted, {}, by=p.supervisor, now=FRIDAY)
    wanted.pattern, wanted.fonds = "{fonds}-MZ·{year}-{seq}", "X043"
    with pytest.raises(Refused):
        rules.set_rules(world.reception, wanted, {}, by=p.head, now=FRIDAY)
    kept = {world.low_income.category_id: rules.Kept("Y", "保管期限表第3条", True)}
    rules.set_rules(world.reception, wanted, kept, by=p.supervisor, now=FRIDAY)
    second = filed(closed_case(world), p.clerk)
    assert (second.number, second.term, second.is_confirmed) == ("X043-MZ·2026-0001", "Y", True)
    first.refresh_from_db()
    assert first.number == "990199101-2026-D30-ST04-0001"


# -- boxes ------------------------------------------------------------------------------------------------------


def test_a_box_holds_one_office_year_and_term_and_says_where_it_stands(world, case):
    p = world.people
    order = {"year": 2026, "term": "D30", "room": "档案室", "shelf": "2柜3层", "now": FRIDAY}
    with pytest.raises(Refused):
        boxes.make_box(world.civil, **order, by=p.clerk)
    with pytest.raises(Refused):
        boxes.make_box(world.civil, **order | {"shelf": " "}, by=p.official)
    box = boxes.make_box(world.civil, **order, by=p.official)
    other = boxes.make_box(world.civil, **order | {"term": "Y"}, by=p.official)
    assert [box.number, other.number] == ["990199101-2026-DH000001", "990199101-2026-DH000002"]
    volume = filed(case, p.clerk)
    with pytest.raises(Refused):
        archive.box_volume(case, other, by=p.clerk, now=FRIDAY)
    assert boxes.fill_box(box, boxes.fitting(p.official, box), by=p.official, now=FRIDAY) == 1
    volume.refresh_from_db()
    assert volume.box == box and not lists.chosen(p.clerk, "unboxed").exists()
    boxes.move_box(box, room="二楼档案室", shelf="1柜1层", by=p.deputy, now=FRIDAY)
    assert box.place == "二楼档案室 1柜1层"


# -- loans ------------------------------------------------------------------------------------------------------


def test_lend_volume_counts_working_days_and_is_overdue_from_the_day_after(world, case):
    p = world.people
    filed(case, p.clerk)
    loan = archive.lend_volume(case, p.deputy, "check", days=3, by=p.clerk, now=w.at("2026-11-05 10:00"))
    assert str(loan.due_on) == "2026-11-10", "Thursday + Friday, Monday, Tuesday"
    seen = {}
    for day in ("2026-11-10 18:00", "2026-11-13 09:00"):
        seen[day] = lists.shown(lists.chosen_loans(p.clerk, "out", w.at(day).date()), w.at(day))[0].late
    assert seen == {"2026-11-10 18:00": 0, "2026-11-13 09:00": 3}
    assert not lists.chosen_loans(p.clerk, "overdue", w.at("2026-11-10 18:00").date()).exists()
    assert lists.chosen_loans(p.clerk, "overdue", w.at("2026-11-11 08:00").date()).get() == loan


def test_lend_volume_goes_to_one_person_at_a_time_and_only_to_who_may_read_it(world, case):
    p = world.people
    with pytest.raises(Refused):
        archive.lend_volume(case, p.deputy, "check", days=3, by=p.clerk, now=FRIDAY)
    filed(case, p.clerk)
    for nobody in (p.outsider, p.editor, p.agent):
        with pytest.raises(Refused, match=nobody.name):
            archive.lend_volume(case, nobody, "check", days=3, by=p.clerk, now=FRIDAY)
    for wrong in ({"why": "other", "days": 3}, {"why": "check", "days": 0}, {"why": "check", "days": 31}):
        with pytest.raises(Refused):
            archive.lend_volume(case, p.deputy, **wrong, by=p.clerk, now=FRIDAY)
    loan = archive.lend_volume(case, p.deputy, "other", words="写年终总结", days=3, by=p.clerk, now=FRIDAY)
    with pytest.raises(AlreadyHandled, match="甄探访"):
        archive.lend_volume(case, p.official, "check", days=3, by=p.clerk, now=FRIDAY)
    with pytest.raises(IntegrityError), verb("test", by=p.clerk, now=FRIDAY):
        VolumeLoan(volume=loan.volume, borrower=p.head, why="check", lent_at=FRIDAY, lent_by=p.clerk, due_on=FRIDAY.date()).save()
    assert {one.username for one in archive.borrowers_of(case)} == {
        "clerk", "clerk2", "official", "deputy", "head", "supervisor", "inspector",
    }  # fmt: skip


def test_return_volume_with_pages_missing_makes_it_an_incomplete_one(world, bodies, case):
    p = world.people
    volume = filed(case, p.clerk)
    archive.supplement_volume(case, {}, reason="存根已找到", is_whole=True, by=p.clerk, now=FRIDAY)
    archive.lend_volume(case, p.deputy, "check", days=3, by=p.clerk, now=FRIDAY)
    with pytest.raises(Refused):
        archive.return_volume(case, is_whole=False, by=p.clerk, now=FRIDAY)
    archive.return_volume(case, is_whole=False, words="缺第5页", by=p.clerk, now=FRIDAY)
    volume.refresh_from_db()
    assert volume.is_incomplete
    with pytest.raises(AlreadyHandled):
        archive.return_volume(case, is_whole=True, by=p.clerk, now=FRIDAY)


def test_review_loans_weekly_by_the_head_who_did_not_lend_or_borrow(client, world):
    p, cases = world.people, [closed_case(world) for _n in range(3)]
    for one in cases:
        filed(one, p.clerk)
    mine, others, third = [
        archive.lend_volume(one, who, "check", days=5, by=p.clerk, now=FRIDAY)
        for one, who in zip(cases, (p.head, p.deputy, p.official), strict=True)
    ]
    assert set(lists.to_review(p.head)) == {others, third}
    sign_in(client, p.head)
    with time_machine.travel(w.at("2026-11-16 09:00"), tick=False):
        page = text(client.get("/desk/"))
    assert "案卷逾期未还" in page and "借阅待审查" in page
    assert not lists.to_review(p.official).exists()
    assert not lists.is_review_due(p.head, w.at("2026-11-08 20:00")) and lists.is_review_due(p.head, w.at("2026-11-09 08:00"))
    monday = {"by": p.head, "now": w.at("2026-11-09 09:00")}
    with pytest.raises(Refused):
        reviewing.review_loans([others.pk, third.pk], opinion=" ", **monday)
    with pytest.raises(AlreadyHandled):
        reviewing.review_loans([mine.pk], opinion="同意", **monday)
    review = reviewing.review_loans([others.pk, third.pk], recall=[third.pk], opinion="总结不必借原卷", **monday)
    for loan in (mine, others, third):
        loan.refresh_from_db()
    assert (mine.review, others.review, third.review) == (None, review, review)
    assert str(third.due_on) == "2026-11-10" and third.recalled_by == p.head and others.recalled_at is None
    assert "总结" not in review.sealed and reviewing.opinion_of(review) == "总结不必借原卷"
    with pytest.raises(AlreadyHandled):
        reviewing.review_loans([others.pk, third.pk], opinion="再审一遍", **monday)
    assert not lists.is_review_due(p.head, w.at("2026-11-16 09:00"))
    with time_machine.travel(w.at("2026-11-16 09:00"), tick=False):
        page = client.get("/desk/archive/loans/").content.decode()
    asks = [f"{one.get_absolute_url()}recall-volume/" in page for one in cases]
    assert asks[1:] == [True, False], "what was reviewed long ago is asked back as well; what was asked back is not asked twice"


# -- pages and paper --------------------------------------------------------------------------------------------


def test_a_mediation_is_filed_by_its_office_and_listed_to_nobody_else(world):
    p, by = world.people, {"by": world.people.official, "now": w.MONDAY}
    register = mediation.register_mediation
    case = register(
        world.reception, world.civil, person=w.ZHANG, other={"name": "李四光"}, words="地界", channel="window", by=p.clerk, now=w.MONDAY
    ).case
    mediation.note_consent(case, **by)
    mediation.name_mediator(case, p.official, chosen_by_parties=True, **by)
    mediation.fail_mediation(case, ways="可以向法院起诉", **by)
    assert list(lists.waiting(p.official)) == [case] and not lists.waiting(p.clerk).exists()
    with pytest.raises(Refused):
        archive.assemble_volume(case, **by | {"by": p.clerk})
    volume = archive.assemble_volume(case, **by)
    with pytest.raises(Refused):
        archive.close_volume(case, missing="无", **by)
    assert [one.title for one in catalogue.shown(case, catalogue.lines_of(volume))] == ["人民调解申请登记表", "人民调解记录"]
    archive.list_volume(case, counted(volume), own=[Own("调解笔录", 3)], **by)
    archive.close_volume(case, missing="无", **by)
    volume.refresh_from_db()
    assert volume.number and catalogue.title_of(case) == "人民调解"


def test_the_lists_show_what_the_reader_may_see(client, world, case):
    p = world.people
    assert list(lists.waiting(p.clerk)) == list(lists.waiting(p.official)) == [case]
    assert not lists.waiting(p.outsider).exists() and not lists.waiting(p.agent).exists()
    asked, found = "/desk/archive/?which=waiting&item=MZ-001&year=", f">{case.number}<"
    with time_machine.travel(FRIDAY, tick=False):
        sign_in(client, p.clerk)
        page = text(client.get(f"{asked}2026"))
        assert "要立卷 1 件" in page and found in page and "农村最低生活保障审核确认 (1)" in page
        assert found not in text(client.get(f"{asked}2025")) and found not in text(client.get("/desk/archive/?item=MZ-009"))
    volume = filed(case, p.clerk)
    assert not lists.waiting(p.clerk).exists()
    assert list(lists.found(p.inspector, "D30-ST04")) == [volume] and not lists.found(p.outsider, "D30-ST04").exists()


@pytest.mark.once
def test_a_volume_prints_cover_list_and_notes_with_no_more_of_the_person_than_needed(world, case):
    p = world.people
    volume = filed(case, p.clerk, remarks="与2026年第3号走访记录有关")
    cover, listed, notes = words(papers.volume_pdf(case, volume, "https://portal.example/desk/x/volume/"))
    assert volume.number in cover and case.number in cover and "30年" in cover and "暂定" in cover
    assert "卷内目录" in listed and "受理通知书" in listed and "户口簿" in listed and "5-6" in listed
    assert "收件凭证存根受潮未留" in notes and "应接办" in notes and "检查人" in notes
    assert not [private for private in ("张三丰", "990199195501010012", "12345678901") if private in cover + listed + notes]


@pytest.mark.once
def test_a_box_prints_its_label_and_hides_what_the_reader_may_not_see(world, case):
    p = world.people
    volume = filed(case, p.clerk)
    box = boxes.make_box(world.civil, year=2026, term="D30", room="档案室", shelf="2柜3层", by=p.official, now=FRIDAY)
    archive.box_volume(case, box, by=p.clerk, now=FRIDAY)
    spine, cover, _notes = words(papers.box_pdf(box, lists.volumes(p.official), "https://portal.example/"))
    assert "2026" in spine and "民政窗口" in spine and "0001" in spine
    assert "农村最低生活保障审核确认" in cover and "2柜3层" in cover
    hidden = words(papers.box_pdf(box, lists.volumes(p.outsider), "https://portal.example/"))[1]
    assert "农村最低生活保障审核确认" not in hidden and volume.number.replace("-", "")[-4:] in hidden


@pytest.mark.once
def test_a_clerk_files_lends_and_takes_back_with_nothing_but_the_pages(client, world, case):
    p, at = world.people, f"/desk/{case.number}/"
    box = boxes.make_box(world.civil, year=2026, term="D30", room="档案室", shelf="2柜3层", by=p.official, now=FRIDAY)
    with time_machine.travel(FRIDAY, tick=False):
        sign_in(client, p.clerk)
        assert case.number in text(client.get("/desk/archive/"))
        assert client.post(f"{at}assemble-volume/", {"seen": "closed"}).status_code == 302
        page = text(client.get(f"{at}list-volume/"))
        assert "受理通知书" in page
        wrong = {f"place_{n}": n + 1 for n in range(3)} | {f"kept_{n}": "paper" for n in range(3)} | {"title_0": "入户调查表"}
        answer = client.post(f"{at}list-volume/", wrong | {"pages_0": 2})
        assert answer.status_code == 422 and 'value="入户调查表"' in text(answer), "what was typed stays"
        right = wrong | {f"pages_{n}": 2 for n in range(3)} | {"own_pages_0": 4}
        assert client.post(f"{at}list-volume/", right).status_code == 302
        answer = client.post(f"{at}close-volume/", {"term": "D30"})
        assert answer.status_code == 422
        assert client.post(f"{at}close-volume/", {"term": "D30", "missing": "存根受潮"}).status_code == 302
        assert client.post(f"{at}close-volume/", {"term": "D30", "missing": "存根受潮"}).status_code == 409, "sent twice"
        assert client.post(f"{at}box-volume/", {"box": box.pk}).status_code == 302
        assert client.post(f"{at}lend-volume/", {"borrower": p.deputy.pk, "why": "check", "days": 2}).status_code == 302
        page = text(client.get(at))
        for shown in ("990199101-2026-D30-ST04-0001", box.number, "2柜3层", p.deputy.name):
            assert shown in page
        assert client.post(f"{at}return-volume/", {"is_whole": "yes"}).status_code == 302
        for address in (f"{at}volume/", "/desk/archive/loans/?which=all", "/desk/archive/?q=D30-ST04", f"{at}volume.pdf"):
            assert client.get(address).status_code == 200, address
        sign_in(client, p.official)
        for address in (box.get_absolute_url(), "/desk/archive/boxes/", f"{box.get_absolute_url()}label.pdf"):
            assert client.get(address).status_code == 200, address
