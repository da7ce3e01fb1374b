"""One cell: from what the spreadsheet holds to a typed value, and back.

`read` raises ValueError with a sentence; `written` gives what an editor would have typed.
"""

import datetime
import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from officials.privacy.text import clean_text

from .columns import Column, Kind

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_MOST = 9999  # no limit, count or order in the catalogue comes near


def read(column: Column, raw: object) -> object:
    """The typed value of a cell; "" (or None, [] …, see `empty`) where nothing is written."""
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return empty(column)
    return _READERS[column.kind](column, raw)


def empty(column: Column) -> object:
    """The value of an empty cell. An empty yes/no means no."""
    if column.kind in (Kind.LIST, Kind.LINES, Kind.CHOICES):
        return []
    if column.kind in (Kind.COUNT, Kind.LIMIT, Kind.DATE):
        return None
    return False if column.kind is Kind.YES_NO else ""


def written(column: Column, value: Any) -> object:
    """The typed value as it stands in a cell."""
    if value is None or value == "" or value == []:
        return None
    if column.kind is Kind.YES_NO or column.kind is Kind.CHOICE:
        return column.shown(value)
    if column.kind is Kind.CHOICES:
        return "、".join(column.shown(part) for part in value)
    if column.kind is Kind.LIST:
        return "、".join(value)
    if column.kind is Kind.LINES:
        return "\n".join(value)
    return value


def _text(column: Column, raw: object) -> str:
    return _clean(_plain(raw), column.limit)


def _long(column: Column, raw: object) -> str:
    return _clean(_plain(raw), column.limit, multiline=True)


def _code(column: Column, raw: object) -> str:
    code = _clean(_plain(raw), column.limit)
    if not _CODE.fullmatch(code):
        raise ValueError(_("“%(text)s” is not a code: only letters, digits and hyphens are possible.") % {"text": _short(code)})
    return code


def _list(column: Column, raw: object) -> list[str]:
    parts = re.split(r"[、\n]", _clean(_plain(raw), 4000, multiline=True))
    return [_clean(part, column.limit) for part in parts if part.strip()]


def _lines(column: Column, raw: object) -> list[str]:
    parts = _clean(_plain(raw), 20_000, multiline=True).split("\n")
    return [_clean(part, column.limit) for part in parts if part.strip()]


def _count(column: Column, raw: object) -> int:
    number = _number(raw)
    if number is None or not 0 <= number <= _MOST:
        raise ValueError(_("“%(text)s” is not a whole number from 0 to %(most)s.") % {"text": _short(raw), "most": _MOST})
    return number


def _limit(column: Column, raw: object) -> int:
    number = _number(raw)
    if number is None or not 1 <= number <= _MOST:
        raise ValueError(
            _("“%(text)s” is not a whole number from 1 to %(most)s. Leave the cell empty where there is none.")
            % {"text": _short(raw), "most": _MOST}
        )
    return number


def _choice(column: Column, raw: object) -> object:
    word = _clean(_plain(raw), 100)
    if word not in column.choices and word in column.choices.values():
        return word  # the stored value itself, such as the code 05
    if word not in column.choices:
        raise ValueError(
            _("“%(text)s” is not known here. Possible: %(words)s.") % {"text": _short(word), "words": "、".join(column.choices)}
        )
    return column.choices[word]


def _choices(column: Column, raw: object) -> list[object]:
    parts = re.split(r"[、\n]", _clean(_plain(raw), 1000, multiline=True))
    return [_choice(column, part) for part in parts if part.strip()]


def _date(column: Column, raw: object) -> datetime.date:
    if isinstance(raw, datetime.datetime):
        return raw.date()
    if isinstance(raw, datetime.date):
        return raw
    found = _DATE.fullmatch(_clean(_plain(raw), 100))
    try:
        return datetime.date(*map(int, found.groups())) if found else _no_date(raw)
    except ValueError:
        return _no_date(raw)


def _no_date(raw: object) -> datetime.date:
    raise ValueError(_("“%(text)s” is not a date. Write it like 2026-03-01.") % {"text": _short(raw)})


def _plain(raw: object) -> str:
    """A number typed where text is wanted (a phone, a code) is taken as its digits."""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime.datetime):
        return raw.date().isoformat() if raw.time() == datetime.time() else raw.isoformat(" ", "minutes")
    return str(raw)


def _number(raw: object) -> int | None:
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int | float):
        return int(raw) if raw == raw and abs(raw) < 1e9 and int(raw) == raw else None
    text = str(raw).strip()
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _clean(text: str, limit: int, multiline: bool = False) -> str:
    try:
        return clean_text(text, limit, multiline=multiline)
    except ValidationError as error:
        raise ValueError(" ".join(error.messages)) from error


def _short(raw: object) -> str:
    text = " ".join(str(raw).split())
    return text if len(text) <= 30 else text[:30] + "…"


_READERS: dict[Kind, Callable[[Column, object], object]] = {
    Kind.TEXT: _text,
    Kind.LONG: _long,
    Kind.CODE: _code,
    Kind.LIST: _list,
    Kind.LINES: _lines,
    Kind.COUNT: _count,
    Kind.LIMIT: _limit,
    Kind.YES_NO: _choice,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.DATE: _date,
}
