"""The page of one case, its personal data on asking, and the copy for the upper system."""

from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from officials import staffing
from officials.audit import verb
from officials.calendar import calendar_for
from officials.models import AccessRecord
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from requests import case_file, deadlines, persons, receipts, special, timeline, upper_copy, worklist
from requests.archive.panel import panel as archive_panel
from requests.clock import Due, Kind
from requests.county import lists as county_lists
from requests.demands.panel import demand_panel, mediation_panel
from requests.documents.panel import panel as documents_panel
from requests.forms.acts import NoteUpperNumber
from requests.forms.reveal import RevealForm
from requests.joint import lists as joint_lists
from requests.materials import checklist, seen_once
from requests.models import Event, ServiceRequest
from requests.panels import Build, panels_of
from requests.particulars_panel import particulars_panel
from requests.people_panel import people_of
from requests.permissions import Who, get_visible, is_who, sees_in_full, sees_whole, visible
from requests.reasons import say_date
from requests.steps_panel import panel as steps_panel
from requests.supplement.panel import panel as supplement_panel
from requests.views import public_notice, village
from requests.views.opening import say_where
from requests.views.refusing import refused_page
from services.models import Edition
from services.views.public_item import item_context

S = ServiceRequest.Status
PER_PAGE = 50
# What is signed for and answered, where an application is accepted and decided.
ASKED = (ServiceRequest.Kind.DEMAND, ServiceRequest.Kind.ORDER, ServiceRequest.Kind.UNSOLVED)
# What the rooms show of a case, in this order.
PANELS: tuple[Build, ...] = (
    demand_panel, mediation_panel,
    people_of, village.panel, particulars_panel, steps_panel,
    supplement_panel, special.panel, joint_lists.panel, joint_lists.visits_panel, county_lists.panel,
    public_notice.panel,
    documents_panel, archive_panel,
)  # fmt: skip
SHOWN = (
    "item", "edition__item", "edition__post__holder", "edition__post__deputy", "holder__official", "first_asked", "intake_office",
    "village", "applicant", "earlier_case", "accepted_by", "decided_by",
    "late_notice",
)  # fmt: skip


@never_cache
@require_safe
def case_page(request, number):
    now = timezone.now()
    case = get_visible(request.user, number, *SHOWN)
    deadlines.read_rows(case)
    context = _head(case, now)
    if not sees_whole(request.user, case):
        return render(request, "requests/case/first_asked.html", context)
    lines = checklist(case)
    events = list(Event.objects.filter(service_request=case).select_related("by").order_by("id"))
    context |= {
        "person": persons.masked(case),
        "may_reveal": sees_in_full(request.user, case) and not case.anonymised_at,
        "receipt_is_outdated": _receipt_is_outdated(case, events),
        "may_audit": rights(request.user).has(INSPECT, case.office_id),
        "may_give_back": is_who(request.user, Who.DESK, case),
        "may_tell_undone": rights(request.user).has(TAKE_IN),
        "held_by": _held_by(case, now),
        "lines": seen_once(lines),
        "moves": case_file.moves(case, request.user, lines, now),
        "entries": timeline.timeline(case, events, lines, now),
        "panels": panels_of(case, request.user, now, PANELS),
        "linked": _linked(request.user, case),
        "received": case_file.moment(case.received_at) if case.status != S.AT_VILLAGE else "",
        "village_received": case_file.moment(case.village_received_at),
        "accepted": case_file.moment(case.accepted_at),
    }
    return render(request, "requests/case/case.html", context)


def _head(case: ServiceRequest, now) -> dict:
    """State and dates: all that anybody who may see the case at all is shown."""
    light = deadlines.light_of(case, now, calendar_for(case.township_id))
    reasons = deadlines.reasons(case)
    why = [{"due": due, "date": say_date(due.due_on), "lines": lines} for due, lines in reasons]
    provisional = {due.limit.kind for due, _ in reasons if due.provisional}
    return {
        "case": case,
        "is_asked": case.kind in ASKED,
        "status": worklist.status_words(case),
        "light": light.colour.value if light else "none",
        "light_text": light.text if light else "",
        "due": deadlines.say_due_at(case),
        "late": deadlines.say_late(case, now),
        "promised": say_date(case.promised_on) if case.promised_on else "",
        "promised_is_provisional": Kind.PROMISED in provisional,
        "legal": say_date(case.legal_on) if case.legal_on else "",
        "check": next((one["date"] for one in why if one["due"].limit.kind == Kind.ACCEPTANCE_CHECK != case.due_kind), ""),
        "due_original": _due_original(case, [due for due, _lines in reasons]),
        "original": deadlines.say_original(case),
        "legal_is_provisional": Kind.LEGAL in provisional,
        "why": why,
    }


def _due_original(case: ServiceRequest, dues: list[Due]) -> str:
    """The original day of the limit the due date is of; that of what was promised stands beside the promise."""
    if case.due_kind in (Kind.PROMISED, Kind.LEGAL, Kind.ANSWER):
        return ""
    moved = [due for due in dues if due.limit.kind == case.due_kind and due.original_due_on != due.due_on == case.due_on]
    return say_date(moved[0].original_due_on) if moved else ""


