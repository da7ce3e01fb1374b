"""Green, yellow, red, grey: how a case stands against its date.

Green: more than 30 % of the limit and more than 2 working days are left. Yellow: one of the two is no longer so; the
last day itself is yellow with its own words. Red: past. Grey: the clock is stopped. A case that was late before it was
stopped stays red, so that stopping hides nothing. Limits in hours are measured in hours, by the 30 % alone.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from officials.workdays import Calendar
from requests.reasons import say_date, say_moment

LOCAL = ZoneInfo("Asia/Shanghai")
YELLOW_SHARE_IN_PERCENT = 30
YELLOW_WORKING_DAYS = 2
SECONDS_PER_HOUR = 3600
TOLD_IN_HOURS = timedelta(days=2)
END_OF_DAY = time(23, 59, 59)


class Colour(StrEnum):
    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    GREY = "grey"


TEXTS: dict[str, str | Promise] = {
    "days_left": _("Working days left: %(n)s"),
    "due_today": _("Due today"),
    "hours_left": _("Hours left: %(n)s"),
    "last_hour": _("Due within the hour"),
    "days_late": _("Working days late: %(n)s"),
    "late_since_last_workday": _("Late since the last working day"),
    "late_today": _("Late since today"),
    "hours_late": _("Hours late: %(n)s"),
    "just_late": _("Late for less than an hour"),
    "at_county": _("With the county since %(on)s"),
    "stopped": _("Clock stopped since %(on)s"),
}


class Light(NamedTuple):
    """`working_days_left` is negative when late, 0 on the last day and on days off right after it, None while stopped."""

    colour: Colour
    working_days_left: int | None
    code: str
    amount: int = 0
    since: date | None = None

    @property
    def text(self) -> str:
        return str(TEXTS[self.code]) % {"n": self.amount, "on": say_date(self.since) if self.since else ""}


def is_late(due_at: datetime, now: datetime) -> bool:
    """Late is what comes after the last second of the limit. A stopped clock is the caller's business."""
    return now > due_at


def light(due_at: datetime, now: datetime, started_at: datetime, calendar: Calendar, *, paused_since: date | None = None,
          by_hours: bool = False, allowed: int | None = None) -> Light:
    """How the case stands at `now`.

    `allowed` is the length of the limit in working days (in hours for `by_hours`) without stopped days; left out, it
    is taken as everything between start and due date. `paused_since` is the first day of a pause still open.
    """
    due_on, today = due_at.astimezone(LOCAL).date(), now.astimezone(LOCAL).date()
    if paused_since is not None and paused_since <= due_on:
        return Light(Colour.GREY, None, "stopped", since=paused_since)
    left = calendar.between(today, due_on)
    if by_hours:
        return _by_hours(due_at, now, started_at, left, allowed)
    if now > due_at:
        if left < 0:
            return Light(Colour.RED, left, "days_late", -left)
        # The date passed and no working day since: on days off after it, or, for odd hours, on the day itself.
        return Light(Colour.RED, left, "late_today" if today == due_on else "late_since_last_workday")
    if today == due_on:
        return Light(Colour.YELLOW, 0, "due_today")
    if allowed is None:
        allowed = calendar.between(started_at.astimezone(LOCAL).date(), due_on)
    scarce = left <= YELLOW_WORKING_DAYS or left * 100 <= allowed * YELLOW_SHARE_IN_PERCENT
    return Light(Colour.YELLOW if scarce else Colour.GREEN, left, "days_left", left)


def is_of_the_hour(due_at: datetime) -> bool:
    """Does the limit end at an hour? Those in days end with the day, to its last second."""
    return due_at.astimezone(LOCAL).time().replace(microsecond=0) != END_OF_DAY


def column_light(due_at: datetime, now: datetime, started_at: datetime, calendar: Calendar) -> Light:
    """The light of a date as it is stored. A limit in hours is told in hours while it is near and not a working day over: beyond
    that days say more, and stand beside the days of the others.
    """
    by_hours = is_of_the_hour(due_at) and abs(due_at - now) <= TOLD_IN_HOURS
    if by_hours and due_at < now:
        by_hours = calendar.between(now.astimezone(LOCAL).date(), due_at.astimezone(LOCAL).date()) >= 0
    return light(due_at, now, started_at, calendar, by_hours=by_hours)


def late_since(due_at: datetime) -> str:
    """In words: the moment after which it was late, or the day after the last one."""
    local = due_at.astimezone(LOCAL)
    return say_moment(local) if is_of_the_hour(due_at) else say_date(local.date() + timedelta(days=1))


def _by_hours(due_at: datetime, now: datetime, started_at: datetime, left: int, allowed: int | None) -> Light:
    seconds = (due_at - now).total_seconds()
    hours = int(abs(seconds) // SECONDS_PER_HOUR)
    if seconds < 0:
        return Light(Colour.RED, left, "hours_late" if hours else "just_late", hours)
    whole = allowed * SECONDS_PER_HOUR if allowed else (due_at - started_at).total_seconds()
    colour = Colour.YELLOW if seconds * 100 <= whole * YELLOW_SHARE_IN_PERCENT else Colour.GREEN
    return Light(colour, left, "hours_left" if hours else "last_hour", hours)
