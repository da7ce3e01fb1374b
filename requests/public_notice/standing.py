"""How a case stands to its public notice: what may be done now, what waits, and why it may not be decided yet."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from requests.models import NoticedCase, ServiceRequest
from requests.public_notice import rules
from requests.reasons import say_date

VERBS = ("begin_public_notice", "note_posted", "log_objection", "settle_objection", "end_public_notice")
Outcome = NoticedCase.Outcome
S = ServiceRequest.Status


@dataclass(frozen=True)
class Standing:
    """`is_expected`: the item has a notice at all. The rest is of the notice the case is on now, if any."""

    is_expected: bool
    line: NoticedCase | None = None
    open_objections: int = 0

    def is_pointless(self, name: str) -> bool:
        """What nobody could mean is not offered on the page."""
        if name not in VERBS:
            return False
        if name == "begin_public_notice":
            return not self.is_expected or self.line is not None
        if self.line is None:
            return True
        if name == "note_posted":
            return self.line.notice.posted_at is not None
        return name == "settle_objection" and not self.open_objections

    def not_yet(self, name: str) -> str:
        """Why the decision or the end of the notice has to wait."""
        if self.line is None or name not in ("decide", "end_public_notice"):
            return ""
        if self.open_objections:
            return _("An objection is not settled yet.")
        return _running_words(self.line.notice.last_on) if name == "decide" else ""


def of(case: ServiceRequest) -> Standing:
    """One question for items with a notice, one more while it runs; none for all others."""
    if case.kind != ServiceRequest.Kind.APPLICATION or case.edition is None or not (case.edition.public_notice or {}).get("required"):
        return Standing(False)
    line = NoticedCase.objects.filter(service_request=case, outcome=Outcome.RUNNING).select_related("notice").first()
    waiting = line.objections.filter(settled_at=None).count() if line else 0
    return Standing(not rules.why_none(case.edition), line, waiting)


def why_not_decide(case: ServiceRequest, outcome: str) -> str:
    """期内有异议的不得直接往下走 (domain 16.3); nothing is granted while the notice still hangs. "" where nothing is in the way."""
    standing = of(case)
    if standing.line is None:
        return ""
    if standing.open_objections:
        return _("An objection is not settled yet.")
    return "" if outcome == ServiceRequest.Outcome.REFUSED else _running_words(standing.line.notice.last_on)


def _running_words(last_on: date) -> str:
    return _("The public notice runs until %(date)s; its end has to be recorded first.") % {"date": say_date(last_on)}
