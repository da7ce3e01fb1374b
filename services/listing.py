"""The published catalogue as lists: which items there are and where each belongs. Kept in memory until it changes.

Only what a list shows: a page about one item reads its edition. 864 items take about one megabyte.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from officials import versions
from services.models import Category, Edition, LifeEvent


@dataclass(frozen=True, slots=True)
class Entry:
    """A published item as a list shows it."""

    edition: int
    code: str
    name: str
    name_en: str
    summary: str
    summary_en: str
    category: str  # code
    events: tuple[str, ...]  # codes
    office: str  # code
    office_name: str
    office_name_en: str
    handling: str
    promised_value: int | None
    promised_unit: str
    holder: int | None  # pk of the member of staff
    deputy: int | None
    office_phone: str

    @property
    def url(self) -> str:
        return f"/services/{self.code}/"


@dataclass(slots=True)
class Shelf:
    """A category, a life event or an office with the items that belong to it."""

    code: str
    name: str
    name_en: str
    entries: list[Entry] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.entries)


@dataclass(frozen=True, slots=True)
class Listing:
    entries: list[Entry]  # by category, then code
    categories: dict[str, Shelf]
    events: dict[str, Shelf]
    offices: dict[str, Shelf]
    by_code: dict[str, Entry]

    def held_by(self, user: int) -> list[Entry]:
        """Items this person answers for (A岗)."""
        return [entry for entry in self.entries if entry.holder == user]

    def deputised_by(self, user: int) -> list[Entry]:
        """Items for which this person stands in (B岗)."""
        return [entry for entry in self.entries if entry.deputy == user]


_COLUMNS = (
    "pk", "item__code", "name", "name_en", "summary", "summary_en", "category__code", "life_events", "office__code",
    "office__name", "office__name_en", "handling", "promised_value", "promised_unit", "post__holder_id", "post__deputy_id",
    "office__phone",
)  # fmt: skip


def _build() -> Listing:
    rows = Edition.objects.published().order_by("category__sort", "category__name", "item__code")
    entries = [Entry(*row[:7], tuple(row[7] or ()), *row[8:]) for row in rows.values_list(*_COLUMNS)]
    offices = rows.order_by("office__sort", "office__code").values_list("office__code", "office__name", "office__name_en").distinct()
    return Listing(
        entries=entries,
        categories=_shelves(Category.objects.values_list("code", "name", "name_en"), entries, lambda entry: (entry.category,)),
        events=_shelves(LifeEvent.objects.values_list("code", "name", "name_en"), entries, lambda entry: entry.events),
        offices=_shelves(offices, entries, lambda entry: (entry.office,)),
        by_code={entry.code: entry for entry in entries},
    )


def _shelves(names: Iterable[tuple[str, str, str]], entries: list[Entry], belongs: Callable[[Entry], tuple[str, ...]]) -> dict[str, Shelf]:
    """Shelves in the order of `names`; empty ones are left out."""
    shelves = {code: Shelf(code, name, name_en) for code, name, name_en in names}
    for entry in entries:
        for code in belongs(entry):
            if code in shelves:
                shelves[code].entries.append(entry)
    return {code: shelf for code, shelf in shelves.items() if shelf.entries}


listing = versions.Kept(versions.CATALOGUE, _build)
