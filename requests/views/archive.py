"""/desk/archive/: what waits for its volume, what is missing, boxes, the loans and their weekly review, the rules of the township."""

from datetime import datetime

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.db.models.functions import ExtractYear
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from officials.models import Office
from officials.permissions import HANDLE, HEAD, SUPERVISE, TAKE_IN, rights
from officials.privacy.text import has_forbidden
from officials.typesetting import SheetNotPrinted
from requests.archive import boxes, catalogue, lacks, lists, panel, papers, reviewing, rules, verbs
from requests.directory import directory
from requests.forms.archive import FillBoxForm, MoveBoxForm, NewBoxForm, ReviewForm, RulesForm
from requests.lifecycle import AlreadyHandled, Refused, refusal
from requests.models import ArchiveBox, LoanReview, ServiceRequest, Volume
from requests.permissions import Who, get_visible, is_who, sees_whole
from requests.reasons import say_date
from requests.views.demands import heads_centre, window_headed
from requests.views.refusing import refused_page

PER_PAGE = 50
PER_SCREEN = 20  # the work list: what one sitting can take
UNPROCESSABLE = 422
LABELS = {
    "waiting": lambda: _("Waiting to be archived"), "assembling": lambda: _("Being put together"),
    "missing": lambda: _("Something is missing"),
    "unboxed": lambda: _("Not in a box"), "unchecked": lambda: _("Not checked"), "closed": lambda: _("All closed volumes"),
}  # fmt: skip
LOAN_LABELS = {
    "out": lambda: _("On loan"), "overdue": lambda: _("Overdue"), "unreviewed": lambda: _("Not reviewed yet"),
    "all": lambda: _("Whole ledger"),
}  # fmt: skip


def _admit(user) -> None:
    if not rights(user).where(*lists.OPENS):
        raise PermissionDenied(_("The archive is kept by the windows and the offices that handle cases."))


def _switches(address: str, labels, counts: dict[str, int], which: str) -> list[dict]:
    return [
        {"url": f"{address}?which={name}", "label": label(), "count": counts[name], "current": name == which}
        for name, label in labels.items()
    ]


@never_cache
@require_safe
def room(request) -> HttpResponse:
    """The work lists; `?q=` looks for an archive number, a case number or a box."""
    _admit(request.user)
    now, user = timezone.now(), request.user
    words = request.GET.get("q", "")[:80].strip()
    words = "" if has_forbidden(words) else words
    which = request.GET.get("which", "") if request.GET.get("which") in LABELS else lists.WAITING
    item, year = request.GET.get("item", "")[:40], request.GET.get("year", "")[:4]
    item, year = "" if has_forbidden(item) else item, year if year.isascii() and year.isdigit() and int(year) else ""
    context = {
        "switches": _switches("/desk/archive/", LABELS, lists.counts(user), "" if words else which),
        "title": _("Found: %(words)s") % {"words": words} if words else LABELS[which](),
        "which": which, "q": words, "item": item, "year": year,
        "loans": lists.loan_counts(user, timezone.localdate(now)),
        "review_is_due": lists.is_review_due(user, now),
        "sets_rules": heads_centre(user),
    }  # fmt: skip
    if which == lists.WAITING and not words:
        waiting = lists.waiting(user)
        found = lists.narrowed(waiting, item, year).select_related("edition", "key", "office")
        page = Paginator(found, PER_SCREEN).get_page(request.GET.get("page"))
        rows = [{"case": case, "ended": say_date(timezone.localdate(case.ended_at)) if case.ended_at else ""} for case in page.object_list]
        context |= {"page_obj": page, "cases": rows, "items": _items(waiting), "years": _years(waiting)}
    else:
        volumes = lists.found(user, words) if words else lists.narrowed(lists.chosen(user, which), item, year, "service_request__")
        page = Paginator(volumes, PER_SCREEN).get_page(request.GET.get("page"))
        context |= {"page_obj": page, "volumes": [_row(one) for one in page.object_list]}
    return render(request, "requests/archive/room.html", context)


def _items(waiting) -> list[tuple[str, str, int]]:
    """Code, name and number of what waits, the most first."""
    names = directory().item_names
    found = waiting.order_by().exclude(item=None).values_list("item__code", "item_id").annotate(n=Count("pk")).order_by("-n", "item__code")
    return [(code, names.get(item_id, code), n) for code, item_id, n in found]


def _years(waiting) -> list[tuple[str, int]]:
    """The years in which what waits has ended, and how many each."""
    ended = waiting.order_by().exclude(ended_at=None).annotate(year=ExtractYear("ended_at"))
    return [(str(year), n) for year, n in ended.values_list("year").annotate(n=Count("pk")).order_by("year")]


def _row(volume: Volume) -> dict:
    case = volume.service_request
    return {"volume": volume, "case": case, "title": catalogue.title_of(case), "state": panel.state_of(volume)}


# -- one volume -------------------------------------------------------------------------------------------------


