"""交办单: the form of a batch of orders."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, RowChoiceField, needed_for
from officials.models import Township, User
from requests.demands import placing
from requests.demands.orders import Line
from requests.forms.places import chosen, groups
from requests.forms.registering import radio
from requests.models import Demand

ORDER_LINES = 8


class OrdersForm(forms.Form):
    """A batch of orders: the source once, then up to eight lines; empty lines count for nothing."""

    use_required_attribute = False

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    source = radio(gettext_lazy("Where the orders come from"), Demand.Source.choices)
    ordered_on = forms.DateField(
        label=gettext_lazy("Ordered on"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day."), "invalid": gettext_lazy("Enter the day like 2026-11-02.")},
    )  # fmt: skip
    ordered_by = RowChoiceField(
        label=gettext_lazy("Ordered by whom"), queryset=User.objects.none(), required=False,
        error_messages={"invalid_choice": gettext_lazy("Choose one of the list.")},
    )  # fmt: skip

    def __init__(self, *args: Any, township: Township, today: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["ordered_by"].queryset = User.objects.filter(official__is_leader=True, is_active=True)
        self.fields["ordered_by"].empty_label = _("nobody in particular")
        self.places = placing.places_in(township)
        leads = [("", _("choose")), *groups(self.places)]
        for number in range(1, ORDER_LINES + 1):
            self.fields[f"what_{number}"] = PlainCharField(label=_("What has to be done"), max_length=500, required=False)
            self.fields[f"lead_{number}"] = forms.ChoiceField(
                label=_("Office and person"), choices=leads, required=False, error_messages={"invalid_choice": _("Choose one of the list.")}
            )
            self.fields[f"by_{number}"] = forms.DateField(
                label=_("To be answered by"), required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
                error_messages={"invalid": _("Enter the day like 2026-11-02.")},
            )  # fmt: skip
            for part in ("what", "lead", "by"):
                needed_for(self.fields[f"{part}_{number}"], _("(needed for each order)"))

    def rows(self):
        for number in range(1, ORDER_LINES + 1):
            yield number, [self[f"{part}_{number}"] for part in ("what", "lead", "by")]

    def clean_ordered_on(self):
        day = self.cleaned_data["ordered_on"]
        if day > self.today:
            raise ValidationError(_("The day of the order lies in the future."))
        return day

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        numbers = [number for number in range(1, ORDER_LINES + 1) if data.get(f"what_{number}") or data.get(f"lead_{number}")]
        if not numbers and not self.errors:
            self.add_error("what_1", _("Write down at least one order."))
        for number in numbers:
            self._check_line(number, data)
        return data

    def _check_line(self, number: int, data: dict[str, Any]) -> None:
        for part, sentence in (
            ("what", _("Write down what has to be done.")),
            ("lead", _("Choose who answers for it.")),
            ("by", _("Enter the day by which it is answered.")),
        ):
            if not data.get(f"{part}_{number}") and f"{part}_{number}" not in self.errors:
                self.add_error(f"{part}_{number}", sentence)
        day = data.get(f"by_{number}")
        if day and day < self.today:
            self.add_error(f"by_{number}", _("This day is over already."))

    def lines(self) -> list[Line]:
        data = self.cleaned_data
        found = []
        for number in range(1, ORDER_LINES + 1):
            if data.get(f"what_{number}"):
                office, person = chosen(self.places, data[f"lead_{number}"])
                found.append(Line(data[f"what_{number}"], office, data[f"by_{number}"], person))
        return found
