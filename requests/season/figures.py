"""Counted as households, apart from cases: 应报 = 已报 + 未报, village by village."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, QuerySet

from officials.models import Office
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, rights
from requests.models import Batch, BatchHousehold, BatchVillage
from requests.season import people

State = BatchHousehold.State
REMIND_DAYS = 7


@dataclass(frozen=True)
class Line:
    """One village. What is newly reported hides nobody of the roll: it is counted `besides`, as far as there is a roll of last time.

    `beyond`: households more than were expected.
    """

    village: BatchVillage
    by_state: dict[str, int]
    has_roll: bool

    @property
    def told(self) -> int:
        return sum(self.by_state.values())

    @property
    def besides(self) -> int:
        return self.by_state[State.NEW] if self.has_roll else 0

    @property
    def reported(self) -> int:
        return self.told - self.besides

    @property
    def missing(self) -> int:
        return max(self.village.expected - self.reported, 0)

    @property
    def beyond(self) -> int:
        return max(self.reported - self.village.expected, 0)


def visible(user: Any) -> QuerySet[Batch]:
    offices = rights(user).where(HANDLE, HEAD, SUPERVISE, INSPECT)
    return Batch.objects.filter(office_id__in=offices).select_related("item", "edition", "office", "township")


def lines(batch: Batch) -> list[Line]:
    counted: dict[int, dict[str, int]] = {}
    rows = BatchHousehold.objects.filter(batch=batch).order_by().values_list("village_id", "state").annotate(n=Count("pk"))
    for village_id, state, n in rows:
        counted.setdefault(village_id, {})[state] = n
    before = people.previous(batch)
    roll = set() if before is None else set(
        BatchHousehold.objects.filter(batch=before).exclude(key__id_hmac="").order_by().values_list("village_id", flat=True).distinct()
    )  # fmt: skip
    return [
        Line(one, {state: counted.get(one.village_id, {}).get(state, 0) for state in State.values}, one.village_id in roll)
        for one in batch.villages.select_related("village")
    ]


def not_reported(batch: Batch, village: Office) -> list[str]:
    """Last time's households of the village of which nobody has said a word yet, by their masked names."""
    before = people.previous(batch)
    if before is None:
        return []
    told = set(BatchHousehold.objects.filter(batch=batch).values_list("key__id_hmac", flat=True))
    found = BatchHousehold.objects.filter(batch=before, village=village).exclude(key__id_hmac="").select_related("key")
    return [one.key.name_masked for one in found if one.key.id_hmac not in told]


def is_ending(batch: Batch, today: date) -> bool:
    """Time to remind the villages that are behind."""
    return batch.frozen_at is None and 0 <= (batch.ends_on - today).days <= REMIND_DAYS
