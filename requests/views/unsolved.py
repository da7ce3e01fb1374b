"""办不成事反映: from the page of a case, and from home with number and code. It never goes to who held the case."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from officials.models import Township
from officials.permissions import TAKE_IN, rights
from requests import online, secrets_once, sending, throttle, tracking
from requests.demands import unsolved
from requests.forms.registering import ResidentUnsolvedForm, UnsolvedForm
from requests.intake import FormUsed, Intake
from requests.lifecycle import Refused
from requests.models import ServiceRequest
from requests.permissions import get_visible, sees_in_full
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
            return _after(request, received)
    return render(request, "requests/demands/unsolved.html", {"case": case, "form": form}, status=UNPROCESSABLE if form.is_bound else 200)


def _after(request, received) -> HttpResponse:
    """Whoever wrote it down follows it, and hands over number and code."""
    number = received.case.number
    if received.secret:
        secrets_once.put(request, number, received.secret)
    messages.success(request, _("Registered: %(number)s. The head of the centre has it.") % {"number": number})
    return redirect(f"{received.case.get_absolute_url()}new-code/")


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def from_home(request: HttpRequest) -> HttpResponse:
    """Number and code prove whose case it is; wrong ones count like those of the tracking page. Without them a name is enough."""
    now, township = timezone.now(), online.township()
    if township is None:
        return render(request, "requests/demands/closed.html", status=UNPROCESSABLE if request.method == "POST" else 200)
    demo = settings.DEMO and township.is_demo
    form = ResidentUnsolvedForm(request.POST if request.method == "POST" else None, demo=demo)
    if request.method != "POST" or not form.is_valid():
        return _form(request, form)
    address = throttle.address_of(request)
    case = None
    if form.is_proven:
        try:
            found = tracking.look_up(form.cleaned_data["number"], form.cleaned_data["secret"], address=address, now=now)
        except tracking.TooManyAttempts:
            return too_many(request, now, "requests/demands/unsolved_home.html", form)
        if found is None:
            sentence = _(
                "No case fits this number and this code. Compare both with the receipt, digit by digit; or leave the code empty and "
                "write your name: then we look for the case."
            )
            form.add_error(None, sentence)
            return _form(request, form)
        related = ("township", "office", "holder", "decided_by", "key", "applicant")
        case = ServiceRequest.objects.select_related(*related).get(pk=found.case.pk)
    try:
        sent = sending.send_once(_order(form, case, township), address=address, now=now)
    except sending.TooManySent:
        form.add_error(None, sending.TOO_MANY_SENTENCE)
        return _form(request, form, TOO_MANY)
    except online.AlreadySent as error:
        return render(request, "requests/demands/already.html", {"number": error.case.number}, status=409)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _form(request, form)
    return render(request, "requests/demands/sent.html", sending.shown(sent, now) | {"phone": "", "is_looked_for": case is None})


def _order(form: ResidentUnsolvedForm, case: ServiceRequest | None, township: Township) -> Intake:
    """One token a report: sent again after a lost answer it is the same one, whatever else was changed on the page."""
    data = form.cleaned_data
    if case is not None:
        token = online.token_of(f"unsolved:{case.pk}:{data['words']}")
        return unsolved.order_of(case, words=data["words"], channel=Channel.ONLINE, form_token=token)
    person, number = form.person(), str(data["number"] or "")
    token = online.token_of(f"unsolved:{person.name}:{person.phone}:{number}:{data['words']}")
    return unsolved.order_without_case(
        township, words=data["words"], person=person, number=number, channel=Channel.ONLINE, form_token=token
    )


def _form(request: HttpRequest, form: ResidentUnsolvedForm, status: int = UNPROCESSABLE) -> HttpResponse:
    return render(request, "requests/demands/unsolved_home.html", {"form": form}, status=status if form.is_bound else 200)
