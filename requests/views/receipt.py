"""The page after 收件: number, tracking code (once), what comes next, why these dates; print, then the next customer."""

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from officials.permissions import HANDLE, TAKE_IN, rights
from officials.typesetting import SheetNotPrinted
from requests import before_acceptance, deadlines, parties, receipts, secrets_once
from requests.case_file import offered
from requests.clock import Kind
from requests.item_needs import needs_member_authorisation
from requests.lifecycle import UNACCEPTED, Refused, refusal
from requests.materials import still_to_come
from requests.models import ServiceRequest
from requests.next_steps import next_steps
from requests.permissions import get_visible, sees_in_full
from requests.reasons import KIND_NAMES, say_amount, say_date, say_moment
from requests.visiting import earlier_open_cases
from services.saying import group_phone

S = ServiceRequest.Status
RELATED = ("edition", "applicant", "intake_office", "holder", "first_asked", "visit")


def _load(request, number: str) -> ServiceRequest:
    case = get_visible(request.user, number, *RELATED)
    if not sees_in_full(request.user, case):
        raise PermissionDenied(_("Receipts are printed by the window that took the case in, or by the responsible office."))
    return case


@require_safe
def page(request, number: str) -> HttpResponse:
    """Shows the secret as long as no receipt was printed with it; afterwards says where it is, if anywhere, and how to get a new one."""
    return _show(request, _load(request, number))


def _show(request, case: ServiceRequest, sentence: str = "", status: int = 200) -> HttpResponse:
    prints = receipts.prints_of(case)
    missing = still_to_come(case)
    lacking = before_acceptance.lacking(case) if case.status in UNACCEPTED else []
    held = rights(request.user)
    secret = secrets_once.peek(request, case)
    return render(
        request,
        "requests/intake/receipt.html",
        {
            "case": case,
            "sentence": sentence,
            "secret": secret,
            "waits_for": None if secret else secrets_once.waits_for(request, case),
            "may_renew": not refusal("renew_secret", case, request.user),
            "prints": [{"at": say_moment(timezone.localtime(row.at)), "by": row.by, "layout": row.layout} for row in prints],
            "received_at": say_moment(timezone.localtime(case.received_at)) if case.status != S.AT_VILLAGE else "",
            "village_received_at": say_moment(timezone.localtime(case.village_received_at)) if case.village_received_at else "",
            "accepted_at": say_moment(timezone.localtime(case.accepted_at)) if case.accepted_at else "",
            "dates": _dates(case),
            "missing": receipts.missing(case, missing),
            "steps": next_steps(case, missing),
            "earlier": list(earlier_open_cases(case, request.user)[:3]),
            "household": parties.open_in_household(case, request.user),
            "asks_household": _asks_household(case, request.user),
            "asks_authorisation": case.edition_id is not None and needs_member_authorisation(case.edition),
            "may_take_in": held.has(TAKE_IN, case.intake_office_id),
            "lacking": [(sentence, offered(case, request.user, verb)) for verb, sentence in lacking],
            "may_accept": not missing and not lacking and not refusal("accept", case, request.user),
            "to_call": _to_call(case, request.user),
            "may_correct": not refusal("correct", case, request.user),
            "may_change_item": not refusal("change_item", case, request.user),
        },
        status=status,
    )


def _to_call(case: ServiceRequest, user) -> str:
    """即办件 taken in at another window: who comes and does it now, while the person waits; "" where this window does it, and later."""
    is_now = case.is_open and case.due_kind == ServiceRequest.DueKind.ON_THE_SPOT
    if not is_now or rights(user).has(HANDLE, case.office_id):
        return ""
    card = getattr(case.holder, "official", None) if case.holder_id else None
    phone = (card.duty_phone if card else "") or case.office.phone
    who = f"{case.office} · {case.holder}" if case.holder_id else str(case.office)
    return _("The person waits: call %(who)s, %(phone)s, who does it now.") % {"who": who, "phone": group_phone(phone)}


def _asks_household(case: ServiceRequest, user) -> bool:
    """Once it is taken down, or said that the person lives alone, the receipt asks no more."""
    is_asked = case.has_checklist and case.edition.is_household and not refusal("note_household", case, user)
    return is_asked and not parties.is_household_told(case)


def _dates(case: ServiceRequest) -> list[dict]:
    """Each limit that runs: its name, the day, the reasons line by line."""
    if case.due_kind == ServiceRequest.DueKind.ON_THE_SPOT and case.is_open:
        return [{"name": _("To be finished on the spot"), "day": say_date(case.due_on)}]
    return [
        {
            "name": KIND_NAMES[str(due.limit.kind)],
            "day": say_moment(timezone.localtime(due.due_at)) if due.by_hours else say_date(due.due_on),
            "amount": say_amount(due.limit.value, due.limit.unit),
            "provisional": due.provisional,
            "reasons": sentences,
            "is_main": due.limit.kind == Kind.PROMISED,
        }
        for due, sentences in deadlines.reasons(case)
    ]


@require_http_methods(["GET", "HEAD", "POST"])
def pdf(request, number: str) -> HttpResponse:
    """Printing is counted and ends the secret, so it is a POST; whoever follows the bare address gets the page with the buttons."""
    case = _load(request, number)
    if request.method != "POST":
        return redirect(f"/desk/{case.number}/receipt/")
    layout = request.POST.get("layout") or request.GET.get("layout") or "a5"
    secret = secrets_once.peek(request, case)
    try:
        content = receipts.issue(
            case,
            layout=layout,
            secret=secret,
            track_url=request.build_absolute_uri(f"/track/?number={case.number}"),
            by=request.user,
            now=timezone.now(),
        )
    except (Refused, SheetNotPrinted) as trouble:
        return _show(request, case, str(trouble), 422)
    secrets_once.take(request, case)
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{case.number}-{layout}.pdf"'}
    )
