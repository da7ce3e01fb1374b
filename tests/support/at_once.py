"""Several people at the same moment, as threads of one process, the way the server's own threads meet."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connection


def at_once(count: int, deed: Callable[[], Any]) -> list[Any]:
    """What `deed` answers each of `count` threads that begin together. What is raised in one of them is raised here."""
    ready = threading.Barrier(count)

    def do() -> Any:
        try:
            ready.wait(timeout=30)
            return deed()
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return [answer.result() for answer in [pool.submit(do) for _one in range(count)]]
