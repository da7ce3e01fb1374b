"""Every page of the access matrix in a real Chromium: no barrier, nothing sideways, nothing that needs a script."""

from collections.abc import Iterator
from difflib import unified_diff

import pytest
import time_machine
from django.core.cache import cache

from tests.portal import access
from tests.portal.access import ACTORS, MISSING, OK, Address
from tests.support import share, stage
from tests.support.looking import DESK_SIZE, VARIANTS, Windows, faults_shown

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
NO_PAGES = (".pdf", ".xlsx", "/healthz", "/favicon.ico", "/preferences/")
NOT_NOW = 409
THE_LOOK = "查阅审计记录"  # each look at a trail adds its line to the trail


@pytest.fixture
def stood(live_server) -> Iterator[stage.Stage]:
    with time_machine.travel(stage.NOW, tick=True):
        yield stage.build()
    cache.clear()


def readers(address: Address) -> list[str]:
    """Who may do most there, and of each refusal that shows a page of its own one who meets it."""
    cells = address.cells("GET")
    let_in = [actor for actor in ACTORS if cells[actor] == OK]
    public = cells["anonymous"] == OK
    best = "anonymous" if public else next((actor for actor in ("head", "clerk", "inspector", "editor") if actor in let_in), "")
    return [best or let_in[0]] if let_in else []


@pytest.fixture
def windows(open_page, stood, live_server) -> Windows:
    return Windows(open_page, stood, live_server.url)


BY_TURNS = ("zh", "elder", "zh", "en")


def variants(at: int) -> list[str]:
    """How this page is looked at: every second one in normal Chinese, between them large or in English; in the long proof each in all."""
    return list(VARIANTS) if share.EVERY else [BY_TURNS[at % len(BY_TURNS)]]


def looked_at(windows: Windows, url: str, actor: str, names: list[str] | None = None) -> list[str]:
    """Everything that is wrong with one page. Of the pages that only say "not now" one is looked at, the others say the same."""
    page, faults, with_scripts = windows.of(actor), [], []
    names = names or list(VARIANTS)
    for variant in names:
        cookies = VARIANTS[variant]
        windows.dress(page, cookies)
        windows.said.clear()
        page.set_viewport_size(DESK_SIZE)
        answer = page.goto(url, wait_until="load")
        if "text/html" not in answer.headers.get("content-type", "") or answer.status >= 500:
            return [f"{variant}: {answer.status} {answer.headers.get('content-type')}"]
        if answer.status == NOT_NOW and NOT_NOW in windows.seen:
            return []
        faults += [f"{variant}{fault}" for fault in faults_shown(page, windows.said)]
        with_scripts = with_scripts or words(page)
    windows.seen.add(answer.status)
    return faults + without_scripts(windows, url, actor, VARIANTS[names[0]], with_scripts)


def words(page) -> list[str]:
    """What the page says, line by line, but for the buttons that are the script's own and the trace of the look itself."""
    page.set_viewport_size(DESK_SIZE)
    page.evaluate("document.querySelectorAll('[data-print], [data-read-aloud]').forEach(one => one.remove())")
    lines = page.locator("main, #content").first.inner_text().splitlines()
    return [line for line in lines if line.strip() and THE_LOOK not in line]


def without_scripts(windows: Windows, url: str, actor: str, cookies: dict[str, str], with_scripts: list[str]) -> list[str]:
    """A browser without scripts shows the same words as the first variant did."""
    page = windows.of(actor, scripts=False)
    windows.dress(page, cookies)
    page.goto(url, wait_until="load")
    differing = [line for line in unified_diff(with_scripts, words(page), n=0, lineterm="") if line[:2] not in ("--", "++", "@@")]
    return [f"without scripts it says otherwise: {differing[:4]}"] if differing else []


@pytest.mark.parametrize("room", access.ROOMS)
def test_every_page(windows, stood, room):
    faults = []
    for at, address in enumerate(access.ROOMS[room]):
        if address.get is None or address.example.partition("?")[0].endswith(NO_PAGES):
            continue
        for actor in readers(address):
            url = stood.address(address.example, actor)
            faults += [f"{address.example} ({actor}) {fault}" for fault in looked_at(windows, url, actor, variants(at))]
    assert not faults, "\n".join(faults)


def test_the_pages_that_say_no(windows, stood):
    faults = []
    number = stood.case.number
    for actor, url in (
        ("anonymous", "/nothing/"),
        ("clerk", "/audit/"),
        ("supervisor", f"/desk/{number}/void/"),
        ("head", f"/desk/{number}/close/"),
    ):
        faults += [f"{url} ({actor}) {fault}" for fault in looked_at(windows, url, actor)]
    assert not faults, "\n".join(faults)
    assert any(MISSING in address.cells("GET").values() for address in access.TABLE)


def test_the_looking_glass_finds_what_is_wrong(windows, stood):
    """The control: a page without any of these virtues is found out."""
    page = windows.of("anonymous")
    bad = '<html><body><main><h1>一</h1><h1>二</h1><img src="data:,"><div style="width:900px">宽</div></main></body></html>'
    page.route("**/bad/", lambda route: route.fulfill(status=200, content_type="text/html; charset=utf-8", body=bad))
    found = "\n".join(looked_at(windows, "/bad/", "anonymous"))
    assert all(fault in found for fault in ("image-alt", "html-has-lang", "2 headings h1", "zh, 360: ", "elder, 320: ", "without scripts"))
