"""A page as somebody sees it who has only the screen: headings, words, links, buttons and fields by what is written beside them.

No address is typed and no name of a field is known but to this file. Whoever cannot find a link or a field by its words is
stuck, and the test with them.
"""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self
from urllib.parse import urljoin, urlsplit

from django.test import Client

EMPTY = frozenset({"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
UNSEEN = frozenset({"script", "style", "template", "svg"})
_SPACE = re.compile(r"\s+")


class Stuck(AssertionError):
    """The words one looks for do not stand on this page."""


@dataclass
class Node:
    tag: str
    given: dict[str, str]
    parent: "Node | None" = None
    inside: list["Node | str"] = field(default_factory=list)

    def all(self, *tags: str):
        for one in self.inside:
            if isinstance(one, Node):
                if one.tag in tags:
                    yield one
                yield from one.all(*tags)

    def around(self, *tags: str) -> "Node | None":
        above = self.parent
        while above is not None and above.tag not in tags:
            above = above.parent
        return above

    @property
    def words(self) -> str:
        if self.tag in UNSEEN:
            return ""
        return _SPACE.sub(" ", "".join(one if isinstance(one, str) else f" {one.words} " for one in self.inside)).strip()


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.here = self.top = Node("page", {})

    def handle_starttag(self, tag, attrs):
        node = Node(tag, {name: value or "" for name, value in attrs}, self.here)
        self.here.inside.append(node)
        if tag not in EMPTY:
            self.here = node

    def handle_endtag(self, tag):
        open_one = self.here
        while open_one.parent is not None and open_one.tag != tag:
            open_one = open_one.parent
        if open_one.parent is not None:
            self.here = open_one.parent

    def handle_data(self, data):
        self.here.inside.append(data)


@dataclass
class Field:
    """One control of a form with what stands beside it: its label, and the heading of the group it is in."""

    node: Node
    label: str
    group: str

    @property
    def name(self) -> str:
        return self.node.given.get("name", "")

    @property
    def kind(self) -> str:
        return self.node.given.get("type", "text") if self.node.tag == "input" else self.node.tag


class Page:
    """One answer of the portal."""

    def __init__(self, html: str, address: str) -> None:
        tree = _Tree()
        tree.feed(html)
        self.address = address
        self.top = tree.top
        self.main = next(tree.top.all("main"), tree.top)
        self.words = self.main.words
        self.heading = next((one.words for one in self.main.all("h1")), "")

    def link(self, words: str) -> str:
        """Where the first link with these words goes; one whose words begin so counts when none says exactly this."""
        links = [one for one in self.top.all("a") if one.given.get("href")]
        for fits in (lambda said: said == words, lambda said: said.startswith(words), lambda said: words in said):
            for one in links:
                if fits(one.words):
                    return one.given["href"]
        raise Stuck(f"No link “{words}” on {self.address}: {[one.words for one in self.main.all('a')]}")

    def has_link(self, words: str) -> bool:
        return any(one.words == words for one in self.main.all("a"))

    def has_button(self, words: str) -> bool:
        return any(one.words == words for one in self.main.all("button"))

    def has_field(self, words: str) -> bool:
        return any(one.words.startswith(words) for one in self.main.all("label"))

    def form(self, button: str) -> tuple[Node, Node]:
        """The form with this button, and the button."""
        for one in self.top.all("button"):
            if one.words == button and (form := one.around("form")) is not None:
                return form, one
        raise Stuck(f"No button “{button}” on {self.address}: {[one.words for one in self.main.all('button')]}\n{self.words[:3000]}")

    def fields(self, form: Node) -> list[Field]:
        beside = {one.given["for"]: one.words for one in self.top.all("label") if one.given.get("for")}
        found = []
        for node in form.all("input", "select", "textarea"):
            wrapping = node.around("label")
            label = beside.get(node.given.get("id", ""), "") or (wrapping.words if wrapping else "") or node.given.get("aria-label", "")
            found.append(Field(node, label, _group(node)))
        return found

    @property
    def next_step(self) -> str:
        """What the page puts first among the things to do: its one strong button."""
        strong = (one for one in self.main.all("a", "button") if "button" in one.given.get("class", "").split())
        return next((one.words for one in strong), "")

    @property
    def faults(self) -> list[str]:
        """The sentences beside the fields, and the summary above them."""
        return [one.words for one in self.main.all("p", "div", "ul", "section") if "error" in one.given.get("class", "").split()
                or one.given.get("role") == "alert"]  # fmt: skip


def _group(node: Node) -> str:
    """The headings of the groups around a control, the nearest first."""
    said, around = [], node.around("fieldset", "tr")
    while around is not None:
        heading = next(around.all("legend"), None) if around.tag == "fieldset" else next(around.all("th"), None)
        if heading is not None:
            said.append(heading.words)
        around = around.around("fieldset", "tr")
    return " / ".join(said)


class AtTheScreen:
    """Somebody signed in (or nobody in particular) in front of one page at a time."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.page = Page("", "")

    @classmethod
    def nobody(cls) -> Self:
        """Somebody at home, without an account."""
        return cls(Client())

    def opens(self, address: str) -> Self:
        """Types or scans an address: the first page of a session, or the square on a paper."""
        return self._shows(self.client.get(address, follow=True))

    def follows(self, words: str) -> Self:
        target = urljoin(self.page.address, self.page.link(words))
        return self._shows(self.client.get(target, follow=True))

    def presses(self, button: str, /, *ticks: str, **typed: object) -> Self:
        """Fills in the fields by their words, ticks and chooses, then presses. Fails with the page's own sentences when refused."""
        return self._presses(button, ticks, typed)

    def fills(self, button: str, said: dict[str, object], *ticks: str) -> Self:
        """As `presses`, for words that cannot be names in Python."""
        return self._presses(button, ticks, said)

    def is_refused(self, button: str, said: dict[str, object] | None = None, *ticks: str) -> str:
        """Presses and must get a sentence instead of what was wanted; returns the page's words."""
        self._presses(button, ticks, said or {}, must_work=False)
        assert self.page.faults or self.status in (409, 422), f"was not refused: {self.page.words[:600]}"
        return self.page.words

    def sends(self, button: str):
        """Presses a button that gives a paper and no page: the bare answer. What is on the screen stays."""
        form, pressed = self.page.form(button)
        target = urljoin(self.page.address, pressed.given.get("formaction") or form.given.get("action") or "")
        ask = self.client.get if form.given.get("method", "get").lower() == "get" else self.client.post
        answer = ask(target, _as_it_stands(self.page.fields(form)))
        assert answer.headers["Content-Type"] == "application/pdf", f"{answer.status_code} on {target}"
        return answer

    def sees(self, *words: str) -> Self:
        for one in words:
            if one not in self.page.words:
                raise Stuck(f"“{one}” does not stand on {self.page.address} ({self.page.heading}):\n{self.page.words[:4000]}")
        return self

    def sees_not(self, *words: str) -> Self:
        for one in words:
            assert one not in self.page.words, f"“{one}” stands on {self.page.address}"
        return self

    def _presses(self, button: str, ticks: tuple[str, ...], said: dict[str, object], *, must_work: bool = True) -> Self:
        form, pressed = self.page.form(button)
        sent = _as_it_stands(self.page.fields(form))
        fields = self.page.fields(form)
        for words, value in said.items():
            _say(fields, words, value, sent, self.page)
        for words in ticks:
            _tick(fields, words, sent, self.page)
        if pressed.given.get("name"):
            sent[pressed.given["name"]] = pressed.given.get("value", "")
        target = urljoin(self.page.address, pressed.given.get("formaction") or form.given.get("action") or "")
        if form.given.get("method", "get").lower() == "get":
            return self._shows(self.client.get(target, sent, follow=True))
        self._shows(self.client.post(target, sent, follow=True), must_work=must_work)
        if must_work and self.page.faults:
            raise Stuck(f"“{button}” on {target}: {self.page.faults}\nsent: { {k: v for k, v in sent.items() if v} }")
        return self

    def _shows(self, answer, *, must_work: bool = True) -> Self:
        address = urlsplit(answer.request["PATH_INFO"])._replace(query=answer.request.get("QUERY_STRING", "")).geturl()
        self.status = answer.status_code
        text = answer.content.decode() if answer.headers.get("Content-Type", "").startswith("text/html") else ""
        self.page = Page(text, address)
        if must_work and answer.status_code != 200:
            raise Stuck(f"{answer.status_code} on {address}: {self.page.faults or self.page.words[:800]}")
        return self


def _as_it_stands(fields: list[Field]) -> dict[str, list[object]]:
    """What a browser would send of a form nobody touched."""
    sent: dict[str, list[object]] = {}
    for one in fields:
        given = one.node.given
        if not one.name or "disabled" in given or one.kind in ("submit", "button", "file"):
            continue
        if one.kind in ("radio", "checkbox"):
            if "checked" in given:
                sent.setdefault(one.name, []).append(given.get("value", "on"))
        elif one.kind == "select":
            options = list(one.node.all("option"))
            chosen = [o for o in options if "selected" in o.given] or ([] if "multiple" in given else options[:1])
            sent[one.name] = [o.given.get("value", o.words) for o in chosen]
        elif one.kind == "textarea":
            sent.setdefault(one.name, []).append("".join(t for t in one.node.inside if isinstance(t, str)).lstrip("\n"))
        else:
            sent.setdefault(one.name, []).append(given.get("value", ""))
    return sent


def _matching(fields: list[Field], words: str) -> list[Field]:
    """Controls whose label says exactly this, else exactly this and that it may stay empty, else begins with it."""
    seen = [one for one in fields if one.kind != "hidden"]
    for fits in (lambda said: said == words, lambda said: said == f"{words} （选填）", lambda said: said.startswith(words)):
        if found := [one for one in seen if fits(one.label)]:
            return found
    return []


def _say(fields: list[Field], words: str, value: object, sent: dict[str, list[object]], page: Page) -> None:
    group, _, inner = words.rpartition(" / ")
    if group:
        fields = [one for one in fields if group in one.group]
        words = inner
    if isinstance(value, str) and (choices := _choices(fields, words, value)):
        sent[choices[0].name] = [choices[0].node.given.get("value", "on")]
        return
    found = [one for one in _matching(fields, words) if one.kind not in ("radio", "checkbox")]
    if not found:
        raise Stuck(f"No field “{words}” on {page.address}: {[(one.group, one.label) for one in fields if one.kind != 'hidden']}")
    one = found[0]
    if one.kind == "select":
        wanted = [o for o in one.node.all("option") if o.words == value] or [o for o in one.node.all("option") if str(value) in o.words]
        if not wanted:
            raise Stuck(f"“{words}” has no choice “{value}”: {[o.words for o in one.node.all('option')]}")
        sent[one.name] = [wanted[0].given.get("value", wanted[0].words)]
    else:
        sent[one.name] = [value]


def _choices(fields: list[Field], group: str, value: str) -> list[Field]:
    """Radio buttons of this group of which the label says this."""
    inside = [one for one in fields if one.kind == "radio" and group in one.group]
    return [one for one in inside if one.label == value] or [one for one in inside if one.label.startswith(value)]


def _tick(fields: list[Field], words: str, sent: dict[str, list[object]], page: Page) -> None:
    group, _, inner = words.rpartition(" / ")
    boxes = [one for one in fields if one.kind in ("checkbox", "radio") and group in one.group]
    found = _matching(boxes, inner)
    if not found:
        raise Stuck(f"Nothing to tick that says “{words}” on {page.address}: {[(one.group, one.label) for one in boxes]}")
    for one in found:
        value = one.node.given.get("value", "on")
        if one.kind == "radio":
            sent[one.name] = [value]
        elif value not in sent.setdefault(one.name, []):
            sent[one.name].append(value)
