"""The person of a row: sealed under the row's own key, found by the digest of the identity number, shown masked."""

from typing import Any

from officials.privacy.keys import keyring
from officials.privacy.lookup import id_digest
from officials.privacy.masking import mask_name
from officials.privacy.sealing import SealBroken, new_data_key, open_sealed, seal
from requests.models import Beneficiary, BeneficiaryKey
from requests.persons import Person

KEPT = ("name", "id_number", "phone", "address")


class Forgotten(Exception):
    """The key of this row was destroyed."""


def _key(row: Beneficiary) -> bytes:
    wrapped = row.key.wrapped_key
    if not wrapped:
        raise Forgotten(row.pk)
    return keyring().unwrap(wrapped)


def seal_for(row: Beneficiary, value: Any, place: str) -> str:
    """Ciphertext of a value of this row; "" for nothing."""
    return seal(_key(row), value, aad=f"roll:{row.pk}:{place}") if value else ""


def open_for(row: Beneficiary, text: str, place: str) -> Any:
    """The value again, or None where there is none or the person was forgotten."""
    if not text:
        return None
    try:
        return open_sealed(_key(row), text, aad=f"roll:{row.pk}:{place}")
    except (Forgotten, SealBroken):
        return None


def register(row: Beneficiary, person: Person, standard: str = "") -> None:
    """Key, digest, masked name and sealed person of a new row. The row is saved twice: its id is part of every seal."""
    row.sealed = ""
    row.save()
    row.key = BeneficiaryKey.objects.create(
        row=row, wrapped_key=keyring().wrap(new_data_key()), name_masked=mask_name(person.name), id_hmac=id_digest(person.id_number)
    )
    row.sealed = seal_for(row, {name: getattr(person, name) for name in KEPT if getattr(person, name)}, "person")
    row.standard = seal_for(row, standard, "standard")
    row.save()


def person_of(row: Beneficiary) -> dict[str, str]:
    """In full. Callers show it only to who asked with a reason, which is logged."""
    return open_for(row, row.sealed, "person") or {}


def forget(row: Beneficiary) -> None:
    """Destroy key, digest and masked name; the row, its dates and its figures stay."""
    BeneficiaryKey.objects.filter(pk=row.pk).update(wrapped_key="", name_masked="", id_hmac="")
    row.key.refresh_from_db()
