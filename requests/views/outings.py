"""/desk/outings/: the days away from the hall. The page of a day adds up at every look: registered = solved + open."""

import uuid

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials.models import Office, User, VillageLink
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from officials.privacy.text import has_forbidden
from requests import secrets_once
from requests.demands.registering import Told
from requests.forms.outings import EditOutingForm, LinkForm, NewOutingForm, OnSiteDemandForm, SendForm, VillageRuleForm, VisitForm
from requests.intake import FormUsed
from requests.lifecycle import Refused
from requests.models import Appointment, Outing, OutingPlace, ServiceRequest, VillageDayRule
from requests.outings import counts, days, hours
from requests.outings.registering import Settled, register_there
from requests.permissions import visible
from requests.reasons import say_date
from requests.window_today import intake_office
from services.models import Edition

PER_PAGE = 50
PAST_PER_PAGE = 10
UNPROCESSABLE = 422
CHANNELS = {
    Outing.Kind.VILLAGE_DAY: ServiceRequest.Channel.VILLAGE_DAY, Outing.Kind.RECEPTION_DAY: ServiceRequest.Channel.RECEPTION_DAY,
    Outing.Kind.HOME: ServiceRequest.Channel.HOME,
}  # fmt: skip


def _get(request: HttpRequest, pk: str) -> Outing:
    outing = days.seen_by(request.user).filter(pk=int(pk)).first()
    if outing is None:
        raise Http404
    return outing


def _kept(request: HttpRequest, pk: str) -> Outing:
    outing = _get(request, pk)
    if not days.keeps(request.user, outing):
        raise PermissionDenied(_("Days of %(office)s are planned by its head or supervisor.") % {"office": outing.office})
    return outing


def _keeper(user: User):
    offices = hours.offices_kept_by(user)
    if not offices.exists():
        raise PermissionDenied(_("Village and reception days are planned by heads and supervisors."))
    return offices


# -- the lists --------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Today, what comes, what was."""
    if not (rights(request.user).where(TAKE_IN, HANDLE, HEAD, SUPERVISE, INSPECT) or days.seen_by(request.user).exists()):
        raise PermissionDenied(_("The days away from the hall are a matter of the windows and offices."))
    today = timezone.localdate()
    found = days.seen_by(request.user).prefetch_related("places__village")
    past = Paginator(found.filter(date__lt=today).order_by("-date", "-id"), PAST_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "today": rows(found.filter(date=today)),
        "coming": rows(found.filter(date__gt=today)[:PER_PAGE]),
        "past": rows(past.object_list),
        "page_obj": past,
        "plans": hours.offices_kept_by(request.user).exists(),
    }
    return render(request, "requests/outings/list.html", context)


def rows(outings) -> list[dict]:
    """The village stands in the link: three villages have their day on one and the same Thursday."""
    return [_about_row(one, list(one.places.all())) for one in outings]


