"""Counts that always add up: every case lies in exactly one cell, and every sum is made of its cells.

    numbers given  = registered + voided
    registered     = on the way from a village + open + done + not accepted + not ours + withdrawn + counts as withdrawn + terminated
    open           = in time + late + without a date
    done           = in time + late + without a date

Each cell is one condition, used both to count and to list, so the list behind a number has that many rows.
Cases carried over from the paper ledger are counted apart (domain 16.7).
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q, QuerySet

from requests.models import ServiceRequest

S = ServiceRequest.Status
OPEN = Q(status__in=ServiceRequest.OPEN)
DONE = Q(status__in=(S.DECIDED, S.CLOSED))
DATED = Q(due_at__isnull=False)
OLD = Q(origin=ServiceRequest.Origin.OLD_LEDGER)
PARTS = {
    "given": ("registered", "voided"),
    "registered": ("on_the_way", "open", "done", "intake_refused", "not_ours", "withdrawn", "deemed_withdrawn", "terminated"),
    "open": ("open_in_time", "open_late", "open_undated"),
    "done": ("done_in_time", "done_late", "done_undated"),
}


def cells(now: datetime) -> dict[str, Q]:
    """The condition of every cell and of every sum. Late is what comes after the last second of the limit."""
    measured = DONE & DATED & Q(decided_at__isnull=False)
    return {
        "given": Q(),
        "registered": ~Q(status=S.VOIDED),
        "on_the_way": Q(status=S.AT_VILLAGE),
        "open": OPEN,
        "open_in_time": OPEN & Q(due_at__gte=now),
        "open_late": OPEN & Q(due_at__lt=now),
        "open_undated": OPEN & Q(due_at__isnull=True),
        "done": DONE,
        "done_in_time": measured & Q(decided_at__lte=F("due_at")),
        "done_late": measured & Q(decided_at__gt=F("due_at")),
        "done_undated": DONE & (Q(due_at__isnull=True) | Q(decided_at__isnull=True)),
        "intake_refused": Q(status=S.INTAKE_REFUSED),
        "not_ours": Q(status=S.NOT_OURS),
        "withdrawn": Q(status=S.WITHDRAWN),
        "deemed_withdrawn": Q(status=S.DEEMED_WITHDRAWN),
        "terminated": Q(status=S.TERMINATED),
        "voided": Q(status=S.VOIDED),
    }


@dataclass(frozen=True)
class Sums:
    """The cells of a set of cases, and how many old-ledger cases were left out of them."""

    values: dict[str, int]
    old_ledger: int

    def __getitem__(self, name: str) -> int:
        return self.values[name]

    @property
    def adds_up(self) -> bool:
        """Asked on the page itself: a figure that does not add up is said to be wrong, not shown as right."""
        return all(self.values[whole] == sum(self.values[part] for part in parts) for whole, parts in PARTS.items())


def sums(cases: QuerySet[ServiceRequest], now: datetime, *, old_ledger: bool = False) -> Sums:
    """All cells of these cases in one query. `old_ledger`: count those cases alone instead of leaving them out."""
    kept = OLD if old_ledger else ~OLD
    found = cases.order_by().aggregate(
        **{f"n_{name}": Count("pk", filter=kept & condition) for name, condition in cells(now).items()},
        n_old=Count("pk", filter=OLD),
    )
    return Sums({name: found[f"n_{name}"] for name in cells(now)}, found["n_old"])
