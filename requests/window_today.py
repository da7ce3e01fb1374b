"""The window a member of staff takes in for, and the items that are asked for there."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from officials.models import Office
from officials.permissions import AGENT, TAKE_IN, rights
from requests.directory import directory
from requests.models import ServiceRequest
from services.models import Edition

_LOOK_BACK = timedelta(days=60)
_RECENT, _FREQUENT = 5, 8


def intake_office(user) -> Office:
    """Where this person logs cases: the own office, or the first of those the right is held on. Raises PermissionDenied."""
    held = rights(user).where(TAKE_IN)
    if not held:
        raise PermissionDenied(_("Logging cases belongs to the window. Ask the administrator if you should have this right."))
    if user.office_id in held:
        # From memory; the right to it was read just now.
        return directory(offices={user.office_id}).offices[user.office_id]
    offices = Office.objects.open().filter(pk__in=held).select_related("township")
    return offices.order_by("-takes_in_for_all", "sort", "code").first() or offices.model.objects.get(pk=min(held))


def village_of(user) -> Office | None:
    """The village for which an agent logs; None for whoever takes in at a window."""
    held = rights(user)
    if held.where(TAKE_IN) or not held.has(AGENT):
        return None
    villages = Office.objects.open().filter(pk__in=held.where(AGENT), kind=Office.Kind.VILLAGE).select_related("township", "parent")
    return villages.filter(pk=user.office_id).first() or villages.order_by("code").first()


@dataclass
class UsualItems:
    """What this window was asked for lately."""

    recent: list[Edition] = field(default_factory=list)
    frequent: list[Edition] = field(default_factory=list)


def usual_items(office: Office, now: datetime) -> UsualItems:
    """Two queries, whatever the window has seen."""
    asked = list(
        ServiceRequest.objects.filter(intake_office=office, received_at__gte=now - _LOOK_BACK, item__isnull=False)
        .values("item_id")
        .annotate(times=Count("id"), last=Max("received_at"))
        .order_by()
    )
    recent = [row["item_id"] for row in sorted(asked, key=lambda row: row["last"], reverse=True)[:_RECENT]]
    often = sorted(asked, key=lambda row: (-row["times"], row["item_id"]))
    frequent = [row["item_id"] for row in often if row["item_id"] not in recent][:_FREQUENT]
    editions = {
        edition.item_id: edition
        for edition in Edition.objects.published().filter(item_id__in=[*recent, *frequent]).select_related("item", "office")
    }
    return UsualItems([editions[pk] for pk in recent if pk in editions], [editions[pk] for pk in frequent if pk in editions])
