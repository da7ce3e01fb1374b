"""To an office and a named person: the holder of the post, or the deputy while the holder is away (AB岗)."""

from datetime import datetime

from officials.models import Office, Post, User
from officials.permissions import HANDLE
from officials.staffing import standing
from requests.models import Assignment, ServiceRequest
from services.models import Edition

Why = Assignment.Why


def responsible(edition: Edition | None, office: Office, now: datetime) -> tuple[User | None, str]:
    """Who gets a new case of this edition (or, without one, of this office), and why."""
    post = _post_of(edition) if edition is not None and edition.post_id else _first_post(office)
    if post is None:
        return None, Why.POST
    found = standing(post, now)
    return found.actor, Why.DEPUTY if found.is_deputy else Why.POST


def write_assignment(case: ServiceRequest, why: str, *, by: User, now: datetime) -> None:
    """The row that says who holds the case from now on."""
    Assignment.objects.create(service_request=case, office_id=case.office_id, holder_id=case.holder_id, why=why, at=now, by=by)


def people_of(office: Office) -> list[User]:
    """Who can be given a case of this office: active people who may handle its cases."""
    granted = User.objects.filter(
        officeuserobjectpermission__permission__codename=HANDLE, officeuserobjectpermission__content_object=office, is_active=True
    )
    return list(granted.distinct().order_by("staff_no"))


def _post_of(edition: Edition) -> Post:
    """Read fresh: the edition may come from memory, and a post changes hands from one minute to the next."""
    return Post.objects.select_related("holder", "deputy").get(pk=edition.post_id)


def _first_post(office: Office) -> Post | None:
    return (
        Post.objects.filter(office=office, closed_on__isnull=True, holder__isnull=False)
        .select_related("holder", "deputy")
        .order_by("code")
        .first()
    )
