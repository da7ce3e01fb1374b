"""办不成事反映: from the page of a case, and from home with number and code. It never goes to who held the case."""

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from officials.permissions import TAKE_IN, rights
from requests import online, secrets_once, sending, throttle, tracking
from requests.demands import unsolved
from requests.forms.registering import ResidentUnsolvedForm, UnsolvedForm
from requests.intake import FormUsed
from requests.lifecycle import Refused
from requests.models import ServiceRequest
from requests.permissions import get_visible, sees_in_full, visible
from requests.views.refusing import refused_page
from requests.views.track import too_many
from requests.window_today import intake_office

UNPROCESSABLE, TOO_MANY = 422, 429
Channel = ServiceRequest.Channel


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def from_case(request, number) -> HttpResponse:
    """The window writes it down for the person of this case."""
    case, now = get_visible(request.user, number, "applicant"), timezone.now()
    if not sees_in_full(request.user, case) or not rights(request.user).has(TAKE_IN):
        return refused_page(request, case)
    office = intake_office(request.user)
    form = UnsolvedForm(
        request.POST if request.method == "POST" else None, initial={"form_token": uuid.uuid4().hex, "channel": Channel.WINDOW}
    )
    if request.method == "POST" and form.is_valid():
        try:
            received = unsolved.register_unsolved(case, window=office, by=request.user, now=now, **form.cleaned_data)
        except FormUsed as used:
            form.add_error(None, str(used))
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return _after(request, case, received)
    return render(request, "requests/demands/unsolved.html", {"case": case, "form": form}, status=UNPROCESSABLE if form.is_bound else 200)


def _after(request, case: ServiceRequest, received) -> HttpResponse:
    if received.secret:
        secrets_once.put(request, received.case.number, received.secret)
    messages.success(request, _("Registered: %(number)s. The head of the centre has it.") % {"number": received.case.number})
    knows = visible(request.user).filter(pk=received.case.pk).exists()
    return redirect(f"{received.case.get_absolute_url()}receipt/" if knows else case.get_absolute_url())


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def from_home(request: HttpRequest) -> HttpResponse:
    """Number and code prove whose case it is; wrong ones count like those of the tracking page."""
    now = timezone.now()
    form = ResidentUnsolvedForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    data, address = form.cleaned_data, throttle.address_of(request)
    try:
        found = tracking.look_up(data["number"], data["secret"], address=address, now=now)
    except tracking.TooManyAttempts:
        return too_many(request, now, "requests/demands/unsolved_home.html", form)
    if found is None:
        form.add_error(None, _("No case fits this number and this code. Compare both with the receipt, digit by digit, or call us."))
        return _form(request, form)
    case = ServiceRequest.objects.select_related("township", "office", "holder", "decided_by", "key", "applicant").get(pk=found.case.pk)
    try:
        # One token a case: sent again after a lost answer it is the same report, whatever else was changed on the page.
        token = online.token_of(f"unsolved:{case.pk}:{data['words']}")
        order = unsolved.order_of(case, words=data["words"], channel=Channel.ONLINE, form_token=token)
        sent = sending.send_once(order, address=address, now=now)
    except sending.TooManySent:
        form.add_error(None, sending.TOO_MANY_SENTENCE)
        return _form(request, form, TOO_MANY)
    except online.AlreadySent as error:
        return render(request, "requests/demands/already.html", {"number": error.case.number}, status=409)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, form)
    return render(request, "requests/demands/sent.html", sending.shown(sent, now) | {"phone": ""})


def _form(request: HttpRequest, form: ResidentUnsolvedForm, status: int = UNPROCESSABLE) -> HttpResponse:
    return render(request, "requests/demands/unsolved_home.html", {"form": form}, status=status if form.is_bound else 200)
