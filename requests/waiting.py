"""What waits too long: late, due today, soon due, unassigned. Conditions that the indexes of open cases can answer.

A township's list may stand on a million cases: nothing here counts or sorts more than it shows. Tabs count up to
`BOUND`, pages are taken by key (due time and id) instead of an offset, and the tables per office, official and item
are counted only when somebody asks for them.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.db import connection
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from officials.models import User
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, rights
from officials.prepared import prepared
from officials.workdays import Calendar
from requests.lights import YELLOW_WORKING_DAYS
from requests.models import ServiceRequest
from requests.permissions import kept_apart, not_about

BOUND = 1000
SOON_WORKING_DAYS = YELLOW_WORKING_DAYS
WHATS = ("late", "since-yesterday", "today", "soon", "unassigned")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GROUPS = {"office": "office_id", "holder": "holder_id", "item": "item_id"}


@dataclass(frozen=True)
class Days:
    """The moments between which a case is late, due today or soon due, for one calendar and one now."""

    now: datetime
    today: date
    last_workday: datetime  # midnight at which the last working day before today began
    tomorrow: datetime
    soon_until: datetime

    @classmethod
    def of(cls, now: datetime, calendar: Calendar) -> "Days":
        today = timezone.localdate(now)
        return cls(
            now,
            today,
            _midnight(calendar.add(today, -1)),
            _midnight(today + timedelta(days=1)),
            _midnight(calendar.add(today, SOON_WORKING_DAYS) + timedelta(days=1)),
        )

    def span(self, what: str) -> tuple[datetime, datetime]:
        """The due times of a tab: from the first, up to but without the second."""
        return {
            "late": (EPOCH, self.now),
            "since-yesterday": (self.last_workday, self.now),
            "today": (self.now, self.tomorrow),
            "soon": (self.tomorrow, self.soon_until),
        }[what]

    def q(self, what: str) -> Q:
        """The condition of one tab, on open cases."""
        return UNASSIGNED if what == "unassigned" else _due_between(*self.span(what))


# Nobody holds it, or somebody who has left: either way nobody works on it, whatever its date.
UNASSIGNED = Q(holder__isnull=True) | Q(holder_id__in=User.objects.filter(is_active=False).values("pk"))


def _due_between(first: datetime, end: datetime) -> Q:
    return Q(due_at__gte=first, due_at__lt=end)


def offices_of(user) -> frozenset[int]:
    """Where this person may see what waits: the by-office part of `permissions.visible`. What is about the person or the own
    office is left out of every list and number besides (`reader`).
    """
    return rights(user).where(HANDLE, HEAD, SUPERVISE, INSPECT)


def waiting(offices: Collection[int], *, reader: User, off_index: bool = False, **narrowed: int) -> QuerySet[ServiceRequest]:
    """Open cases of these offices that `reader` may know of, narrowed to an office, a holder or an item (`office_id=…`).

    `off_index` keeps the condition on the office off the index by office ("+ 0"), where another one stops sooner: over
    many offices a planner would else collect and sort all that is late for a page of 50.
    """
    return _waiting(offices, not_about(reader), off_index=off_index, **narrowed)


def _waiting(offices: Collection[int], known: Q, *, off_index: bool = False, **narrowed: int) -> QuerySet[ServiceRequest]:
    cases = ServiceRequest.objects.open().filter(known)
    within = [narrowed.pop("office_id")] if "office_id" in narrowed else sorted(offices)
    if off_index:
        cases = cases.alias(in_office=F("office_id") + 0).filter(in_office__in=within)
    else:
        cases = cases.filter(office_id=within[0]) if len(within) == 1 else cases.filter(office_id__in=within)
    if "item_id" in narrowed:
        # The index by item holds all cases that ever were: never the way to the open ones.
        cases = cases.alias(of_item=F("item_id") + 0).filter(of_item=narrowed.pop("item_id"))
    return cases.filter(**narrowed)


def listed(offices: Collection[int], what: str, days: Days, *, reader: User, **narrowed: int) -> QuerySet[ServiceRequest]:
    """The cases of one tab, read by the index that fits: due time over many offices, office where it is one, else the holder."""
    return _listed(offices, what, days.q(what), not_about(reader), **narrowed)


def _listed(offices: Collection[int], what: str, condition: Q, known: Q, **narrowed: int) -> QuerySet[ServiceRequest]:
    one_place = "office_id" in narrowed or "holder_id" in narrowed or len(offices) == 1
    return _waiting(offices, known, off_index=what == "unassigned" or not one_place, **narrowed).filter(condition)


def tab_counts(offices: Collection[int], days: Days, *, reader: User, **narrowed: int) -> dict[str, int]:
    """How many each tab holds, counted to one more than BOUND; one query for all of them.

    Written as SQL, since building five subqueries anew costs more than all the rest of the page. Keys are numbers of our
    own; the tests hold each number against the list it opens.
    """
    where = f"status IN ({', '.join(repr(str(status)) for status in ServiceRequest.OPEN)})"
    # As `permissions.kept_apart`.
    where += f" AND (kept_from_id IS NULL OR kept_from_id <> {int(reader.pk)})"
    if reader.office_id is not None:
        where += f" AND (kept_from_office_id IS NULL OR kept_from_office_id <> {int(reader.office_id)})"
    within = [narrowed["office_id"]] if "office_id" in narrowed else sorted(offices)
    keys = ", ".join(str(int(pk)) for pk in within)
    if "holder_id" in narrowed:
        where += f" AND holder_id = {int(narrowed['holder_id'])}"
    if "item_id" in narrowed:
        where += f" AND item_id + 0 = {int(narrowed['item_id'])}"
    between, params = f"office_id IN ({keys}) AND due_at >= %s AND due_at < %s", []
    columns = []
    for what in WHATS:
        if what == "unassigned":
            # Apart, each by the index by holder; an OR would walk over everything that is open.
            left = "holder_id IN (SELECT id FROM officials_user WHERE NOT is_active)"
            conditions = [f"office_id + 0 IN ({keys}) AND {nobody}" for nobody in ("holder_id IS NULL", left)]
        else:
            conditions = [between]
            params += [connection.ops.adapt_datetimefield_value(moment) for moment in days.span(what)]
        found = [f"SELECT 1 FROM {ServiceRequest._meta.db_table} WHERE {where} AND {condition}" for condition in conditions]
        rows = f"SELECT 1 FROM ({' UNION ALL '.join(found)}) waiting LIMIT {BOUND + 1}"
        columns.append(f"(SELECT COUNT(*) FROM ({rows}) counted)")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", params)
        return dict(zip(WHATS, cursor.fetchone(), strict=True))


def group_counts(cases: QuerySet[ServiceRequest], days: Days, by: str) -> list[dict]:
    """Per office, official or item the number of every tab, exact, most late first."""
    column = GROUPS[by]
    counted = cases.filter(Q(due_at__lt=days.soon_until) | UNASSIGNED).order_by().values(column)
    counted = counted.annotate(**{what.replace("-", "_"): Count("pk", filter=days.q(what)) for what in WHATS})
    return list(counted.order_by("-late", "-today", "-soon", column))


@dataclass(frozen=True)
class Key:
    """Where a page begins: after (or before) the row with this due time and id. In the address: microseconds, "-", id."""

    due_at: datetime | None
    pk: int
    backwards: bool = False

    @classmethod
    def read(cls, text: str, *, backwards: bool) -> "Key | None":
        """From the address; anything odd is no key, and the list begins at its beginning."""
        micros, _, pk = text.partition("-")
        if not text.isascii() or not (pk.isdigit() and len(pk) < 19) or not (not micros or micros.isdigit() and len(micros) < 18):
            return None
        return cls(EPOCH + timedelta(microseconds=int(micros)) if micros else None, int(pk), backwards)

    @staticmethod
    def write(due_at: datetime | None, pk: int) -> str:
        return f"{(due_at - EPOCH) // timedelta(microseconds=1) if due_at else ''}-{pk}"


def ordered(cases: QuerySet[ServiceRequest], what: str, key: Key | None) -> QuerySet[ServiceRequest]:
    """In the order of the tab, from `key` on: by due time, or, where some have none, by the order of receipt."""
    backwards = key is not None and key.backwards
    if what == "unassigned":
        if key is not None:
            cases = cases.filter(pk__lt=key.pk) if backwards else cases.filter(pk__gt=key.pk)
        return cases.order_by("-pk" if backwards else "pk")
    if key is not None and key.due_at is not None:
        if backwards:
            cases = cases.filter(due_at__lte=key.due_at).exclude(due_at=key.due_at, pk__gte=key.pk)
        else:
            cases = cases.filter(due_at__gte=key.due_at).exclude(due_at=key.due_at, pk__lte=key.pk)
    return cases.order_by(F("due_at").desc(), "-pk") if backwards else cases.order_by("due_at", "pk")


class Row(NamedTuple):
    """A line of the list."""

    pk: int
    number: str
    kind: str
    status: str
    office_id: int
    holder_id: int | None
    item_id: int | None
    item_name: str | None
    name_masked: str | None
    due_at: datetime | None
    due_on: date | None
    due_kind: str
    is_provisional: bool
    received_at: datetime
    accepted_at: datetime | None
    holder_is_active: bool | None


_COLUMNS = {"item_name": "edition__name", "name_masked": "key__name_masked", "holder_is_active": "holder__is_active"}


def rows(
    offices: Collection[int], what: str, days: Days, key: Key | None, *, reader: User, most: int, **narrowed: int
) -> list[Row]:  # fmt: skip
    """The first `most` lines of a tab from `key` on, in the order they are read in (backwards from a key that is read backwards)."""
    by_due = what != "unassigned"
    span = days.span(what) if by_due else (None, None)
    start = (None, None)
    if key is not None and (key.due_at is not None or not by_due):
        start = (key.due_at if by_due else None, key.pk)
    backwards = key is not None and key.backwards
    within = () if "office_id" in narrowed else tuple(sorted(offices))
    whom = (reader.pk, reader.office_id)
    found = _rows(within, *span, *start, *whom, *narrowed.values(), what=what, most=most, backwards=backwards, narrowed=tuple(narrowed))
    return list(map(Row._make, found))


@prepared
def _rows(
    offices, first, end, due_at, pk, reader_id, own_office_id, *values,
    what: str, most: int, backwards: bool, narrowed: tuple[str, ...],
):  # fmt: skip
    condition = UNASSIGNED if what == "unassigned" else _due_between(first, end)
    cases = _listed(offices, what, condition, kept_apart(reader_id, own_office_id), **dict(zip(narrowed, values, strict=True)))
    key = Key(due_at, pk or 0, backwards) if backwards or pk is not None else None
    return ordered(cases, what, key).values_list(*(_COLUMNS.get(name, name) for name in Row._fields))[:most]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
