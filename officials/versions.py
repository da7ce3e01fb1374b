"""Catalogue and calendar live in memory in each process; this says when they are stale.

`bump` belongs into the verb that changes them; `current` is asked at most every two seconds per process, so a change is
seen everywhere within two seconds and a warm page costs no query.
"""

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from django.db.models import F

from officials.models import Version

LOOK_EVERY = 2.0
_seen: dict[str, tuple[float, int]] = {}

CATALOGUE = "catalogue"
CALENDAR = "calendar"


def bump(name: str) -> None:
    """Say that what `name` stands for has changed. Call it inside the transaction of the change."""
    if not Version.objects.filter(name=name).update(value=F("value") + 1):
        Version.objects.get_or_create(name=name, defaults={"value": 2})
    _seen.pop(name, None)


def current(name: str) -> int:
    """The version as this process knows it, at most two seconds old."""
    now = time.monotonic()
    looked, value = _seen.get(name, (0.0, 0))
    if value and now - looked < LOOK_EVERY:
        return value
    # Both at once: one query every two seconds whatever was asked for.
    rows = dict(Version.objects.values_list("name", "value"))
    for known in {CATALOGUE, CALENDAR, name}:
        _seen[known] = (now, rows.get(known, 1))
    return _seen[name][1]


Value = TypeVar("Value")


class Kept(Generic[Value]):
    """A value read from the database and kept in this process until its version changes; call it to get the value."""

    every: list["Kept"] = []

    def __init__(self, name: str, build: Callable[[], Value]):
        self.name, self.build = name, build
        self._kept: tuple[int, Value] | None = None
        self._building = threading.Lock()
        Kept.every.append(self)

    def __call__(self) -> Value:
        version = current(self.name)
        kept = self._kept
        if kept is None or kept[0] != version:
            # One thread reads the database, the others wait for it: eight readings at once would help nobody.
            with self._building:
                kept = self._kept
                if kept is None or kept[0] != version:
                    kept = self._kept = (version, self.build())
        return kept[1]

    def forget(self) -> None:
        self._kept = None


def forget() -> None:
    """For tests and after `load_demo`: look again at the next question."""
    _seen.clear()
    for kept in Kept.every:
        kept.forget()
