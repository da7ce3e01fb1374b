"""/demand/: a resident's demand without an account. First what belongs elsewhere and where that is, then a few fields."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from officials.models import Township
from officials.privacy.masking import mask_phone
from requests import applying, online, sending, throttle
from requests.applying import NotOurs
from requests.demands import ways
from requests.demands.registering import Told, dispatching_window, order_of
from requests.forms.registering import ResidentDemandForm
from requests.lifecycle import Refused
from requests.models import ServiceRequest

UNPROCESSABLE, TOO_MANY, CONFLICT = 422, 429, 409
PAGE = "demand"


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def send_demand(request: HttpRequest) -> HttpResponse:
    now, township = timezone.now(), online.township()
    if township is None:
        return render(request, "requests/demands/closed.html", status=UNPROCESSABLE if request.method == "POST" else 200)
    demo = settings.DEMO and township.is_demo
    if request.method != "POST":
        return _page(request, ResidentDemandForm(township=township, demo=demo), township, online.new_token(), now)
    form = ResidentDemandForm(request.POST, township=township, demo=demo)
    try:
        token, begun_at, _content = applying.unseal(request.POST.get("state", ""), PAGE, "", now)
    except NotOurs:
        form.add_error(None, _("This page was open too long. Nothing was sent yet: look through it once more and send it again."))
        return _page(request, form, township, online.new_token(), now, status=UNPROCESSABLE)
    if form.goes_elsewhere:
        return _elsewhere(request, township)
    if not form.is_valid():
        return _page(request, form, township, token, begun_at, status=UNPROCESSABLE)
    return _send(request, form, township, token, begun_at, now)


def _send(
    request: HttpRequest, form: ResidentDemandForm, township: Township, token: str, begun_at: datetime, now: datetime
) -> HttpResponse:
    data = form.cleaned_data
    try:
        told = Told(
            window=dispatching_window(township),
            channel=ServiceRequest.Channel.ONLINE,
            sort=data["sort"],
            words=data["words"],
            person=form.person(),
            is_anonymous=form.is_anonymous,
            about=data["about"],
            form_token=token,
        )
        sent = sending.send_once(order_of(told), address=throttle.address_of(request), now=now)
    except online.AlreadySent as error:
        return render(request, "requests/demands/already.html", {"number": error.case.number}, status=CONFLICT)
    except sending.TooManySent:
        form.add_error(None, sending.TOO_MANY_SENTENCE)
        return _page(request, form, township, token, begun_at, status=TOO_MANY)
    except Refused as error:
        form.add_error(None, str(error))
        return _page(request, form, township, token, begun_at, status=UNPROCESSABLE)
    shown = sending.shown(sent, now) | {"phone": mask_phone(data["phone"]) if data["phone"] else ""}
    return render(request, "requests/demands/sent.html", shown)


def _elsewhere(request: HttpRequest, township: Township) -> HttpResponse:
    """Where reports on officials go. Nothing of what was typed is kept, nor shown again."""
    rows = [(way, ways.phone_of(way, township)) for way in (ways.BY_KEY[ways.DISCIPLINE], ways.BY_KEY[ways.CONDUCT])]
    return render(request, "requests/demands/elsewhere.html", {"ways": rows})


def _page(
    request: HttpRequest, form: ResidentDemandForm, township: Township, token: str, begun_at: datetime, *, status: int = 200
) -> HttpResponse:
    rows = [(way, ways.phone_of(way, township)) for way in ways.WAYS]
    context = {"form": form, "state": applying.seal(PAGE, "", token, begun_at, {}), "ways": rows}
    return render(request, "requests/demands/form.html", context, status=status)
