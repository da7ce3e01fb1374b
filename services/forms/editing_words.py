"""What the columns of the catalogue are called on a page, and their values in words, in the language of the reader.

The headings of the spreadsheet are Chinese data of the format; here stand the words of the interface for the same columns.
"""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from services.content import PARTS
from services.importing import layout
from services.importing.columns import Column, Kind, Sheet
from services.models import Edition, Material, Step

PART_SHEETS = tuple(sheet for sheet in layout.CATALOGUE if sheet not in (layout.ITEMS, layout.EVENTS))

TITLES: dict[str, Any] = {
    "items": gettext_lazy("The item"),
    "materials": gettext_lazy("Materials"),
    "steps": gettext_lazy("Steps"),
    "conditions": gettext_lazy("Conditions"),
    "situations": gettext_lazy("Situations"),
    "particulars": gettext_lazy("What is written down"),
    "bases": gettext_lazy("Legal bases"),
    "procedures": gettext_lazy("Special procedures"),
    "terms": gettext_lazy("Everyday words"),
}
ROW_NAMES: dict[str, Any] = {
    "materials": gettext_lazy("Material %(n)s"),
    "steps": gettext_lazy("Step %(n)s"),
    "conditions": gettext_lazy("Condition %(n)s"),
    "situations": gettext_lazy("Situation %(n)s"),
    "particulars": gettext_lazy("Entry %(n)s"),
    "bases": gettext_lazy("Legal basis %(n)s"),
    "procedures": gettext_lazy("Special procedure %(n)s"),
    "terms": gettext_lazy("Everyday word %(n)s"),
}
# The column by which a person recognises a row.
NAME_OF: dict[str, str] = {
    "materials": "name", "steps": "title", "conditions": "text", "situations": "question", "particulars": "label", "bases": "text",
    "procedures": "name", "terms": "text",
}  # fmt: skip
# Columns that are not a field of a model of their own.
_ITEM_WORDS: dict[str, Any] = {
    "item": gettext_lazy("item code"),
    "life_events": gettext_lazy("life events"),
    "follow_up": gettext_lazy("what comes afterwards"),
    "notice_required": gettext_lazy("is posted in public (公示)"),
    "notice_days": gettext_lazy("how long it is posted"),
    "notice_unit": gettext_lazy("unit of that time"),
    "notice_place": gettext_lazy("where it is posted"),
    "notice_stage": gettext_lazy("at which step it is posted"),
    "notice_allow": gettext_lazy("what is posted"),
    "notice_forbid": gettext_lazy("what must not be posted"),
    "notice_counted": gettext_lazy("the posting counts towards the limit"),
    "notice_basis_kind": gettext_lazy("why it counts or does not count"),
    "notice_basis": gettext_lazy("basis for that"),
    "objection_channels": gettext_lazy("ways to object"),
    "objection_phone": gettext_lazy("phone for objections"),
    "objection_within": gettext_lazy("until when one may object"),
    "objection_receiver": gettext_lazy("who takes objections"),
    "objection_handler": gettext_lazy("who looks into objections"),
    "notice_takedown": gettext_lazy("when it is taken down"),
    "notice_note": gettext_lazy("note on the posting"),
    "sensitive": gettext_lazy("sensitive personal data"),
    "private": gettext_lazy("private matters"),
    "consent_mode": gettext_lazy("how consent is asked"),
    "confidential": gettext_lazy("the content is confidential"),
    "reminder_trigger": gettext_lazy("reminder: of what"),
    "reminder_days": gettext_lazy("reminder: days ahead"),
    "reminder_channels": gettext_lazy("reminder: by which ways"),
    "reminder_note": gettext_lazy("note on the reminder"),
    "batch_rule": gettext_lazy("rule of batches"),
    "batch_windows": gettext_lazy("when applications are taken"),
    "batch_note": gettext_lazy("note on batches"),
    "verified": gettext_lazy("what was checked, and where"),
    "assumed": gettext_lazy("what is assumed and still to be checked"),
}
_STEP_NAME = gettext_lazy("name of the step")
_PROCEDURE_WORDS: dict[str, Any] = {
    "name": gettext_lazy("name"),
    "type_code": gettext_lazy("kind"),
    "max_extra": gettext_lazy("at most"),
    "unit": gettext_lazy("unit"),
    "counted": gettext_lazy("counts towards the limit"),
    "approver": gettext_lazy("approved by"),
}
_LEVELS = {
    "village": gettext_lazy("village"), "township": gettext_lazy("township"), "county": gettext_lazy("county"),
    "city": gettext_lazy("city"), "province": gettext_lazy("province"), "other": gettext_lazy("other"),
}  # fmt: skip
_PROCEDURES = {1: gettext_lazy("extension with approval"), 2: gettext_lazy("another special procedure")}
_UNITS, _STARTS = dict(Edition.Unit.choices), dict(Edition.Start.choices)
_CHOICES: dict[tuple[str, str], Mapping[Any, Any]] = {
    ("items", "item_type"): dict(Edition.ItemType.choices),
    ("items", "handling"): dict(Edition.Handling.choices),
    ("items", "legal_unit"): _UNITS,
    ("items", "promised_unit"): _UNITS,
    ("items", "notice_unit"): _UNITS,
    ("items", "supplement_unit"): _UNITS,
    ("items", "review_unit"): _UNITS,
    ("items", "roll"): dict(Edition.Roll.choices),
    ("items", "legal_start"): _STARTS,
    ("items", "village_start"): dict(Edition.VillageStart.choices),
    ("items", "promised_start"): _STARTS,
    ("materials", "form"): dict(Material.Form.choices),
    ("materials", "custody"): dict(Material.Custody.choices),
    ("steps", "unit"): _UNITS,
    ("steps", "counts"): dict(Step.Counts.choices),
    ("steps", "level"): _LEVELS,
    ("procedures", "unit"): _UNITS,
    ("procedures", "type_code"): _PROCEDURES,
}


