"""Are an identity number and a telephone number well formed? (domain rules 11.4; GB 11643-1999 for the check character)

A right form says nothing about whose number it is. Every refusal is a sentence that says what to do.
"""

import datetime
import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_CHECK_CHARACTERS = "10X98765432"  # by the remainder of the weighted sum and 11
# 81/82/83: residence permits of Hong Kong, Macao and Taiwan residents. 9 + a province (11–65): foreigners' permanent
# residence cards since 2023. They have 18 characters too, but are another kind of paper.
_OTHER_PAPER = re.compile(r"^(?:8[123]|9[1-6])")
EARLIEST_BIRTH_YEAR = 1880

_MOBILE = re.compile(r"^1[3-9]\d{9}$")
_DEMO_MOBILE = re.compile(r"^12\d{9}$")
_DEMO_LANDLINE = re.compile(r"^0000-?555-?(\d{2,5})$")
_LANDLINE = re.compile(r"^(0(?:10|2\d|[3-9]\d\d))-?(\d{7,8})(?:-(\d{1,6}))?$")
_SERVICE_NUMBER = re.compile(r"^([48]00)-?(\d{3})-?(\d{4})$")
_SHORT = re.compile(r"^[1-9]\d{2,5}$")
_PHONE_SEPARATORS = re.compile(r"[\s()]+")
_HYPHENS = re.compile(r"[‐‑‒–—―−_]+")
_EXTENSION = re.compile(r"-*(?:转|轉|分机|ext\.?|x|#)-*", re.IGNORECASE)
_COUNTRY = re.compile(r"^(?:\+86|0086|86(?=1\d{10}$))-?")


def check_id_number(value: str, *, today: datetime.date) -> str:
    """The number in its stored form (18 characters, capital X). Raises ValidationError with a sentence.

    Region codes are not checked against a list: old codes of dissolved counties stay valid for life.
    """
    number = re.sub(r"[\s\-‐–—·]+", "", unicodedata.normalize("NFKC", value)).replace("×", "X").upper()
    if re.fullmatch(r"\d{15}", number):
        raise ValidationError(
            _("This is a 15-digit number of the first generation, no longer valid. Ask for the 18-character card."), code="old"
        )
    if len(number) != 18:
        raise ValidationError(
            _("An ID number has 18 characters; this one has %(count)s. Compare it with the card."),
            code="length",
            params={"count": len(number)},
        )
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        raise ValidationError(_("An ID number is 17 digits and at the end a digit or X. Take out everything else."), code="characters")
    if _OTHER_PAPER.match(number):
        raise ValidationError(
            _(
                "A number beginning with 81, 82, 83 or 91 to 96 is on a residence permit, not on an ID card. "
                "Choose that kind of document first."
            ),
            code="other_document",
        )
    _check_birth_date(number, today)
    if number[-1] != id_check_character(number[:17]):
        raise ValidationError(
            _("The last character does not fit the 17 before it, so one is mistyped. Compare the number with the card."),
            code="check_character",
        )
    return number


def _check_birth_date(number: str, today: datetime.date) -> None:
    born = id_birth_date(number)
    if born is None or born.year < EARLIEST_BIRTH_YEAR:
        raise ValidationError(
            _("The 7th to 14th digits are the date of birth, and %(digits)s is no possible date. Compare it with the card."),
            code="date",
            params={"digits": number[6:14]},
        )
    if born > today:
        raise ValidationError(
            _("By this number the person is not born yet (%(digits)s). Compare the 7th to 14th digits with the card."),
            code="future",
            params={"digits": number[6:14]},
        )


def id_check_character(first_17: str) -> str:
    """The 18th character that belongs to 17 digits."""
    total = sum(weight * int(digit) for weight, digit in zip(ID_WEIGHTS, first_17, strict=True))
    return ID_CHECK_CHARACTERS[total % 11]


def id_birth_date(number: str) -> datetime.date | None:
    """The date of birth in the number, or None when the digits are no date."""
    try:
        return datetime.date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None


def is_under_14(number: str, *, today: datetime.date) -> bool:
    """A child whose data need a guardian's consent (个人信息保护法 31)."""
    born = id_birth_date(number)
    if born is None:
        return False
    return (today.year - born.year - ((today.month, today.day) < (born.month, born.day))) < 14


