"""One of several processes that open verbs at the same time. Started by tests/officials/test_audit_race.py.

Arguments: database name, actor id, number of verbs, guarded | unguarded. Says "ready", waits for a line, works, and
prints how many verbs were written and how many failed by themselves; every tenth is undone on purpose.
"""

import sys
import time

import django
from django.conf import settings

ENOUGH_FOR_OTHERS = 0.002  # seconds between reading the head and writing after it


def take_the_guard_away() -> None:
    """The head is read at the start of the verb and never locked; SQLite's transactions begin as readers."""
    from django.db import connection

    from officials.audit import chain, verbs

    connection.settings_dict["OPTIONS"].pop("transaction_mode", None)
    read_early: list[chain.ChainHead] = []

    def read_head() -> None:
        head = chain.ChainHead.objects.filter(stream=chain.MAIN).first()
        read_early[:] = [head or chain.ChainHead(stream=chain.MAIN)]
        time.sleep(ENOUGH_FOR_OTHERS)

    class Unguarded(verbs.OpenVerb):
        def __init__(self, *args, **kwargs):
            super().__init__(*args, **kwargs)
            self.begun = False

        def begin(self):
            read_head()

    verbs.OpenVerb = Unguarded
    chain.lock_head = lambda stream: read_early[0]


def work(actor_id: int, count: int) -> tuple[int, int]:
    from django.db import DatabaseError
    from django.utils import timezone

    from officials.audit import verb
    from officials.models import User, Whereabouts

    actor = User.objects.get(pk=actor_id)
    written = failed = 0
    for number in range(count):
        now = timezone.now()
        try:
            with verb("whereabouts", by=actor, now=now) as act:
                if hasattr(act, "begin"):
                    act.begin()
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
    if guard == "unguarded":
        take_the_guard_away()
    print("ready", flush=True)
    sys.stdin.readline()
    print(*work(int(actor), int(count)), flush=True)
