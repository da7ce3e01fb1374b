"""Rights and roles. A right is held on an office and covers the offices below it; there are no rights on single cases.

One query a request: `rights(user)` reads all grants of a person at once and is kept on the user object, which lives as
long as the request. Disabled people hold nothing (guardian would still answer for them).
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import FilteredRelation, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from officials.audit import verb
from officials.models import GrantEvent, Office, OfficeUserObjectPermission, StandIn, User
from officials.prepared import prepared

# Codename → meaning. The migration makes them permissions of Office; `check_codenames` proves it at start (guardian is
# silently False for a mistyped name).
TAKE_IN = "take_in"  # log walk-ins and calls, for the offices this one serves
HANDLE = "handle_cases"  # work the cases of the office
HEAD = "head_office"  # assign, void, approve for the office
SUPERVISE = "supervise"  # lists and ledgers of the office, urging
INSPECT = "inspect"  # audit trail and every case, behind the complaint wall
EDIT = "edit_catalogue"  # write drafts
PUBLISH = "publish_catalogue"  # review another's draft and publish it
CALENDAR = "edit_calendar"  # holidays and closures
AGENT = "log_for_village"  # 代办: log cases for residents of that village, on a mandate of theirs; no other right

RIGHTS = (TAKE_IN, HANDLE, HEAD, SUPERVISE, INSPECT, EDIT, PUBLISH, CALENDAR, AGENT)

ROLES: dict[str, tuple[str, ...]] = {
    "clerk": (TAKE_IN,),
    "official": (HANDLE, TAKE_IN),
    "head": (HANDLE, TAKE_IN, HEAD, SUPERVISE),
    "supervisor": (SUPERVISE, CALENDAR),
    "inspector": (INSPECT,),
    "editor": (EDIT,),
    "reviewer": (PUBLISH,),
    "agent": (AGENT,),
    "committee": (HANDLE,),  # 村（社区）两委: works what is sent to the village, takes in at no window
}

# What a third person at a post may do on its office, by what the head said.
SCOPES: dict[str | None, tuple[str, ...]] = {StandIn.Scope.HANDLE: ROLES["official"], StandIn.Scope.TAKE_IN: ROLES["clerk"]}


@dataclass(frozen=True)
class Rights:
    """What one person may do where: right → ids of offices, those below included."""

    offices: dict[str, frozenset[int]] = field(default_factory=dict)

    def where(self, *names: str) -> frozenset[int]:
        """Ids of the offices on which the person holds any of these rights."""
        return frozenset().union(*(self.offices.get(name, frozenset()) for name in names))

    def has(self, name: str, office_id: int | None = None) -> bool:
        held = self.offices.get(name, frozenset())
        return bool(held) if office_id is None else office_id in held


NOTHING = Rights()


def rights(user: Any) -> Rights:
    """The rights of this person now, read once per request object."""
    if not getattr(user, "is_active", False) or user.pk is None:
        return NOTHING
    kept = getattr(user, "_rights", None)
    if kept is None:
        kept = user._rights = _read(user)
    return kept


def _read(user: Any) -> Rights:
    """The whole tree of offices, each with what this person was granted on it: one query, never from memory.

    A third person at a post (`StandIn`) has the rights of an official on its office, or only takes in, until that time is over.
    """
    granted: dict[str, set[int]] = {}
    below: dict[int, set[int]] = {}
    for office_id, parent_id, scope, codename in _granted(user.pk, timezone.now()):
        for name in SCOPES.get(scope, ()):
            granted.setdefault(name, set()).add(office_id)
        if codename is not None:
            granted.setdefault(codename, set()).add(office_id)
        if parent_id is not None:
            below.setdefault(parent_id, set()).add(office_id)
    return Rights({name: _with_those_below(ids, below) for name, ids in granted.items()}) if granted else NOTHING


@prepared
def _granted(user_id: int, now: datetime) -> QuerySet:
    mine = FilteredRelation("officeuserobjectpermission", condition=Q(officeuserobjectpermission__user=user_id))
    third = StandIn.objects.filter(
        person=user_id, post__office=OuterRef("pk"), ends__isnull=True, ended__isnull=True, since__lte=now, until__gt=now
    )
    # "handle" stands before "take_in": of two posts of one office the wider one counts.
    offices = Office.objects.annotate(mine=mine, scope=Subquery(third.order_by("scope").values("scope")[:1]))
    return offices.order_by().values_list("pk", "parent_id", "scope", "mine__permission__codename")


def _with_those_below(ids: Collection[int], below: dict[int, set[int]]) -> frozenset[int]:
    found, todo = set(), list(ids)
    while todo:
        office_id = todo.pop()
        if office_id not in found:
            found.add(office_id)
            todo.extend(below.get(office_id, ()))
    return frozenset(found)


def permission(name: str) -> Permission:
    """The permission row of a right; made when missing, so that no migration order matters."""
    content_type = ContentType.objects.get_for_model(Office)
    row, _ = Permission.objects.get_or_create(codename=name, content_type=content_type, defaults={"name": name})
    return row


def grant(user: User, office: Office, name: str, *, by: User, now: datetime) -> None:
    """Give a right on an office, with its line in the record of rights. Giving it twice changes nothing."""
    if name not in RIGHTS:
        raise ValueError(f"no such right: {name}")
    with verb("grant", by=by, now=now, subject=f"user:{user.pk}"):
        _, new = OfficeUserObjectPermission.objects.get_or_create(
            user=user, permission=permission(name), content_object=office
        )
        if new:
            GrantEvent.objects.create(user=user, office=office, right=name, granted=True, at=now, by=by)
    user.__dict__.pop("_rights", None)


def revoke(user: User, office: Office, name: str, *, by: User, now: datetime) -> None:
    """Take a right away; it ends with the next request of that person."""
    with verb("revoke", by=by, now=now, subject=f"user:{user.pk}"):
        gone, _ = OfficeUserObjectPermission.objects.filter(
            user=user, permission__codename=name, content_object=office
        ).delete()
        if gone:
            GrantEvent.objects.create(user=user, office=office, right=name, granted=False, at=now, by=by)
    user.__dict__.pop("_rights", None)


def give_role(user: User, office: Office, role: str, *, by: User, now: datetime) -> None:
    """All rights of a role on one office."""
    for name in ROLES[role]:
        grant(user, office, name, by=by, now=now)


def holders(name: str, office: Office) -> list[User]:
    """Active people who hold a right on this office, on it or on one above it, by staff number."""
    line, above = [office.pk], office.parent
    while above is not None:
        line.append(above.pk)
        above = above.parent
    granted = OfficeUserObjectPermission.objects.filter(permission__codename=name, content_object__in=line)
    return list(User.objects.filter(is_active=True, pk__in=granted.values("user")).order_by("staff_no"))
