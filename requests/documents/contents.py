"""What the papers say that belong to no other room: decision, notice of the result, slip of what was done at once, proof of delivery."""

from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from requests import particulars, persons
from requests.documents import bodies
from requests.documents.paper import Paper, Part
from requests.item_needs import helps_first
from requests.models import Delivery, Document, ServiceRequest
from requests.printing import wording
from services.models import Edition

K = Document.Kind
# The papers in which it is decided; they go to the person with the result.
RESULTS = (K.DECISION, K.REFUSAL_DECISION)
# To be filled in by hand where the paper is signed.
BY_HAND = "________________"


def item(case: ServiceRequest) -> Part:
    return Part("item", "事项", text=case.title)


def decided(case: ServiceRequest) -> str:
    """What was decided, as it stands in the case: outcome, item, the words of whoever decided (a sum, a term), name of the result.

    The beginning of 决定内容, for the official to read over before it is printed.
    """
    event = case.events.filter(verb__in=("decide", "finish_on_the_spot")).order_by("-id").first()
    said = (persons.open_for(case, event.sealed, "event") or {}).get("text", "") if event is not None else ""
    with translation.override("zh-hans"):
        outcome = str(case.get_outcome_display())
    result = f"办理结果:{case.edition.result_name}。" if case.edition.result_name else ""
    lines = [f"{label}:{words}" for label, words in particulars.written(case)]
    return "\n".join(line for line in (f"{outcome}您(单位)申请的“{case.edition.name}”。", *lines, said.strip(), result) if line)


def decision(case: ServiceRequest, content: str, basis: str, validity: str) -> Paper:
    return Paper(
        kind=K.DECISION,
        parts=(
            item(case),
            Part("opening", text=f"您(单位)于{wording.plain_day(case.received_at)}提出的申请,经审查,决定如下:"),
            Part("content", "决定内容", text=content),
            Part("basis", "依据", text=basis),
            Part("validity", "有效期", text=validity),
        ),
    )


def closing(case: ServiceRequest, collect: str, collect_until: str) -> Paper:
    with translation.override("zh-hans"):
        outcome = str(case.get_outcome_display())
    return Paper(
        kind=K.CLOSING,
        parts=(
            item(case),
            Part("outcome", "办理结果", text=outcome),
            Part("decided_on", "办结日期", text=wording.day(case.decided_at) if case.decided_at else ""),
            Part("collect", "领取方式", text=collect),
            Part("collect_until", "领取期限", text=collect_until),
        ),
    )


def is_on_the_spot(case: ServiceRequest) -> bool:
    return case.edition_id is not None and case.edition.handling == Edition.Handling.ON_THE_SPOT and case.decided_at is not None


def is_on_paper(edition: Edition) -> bool:
    """Is the result a paper (文书、证照)? The catalogue says 电子… where it is none."""
    return not edition.result_kind.startswith("电子")


@dataclass(frozen=True)
class ResultPaper:
    """What is still to be done with the paper of the decision before it is handed over: the sentence, and the verb that does it.

    `may_do_without`: the result is no paper (电子…), or was given first and written afterwards (先行救助).
    """

    sentence: str = ""
    verb: str = ""
    may_do_without: bool = False

    @property
    def is_in_the_way(self) -> bool:
        return bool(self.sentence) and not self.may_do_without


def result_paper(case: ServiceRequest) -> ResultPaper:
    """Nothing where another body writes the decision, or where it was done at once with a slip of its own."""
    kind = K.REFUSAL_DECISION if case.outcome == ServiceRequest.Outcome.REFUSED else K.DECISION
    is_ours = case.kind == ServiceRequest.Kind.APPLICATION and case.edition is not None and case.outcome != ""
    if not is_ours or case.origin == ServiceRequest.Origin.OLD_LEDGER or is_on_the_spot(case) or not bodies.may_issue(case, kind):
        return ResultPaper()
    may_do_without = not is_on_paper(case.edition) or helps_first(case.edition)
    document = case.documents.filter(kind=kind, void=None).order_by("-id").first()
    if document is None:
        return ResultPaper(_("The decision is not written yet."), "issue_decision", may_do_without)
    sentences, said = [], {"paper": f"{document.get_kind_display()} {document}"}
    if not document.prints.exists():
        sentences.append(_("%(paper)s is not printed yet: print it below.") % said)
    is_sealed = not document.seal or document.seal_uses.exists()
    if not is_sealed:
        sentences.append(_("%(paper)s has no seal yet: have it sealed and register it.") % said)
    return ResultPaper(" ".join(sentences), "" if is_sealed else "use_seal", may_do_without)


def is_decision_due(case: ServiceRequest) -> bool:
    """Is the paper of a favourable decision ours to write, and not written yet? What is done at once has a slip of its own."""
    if case.status != ServiceRequest.Status.DECIDED or case.outcome in ("", ServiceRequest.Outcome.REFUSED) or is_on_the_spot(case):
        return False
    return bodies.may_issue(case, K.DECISION) and not case.documents.filter(kind=K.DECISION, void=None).exists()


def on_the_spot(case: ServiceRequest) -> Paper:
    with translation.override("zh-hans"):
        outcome = str(case.get_outcome_display())
    return Paper(
        kind=K.ON_THE_SPOT,
        parts=(
            item(case),
            Part("received_at", "收件时间", text=wording.moment(case.received_at)),
            Part("decided_at", "办结时间", text=wording.moment(case.decided_at)),
            Part("outcome", "办理结果", text=outcome),
        ),
    )


def delivery(case: ServiceRequest, document: Document, manner: str) -> Paper:
    """Prefilled as far as it is known; the rest is written where the person signs."""
    with translation.override("zh-hans"):
        how = str(Delivery.Manner(manner).label) if manner else BY_HAND
        what = f"{document.get_kind_display()} {document}"
    return Paper(
        kind=K.DELIVERY,
        parts=(
            item(case),
            Part("document", "送达文书及文号", text=what),
            Part("manner", "送达方式", text=how),
            Part("place", "送达地点", text=BY_HAND),
            Part("delivered_at", "送达时间", text="______年____月____日____时"),
            Part("receiver", "签收人及与受送达人关系", text=BY_HAND),
            Part("refusal", "拒收理由与见证人", text=BY_HAND),
            Part("deliverer", "送达人", text=BY_HAND),
        ),
        signatures=("受送达人或代收人签名(指印)", "送达人签名"),
        copies="",
    )
