"""The lists of demands: what is to be dispatched, signed for, worked on, followed, told. Registered = solved + open, always."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from requests.demands.figures import to_call_q
from requests.models import ServiceRequest
from requests.permissions import visible

S, Kind = ServiceRequest.Status, ServiceRequest.Kind
COUNTED = ~Q(status=S.VOIDED)
PARTS: dict[str, tuple[Any, Q]] = {
    "dispatch": (_("To be dispatched"), Q(status=S.RECEIVED)),
    "sign": (_("To be signed for"), Q(status=S.DISPATCHED)),
    "work": (_("In work"), Q(status__in=(S.ACCEPTED, S.IN_HAND, S.AWAITING_MATERIALS))),
    "following": (_("Cannot be solved yet, followed"), Q(status=S.FOLLOWING)),
    "tell": (_("Answered, the person to be told"), Q(status=S.DECIDED)),
    "ended": (_("Ended"), Q(status__in=(S.CLOSED, S.NOT_OURS, S.WITHDRAWN, S.INTAKE_REFUSED))),
}
# A part that lies across the others and is no term of the sum.
CALL = "call"
CALL_LABEL = _("To be called back")
OPEN_PARTS, SOLVED_PARTS = ("dispatch", "sign", "work", "following"), ("tell", "ended")


@dataclass(frozen=True)
class Balance:
    """登记 = 解决 + 待解决 (domain 8.6, design 13)."""

    parts: dict[str, int]
    registered: int

    @property
    def open(self) -> int:
        return sum(self.parts[name] for name in OPEN_PARTS)

    @property
    def solved(self) -> int:
        """Answered, shown the way or taken back: everything that nobody has to solve any more."""
        return sum(self.parts[name] for name in SOLVED_PARTS)

    @property
    def adds_up(self) -> bool:
        return self.registered == self.solved + self.open


def balance(cases: QuerySet[ServiceRequest]) -> Balance:
    """The parts of these cases, each counted by its own condition, and the whole counted apart, in one query."""
    named = {f"n_{name}": Count("pk", filter=COUNTED & q) for name, (_label, q) in PARTS.items()}
    found = cases.order_by().aggregate(whole=Count("pk", filter=COUNTED), **named)
    return Balance({name: found[f"n_{name}"] for name in PARTS}, found["whole"])


def demands_of(user: Any, kind: str) -> QuerySet[ServiceRequest]:
    """All of one kind that this person may know of."""
    return visible(user).filter(kind=kind)


def listed(cases: QuerySet[ServiceRequest], part: str) -> QuerySet[ServiceRequest]:
    """One part, soonest first; of those to be called back who waits longest."""
    if part == CALL:
        return cases.filter(to_call_q()).order_by("decided_at", "id")
    return cases.filter(COUNTED & PARTS[part][1]).order_by(F("due_at").asc(nulls_last=True), "id")
