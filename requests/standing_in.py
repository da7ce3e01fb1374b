"""A、B角都不在: the head names a third person for the post on the spot, for how long and with which powers (domain 16.5).

New and waiting work goes to the third person, each case with its own line, and back when it ends: because the time is over,
because the head ends it, or because holder or deputy are there again. No date moves; papers bear the name of who acted.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import partial

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from officials import staffing, versions
from officials.audit import together, verb
from officials.calendar import calendar_for
from officials.models import Office, Post, StandIn, User
from officials.permissions import HEAD, SUPERVISE, rights
from officials.privacy.keys import keyring
from requests import assigning
from requests.joint import covering as tasks
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Assignment, ServiceRequest, Task
from requests.passing_on import coverable, pass_on, pass_on_each
from requests.reasons import say_date, say_moment

# Longer than this a post is not covered on the spot any more: whoever supervises the office above has to see it, or the
# post gets another holder. The centre's own measure, no law.
LONGEST = 15  # working days


def name_third(
    post: Post, person: User, *, until: datetime, scope: str, why: str, by: User, now: datetime
) -> list[ServiceRequest]:
    """Name the third person; the waiting cases of the post go there, unless the person may only take in. Returns those.

    Raises Refused for whoever does not head the office and for what may not be; AlreadyHandled where a third is named already.
    """
    _check_head(post, by)
    if not why.strip():
        raise Refused(_("Write down why holder and deputy are both away."))
    with together():
        with verb("name_third", by=by, now=now, subject=f"post:{post.pk}"):
            locked = _locked(post)
            _check_post(locked, now)
            _check_person(locked, person, now)
            _check_time(locked, until, by, now)
            sealed = keyring().wrap(why.strip().encode())
            StandIn.objects.create(post=locked, person=person, since=now, until=until, scope=scope, why=sealed, at=now, by=by)
            versions.bump(versions.CATALOGUE)
        return _to_third(locked, person, by=by, now=now) if scope == StandIn.Scope.HANDLE else []


def end_third(row: StandIn, *, by: User, now: datetime) -> list[ServiceRequest]:
    """End it before its time; the cases go back at once. Raises AlreadyHandled for what is over."""
    _check_head(row.post, by)
    with together():
        _end(row, by=by, now=now)
        _tasks_back([row.person_id], by=by, now=now)
        return _back(_held_by_thirds([row.person_id]).filter(holder=row.person), by=by, now=now)


def settle(now: datetime) -> int:
    """End what is not needed any more, give back what a third person holds past the time. Returns how many cases went back."""
    rows = list(staffing.in_force(now).select_related("post__holder", "post__deputy", "person"))
    standings = staffing.standings([row.post for row in rows], now)
    for row in rows:
        found = standings[row.post_id]
        if found.third is None and not found.is_empty:  # holder or deputy is there again
            with suppress(AlreadyHandled):  # the head was faster
                _end(row, by=User.objects.job("tick"), now=now)
    people = set(StandIn.objects.values_list("person_id", flat=True).order_by())
    if not people:
        return 0
    with together():
        job = User.objects.job("tick")
        return len(_back(_held_by_thirds(people), by=job, now=now)) + len(_tasks_back(people, by=job, now=now))


def is_head_of(user: User, post: Post) -> bool:
    return rights(user).has(HEAD, post.office_id)


def may_stand_in(post: Post) -> QuerySet[User]:
    """Staff of the same township who still work here, apart from holder and deputy. Village agents do not sit at the centre."""
    people = User.objects.filter(is_active=True, is_job=False, office__township_id=post.office.township_id)
    mine = [pk for pk in (post.holder_id, post.deputy_id) if pk]
    return people.exclude(pk__in=mine).exclude(office__kind__in=(Office.Kind.VILLAGE, Office.Kind.COUNTY)).order_by("staff_no")


def empty_posts(user: User, now: datetime) -> list[Post]:
    """Open posts of the offices this person heads where neither holder nor deputy is, and nobody was named."""
    posts = list(staffing.open_posts().filter(office_id__in=rights(user).where(HEAD)))
    found = staffing.standings(posts, now)
    return [post for post in posts if found[post.pk].is_empty]


def why_of(row: StandIn) -> str:
    return keyring().unwrap(row.why).decode() if row.why else ""


# -- what may not be --------------------------------------------------------------------------------------------


def _check_head(post: Post, by: User) -> None:
    if not by.is_job and not is_head_of(by, post):
        raise Refused(_("A third person is named by the head of the office."))


def _locked(post: Post) -> Post:
    """Two heads at once: the second finds what the first wrote."""
    return Post.objects.select_for_update(of=("self",)).select_related("office", "holder", "deputy").get(pk=post.pk)


def _check_post(post: Post, now: datetime) -> None:
    found = staffing.standing(post, now)
    if found.third is not None:
        said = {"name": found.third.person.name, "until": say_moment(timezone.localtime(found.third.until))}
        raise AlreadyHandled(_("%(name)s stands in there until %(until)s. End that first.") % said)
    if post.closed_on is not None or not found.is_empty:
        raise Refused(_("Holder or deputy is at this post: no third person is needed."))


def _check_person(post: Post, person: User, now: datetime) -> None:
    if person.pk in staffing.whereabouts([person.pk], now):
        raise Refused(_("%(name)s is away too. Name somebody who is here.") % {"name": person.name})
    if not may_stand_in(post).filter(pk=person.pk).exists():
        raise Refused(_("%(name)s does not work for this township, or the account is closed.") % {"name": person.name})


def _check_time(post: Post, until: datetime, by: User, now: datetime) -> None:
    if until <= now:
        raise Refused(_("The end lies before the beginning."))
    last = calendar_for(post.office.township_id).add(timezone.localdate(now), LONGEST)
    if timezone.localdate(until) > last and not rights(by).has(SUPERVISE, post.office.parent_id or post.office_id):
        said = {"n": LONGEST, "last": say_date(last)}
        raise Refused(_("At most %(n)s working days, until %(last)s: longer only by whoever supervises the centre.") % said)


def _end(row: StandIn, *, by: User, now: datetime) -> None:
    with verb("end_third", by=by, now=now, subject=f"post:{row.post_id}"):
        _locked(row.post)
        if row.until <= now or StandIn.objects.filter(ends=row).exists():
            raise AlreadyHandled(_("It has ended already."))
        StandIn.objects.create(
            post=row.post, person=row.person, since=row.since, until=now, scope=row.scope, ends=row, at=now, by=by
        )
        versions.bump(versions.CATALOGUE)


# -- there and back ---------------------------------------------------------------------------------------------


def _to_third(post: Post, person: User, *, by: User, now: datetime) -> list[ServiceRequest]:
    of_post = Q(edition__post=post)
    if assigning.first_post(post.office) == post:
        of_post |= Q(edition=None, office=post.office)
    held = Q(holder=None) | Q(holder__in=[pk for pk in (post.holder_id, post.deputy_id) if pk])
    about = Q(kept_from=person) | Q(kept_from_office=person.office_id, kept_from_office__isnull=False)
    waiting = coverable().filter(of_post, held, office=post.office).exclude(about)
    moved = pass_on_each(waiting, lambda case: person, partial(_pass, "hand_over", Assignment.Why.THIRD), by=by, now=now)
    for task in tasks.at_post(post):
        with suppress(Refused):  # it was settled or given to somebody else this very moment; the others still go
            tasks.hand_over_task(task, person, by=by, now=now)
    return moved


def _held_by_thirds(people: Iterable[int]) -> QuerySet[ServiceRequest]:
    """What these people hold because they stood in, and for no other reason."""
    newest = Assignment.objects.filter(service_request=OuterRef("pk")).order_by("-id").values("why")[:1]
    found = coverable().filter(holder__in=list(people)).annotate(why=Subquery(newest))
    return found.filter(why=Assignment.Why.THIRD).select_related("office", "edition__post__holder", "edition__post__deputy")


def _back(cases: Iterable[ServiceRequest], *, by: User, now: datetime) -> list[ServiceRequest]:
    """To whoever is at the post now; while nobody is, to the holder, who stays answerable."""
    moved: list[ServiceRequest] = []
    for case in cases:
        person, why = assigning.responsible(case.edition.post if case.edition_id else None, case.office, now)
        if person is None or person.pk in (case.holder_id, case.kept_from_id):
            continue
        moved += pass_on_each([case], partial(_same, person), partial(_pass, "give_back", Assignment.Why(why)), by=by, now=now)
    return moved


def _same(person: User, case: ServiceRequest) -> User:
    return person


def _tasks_back(people: Iterable[int], *, by: User, now: datetime) -> list[Task]:
    """To whoever is at the post of the task's office now; while nobody is, to the holder, who stays answerable."""
    moved = []
    for task in tasks.held_by_thirds(people):
        person, _why = assigning.responsible(None, task.office, now)
        if person is None or person.pk == task.holder_id:
            continue
        with suppress(Refused):
            tasks.give_back_from_third(task, person, by=by, now=now)
            moved.append(task)
    return moved


def _pass(name: str, why: Assignment.Why, case: ServiceRequest, person: User, *, by: User, now: datetime) -> None:
    pass_on(name, case, person, why, by=by, now=now)
