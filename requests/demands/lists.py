"""The lists of demands: what is to be dispatched, signed for, worked on, followed, told.

Registered = solved + ended otherwise + open, always. An explanation solves nothing: it is ended otherwise (domain 8.4, 8.6).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from requests.demands.figures import to_call_q
from requests.models import ServiceRequest
from requests.permissions import visible
from requests.reasons import say_moment

S, Kind, Outcome = ServiceRequest.Status, ServiceRequest.Kind, ServiceRequest.Outcome
COUNTED = ~Q(status=S.VOIDED)
PARTS: dict[str, tuple[Any, Q]] = {
    "dispatch": (_("To be dispatched"), Q(status=S.RECEIVED)),
    "sign": (_("To be signed for"), Q(status=S.DISPATCHED)),
    "work": (_("In work"), Q(status__in=(S.ACCEPTED, S.IN_HAND, S.AWAITING_MATERIALS))),
    "following": (_("Cannot be solved yet, followed"), Q(status=S.FOLLOWING)),
    "tell": (_("Answered, the person to be told"), Q(status=S.DECIDED)),
    "ended": (_("Ended"), Q(status__in=(S.CLOSED, S.NOT_OURS, S.WITHDRAWN, S.INTAKE_REFUSED))),
}
# An order has no person: its answer is checked.
TO_CHECK = _("Answered, to be checked")
# A part that lies across the others and is no term of the sum.
CALL = "call"
CALL_LABEL = _("To be called back")
OPEN_PARTS, SETTLED_PARTS = ("dispatch", "sign", "work", "following"), ("tell", "ended")
# 解决: what was asked for was done, or both parties agreed. Partly, explained, told where to go and withdrawn are no solution.
SOLVED = Q(outcome__in=(Outcome.SOLVED, Outcome.AGREED))
SETTLED = PARTS["tell"][1] | PARTS["ended"][1]


@dataclass(frozen=True)
class Balance:
    """登记 = 解决 + 其他了结 + 待解决; each is counted by its own condition."""

    parts: dict[str, int]
    registered: int
    solved: int
    otherwise: int

    @property
    def open(self) -> int:
        return sum(self.parts[name] for name in OPEN_PARTS)

    @property
    def adds_up(self) -> bool:
        settled = sum(self.parts[name] for name in SETTLED_PARTS)
        return self.registered == settled + self.open and settled == self.solved + self.otherwise


def balance(cases: QuerySet[ServiceRequest]) -> Balance:
    """The parts of these cases, each counted by its own condition, and the whole counted apart, in one query."""
    named = {f"n_{name}": Count("pk", filter=COUNTED & q) for name, (_label, q) in PARTS.items()}
    whole = Count("pk", filter=COUNTED)
    solved, otherwise = Count("pk", filter=SETTLED & SOLVED), Count("pk", filter=SETTLED & ~SOLVED)
    found = cases.order_by().aggregate(whole=whole, solved=solved, otherwise=otherwise, **named)
    return Balance({name: found[f"n_{name}"] for name in PARTS}, found["whole"], found["solved"], found["otherwise"])


def label_of(part: str, kind: str) -> Any:
    """What a part is called for this kind."""
    return TO_CHECK if part == "tell" and kind == Kind.ORDER else PARTS[part][0]


def demands_of(user: Any, kind: str) -> QuerySet[ServiceRequest]:
    """All of one kind that this person may know of."""
    return visible(user).filter(kind=kind)


def note_of(case: ServiceRequest, now: datetime) -> str:
    """What whoever reads the list has to know besides the date: by when the person is to be contacted, and whom nobody has told yet."""
    demand = getattr(case, "demand", None)
    if demand is None:
        return ""
    if case.status in (S.DISPATCHED, S.ACCEPTED) and demand.contact_due_at is not None and demand.contacted_at is None:
        sentence = _t("First contact by %(when)s, it is late") if demand.contact_due_at < now else _t("First contact by %(when)s")
        return sentence % {"when": say_moment(timezone.localtime(demand.contact_due_at))}
    if case.status == S.DECIDED and case.kind != Kind.ORDER and not demand.is_anonymous:
        return _t("Not told yet: say the answer first, then ask")
    return ""


def listed(cases: QuerySet[ServiceRequest], part: str) -> QuerySet[ServiceRequest]:
    """One part, soonest first; of those to be called back who waits longest."""
    if part == CALL:
        return cases.filter(to_call_q()).order_by("decided_at", "id")
    return cases.filter(COUNTED & PARTS[part][1]).order_by(F("due_at").asc(nulls_last=True), "id")
