"""One of several processes that open verbs at the same time. Started by tests/officials/test_audit_race.py.

Arguments: database name, actor id, number of verbs, guarded | unguarded. Says "ready", waits for a line, works, and
prints how many verbs were written and how many failed by themselves; every tenth is undone on purpose.
"""

import sys
import time
from collections.abc import Callable

import django
from django.conf import settings

ENOUGH_FOR_OTHERS = 0.002  # seconds between reading the head and writing after it


def take_the_guard_away() -> Callable[[], None]:
    """The head is no longer locked; SQLite's transactions begin as readers. Returns what a verb then does first."""
    from django.db import connection

    from officials.audit import ChainHead, chain

    connection.settings_dict["OPTIONS"].pop("transaction_mode", None)
    read_early: list[ChainHead] = []

    def read_head() -> None:
        head = ChainHead.objects.filter(stream=chain.MAIN).first()
        read_early[:] = [head or ChainHead(stream=chain.MAIN)]
        time.sleep(ENOUGH_FOR_OTHERS)

    chain.lock_head = lambda stream: read_early[0]
    return read_head


def work(actor_id: int, count: int, begin: Callable[[], None]) -> tuple[int, int]:
    from django.db import DatabaseError
    from django.utils import timezone

    from officials.audit import verb
    from officials.models import User, Whereabouts

    actor = User.objects.get(pk=actor_id)
    written = failed = 0
    for number in range(count):
        now = timezone.now()
        try:
            with verb("whereabouts", by=actor, now=now):
                begin()
                Whereabouts.objects.create(user=actor, where="desk", since=now, at=now, by=actor)
                if number % 10 == 9:
                    raise LookupError("undone on purpose")
            written += 1
        except LookupError:
            pass
        except DatabaseError:
            failed += 1
    return written, failed


if __name__ == "__main__":
    name, actor, count, guard = sys.argv[1:]
    settings.DATABASES["default"]["NAME"] = name
    django.setup()
    first = take_the_guard_away() if guard == "unguarded" else lambda: None
    print("ready", flush=True)
    sys.stdin.readline()
    print(*work(int(actor), int(count), first), flush=True)
