"""/home-visit/: ask to be visited. /desk/home-visits/: what was asked, planned with two people, told, done."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials.audit import verb
from officials.models import AccessRecord, User
from officials.typesetting import SheetNotPrinted
from requests import applying, deadlines, online, sending, throttle
from requests.applying import NotOurs
from requests.forms.home_visits import DeskWishForm, PlanForm, WishForm
from requests.forms.reveal import in_the_log
from requests.lifecycle import Refused
from requests.models import HomeVisit, ServiceRequest
from requests.outings import home, home_sheet
from requests.permissions import visible
from requests.reasons import say_date
from requests.views.appointments import _offices as offices_or_refuse
from requests.window_today import intake_office

UNPROCESSABLE, TOO_MANY = 422, 429
PAGE = "home-visit"


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest) -> HttpResponse:
    """Without an account. One form is one wish."""
    township, now = online.township(), timezone.now()
    office = online.reception_of(township) if township else None
    if office is None:
        raise Http404
    if request.method != "POST":
        return _public(request, WishForm(township=township), online.new_token(), now)
    form = WishForm(request.POST, township=township)
    try:
        token, begun_at, _content = applying.unseal(request.POST.get("state", ""), PAGE, "", now)
    except NotOurs:
        form.add_error(None, _("This page was open too long. Nothing was sent yet: look through it once more and send it again."))
        return _public(request, form, online.new_token(), now, UNPROCESSABLE)
    known = HomeVisit.objects.filter(form_token=token).first()
    if known is None and not form.is_valid():
        return _public(request, form, token, begun_at, UNPROCESSABLE)
    if known is None and not throttle.let_in(throttle.address_of(request), now):
        form.add_error(None, sending.TOO_MANY_SENTENCE)
        return _public(request, form, token, begun_at, TOO_MANY)
    if known is None:
        asked = home.Wish(office, channel=ServiceRequest.Channel.ONLINE, form_token=token, **form.cleaned_data)
        known = home.ask(asked, by=User.objects.job("online"), now=now)
    call_by = say_date(deadlines.call_back_by(known.township, known.asked_at))
    return render(request, "requests/home/sent.html", {"visit": known, "call_by": call_by})


def _public(request: HttpRequest, form: WishForm, token: str, begun_at, status: int = 200) -> HttpResponse:
    state = applying.seal(PAGE, "", token, begun_at, {})
    return render(request, "requests/home/form.html", {"form": form, "state": state}, status=status)


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Without a date, to be told, planned; what is over behind them."""
    offices_or_refuse(request.user)
    found = home.visits_of(request.user)
    groups = [
        (_("Without a date"), [_row(one) for one in found.filter(state=HomeVisit.State.ASKED).order_by("id")]),
        (_("Date arranged"), [_row(one) for one in found.filter(state=HomeVisit.State.PLANNED).order_by("outing__date")]),
        (_("Past"), [_row(one) for one in found.filter(state__in=HomeVisit.ENDED)[:50]]),
    ]
    return render(request, "requests/home/list.html", {"groups": groups})


def _row(one: HomeVisit) -> dict:
    return {"visit": one, "who": home.masked(one), "date": say_date(one.outing.date) if one.outing_id else ""}


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Somebody calls, or a relative stands at the window."""
    office, now = intake_office(request.user), timezone.now()
    form = DeskWishForm(request.POST or None, initial={"form_token": online.new_token()}, township=office.township)
    if request.method == "POST" and form.is_valid():
        asked = home.Wish(office, channel=ServiceRequest.Channel.PHONE, **form.cleaned_data)
        return redirect(home.ask(asked, by=request.user, now=now).get_absolute_url())
    return render(request, "requests/home/new.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200)


def _get(request: HttpRequest, pk: str) -> HomeVisit:
    one = home.visits_of(request.user).filter(pk=int(pk)).first()
    if one is None:
        raise Http404
    return one


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """One visit; POST plans it."""
    one = _get(request, pk)
    form = PlanForm(request.POST or None, visit=one)
    if request.method == "POST" and form.is_valid():
        try:
            home.plan(one, **form.said(), by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error("chosen", str(refused))
        else:
            messages.success(request, _("Planned. Tell the person the date now."))
            return redirect(one.get_absolute_url())
    return _page(request, one, form)


def _page(request: HttpRequest, one: HomeVisit, form: PlanForm, said: dict[str, str] | None = None) -> HttpResponse:
    """`said`: name, phone, address, reason and wish in full, where somebody asked for them."""
    taken = visible(request.user).filter(outing_case__outing=one.outing) if one.outing_id else ServiceRequest.objects.none()
    context = _row(one) | {
        "form": form,
        "people": form.standing,
        "said": said,
        "is_open": one.state not in HomeVisit.ENDED,
        "has_come": one.outing_id is not None and one.outing.date <= timezone.localdate(),
        "cases": taken,
    }
    return render(request, "requests/home/page.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@never_cache
@require_POST
def in_full(request: HttpRequest, pk: str) -> HttpResponse:
    """Whom we visit, where and why, for those who arrange it and those who are sent; that they looked is written down."""
    one, now = _get(request, pk), timezone.now()
    subject, reason = f"home-visit:{one.pk}", in_the_log("visit")
    with verb("reveal", by=request.user, now=now, subject=subject, reason=reason):
        AccessRecord.objects.create(at=now, by=request.user, what=AccessRecord.What.REVEAL, subject=subject, reason=reason)
    said = home.said_by(one)
    reasons = dict(HomeVisit.Reason.choices)
    return _page(request, one, PlanForm(visit=one), said | {"reason": reasons.get(said.get("reason", ""), "")})


@require_POST
def step(request: HttpRequest, pk: str, word: str) -> HttpResponse:
    """Told; done; nobody met; no longer needed."""
    one, now = _get(request, pk), timezone.now()
    try:
        if word == "told":
            home.note_told(one, by=request.user, now=now)
        else:
            home.end(one, state=word.replace("-", "_"), by=request.user, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Noted: %(number)s.") % {"number": one.number})
    return redirect(one.get_absolute_url())


@require_POST
def sheet(request: HttpRequest, pk: str) -> HttpResponse:
    """The sheet the two people carry: name, address and phone in full, so that printing it is written down."""
    one, now = _get(request, pk), timezone.now()
    if one.outing_id is None:
        messages.error(request, _("There is no date yet to be told."))
        return redirect(one.get_absolute_url())
    try:
        content = home_sheet.sheet(one, address=request.build_absolute_uri(one.get_absolute_url()))
    except SheetNotPrinted as trouble:
        messages.error(request, str(trouble))
        return redirect(one.get_absolute_url())
    with verb("print_home_visit", by=request.user, now=now, subject=f"home-visit:{one.pk}"):
        AccessRecord.objects.create(at=now, by=request.user, what=AccessRecord.What.PRINT, subject=f"home-visit:{one.pk}")
    headers = {"Content-Disposition": f'inline; filename="home-visit-{one.number}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
