"""The papers of demands and mediations, each a verb: written where the person wants one on paper, from what the case knows."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from officials.models import User
from requests import persons
from requests.demands import papers
from requests.documents.verbs import issue_once
from requests.lifecycle import Refused, change
from requests.models import Document, ServiceRequest

Outcome = ServiceRequest.Outcome


def issue_answer(
    case: ServiceRequest, *, asked: str, facts: str, handling: str, basis: str, where: str, by: User, now: datetime
) -> Document:
    """答复意见书. What is not of this level needs the place and the phone; of others it says where to object."""
    with change("issue_answer", case, by=by, now=now) as work:
        if not persons.person_of(work.case).name:
            raise Refused(_("Nobody gave a name here: there is nobody to whom it could be addressed."))
        paper = papers.answer(work.case, asked=asked, facts=facts, handling=handling, basis=basis, where=where)
        return issue_once(work, paper)


def issue_agreement(
    case: ServiceRequest, *, dispute: str, agreed: str, manner: str, perform_by: date | None = None, by: User, now: datetime
) -> Document:
    """调解协议书, to be signed by both and sealed by the committee: before the agreement is entered, or after."""
    with change("issue_agreement", case, by=by, now=now) as work:
        if work.case.outcome not in ("", Outcome.AGREED):
            raise Refused(_("No agreement came about here."))
        others = said_at(work.case, "name_mediator").get("others", "")
        paper = papers.agreement(work.case, dispute=dispute, agreed=agreed, manner=manner, perform_by=perform_by, others=others)
        # What was written is not typed again where the agreement is entered.
        work.words["agreed"], work.words["perform_by"] = agreed, perform_by.isoformat() if perform_by else ""
        return issue_once(work, paper)


def issue_mediation_end(case: ServiceRequest, *, dispute: str, reason: str, ways: str, by: User, now: datetime) -> Document:
    """That it ended without an agreement, with the other ways: arbitration, the authorities, the court."""
    with change("issue_mediation_end", case, by=by, now=now) as work:
        if work.case.outcome != Outcome.FAILED:
            raise Refused(_("An agreement came about here, or it was taken back."))
        return issue_once(work, papers.end_without_agreement(work.case, dispute=dispute, reason=reason, ways=ways))


def said_at(case: ServiceRequest, verb: str) -> dict[str, str]:
    """The words of the newest event of this verb, to begin a paper with; {} where there is none."""
    event = case.events.filter(verb=verb).order_by("-id").first()
    return (persons.open_for(case, event.sealed, "event") or {}) if event else {}
