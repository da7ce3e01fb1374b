"""What every page knows: the site, the view, the language. Read from memory; a public page costs no query for it."""

from urllib.parse import quote

from django.conf import settings

from officials import versions
from officials.models import Township
from officials.privacy.identity import grouped_phone


def _read() -> dict:
    township = Township.objects.order_by("pk").first()
    base = dict(settings.SITE_IDENTITY)
    if township is None:
        empty = dict.fromkeys(("centre", "phone", "complaint_phone", "hours", "address"), "")
        return base | empty | {"name": "一本通", "demo": settings.DEMO, "township": None}
    return base | {
        "name": f"{township.centre_name} · 一本通",
        "centre": township.centre_name,
        "township": township,
        "phone": grouped_phone(township.phone),
        "complaint_phone": grouped_phone(township.complaint_phone),
        "hours": township.hours,
        "address": township.address,
        "demo": township.is_demo,
    }


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
