"""What is done with papers: issued on asking, sealed, delivered, voided. Each is a verb of the case and stands on its timeline."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import User
from officials.permissions import HEAD, rights
from requests import persons
from requests.documents import contents
from requests.documents.issuing import PLACE, issue
from requests.documents.paper import Paper
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.models import Delivery, Document, DocumentVoid, SealUse, ServiceRequest

Manner = Delivery.Manner


def issue_decision(case: ServiceRequest, *, content: str, basis: str, validity: str, by: User, now: datetime) -> Document:
    """决定书 of what was granted, confirmed or paid. Raises Refused where another body decides or the outcome was a refusal."""
    with change("issue_decision", case, by=by, now=now) as work:
        if work.case.outcome == ServiceRequest.Outcome.REFUSED:
            raise Refused(_("A refusal has a paper of its own, with reasons and remedies."))
        return issue_once(work, contents.decision(work.case, content, basis, validity))


def issue_closing(case: ServiceRequest, *, collect: str, collect_until: str, by: User, now: datetime) -> Document:
    """办结告知: that it is decided, and how the result is collected."""
    with change("issue_closing", case, by=by, now=now) as work:
        return issue_once(work, contents.closing(work.case, collect, collect_until))


def issue_on_the_spot(case: ServiceRequest, *, by: User, now: datetime) -> Document:
    """即时办结单: one sheet for what was received and finished at once."""
    with change("issue_on_the_spot", case, by=by, now=now) as work:
        if not contents.is_on_the_spot(work.case):
            raise Refused(_("This case was not finished on the spot."))
        return issue_once(work, contents.on_the_spot(work.case))


def issue_delivery(case: ServiceRequest, document: Document, *, manner: str, by: User, now: datetime) -> Document:
    """送达回证, with empty lines for place, time and signature, to be taken along to the person."""
    with change("issue_delivery", case, by=by, now=now) as work:
        _refuse_voided(document)
        return issue_once(work, contents.delivery(work.case, document, manner))


def issue_once(work: Change, paper: Paper) -> Document:
    """Inside a verb. The same words again are the paper that was issued before, and no second one."""
    parts = [part.frozen() for part in paper.parts if part.is_filled]
    for standing in work.case.documents.filter(kind=paper.kind, void=None):
        if (persons.open_for(work.case, standing.sealed, PLACE) or {}).get("parts") == parts:
            raise AlreadyHandled(_("The same paper was issued before: %(number)s. Print it again.") % {"number": standing})
    document = issue(work.case, paper, by=work.by, now=work.now)
    work.facts["document"], work.redate = str(document), False
    return document


def void_document(case: ServiceRequest, document: Document, *, reason: str, by: User, now: datetime) -> None:
    """作废 by a second person (domain 16.1). Number and text stay; the entries of the seal register are cancelled with it."""
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change("void_document", case, by=by, now=now) as work:
        _refuse_voided(document)
        if document.by_id == by.pk:
            raise Refused(_("A second person has to void it: you issued it yourself."))
        take_back(work, document, reason)
        work.facts["document"], work.redate = str(document), False
        work.words["text"] = reason


def take_back(work: Change, document: Document, reason: str) -> None:
    """The row that voids a paper, inside a verb that may: number and text stay, the entries of the seal register are cancelled."""
    DocumentVoid.objects.create(document=document, sealed=persons.seal_for(work.case, reason, "void"), at=work.now, by=work.by)
    for use in document.seal_uses.filter(cancels=None):
        SealUse.objects.create(
            document=document, seal=use.seal, copies=use.copies, approved_by=use.approved_by, cancels=use, at=work.now, by=work.by
        )


def use_seal(case: ServiceRequest, document: Document, *, copies: int, approved_by: User, by: User, now: datetime) -> None:
    """用印登记: each use of a seal with the paper, the copies, who used it and who let it be used (domain 16.8)."""
    with change("use_seal", case, by=by, now=now) as work:
        _refuse_voided(document)
        if not document.seal:
            raise Refused(_("This paper bears no seal of ours."))
        if not rights(approved_by).has(HEAD, work.case.office_id):
            raise Refused(_("%(name)s may not approve the use of a seal here.") % {"name": approved_by})
        last = document.seal_uses.filter(by=by, copies=copies, approved_by=approved_by).order_by("-id").first()
        if last is not None and now - last.at < _A_MOMENT:
            raise AlreadyHandled(_("This use of the seal is registered already."))
        SealUse.objects.create(document=document, seal=document.seal, copies=copies, approved_by=approved_by, at=now, by=by)
        work.facts.update(document=str(document), copies=copies)
        work.redate = False


_A_MOMENT = timezone.timedelta(minutes=1)  # the same entry again within it is a form sent twice


@dataclass(frozen=True)
class Proof:
    """送达: how, when and to whom a paper went. Left at the place only with the reason of the refusal and a witness."""

    manner: str
    delivered_at: datetime
    receiver: str = ""
    relation: str = ""
    place: str = ""
    refusal: str = ""
    witness: str = ""

    def check(self, now: datetime) -> None:
        """Raises Refused with the sentence of what is missing."""
        if self.manner not in Manner.values:
            raise Refused(_("Choose how it was delivered."))
        if self.delivered_at > now:
            raise Refused(_("A paper is delivered after it was issued, and not in the future."))
        if self.manner == Manner.LEFT and not (self.refusal.strip() and self.witness.strip()):
            raise Refused(_("Left at the place: write down why it was refused and who saw it."))
        if self.manner in (Manner.DIRECT, Manner.ENTRUSTED) and not self.receiver.strip():
            raise Refused(_("Write down who signed for it."))


def note_delivery(case: ServiceRequest, document: Document, *, by: User, now: datetime, **said: Any) -> None:
    """送达 of one paper; `said` are the fields of `Proof`. The result itself is delivered by `verbs.close`, with its paper."""
    proof = Proof(**said)
    proof.check(now)
    with change("note_delivery", case, by=by, now=now) as work:
        _refuse_voided(document)
        same = document.deliveries.filter(manner=proof.manner, delivered_at=proof.delivered_at)
        if any((persons.open_for(case, one.sealed, "delivery") or {}).get("receiver", "") == proof.receiver.strip() for one in same):
            raise AlreadyHandled(_("This delivery is recorded already."))
        write_delivery(work, document, proof)
        work.redate = False


def write_delivery(work: Change, document: Document, proof: Proof) -> None:
    """The row of the delivery of one paper, inside a verb that has checked the proof."""
    if proof.delivered_at < document.at.replace(second=0, microsecond=0):
        raise Refused(_("A paper is delivered after it was issued, and not in the future."))
    said = {name: getattr(proof, name) for name in ("receiver", "relation", "place", "refusal", "witness")}
    Delivery.objects.create(
        document=document,
        manner=proof.manner,
        delivered_at=proof.delivered_at,
        sealed=persons.seal_for(work.case, {key: words for key, words in said.items() if words.strip()}, "delivery"),
        at=work.now,
        by=work.by,
    )
    on = timezone.localdate(proof.delivered_at).isoformat()
    work.facts.update(document=str(document), manner=str(proof.manner), on=on)


def deliver_result(work: Change, proof: Proof) -> None:
    """The paper of the decision goes with the result: one act, one record (domain 4.3). What was delivered before stays as it is."""
    proof.check(work.now)
    for document in work.case.documents.filter(kind__in=contents.RESULTS, void=None, deliveries=None):
        write_delivery(work, document, proof)
    work.facts["manner"] = str(proof.manner)
    work.words["receiver"] = proof.receiver


def _refuse_voided(document: Document) -> None:
    if DocumentVoid.objects.filter(document=document).exists():
        raise Refused(_("This paper was voided."))
