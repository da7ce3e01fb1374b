"""Fills in whatever form a page shows, as a hasty person would: something plausible in each field, drawn from a seed."""

import random
from datetime import datetime, timedelta
from html.parser import HTMLParser

WORDS = ("家里有事", "材料写错了", "按规定办理", "已电话告知", "须进一步核实")
NAMES = ("张三丰",) * 8 + ("王小明", "李翠花")  # the number is one; under another name the window asks back
PHONE, ID_NUMBER = "12345678901", "990199195501010012"
DAYS_AHEAD = ("until", "by", "due", "valid", "wait")  # parts of names of dates that lie ahead


class Form:
    """The fields of the first form that is sent by POST to the page itself."""

    def __init__(self) -> None:
        self.fields: dict[str, list[tuple[str, str]]] = {}  # name → [(type, value)]


class Reader(HTMLParser):
    """Collects inputs, choices and text areas of the forms inside <main>."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[tuple[str, str]]]]] = []
        self._open: dict[str, list[tuple[str, str]]] | None = None
        self._select = ""
        self._in_main = False

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "main":
            self._in_main = True
        elif tag == "form" and self._in_main and given.get("method", "").lower() == "post":
            self._open = {}
            self.forms.append((given.get("action") or "", self._open))
        elif self._open is None:
            return
        elif tag == "input" and given.get("name"):
            self._add(given["name"], given.get("type") or "text", given.get("value") or "")
        elif tag == "textarea" and given.get("name"):
            self._add(given["name"], "textarea", "")
        elif tag == "select" and given.get("name"):
            self._select = given["name"]
            self._open.setdefault(self._select, [])
        elif tag == "option" and self._select:
            self._add(self._select, "option", given.get("value") or "")

    def handle_endtag(self, tag):
        if tag == "main":
            self._in_main = False
        elif tag == "form":
            self._open = None
        elif tag == "select":
            self._select = ""

    def _add(self, name, kind, value):
        self._open.setdefault(name, []).append((kind, value))


def forms_of(page: str) -> list[tuple[str, dict[str, list[tuple[str, str]]]]]:
    reader = Reader()
    reader.feed(page)
    return reader.forms


def known(word: str, now: datetime) -> dict[str, str | list[str]]:
    """What nobody could guess from the names of fields, for one act."""
    day = now.date().isoformat()
    match word:
        case "begin-public-notice":
            return {"hang_on": day}
        case "note-step":
            return {"on": day}
        case "dispatch" | "designate":
            return {"co": []}
        case "note-delivery" | "record-visit":
            return {"at": f"{day}T{now:%H:%M}", "date": day}
        case "entrust":
            return {"scope": "whole", "letter": "kept", "valid_from": day}
    return {}


def filled(fields: dict[str, list[tuple[str, str]]], dice: random.Random, now: datetime) -> dict[str, str | list[str]]:
    """What this person sends. One in twenty leaves a field empty that may be needed; hidden fields go as they are."""
    sent: dict[str, str | list[str]] = {}
    for name, options in fields.items():
        if not options:
            continue  # a list with nothing to choose sends nothing
        kind = options[0][0]
        if kind == "hidden":
            sent[name] = options[0][1]
        elif name == "csrfmiddlewaretoken" or kind in ("submit", "button", "file"):
            continue
        elif kind in ("radio", "option"):
            values = [value for _kind, value in options]
            empty = "" in values and (name.endswith("id_state") or dice.random() < 0.2)
            sent[name] = "" if empty else dice.choice([value for value in values if value] or values)
        elif kind == "checkbox":
            share = 0.05 if name.startswith("no_") or name.endswith("no_phone") else 0.6
            ticked = [value or "on" for _kind, value in options if dice.random() < share]
            if ticked:
                sent[name] = ticked
        elif options[0][1] and dice.random() < 0.7:
            sent[name] = options[0][1]  # what the page put there
        else:
            sent[name] = "" if dice.random() < 0.05 else _typed(name, kind, dice, now)
    return sent


def _typed(name: str, kind: str, dice: random.Random, now: datetime) -> str:
    ahead = dice.random() < 0.1 or any(part in DAYS_AHEAD for part in name.split("_"))
    day = (now + timedelta(days=dice.randint(1, 25) if ahead else dice.choice((0, 0, 0, -1, -3)))).date()
    if kind == "date":
        return day.isoformat()
    if kind == "datetime-local":
        return f"{day.isoformat()}T{dice.randint(8, 17):02d}:{dice.choice((0, 15, 30))or 0:02d}"
    if kind == "time":
        return "10:02"
    if kind == "number":
        return str(dice.randint(1, 12))
    if "phone" in name or kind == "tel":
        return PHONE
    if "id_number" in name:
        return ID_NUMBER
    if "name" in name:
        return dice.choice(NAMES)
    return dice.choice(WORDS)
