"""Opens an uploaded spreadsheet so that no file can harm: size, unpacked size, rows and columns are capped, entities refused.

openpyxl reads here in its streaming form: in the other one a single merged range over a whole sheet makes it create
thousands of millions of cells. What is merged is therefore read from the sheet's own text.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from defusedxml import DefusedXmlException
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter, range_boundaries

from .faults import Unreadable

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED = 120 * 1024 * 1024  # 1,000 items take about 20 MB
MAX_ROWS = 30_000  # of one sheet
MAX_COLUMNS = 200
MAX_SHEETS = 40
MAX_MERGED = 2_000  # merged ranges of one sheet
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # .xls, and .xlsx with a password
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z0-9:]+)[\"']")


@dataclass(frozen=True)
class Merged:
    """A merged range, rows and columns from 1."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def name(self) -> str:
        return f"{get_column_letter(self.left)}{self.top}:{get_column_letter(self.right)}{self.bottom}"


@dataclass(frozen=True)
class Formula:
    """A cell that holds a formula or an error: what it would show is not in the file for certain."""

    text: str


@dataclass
class Page:
    """One sheet as plain values: rows[0] is row 1. Trailing empty rows are left out."""

    title: str
    rows: list[tuple]
    merged: list[Merged] = field(default_factory=list)


def open_workbook(data: bytes) -> list[Page]:
    """All sheets of the file. Raises Unreadable with a sentence."""
    _check_envelope(data)
    try:
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        if len(book.sheetnames) > MAX_SHEETS:
            raise Unreadable(
                _("The file has %(count)s sheets; at most %(most)s are possible.") % {"count": len(book.sheetnames), "most": MAX_SHEETS}
            )
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [_page(sheet, archive) for sheet in book.worksheets]
    except Unreadable:
        raise
    except DefusedXmlException as error:
        raise Unreadable(_("This file holds things a spreadsheet does not need (XML entities). It was not read.")) from error
    except Exception as error:
        # openpyxl answers a broken file with whatever its parser stumbled over: twenty thousand spoilt files gave
        # KeyError, ValueError, TypeError, OverflowError and more. All of them mean the same to the person who sent it.
        raise Unreadable(_("This is not a spreadsheet that can be read. Save it again as .xlsx and try once more.")) from error


def _check_envelope(data: bytes) -> None:
    if not data:
        raise Unreadable(_("The file is empty."))
    if len(data) > MAX_BYTES:
        raise Unreadable(
            _("The file is too large: %(size)s MB, at most %(most)s MB are possible.")
            % {"size": _megabytes(len(data)), "most": _megabytes(MAX_BYTES)}
        )
    if data.startswith(_OLD_OR_LOCKED):
        raise Unreadable(_("This is an old .xls file or one with a password. Save it as .xlsx without a password."))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable(_("This is not a spreadsheet. Choose an .xlsx file.")) from error
    if "xl/workbook.xml" not in {entry.filename for entry in entries}:
        raise Unreadable(_("This is not a spreadsheet. Choose an .xlsx file."))
    # zipfile never unpacks more of an entry than its header promises, so the promise can be trusted as an upper bound.
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED or any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(_("The file is far larger inside than a catalogue can be. It was not read."))


def _megabytes(size: int) -> str:
    return f"{size / 1024 / 1024:.1f}"


def _page(sheet: Any, archive: zipfile.ZipFile) -> Page:
    sheet.reset_dimensions()  # what the file says about its own size need not be true
    rows: list[tuple] = []
    last = 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), start=1):
        if number > MAX_ROWS + 50:
            break
        values = tuple(_value(cell) for cell in cells)
        rows.append(values)
        if any(value not in (None, "") for value in values):
            last = number
    if last > MAX_ROWS:
        raise Unreadable(_("Sheet %(sheet)s has more than %(most)s rows.") % {"sheet": sheet.title, "most": MAX_ROWS})
    return Page(sheet.title.strip(), rows[:last], list(_merged(sheet, archive)))


def _value(cell: Any) -> object:
    if cell.data_type in ("f", "e") and cell.value is not None:
        return Formula(str(cell.value) if isinstance(cell.value, str) else "=…")
    return cell.value


def _merged(sheet: Any, archive: zipfile.ZipFile) -> Iterator[Merged]:
    path = sheet._worksheet_path.lstrip("/")
    for count, ref in enumerate(_MERGE.findall(archive.read(path))):
        if count >= MAX_MERGED:
            raise Unreadable(_("Sheet %(sheet)s has too many merged cells to be read.") % {"sheet": sheet.title})
        left, top, right, bottom = range_boundaries(ref.decode())
        if None not in (left, top, right, bottom):
            yield Merged(left, top, right, bottom)
