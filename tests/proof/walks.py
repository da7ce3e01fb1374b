"""What the random walks did: how many there were, whether anything was broken, and which verbs they met how often."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

from requests.lifecycle import TRANSITIONS
from tests.proof.report import Line

STEPS = 50
PARTS = 5


def run(database: str, walks: int, tally: Path, status: int) -> list[Line]:
    """Read the parts' tallies. A part in which something broke writes none, and pytest has said what."""
    parts = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(tally.glob("part-*.json"))]
    sequences = sum(part["sequences"] for part in parts)
    done = Counter[str]()
    for part in parts:
        done.update(part["verbs"])
    name = f"walks on {database}"
    holds = status == 0 and len(parts) == PARTS
    lines = [
        Line(name, "parts in which something that must hold was broken", PARTS - len(parts) if status else 0, "0", holds),
        Line(name, f"sequences of {STEPS} steps", sequences, f"{walks}", sequences >= walks // PARTS * PARTS),
    ]
    for kind, moves in TRANSITIONS.items():
        met = {verb: done[f"{kind} {verb}"] for verb in moves if done[f"{kind} {verb}"]}
        often = ", ".join(f"{verb} {count}" for verb, count in sorted(met.items(), key=lambda one: -one[1]))
        lines.append(Line(name, f"{kind}: {len(met)} of {len(moves)} verbs met", often or "none"))
        if never := [verb for verb in moves if verb not in met]:
            lines.append(Line(name, f"{kind}: never met", ", ".join(never)))
    return lines
