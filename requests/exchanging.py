"""A wrong item that was accepted at once (收件并受理): exchanged on the same day, while nobody has worked on the case."""

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from requests.models import Document, ServiceRequest

# What may have happened since, without anybody having begun to work on it.
UNTOUCHED = frozenset({"receive", "accept", "add_note", "renew_secret", "correct", "change_item", "take_materials", "add_party"})
# Papers that are given at the counter with receipt and acceptance.
OF_THE_COUNTER = (Document.Kind.RECEIPT, Document.Kind.ACCEPTANCE)


def why_not_exchanged(case: ServiceRequest, now: datetime) -> str:
    """Why the item of an accepted case cannot be exchanged any more; "" while it can, and for a case that is not accepted."""
    if case.status != ServiceRequest.Status.ACCEPTED:
        return ""
    entered = case.events.filter(verb="accept").order_by("-id").first()
    is_today = entered is not None and timezone.localdate(entered.recorded_at) == timezone.localdate(now)
    others = case.documents.filter(void=None).exclude(kind__in=OF_THE_COUNTER).exists()
    if is_today and not others and not case.promises.exists() and not case.events.exclude(verb__in=UNTOUCHED).exists():
        return ""
    return _("After the day of acceptance, or once it is worked at, the item stays. The head of the office can terminate it; log it anew.")
