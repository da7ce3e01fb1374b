"""One list of copies for a visit of several cases: each paper once, however many cases want it."""

from collections.abc import Sequence
from dataclasses import dataclass

from requests.printing.contracts import VisitCase


@dataclass(frozen=True, kw_only=True)
class CopyLine:
    """A paper to be copied: how many copies each case keeps (in the order of the cases), and all together."""

    name: str
    per_case: tuple[int, ...]
    total: int


def common_copies(cases: Sequence[VisitCase]) -> tuple[CopyLine, ...]:
    """The papers of which any case keeps a copy, in the order they first appear.

    The same paper named by two cases is one line: the original is seen once, and the copies are made in one go.
    """
    counts: dict[str, list[int]] = {}
    for place, case in enumerate(cases):
        for material in case.materials:
            if material.copies:
                counts.setdefault(material.name, [0] * len(cases))[place] += material.copies
    return tuple(CopyLine(name=name, per_case=tuple(row), total=sum(row)) for name, row in counts.items())