@never_cache
@require_safe
def text(request, number):
    """The item as it stood when the case was logged: what was promised then holds, whatever is published now."""
    case = get_visible(request.user, number, "edition__item")
    if not sees_whole(request.user, case):
        return refused_page(request, case)
    if case.edition_id is None:
        raise Http404
    published = Edition.objects.published().filter(item_id=case.item_id).values_list("number", flat=True).first()
    context = item_context(case.edition, case.edition.item.code, request.LANGUAGE_CODE)
    return render(request, "requests/case/text.html", context | {"case": case, "published": published})


@dataclass(frozen=True)
class HeldBy:
    """The person who answers for the case, and who stands in while that person is out."""

    name: str
    phone: str
    where: str
    deputy: str


def _held_by(case: ServiceRequest, now) -> HeldBy | None:
    if case.holder is None:
        return None
    away = staffing.whereabouts([case.holder_id], now).get(case.holder_id)
    post = case.edition.post if case.edition_id else None
    deputy = post.deputy.name if post and post.deputy and post.deputy_id != case.holder_id else ""
    card = getattr(case.holder, "official", None)
    return HeldBy(case.holder.name, (card.duty_phone if card else "") or case.office.phone, say_where(away), deputy)


def _receipt_is_outdated(case: ServiceRequest, events: list[Event]) -> bool:
    """Was the person or the item put right after the last receipt was printed? Then the resident holds a wrong paper."""
    changed = [event.at for event in events if event.verb in ("correct", "change_item")]
    prints = receipts.prints_of(case)[:1] if changed and case.is_open else []
    return bool(prints) and prints[0].at < changed[-1]


def _linked(user, case: ServiceRequest) -> list[ServiceRequest]:
    """Earlier and later cases of the same matter and those of the same visit, as far as the reader may know of them."""
    same = Q(earlier_case=case)
    if case.earlier_case_id:
        same |= Q(pk=case.earlier_case_id)
    if case.visit_id:
        same |= Q(visit_id=case.visit_id)
    return list(visible(user).filter(same).exclude(pk=case.pk).only("number", "kind", "status").order_by("id")[:20])


# -- personal data in full --------------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request, number):
    """The applicant in full: once, for a reason, with a line in the record of looks."""
    now = timezone.now()
    case = get_visible(request.user, number, "edition", "applicant", "village")
    return _in_full(request, case, now, "requests/case/reveal.html", RevealForm(request.POST or None), {})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy_out(request, number):
    """The fields of the case in the order of the upper system; masked until somebody says what for."""
    now = timezone.now()
    case = get_visible(
        request.user, number, "item", "edition", "applicant", "village", "holder", "intake_office", "accepted_by"
    )
    if not sees_whole(request.user, case):
        return refused_page(request, case)
    form = RevealForm(request.POST or None, initial={"reason": "upper"})
    lines = checklist(case)
    context = {
        "fields": upper_copy.copy_out(case, persons.masked(case), lines),
        "lines": lines,
        "upper_form": NoteUpperNumber(case=case, user=request.user, now=now),
        "may_reveal": sees_in_full(request.user, case) and not case.anonymised_at,
    }
    if request.method != "POST":
        return render(request, "requests/case/copy_out.html", {"case": case, "form": form, **context})
    return _in_full(request, case, now, "requests/case/copy_out.html", form, context)


def _in_full(request, case: ServiceRequest, now, template: str, form: RevealForm, context: dict):
    """Refuse, or ask for the reason, or log the look and show it in this one answer."""
    if not sees_in_full(request.user, case) or case.anonymised_at:
        return refused_page(request, case)
    context = {"case": case, "form": form, **context}
    if request.method != "POST":
        return render(request, template, context)
    if not form.is_valid():
        return render(request, template, context, status=422)
    _log_the_look(case, form.reason_in_the_log(), by=request.user, now=now)
    person = upper_copy.in_full(case, persons.person_of(case))
    context |= {"person": person, "others": upper_copy.others_in_full(case)}
    if "fields" in context:
        context["fields"] = upper_copy.copy_out(case, person, context["lines"])
    return render(request, template, context)


def _log_the_look(case: ServiceRequest, reason: str, *, by, now) -> None:
    subject = f"case:{case.pk}"
    with verb("reveal", by=by, now=now, subject=subject, reason=reason):
        AccessRecord.objects.create(at=now, by=by, what=AccessRecord.What.REVEAL, subject=subject, reason=reason)


# -- double entry -----------------------------------------------------------------------------------------------


@require_safe
def without_upper_number(request):
    """Cases that still have to be entered in the upper system, the oldest first."""
    now = timezone.now()
    held = rights(request.user)
    mine = Q(office_id__in=held.where(HANDLE, HEAD, SUPERVISE)) | Q(intake_office_id__in=held.where(TAKE_IN))
    found = (
        visible(request.user)
        .filter(mine, upper_number="", kind=ServiceRequest.Kind.APPLICATION, origin__in=ENTERED_HERE)
        .exclude(status__in=[S.VOIDED, S.WITHDRAWN, S.DEEMED_WITHDRAWN, S.TERMINATED, S.NOT_OURS, S.INTAKE_REFUSED])
        .select_related("edition", "key", "holder", "office")
        .only(*worklist.ROW)
        .order_by("received_at", "id")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": worklist.rows(request.user, page.object_list, now), "total": page.paginator.count}
    return render(request, "requests/case/without_upper_number.html", context)


ENTERED_HERE = (ServiceRequest.Origin.LIVE, ServiceRequest.Origin.SLIP)
