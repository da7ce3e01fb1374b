"""The uploaded spreadsheet between its dry run and its import: under a random name, kept a day at most."""

import secrets
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

KEPT_FOR = timedelta(days=1)
_LETTERS = frozenset("0123456789abcdef")


def _folder() -> Path:
    return Path(settings.MEDIA_ROOT) / "imports"


def keep(data: bytes) -> str:
    """Put the file aside; the token belongs in the session of the person who sent it."""
    folder, token = _folder(), secrets.token_hex(16)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{token}.xlsx"
    path.touch(mode=0o600)
    path.write_bytes(data)
    return token


def kept(token: str) -> bytes | None:
    """The file of this token, while it is there."""
    path = _path(token)
    try:
        return path.read_bytes() if path else None
    except FileNotFoundError:
        return None


def drop(token: str) -> None:
    if path := _path(token):
        path.unlink(missing_ok=True)


def drop_old(now: datetime) -> int:
    """Delete what was left lying for more than a day; asked whenever the import page is opened, and fit for a job."""
    gone = 0
    for path in _folder().glob("*.xlsx"):
        try:
            is_old = path.stat().st_mtime < (now - KEPT_FOR).timestamp()
        except FileNotFoundError:
            continue  # imported, or deleted by somebody else, this very moment
        if is_old:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _path(token: str) -> Path | None:
    """No other path than one of ours can be named."""
    return _folder() / f"{token}.xlsx" if len(token) == 32 and _LETTERS.issuperset(token) else None
