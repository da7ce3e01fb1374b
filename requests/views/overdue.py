"""The overdue list: what is late and soon due, by office, official and item, and what nobody holds.

The numbers come first and open their lists; the filters live in the address. Text is made here, row by row, because a
page of 50 is asked for all day long.
"""

import re
from functools import lru_cache
from html import escape
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from officials.calendar import calendar_for
from officials.permissions import HEAD, SUPERVISE, rights
from requests import lights, waiting
from requests.directory import Directory, directory
from requests.lifecycle import TRANSITIONS
from requests.models import ServiceRequest
from requests.reasons import say_date
from requests.waiting import BOUND, GROUPS, WHATS, Days, Key, Row

PAGE = 50
_DRAWING = re.compile(r"(<svg[^>]*>)(.*?)(</svg>)", re.S)
TABS = {
    "late": gettext_lazy("Late"),
    "since-yesterday": gettext_lazy("New since the last working day"),
    "today": gettext_lazy("Due today"),
    "soon": gettext_lazy("Soon due"),
    "unassigned": gettext_lazy("Held by nobody"),
}
EMPTY = {
    "late": gettext_lazy("Cases appear here once their date has passed. None has at the moment."),
    "since-yesterday": gettext_lazy("Cases that became late since the last working day began appear here."),
    "today": gettext_lazy("Cases whose last day is today appear here."),
    "soon": gettext_lazy("Cases due within the next two working days appear here."),
    "unassigned": gettext_lazy("Cases without an official, or whose official has left, appear here."),
}
_URGED = frozenset(kind.value for kind, moves in TRANSITIONS.items() if "urge" in moves)
BY = {"office": gettext_lazy("Per office"), "holder": gettext_lazy("Per official"), "item": gettext_lazy("Per item")}
COLUMNS = {
    "case": gettext_lazy("Case"),
    "item": gettext_lazy("Item"),
    "person": gettext_lazy("Applicant"),
    "office": gettext_lazy("Office"),
    "holder": gettext_lazy("Official"),
    "due": gettext_lazy("Due"),
    "state": gettext_lazy("How it stands"),
    "move": gettext_lazy("What to do"),
}


@require_safe
def overdue(request):
    """One tab of the list, or, with ?by=, the table of numbers per office, official or item."""
    offices = waiting.offices_of(request.user)
    if not offices:
        raise PermissionDenied(_("The overdue list belongs to the offices that handle cases and to those who supervise them."))
    now = timezone.now()
    names = directory(offices=offices)
    chosen, narrowed = _filters(request.GET, names, offices)
    calendar = calendar_for(names.offices[min(offices)].township_id)
    days = Days.of(now, calendar)
    what = request.GET.get("what") if request.GET.get("what") in WHATS else "late"
    by = request.GET.get("by", "")
    context = {"what": what, "chips": _chips(chosen, what, by), "today": say_date(days.today)}
    if by in GROUPS:
        groups = _groups(waiting.waiting(offices, reader=request.user, **narrowed), days, by, chosen, names)
        context |= {"by": by, "tabs": (), "views": _views(chosen, what, by), "groups": groups}
        return render(request, "requests/overdue/groups.html", context | {"title": BY[by]})
    counts = waiting.tab_counts(offices, days, reader=request.user, **narrowed)
    rows, turns = _page(request, offices, what, days, chosen, narrowed)
    names = directory(people={row.holder_id for row in rows if row.holder_id})
    may_assign = rights(request.user).where(HEAD, SUPERVISE)
    body = _rows(rows, names, calendar, now, may_assign, request.user.pk)
    context |= {
        "tabs": _tabs(chosen, what, counts), "views": _views(chosen, what, ""), "counts": counts, "number": _shown(counts[what]),
        "title": TABS[what], "empty": EMPTY[what], "columns": COLUMNS if may_assign else {k: v for k, v in COLUMNS.items() if k != "move"},
        "rows": body, "icons": _icons(body), "has_rows": bool(rows), **turns,
        "unassigned_url": _url(chosen, what="unassigned"),
    }  # fmt: skip
    return render(request, "requests/overdue/list.html", context)


