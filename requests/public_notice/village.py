"""村级审议公示: where the item says so, the village meets and hangs its own notice before the application is accepted (宅基地, 奖励扶助).

Its step stands "before" the clock in the item. The township does not hang it: it writes down what the village did, while it hangs and
when it is over, and accepts nothing before that is on record.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import User
from requests import persons
from requests.item_needs import asks_meeting
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.materials import still_to_come
from requests.models import ServiceRequest, VillageNotice
from requests.printing import wording
from requests.public_notice import days
from requests.public_notice.before import is_settled, newest, wanted
from requests.reasons import say_amount, say_date
from requests.supplement import notices
from services.models import Step

VERB = "note_village_notice"
Outcome = VillageNotice.Outcome
S = ServiceRequest.Status


@dataclass(frozen=True)
class Meeting:
    """村民小组讨论、村级审议: on which day, how many came, how many were for it, and what was resolved, in the village's words."""

    on: date
    present: int
    in_favour: int
    result: str


def lacking_for_acceptance(case: ServiceRequest) -> list[tuple[str, str]]:
    """The verb that mends it, and the sentence; [] where the item asks for no notice of the village, or it is on record."""
    step = wanted(case)
    row = newest(case) if step is not None else None
    if step is None or is_settled(row):
        return []
    return [(VERB, _why_lacking(row) % {"step": step.title, "date": say_date(row.last_on) if row else ""})]


def _why_lacking(row: VillageNotice | None) -> str:
    if row is None:
        return _("“%(step)s” is not on record yet: it comes before acceptance.")
    if row.outcome == Outcome.RUNNING:
        return _("“%(step)s” hangs until %(date)s, this day included. When it is over, record what came of it; then it can be accepted.")
    return _("“%(step)s” ended with an objection that was upheld. It has to hang anew before acceptance.")


def note_village_notice(
    case: ServiceRequest, *, hang_on: date, last_on: date, place: str, by_whom: str, outcome: str, meeting: Meeting | None = None,
    by: User, now: datetime,
) -> VillageNotice:
    """From when to when it hung, where, who hung it, what came of it, and the meeting before it. It hung as long as the item says.

    While it hangs (`RUNNING`) the check on acceptance stands still. When it is over and nothing else is missing, a case that awaited
    it is complete.
    """
    if not place.strip() or not by_whom.strip():
        raise Refused(_("Write down where it hung and who hung it."))
    if outcome not in Outcome.values:
        raise Refused(_("Choose the outcome."))
    with change(VERB, case, by=by, now=now) as work:
        step = wanted(work.case)
        if step is None:
            raise Refused(_("This item asks for no notice of the village before acceptance."))
        _check_days(work, step, hang_on, last_on, outcome)
        words = {"place": place.strip(), "by_whom": by_whom.strip()}
        if asks_meeting(step):
            words |= _checked(meeting, hang_on)
        row = newest(work.case)
        if row is not None and (row.hang_on, row.last_on, row.outcome, words_of(work.case, row)) == (hang_on, last_on, outcome, words):
            raise AlreadyHandled(_("This is on record already."))
        row = VillageNotice.objects.create(
            service_request=work.case, hang_on=hang_on, last_on=last_on, outcome=outcome,
            sealed=persons.seal_for(work.case, words, "village_notice"), at=now, by=by,
        )  # fmt: skip
        work.facts.update(first_on=hang_on.isoformat(), last_on=last_on.isoformat(), village_outcome=outcome)
        if work.case.status != S.AWAITING_MATERIALS or still_to_come(work.case):
            work.to = work.case.status
        notices.tick(work)
    return row


def _check_days(work: Change, step: Step, hang_on: date, last_on: date, outcome: str) -> None:
    today = timezone.localdate(work.now)
    if outcome == Outcome.RUNNING and not hang_on <= today <= last_on:
        raise Refused(_("It still hangs: it was posted today or before, and its last day is today or later."))
    if outcome != Outcome.RUNNING and not hang_on <= last_on < today:
        raise Refused(_("It hung from a day to a later one, and both are past. While it hangs, choose “still hangs”."))
    _check_length(work.case, step, hang_on, last_on)


def _check_length(case: ServiceRequest, step: Step, hang_on: date, last_on: date) -> None:
    if not step.value or not step.unit:
        return
    _first, least = days.span(hang_on, step.value, step.unit, calendar_for(case.township_id))
    if last_on < least:
        said = {"amount": say_amount(step.value, step.unit), "date": say_date(least)}
        raise Refused(_("It hangs for %(amount)s, the day of posting not counted: until %(date)s at least.") % said)


def _checked(meeting: Meeting | None, hang_on: date) -> dict[str, str | int]:
    """The meeting to be sealed. 到会过半数同意 (村民委员会组织法 22, 28): without a majority nothing is posted."""
    if meeting is None or not meeting.result.strip():
        raise Refused(_("Write down the meeting: its day, how many came, how many were for it, and what was resolved."))
    if meeting.on > hang_on:
        raise Refused(_("The village meets first and posts then: the meeting was on the day of posting or before."))
    if not 0 <= meeting.in_favour <= meeting.present:
        raise Refused(_("No more can be for it than came."))
    if meeting.in_favour * 2 <= meeting.present:
        raise Refused(_("More than half of those who came have to be for it (Organic Law of Villagers' Committees, articles 22 and 28)."))
    return {
        "met_on": meeting.on.isoformat(), "present": meeting.present, "in_favour": meeting.in_favour, "result": meeting.result.strip(),
    }  # fmt: skip


def words_of(case: ServiceRequest, row: VillageNotice) -> dict:
    """Where, by whom, and the meeting; {} when the case was anonymised."""
    return persons.open_for(case, row.sealed, "village_notice") or {}


def meeting_of(said: dict) -> Meeting | None:
    """Of the words of a report; None where the item asks for no meeting, and of reports from before it was asked for."""
    if "met_on" not in said:
        return None
    return Meeting(date.fromisoformat(said["met_on"]), said["present"], said["in_favour"], said["result"])


def on_paper(case: ServiceRequest) -> str:
    """村级审议公示 as a paper says it; "" where the item has none or nothing settled is on record."""
    row = newest(case) if wanted(case) is not None else None
    if row is None or not is_settled(row):
        return ""
    said = words_of(case, row)
    met = meeting_of(said)
    parts = []
    if met is not None:
        on = wording.day(met.on)
        parts.append(f"{on}审议,到会{met.present}人、同意{met.in_favour}人,{met.result.rstrip('。')};")
    where = f"在{said['place']}" if said.get("place") else ""
    came = "期满无异议" if row.outcome == Outcome.NO_OBJECTION else "期内有异议,经核查不成立"
    return f"{''.join(parts)}{wording.day(row.hang_on)}至{wording.day(row.last_on)}{where}公示,{came}"
