"""The figures of one day, always read fresh and from the same conditions as the lists behind them (domain 8.6, 14 no. 16).

    registered = settled + open
    settled    = solved on the spot + solved later + explained + told whose matter it is + withdrawn by the person

A case that is taken up again counts as open again. Voided slips of the clerk are in no figure.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from requests.models import Outing, OutingCase, ServiceRequest

S = ServiceRequest.Status
Outcome = ServiceRequest.Outcome
# An explanation solves nothing (domain 8.4): it is a line of its own.
_EXPLAINED = Q(service_request__outcome__in=(Outcome.EXPLAINED, Outcome.PARTLY, Outcome.ELSEWHERE))
_DONE = Q(service_request__status__in=(S.DECIDED, S.CLOSED))
_ELSEWHERE = Q(service_request__status__in=(S.NOT_OURS, S.INTAKE_REFUSED))
OPEN = Q(service_request__status__in=ServiceRequest.OPEN)
CELLS: dict[str, tuple[Any, Q]] = {
    "at_once": (_("Solved on the spot"), _DONE & ~_EXPLAINED & Q(at_once=True)),
    "later": (_("Solved later"), _DONE & ~_EXPLAINED & Q(at_once=False)),
    "explained": (_("Explained, or solved in part"), _DONE & _EXPLAINED),
    "elsewhere": (_("Not ours, told where to go"), _ELSEWHERE),
    "withdrawn": (_("Withdrawn by the person"), ~_DONE & ~_ELSEWHERE & ~OPEN),
    "open": (_("Not solved yet"), OPEN),
}
SOLVED = ("at_once", "later", "explained", "elsewhere", "withdrawn")
SUMS: dict[str, tuple[Any, Q]] = {"registered": (_("Registered"), Q()), "solved": (_("Settled"), ~OPEN)}
WHICH = SUMS | CELLS


def cases_of(outing: Outing) -> QuerySet[OutingCase]:
    return OutingCase.objects.filter(outing=outing).exclude(service_request__status=S.VOIDED)


@dataclass(frozen=True)
class Figures:
    """What the page of the day shows."""

    sent: int
    visits: int
    values: dict[str, int]

    def __getitem__(self, name: str) -> int:
        return self.values[name]

    @property
    def adds_up(self) -> bool:
        """Asked on the page itself: a figure that does not add up is said to be wrong, not shown as right."""
        solved = sum(self.values[name] for name in SOLVED)
        return self.values["solved"] == solved and self.values["registered"] == solved + self.values["open"]


def figures(outing: Outing) -> Figures:
    """Three queries, whatever the day has seen; every cell in one statement, so that they belong to the same moment."""
    found = cases_of(outing).order_by().aggregate(**{f"n_{name}": Count("pk", filter=condition) for name, (_l, condition) in WHICH.items()})
    visits = outing.visits.aggregate(n=Sum("people"))["n"] or 0
    return Figures(outing.sent.count(), visits, {name: found[f"n_{name}"] for name in WHICH})


@dataclass(frozen=True)
class PlaceLine:
    """One place of the day."""

    place: Any
    sent: int
    visits: int
    registered: int
    open: int


def by_place(outing: Outing) -> list[PlaceLine]:
    """The same figures place by place; what belongs to none stands in a last line, so that the columns add up too."""
    sent = _per_place(outing.sent.all(), Count("pk"))
    visits = _per_place(outing.visits.all(), Sum("people"))
    registered = _per_place(cases_of(outing), Count("pk"))
    still = _per_place(cases_of(outing).filter(OPEN), Count("pk"))
    places = list(outing.places.select_related("village"))
    if any(None in found for found in (sent, visits, registered)):
        places.append(None)
    key = [place.pk if place else None for place in places]
    return [PlaceLine(p, sent.get(k, 0), visits.get(k, 0), registered.get(k, 0), still.get(k, 0)) for p, k in zip(places, key, strict=True)]


def _per_place(rows: QuerySet, what: Any) -> dict[int | None, int]:
    return {row["place_id"]: row["n"] for row in rows.order_by().values("place_id").annotate(n=what)}
