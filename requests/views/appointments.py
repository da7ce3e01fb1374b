"""/desk/appointments/: who comes today, whom to call, booking for a caller, the rules. Names are masked until asked for."""

from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials.audit import verb
from officials.models import AccessRecord, Office, User
from officials.permissions import TAKE_IN, rights
from requests import online, sending
from requests.forms.appointments import DeskBookingForm, RuleForm, weekday_choices
from requests.lifecycle import Refused
from requests.models import Appointment, AppointmentRule
from requests.outings import booking, hours
from requests.outings.slots import open_slots
from requests.permissions import visible
from requests.reasons import say_date, say_moment
from services.models import Edition

State = Appointment.State


def _offices(user: User) -> list[Office]:
    found = list(booking.offices_of(user).select_related("township"))
    if not found:
        raise PermissionDenied(_("Appointments are kept by the windows and the offices."))
    return found


def _day(text: str, today: date) -> date:
    try:
        return date.fromisoformat(text[:10]) if text.isascii() else today
    except ValueError:
        return today


@never_cache
@require_safe
def day_list(request: HttpRequest) -> HttpResponse:
    """One day of my offices; above it the people to be called because their day was closed."""
    _offices(request.user)
    now = timezone.now()
    today = timezone.localdate(now)
    on = _day(request.GET.get("on", ""), today)
    rows = [_row(one, request.user, now) for one in booking.on_day(request.user, on)]
    context = {
        "on": on,
        "day": say_date(on),
        "is_today": on == today,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1),
        "rows": rows,
        "elsewhere": booking.kept_by_others(request.user, on),
        "to_call": [_row(one, request.user, now) for one in booking.to_call(request.user, now)],
        "takes_in": rights(request.user).has(TAKE_IN),
        "keeps_rules": hours.offices_kept_by(request.user).exists(),
    }
    return render(request, "requests/appointments/list.html", context)


def _row(one: Appointment, user: User, now: datetime) -> dict:
    """A booking as lists show it; the case it became only to whom the case is visible."""
    case = one.service_request
    return {
        "booking": one,
        "time": f"{timezone.localtime(one.starts_at):%H:%M}",
        "when": say_moment(timezone.localtime(one.starts_at)),
        "who": booking.masked(one),
        "case": case if case and visible(user).filter(pk=case.pk).exists() else None,
        "item": _item_name(one),
        "is_open": one.state == State.BOOKED,
        "may_have_come": not booking.is_before(one, now, came=True),
        "may_be_missed": not booking.is_before(one, now, came=False),
        "has_case": case is not None,
        "case_url": _case_url(one),
    }


def _item_name(one: Appointment) -> str:
    if one.item_id is None:
        return ""
    return Edition.objects.published().filter(item_id=one.item_id).values_list("name", flat=True).first() or one.item.code


