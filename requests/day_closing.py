"""日清与交接: the figures of a day frozen under two names. A correction is another row; the earlier one stays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from officials.audit import verb
from officials.models import Office, OfficeUserObjectPermission, User
from officials.permissions import TAKE_IN
from requests import day as reading
from requests.day import Day
from requests.lifecycle import Refused
from requests.models import DayEnd
from requests.permissions import may_take_in

VERSION = 1
# What has to be gone through by name, frozen by case number and catalogue words; nothing about a person.
TO_GO_THROUGH = ("originals_held", "calls_open", "due_unheld", "no_receipt", "slips_blank")
MOST = 200  # rows frozen of one list; the figure is whole


@dataclass(frozen=True)
class ListRow:
    """One line to go through: a number, what it is, and a date."""

    number: str
    what: str
    when: str

    @classmethod
    def of(cls, row: Any) -> "ListRow":
        if hasattr(row, "material_id"):
            return cls(row.service_request.number, row.material.name, _day(row.at))
        if hasattr(row, "printed_at"):
            return cls(row.number, str(row.get_state_display()), _day(row.printed_at))
        return cls(row.number, str(row.get_status_display()), row.due_on.isoformat() if row.due_on else "")


def _day(at: datetime) -> str:
    return timezone.localdate(at).isoformat()


def freeze(day: Day, now: datetime) -> dict[str, Any]:
    """The figures and lists as they stand, as plain values. Words are Chinese, as on the paper."""
    with translation.override("zh-hans"):
        lists = {name: [vars(ListRow.of(row)) for row in reading.listed(day, name, now)[:MOST]] for name in TO_GO_THROUGH}
    return {"version": VERSION, "drawn_at": now.isoformat(), "cells": reading.figures(day, now), "lists": lists}


def people_at(office: Office) -> list[User]:
    """Who can take over: active people who take in at this window, by a right on it or on an office above it."""
    above, parent_id = [office.pk], office.parent_id
    while parent_id and parent_id not in above:
        above.append(parent_id)
        parent_id = Office.objects.values_list("parent_id", flat=True).get(pk=parent_id)
    granted = OfficeUserObjectPermission.objects.filter(permission__codename=TAKE_IN, content_object__in=above)
    return list(User.objects.filter(pk__in=granted.values("user_id"), is_active=True, is_job=False).order_by("staff_no"))


def latest(day: Day) -> DayEnd | None:
    """The day's end that counts: the newest row of this office and day."""
    return DayEnd.objects.filter(office=day.office, date=day.date).select_related("handed_by", "taken_by", "by").first()


def close_day(day: Day, *, taken_by: User, seen: int | None, by: User, now: datetime) -> DayEnd:
    """Freeze the day under two names. `seen` is the newest row the page showed: a form sent twice is refused."""
    if not may_take_in(by, day.office.pk):
        raise Refused(_("The day's end belongs to the people of this window."))
    if taken_by.pk == by.pk:
        raise Refused(_("Two names are needed: choose somebody else to take over."))
    if taken_by.pk not in {person.pk for person in people_at(day.office)}:
        raise Refused(_("%(name)s does not work at this window.") % {"name": taken_by})
    if day.start > now:
        raise Refused(_("This day is still to come."))
    with verb("day_end", by=by, now=now, subject=f"office:{day.office.code}"):
        Office.objects.select_for_update(no_key=True).get(pk=day.office.pk)
        newest = latest(day)
        if (newest.pk if newest else None) != seen:
            raise Refused(_("This day was closed meanwhile. Look at that day's end before you correct it."))
        return DayEnd.objects.create(
            office=day.office, date=day.date, figures=freeze(day, now), handed_by=by, taken_by=taken_by, at=now, by=by
        )
