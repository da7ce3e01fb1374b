"""Households of a batch: sealed under the key of the batch, found again next year by the digest of the head's identity number."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from officials.models import Office
from officials.privacy.identity import id_birth_date
from officials.privacy.keys import KeyUnknown, keyring
from officials.privacy.lookup import id_digest
from officials.privacy.masking import mask_name
from officials.privacy.sealing import SealBroken, new_data_key, open_sealed, seal
from requests.models import Batch, BatchHousehold, BatchKey, HouseholdKey

FIELDS = ("name", "id_number", "group", "area", "amount", "note")


@dataclass(frozen=True)
class Known:
    """A household as it stands in a batch."""

    household: BatchHousehold
    id_hmac: str
    name_masked: str
    values: dict[str, str]


def new_key(batch: Batch) -> None:
    BatchKey.objects.create(batch=batch, wrapped_key=keyring().wrap(new_data_key()))


def data_key(batch: Batch) -> bytes | None:
    """None where the households were erased."""
    wrapped = BatchKey.objects.filter(batch=batch).values_list("wrapped_key", flat=True).first()
    return keyring().unwrap(wrapped) if wrapped else None


def households(batch: Batch, village: Office | None = None) -> list[Known]:
    """Opened with one key; nothing where it was destroyed."""
    key = data_key(batch)
    if key is None:
        return []
    found = BatchHousehold.objects.filter(batch=batch).select_related("key").order_by("pk")
    if village is not None:
        found = found.filter(village=village)
    return [Known(one, one.key.id_hmac, one.key.name_masked, _open(key, one)) for one in found]


def _open(key: bytes, household: BatchHousehold) -> dict[str, str]:
    try:
        return open_sealed(key, household.sealed, aad=f"household:{household.batch_id}")
    except (SealBroken, KeyUnknown):
        return {}


def write(key: bytes, household: BatchHousehold, values: dict[str, Any]) -> None:
    """Save a household, new or told anew, with its look-up columns."""
    is_new = household.pk is None
    household.sealed = seal(key, {name: values[name] for name in FIELDS if values.get(name)}, aad=f"household:{household.batch_id}")
    household.save()
    if is_new:
        digest, masked = id_digest(values["id_number"]), mask_name(values["name"])
        HouseholdKey.objects.create(household=household, batch=household.batch, id_hmac=digest, name_masked=masked)


def previous(batch: Batch) -> Batch | None:
    """The batch of the same item before this one: last year's rows."""
    return Batch.objects.filter(item_id=batch.item_id, begins_on__lt=batch.begins_on).order_by("-begins_on").first()


def is_minor(values: dict[str, str], on: date) -> bool:
    born = id_birth_date(values.get("id_number", ""))
    return born is not None and on.year - born.year - ((on.month, on.day) < (born.month, born.day)) < 18


def forget(batch: Batch) -> None:
    BatchKey.objects.filter(batch=batch).update(wrapped_key="")
    HouseholdKey.objects.filter(batch=batch).update(id_hmac="", name_masked="")
