"""One time line out of rows of many tables: rows that one verb wrote stand together, as the chain says."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.audit import ChainLink
from officials.models import AccessRecord, User
from officials.privacy.sealing import is_sealed
from portal.trail.words import Change, Names, changes, pairs, say_verb
from requests.reasons import say_moment

MAIN = "main"


@dataclass
class Line:
    """What one row says. `title` is used when no verb is known for it."""

    model: type
    pk: object
    at: datetime
    who: str
    title: str
    text: str = ""
    changes: list[Change] = field(default_factory=list)
    reason: str = ""
    rank: int = 5  # rows of one moment: the event before what it changed

    @property
    def place(self) -> tuple[str, str]:
        return self.model._meta.db_table, str(self.pk)


@dataclass
class Entry:
    """One verb, or one row no verb of this subject names."""

    at: datetime
    who: str
    title: str
    seq: int | None
    recorded_at: datetime | None
    lines: list[Line]

    @property
    def when(self) -> str:
        return say_moment(timezone.localtime(self.at))

    @property
    def entered(self) -> str:
        """When it was really typed in, where that was later (a paper slip, a demonstration)."""
        if self.recorded_at is None or (self.recorded_at - self.at).total_seconds() < 120:
            return ""
        return say_moment(timezone.localtime(self.recorded_at))

    @property
    def texts(self) -> list[str]:
        return list(dict.fromkeys(line.text for line in self.lines if line.text))

    @property
    def reasons(self) -> list[str]:
        return list(dict.fromkeys(line.reason for line in self.lines if line.reason))

    @property
    def changes(self) -> list[Change]:
        return [change for line in self.lines for change in line.changes]


def told(lines: Iterable[Line], subject: str) -> list[Entry]:
    """Lines as entries in order of time; `subject` finds the links of the chain that name these rows."""
    links = list(ChainLink.objects.filter(stream=MAIN, subject=subject).order_by("seq").select_related("actor"))
    link_of = {(table, str(pk)): link for link in links for table, pk, _digest in json.loads(link.rows)}
    entries: dict[object, Entry] = {}
    for line in sorted(lines, key=lambda line: line.rank):
        link = link_of.get(line.place)
        key = link.seq if link else line.place
        if key not in entries:
            title = say_verb(link.verb) if link else line.title
            entries[key] = Entry(
                link.at if link else line.at, link.actor_name if link else line.who, title, link.seq if link else None,
                link.recorded_at if link else None, [],
            )  # fmt: skip
        entries[key].lines.append(line)
    return sorted(entries.values(), key=lambda entry: (entry.at, entry.seq or 0))


def history_lines(model: type, rows: Iterable, names: Names, title: str, *, key: str = "id") -> list[Line]:
    """Every change of tracked rows, field by field."""
    return [
        Line(type(row), row.history_id, row.history_date, row.actor_name, title, changes=changes(model, before, row, names),
             reason=_open(row.history_change_reason))
        for before, row in pairs(rows, key)
    ]  # fmt: skip


def _open(reason: str) -> str:
    """Reasons of the catalogue and the calendar are plain; of a case they are sealed, and read from its event instead."""
    return "" if is_sealed(reason) else reason


def access_lines(records: Iterable[AccessRecord]) -> list[Line]:
    """Who looked, at what, and why."""
    return [
        Line(AccessRecord, row.pk, row.at, person(row.by), str(row.get_what_display()), reason=row.reason) for row in records
    ]


def person(user: User | None) -> str:
    return f"{user.name} ({user.staff_no})" if user else _("nobody")
