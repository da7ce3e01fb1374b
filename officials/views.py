"""Who handles it: the directory, the card of an official, the page of an office. The same for everybody, so kept in memory.

Of whereabouts the public sees one thing: at the post or not, and who stands in (domain 11.6: 去向只到必要程度).
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from officials import staffing
from officials.models import Office, Official, Post, StandIn, User, Whereabouts
from officials.publicpages import public_page


@dataclass(frozen=True)
class Seat:
    """A post as the public sees it. `stands_in` is the person who acts for a holder who is away; None with `is_empty`: nobody."""

    post: Post
    holder: User | None
    deputy: User | None
    is_away: bool
    stands_in: User | None
    third: User | None = None  # the one who stands in, where it is neither of the two
    is_empty: bool = False  # nobody is there

    @property
    def phone(self) -> str:
        """The duty phone of the post, of the holder's card, or of the office."""
        card = getattr(self.holder, "official", None)
        return self.post.duty_phone or (card.duty_phone if card else "") or self.post.office.phone


def public_officials():
    """Cards that are shown: the person still works here and the card is marked for the public."""
    return Official.objects.filter(is_public=True, user__is_active=True).select_related("user__office")


@require_safe
@public_page
def directory(request) -> HttpResponse:
    """Leaders first, then each office with its people."""
    people: dict[int, list[Official]] = defaultdict(list)
    leaders = []
    for official in public_officials():
        if official.is_leader:
            leaders.append(official)
        else:
            people[official.user.office_id].append(official)
    offices = [(office, people[office.pk]) for office in Office.objects.public()]
    return render(request, "officials/directory.html", {"leaders": leaders, "offices": offices})


@require_safe
@login_not_required
def card(request, code: str) -> HttpResponse:
    """One official: what they do, how to reach them, who stands in, which items they handle."""
    now = timezone.now()
    official = public_officials().filter(code=code).first()
    if official is None:
        raise Http404
    posts = list(staffing.open_posts().filter(Q(holder=official.user) | Q(deputy=official.user)))
    seats = seats_of(posts, now)
    context = {
        "official": official,
        "held": [seat for seat in seats if seat.post.holder_id == official.user_id],
        "deputised": [seat for seat in seats if seat.post.deputy_id == official.user_id],
        "is_away": official.user_id in staffing.whereabouts([official.user_id], now),
        "phone": official.duty_phone or (official.user.office.phone if official.user.office else ""),
    }
    return _kept(render(request, "officials/card.html", context), posts, now, official.user)


@require_safe
@login_not_required
def office(request, code: str) -> HttpResponse:
    """One office: duties, phones, hours, windows, its people, its items."""
    now = timezone.now()
    found = Office.objects.public().filter(code=code).select_related("township").order_by("township_id").first()
    if found is None:
        raise Http404
    posts = list(staffing.open_posts().filter(office=found))
    context = {
        "office": found,
        "windows": list(found.windows.filter(closed_on__isnull=True)),
        "seats": (seats := seats_of(posts, now)),
        "is_closed": bool(seats) and all(seat.is_empty for seat in seats),
        "empty": [seat for seat in seats if seat.is_empty],
        "people": list(public_officials().filter(user__office=found)),
        "complaint_phone": found.complaint_phone or found.township.complaint_phone,
        "hours": found.hours or found.township.hours,
        "address": found.address or found.township.address,
    }
    return _kept(render(request, "officials/office.html", context), posts, now)


card.is_public_page = office.is_public_page = True


def seats_of(posts: list[Post], now: datetime) -> list[Seat]:
    """Holder, deputy and who acts now, for each post; one query for all whereabouts."""
    standing = staffing.standings(posts, now)
    return [_seat(post, standing[post.pk]) for post in posts]


def _seat(post: Post, standing: staffing.Standing) -> Seat:
    holder, deputy = (_shown(person) for person in (post.holder, post.deputy))
    away = holder is not None and standing.holder_is is not None
    third = _shown(standing.third.person) if standing.third else None
    stands_in = deputy if away and standing.is_deputy else third
    return Seat(post, holder, deputy, away, stands_in, third, standing.is_empty)


def _shown(person: User | None) -> User | None:
    """People who left, and cards that are not public, are not named here."""
    card = getattr(person, "official", None)
    return person if person is not None and person.is_active and (card is None or card.is_public) else None


def _kept(response: HttpResponse, posts: list[Post], now: datetime, *more: User) -> HttpResponse:
    """Kept like other public pages, unless a whereabouts row begins or ends by the clock: then it would be stale unseen."""
    people = {person.pk for post in posts for person in (post.holder, post.deputy) if person} | {person.pk for person in more}
    timed = Whereabouts.objects.filter(user_id__in=people).filter(Q(until__gt=now) | Q(since__gt=now)).exists()
    named = StandIn.objects.filter(post__in=posts, until__gt=now)
    response.is_public_page = not timed and not named.exists()
    return response
