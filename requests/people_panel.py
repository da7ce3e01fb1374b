"""The panel of a case page that says who else is in the case: masked, with what is signed and what is still open."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from officials.models import User
from officials.privacy.masking import mask_id, mask_name, mask_phone
from requests import lifecycle, parties, persons
from requests.coming_for_another import rules_of
from requests.item_needs import asks_relatives
from requests.models import Event, Party, ServiceRequest
from requests.panels import Panel
from requests.permissions import Who, is_who
from requests.reasons import say_date


@dataclass(frozen=True)
class Line:
    """Somebody in the case, masked."""

    role: str
    text: str
    note: str = ""


@dataclass
class People:
    """What the panel shows. `household` are open cases of the same household; `relatives` is None where nothing is asked."""

    case: ServiceRequest
    lines: list[Line] = field(default_factory=list)
    household: list[parties.OpenElsewhere] = field(default_factory=list)
    lacking: list[str] = field(default_factory=list)
    in_person: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    relatives: str | None = None
    may_add: bool = False
    is_household: bool = False


def people_of(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    """None for a question, and for an anonymised case: nobody can be read there any more."""
    if not case.has_checklist or case.anonymised_at:
        return None
    rules = rules_of(case.township_id, case.edition)
    is_represented = case.applicant.has_representative
    people = People(
        case,
        lines=_lines(case),
        household=parties.open_in_household(case, user),
        lacking=parties.not_yet_acceptable(case) if case.status in lifecycle.UNACCEPTED else [],
        in_person=[rule.text for rule in rules.in_person] if is_represented else [],
        extra=[rule.text for rule in rules.extra] if is_represented else [],
        relatives=_relatives(case, user),
        may_add=not lifecycle.refusal("add_party", case, user),
        is_household=case.edition.is_household,
    )
    has_something = people.lines or people.household or people.lacking or people.relatives is not None or people.is_household
    return Panel("requests/parties/panel.html", people) if has_something else None


def _lines(case: ServiceRequest) -> list[Line]:
    """In the order of the roles; an older case keeps who came in the applicant's own row."""
    found = sorted(persons.parties_of(case), key=lambda party: (list(Party.Role).index(Party.Role(party.role)), party.pk))
    lines = [_line(case, party) for party in found]
    if case.applicant.has_representative and not any(party.role in Party.IN_PLACE for party in found):
        came = persons.representative_of(case)
        if came:
            lines.insert(0, Line(str(Party.Role.REPRESENTATIVE.label), " · ".join(came.values())))
    return lines


def _line(case: ServiceRequest, party: Party) -> Line:
    person = persons.opened(case, party)
    number = mask_id(person.id_number) or (str(party.get_id_state_display()) if party.role == Party.Role.MEMBER else "")
    text = " · ".join(part for part in (mask_name(person.name), person.relation, mask_phone(person.phone), number) if part)
    return Line(str(party.get_role_display()), text, _note(case, party))


def _note(case: ServiceRequest, party: Party) -> str:
    if party.role in Party.IN_PLACE:
        return str(party.get_authority_display())
    if party.role != Party.Role.MEMBER:
        return ""
    if party.is_minor:
        return str(Party._meta.get_field("is_minor").verbose_name)
    if party.authorised_on:
        return _("authorisation signed on %(day)s") % {"day": say_date(party.authorised_on)}
    return _("authorisation not signed") if parties.needs_member_authorisation(case.edition) else ""


def _relatives(case: ServiceRequest, user: User) -> str | None:
    """近亲属备案: yes or no to who sees the case; who it is only to the head of the office."""
    if not asks_relatives(case.edition):
        return None
    event = Event.objects.filter(service_request=case, verb="note_relatives").order_by("-id").first()
    if event is None:
        return ""
    if not event.facts.get("relatives"):
        return _("no")
    said = (persons.open_for(case, event.sealed, "event") or {}).get("relatives", "") if is_who(user, Who.HEAD, case) else ""
    return said or _("yes (who it is, the head of the office sees)")
