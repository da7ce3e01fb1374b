"""The page of one item: what residents came for."""

from typing import Any

from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from officials.publicpages import public_page
from services import item_markup, item_page, reading
from services.channel_rules import rules_of
from services.models import BlankForm, Edition
from services.saying import in_language, say_date


@require_safe
@public_page
def item(request, code):
    """One published item; one that was taken out of the catalogue says where to go instead."""
    edition = reading.published_edition(code)
    if edition is None:
        return _retired(request, code)
    context = item_context(edition, code, request.LANGUAGE_CODE)
    response = render(request, "services/public/item.html", context)
    # Somebody comes back by the clock, without a change of the catalogue.
    response.is_public_page = not context["both_away"]
    return response


def item_context(edition: Edition, code: str, language: str) -> dict[str, Any]:
    """Everything the page says about one text, published or (for the preview of an editor) still a draft."""
    parts = reading.around(edition)
    live = parts.live
    # Catalogue text is Chinese; on an English page it says so.
    zh = mark_safe(' lang="zh-CN"') if language == "en" else ""
    consult, complaint = item_page.phones(live)
    now = timezone.now()
    lines = item_page.materials(parts.materials)
    place, hours = item_page.place_and_hours(edition, live)
    return {
        "edition": edition,
        "code": code,
        "zh": zh,
        "name": in_language(edition.name, edition.name_en, language),
        "summary": in_language(edition.summary, edition.summary_en, language),
        "category_code": live["category__code"],
        "category_name": in_language(live["category__name"], live["category__name_en"], language),
        "office_url": f"/offices/{live['office__code']}/",
        "office_name": in_language(live["office__name"], live["office__name_en"], language),
        "name_is_chinese": language == "en" and not edition.name_en,
        "summary_is_chinese": language == "en" and not edition.summary_en,
        "elements": item_page.seven_elements(edition, len(parts.steps)),
        "people": item_page.people(live, now),
        "both_away": item_page.both_away(live, now),
        "nobody_there": item_page.nobody_there(live, now),
        "only_takes_in": item_page.only_takes_in(live),
        "centre": live["item__township__centre_name"],
        "centre_phone": live["item__township__phone"],
        "consult": consult,
        "complaint": complaint,
        "limits": item_page.limits(edition),
        "terms": item_page.terms(edition, live),
        "material_columns": item_markup.material_columns(),
        "materials": item_markup.material_rows(lines, zh),
        "brought": item_page.brought(lines),
        "place": place,
        "hours": hours,
        "flow": item_markup.flow_rows(item_page.drawing(parts.steps), zh),
        "channel": rules_of(parts.rules, code),
        "blanks": [{"title": row.title, "url": f"/services/{code}/forms/{BlankForm(digest=row.digest).key}.pdf"} for row in parts.blanks],
        "conditions": parts.conditions,
        "situations": parts.situations,
        "bases": parts.bases,
        "checked": item_page.checked(edition, code, live),
        "events": parts.events,
        "is_online": item_page.ONLINE in (edition.channels or []),
    }


def _retired(request, code):
    found = reading.retired_item(code)
    if found is None:
        raise Http404
    retired, last = found
    context = {"item": retired, "name": last.name, "on": say_date(retired.retired_on)}
    return render(request, "services/public/item_retired.html", context)
