"""Fixtures that drive the Chromium of the system: `page` (desk), `phone` (360 px) and `open_page` for anything else.

All are connected to pytest-django's live server, so `page.goto("/services/")` is enough. A page that asks anything of a host
other than this machine fails its test: the portal must work in an office without the internet.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

BROWSER_FIXTURES = {"browser", "open_page", "page", "phone"}
LOOPBACK = {"127.0.0.1", "localhost", "::1"}
FLAGS = [
    "--headless",
    "--no-sandbox",  # Chromium refuses to start as root with it
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Names and addresses outside this machine lead nowhere, whatever the page or the browser itself would like.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
DESK = {"viewport": {"width": 1280, "height": 900}, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
PHONE = DESK | {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if BROWSER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")


def chromium_path() -> str:
    """The Chromium to drive: CHROMIUM, or the one Debian installs."""
    return os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"


def is_outside(url: str) -> bool:
    """Would fetching this address leave the machine?"""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https", "ws", "wss", "ftp"} and (parts.hostname or "") not in LOOPBACK


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not os.path.exists(chromium_path()):
        pytest.fail(f"No Chromium at {chromium_path()}. On Debian: sudo apt-get install chromium fonts-noto-cjk", pytrace=False)
    # Playwright keeps an event loop in this thread; Django would take every query for one made inside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def strangers() -> list[str]:
    """Addresses outside this machine that a page of this test asked for."""
    return []


@pytest.fixture
def page_errors() -> list[str]:
    """Uncaught exceptions of scripts in the pages of this test."""
    return []


@pytest.fixture
def open_page(browser: Browser, live_server, strangers: list[str], page_errors: list[str]) -> Iterator[Callable[..., Page]]:
    """Opens one more window of its own visitor; keywords go to Playwright's new_context (java_script_enabled=False, …)."""
    contexts = []

    def watch(url: str) -> None:
        if is_outside(url):
            strangers.append(url)

    def open_one(**options) -> Page:
        context = browser.new_context(base_url=live_server.url, **(DESK | options))
        contexts.append(context)
        context.set_default_timeout(15_000)
        context.on("request", lambda request: watch(request.url))
        context.on("weberror", lambda error: page_errors.append(str(error.error)))
        page = context.new_page()
        page.on("websocket", lambda socket: watch(socket.url))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not strangers, f"The page asked hosts outside this machine: {strangers}"
    assert not page_errors, f"Scripts of the page failed: {page_errors}"


@pytest.fixture
def page(open_page: Callable[..., Page]) -> Page:
    """A window of 1280 × 900 on a desk, in Chinese."""
    return open_page()


@pytest.fixture
def phone(open_page: Callable[..., Page]) -> Page:
    """A telephone of 360 × 740 with touch, in Chinese."""
    return open_page(**PHONE)
