"""What a column of the spreadsheet may hold. `layout` lists the columns; `cells` reads and writes a single cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    TEXT = "text"  # one line
    LONG = "long"  # several lines
    CODE = "code"  # letters, digits and hyphens
    LIST = "list"  # parts separated by 、
    LINES = "lines"  # one part a line
    COUNT = "count"  # 0, 1, 2 …
    LIMIT = "limit"  # 1, 2, 3 …: empty means "none", never 0
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"  # several of the choices, separated by 、
    DATE = "date"


@dataclass(frozen=True)
class Column:
    """One heading. `limit` is the longest text (of one part, for lists); `choices` maps what an editor writes to what is stored.

    `suggestions` are offered in the spreadsheet, but other words are possible too.
    """

    key: str
    heading: str
    kind: Kind = Kind.TEXT
    limit: int = 200
    required: bool = False
    choices: Mapping[str, Any] = field(default_factory=dict)
    suggestions: tuple[str, ...] = ()
    width: int = 14

    def shown(self, stored: object) -> str:
        """The word an editor writes for a stored choice."""
        return next((word for word, value in self.choices.items() if value == stored), str(stored or ""))


@dataclass(frozen=True)
class Sheet:
    """One sheet. `part` names the rows of an edition it fills; without `required` it may be left out of a workbook."""

    key: str
    title: str
    columns: tuple[Column, ...]
    required: bool = True
    part: str = ""

    def column(self, key: str) -> Column:
        return next(column for column in self.columns if column.key == key)

    @property
    def by_heading(self) -> dict[str, Column]:
        return {column.heading: column for column in self.columns}
