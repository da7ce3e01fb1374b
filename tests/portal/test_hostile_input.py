"""What no person types: controls, NUL, broken UTF-8, endless and odd text, everywhere. Never a fault, and nothing is stored.

A path, a query or a header of that kind is a plain 400; a field of a form gets its sentence. Odd but honest text (emoji,
right-to-left, rare characters) is text like any other.
"""

import inspect
import re
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

import pytest
from django.db import connection, transaction
from django.urls import get_resolver

from officials import versions
from tests.portal.access import OK, SIGN_IN, TABLE, Address
from tests.portal.test_access_matrix import patterns
from tests.portal.test_safe_methods import changed, checksums
from tests.support import share, stage

pytestmark = pytest.mark.django_db
FORM = "application/x-www-form-urlencoded"
REFUSED = {
    "NUL": b"a\x00b",
    "bell": b"\x07",
    "new line": b"a\r\nX-Injected: 1",
    "C1 control": b"\xc2\x85",
    "lone surrogate": b"\xed\xa0\x80",
    "broken UTF-8": b"\xff\xfe\xfa",
}
ODD = {
    "endless": b"9" * 3000,
    "beyond the plane, right to left": "𠮷👨‍👩‍👧‍👦\u202eabc\u2066".encode(),
    "digits of others": "٣٤५６²Ⅷ".encode(),
    "markup, SQL, traversal": b"../../<script>alert(1)</script>'\"{{7*7}}{%x%}%s' OR 1=1 --",
    "huge number": b"-99999999999999999999999999",
    "not a number": b"NaN",
}
INSIDE = re.compile(r"Traceback|OperationalError|DataError|site-packages|/work/|SELECT .* FROM")
READS = re.compile(r"""(?:GET|query)(?:\.get\(|\.getlist\(|\[)"(\w+)""")
TAKES = re.compile(r"""POST(?:\.get\(|\.getlist\(|\[)"(\w+)""")
# Read by forms or by a module beside the view.
ALSO_READ = {
    "overdue/": ("what", "by", "office", "holder", "item", "page"), "ledger/": ("office", "since", "until", "channel", "status", "origin"),
    "desk/day-end/": ("office", "date"), "desk/day-end/list/": ("office", "date", "which", "page"),
    "desk/mine/": ("who", "status", "kind", "late", "today", "q", "page"), "^desk/new/(?P<code>[^/]{1,40})/$": ("held",),
    "desk/consult/": ("held",), "accounts/login/": ("next",), "accounts/switch/": ("next",), "accounts/code/": ("next",),
    "accounts/code/setup/": ("next",),
}  # fmt: skip


def best_reader(address: Address, method: str) -> str:
    """Somebody who is let in, rather somebody with a name than nobody."""
    cells = address.cells(method)
    return next((actor for actor, outcome in cells.items() if outcome == OK and actor != "anonymous"), "clerk")


def fault_of(answer, what: str) -> list[str]:
    kind = answer.headers.get("Content-Type", "")
    inside = INSIDE.search(answer.content.decode("utf-8", "replace")) if kind.startswith("text/") else None
    if answer.status_code >= 500 or inside:
        why = repr(answer.exc_info[1])[:160] if getattr(answer, "exc_info", None) else ""
        return [f"{what}: {answer.status_code} {inside.group() if inside else ''} {why}"]
    return []


# -- paths -------------------------------------------------------------------------------------------------------


def test_paths(stood):
    faults = []
    for address in share.one_in(2, TABLE):
        words = re.findall(r"\{(\w+)\}", address.example)
        client = stood.client(best_reader(address, "GET" if address.get else "POST"))
        for name in words:
            for kind, raw in (REFUSED | ODD).items():
                path = address.example.replace(f"{{{name}}}", quote_from_bytes(raw, safe=""))
                answer = client.get(path.format(**stood.words))
                faults += fault_of(answer, f"{kind} as {name} in {address.example}")
                if kind in REFUSED and answer.status_code != 400:
                    faults.append(f"{kind} as {name} in {address.example}: {answer.status_code} instead of 400")
                elif kind in ODD and answer.status_code == 200:
                    faults.append(f"{kind} as {name} in {address.example} is a page")
    assert not faults, "\n".join(faults)


# -- queries -----------------------------------------------------------------------------------------------------


def views(resolver=None, before: str = "") -> Iterator[tuple[str, object]]:
    for one in (resolver or get_resolver()).url_patterns:
        name = before + str(one.pattern)
        if hasattr(one, "url_patterns"):
            yield from views(one, name)
        else:
            yield name, one.callback


