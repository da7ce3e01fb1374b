"""Somebody is away: everything that waits, cases as well as tasks in the cases of others, goes to the deputy, and back (AB岗)."""

from collections.abc import Callable, Iterable
from datetime import datetime

from officials.models import Office, User
from requests import passing_on
from requests.joint import covering as tasks
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import ServiceRequest, Task


def hand_over(absent: User, *, office: Office, by: User, now: datetime) -> list[ServiceRequest | Task]:
    """To the deputies of the posts this person holds in the office. Returns what moved; Refused when nothing could."""
    waiting = tasks.waiting_of(absent, {office.pk})
    return _both(
        lambda: passing_on.hand_over(absent, office=office, by=by, now=now),
        waiting,
        lambda task, person: tasks.hand_over_task(task, person, by=by, now=now),
    )


def take_back(holder: User, *, office: Office, by: User, now: datetime) -> list[ServiceRequest | Task]:
    """What the deputies hold in the holder's place. Returns what moved; Refused while the holder is away."""
    held = [(task, holder) for task in tasks.held_for(holder, {office.pk})]
    return _both(
        lambda: passing_on.take_back(holder, office=office, by=by, now=now),
        held,
        lambda task, person: tasks.give_task_back(task, person, by=by, now=now),
    )


def _both(
    move_cases: Callable[[], list[ServiceRequest]], found: Iterable[tuple[Task, User]], give: Callable[[Task, User], None]
) -> list[ServiceRequest | Task]:
    """The cases first; one that was settled or given to somebody else this very moment keeps nothing else from going."""
    moved: list[ServiceRequest | Task] = []
    refused: Refused | None = None
    try:
        moved += move_cases()
    except Refused as refusal:
        refused = refusal
    for task, person in found:
        try:
            give(task, person)
        except AlreadyHandled:
            continue
        except Refused as refusal:
            refused = refusal
            continue
        moved.append(task)
    if refused is not None and not moved:
        raise refused
    return moved
