"""The people of a case: sealed under its key, found by keyed digests, shown masked. The only module that opens `Applicant`.

AAD of every sealed text names its place, so that a ciphertext cannot be moved to another case or field.
"""

import hmac
from dataclasses import asdict, dataclass, field
from typing import Any

from officials.privacy.keys import keyring
from officials.privacy.lookup import id_digest, name_digest, normal_id, normal_phone, phone_digest
from officials.privacy.masking import mask_id, mask_name, mask_phone
from officials.privacy.sealing import SealBroken, new_data_key, open_sealed, seal
from officials.privacy.tracking import new_salt, new_tracking_secret, secret_digest
from requests.models import Applicant, CaseKey, ServiceRequest

# Ways by which nobody sees a card: a number that came so is stated, not checked.
UNSEEN = (ServiceRequest.Channel.ONLINE, ServiceRequest.Channel.PHONE)


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
    # Who came instead: {"name", "relation", "id_number", "phone"}; the power of attorney itself is a material.
    representative: dict[str, str] = field(default_factory=dict)

    def sealed_part(self) -> dict[str, Any]:
        """What is encrypted; the rest are columns without a person in them."""
        kept = ("name", "id_type", "id_number", "phone", "address", "representative")
        return {key: value for key, value in asdict(self).items() if key in kept and value}


NOBODY = Person()


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
        **_digests(person),
    )
    Applicant.objects.create(service_request=service_request, **_columns(service_request, person))
    return secret


def replace(service_request: ServiceRequest, person: Person) -> None:
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
    CaseKey.objects.filter(pk=service_request.pk).update(**_digests(person))


def renew_secret(service_request: ServiceRequest) -> str:
    """A new tracking secret; the old one ends at once."""
    secret, salt = new_tracking_secret(), new_salt()
    CaseKey.objects.filter(pk=service_request.pk).update(secret_salt=salt, secret_digest=secret_digest(secret, salt))
    return secret


def forget(service_request: ServiceRequest) -> None:
    """Destroy the key, the digests and the masked name. Rows, history and chain stay; nobody can read them any more."""
    blank = {f.name: "" for f in CaseKey._meta.concrete_fields if f.name != "service_request"}
    CaseKey.objects.filter(pk=service_request.pk).update(**blank)
    service_request.__dict__.pop("_data_key", None)


def person_of(service_request: ServiceRequest) -> Person:
    """The applicant in full. Callers show it only to who asked with a reason (`requests.views.reveal` logs that)."""
    applicant = service_request.applicant
    plain = open_for(service_request, applicant.sealed, "applicant") or {}
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


def _digests(person: Person) -> dict[str, str]:
    return {
        "name_masked": mask_name(person.name),
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
