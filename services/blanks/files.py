"""The file of a blank form, taken in and kept: what can be seen of the upload, drawn anew, under the digest of what was drawn.

Kept files hold no personal data and are never changed or deleted: old editions go on naming them.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from officials import pictures
from services.blanks.names import meant_by
from services.models import BlankForm

MOST_BYTES = 5 * 1024 * 1024
TIME_LIMIT = 30.0  # seconds; a scanned page takes about one
READER = Path(__file__).with_name("reader.py")
PDF = "blank.pdf"


class Unfit(Exception):
    """The upload cannot be a form; the text is a sentence for the page."""


class Gone(Exception):
    """The file of a form is missing or was altered."""


@dataclass(frozen=True)
class Taken:
    """An upload as it is kept."""

    digest: str
    pages: list[list[float]]  # mm
    offers: list[dict[str, Any]]


def take(upload: bytes) -> Taken:
    """Look at an upload (of at most MOST_BYTES) and keep what it shows. Raises Unfit."""
    kind, data = _kind(upload)
    root = Path(settings.MEDIA_ROOT) / "blanks"
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root, prefix="part-") as made:
        found = _look(Path(made), kind, data)
        digest = hashlib.sha256((Path(made) / PDF).read_bytes()).hexdigest()
        _keep(Path(made), root / digest)
    return Taken(digest, found["pages"], _offers(found["offers"]))


def _kind(upload: bytes) -> tuple[str, bytes]:
    """What it is by its first bytes, whatever it is called; of a picture nothing but the picture."""
    if upload[:1024].lstrip().startswith(b"%PDF-"):
        return "pdf", upload
    try:
        kind, data = pictures.cleaned(upload)
    except pictures.NoPicture as error:
        raise Unfit(_("This is no form that can be read. Save it as PDF, or as a picture (JPEG, PNG) of the page.")) from error
    return {pictures.JPEG: "jpg", pictures.PNG: "png"}[kind], data


def _look(folder: Path, kind: str, data: bytes) -> dict[str, Any]:
    command = [sys.executable, "-I", str(READER), str(folder), kind]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=TIME_LIMIT, check=True)
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        found = {"fault": "unreadable"}
    if "fault" in found:
        raise Unfit(_sentences().get(found["fault"], _sentences()["unreadable"]))
    return found


def _sentences() -> dict[str, str]:
    return {
        "unreadable": _("This PDF cannot be read. Print it into a new PDF and try that one."),
        "locked": _("This PDF is locked with a password. Save it without one."),
        "active": _("This PDF can act by itself (scripts, attachments or an XFA form). Print it into a new PDF and try that one."),
        "pages": _("A form has one to ten pages."),
        "size": _("A page of this file is smaller than A6 or larger than A3."),
        "fonts": _("This PDF does not bring its Chinese fonts along, so it would be printed with others. Save it with fonts embedded."),
    }


def _keep(made: Path, place: Path) -> None:
    """The same file uploaded again is there already."""
    if not place.exists():
        half = place.with_name(f"{made.name}-whole")
        shutil.copytree(made, half)
        try:
            half.replace(place)
        except OSError:  # somebody else kept the same one this very moment
            shutil.rmtree(half)


def _offers(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Fields whose name means one of ours; the others stay empty on the paper."""
    return [{"name": name.code} | {key: one[key] for key in _PLACE} for one in found if (name := meant_by(one["field"]))]


_PLACE = ("page", "x", "y", "width", "height")


def folder_of(blank: BlankForm) -> Path:
    """The folder with the file and its pictures. Raises Gone unless the file is the very one that was checked."""
    place = Path(settings.MEDIA_ROOT) / "blanks" / blank.digest
    try:
        is_same = hashlib.sha256((place / PDF).read_bytes()).hexdigest() == blank.digest
    except FileNotFoundError:
        is_same = False
    if not is_same:
        raise Gone(_("The file of this form is missing. Tell the editor to upload it again."))
    return place


def pdf_of(blank: BlankForm) -> bytes:
    """The empty form, as residents get it. Raises Gone."""
    return (folder_of(blank) / PDF).read_bytes()


def picture_of(blank: BlankForm, page: int) -> bytes:
    """A page as PNG, for the editor. Raises Gone."""
    try:
        return (folder_of(blank) / f"{page}.png").read_bytes()
    except FileNotFoundError as error:
        raise Gone from error
