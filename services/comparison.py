"""Two texts of an item side by side: which fields differ, which rows came, went, changed or moved, and how many days are saved.

Pure: two contents (`services.content`) in, a plain value out. Both are first brought into the columns of the spreadsheet, so
that "nothing said" and "said as empty" are the same.
"""

from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz

from services.importing import layout, shaping
from services.importing.columns import Column, Sheet

# Names at least this alike (0–100) are taken for the same row under a new name.
ALIKE = 60.0
# By which column a person recognises a row.
_NAMES = {
    "materials": "name", "steps": "title", "conditions": "text", "situations": "question", "particulars": "label", "bases": "text",
    "procedures": "name", "terms": "text",
}  # fmt: skip
_PLACE = ("item", "order")


@dataclass(frozen=True)
class FieldChange:
    """One value that differs, typed as the column holds it."""

    sheet: Sheet
    column: Column
    before: Any
    after: Any


@dataclass
class RowChange:
    """What happened to one row. Places count from 1; None where the row is not there."""

    name: str
    place_before: int | None
    place_after: int | None
    changes: list[FieldChange] = field(default_factory=list)
    is_moved: bool = False

    @property
    def is_new(self) -> bool:
        return self.place_before is None

    @property
    def is_gone(self) -> bool:
        return self.place_after is None

    @property
    def is_different(self) -> bool:
        return self.is_new or self.is_gone or self.is_moved or bool(self.changes)


@dataclass
class PartChange:
    """The rows of one sheet: those of the new text in their order, then those that are gone."""

    sheet: Sheet
    rows: list[RowChange]

    @property
    def is_different(self) -> bool:
        return any(row.is_different for row in self.rows)


@dataclass(frozen=True)
class Limit:
    """A limit of one text; `value` is None where there is none."""

    value: int | None
    unit: str
    start: str


@dataclass
class Comparison:
    fields: list[FieldChange]
    events_before: list[str]
    events_after: list[str]
    parts: list[PartChange]
    limits: dict[str, tuple[Limit, Limit]]  # "promised" and "legal": before, after
    # Only the same unit and start can be subtracted; None where there is nothing to compare. Less than 0: it got longer.
    days_saved: int | None
    visits_saved: int | None
    materials_saved: int

    @property
    def has_new_events(self) -> bool:
        return sorted(self.events_before) != sorted(self.events_after)

    @property
    def is_different(self) -> bool:
        return bool(self.fields) or self.has_new_events or any(part.is_different for part in self.parts)


def compare(before: dict[str, Any], after: dict[str, Any]) -> Comparison:
    """Field by field and row by row, from the text `before` to the text `after`."""
    old, new = shaping.rows_from("", before), shaping.rows_from("", after)
    parts = [
        PartChange(sheet, rows(sheet, old[sheet.key], new[sheet.key]))
        for sheet in layout.CATALOGUE
        if sheet is not layout.ITEMS and sheet.key in new
    ]
    limits = {kind: (_limit(before, kind), _limit(after, kind)) for kind in ("promised", "legal")}
    return Comparison(
        fields=fields(layout.ITEMS, old["items"][0], new["items"][0]),
        events_before=list(before["life_events"]),
        events_after=list(after["life_events"]),
        parts=[part for part in parts if part.is_different],
        limits=limits,
        days_saved=_saved(*limits["promised"]),
        visits_saved=_difference(before["max_visits"], after["max_visits"]),
        materials_saved=_to_bring(before) - _to_bring(after),
    )


def fields(sheet: Sheet, before: dict[str, Any], after: dict[str, Any]) -> list[FieldChange]:
    """The cells of one row that differ; its item and its number do not count."""
    return [
        FieldChange(sheet, column, before[column.key], after[column.key])
        for column in sheet.columns
        if column.key not in _PLACE and before[column.key] != after[column.key]
    ]


def rows(sheet: Sheet, before: list[dict[str, Any]], after: list[dict[str, Any]]) -> list[RowChange]:
    """The rows of one sheet, those of the new text first; one under a new name is the same row if the names are alike."""
    key = _NAMES[sheet.key]
    pairs = _pairs([str(row[key]) for row in before], [str(row[key]) for row in after])
    moved = _moved(pairs)
    found = []
    for place, row in enumerate(after):
        at = pairs.get(place)
        changes = [] if at is None else fields(sheet, before[at], row)
        found.append(RowChange(str(row[key]), None if at is None else at + 1, place + 1, changes, place in moved))
    kept = set(pairs.values())
    return found + [RowChange(str(row[key]), place + 1, None) for place, row in enumerate(before) if place not in kept]


def _pairs(before: list[str], after: list[str]) -> dict[int, int]:
    """Place after → place before. Equal names first (of several, the first to the first), then the most alike."""
    pairs: dict[int, int] = {}
    free = list(range(len(before)))
    for place, name in enumerate(after):
        at = next((at for at in free if before[at] == name), None)
        if at is not None:
            pairs[place] = at
            free.remove(at)
    alike = [
        (fuzz.ratio(before[at], name), -abs(at - place), place, at)
        for place, name in enumerate(after)
        if place not in pairs
        for at in free
    ]
    for likeness, _distance, place, at in sorted(alike, reverse=True):
        if likeness >= ALIKE and place not in pairs and at in free:
            pairs[place] = at
            free.remove(at)
    return pairs


def _moved(pairs: dict[int, int]) -> set[int]:
    """Places (after) of the rows that were moved: all but a longest run that kept its order, so the fewest are named."""
    places = sorted(pairs)
    ends: list[int] = []  # smallest last place-before of a run of each length
    run_of: list[int] = []  # length of the longest run that ends here
    for place in places:
        length = bisect_left(ends, pairs[place])
        ends[length : length + 1] = [pairs[place]]
        run_of.append(length)
    kept: set[int] = set()
    wanted, limit = len(ends) - 1, len(pairs) and max(pairs.values()) + 1
    for place, length in zip(reversed(places), reversed(run_of), strict=True):
        if length == wanted and pairs[place] < limit:
            kept.add(place)
            wanted, limit = wanted - 1, pairs[place]
    return set(places) - kept


def _limit(content: dict[str, Any], kind: str) -> Limit:
    return Limit(content[f"{kind}_value"], content[f"{kind}_unit"], content[f"{kind}_start"])


def _saved(before: Limit, after: Limit) -> int | None:
    if not before.value or not after.value or (before.unit, before.start) != (after.unit, after.start):
        return None
    return before.value - after.value


def _difference(before: int | None, after: int | None) -> int | None:
    return None if before is None or after is None else before - after


def _to_bring(content: dict[str, Any]) -> int:
    """Materials a resident has to bring; what is looked up by us does not count."""
    return sum(row["form"] != "shared" for row in content["materials"])
