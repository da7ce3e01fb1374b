"""/desk/village/: the agent's room. /desk/bundles/: what is on its way from the villages, and the bundles in which it comes."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials.models import Office, User
from officials.permissions import AGENT, HANDLE, TAKE_IN, rights
from officials.typesetting import SheetNotPrinted
from requests import case_file, lifecycle, persons
from requests.forms.village import CountOver, MakeBundle, TakeOut
from requests.lifecycle import Refused
from requests.materials import missing_lines
from requests.models import Bundle, BundleLine, ServiceRequest
from requests.panels import Panel
from requests.permissions import may_take_in, visible, visible_q
from requests.public_notice import lists as notice_lists
from requests.reasons import say_date
from requests.village import bundle_sheet, bundles, lists, mandates

Found = BundleLine.Found
S = ServiceRequest.Status


@never_cache
@require_safe
def room(request) -> HttpResponse:
    """My cases by state, what is missing and until when, results to bring."""
    if not rights(request.user).has(AGENT):
        raise PermissionDenied(_("This is the room of the village agents."))
    now = timezone.now()
    groups = lists.of_agent(request.user, now)
    notices = notice_lists.of_village(request.user, timezone.localdate(now))
    context = {
        "groups": groups,
        "to_post": notices.to_post,
        "hanging": notices.hanging,
        "to_take_down": notices.to_take_down,
        "today": timezone.localdate(now),
        "demands": _demands_of_the_village(request.user),
        "total": sum(len(group.rows) for group in groups),
        "villages": [village for village in lists.villages(request.user) if bundles.to_bundle(request.user, village).exists()],
    }
    return render(request, "requests/village/room.html", context)


def _demands_of_the_village(user: User) -> int | None:
    """Open demands that were sent to the village committee; None for an agent who is not of it."""
    committees = rights(user).where(HANDLE)
    if not committees:
        return None
    return ServiceRequest.objects.open().filter(visible_q(user), kind=ServiceRequest.Kind.DEMAND, office_id__in=committees).count()


@never_cache
@require_safe
def bundle_list(request) -> HttpResponse:
    """To count over, under way, and every file that has not come yet."""
    _check(request.user)
    found = lists.bundles(request.user)
    way = lists.on_the_way(request.user, timezone.now())
    context = {
        "open": list(found.filter(counted_at=None)),
        "counted": list(found.exclude(counted_at=None)[: lists.COUNTED_SHOWN]),
        "way": way,
        "late": sum(row.is_late for row in way),
        "villages": [village for village in lists.villages(request.user) if bundles.to_bundle(request.user, village).exists()],
    }
    return render(request, "requests/village/bundle_list.html", context)


def _check(user: User) -> None:
    if not rights(user).where(AGENT, TAKE_IN):
        raise PermissionDenied(_("Bundles are a matter of the village agents and of the window."))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def make(request, code: str) -> HttpResponse:
    """Tick what goes along."""
    village = _village(request.user, code)
    now = timezone.now()
    waiting = list(bundles.to_bundle(request.user, village))
    form = MakeBundle(request.POST if request.method == "POST" else None, waiting=waiting)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                bundle = bundles.make_bundle(village, form.chosen(), by=request.user, now=now)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Bundle %(number)s is made. Print its list in two copies.") % {"number": bundle.number})
                return redirect(bundle)
    return render(request, "requests/village/make.html", {"village": village, "form": form, "waiting": waiting}, status=status)


def _village(user: User, code: str) -> Office:
    village = next((one for one in lists.villages(user) if one.code == code), None)
    if village is None:
        raise Http404
    return village


def _bundle(user: User, number: str) -> Bundle:
    bundle = lists.bundles(user).filter(number=number).first()
    if bundle is None:
        raise Http404
    return bundle


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def bundle_page(request, number: str) -> HttpResponse:
    """Its files; at the township's window it is counted over here, twenty in one pass."""
    bundle, now = _bundle(request.user, number), timezone.now()
    may_count = may_take_in(request.user, bundle.office_id)
    if request.method == "POST" and not may_count:
        raise PermissionDenied(_("Bundles are counted over at %(office)s.") % {"office": bundle.office})
    form = _counting(request, bundle) if may_count and bundle.counted_at is None else None
    if request.method == "POST":
        if form is None:
            return _page(request, bundle, None, now, _("This bundle was counted over already."), status=409)
        if form.is_valid():
            try:
                bundles.count_over(bundle, form.counted(), brought_by=form.carrier(), by=request.user, now=now)
            except Refused as refused:
                form.add_error(None, str(refused))
            else:
                messages.success(request, _("Counted over: %(number)s.") % {"number": bundle.number})
                return redirect(bundle)
        return _page(request, bundle, form, now, status=422)
    return _page(request, bundle, form, now)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take_out(request, number: str) -> HttpResponse:
    """One file out of a bundle that nobody signed for yet."""
    bundle, now = _bundle(request.user, number), timezone.now()
    form = TakeOut(request.POST if request.method == "POST" else None, cases=_inside(request, bundle))
    if request.method == "POST" and form.is_valid():
        try:
            bundles.take_out(bundle, form.chosen(), reason=form.cleaned_data["reason"], by=request.user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Taken out: %(number)s. The file waits at the village again.") % {"number": form.chosen().number})
            return redirect(bundle)
    context = {"bundle": bundle, "form": form}
    return render(request, "requests/village/take_out.html", context, status=422 if form.is_bound else 200)


def _lacking(case: ServiceRequest | None) -> list[str]:
    """Papers the village itself knows to be missing: told before the bundle leaves, and not found out at the window."""
    return [line.name for line in missing_lines(case)] if case else []


def _inside(request, bundle: Bundle):
    """The files of the bundle that are still on the way."""
    waiting = visible(request.user).filter(bundled__bundle=bundle, bundled__found="", status=S.AT_VILLAGE)
    return waiting.select_related("edition", "key").order_by("bundled__id")


def _counting(request, bundle: Bundle) -> CountOver:
    cases = _inside(request, bundle)
    return CountOver(request.POST if request.method == "POST" else None, bundle=bundle, cases=cases)


def _page(request, bundle: Bundle, form: CountOver | None, now, sentence: str = "", status: int = 200) -> HttpResponse:
    shown = {case.pk: case for case in visible(request.user).filter(bundled__bundle=bundle).select_related("edition", "key")}
    found = bundle.lines.select_related("service_request__key").order_by("id")
    lines = [
        {"line": line, "case": case, "papers": _papers(case), "words": _words(line) if case else "", "lacking": _lacking(case)}
        for line, case in ((line, shown.get(line.service_request_id)) for line in found)
    ]
    context = {"bundle": bundle, "form": form, "lines": lines, "sentence": sentence, "sums": bundles.sums(bundle)}
    return render(request, "requests/village/bundle.html", context, status=status)


def _papers(case: ServiceRequest | None) -> list[str]:
    return [f"{line.name} · {line.state_words}" for line in bundles.papers(case)] if case else []


def _words(line: BundleLine) -> str:
    said = persons.open_for(line.service_request, line.sealed, "bundle") if line.sealed else None
    return (said or {}).get("text", "")


@require_POST
def send(request, number: str) -> HttpResponse:
    bundle = _bundle(request.user, number)
    try:
        bundles.send_bundle(bundle, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("On its way: %(number)s.") % {"number": bundle.number})
    return redirect(bundle)


@never_cache
@require_safe
def list_pdf(request, number: str) -> HttpResponse:
    """The list in two copies, each with the places for two signatures."""
    bundle = _bundle(request.user, number)
    try:
        content = bundle_sheet.bundle_list(bundle, visible(request.user))
    except SheetNotPrinted as trouble:
        messages.error(request, str(trouble))
        return redirect(bundle)
    headers = {"Content-Disposition": f'inline; filename="bundle-{bundle.number}.pdf"', "Cache-Control": "no-store"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def panel(case: ServiceRequest, user: User, now) -> Panel | None:
    """Who acts for the applicant from the village, since when the two receipts, and what may be done with the mandate."""
    refused = lifecycle.may(case, user)
    mandate = mandates.mandate_of(case) if case.village_id else None
    verbs = ("suspend_mandate", "end_mandate") if mandate and not mandate.is_suspended else ("resume_mandate", "end_mandate")
    offered = verbs if mandate else ("entrust",)
    actions = [
        (lifecycle.TRANSITIONS[case.kind][name].label, f"{case.get_absolute_url()}{name.replace('_', '-')}/")
        for name in offered
        if refused.get(name) == ""
    ]
    if not mandate and case.village_received_at is None and not (actions and mandates.agents_of(case)):
        return None
    line = None
    if case.village_received_at is not None:
        line = BundleLine.objects.filter(service_request=case.pk).select_related("bundle").order_by("-id").first()
    content = {
        "mandate": mandate,
        "until": say_date(mandate.valid_until) if mandate and mandate.valid_until else "",
        "actions": actions if mandate or mandates.agents_of(case) else [],
        "village_received": case_file.moment(case.village_received_at),
        "bring_by": say_date(lists.bring_by(case)) if case.status == S.AT_VILLAGE else "",
        "bundle": line.bundle if line and line.found in ("", Found.COMPLETE, Found.INCOMPLETE) else None,
        "may_open": bool(line) and lists.bundles(user).filter(pk=line.bundle_id).exists(),
    }
    return Panel("requests/village/panel.html", content)
