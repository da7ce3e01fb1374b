"""The catalogue changes: exported, changed, one cell broken on the way, submitted by one, published by another, old cases untouched."""

from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from services.models import Edition
from tests.stories.acting import NUMBER, fetched, find, follow, press, read, sign_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
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


def accept_one(clerk: Page, name: str = "张三丰", id_number: str = "990199195501010012") -> str:
    """A case under the text of today."""
    clerk.goto("/desk/new/")
    find(clerk, "cjrzxb")
    clerk.get_by_label("必交材料全部收到").check()
    clerk.get_by_label("姓名", exact=True).fill(name)
    clerk.get_by_label("身份证号码", exact=True).fill(id_number)
    clerk.get_by_label("联系电话", exact=True).fill("12345678901")
    clerk.locator("select[name=village]").select_option("稻香村")
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
    assert "有1处错误，没有导入任何内容" in told
    assert f"“事项”表第{where[-1]}行{where}格（承诺时限）：“十五天左右”" in told
    expect(editor.get_by_role("button", name="导入为草稿")).to_have_count(0)
    assert Edition.objects.count() == before


def import_it(editor: Page, path: Path) -> None:
    """The mended file: what would change is told cell by cell, then it becomes one draft."""
    change(path, promised=12)
    editor.get_by_label("表格文件").set_input_files(path)
    press(editor, "试导入")
    told = read(editor)
    assert "没有错误。还没有导入任何内容" in told and "有改动的事项1没有改动的事项44" in told
    assert "事项·承诺时限15 12" in told and f"材料·{MATERIAL}·原件份数3 2" in told
    press(editor, "导入为草稿")
    assert "已导入为草稿：1份" in read(editor)


def submit(editor: Page) -> None:
    """To the second person; the first cannot publish, neither by a button nor by the address."""
    follow(editor, ITEM)
    press(editor, "提交第二人审核")
    assert "接下来由第二人审核并发布" in read(editor)
    expect(editor.get_by_role("button", name="发布", exact=True)).to_have_count(0)
    token = editor.locator("input[name=csrfmiddlewaretoken]").first.input_value()
    refused = editor.request.post(f"/editing/{ITEM}/publish/", form={"csrfmiddlewaretoken": token})
    assert not refused.ok


def compare_and_publish(reviewer: Page) -> None:
    """The second person sees what changes, before and after, and publishes it."""
    follow(reviewer, "事项编辑")
    follow(reviewer, ITEM)
    follow(reviewer, "与已发布版本对比")
    told = read(reviewer)
    assert "15个工作日" in told and "12个工作日" in told and MATERIAL in told
    reviewer.get_by_label("我已看过改动").check()
    press(reviewer, "发布")
    assert "已发布。群众从现在起看到这份文本" in read(reviewer)


def test_a_changed_spreadsheet(page, phone, open_page, township, clock, tmp_path):
    clerk = sign_in(page, "clerk")
    old = accept_one(clerk)
    assert "承诺时限2026年12月14日（周一）15个工作日" in read(clerk)

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
    told = read(phone)
    assert "承诺12个工作日" in told and f"{MATERIAL}原件2份" in told

    clerk.goto(f"/desk/{old}/")
    assert "承诺办结日2026年12月14日（周一）" in read(clerk)
    new = accept_one(clerk, "李四海", "990199196001010010")
    assert new != old and "承诺时限2026年12月9日（周三）12个工作日" in read(clerk)
