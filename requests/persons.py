"""The people of a case: sealed under its key, found by keyed digests, shown masked. The only module that opens `Applicant` and `Party`.

AAD of every sealed text names its place, so that a ciphertext cannot be moved to another case or field.
"""

import hmac
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from officials.models import User
from officials.privacy.keys import keyring
from officials.privacy.lookup import id_digest, name_digest, normal_id, normal_phone, phone_digest
from officials.privacy.masking import mask_id, mask_name, mask_phone
from officials.privacy.sealing import SealBroken, new_data_key, open_sealed, seal
from officials.privacy.tracking import new_salt, new_tracking_secret, secret_digest
from requests.models import Applicant, CaseKey, Party, PartyKey, ServiceRequest
from requests.outings import guests

# Ways by which nobody sees a card: a number that came so is stated, not checked.
UNSEEN = (
    ServiceRequest.Channel.ONLINE, ServiceRequest.Channel.PHONE, ServiceRequest.Channel.MAIL, ServiceRequest.Channel.LETTER,
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """An applicant as presented: only the fields the item needs are filled (个人信息保护法 6: 最小必要)."""

    name: str = ""
    id_type: str = ""
    id_number: str = ""
    id_state: str = Applicant.IdState.NOT_NEEDED
    phone: str = ""
    address: str = ""
    village_id: int | None = None
    wants_sms: bool = False
    # Who came instead: {"name", "relation", "id_number", "phone", "basis"}; kept as a `Party`. The letter itself is a material.
    representative: dict[str, str] = field(default_factory=dict)

    def sealed_part(self) -> dict[str, Any]:
        """What is encrypted; the rest are columns without a person in them."""
        kept = ("name", "id_type", "id_number", "phone", "address")
        return {key: value for key, value in asdict(self).items() if key in kept and value}


NOBODY = Person()


@dataclass(frozen=True)
class PartyPerson:
    """Somebody else in a case, opened: representative, guardian, member of the household, collector."""

    role: str
    name: str = ""
    relation: str = ""
    id_type: str = ""
    id_number: str = ""
    id_state: str = Applicant.IdState.NOT_NEEDED
    phone: str = ""
    authority: str = ""
    is_minor: bool = False

    def sealed_part(self) -> dict[str, str]:
        kept = ("name", "relation", "id_type", "id_number", "phone")
        return {key: value for key, value in asdict(self).items() if key in kept and value}


class Anonymised(Exception):
    """The key of this case was destroyed; nothing of it can be opened any more."""


def data_key(service_request: ServiceRequest) -> bytes:
    """The key of the case. Raises Anonymised when it was destroyed."""
    kept = service_request.__dict__.get("_data_key")
    if kept is None:
        wrapped = service_request.key.wrapped_key
        if not wrapped:
            raise Anonymised(service_request.number)
        kept = service_request.__dict__["_data_key"] = keyring().unwrap(wrapped)
    return kept


def seal_for(service_request: ServiceRequest, value: Any, place: str) -> str:
    """Ciphertext of a value of this case; "" for nothing."""
    return seal(data_key(service_request), value, aad=f"{service_request.pk}:{place}") if value else ""


def open_for(service_request: ServiceRequest, text: str, place: str) -> Any:
    """The value again, or None where there is none or the case was anonymised."""
    if not text:
        return None
    try:
        return open_sealed(data_key(service_request), text, aad=f"{service_request.pk}:{place}")
    except (Anonymised, SealBroken):
        return None


def register(service_request: ServiceRequest, person: Person, *, secret: str | None = None) -> str:
    """Key, digests, masked name and sealed applicant of a new case. Returns the tracking secret, to be shown once."""
    secret = secret or new_tracking_secret()
    key = new_data_key()
    salt = new_salt()
    service_request.__dict__["_data_key"] = key
    CaseKey.objects.create(
        service_request=service_request,
        wrapped_key=keyring().wrap(key),
        secret_salt=salt,
        secret_digest=secret_digest(secret, salt),
        **_digests(person, hidden=service_request.kind == ServiceRequest.Kind.MEDIATION),
    )
    Applicant.objects.create(service_request=service_request, **_columns(service_request, person))
    if person.representative:
        write_party(service_request, in_place(person.representative))
    return secret


def replace(service_request: ServiceRequest, person: Person, *, by: User, now: datetime) -> None:
    """A correction before acceptance: old and new value stay in history as ciphertext.

    A card that was looked at stays looked at unless the correction is about the identity itself.
    """
    applicant = service_request.applicant
    before, was_checked = person_of(service_request), applicant.identity_checked
    for name, value in _columns(service_request, person).items():
        setattr(applicant, name, value)
    if was_checked and (before.id_number, before.id_state) == (person.id_number, person.id_state):
        applicant.identity_checked = True
    applicant.save()
    if person.representative != before.representative:
        _replace_in_place(service_request, person.representative, by=by, now=now)
    elif person.representative and standing_in(service_request) is None:
        write_party(service_request, in_place(person.representative))  # out of the applicant's own row, where older cases have it
    hidden = service_request.kind == ServiceRequest.Kind.MEDIATION
    CaseKey.objects.filter(pk=service_request.pk).update(**_digests(person, hidden=hidden))


def renew_secret(service_request: ServiceRequest) -> str:
    """A new tracking secret; the old one ends at once."""
    secret, salt = new_tracking_secret(), new_salt()
    CaseKey.objects.filter(pk=service_request.pk).update(secret_salt=salt, secret_digest=secret_digest(secret, salt))
    return secret


def same_code(service_request: ServiceRequest, earlier: ServiceRequest) -> None:
    """What goes on under another number is followed with the code its person has already."""
    held = CaseKey.objects.get(pk=earlier.pk)
    CaseKey.objects.filter(pk=service_request.pk).update(secret_salt=held.secret_salt, secret_digest=held.secret_digest)


def forget(service_request: ServiceRequest) -> None:
    """Destroy the key, the digests and the masked name. Rows, history and chain stay; nobody can read them any more."""
    blank = {f.name: "" for f in CaseKey._meta.concrete_fields if f.name != "service_request"}
    CaseKey.objects.filter(pk=service_request.pk).update(**blank)
    PartyKey.objects.filter(service_request=service_request).update(id_hmac="")
    guests.forget_those_of(service_request)
    service_request.__dict__.pop("_data_key", None)


def person_of(service_request: ServiceRequest) -> Person:
    """The applicant in full. Callers show it only to who asked with a reason (`requests.views.reveal` logs that)."""
    applicant = service_request.applicant
    plain = open_for(service_request, applicant.sealed, "applicant") or {}
    older = plain.pop("representative", None) or {}  # cases from before there were parties keep theirs in the applicant's row
    if applicant.has_representative:
        plain["representative"] = _who_came(service_request) or older
    return Person(
        **plain, id_state=applicant.id_state, village_id=service_request.village_id, wants_sms=applicant.wants_sms
    )


def masked(service_request: ServiceRequest) -> dict[str, str]:
    """What lists and pages show by default (domain 11.2)."""
    person = person_of(service_request)
    return {
        "name": mask_name(person.name),
        "phone": mask_phone(person.phone),
        "id_number": mask_id(person.id_number),
        "village": str(service_request.village or ""),
    }


def representative_of(service_request: ServiceRequest) -> dict[str, str]:
    """Who came instead, masked like the applicant; empty where the applicant came."""
    found = person_of(service_request).representative
    if not found:
        return {}
    told = {"name": mask_name(found.get("name", "")), "relation": found.get("relation", ""), "phone": mask_phone(found.get("phone", ""))}
    return {key: value for key, value in told.items() if value}


# -- everybody else in a case -----------------------------------------------------------------------------------


def parties_of(service_request: ServiceRequest) -> list[Party]:
    """Everybody in the case besides the applicant, in the order in which they were taken down."""
    return list(Party.objects.filter(service_request=service_request, removed_at__isnull=True).order_by("id"))


def standing_in(service_request: ServiceRequest) -> Party | None:
    """The representative or guardian who acts in the applicant's place now."""
    found = Party.objects.filter(service_request=service_request, role__in=Party.IN_PLACE, removed_at__isnull=True)
    return found.order_by("-id").first()


def opened(service_request: ServiceRequest, party: Party) -> PartyPerson:
    """This person in full. Callers show it only to who asked with a reason."""
    plain = open_for(service_request, party.sealed, "party") or {}
    return PartyPerson(role=party.role, id_state=party.id_state, authority=party.authority, is_minor=party.is_minor, **plain)


def write_party(service_request: ServiceRequest, person: PartyPerson, party: Party | None = None) -> Party:
    """A new row, or the row as it is from now on; its digest follows."""
    party = party or Party(service_request=service_request)
    party.role, party.id_state, party.authority, party.is_minor = person.role, person.id_state, person.authority, person.is_minor
    party.sealed = seal_for(service_request, person.sealed_part(), "party")
    party.save()
    digest = id_digest(person.id_number)
    PartyKey.objects.update_or_create(party=party, defaults={"service_request": service_request, "id_hmac": digest})
    return party


def take_out(party: Party, *, by: User, now: datetime) -> None:
    """Does not belong to the case any more. The row stays, the look-up ends."""
    party.removed_at, party.removed_by = now, by
    party.save()
    PartyKey.objects.filter(party=party).update(id_hmac="")


def in_place(representative: dict[str, str]) -> PartyPerson:
    """Who came instead, as the forms of the window give it, as a party: a guardian or a representative."""
    basis = representative.get("basis", "")
    number = representative.get("id_number", "")
    return PartyPerson(
        role=Party.Role.GUARDIAN if basis == Party.Authority.GUARDIAN else Party.Role.REPRESENTATIVE,
        authority=basis,
        id_state=Applicant.IdState.GIVEN if number else Applicant.IdState.NOT_NEEDED,
        **{key: value for key, value in representative.items() if key != "basis"},
    )


def _who_came(service_request: ServiceRequest) -> dict[str, str]:
    """The party in the applicant's place, in the shape of the window's forms; {} where an older case has no such row."""
    party = standing_in(service_request)
    if party is None:
        return {}
    plain = open_for(service_request, party.sealed, "party") or {}
    found = {key: plain.get(key, "") for key in ("name", "id_number", "phone", "relation")} | {"basis": party.authority}
    return {key: value for key, value in found.items() if value} if plain else {}


def _replace_in_place(service_request: ServiceRequest, representative: dict[str, str], *, by: User, now: datetime) -> None:
    """Another person came, or none: the row of before is taken out, it is not written over by somebody else's name."""
    before = standing_in(service_request)
    if before is not None:
        take_out(before, by=by, now=now)
    if representative:
        write_party(service_request, in_place(representative))


def phone_tail_digest(tail: str) -> str:
    """Digest of the last four digits of a phone, for "name + village + last four"."""
    digits = normal_phone(tail)[-4:]
    return keyring().hmac("phone-tail", digits) if len(digits) == 4 else ""


def tail_fits(service_request: ServiceRequest, tail: str) -> bool:
    """Are these the last four digits of the applicant's phone or, where none was left, of the applicant's own ID number?

    Of the ID number no digest of four digits is kept, so it is opened for the comparison. Whoever came instead of the
    applicant does not count: neither that phone nor that number.
    """
    kept = service_request.key.phone_tail_hmac
    if kept:
        return hmac.compare_digest(kept, phone_tail_digest(tail))
    number, typed = normal_id(person_of(service_request).id_number), normal_id(tail)
    return len(typed) == 4 and len(number) > 4 and hmac.compare_digest(number[-4:].encode(), typed.encode())


def _digests(person: Person, *, hidden: bool = False) -> dict[str, str]:
    """`hidden`: no list shows even the masked name (mediation, domain 9.3)."""
    return {
        "name_masked": "" if hidden else mask_name(person.name),
        "name_hmac": name_digest(person.name),
        "phone_hmac": phone_digest(person.phone),
        "phone_tail_hmac": phone_tail_digest(person.phone),
        "id_hmac": id_digest(person.id_number),
    }


def _columns(service_request: ServiceRequest, person: Person) -> dict[str, Any]:
    return {
        "sealed": seal_for(service_request, person.sealed_part(), "applicant"),
        "id_state": person.id_state,
        "identity_checked": person.id_state == Applicant.IdState.GIVEN and service_request.channel not in UNSEEN,
        "has_representative": bool(person.representative),
        "wants_sms": person.wants_sms,
    }
