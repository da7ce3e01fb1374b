"""The keys of one installation: Django's signing key, the master keys for sealed fields, the pepper of look-up digests.

They live outside the database, in `var/keys.json` (mode 600), made once on the first start; the environment variable
YIBENTONG_KEYS (the same JSON) takes their place where a platform hands out secrets that way. Whoever has a dump of the
database and not this file reads no sealed value; whoever loses this file has lost the sealed values for good, which is
why a database refuses to start with keys that are not its own (`assert_matches_database`).

This module is imported by the settings, before any app is loaded: it must not import a model.
"""

import base64
import binascii
import contextlib
import hmac
import json
import logging
import os
import secrets
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

ENVIRONMENT_VARIABLE = "YIBENTONG_KEYS"
KEY_BYTES = 32  # AES-256, and as much for the pepper
NONCE_BYTES = 12
DIGEST_HEX = 32  # 128 bits of an HMAC-SHA256: far beyond any chance of two people sharing one

logger = logging.getLogger(__name__)


class KeysUnusable(ImproperlyConfigured):
    """The keys are missing a part, are readable by others, or belong to another database."""


class KeyUnknown(Exception):
    """A value was wrapped by a master key that this installation does not hold, or was altered since."""


@dataclass(frozen=True)
class NamedKey:
    """A secret with a short public name, so that what it made says which key it needs."""

    id: str
    secret: bytes = field(repr=False)

    def fingerprint(self) -> str:
        """A check value that tells whether two installations hold the same key and tells nothing about the key."""
        return hmac.digest(self.secret, b"yibentong key mark", "sha256").hex()[:DIGEST_HEX]


@dataclass(frozen=True)
class Keyring:
    """All keys of the installation. The first master key wraps; every one of them unwraps."""

    signing: tuple[NamedKey, ...]
    masters: tuple[NamedKey, ...]
    pepper: NamedKey

    @property
    def signing_key(self) -> str:
        """Django's SECRET_KEY, in hexadecimal: `check --deploy` wants at least 50 characters."""
        return self.signing[0].secret.hex()

    @property
    def signing_fallbacks(self) -> list[str]:
        """Django's SECRET_KEY_FALLBACKS: earlier signing keys whose sessions are still honoured."""
        return [key.secret.hex() for key in self.signing[1:]]

    def wrap(self, data_key: bytes) -> str:
        """Seal a data key under the first master key: "w1.<id of the master key>.<base64url>"."""
        master = self.masters[0]
        nonce = os.urandom(NONCE_BYTES)
        sealed = AESGCM(master.secret).encrypt(nonce, data_key, b"w1." + master.id.encode())
        return f"w1.{master.id}.{_to_text(nonce + sealed)}"

    def unwrap(self, wrapped: str) -> bytes:
        """Give back the data key that `wrap` sealed, under whichever master key it was."""
        version, _, rest = wrapped.partition(".")
        master_id, _, body = rest.rpartition(".")
        master = next((key for key in self.masters if key.id == master_id), None)
        if version != "w1" or master is None:
            raise KeyUnknown(f"no master key named {master_id!r} among the keys of this installation")
        try:
            raw = _from_text(body)
            return AESGCM(master.secret).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], b"w1." + master.id.encode())
        except (InvalidTag, ValueError) as error:
            raise KeyUnknown("a wrapped data key was altered") from error

    def hmac(self, purpose: str, text: str) -> str:
        """A look-up digest of a normalised text: equal texts meet, and without the pepper nobody can try them out.

        The purpose ("name", "phone", "id") keeps digests of different columns from being compared with one another.
        """
        message = purpose.encode() + b"\0" + text.encode()
        return hmac.digest(self.pepper.secret, message, "sha256").hex()[:DIGEST_HEX]

    def marks(self) -> dict[tuple[str, str], str]:
        """(kind, id) → fingerprint of every key on which stored data depends. Signing keys are not among them."""
        marks = {("master", key.id): key.fingerprint() for key in self.masters}
        marks["pepper", self.pepper.id] = self.pepper.fingerprint()
        return marks


def load_or_create(path: Path, *, strict: bool = True) -> Keyring:
    """Read the keys, making the file first if there is none. Several processes may start at once: one file wins.

    `strict` (production) refuses a file that others on the machine may read; otherwise that is only a warning.
    """
    from_environment = os.environ.get(ENVIRONMENT_VARIABLE, "")
    if from_environment:
        return _parse(from_environment, source=ENVIRONMENT_VARIABLE)
    path = Path(path)
    if not path.exists():
        _create(path)
    _refuse_readable_by_others(path, strict=strict)
    return _parse(path.read_text(encoding="utf-8"), source=str(path))


@cache
def keyring() -> Keyring:
    """The keys of this process, read once."""
    relaxed = settings.DEBUG or getattr(settings, "DEMO", False)
    return load_or_create(settings.KEYS_FILE, strict=not relaxed)


