"""The search page. Not kept like other public pages: searches without result are counted, and words are without number."""

import re
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from officials.privacy.text import without_invisible
from services import search
from services.listing import listing
from services.saying import group_phone, in_language, say_handling
from services.search.explaining import why
from services.search.matching import MAX_QUERY, Hit
from services.views.public_catalogue import tiles

SHOWN = {
    search.Kind.ITEM: 30, search.Kind.PAGE: 4, search.Kind.THEME: 8, search.Kind.OFFICE: 8, search.Kind.OFFICIAL: 8,
    search.Kind.MATERIAL: 8,
}  # fmt: skip
TITLES = {
    search.Kind.ITEM: gettext_lazy("Items"),
    search.Kind.PAGE: gettext_lazy("On this site"),
    search.Kind.THEME: gettext_lazy("Subjects and life events"),
    search.Kind.OFFICE: gettext_lazy("Offices"),
    search.Kind.OFFICIAL: gettext_lazy("Officials"),
    search.Kind.MATERIAL: gettext_lazy("Materials"),
}
# Machines that read the whole site say so; what they try is no gap in the catalogue.
_MACHINE = re.compile(r"bot|spider|crawl|slurp|curl|wget|python|http-?client|monitor", re.IGNORECASE)

_PHONE_ICON = mark_safe((settings.BASE_DIR / "templates" / "icons" / "phone.svg").read_text("utf-8").strip())


@dataclass(frozen=True, slots=True)
class Group:
    """Results of one kind."""

    title: str
    rows: SafeString
    count: int
    more: bool


@require_safe
@login_not_required
def find(request):
    now = timezone.now()
    query = without_invisible(request.GET.get("q", "")).strip()[:MAX_QUERY]
    hits = search.find(query) if query else []
    language = request.LANGUAGE_CODE
    context: dict = {"query": query, "groups": _groups(hits, language)}
    if query and not hits:
        context["category"] = tiles(listing().categories, "category", language)
    response = render(request, "portal/search.html", context)
    if query and not hits and request.method == "GET" and not _MACHINE.search(request.headers.get("User-Agent", "")):
        search.record(query, now=now)
    return response


def _groups(hits: list[Hit], language: str) -> list[Group]:
    sorted_out: dict[search.Kind, list[Hit]] = {kind: [] for kind in search.Kind}
    for hit in hits:
        sorted_out[hit.target.kind].append(hit)
    return [
        Group(str(TITLES[kind]), _rows(found[: SHOWN[kind]], language), len(found), len(found) > SHOWN[kind])
        for kind, found in sorted_out.items()
        if found
    ]


def _rows(hits: list[Hit], language: str) -> SafeString:
    """List rows, joined here: a template would take longer for them than the whole search does."""
    return format_html_join("\n", '<li><a href="{}"{}>{}</a>{}{}</li>', (_row(hit, language) for hit in hits))


def _row(hit: Hit, language: str) -> tuple:
    target = hit.target
    name = in_language(target.name, target.name_en, language)
    in_chinese = language == "en" and not target.name_en
    hint = " · ".join(filter(None, (why(hit), _about(hit, language))))
    return (
        target.url,
        mark_safe(' lang="zh-CN"') if in_chinese else "",
        name,
        format_html('<span class="hint">{}</span>', hint) if hint else "",
        _call(target.entry.office_phone, target.entry.office_name) if target.entry is not None else "",
    )


def _call(phone: str, office: str) -> SafeString | str:
    """The telephone of the office behind an item, to tap; from memory like everything else here."""
    if not phone:
        return ""
    return format_html(
        '<a href="tel:{}">{}<span class="hide">{} </span>{}</a>', phone, _PHONE_ICON, office, group_phone(phone)
    )


def _about(hit: Hit, language: str) -> str:
    target = hit.target
    if target.entry is not None:
        entry = target.entry
        office = in_language(entry.office_name, entry.office_name_en, language)
        return " · ".join(filter(None, (office, say_handling(entry.handling, entry.promised_value, entry.promised_unit))))
    if target.kind == search.Kind.MATERIAL:
        return _("Needed for items: %(n)s") % {"n": target.count}
    if target.kind == search.Kind.THEME:
        return _("Items: %(n)s") % {"n": target.count}
    return group_phone(target.note) if target.kind == search.Kind.OFFICE else target.note
