"""Who sees which rows, and in which order they are worked: to check, to confirm, due reviews soonest first."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When

from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, rights
from officials.privacy.lookup import id_digest
from requests.models import Beneficiary, DeathReport, RollEvent, ServiceRequest
from requests.roll.rows import FAVOURABLE, State
from services.models import Edition

AHEAD = timedelta(days=30)
WORK = "work"
WHICH = (WORK, "check", "stopping", "late", "due", "incomplete", "running", "stopped")


def visible(user: Any) -> QuerySet[Beneficiary]:
    """The rows of the offices whose cases this person may see: only who handles the item knows who draws it."""
    offices = rights(user).where(HANDLE, HEAD, SUPERVISE, INSPECT)
    return Beneficiary.objects.filter(office_id__in=offices).select_related("key", "item", "edition", "village", "office")


def chosen(user: Any, which: str, today: date, item: str = "", village: str = "") -> QuerySet[Beneficiary]:
    found = visible(user).filter(_which(which, today))
    if item:
        found = found.filter(item__code=item)
    if village:
        found = found.filter(village__code=village)
    first = (When(~Q(check_for=""), then=Value(0)), When(state=State.STOPPING, then=Value(1)))
    rank = Case(*first, default=Value(2), output_field=IntegerField())
    return found.annotate(rank=rank).order_by("rank", F("next_review_on").asc(nulls_last=True), "pk")


def _which(which: str, today: date) -> Q:
    drawing = ~Q(state=State.STOPPED)
    due = Q(state=State.RUNNING, next_review_on__lte=today + AHEAD)
    match which:
        case "check":
            return drawing & ~Q(check_for="")
        case "stopping":
            return Q(state=State.STOPPING)
        case "late":
            return Q(state=State.RUNNING, next_review_on__lt=today)
        case "due":
            return due
        case "incomplete":
            return Q(state=State.RUNNING, standard="")
        case "running":
            return drawing
        case "stopped":
            return Q(state=State.STOPPED)
        case _:
            return drawing & (~Q(check_for="") | Q(state=State.STOPPING) | due)


def drawn_by(user: Any, id_number: str) -> list[Beneficiary]:
    """The rows of this person that `user` may see and that still draw; of other offices' rows nothing is told."""
    known = id_digest(id_number)
    return list(visible(user).filter(key__id_hmac=known).exclude(state=State.STOPPED)) if known else []


def reported_deaths(rows: list[Beneficiary]) -> dict[int, RollEvent]:
    """Of the rows that wait for a check: the latest report of a death, by the id of the row."""
    waiting = [row.pk for row in rows if row.check_for == Beneficiary.Check.DEATH]
    found = RollEvent.objects.filter(row__in=waiting, verb=RollEvent.Verb.DEATH_REPORTED).order_by("pk") if waiting else []
    return {event.row_id: event for event in found}


def counts(user: Any, today: date) -> dict[str, int]:
    return visible(user).aggregate(**{which: Count("pk", filter=_which(which, today)) for which in WHICH})


def deaths_not_checked(user: Any) -> QuerySet[ServiceRequest]:
    """Deaths registered here of which nobody has said yet who died: the roll was not checked."""
    offices = rights(user).where(HANDLE)
    registered = ServiceRequest.objects.filter(office_id__in=offices, edition__roll=Edition.Roll.DEATH, outcome__in=FAVOURABLE)
    return registered.exclude(pk__in=DeathReport.objects.exclude(service_request=None).values("service_request_id")).order_by("decided_at")
