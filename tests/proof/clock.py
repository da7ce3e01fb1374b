"""The clock against the oracle on very many random cases, dealt out to as many processes as there are cores."""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial

from tests.proof.report import Line
from tests.support import clock_cases

PIECE = 1000  # cases; whole calendars, so that a piece is the same cases wherever it is counted
CONTROL = 300  # cases in which each deliberately wrong rule has to be found
SHOWN = 5


def run(seed: str, cases: int, processes: int = 0) -> list[Line]:
    """0 differences, and every wrong rule found."""
    print(f"seed {seed}; again with: script/proof clock --seed {seed}", flush=True)
    begun = time.monotonic()
    found = _differences(seed, cases, processes or os.cpu_count() or 1)
    seconds = time.monotonic() - begun
    for difference in found[:SHOWN]:
        print(difference, flush=True)
    what = f"differences in {cases:,} cases, two calendars each, seed {seed} ({seconds:.0f} s)"
    lines = [Line("clock", what, len(found), "0", not found)]
    for name in clock_cases.WRONG:
        caught = len(clock_cases.play(seed, range(CONTROL), name))
        lines.append(Line("clock", f"wrong rule “{name}”: differences in {CONTROL} cases", caught, "more than 0", caught > 0))
    return lines


def _differences(seed: str, cases: int, processes: int) -> list[str]:
    pieces = [range(first, min(first + PIECE, cases)) for first in range(0, cases, PIECE)]
    if len(pieces) == 1:
        return clock_cases.play(seed, pieces[0])
    found: list[str] = []
    with ProcessPoolExecutor(processes) as pool:
        for done, faults in enumerate(pool.map(partial(clock_cases.play, seed), pieces), start=1):
            found += faults
            if done % 20 == 0:
                print(f"{done * PIECE:,} cases, {len(found)} differences", flush=True)
    return found
