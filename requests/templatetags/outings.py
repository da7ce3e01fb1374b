"""What pages of apps below show of the days away from the hall: of an office its coming days, of an official the villages."""

from django import template
from django.utils import timezone

from officials.models import VillageLink
from requests.outings.coming import coming_days

register = template.Library()


@register.inclusion_tag("requests/outings/_coming.html")
def outings_of_office(office):
    """The next days on which this office goes out; nothing where there are none."""
    return {"days": coming_days(timezone.localdate(), office=office)[:6]}


@register.simple_tag
def villages_of_person(user):
    """Names of the villages this official answers for."""
    return "、".join(link.village.name for link in VillageLink.objects.filter(person=user, ended_on=None).select_related("village"))
