"""未收件告知: somebody leaves the window without a case. Logged without the person, so that it can be counted (domain 16.11)."""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError
from django.utils.translation import gettext as _

from officials.audit import verb
from officials.models import Office, User
from requests.lifecycle import Refused
from requests.models import TurnedAway
from requests.permissions import may_take_in
from services.models import Edition

Why = TurnedAway.Why


def log_turned_away(
    office: Office, edition: Edition, *, why: str, missing: Collection[int], form_token: str, by: User, now: datetime
) -> TurnedAway:
    """One row; the same form sent twice is one. Raises Refused without the right, or without what was missing."""
    if not may_take_in(by, office.pk):
        raise Refused(_("You have no right to log cases at %(office)s.") % {"office": office})
    known = {material.pk for material in edition.materials.all()}
    if why == Why.MATERIALS and not missing:
        raise Refused(_("Tick what was missing."))
    if not set(missing) <= known:
        raise Refused(_("One of the materials does not belong to this item."))
    try:
        with verb("turn_away", by=by, now=now, subject=f"office:{office.code}"):
            return TurnedAway.objects.create(
                township=office.township, office=office, item=edition.item, why=why, missing=sorted(missing), form_token=form_token,
                at=now, by=by,
            )  # fmt: skip
    except IntegrityError:
        earlier = TurnedAway.objects.filter(form_token=form_token).first()
        if earlier is None:
            raise
        return earlier
