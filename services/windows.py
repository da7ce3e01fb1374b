"""When applications of a batch are taken (集中申报): spans of days that come back every year, written like "03-01~05-31"."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

_SPAN = re.compile(r"^(\d{2})-(\d{2})~(\d{2})-(\d{2})$")
# 常年受理: the batch is a habit of that item, nobody is turned away outside it.
ALL_YEAR = "常年受理"


@dataclass(frozen=True)
class Window:
    """The span that runs, or the next one."""

    first: date
    last: date
    is_open: bool


def window_at(batch_window: dict, today: date) -> Window | None:
    """None where the item has no spans or takes applications all year round."""
    if ALL_YEAR in (batch_window.get("rule") or ""):
        return None
    spans = [span for text in batch_window.get("windows") or [] for span in _spans(text, today.year)]
    ahead = sorted(span for span in spans if span[1] >= today)
    if not ahead:
        return None
    first, last = ahead[0]
    return Window(first, last, first <= today)


def _spans(text: str, year: int) -> Iterable[tuple[date, date]]:
    """This span in the years around; one that begins late in a year may end in the next."""
    match = _SPAN.match(text)
    if match is None:
        return
    month, day, last_month, last_day = map(int, match.groups())
    over_the_year = (last_month, last_day) < (month, day)
    for begins in (year - 1, year, year + 1):
        yield _day(begins, month, day), _day(begins + over_the_year, last_month, last_day)


def _day(year: int, month: int, day: int) -> date:
    """29 February is the 28th in common years."""
    try:
        return date(year, month, day)
    except ValueError:
        return date(year, month, 28)
