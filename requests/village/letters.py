"""What the letter of authority says, and its row. Written when a case is logged in a village or entrusted later."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import User
from requests.lifecycle import Refused
from requests.models import Mandate, ServiceRequest


@dataclass(frozen=True)
class Given:
    """What the letter of authority says, and where its original is. No last day: to the end of the case."""

    scope: str
    letter: str
    valid_from: date
    valid_until: date | None = None


def write_mandate(case: ServiceRequest, agent: User, given: Given, *, by: User, now: datetime) -> Mandate:
    """Within the verb that logs the case or entrusts it. Raises Refused where the letter does not carry it."""
    _check(given, timezone.localdate(now))
    mandate = Mandate(
        service_request=case, agent=agent, scope=given.scope, letter=given.letter, valid_from=given.valid_from,
        valid_until=given.valid_until, at=now, by=by,
    )  # fmt: skip
    mandate.save()
    return mandate


def _check(given: Given, today: date) -> None:
    if given.scope not in Mandate.Scope.values:
        raise Refused(_("Say what the letter of authority covers."))
    if given.letter not in Mandate.Letter.values:
        raise Refused(_("Look at the letter of authority first and say where its original stays. Nobody acts for another without one."))
    if given.valid_from > today:
        raise Refused(_("The mandate begins later than today."))
    if given.valid_until is not None and given.valid_until < today:
        raise Refused(_("The mandate is over already. Let the person sign a new letter."))
