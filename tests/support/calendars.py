"""The announced calendar of 2024–2026, as a centre would have entered it, for tests of rules that need no database."""

from __future__ import annotations

from functools import cache

from officials.announced_days import announced_days
from officials.workdays import Calendar

YEARS = (2024, 2025, 2026)


@cache
def announced_calendar() -> Calendar:
    return Calendar(announced_days(YEARS), YEARS)
