"""One database: set up the product and its reference, load them in turn, print the table.

script/bench calls this once for SQLite and once for PostgreSQL, with DATABASE_URL and YIBENTONG_VAR set.
"""

import argparse
import logging
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from urllib.parse import quote, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from tests.bench import counting, driver, load, servers, weight
from tests.bench.filling import CODE, Filling
from tests.bench.load import Driver, Work, rate_ratio
from tests.bench.report import Figure, table

ITEM = "MZ-001"
WALK_IN = {
    "everything": "on", "name": "张三丰", "id_number": "990199195501010012", "phone": "12345678901", "channel": "window",
    "another_because": "每一次都是另一件事",
    "words": "", "then": "receive",
}  # fmt: skip
NOTE = {key: value for key, value in WALK_IN.items() if key in ("name", "id_number", "phone", "channel")} | {"words": "everything is here"}
SEARCHES = ("低保", "db", "dibao", "身份证", "老年", "医保", "hukou", "残疾", "jhz", "建房")
TRACKED_AT_ONCE = 3000
TIMED = 1000
# Django takes a token of the plain 32 letters, so the form need not be opened first.
CSRF = "abcdefghijklmnopqrstuvwxyzABCDEF"


class Bench:
    """Everything of one run."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.figures: list[Figure] = []
        self.memory: list[float] = []
        self.begun = time.monotonic()
        self.database_cpu: Callable[[], float] = lambda: 0.0
        if options.postgres:
            head = servers.postmaster(options.postgres)
            self.database_cpu = lambda: servers.cpu_seconds(head)

    def say(self, text: str) -> None:
        print(f"[{time.monotonic() - self.begun:4.0f} s] {text}", file=sys.stderr, flush=True)

    def add(self, work: str, what: str, value: float, must=None, aim=None, **more) -> None:
        self.figures.append(Figure(work, what, value, must, aim, **more))

    # -- set-up --------------------------------------------------------------------------------------------------

    def set_up(self) -> None:
        self.say("setting up the product")
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_demo", cases=200)
        call_command("collectstatic", interactive=False, verbosity=0)
        self.say("setting up the reference")
        reference = self._reference_database()
        told = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.bench.reference.settings", "DATABASE_URL": reference}
        for more in ((), ("--run-syncdb",)):  # first what the app's tables point to
            command = [sys.executable, "manage.py", "migrate", "--noinput", "-v", "0", *more]
            subprocess.run(command, cwd=servers.ROOT, env=told, check=True)
        logs = Path(settings.VAR_DIR)
        url = os.environ.get("DATABASE_URL", "")
        self.product = servers.Server("product", "portal.settings", url, "/healthz", logs / "product.log")
        self.reference = servers.Server("reference", "tests.bench.reference.settings", reference, "/hello/", logs / "reference.log")
        self.driver = Driver(self.database_cpu)

    def _reference_database(self) -> str:
        """URL of the reference's own database in the same PostgreSQL; "" on SQLite, where it is a file beside ours."""
        url = os.environ.get("DATABASE_URL", "")
        if not url:
            return ""
        with connection.cursor() as cursor:
            cursor.execute("CREATE DATABASE reference")
        return urlunsplit(urlsplit(url)._replace(path="/reference"))

    def tear_down(self) -> None:
        for name in ("product", "reference", "driver"):
            if part := getattr(self, name, None):
                part.stop()

    # -- the works -------------------------------------------------------------------------------------------------

    def hello(self) -> Work:
        return load.get(self.reference, "/hello/")

    def in_turn(self, *works: Work) -> None:
        self.driver.in_turn(list(works), self.options.rounds, self.options.seconds)
        self.memory.append(self.product.memory())

    def _share(self, work: Work) -> str:
        """In the note of a row: one request in milliseconds of processor, and how much of it is the database's."""
        share = f", {work.database_share:.0%} of it the database" if self.options.postgres else ""
        return f"{work.cpu * 1000:.1f} ms{share}"

    def public_pages(self) -> None:
        self.say("public pages")
        etag = self._etag(f"/services/{ITEM}/")
        hello, item = self.hello(), load.get(self.product, f"/services/{ITEM}/")
        unchanged = load.get(self.product, f"/services/{ITEM}/", expect=304, If_None_Match=etag)
        catalogue = load.get(self.product, "/services/")
        searching = load.get(self.product, *(f"/search/?q={quote(word)}" for word in SEARCHES))
        self.in_turn(hello, item, unchanged, catalogue, searching)
        self.add("hello", "requests a second (nothing to reach)", hello.rate, note=f"{hello.cpu * 1000:.2f} ms CPU each")
        self.add("item page, warm", "of hello's throughput", rate_ratio(item, hello), 0.75, 0.9, at_least=True)
        self.add("", "CPU of hello's", item.cpu / hello.cpu)
        self.add("", "SQL", self._warm(f"/services/{ITEM}/"), 0, 0)
        self.add("item page, unchanged (304)", "of hello's throughput", rate_ratio(unchanged, hello), 0.85, 0.95, at_least=True)
        self.add("catalogue, warm", "of hello's throughput", rate_ratio(catalogue, hello), 0.65, 0.9, at_least=True)
        self.add("", "SQL", self._warm("/services/"), 0, 0)
        self._after_a_change(hello)
        self.add("search", "CPU of hello's", searching.cpu / hello.cpu, 10, 6, note=self._share(searching))
        self.add("", "SQL", self._warm(f"/search/?q={quote(SEARCHES[0])}"), 3, 1)

    def _etag(self, path: str) -> str:
        asked = Client(HTTP_HOST="127.0.0.1", headers={"accept-encoding": load.HEADERS["Accept-Encoding"]})
        return asked.get(path).headers["ETag"]

    def _warm(self, path: str) -> int:
        client = Client(HTTP_HOST="127.0.0.1")
        return counting.counted(lambda: client.get(path)).sql

    def _after_a_change(self, hello: Work) -> None:
        """Every item page once, right after the catalogue has got a new version and both processes have heard of it."""
        codes = list(counting.published_codes())
        work = load.get(self.product, *(f"/services/{code}/" for code in codes), once=True)
        for _ in range(self.options.rounds):
            counting.change_catalogue()
            time.sleep(2.2)
            self.driver.play(work, 60)
        path = f"/services/{ITEM}/"
        self.add(
            "first view after a change",
            "CPU of hello's",
            work.cpu / hello.cpu,
            8,
            4,
            note=f"{len(codes)} item pages once each, {self._share(work)}",
        )
        self.add("", "SQL", counting.first_view(path).sql, 4, 2)

    def intake(self) -> None:
        self.say("intake")
        path = f"/desk/new/{ITEM}/"
        insert = load.form(self.reference, "/insert/", NOTE)
        window = load.form(self.product, path, WALK_IN, counting.sessions("clerk", load.CONNECTIONS))
        self.in_turn(insert, window)
        opened, sent = counting.intake(path, WALK_IN)
        note = f"{window.rate:.0f} and {insert.rate:.0f} pairs a second"
        self.add("intake, GET + POST", "of the insert form's throughput", rate_ratio(window, insert), 0.6, 0.75, at_least=True, note=note)
        self.add("", "CPU of the insert form's", window.cpu / insert.cpu, note=self._share(window))
        self.add("", "SQL of the GET", opened.sql)
        self.add("", "SQL of the POST", sent.sql, 12, 8)
        self.add("", "commits of the POST", sent.commits, 1, 1)
        slow = (window.percentile(0.95, "post"), insert.percentile(0.95, "post"))
        self.add("", "p95 of the POST, of the insert's", slow[0] / slow[1], 2, 1.5, note=f"{slow[0]:.0f} and {slow[1]:.0f} ms")
        if self.options.statements:
            print("\n".join(["-- the POST of the window", *(text[:200] for text in sent.statements)]))

    def overdue(self, cases: int) -> float:
        """The CPU of the list in hellos, so that two sizes measured one after the other can be compared."""
        self.say(f"overdue list, {cases} cases")
        client = counting.signed_in("supervisor")
        hello = self.hello()
        listing = load.get(self.product, "/overdue/", Cookie=f"sessionid={client.cookies['sessionid'].value}")
        self.in_turn(hello, listing)
        work = f"overdue list, {cases} cases"
        self.add(work, "of hello's throughput", rate_ratio(listing, hello), 0.07, 0.12, at_least=True)
        self.add("", "CPU of hello's", listing.cpu / hello.cpu, 15, 9, note=self._share(listing))
        self.add("", "SQL", counting.counted(lambda: client.get("/overdue/")).sql, 6, 6)
        return listing.cpu / hello.cpu

    def tracking(self, cases: int) -> None:
        self.say(f"tracking, {cases} cases")
        numbers = counting.numbers_of_copies(TRACKED_AT_ONCE, Random(cases))
        hello = self.hello()
        right = load.listed(self.product, [self._track(number, CODE, cases, i) for i, number in enumerate(numbers)])
        wrong = load.listed(
            self.product, [self._track(number, "6543 2109 8765 4321", cases, i) for i, number in enumerate(numbers)], expect=422
        )
        self.in_turn(hello, right, wrong)
        right_count, wrong_count = counting.tracking(numbers[-1])
        self.add(f"tracking, {cases} cases", "of hello's throughput", rate_ratio(right, hello), 0.18, 0.25, at_least=True)
        self.add("", "CPU of hello's", right.cpu / hello.cpu, note=self._share(right))
        self.add("", "SQL with the right code", right_count.sql, 3, 2)
        self.add("", "SQL with a wrong code", wrong_count.sql, 3, 2)
        self.add("", "CPU of a wrong code, of a right one's", wrong.cpu / right.cpu, 1.2, note="the answers differ in length")
        # S11: 0.45 to 0.55 is no better than a coin.
        apart = abs(counting.told_apart(numbers[:TIMED], Random(cases + 1)) - 0.5)
        self.add("", "a clock tells if a number exists, beyond a coin", apart, 0.05, note=f"{2 * TIMED} wrong codes timed, AUC − 0.5")

    def _track(self, number: str, code: str, cases: int, turn: int) -> bytes:
        """Each from an address of its own: ten wrong codes close a door."""
        address = f"10.{cases // 1000 % 250}.{turn // 250}.{turn % 250}"
        headers = load.HEADERS | {"Cookie": f"csrftoken={CSRF}", "X-Forwarded-For": address}
        fields = {"csrfmiddlewaretoken": CSRF, "number": number, "secret": code}
        return driver.post("/track/", headers, urlencode(fields).encode())

    def weights(self) -> None:
        for path in ("/", f"/services/{ITEM}/"):
            size, requests = weight.of_page(self.product.port, path)
            self.add(f"first visit: {path}", "KB on the wire", size, 30, 15)
            self.add("", "requests", requests, 4, 2)
        client = counting.signed_in("supervisor")
        size, _requests = weight.of_page(self.product.port, "/overdue/", {"sessionid": client.cookies["sessionid"].value})
        self.add("overdue list, first time", "KB on the wire", size, 60, 35)

    def run(self) -> None:
        self.set_up()
        filling = Filling()
        lists = []
        for cases in self.options.sizes:
            self.say(f"filling up to {cases} cases")
            filling.fill_up_to(cases)
            if not lists:
                self.public_pages()
                self.intake()
            lists.append(self.overdue(cases))
            self.tracking(cases)
        if len(lists) > 1:
            self.add("overdue list", f"CPU at {self.options.sizes[-1]} of that at {self.options.sizes[0]}", lists[-1] / lists[0], 1.2, 1.05)
        self.weights()
        self.add("web processes", "MB at the highest, all together", max(self.memory), 220, 170, note="shared pages counted once")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--sizes", required=True, type=lambda text: sorted(int(part) for part in text.split(",")))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=1.0)
    parser.add_argument("--postgres", default="", help="folder of tests/support/postgres.py")
    parser.add_argument("--statements", action="store_true", help="print the statements of the window's POST")
    options = parser.parse_args()
    logging.getLogger("django.request").setLevel(logging.ERROR)  # a wrong tracking code is one of the works
    bench = Bench(options)
    try:
        bench.run()
    finally:
        bench.tear_down()
    bench.say("done")
    rounds = f"{options.rounds} rounds of {options.seconds:g} s in turn"
    title = f"{options.name}; 2 processes × 4 threads, {load.CONNECTIONS} connections, {rounds}"
    print(table(title, bench.figures), flush=True)


if __name__ == "__main__":
    main()
