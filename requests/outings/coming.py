"""What the public reads of the days to come. The same for everybody; pages that show it are kept until the catalogue changes."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from officials.models import Office, VillageLink
from requests.models import Outing
from requests.reasons import say_date
from services.models import Edition


@dataclass(frozen=True)
class ComingDay:
    """One place on one day. `book` is the address for booking an hour, "" where everybody just comes."""

    when: str
    hours: str
    kind: str
    village: str
    place: str
    office: str
    items: list[tuple[str, str]]
    note: str
    book: str


def coming_days(today: date, *, office: Office | None = None) -> list[ComingDay]:
    """Village and reception days from today on; of one office those it goes to."""
    found = Outing.objects.filter(kind__in=Outing.PUBLIC, date__gte=today, cancelled_at=None)
    if office is not None:
        found = found.filter(Q(office=office) | Q(places__village=office)).distinct()
    outings = list(found.select_related("office").prefetch_related("places__village")[:200])
    codes = {code for one in outings for code in one.items}
    names = dict(Edition.objects.published().filter(item__code__in=codes).values_list("item__code", "name"))
    return [_day(one, place, names) for one in outings for place in one.places.all()]


def by_place(days: list[ComingDay]) -> list[tuple[ComingDay, list[ComingDay]]]:
    """Whoever looks asks for the own village: one place with all its days, the place that is visited soonest first."""
    found: dict[tuple, list[ComingDay]] = {}
    for day in days:
        found.setdefault((day.kind, day.village, day.place, day.office, tuple(day.items), day.note), []).append(day)
    return [(same[0], same) for same in found.values()]


def _day(one: Outing, place, names: dict[str, str]) -> ComingDay:
    bookable = one.kind == Outing.Kind.VILLAGE_DAY and one.minutes and place.village_id
    return ComingDay(
        when=say_date(one.date),
        hours=f"{one.opens_at:%H:%M}–{one.closes_at:%H:%M}",
        kind=str(one.get_kind_display()),
        village=place.village.name if place.village_id else "",
        place=place.place,
        office=one.office.name,
        items=[(code, names[code]) for code in one.items if code in names],
        note=one.note,
        book=f"/appointments/{place.village.code}/" if bookable else "",
    )


def linked_people() -> list[tuple[str, list[VillageLink]]]:
    """Village → officials linked to it, with a public card."""
    found: dict[str, list[VillageLink]] = {}
    shown = VillageLink.objects.filter(ended_on=None, person__is_active=True, person__official__is_public=True)
    for link in shown.select_related("village", "person__official", "person__office").order_by("village__sort", "village__code"):
        found.setdefault(link.village.name, []).append(link)
    return list(found.items())
