"""Reading a catalogue spreadsheet: every faulty sheet, row and cell is named; what can be understood is told, not refused."""

import io
import zipfile

import pytest
from django.utils import translation

from services.importing import rules, workbook
from services.importing.faults import Unreadable
from services.importing.reading import read
from tests.support.spreadsheet import Editor, as_bytes, small_rows

KNOWN = rules.Known(offices={"ST04": {"P1"}}, categories={"民政救助"}, events={"hardship"}, staff={"A003"})


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def reading_of(sheet: Editor):
    found = read(sheet.save())
    rules.check(found, KNOWN)
    return found


def places(found) -> set[tuple[str, str]]:
    """(sheet, cell) of every fault."""
    return {(fault.sheet, f"{fault.column}{fault.row}") for fault in found.faults}


def test_a_good_sheet_has_no_faults():
    found = reading_of(Editor())
    assert [str(fault) for fault in found.faults] == []
    assert [row["item"] for row in found.rows["items"]] == ["MZ-101", "MZ-102"]


SPOILT = [
    ("事项", "站所代码", 2, "ST99", "ST99"),
    ("事项", "岗位代码", 2, "P9", "P9"),
    ("事项", "类别", 2, "没有这个类别", "没有这个类别"),
    ("事项", "核对人工号", 2, "X999", "X999"),
    ("事项", "承诺时限", 2, 31, "31"),
    ("事项", "承诺时限", 2, 0, "0"),
    ("事项", "承诺时限", 2, "25天", "25天"),
    ("事项", "承诺时限", 3, 1, "on the spot"),
    ("事项", "承诺时限单位", 2, "天", "工作日"),
    ("事项", "法定时限单位", 2, None, "unit"),
    ("事项", "法定时限起算", 2, None, "starts"),
    ("事项", "法定时限起算", 3, "受理", "no limit"),
    ("事项", "事项名称", 2, None, "empty"),
    ("事项", "事项名称", 2, "长" * 121, "121"),
    ("事项", "事项编码", 2, "低保 一号", "低保"),
    ("事项", "事项编码", 3, "MZ-101", "row 2"),
    ("事项", "实施主体", 2, "栖禾镇便民服务中心", "authority"),
    ("事项", "文书出具", 2, "只有单位没有文书", "colon"),
    ("事项", "批次时段", 2, "13-01~14-02", "01-01~02-28"),
    ("事项", "是否公示", 2, "也许", "是"),
    ("事项", "核对日期", 2, "2026-02-30", "2026-02-30"),
    ("事项", "是否收费", 2, "是", ""),
    ("材料", "原件份数", 2, -1, "-1"),
    ("材料", "原件份数", 2, 1.5, "1.5"),
    ("材料", "原件份数", 2, None, ""),
    ("材料", "事项编码", 2, "MZ-999", "MZ-999"),
    ("材料", "序号", 3, 1, "row 2"),
    ("材料", "材料形式", 2, "传真", "传真"),
    ("材料", "必要性", 3, "必要", "视情形"),
    ("材料", "适用情形", 3, None, ""),
    ("材料", "材料名称", 2, "其他材料", "Catch-all"),
    ("步骤", "单位", 2, None, "unit"),
    ("步骤", "计时方式", 2, "算", "暂停"),
    ("口语", "口语说法", 3, "话" * 41, "41"),
]


@pytest.mark.parametrize(("sheet", "heading", "row", "value", "said"), SPOILT)
def test_a_spoilt_cell_is_named_with_sheet_row_and_cell(sheet, heading, row, value, said):
    edited = Editor()
    cell = edited.write(sheet, heading, row, value)
    found = reading_of(edited)
    if heading == "是否收费":
        cell = f"{edited.letter(sheet, '收费标准')}{row}"
    named = [fault for fault in found.faults if (fault.sheet, f"{fault.column}{fault.row}") == (sheet, cell)]
    assert named, [str(fault) for fault in found.faults]
    assert any(said in fault.message for fault in named)
    assert cell in str(named[0]) and sheet in str(named[0])


