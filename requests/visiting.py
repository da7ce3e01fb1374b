"""一次来办几件: the people and papers of a visit, so that nobody is asked twice and nothing is copied twice."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.http import Http404

from officials.permissions import TAKE_IN, rights
from requests.models import MaterialReceipt, ServiceRequest, Visit
from requests.permissions import visible


@dataclass
class VisitPerson:
    """Somebody a case of this visit is about; the newest such case is where the data is taken from."""

    case: ServiceRequest
    name_masked: str
    label: str = ""  # the masked name, and with it what was come for where two people of the visit look alike
    cases: list[ServiceRequest] = field(default_factory=list)


def get_visit(user, pk: int) -> Visit:
    """The loader is the permission check: a visit of a window where I take in."""
    mine = Visit.objects.filter(office_id__in=rights(user).where(TAKE_IN))
    visit = mine.filter(pk=pk).select_related("office__township", "township", "by").first()
    if visit is None:
        raise Http404
    return visit


def cases_of(visit: Visit) -> list[ServiceRequest]:
    """In the order in which they were taken in."""
    return list(
        ServiceRequest.objects.filter(visit=visit)
        .select_related("key", "applicant", "edition", "office", "holder", "village", "township")
        .order_by("id")
    )


def people_of(cases: Sequence[ServiceRequest]) -> list[VisitPerson]:
    """Each person once, the one who came first in front. Compared by digests: nothing is opened for it."""
    found: dict[tuple[str, str], VisitPerson] = {}
    for case in cases:
        if case.anonymised_at or not case.key.name_hmac:
            continue
        who = (case.key.name_hmac, case.key.phone_hmac)
        person = found.setdefault(who, VisitPerson(case, case.key.name_masked))
        person.case = case
        person.cases.append(case)
    people = list(found.values())
    names = [person.name_masked for person in people]
    for person in people:
        alike = names.count(person.name_masked) > 1
        person.label = f"{person.name_masked} · {person.cases[0].title}" if alike else person.name_masked
    return people


def handed_in(person: VisitPerson) -> dict[str, str]:
    """Papers this person has already shown or left during the visit: name → number of that case."""
    rows = (
        MaterialReceipt.objects.filter(service_request__in=person.cases, material__isnull=False)
        .select_related("material", "service_request")
        .order_by("id")
    )
    found: dict[str, str] = {}
    for row in rows:
        if row.state == MaterialReceipt.State.IN:
            found[row.material.name] = row.service_request.number
        else:
            found.pop(row.material.name, None)
    return found


def earlier_open_cases(case: ServiceRequest, user) -> QuerySet[ServiceRequest]:
    """Open cases of the same person from earlier visits, and of the same item from this one, as far as the asker may see them."""
    key = case.key
    same = Q(key__id_hmac=key.id_hmac) if key.id_hmac else Q(pk__in=[])
    if key.name_hmac and key.phone_hmac:
        same |= Q(key__name_hmac=key.name_hmac, key__phone_hmac=key.phone_hmac)
    found = visible(user).open().filter(same).exclude(pk=case.pk)
    if case.visit_id:
        # The others of this visit were just taken in before these eyes; only the same item twice is a question.
        found = found.exclude(Q(visit_id=case.visit_id) & ~Q(item_id=case.item_id))
    return found.select_related("edition").order_by("-id")
