"""To an office and a named person: the holder of the post, or the deputy while the holder is away (AB岗)."""

from datetime import datetime

from django.db.models import Exists

from officials.models import Office, Post, User
from officials.permissions import HANDLE
from officials.staffing import standing
from requests.models import Assignment, ServiceRequest
from services.models import Edition

Why = Assignment.Why


def responsible(post: Post | None, office: Office, now: datetime) -> tuple[User | None, str]:
    """Who gets a new case of this post (or, without one, of this office), and why."""
    post = post or first_post(office)
    if post is None:
        return None, Why.POST
    found = standing(post, now)
    if found.third is not None and found.actor == found.third.person:
        return found.actor, Why.THIRD
    return found.actor, Why.DEPUTY if found.is_deputy else Why.POST


def post_of(edition: Edition) -> tuple[bool, Post | None]:
    """Is this text in force, and which post answers for it? Read fresh and in one query: the edition may come from memory,
    and an item is retired and a post changes hands from one minute to the next."""
    in_force = Edition.objects.published().filter(pk=edition.pk)
    if not edition.post_id:
        return in_force.exists(), None
    posts = Post.objects.select_related("holder", "deputy").annotate(answers_for_published=Exists(in_force))
    post = posts.get(pk=edition.post_id)
    return post.answers_for_published, post


def write_assignment(case: ServiceRequest, why: str, *, by: User, now: datetime) -> None:
    """The row that says who holds the case from now on."""
    Assignment.objects.create(service_request=case, office_id=case.office_id, holder_id=case.holder_id, why=why, at=now, by=by)


def people_of(office: Office) -> list[User]:
    """Who can be given a case of this office: active people who may handle its cases."""
    granted = User.objects.filter(
        officeuserobjectpermission__permission__codename=HANDLE, officeuserobjectpermission__content_object=office, is_active=True
    )
    return list(granted.distinct().order_by("staff_no"))


def first_post(office: Office) -> Post | None:
    """The post that answers for what belongs to no item: demands, questions."""
    return (
        Post.objects.filter(office=office, closed_on__isnull=True, holder__isnull=False)
        .select_related("holder", "deputy")
        .order_by("code")
        .first()
    )
