"""What a page weighs on the wire: a first visit over a slow line in the hills, everything included."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import brotli
import pytest
import time_machine
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from officials.models import Office, User
from officials.permissions import give_role
from requests.intake import Intake, receive
from requests.models import ServiceRequest
from services import publication
from services.importing.applying import apply
from services.importing.founding import found
from services.importing.reading import read
from services.models import Edition
from tests.support import stage
from tests.support import world as w

pytestmark = pytest.mark.django_db
KB = 1024
FULL_LISTS = (
    ("clerk", "/desk/mine/?who=all&status=all"), ("official", "/desk/mine/"), ("head", "/overdue/?what=soon"), ("head", "/ledger/"),
)  # fmt: skip
# What the browser fetches by itself. A data: address is no request.
LINKED = re.compile(r"""<(?:link|script|img|source)\b[^>]*?\b(?:href|src)=["']([^"']+)["'][^>]*>""")
IN_STYLES = re.compile(r"""url\(["']?([^"')]+)|@import\s+["']([^"']+)""")
NOT_FETCHED = re.compile(r"""\brel=["'](?:canonical|alternate|next|prev|author)""")


@cache
def on_the_wire(path: str) -> int:
    """A static file as it is kept compressed by collectstatic, with a guess of its headers."""
    return len(brotli.compress(Path(path).read_bytes(), quality=11)) + 400


def fetched(html: str, page: str) -> set[str]:
    """Addresses a browser asks for after the page itself, those of the style sheets included."""
    found_in_page = {m[1] for m in LINKED.finditer(html) if not NOT_FETCHED.search(m[0])}
    todo = {urljoin(page, url) for url in found_in_page if not url.startswith("data:")}
    asked: set[str] = set()
    while todo:
        url = todo.pop()
        asked.add(url)
        if urlsplit(url).path.endswith(".css"):
            text = Path(file_of(url)).read_text()
            todo |= {urljoin(url, one or two) for one, two in IN_STYLES.findall(text) if not (one or two).startswith("data:")} - asked
    return asked


def file_of(url: str) -> str:
    assert not urlsplit(url).netloc, f"{url} leaves the site"
    path = finders.find(urlsplit(url).path.removeprefix(settings.STATIC_URL))
    assert path, f"{url} is no file of ours"
    return str(path)


def head_of(answer) -> int:
    return sum(len(f"{name}: {value}\r\n") for name, value in answer.items())


def weighed(client: Client, page: str) -> tuple[int, int, int]:
    """Compressed HTML, everything on the wire, and the number of requests of a first visit."""
    plain = client.get(page).content.decode()
    answer = client.get(page, headers={"accept-encoding": "br, gzip"})
    assert answer.status_code == 200
    others = fetched(plain, page)
    assert any(url.endswith(".css") for url in others), "the style sheet is part of the visit"
    html = len(answer.content)
    return html, html + head_of(answer) + sum(on_the_wire(file_of(url)) for url in others), 1 + len(others)


def test_an_item_page_of_the_real_catalogue(db):
    setup = User.objects.job("setup")
    with time_machine.travel(w.MONDAY, tick=False):
        sheets = read((settings.BASE_DIR / "portal" / "demo" / "catalogue.xlsx").read_bytes())
        township = found(sheets, by=setup, now=w.MONDAY, is_demo=True).township
        editor, reviewer = User.objects.filter(is_job=False).order_by("staff_no")[:2]
        for office in Office.objects.filter(parent=None):
            give_role(editor, office, "editor", by=setup, now=w.MONDAY)
            give_role(reviewer, office, "reviewer", by=setup, now=w.MONDAY)
        editor, reviewer = User.objects.get(pk=editor.pk), User.objects.get(pk=reviewer.pk)
        apply(sheets, township=township, by=editor, now=w.MONDAY)
        for draft in Edition.objects.drafts():
            publication.submit(draft, by=editor, now=w.MONDAY)
            publication.publish(draft, by=reviewer, now=w.MONDAY)
        assert Edition.objects.published().count() >= 45
        too_heavy = []
        for code in Edition.objects.published().values_list("item__code", flat=True):
            html, whole, requests = weighed(Client(), f"/services/{code}/")
            if html > 14 * KB or whole > 30 * KB or requests > 4:
                too_heavy.append(f"{code}: HTML {html / KB:.1f} KB, in all {whole / KB:.1f} KB, {requests} requests")
    assert not too_heavy, "\n".join(too_heavy)


def test_the_other_public_pages(db):
    with time_machine.travel(stage.NOW, tick=False):
        stage.build()
        for page in (
            "/",
            "/services/",
            "/search/?q=db",
            "/notices/",
            "/officials/",
            "/offices/ST04/",
            "/track/",
            "/ask/",
            "/apply/MZ-001/",
        ):
            html, whole, requests = weighed(Client(), page)
            assert (html <= 14 * KB, whole <= 30 * KB, requests <= 4) == (True, True, True), (page, html, whole, requests)


def test_a_full_list_of_the_desk(db):
    """Fifty rows; these pages are not kept, so they go out as they are."""
    with time_machine.travel(stage.NOW, tick=False):
        stood = stage.build()
        for n in range(55):
            receive(
                Intake(
                    intake_office=stood.world.reception, channel="window", person=stage.SECRETIVE, edition=stood.world.low_income,
                    form_token=f"{n:032x}",
                ),
                by=stood.world.people.clerk,
                now=w.MONDAY,
            )  # fmt: skip
        assert ServiceRequest.objects.count() > 50
        for actor, page in FULL_LISTS:
            html, whole, _requests = weighed(stood.client(actor), page)
            assert whole <= 60 * KB, (page, html, whole)
