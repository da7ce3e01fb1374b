"""Offices with their people in one select, and what was chosen of it."""

from django.utils.translation import gettext as _

from officials.models import Office, User
from requests.demands.placing import Place


def groups(places: list[Place], *, with_usual: bool = True):
    """Offices with their people, for one select: first whoever answers for it there."""
    for place in places:
        usual = [(f"{place.office.pk}-0", _("who answers for it there"))] if with_usual and place.has_post else []
        yield place.office.name, usual + [(f"{place.office.pk}-{one.pk}", one.name) for one in place.people]


def chosen(places: list[Place], value: str) -> tuple[Office, User | None]:
    office, _dash, person = value.partition("-")
    place = next(one for one in places if str(one.office.pk) == office)
    return place.office, next((one for one in place.people if str(one.pk) == person), None)
