"""Sends requests over a few keep-alive connections and measures how long each takes. A process of its own.

One JSON order a line on stdin, one JSON answer a line on stdout. One thread and a selector instead of a thread per
connection: the driver shares the machine with the server, and what it does not burn the server gets.
"""

import base64
import json
import re
import selectors
import socket
import sys
import time
from collections.abc import Generator, Iterator
from itertools import count
from urllib.parse import urlencode

HIDDEN = re.compile(rb'<input type="hidden" name="([^"]+)" value="([^"]*)"')
COOKIE = re.compile(rb"(?im)^set-cookie: *([^=;]+)=([^;\r]*)")
LENGTH = re.compile(rb"(?im)^content-length: *(\d+)")
NO_BODY = (204, 304)
TIME_OUT = 30.0  # seconds without any answer: the server hangs

Step = tuple[bytes, str]  # the whole request, and the name under which its time is kept
Script = Generator[Step, tuple[int, bytes, bytes], None]


class Line:
    """One connection and the script that is played over it."""

    def __init__(self, port: int, script: Script) -> None:
        self.port, self.script = port, script
        self.received = bytearray()
        self.name, self.sent_at = "", 0.0
        self.request = b""
        self.socket = self._connected()

    def _connected(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=TIME_OUT)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return line

    def reconnect(self) -> None:
        self.socket.close()
        self.socket = self._connected()

    def send(self, step: Step) -> None:
        self.request, self.name = step
        self.received.clear()
        self.sent_at = time.perf_counter()
        self.socket.sendall(self.request)

    def answer(self) -> tuple[int, bytes, bytes] | None:
        """Read what is there; status, head and body once they are whole."""
        part = self.socket.recv(262144)
        if not part:
            raise ConnectionResetError
        self.received += part
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return None
        head = bytes(self.received[:end])
        status = int(head[9:12])
        length = LENGTH.search(head)
        wanted = 0 if status in NO_BODY or length is None else int(length[1])
        if len(self.received) < end + 4 + wanted:
            return None
        return status, head, bytes(self.received[end + 4 : end + 4 + wanted])


def get(path: str, headers: dict[str, str]) -> bytes:
    return ("\r\n".join([f"GET {path} HTTP/1.1", *(f"{k}: {v}" for k, v in headers.items())]) + "\r\n\r\n").encode()


def post(path: str, headers: dict[str, str], body: bytes) -> bytes:
    told = headers | {"Content-Type": "application/x-www-form-urlencoded", "Content-Length": str(len(body))}
    return ("\r\n".join([f"POST {path} HTTP/1.1", *(f"{k}: {v}" for k, v in told.items())]) + "\r\n\r\n").encode() + body


def listed(order: dict, taken: Iterator[int]) -> Script:
    """The requests of a list, one after the other over all connections; once through it, or round and round."""
    requests = [base64.b64decode(text) for text in order["requests"]]
    while True:
        number = next(taken)
        if order.get("once") and number >= len(requests):
            return
        yield requests[number % len(requests)], "all"


def form(order: dict, cookies: dict[str, str]) -> Script:
    """Open a form, take its hidden fields, fill in the rest and send it."""
    cookies = dict(cookies)
    while True:
        headers = order["headers"] | {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
        _status, head, page = yield get(order["path"], headers), "get"
        cookies |= {k.decode(): v.decode() for k, v in COOKIE.findall(head)}
        fields = {k.decode(): v.decode() for k, v in HIDDEN.findall(page)} | order["fields"]
        headers = order["headers"] | {"Cookie": "; ".join(f"{k}={v}" for k, v in cookies.items())}
        _status, head, _page = yield post(order["path"], headers, urlencode(fields).encode()), "post"
        cookies |= {k.decode(): v.decode() for k, v in COOKIE.findall(head)}


def play(order: dict) -> dict:
    """All connections at once until the time is over and enough is done, or the list is through; what took how long."""
    taken = count()
    lines = []
    for number in range(order["connections"]):
        cookies = order.get("cookies") or [{}]
        script = form(order, cookies[number % len(cookies)]) if order["kind"] == "form" else listed(order, taken)
        lines.append(Line(order["port"], script))
    times: dict[str, list[float]] = {}
    odd: dict[str, int] = {}
    begun = time.perf_counter()
    until = begun + order.get("seconds", 3600.0)
    with selectors.DefaultSelector() as selector:
        for line in lines:
            if (step := next(line.script, None)) is not None:
                line.send(step)
                selector.register(line.socket, selectors.EVENT_READ, line)
        while selector.get_map():
            ready = selector.select(TIME_OUT)
            if not ready:
                raise TimeoutError("the server does not answer")
            for key, _events in ready:
                _go_on(key.data, selector, order, times, odd, until)
    taken_time = time.perf_counter() - begun
    for line in lines:
        line.socket.close()
    return {"seconds": taken_time, "times": times, "odd": odd}


def _go_on(line: Line, selector, order: dict, times: dict, odd: dict, until: float) -> None:
    """An answer, or a part of it, has come on this line."""
    try:
        answer = line.answer()
    except ConnectionResetError:
        # A worker may close an idle line (keep-alive time-out); the request is sent again on a new one.
        odd["reconnected"] = odd.get("reconnected", 0) + 1
        selector.unregister(line.socket)
        line.reconnect()
        line.send((line.request, line.name))
        selector.register(line.socket, selectors.EVENT_READ, line)
        return
    if answer is None:
        return
    now = time.perf_counter()
    times.setdefault(line.name, []).append(now - line.sent_at)
    if answer[0] not in order["expect"]:
        odd[str(answer[0])] = odd.get(str(answer[0]), 0) + 1
    if b"\r\nconnection: close" in answer[1].lower():
        selector.unregister(line.socket)
        line.reconnect()
        selector.register(line.socket, selectors.EVENT_READ, line)
    # A form that was opened is sent too, so that both halves are counted equally often.
    is_over = now >= until and len(times[line.name]) >= order.get("at_least", 0)
    if is_over and line.name != "get":
        selector.unregister(line.socket)
        return
    try:
        line.send(line.script.send(answer))
    except StopIteration:
        selector.unregister(line.socket)


def main() -> None:
    for text in sys.stdin:
        print(json.dumps(play(json.loads(text))), flush=True)


if __name__ == "__main__":
    main()