def check_phone(value: str, *, demo: bool = False, short: bool = True) -> str:
    """The number in its stored form: 13800138000, 0000-5550100-12, 400-123-4567, 12345. Raises ValidationError.

    `demo` lets the invented numbers of the demonstration pass (12… with 11 digits, 0000-555…), and only there: real ones
    would ring at somebody's home. `short` allows hotlines and short numbers; an applicant's own phone is never one.
    """
    text = _plain_phone(value)
    if not re.fullmatch(r"[0-9-]+", text):
        raise ValidationError(
            _("Write the phone number with digits only; an area code and an extension are set off by hyphens."), code="characters"
        )
    digits = text.replace("-", "")
    invented = _DEMO_MOBILE.match(digits) or _DEMO_LANDLINE.match(text)
    if invented and not demo:
        raise ValidationError(
            _("Numbers beginning with 12 or 0000-555 exist only in the demonstration. Ask for the real number."), code="demo"
        )
    if _MOBILE.match(digits) or _DEMO_MOBILE.match(digits):
        return digits
    if found := _DEMO_LANDLINE.match(text):
        return f"0000-555{found[1]}"
    if found := _SERVICE_NUMBER.match(text):
        return "-".join(found.groups())
    if found := _LANDLINE.match(text):
        return "-".join(part for part in found.groups() if part)
    if short and _SHORT.match(text):
        return text
    raise _phone_trouble(digits)


def is_mobile(value: str) -> bool:
    """Whether this, written in any way, is a mobile number (the invented ones of the demonstration too)."""
    digits = _plain_phone(value).replace("-", "")
    return bool(_MOBILE.match(digits) or _DEMO_MOBILE.match(digits))


def no_mobile_on_a_card() -> str:
    """The sentence against a mobile on the public card of a person (个人信息保护法第二十五条; domain rule of 干部信息公开)."""
    return _(
        "A mobile number does not belong on the public card of a person. Enter the office phone or a number that is put through; "
        "a duty mobile is entered with the post, not with the person."
    )


def _plain_phone(value: str) -> str:
    text = _HYPHENS.sub("-", unicodedata.normalize("NFKC", value))
    text = _PHONE_SEPARATORS.sub("", text)
    text = _COUNTRY.sub("", text)
    return _EXTENSION.sub("-", text).strip("-")


def _phone_trouble(digits: str) -> ValidationError:
    """The sentence that helps with a number that fits no form."""
    if digits.startswith("0"):
        sentence = _("A landline is written area code, hyphen, 7 or 8 digits, for example 0000-5550100. Check the digits.")
    elif len(digits) in (7, 8):
        sentence = _("The area code is missing. Write it before the number with a hyphen, for example 0000-5550100.")
    elif digits.startswith("1"):
        sentence = _("A mobile number has 11 digits and begins with 13 to 19. Check the digits.")
    else:
        sentence = _("This is neither a mobile number (11 digits) nor a landline with area code. Check the digits.")
    return ValidationError(sentence, code="phone")


def grouped_phone(stored: str) -> str:
    """The number as it is read out: 138 0013 8000, 0731-8888 8888 转 12."""
    if re.fullmatch(r"1\d{10}", stored):
        return f"{stored[:3]} {stored[3:7]} {stored[7:]}"
    if re.match(r"^[48]00-", stored):
        return stored
    area, _hyphen, rest = stored.partition("-")
    if not area.startswith("0") or not rest:
        return stored
    number, _hyphen, extension = rest.partition("-")
    grouped = f"{area}-{number[:-4]} {number[-4:]}".replace("- ", "-")
    return f"{grouped} 转 {extension}" if extension else grouped


def tel_link(stored: str) -> str:
    """The address a phone dials: "tel:073188888888,12" (the comma waits before the extension)."""
    if re.match(r"^0\d{2,3}-\d+-\d+$", stored):
        number, _hyphen, extension = stored.rpartition("-")
        return f"tel:{number.replace('-', '')},{extension}"
    return "tel:" + re.sub(r"\D", "", stored)


def credit_code_hint(value: str) -> str:
    """A hint, never a refusal, for a unified social credit code (GB 32100-2015); "" when it looks right."""
    letters = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    code = re.sub(r"\s+", "", unicodedata.normalize("NFKC", value)).upper()
    if len(code) == 18 and all(letter in letters for letter in code):
        total = sum(letters.index(letter) * pow(3, place, 31) for place, letter in enumerate(code[:17]))
        if letters[-total % 31] == code[17]:
            return ""
    return gettext("This does not look like a unified social credit code (18 characters, no I, O, S, V, Z). Compare it once more.")


def bank_card_hint(value: str) -> str:
    """A hint, never a refusal, for a bank card number (Luhn); "" when it looks right."""
    digits = re.sub(r"[\s-]+", "", unicodedata.normalize("NFKC", value))
    if re.fullmatch(r"[0-9]{12,19}", digits):
        doubled = sum(sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2])
        if (doubled + sum(int(digit) for digit in digits[-1::-2])) % 10 == 0:
            return ""
    return gettext("This does not look like a bank card number. Compare it once more; passbooks may have other numbers.")
