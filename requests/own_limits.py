"""What sets the limits of one case apart from those of its item: the confirmed start, and 即办件 that became 承诺件."""

from datetime import date, datetime, time

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.models import User
from requests import deadlines, messages
from requests.clock import LOCAL, Kind, StartEvent, Unit
from requests.item_needs import is_on_the_spot
from requests.lifecycle import Refused, change
from requests.models import ServiceRequest
from requests.reasons import say_date

NOON = time(12)


class Why(models.TextChoices):
    """Why an on-the-spot case could not be finished on the spot."""

    SYSTEM = "system", gettext_lazy("the upper system is down")
    CHECK = "check", gettext_lazy("something has to be looked into")
    STOCK = "stock", gettext_lazy("cards, forms or stamps are missing")
    OTHER = "other", gettext_lazy("another reason")


def make_promised(case: ServiceRequest, why: str, *, value: int, reason: str, by: User, now: datetime) -> None:
    """即办件转承诺件: the case now has `value` working days from its start, told to the applicant. The day first told stays visible."""
    if why not in Why.values:
        raise Refused(_("Choose the reason."))
    if why == Why.OTHER and not reason.strip():
        raise Refused(_("A reason is needed."))
    if value < 1:
        raise Refused(_("Say within how many working days it will be done."))
    with change("make_promised", case, by=by, now=now) as work:
        if not is_done_at_once(work.case):
            raise Refused(_("This case is not handled on the spot."))
        work.case.original_on = work.case.original_on or work.case.due_on
        work.case.own_value, work.case.own_unit = value, Unit.WORKING_DAY
        by_kind = {one.limit.kind: one for one in deadlines.dues(work.case)}
        promised, legal = by_kind.get(Kind.PROMISED), by_kind.get(Kind.LEGAL)
        if promised and legal and promised.due_at > legal.due_at:
            raise Refused(
                _("By law it has to be done by %(date)s: no longer time can be promised.") % {"date": say_date(legal.due_on)}
            )
        deadlines.write(work.case)
        work.facts.update(not_at_once=why, value=value, unit=str(Unit.WORKING_DAY), due_after=str(work.case.due_on or ""))
        work.words["text"] = reason
        messages.tell(work, "made_promised")


def is_done_at_once(case: ServiceRequest) -> bool:
    """Still to be finished on the spot."""
    return case.edition_id is not None and is_on_the_spot(case.edition) and not case.own_value


def confirm_start(case: ServiceRequest, *, confirmed_on: date, words: str = "", by: User, now: datetime) -> None:
    """确认: the day on which it was confirmed with the applicant that the application arrived (信息公开条例 31). Limits start here."""
    with change("confirm_start", case, by=by, now=now) as work:
        if not starts_on_confirmation(work.case):
            raise Refused(_("No limit of this case starts with a confirmation."))
        if work.case.confirmed_at:
            on = say_date(timezone.localdate(work.case.confirmed_at))
            raise Refused(_("It was confirmed on %(date)s already.") % {"date": on})
        first, today = timezone.localdate(work.case.received_at), timezone.localdate(now)
        if not first <= confirmed_on <= today:
            raise Refused(_("The day lies between %(first)s and today.") % {"first": say_date(first)})
        at = now if confirmed_on == today else datetime.combine(confirmed_on, NOON, LOCAL)
        work.case.confirmed_at, work.case.confirmed_by = max(at, work.case.received_at), by
        work.facts["confirmed_on"] = confirmed_on.isoformat()
        work.words["text"] = words


def starts_on_confirmation(case: ServiceRequest) -> bool:
    """Does a limit of this case start with the confirmation, by its item and the channel it came by?"""
    return case.edition_id is not None and any(limit.starts_on == StartEvent.CONFIRMED for limit in deadlines.limits_for(case))


def awaits_confirmation(case: ServiceRequest) -> bool:
    """No date runs before that."""
    return case.confirmed_at is None and starts_on_confirmation(case)
