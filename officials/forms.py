"""Form fields that every app uses."""

from typing import Any

from django import forms

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
