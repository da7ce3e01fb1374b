"""不予: by whom, on what basis, and what the applicant can do about it. And 终止, where nothing is left to decide.

Which law a refusal rests on follows from the type of the item: 行政许可法 38 is about permits and says nothing of a subsidy.
A body that may not refuse does not: what the county decides is entered with the county's paper (domain 14, no. 13 and 14).
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import models
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.models import User
from requests import messages
from requests.documents import Paper, Part, bodies, issue
from requests.lifecycle import Change, Refused, change, end
from requests.materials import held_originals
from requests.models import Document, ServiceRequest, outcome_words
from requests.printing import wording
from services.models import Edition

Outcome = ServiceRequest.Outcome
Type = Edition.ItemType
K = Document.Kind
PERMIT_LAW = "行政许可法"
# The codes a decision may be stored under, by the type of the item; what is offered is the first of them and the refusal. There is
# one "yes" for an item, and its word is the item's, whichever code a case of before carries.
OUTCOMES: dict[str, tuple[str, ...]] = {
    Type.PERMIT: (Outcome.GRANTED, Outcome.REFUSED),
    Type.PAYMENT: (Outcome.PAID, Outcome.CONFIRMED, Outcome.REFUSED),
    Type.CONFIRMATION: (Outcome.CONFIRMED, Outcome.REFUSED),
    Type.REWARD: (Outcome.GRANTED, Outcome.REFUSED),
    Type.OTHER_POWER: (Outcome.GRANTED, Outcome.CONFIRMED, Outcome.REFUSED),
    Type.PUBLIC_SERVICE: (Outcome.CONFIRMED, Outcome.GRANTED, Outcome.REFUSED),
}


class Cause(models.TextChoices):
    """Why a case is terminated: nothing is decided any more, and it is nobody's fault."""

    DIED = "died", gettext_lazy("the applicant died, or the body was dissolved")
    OBJECT_GONE = "object_gone", gettext_lazy("what was applied for exists no more")
    LAW = "law", gettext_lazy("a legal obstacle: the matter may not be decided now")
    OTHER = "other", gettext_lazy("another legal reason")


@dataclass(frozen=True)
class Grounds:
    """On what a refusal rests. `facts`: what was found; `reasons`: why that is not enough; `basis`: the rule."""

    facts: str = ""
    reasons: str = ""
    basis: str = ""


@dataclass(frozen=True)
class TheirPaper:
    """The decision of a body elsewhere: the number of its paper and the day of it."""

    number: str = ""
    on: date | None = None


def outcomes_of(edition: Edition | None) -> tuple[str, ...]:
    """What is offered as the outcome of a case under this edition: one "yes" and the refusal."""
    if outcome_words.is_disclosure(edition):
        return codes_of(edition)  # 部分公开 (政府信息公开条例 37) is neither
    return (codes_of(edition)[0], Outcome.REFUSED)


def codes_of(edition: Edition | None) -> tuple[str, ...]:
    """Under which codes the outcome of a case may be stored."""
    return OUTCOMES.get(edition.item_type if edition else "", OUTCOMES[Type.PUBLIC_SERVICE])


def outcome_word(edition: Edition | None, code: str) -> str:
    """The word of this item for the code of an outcome."""
    said = outcome_words.words(edition, code)
    return str(said if said is not None else Outcome(code).label)


def basis_words(edition: Edition | None) -> str:
    """The rule by which a refusal has to give its reasons: only permits are under 行政许可法 38."""
    if edition is not None and edition.item_type == Type.PERMIT:
        return _("A refusal states its reasons in writing (行政许可法 38).")
    return _("A refusal states facts, reasons and basis; the basis is the rule of this item.")


def check_grounds(case: ServiceRequest, grounds: Grounds) -> None:
    """Raises Refused when something is missing, or when a law is cited that does not govern this item."""
    if not grounds.reasons.strip():
        raise Refused(basis_words(case.edition))
    if case.edition.item_type != Type.PERMIT and PERMIT_LAW in f"{grounds.basis}{grounds.reasons}":
        raise Refused(
            _("The law on permits does not govern this item (%(type)s). Cite the rule of the item.")
            % {"type": case.edition.get_item_type_display()}
        )


def who_refuses(case: ServiceRequest, kind: str) -> str:
    """The body elsewhere that alone may refuse this; "" where it is ours to refuse."""
    return "" if bodies.may_issue(case, kind) else bodies.issuer_of(case, kind)


