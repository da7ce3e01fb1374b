"""Counts around the telling, each by itself: 按原因分开统计,不合成一个“补正率”考核人 (domain 16.11)."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, QuerySet

from requests.models import SupplementNotice, TurnedAway

Cause = SupplementNotice.Cause


def second_notices(offices: Collection[int], since: datetime, until: datetime) -> QuerySet[SupplementNotice]:
    """Second lists that were told in this time for cases of these offices: `since` included, `until` not."""
    return SupplementNotice.objects.filter(
        state=SupplementNotice.State.TOLD, ordinal__gt=1, told_at__gte=since, told_at__lt=until, service_request__office_id__in=offices
    )


def by_cause(offices: Collection[int], since: datetime, until: datetime) -> dict[str, int]:
    """Every cause with its count, 0 too."""
    counted = second_notices(offices, since, until).order_by().values("cause").annotate(n=Count("pk"))
    found = {row["cause"]: row["n"] for row in counted}
    return {cause: found.get(cause, 0) for cause in Cause.values}


def faults(offices: Collection[int], since: datetime, until: datetime) -> dict[int, int]:
    """差错: only what was forgotten, booked to the person who told the first list. User id → count."""
    booked = second_notices(offices, since, until).filter(cause=Cause.OVERSIGHT, fault_of__isnull=False)
    counted = booked.order_by().values("fault_of").annotate(n=Count("pk"))
    return {row["fault_of"]: row["n"] for row in counted}


def turned_away(offices: Collection[int], since: datetime, until: datetime) -> dict[str, int]:
    """People sent home without a case at these windows, by reason; 0 too."""
    rows = TurnedAway.objects.filter(office_id__in=offices, at__gte=since, at__lt=until)
    found = {row["why"]: row["n"] for row in rows.order_by().values("why").annotate(n=Count("pk"))}
    return {why: found.get(why, 0) for why in TurnedAway.Why.values}
