"""Where a demand can be sent: offices with somebody who works cases there."""

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from officials.models import Office, OfficeUserObjectPermission, Post, Township, User
from officials.permissions import HANDLE
from requests.lifecycle import Refused
from requests.models import ServiceRequest


@dataclass(frozen=True)
class Place:
    """An office and its people."""

    office: Office
    people: tuple[User, ...]
    has_post: bool  # somebody answers for what belongs to no item; otherwise a person is named


def places_for(case: ServiceRequest) -> list[Place]:
    """Offices of the township that may get this case, each with its people; not those it is about."""
    found = []
    for place in places_in(case.township):
        people = tuple(one for one in place.people if one.pk != case.kept_from_id)
        if place.office.pk != case.kept_from_office_id and people:
            found.append(replace(place, people=people))
    return found


def places_in(township: Township) -> list[Place]:
    """Open offices of the township with the people who were given the right to work cases there; village committees stand last."""
    rows = (
        OfficeUserObjectPermission.objects.filter(
            permission__codename=HANDLE, user__is_active=True, content_object__township=township,
            content_object__closed_on__isnull=True,
        )
        .select_related("content_object", "user")
        .order_by("content_object__sort", "content_object__code", "user__staff_no")
    )  # fmt: skip
    found: dict[int, tuple[Office, list[User]]] = {}
    for row in rows:
        found.setdefault(row.content_object_id, (row.content_object, []))[1].append(row.user)
    posts = Post.objects.filter(office__in=found, closed_on__isnull=True, holder__isnull=False)
    with_post = set(posts.values_list("office_id", flat=True)) if found else set()
    places = [Place(office, tuple(people), office.pk in with_post) for office, people in found.values()]
    return sorted(places, key=lambda place: place.office.kind == Office.Kind.VILLAGE)


def where_it_waits(window: Office, about: Office | None) -> Office:
    """Where a demand lies until it is dispatched: at the window; one about that window at the centre, whose head gives it to somebody.

    Raises Refused where nobody would be left but those it is about.
    """
    if about is None:
        return window
    if about.kind == Office.Kind.CENTRE:
        sentence = _("What is about the centre itself is not taken by the centre: call the complaint phone %(phone)s.")
        raise Refused(sentence % {"phone": window.township.complaint_phone})
    if about != window:
        return window
    centre = Office.objects.open().filter(township=window.township_id, kind=Office.Kind.CENTRE).first()
    if centre is None:
        sentence = _("Only this window dispatches demands: call the complaint phone %(phone)s.")
        raise Refused(sentence % {"phone": window.township.complaint_phone})
    return centre
