"""The days off and make-up days already announced, from a library: the first filling of the centre's calendar.

Only for years that really are announced. For later years the library quietly answers from the statutory days alone,
without make-up days, so those years are refused here; from then on the calendar is the centre's own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

import holidays

from officials.workdays import Day

FIRST_YEAR, LAST_YEAR = 2004, 2026
_NAMES = {"元旦": "元旦", "除夕": "春节", "春节": "春节", "清明": "清明节", "劳动节": "劳动节", "端午": "端午节", "中秋": "中秋节",
          "国庆": "国庆节"}


def announced_days(years: Collection[int]) -> list[Day]:
    """A row for every day of every announced holiday, weekends inside it included, and for every make-up day."""
    for year in years:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(f"the days of {year} are not in the library")
    rows: list[Day] = []
    for year in sorted(years):
        source = f"国务院办公厅关于{year}年部分节假日安排的通知"
        # The next year too: now and then its announcement reaches back into the last days of December.
        library = holidays.country_holidays("CN", years=[year, year + 1], language="zh_CN")
        off = {day: _plain_name(str(library[day])) for day in sorted(library) if day.year == year}
        worked = sorted(day for day in library.weekend_workdays if day.year == year)
        rows.extend(Day(day, True, name, source) for day, name in _fill(off, set(worked)).items())
        rows.extend(Day(day, False, "调休上班", source) for day in worked)
    return sorted(rows, key=lambda row: row.date)


def _plain_name(text: str) -> str:
    """国庆节 out of 国庆节（补假）; nothing for a day that is off only in exchange for another."""
    found = dict.fromkeys(name for part in text.split(";") for word, name in _NAMES.items() if word in part)
    return "、".join(found)


def _fill(off: dict[date, str], worked: set[date]) -> dict[date, str]:
    """Give weekends beside a holiday, and days off in exchange, the name of the holiday they belong to."""

    def rests(day: date) -> bool:
        return day in off or (day.weekday() >= 5 and day not in worked)

    filled: dict[date, str] = {}
    for start in sorted(off):
        if start in filled:
            continue
        first, run = start, []
        while rests(first - timedelta(days=1)) and (first - timedelta(days=1)).year == start.year:
            first -= timedelta(days=1)
        while rests(first) and first.year == start.year:
            run.append(first)
            first += timedelta(days=1)
        name = next((off[day] for day in run if off.get(day)), "")
        for day in run:
            name = off.get(day) or name
            filled[day] = name
    return filled
