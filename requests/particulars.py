"""登记内容: what an item alone wants written down of a case (catalogue part `particulars`), and what was written so far.

It is asked when the application is taken in and with the decision, can be completed in between, and stands on the decision. What
was said lies with the events of the case, sealed under its key; the newest word for each line counts.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from officials import versions
from officials.models import User
from requests import persons
from requests.lifecycle import AlreadyHandled, Refused, change
from requests.models import ServiceRequest
from services.models import Edition, Particular

KEY = "particulars"  # under which the words of an event hold them
VERBS = ("receive", "note_particulars")
Stage = Particular.Stage


def of(edition: Edition | None, stage: str = "") -> list[Particular]:
    """The lines of this text in their order, of one stage or of all."""
    rows = _kept().get(edition.pk, []) if edition is not None else []
    return [row for row in rows if row.stage == stage or not stage]


def _read() -> dict[int, list[Particular]]:
    """Of every text a case can be pinned to; those do not change any more."""
    found: dict[int, list[Particular]] = {}
    for row in Particular.objects.filter(edition__published_at__isnull=False).order_by("edition_id", "position"):
        found.setdefault(row.edition_id, []).append(row)
    return found


_kept = versions.Kept(versions.CATALOGUE, _read)


def as_words(said: Mapping[str, str]) -> dict[str, str]:
    """For the words of an event; {} where nothing was said."""
    filled = {label: text for label, text in said.items() if text}
    return {KEY: json.dumps(filled, ensure_ascii=False)} if filled else {}


def said(case: ServiceRequest) -> dict[str, str]:
    """What was written so far, label → words."""
    found: dict[str, str] = {}
    for event in case.events.filter(verb__in=VERBS).order_by("id"):
        found |= json.loads((persons.open_for(case, event.sealed, "event") or {}).get(KEY, "{}"))
    return found


def lacking(case: ServiceRequest, stage: str) -> list[Particular]:
    """The lines that are needed at this stage and were not written yet."""
    needed = [row for row in of(case.edition, stage) if row.is_required]
    known = said(case) if needed else {}
    return [row for row in needed if not known.get(row.label)]


def written(case: ServiceRequest, stage: str = "") -> list[tuple[str, str]]:
    """Label and words with their unit, in the order of the text, for a page or a paper."""
    rows = of(case.edition, stage)
    known = said(case) if rows else {}
    return [(row.label, with_unit(row, known[row.label])) for row in rows if known.get(row.label)]


def with_unit(row: Particular, words: str) -> str:
    return f"{words}{row.unit}" if row.unit and not words.endswith(row.unit) else words


def new_in(case: ServiceRequest, lines: Mapping[str, str]) -> dict[str, str]:
    """What of it is not written yet, or differently."""
    known = said(case) if lines else {}
    return {label: text for label, text in lines.items() if text.strip() and text.strip() != known.get(label)}


def note_particulars(case: ServiceRequest, lines: Mapping[str, str], *, by: User, now: datetime) -> None:
    """Write them down, or put right what was written: only what is new or different. What is left empty stays as it is."""
    with change("note_particulars", case, by=by, now=now) as work:
        if not {row.label for row in of(work.case.edition)} >= set(lines):
            raise Refused(_("The text of this case asks for no such entry."))
        new = {label: text.strip() for label, text in new_in(work.case, lines).items()}
        if not new:
            if any(text.strip() for text in lines.values()):
                raise AlreadyHandled(_("This is written down already."))
            raise Refused(_("Write down at least one of them."))
        work.words.update(as_words(new))
        work.facts["lines"] = [row.position for row in of(work.case.edition) if row.label in new]
        work.redate = False
