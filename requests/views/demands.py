"""/desk/demand/: write a demand down, few fields. /desk/demands/: what waits, in parts that add up."""

import uuid
from dataclasses import replace

from django.conf import settings as site
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from officials.models import Office
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from officials.privacy.text import clean_text
from requests import held_forms, online, secrets_once, worklist
from requests.demands import dates, figures, lists, settings, subjects
from requests.demands.registering import Told, register_demand
from requests.forms.demand_limits import LimitsForm
from requests.forms.registering import DeskDemandForm
from requests.intake import FormUsed, Received
from requests.lifecycle import Refused
from requests.models import ServiceRequest
from requests.permissions import heads_the_centre, visible
from requests.window_today import intake_office

PER_PAGE = 50
_OF_DEMAND = ("demand__contact_due_at", "demand__contacted_at", "demand__is_anonymous")
Kind, Channel = ServiceRequest.Kind, ServiceRequest.Channel


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request) -> HttpResponse:
    """One page for the window, the telephone and the village."""
    office, now = intake_office(request.user), timezone.now()
    carried = request.POST.get("carried") if request.method == "POST" else None
    form = DeskDemandForm(
        request.POST if request.method == "POST" and carried is None else None,
        township=office.township,
        demo=site.DEMO and office.township.is_demo,
        initial={"form_token": uuid.uuid4().hex, "channel": _channel(request, office)} | _village(office) | _carried(carried),
    )
    if carried is not None:
        return render(request, "requests/demands/register.html", {"form": form, "office": office, "done": None})
    if request.method != "POST":
        held_forms.refill(request, form)
    elif form.is_valid():
        received = _log(request, office, form, now)
        if received is not None:
            return _after(request, form, received)
    context = {"form": form, "office": office, "done": _done(request)}
    return render(request, "requests/demands/register.html", context, status=422 if form.is_bound else 200)


def _channel(request, office: Office) -> str:
    asked = request.GET.get("channel", "")
    usual = Channel.VILLAGE if office.kind == Office.Kind.VILLAGE else Channel.WINDOW
    return asked if asked in Channel.values and asked != Channel.ONLINE else usual


def _village(office: Office) -> dict:
    return {"village": office} if office.kind == Office.Kind.VILLAGE else {}


def _carried(words: str | None) -> dict:
    """What was typed where an item was looked for: it may speak of somebody, so it comes in a form and never in an address."""
    try:
        return {"words": clean_text(words, 60)} if words else {}
    except ValidationError:
        return {}


def _log(request, office: Office, form: DeskDemandForm, now) -> Received | None:
    data = form.cleaned_data
    told = Told(
        window=office,
        channel=data["channel"],
        sort=data["sort"],
        words=data["words"],
        person=form.person(),
        is_anonymous=form.is_anonymous,
        category=subjects.chosen(office.township, data["category"], by=request.user, now=now),
        about=data["about"],
        form_token=data["form_token"],
    )
    try:
        return register_demand(told, by=request.user, now=now)
    except FormUsed as used:
        form.add_error(None, str(used))
        form.data = form.data.copy()
        form.data["form_token"] = uuid.uuid4().hex
    except Refused as refused:
        form.add_error(None, str(refused))
    return None


def _after(request, form: DeskDemandForm, received: Received) -> HttpResponse:
    """To the dispatch where that was asked for; else to an empty page with the number just given."""
    case = received.case
    held_forms.drop(request.user, request.POST.get("held"))
    if received.secret:
        secrets_once.put(request, case.number, received.secret)
    if not visible(request.user).filter(pk=case.pk).exists():
        sentence = _(
            "Registered: %(number)s. It is about your office, so others handle it. Tell the person to write the number down and "
            "to ask the head of the centre for the answer: %(phone)s. The code is not shown here."
        )
        messages.success(request, sentence % {"number": case.number, "phone": case.township.phone})
        return redirect("/desk/demand/")
    if request.POST.get("then") == "dispatch":
        return redirect(f"{case.get_absolute_url()}dispatch/")
    return redirect(f"/desk/demand/?channel={form.cleaned_data['channel']}&done={case.number}")


def _done(request) -> ServiceRequest | None:
    number = request.GET.get("done", "")[:40]
    return visible(request.user).filter(number=number, kind=Kind.DEMAND).first() if number else None


@never_cache
@require_safe
def demands(request) -> HttpResponse:
    """Demands and unfinished matters, part by part."""
    return listing(request, (Kind.DEMAND, Kind.UNSOLVED, Kind.MEDIATION), "requests/demands/list.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request) -> HttpResponse:
    """Every limit of demands with its basis; open cases keep those they were given."""
    window, now = window_headed(request.user), timezone.now()
    form = LimitsForm(request.POST if request.method == "POST" else None, in_force=dates.in_force(window.township))
    if request.method == "POST" and form.is_valid():
        changed = settings.set_limits(window, form.wanted(), by=request.user, now=now)
        messages.success(request, _("Limits changed: %(n)s.") % {"n": changed})
        return redirect("/desk/demand-limits/")
    return render(request, "requests/demands/limits.html", {"form": form}, status=422 if form.is_bound else 200)


def heads_centre(user) -> bool:
    window = _window()
    return window is not None and heads_the_centre(user, window.pk)


def window_headed(user) -> Office:
    """The dispatching window this person supervises. Raises PermissionDenied."""
    window = _window()
    if window is None or not heads_the_centre(user, window.pk):
        raise PermissionDenied(_("This belongs to the head of the centre."))
    return window


def _window() -> Office | None:
    township = online.township()
    return online.reception_of(township) if township else None


def listing(request, kinds: tuple[str, ...], template: str, **more) -> HttpResponse:
    """One kind, one part of it; every count opens its list."""
    if not rights(request.user).where(TAKE_IN, HANDLE, HEAD, SUPERVISE, INSPECT):
        raise PermissionDenied(_("Demands belong to the windows and offices that handle them."))
    now = timezone.now()
    kind = request.GET.get("kind") if request.GET.get("kind") in kinds else kinds[0]
    cases = lists.demands_of(request.user, kind)
    sums = lists.balance(cases)
    part = request.GET.get("part", "")
    judged = kind in figures.JUDGED
    if part not in lists.PARTS and not (judged and part == lists.CALL):
        part = next((name for name in lists.OPEN_PARTS if sums.parts[name]), "dispatch")
    found = lists.listed(cases, part).select_related("edition", "key", "holder", "office", "demand").only(*worklist.ROW, *_OF_DEMAND)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    context = {
        "kind": kind,
        "kinds": [(one, Kind(one).label, one == kind) for one in kinds],
        "sums": sums,
        "parts": [(name, lists.label_of(name, kind), sums.parts[name], name == part) for name in lists.PARTS],
        "part": lists.CALL_LABEL if part == lists.CALL else lists.label_of(part, kind),
        "judged": _judged(cases, part, now) if judged else None,
        "page_obj": page,
        "rows": [
            replace(row, note=lists.note_of(case, now)) for row, case in zip(worklist.rows(request.user, shown, now), shown, strict=True)
        ],
        "takes_in": rights(request.user).has(TAKE_IN),
        "heads_centre": heads_centre(request.user),
    }
    return render(request, template, context | more)


def _judged(cases, part: str, now) -> dict:
    """The rates with their denominators, what they leave out, and who is still to be called back."""
    rates, left_out = figures.rates(cases, now)
    to_call = lists.listed(cases, lists.CALL).count()
    return {"rates": rates, "left_out": left_out, "to_call": to_call, "calls_shown": part == lists.CALL}
