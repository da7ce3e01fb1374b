"""How dates, counts and secrets are written on Chinese paper."""

from collections.abc import Iterable
from datetime import date, datetime
from urllib.parse import urlsplit

from django.utils import timezone

WEEKDAYS = "一二三四五六日"


def day(value: date | datetime) -> str:
    """2026年12月28日(星期一), the local day of an aware time."""
    local = timezone.localtime(value) if isinstance(value, datetime) else value
    return f"{local.year}年{local.month}月{local.day}日(星期{WEEKDAYS[local.weekday()]})"


def plain_day(value: date | datetime) -> str:
    """2026年12月28日."""
    return day(value).partition("(")[0]


def moment(value: datetime) -> str:
    """2026年11月23日 09:05, local time."""
    local = timezone.localtime(value)
    return f"{plain_day(value)} {local:%H:%M}"


def due(value: date | datetime) -> str:
    """A day; for limits of hours the hour too."""
    if isinstance(value, datetime):
        return f"{day(value)} {timezone.localtime(value):%H:%M}"
    return day(value)


def pieces(originals: int, copies: int) -> str:
    """原件1份、复印件2份; — when neither is handed over."""
    parts = [f"{word}{count}份" for word, count in (("原件", originals), ("复印件", copies)) if count]
    return "、".join(parts) or "—"


def grouped(secret: str) -> str:
    """Sixteen digits in four groups, however they came."""
    digits = "".join(secret.split())
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def with_reason(name: str, reason: str) -> str:
    """名称(原因)."""
    return f"{name}({reason})" if reason else name


def sum_of(figures: Iterable[tuple[str, int]]) -> str:
    """结转 12 + 收件 9."""
    return " + ".join(f"{label} {count}" for label, count in figures)


def typed_address(address: str) -> str:
    """The address as somebody types it who cannot scan the code: host and page, nothing about the case."""
    parts = urlsplit(address)
    return f"{parts.netloc}{parts.path}"
