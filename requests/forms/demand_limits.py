"""The limits of the rhythms, as the centre sets them."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from officials.forms import PlainCharField
from requests.demands import settings
from requests.demands.dates import Setting
from requests.forms.registering import CHOOSE
from requests.models import Demand
from requests.reasons import AMOUNTS


class LimitsForm(forms.Form):
    """One line a limit: value, unit, basis."""

    use_required_attribute = False

    def __init__(self, *args: Any, in_force: dict[tuple[str, str], Setting], **options: Any) -> None:
        super().__init__(*args, **options)
        self.keys = list(in_force)
        units = [(str(unit), str(AMOUNTS[unit][1]) % {"n": ""}) for unit in AMOUNTS]
        for number, setting in enumerate(in_force.values()):
            self.fields[f"value_{number}"] = forms.IntegerField(
                label=_("Value"), min_value=1, max_value=settings.LONGEST, initial=setting.value,
                error_messages=dict.fromkeys(
                    ("required", "invalid", "min_value", "max_value"), _("A limit is a whole number from 1 to 999 with its unit.")
                ),
            )  # fmt: skip
            self.fields[f"unit_{number}"] = forms.ChoiceField(
                label=_("Unit"), choices=units, initial=setting.unit, error_messages={"invalid_choice": CHOOSE}
            )
            self.fields[f"basis_{number}"] = PlainCharField(
                label=_("Basis"), max_length=200, initial=setting.basis,
                error_messages={"required": _("Every limit needs its basis.")},
            )  # fmt: skip

    def rows(self):
        """(which limit, its three fields) for the page."""
        for number, (what, rhythm) in enumerate(self.keys):
            name = str(settings.WORDS[what])
            label = f"{name} · {Demand.Rhythm(rhythm).label}" if rhythm else name
            yield label, [self[f"{part}_{number}"] for part in ("value", "unit", "basis")]

    def wanted(self) -> dict[tuple[str, str], Setting]:
        data = self.cleaned_data
        return {
            key: Setting(data[f"value_{number}"], data[f"unit_{number}"], data[f"basis_{number}"]) for number, key in enumerate(self.keys)
        }
