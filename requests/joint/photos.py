"""Pictures of a site visit as files: ciphertext under the key of the case, written after the commit, never public."""

import hashlib
import secrets
from datetime import datetime
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import transaction

from officials import pictures
from officials.models import User
from officials.privacy.sealing import SealBroken, open_bytes, seal_bytes
from requests import persons
from requests.models import ServiceRequest, SiteVisit, VisitPhoto

CONTENT_TYPES = {VisitPhoto.Kind.JPEG: "image/jpeg", VisitPhoto.Kind.PNG: "image/png"}


def keep(case: ServiceRequest, visit: SiteVisit, raw: bytes, *, by: User, now: datetime) -> VisitPhoto:
    """One picture, cleaned and sealed. The file appears when the verb is committed. Raises pictures.NoPicture."""
    kind, plain = pictures.cleaned(raw)
    name = secrets.token_hex(16)
    sealed = seal_bytes(persons.data_key(case), plain, _place(case, name))
    photo = VisitPhoto.objects.create(visit=visit, kind=kind, name=name, digest=hashlib.sha256(sealed).hexdigest(), at=now, by=by)
    transaction.on_commit(partial(_write, path_of(case, name), sealed))
    return photo


def read(case: ServiceRequest, photo: VisitPhoto) -> bytes | None:
    """The picture; None when the case was anonymised, or the file is missing or was altered."""
    try:
        return open_bytes(persons.data_key(case), path_of(case, photo.name).read_bytes(), _place(case, photo.name))
    except (persons.Anonymised, SealBroken, FileNotFoundError):
        return None


def path_of(case: ServiceRequest, name: str) -> Path:
    return Path(settings.MEDIA_ROOT) / "cases" / str(case.pk) / name


def _place(case: ServiceRequest, name: str) -> str:
    return f"{case.pk}:photo:{name}"


def _write(path: Path, sealed: bytes) -> None:
    """All of it or nothing: a half-written file would be a broken picture for ever."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    half = path.with_suffix(".part")
    half.write_bytes(sealed)
    half.replace(path)