def new_keys(made_by: Iterable[str] = ("signing", "master", "pepper")) -> dict[str, object]:
    """Fresh keys in the form of the file. The ids are random too, so that keys of two installations never share one."""
    entries = {kind: {"id": secrets.token_hex(4), "key": _to_text(secrets.token_bytes(KEY_BYTES))} for kind in made_by}
    return {
        "about": "Keys of 一本通. Keep a copy apart from the database's. The first key of a list is used, all are honoured.",
        "signing": [entries["signing"]],
        "masters": [entries["master"]],
        "pepper": entries["pepper"],
    }


def check_fingerprint(stored: dict[tuple[str, str], str], held: Keyring) -> list[str]:
    """What is wrong between the marks a database carries and the keys held: one sentence a key, empty when all fit."""
    marks = held.marks()
    troubles = []
    for (kind, key_id), fingerprint in sorted(stored.items()):
        if (kind, key_id) not in marks:
            troubles.append(f"the database needs the {kind} key {key_id}, which is not among the keys of this installation")
        elif not hmac.compare_digest(marks[kind, key_id], fingerprint):
            troubles.append(f"the {kind} key {key_id} is not the one the database was written with")
    return troubles


def assert_matches_database(*, remember: bool = True) -> None:
    """Refuse to work on a database that was written with other keys.

    Called after migrations and at the start of a server. A database that carries no mark yet is a new one and gets the
    marks of the keys in use (`remember`); a master key added later is marked when it is first seen.
    """
    key_mark = apps.get_model("officials", "KeyMark")
    stored = {(kind, key_id): mark for kind, key_id, mark in key_mark.objects.values_list("kind", "key_id", "fingerprint")}
    held = keyring()
    troubles = check_fingerprint(stored, held)
    if troubles:
        raise KeysUnusable(
            "This database was written with other keys: " + "; ".join(troubles) + ". "
            f"Put back the copy of {settings.KEYS_FILE} that belongs to it, or set {ENVIRONMENT_VARIABLE}."
        )
    if stored and ("pepper", held.pepper.id) not in stored:
        raise KeysUnusable(
            "The pepper of the look-up digests was replaced: nobody would be found by name or number any more. "
            f"Put back the pepper that belongs to this database in {settings.KEYS_FILE}."
        )
    if remember:
        missing = [
            key_mark(kind=kind, key_id=key_id, fingerprint=mark)
            for (kind, key_id), mark in held.marks().items()
            if (kind, key_id) not in stored
        ]
        # Two servers may start on a new database at once; the second writes the same rows and loses nothing.
        key_mark.objects.bulk_create(missing, ignore_conflicts=True)


def _create(path: Path) -> None:
    """Write the file beside its place and link it there: a link fails when the name is taken, so the first one wins
    and nobody ever reads half a file."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as handle:
            json.dump(new_keys(), handle, ensure_ascii=False, indent=2)
            handle.flush()
            os.fsync(handle.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
            _fsync_folder(path.parent)
    finally:
        draft.unlink()


def _fsync_folder(folder: Path) -> None:
    """Make the new name survive a power cut: data sealed under a key that is gone could never be read again."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _refuse_readable_by_others(path: Path, *, strict: bool) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if not mode & (stat.S_IRWXG | stat.S_IRWXO):
        return
    sentence = f"{path} can be read by others on this machine (mode {mode:o}). Run: chmod 600 '{path}'"
    if strict:
        raise KeysUnusable(sentence)
    logger.warning(sentence)


def _parse(text: str, *, source: str) -> Keyring:
    """Read the JSON form. The messages name the place and the part, never a value."""
    try:
        data = json.loads(text)
        found = Keyring(
            signing=tuple(_named_key(entry) for entry in data["signing"]),
            masters=tuple(_named_key(entry) for entry in data["masters"]),
            pepper=_named_key(data["pepper"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        # `from None`: the original error would carry a piece of the key file into a log.
        reason = f"part {error} is missing" if isinstance(error, KeyError) else "it is not in the form of a key file"
        raise KeysUnusable(f"The keys in {source} cannot be used: {reason}.") from None
    ids = [key.id for key in found.masters]
    if not found.signing or not ids or len(set(ids)) != len(ids):
        raise KeysUnusable(f"The keys in {source} cannot be used: signing and masters need a key each, with ids of their own.")
    return found


def _named_key(entry: dict[str, str]) -> NamedKey:
    secret = _from_text(entry["key"])
    if len(secret) != KEY_BYTES or not entry["id"].isalnum() or len(entry["id"]) > 16:
        raise ValueError("a key has 32 bytes and an id of letters and digits")
    return NamedKey(id=entry["id"], secret=secret)


def _to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _from_text(text: str) -> bytes:
    """Strict base64url without padding; anything else is a ValueError."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64url") from error
