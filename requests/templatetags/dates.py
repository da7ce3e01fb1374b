"""Days and moments in the words of the reader's language: 2026年11月24日(周二), never a row of figures."""

from datetime import date, datetime

from django import template
from django.utils import timezone

from requests.reasons import say_date, say_moment

register = template.Library()


@register.filter
def on_day(value: date | datetime | None) -> str:
    """The local day; "" for none."""
    if not value:
        return ""
    return say_date(timezone.localdate(value) if isinstance(value, datetime) else value)


@register.filter
def at_moment(value: datetime | None) -> str:
    """The local day and time; "" for none."""
    return say_moment(timezone.localtime(value)) if value else ""
