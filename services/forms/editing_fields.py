"""One column of the catalogue as a field of a page. Reading and its sentences are those of the spreadsheet (`importing.cells`)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from services.forms import editing_words as words
from services.importing import cells
from services.importing.columns import Column, Kind, Sheet

LONG_TEXT = 120  # from this length on a text gets a box of several lines
_HINTS: dict[str, Any] = {
    "documents_by": _("One body a line: the body, a colon, its documents separated by 、."),
    "start_by_channel": _("One channel a line: the channel, a colon, and 收到申请, 受理 or 确认."),
    "batch_windows": _("One span a line, like 01-01~02-28."),
    "key": _("Letters and digits; leave it empty to have one made."),
    "group": _("Steps with the same letter stand side by side."),
    "reading": _("Syllables with blanks, like di bao."),
    "handle_case": _("Needed where the material is only wanted in some cases."),
}
LIST_HINT = _("One a line.")


class CellField(forms.Field):
    """A text, number, list or date, typed in a box; one part a line where there are several."""

    default_error_messages = {"required": _("Fill this in: it must not be empty.")}

    def __init__(self, column: Column, **options: Any) -> None:
        self.column = column
        super().__init__(widget=_widget(column), **options)

    def to_python(self, value: Any) -> Any:
        try:
            return cells.read(self.column, value)
        except ValueError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(map(str, value)) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return True


def _widget(column: Column) -> forms.Widget:
    if column.kind is Kind.DATE:
        return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    if column.kind in (Kind.COUNT, Kind.LIMIT):
        return forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})
    if column.kind in (Kind.LIST, Kind.LINES):
        return forms.Textarea(attrs={"rows": 3})
    if column.kind is Kind.LONG:
        return forms.Textarea(attrs={"rows": 5})
    if column.kind is Kind.TEXT and column.limit > LONG_TEXT:
        return forms.Textarea(attrs={"rows": 2})
    suggested = {"list": f"words-{column.key}"} if column.suggestions else {}
    return forms.TextInput(attrs={"autocomplete": "off", **suggested})


def field_for(sheet: Sheet, column: Column) -> forms.Field:
    """The field of a column, labelled in the language of the reader."""
    label = words.label(sheet.key, column.key)
    if column.kind is Kind.YES_NO or set(column.choices.values()) == {True, False}:
        return forms.BooleanField(label=label, required=False)
    if column.kind is Kind.CHOICE:
        return _choice(sheet, column, label)
    if column.kind is Kind.CHOICES:
        offered = words.choices(sheet, column)
        return forms.MultipleChoiceField(label=label, choices=offered, required=False, widget=forms.CheckboxSelectMultiple)
    is_list = column.kind in (Kind.LIST, Kind.LINES)
    hint = _HINTS.get(column.key, LIST_HINT if is_list else "")
    required = column.required and column.key != "key"
    return CellField(column, label=label, required=required, help_text=hint)


def _choice(sheet: Sheet, column: Column, label: Any) -> forms.Field:
    offered = words.choices(sheet, column)
    kind = type(offered[0][0])
    return forms.TypedChoiceField(
        label=label,
        choices=[("", _("choose")), *offered],
        coerce=kind,
        empty_value="",
        required=column.required,
        error_messages={"required": _("Choose one of the list.")},
    )


def is_wide(column: Column) -> bool:
    """Whether the field takes the whole width of the form."""
    return column.kind in (Kind.LINES, Kind.LONG) or (column.kind is Kind.TEXT and column.limit >= 300)
