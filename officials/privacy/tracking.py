"""The secret with which a resident follows a case: sixteen digits, because it is read out on the telephone.

16 digits are 53 bits. A slow password hash would cost half a second for every look-up, so the digest is an HMAC-SHA256 with a
salt of the row and the pepper: a copy of the database alone lets nobody try out secrets.
"""

import hmac
import re
import secrets
import unicodedata

from officials.privacy.keys import keyring

DIGITS = 16
GROUP = 4
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−_.,·、,。]+")


def new_tracking_secret() -> str:
    """A fresh secret in the form it is printed and read out: "1234 5678 9012 3456". Shown once, never stored so."""
    return grouped_secret(f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}")


def new_salt() -> str:
    """The salt of one row, 32 hexadecimal digits."""
    return secrets.token_hex(16)


def grouped_secret(digits: str) -> str:
    """Four groups of four."""
    return " ".join(digits[start : start + GROUP] for start in range(0, len(digits), GROUP))


def parse_secret(typed: str) -> str | None:
    """The sixteen digits of what somebody typed, or None. Blanks, hyphens and full-width digits are forgiven."""
    if len(typed) > 100:
        return None
    plain = _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))
    return plain if len(plain) == DIGITS and plain.isascii() and plain.isdigit() else None


def secret_digest(secret: str, salt: str) -> str:
    """What is stored of the secret: 64 hexadecimal digits."""
    digits = parse_secret(secret) or ""
    return hmac.digest(keyring().pepper.secret, f"tracking\0{salt}\0{digits}".encode(), "sha256").hex()


def secret_matches(typed: str, salt: str, stored: str) -> bool:
    """Is this the secret of the row? Same work and same time whether it is or not."""
    right = hmac.compare_digest(secret_digest(typed, salt), stored)
    return right and bool(stored) and parse_secret(typed) is not None


def refuse_slowly(typed: str) -> bool:
    """Always False, after the work of a real comparison: for a number that does not exist, which must not show."""
    secret_matches(typed, "0" * 32, "0" * 64)
    return False