def _volume(request, number: str) -> tuple[ServiceRequest, Volume]:
    """The loader is the permission check; a case without a volume has no such page."""
    case = get_visible(request.user, number, "edition__category", "applicant", "village", "intake_office", "office__township")
    volume = Volume.objects.filter(service_request=case).select_related("box__office", "closed_by", "checked_by", "assembled_by").first()
    if volume is None:
        raise Http404
    return case, volume


@never_cache
@require_safe
def volume(request, number: str) -> HttpResponse:
    """卷内目录, what is missing, where it stands and who had it."""
    now = timezone.now()
    case, found = _volume(request, number)
    if not sees_whole(request.user, case):
        return refused_page(request, case)
    lines = catalogue.lines_of(found)
    listed = catalogue.shown(case, lines)
    said = verbs.words_of(case, found)
    context = {
        "case": case, "volume": found, "filed": panel.filed(case, request.user, now), "title": catalogue.title_of(case),
        "lines": [one for one in listed if one.supplement_id is None],
        "pages": papers.pages_of(lines),
        "supplements": papers.supplements_of(case, found, listed),
        "later": [one.title for one in catalogue.shown(case, [catalogue.as_line(one) for one in catalogue.not_listed(case, lines)])],
        "lacking": [] if found.is_closed or case.anonymised_at else lacks.of(case, lines),
        "said": said,
        "loans": lists.shown(found.loans.select_related("volume", "borrower", "lent_by", "review__by").order_by("-pk")[:20], now),
        "opens_box": found.box is not None and lists.boxes(request.user).filter(pk=found.box_id).exists(),
    }  # fmt: skip
    return render(request, "requests/archive/volume.html", context)


@never_cache
@require_safe
def volume_sheet(request, number: str) -> HttpResponse:
    """封面、卷内目录、备考表."""
    case, found = _volume(request, number)
    if not sees_whole(request.user, case):
        return refused_page(request, case)
    address = request.build_absolute_uri(f"{case.get_absolute_url()}volume/")
    return _pdf(request, lambda: papers.volume_pdf(case, found, address), f"volume-{case.number}", f"{case.get_absolute_url()}volume/")


def _pdf(request, make, name: str, back: str) -> HttpResponse:
    try:
        content = make()
    except SheetNotPrinted as trouble:
        messages.error(request, str(trouble))
        return redirect(back)
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


