"""What waits around the telling, for the opening page and the lists: second lists for their head, answers that are late."""

from django.db.models import QuerySet

from officials.models import User
from officials.permissions import HEAD, INSPECT, SUPERVISE, rights
from requests.lifecycle import UNACCEPTED
from requests.models import LateNotice, SupplementNotice
from requests.permissions import visible


def asked_for(user: User) -> QuerySet[SupplementNotice]:
    """Second lists that wait for this person as head of the office, the longest waiting first."""
    cases = visible(user).filter(office_id__in=rights(user).where(HEAD), status__in=UNACCEPTED)
    found = SupplementNotice.objects.filter(state=SupplementNotice.State.REQUESTED, service_request__in=cases)
    return found.select_related("service_request__edition", "requested_by").order_by("requested_at")


def booked_to(user: User) -> QuerySet[SupplementNotice]:
    """Faults booked to this person that have no reply yet, in cases the person may see: there the reply is written (可申辩)."""
    found = SupplementNotice.objects.filter(fault_of=user, replied_at=None, service_request__in=visible(user))
    return found.select_related("service_request").order_by("id")


def replied(user: User) -> QuerySet[SupplementNotice]:
    """Replies that wait for this person as head of the office."""
    cases = visible(user).filter(office_id__in=rights(user).where(HEAD))
    found = SupplementNotice.objects.filter(replied_at__isnull=False, reviewed_at=None, fault_of__isnull=False, service_request__in=cases)
    return found.exclude(fault_of=user).select_related("service_request").order_by("replied_at")


def late_notices(user: User) -> QuerySet[LateNotice]:
    """漏告 of the offices I head, supervise or inspect; whoever only handles cases sees what was theirs. The newest first."""
    leads = rights(user).where(HEAD, SUPERVISE, INSPECT)
    rows = LateNotice.objects.filter(service_request__in=visible(user))
    rows = rows.filter(service_request__office_id__in=leads) if leads else rows.filter(holder=user)
    return rows.select_related("service_request__edition", "holder", "office").order_by("-id")


def late_unanswered(user: User) -> QuerySet[LateNotice]:
    """Late answers that are still owed."""
    return late_notices(user).filter(service_request__status__in=UNACCEPTED)
