"""Identity numbers and telephone numbers: what passes, and what the clerk is told when it does not."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from officials.privacy import identity

pytestmark = pytest.mark.usefixtures("english")

TODAY = datetime.date(2026, 11, 23)
VALID = ["990199195501010012", "990199198802290023", "99019920100601003X", "99019919400715004X"]


def refusal(check, *args, **options):
    with pytest.raises(ValidationError) as error:
        check(*args, **options)
    return error.value


@pytest.mark.parametrize("number", VALID)
def test_valid_numbers_pass(number):
    assert identity.check_id_number(number, today=TODAY) == number


@pytest.mark.parametrize("typed", ["99019920100601003x", " 990199 2010 0601 003X ", "99019920100601003X", "990199-20100601-003×"])
def test_the_number_is_stored_in_one_form(typed):
    assert identity.check_id_number(typed, today=TODAY) == "99019920100601003X"


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("", "length"),
        ("99019919550101001", "length"),
        ("990199550101001", "old"),
        ("990199195501010013", "check_character"),
        ("990199195501010102", "check_character"),
        ("9901991955010100A2", "characters"),
        ("X90199195501010012", "characters"),
        ("990199195502300012", "date"),
        ("990199195513010012", "date"),
        ("990199198902290023", "date"),
        ("990199170001010012", "date"),
        ("990199202611240012", "future"),
        ("810000199408230021", "other_document"),
        ("830000199408230021", "other_document"),
        ("911124198108030024", "other_document"),
        ("990199195501010012\x00", "length"),
        ("²90199195501010012"[:17], "length"),
    ],
)
def test_a_faulty_number_gets_a_sentence_of_its_own(number, code):
    trouble = refusal(identity.check_id_number, number, today=TODAY)
    assert trouble.code == code
    assert str(trouble.messages[0]).endswith(".")
    assert number == "" or number not in trouble.messages[0]


def test_somebody_born_today_passes_tomorrow_not():
    for day, passes in [(TODAY, True), (TODAY + datetime.timedelta(days=1), False)]:
        first = f"990199{day:%Y%m%d}001"
        number = first + identity.id_check_character(first)
        if passes:
            assert identity.check_id_number(number, today=TODAY) == number
        else:
            assert refusal(identity.check_id_number, number, today=TODAY).code == "future"


@given(st.sampled_from(VALID), st.integers(0, 16), st.integers(1, 9))
def test_any_single_mistyped_digit_is_found(number, place, shift):
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    with pytest.raises(ValidationError):
        identity.check_id_number(wrong, today=TODAY)


@given(st.text())
def test_no_text_whatever_breaks_the_checks(text):
    for check in (lambda: identity.check_id_number(text, today=TODAY), lambda: identity.check_phone(text)):
        try:
            check()
        except ValidationError as trouble:
            assert trouble.messages[0]
    identity.credit_code_hint(text)
    identity.bank_card_hint(text)


def test_a_child_under_14_is_known_by_the_number():
    assert identity.is_under_14("99019920130601003X", today=TODAY)
    assert not identity.is_under_14("99019920121123003X", today=TODAY)
    assert identity.is_under_14("99019920121124003X", today=TODAY)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("13800138000", "13800138000"),
        ("138 0013 8000", "13800138000"),
        ("+86 138-0013-8000", "13800138000"),
        ("8613800138000", "13800138000"),
        ("13800138000", "13800138000"),
        ("0731-88888888", "0731-88888888"),
        ("073188888888", "0731-88888888"),
        ("(0731)8888888", "0731-8888888"),
        ("010-88888888转12", "010-88888888-12"),
        ("021—88888888 ext. 7", "021-88888888-7"),
        ("4001234567", "400-123-4567"),
        ("12345", "12345"),
        ("12388", "12388"),
    ],
)
def test_telephone_numbers_are_stored_in_one_form(typed, stored):
    assert identity.check_phone(typed) == stored


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("1380013800", "11 digits"),
        ("138001380000", "11 digits"),
        ("12812345678", "demonstration"),
        ("0000-5551234", "demonstration"),
        ("88888888", "area code"),
        ("0731-888888", "landline"),
        ("abc", "digits only"),
        ("", "digits only"),
        ("1", "11 digits"),
        ("99999999999", "neither"),
    ],
)
def test_a_faulty_telephone_number_is_told_what_is_missing(typed, hint):
    assert hint in refusal(identity.check_phone, typed).messages[0]


def test_invented_numbers_pass_in_the_demonstration_only():
    assert identity.check_phone("12812345678", demo=True) == "12812345678"
    assert identity.check_phone("0000-555-1234".replace("-1", "1"), demo=True) == "0000-5551234"
    assert identity.check_phone("0000555123", demo=True) == "0000-555123"


def test_an_applicants_own_number_is_no_hotline():
    assert refusal(identity.check_phone, "12345", short=False).code == "phone"


@pytest.mark.parametrize(
    ("stored", "shown", "link"),
    [
        ("13800138000", "138 0013 8000", "tel:13800138000"),
        ("0731-88888888", "0731-8888 8888", "tel:073188888888"),
        ("0731-8888888", "0731-888 8888", "tel:07318888888"),
        ("010-88888888-12", "010-8888 8888 转 12", "tel:01088888888,12"),
        ("400-123-4567", "400-123-4567", "tel:4001234567"),
        ("0000-5551234", "0000-555 1234", "tel:00005551234"),
        ("0000-55501", "0000-5 5501", "tel:000055501"),
        ("12345", "12345", "tel:12345"),
        ("", "", "tel:"),
    ],
)
def test_a_number_is_grouped_to_be_read_out_and_linked_to_be_dialled(stored, shown, link):
    assert identity.grouped_phone(stored) == shown
    assert identity.tel_link(stored) == link


def test_codes_of_firms_and_banks_are_only_hinted_at():
    assert identity.credit_code_hint("91350100M000100Y43") == ""
    assert identity.credit_code_hint("91350100M000100Y44")
    assert identity.bank_card_hint("4111 1111 1111 1111") == ""
    assert identity.bank_card_hint("4111111111111112")


def test_the_sentences_exist_in_both_languages():
    trouble = refusal(identity.check_phone, "88888888")
    with translation.override("en"):
        assert "area code" in trouble.messages[0]
