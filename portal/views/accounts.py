"""/accounts/: signing in and out, one's own password. The PIN is in `switching`, the code of the phone in `second_factor`."""

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from officials.models import AccessRecord
from portal import pins, sign_in
from portal.forms import PasswordForm, SignInForm
from requests.held_forms import names_held_form
from requests.reasons import say_moment

FORM_METHODS = ["GET", "HEAD", "POST"]


@sensitive_post_parameters("password")
@login_not_required
@require_http_methods(FORM_METHODS)
def enter(request) -> HttpResponse:
    """Name and password; then the page that was wanted, or the first room of the person."""
    target = sign_in.safe_next(request)
    if request.user.is_authenticated:
        return redirect(target or sign_in.landing(request.user))
    if request.method == "POST":
        return _try(request, SignInForm(request.POST), target)
    return _form_page(request, SignInForm(), target)


def _try(request, form: SignInForm, target: str) -> HttpResponse:
    now = timezone.now()
    if not form.is_valid():
        return _form_page(request, form, target, 422)
    user = authenticate(request, username=form.cleaned_data["username"], password=form.cleaned_data["password"])
    if user is None or user.is_job:
        # One sentence for every cause, so that nobody learns which names exist.
        form.add_error(None, _("Name and password do not fit. Check the capital letters and try again."))
        return _form_page(request, form, target, 422)
    if sign_in.needs_second_factor(user):
        login(request, user)
        return redirect("/accounts/code/" + (f"?{urlencode({'next': target})}" if target else ""))
    sign_in.enter(request, user, now)
    return redirect(target or sign_in.landing(user))


def _form_page(request, form: SignInForm, target: str, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": target, "has_held_form": names_held_form(target)}
    return render(request, "portal/accounts/sign_in.html", context, status=status)


def locked(request, response=None, credentials=None) -> HttpResponse:
    """Answer of django-axes after too many wrong passwords: until when, and whom to call."""
    username = str((credentials or {}).get("username", ""))[:255]
    until = sign_in.locked_until(username, request)
    page = render(request, "portal/accounts/locked.html", {"until": say_moment(timezone.localtime(until))}, status=429)
    page["Retry-After"] = str(max(1, int((until - timezone.now()).total_seconds())))
    return page


@login_not_required
@require_POST
def leave(request) -> HttpResponse:
    """Out, with everything this session knew. Also the way back for somebody half signed in."""
    if request.user.is_authenticated:
        sign_in.record(AccessRecord.What.SIGN_OUT, by=request.user, now=timezone.now())
    logout(request)
    return redirect("/accounts/login/")


@sensitive_post_parameters()
@require_http_methods(FORM_METHODS)
def password(request) -> HttpResponse:
    """One's own password; every other session of the person ends with it."""
    form = PasswordForm(request.POST if request.method == "POST" else None, request=request)
    if form.is_bound and form.is_valid():
        person = pins.set_password(request.user, form.cleaned_data["new_password"], now=timezone.now())
        update_session_auth_hash(request, person)
        messages.success(request, _("Your password was changed. Wherever else you were signed in, you are signed out."))
        return redirect(sign_in.landing(person))
    return render(request, "portal/accounts/password.html", {"form": form}, status=422 if form.is_bound else 200)


@login_not_required
@require_http_methods(FORM_METHODS)
def administration(request) -> HttpResponse:
    """/admin/login/: one sign-in page for all. Who is signed in and comes here has no right in the administration."""
    if request.user.is_authenticated and not request.user.is_staff:
        raise PermissionDenied(_("The administration is open to administrators only."))
    target = sign_in.safe_next(request) or "/admin/"
    target = "/admin/" if target.startswith("/admin/log") else target
    if request.user.is_authenticated:
        return HttpResponseRedirect(target)
    return HttpResponseRedirect("/accounts/login/?" + urlencode({"next": target}))
