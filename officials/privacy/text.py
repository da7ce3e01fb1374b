"""What people type, made fit to be stored: one normal form, nothing invisible, nothing that a terminal or a database
would stumble over.

SQLite stores a NUL byte that PostgreSQL refuses, neither takes half a surrogate pair, and a zero-width space makes two
equal names unequal. So all text passes here before it is stored, and addresses and queries pass `has_forbidden`.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_SURROGATES = re.compile(r"[\ud800-\udfff]")
# C0 and C1 controls and DEL; tab and line ends are dealt with before this is asked. U+FFFE and U+FFFF are no characters,
# U+FFFD stands where a character arrived broken.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd-\uffff]")
_LINE_ENDS = re.compile(r"\r\n|\r|\u2028|\u2029")
_MANY_BLANK_LINES = re.compile(r"\n{3,}")
_UNSAFE_IN_A_LOG = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def has_forbidden(text: str) -> bool:
    """Does the text hold a control character or half a surrogate pair? For paths, queries and headers (answer: 400)."""
    return bool(_CONTROLS.search(text) or _SURROGATES.search(text))


def clean_text(value: str, max_length: int, multiline: bool = False) -> str:
    """The text as it is stored: NFC, no invisible characters, no blanks at its ends, at most `max_length` characters.

    Raises ValidationError with a sentence that says what to do.
    """
    if has_forbidden(value):
        raise ValidationError(
            _("The text contains control characters that cannot be stored. Type it again instead of pasting it."), code="control"
        )
    text = _LINE_ENDS.sub("\n", unicodedata.normalize("NFC", value)).replace("\t", " ")
    text = without_invisible(text)
    if multiline:
        lines = (line.rstrip() for line in text.strip().split("\n"))
        text = _MANY_BLANK_LINES.sub("\n\n", "\n".join(lines))
    else:
        text = " ".join(text.split("\n")).strip()
    if len(text) > max_length:
        raise ValidationError(
            _("This is too long: %(count)s characters, at most %(limit)s are possible. Shorten it."),
            code="max_length",
            params={"count": len(text), "limit": max_length},
        )
    return text


def without_invisible(text: str) -> str:
    """Drop format characters (zero-width blanks and joiners, direction marks, soft hyphens, tags)."""
    if text.isascii():
        return text
    return "".join(letter for letter in text if unicodedata.category(letter) != "Cf")


def search_key(text: str) -> str:
    """The form in which texts are compared: width, case, blanks, punctuation and invisible characters do not count."""
    plain = unicodedata.normalize("NFKC", _SURROGATES.sub("", text)).casefold()
    return "".join(letter for letter in plain if letter.isalnum() or unicodedata.category(letter)[0] == "M")


def one_line(text: str) -> str:
    """A text made safe for a log: controls and line ends are written out (\\x0a), so one event stays one line."""
    return _UNSAFE_IN_A_LOG.sub(lambda found: f"\\x{ord(found.group()):02x}", text)
