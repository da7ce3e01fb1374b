"""Amounts, limits and starts of an edition as words, in the language of the reader."""

from datetime import date

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


_CHANNELS: dict[str, str | Promise] = {
    "窗口": gettext_lazy("window"),
    "网上": gettext_lazy("online"),
    "电话": gettext_lazy("phone"),
    "邮寄": gettext_lazy("by post"),
    "平信或传真": gettext_lazy("ordinary letter or fax"),
    "村（社区）代办": gettext_lazy("through the village agent"),
    "上门服务": gettext_lazy("we come to you"),
}


def say_channel(name: str) -> str:
    """A way of applying as the catalogue names it; one of an office's own stays as it was written."""
    return str(_CHANNELS.get(name, name))


def say_channels(names: list[str]) -> str:
    return _(", ").join(say_channel(name) for name in names)


_STARTS: dict[str, str | Promise] = {
    "received": gettext_lazy("counted from receipt of the application"),
    "accepted": gettext_lazy("counted from acceptance"),
    "confirmed": gettext_lazy("counted from confirmation with the applicant"),
}


def say_start(start: str) -> str:
    """The event a limit starts at: accepted → "counted from acceptance"."""
    return str(_STARTS.get(start, ""))


def say_limit(value: int, unit: str, start: str) -> str:
    """25, "working_day", "accepted" → "25 working days, counted from acceptance"."""
    return _("%(amount)s, %(start)s") % {"amount": say_amount(value, unit), "start": say_start(start)}


def say_date(day: date) -> str:
    """Tue 24 November 2026, or 2026年11月24日(周二)."""
    return _("%(weekday)s %(day)s %(month)s %(year)s") % {
        "weekday": _("Mon Tue Wed Thu Fri Sat Sun").split()[day.weekday()],
        "day": day.day,
        "month": _("January February March April May June July August September October November December").split()[day.month - 1],
        "year": day.year,
    }


def group_phone(number: str) -> str:
    """A number as it is read out: "0000-5550104" → "0000-555 0104", "13800001234" → "138 0000 1234"."""
    head, dash, tail = number.strip().rpartition("-")
    if not tail.isdigit() or not (dash or len(tail) in (7, 8, 11)):
        return number
    if len(tail) == 11:
        return f"{tail[:3]} {tail[3:7]} {tail[7:]}"
    return f"{head}{dash}{tail[:-4]} {tail[-4:]}" if len(tail) in (7, 8) else number
