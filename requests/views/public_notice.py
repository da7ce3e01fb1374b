"""/public-notices/: the web copies, by date alone. /desk/public-notices/: what to post, what to take down, what was objected to."""

from datetime import date, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, rights
from officials.typesetting import SheetNotPrinted
from requests.lifecycle import Refused
from requests.models import PublicNotice
from requests.panels import Panel
from requests.permissions import hangs_in
from requests.public_notice import before, lists, sheet, standing, verbs, village
from requests.reasons import say_date, say_span
from requests.season import verbs as season_verbs
from services.models import Edition
from services.saying import group_phone, say_amount

NO_INDEX = "noindex, nofollow, noarchive"


def _unkept(answer: HttpResponse) -> HttpResponse:
    """Not in a search engine, not in a cache: what has hung long enough is nowhere any more (公示期满自动下架)."""
    answer["X-Robots-Tag"] = NO_INDEX
    return answer


@login_not_required
@never_cache
@require_safe
def public_list(request) -> HttpResponse:
    """What was posted and whose days run today: village, item and days. Names are on the sheet of their village only."""
    today = timezone.localdate()
    found = [{"notice": notice, "when": _when(notice)} for notice in lists.up(today) if lists.rows(notice)]
    return _unkept(render(request, "requests/public_notice/public_list.html", {"rows": found}))


@login_not_required
@never_cache
@require_safe
def public_page(request, number: str) -> HttpResponse:
    """The sheet, as long as it hangs; after its last day a page that says so and nothing else (410)."""
    notice = PublicNotice.objects.filter(number=number).select_related("edition", "village", "office", "township").first()
    if notice is None or notice.posted_at is None or notice.first_on > timezone.localdate():
        raise Http404
    labels, rows = lists.table(notice) if notice.is_up(timezone.localdate()) else ([], [])
    if not rows:
        return _unkept(render(request, "requests/public_notice/over.html", {"notice": notice}, status=410))
    labelled = [list(zip(labels, row, strict=True)) for row in rows]
    return _unkept(render(request, "requests/public_notice/public_page.html", {"labels": labels, "rows": labelled} | _facts(notice)))


def _when(notice: PublicNotice) -> str:
    return say_span(notice.first_on, notice.last_on)


def _facts(notice: PublicNotice) -> dict:
    return {
        "notice": notice,
        "first": say_date(notice.first_on),
        "last": say_date(notice.last_on),
        "days": say_amount(notice.value, notice.unit),
        "phone": group_phone(notice.phone),
        "receiver": (notice.edition.public_notice.get("objection") or {}).get("receiver") or "",
        "counted": _how_counted(notice),
        "place": notice.office.address or notice.township.address or notice.township.centre_name,
        "hours": notice.office.hours or notice.township.hours,
        "office": notice.office,
    }


def _how_counted(notice: PublicNotice) -> list[str]:
    """Why the last day lies where it does: the day of posting is not counted, a last day that is a day off moves on (`days.span`)."""
    said = [_("The day it was posted, %(day)s, is not counted.") % {"day": say_date(notice.hang_on)}]
    meant = notice.hang_on + timedelta(days=notice.value)
    if notice.unit == Edition.Unit.CALENDAR_DAY and meant < notice.last_on:
        words = {"n": notice.value, "day": say_date(meant), "last": say_date(notice.last_on)}
        said.append(_("Day %(n)s, %(day)s, is a day off, so one can still object on %(last)s.") % words)
    return said


@never_cache
@require_safe
def desk_list(request) -> HttpResponse:
    if not rights(request.user).where(HANDLE, HEAD, SUPERVISE, INSPECT):
        raise PermissionDenied(_("Public notices are a matter of the office that handles the item."))
    mine, today = rights(request.user).where(HANDLE), timezone.localdate()
    tasks = lists.tasks(request.user, today)
    groups = [
        (_("To post"), "post", tasks.to_post, _("A sheet waits here from the moment a case is put on it.")),
        (_("To take down"), "down", tasks.to_take_down, _("After its last day a sheet stands here. The web copy has gone by itself.")),
        (_("Hanging"), "up", tasks.hanging, _("Sheets whose days run.")),
    ]
    context = {
        "groups": [
            {"title": title, "key": key, "empty": empty, "rows": [_row(one, mine) for one in found]}
            for title, key, found, empty in groups
        ],
        "objected": [{"case": line.service_request, "number": line.notice.number} for line in tasks.objected],
        "total": tasks.count,
    }
    return render(request, "requests/public_notice/desk_list.html", context)


