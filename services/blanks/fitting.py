"""A text into its place: smaller if it is too wide, then on several lines; nothing is ever cut off.

Pure: widths come from the font files, lengths are millimetres, sizes points.
"""

from dataclasses import dataclass

from officials.typesetting import width_of

POINT = 25.4 / 72  # mm
LEADING = 1.25  # from line to line, in sizes
SMALLEST = 7.0  # points; what an older person can still check
STEP = 0.5
_NEVER_FIRST = frozenset("，。、；：！？）】》”’,.;:!?)")


@dataclass(frozen=True)
class Fitted:
    """How a text is set. `is_over`: it is higher than its place and runs below it; the window is told."""

    size: float
    lines: tuple[str, ...]
    is_over: bool

    @property
    def height(self) -> float:
        return len(self.lines) * self.size * LEADING * POINT


def fit(text: str, *, width: float, height: float, size: float) -> Fitted:
    """The largest size, from `size` down to the smallest, at which the text stands in the place."""
    current = size
    while True:
        lines = wrapped(text, width / (current * POINT))
        # One line always has room: a place is measured between the rules of the form, often a little tight.
        if len(lines) == 1 or len(lines) * current * LEADING * POINT <= height:
            return Fitted(current, lines, is_over=False)
        if current <= SMALLEST:
            return Fitted(current, lines, is_over=True)
        current = max(SMALLEST, current - STEP)


def wrapped(text: str, width: float) -> tuple[str, ...]:
    """The text on lines of at most `width` em, broken between characters; a closing mark stays with what it closes."""
    lines, line = [], ""
    for char in text:
        if line and width_of(line + char) > width and char not in _NEVER_FIRST:
            lines.append(line.rstrip())
            line = "" if char == " " else char
        else:
            line += char
    return (*lines, line)
