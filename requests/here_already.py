"""Before a case is logged: has this person or household an open case of the item, and does this number belong to this name?

Asked while nothing is stored yet. Of a case the asker may not see only its office is said, of another name nothing at all.
"""

from collections.abc import Iterable

from django.db.models import Q

from officials.models import User
from officials.privacy.lookup import id_digest, name_digest, phone_digest
from requests import persons
from requests.models import CaseKey, Party, PartyKey, ServiceRequest
from requests.parties import OpenElsewhere
from requests.permissions import sees_whole, visible
from requests.persons import Person
from services.models import Edition

# Not yet in the applicant's hands; what a village has logged and not yet brought counts as well.
UNFINISHED = (*ServiceRequest.OPEN, *ServiceRequest.UNDELIVERED, ServiceRequest.Status.AT_VILLAGE)
SHOWN = 5


def unfinished_of(person: Person, edition: Edition, user: User, *, form_token: str, only_seen: bool) -> list[OpenElsewhere]:
    """Unfinished cases of the item of the same person, or of the household the person is a member of; not the one made of this very form.

    `only_seen` for village agents: whether somebody has applied for help is not to be found out by trying numbers.
    """
    same = _of_the_same(person, is_household=edition.is_household)
    if same is None:
        return []
    found = (
        ServiceRequest.objects.filter(same, _not_of(form_token), item_id=edition.item_id, status__in=UNFINISHED)
        .select_related("office", "edition", "edition__item")
        .order_by("-id")
    )
    cases = list(found[:SHOWN])
    seen = set(visible(user).filter(pk__in=[one.pk for one in cases]).values_list("pk", flat=True)) if cases else set()
    told = []
    for one in cases:
        if one.pk in seen and sees_whole(user, one):
            told.append(OpenElsewhere(one.office.name, one.number, str(one.get_status_display())))
        elif not only_seen:
            told.append(OpenElsewhere(one.office.name))
    return told


def _of_the_same(person: Person, *, is_household: bool) -> Q | None:
    """By the number, or by name and phone where it was not given; None where nothing says who it is."""
    number, name, phone = id_digest(person.id_number), name_digest(person.name), phone_digest(person.phone)
    same = Q(pk__in=[])
    if number:
        same |= Q(key__id_hmac=number)
    if name and phone:
        same |= Q(key__name_hmac=name, key__phone_hmac=phone)
    if number and is_household:
        same |= Q(pk__in=PartyKey.objects.filter(id_hmac=number, party__role=Party.Role.MEMBER).values("service_request"))
    return same if number or (name and phone) else None


def stands_under_another_name(person: Person, township_id: int, *, form_token: str) -> bool:
    """Is this number known here, and never under this name? Cases voided as wrongly entered and the one of this form do not count."""
    digest, name = id_digest(person.id_number), name_digest(person.name)
    if not digest or not name:
        return False
    counted = Q(service_request__township=township_id) & ~Q(service_request__status=ServiceRequest.Status.VOIDED)
    as_applicant = CaseKey.objects.filter(counted & _not_of(form_token, "service_request__"), id_hmac=digest)
    names = set(as_applicant.values_list("name_hmac", flat=True)) - {""}
    if name in names:
        return False
    named = PartyKey.objects.filter(counted, id_hmac=digest).select_related("party", "service_request__key")
    names |= _digests_of(named)
    return bool(names) and name not in names


def _not_of(form_token: str, to_case: str = "") -> Q:
    """Not the case that was made of this very form: sent twice it is once, and the verb says so."""
    return ~Q(**{f"{to_case}form_token": form_token}) if form_token else Q()


def _digests_of(keys: Iterable[PartyKey]) -> set[str]:
    """Of the others in a case no digest of the name is kept, so they are opened for the comparison."""
    opened = (persons.opened(key.service_request, key.party).name for key in keys)
    return {name_digest(name) for name in opened} - {""}