def _about_row(outing: Outing, places: list[OutingPlace]) -> dict:
    is_one_village = len(places) == 1 and places[0].village_id
    village = places[0].village.name if is_one_village else ""
    said = places[0].place if is_one_village else "、".join(str(place) for place in places)
    return {"outing": outing, "date": say_date(outing.date), "village": village, "places": said}


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    offices = _keeper(request.user)
    township = offices.select_related("township")[0].township
    initial = {"form_token": uuid.uuid4().hex, "kind": Outing.Kind.VILLAGE_DAY, "opens_at": "09:00", "closes_at": "16:00"}
    form = NewOutingForm(request.POST or None, initial=initial, offices=offices, township=township)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        wanted = days.Plan(
            data["kind"], data["office"], data["date"], data["opens_at"], data["closes_at"], form.places(), data["note"], data["items"],
            data["minutes"], data["people"], data["form_token"],
        )  # fmt: skip
        try:
            outing = days.plan(wanted, by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error("date", str(refused))
        else:
            return redirect(outing.get_absolute_url())
    context = {"form": form, "title": _("Plan a day"), "back": "/desk/outings/"}
    return render(request, "requests/outings/form.html", context, status=UNPROCESSABLE if form.is_bound else 200)


# -- one day ----------------------------------------------------------------------------------------------------


@never_cache
@require_safe
def day(request: HttpRequest, pk: str) -> HttpResponse:
    """What was and what is, counted at this moment."""
    outing = _get(request, pk)
    figures = counts.figures(outing)
    works = not days.why_not_there(request.user, outing, timezone.now())
    context = _about(outing) | {
        "figures": figures,
        "sums": [(label, figures[name], name) for name, (label, _q) in counts.SUMS.items()],
        "solved_parts": [(counts.CELLS[name][0], figures[name], name) for name in counts.SOLVED],
        "open_part": (counts.CELLS["open"][0], figures["open"], "open"),
        "lines": counts.by_place(outing),
        "taps": _taps(outing) if works else [],
        "is_over": outing.date < timezone.localdate(),
        "later": [{"visit": one, "at": say_date(timezone.localdate(one.at))} for one in days.entered_later(outing)],
        "registers": works and bool(rights(request.user).where(TAKE_IN)),
        "keeps": days.keeps(request.user, outing),
        "booked": outing.appointments.exclude(state=Appointment.State.CANCELLED).count(),
        "now": timezone.localtime(),
    }
    return render(request, "requests/outings/day.html", context)


def _taps(outing: Outing) -> list[dict]:
    """One form a place, each with a token of its own: a double tap counts once, the next page counts again."""
    places: list[OutingPlace | None] = list(outing.places.select_related("village")) or [None]
    return [{"place": place, "token": uuid.uuid4().hex, "back_token": uuid.uuid4().hex} for place in places]


def _about(outing: Outing) -> dict:
    names = dict(Edition.objects.published().filter(item__code__in=outing.items).values_list("item__code", "name"))
    return {
        "outing": outing,
        "date": say_date(outing.date),
        "moved_from": say_date(outing.planned_on) if outing.planned_on and outing.planned_on != outing.date else "",
        "places": list(outing.places.select_related("village")),
        "item_names": [names[code] for code in outing.items if code in names],
        "channel": CHANNELS[Outing.Kind(outing.kind)],
    }


@require_POST
def visit(request: HttpRequest, pk: str) -> HttpResponse:
    """One tap: somebody came."""
    outing = _get(request, pk)
    form = VisitForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Between 1 and %(n)s at a time.") % {"n": days.MOST_AT_ONCE})
        return redirect(outing.get_absolute_url())
    data = form.cleaned_data
    place = outing.places.filter(pk=data["place"]).first() if data["place"] else None
    if data["place"] and place is None:
        raise Http404
    try:
        days.count_visit(outing, place, data["people"], data["token"], by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect(f"{outing.get_absolute_url()}#visits")


@never_cache
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def demand(request: HttpRequest, pk: str) -> HttpResponse:
    """Write a demand down on a phone: one page, what was typed stays when something is lacking."""
    outing, now = _get(request, pk), timezone.now()
    window = intake_office(request.user)
    why_not = days.why_not_there(request.user, outing, now)
    if why_not and (request.method != "POST" or not days.works_there(request.user, outing)):
        raise PermissionDenied(why_not)  # who has a part and sends a form too late is refused in the verb, and keeps what was typed
    form = OnSiteDemandForm(
        request.POST or None, initial=_at_hand(request, outing), outing=outing, township=window.township,
        demo=settings.DEMO and window.township.is_demo,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        case = _register(request, outing, window, form, now)
        if case is not None:
            place = form.cleaned_data["place"]
            return redirect(f"/desk/outings/{outing.pk}/demand/?done={case.number}" + (f"&place={place.pk}" if place else ""))
    context = {"form": form, "outing": outing, "date": say_date(outing.date), "done": _done(request, outing)}
    return render(request, "requests/outings/demand.html", context, status=UNPROCESSABLE if form.is_bound else 200)


def _at_hand(request: HttpRequest, outing: Outing) -> dict:
    """A fresh token, and the place: the one of the last demand, where the person is sent, or the only one."""
    asked = request.GET.get("place", "")
    places = list(outing.places.all())
    mine = outing.sent.filter(person=request.user).first()
    place = next((one for one in places if str(one.pk) == asked), None) or (mine.place if mine else None)
    place = place or (places[0] if len(places) == 1 else None)
    return {"form_token": uuid.uuid4().hex, "place": place, "village": place.village if place else None}


def _register(request: HttpRequest, outing: Outing, window: Office, form: OnSiteDemandForm, now) -> ServiceRequest | None:
    data = form.cleaned_data
    told = Told(
        window=window, channel=CHANNELS[Outing.Kind(outing.kind)], sort=data["sort"], words=data["words"], person=form.person(),
        is_anonymous=form.is_anonymous, about=data["about"], form_token=data["form_token"],
    )  # fmt: skip
    settled = Settled(data["then"] if form.is_at_once else "", data["answer"], data["way"] if data["then"] == form.ELSEWHERE else "")
    try:
        received = register_there(told, outing, data["place"], settled, by=request.user, now=now)
    except FormUsed as used:
        form.add_error(None, str(used))
        form.data = form.data.copy()
        form.data["form_token"] = uuid.uuid4().hex
        return None
    except Refused as refused:
        form.add_error(None, str(refused))
        return None
    if received.secret:
        secrets_once.put(request, received.case.number, received.secret)
    return received.case


def _done(request: HttpRequest, outing: Outing) -> ServiceRequest | None:
    number = request.GET.get("done", "")[:40]
    return visible(request.user).filter(number=number, outing_case__outing=outing).first() if number else None


@never_cache
@require_safe
def cases(request: HttpRequest, pk: str) -> HttpResponse:
    """The list behind a number: the cases this person may see, and how many more the number counts."""
    outing = _get(request, pk)
    which = request.GET.get("which", "registered")
    if which not in counts.WHICH:
        raise Http404
    label, condition = counts.WHICH[which]
    counted = counts.cases_of(outing).filter(condition)
    mine = visible(request.user).filter(outing_case__outing=outing).values("pk")
    found = counted.filter(service_request__in=mine).select_related("service_request__edition", "place__village").order_by("id")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    total = counted.count()
    context = {
        "outing": outing, "date": say_date(outing.date), "label": label, "page_obj": page, "total": total,
        "rows": [{"row": row, "case": row.service_request} for row in page.object_list], "more": total - page.paginator.count,
    }  # fmt: skip
    return render(request, "requests/outings/cases.html", context)


# -- kept by the head -------------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: str) -> HttpResponse:
    outing = _kept(request, pk)
    initial = {name: getattr(outing, name) for name in ("date", "opens_at", "closes_at", "note", "items", "minutes", "people")}
    form = EditOutingForm(request.POST or None, initial=initial, outing=outing)
    if request.method == "POST" and form.is_valid():
        try:
            days.change(outing, **form.said(), by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error("date", str(refused))
        else:
            messages.success(request, _("Changed. Who had booked this day is on the list of those to be called."))
            return redirect(outing.get_absolute_url())
    context = {"form": form, "title": _("Change the day"), "back": outing.get_absolute_url()}
    return render(request, "requests/outings/form.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
def cancel(request: HttpRequest, pk: str) -> HttpResponse:
    outing = _kept(request, pk)
    try:
        days.cancel(outing, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Cancelled. Who had booked is on the list of those to be called."))
    return redirect(outing.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def sent(request: HttpRequest, pk: str) -> HttpResponse:
    """Who goes where: everybody on the list, colleagues to tick, and a box to paste names or staff numbers into."""
    outing = _get(request, pk)
    form = SendForm(request.POST or None, outing=outing)
    if request.method == "POST":
        _kept(request, pk)
        if form.is_valid():
            numbers = [one.staff_no for one in form.cleaned_data["people"]]
            new_ones, unknown = days.send(outing, form.cleaned_data["place"], numbers, by=request.user, now=timezone.now())
            if not unknown:
                messages.success(request, _("People sent: %(n)s.") % {"n": new_ones})
                return redirect(f"/desk/outings/{outing.pk}/people/")
            words = _("Nobody has this name or staff number: %(words)s.")
            form.add_error("numbers", words % {"words": _(", ").join(unknown[:20])})
    found = outing.sent.select_related("person__office", "place__village")
    page = Paginator(found, 200).get_page(request.GET.get("page"))
    context = {
        "outing": outing, "date": say_date(outing.date), "form": form, "page_obj": page, "total": page.paginator.count,
        "keeps": days.keeps(request.user, outing),
    }  # fmt: skip
    return render(request, "requests/outings/people.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
def recall(request: HttpRequest, pk: str) -> HttpResponse:
    outing, staff_no = _kept(request, pk), request.POST.get("staff_no", "")[:20]
    if has_forbidden(staff_no):
        raise Http404
    row = outing.sent.filter(person__staff_no=staff_no).select_related("person").first()
    if row is not None:
        days.recall(outing, row.person, by=request.user, now=timezone.now())
    return redirect(f"/desk/outings/{outing.pk}/people/")


@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponse:
    """驻村服务日: one rule a village; its days are made for six weeks ahead, at once and every night."""
    offices, now = _keeper(request.user), timezone.now()
    township = offices.select_related("township")[0].township
    initial = {"first_on": timezone.localdate(now), "opens_at": "09:00", "closes_at": "16:00"}
    form = VillageRuleForm(request.POST or None, initial=initial, offices=offices, township=township)
    if request.method == "POST" and form.is_valid():
        try:
            days.add_rule(VillageDayRule(**form.cleaned_data), by=request.user, now=now)
        except Refused as refused:
            form.add_error("village", str(refused))
        else:
            messages.success(request, _("Saved. The days of the next six weeks are made."))
            return redirect("/desk/outings/rules/")
    weekdays = dict(form.fields["weekday"].choices)
    kept = VillageDayRule.objects.filter(village__township=township).exclude(ended_on__lt=timezone.localdate(now))
    found = [{"rule": rule, "day": weekdays[rule.weekday]} for rule in kept.select_related("village", "office")]
    context = {"form": form, "rules": found}
    return render(request, "requests/outings/rules.html", context, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
def end_rule(request: HttpRequest, pk: str) -> HttpResponse:
    mine = VillageDayRule.objects.filter(office__in=hours.offices_kept_by(request.user))
    rule = mine.filter(pk=int(pk)).select_related("office", "village").first()
    if rule is None:
        raise Http404
    days.end_rule(rule, by=request.user, now=timezone.now())
    messages.success(request, _("Ended. Days already made stand until they are cancelled."))
    return redirect("/desk/outings/rules/")


@require_http_methods(["GET", "HEAD", "POST"])
def links(request: HttpRequest) -> HttpResponse:
    """包村干部, village by village."""
    offices, now = _keeper(request.user), timezone.now()
    township = offices.select_related("township")[0].township
    form = LinkForm(request.POST or None, township=township)
    if request.method == "POST" and form.is_valid():
        try:
            days.link(form.cleaned_data["person"], form.cleaned_data["village"], by=request.user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved. It is shown to the public from now on."))
            return redirect("/desk/village-links/")
    found = VillageLink.objects.filter(village__township=township, ended_on=None).select_related("person__office", "village")
    return render(request, "requests/outings/links.html", {"form": form, "links": found}, status=UNPROCESSABLE if form.is_bound else 200)


@require_POST
def end_link(request: HttpRequest, pk: str) -> HttpResponse:
    _keeper(request.user)
    linked = VillageLink.objects.filter(pk=int(pk)).select_related("person", "village").first()
    if linked is None:
        raise Http404
    try:
        days.unlink(linked, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("/desk/village-links/")
