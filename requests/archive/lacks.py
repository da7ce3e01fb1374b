"""缺件: what a volume should hold and does not. Asked when it is closed, shown as long as it is put together (domain 16.8, 4.3)."""

from django.utils.translation import gettext as _

from requests.archive import catalogue
from requests.documents import bodies
from requests.documents.contents import is_on_the_spot
from requests.documents.kinds import FORMS
from requests.materials import checklist
from requests.models import Document, MaterialReceipt, ServiceRequest, SupplementNotice, VolumeLine
from requests.supplement.papers import is_due_on_acceptance

K, S = Document.Kind, ServiceRequest.Status
State = MaterialReceipt.State
# What takes effect only when it reaches the person (送达回证, domain 4.3). An acceptance is signed for on its own face.
TO_BE_DELIVERED = frozenset({K.SUPPLEMENT, K.INTAKE_REFUSAL, K.SPECIAL_PROCEDURE, K.EXTENSION, K.DECISION, K.REFUSAL_DECISION})


def of(case: ServiceRequest, lines: list[VolumeLine]) -> list[str]:
    """Sentences, one for each thing that is missing."""
    return [
        *_papers(case), *_of_elsewhere(case, lines), *_deliveries(case), *_originals(case), *_materials(case),
        *_counted_as_missing(case, lines),
    ]  # fmt: skip


def _papers(case: ServiceRequest) -> list[str]:
    """Papers that must be there after the road this case took, and papers that were voided and not written again."""
    lacking = _papers_lacking(case)
    return [_("Not issued: %(paper)s.") % {"paper": FORMS[kind].name} for kind in FORMS if kind in lacking]


def _papers_lacking(case: ServiceRequest) -> set[str]:
    if case.kind != ServiceRequest.Kind.APPLICATION or case.origin == ServiceRequest.Origin.OLD_LEDGER:
        return set()
    there = set(case.documents.filter(void=None).values_list("kind", flat=True))
    wanted = _wanted(case) | set(case.documents.exclude(void=None).values_list("kind", flat=True))
    if K.DECISION in there:
        wanted.discard(K.ON_THE_SPOT)
    return wanted - there


def _wanted(case: ServiceRequest) -> set[str]:
    wanted = set() if _was_done_in_one_go(case) else {str(K.RECEIPT)}
    if case.accepted_at and is_due_on_acceptance(case):
        wanted.add(K.ACCEPTANCE)
    if case.status == S.INTAKE_REFUSED:
        wanted.add(K.INTAKE_REFUSAL)
    if case.decided_at is not None:
        wanted.add(_result(case))
    if case.forwarded_at is not None:
        wanted.add(K.FORWARDING)
    return {kind for kind in wanted if kind == K.RECEIPT or bodies.may_issue(case, kind)}


def wants_slip(case: ServiceRequest) -> bool:
    """收件并办结 gives no paper by itself: the slip is offered when the volume is begun."""
    return K.ON_THE_SPOT in _papers_lacking(case)


def _was_done_in_one_go(case: ServiceRequest) -> bool:
    """收件并受理, 收件并办结: accepted in the moment it was received, so no receipt for papers was due beside the other paper."""
    at = dict(case.events.filter(verb__in=("receive", "accept")).values_list("verb", "recorded_at"))
    return len(at) == 2 and at["receive"] == at["accept"]


def _result(case: ServiceRequest) -> str:
    if case.outcome == ServiceRequest.Outcome.REFUSED:
        return K.REFUSAL_DECISION
    return K.ON_THE_SPOT if is_on_the_spot(case) else K.DECISION


def _of_elsewhere(case: ServiceRequest, lines: list[VolumeLine]) -> list[str]:
    """Where a body elsewhere decides, its paper belongs into the file: entered with the result, or written in by hand."""
    if case.decided_at is None or case.edition_id is None or bodies.may_issue(case, _result(case)):
        return []
    there = any(line.kind in (VolumeLine.Kind.FORWARDING, VolumeLine.Kind.OTHER) for line in lines)
    return [] if there else [_("The decision of %(body)s is not in the list.") % {"body": bodies.issuer_of(case, _result(case))}]


def _deliveries(case: ServiceRequest) -> list[str]:
    signed = SupplementNotice.objects.filter(service_request=case, acknowledged_at__isnull=False, document__isnull=False)
    open_ones = case.documents.filter(void=None, deliveries=None, kind__in=TO_BE_DELIVERED).exclude(pk__in=signed.values("document"))
    return [
        _("No delivery is recorded: %(paper)s.") % {"paper": f"{FORMS[one.kind].name} {one}"} for one in open_ones.order_by("id")
    ]


def _originals(case: ServiceRequest) -> list[str]:
    """An original that has to go back is not put into a volume: it still lies in the drawer, or with the county."""
    return [
        _("Still held, not given back: %(what)s.") % {"what": line.name}
        for line in checklist(case)
        if line.original_held and line.state == State.IN
    ]


def _materials(case: ServiceRequest) -> list[str]:
    """Of what was accepted and decided, materials that never came (容缺后补 included)."""
    if case.decided_at is None:
        return []
    return [_("Never handed in: %(what)s.") % {"what": line.name} for line in checklist(case) if line.is_missing]


def _counted_as_missing(case: ServiceRequest, lines: list[VolumeLine]) -> list[str]:
    return [
        _("Counted as missing: %(what)s.") % {"what": line.title}
        for line in catalogue.shown(case, lines)
        if line.kept == VolumeLine.Kept.MISSING
    ]
