"""Amounts, limits and starts of an edition as words, in the language of the reader."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.models import Edition

_AMOUNTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "working_day": (gettext_lazy("1 working day"), gettext_lazy("%(n)s working days")),
    "calendar_day": (gettext_lazy("1 calendar day"), gettext_lazy("%(n)s calendar days")),
    "month": (gettext_lazy("1 month"), gettext_lazy("%(n)s months")),
    "hour": (gettext_lazy("1 hour"), gettext_lazy("%(n)s hours")),
}


def say_amount(value: int, unit: str) -> str:
    """25, "working_day" → "25 working days" / "25个工作日"."""
    one, many = _AMOUNTS[unit]
    return str(one) if value == 1 else str(many) % {"n": value}


def say_handling(handling: str, value: int | None, unit: str) -> str:
    """How long in half a line: "on the spot", "promised: 25 working days", or nothing where there is no promise."""
    if handling == Edition.Handling.ON_THE_SPOT:
        return _("Done on the spot")
    return _("Promised: %(amount)s") % {"amount": say_amount(value, unit)} if value else ""


def in_language(chinese: str, english: str, language: str) -> str:
    """Catalogue text is Chinese; where an English text was written, an English reader gets it."""
    return english if language == "en" and english else chinese
