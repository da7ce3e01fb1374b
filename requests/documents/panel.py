"""The papers of a case on its page: what was issued, where it is, what can be done with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils.translation import gettext as _

from officials.models import User
from requests import case_file, lifecycle
from requests.county import deciding
from requests.documents import bodies, contents
from requests.models import Document, ServiceRequest
from requests.panels import Panel
from requests.permissions import sees_in_full
from requests.village.mandates import mandate_of

K = Document.Kind
Outcome = ServiceRequest.Outcome
Kind = ServiceRequest.Kind


@dataclass(frozen=True)
class Row:
    """One paper: `print_url` is "" where its room prints it, or where the reader may not."""

    kind: str
    number: str
    at: str
    by: str
    print_url: str
    prints: int
    is_void: bool
    delivered: str
    sealed: int


@dataclass(frozen=True)
class Papers:
    rows: list[Row]
    actions: list[case_file.Action]


def panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    found = list(
        case.documents.select_related("by", "void")
        .prefetch_related("deliveries")
        .annotate(printed=Count("prints", distinct=True), uses=Count("seal_uses", distinct=True))
    )
    may_print = sees_in_full(user, case) and not case.anonymised_at
    actions = _actions(case, user, found)
    if not found and not actions:
        return None
    return Panel("requests/documents/_panel.html", Papers([_row(case, one, may_print) for one in found], actions))


def _row(case: ServiceRequest, document: Document, may_print: bool) -> Row:
    deliveries = list(document.deliveries.all())
    return Row(
        kind=_kind(case, document),
        number=str(document),
        at=case_file.moment(document.at),
        by=document.by.name,
        print_url=f"{case.get_absolute_url()}documents/{document.pk}.pdf" if may_print and document.kind != K.RECEIPT else "",
        prints=document.printed,
        is_void=hasattr(document, "void"),
        delivered=f"{deliveries[-1].get_manner_display()} {case_file.moment(deliveries[-1].delivered_at)}" if deliveries else "",
        sealed=document.uses,
    )


# Papers somebody may want, by the verb that writes them.
OFFERED: dict[str, Callable[[ServiceRequest], bool]] = {
    "issue_answer": lambda case: case.kind in (Kind.DEMAND, Kind.UNSOLVED) and not case.demand.is_anonymous,
    "issue_agreement": lambda case: case.kind == Kind.MEDIATION and case.outcome in ("", Outcome.AGREED),
    "issue_mediation_end": lambda case: case.kind == Kind.MEDIATION and case.outcome == Outcome.FAILED,
    "issue_mandate_done": lambda case: case.outcome != "" and mandate_of(case) is not None,
}


def _kind(case: ServiceRequest, document: Document) -> str:
    """The name on the paper: the list for a stationed office's window is 转交单, no 转报单."""
    if document.kind == K.FORWARDING and deciding.is_at_a_stationed_office(case):
        return _("list of what was handed over")
    return str(document.get_kind_display())


def _actions(case: ServiceRequest, user: User, found: list[Document]) -> list[case_file.Action]:
    """Only what makes sense for this case: no decision of ours where the county decides, no delivery of nothing."""
    standing = [one for one in found if one.kind != K.RECEIPT and not hasattr(one, "void")]
    names = [name for name, makes_sense in OFFERED.items() if makes_sense(case)]
    if case.outcome and case.outcome != Outcome.REFUSED and bodies.may_issue(case, K.DECISION):
        names.append("issue_decision")
    if case.status == lifecycle.S.DECIDED:
        names.append("issue_closing")
    if contents.is_on_the_spot(case):
        names.append("issue_on_the_spot")
    if standing:
        names += ["note_delivery", "issue_delivery", "void_document"]
    if any(one.seal for one in standing):
        names.append("use_seal")
    return case_file.offered(case, user, *names)
