"""The editing room: what waits, in five lists with their filters in the address, and the batch buttons."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from officials.models import Office
from officials.permissions import EDIT, PUBLISH, rights
from services import editing_lists, publication
from services.forms.editing_moves import PublishForm
from services.models import Edition
from services.views.editing_access import admit

PAGE = 50
NEVER = gettext_lazy("never")


@dataclass(frozen=True)
class Shelf:
    """One list of the room."""

    key: str
    label: Any
    rows: Callable[..., QuerySet]
    empty: Any


SHELVES = {
    shelf.key: shelf
    for shelf in (
        Shelf(
            "drafts", gettext_lazy("Drafts"), editing_lists.drafts,
            gettext_lazy("Drafts that are being written stand here until they are submitted."),
        ),
        Shelf(
            "review", gettext_lazy("Waiting for the second person"), editing_lists.in_review,
            gettext_lazy("Submitted drafts stand here until a second person publishes them or sends them back."),
        ),
        Shelf(
            "published", gettext_lazy("Published, by last check"), editing_lists.published,
            gettext_lazy("Published items stand here, the one checked longest ago first."),
        ),
        Shelf(
            "assumed", gettext_lazy("Rest on an assumption"), editing_lists.assumed,
            gettext_lazy("Items with a basis that is only assumed stand here until it is found."),
        ),
    )
}  # fmt: skip
MISSES = "misses"


@require_safe
def room(request) -> HttpResponse:
    """What waits for this person."""
    admit(request.user)
    return _room(request, PublishForm())


def _room(request, publishing: PublishForm, ticked: Collection[str] = (), status: int = 200) -> HttpResponse:
    """The room with the list and the filters of the address; after an unconfirmed batch with the sentence and the ticks."""
    today = timezone.localdate(timezone.now())
    counts = {key: shelf.rows(request.user).count() for key, shelf in SHELVES.items()}
    missing, mine = editing_lists.misses(today), editing_lists.for_me(request.user)
    chosen = request.GET.get("list", "")
    if chosen not in (*SHELVES, MISSES):
        chosen = next((key for key in _first(request.user) if counts[key]), "published")
    context: dict[str, Any] = {
        "lists": [_tab(key, shelf.label, counts[key], chosen) for key, shelf in SHELVES.items()]
        + [_tab(MISSES, _("Searches without a result, 30 days"), missing.count(), chosen)],
        "chosen": chosen,
        "may_edit": rights(request.user).has(EDIT),
        "waiting": _("For you: drafts to write %(drafts)s, texts to review %(review)s")
        % {"drafts": mine.drafts, "review": mine.review},
    }
    if chosen == MISSES:
        context |= _misses(request, missing)
    else:
        context |= _editions(request, SHELVES[chosen], ticked) | {"publishing": publishing, "form": publishing}
    return render(request, "services/editing/room.html", context, status=status)


def _first(user) -> tuple[str, ...]:
    """Reviewers look at the review list first, writers at their drafts."""
    return ("review", "drafts") if rights(user).has(PUBLISH) else ("drafts", "review")


def _tab(key: str, label: Any, count: int, chosen: str) -> dict[str, Any]:
    return {"key": key, "label": label, "count": count, "is_current": key == chosen}


def _misses(request, missing) -> dict[str, Any]:
    return {"page_obj": Paginator(missing, PAGE).get_page(request.GET.get("page")), "heading": _("Searches without a result, 30 days")}


def _editions(request, shelf: Shelf, ticked: Collection[str]) -> dict[str, Any]:
    rows = shelf.rows(request.user)
    query, office = request.GET.get("q", "").strip()[:60], request.GET.get("office", "")[:20]
    if query:
        rows = rows.filter(item__code__icontains=query) | rows.filter(name__icontains=query)
    if office:
        rows = rows.filter(office__code=office)
    offices = Office.objects.filter(pk__in=rights(request.user).where(EDIT, PUBLISH)).open().values_list("code", "name")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    move = {"drafts": "submit", "review": "publish"}.get(shelf.key, "")
    lines = [_line(edition, shelf.key, request.user, ticked) for edition in page.object_list]
    address = request.GET.copy()
    address["list"] = shelf.key
    return {
        "heading": shelf.label,
        "empty": shelf.empty,
        "page_obj": page,
        "lines": lines,
        "move": move if any(line["may_move"] for line in lines) else "",
        "has_column": bool(move),
        "batch_url": f"/editing/batch/?{address.urlencode()}",
        "query": query,
        "office": office,
        "offices": offices,
        "is_filtered": bool(query or office),
    }


def _line(edition: Edition, shelf: str, user, ticked: Collection[str]) -> dict[str, Any]:
    tick = publication.submission(edition)
    may_move = shelf == "drafts" or (shelf == "review" and publication.may_publish(edition, user))
    refused = shelf == "review" and not may_move
    return {
        "edition": edition,
        "url": f"/editing/{edition.item.code}/",
        "may_move": may_move,
        "tick": tick,
        "is_ticked": tick in ticked,
        "why_not": _why_not(edition, user) if refused else "",
        "checked": f"{edition.checked_on:%Y-%m-%d}" if edition.checked_on else NEVER,
        "since": timezone.localdate(edition.submitted_at or edition.created_at),
        "assumed": (edition.evidence or {}).get("assumed") or [],
    }


def _why_not(edition: Edition, user) -> str:
    if user.pk in (edition.author_id, edition.submitted_by_id):
        return _("your own text: a second person publishes it")
    return _("no right to publish for this office")


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request) -> HttpResponse:
    """Submit or publish the ticked ones (or, for submitting, the whole page). Each for itself; refusals are named.

    Whoever follows a link of the page that asked for the confirmation gets the list again.
    """
    admit(request.user)
    if request.method != "POST":
        return redirect(f"/editing/?{request.GET.urlencode()}")
    is_publish = request.POST.get("act") == "publish"
    ticked = request.POST.getlist("shown" if request.POST.get("act") == "submit-page" else "edition")[:PAGE]
    seen = {int(pk): tick for tick in ticked if (pk := tick.partition("-")[0]).isascii() and pk.isdigit() and len(pk) < 16}
    editions = list(editing_lists.my_editions(request.user).filter(pk__in=seen).order_by("item__code"))
    address = request.GET.copy()
    address["list"] = "review" if is_publish else "drafts"
    back = redirect(f"/editing/?{address.urlencode()}")
    if not editions:
        messages.warning(request, _("Nothing was ticked."))
        return back
    confirmation = PublishForm(request.POST)
    if is_publish and not confirmation.is_valid():
        return _room(request, confirmation, ticked, status=422)
    now = timezone.now()

    def move(edition: Edition) -> None:
        if is_publish:
            publication.publish(edition, by=request.user, now=now, seen=seen[edition.pk])
        else:
            publication.submit(edition, by=request.user, now=now)

    refused = publication.batch(editions, move)
    done = len(editions) - len(refused)
    if done:
        sentence = _("Published: %(n)s.") if is_publish else _("Submitted to the second person: %(n)s.")
        messages.success(request, sentence % {"n": done})
    for edition, why in refused:
        messages.warning(request, f"{edition.item.code} {edition.name}: {why}")
    return back
