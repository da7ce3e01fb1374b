"""What a list shows of a person."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officials.privacy import masking


@pytest.mark.parametrize(
    ("name", "in_lists"),
    [
        ("张三", "张**"),
        ("张三丰", "张**"),
        ("欧阳修", "欧阳**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳", "欧**"),
        ("买买提·艾力", "买**"),
        ("𠮷田", "𠮷**"),
        ("张", "**"),
        ("", ""),
    ],
)
def test_names(name, in_lists):
    assert masking.mask_name(name) == in_lists


@pytest.mark.parametrize(
    ("phone", "shown"),
    [
        ("13800131234", "138****1234"),
        ("138 0013 1234", "138****1234"),
        ("0731-88888812", "0731-****12"),
        ("010-88888812-3", "010-****12"),
        ("8888812", "****12"),
        ("12345", "****"),
        ("", ""),
    ],
)
def test_phones(phone, shown):
    assert masking.mask_phone(phone) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [("99019920100601003X", "990***********003X"), ("E12345678", "******78"), ("1234", "******"), ("", "")],
)
def test_identity_numbers(number, shown):
    assert masking.mask_id(number) == shown


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("河口镇石桥村三组12号", "河口镇石桥村三组"),
        ("河口镇石桥村第5村民小组李家湾3号", "河口镇石桥村第5村民小组"),
        ("石桥村12号", "石桥村"),
        ("幸福社区3栋2单元501", "幸福社区"),
        ("河口镇人民路3号", "河口镇"),
        ("人民路3号", "**"),
        ("", ""),
    ],
)
def test_addresses_end_at_the_village(address, shown):
    assert masking.mask_address(address) == shown


def test_bank_cards():
    assert masking.mask_bank_card("6222 0212 3456 7890 123") == "**** 0123"
    assert masking.mask_bank_card("123") == "****"


@given(st.from_regex(r"\A[一-龥]{2,6}\Z"))
def test_no_given_name_survives_a_list(name):
    shown = masking.mask_name(name)
    assert shown.endswith("**") and len(shown) <= 4
    assert name.startswith(shown[:-2]) and len(shown[:-2]) < len(name)
