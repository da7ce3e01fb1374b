"""A spreadsheet file → typed rows, faults and remarks. Looks at single cells only; `rules` looks across rows."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from . import cells, headings, layout
from .columns import Column, Sheet
from .faults import Fault, Remark
from .headings import Headings
from .workbook import Formula, Page, open_workbook


@dataclass(frozen=True)
class Row:
    """One row of data: typed values by column key, and where each stands."""

    sheet: Sheet
    title: str
    number: int
    values: dict[str, Any]
    letters: dict[str, str]
    faulty: set[str] = field(default_factory=set)  # keys whose cell could not be read: told already, not to be told twice

    def __getitem__(self, key: str) -> Any:
        return self.values[key]

    def fault(self, key: str, message: str) -> Fault:
        """A fault at the cell of this row under the column `key`."""
        return Fault(self.title, message, self.number, self.letters.get(key, ""), self.sheet.column(key).heading)


@dataclass
class Reading:
    """All that was read. `rows` has a list for every sheet that was there."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def of(self, sheet: Sheet) -> list[Row]:
        return self.rows.get(sheet.key, [])


def read(data: bytes, sheets: tuple[Sheet, ...] = layout.SHEETS) -> Reading:
    """Read the sheets of a file. Raises Unreadable when it is no spreadsheet at all."""
    pages = open_workbook(data)
    reading = Reading()
    by_title = {page.title: page for page in pages}
    titles = [page.title for page in pages]
    for page in pages:
        if page.title not in {sheet.title for sheet in sheets} and page.title not in layout.REFERENCE:
            reading.remarks.append(Remark(page.title, _("This sheet is not known; it was not read.")))
    for sheet in sheets:
        if titles.count(sheet.title) > 1:
            reading.faults.append(Fault(sheet.title, _("There are several sheets of this name. Leave one of them.")))
        elif sheet.title in by_title:
            _read_sheet(by_title[sheet.title], sheet, reading)
        elif sheet.required:
            reading.faults.append(Fault(sheet.title, _("The sheet is missing. Add it; it may hold headings only.")))
        else:
            reading.remarks.append(Remark(sheet.title, _("The sheet is not in the file.")))
    return reading


def _read_sheet(page: Page, sheet: Sheet, reading: Reading) -> None:
    rows: list[Row] = []
    reading.rows[sheet.key] = rows
    found = headings.find(page, sheet)
    if found is None:
        known = "、".join(column.heading for column in sheet.columns[:4])
        reading.faults.append(Fault(page.title, _("No heading row was found. It begins with: %(headings)s …") % {"headings": known}))
        return
    reading.faults += found.faults
    reading.remarks += found.remarks
    merged = _merged_data(page, found)
    reading.faults += merged
    blank: list[int] = []
    for number in range(found.row + 1, len(page.rows) + 1):
        values = page.rows[number - 1]
        if all(value is None or (isinstance(value, str) and not value.strip()) for value in values):
            blank.append(number)
        else:
            rows.append(_read_row(page, sheet, found, number, reading))
    if blank:
        reading.remarks.append(Remark(page.title, _("Blank rows were skipped: %(rows)s.") % {"rows": _runs(blank)}))


def _merged_data(page: Page, found: Headings) -> list[Fault]:
    message = _(
        "Merged cells %(range)s among the data: it is not clear for which rows the text holds. Separate them and fill in each cell."
    )
    return [
        Fault(
            page.title,
            message % {"range": area.name},
            max(area.top, found.row + 1),
            get_column_letter(area.left),
            _name(found, area.left - 1),
        )
        for area in page.merged
        if area.bottom > found.row
    ]


def _name(found: Headings, index: int) -> str:
    return found.columns[index].heading if index in found.columns else ""


def _read_row(page: Page, sheet: Sheet, found: Headings, number: int, reading: Reading) -> Row:
    values: dict[str, Any] = {column.key: cells.empty(column) for column in sheet.columns}
    letters: dict[str, str] = {}
    row = Row(sheet, page.title, number, values, letters)
    raw = page.rows[number - 1]
    for index, column in found.columns.items():
        letters[column.key] = get_column_letter(index + 1)
        try:
            values[column.key] = _read_cell(column, raw[index] if index < len(raw) else None)
        except ValueError as error:
            reading.faults.append(row.fault(column.key, str(error)))
            values[column.key] = None
            row.faulty.add(column.key)
            continue
        if column.required and values[column.key] in ("", None, []):
            reading.faults.append(row.fault(column.key, _("This cell must not be empty.")))
            row.faulty.add(column.key)
    return row


def _read_cell(column: Column, raw: object) -> object:
    if isinstance(raw, Formula):
        raise ValueError(_("The cell holds a formula or an error (%(text)s). Write the value itself.") % {"text": raw.text[:30]})
    return cells.read(column, raw)


def _runs(numbers: list[int]) -> str:
    """3, 7–9 (at most ten runs)."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1][1] = number
        else:
            runs.append([number, number])
    shown = [str(first) if first == last else f"{first}–{last}" for first, last in runs[:10]]
    return ", ".join(shown) + (" …" if len(runs) > 10 else "")
