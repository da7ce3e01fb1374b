"""/desk/slips/: paper slips for the hour without power. Printed blank, entered, spoilt: every one accounted for."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from officials.audit import together
from officials.models import Office, User
from officials.permissions import TAKE_IN, rights
from officials.typesetting import SheetNotPrinted
from requests import intake, receipts
from requests.forms.counter import PrintSlipsForm, SpoilSlipForm
from requests.lifecycle import Refused
from requests.models import Slip
from requests.printing import sheets
from requests.printing.contracts import SlipsData
from requests.reasons import say_moment
from requests.window_today import intake_office

PER_PAGE = 50
State = Slip.State


@require_http_methods(["GET", "HEAD", "POST"])
def slips(request) -> HttpResponse:
    """The list with its sums; POST prints new blank ones."""
    office, now = intake_office(request.user), timezone.now()
    form = PrintSlipsForm(request.POST if request.method == "POST" else None, initial={"newest": _newest(office)})
    if request.method == "POST" and form.is_valid():
        try:
            printed = _print(office, form, by=request.user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Slips with new numbers: %(n)s. Print them now.") % {"n": len(printed)})
            return redirect(f"/desk/slips/?batch={printed[0].number}")
    return _page(request, office, form)


def _newest(office: Office) -> str:
    newest = Slip.objects.filter(office=office).order_by("-pk").first()
    return newest.number if newest else ""


def _print(office: Office, form: PrintSlipsForm, *, by: User, now) -> list[Slip]:
    """New numbers, once: a page that does not know the newest slip of this window was sent twice."""
    with together():
        Office.objects.select_for_update(no_key=True).get(pk=office.pk)
        if form.cleaned_data["newest"] != _newest(office):
            raise Refused(_("Slips were printed here meanwhile. Look at the list before you print more."))
        return intake.print_slips(office, form.cleaned_data["count"], by=by, now=now)


def _page(request, office: Office, form: PrintSlipsForm) -> HttpResponse:
    mine = Slip.objects.filter(office=office)
    state = request.GET.get("state", "")
    listed = mine.filter(state=state) if state in State.values else mine
    page = Paginator(listed.select_related("service_request", "printed_by", "settled_by").order_by("-number"), PER_PAGE)
    if form.is_bound:
        form.data = form.data.copy()
        form.data["newest"] = _newest(office)
    context = {
        "office": office,
        "form": form,
        "sums": sums(office),
        "state": State(state).label if state in State.values else "",
        "page_obj": page.get_page(request.GET.get("page")),
        "batch": _batch(request, request.GET.get("batch", "")),
    }
    context["rows"] = [_row(slip) for slip in context["page_obj"].object_list]
    return render(request, "requests/counter/slips.html", context, status=422 if form.is_bound else 200)


def sums(office: Office) -> dict[str, int]:
    """printed = blank + entered + spoilt, counted one by one."""
    counted = Slip.objects.filter(office=office).aggregate(
        printed=Count("pk"), **{state: Count("pk", filter=Q(state=state)) for state in State.values}
    )
    return counted | {"agrees": counted["printed"] == sum(counted[state] for state in State.values)}


def _row(slip: Slip) -> dict:
    return {
        "number": slip.number,
        "state": slip.get_state_display(),
        "is_blank": slip.state == State.BLANK,
        "printed": f"{say_moment(timezone.localtime(slip.printed_at))} · {slip.printed_by}",
        "settled": f"{say_moment(timezone.localtime(slip.settled_at))} · {slip.settled_by}" if slip.settled_at else "",
        "case": slip.service_request,
        "reason": slip.get_spoilt_reason_display(),
    }


def _batch(request, number: str) -> list[Slip]:
    """The slips that were printed together with this one and are still blank."""
    first = _mine(request).filter(number=number[:40]).first() if number else None
    if first is None:
        return []
    together_with = {"office": first.office, "printed_at": first.printed_at, "printed_by": first.printed_by}
    return list(_mine(request).filter(state=State.BLANK, **together_with).order_by("number"))


def _mine(request):
    return Slip.objects.filter(office_id__in=rights(request.user).where(TAKE_IN)).select_related("office__township")


@require_safe
def batch_pdf(request, number: str) -> HttpResponse:
    """The blank slips of one printing as PDF; a used or spoilt one is never printed again."""
    blank = _batch(request, number)
    if not blank:
        raise Http404
    data = SlipsData(
        head=receipts.letterhead_of(blank[0].office),
        numbers=tuple(slip.number for slip in blank),
        printed_on=timezone.localdate(blank[0].printed_at),
        track_url=request.build_absolute_uri("/track/"),
    )
    try:
        content = sheets.paper_slips(data)
    except SheetNotPrinted as trouble:
        messages.error(request, str(trouble))
        return redirect("/desk/slips/")
    disposition = f'inline; filename="slips-{blank[0].number}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition, "Cache-Control": "no-store"})


@require_http_methods(["GET", "HEAD", "POST"])
def spoil(request, number: str) -> HttpResponse:
    """A spoilt slip keeps its number and says why."""
    slip = _mine(request).filter(number=number).first()
    if slip is None:
        raise Http404
    form = SpoilSlipForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            intake.spoil_slip(slip, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Slip %(number)s is spoilt; its number stays.") % {"number": slip.number})
            return redirect("/desk/slips/")
    status = 422 if form.is_bound else 200 if slip.state == State.BLANK else 409
    context = {"form": form, "slip": slip, "is_blank": slip.state == State.BLANK}
    return render(request, "requests/counter/spoil.html", context, status=status)
