"""The typesetter: same bytes for same data, data is never markup, lacking glyphs are told, nothing comes from outside."""

import io
import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pypdf import PdfReader

from officials.typesetting import SheetNotPrinted, check_code, missing_glyphs, missing_glyphs_in, qr_svg, typeset
from officials.typesetting.press import PROJECT
from officials.typesetting.punctuation import chinese_punctuation

RARE = "\U0003134f"  # a character beyond what the printing fonts hold


@pytest.fixture(scope="module")
def layout():
    """A small layout on the shared base; the typesetter reads only inside the project, so it is written there."""
    folder = PROJECT / "var" / "test-layouts"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"plain-{os.getpid()}.typ"  # several test processes may run at once
    path.write_text('#import "/officials/typesetting/base.typ": *\n#show: sheet\n#data.words\n#qr(20mm)\n', encoding="utf-8")
    yield path
    path.unlink()


def printed(layout: Path, words: str, **options: object) -> bytes:
    return typeset(layout, {"title": "样张", "check_code": "ABCD-EFGH", "words": words}, **options)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_same_data_gives_the_same_bytes(layout):
    assert printed(layout, "最低生活保障") == printed(layout, "最低生活保障")
    assert printed(layout, "最低生活保障") != printed(layout, "临时救助")


def test_data_is_text_and_never_markup(layout):
    nasty = '#panic("x") *bold* $1+1$ <b> \\ @ref = heading'
    assert '#panic("x") *bold* $1+1$' in text_of(printed(layout, nasty))


def test_a_character_without_glyph_is_told_and_marked(layout):
    assert missing_glyphs("王春花 2026-11-23 ①【暂定】〔2026〕—≠") == set()
    assert missing_glyphs(f"欧阳{RARE}😀") == {RARE, "😀"}
    assert missing_glyphs_in({"a": ["好", ("x", {"b": RARE})]}) == {RARE}
    text = text_of(printed(layout, f"欧阳{RARE}"))
    assert "欧阳〓" in text and "U+3134F" in text and "请手写" in text


def test_blanks_joiners_and_variation_selectors_are_not_missing():
    assert missing_glyphs("葛\U000e0100 \u200b\u3000\n\t\ufe0f") == set()


def test_only_our_two_fonts_are_in_the_sheet(layout):
    page = PdfReader(io.BytesIO(printed(layout, "宋体 Latin 123"))).pages[0]
    names = {font.get_object()["/BaseFont"] for font in page["/Resources"]["/Font"].values()}
    assert names and all("NotoSerifSC" in name or "NotoSansSC" in name for name in names)


def test_no_layout_names_a_package_or_a_seal_picture():
    layouts = [*PROJECT.glob("officials/typesetting/*.typ"), *PROJECT.glob("*/printing/layouts/*.typ")]
    assert len(layouts) >= 9
    for path in layouts:
        words = path.read_text(encoding="utf-8")
        assert "@preview" not in words and "@local" not in words, path
        assert words.count("image(") == (1 if path.name == "base.typ" else 0), path  # the QR code and nothing else


def test_control_characters_and_endless_words_do_not_break_the_sheet(layout):
    text = text_of(printed(layout, "甲\x00乙\x1b " + "A" * 400))
    assert "甲" in text and "乙" in text and "\x00" not in text


def test_a_sheet_that_takes_too_long_is_a_sentence_and_the_next_one_prints(layout):
    with pytest.raises(SheetNotPrinted):
        printed(layout, "久", time_limit=0)
    assert "快" in text_of(printed(layout, "快"))


def test_a_broken_layout_is_a_sentence(layout):
    broken = layout.with_name(f"broken-{os.getpid()}.typ")
    broken.write_text("#nothing-of-that-name", encoding="utf-8")
    with pytest.raises(SheetNotPrinted):
        printed(broken, "x")
    broken.unlink()


def test_several_threads_print_at_once(layout):
    with ThreadPoolExecutor(8) as pool:
        sheets = list(pool.map(lambda place: text_of(printed(layout, f"第{place}张")), range(40)))
    assert all(re.search(rf"第\s*{place}\s*张", sheet) for place, sheet in enumerate(sheets))


def test_a_warm_page_takes_less_than_three_tenths_of_a_second(layout):
    printed(layout, "先热身")
    taken = []
    for place in range(5):
        start = time.perf_counter()
        printed(layout, f"第{place}次")
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.3


def test_the_qr_code_is_a_drawing_and_can_be_left_out(layout):
    drawing = qr_svg("https://portal.example/track/?t=abc")
    assert drawing.startswith("<svg") and "path" in drawing
    assert qr_svg("") == ""
    with_code, without = printed(layout, "码", drawings={"qr": drawing}), printed(layout, "码")
    assert len(with_code) > len(without)
    assert "扫码查进度" in text_of(with_code) and "扫码查进度" not in text_of(without)


def test_the_check_code_depends_on_what_is_said():
    code = check_code({"number": "990199101-2026-000123", "due": "2026-12-28"})
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}", code)
    assert code == check_code({"due": "2026-12-28", "number": "990199101-2026-000123"})
    assert code != check_code({"number": "990199101-2026-000123", "due": "2026-12-29"})


@pytest.mark.parametrize(
    ("typed", "set_in_print"),
    [
        ("户口簿(首页、本人页)", "户口簿\uff08首页、本人页\uff09"),
        ("补齐,再受理;请等通知", "补齐\uff0c再受理\uff1b请等通知"),
        ("工作日 08:30-12:00,14:00-17:30", "工作日 08:30-12:00\uff0c14:00-17:30"),
        ("补助12,000元", "补助12,000元"),
        ("https://a.example/?a=1,2", "https://a.example/?a=1,2"),
        ("4号窗口(1)", "4号窗口\uff081\uff09"),
    ],
)
def test_chinese_text_gets_chinese_punctuation(typed, set_in_print):
    assert chinese_punctuation(typed) == set_in_print


def test_a_child_forked_after_printing_is_told_at_once_instead_of_waiting(layout):
    printed(layout, "先印一张")
    child = os.fork()
    if child == 0:
        try:
            printed(layout, "再印一张")
        except RuntimeError:
            os._exit(0)
        os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
