"""/notices/: what changes for residents soon or has just changed. Written by the calendar and the catalogue, not by hand."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officials.calendar import calendar_for
from officials.models import Office, Township
from officials.publicpages import public_page
from officials.workdays import Calendar, say_name
from requests.reasons import say_date, say_span
from services.models import Edition
from services.saying import in_language

AHEAD = timedelta(days=60)
BACK = timedelta(days=60)
MOST = 50


@dataclass(frozen=True)
class Coming:
    """A stretch without service, or a weekend day that is worked."""

    first: date
    name: str
    when: str
    is_closed: bool


@require_safe
@public_page
def page(request):
    today = timezone.localdate()
    township = Township.objects.order_by("pk").first()
    context = {
        "coming": coming(calendar_for(township.pk), today) if township else [],
        "changed": changed(today, request.LANGUAGE_CODE),
        "special_hours": special_hours(township.hours if township else ""),
    }
    return render(request, "portal/notices.html", context)


def coming(calendar: Calendar, today: date) -> list[Coming]:
    """Holidays, closures and make-up days of the next sixty days, by date."""
    last = today + AHEAD
    closed = [
        Coming(stretch.first, say_name(stretch.name), _when(stretch.first, stretch.last), True)
        for stretch in calendar.stretches(today, last)
    ]
    worked = [Coming(day, calendar.why(day), say_date(day), False) for day in calendar.makeups(today, last)]
    return sorted(closed + worked, key=lambda one: one.first)


def _when(first: date, last: date) -> str:
    if first == last:
        return say_date(first)
    days = (last - first).days + 1
    return _("%(span)s, %(days)s days") % {"span": say_span(first, last), "days": days}


def changed(today: date, language: str) -> list[dict]:
    """Items published in the last sixty days, newest first; a first edition is new, a later one changed."""
    since = timezone.now() - BACK
    rows = Edition.objects.published().filter(published_at__gte=since).select_related("item").order_by("-published_at", "item__code")[:MOST]
    return [
        {
            "url": edition.item.get_absolute_url(),
            "name": in_language(edition.name, edition.name_en, language),
            "is_chinese": not (language == "en" and edition.name_en),
            "is_new": edition.number == 1,
            "note": edition.change_note,
            "when": say_date(timezone.localdate(edition.published_at)),
        }
        for edition in rows
    ]


def special_hours(usual: str) -> list[tuple[str, list[Office]]]:
    """Hours that differ from those of the centre, each with the offices that keep them."""
    found: dict[str, list[Office]] = {}
    for office in Office.objects.public():
        if office.hours and office.hours != usual:
            found.setdefault(office.hours, []).append(office)
    return list(found.items())
