"""The PIN of a shared desk: four to six digits, hashed, and off for a quarter of an hour after five wrong tries.

The tries are counted in the database, so that all workers count together. A try is counted *before* the hash is compared:
a burst of parallel tries gets five comparisons and no more, and no lock is held during the slow hash.
"""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from officials.audit import verb
from officials.models import User
from requests.models import TrackingAttempt

TRIES = 5
OFF_FOR = timedelta(minutes=15)
SHORTEST, LONGEST = 4, 6
_STRAIGHT = "01234567890 09876543210"


class PinOff(Exception):
    """Five wrong tries. `until` says when the PIN works again; the password works all the time."""

    def __init__(self, until: datetime):
        super().__init__(until)
        self.until = until


def _subject(person: User) -> str:
    return f"pin:{person.pk}"


def is_right(person: User, pin: str, now: datetime) -> bool:
    """Compare a PIN. Raises PinOff without comparing when there were too many wrong ones."""
    _count(person, now)
    right = check_password(pin, person.pin)
    if right:
        TrackingAttempt.objects.filter(subject=_subject(person)).delete()
    return right


def _count(person: User, now: datetime) -> None:
    """One more try. The row of the person is locked meanwhile, so that two workers never count as one.

    `no_key`, here as below: every link of the chain points at its actor, and whoever writes one holds the head already.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=person.pk)
        row = TrackingAttempt.objects.filter(subject=_subject(person)).order_by("-window_start").first()
        row = row or TrackingAttempt(subject=_subject(person), window_start=now)
        over = row.window_start + OFF_FOR  # counted from the last try
        if row.failures >= TRIES and now < over:
            raise PinOff(over)
        row.failures = 1 if now >= over else row.failures + 1
        row.window_start = now
        row.save()


def set_pin(person: User, pin: str, *, now: datetime) -> None:
    """Set one's own PIN. The hash itself is in no history; that it was changed, is."""
    with verb("set_pin", by=person, now=now, subject=f"user:{person.pk}"):
        fresh = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        fresh.pin = make_password(pin)
        fresh.save()
    TrackingAttempt.objects.filter(subject=_subject(person)).delete()


def set_password(person: User, password: str, *, now: datetime) -> User:
    """Change one's own password; Django ends the other sessions by it. Recorded like the PIN."""
    with verb("change_password", by=person, now=now, subject=f"user:{person.pk}"):
        fresh = User.objects.select_for_update(no_key=True).get(pk=person.pk)
        fresh.set_password(password)
        fresh.save()
    return fresh


def is_too_simple(pin: str) -> bool:
    """All the same digit, or up or down the row."""
    return len(set(pin)) == 1 or pin in _STRAIGHT
