"""How a case stands to its public notice: what may be done now, what waits, and why it may not go on yet.

A notice the item wants is over, without an objection that stands, before the township decides, or before the file goes to the
county where the county decides (domain 16.3). Nothing hangs for a minor, and then nothing is waited for.
"""

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from officials.privacy.identity import id_birth_date
from requests import persons
from requests.county import deciding
from requests.item_needs import is_notice
from requests.joint import plan
from requests.models import Event, NoticedCase, ServiceRequest
from requests.public_notice import rules
from requests.reasons import say_date
from services.models import Edition, Step

VERBS = ("begin_public_notice", "note_posted", "log_objection", "settle_objection", "end_public_notice", "waive_public_notice")
DECIDE, FORWARD = "decide", "forward"
Outcome = NoticedCase.Outcome
CLEAR = (Outcome.NO_OBJECTION, Outcome.NOT_UPHELD)
S = ServiceRequest.Status
_AFTER = re.compile("(批准|发放|决定|确认|办结)后")


@dataclass(frozen=True)
class Standing:
    """`is_expected`: the item has a notice at all. The rest is of the notice the case is on now, if any."""

    is_expected: bool
    line: NoticedCase | None = None
    open_objections: int = 0
    # The verb that has to wait for a notice nobody began yet, and why; "" where nothing is waited for.
    waits: str = ""
    why: str = ""
    may_be_waived: bool = False
    # The newest line of a notice that is over.
    over: NoticedCase | None = None
    # It was granted, and the item has its notice behind that (发放后补公示): nothing has hung yet.
    is_due_after: bool = False

    def is_pointless(self, name: str) -> bool:
        """What nobody could mean is not offered on the page."""
        if name not in VERBS:
            return False
        if name == "begin_public_notice":
            # What hung without an objection that stands does not hang a second time.
            is_done = self.over is not None and self.over.outcome in CLEAR
            return not self.is_expected or self.line is not None or is_done
        if name == "waive_public_notice":
            return not self.may_be_waived
        if self.line is None:
            return True
        if name == "note_posted":
            return self.line.notice.posted_at is not None
        return name == "settle_objection" and not self.open_objections

    def not_yet(self, name: str, today: date) -> str:
        """Why the decision, the way to the county or the end of the notice has to wait. Before the notice has begun neither decision nor
        way is closed: what is to be refused hangs nowhere.
        """
        if self.line is None or name not in (DECIDE, FORWARD, "end_public_notice"):
            return ""
        if self.open_objections:
            return _("An objection is not settled yet.")
        last_on = self.line.notice.last_on
        if name != "end_public_notice":
            return _running_words(last_on)
        return _("It hangs until %(date)s, that day included.") % {"date": say_date(last_on)} if today <= last_on else ""


def of(case: ServiceRequest) -> Standing:
    """Two questions for items with a notice, none for all others."""
    if case.kind != ServiceRequest.Kind.APPLICATION or case.edition is None or not (case.edition.public_notice or {}).get("required"):
        return Standing(False)
    lines = list(NoticedCase.objects.filter(service_request=case).select_related("notice").order_by("id"))
    line = next((one for one in lines if one.outcome == Outcome.RUNNING), None)
    if line is not None:
        return Standing(not rules.why_none(case.edition), line, line.objections.filter(settled_at=None).count())
    over = lines[-1] if lines else None
    if case.outcome == ServiceRequest.Outcome.REFUSED:
        return Standing(False, over=over)  # what was refused hangs nowhere
    waits = needed_before(case.edition)
    if not waits or case.status not in (S.ACCEPTED, S.IN_HAND):
        is_expected = not rules.why_none(case.edition)
        is_after = is_expected and over is None and case.status in (S.DECIDED, S.CLOSED) and hangs_after(case.edition)
        return Standing(is_expected, over=over, is_due_after=is_after)
    why, may_be_waived = _why_waiting(case, over.outcome if over is not None else Outcome.RUNNING)
    return Standing(True, None, 0, waits if why else "", why, may_be_waived, over)


def _why_waiting(case: ServiceRequest, ended: str) -> tuple[str, bool]:
    """Why it has to wait while nothing hangs, and whether somebody may say that nothing will; ("", False) where nothing is lacking."""
    if ended in CLEAR:
        return "", False
    if ended == Outcome.UPHELD:
        return _("An objection to the public notice was upheld: it is not granted, or hangs anew."), False
    if was_waived(case):
        return "", False
    born = id_birth_date(persons.person_of(case).id_number)
    return _("The public notice comes first: it has to hang and to end without objection."), born is None


def needed_before(edition: Edition) -> str:
    """The verb that waits for the notice: "forward" where the county decides, else "decide"; "" where it hangs before acceptance,
    after the decision or with the county, or where the item has none.
    """
    if rules.why_none(edition):
        return ""
    named = [step for step in edition.steps.all() if is_notice(step)]
    running = [step for step in named if step.counts not in (Step.Counts.BEFORE, Step.Counts.AFTER)]
    if named and not running or not named and _is_outside(edition):
        return ""
    if not deciding.is_decided_by_county(edition):
        return DECIDE
    is_ours = not running or any(step.level in plan.OWN_LEVELS for step in running)
    return FORWARD if is_ours else ""


def was_waived(case: ServiceRequest) -> bool:
    """Hangs nothing because the applicant is a minor: by the number of the identity card, or because somebody said so?"""
    born = id_birth_date(persons.person_of(case).id_number)
    if born is not None:
        return rules.is_minor(born, case.received_at)
    return Event.objects.filter(service_request=case, verb="waive_public_notice").exists()


def hangs_after(edition: Edition) -> bool:
    """Has the item a notice behind the decision? Its step says so, or the words of the notice itself (批准后, 发放后)."""
    if _AFTER.search((edition.public_notice or {}).get("stage") or ""):
        return True
    return any(is_notice(step) and step.counts == Step.Counts.AFTER for step in edition.steps.all())


def _is_outside(edition: Edition) -> bool:
    return (edition.public_notice.get("counted_basis") or {}).get("kind") == "期限之外"


def why_not(case: ServiceRequest, name: str, *, is_favourable: bool) -> str:
    """期内有异议的不得直接往下走 (domain 16.3). "" where nothing is in the way of `name`, decide or forward.

    What is not favourable needs no notice: only what is to be granted hangs.
    """
    standing = of(case)
    if standing.line is None:
        return standing.why if is_favourable and standing.waits == name else ""
    if standing.open_objections:
        return _("An objection is not settled yet.")
    return _running_words(standing.line.notice.last_on) if is_favourable else ""


def _running_words(last_on: date) -> str:
    return _("The public notice runs until %(date)s; its end has to be recorded first.") % {"date": say_date(last_on)}
