"""How many statements and commits a request costs, counted in this process through the test client."""

import bisect
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from officials import versions
from officials.models import User
from officials.privacy.tracking import new_tracking_secret
from requests.models import ServiceRequest
from services.models import Edition
from tests.bench import filling

HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')
PASSWORD_BACKEND = "portal.staff_session.StaffBackend"


@dataclass(frozen=True)
class Count:
    """Statements without BEGIN and COMMIT, and how many transactions wrote."""

    sql: int
    commits: int
    statements: tuple[str, ...]


def signed_in(username: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(username=username), backend=PASSWORD_BACKEND)
    client.get("/desk/")  # the session notes the time once a minute; not in the request that is counted
    return client


def sessions(username: str, number: int) -> list[dict[str, str]]:
    """Cookies of so many browsers in which this person is signed in."""
    return [{"sessionid": signed_in(username).cookies["sessionid"].value} for _ in range(number)]


def counted(ask: Callable[[], HttpResponse], *, expect: int = 200, warm: bool = True) -> Count:
    """Ask once to warm up, then count; the look at the version, once in two seconds, is not in the count of a warm page."""
    if warm:
        ask()
        versions.current(versions.CATALOGUE)
    with CaptureQueriesContext(connection) as captured:
        answer = ask()
    if answer.status_code != expect:
        raise SystemExit(f"counting: {answer.status_code} instead of {expect}: {answer.request['PATH_INFO']}")
    statements = tuple(query["sql"] for query in captured.captured_queries)
    plain = tuple(text for text in statements if text.split()[0].rstrip(";").upper() not in ("BEGIN", "COMMIT"))
    return Count(len(plain), sum(text.upper().startswith("COMMIT") for text in statements), plain)


def first_view(path: str) -> Count:
    """After a change of the catalogue: nothing that was kept holds any more."""
    client = Client(HTTP_HOST="127.0.0.1")
    client.get(path)
    versions.bump(versions.CATALOGUE)
    return counted(lambda: client.get(path), warm=False)


def intake(path: str, fields: dict[str, str]) -> tuple[Count, Count]:
    """Opening the page of the window, and sending it."""
    client = signed_in("clerk")

    def opened() -> dict[str, str]:
        return dict(HIDDEN.findall(client.get(path).content.decode())) | fields

    client.post(path, opened())
    ready = opened()
    return counted(lambda: client.get(path)), counted(lambda: client.post(path, ready), expect=302, warm=False)


def tracking(number: str) -> tuple[Count, Count]:
    """With the right code and with a wrong one."""
    client = Client(HTTP_HOST="127.0.0.1")
    right = {"number": number, "secret": filling.CODE}
    wrong = {"number": number, "secret": new_tracking_secret()}
    return counted(lambda: client.post("/track/", right)), counted(lambda: client.post("/track/", wrong), expect=422)


def published_codes() -> list[str]:
    """The items whose pages there are."""
    return list(Edition.objects.published().order_by("item__code").values_list("item__code", flat=True))


def change_catalogue() -> None:
    """What a verb that changes the catalogue does at its end."""
    versions.bump(versions.CATALOGUE)


def numbers_of_copies(count: int, dice: Random) -> list[str]:
    """Numbers of copied cases from all over the table; each can be followed with `filling.CODE`."""
    copies = ServiceRequest.objects.filter(number__contains=f"-{filling.SERIES_YEAR}-").exclude(status=ServiceRequest.Status.VOIDED)
    numbers = list(copies.values_list("number", flat=True))
    return dice.sample(numbers, min(count, len(numbers)))


def told_apart(existing: list[str], dice: Random) -> float:
    """How well a clock tells a number that exists from one that does not, both with a wrong code: 0.5 is not at all.

    The share of pairs (existing, missing) in which the existing one took longer (AUC). Each question comes from an address
    of its own and names a number of its own, in random order, so that no door closes and nothing is warm for one side alone.
    """
    client = Client(HTTP_HOST="127.0.0.1")
    missing = [f"{number[:-6]}{dice.randrange(900_000, 999_999)}" for number in existing]
    asked = [(number, True) for number in existing] + [(number, False) for number in missing]
    dice.shuffle(asked)
    took: dict[bool, list[float]] = {True: [], False: []}
    for turn, (number, exists) in enumerate(asked):
        address = f"10.250.{turn // 250}.{turn % 250}"
        begun = time.perf_counter()
        client.post("/track/", {"number": number, "secret": "6543 2109 8765 4321"}, REMOTE_ADDR=address)
        took[exists].append(time.perf_counter() - begun)
    absent = sorted(took[False])
    return sum(bisect.bisect_left(absent, one) for one in took[True]) / (len(took[True]) * len(absent))
