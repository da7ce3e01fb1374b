"""Somebody who books or asks for a visit and has no case: what they say is sealed under a key of their own, found by phone only.

Forgetting destroys the key and the digests; the rows that are tracked keep ciphertext nobody can read (design 7).
"""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from officials.privacy.keys import keyring
from officials.privacy.lookup import phone_digest
from officials.privacy.sealing import SealBroken, new_data_key, open_sealed, seal
from officials.privacy.tracking import new_salt, secret_digest, secret_matches
from requests.models import Guest, ServiceRequest

KEEP = timedelta(days=90)
_BLANK = {"wrapped_key": "", "secret_salt": "", "secret_digest": "", "phone_hmac": ""}


def welcome(said: dict[str, Any], *, secret: str, place: str) -> tuple[Guest, str]:
    """A new guest and the sealed text of what was said. `place` names where it is kept, so that it cannot be moved."""
    key, salt = new_data_key(), new_salt()
    guest = Guest.objects.create(
        wrapped_key=keyring().wrap(key),
        secret_salt=salt,
        secret_digest=secret_digest(secret, salt),
        phone_hmac=phone_digest(str(said.get("phone", ""))),
    )
    return guest, seal(key, {name: value for name, value in said.items() if value}, aad=f"guest:{guest.pk}:{place}")


def said_by(guest: Guest, sealed: str, place: str) -> dict[str, Any]:
    """What was said, in full; empty once the guest was forgotten. Callers mask it or log that it was looked at."""
    if not guest.wrapped_key or not sealed:
        return {}
    try:
        return open_sealed(keyring().unwrap(guest.wrapped_key), sealed, aad=f"guest:{guest.pk}:{place}")
    except SealBroken:
        return {}


def knows_secret(guest: Guest, secret: str) -> bool:
    return secret_matches(secret, guest.secret_salt, guest.secret_digest)


def forget(guest_id: int) -> None:
    Guest.objects.filter(pk=guest_id).update(**_BLANK)


def forget_those_of(case: ServiceRequest) -> None:
    """With a case goes what the same person said before there was one."""
    theirs = Q(appointment__service_request=case) | Q(home_visit__outing__taken__service_request=case)
    Guest.objects.filter(pk__in=Guest.objects.filter(theirs).values("pk")).update(**_BLANK)


def forget_old(now: datetime) -> int:
    """Bookings whose day lies 90 days back, home visits ended as long ago. Returns how many were forgotten."""
    past = Q(appointment__starts_at__lt=now - KEEP) | Q(home_visit__ended_at__lt=now - KEEP)
    return Guest.objects.filter(pk__in=Guest.objects.filter(past).exclude(wrapped_key="").values("pk")).update(**_BLANK)
