"""What an import would change in an item, cell by cell, in the words of the spreadsheet.

Rows are matched by `services.comparison`, so that the dry run and the page of the comparison tell the same.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from services import comparison
from services.comparison import FieldChange, RowChange

from . import cells, layout
from .columns import Column, Sheet

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
            found += _cells("", comparison.fields(sheet, before[sheet.key][0], after[sheet.key][0]))
        elif sheet.key in after:
            found += _rows(sheet, comparison.rows(sheet, before[sheet.key], after[sheet.key]))
    return found


def _cells(name: str, changes: Iterable[FieldChange]) -> Iterator[Difference]:
    for change in changes:
        before, after = _said(change.column, change.before), _said(change.column, change.after)
        yield Difference(change.sheet.title, name, change.column.heading, before, after)


def _rows(sheet: Sheet, rows: list[RowChange]) -> Iterator[Difference]:
    for row in rows:
        if row.is_gone:
            yield Difference(sheet.title, row.name, "", row.name, _("(removed)"))
        elif row.is_new:
            yield Difference(sheet.title, row.name, "", _("(new)"), row.name)
        else:
            yield from _cells(row.name, row.changes)
    if any(row.is_moved for row in rows):
        kept = [row for row in rows if not row.is_new and not row.is_gone]
        yield Difference(sheet.title, "", _("order"), _names(sorted(kept, key=lambda row: row.place_before or 0)), _names(kept))


def _names(rows: list[RowChange]) -> str:
    return " → ".join(row.name for row in rows)


def _said(column: Column, value: object) -> str:
    said = cells.written(column, value)
    return _("(empty)") if said is None else str(said)