def check_authority(case: ServiceRequest, kind: str, paper: TheirPaper, now: datetime) -> str:
    """Raises Refused where a body elsewhere decides and its paper is not named. Returns that body, or ""."""
    body = who_refuses(case, kind)
    if body and not (paper.number.strip() and paper.on):
        raise Refused(
            _("%(body)s decides this, not the township. Pass the case on; once it has refused, enter number and date of its decision.")
            % {"body": body}
        )
    if paper.on and paper.on > timezone.localdate(now):
        raise Refused(_("The date of the decision lies in the future."))
    return body


def write_refusal(work: Change, kind: str, grounds: Grounds, paper: TheirPaper, *, where: str = "") -> None:
    """Facts and words of the event, and our own paper where it is ours to write. Call after the checks."""
    case = work.case
    body = check_authority(case, kind, paper, work.now)
    work.words.update(found=grounds.facts, text=grounds.reasons, basis=grounds.basis, where=where)
    if body:
        work.facts.update(decided_by=body, their_number=paper.number.strip(), their_on=paper.on.isoformat())
        return
    parts = [Part("item", "事项", case.edition.name)]
    if kind == K.REFUSAL_DECISION:
        parts.append(Part("facts", "查明的事实", grounds.facts or grounds.reasons))
    parts += [Part("reasons", "理由", grounds.reasons), Part("basis", "依据", grounds.basis or rule_of(case))]
    parts.append(Part("operative", "决定", operative(case, kind)))
    if kind == K.INTAKE_REFUSAL:
        parts.append(Part("where", "应向何处提出", where or "本事项不予受理,材料退还;情况变化后可以再次申请"))
    parts.append(Part("remedies", "救济途径和期限", remedies(case)))
    work.facts["document"] = issue(case, Paper(kind=kind, parts=tuple(parts)), by=work.by, now=work.now).number


def operative(case: ServiceRequest, kind: str) -> str:
    """The sentence by which it is refused: what stands above it only says why."""
    with translation.override("zh-hans"):
        word = "不予受理" if kind == K.INTAKE_REFUSAL else outcome_word(case.edition, Outcome.REFUSED)
    return f"对您(单位)于{wording.plain_day(case.received_at)}提出的“{case.edition.name}”申请,决定{word}。"


def rule_of(case: ServiceRequest) -> str:
    """The rules the pinned edition names; what a refusal rests on when nothing nearer is said."""
    named = "、".join(row.text for row in case.edition.bases.all())
    return named or case.edition.legal_basis or f"{case.edition.name}办事指南所列受理条件"


def remedies(case: ServiceRequest) -> str:
    """复议60日、诉讼6个月 (行政复议法 20, 行政诉讼法 46). Left out, the time to object would be a year (domain 4.3).

    What the item says of its own (mediation is no administrative act, disclosure goes to review first) stands in front.
    """
    edition = case.edition
    said = [f"{edition.review_note.rstrip('。')}。"] if edition.review_note else []
    if edition.review_bodies:
        said.append(
            f"不服本决定的,可以自收到本决定书之日起60日内向{edition.review_bodies}申请行政复议;"
            "提起行政诉讼的,应当自知道或者应当知道之日起6个月内向有管辖权的人民法院提出。"
        )
    elif not said:
        said.append(
            "不服本决定的,可以自收到本决定书之日起60日内向作出决定机关的上一级行政机关或者本级人民政府申请行政复议;"
            "提起行政诉讼的,应当自知道或者应当知道之日起6个月内向有管辖权的人民法院提出。"
        )
    return "".join(said)


def refuse_intake(
    case: ServiceRequest, *, reason: str, basis: str = "", where: str = "", paper: TheirPaper | None = None, by: User, now: datetime
) -> None:
    """不予受理, with reason, basis, where to go instead and the remedies (行政许可法 32 for permits; 否定报备)."""
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    grounds = Grounds(reasons=reason, basis=basis)
    check_grounds(case, grounds)
    with change("refuse_intake", case, by=by, now=now) as work:
        end(work)
        work.facts["originals_held"] = len(held_originals(work.case))
        write_refusal(work, K.INTAKE_REFUSAL, grounds, paper or TheirPaper(), where=where)
        messages.tell(work, "refuse_intake")


def terminate(case: ServiceRequest, cause: str, *, reason: str, basis: str, by: User, now: datetime) -> None:
    """终止 by the head: the applicant died, the object is gone, the law stands in the way. Originals go back."""
    if cause not in Cause.values:
        raise Refused(_("Choose the cause."))
    if not reason.strip() or not basis.strip():
        raise Refused(_("Terminating a case needs its reason and its basis."))
    with change("terminate", case, by=by, now=now) as work:
        end(work)
        work.words.update(text=reason, basis=basis)
        work.facts.update(ended_because=cause, originals_held=len(held_originals(work.case)))
        if cause != Cause.DIED:  # nobody writes to the dead
            messages.tell(work, "terminated")
