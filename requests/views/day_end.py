"""/desk/day-end/: 日清与交接. The figures of a window's day, sums that agree, numbers that open their rows, two names."""

from datetime import date
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from officials.permissions import HEAD, TAKE_IN, rights
from officials.typesetting import SheetNotPrinted
from requests import day as reading
from requests import day_closing, day_sheet, worklist
from requests.day import Day
from requests.forms.counter import DayForm, HandOverForm
from requests.lifecycle import Refused
from requests.models import DayEnd
from requests.permissions import visible
from requests.reasons import say_date, say_moment
from requests.window_today import intake_office

PER_PAGE = 50
EARLIER = 10


def _filters(request) -> DayForm:
    """Office and day of the address; left out: my window, today."""
    offices = rights(request.user).where(TAKE_IN)
    if not offices:
        raise PermissionDenied(_("The day's end belongs to the people of this window."))
    today = timezone.localdate()
    asked = {
        "office": request.GET.get("office") or intake_office(request.user).code,
        "date": request.GET.get("date") or today.isoformat(),
    }
    return DayForm(asked, offices=offices, today=today)


@require_http_methods(["GET", "HEAD", "POST"])
def day_end(request) -> HttpResponse:
    """The day as it stands now; POST closes it with the second name."""
    now, filters = timezone.now(), _filters(request)
    if not filters.is_valid():
        return render(request, "requests/counter/day_end.html", {"form": filters, "filters": filters}, status=422)
    day = Day(filters.cleaned_data["office"], filters.cleaned_data["date"])
    newest = day_closing.latest(day)
    people = [person for person in day_closing.people_at(day.office) if person != request.user]
    sent = request.POST if request.method == "POST" else None
    form = HandOverForm(sent, people=people, initial={"latest": newest.pk if newest else None})
    if request.method == "POST" and form.is_valid():
        try:
            row = day_closing.close_day(
                day, taken_by=form.cleaned_data["taken_by"], seen=form.cleaned_data["latest"], by=request.user, now=now
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(f"/desk/day-end/{row.pk}/")
    return _page(request, day, filters, form, newest, now)


def _page(request, day: Day, filters: DayForm, form: HandOverForm, newest: DayEnd | None, now) -> HttpResponse:
    cells = reading.figures(day, now)
    if form.is_bound:
        form.data = form.data.copy()
        form.data["latest"] = newest.pk if newest else ""
    context = {
        "day": day,
        "day_words": say_date(day.date),
        "filters": filters,
        "form": form,
        "groups": day_sheet.groups(cells),
        "balances": day_sheet.balances(cells),
        "adds_up": not reading.disagreeing(cells),
        "address": _address(day),
        "newest": newest,
        "closed_at": say_moment(timezone.localtime(newest.at)) if newest else "",
        "earlier": _earlier(day),
        "has_second": bool(form.fields["taken_by"].queryset),
        "heads": bool(rights(request.user).where(HEAD)),
    }
    return render(request, "requests/counter/day_end.html", context, status=422 if form.is_bound else 200)


def _address(day: Day) -> str:
    return urlencode({"office": day.office.code, "date": day.date.isoformat()})


def _earlier(day: Day) -> list[dict]:
    """The days' ends of this window, newest first. Of several for one day the newest counts."""
    rows = DayEnd.objects.filter(office=day.office).select_related("handed_by", "taken_by").order_by("-date", "-pk")[:EARLIER]
    seen: set[date] = set()
    found = []
    for row in rows:
        found.append(
            {
                "pk": row.pk,
                "day": say_date(row.date),
                "names": f"{row.handed_by} → {row.taken_by}",
                "at": say_moment(timezone.localtime(row.at)),
                "is_corrected": row.date in seen,
            }
        )
        seen.add(row.date)
    return found


@require_safe
def listing(request) -> HttpResponse:
    """The rows behind one figure."""
    now, filters = timezone.now(), _filters(request)
    name = request.GET.get("which", "")
    if not filters.is_valid() or name not in day_sheet.LABELS:
        raise Http404
    day = Day(filters.cleaned_data["office"], filters.cleaned_data["date"])
    found = reading.listed(day, name, now)
    is_cases = not name.startswith(("slips_", "originals_"))
    if is_cases:
        found = found.filter(pk__in=visible(request.user).values("pk")).select_related("edition", "key", "holder", "office")
    elif name.startswith("slips_"):
        found = found.select_related("service_request", "printed_by")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = list(page.object_list)
    context = {
        "label": day_sheet.LABELS[name],
        "day": day,
        "day_words": say_date(day.date),
        "address": _address(day),
        "page_obj": page,
        "total": page.paginator.count,
        "rows": worklist.rows(request.user, rows, now) if is_cases else [],
        "lines": [] if is_cases else [_line(row) for row in rows],
    }
    return render(request, "requests/counter/day_list.html", context)


def _line(row) -> dict:
    """A slip or an original, with the case it belongs to."""
    line = day_closing.ListRow.of(row)
    case = row.service_request
    moment = row.at if hasattr(row, "material_id") else row.printed_at
    return {
        "number": line.number,
        "what": line.what,
        "when": say_moment(timezone.localtime(moment)),
        "url": case.get_absolute_url() if case else "",
        "case": case.number if case and case.number != line.number else "",
    }


def _frozen(request, pk: str) -> DayEnd:
    """The loader is the permission check: a day's end of a window where I take in."""
    row = (
        DayEnd.objects.filter(pk=int(pk), office_id__in=rights(request.user).where(TAKE_IN))
        .select_related("office__township", "handed_by", "taken_by", "by")
        .first()
    )
    if row is None:
        raise Http404
    return row


@require_safe
def frozen(request, pk: str) -> HttpResponse:
    """A closed day as it was signed."""
    row = _frozen(request, pk)
    cells = row.figures["cells"]
    newest = day_closing.latest(Day(row.office, row.date))
    context = {
        "row": row,
        "day_words": say_date(row.date),
        "at": say_moment(timezone.localtime(row.at)),
        "groups": day_sheet.groups(cells),
        "balances": day_sheet.balances(cells),
        "adds_up": not reading.disagreeing(cells),
        "lists": day_sheet.lists(row.figures),
        "corrected_by": newest if newest and newest.pk != row.pk else None,
        "address": _address(Day(row.office, row.date)),
    }
    return render(request, "requests/counter/day_closed.html", context)


@require_safe
def sheet(request, pk: str) -> HttpResponse:
    """The same as PDF, to be signed by two."""
    row = _frozen(request, pk)
    page_url = request.build_absolute_uri(f"/desk/day-end/{row.pk}/")
    try:
        content = day_sheet.pdf(row, page_url=page_url)
    except SheetNotPrinted as trouble:
        return HttpResponse(str(trouble), status=422, content_type="text/plain; charset=utf-8")
    disposition = f'inline; filename="day-end-{row.office.code}-{row.date}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})
