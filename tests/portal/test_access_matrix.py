"""The table of `tests.portal.access` played, and that no address is missing from it.

Every address is played for each outcome it has; with YIBENTONG_EVERY=1 (script/proof matrix) for every reader."""

import logging
import re
from collections.abc import Iterator
from urllib.parse import quote

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.urls import URLPattern, get_resolver

from officials import calendar, versions
from tests.portal import access
from tests.portal.access import ACTORS, ROOMS, TABLE, Address
from tests.support import share, stage

pytestmark = pytest.mark.django_db
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
# In the administration one line a model: its list. What hangs below a list has the same door.
OF_DJANGO = r"autocomplete/|jsi18n/|r/|\^|\(|password_change/done/"
BELOW_A_LIST = re.compile(rf"^admin/({OF_DJANGO}|[a-z_]+/[a-z]+/(add/|<path:|<int:pk>/(config|qrcode)/))")
ABSENT = {"paper": "999999",
    "number": "990199101-2026-999999", "question": "990199101-2026-999999", "visit": "999999", "slip": "990199101-2026-Z999999",
    "day_end": "999999", "item": "XX-404", "waiting_item": "XX-404", "staff_no": "Z404", "official": "nobody-404", "office": "X404",
    "user": "999999", "asked": "999999", "notice": "990199101-2026-GS999999", "row": "999999", "demand": "990199101-2026-999999",
    "batch": "999999",
    "mediation": "990199101-2026-999999",
    "rule": "999999", "booking": "999999", "outing": "999999", "village_rule": "999999", "link": "999999", "wish": "999999",
    "bundle": "990199101-2026-CP999999", "filed": "990199101-2026-999999", "box": "990199101-2026-DH999999",
}  # fmt: skip


@pytest.fixture
def stood() -> Iterator[stage.Stage]:
    # A thousand refusals would be a thousand lines of log.
    logging.disable(logging.CRITICAL)
    with time_machine.travel(stage.NOW, tick=False):
        yield stage.build()
    cache.clear()
    logging.disable(logging.NOTSET)


def patterns(resolver=None, before: str = "") -> Iterator[str]:
    """Every pattern of the site as one string."""
    for one in (resolver or get_resolver()).url_patterns:
        name = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield name
        else:
            yield from patterns(one, name)


def test_every_address_has_its_line():
    stated = {address.pattern for address in TABLE}
    missing = [name for name in patterns() if name not in stated and not BELOW_A_LIST.match(name)]
    assert not missing, "No line in tests/portal/access.py for:\n" + "\n".join(missing)
    gone = stated - set(patterns())
    assert not gone, "tests/portal/access.py names addresses that are gone:\n" + "\n".join(gone)


def test_every_cell_names_every_reader():
    for address in TABLE:
        for method in ("GET", "POST"):
            assert set(address.cells(method)) == set(ACTORS), address.example


def outcome(client, answer) -> str:
    """What the reader got, in the words of the table."""
    goes_to = answer.headers.get("Location", "")
    if answer.status_code == 302 and goes_to.startswith("/admin/login/"):
        return outcome(client, client.get(goes_to))
    if answer.status_code == 302 and goes_to.startswith("/accounts/login/"):
        return access.SIGN_IN
    if answer.status_code in (403, 404, 405):
        return str(answer.status_code)
    return access.OK if answer.status_code in (200, 302, 409, 422) else f"unexpected {answer.status_code}"


def ask(client, method: str, url: str, data) -> object:
    return client.get(url) if method == "GET" else client.post(url, data)


def plain(answer, url: str) -> str:
    """The body without what must differ: the token, and the own address in the links of the header."""
    text = TOKEN.sub("", answer.content.decode())
    return text.replace(quote(url), "ADDRESS").replace(url, "ADDRESS")


def leaks(address: Address, method: str, let_in: bool, answer) -> list[str]:
    """Personal words that stand in this answer and may not."""
    if not answer.headers.get("Content-Type", "").startswith("text/"):
        return []
    allowed = (address.shows if method == "GET" else address.shows_on_post | address.shows) if let_in else frozenset()
    text = answer.content.decode()
    return [word for word in (*stage.PERSONAL, stage.NOTE) if word in text and word not in allowed]


def play(stood: stage.Stage, address: Address, actor: str, method: str) -> list[str]:
    """One cell; everything it changed is taken back. Returns what was wrong with it."""
    client = stood.client(actor)
    url = stood.address(address.example, actor)
    data = {name: stood.address(value, actor) for name, value in address.data.items()}
    kept, before = client.cookies.copy(), transaction.savepoint()
    faults = []
    answer = ask(client, method, url, data)
    got, wanted = outcome(client, answer), address.cells(method)[actor]
    if got != wanted:
        faults.append(f"{got} instead of {wanted}")
    faults += [f"shows {word}" for word in leaks(address, method, wanted == access.OK, answer)]
    if actor == "first_asked" and answer.status_code == 200 and stage.NOTE in answer.content.decode(errors="replace"):
        faults.append("shows the words of a case of which only state and date may be known")
    if got == access.MISSING:
        really = address.example.format(**ABSENT)
        if plain(answer, url) != plain(ask(client, method, really, data), really):
            faults.append("the 404 differs from that of a missing one")
    transaction.savepoint_rollback(before)
    client.cookies = kept
    if method == "POST" and got == access.OK:
        versions.forget()
        calendar.forget()
    return [f"{method:4} {address.example:40} {actor:20} {fault}" for fault in faults]


def readers(address: Address, method: str, at: int) -> list[str]:
    """One reader of each outcome; which one changes from address to address and from database to database."""
    groups: dict[str, list[str]] = {}
    for actor, outcome_of_cell in address.cells(method).items():
        groups.setdefault(outcome_of_cell, []).append(actor)
    return share.one_of_each(groups, at)


def played(stood: stage.Stage, method: str, table: tuple[Address, ...]) -> str:
    return "\n".join(
        line
        for at, address in enumerate(table)
        for actor in readers(address, method, at)
        for line in play(stood, address, actor, method)
    )


@pytest.mark.parametrize("room", ROOMS)
def test_looking(stood, room):
    assert not (faults := played(stood, "GET", ROOMS[room])), faults


@pytest.mark.parametrize("room", ROOMS)
def test_sending(stood, room):
    assert not (faults := played(stood, "POST", ROOMS[room])), faults
