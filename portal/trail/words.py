"""Names of fields, values and verbs in the reader's language. Keys become names; no raw id is ever shown."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.audit.history import HistoryRow
from portal.trail.verb_words import VERBS
from requests.lifecycle import TRANSITIONS
from requests.models import ServiceRequest
from requests.reasons import say_date, say_moment
from services.blanks.names import BY_CODE

LONGEST = 300
# Columns that say nothing to a reader, or that must not be read at all.
SILENT = {"id", "township", "form_token", "position", "edition", "service_request"}
SEALED = {"sealed"}
# Fields whose model gives them no name of their own.
FIELDS = {
    "status": gettext_lazy("state"),
    "accepted_by": gettext_lazy("accepted by"),
    "decided_by": gettext_lazy("decided by"),
    "ended_by": gettext_lazy("ended by"),
    "upper_at": gettext_lazy("upper number entered at"),
    "upper_by": gettext_lazy("upper number entered by"),
    "visit": gettext_lazy("visit"),
    "earlier_case": gettext_lazy("earlier case"),
    "author": gettext_lazy("author"),
    "created_at": gettext_lazy("begun at"),
    "submitted_at": gettext_lazy("submitted at"),
    "submitted_by": gettext_lazy("submitted by"),
    "published_at": gettext_lazy("published at"),
    "published_by": gettext_lazy("published by"),
    "ended_at": gettext_lazy("ended at"),
    "base": gettext_lazy("grew out of"),
    "item": gettext_lazy("item"),
    "documents_by": gettext_lazy("who issues which document"),
    "cross_region": gettext_lazy("across regions"),
    "result_name": gettext_lazy("result"),
    "result_kind": gettext_lazy("kind of result"),
    "privacy": gettext_lazy("sensitive data"),
    "batch_window": gettext_lazy("batch window"),
    "follow_up": gettext_lazy("follow-up"),
    "is_superuser": gettext_lazy("operator's account"),
    "printed_at": gettext_lazy("printed at"),
    "printed_by": gettext_lazy("printed by"),
    "state": gettext_lazy("state"),
    "service_request": gettext_lazy("case"),
    "settled_at": gettext_lazy("settled at"),
    "settled_by": gettext_lazy("settled by"),
    "sealed": gettext_lazy("personal data (sealed)"),
    "date_joined": gettext_lazy("joined on"),
    "user": gettext_lazy("member of staff"),
}
RIGHTS = {
    "take_in": gettext_lazy("take in cases"), "handle_cases": gettext_lazy("handle cases"), "head_office": gettext_lazy("head the office"),
    "supervise": gettext_lazy("supervise"), "inspect": gettext_lazy("inspect"), "edit_catalogue": gettext_lazy("edit the catalogue"),
    "publish_catalogue": gettext_lazy("publish the catalogue"), "edit_calendar": gettext_lazy("keep the calendar"),
    "log_for_village": gettext_lazy("log cases for residents of the village"),
}  # fmt: skip


def say_told(told: str) -> str:
    """What was read out on the phone: state and date. It is kept as "accepted; due 2026-12-18"."""
    status, _sign, day = told.partition("; due ")
    if status not in ServiceRequest.Status.values:
        return told
    state = str(ServiceRequest.Status(status).label)
    return _("%(state)s, due %(day)s") % {"state": state, "day": say_date(date.fromisoformat(day))} if day not in ("", "-") else state


def say_verb(name: str) -> str:
    """A verb as its button calls it."""
    for table in TRANSITIONS.values():
        if name in table:
            return str(table[name].label)
    return str(VERBS.get(name, name.replace("_", " ")))


def say_right(name: str) -> str:
    return str(RIGHTS.get(name, name.replace("_", " ")))


def say_field(field: models.Field) -> str:
    own = str(field.verbose_name)
    plain = field.name.replace("_", " ")
    return str(FIELDS[field.name]) if field.name in FIELDS and own == plain else own


class Names:
    """Keys of other rows, collected first and read in one query a model, then told by name."""

    related = {"Post": ("office",), "Edition": ("item",), "Official": ("user",)}

    def __init__(self) -> None:
        self.wanted: dict[type[models.Model], set[Any]] = defaultdict(set)
        self.known: dict[type[models.Model], dict[Any, str]] = {}

    def want(self, model: type[models.Model], key: Any) -> None:
        if key is not None:
            self.wanted[model].add(key)

    def read(self) -> None:
        for model, keys in self.wanted.items():
            rows = model._default_manager.select_related(*self.related.get(model.__name__, ())).in_bulk(list(keys))
            self.known[model] = {key: str(row) for key, row in rows.items()}
        self.wanted.clear()

    def of(self, model: type[models.Model], key: Any) -> str:
        return self.known.get(model, {}).get(key) or _("something no longer there")


class Change:
    """One field from what to what, said when its names are known."""

    def __init__(self, field: models.Field, before: Any, after: Any, names: Names, case: HistoryRow | None = None):
        """`case`: the row of a case, whose states have the words of their kind and whose outcomes those of its item."""
        self.field, self.before, self.after, self.names, self.case = field, before, after, names, case
        if field.name == "places":  # named places of a blank form: of a page full of them only those that differ
            self.before = [place for place in before or [] if place not in (after or [])]
            self.after = [place for place in after or [] if place not in (before or [])]
        if field.remote_field and field.name not in SEALED:
            names.want(field.related_model, before)
            names.want(field.related_model, after)

    @property
    def label(self) -> str:
        return say_field(self.field)

    @property
    def from_text(self) -> str:
        return self._say(self.before)

    @property
    def to_text(self) -> str:
        return self._say(self.after)

    def _say(self, value: Any) -> str:
        if self.field.name in SEALED:
            return _("sealed") if value else "—"
        if value is None or value == "":
            return "—"
        if self.field.remote_field:
            return self.names.of(self.field.related_model, value)
        if self.case is not None and self.field.name == "status":
            return ServiceRequest.status_word(self.case.kind, value)
        if self.case is not None and self.field.name == "outcome":
            return ServiceRequest(edition_id=self.case.edition_id, outcome=value).get_outcome_display()
        return say_value(self.field, value)


def say_value(field: models.Field, value: Any) -> str:
    """Choices by their label, dates and moments in words, yes and no, lists joined."""
    if field.name == "places":
        return _("; ").join(say_place(place) for place in value) or "—"
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return say_moment(timezone.localtime(value))
    if isinstance(value, date):
        return say_date(value)
    return Truncator(_plain(value)).chars(LONGEST)


def say_place(place: dict[str, Any]) -> str:
    """A named place of a blank form: what stands there, and where, in millimetres."""
    parts = {key: f"{place[key]:g}" for key in ("page", "x", "y", "width", "height")}
    return _("%(name)s (page %(page)s, %(x)s from the left, %(y)s from the top, %(width)s × %(height)s mm)") % (
        parts | {"name": BY_CODE[place["name"]].label if place["name"] in BY_CODE else place["name"]}
    )


def _plain(value: Any) -> str:
    """A stored list or object as a person would write it down."""
    if isinstance(value, dict):
        return _("; ").join(f"{key}: {_plain(one)}" for key, one in value.items() if one not in (None, "", [], {})) or "—"
    if isinstance(value, list | tuple):
        return _(", ").join(_plain(one) for one in value) or "—"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return str(value)


def changes(model: type[models.Model], before: HistoryRow | None, after: HistoryRow, names: Names) -> list[Change]:
    """The fields in which two history rows of one object differ; of its first row, every field that has a value."""
    found = []
    kept = {field.attname for field in after._meta.concrete_fields}
    for field in model._meta.concrete_fields:
        if field.name in SILENT or field.attname not in kept:
            continue
        old, new = getattr(before, field.attname) if before is not None else None, getattr(after, field.attname)
        if before is None and new in (None, "", [], {}, False):
            continue
        if old != new:
            found.append(Change(field, old, new, names, after if model is ServiceRequest else None))
    return found


def pairs(rows: Iterable[HistoryRow], key: str) -> Iterable[tuple[HistoryRow | None, HistoryRow]]:
    """Each history row with the one before it of the same object; rows come in the order of writing."""
    newest: dict[Any, HistoryRow] = {}
    for row in rows:
        yield newest.get(getattr(row, key)), row
        newest[getattr(row, key)] = row
