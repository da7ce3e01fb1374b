"""Sealed values, look-up digests and tracking secrets."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officials.privacy import lookup, tracking
from officials.privacy.keys import keyring
from officials.privacy.sealing import SealBroken, is_sealed, new_data_key, open_sealed, seal

KEY = b"k" * 32
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)


@given(json_values, st.text())
def test_what_was_sealed_comes_back(value, place):
    assert open_sealed(KEY, seal(KEY, value, place), place) == value


def test_every_altered_letter_is_noticed():
    sealed = seal(KEY, "990199195501010012", "applicant:id")
    for position, letter in enumerate(sealed):
        altered = sealed[:position] + ("A" if letter != "A" else "B") + sealed[position + 1 :]
        with pytest.raises(SealBroken):
            open_sealed(KEY, altered, "applicant:id")


def test_another_key_another_place_and_rubbish_are_refused():
    sealed = seal(KEY, "张三", "applicant:name")
    for key, text, place in [
        (new_data_key(), sealed, "applicant:name"),
        (KEY, sealed, "applicant:note"),
        (KEY, "", "applicant:name"),
        (KEY, "v1.", "applicant:name"),
        (KEY, "v1.!!!!", "applicant:name"),
        (KEY, "张三", "applicant:name"),
        (KEY, sealed + "\n", "applicant:name"),
        (KEY, sealed[:-4], "applicant:name"),
    ]:
        with pytest.raises(SealBroken):
            open_sealed(key, text, place)


def test_the_ciphertext_shows_neither_the_value_nor_whether_two_are_equal_nor_the_length_of_a_name():
    assert "138" not in seal(KEY, "13800138000")
    assert seal(KEY, "张三") != seal(KEY, "张三")
    assert len(seal(KEY, "张三")) == len(seal(KEY, "欧阳修"))
    assert is_sealed(seal(KEY, "")) and not is_sealed("v1.0")


def test_sealing_is_cheap_enough_for_a_list_page():
    best = min(_seconds_for_a_thousand() for _try in range(5))
    assert best / 1000 < 100e-6  # 20 µs is the aim, about 4 µs were measured; room for a busy machine


def _seconds_for_a_thousand():
    started = time.perf_counter()
    for _n in range(1000):
        seal(KEY, "13800138000", "applicant:phone")
    return time.perf_counter() - started


@pytest.mark.parametrize(
    ("digest", "one", "other"),
    [
        (lookup.name_digest, "买买提·艾力", "买买提 • 艾力"),
        (lookup.name_digest, "张 三", "张\u200b三"),
        (lookup.name_digest, "José Li", "JOSE\u0301 LI"),
        (lookup.phone_digest, "138-0013 8000", "+8613800138000"),
        (lookup.phone_digest, "12800138000", "12800138000"),
        (lookup.id_digest, "99019920100601003x", "990199 20100601 003X"),
    ],
)
def test_the_same_person_typed_differently_is_found(digest, one, other):
    assert digest(one) == digest(other)
    assert len(digest(one)) == 32


def test_different_people_differ_and_nothing_is_never_looked_up():
    assert lookup.name_digest("张三") != lookup.name_digest("张三丰")
    assert lookup.name_digest(" ") == lookup.phone_digest("") == lookup.id_digest("-") == ""


def test_a_tracking_secret_has_sixteen_digits_in_four_groups_and_does_not_repeat():
    secrets = {tracking.new_tracking_secret() for _n in range(2000)}
    assert len(secrets) == 2000
    assert all(len(group) == 4 and group.isdigit() for secret in secrets for group in secret.split(" "))
    assert all(len(secret) == 19 for secret in secrets)
    assert len({secret[0] for secret in secrets}) == 10  # leading zeros too: all 53 bits are used


@pytest.mark.parametrize(
    "typed", ["1234 5678 9012 3456", "1234567890123456", "1234-5678-9012-3456", " 1234　5678　9012　3456 ", "12 34 56 78 90 12 34 56",
              "1234·5678,9012。3456"]
)  # fmt: skip
def test_a_secret_is_understood_however_it_is_typed(typed):
    salt = tracking.new_salt()
    stored = tracking.secret_digest("1234 5678 9012 3456", salt)
    assert tracking.secret_matches(typed, salt, stored)


@pytest.mark.parametrize(
    "typed", ["", "1234 5678 9012 3457", "1234 5678 9012 345", "abcd", "x" * 10000, "١٢٣٤٥٦٧٨٩٠١٢٣٤٥٦", "\x00", "\ud800"]
)
def test_a_wrong_secret_is_refused(typed):
    salt = tracking.new_salt()
    assert not tracking.secret_matches(typed, salt, tracking.secret_digest("1234 5678 9012 3456", salt))
    assert not tracking.secret_matches(typed, salt, "")
    assert not tracking.secret_matches(typed, salt, tracking.secret_digest("", salt))
    assert tracking.refuse_slowly(typed) is False


def test_what_is_stored_of_a_secret_depends_on_the_row_and_the_pepper(monkeypatch):
    secret = "1234 5678 9012 3456"
    one = tracking.secret_digest(secret, "a" * 32)
    assert one != tracking.secret_digest(secret, "b" * 32)
    assert "1234" not in one or len(one) == 64
    ring = keyring()
    other = type(ring)(signing=ring.signing, masters=ring.masters, pepper=type(ring.pepper)("x", b"p" * 32))
    monkeypatch.setattr(tracking, "keyring", lambda: other)
    assert one != tracking.secret_digest(secret, "a" * 32)
