"""/desk/consult/: a question, answered at once or promised a call back. /desk/calls/: the calls that wait."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials import outbox
from requests import consulting, held_forms, secrets_once
from requests.forms.counter import ANSWER, PROMISE, ConsultationForm
from requests.forms.intake import CHANNELS
from requests.intake import FormUsed, Intake, Received
from requests.lifecycle import Refused
from requests.models import ServiceRequest
from requests.permissions import visible
from requests.window_today import intake_office
from services.models import Edition

PER_PAGE = 50
AT_THE_SIDE = 8


@require_http_methods(["GET", "HEAD", "POST"])
def consult(request) -> HttpResponse:
    """The one page. Two buttons: answered now, or promise a call back."""
    office, now = intake_office(request.user), timezone.now()
    then = PROMISE if request.POST.get("then") == PROMISE else ANSWER
    channel = request.GET.get("channel", "")
    channel = channel if channel in dict(CHANNELS) else ServiceRequest.Channel.WINDOW
    form = ConsultationForm(
        request.POST if request.method == "POST" else None,
        township=office.township,
        demo=settings.DEMO and office.township.is_demo,
        then=then,
        initial={"form_token": ConsultationForm.new_token(), "channel": channel},
    )
    if request.method != "POST":
        held_forms.refill(request, form)
    elif form.is_valid():
        received = _log(request, office, form, then, now)
        if received is not None:
            return _after(request, form, received)
    return _page(request, office, form, now)


def _log(request, office, form: ConsultationForm, then: str, now) -> Received | None:
    """Call the verb; a refusal becomes a sentence above the form."""
    data = form.cleaned_data
    order = Intake(
        intake_office=office,
        channel=data["channel"],
        kind=ServiceRequest.Kind.CONSULTATION,
        person=form.person(),
        edition=data["item"],
        form_token=data["form_token"],
        words=data["question"],
    )
    act = consulting.promise_call if then == PROMISE else consulting.answer_at_once
    try:
        return act(order, data["answer"], by=request.user, now=now)
    except FormUsed as used:
        form.add_error(None, str(used))
        form.data = form.data.copy()
        form.data["form_token"] = form.new_token()
        return None
    except Refused as refused:
        form.add_error(None, str(refused))
        return None


def _after(request, form: ConsultationForm, received: Received) -> HttpResponse:
    """Back to an empty page for the next question, with the number just given."""
    if received.is_new and received.case.is_open:
        secrets_once.put(request, received.case.number, received.secret)
    return redirect(f"/desk/consult/?channel={form.cleaned_data['channel']}&done={received.case.number}")


def _page(request, office, form: ConsultationForm, now) -> HttpResponse:
    calls = consulting.promised_calls(request.user).filter(intake_office=office)
    context = {
        "form": form,
        "office": office,
        "done": _done(request),
        "items": Edition.objects.published().filter(item__township=office.township).values_list("name", "item__code").order_by("name"),
        "calls": consulting.call_rows(request.user, calls[:AT_THE_SIDE], now),
        "calls_in_all": calls.count(),
    }
    return render(request, "requests/counter/consult.html", context, status=422 if form.is_bound else 200)


def _done(request) -> ServiceRequest | None:
    """The question logged just before, for the line on top."""
    number = request.GET.get("done", "")[:40]
    return visible(request.user).filter(number=number, kind=ServiceRequest.Kind.CONSULTATION).first() if number else None


@require_safe
def calls(request) -> HttpResponse:
    """Promised calls, soonest first, and what text messages could not tell."""
    _may_call(request.user)
    page = Paginator(consulting.promised_calls(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": consulting.call_rows(request.user, list(page.object_list), timezone.now()),
        "total": page.paginator.count,
        "told": consulting.message_rows(consulting.messages_to_call(request.user)),
    }
    return render(request, "requests/counter/calls.html", context)


@require_POST
def called(request, pk: str) -> HttpResponse:
    """The message was told on the phone: off the list, and emptied."""
    _may_call(request.user)
    found = [message for message, _case in consulting.messages_to_call(request.user) if message.pk == int(pk)]
    if found and outbox.tick_off(found[0], by=request.user, now=timezone.now()):
        messages.success(request, _("Ticked off: told on the phone."))
    else:
        # Somebody else's message, one that never was and one ticked off before are the same here: nothing is changed.
        messages.info(request, _("It was already ticked off."))
    return redirect("/desk/calls/")


def _may_call(user) -> None:
    if not consulting.offices_called_for(user):
        raise PermissionDenied(_("Calls are made by the windows and the offices that handle cases."))
