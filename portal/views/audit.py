"""The audit trail for the inspector: who changed what, when, from what to what. Reading it is itself recorded."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officials.audit import ChainHead, verb
from officials.models import AccessRecord, JobRun, User
from officials.permissions import INSPECT, rights
from portal.trail import cases, items, people
from portal.trail.lines import MAIN
from requests.permissions import get_visible, visible
from requests.reasons import say_moment
from requests.worklist import numbers_meant
from services.models import Edition, Item

FOUND_AT_MOST = 20
LONGEST_QUERY = 60


def _inspector(user) -> frozenset[int]:
    """The offices this person inspects; everybody else is told that the trail is the inspectors'."""
    offices = rights(user).where(INSPECT)
    if not offices:
        raise PermissionDenied(_("The audit trail is read by the supervision office only."))
    return offices


def _record(user, subject: str) -> None:
    """Who read whose trail, in the trail."""
    now = timezone.now()
    with verb("read_history", by=user, now=now, subject=subject):
        AccessRecord.objects.create(at=now, by=user, what=AccessRecord.What.HISTORY, subject=subject)


@require_safe
def audit(request):
    """Search, what happened last, and how the chain stands."""
    offices = _inspector(request.user)
    query = request.GET.get("q", "").strip()[:LONGEST_QUERY]
    last, before = people.deeds(None, request.user, _number(request.GET.get("before", "")))
    context = {
        "query": query, "found": _found(request.user, query, offices) if query else [], "last": last,
        "next_url": f"/audit/?before={before}" if before else "", "previous_url": "",
        "head": ChainHead.objects.filter(pk=MAIN).first(), "check": _last_check(),
    }  # fmt: skip
    return render(request, "portal/audit/index.html", context)


@require_safe
def case(request, number):
    """One case: everything that was done to it and everybody who looked."""
    offices = _inspector(request.user)
    found = get_visible(request.user, number, "edition", "holder", "item")
    if found.office_id not in offices:
        raise Http404
    _record(request.user, f"case:{found.pk}")
    return render(request, "portal/audit/case.html", {"case": found, "entries": cases.trail(found)})


@require_safe
def person(request, staff_no):
    """One member of staff: what they did, which rights they hold and held, when they signed in."""
    offices = _inspector(request.user)
    found = get_object_or_404(User.objects.select_related("office"), staff_no=staff_no)
    if found.office_id is not None and found.office_id not in offices:
        raise Http404
    _record(request.user, f"user:{found.pk}")
    deeds, before = people.deeds(found, request.user, _number(request.GET.get("before", "")))
    context = {
        "person": found, "deeds": deeds, "grants": people.grants(found), "looks": people.looks(found, request.user),
        "entries": people.account(found), "next_url": f"/audit/person/{found.staff_no}/?before={before}" if before else "",
        "previous_url": "",
    }  # fmt: skip
    return render(request, "portal/audit/person.html", context)


@require_safe
def item(request, code):
    """One item: its editions, who wrote and who published, and every field that changed."""
    found = get_object_or_404(Item, code=code, office__in=_inspector(request.user))
    _record(request.user, f"item:{found.code}")
    editions = items.editions(found)
    context = {"item": found, "name": editions[0]["name"] if editions else found.code, "editions": editions, "entries": items.trail(found)}
    return render(request, "portal/audit/item.html", context)


def _found(user, query: str, offices: frozenset[int]) -> list[dict]:
    """Cases by number, people by staff number or name, items by code or name."""
    meant = visible(user).filter(number__in=numbers_meant(query, timezone.now()), office__in=offices)
    cases_found = meant.values_list("number", "edition__name")
    found = [
        {"label": number, "kind": _("case"), "note": name or "", "url": f"/audit/case/{number}/"}
        for number, name in cases_found[:FOUND_AT_MOST]
    ]
    for one in people.find_people(query, FOUND_AT_MOST):
        if one.office_id is None or one.office_id in offices:
            note = f"{one.staff_no} · {one.office}" if one.office else one.staff_no
            found.append({"label": one.name, "kind": _("member of staff"), "note": note, "url": f"/audit/person/{one.staff_no}/"})
    named = Edition.objects.filter(name__icontains=query).values("item_id")
    rows = (Item.objects.filter(pk__in=named) | Item.objects.filter(code__iexact=query)).filter(office__in=offices)[:FOUND_AT_MOST]
    names = dict(Edition.objects.filter(item__in=[one.pk for one in rows]).order_by("number").values_list("item_id", "name"))
    for one in rows:
        found.append({"label": names.get(one.pk, one.code), "kind": _("item"), "note": one.code, "url": f"/audit/item/{one.code}/"})
    return found


def _last_check() -> dict | None:
    """The last nightly walk along the chain: when, and whether it found everything as it was written."""
    run = JobRun.objects.filter(name="verify_audit", ended_at__isnull=False).order_by("-began_at").first()
    if run is None:
        return None
    return {"when": say_moment(timezone.localtime(run.ended_at)), "ok": bool(run.report.get("ok")), "found": run.report.get("found", "")}


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
