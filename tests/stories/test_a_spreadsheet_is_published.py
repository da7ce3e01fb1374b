"""The catalogue changes: exported, changed, one cell broken on the way, submitted by one, published by another, old cases untouched."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from requests.models import ServiceRequest
from services.models import Edition
from tests.stories.acting import NUMBER, fetched, find, follow, press, read, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
ITEM, MATERIAL = "CL-001", "近期两寸白底照片"


def cell(book, sheet: str, heading: str, **of):
    """The cell under a heading, in the row whose other cells say what is asked for."""
    rows = book[sheet].iter_rows()
    headings = [str(one.value) for one in next(rows)]
    for row in rows:
        line = dict(zip(headings, row, strict=False))
        if all(line[name].value == value for name, value in of.items()):
            return line[heading]
    raise AssertionError(f"no such row on {sheet}: {of}")


def change(path: Path, *, promised: object) -> str:
    """What the editor types into the sheets. Returns the name of the cell of the limit."""
    book = load_workbook(path)
    limit = cell(book, "事项", "承诺时限", 事项编码=ITEM)
    limit.value = promised
    cell(book, "材料", "原件份数", 事项编码=ITEM, 材料名称=MATERIAL).value = 2
    book.save(path)
    return limit.coordinate


def accept_one(clerk: Page) -> str:
    """A case under the text of today."""
    clerk.goto("/desk/new/")
    find(clerk, "cjrzxb")
    clerk.get_by_label("必交材料全部收到").check()
    clerk.get_by_label("姓名", exact=True).fill("张三丰")
    clerk.get_by_label("身份证号码", exact=True).fill("990199195501010012")
    clerk.get_by_label("联系电话", exact=True).fill("12345678901")
    press(clerk, "收件并受理")
    return NUMBER.search(clerk.locator("h1").inner_text())[0]


def try_a_broken_cell(editor: Page, path: Path) -> None:
    """The dry run names sheet, row and cell; nothing is stored."""
    before = Edition.objects.count()
    where = change(path, promised="十五天左右")
    follow(editor, "导入表格")
    editor.get_by_label("表格文件").set_input_files(path)
    press(editor, "试导入")
    told = read(editor)
    print(told)
    assert "没有导入任何内容" in told and "事项" in told and where in told
    expect(editor.get_by_role("button", name="导入为草稿")).to_have_count(0)
    assert Edition.objects.count() == before


def import_it(editor: Page, path: Path) -> None:
    change(path, promised=12)
    editor.get_by_label("表格文件").set_input_files(path)
    press(editor, "试导入")
    told = read(editor)
    print(told)
    assert "没有错误" in told
    press(editor, "导入为草稿")


def submit(editor: Page) -> None:
    """To the second person; the first cannot publish, not even by the address."""
    follow(editor, ITEM)
    press(editor, "提交第二人审核")
    print(read(editor))
    expect(editor.get_by_role("button", name="发布", exact=True)).to_have_count(0)


def compare_and_publish(reviewer: Page) -> None:
    follow(reviewer, "事项编辑")
    follow(reviewer, "待审核发布")
    follow(reviewer, ITEM)
    follow(reviewer, "与已发布版本对比")
    print(read(reviewer))
    follow(reviewer, "返回")
    press(reviewer, "发布")
    print(read(reviewer))


def test_a_changed_spreadsheet(page, phone, open_page, township, clock, tmp_path):
    clerk = sign_in(page, "clerk")
    old = accept_one(clerk)
    promised = ServiceRequest.objects.get(number=old).promised_on

    editor = sign_in(open_page(), "editor")
    follow(editor, "事项编辑")
    path = fetched(editor, lambda: editor.get_by_role("link", name="导出").click(), tmp_path)
    try_a_broken_cell(editor, path)
    import_it(editor, path)
    submit(editor)

    phone.goto(f"/services/{ITEM}/")
    assert "承诺15个工作日" in read(phone)
    compare_and_publish(sign_in(open_page(), "reviewer"))
    clock.turn_to("2026-11-23 08:50")
    phone.reload()
    assert "承诺12个工作日" in read(phone)
    assert False
