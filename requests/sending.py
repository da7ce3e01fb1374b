"""The last step of what comes in from the internet: limits against floods, the verb, and what the sender is shown."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from requests import online, plain_words, throttle, tracking
from requests.intake import Intake
from requests.online import Sent
from requests.reasons import KIND_NAMES

NO_BREAK = "\N{NO-BREAK SPACE}"

TOO_MANY_SENTENCE = gettext_lazy(
    "So much is being sent at the moment that nothing more can be taken in from here. What you wrote is still on this page: "
    "try again in an hour, or call us, or come to the window."
)


class TooManySent(Exception):
    """The hour's limit of this address, or of all, is reached."""


def send_once(order: Intake, *, address: str, call_back: bool = False, now: datetime) -> Sent:
    """Log it within the limits. The same form again costs nothing. Raises TooManySent, AlreadySent, Refused."""
    if not online.sent_before(order.form_token) and not throttle.let_in(address, now):
        raise TooManySent
    return online.send(order, call_back=call_back, now=now)


def shown(sent: Sent, now: datetime) -> dict[str, Any]:
    """Number, secret, what is to be brought, dates and their reasons for the page after sending."""
    found = tracking.show(tracking.load(sent.case.pk), now)
    return {
        "case": found.case,
        "secret": in_two_halves(sent.secret),
        "missing": found.missing,
        "dates": plain_words.dates(found),
        "reasons": [(KIND_NAMES[str(due.limit.kind)], sentences) for due, sentences in found.reasons],
        "next_step": plain_words.next_step(found),
    }


def in_two_halves(secret: str) -> str:
    """Four groups that part only in the middle where a line is too short for them."""
    groups = secret.split()
    return " ".join(NO_BREAK.join(groups[start : start + 2]) for start in range(0, len(groups), 2))
