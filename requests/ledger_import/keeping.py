"""The uploaded file between the check and the import: sealed under the master key, one per person, wiped after the import.

It is kept like a half-filled form (HeldForm), so it waits where those wait and goes with them after thirty days.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime

from officials.models import User
from officials.privacy.keys import KeyUnknown, keyring
from requests.models import HeldForm

PAGE = "/desk/old-ledger/check/"
MAX_BYTES = 2 * 1024 * 1024  # a thousand rows need a tenth of it


@dataclass(frozen=True)
class Kept:
    """The file as it was sent."""

    name: str
    data: bytes

    @property
    def digest(self) -> str:
        """What the page of the check knows: only that very file is imported."""
        return hashlib.sha256(self.data).hexdigest()


def keep(user: User, name: str, data: bytes, now: datetime, page: str = PAGE) -> None:
    """The newest file of a person replaces the one before. `page`: the page of its check."""
    content = {"name": [name], "file": [base64.b64encode(data).decode()]}
    sealed = keyring().wrap(json.dumps(content, ensure_ascii=False).encode())
    HeldForm.objects.update_or_create(owner=user, path=page, defaults={"sealed": sealed, "held_at": now})


def kept(user: User, page: str = PAGE) -> Kept | None:
    """The file, or None where none waits."""
    row = HeldForm.objects.filter(owner=user, path=page).first()
    if row is None:
        return None
    try:
        content = json.loads(keyring().unwrap(row.sealed))
        return Kept(content["name"][0], base64.b64decode(content["file"][0]))
    except (KeyUnknown, ValueError, KeyError, IndexError):
        return None


def wipe(user: User, page: str = PAGE) -> None:
    HeldForm.objects.filter(owner=user, path=page).delete()
