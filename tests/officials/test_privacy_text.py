"""Text that people type or paste: one form is stored, the rest is refused with a sentence."""

import unicodedata

import pytest
from django import forms
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from officials.forms import PlainCharField
from officials.privacy.text import clean_text, has_forbidden, one_line, search_key

pytestmark = pytest.mark.usefixtures("english")


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("  张三 ", "张三"),
        ("张\u200b三\ufeff", "张三"),
        ("\u202e张三\u2066", "张三"),
        ("Jose\u0301", "José"),
        ("a\tb", "a b"),
        ("两行\r\n变一行", "两行 变一行"),
        ("\u3000全角空格\u3000", "全角空格"),
        ("𠮷", "𠮷"),
    ],
)
def test_one_form_is_stored(typed, stored):
    assert clean_text(typed, 100) == stored


def test_lines_are_kept_where_there_may_be_several():
    assert clean_text("一 \r\n二\r\r\n\n\n\n三\u2028四\n", 100, multiline=True) == "一\n二\n\n三\n四"


@pytest.mark.parametrize("bad", ["\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\x9b", "\ud800", "\udfff", "\ufffe"])
def test_controls_and_half_characters_are_refused_with_what_to_do(bad):
    assert has_forbidden("a" + bad)
    with pytest.raises(ValidationError, match="instead of pasting"):
        clean_text("张三" + bad, 100, multiline=True)


def test_the_length_counts_characters_as_people_do():
    assert clean_text("𠮷" * 10, 10) == "𠮷" * 10
    with pytest.raises(ValidationError, match="11 characters, at most 10"):
        clean_text("字" * 11, 10)


@given(st.text(st.characters(codec=None), max_size=50))
def test_whatever_passes_can_be_stored_and_stays_as_it_is(text):
    try:
        stored = clean_text(text, 1000, multiline=True)
    except ValidationError:
        return
    stored.encode()
    assert "\x00" not in stored
    assert unicodedata.normalize("NFC", stored) == stored
    assert clean_text(stored, 1000, multiline=True) == stored


def test_the_search_key_forgets_width_case_blanks_and_marks():
    assert search_key("D B-低 保(新)\u200b") == search_key("db低保新")
    assert search_key("\ud800a") == "a"


def test_a_log_line_stays_one_line():
    assert one_line("张三\r\n2026 forged\x1b[0m\u2028\ud800") == "张三\\x0d\\x0a2026 forged\\x1b[0m\\x2028\\xd800"


class Note(forms.Form):
    title = PlainCharField(max_length=5)
    text = PlainCharField(max_length=7, multiline=True, required=False)


def test_a_form_field_cleans_before_it_measures():
    form = Note({"title": " 一\u200b二三四五 ", "text": "一二三\r\n四五六"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"title": "一二三四五", "text": "一二三\n四五六"}


@pytest.mark.parametrize("title", ["\u200b", "   ", "", "一二三四五六", "a\x00", "\ud800"])
def test_a_form_field_refuses_beside_the_field(title):
    form = Note({"title": title})
    assert not form.is_valid()
    assert list(form.errors) == ["title"]
    assert len(form.errors["title"]) == 1