def title(sheet: str) -> str:
    """"materials" → "Materials"."""
    return str(TITLES[sheet])


def label(sheet: str, key: str) -> Any:
    """The word for a column, lazily: the `verbose_name` of the model's field where there is one."""
    if (sheet, key) == ("steps", "title"):
        return capfirst(_STEP_NAME)  # the model's word is also the one for a person's title
    model = Edition if sheet == "items" else (PARTS[sheet][0] if sheet in PARTS else None)
    own = _ITEM_WORDS if sheet == "items" else _PROCEDURE_WORDS
    if key in own and (model is None or sheet == "items"):
        return capfirst(own[key])
    try:
        return capfirst(model._meta.get_field(key).verbose_name)
    except (FieldDoesNotExist, AttributeError):
        return capfirst(own.get(key, key))


def choices(sheet: Sheet, column: Column) -> list[tuple[Any, Any]]:
    """(stored value, word) of a column with choices; words that are stored as they are stay as they are."""
    words = _CHOICES.get((sheet.key, column.key), {})
    return [(value, words.get(value, word)) for word, value in column.choices.items()]


def said(sheet: Sheet, column: Column, value: Any) -> str:
    """A typed value in words; "" where nothing is written."""
    if column.kind is Kind.YES_NO or column.key == "is_conditional":
        return _("yes") if value else _("no")
    if value in (None, "", []):
        return ""
    words = dict(choices(sheet, column)) if column.choices else {}
    if column.kind in (Kind.LIST, Kind.LINES, Kind.CHOICES):
        return _joined((str(words.get(part, part)) for part in value), column.kind)
    if isinstance(value, datetime.date):
        return value.isoformat()
    return str(words.get(value, value))


def _joined(parts: Iterable[str], kind: Kind) -> str:
    return ("; " if kind is Kind.LINES else "、").join(parts)
