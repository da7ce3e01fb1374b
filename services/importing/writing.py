"""Rows to a spreadsheet file: the form an editor fills in, and what an export gives back."""

import io
from collections.abc import Iterable, Mapping

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from . import cells
from .columns import Column, Kind, Sheet

_HEADING = PatternFill("solid", start_color="E8EEF4")
_NEEDED = PatternFill("solid", start_color="F6E3C5")
_WRAPPED = Alignment(wrap_text=True, vertical="top")
_SPARE_ROWS = 200  # rows below the last one that still offer the list of choices


def workbook_bytes(sheets: Iterable[tuple[Sheet, Iterable[Mapping]]], reference: Iterable[tuple[str, list[list]]] = ()) -> bytes:
    """An .xlsx with a sheet for each (sheet, rows); `reference` are further sheets of plain lines for people to read."""
    book = Workbook()
    book.remove(book.active)
    for title, lines in reference:
        _write_plain(book.create_sheet(title), lines)
    for sheet, rows in sheets:
        _write_sheet(book.create_sheet(sheet.title), sheet, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _write_sheet(page: Worksheet, sheet: Sheet, rows: Iterable[Mapping]) -> None:
    for number, column in enumerate(sheet.columns, start=1):
        _head(page, number, column)
    last = 1
    for last, row in enumerate(rows, start=2):
        for number, column in enumerate(sheet.columns, start=1):
            _put(page, last, number, cells.written(column, row.get(column.key)), column.kind)
    page.freeze_panes = page.cell(2, 3 if len(sheet.columns) > 4 else 1)
    page.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{last}"
    _offer_choices(page, sheet, last + _SPARE_ROWS)


def _head(page: Worksheet, number: int, column: Column) -> None:
    cell = page.cell(1, number, column.heading)
    cell.font = Font(bold=True)
    cell.fill = _NEEDED if column.required else _HEADING
    cell.alignment = _WRAPPED
    page.column_dimensions[get_column_letter(number)].width = column.width


def _put(page: Worksheet, row: int, number: int, value: object, kind: Kind) -> None:
    if value is None:
        return
    cell = page.cell(row, number)
    if isinstance(value, str):
        # Said outright, or openpyxl would make a formula of a text that begins with "=".
        cell.value = value
        cell.data_type = "s"
        cell.number_format = "@"
        if value[:1] in "=+-@":
            cell.quotePrefix = True
    else:
        cell.value = value
        if kind is Kind.DATE:
            cell.number_format = "yyyy-mm-dd"
    cell.alignment = _WRAPPED


def _offer_choices(page: Worksheet, sheet: Sheet, last: int) -> None:
    """A drop-down list where one word of a few is wanted (a spreadsheet allows 255 characters for it)."""
    for number, column in enumerate(sheet.columns, start=1):
        words = ",".join(column.suggestions or column.choices)
        if words and column.kind is not Kind.CHOICES and len(words) < 250:
            rule = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True, showErrorMessage=not column.suggestions)
            letter = get_column_letter(number)
            rule.add(f"{letter}2:{letter}{last}")
            page.add_data_validation(rule)


def _write_plain(page: Worksheet, lines: list[list]) -> None:
    for row, line in enumerate(lines, start=1):
        for number, value in enumerate(line, start=1):
            _put(page, row, number, value, Kind.TEXT)
    page.column_dimensions["A"].width = 24
    page.column_dimensions["B"].width = 60
