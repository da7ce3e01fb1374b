"""Who may see a case and who may do what to it. One predicate serves list, detail, search, export and history.

Visible (design, decision 3): the office of the case is one of mine, or I was the first asked, or my reception window took
it in, or my office has an open task in it, or a resident of my village gave me a mandate that is live, or I inspect.
First-asked people of another office see state and date only where the case is sensitive.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from officials.permissions import AGENT, HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from requests.models import CoHandling, Mandate, ServiceRequest, Task


class Who(StrEnum):
    """Who a verb belongs to; the transition table names one of these for every move."""

    DESK = "desk"  # the window that took it in, or the office that handles it
    OFFICE = "office"  # an official of the office that handles it
    HEAD = "head"  # the head of that office
    LEAD = "lead"  # the head, or who supervises the office
    NOTES = "notes"  # whoever works at it, or supervises the office
    TASK = "task"  # an official of an office that has an open task in it
    TASK_HEAD = "task_head"  # the head of such an office
    DISPATCH = "dispatch"  # the window that dispatches demands, or who supervises it
    FIRST = "first"  # whoever wrote it down and still takes in, or the dispatching window
    CENTRE = "centre"  # who supervises the window that dispatches demands
    CO = "co"  # an official of an office that takes part
    SOLVER = "solver"  # an official of the office, or who supervises the dispatching window; not whom it is about
    CALLER = "caller"  # the window that dispatches demands, or who supervises it; never who handled this one
    ADMINISTRATION = "administration"  # who opens the administration: only to pass on what a leaver held
    POSTER = "poster"  # an official of the office that handles it, or the agent of the village where the sheet hangs
    AGENT = "agent"  # the village agent whose mandate for this case is live
    JOB = "job"  # a named job only


def visible_q(user: Any) -> Q:
    """The predicate as a filter on ServiceRequest. For nobody and disabled people it matches nothing."""
    held = rights(user)
    if not user.is_active or user.pk is None:
        return Q(pk__in=[])
    by_office = held.where(HANDLE, HEAD, SUPERVISE, INSPECT)
    # What an agent logged is seen on the mandate alone, and only to the end: to have been asked first is not enough.
    asked_first = Q(first_asked_id=user.pk, village_received_at__isnull=True)
    found = Q(office_id__in=by_office) | Q(intake_office_id__in=held.where(TAKE_IN)) | asked_first
    task_offices = held.where(HANDLE, HEAD)
    if task_offices:
        open_there = Task.objects.filter(status=Task.Status.OPEN, office_id__in=task_offices)
        found |= Q(pk__in=open_there.order_by().values("service_request_id"))
        asked_along = CoHandling.objects.filter(office_id__in=task_offices)
        found |= Q(pk__in=asked_along.order_by().values("service_request_id"))
    villages = held.where(AGENT)
    if villages:
        found |= Q(pk__in=_live_mandates(user).order_by().values("service_request_id"), village_id__in=villages)
    return found & not_about(user)


def not_about(user: Any) -> Q:
    """What is about a person or about an office is not for that person and not for those who work there (domain 14, no. 9)."""
    return kept_apart(user.pk, user.office_id)


def kept_apart(user_id: int, office_id: int | None) -> Q:
    """`not_about` by keys, for queries that are put together once (`officials.prepared`)."""
    found = Q(kept_from__isnull=True) | ~Q(kept_from_id=user_id)
    if office_id is not None:
        found &= Q(kept_from_office__isnull=True) | ~Q(kept_from_office_id=office_id)
    return found


def _live_mandates(user: Any) -> QuerySet[Mandate]:
    """The day is asked here and not handed in: every list and every page goes through this predicate, whatever it is about."""
    return Mandate.objects.live(timezone.localdate()).filter(agent_id=user.pk)


def acts_for(user: Any, service_request: ServiceRequest) -> bool:
    """Is this person the village agent of this case now: of the own village, on a mandate that is live, while the case goes on?"""
    if service_request.village_id not in rights(user).where(AGENT):
        return False
    return _live_mandates(user).filter(service_request=service_request.pk).exists()


def logs_for(user: Any, village_id: int | None) -> bool:
    """May log cases for residents of this village as its agent."""
    return village_id is not None and rights(user).has(AGENT, village_id)


def hangs_in(user: Any, village_id: int | None) -> bool:
    """Hangs the sheets of this village on its board and takes them down: its agent (domain 16.3)."""
    return logs_for(user, village_id)


def visible(user: Any) -> QuerySet[ServiceRequest]:
    """The cases this person may know about."""
    return ServiceRequest.objects.filter(visible_q(user))


def get_visible(user: Any, number: str, *related: str) -> ServiceRequest:
    """The loader is the permission check: missing and invisible are the same 404."""
    case = visible(user).filter(number=number).select_related("township", "office", "key", *related).first()
    if case is None:
        raise Http404
    return case


def sees_whole(user: Any, service_request: ServiceRequest) -> bool:
    """False for somebody who only was the first asked, where the item touches health, children or hardship."""
    held = rights(user)
    if service_request.kind == ServiceRequest.Kind.MEDIATION:
        return service_request.office_id in held.where(HANDLE, HEAD)
    if service_request.office_id in held.where(HANDLE, HEAD, SUPERVISE, INSPECT):
        return True
    if service_request.intake_office_id in held.where(TAKE_IN):
        return True
    if not is_sensitive(service_request) or _has_a_part(held.where(HANDLE, HEAD), service_request):
        return True
    return acts_for(user, service_request)


def _has_a_part(offices: frozenset[int], service_request: ServiceRequest) -> bool:
    return bool(offices) and bool(offices & task_offices(service_request))


def tasks_of(service_request: ServiceRequest) -> list[Task]:
    """The tasks of a case in their order, read once for each object."""
    kept = service_request.__dict__.get("_tasks")
    if kept is None:
        found = Task.objects.filter(service_request=service_request.pk)
        kept = service_request.__dict__["_tasks"] = list(found.select_related("step", "office", "holder", "ended_by"))
    return kept


def read_tasks_along(cases: Iterable[ServiceRequest]) -> None:
    """The tasks of many cases in one query, so that a list may ask `sees_whole` row by row."""
    waiting = {case.pk: case for case in cases if "_tasks" not in case.__dict__}
    for case in waiting.values():
        case.__dict__["_tasks"] = []
    if waiting:
        for task in Task.objects.filter(service_request__in=list(waiting)).select_related("step", "office", "holder", "ended_by"):
            waiting[task.service_request_id].__dict__["_tasks"].append(task)


def task_offices(service_request: ServiceRequest) -> frozenset[int]:
    """The offices that have an open task in this case: while it is open they see the case, and no longer."""
    return frozenset(task.office_id for task in tasks_of(service_request) if task.is_open and task.office_id)


def is_sensitive(service_request: ServiceRequest) -> bool:
    """The edition says which kinds of sensitive data the item touches (个人信息保护法 28)."""
    if service_request.edition is None:
        return service_request.kind == ServiceRequest.Kind.MEDIATION
    privacy = service_request.edition.privacy
    return bool(privacy.get("sensitive") or privacy.get("private") or privacy.get("confidential"))


def is_who(user: Any, who: Who, service_request: ServiceRequest) -> bool:
    """Whether this person is one of those a verb belongs to, for this case."""
    if user.is_job or who == Who.AGENT:
        return user.is_job or acts_for(user, service_request)
    held = rights(user)
    office_id, intake_id = service_request.office_id, service_request.intake_office_id
    match who:
        case Who.DESK | Who.NOTES:
            return _is_at_the_desk(user, service_request) if who == Who.DESK else _may_note(user, service_request)
        case Who.OFFICE | Who.POSTER:
            return held.has(HANDLE, office_id) or (who == Who.POSTER and hangs_in(user, service_request.village_id))
        case Who.HEAD:
            return held.has(HEAD, office_id)
        case Who.LEAD:
            return office_id in held.where(HEAD, SUPERVISE)
        case Who.TASK | Who.TASK_HEAD:
            return _has_a_part(held.where(HANDLE if who == Who.TASK else HEAD), service_request)
        case Who.DISPATCH | Who.FIRST:
            dispatches = intake_id in held.where(TAKE_IN, SUPERVISE)
            return dispatches or (who == Who.FIRST and _wrote_it_down(user, service_request))
        case Who.CENTRE:
            return held.has(SUPERVISE, intake_id)
        case Who.CO:
            offices = held.where(HANDLE)
            return bool(offices) and service_request.co_handlings.filter(office_id__in=offices).exists()
        case Who.ADMINISTRATION:
            return user.is_active and user.is_staff
        case Who.SOLVER | Who.CALLER:
            return service_request.kept_from_id != user.pk and _solves_or_calls(user, who, service_request)
        case _:
            return False


def _is_at_the_desk(user: Any, service_request: ServiceRequest) -> bool:
    held = rights(user)
    return held.has(TAKE_IN, service_request.intake_office_id) or held.has(HANDLE, service_request.office_id)


def _may_note(user: Any, service_request: ServiceRequest) -> bool:
    """An order was written down at no window: of those only the office that has it, and who supervises it."""
    if service_request.office_id in rights(user).where(HANDLE, SUPERVISE):
        return True
    return service_request.kind != ServiceRequest.Kind.ORDER and _is_at_the_desk(user, service_request)


def _solves_or_calls(user: Any, who: Who, service_request: ServiceRequest) -> bool:
    """回访人与承办人不同 (domain 7.4): who holds it and who answered it do not ask how it is judged."""
    held = rights(user)
    if who == Who.SOLVER:
        return held.has(HANDLE, service_request.office_id) or held.has(SUPERVISE, service_request.intake_office_id)
    handled = (service_request.holder_id, service_request.decided_by_id)
    is_about_mine = service_request.kept_from_office_id is not None and service_request.kept_from_office_id == user.office_id
    # 办不成事: no window knows of it, and the head of the centre often handles it alone; then the supervision post asks.
    callers = (SUPERVISE, INSPECT) if service_request.kind == ServiceRequest.Kind.UNSOLVED else (TAKE_IN, SUPERVISE)
    return not is_about_mine and user.pk not in handled and service_request.intake_office_id in held.where(*callers)


def heads_the_centre(user: Any, office_id: int) -> bool:
    """Who supervises the dispatching window: designates, issues orders (交办单), sets the limits of demands."""
    return user.is_job or rights(user).has(SUPERVISE, office_id)


def _wrote_it_down(user: Any, service_request: ServiceRequest) -> bool:
    """Was the first asked, still takes in, and does not belong to the office it is about."""
    is_first = service_request.first_asked_id == user.pk and rights(user).has(TAKE_IN)
    return is_first and (user.office_id is None or service_request.kept_from_office_id != user.office_id)


def may_take_in(user: Any, office_id: int) -> bool:
    """May log a case at this office's window."""
    return user.is_job or rights(user).has(TAKE_IN, office_id)


def sees_in_full(user: Any, service_request: ServiceRequest) -> bool:
    """May ask to see personal data in full (with a reason, which is logged): who works the case or took it in."""
    held = rights(user)
    if service_request.kind == ServiceRequest.Kind.MEDIATION:
        return held.has(HANDLE, service_request.office_id)
    if service_request.kind == ServiceRequest.Kind.UNSOLVED and held.has(SUPERVISE, service_request.intake_office_id):
        return True  # 办不成事: the head of the centre handles it, and has to call the person
    return (
        held.has(TAKE_IN, service_request.intake_office_id)
        or service_request.office_id in held.where(HANDLE, HEAD, INSPECT)
        or _has_a_part(held.where(HANDLE), service_request)
        or acts_for(user, service_request)
    )
