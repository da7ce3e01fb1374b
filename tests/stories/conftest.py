"""The long stories are told on the demo township, all on a Monday morning of which every date is known."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from portal.demo import loading
from tests.support import world as w

MONDAY = datetime(2026, 11, 23, 8, 40, tzinfo=ZoneInfo("Asia/Shanghai"))
CASES = 15


class Clock:
    """The clock on the wall of the centre. It goes on by itself; a story may turn it forward."""

    def __init__(self, machine: time_machine.Traveller) -> None:
        self._machine = machine

    def turn_to(self, text: str) -> None:
        """To a local time, written like 2026-11-24 09:00."""
        self._machine.move_to(datetime.fromisoformat(text).replace(tzinfo=MONDAY.tzinfo))


@pytest.fixture
def clock() -> Iterator[Clock]:
    with time_machine.travel(MONDAY, tick=True) as machine:
        yield Clock(machine)


@pytest.fixture
def township(live_server, clock):
    """The demo as script/server loads it, with fewer cases and without the lives of the rooms."""
    return loading.load(now=MONDAY, cases=CASES, rooms=False)


@pytest.fixture
def village(live_server, clock):
    """A township of two items and ten people, for stories that need no more."""
    return w.build()
