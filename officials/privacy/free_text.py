"""What residents are asked to leave out of free text, and write all the same: whole identity and bank card numbers."""

import re
import unicodedata
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from officials.privacy.identity import bank_card_hint, id_birth_date, id_check_character

# The number of a case may stand in any text, and its parts are no parts of another number.
_CASE_NUMBER = re.compile(r"\d{9}-\d{4}-\d{6}")
_RUN = re.compile(r"\d(?:[ -]?\d)*(?:[ -]?[Xx](?![A-Za-z]))?")
_OLD_ID = re.compile(r"[1-9]\d{7}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}")
_CARD = re.compile(r"[3-69]\d{15,18}")
LONGEST = 19
ID_NUMBER: Promise = _("This holds what looks like an ID number. Take the number out and keep the rest; we ask for it when we need it.")
BANK_CARD: Promise = _(
    "This holds what looks like a bank card number. Take the number out and keep the rest; we ask for it when we need it."
)


def what_to_leave_out(text: str) -> str:
    """The sentence against a whole number of an identity or bank card in this text, however it is grouped; "" where there is none."""
    plain = _CASE_NUMBER.sub("·", unicodedata.normalize("NFKC", text))
    found = set(_numbers(plain))
    if any(_is_identity(number) for number in found):
        return str(ID_NUMBER)
    return str(BANK_CARD) if any(_CARD.fullmatch(number) and not bank_card_hint(number) for number in found) else ""


def _numbers(plain: str) -> Iterator[str]:
    """Digits that stand together, and those set off by one blank or hyphen from the next, up to the longest of these numbers."""
    for run in _RUN.findall(plain):
        groups = re.split("[ -]", run)
        for place in range(len(groups)):
            number = ""
            for group in groups[place:]:
                number += group.upper()
                if len(number) > LONGEST:
                    break
                yield number


def _is_identity(number: str) -> bool:
    if re.fullmatch(r"\d{17}[\dX]", number):
        born = id_birth_date(number)
        return (born is not None and 1900 <= born.year < 2100) or number[-1] == id_check_character(number[:17])
    return _OLD_ID.fullmatch(number) is not None
