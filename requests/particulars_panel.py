"""登记内容 on the page of a case: the lines of its text, what was written, and what is still needed when."""

from dataclasses import dataclass
from datetime import datetime

from officials.models import User
from officials.privacy.masking import mask_in_words
from requests import case_file, particulars
from requests.models import ServiceRequest
from requests.panels import Panel
from services.models import Particular


@dataclass(frozen=True)
class Entry:
    """`words`: whole numbers of identity cards and phones in it are masked; they open with the person's own, for a reason."""

    label: str
    words: str
    is_needed: bool
    at_decision: bool


def particulars_panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    rows = particulars.of(case.edition)
    if not rows:
        return None
    known = particulars.said(case)
    entries = [_entry(row, known.get(row.label, "")) for row in rows if known.get(row.label) or row.is_required or case.is_open]
    content = {"entries": entries, "actions": case_file.offered(case, user, "note_particulars")}
    return Panel("requests/particulars/_panel.html", content) if entries else None


def _entry(row: Particular, words: str) -> Entry:
    shown = mask_in_words(particulars.with_unit(row, words)) if words else ""
    return Entry(row.label, shown, row.is_required and not words, row.stage == Particular.Stage.DECISION)
