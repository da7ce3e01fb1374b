"""What an import has to say: faults stop it, remarks do not. Each names the sheet and, where there is one, row and cell."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Remark:
    """Told, but no reason to stop: merged headings, blank rows, sheets that are not read."""

    sheet: str
    message: str
    row: int | None = None
    column: str = ""  # the letter
    heading: str = ""

    @property
    def place(self) -> str:
        """Where to look: "Sheet 材料, row 7, cell C7 (材料名称)"."""
        if not self.sheet:
            return _("The file")
        if self.row and self.column:
            where = {"sheet": self.sheet, "row": self.row, "cell": f"{self.column}{self.row}"}
            if self.heading:
                return _("Sheet %(sheet)s, row %(row)s, cell %(cell)s (%(heading)s)") % (where | {"heading": self.heading})
            return _("Sheet %(sheet)s, row %(row)s, cell %(cell)s") % where
        if self.row:
            return _("Sheet %(sheet)s, row %(row)s") % {"sheet": self.sheet, "row": self.row}
        return _("Sheet %(sheet)s") % {"sheet": self.sheet}

    def __str__(self) -> str:
        return _("%(place)s: %(message)s") % {"place": self.place, "message": self.message}


@dataclass(frozen=True)
class Fault(Remark):
    """A reason to import nothing."""


class Unreadable(Exception):
    """The file as a whole cannot be read; the text is a sentence for the page."""
