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


def late_notices(user: User) -> QuerySet[LateNotice]:
    """漏告 of the offices I head, supervise or inspect; whoever only handles cases sees what was theirs. The newest first."""
    leads = rights(user).where(HEAD, SUPERVISE, INSPECT)
    rows = LateNotice.objects.filter(service_request__in=visible(user))
    rows = rows.filter(service_request__office_id__in=leads) if leads else rows.filter(holder=user)
    return rows.select_related("service_request__edition", "holder", "office").order_by("-id")


def late_unanswered(user: User) -> int:
    """Late answers that are still owed."""
    return late_notices(user).filter(service_request__status__in=UNACCEPTED).count()
