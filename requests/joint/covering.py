"""Tasks of somebody who is away: to whoever stands in at the post, each with its own line, and back (AB岗, domain 16.5).

A task somebody was given by name stays with that person; the others go with the post.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from officials import staffing
from officials.models import Office, Post, StandIn, User
from officials.permissions import HANDLE, HEAD, rights
from requests import assigning
from requests.joint.tasks import locked
from requests.lifecycle import AlreadyHandled, Refused, change
from requests.models import Event, Task

_BY_NAME = ("give_task", "holder_left")  # the head gave it to this person, or it fell to this person for good


def hand_over_task(task: Task, person: User, *, by: User, now: datetime) -> None:
    """One task to whoever stands in. Raises AlreadyHandled where it is over or was given to somebody meanwhile."""
    _pass_on("hand_over_task", task, person, by=by, now=now)


def give_task_back(task: Task, person: User, *, by: User, now: datetime) -> None:
    """One task back to the holder of the post, who is there again."""
    if person.pk in staffing.whereabouts([person.pk], now):
        raise Refused(_("%(name)s is away. The task stays where it is until then.") % {"name": person.name})
    _pass_on("give_task_back", task, person, by=by, now=now)


def give_back_from_third(task: Task, person: User, *, by: User, now: datetime) -> None:
    """One task from a third person to whoever answers at the post now."""
    _pass_on("give_task_back", task, person, by=by, now=now)


def _pass_on(name: str, task: Task, person: User, *, by: User, now: datetime) -> None:
    with change(name, task.service_request, by=by, now=now) as work:
        found = locked(work, task, Task.Status.OPEN)
        if not by.is_job and not rights(by).where(HANDLE, HEAD) & {found.office_id}:
            raise Refused(_("This task belongs to %(office)s.") % {"office": found.office})
        if found.holder_id != task.holder_id or found.holder_id == person.pk:
            raise AlreadyHandled(_("Somebody else was given this task meanwhile."))
        work.facts.update(task=found.pk, before=found.holder_id, holder=person.pk)
        work.redate = False
        found.holder = person
        found.save()


# -- which they are ---------------------------------------------------------------------------------------------


def waiting_of(person: User, offices: Collection[int]) -> list[tuple[Task, User]]:
    """The open tasks of this person in these offices, each with the deputy of the person's post there."""
    found = []
    for task in _open().filter(holder=person, office__in=offices):
        post = _posts(task.office).filter(holder=person).first()
        deputy = post.deputy if post is not None else None
        if deputy is not None and deputy.is_active and deputy.pk != person.pk:
            found.append((task, deputy))
    return found


def held_for(person: User, offices: Collection[int]) -> list[Task]:
    """The open tasks the deputies of this person's posts hold in the person's place."""
    posts = Post.objects.filter(holder=person, deputy__isnull=False, office__in=offices, closed_on__isnull=True)
    of_posts = Q(pk__in=[])
    for office_id, deputy_id in posts.values_list("office_id", "deputy_id"):
        of_posts |= Q(office=office_id, holder=deputy_id)
    return [task for task in _open().filter(of_posts).exclude(holder=person) if _came_from(task) in (None, person.pk)]


def held_by_thirds(people: Iterable[int]) -> list[Task]:
    """The open tasks these people hold because they stood in at a post of the office, and for no other reason."""
    stood = StandIn.objects.filter(person__in=list(people), ends__isnull=True)
    of_posts = Q(pk__in=[])
    for office_id, person_id in set(stood.values_list("post__office_id", "person_id").order_by()):
        of_posts |= Q(office=office_id, holder=person_id)
    return [task for task in _open().filter(of_posts) if _came_from(task) != task.holder_id]


def at_post(post: Post) -> QuerySet[Task]:
    """What waits at this post: held by its holder or its deputy, or by nobody where the post is the first of its office."""
    held = Q(holder__in=[pk for pk in (post.holder_id, post.deputy_id) if pk])
    if assigning.first_post(post.office) == post:
        held |= Q(holder=None)
    return _open().filter(held, office=post.office)


def _open() -> QuerySet[Task]:
    return Task.objects.filter(status=Task.Status.OPEN).select_related("service_request", "office", "holder", "step").order_by("id")


def _posts(office: Office | None) -> QuerySet[Post]:
    return Post.objects.filter(office=office, closed_on__isnull=True).select_related("deputy").order_by("code")


def _came_from(task: Task) -> int | None:
    """From whom it was handed over; None: it began with whoever stood in. Given by name: from the holder itself, so it stays."""
    names = ("hand_over_task", "give_task_back", *_BY_NAME)
    for event in Event.objects.filter(service_request=task.service_request_id, verb__in=names).order_by("-id"):
        if event.verb == "holder_left":
            if any(one.get("task") == task.pk for one in event.facts.get("tasks", ())):
                return task.holder_id
        elif event.facts.get("task") == task.pk:
            return task.holder_id if event.verb in _BY_NAME else event.facts.get("before")
    return None
