"""The paper ledger of old comes in with its true dates; then somebody calls and asks about such a case."""

import re
from datetime import date

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page

from requests.models import PhoneQuestion, ServiceRequest
from tests.stories.acting import fetched, follow, press, read, sign_in
from tests.support import world as w

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
# Columns: 旧编号, 收件日期, 姓名, 证件号, 电话, 村组, 事项, 站所, 承办人, 状态, 受理日期, 备注
ROWS = (
    ["2024-017", date(2024, 3, 1), "王大娘", "990199195501010012", "12345678901", "稻香村", "MZ-001", "", "", "收件", None, "缺户口簿"],
    ["2025-003", date(2025, 5, 6), "李二爷", "", "12345678902", "稻香村", "MZ-009", "", "甄探访", "受理", date(2025, 5, 8), ""],
)


def carry_over(head: Page, tmp_path) -> None:
    """The empty spreadsheet is filled in, checked, mended and imported."""
    follow(head, "日清")
    follow(head, re.compile("^旧台账导入$"))
    path = fetched(head, lambda: head.get_by_role("link", name="空白表格下载").click(), tmp_path)
    book = load_workbook(path)
    for row in ROWS:
        book["台账"].append(row)
    book["台账"].cell(row=3, column=7).value = "没有的事项"
    book.save(path)
    head.get_by_label("旧台账表格").set_input_files(path)
    press(head, "检查文件")
    assert "“台账”表第3行G3格（事项编码或名称）" in read(head) and "什么都没有写入" in read(head)
    assert not ServiceRequest.objects.filter(origin="old_ledger").exists()
    press(head, "换一个文件")
    book["台账"].cell(row=3, column=7).value = "MZ-009"
    book.save(path)
    head.get_by_label("旧台账表格").set_input_files(path)
    press(head, "检查文件")
    press(head, "导入2件")
    assert "已从旧台账导入2件，在统计中单列" in read(head)


def answer_the_call(clerk: Page) -> None:
    """Name, village and the last four digits fit: the state is told, nothing else; the question is written down."""
    clerk.goto("/desk/")
    follow(clerk, "我的事办得怎样了")
    clerk.get_by_label("姓名").fill("李二爷")
    clerk.get_by_label("村（社区）").select_option("稻香村")
    clerk.get_by_label("预留电话后四位").fill("8902")
    press(clerk, "核对")
    told = read(clerk)
    assert "已受理" in told and "2025年5月8日（周四）" in told and "民政窗口（民政办）0000-555" in told
    assert "李二爷" not in told and "2025-003" not in told


def test_an_old_case_is_carried_over_and_asked_about(page, open_page, village, tmp_path):
    head = sign_in(open_page(), "head", w.PASSWORD)
    carry_over(head, tmp_path)
    answer_the_call(sign_in(page, "clerk", w.PASSWORD))
    case = ServiceRequest.objects.get(old_number="2025-003")
    row = PhoneQuestion.objects.get()
    assert row.service_request == case and row.by.username == "clerk"