def test_every_fault_of_a_very_bad_sheet_is_named_at_once():
    edited = Editor()
    cells = {
        ("事项", edited.write("事项", "站所代码", 2, "ST99")),
        ("事项", edited.write("事项", "承诺时限", 2, 31)),
        ("材料", edited.write("材料", "材料形式", 2, "传真")),
        ("步骤", edited.write("步骤", "时限", 4, "十")),
        ("口语", edited.write("口语", "事项编码", 3, "MZ-999")),
    }
    assert cells <= places(reading_of(edited))


def test_limits_with_other_units_or_starts_are_not_compared():
    edited = Editor()
    edited.write("事项", "承诺时限", 2, 40)
    edited.write("事项", "承诺时限单位", 2, "自然日")
    assert reading_of(edited).faults == []


@pytest.mark.once
@pytest.mark.parametrize(("heading", "value"), [("补正期限", 10), ("逾期未补视为撤回", "是"), ("补正后重新起算", "是")])
def test_nothing_follows_from_missing_materials_without_a_basis(heading, value):
    edited = Editor()
    edited.write("事项", heading, 2, value)
    assert ("事项", f"{edited.letter('事项', '补正依据')}2") in places(reading_of(edited))


@pytest.mark.once
def test_a_review_belongs_to_an_item_on_the_roll_and_has_a_unit():
    edited = Editor()
    edited.write("事项", "核查周期", 2, 12)
    found = places(reading_of(edited))
    assert ("事项", f"{edited.letter('事项', '核查周期')}2") in found and ("事项", f"{edited.letter('事项', '核查周期单位')}2") in found


@pytest.mark.parametrize("raw", ["甲\x07乙".encode(), b"&#7;"])
def test_control_characters_are_a_fault_or_an_unreadable_file(raw):
    """openpyxl refuses to write them, so the file is forged."""
    data = forged(as_bytes(small_rows()), "低保申请".encode(), raw)
    try:
        found = read(data)
    except Unreadable:
        return
    assert found.faults


def test_a_formula_is_a_fault_and_a_text_that_looks_like_one_is_text():
    edited = Editor()
    cell = edited.write("事项", "事项名称", 2, "=1+1")
    assert ("事项", cell) in places(reading_of(edited))

    rows = small_rows()
    rows["items"][0]["name"] = "=1+1 的事项"
    found = read(as_bytes(rows))
    assert found.faults == []
    assert found.rows["items"][0]["name"] == "=1+1 的事项"


def test_merged_headings_titles_and_blank_rows_are_accepted_and_told():
    edited = Editor()
    page = edited.book["材料"]
    page.insert_rows(1, 2)  # a title, and a group heading above the real one
    page["A1"] = "材料清单(2026年)"
    page.merge_cells("A1:F1")
    page["C2"] = page["C3"].value
    page["C3"] = None
    page.merge_cells("C2:C3")  # a heading merged downwards
    page.insert_rows(5)
    found = reading_of(edited)
    assert [str(fault) for fault in found.faults] == []
    assert [row["name"] for row in found.rows["materials"]] == ["申请书", "残疾人证", "身份证"]
    told = " ".join(str(remark) for remark in found.remarks)
    assert "A1:F1" in told and "Blank rows were skipped: 5" in told and "row 3" in told


def test_merged_data_cells_are_a_fault():
    edited = Editor()
    page = edited.book["材料"]
    page.merge_cells("A2:A3")
    found = reading_of(edited)
    merged = [fault for fault in found.faults if "A2:A3" in fault.message]
    assert [(fault.sheet, fault.row, fault.column, fault.heading) for fault in merged] == [("材料", 2, "A", "事项编码")]


