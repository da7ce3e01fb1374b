"""The on-site reception day of a whole county as a load test: eight hours of people pressed into a few minutes.

The figures are those of a real one: 1,525 officials went out, 2,390 people came, 1,334 demands were written down, 795 solved at
once, 539 to be followed up. Everything goes through the pages a person uses, against the server as it is started for real.
"""

from __future__ import annotations

import os
import random
import re
import statistics
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.utils import timezone

from officials import versions
from officials.audit import together, verb
from officials.models import Office, Official, User
from officials.permissions import give_role
from portal.demo import cast
from requests.models import Outing, OutingCase, ServiceRequest
from tests.bench import servers
from tests.proof.desks import Desk, Leader, Log, Someone
from tests.proof.report import Line

OFFICIALS, VISITS, REGISTERED, AT_ONCE = 1525, 2390, 1334, 795
DISPATCHED = 300  # of those not solved at once: sent on while the day still runs; the others wait for the evening
EXPLAINED = 95  # of those settled at once: nothing to be done, but explained
PASSWORD = "reception-day-9"
SEED = 20261122
DEMO_CASES = 60
LOOKS = 5.0  # seconds between two looks of the leader, and of a resident
SLACK = 0.1  # part of the time by which the day may end late
BROKEN = re.compile(r"Traceback|\bERROR\b|CRITICAL|Internal Server Error|database is locked")
READ_BY_RESIDENTS = ("/", "/outings/", "/officials/", "/track/")


@dataclass(frozen=True)
class AsWas:
    """The figures of the day; `scale` times fewer of everything for a try."""

    scale: int = 1

    @property
    def officials(self) -> int:
        return OFFICIALS // self.scale

    @property
    def visits(self) -> int:
        return VISITS // self.scale

    @property
    def at_once(self) -> int:
        return AT_ONCE // self.scale

    @property
    def open(self) -> int:
        return (REGISTERED - AT_ONCE) // self.scale

    @property
    def registered(self) -> int:
        return self.at_once + self.open


@dataclass(frozen=True)
class Ground:
    """Where it takes place: who may plan it, where it goes, and who sits at the desks."""

    leader: tuple[str, str]  # name and password of the sign-in
    office: Office
    villages: list[Office]
    clerks: list[str]
    staff_numbers: list[str]


