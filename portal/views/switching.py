"""/accounts/switch/ and /accounts/pin/: one counter PC, several clerks (domain 16.1)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from officials.models import AccessRecord
from portal import pins, sign_in
from portal.forms import PinForm, SwitchForm
from requests import held_forms
from requests.reasons import say_moment

FORM_METHODS = ["GET", "HEAD", "POST"]


@sensitive_post_parameters("pin")
@require_http_methods(FORM_METHODS)
def switch(request) -> HttpResponse:
    """Choose a colleague of this desk, type the PIN, go on in that person's name."""
    now, target = timezone.now(), sign_in.safe_next(request)
    desk = sign_in.desk_of(request, now)
    people = sign_in.colleagues(desk, request.user) if desk else []
    ready = [person for person in people if person.pin]
    form = SwitchForm(request.POST if request.method == "POST" else None, people=ready)
    if form.is_bound and form.is_valid():
        person = form.people[form.cleaned_data["person"]]
        if _fits(request, form, person, now):
            sign_in.change_person(request, person, now)
            return redirect(_next_page(person, target))
    context = {
        "form": form,
        "next": target,
        "desk": desk,
        "ready": ready,
        "without_pin": [p for p in people if not p.pin],
        "has_pin": bool(request.user.pin),
    }
    return render(request, "portal/accounts/switch.html", context, status=422 if form.is_bound else 200)


def _fits(request, form: SwitchForm, person, now) -> bool:
    try:
        if pins.is_right(person, form.cleaned_data["pin"], now):
            return True
        form.add_error("pin", _("This is not the PIN of %(name)s. After five wrong ones it is off for 15 minutes.") % {"name": person.name})
    except pins.PinOff as off:
        until = say_moment(timezone.localtime(off.until))
        form.add_error(
            "pin",
            _("The PIN of %(name)s is off until %(until)s. The password works: sign out and sign in.")
            % {"name": person.name, "until": until},
        )
    sign_in.record(AccessRecord.What.REFUSED, by=request.user, now=now, reason="PIN", subject=f"user:{person.pk}")
    return False


def _next_page(person, target: str) -> str:
    """Half-filled forms come first, when nobody asked for a certain page."""
    if target in ("", "/desk/") and held_forms.waiting_for(person):
        return "/desk/held/"
    return target or sign_in.landing(person)


@sensitive_post_parameters()
@require_http_methods(FORM_METHODS)
def pin(request) -> HttpResponse:
    """One's own PIN; the password is asked, because the desk may have been left open."""
    form = PinForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        pins.set_pin(request.user, form.cleaned_data["pin"], now=timezone.now())
        messages.success(request, _("Your PIN is set. With it you take over a desk of your office."))
        return redirect(sign_in.landing(request.user))
    return render(
        request, "portal/accounts/pin.html", {"form": form, "has_pin": bool(request.user.pin)}, status=422 if form.is_bound else 200
    )
