"""The counter's one action: log a walk-in, alone or with acceptance or the end at once, as one of the cases of a visit."""

from collections.abc import Callable
from datetime import datetime
from enum import StrEnum

from django.db import IntegrityError
from django.utils.translation import gettext as _

from officials.audit import together
from officials.models import User
from requests import verbs
from requests.intake import Intake, Received, begin_visit, logged_before, receive
from requests.lifecycle import Refused
from requests.models import ServiceRequest


class Then(StrEnum):
    """What happens at once after receipt."""

    RECEIVE = "receive"  # 收件
    ACCEPT = "accept"  # 收件并受理
    FINISH = "finish"  # 收件并办结


class _Replayed(Exception):
    """The form was sent twice: undo the visit begun for the second time."""

    def __init__(self, received: Received) -> None:
        self.received = received


def take_in(
    order: Intake, *, then: str, outcome: str = "", keep: Callable[[Received], None] | None = None, by: User, now: datetime
) -> Received:
    """All or nothing. Refused when something keeps the case from going as far as `then` says: then no number is taken.

    `keep` puts the secret where the receipt finds it, in the same transaction: no case without its secret.
    Every walk-in belongs to a visit, so that "one more item for the same person" is possible afterwards too.
    """
    try:
        with together(one_fate=True):
            if order.visit is None and order.mandate is None:
                order.visit = begin_visit(order.intake_office, by=by, now=now)
            received = _go(order, then, outcome, by=by, now=now)
            if not received.is_new:
                raise _Replayed(received)
            if keep is not None:
                keep(received)
            return received
    except _Replayed as replay:
        return replay.received
    except (IntegrityError, Refused):
        # The same form was sent before, or twice at the same moment: the other one made the case.
        again = logged_before(order)
        if again is None:
            raise
        return again


def _go(order: Intake, then: str, outcome: str, *, by: User, now: datetime) -> Received:
    if then == Then.FINISH:
        if not outcome:
            raise Refused(_("Choose the outcome."))
        words, order.words = order.words, ""  # they explain the decision, not the receipt
        return verbs.finish_on_the_spot(order, outcome, words=words, by=by, now=now)
    received = receive(order, by=by, now=now)
    if received.is_new and then == Then.ACCEPT:
        # From a paper slip the file was complete when the slip was written, not when it is typed in (domain 16.1); a letter that
        # was signed for earlier is looked at now.
        at = None if order.channel == ServiceRequest.Channel.MAIL else order.received_at
        verbs.accept(received.case, by=by, now=now, at=at)
    return received
