"""/apply/<code>/: an application from home, one question at a time, without account, session or script.

What was answered so far is in one sealed hidden field. An answer leads on to the address of the next question, so that the
back key of a phone shows the question before and never asks whether to send again; on the way the sealed field is in a cookie
of this form alone, which ends with the browser, with the half day of the form, or when the form is sent.
"""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from officials.privacy.masking import mask_id
from requests import applying, online, sending, throttle
from requests.applying import BEFORE, CHECK, Application, NotOurs
from requests.forms import resident as forms
from requests.intake import Intake
from requests.lifecycle import Refused
from requests.models import Applicant, ServiceRequest
from requests.season.windows import outside
from services import item_page
from services.models import Edition, Material
from services.saying import in_language

UNPROCESSABLE, TOO_MANY, CONFLICT, GONE = 422, 429, 409, 410
COOKIE = "form"
COOKIE_AT_MOST = 3800  # characters; browsers keep 4096 with name and path


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, code: str) -> HttpResponse:
    now = timezone.now()
    edition = online.published_edition(code)
    if request.method == "POST":
        return _go_on(request, code, edition, now)
    if edition is None or not online.accepts_online(edition):
        return _closed(request, code, edition)
    if "step" in request.GET:
        return _come_back(request, edition, now)
    return _page(request, applying.begin(edition, now), BEFORE, now)


def _come_back(request: HttpRequest, edition: Edition, now: datetime) -> HttpResponse:
    """A question by its address: after an answer, or with the back key."""
    try:
        application, is_same = applying.take_up(request.COOKIES.get(COOKIE, ""), edition.item.code, edition, now)
    except NotOurs:
        notice = _("This form is closed. If you have seen a case number it was sent, and nothing more is needed; else begin again here.")
        return _page(request, applying.begin(edition, now), BEFORE, now, notice=notice)
    return _page(request, application, application.reached(request.GET["step"]) if is_same else BEFORE, now)


def _lead_on(request: HttpRequest, application: Application, step: str, now: datetime) -> HttpResponse:
    """The next question at its own address; as the answer itself where the sealed field is too long for a cookie."""
    sealed = application.sealed()
    if len(sealed) > COOKIE_AT_MOST:
        return _page(request, application, step, now)
    response = HttpResponseRedirect(f"{request.path}?step={step}#main")
    response.status_code = 303
    response.set_cookie(COOKIE, sealed, path=request.path, httponly=True, samesite="Lax", secure=request.is_secure())
    return response


def _go_on(request: HttpRequest, code: str, edition: Edition | None, now: datetime) -> HttpResponse:
    """Take up the form where the last page left it."""
    try:
        application, is_same = applying.take_up(request.POST.get("state", ""), code, edition, now)
    except NotOurs:
        if edition is None or not online.accepts_online(edition):
            return _closed(request, code, edition)
        notice = _("This form was open too long or was changed on the way, so we begin again. Nothing was sent.")
        return _page(request, applying.begin(edition, now), BEFORE, now, notice=notice, status=UNPROCESSABLE)
    if not is_same:
        if not online.accepts_online(application.edition):
            return _closed(request, code, edition)
        notice = _("The item was changed meanwhile. Please read it again; what you wrote about yourself is kept.")
        return _page(request, application, BEFORE, now, notice=notice, status=UNPROCESSABLE)
    return _answer(request, application, now)


