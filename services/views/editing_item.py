"""One item in the editing room: its editions, the moves of its draft, the preview and the comparison."""

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials.permissions import EDIT, PUBLISH, rights
from services import publication
from services.comparison import Comparison, Limit, compare
from services.content import content_of
from services.forms import editing_words as words
from services.forms.editing_moves import PublishForm, RetireForm, ReturnForm
from services.models import Edition, Item, LifeEvent
from services.saying import say_amount, say_limit
from services.views import public_item
from services.views.editing_access import editions_of, get_draft, get_edition, get_item

Status = Edition.Status
OneForm = TypeVar("OneForm", bound=Form)


@require_safe
def item(request, code: str) -> HttpResponse:
    return _page(request, get_item(request.user, code))


def _page(request, shown: Item, *, bound: Form | None = None, status: int = 200) -> HttpResponse:
    """The item with its editions; after a refused move with the form that has the sentence."""
    editions = editions_of(shown)
    draft = next((edition for edition in editions if edition.status in (Status.DRAFT, Status.IN_REVIEW)), None)
    published = next((edition for edition in editions if edition.status == Status.PUBLISHED), None)
    held = rights(request.user)
    context: dict[str, Any] = {
        "item": shown,
        "newest": draft or published or editions[0],
        "editions": [_line(edition) for edition in editions],
        "draft": draft,
        "published": published,
        "form": bound,
        "may_start": draft is None and not shown.retired_on and held.has(EDIT, shown.office_id),
        "may_retire": not shown.retired_on and held.has(PUBLISH, shown.office_id),
        "retiring": _or_empty(RetireForm, bound),
    }
    if draft is not None:
        context |= _moves(request.user, draft) | _review_forms(bound)
    return render(request, "services/editing/item.html", context, status=status)


def _review_forms(bound: Form | None) -> dict[str, Form]:
    """The two forms of the second person, on the page of the item and under the comparison."""
    return {"publishing": _or_empty(PublishForm, bound), "returning": _or_empty(ReturnForm, bound)}


def _or_empty(kind: type[OneForm], bound: Form | None) -> OneForm:
    return bound if isinstance(bound, kind) else kind()


def _moves(user, draft: Edition) -> dict[str, Any]:
    """What may be done with the draft now, and why not where it may not."""
    held, in_review = rights(user), draft.status == Status.IN_REVIEW
    may_review = in_review and held.has(PUBLISH, draft.office_id)
    is_own = may_review and publication.wrote(draft, user)
    return {
        "may_write": not in_review and held.has(EDIT, draft.office_id),
        "may_return": may_review,
        "may_publish": may_review and not is_own,
        "is_own": is_own,
        "seen": publication.submission(draft),
        "returned": None if in_review else _returned(draft),
    }


def _returned(draft: Edition) -> dict[str, Any] | None:
    """The newest reason with which the second person sent this draft back."""
    row = draft.history.exclude(history_change_reason="").order_by("-history_id").first()
    return row and {"reason": row.history_change_reason, "by": row.actor_name, "at": row.history_date}


def _line(edition: Edition) -> dict[str, Any]:
    """An edition as a row: who wrote, submitted and published it, and when."""
    return {
        "edition": edition,
        "written": _who(edition.created_at, edition.author),
        "submitted": _who(edition.submitted_at, edition.submitted_by),
        "published": _who(edition.published_at, edition.published_by),
        "ended": _day(edition.ended_at),
    }


def _who(at, person) -> str:
    return f"{person.name} · {_day(at)}" if person else ""


def _day(at) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else ""


def _tell(request, error: publication.Refused, code: str) -> HttpResponse:
    """A move that came too late or is not this person's: rights are a 403, a changed state a sentence on the page."""
    messages.error(request, str(error))
    return redirect(f"/editing/{code}/")


@require_POST
def start(request, code: str) -> HttpResponse:
    """Open a draft that begins as the published text."""
    shown, now = get_item(request.user, code), timezone.now()
    _right(request.user, EDIT, shown.office_id)
    try:
        publication.start_draft(shown, by=request.user, now=now)
    except publication.Refused as refused:
        return _tell(request, refused, code)
    return redirect(f"/editing/{code}/draft/")


@require_POST
def submit(request, code: str) -> HttpResponse:
    draft = get_draft(get_item(request.user, code))
    _right(request.user, EDIT, draft.office_id)
    return _done(request, code, partial(publication.submit, draft), _("Submitted. A second person now looks at it and publishes it."))


