"""The two reads behind every page of a signed-in person, run as prepared statements: the session and the person."""

from datetime import datetime
from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from officials.models import User
from officials.prepared import prepared

_BEYOND_KEYS = 2**63


@prepared
def _session(key: str, now: datetime):
    return Session.objects.filter(session_key=key, expire_date__gt=now)


@prepared
def _person(pk: int):
    return User.objects.filter(pk=pk)


class SessionStore(db.SessionStore):
    """Django's own sessions in the database, with their reading prepared."""

    def _get_session_from_db(self) -> Session | None:
        found = _session(self.session_key, timezone.now())
        if not found:
            self._session_key = None
        return found[0] if found else None


class StaffBackend(ModelBackend):
    """Django's own sign-in by password, with the reading of the person prepared. Disabled people are nobody."""

    def get_user(self, user_id: Any) -> User | None:
        if not isinstance(user_id, int) or not 0 < user_id < _BEYOND_KEYS:
            return None
        found = _person(user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
