"""What a first visit weighs on the wire: the page, its styles and its script, heads included, without a front server."""

import re
from http.client import HTTPConnection

from tests.bench.load import HEADERS

PARTS = re.compile(r'<(?:link rel="(?:stylesheet|icon|manifest)" href|script src|img src)="(/[^"]+)"')


def of_page(port: int, path: str, cookies: dict[str, str] | None = None) -> tuple[float, int]:
    """KB of 1024 bytes, and how many requests."""
    asked = HEADERS | ({"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())} if cookies else {})
    first, _text = _fetch(port, path, asked)
    # Once more without compression, to read which files the page names.
    _size, text = _fetch(port, path, asked | {"Accept-Encoding": "identity"})
    parts = sorted(set(PARTS.findall(text)))
    return (first + sum(_fetch(port, part, asked)[0] for part in parts)) / 1024, 1 + len(parts)


def _fetch(port: int, path: str, headers: dict[str, str]) -> tuple[int, str]:
    line = HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        line.request("GET", path, headers=headers)
        answer = line.getresponse()
        body = answer.read()
        if answer.status != 200:
            raise SystemExit(f"weight: {answer.status} for {path}")
        head = sum(len(name) + len(value) + 4 for name, value in answer.getheaders()) + 19
        return head + len(body), body.decode("utf-8", "replace")
    finally:
        line.close()
