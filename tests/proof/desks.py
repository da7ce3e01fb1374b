"""The people of a reception day, each with a browser session of their own: they open pages, fill in forms and send them."""

from __future__ import annotations

import html
import random
import re
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import parse_qs, urlsplit

import httpx

FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
TAG = re.compile(r"<(?:input|option)\b[^>]*>")
ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
SELECT = re.compile(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
LEAD = re.compile(r'<p class="lead">(.*?)</p>', re.DOTALL)
ERRORS = re.compile(r'<p class="error[^"]*"[^>]*>(.*?)</p>', re.DOTALL)
FINE = (200, 302)
NO_ANSWER = 60.0  # seconds after which nobody waits any longer
IDLE = 3.0  # seconds; the server closes a line that was idle for five
WORDS = ("村口路灯不亮,夜里老人不敢出门", "灌溉渠堵了,求派人清一清", "低保对象的医药费怎么报", "隔壁砌墙堵了巷子", "自来水时有时无")
NAMES = ("张三丰", "王小明", "李翠花", "赵铁柱", "周五福")
PHONE = "12345678901"
SORTS = ("help", "suggestion", "dispute")


@dataclass
class Log:
    """What happened on the side of the people, whatever the product says of it."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    faults: list[str] = field(default_factory=list)
    registered: dict[str, str] = field(default_factory=dict)  # number that was acknowledged → what was said to have become of it
    dispatched: int = 0
    visits: int = 0
    sums: list[tuple[int, int, int]] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)  # how long after its time somebody was served
    lock: Lock = field(default_factory=Lock)

    def fault(self, sentence: str) -> None:
        with self.lock:
            self.faults.append(sentence)


@dataclass(frozen=True)
class Page:
    """An answer somebody reads."""

    status: int
    text: str
    location: str

    def form(self, action: str, **holding: str) -> dict[str, str]:
        """The hidden fields of the form that is sent there and holds these values."""
        for attributes, inside in FORM.findall(self.text):
            if dict(ATTRIBUTE.findall(attributes)).get("action", action) != action:
                continue
            fields = dict(_hidden(inside))
            if all(fields.get(name) == value for name, value in holding.items()):
                return fields
        raise LookupError(f"no form for {action} with {holding}")

    def choices(self, name: str) -> list[str]:
        """The values of a select or of radios, without the empty one."""
        for found, inside in SELECT.findall(self.text):
            if found == name:
                return [value for tag in TAG.findall(inside) if (value := dict(ATTRIBUTE.findall(tag)).get("value"))]
        tags = (dict(ATTRIBUTE.findall(tag)) for tag in TAG.findall(self.text))
        return [tag["value"] for tag in tags if tag.get("name") == name and tag.get("type") in ("radio", "checkbox") and tag.get("value")]

    @property
    def complaint(self) -> str:
        found = ERRORS.findall(self.text)
        return " / ".join(re.sub(r"<[^>]+>", "", one).strip() for one in found)[:300]


def _hidden(inside: str) -> Iterator[tuple[str, str]]:
    for tag in TAG.findall(inside):
        told = dict(ATTRIBUTE.findall(tag))
        if told.get("type") == "hidden" and "name" in told:
            yield told["name"], html.unescape(told.get("value", ""))


class Someone:
    """One browser."""

    def __init__(self, url: str, log: Log, number: int) -> None:
        self.log = log
        headers = {"X-Forwarded-For": f"10.1.{number // 200}.{number % 200 + 1}", "Accept-Language": "zh-CN", "Referer": url}
        limits = httpx.Limits(max_keepalive_connections=1, keepalive_expiry=IDLE)
        self.client = httpx.Client(base_url=url, headers=headers, timeout=NO_ANSWER, trust_env=False, limits=limits)

    def get(self, address: str, what: str) -> Page:
        return self._ask(what, "GET", address)

    def post(self, address: str, fields: dict[str, str | list[str]], what: str) -> Page:
        return self._ask(what, "POST", address, data=fields)

    def _ask(self, what: str, method: str, address: str, **more) -> Page:
        begun = time.perf_counter()
        try:
            answer = self.client.request(method, address, **more)
        except httpx.HTTPError as error:
            self.log.fault(f"{what}: no answer after {time.perf_counter() - begun:.1f} s, {type(error).__name__}")
            return Page(0, "", "")
        page = Page(answer.status_code, answer.text, answer.headers.get("location", ""))
        with self.log.lock:
            self.log.seconds[what].append(time.perf_counter() - begun)
        if page.status not in FINE:
            self.log.fault(f"{what}: {page.status} for {method} {address}: {page.complaint}")
        return page

    def sign_in(self, username: str, password: str) -> None:
        fields = self.get("/accounts/login/", "sign in, page").form("/accounts/login/")
        answer = self.post("/accounts/login/", fields | {"username": username, "password": password}, "sign in")
        if answer.status != 302:
            self.log.fault(f"{username} could not sign in")


class Desk(Someone):
    """A clerk at a table in a village: counts who comes, writes down what they say, sends some of it on."""

    def __init__(self, url: str, log: Log, number: int, outing: str, place: str) -> None:
        super().__init__(url, log, number)
        self.dice = random.Random(f"desk {number}")
        self.day, self.place = f"/desk/outings/{outing}/", place
        self.day_page = self.demand_page = Page(0, "", "")

    def count_visit(self) -> None:
        """The button of the page that is open; then the page as it is after it."""
        if self.day_page.status != 200:
            self.day_page = self.get(self.day, "day, page")
        fields = self.day_page.form(f"{self.day}visit/", place=self.place, people="1")
        answer = self.post(f"{self.day}visit/", fields, "visit")
        if self.dice.random() < 0.03:  # a double tap
            self.post(f"{self.day}visit/", fields, "visit")
        self.day_page = self.get(self.day, "day, page")
        if answer.status == 302:
            with self.log.lock:
                self.log.visits += 1

    def write_down(self, then: str, and_dispatch: bool) -> None:
        address = f"{self.day}demand/"
        if self.demand_page.status != 200:
            self.demand_page = self.get(f"{address}?place={self.place}", "demand, page")
        said = {
            "sort": self.dice.choice(SORTS), "words": self.dice.choice(WORDS), "name": self.dice.choice(NAMES), "phone": PHONE,
            "village": "", "about": "", "then": then, "answer": "" if then == "dispatch" else "当场答复并已处理", "way": "",
            "place": self.place,
        }  # fmt: skip
        fields = self.demand_page.form(address) | said
        answer = self.post(address, fields, "demand")
        number = parse_qs(urlsplit(answer.location).query).get("done", [""])[0]
        if self.dice.random() < 0.03 and number:  # a double click
            again = self.post(address, fields, "demand")
            if number not in again.location:
                self.log.fault(f"demand: sent twice, {number} and then {again.location or again.status}")
        if not number:
            self.log.fault(f"demand: not registered, {answer.status} {answer.complaint}")
            self.demand_page = Page(0, "", "")
            return
        with self.log.lock:
            if number in self.log.registered:
                self.log.faults.append(f"demand: {number} was given twice")
            self.log.registered[number] = then
        self.demand_page = self.get(answer.location, "demand, page")
        if number not in self.demand_page.text:
            self.log.fault(f"demand: {number} is not on the page that follows")
        if and_dispatch:
            self._dispatch(number)

    def _dispatch(self, number: str) -> None:
        address = f"/desk/{number}/dispatch/"
        page = self.get(address, "dispatch, page")
        fields = page.form(address) | {
            "rhythm": self.dice.choice(page.choices("rhythm")),
            "lead": self.dice.choice([value for value in page.choices("lead") if not value.endswith("-0")]),
        }
        if self.post(address, fields, "dispatch").status == 302:
            with self.log.lock:
                self.log.dispatched += 1
        self.get(f"/desk/{number}/", "case, page")


class Leader(Someone):
    """Plans the day, sends the people, looks at its page all day long."""

    def plan(self, date: str, office: str, villages: list[str]) -> str:
        """The number of the day in its address."""
        address = "/desk/outings/new/"
        page = self.get(address, "plan, page")
        fields = page.form(address) | {
            "kind": "reception_day", "office": office, "date": date, "opens_at": "08:30", "closes_at": "16:30", "villages": villages,
            "place": "村部", "note": "", "minutes": "", "people": "",
        }  # fmt: skip
        return self.post(address, fields, "plan").location.strip("/").rpartition("/")[2]

    def send(self, outing: str, place: str, staff_numbers: list[str]) -> None:
        address = f"/desk/outings/{outing}/people/"
        fields = self.get(address, "people, page").form(address) | {"place": place, "numbers": "\n".join(staff_numbers)}
        if self.post(address, fields, "send people").status != 302:
            self.log.fault(f"{len(staff_numbers)} people could not be sent")

    def look(self, outing: str) -> tuple[int, int, int]:
        """Registered, solved, open as the page of the day reads now."""
        page = self.get(f"/desk/outings/{outing}/", "day, looked at")
        said = next((line for line in LEAD.finditer(page.text) if "=" in line[1]), None)
        sums = tuple(int(number) for number in re.findall(r"\d+", said[1])) if said else ()
        if len(sums) != 3 or sums[0] != sums[1] + sums[2]:
            self.log.fault(f"the page of the day reads {said[1] if said else 'nothing'}")
            return (0, 0, 0)
        with self.log.lock:
            self.log.sums.append(sums)
        return sums
