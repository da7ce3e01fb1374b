"""The table at the end: each figure beside what it must reach and what it should."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One measured ratio or count. `at_least`: more is better; else less is."""

    work: str
    what: str
    value: float
    must: float | None = None
    aim: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        if self.must is None:
            return ""
        for name, bound in (("aim", self.aim), ("must", self.must)):
            # Compared as printed: 0.749 is shown as 0.75 and is 0.75.
            shown = float(number(self.value))
            if bound is not None and (shown >= bound if self.at_least else shown <= bound):
                return name
        return "MISSED"

    def line(self) -> tuple[str, ...]:
        sign = "≥" if self.at_least else "≤"
        bound = [f"{sign} {number(one)}" if one is not None else "" for one in (self.must, self.aim)]
        return (self.work, self.what, number(self.value), *bound, self.verdict, self.note)


def number(value: float) -> str:
    return f"{value:.0f}" if value == int(value) else f"{value:.2f}" if abs(value) < 10 else f"{value:.1f}"


HEAD = ("work", "figure", "measured", "must", "aim", "reached", "")


def table(title: str, figures: list[Figure]) -> str:
    lines = [HEAD, *(figure.line() for figure in figures)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    drawn = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    missed = sum(figure.verdict == "MISSED" for figure in figures)
    drawn.insert(1, "-" * max(map(len, drawn)))
    return "\n".join([f"== {title}", *drawn, f"missed: {missed} of {sum(figure.must is not None for figure in figures)}"])