def run(database: str, minutes: float, desks: int, day: AsWas) -> list[Line]:
    """A database and a server of its own; what the people and the database say at the end."""
    name = f"reception day on {database}"
    ground = _set_up(day, desks)
    server = servers.Server("product", "portal.settings", settings.DATABASE_URL, "/healthz", Path(settings.VAR_DIR) / "server.log")
    tick = [sys.executable, "manage.py", "tick", "--loop"]
    minute = subprocess.Popen(tick, cwd=servers.ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        log, outing, seconds = hold(f"http://127.0.0.1:{server.port}", ground, day, minutes * 60)
        cpu, memory = server.cpu(), server.memory()
    finally:
        minute.terminate()
        minute.wait()
        server.stop()
    lines = judge(name, log, outing, seconds, day, minutes * 60)
    lines += [Line(name, f"the server: {cpu:.0f} s of processor, memory in MB", round(memory)), _quiet(name, server.log), _verified(name)]
    for sentence in log.faults[:20]:
        print(f"FAULT {sentence}", flush=True)
    return lines


# -- before the day ------------------------------------------------------------------------------------------------


def _set_up(day: AsWas, desks: int) -> Ground:
    print("setting up: demo township, directory, desks", file=sys.stderr, flush=True)
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_demo", cases=DEMO_CASES)
    call_command("collectstatic", interactive=False, verbosity=0)
    supervisor = User.objects.get(username="supervisor")
    reception = Office.objects.get(takes_in_for_all=True)
    return prepare(day, desks, reception=reception, centre=supervisor.office, leader=("supervisor", cast.PASSWORD))


def prepare(day: AsWas, desks: int, *, reception: Office, centre: Office, leader: tuple[str, str]) -> Ground:
    """Fill the directory up to the officials of the day and give some of the new ones a desk."""
    by, now = User.objects.job("setup"), timezone.now()
    villages = list(Office.objects.filter(township=reception.township, kind=Office.Kind.VILLAGE).order_by("code"))
    offices = [reception, *villages]
    password, clerks = make_password(PASSWORD), []
    more = max(desks, day.officials - Official.objects.count())
    with together():
        with verb("fill_directory", by=by, now=now):
            for number in range(more):
                at_desk = number < desks
                office, secret = (reception, password) if at_desk else (offices[number % len(offices)], "!")
                user = User(
                    username=f"sent{number:04d}", name=f"下乡{number:04d}", staff_no=f"XX{number:04d}", password=secret, office=office
                )
                user.save()
                Official(user=user, code=f"sent{number:04d}", title="下乡干部").save()
                clerks += [user] if at_desk else []
            versions.bump(versions.CATALOGUE)
        for user in clerks:
            give_role(user, reception, "clerk", by=by, now=now)
    everybody = User.objects.filter(official__isnull=False, is_active=True).order_by("-pk").values_list("staff_no", flat=True)
    return Ground(leader, centre, villages, [user.username for user in clerks], list(everybody[: day.officials]))


# -- the day -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Event:
    """Somebody comes, or has something written down, so many seconds after the doors open."""

    at: float
    then: str = ""  # "" : only comes; else what becomes of the demand
    is_dispatched: bool = False


def events(day: AsWas, seconds: float) -> list[Event]:
    """The mornings are full: half of them spread over the day, half towards a third of it."""
    dice = random.Random(SEED)

    def moment() -> float:
        return dice.uniform(0, seconds) if dice.random() < 0.5 else dice.triangular(0, seconds, seconds / 3)

    explained, dispatched = EXPLAINED // day.scale, DISPATCHED // day.scale
    found = [Event(moment()) for _ in range(day.visits)]
    found += [Event(moment(), "explained" if number < explained else "solved") for number in range(day.at_once)]
    found += [Event(moment(), "dispatch", number < dispatched) for number in range(day.open)]
    return sorted(found, key=lambda event: event.at)


class Door:
    """People come in at their time, whoever is free takes the next one."""

    def __init__(self, coming: list[Event], log: Log) -> None:
        self.coming, self.log, self.turn = coming, log, threading.Lock()
        self.opened = time.monotonic()

    def serve(self, desk: Desk) -> None:
        """One desk until nobody comes any more."""
        while True:
            with self.turn:
                if not self.coming:
                    return
                event = self.coming.pop(0)
            time.sleep(max(0.0, self.opened + event.at - time.monotonic()))
            with self.log.lock:
                self.log.lateness.append(time.monotonic() - self.opened - event.at)
            try:
                desk.write_down(event.then, event.is_dispatched) if event.then else desk.count_visit()
            except LookupError as lacking:  # a page without its form
                self.log.fault(str(lacking))


def hold(url: str, ground: Ground, day: AsWas, seconds: float) -> tuple[Log, str, float]:
    """The whole day. Returns what the people saw, the number of the day, and how long it took."""
    log, over = Log(), threading.Event()
    leader, resident = Leader(url, log, 1), Someone(url, log, 2)
    leader.sign_in(*ground.leader)
    outing = leader.plan(timezone.localdate().isoformat(), str(ground.office.pk), [str(village.pk) for village in ground.villages])
    desks = _opened(url, log, leader, outing, ground)

    def look() -> None:
        while not over.wait(LOOKS):
            leader.look(outing)

    def read() -> None:
        while not over.wait(LOOKS):
            for address in READ_BY_RESIDENTS:
                resident.get(address, "read by a resident")

    beside = [threading.Thread(target=look), threading.Thread(target=read)]
    door = Door(events(day, seconds), log)
    at_work = [threading.Thread(target=door.serve, args=(desk,)) for desk in desks]
    for thread in (*beside, *at_work):
        thread.start()
    for thread in at_work:
        thread.join()
    took = time.monotonic() - door.opened
    over.set()
    for thread in beside:
        thread.join()
    leader.look(outing)
    return log, outing, took


def _opened(url: str, log: Log, leader: Leader, outing: str, ground: Ground) -> list[Desk]:
    """Everybody is sent to a place, and every desk signed in."""
    places = [str(pk) for pk in Outing.objects.get(pk=outing).places.order_by("pk").values_list("pk", flat=True)]
    for number, place in enumerate(places):
        leader.send(outing, place, ground.staff_numbers[number :: len(places)])
    desks = [Desk(url, log, 10 + number, outing, places[number % len(places)]) for number in range(len(ground.clerks))]
    for desk, clerk in zip(desks, ground.clerks, strict=True):
        desk.sign_in(clerk, PASSWORD)
    return desks


# -- after the day -------------------------------------------------------------------------------------------------


def judge(name: str, log: Log, outing: str, took: float, day: AsWas, seconds: float) -> list[Line]:
    """What the people saw against what the database holds."""
    held = Outing.objects.get(pk=outing)
    stored = dict(OutingCase.objects.filter(outing=held).values_list("service_request__number", "service_request__status"))
    solved = sum(status == ServiceRequest.Status.CLOSED for status in stored.values())
    visits = sum(held.visits.values_list("people", flat=True))
    last = "{} = {} + {}".format(*(log.sums[-1] if log.sums else (0, 0, 0)))
    wanted = f"{day.registered} = {day.at_once} + {day.open}"
    everything = sorted(one for times in log.seconds.values() for one in times)
    lines = [
        _same(name, "the page at the end: registered = solved + open", last, wanted),
        _same(name, "faults shown to people (errors, time-outs, refusals, lost forms)", len(log.faults), 0),
        _same(name, "numbers acknowledged", len(log.registered), day.registered),
        _same(name, "of them not in the database", len(log.registered.keys() - stored.keys()), 0),
        _same(name, "in the database and never acknowledged", len(stored.keys() - log.registered.keys()), 0),
        _same(name, "settled otherwise than acknowledged", abs(solved - day.at_once), 0),
        _same(name, "gaps in the series of numbers", _gaps(), 0),
        _same(name, "visitors counted", visits, day.visits),
        _same(name, "officials sent", held.sent.count(), day.officials),
        Line(name, "demands sent on during the day", log.dispatched),
        _same(name, "looks at the page whose figures did not add up", sum(one != two + three for one, two, three in log.sums), 0),
        Line(name, "seconds the day took", round(took), f"at most {seconds * (1 + SLACK) + 5:.0f}", took <= seconds * (1 + SLACK) + 5),
        Line(name, "longest wait for a desk, in seconds", round(max(log.lateness, default=0), 1)),
        Line(name, "answers", f"{len(everything)} ({len(everything) / took:.1f} a second)"),
        Line(name, "all answers", _times(everything)),
    ]
    return lines + [Line(name, what, _times(times)) for what, times in sorted(log.seconds.items()) if len(times) > 1]


def _same(name: str, what: str, found: object, wanted: object) -> Line:
    return Line(name, what, found, str(wanted), found == wanted)


def _times(times: list[float]) -> str:
    """Milliseconds."""
    if len(times) < 2:
        return "none"
    hundredths = statistics.quantiles(times, n=100, method="inclusive")
    return f"median {hundredths[49] * 1e3:.0f} ms, p95 {hundredths[94] * 1e3:.0f} ms, longest {max(times) * 1e3:.0f} ms, {len(times)} times"


def _gaps() -> int:
    """Numbers missing between the first and the last of each series and year, whoever got them."""
    series: dict[str, list[int]] = {}
    for number in ServiceRequest.objects.values_list("number", flat=True):
        head, _dash, tail = number.rpartition("-")
        letters = re.sub(r"\d", "", tail)
        series.setdefault(f"{head}-{letters}", []).append(int(tail.removeprefix(letters)))
    return sum(max(values) - len(values) for values in series.values())


def _quiet(name: str, log: Path) -> Line:
    """The server's own log: what broke there without anybody seeing it."""
    text = log.read_text(encoding="utf-8", errors="replace")
    broken = [line for line in text.splitlines() if BROKEN.search(line)]
    for line in broken[:5]:
        print(f"SERVER {line}", flush=True)
    return _same(name, "lines about errors in the server's log", len(broken), 0)


def _verified(name: str) -> Line:
    begun = time.monotonic()
    command = [sys.executable, "manage.py", "verify_audit"]
    done = subprocess.run(command, cwd=servers.ROOT, env=dict(os.environ), capture_output=True, text=True, check=False)
    seconds = time.monotonic() - begun
    said = (done.stdout or done.stderr).strip().splitlines()
    return Line(name, f"manage.py verify_audit ({seconds:.0f} s)", said[0] if said else "nothing", "ok", done.returncode == 0)