@require_POST
def discard(request, code: str) -> HttpResponse:
    draft = get_draft(get_item(request.user, code))
    _right(request.user, EDIT, draft.office_id)
    return _done(request, code, partial(publication.discard, draft), _("The draft was given up. Its text stays in the record."))


@require_POST
def publish(request, code: str) -> HttpResponse:
    """Only a second person: the author and the submitter are told off with a 403."""
    draft = get_draft(get_item(request.user, code))
    _right(request.user, PUBLISH, draft.office_id)
    if publication.wrote(draft, request.user):
        raise PermissionDenied(_("A second person has to publish: you wrote or submitted this text yourself."))
    if _is_overtaken(request, draft):
        return _read_again(request, draft.item)
    form = PublishForm(request.POST)
    if not form.is_valid():
        return _where_asked(request, draft.item, form)
    told = _("Published. Residents read this text from now on; cases already taken in keep the text they had.")
    return _done(request, code, partial(publication.publish, draft, seen=request.POST.get("seen", "")), told)


@require_POST
def send_back(request, code: str) -> HttpResponse:
    """The second person returns the draft with a reason."""
    shown = get_item(request.user, code)
    draft, form = get_draft(shown), ReturnForm(request.POST)
    _right(request.user, PUBLISH, draft.office_id)
    if _is_overtaken(request, draft):
        return _read_again(request, shown, form)
    if not form.is_valid():
        return _where_asked(request, shown, form)
    told = _("Sent back to %(name)s with your reason.") % {"name": draft.author.name}
    back = partial(publication.return_to_author, draft, reason=form.cleaned_data["reason"], seen=request.POST.get("seen", ""))
    return _done(request, code, back, told)


def _is_overtaken(request, draft: Edition) -> bool:
    """Whether what was read is no longer what is in review; the verb asks again."""
    return draft.status == Status.IN_REVIEW and request.POST.get("seen", "") != publication.submission(draft)


def _read_again(request, shown: Item, typed: Form | None = None) -> HttpResponse:
    """The comparison of the text as it is now, whatever page was open; a reason that was typed stands there still."""
    messages.warning(request, publication.Overtaken.SUBMITTED_ANEW)
    return _compared(request, shown, bound=typed, status=409)


def _where_asked(request, shown: Item, form: Form) -> HttpResponse:
    """The sentence stands on the page where the button was pressed."""
    page = _compared if request.POST.get("page") == "compare" else _page
    return page(request, shown, bound=form, status=422)


@require_POST
def retire(request, code: str) -> HttpResponse:
    """Take the item out of the catalogue."""
    shown, form = get_item(request.user, code), RetireForm(request.POST)
    _right(request.user, PUBLISH, shown.office_id)
    if not form.is_valid():
        return _page(request, shown, bound=form, status=422)
    told = _("The item is retired. Cases under way go on under the text they have.")
    return _done(request, code, partial(publication.retire, shown, note=form.cleaned_data["note"]), told)


def _done(request, code: str, deed: Callable[..., Any], told: str) -> HttpResponse:
    """Do it and tell so, or tell why not; either way the page of the item is next."""
    try:
        deed(by=request.user, now=timezone.now())
    except publication.Refused as refused:
        return _tell(request, refused, code)
    messages.success(request, told)
    return redirect(f"/editing/{code}/")


def _right(user, name: str, office_id: int) -> None:
    if not rights(user).has(name, office_id):
        if name == PUBLISH:
            raise PermissionDenied(_("Your sign-in does not carry the right to publish for this office."))
        raise PermissionDenied(_("Your sign-in does not carry the right to write texts of this office."))


@require_http_methods(["GET", "HEAD"])
def preview(request, code: str) -> HttpResponse:
    """The page as residents would see it. Without a number: the draft."""
    shown = get_item(request.user, code)
    number = request.GET.get("edition", "")
    edition = get_edition(shown, number) if number else get_draft(shown)
    context = public_item.item_context(edition, code, request.LANGUAGE_CODE)
    # The empty forms of a text that was never published have no public address.
    context["blanks"] = [
        {"title": blank.title, "url": f"/editing/{code}/forms/{blank.pk}/preview.pdf"} for blank in edition.blanks.all()
    ]
    return render(request, "services/editing/preview.html", context | {"back": f"/editing/{code}/"})


@require_safe
def comparison(request, code: str) -> HttpResponse:
    """Draft against published text; ?from=2&to=3 compares any two editions."""
    return _compared(request, get_item(request.user, code))