def _answer(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    """Keep the answer of the page that was sent and show the next one."""
    step, go = request.POST.get("step", BEFORE), request.POST.get("go", "")
    if step == CHECK and not go:
        if application.next_step() != CHECK:
            return _lead_on(request, application, application.next_step(), now)
        return _send(request, application, now)
    if step in application.steps():
        form = application.form(step, request.POST, now=now, demo=settings.DEMO)
        if form.is_valid():
            application.keep(step, form.answer())
        elif not go:
            return _page(request, application, step, now, form=form, status=UNPROCESSABLE)
    if go == BEFORE or go in application.steps():
        return _lead_on(request, application, go, now)
    return _lead_on(request, application, application.next_step(), now)


def _page(
    request: HttpRequest, application: Application, step: str, now: datetime, *, form: Any = None, notice: str = "", status: int = 200
) -> HttpResponse:
    steps = application.steps()
    context = _about(request, application.edition) | {
        "state": application.sealed(),
        "step": step,
        "back": application.step_before(step),
        "notice": notice or _out_of_season(application.edition, now),
        "position": steps.index(step) + 1 if step in steps else 0,
        "total": len(steps) + 1,
    }
    if step == BEFORE:
        context |= _before(application)
    elif step == CHECK:
        form = form or forms.ConsentForm(sensitive=_consent_to(application.edition))
        context |= {"rows": _rows(application), "privacy": _privacy(application)}
    else:
        form = form or application.form(step, now=now, demo=settings.DEMO)
        context["situation"] = form.about.situation
    template = step if step in (BEFORE, CHECK) else "question"
    return render(request, f"requests/apply/{template}.html", context | {"form": form}, status=status)


def _send(request: HttpRequest, application: Application, now: datetime) -> HttpResponse:
    form = forms.ConsentForm(request.POST, sensitive=_consent_to(application.edition))
    edition = application.edition
    if form.is_valid() and (closed := _out_of_season(edition, now)):
        form.add_error(None, closed)
    if not form.is_valid():
        return _page(request, application, CHECK, now, form=form, status=UNPROCESSABLE)
    order = Intake(
        intake_office=online.reception_of(edition.item.township) or edition.office,
        channel=ServiceRequest.Channel.ONLINE,
        person=application.person(),
        edition=edition,
        form_token=application.token,
        materials=application.handed(),
        words=application.words(),
        particulars=application.details(),
    )
    try:
        sent = sending.send_once(order, address=throttle.address_of(request), now=now)
    except online.AlreadySent as error:
        return render(request, "requests/apply/already.html", _about(request, edition) | {"number": error.case.number}, status=CONFLICT)
    except sending.TooManySent:
        form.add_error(None, sending.TOO_MANY_SENTENCE)
        return _page(request, application, CHECK, now, form=form, status=TOO_MANY)
    except Refused as error:
        form.add_error(None, str(error))
        return _page(request, application, CHECK, now, form=form, status=UNPROCESSABLE)
    context = _about(request, edition) | sending.shown(sent, now)
    response = render(request, "requests/apply/sent.html", context)
    response.delete_cookie(COOKIE, path=request.path)
    return response


def _out_of_season(edition: Edition, now: datetime) -> str:
    """Outside the days of its batch nothing comes in from home; "" inside them. Late applications are a matter of the window."""
    sentence = outside(edition, timezone.localdate(now))
    return sentence and f"{sentence} {_('Until then ask at the window whether the notice of this year lets you apply earlier.')}"


def _about(request: HttpRequest, edition: Edition) -> dict[str, Any]:
    name = in_language(edition.name, edition.name_en, request.LANGUAGE_CODE)
    return {
        "edition": edition,
        "item": edition.item,
        "name": name,
        "name_is_chinese": name == edition.name,
        "consult": online.phone_of(edition),
    }


def _before(application: Application) -> dict[str, Any]:
    edition = application.edition
    return {
        "conditions": list(edition.conditions.order_by("position")),
        "materials": _papers(application.materials),
        "limits": item_page.limits(edition)[:2],
        "place": edition.place or edition.office.address or edition.item.township.address,
        "hours": edition.hours or edition.office.hours or edition.item.township.hours,
    }


def _papers(materials: list[Material]) -> list[item_page.MaterialLine]:
    """The lines of the item's page; when a paper is needed is said only where it is not always."""
    lines = zip(item_page.materials(materials), materials, strict=True)
    return [line if material.is_conditional else replace(line, when="") for line, material in lines]


def _rows(application: Application) -> list[dict[str, str]]:
    """Every answer with its question, to be read once more. The ID number is masked: others may stand by."""
    return [_row(application, step) for step in application.steps()]


def _row(application: Application, step: str) -> dict[str, str]:
    said = application.answers[step]
    match step:
        case "whom":
            label, text = _("For whom"), _("somebody else") if application.for_somebody else _("myself")
        case "representative":
            label, text = (
                _("Who applies for the person"),
                _("%(name)s: %(relation)s") % {"name": said["rep_name"], "relation": forms.RELATIONS[said["relation"]]},
            )
        case "name":
            label, text = _("Name of the applicant"), said["name"]
        case "identity":
            label = _("ID number")
            text = mask_id(said["id_number"]) or str(Applicant.IdState(said["id_state"]).label)
        case "phone":
            label, text = _("Phone"), said["phone"] or _("no phone")
            if said["wants_sms"]:
                text = _("%(phone)s, with text messages") % {"phone": text}
        case "village":
            label, text = _("Village"), said["village_name"] or _("Not on this list")
        case "details":
            label, text = _("What this item asks"), _("; ").join(f"{key}{_(': ')}{words}" for key, words in said.items())
        case "cases" | "papers":
            ticked = [m.name for m in application.materials if str(m.pk) in said["ticked"]]
            label = _("Applies as well") if step == "cases" else _("Papers at hand")
            text = _(", ").join(ticked) or _("nothing ticked")
        case _:
            situation, text = application.situation_of(step)
            label = situation.question
    return {"step": step, "label": label, "text": text}


def _consent_to(edition: Edition) -> str | None:
    """The sensitive kinds that need separate consent; None where telling is enough (domain 11.1)."""
    privacy = edition.privacy or {}
    kinds, mode = privacy.get("sensitive") or [], privacy.get("consent_mode", "")
    if "单独同意" in mode or (kinds and not mode):
        return "、".join(kinds)
    return None


def _privacy(application: Application) -> dict[str, Any]:
    edition = application.edition
    return {
        "centre": edition.item.township.centre_name,
        "phone": edition.item.township.phone,
        "body": edition.implementing_body,
        "office": edition.office.name,
        "has_id": "identity" in application.steps(),
        "kinds": "、".join([*(edition.privacy.get("sensitive") or []), *(edition.privacy.get("private") or [])]),
    }


def _closed(request: HttpRequest, code: str, edition: Edition | None) -> HttpResponse:
    """Not online, or retired: the page says where to go. Anything else is no page."""
    if edition is not None:
        township = edition.item.township
        context = _about(request, edition) | {
            "channels": "、".join(edition.channels or ["窗口"]),
            "place": edition.place or edition.office.address or township.address,
            "hours": edition.hours or edition.office.hours or township.hours,
        }
        return render(request, "requests/apply/elsewhere.html", context)
    item = online.retired_item(code)
    if item is None:
        raise Http404
    return render(request, "requests/apply/retired.html", {"item": item}, status=GONE)
