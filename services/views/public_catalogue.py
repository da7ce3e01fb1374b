"""The catalogue: by category, by life event, by office, by material; 864 items in pages of fifty."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officials.publicpages import public_page
from services.listing import Entry, Listing, Shelf, listing
from services.models import Edition, Material
from services.saying import in_language, say_handling

PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """An item in a list."""

    name: str
    url: str
    hint: str
    is_chinese: bool
    group: str = ""


@require_safe
@public_page
def catalogue(request):
    shelves = listing()
    title, entries = _chosen(request, shelves)
    groups = {} if title else {code: _name(shelf, request.LANGUAGE_CODE) for code, shelf in shelves.categories.items()}
    page = Paginator(entries, PAGE).get_page(request.GET.get("page"))
    context = {
        "title": title,
        "page_obj": page,
        "lines": lines(page.object_list, request.LANGUAGE_CODE, groups),
        "total": len(entries),
        "is_whole": not title,
    }
    if not title and page.number == 1:
        context |= {name: tiles(group, name, request.LANGUAGE_CODE) for name, group in _groups(shelves).items()}
    return render(request, "services/public/catalogue.html", context)


def _groups(shelves: Listing) -> dict[str, dict[str, Shelf]]:
    return {"category": shelves.categories, "event": shelves.events, "office": shelves.offices}


def _chosen(request, shelves: Listing) -> tuple[str, list[Entry]]:
    """What the address asks for: a heading (empty for the whole catalogue) and its items. Unknown words are a 404."""
    for parameter, group in _groups(shelves).items():
        code = request.GET.get(parameter)
        if code:
            if code not in group:
                raise Http404
            return _name(group[code], request.LANGUAGE_CODE), group[code].entries
    if material := request.GET.get("material"):
        editions = Edition.objects.published().order_by().values("pk")
        needed = set(Material.objects.filter(edition_id__in=editions, name=material).values_list("edition_id", flat=True))
        if not needed:
            raise Http404
        title = _("Items that need: %(material)s") % {"material": material}
        return title, [entry for entry in shelves.entries if entry.edition in needed]
    return "", shelves.entries


def _name(shelf: Shelf, language: str) -> str:
    return in_language(shelf.name, shelf.name_en, language)


def tiles(group: dict[str, Shelf], parameter: str, language: str) -> list[dict]:
    """Shelves as links with the number of their items."""
    return [
        {"name": _name(shelf, language), "count": shelf.count, "url": "/services/?" + urlencode({parameter: shelf.code})}
        for shelf in group.values()
    ]


def lines(entries: list[Entry], language: str, groups: dict[str, str] | None = None) -> list[Line]:
    """Items as lines of a list; `groups` names the categories where the list is divided by them."""
    return [_line(entry, language, (groups or {}).get(entry.category, "")) for entry in entries]


def _line(entry: Entry, language: str, group: str) -> Line:
    office = in_language(entry.office_name, entry.office_name_en, language)
    handling = say_handling(entry.handling, entry.promised_value, entry.promised_unit)
    return Line(
        name=in_language(entry.name, entry.name_en, language),
        url=entry.url,
        hint=" · ".join(filter(None, (office, handling))),
        is_chinese=language == "en" and not entry.name_en,
        group=group,
    )
