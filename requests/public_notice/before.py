"""村级审议公示 before acceptance, as the rows tell it: is it wanted, is it in, on which days did it hang.

Reads rows and changes none, so that the dates of a case and its list of what is missing can ask here.
"""

from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from requests.item_needs import village_notice_step
from requests.limits import Kind, Pause
from requests.models import ServiceRequest, VillageNotice
from services.models import Step

Outcome = VillageNotice.Outcome
LINE = "village_notice"  # its line on a list of what is missing
_DAY_BEGINS, _DAY_ENDS = time(0, 0), time(23, 59, 59)


def wanted(case: ServiceRequest) -> Step | None:
    """The village's step that stands before acceptance; None where the item has none, and for old ledgers."""
    if case.edition_id is None or case.origin == ServiceRequest.Origin.OLD_LEDGER:
        return None
    return village_notice_step(case.edition)


def newest(case: ServiceRequest) -> VillageNotice | None:
    return VillageNotice.objects.filter(service_request=case).order_by("-id").first()


def is_settled(row: VillageNotice | None) -> bool:
    """It hung its days and nothing that was objected stands in the way."""
    return row is not None and row.outcome in (Outcome.NO_OBJECTION, Outcome.NOT_UPHELD)


def is_lacking(case: ServiceRequest) -> bool:
    """Is the village's part still to come? The file is not complete before it is in."""
    return wanted(case) is not None and not is_settled(newest(case))


def still_hangs(case: ServiceRequest, today: date) -> bool:
    """It was posted and its last day is not over: there is nothing to record yet."""
    row = newest(case)
    return row is not None and row.outcome == Outcome.RUNNING and today <= row.last_on


def spans(case: ServiceRequest) -> list[Pause]:
    """The days on which it hung: the village's time before acceptance and not the office's, so the check stands still.

    Only what is on record counts, also while it hangs. A later report corrects an earlier one, but for a notice that ended with
    an objection upheld: that one hung, and another one hung after it.
    """
    if case.accepted_at is not None or case.pk is None or wanted(case) is None:
        return []
    rows = list(case.village_notices.order_by("id"))
    hung = [row for row in rows if row.outcome == Outcome.UPHELD or row is rows[-1]]
    reason, kinds = _("notice of the village before acceptance"), frozenset({Kind.ACCEPTANCE_CHECK})
    return [Pause(_at(row.hang_on, _DAY_BEGINS), _at(row.last_on, _DAY_ENDS), reason, applies_to=kinds) for row in hung]


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