def _filters(asked, names: Directory, offices: frozenset[int]) -> tuple[dict[str, tuple[str, str]], dict[str, int]]:
    """What the address narrows to: {"office": (code, name)} and {"office_id": 3}. Unknown or invisible words narrow nothing."""
    chosen: dict[str, tuple[str, str]] = {}
    narrowed: dict[str, int] = {}
    if code := asked.get("office"):
        for pk in offices:
            if names.offices[pk].code == code:
                chosen["office"], narrowed["office_id"] = (code, names.offices[pk].name), pk
    if staff_no := asked.get("holder"):
        for pk, (number, name) in names.people.items():
            if number == staff_no:
                chosen["holder"], narrowed["holder_id"] = (staff_no, name), pk
    if code := asked.get("item"):
        for pk, known in names.items.items():
            if known == code:
                chosen["item"], narrowed["item_id"] = (code, names.item_names.get(pk, code)), pk
    return chosen, narrowed


def _url(chosen: dict[str, tuple[str, str]], **more: str) -> str:
    words = {name: code for name, (code, _name) in chosen.items()} | {name: value for name, value in more.items() if value}
    return "/overdue/?" + urlencode(words)


def _shown(count: int) -> str:
    return f"{BOUND}+" if count > BOUND else str(count)


def _tabs(chosen, what: str, counts: dict[str, int]) -> list[dict]:
    return [
        {"label": label, "url": _url(chosen, what=name), "count": _shown(counts[name]), "current": name == what}
        for name, label in TABS.items()
    ]


def _views(chosen, what: str, by: str) -> list[dict]:
    """The list, and the tables of numbers."""
    views = [{"label": _("List"), "url": _url(chosen, what=what), "current": not by}]
    return views + [{"label": label, "url": _url(chosen, what=what, by=name), "current": name == by} for name, label in BY.items()]


def _chips(chosen, what: str, by: str) -> list[dict]:
    """The filters now in force, each with the address without it."""
    return [
        {"label": name, "url": _url({k: v for k, v in chosen.items() if k != kind}, what=what, by=by)}
        for kind, (_code, name) in chosen.items()
    ]


def _page(request, offices: frozenset[int], what: str, days: Days, chosen, narrowed) -> tuple[list[Row], dict[str, str]]:
    """50 rows by key, and the addresses of the pages before and after."""
    asked, backwards = request.GET, "before" in request.GET
    key = Key.read(asked.get("before" if backwards else "after", ""), backwards=backwards)
    rows = waiting.rows(offices, what, days, key, reader=request.user, most=PAGE + 1, **narrowed)
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    if key is not None and backwards:
        rows.reverse()
    before, after = (more, True) if key and backwards else (key is not None, more)
    turns = {}
    if rows and before:
        turns["previous_url"] = _url(chosen, what=what, before=Key.write(rows[0].due_at, rows[0].pk))
    if rows and after:
        turns["next_url"] = _url(chosen, what=what, after=Key.write(rows[-1].due_at, rows[-1].pk))
    return rows, turns


def _rows(rows: list[Row], names: Directory, calendar, now, may_assign: frozenset[int], reader: int) -> SafeString:
    """The body of the table, made in one go. Every value goes through `escape` here: a template or format_html does it too,
    but takes half a second longer for a hundred pages."""
    start = {name: f'<td data-label="{escape(str(text))}">' for name, text in COLUMNS.items()}
    language = translation.get_language()
    nobody = f'<strong class="late">{escape(_("nobody"))}</strong>'
    has_left = f' <strong class="late">{escape(_("has left"))}</strong>'
    urge, move = escape(_("Urge")), escape(_("Reassign"))
    made = []
    for row in rows:
        holder = escape(names.person_name(row.holder_id)) or nobody
        if row.holder_is_active is False and holder is not nobody:
            holder += has_left
        number = escape(row.number)
        cells = (
            f'{start["case"]}<a class="code" href="/desk/{number}/">{number}</a>',
            start["item"] + escape(row.item_name or _kind(row.kind, language)),
            start["person"] + escape(row.name_masked or "—"),
            start["office"] + escape(names.office_name(row.office_id)),
            start["holder"] + holder,
            start["due"] + escape(_due(row, language)),
            start["state"] + _state(row, now, calendar, language),
        )
        if may_assign:
            ways = [("assign", move)]
            if row.kind in _URGED and row.due_at is not None and row.holder_id not in (None, reader):
                ways.insert(0, ("urge", urge))
            to = " ".join(f'<a href="/desk/{number}/{word}/">{label}<span class="hide"> {number}</span></a>' for word, label in ways)
            cells += (start["move"] + (f"<span>{to}</span>" if row.office_id in may_assign else "—"),)
        made.append(f"<tr>{'</td>'.join(cells)}</td></tr>\n")
    return mark_safe("".join(made))