def test_missing_sheets_and_headings_are_faults_unknown_ones_are_told():
    edited = Editor()
    del edited.book["步骤"]
    edited.book["材料"][f"{edited.letter('材料', '来源')}1"] = "从哪里来"
    edited.book.create_sheet("我的笔记")
    edited.book["口语"]["F1"] = "备注"
    found = reading_of(edited)
    faults, remarks = [str(fault) for fault in found.faults], [str(remark) for remark in found.remarks]
    assert any("步骤" in fault and "missing" in fault for fault in faults)
    assert any("材料" in fault and "来源" in fault for fault in faults)
    assert any("我的笔记" in remark for remark in remarks)
    assert any("从哪里来" in remark for remark in remarks)
    assert any("备注" in remark for remark in remarks)


def test_headings_may_stand_in_any_order_and_twice_is_a_fault():
    edited = Editor()
    page = edited.book["口语"]
    for row in page.iter_rows(min_row=1, max_row=page.max_row):
        row[0].value, row[1].value = row[1].value, row[0].value
    assert reading_of(edited).faults == []
    page["D1"] = "口语说法"
    assert ("口语", "D1") in places(reading_of(edited))


def test_numbers_and_dates_are_taken_as_people_type_them():
    edited = Editor()
    edited.write("事项", "法定时限", 2, 30.0)
    edited.write("事项", "承诺时限", 2, "25")
    edited.write("事项", "核对日期", 2, "2026年3月1日")
    edited.write("事项", "异议电话", 2, 5550104)
    found = reading_of(edited)
    assert found.faults == []
    row = found.rows["items"][0]
    assert (row["legal_value"], row["promised_value"], row["checked_on"].isoformat(), row["objection_phone"]) == (
        30,
        25,
        "2026-03-01",
        "5550104",
    )


def test_steps_that_do_not_add_up_are_told_not_refused():
    edited = Editor()
    cell = edited.write("步骤", "时限", 4, 9)
    found = reading_of(edited)
    assert found.faults == []
    assert any("24" in remark.message and "25" in remark.message for remark in found.remarks), cell


NOT_SPREADSHEETS = {
    "nothing": b"",
    "text": "事项,名称\n".encode(),
    "old form": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "half a file": as_bytes(small_rows())[:5000],
    "picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
}


@pytest.mark.parametrize("name", NOT_SPREADSHEETS)
def test_what_is_no_spreadsheet_gets_a_sentence(name):
    with pytest.raises(Unreadable) as refusal:
        read(NOT_SPREADSHEETS[name])
    assert str(refusal.value).endswith(".")


def test_another_archive_is_no_spreadsheet():
    with pytest.raises(Unreadable):
        read(archive({"word/document.xml": b"<w/>"}))


def test_too_large_outside_and_inside_is_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_BYTES", 1000)
    with pytest.raises(Unreadable, match="too large"):
        read(as_bytes(small_rows()))
    monkeypatch.undo()
    with pytest.raises(Unreadable, match="larger inside"):
        read(archive({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": b" " * (workbook.MAX_UNPACKED + 1)}))


def test_an_entity_bomb_is_refused():
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    data = replaced(as_bytes(small_rows()), "xl/workbook.xml", lambda text: text.replace(b"<workbook", bomb + b"<workbook", 1))
    with pytest.raises(Unreadable):
        read(data)


def test_a_merge_over_a_whole_sheet_does_not_eat_the_machine():
    """In its ordinary form openpyxl would make seventeen thousand million cells of this."""
    area = b'<mergeCells count="1"><mergeCell ref="A1:XFD1048576"/></mergeCells>'
    data = replaced(as_bytes(small_rows()), "xl/worksheets/sheet1.xml", lambda text: text.replace(b"</sheetData>", b"</sheetData>" + area))
    assert any("XFD1048576" in fault.message for fault in read(data).faults)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MAX_ROWS", 3)
    with pytest.raises(Unreadable, match="rows"):
        read(as_bytes(small_rows()))


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for name, body in entries.items():
            target.writestr(name, body)
    return out.getvalue()


def replaced(data: bytes, name: str, change) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return archive({entry: change(source.read(entry)) if entry == name else source.read(entry) for entry in source.namelist()})


def forged(data: bytes, old: bytes, new: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        return archive({entry: source.read(entry).replace(old, new) for entry in source.namelist()})
