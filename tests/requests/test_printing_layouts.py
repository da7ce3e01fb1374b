"""The papers of the desk, read back as text: what must be on them, what must not, and that nothing runs off the page."""

import io
import re
from datetime import date
from unittest.mock import patch

import pytest
from pypdf import PdfReader

from requests.printing import sheets, wording
from requests.printing.contracts import DueDate, Figure
from requests.printing.visits import common_copies
from tests.support import paper_examples as examples

MILLIMETRE = 72 / 25.4


def pages(pdf: bytes) -> list[str]:
    """The text of each page without any blank, so that line breaks and spacing of digits do not matter."""
    return [re.sub(r"\s+", "", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def text(pdf: bytes) -> str:
    return "".join(pages(pdf))


def size_in_mm(pdf: bytes) -> tuple[int, int]:
    box = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    return round(float(box.width) / MILLIMETRE), round(float(box.height) / MILLIMETRE)


ALL_PAPERS = [
    (sheets.receipt, examples.accepted_receipt()),
    (sheets.receipt, examples.received_receipt()),
    (sheets.receipt, examples.strained_receipt()),
    (sheets.receipt_roll, examples.accepted_receipt()),
    (sheets.receipt_roll, examples.strained_receipt()),
    (sheets.visit_sheet, examples.visit()),
    (sheets.visit_sheet, examples.visit(10)),
    (sheets.paper_slips, examples.slips()),
    (sheets.day_end, examples.day()),
    (sheets.day_end, examples.day(busy=True)),
    (sheets.item_guide, examples.guide()),
    (sheets.item_guide, examples.guide(elder=True)),
    (sheets.copy_out, examples.copying()),
    (sheets.closing_note, examples.closing()),
]


@pytest.mark.parametrize(("paper", "data"), ALL_PAPERS)
def test_every_paper_keeps_inside_its_page_and_repeats_its_bytes(paper, data):
    pdf = paper(data)
    assert pdf == paper(data)
    for page in PdfReader(io.BytesIO(pdf)).pages:
        width, height = float(page.mediabox.width), float(page.mediabox.height)
        places: list[tuple[float, float]] = []
        page.extract_text(
            visitor_text=lambda words, user, matrix, font, size, places=places: (
                places.append((user[0] * matrix[4] + user[4], user[3] * matrix[5] + user[5])) if words.strip() else None
            )
        )
        assert places
        assert all(0 <= x <= width and 0 <= y <= height for x, y in places)


@pytest.mark.parametrize(("paper", "data"), ALL_PAPERS)
def test_every_paper_has_a_check_code_and_numbered_pages_when_there_are_several(paper, data):
    found = pages(paper(data))
    assert all(re.search(r"校验码[0-9A-Z]{4}-[0-9A-Z]{4}", page) for page in found)
    if paper is sheets.receipt:
        assert found[0].count("校验码") == 2, "on the resident's half too: the foot goes off with the counterfoil"
    if paper is sheets.paper_slips:
        return
    for place, page in enumerate(found, start=1):
        assert (f"第{place}页\uff0c共{len(found)}页" in page) == (len(found) > 1)


def test_the_receipt_of_an_accepted_case_says_number_secret_and_both_dates():
    first = pages(sheets.receipt(examples.accepted_receipt()))[0]
    for words in ("栖禾镇人民政府", "收件凭证", "990199101-2026-000123", "4071882935160264", "王*花", "2026年11月23日09:05"):
        assert words in first
    assert "2026年12月28日\uff08星期一\uff09" in first
    assert "2027年1月6日\uff08星期三\uff09【暂定】" in first
    assert "11月24日起数" in first and "0000-5550104" in first and "0000-5550199" in first
    assert "存根" in first and "沿虚线撕下" in first and "\uff08盖章处\uff09" in first


def test_the_secret_is_printed_in_four_groups_and_never_on_the_counterfoil():
    pdf = sheets.receipt(examples.accepted_receipt())
    assert re.search(r"4071\s8829\s3516\s0264", PdfReader(io.BytesIO(pdf)).pages[0].extract_text())
    assert text(pdf).count("4071882935160264") == 1


def test_a_reprint_leaves_the_secret_out_and_says_so():
    for paper in (sheets.receipt, sheets.receipt_roll):
        said = text(paper(examples.accepted_receipt(reprint=2)))
        assert "第2次补打\uff0c不含查询码" in said
        assert "4071" not in said


def test_a_renewed_secret_is_printed_and_ends_the_old_one():
    said = text(sheets.receipt(examples.accepted_receipt(reprint=1, secret_renewed=True)))
    assert "4071882935160264" in said and "旧码作废" in said and "不含查询码" not in said


def test_a_reprint_has_the_check_code_of_the_first_print():
    codes = {
        re.search(r"校验码(.{9})", text(sheets.receipt(examples.accepted_receipt(**changes)))).group(1)
        for changes in ({}, {"reprint": 3}, {"secret": ""})
    }
    assert len(codes) == 1
    changed = text(sheets.receipt(examples.accepted_receipt(promised=DueDate(day=date(2026, 12, 29)))))
    assert codes.isdisjoint(re.findall(r"校验码(.{9})", changed))


def test_a_receipt_that_is_not_yet_an_acceptance_says_so_and_lists_what_is_missing():
    found = pages(sheets.receipt(examples.received_receipt()))
    assert len(found) == 1
    assert "待补材料\uff082项\uff09" in found[0] and "忘带\uff0c受理前补验" in found[0]
    assert "不等于受理" in found[0] and "承诺办结" not in found[0]
    assert "ZD2026-000018" in found[0] and "10:40补录" in found[0]


def test_an_accepted_case_without_legal_limit_says_there_is_none():
    for paper in (sheets.receipt, sheets.receipt_roll):
        assert "无统一法定时限" in text(paper(examples.accepted_receipt(legal=None)))


def test_twelve_materials_and_long_names_run_on_to_a_next_page_in_good_order():
    found = pages(sheets.receipt(examples.strained_receipt()))
    assert len(found) > 1
    assert examples.LONG_NAME in found[0] and "存根" in found[0]
    assert all("存根" not in page for page in found[1:])
    assert all("990199101-2026-000123" in page for page in found)
    assert "已收材料\uff0812项\uff09" in "".join(found) and "慈善组织已获救助情况证明材料" in "".join(found)
    assert "U+3134F" in found[0]
    assert sheets.lacking(examples.strained_receipt()) == {"\U0003134f"}


def test_the_sizes_of_the_papers():
    assert size_in_mm(sheets.receipt(examples.accepted_receipt())) == (148, 210)
    assert size_in_mm(sheets.receipt_roll(examples.accepted_receipt()))[0] == 80
    assert size_in_mm(sheets.visit_sheet(examples.visit())) == (210, 297)


def test_the_roll_grows_with_its_content_and_stays_one_piece():
    short, long = sheets.receipt_roll(examples.received_receipt()), sheets.receipt_roll(examples.strained_receipt())
    assert len(pages(short)) == len(pages(long)) == 1
    assert size_in_mm(long)[1] > size_in_mm(short)[1]


def test_a_visit_lists_each_paper_to_copy_once_with_the_sum():
    copies = {line.name: (line.per_case, line.total) for line in common_copies(examples.visit().cases)}
    assert copies["申请人居民身份证"] == ((1, 1, 1), 3)
    assert copies["户口簿(首页、本人页)"] == ((1, 0, 1), 2)
    assert "最低生活保障申请表" not in copies  # an original that is kept needs no copy
    found = pages(sheets.visit_sheet(examples.visit()))
    assert len(found) == 1
    for number in ("000123", "000124", "000125"):
        assert f"990199101-2026-{number}" in found[0]
    assert found[0].count("来办人签字") == 1 and "授权委托书" in found[0] and "【暂定】" in found[0]


def test_blank_slips_are_numbered_on_slip_and_counterfoil():
    found = pages(sheets.paper_slips(examples.slips()))
    assert len(found) == 3
    for place, page in zip((18, 19, 20), found, strict=True):
        assert page.count(f"ZD-990199101-2026-{place:06d}") == 2
        for field in ("收件时间", "姓名", "证件号", "电话", "事项", "收件人签字", "申请人签字"):
            assert field in page
    assert len({re.search(r"校验码(.{9})", page).group(1) for page in found}) == 3


def test_the_days_end_agrees_only_when_the_sums_do():
    good = pages(sheets.day_end(examples.day()))
    assert len(good) == 1
    assert "结转12+收件9=办结6+作废1+结存14" in good[0] and "合计相符" in good[0]
    assert "交班人应接办" in good[0] and "接班人应代办" in good[0]
    bad = text(sheets.day_end(examples.day(closing_balance=15)))
    assert "合计不符" in bad and "合计相符" not in bad and "21≠22" in bad


def test_the_guide_has_the_seven_elements_two_phones_and_its_edition():
    said = text(sheets.item_guide(examples.guide()))
    for words in (
        "最低生活保障申请", "怎么办", "镇人民政府审核确认", "民政办", "甄关怀", "甄探访", "办理方式", "0000-5550104",
        "0000-5550199", "第3版", "2026年11月2日\uff0c明公开", "25个工作日", "30个工作日", "同时进行",
    ):  # fmt: skip
        assert words in said
    assert "长辈版" in text(sheets.item_guide(examples.guide(elder=True)))


@pytest.mark.parametrize(("elder", "least"), [(False, 12.0), (True, 14.0)])
def test_the_body_of_the_guide_is_set_large_enough(elder, least):
    sizes: dict[float, int] = {}
    for page in PdfReader(io.BytesIO(sheets.item_guide(examples.guide(elder=elder)))).pages:
        page.extract_text(visitor_text=lambda words, user, matrix, font, size: sizes.update({size: sizes.get(size, 0) + len(words)}))
    assert max(sizes, key=sizes.__getitem__) >= least


def test_the_copy_out_keeps_values_exactly_as_they_are():
    said = text(sheets.copy_out(examples.copying()))
    assert "三组42号(老供销社后面第二排,原村小学旁)" in said
    assert "990199195003070020" in said and "〔空〕" in said and "省社会救助管理信息系统" in said


def test_the_closing_note_says_outcome_collection_and_remedies():
    said = text(sheets.closing_note(examples.closing()))
    for words in ("确认给予最低生活保障", "2026年12月21日", "2027年1月5日\uff08星期二\uff09", "行政复议", "六个月", "0000-5550199"):
        assert words in said


def test_the_qr_code_leads_to_the_address_of_the_data():
    with patch.object(sheets, "qr_svg", return_value="") as drawn:
        sheets.receipt(examples.accepted_receipt())
    drawn.assert_called_once_with(examples.TRACK)


def test_a_limit_of_hours_shows_the_hour():
    assert wording.due(examples.RECEIVED).endswith("09:05")
    assert wording.sum_of([("结转", 12), ("收件", 9)]) == "结转 12 + 收件 9"
    assert wording.pieces(0, 0) == "—" and wording.pieces(1, 2) == "原件1份、复印件2份"
    assert Figure(label="暂存", count=2).note == ""
