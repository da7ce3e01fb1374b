"""Who stands at a post right now. Holder and deputy are data, whereabouts and stand-ins are rows; the answer is computed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from officials import versions
from officials.audit import verb
from officials.models import Post, StandIn, User, Whereabouts

AWAY = (Whereabouts.Where.LEAVE, Whereabouts.Where.MEETING, Whereabouts.Where.VILLAGE)


@dataclass(frozen=True)
class Standing:
    """Who acts at a post: the holder, or the deputy with equal powers while the holder is away (AB岗).

    Both away: the third person the head named. One who may only take in leaves the work to the holder, who stays answerable.
    """

    actor: User | None
    is_deputy: bool
    holder_is: Whereabouts | None
    is_empty: bool = False  # neither of the two is there, and no third person was named
    third: StandIn | None = None

    @property
    def stands_in(self) -> User | None:
        """Whoever is at the post in the holder's place."""
        if self.third is not None:
            return self.third.person
        return self.actor if self.is_deputy else None


def whereabouts(users: Iterable[int], now: datetime) -> dict[int, Whereabouts]:
    """The newest row in force per person; nobody listed is at the desk."""
    found: dict[int, Whereabouts] = {}
    rows = Whereabouts.objects.filter(user_id__in=list(users), since__lte=now).order_by("id")
    for row in rows:
        found[row.user_id] = row
    return {pk: row for pk, row in found.items() if row.where in AWAY and (row.until is None or row.until > now)}


def standings(posts: Iterable[Post], now: datetime) -> dict[int, Standing]:
    """Who acts at each of these posts now, by post id; one query for all of them, a second where both are away."""
    posts = list(posts)
    people = {person.pk for post in posts for person in _people(post)}
    away = whereabouts(people, now) if people else {}
    left = [post.pk for post in posts if all(person.pk in away for person in _people(post))]
    third = {row.post_id: row for row in in_force(now).filter(post__in=left).select_related("person__official")} if left else {}
    if third:
        gone = whereabouts({row.person_id for row in third.values()}, now)
        third = {post: row for post, row in third.items() if row.person_id not in gone}
    return {post.pk: _standing(post, away, third.get(post.pk)) for post in posts}


def in_force(now: datetime) -> QuerySet[StandIn]:
    """Who was named as a third person and whose time runs; whether it is still needed, `standings` says."""
    rows = StandIn.objects.filter(ends__isnull=True, ended__isnull=True, since__lte=now, until__gt=now)
    return rows.filter(person__is_active=True).order_by("id")


def standing(post: Post, now: datetime) -> Standing:
    """Who acts at this post now. Neither there nor a deputy: nobody, and the head must name a third."""
    return standings([post], now)[post.pk]


def _people(post: Post) -> list[User]:
    """Holder and deputy, as far as they still work here."""
    return [person for person in (post.holder, post.deputy) if person is not None and person.is_active]


def _standing(post: Post, away: dict[int, Whereabouts], third: StandIn | None) -> Standing:
    people = _people(post)
    here = [person for person in people if person.pk not in away]
    holder_row = away.get(post.holder_id) if post.holder_id else None
    if not here and third is not None:
        answers = third.person if third.scope == StandIn.Scope.HANDLE else people[0] if people else None
        return Standing(answers, False, holder_row, third=third)
    if not here:
        # Both away: the holder stays answerable; the window shows it and the head decides.
        return Standing(people[0] if people else None, False, holder_row, is_empty=True)
    return Standing(here[0], here[0].pk != post.holder_id, holder_row)


def say_where(user: User, where: str, *, since: datetime, until: datetime | None, by: User, now: datetime) -> Whereabouts:
    """Record where somebody is. Back at the desk is a row too. Public pages say who stands in, so they are made anew."""
    with verb("whereabouts", by=by, now=now, subject=f"user:{user.pk}"):
        versions.bump(versions.CATALOGUE)
        return Whereabouts.objects.create(user=user, where=where, since=since, until=until, at=now, by=by)


def open_posts():
    return Post.objects.filter(Q(closed_on__isnull=True), office__closed_on__isnull=True).select_related(
        "office", "holder", "holder__official", "deputy", "deputy__official"
    )
