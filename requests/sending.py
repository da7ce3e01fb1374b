"""The last step of what comes in from the internet: limits against floods, the verb, and what the sender is shown."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy

from requests import deadlines, online, plain_words, throttle
from requests.intake import Intake
from requests.models import ServiceRequest
from requests.online import Sent
from requests.reasons import KIND_NAMES
from requests.tracking import Shown

TOO_MANY_SENTENCE = gettext_lazy(
    "So much is being sent at the moment that nothing more can be taken in from here. What you wrote is still on this page: "
    "try again in an hour, or call us, or come to the window."
)


class TooManySent(Exception):
    """The hour's limit of this address, or of all, is reached."""


def send_once(order: Intake, *, address: str, now: datetime) -> Sent:
    """Log it within the limits. The same form again costs nothing. Raises TooManySent, AlreadySent, Refused."""
    if not throttle.may_send(address, now) and not online.sent_before(order.form_token):
        raise TooManySent
    sent = online.send(order, now=now)
    if sent.is_new:
        throttle.count_sent(address, now)
    return sent


def shown(sent: Sent, now: datetime) -> dict[str, Any]:
    """Number, secret, dates and their reasons for the page after sending."""
    case = ServiceRequest.objects.select_related("township", "office", "edition").get(pk=sent.case.pk)
    calendar = deadlines.calendar_for(case.township_id)
    counted = timezone.localdate(deadlines.received_for_the_clock(case, calendar))
    found = Shown(case, None, deadlines.reasons(case, calendar))
    found.counted_from = counted if counted != timezone.localdate(case.received_at) else None
    return {
        "case": case,
        "secret": sent.secret,
        "is_new": sent.is_new,
        "dates": plain_words.dates(found),
        "reasons": [(KIND_NAMES[str(due.limit.kind)], sentences) for due, sentences in found.reasons],
        "next_step": plain_words.next_step(found),
    }
