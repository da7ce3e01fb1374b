"""The parts of script/proof, each with what it has to hold. Adds its lines to the table; exit code 1 on any miss."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.proof import clock, papers, reception, report, walks


def main(arguments: list[str] | None = None) -> None:
    asked = _options(arguments)
    if asked.part == "table":
        lines = report.read(asked.lines)
        print(report.table(lines))
        # An empty table proves nothing.
        sys.exit(not lines or any(not line.holds for line in lines))
    lines = _look(asked)
    report.add(lines, asked.lines)
    print(report.table(lines), flush=True)
    sys.exit(any(not line.holds for line in lines))


def _look(asked: argparse.Namespace) -> list[report.Line]:
    if asked.part == "clock":
        return clock.run(asked.seed, asked.cases)
    if asked.part == "walks":
        return walks.run(asked.database, asked.walks, asked.tally, asked.status)
    if asked.part == "matrix":
        what = "runs with a cell that is not as declared"
        return [report.Line(f"matrix on {asked.database}", what, int(asked.status != 0), "0", asked.status == 0)]
    if asked.part == "reception-day":
        return reception.run(asked.database, asked.minutes, asked.desks, reception.AsWas(asked.scale))
    return papers.run()


def _options(arguments: list[str] | None) -> argparse.Namespace:
    reader = argparse.ArgumentParser(prog="script/proof")
    parts = reader.add_subparsers(dest="part", required=True)
    of_clock = parts.add_parser("clock")
    of_clock.add_argument("--seed", default="20261122")
    of_clock.add_argument("--cases", type=int, default=100_000)
    of_walks = parts.add_parser("walks")
    of_walks.add_argument("--database", required=True)
    of_walks.add_argument("--walks", type=int, required=True)
    of_walks.add_argument("--tally", type=Path, required=True)
    of_walks.add_argument("--status", type=int, required=True)
    of_matrix = parts.add_parser("matrix")
    of_matrix.add_argument("--database", required=True)
    of_matrix.add_argument("--status", type=int, required=True)
    of_day = parts.add_parser("reception-day")
    of_day.add_argument("--database", required=True)
    of_day.add_argument("--minutes", type=float, default=10.0)
    of_day.add_argument("--desks", type=int, required=True)
    of_day.add_argument("--scale", type=int, default=1, help="so many times fewer people, for a try")
    parts.add_parser("papers")
    parts.add_parser("table")
    for part in parts.choices.values():
        part.add_argument("--lines", type=Path, required=True)
    return reader.parse_args(arguments)
