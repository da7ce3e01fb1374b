"""Somebody leaves: the account is closed at once, and what the person held falls to the deputy of the post, else to the head.

Nobody who holds cases vanishes silently: the administration closes an account by this verb alone (domain 14, no. 17).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from officials import versions
from officials.audit import together, verb
from officials.models import Office, OfficeUserObjectPermission, Post, User
from officials.permissions import HEAD
from requests import assigning
from requests.lifecycle import Refused, change
from requests.models import Assignment, ServiceRequest, Task


@dataclass(frozen=True)
class Falls:
    """So many cases or tasks of one office fall to this person; None: the office has neither deputy nor head."""

    office: str
    to: User | None
    count: int


def close_account(person: User, *, by: User, now: datetime) -> list[ServiceRequest]:
    """Disabled at once; each case and each task with a line of its own. Returns the cases that moved.

    Raises Refused for the own account, and for one that is closed already.
    """
    if not by.is_staff:
        raise Refused(_("Accounts are closed by the administration."))
    if person.pk == by.pk:
        raise Refused(_("Nobody closes the own account or the own way into the administration. Ask another administrator."))
    with together():
        with verb("close_account", by=by, now=now, subject=f"user:{person.pk}"):
            locked = User.objects.select_for_update().get(pk=person.pk)
            if not locked.is_active or locked.is_job:
                raise Refused(_("This account is closed already."))
            locked.is_active = False
            locked.save()
            versions.bump(versions.CATALOGUE)
        person.is_active = False
        cases = held_by(person)
        for case in cases:
            _move(case, person, by=by, now=now)
    return cases


def _move(case: ServiceRequest, person: User, *, by: User, now: datetime) -> None:
    with change("holder_left", case, by=by, now=now) as work:
        work.redate = False
        if work.case.holder_id == person.pk:
            work.case.holder = successor(work.case.office, _post(case), person)
            work.facts.update(before=person.pk, holder=work.case.holder_id)
            assigning.write_assignment(work.case, Assignment.Why.LEFT, by=by, now=now)
        tasks = Task.objects.select_for_update().filter(service_request=work.case, holder=person, status__in=Task.UNSETTLED)
        for task in tasks:
            task.holder = successor(task.office or work.case.office, None, person)
            task.save()
            work.facts.setdefault("tasks", []).append({"task": task.pk, "before": person.pk, "holder": task.holder_id})


def held_by(person: User) -> list[ServiceRequest]:
    """Everything that has not ended and that this person holds, or has an unsettled task in."""
    unended = ServiceRequest.objects.exclude(status__in=ServiceRequest.ENDED)
    task = Task.objects.filter(holder=person, status__in=Task.UNSETTLED).values("service_request")
    found = unended.filter(Q(holder=person) | Q(pk__in=task))
    return list(found.select_related("office", "edition__post__holder", "edition__post__deputy").order_by("id"))


def preview(person: User) -> list[Falls]:
    """To whom how much would go, by office."""
    found: dict[tuple[str, int | None], Falls] = {}
    for case in held_by(person):
        to = successor(case.office, _post(case), person)
        key = (case.office.name, to.pk if to else None)
        found[key] = Falls(case.office.name, to, (found[key].count if key in found else 0) + 1)
    return list(found.values())


def posts_of(person: User) -> list[Post]:
    """Open posts for which somebody else has to be named."""
    mine = Q(holder=person) | Q(deputy=person)
    return list(Post.objects.filter(mine, closed_on__isnull=True).select_related("office").order_by("office", "code"))


def _post(case: ServiceRequest) -> Post | None:
    return case.edition.post if case.edition_id else None


def successor(office: Office, post: Post | None, leaver: User) -> User | None:
    """The deputy of the post (or its holder, where the deputy leaves), else the head of the office or of the one above it."""
    of_post = [post.deputy, post.holder] if post is not None else []
    return next((one for one in (*of_post, *_heads(office)) if one is not None and one.is_active and one.pk != leaver.pk), None)


def _heads(office: Office | None) -> Iterable[User]:
    while office is not None:
        grants = OfficeUserObjectPermission.objects.filter(permission__codename=HEAD, content_object=office)
        for grant in grants.select_related("user").order_by("user__staff_no"):
            yield grant.user
        office = office.parent
