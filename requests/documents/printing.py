"""Paper out of a frozen text. Every print is counted; a voided paper says so across its head, whoever prints it."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from officials.audit import verb
from officials.models import User
from officials.typesetting import qr_svg, typeset
from requests import persons
from requests.documents.issuing import PLACE
from requests.lifecycle import Refused
from requests.models import Document, DocumentPrint, ServiceRequest
from requests.permissions import sees_in_full
from requests.printing import wording

LAYOUT = Path(__file__).parents[1] / "printing" / "layouts" / "letter.typ"
DEMO_NOTICE = "演示系统,非真实文书"


def print_paper(document: Document, *, check_url: str, by: User, now: datetime) -> bytes:
    """The PDF of an issued paper, the same words each time; counted. Raises Refused without the right, or once it was anonymised."""
    case = document.service_request
    if not sees_in_full(by, case):
        raise Refused(_("Papers are printed by the window that took the case in, or by the responsible office."))
    with verb("print_document", by=by, now=now, subject=f"case:{case.pk}"):
        locked = ServiceRequest.objects.select_for_update(of=("self",)).select_related("key", "township").get(pk=case.pk)
        text = persons.open_for(locked, document.sealed, PLACE)
        if text is None:
            raise Refused(_("The case was anonymised."))
        earlier = document.prints.count()
        DocumentPrint.objects.create(document=document, layout="a4", at=now, by=by)
    return _set(document, text, earlier, check_url, is_demo=locked.township.is_demo)


def _set(document: Document, text: dict[str, Any], earlier: int, check_url: str, *, is_demo: bool) -> bytes:
    void = getattr(document, "void", None)
    data = text | {
        "check_code": document.check_code,
        "track_url": check_url,
        "track_text": wording.typed_address(check_url),
        "reprint_note": f"第{earlier}次补打" if earlier else "",
        "void_note": f"已于{wording.plain_day(void.at)}作废" if void else "",
        "notice": DEMO_NOTICE if is_demo else "",
    }
    return typeset(LAYOUT, data, drawings={"qr": qr_svg(check_url)}, verbatim=frozenset({"track_text", "number", "case_number"}))


@dataclass(frozen=True)
class Checked:
    """What anybody who holds a paper may learn of it: what it is and whether it stands. Nothing of the case."""

    document: Document
    voided_at: datetime | None


def check(code: str) -> Checked | None:
    """The paper with this check code, as it is read off the sheet (any case, with or without hyphens); None: there is none."""
    letters = "".join(char for char in code.upper().translate(_MISREAD) if char.isascii() and char.isalnum())
    plain = "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))
    document = Document.objects.filter(check_code=plain).select_related("void").first() if len(letters) == _LENGTH else None
    if document is None:
        return None
    void = getattr(document, "void", None)
    return Checked(document, void.at if void else None)


_LENGTH = 12
_MISREAD = str.maketrans("OIL", "011")  # the letters a code never has
