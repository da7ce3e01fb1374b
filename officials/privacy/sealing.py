"""Sealed values: what is stored of a person is ciphertext under the key of the case it belongs to.

AES-256-GCM over compact JSON, so that text, lists and dates-as-text all fit in one column. The text form is
"v1.<base64url of nonce and ciphertext>". Destroying the data key makes every copy unreadable at once: in the row, in
history, in queued messages and in backups taken before.
"""

import base64
import binascii
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = "v1."
NONCE_BYTES = 12
TAG_BYTES = 16
BLOCK = 16  # plain text is filled up to whole blocks, so that the length of a name cannot be read off the ciphertext


class SealBroken(Exception):
    """The text is not what was sealed under this key: altered, moved to another place, or sealed under another key."""


def new_data_key() -> bytes:
    """A fresh key for one case. Kept wrapped by the master key (`Keyring.wrap`), never in the clear."""
    return AESGCM.generate_key(bit_length=256)


def seal(key: bytes, value: Any, aad: str = "") -> str:
    """Encrypt any JSON value. `aad` names the place ("applicant:phone"), so that a ciphertext cannot be moved."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    plain += b" " * (-len(plain) % BLOCK)  # JSON does not mind blanks at its end
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(key).encrypt(nonce, plain, aad.encode())
    return VERSION + base64.urlsafe_b64encode(nonce + sealed).decode("ascii")


def open_sealed(key: bytes, text: str, aad: str = "") -> Any:
    """Give back the value that `seal` took, or raise SealBroken."""
    if not text.startswith(VERSION):
        raise SealBroken("this is not a sealed text of a known version")
    body = text[len(VERSION) :]
    try:
        raw = base64.b64decode(body, altchars=b"-_", validate=True)
        # Base64 leaves a few bits of its last letter unused; without this line those could be altered unnoticed.
        if base64.urlsafe_b64encode(raw).decode("ascii") != body or len(raw) < NONCE_BYTES + TAG_BYTES:
            raise SealBroken("the sealed text was altered")
        return json.loads(AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], aad.encode()))
    except (InvalidTag, binascii.Error, ValueError) as error:
        raise SealBroken("the sealed text was altered, or belongs to another key or place") from error


def seal_bytes(key: bytes, plain: bytes, aad: str) -> bytes:
    """Encrypt a file. Nonce first, then the ciphertext."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, aad.encode())


def open_bytes(key: bytes, raw: bytes, aad: str) -> bytes:
    """Give back the file that `seal_bytes` took, or raise SealBroken."""
    if len(raw) < NONCE_BYTES + TAG_BYTES:
        raise SealBroken("the sealed file was cut short")
    try:
        return AESGCM(key).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], aad.encode())
    except InvalidTag as error:
        raise SealBroken("the sealed file was altered, or belongs to another key or place") from error


def is_sealed(text: str) -> bool:
    """Does this look like the work of `seal`? For pages that must show "sealed" rather than the letters."""
    return text.startswith(VERSION) and len(text) > len(VERSION) + NONCE_BYTES + TAG_BYTES
