"""The centre's calendar is edited here: a single day, or a whole announced year. What moves is shown before and done after.

A day added late moves the dates of cases already running; nobody should find that out from a resident. So every change
is first laid over the calendar in memory, the open cases whose dates would differ are listed, and only a confirmed
change is written. Ended cases keep the dates they were given.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import IntegrityError
from django.db.models import Q
from django.utils.translation import gettext as _

from officials import calendar, versions
from officials.audit import together, verb
from officials.models import CalendarDay, CalendarYear, Township, User, Version
from officials.workdays import Calendar, Day
from requests import deadlines, verbs
from requests.lifecycle import Refused
from requests.models import ServiceRequest

Kind = CalendarDay.Kind
LONGEST_RANGE_DAYS = 16
MOST_DAYS_A_YEAR = 120
# The holidays every arrangement names (全国年节及纪念日放假办法); one missing is told, not refused.
STATUTORY = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")
LINE = re.compile(r"^(\d{4}-\d{1,2}-\d{1,2})(?:\s*(?:至|到|~|—|–)\s*(\d{4}-\d{1,2}-\d{1,2}))?[\s,,]+(休|班|rest|work)[\s,,]*(.*)$")
KINDS = {"休": Kind.REST, "rest": Kind.REST, "班": Kind.WORK, "work": Kind.WORK}


@dataclass(frozen=True)
class Entry:
    """A day as it shall be; `kind` empty: the row goes away and the day is what the week says."""

    date: date
    kind: str
    name: str
    source: str


@dataclass(frozen=True)
class Plan:
    """A change of the calendar. `township` None: it holds everywhere. `year`: these are all days of that year, confirmed."""

    entries: tuple[Entry, ...]
    township: int | None = None
    year: int | None = None

    @property
    def first(self) -> date:
        return date(self.year, 1, 1) if self.year else min(entry.date for entry in self.entries)


Moved = tuple[ServiceRequest, ServiceRequest]


def preview(plan: Plan) -> list[Moved]:
    """(as stored, as it would be) of the open cases whose dates the plan moves."""
    moved: list[Moved] = []
    for township in Township.objects.filter(**{"pk": plan.township} if plan.township else {}):
        moved += deadlines.differing(_reached(township.pk, plan.first), laid_over(plan, township.pk))
    return moved


def laid_over(plan: Plan, township_id: int) -> Calendar:
    """The calendar of this township as it will be: national days first, its own days win."""
    national = {row.date: row for row in CalendarDay.objects.filter(township__isnull=True)}
    own = {row.date: row for row in CalendarDay.objects.filter(township_id=township_id)}
    confirmed = set(CalendarYear.objects.values_list("year", flat=True)) | ({plan.year} if plan.year else set())
    layer: dict = own if plan.township else national
    if plan.year:
        for day in [day for day in layer if day.year == plan.year]:
            del layer[day]
    for entry in plan.entries:
        layer.pop(entry.date, None)
        if entry.kind:
            layer[entry.date] = entry
    days = [Day(row.date, row.kind == Kind.REST, row.name, row.source, row.date.year in confirmed) for row in (national | own).values()]
    return Calendar(days, confirmed)


def mark() -> int:
    """The state of the calendar a preview was drawn from: another number after every change."""
    return Version.objects.filter(name=versions.CALENDAR).values_list("value", flat=True).first() or 1


def apply(plan: Plan, *, reason: str, source: str = "", by: User, now: datetime, seen: int | None = None) -> int:
    """Write the plan in one verb, then give the open cases their new dates, each with its event. Returns how many moved.

    `seen` is the `mark` of the calendar whose preview was confirmed. Raises Refused when a colleague changed the calendar
    since, or entered the same day or year at the same moment: theirs stands, this one is looked at anew.
    """
    subject = f"calendar:{plan.year or plan.first}"
    try:
        with verb("edit_calendar", by=by, now=now, subject=subject, reason=reason):
            _as_seen(seen)
            _write(plan)
            if plan.year:
                _confirm(plan.year, source, by=by, now=now)
            versions.bump(versions.CALENDAR)
            versions.bump(versions.CATALOGUE)  # the notices page, kept like all public pages, lists closures
    except IntegrityError as overtaken:
        # A row that is not there yet cannot be locked; of two who add it the table lets one through.
        raise Refused(_overtaken()) from overtaken
    # Only now: what is committed is what every thread of this process reads. Should the machine stop here, the nightly
    # check finds the same cases again.
    versions.forget()
    calendar.forget()
    return redate(plan.first, plan.township, cause={"calendar": _said(plan), "changed_by": by.pk}, now=now)


def is_in_force(plan: Plan) -> bool:
    """Whether the calendar says all this already: a confirmation sent twice has nothing left to do."""
    stored = {row.date: (row.kind, row.name, row.source) for row in CalendarDay.objects.filter(township_id=plan.township)}
    if plan.year:
        of_year = {day: row for day, row in stored.items() if day.year == plan.year}
        wanted = {entry.date: (entry.kind, entry.name, entry.source) for entry in plan.entries}
        return of_year == wanted and CalendarYear.objects.filter(year=plan.year).exists()
    return all(stored.get(entry.date) == ((entry.kind, entry.name, entry.source) if entry.kind else None) for entry in plan.entries)


def _as_seen(seen: int | None) -> None:
    # The row (there from the first change on) stays locked until the change is written: the next one finds another number.
    Version.objects.get_or_create(name=versions.CALENDAR)
    row = Version.objects.select_for_update().get(name=versions.CALENDAR)
    if seen is not None and seen != row.value:
        raise Refused(_overtaken())


def _overtaken() -> str:
    return _("A colleague changed the calendar meanwhile. Look at what would move now, then confirm again.")


def _said(plan: Plan) -> str:
    """What was changed, for the timelines: the year, or the days."""
    if plan.year:
        return f"{plan.year}"
    days = sorted(entry.date for entry in plan.entries)
    return days[0].isoformat() if days[0] == days[-1] else f"{days[0]} – {days[-1]}"


def redate(first: date, township: int | None, *, cause: dict[str, Any] | None = None, now: datetime) -> int:
    """Re-date the open cases that reach this day, by the job, and say how many moved. `cause` goes on each timeline."""
    tick = User.objects.job("tick")
    count = 0
    for place in Township.objects.filter(**{"pk": township} if township else {}):
        moved = deadlines.differing(_reached(place.pk, first), calendar.calendar_for(place.pk))
        with together():
            for case, _fresh in moved:
                try:
                    count += verbs.redate(case, cause=cause, by=tick, now=now)
                except Refused:
                    continue  # it ended this very moment and keeps its date
    return count


def _reached(township_id: int, first: date) -> Iterable[ServiceRequest]:
    """Open cases whose dates can depend on a day from `first` on; what is due before it cannot move."""
    late_enough = Q(due_on__gte=first) | Q(promised_on__gte=first) | Q(legal_on__gte=first) | Q(is_provisional=True)
    cases = ServiceRequest.objects.open().filter(late_enough, township_id=township_id).select_related("office", "key")
    return deadlines.with_their_rows(cases).order_by("due_at", "pk")


def _write(plan: Plan) -> None:
    rows = {row.date: row for row in CalendarDay.objects.select_for_update().filter(township_id=plan.township)}
    wanted = {entry.date: entry for entry in plan.entries}
    for day, row in rows.items():
        if plan.year == day.year and day not in wanted:
            row.delete()
    for day, entry in wanted.items():
        row = rows.get(day)
        if not entry.kind:
            if row is not None:
                row.delete()
            continue
        row = row or CalendarDay(date=day, township_id=plan.township)
        if row.pk and (row.kind, row.name, row.source) == (entry.kind, entry.name, entry.source):
            continue
        row.kind, row.name, row.source = entry.kind, entry.name, entry.source
        row.save()


def _confirm(year: int, source: str, *, by: User, now: datetime) -> None:
    row = CalendarYear.objects.filter(year=year).first() or CalendarYear(year=year)
    row.source, row.confirmed_at, row.confirmed_by = source, now, by
    row.save()


# -- the announced days of a year as lines of text --------------------------------------------------------------


def read_lines(text: str, year: int, source: str) -> tuple[list[Entry], list[str]]:
    """Days out of "2027-01-01 休 元旦" or "2027-10-01至2027-10-07 休 国庆节", and a sentence for every line that is wrong."""
    found: dict[date, Entry] = {}
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            days, kind, name = _read_line(line.strip(), year)
            for day in days:
                if day in found:
                    raise ValueError(_("%(day)s is there twice.") % {"day": day})
                found[day] = Entry(day, kind, name, source)
        except ValueError as fault:
            faults.append(_("Line %(number)s: %(fault)s") % {"number": number, "fault": fault})
    if not found and not faults:
        faults.append(_("Enter the announced days, one line each."))
    if len(found) > MOST_DAYS_A_YEAR:
        faults.append(_("These are more days than a year of holidays has. Check the lines."))
    return [found[day] for day in sorted(found)], faults


def _read_line(line: str, year: int) -> tuple[list[date], str, str]:
    match = LINE.match(line)
    if match is None:
        raise ValueError(_("write it like “2027-01-01 休 元旦” or “2027-02-06 班 调休上班”."))
    first, last = _day(match[1]), _day(match[2] or match[1])
    kind, name = KINDS[match[3]], match[4].strip()
    if first.year != year or last.year != year:
        raise ValueError(_("this day is not in %(year)s.") % {"year": year})
    if not 0 <= (last - first).days < LONGEST_RANGE_DAYS:
        raise ValueError(_("the last day lies before the first, or the stretch is too long."))
    days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
    if kind == Kind.WORK and any(day.weekday() < 5 for day in days):
        raise ValueError(_("a make-up working day is a Saturday or Sunday; this one is worked anyway."))
    if not name:
        if kind == Kind.REST:
            raise ValueError(_("the name of the holiday is missing."))
        name = "调休上班"
    if len(name) > 60:
        raise ValueError(_("the name is too long."))
    return days, kind, name


def _day(text: str) -> date:
    try:
        return date(*(int(part) for part in text.split("-")))
    except ValueError:
        raise ValueError(_("there is no such day: %(day)s.") % {"day": text}) from None


def as_lines(year: int) -> str:
    """The rows of a year as the lines of the form, to begin with."""
    rows = CalendarDay.objects.filter(township__isnull=True, date__year=year)
    return "\n".join(f"{row.date} {'休' if row.kind == Kind.REST else '班'} {row.name}" for row in rows)


def missing_holidays(entries: Iterable[Entry]) -> list[str]:
    """Statutory holidays no line names: told before confirming, because it is usually a forgotten line."""
    names = " ".join(entry.name for entry in entries if entry.kind == Kind.REST)
    return [name for name in STATUTORY if name not in names]
