"""Importing a changed spreadsheet: a dry run that tells everything, all or nothing, drafts only, unchanged items untouched."""

import time
from datetime import timedelta

import pytest
from django.utils import translation

from officials.audit import ChainLink
from services import publication
from services.importing.applying import ImportStopped, apply, dry_run
from services.importing.exporting import blank, export
from services.importing.reading import read
from services.models import Edition, Item, LifeEvent, Material
from tests.support import world as worlds
from tests.support.spreadsheet import Editor, as_bytes, small_rows

LATER = worlds.MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


@pytest.fixture
def world(db):
    return worlds.build()


def run(world, data: bytes, by=None):
    return dry_run(read(data), township=world.township, by=by or world.people.editor)


def bring_in(world, data: bytes, by=None, now=LATER):
    return apply(read(data), township=world.township, by=by or world.people.editor, now=now)


def exported(world) -> Editor:
    return Editor(export(world.township))


def test_a_dry_run_writes_nothing_and_names_what_is_new(world):
    editions, links = Edition.objects.count(), ChainLink.objects.count()
    report = run(world, as_bytes(small_rows()))
    assert [plan.code for plan in report.new] == ["MZ-101", "MZ-102"]
    assert (report.changed, report.unchanged, report.faults, report.may_be_applied) == ([], [], [], True)
    assert (Edition.objects.count(), ChainLink.objects.count()) == (editions, links)


def test_new_items_become_drafts_of_the_importer_and_nothing_is_published(world):
    report = bring_in(world, as_bytes(small_rows()))
    drafts = Edition.objects.filter(item__code__in=["MZ-101", "MZ-102"])
    assert {draft.status for draft in drafts} == {"draft"}
    assert {draft.author for draft in drafts} == {world.people.editor}
    assert set(report.drafts) == set(drafts)
    low = drafts.get(item__code="MZ-101")
    assert (low.promised_value, low.promised_unit, low.documents_by[0]["note"]) == (25, "working_day", "县里出具")
    assert [(m.name, m.copy_count, m.is_conditional) for m in low.materials.all()] == [("申请书", 0, False), ("残疾人证", 1, True)]
    assert [(s.title, s.counts) for s in low.steps.all()] == [("调查", "counts"), ("公示", "pauses"), ("确认", "counts")]


def test_an_imported_draft_needs_the_second_person(world):
    draft = next(d for d in bring_in(world, as_bytes(small_rows())).drafts if d.item.code == "MZ-101")
    publication.submit(draft, by=world.people.editor, now=LATER)
    with pytest.raises(publication.Refused):
        publication.publish(draft, by=world.people.editor, now=LATER)
    publication.publish(draft, by=world.people.reviewer, now=LATER)
    assert Edition.objects.published().filter(item__code="MZ-101").exists()


def test_importing_again_changes_nothing(world):
    data = as_bytes(small_rows())
    bring_in(world, data)
    links = ChainLink.objects.count()
    report = bring_in(world, data)
    assert (report.new, report.changed, report.unchanged) == ([], [], ["MZ-101", "MZ-102"])
    assert ChainLink.objects.count() == links


def test_an_export_comes_back_unchanged(world):
    LifeEventMaker(world).make()
    report = run(world, export(world.township))
    assert report.faults == []
    assert (report.new, report.changed, sorted(report.unchanged)) == ([], [], ["MZ-001", "MZ-009"])


def test_only_the_changed_item_gets_a_draft_and_the_change_is_told_cell_by_cell(world):
    edited = exported(world)
    edited.write("事项", "承诺时限", 2, 20)
    edited.write("材料", "材料名称", 4, "残疾人证或诊断证明")
    edited.write("步骤", "时限", 4, 5)
    report = bring_in(world, edited.save())
    assert ([plan.code for plan in report.changed], report.unchanged) == (["MZ-001"], ["MZ-009"])
    told = {(d.sheet, d.row, d.heading, d.before, d.after) for d in report.changed[0].differences}
    assert ("事项", "", "承诺时限", "25", "20") in told
    assert ("材料", "残疾人证或诊断证明", "材料名称", "残疾人证", "残疾人证或诊断证明") in told
    assert ("步骤", "入户调查", "时限", "10", "5") in told
    assert not Edition.objects.filter(item__code="MZ-009", status="draft").exists()
    world.low_income.refresh_from_db()
    assert (world.low_income.status, world.low_income.promised_value) == ("published", 25)
    assert Item.objects.get(code="MZ-001").editions.drafts().get().promised_value == 20


def test_a_moved_step_is_told_as_order(world):
    edited = exported(world)
    page = edited.book["步骤"]
    order = edited.letter("步骤", "序号")
    page[f"{order}3"], page[f"{order}4"] = 3, 2
    report = run(world, edited.save())
    differences = report.changed[0].differences
    assert [(d.sheet, d.heading) for d in differences] == [("步骤", "order")]
    assert "入户调查 → 信息核对" in differences[0].after


def test_a_renamed_step_is_told_as_changed_not_as_removed_and_new(world):
    edited = exported(world)
    edited.write("步骤", "环节", 4, "入户调查核实")
    edited.write("步骤", "时限", 4, 5)
    told = [(d.sheet, d.row, d.heading, d.before, d.after) for d in run(world, edited.save()).changed[0].differences]
    assert told == [("步骤", "入户调查核实", "环节", "入户调查", "入户调查核实"), ("步骤", "入户调查核实", "时限", "10", "5")]


