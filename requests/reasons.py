"""Why this date: the reasons behind a due date, line by line.

A line is a code and its parameters, nothing else: plain strings and numbers that can be stored as JSON and frozen on a
receipt. The sentence is made when it is shown, in the reader's language. Codes are never renamed and parameters never
dropped, because old receipts hold them. Parameters may carry what an official wrote (the reason of a pause): where
lines are stored, they are sealed like other free text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from officials.workdays import say_name

Value = str | int


class Line(NamedTuple):
    """One reason. Dates are ISO dates, instants ISO date-times with offset."""

    code: str
    params: dict[str, Value]

    @property
    def text(self) -> str:
        return say(self)

    def as_json(self) -> dict[str, Any]:
        return {"code": self.code, "params": dict(self.params)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Line:
        return cls(str(stored["code"]), dict(stored["params"]))


SENTENCES: dict[str, str | Promise] = {
    "limit": _("%(kind)s: %(amount)s."),
    "basis": _("Basis: %(basis)s."),
    "handed_in": _("Handed in on %(at)s, outside working hours: counted as received on %(on)s."),
    "two_receipts_township": _("Handed in at the village on %(village_on)s, received by the township on %(on)s: the township's "
                               "receipt counts."),
    "two_receipts_village": _("Handed in at the village on %(village_on)s, received by the township on %(on)s: for this item the "
                              "village's receipt counts."),
    "village_receipt": _("Handed in at the village on %(village_on)s: for this item the village's receipt counts."),
    "started_received": _("Received on %(on)s; this day is not counted (Civil Code, article 201)."),
    "started_accepted": _("Accepted on %(on)s; this day is not counted (Civil Code, article 201)."),
    "started_confirmed": _("Confirmed with the applicant on %(on)s; this day is not counted (Civil Code, article 201)."),
    "started_dispatched": _("Dispatched on %(on)s; this day is not counted (Civil Code, article 201)."),
    "started_supplemented": _("Everything that was missing came in on %(on)s: by the rule of this item the limit starts anew then; this "
                              "day is not counted (Civil Code, article 201)."),
    "hours_supplemented": _("Everything that was missing came in at %(at)s: by the rule of this item the limit starts anew then; hours run "
                            "on from this moment, days off included (Civil Code, article 201)."),
    "hours_received": _("Received at %(at)s; hours run on from this moment, days off included (Civil Code, article 201)."),
    "hours_accepted": _("Accepted at %(at)s; hours run on from this moment, days off included (Civil Code, article 201)."),
    "hours_confirmed": _("Confirmed with the applicant at %(at)s; hours run on from this moment, days off included "
                         "(Civil Code, article 201)."),
    "hours_dispatched": _("Dispatched at %(at)s; hours run on from this moment, days off included (Civil Code, article 201)."),
    "set_follow_up": _("It cannot be solved yet: looked at again on %(on)s."),
    "set_ordered": _("Date set in the order: %(on)s."),
    "first_day": _("First counted day: %(on)s."),
    "skipped": _("%(name)s, %(span)s: not counted."),
    "make_up": _("%(on)s: %(name)s, counted."),
    "weekends": _("Days of ordinary weekends not counted: %(days)s."),
    "paused": _("Clock stopped, %(span)s: %(reason)s. Not counted."),
    "paused_hours": _("Clock stopped from %(from_at)s to %(to_at)s: %(reason)s. Not counted."),
    "paused_open": _("Clock stopped since %(on)s: %(reason)s. Still left: %(amount)s. The date below is the earliest "
                     "possible; it is set anew when the clock goes on."),
    "pause_basis": _("Basis for stopping the clock: %(basis)s."),
    "month_end": _("The last month has no day %(day)s: its last day takes its place (Civil Code, article 202)."),
    "rolled": _("The last day, %(on)s, is a day off (%(name)s): the limit ends on %(to_on)s instead (Civil Code, "
                "article 203)."),
    "rolled_pause": _("On %(on)s the clock stands still: the limit ends on %(to_on)s instead."),
    "extended": _("Extended by %(amount)s, approved by %(by)s on %(on)s: %(reason)s. Then due on %(to_on)s."),
    "extended_hours": _("Extended by %(amount)s, approved by %(by)s on %(on)s: %(reason)s. Then due at %(to_at)s."),
    "extension_removed": _("An extension of %(amount)s, granted on %(granted_on)s, was taken back on %(on)s: the date is counted without "
                           "it; times in which the clock stood still stay."),
    "due": _("Due on %(on)s, by midnight."),
    "due_hours": _("Due at %(at)s."),
    "original": _("Without pauses and extensions: %(on)s."),
    "provisional": _("The days off of %(year)s are not announced yet: this date is provisional and will be counted again "
                     "once they are."),
}

KIND_NAMES: dict[str, str | Promise] = {
    "promised": _("Promised limit"),
    "legal": _("Legal limit"),
    "forwarding": _("Limit for carrying it to the county"),
    "acceptance_check": _("Limit for the answer on acceptance"),
    "call_back": _("Limit for the call-back"),
    "sign": _("Limit for signing for it"),
    "contact": _("Limit for the first contact"),
    "answer": _("Limit for the answer"),
    "follow_up": _("Date for looking at it again"),
    "ordered": _("Date of the order"),
}

AMOUNTS: dict[str, tuple[str | Promise, str | Promise]] = {
    "working_day": (_("1 working day"), _("%(n)s working days")),
    "calendar_day": (_("1 calendar day"), _("%(n)s calendar days")),
    "month": (_("1 month"), _("%(n)s months")),
    "hour": (_("1 hour"), _("%(n)s hours")),
}

# Own words for days and months: "2026年11月24日(周二)" needs the short weekday, and numbers for the months.
WEEKDAYS = _("Mon Tue Wed Thu Fri Sat Sun")
MONTHS = _("January February March April May June July August September October November December")


def explain(lines: Iterable[Line]) -> list[str]:
    """The sentences, in the language active now."""
    return [say(line) for line in lines]


def say(line: Line) -> str:
    return str(SENTENCES[line.code]) % _spoken(line.params)


def say_amount(value: int, unit: str) -> str:
    """25 working days."""
    one, many = AMOUNTS[unit]
    return str(one) if value == 1 else str(many) % {"n": value}


def say_date(day: date) -> str:
    """Tue 24 November 2026, or 2026年11月24日(周二)."""
    return gettext("%(weekday)s %(day)s %(month)s %(year)s") % _parts(day)


def say_moment(moment: datetime) -> str:
    """Tue 24 November 2026, 15:04."""
    return gettext("%(date)s, %(time)s") % {"date": say_date(moment.date()), "time": f"{moment:%H:%M}"}


def say_span(first: date, last: date) -> str:
    """1–7 October, or 10月1日至7日. The year is left out: the line stands between two full dates."""
    if first == last:
        return gettext("%(day)s %(month)s") % _parts(first)
    parts = {**_parts(first), "last": last.day}
    if (first.year, first.month) == (last.year, last.month):
        return gettext("%(day)s–%(last)s %(month)s") % parts
    ends = {"first": say_span(first, first), "last": say_span(last, last)}
    return gettext("%(first)s to %(last)s") % ends


def _parts(day: date) -> dict[str, Value]:
    return {"weekday": str(WEEKDAYS).split()[day.weekday()], "day": day.day, "year": day.year,
            "month": str(MONTHS).split()[day.month - 1]}


def _spoken(params: Mapping[str, Value]) -> dict[str, Value]:
    """The parameters as they are read out. The name of a parameter tells what it is."""
    spoken: dict[str, Value] = {}
    for key, value in params.items():
        if key == "at" or key.endswith("_at"):
            spoken[key] = say_moment(datetime.fromisoformat(str(value)))
        elif key == "on" or key.endswith("_on"):
            spoken[key] = say_date(date.fromisoformat(str(value)))
        elif key == "name":
            spoken[key] = say_name(str(value)) if value else gettext("weekend")
        elif key == "kind":
            spoken[key] = str(KIND_NAMES[str(value)])
        else:
            spoken[key] = value
    if "value" in params and "unit" in params:
        spoken["amount"] = say_amount(int(params["value"]), str(params["unit"]))
    if "first" in params and "last" in params:
        spoken["span"] = say_span(date.fromisoformat(str(params["first"])), date.fromisoformat(str(params["last"])))
    return spoken
