"""Finds the heading row of a sheet. Titles and group headings above it, merged or not, are accepted and told."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from openpyxl.utils import get_column_letter

from .columns import Column, Sheet
from .faults import Fault, Remark
from .workbook import Page

_SEARCHED = 10  # rows in which the headings must stand


@dataclass
class Headings:
    """Where each column of the sheet stands (index from 0), and the number of the row the headings are in."""

    row: int
    columns: dict[int, Column] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)


def find(page: Page, sheet: Sheet) -> Headings | None:
    """The headings, or None where no row looks like them."""
    names = set(sheet.by_heading)
    scores = [len({_word(value) for value in row} & names) for row in page.rows[:_SEARCHED]]
    if not scores or max(scores) == 0:
        return None
    row = scores.index(max(scores)) + 1
    headings = Headings(row)
    _collect(page, sheet, headings)
    _tell_missing(page, sheet, headings)
    _tell_above(page, headings)
    return headings


def _collect(page: Page, sheet: Sheet, headings: Headings) -> None:
    known = sheet.by_heading
    seen: dict[str, str] = {}
    width = max(len(row) for row in page.rows)
    for index in range(width):
        word = _heading_at(page, headings.row, index)
        if not word:
            if _holds_data(page, headings.row, index):
                headings.remarks.append(_remark(page, headings, index, _("This column has no heading; it was not read.")))
        elif word not in known:
            headings.remarks.append(
                _remark(page, headings, index, _("“%(heading)s” is not a known heading; the column was not read.") % {"heading": word[:40]})
            )
        elif word in seen:
            headings.faults.append(
                Fault(
                    page.title,
                    _("The heading stands twice: also in column %(other)s.") % {"other": seen[word]},
                    headings.row,
                    get_column_letter(index + 1),
                    word,
                )
            )
        else:
            seen[word] = get_column_letter(index + 1)
            headings.columns[index] = known[word]


def _heading_at(page: Page, row: int, index: int) -> str:
    """The word in the heading row, or the one above it that is merged down to this row (标题纵向合并)."""
    word = _word(_at(page, row, index))
    if word:
        return word
    for area in page.merged:
        if area.left == area.right == index + 1 and area.top < row <= area.bottom:
            return _word(_at(page, area.top, index))
    return ""


def _tell_missing(page: Page, sheet: Sheet, headings: Headings) -> None:
    there = {column.key for column in headings.columns.values()}
    for column in sheet.columns:
        if column.key not in there:
            message = _("The heading “%(heading)s” is missing. Add the column; it may stay empty.") % {"heading": column.heading}
            headings.faults.append(Fault(page.title, message, headings.row))


def _tell_above(page: Page, headings: Headings) -> None:
    above = [number for number in range(1, headings.row) if any(_word(value) for value in page.rows[number - 1])]
    if above:
        message = _("The headings were found in row %(row)s; the rows above were taken as titles.") % {"row": headings.row}
        headings.remarks.append(Remark(page.title, message, headings.row))
    for area in page.merged:
        if area.bottom <= headings.row:
            message = _("Merged heading cells %(range)s were accepted.") % {"range": area.name}
            headings.remarks.append(Remark(page.title, message, area.top, get_column_letter(area.left)))


def _remark(page: Page, headings: Headings, index: int, message: str) -> Remark:
    return Remark(page.title, message, headings.row, get_column_letter(index + 1))


def _holds_data(page: Page, row: int, index: int) -> bool:
    return any(_at(page, number, index) not in (None, "") for number in range(row + 1, len(page.rows) + 1))


def _at(page: Page, row: int, index: int) -> object:
    values = page.rows[row - 1]
    return values[index] if index < len(values) else None


def _word(value: object) -> str:
    return "".join(value.split()) if isinstance(value, str) else ""