@lru_cache(maxsize=32)
def _kind(kind: str, language: str) -> str:
    """What has no item is called by its kind; `language` is part of the key."""
    return str(ServiceRequest.Kind(kind).label)


def _due(row: Row, language: str) -> str:
    if row.due_on is None:
        return "—"
    said = _date(row.due_on, language)
    return f"{said} {_('(provisional)')}" if row.is_provisional else said


@lru_cache(maxsize=512)
def _date(day, language: str) -> str:
    """A page names few days many times; `language` is part of the key."""
    return say_date(day)


def _state(row: Row, now, calendar, language: str) -> str:
    """Word, icon and number. Nothing runs where there is no date: then the status says what is awaited."""
    if row.due_at is None:
        colour, words = "none", str(ServiceRequest.Status(row.status).label)
    else:
        light = lights.column_light(row.due_at, now, row.accepted_at or row.received_at, calendar)
        colour, words = str(light.colour), str(light.text)
    before, after = _light_frame(colour, language)
    late = row.due_at is not None and row.due_at < now
    since = f'<br><span class="hint">{escape(_late(row.due_at, row.due_kind, language))}</span>' if late else ""
    return f"<span>{before}{escape(words)}{after}{since}</span>"


@lru_cache(maxsize=512)
def _late(due_at, kind: str, language: str) -> str:
    """Since when, and which step; whose it is stands in the columns beside it."""
    step = str(ServiceRequest.DueKind(kind).label) if kind else ""
    return _("since %(since)s, %(step)s") % {"since": lights.late_since(due_at), "step": step}


@lru_cache(maxsize=16)
def _light_frame(colour: str, language: str) -> tuple[str, str]:
    """What `parts/light.html` puts before and behind its words; rendered once a colour and language.

    The drawing of the icon is left out and stands once on the page (`_icons`): in fifty rows it would be a third of the bytes.
    """
    before, after = _DRAWING.sub(rf'\1<use href="#light-{colour}"/>\3', _light(colour)).split("\0")
    return before, after


def _icons(rows: SafeString) -> SafeString:
    """The drawings the lights of these rows point at."""
    colours = sorted(set(re.findall(r'<use href="#light-([a-z]+)"/>', rows)))
    drawn = (f'<symbol id="light-{colour}" viewBox="0 0 24 24">{_DRAWING.search(_light(colour))[2]}</symbol>' for colour in colours)
    return mark_safe(f'<svg class="hide" aria-hidden="true">{"".join(drawn)}</svg>' if colours else "")


def _light(colour: str) -> str:
    return render_to_string("parts/light.html", {"light": colour, "text": "\0"}).strip()


def _groups(cases, days: Days, by: str, chosen, names: Directory) -> dict:
    """The table of numbers: one row per group, each number with its list, and the sums at the foot."""
    rows, totals = [], dict.fromkeys(WHATS, 0)
    for row in waiting.group_counts(cases, days, by):
        word, name = _group_name(by, row[GROUPS[by]], names)
        narrowed = chosen | ({by: (word, name)} if word else {})
        cells = []
        for what in WHATS:
            count = row[what.replace("-", "_")]
            totals[what] += count
            # Rows of nobody have no word of their own: what they are is the tab "nobody holds it".
            url = _url(narrowed, what=what) if word else _url(chosen, what="unassigned") if by == "holder" else ""
            cells.append({"label": TABS[what], "count": count, "url": url if count else "", "is_late": what == "late" and count})
        rows.append({"name": name, "cells": cells})
    return {
        "heading": COLUMNS[by], "labels": list(TABS.values()), "rows": rows,
        "totals": [{"label": TABS[what], "count": totals[what], "url": _url(chosen, what=what)} for what in WHATS],
    }  # fmt: skip


def _group_name(by: str, pk: int | None, names: Directory) -> tuple[str, str]:
    if by == "office":
        return (names.offices[pk].code, names.office_name(pk)) if pk in names.offices else ("", "—")
    if by == "holder":
        return names.people[pk] if pk in names.people else ("", _("nobody"))
    if pk in names.items:
        return names.items[pk], names.item_names.get(pk, names.items[pk])
    return "", _("Without an item: questions, demands, orders")
