"""Whether a minor applies, and who has to act for a child (法定代理人, 民法典 19 至 23; from 16 on whoever lives on the own work: 18)."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from officials import versions
from requests import persons
from requests.ages import ADULT, AT_LEAST, LIVES_ON_OWN_WORK, age_on, birthday, born_on, is_of_guardian, least_age
from requests.intake import AGENT_RELATION
from requests.models import Applicant, Event, MaterialReceipt, Party, ServiceRequest
from requests.persons import Person
from requests.reasons import say_date
from services.models import Condition, Edition, Material

State = MaterialReceipt.State
ALONE = "acts_alone"  # key of what was said at intake or at acceptance
_BY_LETTER = (Party.Authority.IN, Party.Authority.MISSING)


@dataclass(frozen=True)
class Age:
    """What the number says of the applicant's age on one day, beside what the item says. `born` is None for a newborn without a number."""

    born: date | None
    years: int
    least: int | None

    @property
    def is_too_young(self) -> bool:
        return self.least is not None and self.years < self.least

    @property
    def is_minor(self) -> bool:
        """An item that is open from 16 on is one in which they act for themselves."""
        return self.years < (min(ADULT, self.least) if self.least is not None else ADULT)

    @property
    def may_act_alone(self) -> bool:
        return self.is_minor and self.years >= LIVES_ON_OWN_WORK

    @property
    def too_young_words(self) -> str:
        """The sentence with both: the age by the number, and from when the item is open."""
        words = _("By the number born on %(born)s, now %(years)s years old; the item is for people of %(least)s (from %(day)s on).")
        born = self.born or timezone.localdate()
        day = say_date(birthday(born, self.least or 0))
        return words % {"born": say_date(born), "years": self.years, "least": self.least, "day": day}


def age_of(person: Person, edition: Edition, today: date) -> Age | None:
    """None where the number says nothing, and where the item is about somebody who died."""
    if edition.roll == Edition.Roll.DEATH:
        return None
    born = born_on(person.id_number, person.id_type)
    if born is None and person.id_state != Applicant.IdState.NEWBORN:
        return None
    return Age(born, age_on(born, today) if born else 0, _least_ages().get(edition.pk))


def _read_least_ages() -> dict[int, int]:
    said: dict[int, list[str]] = {}
    for edition_id, text in Condition.objects.filter(text__startswith=AT_LEAST).values_list("edition_id", "text"):
        said.setdefault(edition_id, []).append(text)
    return {edition_id: least for edition_id, texts in said.items() if (least := least_age(texts)) is not None}


_least_ages = versions.Kept(versions.CATALOGUE, _read_least_ages)


def acts_for_a_minor(representative: dict[str, str]) -> bool:
    """By law, for the household, or as a village agent. The letter of a child is none: it takes the guardian."""
    if not representative:
        return False
    return representative.get("basis", "") not in _BY_LETTER or representative.get("relation") == AGENT_RELATION


def lacking_for_acceptance(case: ServiceRequest) -> list[tuple[str, str]]:
    """The verb that mends it, and the sentence; [] for adults. Whoever is 16 or 17 may be asked at the acceptance instead."""
    age = _age_in(case)
    if age is None or not age.is_minor:
        return []
    lacking = []
    came = persons.person_of(case).representative
    if not acts_for_a_minor(came) and not age.may_act_alone:
        lacking.append(("remove_party" if came else "add_party", _words(bool(came))))
    unsaid = _guardians_papers(case)
    if unsaid and not (age.may_act_alone and not came):
        words = _("The applicant is under 18, so this paper is needed: %(what)s. Say whether it is here.") % {"what": _(", ").join(unsaid)}
        lacking.append(("take_materials", words))
    return lacking


def _words(has_letter: bool) -> str:
    if has_letter:
        return _("The applicant is under 18 and cannot give an authorisation. Take out the representative and add the guardian.")
    return _("The applicant is under 18: the guardian applies. Add the guardian (People in the case, “Add a person”).")


def asks_whether_alone(case: ServiceRequest) -> bool:
    """16 or 17, nobody acts for them, and nobody has said yet that they live on their own work."""
    age = _age_in(case)
    if age is None or not age.may_act_alone or acts_for_a_minor(persons.person_of(case).representative):
        return False
    first = Event.objects.filter(service_request=case, verb="receive").first()
    return not (first is not None and (persons.open_for(case, first.sealed, "event") or {}).get(ALONE))


def _age_in(case: ServiceRequest) -> Age | None:
    if case.edition_id is None or case.origin == ServiceRequest.Origin.OLD_LEDGER or case.anonymised_at is not None:
        return None
    return age_of(persons.person_of(case), case.edition, timezone.localdate(case.received_at))


def _guardians_papers(case: ServiceRequest) -> list[str]:
    """Lines that name the guardian and were said not to be needed, or of which nobody said anything."""
    wanted = [one for one in Material.objects.filter(edition_id=case.edition_id) if is_of_guardian(one)]
    if not wanted:
        return []
    rows = MaterialReceipt.objects.filter(service_request=case, material__in=wanted).order_by("id")
    newest = {row.material_id: row.state for row in rows}
    return [one.name for one in wanted if newest.get(one.pk, State.NOT_NEEDED) == State.NOT_NEEDED]
