"""The keys of an installation: made once, readable by one, bound to their database."""

import json
import multiprocessing
import os
import stat

import pytest

from officials.models import KeyMark
from officials.privacy import keys

# Newer Pythons warn of a fork beside threads (the test runner's); the children touch none of them.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")


@pytest.fixture
def key_file(tmp_path, monkeypatch):
    monkeypatch.delenv(keys.ENVIRONMENT_VARIABLE, raising=False)
    return tmp_path / "var" / "keys.json"


@pytest.fixture
def use_keys(monkeypatch):
    """Make the process use these keys instead of its own."""

    def use(ring):
        monkeypatch.setattr(keys, "keyring", lambda: ring)

    return use


def test_first_start_makes_a_file_only_its_owner_can_read(key_file):
    ring = keys.load_or_create(key_file)
    assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
    assert os.listdir(key_file.parent) == ["keys.json"]
    again = keys.load_or_create(key_file)
    assert again == ring
    assert len(ring.signing_key) >= 43


def _load(path, barrier, answers):
    barrier.wait()
    answers.put(keys.load_or_create(path).signing_key)


def test_eight_first_starts_at_once_agree_on_one_file(key_file):
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(8), context.Queue()
    starters = [context.Process(target=_load, args=(key_file, barrier, answers)) for _n in range(8)]
    for starter in starters:
        starter.start()
    found = {answers.get(timeout=20) for _n in starters}
    for starter in starters:
        starter.join()
    assert len(found) == 1
    assert os.listdir(key_file.parent) == ["keys.json"]


def test_a_file_others_can_read_is_refused_in_production_with_the_command_to_run(key_file):
    keys.load_or_create(key_file)
    key_file.chmod(0o640)
    with pytest.raises(keys.KeysUnusable, match="chmod 600"):
        keys.load_or_create(key_file)
    assert keys.load_or_create(key_file, strict=False)


def test_the_environment_takes_the_place_of_the_file(key_file, monkeypatch):
    given = keys.new_keys()
    monkeypatch.setenv(keys.ENVIRONMENT_VARIABLE, json.dumps(given))
    assert keys.load_or_create(key_file).masters[0].id == given["masters"][0]["id"]
    assert not key_file.exists()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"signing": []}', '{"signing": [{"id": "a", "key": "c2hvcnQ"}]}'])
def test_a_spoilt_file_is_named_without_showing_what_is_in_it(key_file, text):
    key_file.parent.mkdir()
    key_file.touch(mode=0o600)
    key_file.write_text(text)
    with pytest.raises(keys.KeysUnusable) as refusal:
        keys.load_or_create(key_file)
    assert str(key_file) in str(refusal.value)
    assert "c2hvcnQ" not in str(refusal.value)


def test_neither_repr_nor_fingerprint_shows_a_secret(key_file):
    ring = keys.load_or_create(key_file)
    for key in (*ring.signing, *ring.masters, ring.pepper):
        assert key.secret.hex() not in repr(ring) + key.fingerprint()
        assert repr(key.secret) not in repr(ring)


def test_a_data_key_comes_back_from_its_wrapping_even_after_a_new_master_key(key_file):
    ring = keys.load_or_create(key_file)
    wrapped = ring.wrap(b"k" * 32)
    newer = keys.NamedKey("newer", b"n" * 32)
    rotated = keys.Keyring(signing=ring.signing, masters=(newer, *ring.masters), pepper=ring.pepper)
    assert rotated.unwrap(wrapped) == b"k" * 32
    assert rotated.wrap(b"k" * 32).startswith("w1.newer.")


def test_a_wrapped_key_of_a_stranger_or_an_altered_one_is_refused(key_file):
    ring = keys.load_or_create(key_file)
    stranger = keys.Keyring(signing=ring.signing, masters=(keys.NamedKey("other", b"n" * 32),), pepper=ring.pepper)
    wrapped = ring.wrap(b"k" * 32)
    for ring_, text in [(stranger, wrapped), (ring, wrapped[:-6] + "AAAAAA"), (ring, "w1"), (ring, ""), (ring, "w1.x.")]:
        with pytest.raises(keys.KeyUnknown):
            ring_.unwrap(text)


def test_digests_differ_by_purpose_and_by_pepper(key_file, tmp_path):
    ring = keys.load_or_create(key_file)
    other = keys.load_or_create(tmp_path / "other.json")
    assert ring.hmac("name", "张三") == ring.hmac("name", "张三")
    assert len({ring.hmac("name", "张三"), ring.hmac("phone", "张三"), other.hmac("name", "张三")}) == 3


@pytest.mark.django_db
def test_a_new_database_remembers_its_keys_and_refuses_others(tmp_path, use_keys):
    KeyMark.objects.all().delete()
    ours, theirs = keys.load_or_create(tmp_path / "a.json"), keys.load_or_create(tmp_path / "b.json")
    use_keys(ours)
    keys.assert_matches_database()
    keys.assert_matches_database()
    assert KeyMark.objects.count() == 2
    use_keys(theirs)
    with pytest.raises(keys.KeysUnusable, match="written with other keys"):
        keys.assert_matches_database()


@pytest.mark.django_db
def test_a_master_key_may_be_added_but_the_pepper_may_not_be_replaced(tmp_path, use_keys):
    KeyMark.objects.all().delete()
    ours = keys.load_or_create(tmp_path / "a.json")
    use_keys(ours)
    keys.assert_matches_database()
    newer = keys.NamedKey("newer", b"n" * 32)
    use_keys(keys.Keyring(signing=ours.signing, masters=(newer, *ours.masters), pepper=ours.pepper))
    keys.assert_matches_database()
    assert KeyMark.objects.filter(kind="master").count() == 2
    use_keys(keys.Keyring(signing=ours.signing, masters=(newer, *ours.masters), pepper=newer))
    with pytest.raises(keys.KeysUnusable):
        keys.assert_matches_database()


@pytest.mark.django_db
def test_same_id_but_another_key_is_noticed(tmp_path, use_keys):
    KeyMark.objects.all().delete()
    ours = keys.load_or_create(tmp_path / "a.json")
    use_keys(ours)
    keys.assert_matches_database()
    swapped = keys.NamedKey(ours.masters[0].id, b"x" * 32)
    use_keys(keys.Keyring(signing=ours.signing, masters=(swapped,), pepper=ours.pepper))
    with pytest.raises(keys.KeysUnusable, match="not the one the database was written with"):
        keys.assert_matches_database()
