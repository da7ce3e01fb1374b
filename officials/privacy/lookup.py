"""Finding a person again without storing the name in the clear: normalise what was typed, then digest it with the pepper.

The same person is written in several ways ("买买提·艾力", "买买提 艾力"; "138-0013-8000"; "…01x"), so each kind has its own
normal form. A digest is only as good as its normal form: change one and every stored digest must be computed anew.
"""

import re
import unicodedata

from officials.privacy.keys import keyring

# The dot between the parts of a minority name is typed in at least these ways.
NAME_DOTS = "·•・‧∙⋅．.｡。"
_NOT_DIGITS = re.compile(r"\D+")
_COUNTRY = re.compile(r"^(?:0086|86)(?=1[2-9]\d{9}$)")


def normal_name(text: str) -> str:
    """NFC, without blanks, dots and invisible characters, small letters for Latin names."""
    kept = [
        letter
        for letter in unicodedata.normalize("NFC", text)
        if letter not in NAME_DOTS and not letter.isspace() and unicodedata.category(letter) != "Cf"
    ]
    return "".join(kept).casefold()


def normal_phone(text: str) -> str:
    """Only the digits, in ASCII, without the country code before a mobile number."""
    digits = _NOT_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    return _COUNTRY.sub("", digits)


def normal_id(text: str) -> str:
    """Letters and digits only, in ASCII, capital X at the end."""
    plain = unicodedata.normalize("NFKC", text).replace("×", "X").upper()
    return "".join(letter for letter in plain if letter.isalnum())


def name_digest(text: str) -> str:
    """Digest of a name for the HMAC column; "" stays "" so that "no name given" is never looked up."""
    return _digest("name", normal_name(text))


def phone_digest(text: str) -> str:
    """Digest of a telephone number."""
    return _digest("phone", normal_phone(text))


def id_digest(text: str) -> str:
    """Digest of the number of an identity paper."""
    return _digest("id", normal_id(text))


def _digest(purpose: str, normal: str) -> str:
    return keyring().hmac(purpose, normal) if normal else ""
