"""Whether the applicant can take a result or an original into the own hands: not who has died, and not a small child (民法典 13, 20)."""

from datetime import date

from officials.privacy.identity import id_birth_date
from requests import persons
from requests.ages import age_on
from requests.models import ServiceRequest

CAN_ACT_FROM = 8  # years; below it the guardian acts (民法典 20)


def can_applicant_sign(case: ServiceRequest, today: date) -> bool:
    """False where the decision registered the applicant's own death, or the number of the identity card tells a child under eight."""
    if case.events.filter(verb__in=("decide", "finish_on_the_spot"), facts__applicant_died=True).exists():
        return False
    born = id_birth_date(persons.person_of(case).id_number)
    return born is None or age_on(born, today) >= CAN_ACT_FROM
