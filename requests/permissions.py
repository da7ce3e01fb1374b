"""Who may see a case and who may do what to it. One predicate serves list, detail, search, export and history.

Visible (design, decision 3): the office of the case is one of mine, or I was the first asked, or my reception window took
it in, or I inspect. First-asked people of another office see state and date only where the case is sensitive.
"""

from enum import StrEnum
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404

from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from requests.models import ServiceRequest


class Who(StrEnum):
    """Who a verb belongs to; the transition table names one of these for every move."""

    DESK = "desk"  # the window that took it in, or the office that handles it
    OFFICE = "office"  # an official of the office that handles it
    HEAD = "head"  # the head of that office
    LEAD = "lead"  # the head, or who supervises the office
    JOB = "job"  # a named job only


def visible_q(user: Any) -> Q:
    """The predicate as a filter on ServiceRequest. For nobody and disabled people it matches nothing."""
    held = rights(user)
    if not user.is_active or user.pk is None:
        return Q(pk__in=[])
    by_office = held.where(HANDLE, HEAD, SUPERVISE, INSPECT)
    return Q(office_id__in=by_office) | Q(intake_office_id__in=held.where(TAKE_IN)) | Q(first_asked_id=user.pk)


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
    if service_request.office_id in held.where(HANDLE, HEAD, SUPERVISE, INSPECT):
        return True
    if service_request.intake_office_id in held.where(TAKE_IN):
        return True
    return not is_sensitive(service_request)


def is_sensitive(service_request: ServiceRequest) -> bool:
    """The edition says which kinds of sensitive data the item touches (个人信息保护法 28)."""
    if service_request.edition is None:
        return False
    privacy = service_request.edition.privacy
    return bool(privacy.get("sensitive") or privacy.get("private") or privacy.get("confidential"))


def is_who(user: Any, who: Who, service_request: ServiceRequest) -> bool:
    """Whether this person is one of those a verb belongs to, for this case."""
    if user.is_job:
        return True
    held = rights(user)
    office_id, intake_id = service_request.office_id, service_request.intake_office_id
    match who:
        case Who.DESK:
            return held.has(TAKE_IN, intake_id) or held.has(HANDLE, office_id)
        case Who.OFFICE:
            return held.has(HANDLE, office_id)
        case Who.HEAD:
            return held.has(HEAD, office_id)
        case Who.LEAD:
            return office_id in held.where(HEAD, SUPERVISE)
        case _:
            return False


def may_take_in(user: Any, office_id: int) -> bool:
    """May log a case at this office's window."""
    return user.is_job or rights(user).has(TAKE_IN, office_id)


def sees_in_full(user: Any, service_request: ServiceRequest) -> bool:
    """May ask to see personal data in full (with a reason, which is logged): who works the case or took it in."""
    held = rights(user)
    return (
        held.has(TAKE_IN, service_request.intake_office_id)
        or service_request.office_id in held.where(HANDLE, HEAD, INSPECT)
    )
