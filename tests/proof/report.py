"""The table of a proof: what was looked at, what was found, what it must be."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Line:
    """One claim. `must` empty: a figure that is only told."""

    part: str
    what: str
    found: Any
    must: str = ""
    holds: bool = True


def add(lines: list[Line], file: Path) -> None:
    """Append to the lines of this run, one JSON object a line."""
    with file.open("a", encoding="utf-8") as output:
        output.writelines(json.dumps(asdict(line), ensure_ascii=False) + "\n" for line in lines)


def read(file: Path) -> list[Line]:
    return [Line(**json.loads(text)) for text in file.read_text(encoding="utf-8").splitlines()]


def table(lines: list[Line]) -> str:
    """Part by part; a claim that does not hold is marked at the left."""
    rows, part = [], ""
    for line in lines:
        if line.part != part:
            rows += ["", f"== {line.part}"]
            part = line.part
        mark = "ok  " if line.must and line.holds else "MISS" if not line.holds else "    "
        rows.append(f"{mark} {line.what}: {line.found}" + (f" (must be {line.must})" if line.must else ""))
    missed = sum(not line.holds for line in lines)
    claims = sum(bool(line.must) for line in lines)
    return "\n".join([*rows, "", f"{claims - missed} of {claims} claims hold" + (f", {missed} MISSED" if missed else "")])
