"""响应率、解决率、满意率, each with what it is counted from (domain 8.4). Who was not reached or did not rate is in no denominator."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from requests.demands import verdicts
from requests.demands.moves import OUTCOMES
from requests.models import CallBack, Demand, ServiceRequest

S, Kind = ServiceRequest.Status, ServiceRequest.Kind
Grade = CallBack.Satisfaction
JUDGED = (Kind.DEMAND, Kind.UNSOLVED)
_OF_CASE = CallBack.objects.filter(service_request=OuterRef("pk"))
# Answered, and there is somebody to ask.
ASKED = Q(status__in=(S.DECIDED, S.CLOSED), outcome__in=OUTCOMES, kind__in=JUDGED, demand__is_anonymous=False)


@dataclass(frozen=True)
class Rate:
    """`part` of `whole`. Nothing counted yet is no zero."""

    label: str
    part: int
    whole: int
    counted: str  # what the denominator is

    @property
    def percent(self) -> str:
        return f"{100 * self.part / self.whole:.1f}%" if self.whole else "—"


def to_call_q() -> Q:
    """Answered demands whose person was neither asked nor given up since that answer."""
    settled = _OF_CASE.filter(Q(reached=True) | Q(gave_up=True), at__gte=OuterRef("decided_at"))
    return ASKED & ~Exists(settled)


def rates(cases: QuerySet[ServiceRequest], now: datetime) -> tuple[list[Rate], list[tuple[str, int]]]:
    """The rates of these demands, and how many are left out of them, in one query."""
    newest = _OF_CASE.filter(reached=True).order_by("-id")
    due = Q(demand__contact_due_at__isnull=False, demand__is_anonymous=False)
    found: dict[str, Any] = (
        cases.exclude(status=S.VOIDED)
        .order_by()
        .annotate(
            said=Subquery(newest.values("satisfaction")[:1]),
            is_solved=Subquery(newest.values("solved")[:1]),
            in_vain=Exists(_OF_CASE.filter(gave_up=True)),
        )
        .aggregate(
            due=Count("pk", filter=due & (Q(demand__contacted_at__isnull=False) | Q(demand__contact_due_at__lt=now))),
            in_time=Count("pk", filter=due & Q(demand__contacted_at__lte=F("demand__contact_due_at"))),
            asked=Count("pk", filter=Q(said__isnull=False) & ~Q(demand__sort=Demand.Sort.SUGGESTION)),
            solved=Count("pk", filter=Q(is_solved=True) & ~Q(demand__sort=Demand.Sort.SUGGESTION)),
            rated=Count("pk", filter=Q(said__in=verdicts.RATED)),
            good=Count("pk", filter=Q(said__in=verdicts.GOOD)),
            not_rated=Count("pk", filter=Q(said=Grade.NOT_RATED)),
            reached=Count("pk", filter=Q(said__isnull=False)),
            not_reached=Count("pk", filter=Q(said__isnull=True, in_vain=True)),
        )
    )
    rates = [
        Rate(_("Response rate"), found["in_time"], found["due"], _("people somebody had to contact by now")),
        Rate(_("Solved rate"), found["solved"], found["asked"], _("people reached afterwards, without suggestions")),
        Rate(_("Satisfaction rate"), found["good"], found["rated"], _("people who gave a grade")),
        Rate(_("Reach rate"), found["reached"], found["reached"] + found["not_reached"], _("people called until reached or given up")),
    ]
    return rates, [(_("Reached, not rated"), found["not_rated"]), (_("Not reached"), found["not_reached"])]
