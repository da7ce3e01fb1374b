"""Form fields that every app uses."""

from functools import wraps
from typing import Any

from django import forms
from django.utils.translation import gettext

from officials.privacy.text import clean_text


class PlainCharField(forms.CharField):
    """A text field whose content is cleaned before it is measured: see `officials.privacy.text.clean_text`."""

    def __init__(self, *, max_length: int, multiline: bool = False, **options: Any) -> None:
        self.multiline = multiline
        if multiline:
            options.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(max_length=max_length, **options)

    def to_python(self, value: Any) -> str:
        """Clean first: a browser sends two characters for each line end, which must not count against the length."""
        if value in self.empty_values:
            return self.empty_value
        text = clean_text(str(value), max_length=self.max_length, multiline=self.multiline)
        return text or self.empty_value


def needed_for(field: Any, when: Any) -> Any:
    """A field that one of the choices asks for: beside its label stands when, and not that it is optional."""
    field.needed_for = when
    return field


def name_what_is_missing() -> None:
    """Django's one sentence for every empty field says neither which one nor what to do. Said once for all forms, at the start:
    a field without a sentence of its own is named by its label.
    """
    if not getattr(forms.BaseForm.add_error, "names_the_field", False):
        forms.BaseForm.add_error = _naming(forms.BaseForm.add_error)


def _naming(plain: Any) -> Any:
    @wraps(plain)
    def add_error(form: forms.BaseForm, field: str | None, error: Any) -> None:
        if field is not None and isinstance(error, forms.ValidationError) and hasattr(error, "error_list"):
            for one in error.error_list:
                if one.code == "required" and one.message is STOCK and field in form.fields:
                    one.message, one.params = _missing(form.fields[field]), {"label": form[field].label}
        plain(form, field, error)

    add_error.names_the_field = True
    return add_error


def _missing(field: forms.Field) -> str:
    match field:
        case forms.BooleanField():
            return gettext("Tick “%(label)s”.")
        case forms.FileField():
            return gettext("Choose a file: “%(label)s”.")
        case forms.ChoiceField():
            return gettext("Choose: “%(label)s”.")
        case _:
            return gettext("Fill in “%(label)s”.")


STOCK = forms.Field.default_error_messages["required"]
LONGEST_KEY = 18  # digits; more of them fit into no key of any database


def is_no_key(value: Any) -> bool:
    """A number so long that a database would stumble over it, instead of finding no such row."""
    return len(str(value)) > LONGEST_KEY


class RowChoiceField(forms.ModelChoiceField):
    """A choice among rows by their key. A number that is no key is a wrong choice, as any other that is not there."""

    def to_python(self, value):
        if value not in self.empty_values and is_no_key(value):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params={"value": value})
        return super().to_python(value)


class RowsChoiceField(forms.ModelMultipleChoiceField):
    """Several rows by their keys, as `RowChoiceField` one."""

    def clean(self, value):
        if isinstance(value, list | tuple) and any(is_no_key(one) for one in value):
            raise forms.ValidationError(self.error_messages["invalid_list"], code="invalid_list")
        return super().clean(value)