def _compared(request, shown: Item, *, bound: Form | None = None, status: int = 200) -> HttpResponse:
    """Two editions side by side; under a text in review what the second person may do with it."""
    editions = {edition.number: edition for edition in editions_of(shown)}
    after = _chosen(editions, request.GET.get("to", ""), _newest(editions))
    before = _chosen(editions, request.GET.get("from", ""), _before(editions, after))
    context: dict[str, Any] = {"item": shown, "before": before, "after": after, "editions": list(editions.values()), "newest": after}
    if before is not None:
        found = compare(content_of(before), content_of(after))
        context |= {"compared": found, **_shown(found), "blanks": _blanks(before, after)}
    if after.status == Status.IN_REVIEW:
        context |= _moves(request.user, after) | _review_forms(bound) | {"form": bound}
    return render(request, "services/editing/compare.html", context, status=status)


def _blanks(before: Edition, after: Edition) -> list[dict[str, Any]]:
    """Forms that came, changed or went between two texts; one is known again by its title."""
    old, new = ({blank.title: blank for blank in edition.blanks.all()} for edition in (before, after))
    found = []
    for title in dict.fromkeys((*new, *old)):
        was, now = old.get(title), new.get(title)
        what = {name: was is not None and now is not None and getattr(was, name) != getattr(now, name) for name in _OF_A_BLANK}
        if was is None or now is None or any(what.values()):
            found.append({"title": title, "was": was, "is": now, "changed": [_OF_A_BLANK[name] for name in what if what[name]]})
    return found


_OF_A_BLANK = {"digest": gettext_lazy("file"), "material": gettext_lazy("material that it is"), "places": gettext_lazy("named places")}


def _newest(editions: dict[int, Edition]) -> Edition:
    live = [edition for edition in editions.values() if edition.status in (Status.DRAFT, Status.IN_REVIEW, Status.PUBLISHED)]
    return next(iter(live), next(iter(editions.values())))


def _before(editions: dict[int, Edition], after: Edition) -> Edition | None:
    """What the text is compared with by itself: the published one for a draft, otherwise the published one before it."""
    older = [edition for edition in editions.values() if edition.number < after.number and edition.status != Status.DISCARDED]
    return next((edition for edition in older if edition.status == Status.PUBLISHED), next(iter(older), None))


def _chosen(editions: dict[int, Edition], number: str, otherwise: Edition | None) -> Any:
    if not number:
        return otherwise
    if not (number.isascii() and number.isdigit() and len(number) < 7) or int(number) not in editions:
        raise Http404
    return editions[int(number)]


def _shown(found: Comparison) -> dict[str, Any]:
    """The comparison in words."""
    rows = [_change(change) for change in found.fields]
    if found.has_new_events:
        names = dict(LifeEvent.objects.values_list("code", "name"))
        before, after = ("、".join(names.get(code, code) for code in codes) for codes in (found.events_before, found.events_after))
        rows.append({"label": words.label("items", "life_events"), "before": before, "after": after})
    parts = [
        {
            "title": words.title(part.sheet.key),
            "rows": [
                {"row": row, "changes": [_change(change) for change in row.changes]} for row in part.rows if row.is_different
            ],
        }
        for part in found.parts
    ]
    titles = {"promised": _("Promised limit"), "legal": _("Legal limit")}
    limits = [{"label": titles[kind], "before": _say(pair[0]), "after": _say(pair[1])} for kind, pair in found.limits.items()]
    return {"fields": rows, "parts": parts, "limits": limits, "savings": _savings(found)}


def _change(change) -> dict[str, Any]:
    return {
        "label": words.label(change.sheet.key, change.column.key),
        "before": words.said(change.sheet, change.column, change.before),
        "after": words.said(change.sheet, change.column, change.after),
    }


def _say(limit: Limit) -> str:
    return say_limit(limit.value, limit.unit, limit.start) if limit.value else ""


def _savings(found: Comparison) -> list[str]:
    """Days, visits and materials saved, or added, in sentences; nothing where nothing moved."""
    said = [
        (found.days_saved, _("The promised limit becomes shorter by: %(n)s"), _("The promised limit becomes longer by: %(n)s")),
        (found.visits_saved, _("Visits saved: %(n)s"), _("Visits added: %(n)s")),
        (found.materials_saved, _("Materials no longer to bring: %(n)s"), _("Materials to bring in addition: %(n)s")),
    ]
    unit = found.limits["promised"][1].unit
    amounts = [say_amount(abs(found.days_saved), unit) if found.days_saved else "", found.visits_saved, found.materials_saved]
    return [
        (fewer if number > 0 else more) % {"n": abs(amount) if isinstance(amount, int) else amount}
        for (number, fewer, more), amount in zip(said, amounts, strict=True)
        if number
    ]
