"""Orders for the driver, and what comes back: how many a second, how long, how much processor time each."""

import base64
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.bench import driver
from tests.bench.servers import Server

CONNECTIONS = 8
WARM = 64  # requests until each of the eight threads has its connection, and the database its caches
HEADERS = {
    "Host": "127.0.0.1",
    "User-Agent": "Mozilla/5.0 (X11; Linux x86_64) script/bench",
    "Accept": "text/html",
    "Accept-Encoding": "gzip, br",
}


@dataclass
class Round:
    """One order carried out."""

    done: int
    seconds: float
    cpu: float
    database: float  # how much of the processor time the database's own processes took
    times: dict[str, list[float]]

    @property
    def rate(self) -> float:
        return self.done / self.seconds


@dataclass
class Work:
    """One kind of request and the server it goes to; its rounds as they are played."""

    server: Server
    order: dict[str, Any]
    rounds: list[Round] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Done a second, the middle round."""
        return statistics.median(one.rate for one in self.rounds)

    @property
    def cpu(self) -> float:
        """Seconds of processor for one, server and database together."""
        return sum(one.cpu for one in self.rounds) / sum(one.done for one in self.rounds)

    @property
    def database_share(self) -> float:
        return sum(one.database for one in self.rounds) / max(sum(one.cpu for one in self.rounds), 0.01)

    def percentile(self, share: float, name: str) -> float:
        """Milliseconds within which this share of the requests was answered."""
        times = sorted(time for one in self.rounds for time in one.times.get(name, ()))
        return 1000 * times[min(len(times) - 1, int(share * len(times)))] if times else 0.0


def listed(server: Server, requests: list[bytes], *, expect: int = 200, once: bool = False) -> Work:
    """Fixed requests, one after the other over all connections."""
    encoded = [base64.b64encode(request).decode() for request in requests]
    return Work(server, {"kind": "list", "requests": encoded, "expect": [expect], "once": once})


def get(server: Server, *paths: str, expect: int = 200, once: bool = False, **headers: str) -> Work:
    told = HEADERS | {name.replace("_", "-"): value for name, value in headers.items()}
    return listed(server, [driver.get(path, told) for path in paths], expect=expect, once=once)


def form(server: Server, path: str, fields: dict[str, str], cookies: list[dict[str, str]] | None = None) -> Work:
    """A page with a form, opened and sent."""
    order = {"kind": "form", "path": path, "fields": fields, "cookies": cookies or [], "headers": HEADERS, "expect": [200, 302]}
    return Work(server, order)


class Driver:
    """The driver's process, and the clock of processor time beside it."""

    def __init__(self, database_cpu: Callable[[], float]) -> None:
        self.database_cpu = database_cpu
        command = [sys.executable, str(Path(driver.__file__))]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def stop(self) -> None:
        self.process.stdin.close()
        self.process.wait(10)

    def play(self, work: Work, seconds: float, *, keep: bool = True, at_least: int = 0) -> Round:
        """One round. An answer with another status than expected ends the run: its speed would say nothing."""
        server, database = work.server.cpu(), self.database_cpu()
        order = work.order | {"port": work.server.port, "connections": CONNECTIONS, "seconds": seconds, "at_least": at_least}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline() or '{"odd": {"the driver": "has ended"}}')
        odd = {status: number for status, number in answer["odd"].items() if status != "reconnected"}
        if odd:
            raise SystemExit(f"{work.server.name}: unexpected answers {odd} to {str(work.order)[:300]}")
        times = answer["times"]
        done = len(times.get("post") or times.get("all") or ())
        server, database = work.server.cpu() - server, self.database_cpu() - database
        one = Round(done, answer["seconds"], server + database, database, times)
        if keep:
            work.rounds.append(one)
        return one

    def in_turn(self, works: list[Work], rounds: int, seconds: float) -> None:
        """A B A B …, after a round of each in which every thread gets warm: what else the machine does meets all alike."""
        for work in works:
            self.play(work, 0.2, keep=False, at_least=WARM)
        for _ in range(rounds):
            for work in works:
                self.play(work, seconds)


def rate_ratio(work: Work, reference: Work) -> float:
    """Throughput as a share of the reference's, neighbouring rounds compared."""
    pairs = zip(work.rounds, reference.rounds, strict=True)
    return statistics.median(one.rate / other.rate for one, other in pairs)
