"""How much of a large product one run of the suite plays.

Address × reader × hostile text × language multiply to tens of thousands of requests. `script/test` plays a share of each
product that is fixed in advance, another one on PostgreSQL than on SQLite, in which every address and every reader comes up;
`script/proof matrix` sets YIBENTONG_EVERY=1 and plays all of it.
"""

import os
from collections.abc import Sequence
from typing import TypeVar

from django.db import connection

EVERY = os.environ.get("YIBENTONG_EVERY") == "1"
One = TypeVar("One")


def turn() -> int:
    """0 or 1: which share this run plays."""
    return int(connection.vendor == "postgresql")


def one_in(share: int, things: Sequence[One]) -> list[One]:
    """Each `share`-th of the things; the two databases play neighbouring ones."""
    return list(things) if EVERY else list(things)[turn() :: share]


def every_second(things: dict[str, One], at: int) -> dict[str, One]:
    """Half of the things, the other half at the next place `at` of the table."""
    return things if EVERY else {name: one for place, (name, one) in enumerate(things.items()) if (place + at) % 2 == 0}


def one_of_each(groups: dict[str, list[One]], at: int) -> list[One]:
    """Of every group one, another one at each place `at` of the table and on each database."""
    if EVERY:
        return [one for group in groups.values() for one in group]
    return [group[(at + turn()) % len(group)] for group in groups.values()]
