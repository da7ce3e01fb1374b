"""/appointments/: book an hour or cancel it without an account. One form is one booking; number and code are shown once."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from officials import numbers
from officials.models import Office, User
from requests import applying, online, sending, throttle
from requests.applying import NotOurs
from requests.forms.appointments import BookingForm, CancelForm
from requests.lifecycle import Refused
from requests.models import Appointment, ServiceRequest
from requests.outings import booking
from requests.outings.slots import is_bookable, open_slots
from requests.reasons import say_moment
from requests.views.appointments import shown

UNPROCESSABLE, TOO_MANY = 422, 429
PAGE = "appointments"


@login_not_required
@never_cache
@require_safe
def offices(request: HttpRequest) -> HttpResponse:
    """Offices and villages that give appointments."""
    found = [office for office in Office.objects.open().exclude(kind=Office.Kind.COUNTY) if is_bookable(office)]
    return render(request, "requests/appointments/offices.html", {"offices": found})


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    office = Office.objects.open().exclude(kind=Office.Kind.COUNTY).filter(code=code).select_related("township").first()
    if office is None:
        raise Http404
    slots, demo = open_slots(office, now), settings.DEMO and office.township.is_demo
    if request.method != "POST":
        return _page(request, BookingForm(slots=slots, office=office, demo=demo), office, online.new_token(), now)
    try:
        token, begun_at, _content = applying.unseal(request.POST.get("state", ""), PAGE, office.code, now)
    except NotOurs:
        form = BookingForm(request.POST, slots=slots, office=office, demo=demo)
        form.add_error(None, _("This page was open too long. Nothing was sent yet: look through it once more and send it again."))
        return _page(request, form, office, online.new_token(), now, status=UNPROCESSABLE)
    return _send(request, office, BookingForm(request.POST, slots=slots, office=office, demo=demo), token, begun_at, now)


def _send(request: HttpRequest, office: Office, form: BookingForm, token: str, begun_at: datetime, now: datetime) -> HttpResponse:
    before = booking.booked_before(token)
    if before is None and not form.is_valid():
        return _page(request, form, office, token, begun_at, status=UNPROCESSABLE)
    if before is None and not throttle.let_in(throttle.address_of(request), now):
        form.add_error(None, sending.TOO_MANY_SENTENCE)
        return _page(request, form, office, token, begun_at, status=TOO_MANY)
    try:
        booked = booking.book(_order(office, form, token, before), by=User.objects.job("online"), now=now)
    except Refused as refused:
        form.add_error("slot", str(refused))
        return _page(request, form, office, token, begun_at, status=UNPROCESSABLE)
    return render(request, "requests/appointments/booked.html", shown(booked))


def _order(office: Office, form: BookingForm, token: str, before: Appointment | None) -> booking.Order:
    """What is booked; of a form that was sent before only its token matters."""
    if before is not None:
        return booking.Order(office, before.starts_at, "", "", before.channel, token)
    data = form.cleaned_data
    online_channel = ServiceRequest.Channel.ONLINE
    return booking.Order(office, data["slot"], data["name"], data["phone"], online_channel, token, item=form.chosen_item())


def _page(request: HttpRequest, form: BookingForm, office: Office, token: str, begun_at: datetime, *, status: int = 200) -> HttpResponse:
    state = applying.seal(PAGE, office.code, token, begun_at, {})
    context = {"form": form, "office": office, "state": state, "has_free": any(slot.free for slot in form.slots)}
    return render(request, "requests/appointments/form.html", context, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest) -> HttpResponse:
    """With number and code. A wrong pair, a number that is none and a settled booking get the same sentence."""
    now = timezone.now()
    form = CancelForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "requests/appointments/cancel.html", {"form": form}, status=UNPROCESSABLE if form.is_bound else 200)
    number: numbers.Number = form.cleaned_data["number"]
    subjects = [(throttle.TRACK_NUMBER, str(number)), (throttle.TRACK_ADDRESS, throttle.address_of(request))]
    if throttle.is_over(subjects, now):
        form.add_error(None, _("Too many wrong codes. Try again in a quarter of an hour, or call us."))
        return render(request, "requests/appointments/cancel.html", {"form": form}, status=TOO_MANY)
    found = booking.by_number(number, form.cleaned_data["secret"])
    try:
        if found is None:
            throttle.charge(subjects, now)
            raise Refused(_("No open booking fits this number and this code. Compare both, digit by digit, or call us."))
        booking.cancel(found, by=User.objects.job("online"), now=now)
    except Refused as refused:
        form.add_error(None, str(refused))
        return render(request, "requests/appointments/cancel.html", {"form": form}, status=UNPROCESSABLE)
    when = say_moment(timezone.localtime(found.starts_at))
    return render(request, "requests/appointments/cancelled.html", {"booking": found, "when": when})
