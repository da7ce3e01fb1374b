"""What every page knows: the site, the view, the language. Read from memory; a public page costs no query for it."""

import re
from urllib.parse import quote

from django.conf import settings

from officials import versions
from officials.models import Township
from officials.privacy.identity import grouped_phone


def _read() -> dict:
    township = Township.objects.order_by("pk").first()
    base = dict(settings.SITE_IDENTITY)
    if township is None:
        empty = dict.fromkeys(("centre", "phone", "complaint_phone", "hours", "hours_en", "address"), "")
        return base | empty | {"name": "一本通", "demo": settings.DEMO, "township": None}
    return base | {
        "name": f"{township.centre_name} · 一本通",
        "centre": township.centre_name,
        "township": township,
        "phone": grouped_phone(township.phone),
        "complaint_phone": grouped_phone(township.complaint_phone),
        "hours": township.hours,
        "hours_en": hours_in_english(township.hours),
        "address": township.address,
        "demo": township.is_demo,
    }


_HOURS = re.compile(r"周([一二三四五六日])(?:至周([一二三四五六日]))? ?((?:\d\d?:\d\d-\d\d?:\d\d[、 ]?)+)\s*(预约办理)?")
_DAYS = dict(zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True))


def hours_in_english(hours: str) -> str:
    """Days and times as they are written in Chinese, "周一至周五 08:30-12:00、14:00-17:30" → "Mon–Fri 08:30–12:00, 14:00–17:30".

    Empty where they are written in another way: better the Chinese words than wrong hours."""
    said = re.split("[（(]", hours)[0]
    if _HOURS.sub("", said).strip("；;，, 。"):
        return ""
    found = []
    for first, last, times, booked in _HOURS.findall(said):
        days = f"{_DAYS[first]}–{_DAYS[last]}" if last else _DAYS[first]
        clock = ", ".join(re.split("[、 ]", times.strip("、 "))).replace("-", "–")
        found.append(f"{days} {clock}{' by appointment' if booked else ''}")
    return "; ".join(found)


# Name, phones and hours of the (first) township, kept until people or catalogue change.
site = versions.Kept(versions.CATALOGUE, _read)


def page(request) -> dict:
    """The context processor."""
    return {
        "site": site(),
        "elder": getattr(request, "elder", False),
        "lang": getattr(request, "LANGUAGE_CODE", settings.LANGUAGE_CODE),
        "path_for_next": quote(request.get_full_path()),
        "two_factor": settings.TWO_FACTOR,
    }
