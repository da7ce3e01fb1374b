"""The catalogue that comes with the project: readable without a fault, whole, and the seed of a new installation."""

import re
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings

from officials.models import Office, Post, Township, User
from officials.permissions import give_role
from services.content import content_of
from services.importing import layout, rules
from services.importing.applying import apply, dry_run
from services.importing.exporting import export
from services.importing.founding import found
from services.importing.reading import read
from services.models import Edition, Item

NOW = datetime(2026, 11, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="module")
def seed():
    return read(Path(settings.BASE_DIR, "portal", "demo", "catalogue.xlsx").read_bytes())


@pytest.fixture
def township(seed, db):
    return found(seed, by=User.objects.job("setup"), now=NOW, is_demo=True).township


@pytest.fixture
def editor(township):
    editor = User.objects.get(staff_no="QH1501")
    for office in Office.objects.filter(parent=None):
        give_role(editor, office, "editor", by=User.objects.job("setup"), now=NOW)
    return User.objects.get(pk=editor.pk)


def test_the_seed_has_no_fault_and_nothing_to_remark(seed):
    rules.check(seed, rules.known_from(seed))
    rules.check_foundation(seed)
    assert [str(fault) for fault in seed.faults] == []
    assert [str(remark) for remark in seed.remarks] == []


def test_the_seed_is_the_whole_catalogue(seed):
    counts = {sheet.title: len(seed.of(sheet)) for sheet in layout.CATALOGUE}
    assert (counts["事项"], counts["材料"], counts["步骤"], counts["特别程序"]) == (45, 209, 180, 11)
    for item in seed.of(layout.ITEMS):
        words = [row["text"] for row in seed.of(layout.TERMS) if row["item"] == item["item"]]
        shown = str({key: cell for key, cell in item.values.items() if key not in ("assumed", "verified")})
        assert not any(word in shown for word in ("审校", "逐条核", "推定", "属演示")), "an editor's note in what people read"
        assert 6 <= len(words) <= 16, item["item"]
        assert item["name_en"] and item["summary"] and item["checked_on"], item["item"]
    named = {code for event in seed.of(layout.EVENTS) for code in event["items"]}
    assert named == {item["item"] for item in seed.of(layout.ITEMS)}


def test_items_on_the_spot_promise_no_days_and_limits_keep_their_start(seed):
    items = {row["item"]: row for row in seed.of(layout.ITEMS)}
    on_the_spot = [row for row in items.values() if row["handling"] == "on_the_spot"]
    assert len(on_the_spot) == 9
    assert all(row["promised_value"] is None and row["promised_unit"] == "" for row in on_the_spot)
    low_income = items["MZ-001"]
    assert (low_income["promised_value"], low_income["promised_unit"], low_income["promised_start"]) == (25, "working_day", "accepted")
    emergency = items["MZ-004"]
    assert (emergency["promised_value"], emergency["promised_unit"], emergency["legal_value"]) == (24, "hour", None)
    assert sum(row["legal_value"] is None for row in items.values()) == 22


def test_founding_makes_the_township_once(seed, township):
    assert (township.code, township.name, township.is_demo) == ("990199101", "栖禾镇", True)
    civil = Post.objects.get(office__code="ST04")
    assert (civil.holder.name, civil.deputy.name, civil.duty_phone) == ("甄关怀", "甄探访", "0000-5550104")
    assert not civil.holder.has_usable_password()
    again = found(seed, by=User.objects.job("setup"), now=NOW)
    assert set(again.made.values()) == {0}
    assert Township.objects.count() == 1


def test_the_seed_becomes_drafts_and_comes_back_unchanged(seed, township, editor):
    """Export then import: not one item has changed."""
    report = apply(seed, township=township, by=editor, now=NOW)
    assert (len(report.new), len(report.changed), report.unchanged) == (45, 0, [])
    assert set(Edition.objects.values_list("status", flat=True)) == {"draft"}

    back = read(export(township))
    assert [str(fault) for fault in back.faults] == []
    for sheet in layout.CATALOGUE:
        if sheet not in (layout.EVENTS, layout.TERMS):
            assert [_filled(row) for row in _sorted(back.of(sheet))] == [_filled(row) for row in _sorted(seed.of(sheet))], sheet.title
    again = dry_run(back, township=township, by=editor)
    assert (again.new, again.changed, len(again.unchanged), again.faults) == ([], [], 45, [])
    assert not again.may_be_applied


def test_a_draft_holds_what_the_spreadsheet_says(seed, township, editor):
    apply(seed, township=township, by=editor, now=NOW)
    content = content_of(Item.objects.get(code="MZ-001").editions.get())
    assert content["public_notice"]["days"] == 7
    assert content["public_notice"]["objection"]["phone"] == "0000-5550104"
    assert content["reminder"]["lead_days"] == 30
    assert content["life_events"] == ["hardship"]
    assert content["documents_by"][1]["issuer"] == "槐序县民政局"
    assert content["special_procedures"][0]["max_extra"] == 15
    assert [step["group"] for step in content["steps"]][1:3] == ["P1", "P1"]
    assert content["steps"][5]["counts"] == "pauses"
    assert content["situations"][0]["options"] == ["没有", "有"]
    assert {"text": "吃低保", "reading": ""} in content["terms"]


def _sorted(rows):
    return sorted(rows, key=lambda row: (row["item"], row.values.get("order") or 0))


def _filled(row):
    """A count that is empty for something nobody hands in is 0 once it has been stored."""
    return {key: 0 if key in ("original_count", "copy_count") and value is None else value for key, value in row.values.items()}


def test_chinese_texts_of_the_seed_have_full_width_brackets(seed):
    found = [
        value
        for sheet in layout.SHEETS
        for row in seed.of(sheet)
        for value in row.values.values()
        if isinstance(value, str) and re.search(r"[\u4e00-\u9fff]\(|\([^()]*[\u4e00-\u9fff]", value)
    ]
    assert not found


def test_a_proof_of_delivery_is_no_way_of_delivery(seed):
    assert not [item["item"] for item in seed.of(layout.ITEMS) if "送达回证" in item["delivery"]]
