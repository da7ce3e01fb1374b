"""村级公示: where the item says so, the village hangs its own notice before the application is accepted (宅基地, 奖励扶助).

Its step stands "before" the clock in the item. The township does not hang it: it writes down what the village did, and accepts
nothing before that is on record.
"""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import User
from requests import persons
from requests.item_needs import village_notice_step
from requests.lifecycle import AlreadyHandled, Refused, change
from requests.models import ServiceRequest, VillageNotice
from requests.public_notice import days
from requests.reasons import say_amount, say_date

VERB = "note_village_notice"
Outcome = VillageNotice.Outcome


def newest(case: ServiceRequest) -> VillageNotice | None:
    return VillageNotice.objects.filter(service_request=case).order_by("-id").first()


def lacking_for_acceptance(case: ServiceRequest) -> list[tuple[str, str]]:
    """The verb that mends it, and the sentence; [] where the item asks for no notice of the village, or it is on record."""
    if case.edition_id is None or case.origin == ServiceRequest.Origin.OLD_LEDGER:
        return []
    step = village_notice_step(case.edition)
    if step is None:
        return []
    row = newest(case)
    if row is None:
        return [(VERB, _("“%(step)s” is not on record yet: it comes before acceptance.") % {"step": step.title})]
    if row.outcome == Outcome.UPHELD:
        sentence = _("“%(step)s” ended with an objection that was upheld. It has to hang anew before acceptance.")
        return [(VERB, sentence % {"step": step.title})]
    return []


def note_village_notice(
    case: ServiceRequest, *, hang_on: date, last_on: date, place: str, by_whom: str, outcome: str, by: User, now: datetime
) -> VillageNotice:
    """From when to when it hung, where, who hung it, and what came of it. It hung as long as the item says, to the end of its last day."""
    if not place.strip() or not by_whom.strip():
        raise Refused(_("Write down where it hung and who hung it."))
    if outcome not in Outcome.values:
        raise Refused(_("Choose the outcome."))
    with change(VERB, case, by=by, now=now) as work:
        step = village_notice_step(work.case.edition)
        if step is None:
            raise Refused(_("This item asks for no notice of the village before acceptance."))
        if not hang_on <= last_on <= timezone.localdate(now):
            raise Refused(_("It hung from a day to a later one, and both are past."))
        _check_length(work.case, step, hang_on, last_on)
        words = {"place": place.strip(), "by_whom": by_whom.strip()}
        row = newest(work.case)
        if row is not None and (row.hang_on, row.last_on, row.outcome, words_of(work.case, row)) == (hang_on, last_on, outcome, words):
            raise AlreadyHandled(_("This is on record already."))
        row = VillageNotice.objects.create(
            service_request=work.case, hang_on=hang_on, last_on=last_on, outcome=outcome,
            sealed=persons.seal_for(work.case, words, "village_notice"), at=now, by=by,
        )  # fmt: skip
        work.facts.update(first_on=hang_on.isoformat(), last_on=last_on.isoformat(), village_outcome=outcome)
    return row


def _check_length(case: ServiceRequest, step, hang_on: date, last_on: date) -> None:
    if not step.value or not step.unit:
        return
    _first, least = days.span(hang_on, step.value, step.unit, calendar_for(case.township_id))
    if last_on < least:
        said = {"amount": say_amount(step.value, step.unit), "date": say_date(least)}
        raise Refused(_("It hangs for %(amount)s, the day of posting not counted: until %(date)s at least.") % said)


def words_of(case: ServiceRequest, row: VillageNotice) -> dict[str, str]:
    """Where and by whom; {} when the case was anonymised."""
    return persons.open_for(case, row.sealed, "village_notice") or {}
