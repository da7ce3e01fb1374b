"""Rows of the spreadsheet ↔ the content of an edition (`services.content`), in both directions.

The two directions undo each other: what is exported and read again is the same content.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from officials.models import Office, Post, User
from services.models import Category

from . import cells, layout, phrases
from .columns import Sheet

_PARTS = tuple(sheet for sheet in layout.CATALOGUE if sheet.part)
# Columns of the sheet of items that are fields of the edition just as they are.
_PLAIN = (
    "name", "name_en", "summary", "summary_en", "place", "hours", "level", "item_type", "handling", "mode", "implementing_body",
    "entrusting_body", "review_note", "is_household", "legal_value", "legal_unit", "legal_start", "legal_basis", "promised_value",
    "promised_unit", "promised_start", "promised_note", "starts_note", "deemed_acceptance", "village_start", "acceptance_days",
    "acceptance_basis", "supplement_value", "supplement_unit",
    "supplement_basis", "supplement_withdraws", "supplement_restarts", "offers_promise", "charges_fee", "fee_standard",
    "fee_basis", "payment_note", "max_visits", "channels", "cross_region", "result_name", "result_kind", "result_validity",
    "delivery", "roll", "review_value", "review_unit", "review_basis", "follow_up", "checked_on", "notes",
)  # fmt: skip
_JOINED = ("review_bodies", "targets")  # stored as one text, parts separated by 、
_NOTICE = {
    "required": "notice_required", "days": "notice_days", "unit": "notice_unit", "place": "notice_place", "stage": "notice_stage",
    "allow_fields": "notice_allow", "forbid_fields": "notice_forbid", "counted": "notice_counted", "takedown": "notice_takedown",
    "note": "notice_note",
}  # fmt: skip
_NOTICE_BASIS = {"kind": "notice_basis_kind", "text": "notice_basis"}
_OBJECTION = {
    "channel": "objection_channels", "phone": "objection_phone", "within": "objection_within", "receiver": "objection_receiver",
    "handler": "objection_handler",
}  # fmt: skip
# JSON field of the edition → its keys and the columns they stand in.
_OBJECTS = {
    "privacy": {"sensitive": "sensitive", "private": "private", "consent_mode": "consent_mode", "confidential": "confidential"},
    "reminder": {"trigger": "reminder_trigger", "lead_days": "reminder_days", "channel": "reminder_channels", "note": "reminder_note"},
    "batch_window": {"rule": "batch_rule", "windows": "batch_windows", "note": "batch_note"},
    "evidence": {"verified": "verified", "assumed": "assumed"},
}


@dataclass
class Lookups:
    """The rows of the database that codes in the file mean."""

    offices: dict[str, Office] = field(default_factory=dict)
    posts: dict[tuple[str, str], Post] = field(default_factory=dict)  # (office, post)
    categories: dict[str, Category] = field(default_factory=dict)  # by name
    staff: dict[str, User] = field(default_factory=dict)  # by staff number


Values = Mapping[str, Any]


def content_from(item: Values, parts: Mapping[str, Sequence[Values]], events: list[str], lookups: Lookups) -> dict[str, Any]:
    """The content an item's rows say. `parts` has the rows of each further sheet in their order; only without faults."""
    content: dict[str, Any] = {name: item[name] for name in _PLAIN}
    content |= {name: "、".join(item[name]) for name in _JOINED}
    content |= {
        "category": lookups.categories[item["category"]],
        "office": lookups.offices[item["office"]],
        "post": lookups.posts[item["office"], item["post"]] if item["post"] else None,
        "checked_by": lookups.staff[item["checked_by"]] if item["checked_by"] else None,
        "documents_by": phrases.documents_by(item["documents_by"]),
        "start_by_channel": phrases.start_by_channel(item["start_by_channel"]),
        "life_events": events,
        "public_notice": _notice(item),
        "special_procedures": [_own(layout.PROCEDURES, row) for row in parts.get(layout.PROCEDURES.key, [])],
        "change_note": "",
    }
    for name, keys in _OBJECTS.items():
        content[name] = _object(keys, item)
    for sheet in _PARTS:
        content[sheet.part] = [_own(sheet, row) for row in parts.get(sheet.key, [])]
    for step in content["steps"]:
        step["office"] = lookups.offices[step["office"]] if step["office"] else None
    for material in content["materials"]:
        material["original_count"] = material["original_count"] or 0
        material["copy_count"] = material["copy_count"] or 0
    return content


def rows_from(code: str, content: Values) -> dict[str, list[dict[str, Any]]]:
    """The rows of an item by sheet key, as an export writes them and as two texts are compared."""
    item = {"item": code} | {name: content[name] for name in _PLAIN}
    item |= {name: [part for part in content[name].split("、") if part] for name in _JOINED}
    item |= {
        "category": content["category"].name,
        "office": content["office"].code,
        "post": content["post"].code if content["post"] else "",
        "checked_by": content["checked_by"].staff_no if content["checked_by"] else "",
        "documents_by": phrases.documents_lines(content["documents_by"]),
        "start_by_channel": phrases.start_lines(content["start_by_channel"]),
    }
    item |= _notice_cells(content["public_notice"])
    for name, keys in _OBJECTS.items():
        item |= {column: content[name].get(key) for key, column in keys.items()}
    rows = {layout.ITEMS.key: [item]}
    for sheet in _PARTS:
        rows[sheet.key] = _numbered(code, content[sheet.part])
    for step in rows[layout.STEPS.key]:
        step["office"] = step["office"].code if step.get("office") else ""
    rows[layout.PROCEDURES.key] = _numbered(code, content["special_procedures"])
    return {sheet.key: [_regular(sheet, row) for row in rows[sheet.key]] for sheet in layout.CATALOGUE if sheet.key in rows}


def _regular(sheet: Sheet, row: Values) -> dict[str, Any]:
    """Every column of the sheet, in the value that reading the written cell would give."""
    regular = {}
    for column in sheet.columns:
        value = row.get(column.key)
        try:
            regular[column.key] = cells.read(column, cells.written(column, value))
        except ValueError:
            regular[column.key] = value  # an older text that the sheet would refuse: shown as it is
    return regular


def _numbered(code: str, rows: Sequence[Values]) -> list[dict[str, Any]]:
    return [{"item": code, "order": order} | dict(row) for order, row in enumerate(rows, start=1)]


def _own(sheet: Sheet, row: Values) -> dict[str, Any]:
    return {column.key: row[column.key] for column in sheet.columns if column.key not in ("item", "order")}


def _object(keys: Mapping[str, str], item: Values) -> dict[str, Any]:
    """{} where nothing at all is said, otherwise every key."""
    values = {key: item[column] for key, column in keys.items()}
    return values if any(values.values()) else {}


def _notice(item: Values) -> dict[str, Any]:
    notice = {key: item[column] for key, column in _NOTICE.items()}
    notice["counted_basis"] = _object(_NOTICE_BASIS, item)
    notice["objection"] = _object(_OBJECTION, item)
    return notice if any(notice.values()) else {}


def _notice_cells(notice: Values) -> dict[str, Any]:
    found = {column: notice.get(key) for key, column in _NOTICE.items()}
    found |= {column: (notice.get("counted_basis") or {}).get(key) for key, column in _NOTICE_BASIS.items()}
    return found | {column: (notice.get("objection") or {}).get(key) for key, column in _OBJECTION.items()}
