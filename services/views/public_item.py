"""The page of one item: what residents came for."""

from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from officials.publicpages import public_page
from services import item_page, reading
from services.listing import listing
from services.models import Edition
from services.saying import in_language, say_date


@require_safe
@public_page
def item(request, code):
    """One published item; one that was taken out of the catalogue says where to go instead."""
    edition = reading.published_edition(code)
    if edition is None:
        return _retired(request, code)
    return render(request, "services/public/item.html", item_context(edition, request.LANGUAGE_CODE))


def item_context(edition: Edition, language: str) -> dict[str, Any]:
    """Everything the page says about one text, published or (for the preview of an editor) still a draft."""
    parts = reading.parts_of(edition)
    consult, complaint = item_page.phones(edition)
    return {
        "edition": edition,
        "item": edition.item,
        "office": edition.office,
        "name": in_language(edition.name, edition.name_en, language),
        "summary": in_language(edition.summary, edition.summary_en, language),
        "category_name": in_language(edition.category.name, edition.category.name_en, language),
        "office_name": in_language(edition.office.name, edition.office.name_en, language),
        "name_is_chinese": language == "en" and not edition.name_en,
        "summary_is_chinese": language == "en" and not edition.summary_en,
        "elements": item_page.seven_elements(edition, len(parts["steps"])),
        "people": item_page.people(edition),
        "consult": consult,
        "complaint": complaint,
        "limits": item_page.limits(edition),
        "terms": item_page.terms(edition),
        "materials": item_page.materials(parts["materials"]),
        "drawing": item_page.drawing(parts["steps"]),
        "conditions": parts["conditions"],
        "situations": parts["situations"],
        "bases": parts["bases"],
        "checked": item_page.checked(edition),
        "events": item_page.life_events(edition, listing()),
        "is_online": item_page.ONLINE in (edition.channels or []),
    }


def _retired(request, code):
    retired = reading.retired_item(code)
    if retired is None:
        raise Http404
    last = retired.editions.exclude(published_at=None).order_by("-number").first()
    return render(request, "services/public/item_retired.html", {"item": retired, "name": last.name, "on": say_date(retired.retired_on)})