def source_of(pattern: str) -> str:
    """The module of the view at this address."""
    view = inspect.unwrap(next(view for name, view in views() if name == pattern))
    return inspect.getsource(inspect.getmodule(view))


def parameters(pattern: str) -> list[str]:
    """What the view reads of a query, and the filters its forms read."""
    return sorted({*READS.findall(source_of(pattern)), *ALSO_READ.get(pattern, ())})


def test_queries(stood):
    """Each parameter with each kind of text; those of the first group never come as far as a view."""
    faults = []
    for at, address in enumerate(share.one_in(2, TABLE)):
        if address.get is None or address.pattern.startswith("admin/"):
            continue
        actor = best_reader(address, "GET")
        client, path = stood.client(actor), stood.address(address.example, actor).partition("?")[0]
        for name in parameters(address.pattern):
            for kind, raw in share.every_second(ODD, at).items():
                answer = client.get(path, QUERY_STRING=f"{name}={quote_from_bytes(raw, safe='')}")
                faults += fault_of(answer, f"{kind} in ?{name}= of {address.example}")
        for kind, raw in REFUSED.items():
            answer = client.get(path, QUERY_STRING=f"q={quote_from_bytes(raw, safe='')}")
            faults += [] if answer.status_code == 400 else [f"{kind} in {address.example}: {answer.status_code}"]
    assert not faults, "\n".join(faults)


def test_a_query_typed_raw_is_a_query(stood):
    """Some old browsers and programs send Chinese in the address as bare UTF-8."""
    raw = "q=低保".encode().decode("latin-1")
    bare = stood.client("anonymous").get("/search/", QUERY_STRING=raw)
    encoded = stood.client("anonymous").get("/search/", {"q": "低保"})
    assert bare.status_code == 200
    assert "/services/MZ-001/" in bare.content.decode()
    assert bare.content == encoded.content


def test_bare_bytes_that_are_no_utf8_are_refused(stood):
    for raw in (b"q=\xff\xfe", b"q=\xb5\xcd", b"q=\xed\xa0\x80"):
        assert stood.client("anonymous").get("/search/", QUERY_STRING=raw.decode("latin-1")).status_code == 400


def test_a_path_in_chinese_is_only_not_found(stood):
    assert stood.client("anonymous").get("/services/低保/").status_code == 404


# -- headers -----------------------------------------------------------------------------------------------------

HEADERS = (
    "Accept", "Accept-Language", "Accept-Encoding", "Cookie", "Host", "Origin", "Referer", "User-Agent", "X-Forwarded-For",
    "X-Forwarded-Proto", "X-Forwarded-Host", "If-None-Match", "If-Modified-Since", "Content-Type", "Content-Length", "X-CSRFToken",
)  # fmt: skip
HIDDEN_NUL = ('sessionid="\\000abcdefghijk"', 'lang="\\000"', 'view="\\001"', 'csrftoken="\\000"', "sessionid=" + "x" * 3000, "=;=;,;lang")


@pytest.mark.parametrize("address", ["/search/?q=db", "/accounts/login/", "/desk/"])
def test_headers(stood, address):
    faults = []
    for name in HEADERS:
        for kind, raw in (REFUSED | ODD).items():
            key = name.upper().replace("-", "_")
            extra = {key if name.startswith("Content") else f"HTTP_{key}": raw.decode("latin-1")}
            faults += fault_of(stage.signed_in(None).get(address, **extra), f"{kind} in {name}")
    faults += [line for cookie in HIDDEN_NUL for line in fault_of(stage.signed_in(None).get(address, HTTP_COOKIE=cookie), cookie)]
    assert not faults, "\n".join(faults)


def test_a_control_in_a_header_or_hidden_in_a_cookie_is_refused(stood):
    assert stage.signed_in(None).get("/", HTTP_USER_AGENT="a\x00b").status_code == 400
    assert stage.signed_in(None).get("/", HTTP_COOKIE='sessionid="\\000abcdefghijk"').status_code == 400
    assert stage.signed_in(None).get("/", HTTP_HOST="a b").status_code == 400
    assert stage.signed_in(None).get("/", HTTP_USER_AGENT="浏览器".encode().decode("latin-1")).status_code == 200


# -- forms -------------------------------------------------------------------------------------------------------