def _row(notice: PublicNotice, mine: frozenset[int]) -> dict:
    return {
        "notice": notice, "when": _when(notice), "hang_on": say_date(notice.hang_on), "cases": notice.cases,
        "is_late": notice.posted_at is None and notice.hang_on < timezone.localdate(), "is_mine": notice.office_id in mine,
    }  # fmt: skip


def _mine(request, number: str) -> PublicNotice:
    notice = lists.at_hand(request.user).filter(number=number).first()
    if notice is None:
        raise Http404
    return notice


@never_cache
@require_safe
def sheet_pdf(request, number: str) -> HttpResponse:
    """The sheet for the board, with the place for the seal."""
    notice = _mine(request, number)
    try:
        content = sheet.notice_sheet(notice, address=request.build_absolute_uri(notice.get_absolute_url()))
    except SheetNotPrinted as trouble:
        messages.error(request, str(trouble))
        return redirect(_back(request, notice))
    headers = {"Content-Disposition": f'inline; filename="notice-{notice.number}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


@require_POST
def posted(request, number: str) -> HttpResponse:
    """From the list: posted today, or on the day that is said."""
    notice = _mine(request, number)
    if notice.batch_id:
        return _done(request, notice, lambda now: season_verbs.post_sheet(notice, by=request.user, now=now))
    line = notice.lines.exclude(service_request__status__in=verbs.GONE).select_related("service_request").first()
    if line is None:
        raise Http404
    said = request.POST.get("posted_on", "")[:10]
    try:
        day = date.fromisoformat(said) if said else None
    except ValueError:
        messages.error(request, _("Enter the day like 2026-11-02."))
        return redirect(_back(request, notice))
    return _done(request, notice, lambda now: verbs.note_posted(line.service_request, posted_on=day, by=request.user, now=now))


@require_POST
def down(request, number: str) -> HttpResponse:
    notice = _mine(request, number)
    return _done(request, notice, lambda now: verbs.take_down(notice, by=request.user, now=now))


def _done(request, notice: PublicNotice, deed) -> HttpResponse:
    if not rights(request.user).has(HANDLE, notice.office_id) and not hangs_in(request.user, notice.village_id):
        raise PermissionDenied(_("This belongs to: %(who)s.") % {"who": notice.office.name})
    try:
        deed(timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Noted: %(number)s.") % {"number": notice.number})
    return redirect(_back(request, notice))


def _back(request, notice: PublicNotice) -> str:
    """To the list it was done from: that of the office, or the room of the village agent."""
    is_of_office = notice.office_id in rights(request.user).where(HANDLE, HEAD, SUPERVISE, INSPECT)
    return "/desk/public-notices/" if is_of_office else "/desk/village/"


def panel(case, user, now) -> Panel | None:
    """What the page of a case says of its notice."""
    noticed, village_said = standing.of(case), _of_the_village(case)
    if not noticed.is_expected and not village_said and noticed.over is None:
        return None
    content = {"line": noticed.line, "objections": noticed.open_objections, "village": village_said, "why": noticed.why}
    content["is_expected"] = noticed.is_expected
    if noticed.over is not None:
        content["over"] = f"{_when(noticed.over.notice)} · {noticed.over.get_outcome_display()}"
    if noticed.line is not None:
        notice = noticed.line.notice
        content |= {"notice": notice, "when": _when(notice), "is_up": notice.is_up(timezone.localdate(now)), "counts": _counts(notice)}
        content["may_print"] = notice.office_id in rights(user).where(HANDLE, HEAD, SUPERVISE, INSPECT)
    return Panel("requests/public_notice/panel.html", content)


def _of_the_village(case) -> list[str]:
    """What hung in the village before acceptance: when, where, by whom, and what came of it; or that it is not on record yet."""
    if before.wanted(case) is None:
        return []
    row = before.newest(case)
    if row is None:
        return [_("not on record yet")]
    said = village.words_of(case, row)
    met = village.meeting_of(said)
    about = {"date": say_date(met.on), "present": met.present, "in_favour": met.in_favour, "result": met.result} if met else {}
    parts = (
        _("met on %(date)s, %(present)s came, %(in_favour)s for it: %(result)s") % about if met else "",
        say_span(row.hang_on, row.last_on), said.get("place"), said.get("by_whom"), str(row.get_outcome_display()),
    )  # fmt: skip
    return [part for part in parts if part]


def _counts(notice: PublicNotice) -> str:
    parts = [str(notice.get_counts_display()), notice.basis, _("assumed, no basis found") if notice.is_assumed else ""]
    return " · ".join(part for part in parts if part)
