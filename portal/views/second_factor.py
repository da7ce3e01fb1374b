"""/accounts/code/: the six digits of the phone, and setting the phone up at the first sign-in.

Until the code is right the person is nobody (`portal.sign_in.SignInMiddleware`), so these pages alone look at
`request.half_signed_in`.
"""

import io

import segno
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from django_otp import login as verify_session
from django_otp.plugins.otp_totp.models import TOTPDevice

from portal import sign_in
from portal.forms import CodeForm

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_not_required
@require_http_methods(FORM_METHODS)
def code(request) -> HttpResponse:
    """The code of a phone that is set up; without one, to the setting up."""
    user, target = request.half_signed_in, sign_in.safe_next(request)
    if user is None:
        return _not_half_way(request, target)
    device = TOTPDevice.objects.filter(user=user, confirmed=True).first()
    if device is None:
        return redirect("/accounts/code/setup/" + _query(target))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _is_right(form, device):
        return _go_in(request, user, device, target)
    return render(
        request, "portal/accounts/code.html", {"form": form, "next": target, "person": user}, status=422 if form.is_bound else 200
    )


@login_not_required
@require_http_methods(FORM_METHODS)
def set_up(request) -> HttpResponse:
    """The first phone of a person. Who has one cannot add another here: the administrator resets it."""
    user, target = request.half_signed_in, sign_in.safe_next(request)
    if user is None:
        return _not_half_way(request, target)
    if TOTPDevice.objects.filter(user=user, confirmed=True).exists():
        return redirect("/accounts/code/" + _query(target))
    if request.method != "POST":
        device, _new = TOTPDevice.objects.get_or_create(user=user, confirmed=False, defaults={"name": "phone"})
        return _set_up_page(request, CodeForm(), device, target)
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    if device is None:
        return redirect("/accounts/code/setup/" + _query(target))
    form = CodeForm(request.POST)
    if form.is_valid() and _is_right(form, device, confirm=True):
        return _go_in(request, user, device, target)
    return _set_up_page(request, form, device, target, 422)


def _set_up_page(request, form: CodeForm, device: TOTPDevice, target: str, status: int = 200) -> HttpResponse:
    picture = io.BytesIO()
    segno.make(device.config_url, micro=False).save(
        picture, kind="svg", scale=5, border=4, dark="#000", light="#fff", xmldecl=False, svgns=False, nl=False
    )
    secret = device.config_url.partition("secret=")[2].partition("&")[0]
    context = {
        "form": form,
        "next": target,
        "person": request.half_signed_in,
        "picture": mark_safe(picture.getvalue().decode()),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }
    return render(request, "portal/accounts/code_setup.html", context, status=status)


def _is_right(form: CodeForm, device: TOTPDevice, *, confirm: bool = False) -> bool:
    """Each code once, also in parallel: the row is locked while it is compared. Wrong codes slow the next try down."""
    with transaction.atomic():
        row = TOTPDevice.objects.select_for_update().get(pk=device.pk)
        allowed, _why = row.verify_is_allowed()
        right = allowed and row.verify_token(form.cleaned_data["code"])
        if right and confirm:
            row.confirmed = True
            row.save()
    if right:
        return True
    if allowed:
        form.add_error("code", _("This code is not right, or was used before. Wait for the next one and type it."))
    else:
        form.add_error("code", _("Too many wrong codes. Wait a minute and type the next one."))
    return False


def _go_in(request, user, device: TOTPDevice, target: str) -> HttpResponse:
    """From nobody to somebody: a new session id, the device noted in it, the sign-in recorded."""
    sign_in.record(sign_in.What.SIGN_IN, by=user, now=timezone.now())
    request.user = user
    request.session.cycle_key()
    verify_session(request, device)
    sign_in.open_desk(request, user, timezone.now())
    return redirect(target or sign_in.landing(user))


def _not_half_way(request, target: str) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(target or sign_in.landing(request.user))
    return redirect("/accounts/login/" + _query(target))


def _query(target: str) -> str:
    return "?" + urlencode({"next": target}) if target else ""