def test_items_that_are_not_in_the_file_stay(world):
    report = bring_in(world, as_bytes(small_rows()))
    assert len(report.new) == 2
    assert Edition.objects.published().filter(item__code="MZ-001").exists()


def test_one_fault_stops_everything(world):
    rows = small_rows()
    rows["items"][1]["office"] = "ST99"
    links = ChainLink.objects.count()
    with pytest.raises(ImportStopped) as stopped:
        bring_in(world, as_bytes(rows))
    fault = stopped.value.report.faults[0]
    assert (fault.sheet, fault.row, fault.heading) == ("事项", 3, "站所代码")
    assert not Item.objects.filter(code__in=["MZ-101", "MZ-102"]).exists()
    assert ChainLink.objects.count() == links


def test_a_refusal_in_the_middle_leaves_nothing_behind(world, monkeypatch):
    """The second item is refused by the verb itself, after the first has been written."""
    make = publication.create_item

    def refuse_the_second(township, code, content, **who):
        if code == "MZ-102":
            raise publication.Refused("somebody was faster")
        return make(township, code, content, **who)

    monkeypatch.setattr(publication, "create_item", refuse_the_second)
    with pytest.raises(ImportStopped) as stopped:
        bring_in(world, as_bytes(small_rows()))
    assert [(fault.row, fault.message) for fault in stopped.value.report.faults] == [(3, "somebody was faster")]
    assert not Item.objects.filter(code__startswith="MZ-10").exists()
    assert not Material.objects.filter(name="申请书").exists()


def test_without_the_right_on_the_office_nothing_is_imported(world):
    report = run(world, as_bytes(small_rows()), by=world.people.outsider)
    assert {(fault.row, fault.heading) for fault in report.faults} == {(2, "站所代码"), (3, "站所代码")}
    with pytest.raises(ImportStopped):
        bring_in(world, as_bytes(small_rows()), by=world.people.outsider)


def test_a_draft_of_somebody_else_is_not_overwritten(world):
    publication.start_draft(world.low_income.item, by=world.people.editor, now=LATER)
    give = worlds.give_role
    give(world.people.outsider, world.centre, "editor", by=world.people.editor, now=LATER)
    other = type(world.people.outsider).objects.get(pk=world.people.outsider.pk)
    edited = exported(world)
    edited.write("事项", "承诺时限", 2, 20)
    report = run(world, edited.save(), by=other)
    assert [(fault.row, fault.heading) for fault in report.faults] == [(2, "事项编码")]
    assert world.people.editor.name in report.faults[0].message


def test_ones_own_draft_is_written_again(world):
    edited = exported(world)
    edited.write("事项", "承诺时限", 2, 20)
    bring_in(world, edited.save())
    edited.write("事项", "承诺时限", 2, 21)
    bring_in(world, edited.save())
    assert Item.objects.get(code="MZ-001").editions.drafts().get().promised_value == 21
    assert Item.objects.get(code="MZ-001").editions.count() == 2


def test_a_draft_in_review_and_a_retired_item_are_faults(world):
    draft = publication.start_draft(world.low_income.item, by=world.people.editor, now=LATER)
    publication.submit(draft, by=world.people.editor, now=LATER)
    publication.retire(world.certificate.item, note="并入别的事项", by=world.people.reviewer, now=LATER)
    rows = small_rows()
    rows["items"][0]["item"], rows["items"][1]["item"] = "MZ-001", "MZ-009"
    for sheet in ("materials", "steps", "terms"):
        for row in rows[sheet]:
            row["item"] = {"MZ-101": "MZ-001", "MZ-102": "MZ-009"}[row["item"]]
    report = run(world, as_bytes(rows))
    assert [(fault.row, fault.heading) for fault in report.faults] == [(2, "事项编码"), (3, "事项编码")]


def test_life_events_are_written_on_the_item(world):
    LifeEventMaker(world).make()
    rows = small_rows() | {"events": [{"code": "hardship", "name": "家里遇到难处", "items": ["MZ-101"]}]}
    bring_in(world, as_bytes(rows))
    assert Edition.objects.get(item__code="MZ-101").life_events == ["hardship"]
    rows["events"][0]["items"] = ["MZ-999"]
    assert [(fault.sheet, fault.row) for fault in run(world, as_bytes(rows)).faults] == [("人生事件", 2)]


def test_the_empty_form_can_be_read(world):
    report = run(world, blank())
    assert (report.faults, report.new, report.may_be_applied) == ([], [], False)


def test_a_thousand_items_are_checked_within_ten_seconds(world):
    rows = {key: [] for key in small_rows()}
    for number in range(1000):
        for key, own in small_rows().items():
            rows[key] += [row | {"item": f"T{number:04d}"} for row in own if row["item"] == "MZ-101"]
    data = as_bytes(rows)
    begun = time.perf_counter()
    report = run(world, data)
    assert len(report.new) == 1000 and report.faults == []
    assert time.perf_counter() - begun < 10


class LifeEventMaker:
    """One life event, made inside a verb as the administration would."""

    def __init__(self, world):
        self.world = world

    def make(self) -> None:
        with worlds.verb("set_up", by=self.world.people.editor, now=worlds.MONDAY):
            LifeEvent(code="hardship", name="家里遇到难处").save()
