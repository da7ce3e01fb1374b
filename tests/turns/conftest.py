"""The demo township with its 45 items and nobody's case: loaded once a file, each turn is rolled back."""

from collections.abc import Callable, Iterator

import pytest
import time_machine

from tests.support import world as w
from tests.support.demo import catalogue
from tests.turns.turn import Turn

LOADED = w.at("2026-11-23 08:00")


# Not once for all files: a package is only left at the end, and tests that need the database for themselves come before that.
@pytest.fixture(scope="module")
def township(django_db_setup, django_db_blocker) -> Iterator[None]:
    with time_machine.travel(LOADED, tick=False):
        loading = catalogue(django_db_blocker, LOADED)
        next(loading)
    yield
    next(loading, None)


@pytest.fixture
def turn(township, db) -> Iterator[Callable[[str, str], Turn]]:
    """turn("MZ-001", "2026-11-23 09:10"): somebody comes for this item, and the clock stands at this moment until it is moved."""
    with time_machine.travel(LOADED, tick=False) as clock:
        yield lambda code, moment: Turn(code, clock).on(moment)