def _case_url(one: Appointment) -> str:
    """Straight to the page of the item, the person filled in; without an item to the finder."""
    where = f"/desk/new/{one.item.code}/" if one.item_id else "/desk/new/"
    return f"{where}?{urlencode({'booking': one.pk})}"


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Book for a caller. The answer shows number and code once, to be read out."""
    offices = _offices(request.user)
    now = timezone.now()
    office = _chosen(offices, request.GET.get("office", ""))
    context = {"offices": offices, "office": office}
    if office is None:
        return render(request, "requests/appointments/new.html", context)
    form = DeskBookingForm(
        request.POST or None, initial={"form_token": online.new_token()}, slots=open_slots(office, now), office=office,
        demo=settings.DEMO and office.township.is_demo,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        order = booking.Order(
            office, data["slot"], data["name"], data["phone"], data["channel"], data["form_token"], item=form.chosen_item()
        )
        try:
            booked = booking.book(order, by=request.user, now=now)
        except Refused as refused:
            form.add_error("slot", str(refused))
        else:
            return render(request, "requests/appointments/booked_desk.html", shown(booked))
    elif request.method == "POST" and (again := booking.booked_before(request.POST.get("form_token", "")[:40])):
        # Sent twice: its hour is not free any more, because it is this very booking.
        return redirect(f"/desk/appointments/{again.pk}/")
    return render(request, "requests/appointments/new.html", context | {"form": form}, status=422 if form.is_bound else 200)


def shown(booked: booking.Booked) -> dict:
    """Number, code, hour and place for the page after booking."""
    one = booked.appointment
    return {
        "booking": one,
        "secret": sending.in_two_halves(booked.secret),
        "when": say_moment(timezone.localtime(one.starts_at)),
        "where": place_of(one),
        "phone": one.office.phone or one.township.phone,
    }


def place_of(one: Appointment) -> str:
    if one.outing_id:
        place = one.outing.places.filter(village_id=one.office_id).first()
        return str(place or one.office)
    return " · ".join(filter(None, [one.office.name, one.office.address or one.township.address]))


def _chosen(offices: list[Office], code: str) -> Office | None:
    if not code:
        return None
    office = next((one for one in offices if one.code == code), None)
    if office is None:
        raise Http404
    return office


def _mine(request: HttpRequest, pk: str) -> Appointment:
    one = booking.bookings_of(request.user).select_related("township", "outing").filter(pk=int(pk)).first()
    if one is None:
        raise Http404
    return one


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: str) -> HttpResponse:
    """One booking. POST shows name and number in full; that is written down."""
    one = _mine(request, pk)
    context = _row(one, request.user, timezone.now()) | {"where": place_of(one), "office": one.office, "booked_at": _moment(one.booked_at)}
    if request.method == "POST":
        with verb("reveal", by=request.user, now=timezone.now(), subject=f"appointment:{one.pk}"):
            AccessRecord.objects.create(
                at=timezone.now(), by=request.user, what=AccessRecord.What.REVEAL, subject=f"appointment:{one.pk}", reason="call"
            )
        context["full"] = booking.person_of(one)
    return render(request, "requests/appointments/page.html", context)


def _moment(at: datetime) -> str:
    return say_moment(timezone.localtime(at))


@require_POST
def settle(request: HttpRequest, pk: str, word: str) -> HttpResponse:
    """Came, did not come, cancelled."""
    one, now = _mine(request, pk), timezone.now()
    try:
        if word == "cancel":
            booking.cancel(one, by=request.user, now=now)
        else:
            booking.note_came(one, word == "came", by=request.user, now=now)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Noted: %(number)s.") % {"number": one.number})
    return redirect(f"/desk/appointments/?on={timezone.localdate(one.starts_at)}")


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """The hours of the offices I keep: in force, ended, one more."""
    offices, now = hours.offices_kept_by(request.user), timezone.now()
    if not offices.exists():
        raise PermissionDenied(_("The hours of an office are kept by its head or supervisor."))
    form = RuleForm(request.POST or None, offices=offices)
    if request.method == "POST" and form.is_valid():
        try:
            hours.add_rule(**form.cleaned_data, by=request.user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. Its hours can be booked from now on."))
            return redirect("/desk/appointments/rules/")
    names = dict(weekday_choices())
    found = [{"rule": rule, "days": " ".join(names[day] for day in rule.weekdays)} for rule in hours.rules_of(offices, now)]
    context = {"form": form, "rules": found}
    return render(request, "requests/appointments/rules.html", context, status=422 if form.is_bound else 200)


@require_POST
def end_rule(request: HttpRequest, pk: str) -> HttpResponse:
    rule = AppointmentRule.objects.filter(pk=int(pk), office__in=hours.offices_kept_by(request.user)).select_related("office").first()
    if rule is None:
        raise Http404
    hours.end_rule(rule, by=request.user, now=timezone.now())
    messages.success(request, _("Ended. Bookings already made stand."))
    return redirect("/desk/appointments/rules/")
