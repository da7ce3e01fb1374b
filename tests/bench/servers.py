"""The two servers under load, and what they and the database burn."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TICKS = os.sysconf("SC_CLK_TCK")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A gunicorn with the product's own settings file, in a process group of its own."""

    def __init__(self, name: str, settings: str, database: str, warm: str, log: Path) -> None:
        self.name, self.port, self.log = name, free_port(), log
        # Workers are not exchanged meanwhile: a fresh one would be measured cold.
        command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", "--max-requests", "0"]
        told = {"HOST": "127.0.0.1", "PORT": str(self.port), "DJANGO_SETTINGS_MODULE": settings, "DATABASE_URL": database}
        told |= {"YIBENTONG_PROXIES": "1"}  # the driver names its address, so that wrong codes come from many
        with log.open("w") as output:
            self.process = subprocess.Popen(command, cwd=ROOT, env=os.environ | told, stdout=output, stderr=output, start_new_session=True)
        self._wait(warm)

    def _wait(self, path: str) -> None:
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        self.stop()
        raise SystemExit(f"The {self.name} server did not start:\n{self.log.read_text()}")

    def stop(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()

    def cpu(self) -> float:
        return cpu_seconds(self.process.pid)

    def memory(self) -> float:
        """MB of the workers and their master now; what several of them share is counted once (PSS)."""
        return sum(_proportional(pid) for pid in _family(self.process.pid)) / 1024


def postmaster(folder: str) -> int:
    """Process id of the PostgreSQL that tests/support/postgres.py started in this folder."""
    room = Path((Path(folder) / "room").read_text(encoding="utf-8"))
    return int((room / "data" / "postmaster.pid").read_text().split()[0])


def cpu_seconds(head: int) -> float:
    """What a process, its children and those they have buried have burnt so far."""
    total = 0
    for pid in _family(head):
        fields = _stat(pid)
        total += sum(int(text) for text in fields[11:15]) if fields else 0
    return total / TICKS


def _family(head: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, todo = [], [head]
    while todo:
        pid = todo.pop()
        found.append(pid)
        todo.extend(parents.get(pid, ()))
    return found


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name; empty when the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _proportional(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)