# -- boxes ------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def box_list(request) -> HttpResponse:
    """All boxes of my offices, and a new one."""
    _admit(request.user)
    now = timezone.now()
    offices = list(Office.objects.open().filter(pk__in=rights(request.user).where(TAKE_IN, HANDLE, HEAD)).select_related("township"))
    form = NewBoxForm(request.POST if request.method == "POST" else None, offices=offices, today=timezone.localdate(now))
    if request.method == "POST":
        if not offices:
            raise PermissionDenied(_("Boxes are made by the windows and offices whose files stand in them."))
        if form.is_valid():
            try:
                box = boxes.make_box(**form.said(), by=request.user, now=now)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Box %(number)s is made. Print its label and put the volumes in.") % {"number": box.number})
                return redirect(box)
    page = Paginator(lists.boxes(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "boxes": page.object_list, "form": form if offices else None}
    return render(request, "requests/archive/boxes.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _box(request, number: str) -> ArchiveBox:
    found = lists.boxes(request.user).filter(number=number).first()
    if found is None:
        raise Http404
    return found


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def box(request, number: str) -> HttpResponse:
    """What stands in it and where it stands; volumes that fit are ticked and put in."""
    found, now = _box(request, number), timezone.now()
    keeps = lists.keeps(request.user, found.office_id)
    if request.method == "POST" and not keeps:
        raise PermissionDenied(_("Boxes of %(office)s are kept by its own people.") % {"office": found.office})
    posted = request.POST if request.method == "POST" else None
    fill = FillBoxForm(posted if posted and posted.get("act") == "fill" else None, fitting=boxes.fitting(request.user, found))
    move = MoveBoxForm(
        posted if posted is not None and posted.get("act") != "fill" else None, initial={"room": found.room, "shelf": found.shelf}
    )
    if request.method == "POST":
        done = _fill(request, found, fill, now) if fill.is_bound else _move(request, found, move, now)
        if done:
            return redirect(found)
    seen = {one.pk: one for one in lists.volumes(request.user).filter(box=found)}
    inside = found.volumes.select_related("service_request").prefetch_related("lines").order_by("number")
    context = {
        "box": found, "keeps": keeps, "fill": fill, "move": move, "fits": bool(fill.fields["volumes"].queryset),
        "inside": [
            {"volume": one, "title": catalogue.title_of(seen[one.pk].service_request) if one.pk in seen else "", "may": one.pk in seen,
             "pages": papers.pages_of(one.lines.all())}
            for one in inside
        ],
        "form": fill if fill.is_bound else move,
    }  # fmt: skip
    return render(request, "requests/archive/box.html", context, status=UNPROCESSABLE if request.method == "POST" else 200)


def _fill(request, found: ArchiveBox, form: FillBoxForm, now: datetime) -> bool:
    if form.is_valid():
        try:
            count = boxes.fill_box(found, form.cleaned_data["volumes"], by=request.user, now=now)
        except Refused as refused:
            form.add_error("volumes", str(refused))
        else:
            messages.success(request, _("Volumes put into the box: %(n)s.") % {"n": count})
            return True
    return False


def _move(request, found: ArchiveBox, form: MoveBoxForm, now: datetime) -> bool:
    if form.is_valid():
        try:
            boxes.move_box(found, **form.cleaned_data, by=request.user, now=now)
        except Refused as refused:
            form.add_error("room", str(refused))
        else:
            messages.success(request, _("Its place is written down. Print the label again."))
            return True
    return False


@never_cache
@require_safe
def box_sheet(request, number: str) -> HttpResponse:
    """脊背标签、盒封面、盒内备考表."""
    found = _box(request, number)
    address = request.build_absolute_uri(found.get_absolute_url())
    seen = lists.volumes(request.user)
    return _pdf(request, lambda: papers.box_pdf(found, seen, address), f"box-{found.number}", found.get_absolute_url())


# -- loans ------------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def loans(request) -> HttpResponse:
    """借阅台账; the head of an office reviews on the same page what was lent since the last review."""
    _admit(request.user)
    user, now = request.user, timezone.now()
    today = timezone.localdate(now)
    reviews = bool(rights(user).where(HEAD, SUPERVISE))
    if request.method == "POST" and not reviews:
        raise PermissionDenied(_("The ledger is reviewed by heads and supervisors."))
    form = ReviewForm(request.POST if request.method == "POST" else None, waiting=lists.to_review(user)) if reviews else None
    if form is not None and form.is_bound and form.is_valid():
        try:
            review = reviewing.review_loans(**form.said(), by=user, now=now)
        except AlreadyHandled as overtaken:
            messages.error(request, str(overtaken))
            return redirect("/desk/archive/loans/")
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Reviewed: %(n)s loans.") % {"n": review.loans.count()})
            return redirect("/desk/archive/loans/")
    which = request.GET.get("which", "") if request.GET.get("which") in LOAN_LABELS else "out"
    page = Paginator(lists.chosen_loans(user, which, today), PER_PAGE).get_page(request.GET.get("page"))
    waiting = list(lists.to_review(user)) if reviews else []
    context = {
        "switches": _switches("/desk/archive/loans/", LOAN_LABELS, lists.loan_counts(user, today), which),
        "title": LOAN_LABELS[which](), "page_obj": page, "rows": [_loan(one, user) for one in lists.shown(page.object_list, now)],
        "form": form, "waiting": [_loan(one, user) for one in lists.shown(waiting, now)],
        "review_is_due": lists.is_review_due(user, now),
        "reviews": _reviews(user) if reviews else [],
    }  # fmt: skip
    return render(request, "requests/archive/loans.html", context, status=UNPROCESSABLE if form is not None and form.is_bound else 200)


def _loan(one: lists.Lent, user) -> dict:
    loan, case = one.loan, one.loan.volume.service_request
    returns = loan.is_out and is_who(user, Who.OFFICE if case.kind == ServiceRequest.Kind.MEDIATION else Who.DESK, case)
    recalls = loan.is_out and not loan.recalled_at and not refusal("recall_volume", case, user)
    return {
        "loan": loan, "recalls": recalls, "returns": returns,
        "late": one.late, "is_late": one.is_late, "case": case, "title": catalogue.title_of(case),
        "lent": say_date(timezone.localdate(loan.lent_at)), "due": say_date(loan.due_on),
        "reviewed": say_date(timezone.localdate(loan.review.at)) if loan.review else "",
        "returned": say_date(timezone.localdate(loan.returned_at)) if loan.returned_at else "",
    }  # fmt: skip


def _reviews(user) -> list[dict]:
    """The last reviews of loans this person may read."""
    mine = lists.loans(user).exclude(review=None).order_by().values("review_id")
    found = LoanReview.objects.filter(pk__in=mine).select_related("by").order_by("-pk")[:10]
    return [{"review": one, "on": say_date(timezone.localdate(one.at)), "opinion": reviewing.opinion_of(one)} for one in found]


# -- the rules --------------------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def archive_rules(request) -> HttpResponse:
    """Pattern, retention and loans, as the township sets them; closed volumes keep what they were given."""
    window, now = window_headed(request.user), timezone.now()
    form = RulesForm(request.POST if request.method == "POST" else None, township=window.township)
    if request.method == "POST" and form.is_valid():
        try:
            rules.set_rules(window, form.wanted(), form.by_category(), by=request.user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The rules of the archive are saved."))
            return redirect("/desk/archive/rules/")
    return render(request, "requests/archive/rules.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200)
