"""The form of a draft: the fields of the item in groups, and its rows (materials, steps …) to add, remove and move.

Values have the shape of the spreadsheet's columns, so one set of rules (`importing.rules`) judges what is imported and what
is typed. Rows are moved by submit buttons: the page comes back with everything that was typed, nothing is stored.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.models import Office, Township, User
from officials.permissions import EDIT, rights
from services.forms import editing_words as words
from services.forms.editing_fields import CellField, field_for, is_wide
from services.importing import layout, rules, shaping
from services.importing.applying import known_things
from services.importing.columns import Column, Kind, Sheet
from services.importing.faults import Remark
from services.importing.reading import Reading, Row
from services.models import LifeEvent

MOST_ROWS = 40  # of one part; the fields of a whole page must stay below what Django accepts in one request
SELDOM: dict[str, tuple[str, ...]] = {
    "materials": ("may_come_later", "handle_case", "fill_explain", "accept_standard", "basis", "notes"),
    "steps": ("office", "level", "counts_basis", "counts_is_assumed", "condition", "output"),
    "situations": ("key", "basis"),
    "particulars": ("unit", "options", "hint"),
}
CHANGE_NOTE = Column("change_note", "", limit=300)

GROUPS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (gettext_lazy("Name and place"), (
        "name", "name_en", "summary", "summary_en", "category", "life_events", "targets", "is_household", "place", "hours",
    )),
    (gettext_lazy("Who decides"), (
        "office", "post", "item_type", "level", "mode", "implementing_body", "entrusting_body", "review_bodies", "review_note",
        "documents_by",
    )),
    (gettext_lazy("Limits"), (
        "handling", "promised_value", "promised_unit", "promised_start", "promised_note", "legal_value", "legal_unit", "legal_start",
        "legal_basis", "start_by_channel", "starts_note", "deemed_acceptance", "village_start",
    )),
    (gettext_lazy("Fee, channels and visits"), (
        "charges_fee", "fee_standard", "fee_basis", "payment_note", "channels", "cross_region", "max_visits",
    )),
    (gettext_lazy("Missing materials"), (
        "acceptance_days", "acceptance_basis",
        "supplement_value", "supplement_unit", "supplement_basis", "supplement_withdraws", "supplement_restarts", "offers_promise",
    )),
    (gettext_lazy("Result"), (
        "result_name", "result_kind", "result_validity", "delivery", "follow_up", "roll", "review_value", "review_unit", "review_basis",
    )),
    (gettext_lazy("Public notice"), (
        "notice_required", "notice_days", "notice_unit", "notice_place", "notice_stage", "notice_allow", "notice_forbid", "notice_counted",
        "notice_basis_kind", "notice_basis", "objection_channels", "objection_phone", "objection_within", "objection_receiver",
        "objection_handler", "notice_takedown", "notice_note",
    )),
    (gettext_lazy("Personal data"), ("sensitive", "private", "consent_mode", "confidential")),
    (gettext_lazy("Reminders and batches"), (
        "reminder_trigger", "reminder_days", "reminder_channels", "reminder_note", "batch_rule", "batch_windows", "batch_note",
    )),
    (gettext_lazy("Checking"), ("verified", "assumed", "checked_on", "checked_by", "notes", "change_note")),
)  # fmt: skip


@dataclass
class Choices:
    """What may be chosen here, read once: offices of the writer, posts, categories, people, life events."""

    lookups: shaping.Lookups
    known: rules.Known
    offices: list[tuple[str, str]]
    posts: list[tuple[str, str]]
    events: list[tuple[str, str]]
    all_offices: list[tuple[str, str]]

    @classmethod
    def of(cls, township: Township, by: User) -> "Choices":
        lookups, known = known_things(township)
        mine = rights(by).where(EDIT)
        offices = [office for office in lookups.offices.values() if office.pk in mine]
        posts = [(f"{office}:{post}", str(row)) for (office, post), row in lookups.posts.items() if row.office_id in mine]
        events = list(LifeEvent.objects.values_list("code", "name"))
        everywhere = [(office.code, office.name) for office in lookups.offices.values()]
        return cls(lookups, known, [(office.code, office.name) for office in offices], posts, events, everywhere)

    def office(self, code: str) -> Office:
        return self.lookups.offices[code]


class ItemForm(forms.Form):
    """The fields of the item itself. A new item also gets its code here."""

    def __init__(self, *args: Any, choices: Choices, is_new: bool, **options: Any) -> None:
        super().__init__(*args, prefix="item", use_required_attribute=False, **options)
        self.rows_choices = choices
        for column in layout.ITEMS.columns:
            if column.key != "item" or is_new:
                self.fields[column.key] = field_for(layout.ITEMS, column)
        self.fields["change_note"] = CellField(CHANGE_NOTE, label=words.label("items", "change_note"), required=False)
        self._choose("category", [(name, name) for name in choices.lookups.categories], required=True)
        self._choose("office", choices.offices, required=True)
        self._choose("post", choices.posts)
        self._choose("checked_by", [(number, f"{user.name} ({number})") for number, user in choices.lookups.staff.items()])
        self.fields["life_events"] = forms.MultipleChoiceField(
            label=words.label("items", "life_events"), choices=choices.events, required=False, widget=forms.CheckboxSelectMultiple
        )

    def _choose(self, name: str, offered: list[tuple[str, str]], required: bool = False) -> None:
        self.fields[name] = forms.ChoiceField(
            label=words.label("items", name),
            choices=[("", _("choose")), *offered],
            required=required,
            error_messages={"required": _("Choose one of the list.")},
        )

    def clean_post(self) -> str:
        """"ST04:P1" → "P1", when that is the office chosen above."""
        office, _colon, post = self.cleaned_data["post"].partition(":")
        chosen = self.cleaned_data.get("office")
        if post and chosen and office != chosen:
            raise ValidationError(_("This post belongs to another office. Choose a post of the office above."))
        return post

    def groups(self) -> list[dict[str, Any]]:
        """The fields as the page shows them; a group nobody filled in stays folded."""
        found = [] if "item" not in self.fields else [{"title": _("Code"), "fields": [self._shown("item")], "is_open": True}]
        for position, (title, names) in enumerate(GROUPS):
            fields = [self._shown(name) for name in names]
            is_open = position < 4 or any(one["field"].value() or one["field"].errors for one in fields)
            found.append({"title": title, "fields": fields, "is_open": is_open})
        return found

    def _shown(self, name: str) -> dict[str, Any]:
        column = next((column for column in layout.ITEMS.columns if column.key == name), CHANGE_NOTE)
        return {"field": self[name], "is_wide": name == "life_events" or is_wide(column)}


class RowForm(forms.Form):
    """One row of a part."""

    def __init__(self, *args: Any, sheet: Sheet, position: int, choices: Choices, **options: Any) -> None:
        super().__init__(*args, prefix=f"{sheet.key}-{position}", use_required_attribute=False, **options)
        self.sheet, self.position = sheet, position
        self.columns = own_columns(sheet)
        for column in self.columns:
            self.fields[column.key] = field_for(sheet, column)
        if "office" in self.fields:
            # Any office of the township may have a part in the item, not only those the editor writes for.
            offered = [("", _("choose")), *choices.all_offices]
            self.fields["office"] = forms.ChoiceField(label=words.label(sheet.key, "office"), choices=offered, required=False)

    @property
    def number(self) -> int:
        return self.position + 1

    @property
    def heading(self) -> str:
        """Not `title`: a template that asks a form for its title gets the field of that name."""
        return str(words.ROW_NAMES[self.sheet.key]) % {"n": self.number}

    @property
    def anchor(self) -> str:
        return f"{self.sheet.key}-{self.number}"

    def shown(self) -> list[dict[str, Any]]:
        """What is always on the page."""
        return [self._shown(column) for column in self.columns if not self._is_folded(column)]

    def folded(self) -> list[dict[str, Any]]:
        """What is seldom filled in and empty here: kept behind a line to open, so that twelve materials fit on a page."""
        return [self._shown(column) for column in self.columns if self._is_folded(column)]

    def _shown(self, column: Column) -> dict[str, Any]:
        return {"field": self[column.key], "is_wide": is_wide(column)}

    def _is_folded(self, column: Column) -> bool:
        bound = self[column.key]
        return column.key in SELDOM.get(self.sheet.key, ()) and not bound.value() and not bound.errors

    def is_blank(self) -> bool:
        """Nothing was typed: a row that was added and left. Choices do not count, they stand at their first word."""
        typed = (c for c in self.columns if not (c.kind is Kind.CHOICE and c.key != "is_conditional"))
        return not any(self[column.key].value() for column in typed)


def own_columns(sheet: Sheet) -> list[Column]:
    """The columns an editor types; the order is the place of the row."""
    return [column for column in sheet.columns if column.key not in ("item", "order")]


@dataclass
class Part:
    """Materials, steps …: the rows of one sheet."""

    sheet: Sheet
    rows: list[RowForm]

    @property
    def key(self) -> str:
        return self.sheet.key

    @property
    def title(self) -> str:
        return words.title(self.sheet.key)

    @property
    def count(self) -> int:
        """How many rows the page has places for; blank ones that were dropped leave a gap."""
        return self.rows[-1].position + 1 if self.rows else 0

    @property
    def is_full(self) -> bool:
        return len(self.rows) >= MOST_ROWS

    @property
    def new_anchor(self) -> str:
        return f"{self.sheet.key}-{self.count + 1}"


class DraftForm:
    """The whole page. Built from values (`from_values`), from a post to be judged, or from a post whose rows were moved."""

    def __init__(self, choices: Choices, *, is_new: bool, values: Mapping[str, Any], data: QueryDict | None = None, code: str = "") -> None:
        self.choices, self.code = choices, code
        self.remarks: list[Remark] = []
        bound = {"data": data} if data is not None else {"initial": values["items"]}
        self.item = ItemForm(choices=choices, is_new=is_new, **bound)
        self.parts = [
            Part(sheet, [_row(sheet, position, row, data, choices) for position, row in enumerate(values[sheet.key])])
            for sheet in words.PART_SHEETS
        ]

    @classmethod
    def from_content(cls, choices: Choices, content: dict, code: str) -> "DraftForm":
        """The stored text."""
        rows = shaping.rows_from(code, content)
        item = rows["items"][0]
        post = f"{item['office']}:{item['post']}" if item["post"] else ""
        values: dict[str, Any] = dict(rows)
        values["items"] = item | {"post": post, "life_events": content["life_events"], "change_note": content["change_note"]}
        return cls(choices, is_new=False, values=values, code=code)

    @classmethod
    def blank(cls, choices: Choices) -> "DraftForm":
        values: dict[str, Any] = {sheet.key: [] for sheet in words.PART_SHEETS}
        values |= {"items": {}, "steps": [{"counts": "counts"}], "materials": [{}]}
        return cls(choices, is_new=True, values=values)

    @classmethod
    def posted(cls, choices: Choices, data: QueryDict, *, is_new: bool, code: str = "") -> "DraftForm":
        """What was sent, to be judged and stored."""
        values = {sheet.key: [{}] * _count(data, sheet) for sheet in words.PART_SHEETS}
        return cls(choices, is_new=is_new, values=values, data=data, code=code)

    @classmethod
    def moved(cls, choices: Choices, data: QueryDict, *, is_new: bool, code: str = "") -> "DraftForm":
        """What was sent, with one row added, taken out or moved as the pressed button says; judged later."""
        sent = cls.posted(choices, data, is_new=is_new, code=code)
        values = {part.key: [_raw(row) for row in part.rows] for part in sent.parts}
        values["items"] = [_raw(sent.item)]
        _move(values, data.get("act", ""))
        return cls(choices, is_new=is_new, values=values | {"items": values["items"][0]}, code=code)

    def forms(self) -> Iterator[forms.Form]:
        yield self.item
        for part in self.parts:
            yield from part.rows

    @property
    def errors(self) -> bool:
        return any(form.errors for form in self.forms() if form.is_bound)

    def is_valid(self) -> bool:
        """Every field by itself, then all together by the rules of the import. Rows left blank are dropped."""
        for part in self.parts:
            part.rows = [row for row in part.rows if not row.is_blank()]
        valid = [form.is_valid() for form in self.forms()]
        self._judge()
        return all(valid) and not self.errors

    def _judge(self) -> None:
        reading = Reading({"items": [self._item_row()], "events": []})
        for part in self.parts:
            reading.rows[part.key] = [_typed_row(row, row.sheet, self.code) for row in part.rows]
        rules.check(reading, self.choices.known)
        self.remarks = reading.remarks
        for fault in reading.faults:
            self._place(fault)

    def _item_row(self) -> Row:
        row = _typed_row(self.item, layout.ITEMS, self.code)
        self.code = row.values["item"] or self.code
        return row

    def _place(self, fault: Remark) -> None:
        """Put a sentence beside its field; `column` holds the key here, not a letter."""
        form: forms.Form = self.item
        for part in self.parts:
            if part.sheet.title == fault.sheet and fault.row:
                form = next(row for row in part.rows if row.number == fault.row)
        name = fault.column if fault.column in form.fields else None
        if name is None or name not in form.errors:
            form.add_error(name, fault.message)

    def take(self, error: ValidationError) -> None:
        """What the verb itself refused, beside the fields it names."""
        named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, messages in named.items():
            for message in messages:
                self.item.add_error(name if name in self.item.fields else None, message)

    def content(self) -> dict[str, Any]:
        """The content of an edition, for `services.publication`. Only when valid."""
        data = self.item.cleaned_data
        parts = {part.key: [row.cleaned_data for row in part.rows] for part in self.parts}
        _name_keys(parts["situations"])
        content = shaping.content_from(data, parts, data["life_events"], self.choices.lookups)
        return content | {"change_note": data["change_note"]}

    def faults(self) -> list[dict[str, str]]:
        """For the summary on top: where, what, and the anchor of the field."""
        found = []
        for form in self.forms():
            where = f"{form.heading} · " if isinstance(form, RowForm) else ""
            for name, sentences in form.errors.items():
                field: BoundField | None = form[name] if name in form.fields else None
                for sentence in sentences:
                    anchor = (field.id_for_label or f"{field.auto_id}_0") if field is not None else ""
                    place = f"{where}{field.label}" if field is not None else where
                    text = _("%(place)s: %(message)s") % {"place": place, "message": sentence} if place else sentence
                    found.append({"anchor": anchor, "text": text})
        return found

    def suggestions(self) -> list[tuple[str, tuple[str, ...]]]:
        """Lists of words offered while typing, each once for the page."""
        sheets = (layout.ITEMS, *words.PART_SHEETS)
        return [(f"words-{column.key}", column.suggestions) for sheet in sheets for column in sheet.columns if column.suggestions]


def _row(sheet: Sheet, position: int, values: Mapping[str, Any], data: QueryDict | None, choices: Choices) -> RowForm:
    bound: dict[str, Any] = {"data": data} if data is not None else {"initial": values}
    return RowForm(sheet=sheet, position=position, choices=choices, **bound)


def _count(data: QueryDict, sheet: Sheet) -> int:
    text = data.get(f"{sheet.key}-rows", "0")
    return min(int(text), MOST_ROWS) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def _raw(form: forms.Form) -> dict[str, Any]:
    """What was typed, as it was typed."""
    return {name: form[name].value() for name in form.fields}


def _move(values: dict[str, list], act: str) -> None:
    """"add:steps", "up:steps:2", "down:steps:0", "remove:materials:3"; anything else changes nothing."""
    deed, _colon, rest = act.partition(":")
    key, _colon, place = rest.partition(":")
    if key not in {sheet.key for sheet in words.PART_SHEETS}:
        return
    rows = values[key]
    if deed == "add" and len(rows) < MOST_ROWS:
        rows.append({"counts": "counts"} if key == "steps" else {})
        return
    if not (place.isascii() and place.isdigit() and len(place) < 4 and int(place) < len(rows)):
        return
    at = int(place)
    if deed == "remove":
        del rows[at]
    elif deed == "up" and at > 0:
        rows[at - 1], rows[at] = rows[at], rows[at - 1]
    elif deed == "down" and at < len(rows) - 1:
        rows[at + 1], rows[at] = rows[at], rows[at + 1]


def _typed_row(form: forms.Form, sheet: Sheet, code: str) -> Row:
    """A row as the rules of the import want it: fields that could not be read are empty and marked as told already."""
    data = form.cleaned_data
    values: dict[str, Any] = {column.key: data.get(column.key) for column in sheet.columns}
    number = getattr(form, "number", 1)
    values |= {"item": data.get("item") or code, "order": number}
    for name in form.errors:
        if name in values:
            values[name] = None
    row = Row(sheet, sheet.title, number, values, {column.key: column.key for column in sheet.columns})
    row.faulty.update(form.errors)
    return row


def _name_keys(situations: list[dict[str, Any]]) -> None:
    """A situation without a key gets the first free one."""
    taken = {row["key"] for row in situations}
    for row in situations:
        number = 1
        while not row["key"]:
            wanted = f"q{number}"
            row["key"] = "" if wanted in taken else wanted
            number += 1
        taken.add(row["key"])