FIELD = re.compile(r"""<(?:input|select|textarea|button)\b[^>]*?\bname=["']([^"']+)["']""")
# The page asks no more than "really?", or a hidden field only tells which state was seen: no typed text is kept.
NOTHING_TYPED = re.compile(
    r"/(accept|start|hand-over|give-back|take-back|renew-secret|ask-materials|issue-on-the-spot|put-aside|submit|discard|publish|drop"
    r"|called|sign-for|note-consent|send|end|came|cancel)/$|/accounts/[^/]+/close/$|\.pdf$"
)
# A line end is honest text in a field of several lines; a wrong password leaves its line.
STORABLE, ATTEMPTS = "new line", {"axes_accessattempt", "axes_accessfailurelog"}


def fields_of(client, url: str) -> list[str]:
    answer = client.get(url)
    names = FIELD.findall(answer.content.decode()) if answer.status_code == 200 else []
    return sorted(set(names) - {"csrfmiddlewaretoken"})


def body(names: list[str], raw: bytes) -> str:
    return "&".join(f"{quote_from_bytes(name.encode(), safe='')}={quote_from_bytes(raw, safe='')}" for name in names)


class Writes:
    """Whether anything but a session was written; only then is it worth adding up all tables."""

    def __enter__(self) -> "Writes":
        self.seen = False
        self._watching = connection.execute_wrapper(self._watch)
        self._watching.__enter__()
        return self

    def __exit__(self, *error) -> None:
        self._watching.__exit__(*error)

    def _watch(self, execute, sql, params, many, context):
        self.seen |= sql.startswith(("INSERT", "UPDATE", "DELETE")) and '"django_session"' not in sql
        return execute(sql, params, many, context)


def test_forms(stood):
    """All fields at once, then each that a view reads past its form; a control is never stored, whatever became of the rest."""
    faults, forms = [], [address for address in TABLE if address.post and "logout" not in address.example]
    for actor in stood.people:
        stood.client(actor)  # signing in leaves its own rows
    before = checksums()
    for at, address in enumerate(share.one_in(2, forms)):
        actor = best_reader(address, "POST")
        client, url = stood.client(actor), stood.address(address.example, actor)
        if address.post[actor] == SIGN_IN:
            continue
        names = fields_of(client, url)
        kept, start = client.cookies.copy(), transaction.savepoint()
        with Writes() as writes:
            for kind, raw in REFUSED.items():
                if kind != STORABLE:
                    faults += fault_of(client.post(url, body(names, raw), content_type=FORM), f"{kind} in all of {address.example}")
        if writes.seen and not NOTHING_TYPED.search(address.example) and (tables := set(changed(before)) - ATTEMPTS):
            faults.append(f"{address.example} stored controls in {tables}")
        for name in {*TAKES.findall(source_of(address.pattern)), "held", "held_owner"}:
            faults += fault_of(client.post(url, body([name], b"a\x00\xed\xa0\x80"), content_type=FORM), f"{name} of {address.example}")
        for kind, raw in (share.every_second(ODD, at) | {STORABLE: REFUSED[STORABLE]}).items():
            faults += fault_of(client.post(url, body(names, raw), content_type=FORM), f"{kind} in all of {address.example}")
        # The next form meets the case as it was.
        transaction.savepoint_rollback(start)
        client.cookies = kept
        versions.forget()
    assert not faults, "\n".join(faults)


FILE = b'--x\r\nContent-Disposition: form-data; name="file"; filename="\x00.xlsx"\r\n\r\nPK\x03\x04\r\n--x--'
READERS_OF_BODIES = {
    "/track/": "anonymous", "/ask/": "anonymous", "/desk/consult/": "clerk", "/editing/import/": "editor", "/desk/old-ledger/": "head",
}  # fmt: skip


@pytest.mark.parametrize(
    ("content_type", "sent"),
    [
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", FILE),
        ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="q'),
        ("application/json", b'{"a": '),
        (FORM, b"&=&%&%zz=%u0000&" * 50),
        (FORM, b"a=1&" * 4000),
        ("text/plain; charset=no-such", b"\xff"),
        ("application/x-www-form-urlencoded; charset=utf-7", b"+AGE-=1"),
    ],
)
def test_bodies_that_are_no_form(stood, content_type, sent):
    faults = []
    for url, actor in READERS_OF_BODIES.items():
        faults += fault_of(stood.client(actor).generic("POST", url, sent, content_type=content_type), url)
    assert not faults, "\n".join(faults)


def test_the_table_covers_the_site():
    """The forms above are those of the table; `test_access_matrix` proves that none is missing there."""
    assert {address.pattern for address in TABLE} <= set(patterns())
