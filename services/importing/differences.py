"""What an import would change in an item, cell by cell, in the words of the spreadsheet."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from . import cells, layout
from .columns import Column, Sheet

# The column by which a person recognises a row of a sheet.
_NAMES = {
    "materials": "name", "steps": "title", "conditions": "text", "situations": "key", "bases": "text", "procedures": "name",
    "terms": "text",
}  # fmt: skip
_QUIET = ("item", "order")
Rows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Difference:
    """One cell that changes, or a row that comes or goes (`heading` is empty then)."""

    sheet: str
    row: str
    heading: str
    before: str
    after: str


def differences(before: Rows, after: Rows) -> list[Difference]:
    """All differences between two sets of rows made by `shaping.rows_from`."""
    found: list[Difference] = []
    for sheet in layout.CATALOGUE:
        if sheet is layout.ITEMS:
            found += _cells(sheet, "", before[sheet.key][0], after[sheet.key][0])
        elif sheet.key in after:
            found += _rows(sheet, before[sheet.key], after[sheet.key])
    return found


def _cells(sheet: Sheet, name: str, before: Mapping, after: Mapping) -> Iterator[Difference]:
    for column in sheet.columns:
        if column.key not in _QUIET and before[column.key] != after[column.key]:
            yield Difference(sheet.title, name, column.heading, _said(column, before[column.key]), _said(column, after[column.key]))


def _rows(sheet: Sheet, before: list[dict], after: list[dict]) -> Iterator[Difference]:
    """Rows are matched by name; of equal names, the first to the first."""
    key = _NAMES[sheet.key]
    old, new = _by_name(before, key), _by_name(after, key)
    for name, row in old.items():
        if name not in new:
            yield Difference(sheet.title, name[0], "", name[0], _("(removed)"))
        else:
            yield from _cells(sheet, name[0], row, new[name])
    for name in new:
        if name not in old:
            yield Difference(sheet.title, name[0], "", _("(new)"), name[0])
    kept_before, kept_after = [name for name in old if name in new], [name for name in new if name in old]
    if kept_before != kept_after:
        yield Difference(sheet.title, "", _("order"), _names(kept_before), _names(kept_after))


def _by_name(rows: list[dict], key: str) -> dict[tuple[str, int], dict]:
    found: dict[tuple[str, int], dict] = {}
    for row in rows:
        name, count = str(row[key]), 0
        while (name, count) in found:
            count += 1
        found[name, count] = row
    return found


def _names(keys: list[tuple[str, int]]) -> str:
    return " → ".join(name for name, _count in keys)


def _said(column: Column, value: object) -> str:
    said = cells.written(column, value)
    return _("(empty)") if said is None else str(said)
