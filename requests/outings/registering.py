"""A demand written down on a day away from the hall: logged, counted to the day, and settled at once where it was."""

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError

from officials.audit import together
from officials.models import User
from requests.demands import moves
from requests.demands.registering import Told, order_of
from requests.intake import FormUsed, Intake, Received, logged_before, receive
from requests.lifecycle import Refused
from requests.models import Outing, OutingPlace, ServiceRequest


@dataclass(frozen=True)
class Settled:
    """What became of it before the person left. `outcome`: solved or explained; `way`: not ours; neither: to be dispatched."""

    outcome: str = ""
    answer: str = ""
    way: str = ""


def register_there(told: Told, outing: Outing, place: OutingPlace | None, settled: Settled, *, by: User, now: datetime) -> Received:
    """All or nothing. The same form again gives the same case. Nothing of the day is locked: fifty desks write at once."""
    order = order_of(told)
    order.outing, order.outing_place, order.at_once = outing, place, bool(settled.outcome)
    try:
        with together(one_fate=True):
            received = receive(order, by=by, now=now)
            if not received.is_new:
                return received
            if settled.outcome:
                moves.solve_on_the_spot(received.case, outcome=settled.outcome, words=settled.answer, by=by, now=now)
            elif settled.way:
                moves.show_the_way(received.case, way=settled.way, where=settled.answer, by=by, now=now)
            return received
    except (IntegrityError, Refused):
        again = _again(order)
        if again is None:
            raise
        return again


def _again(order: Intake) -> Received | None:
    """The case of this very form. What was said of a matter shown elsewhere is gone, so it cannot be compared."""
    try:
        return logged_before(order)
    except FormUsed as used:
        if used.case.status != ServiceRequest.Status.NOT_OURS:
            raise
        return Received(used.case, "", is_new=False)
