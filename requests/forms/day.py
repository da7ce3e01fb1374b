"""A day, and a month, as browsers send them."""

from datetime import date
from typing import Any

from django import forms


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(input_formats=["%Y-%m-%d"], **options)


class MonthField(forms.DateField):
    """2026-11; the value is its first day."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "month"}, format="%Y-%m"))
        super().__init__(input_formats=["%Y-%m", "%Y-%m-%d"], **options)

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        return day.replace(day=1) if day else None
