"""/ask/: a question, or "have someone call me". It becomes a case with a number, a date and somebody who answers for it."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from officials.privacy.masking import mask_phone
from requests import applying, deadlines, online, sending, throttle
from requests.applying import NotOurs
from requests.forms.resident import AskForm
from requests.intake import Intake
from requests.lifecycle import Refused
from requests.models import ServiceRequest
from requests.persons import Person
from requests.reasons import say_date
from services.models import Edition

UNPROCESSABLE, TOO_MANY, CONFLICT = 422, 429, 409
PAGE = "ask"
CALL_ME = "要求回电"  # begins what the office reads; stored words are Chinese


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        edition = _edition(request.GET.get("item", ""))
        way = AskForm.CALL if request.GET.get("call") == "1" else AskForm.QUESTION
        return _page(request, AskForm(demo=settings.DEMO, initial={"way": way}), edition, online.new_token(), now)
    form = AskForm(request.POST, demo=settings.DEMO)
    try:
        token, begun_at, content = applying.unseal(request.POST.get("state", ""), PAGE, "", now)
    except NotOurs:
        form.add_error(None, _("This page was open too long. Nothing was sent yet: look through it once more and send it again."))
        return _page(request, form, None, online.new_token(), now, status=UNPROCESSABLE)
    edition = _edition(content["item"])
    if not form.is_valid():
        return _page(request, form, edition, token, begun_at, status=UNPROCESSABLE)
    return _send(request, form, edition, token, begun_at, now)


def _send(request: HttpRequest, form: AskForm, edition: Edition | None, token: str, begun_at: datetime, now: datetime) -> HttpResponse:
    township = edition.item.township if edition else online.township()
    reception = online.reception_of(township) if township else None
    if reception is None:
        form.add_error(None, _("Questions cannot be taken in from here at present. Please call us or come to the window."))
        return _page(request, form, edition, token, begun_at, status=UNPROCESSABLE)
    data = form.cleaned_data
    call_me = data["way"] == AskForm.CALL
    order = Intake(
        intake_office=reception,
        channel=ServiceRequest.Channel.ONLINE,
        kind=ServiceRequest.Kind.CONSULTATION,
        person=Person(name=data["name"], phone=data["phone"]),
        edition=edition,
        form_token=token,
        words="\n".join(filter(None, [CALL_ME if call_me else "", data["text"]])),
    )
    try:
        sent = sending.send_once(order, address=throttle.address_of(request), call_back=call_me, now=now)
    except online.AlreadySent as error:
        return render(request, "requests/ask/already.html", {"number": error.case.number}, status=CONFLICT)
    except sending.TooManySent:
        form.add_error(None, sending.TOO_MANY_SENTENCE)
        return _page(request, form, edition, token, begun_at, status=TOO_MANY)
    except Refused as error:
        form.add_error(None, str(error))
        return _page(request, form, edition, token, begun_at, status=UNPROCESSABLE)
    shown = {"edition": edition, "call_me": call_me, "phone": mask_phone(data["phone"])}
    return render(request, "requests/ask/sent.html", sending.shown(sent, now) | shown)


def _page(
    request: HttpRequest, form: AskForm, edition: Edition | None, token: str, begun_at: datetime, *, status: int = 200
) -> HttpResponse:
    code = edition.item.code if edition else ""
    state = applying.seal(PAGE, "", token, begun_at, {"item": code})
    township = edition.item.township if edition else online.township()
    by = say_date(deadlines.call_back_by(township, timezone.now())) if township else ""
    return render(request, "requests/ask/form.html", {"form": form, "edition": edition, "state": state, "by": by}, status=status)


def _edition(code: str) -> Edition | None:
    """The item the question is about, when there is one; anything else is a question without an item."""
    return online.published_edition(code) if code and len(code) <= 40 else None
