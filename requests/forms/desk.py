"""Small forms of the opening page."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from officials.models import Whereabouts


class WhereaboutsForm(forms.Form):
    """去向: at the desk, or away until when. The public pages and the assignment of new cases follow it at once."""

    where = forms.ChoiceField(label=_("Where are you?"), choices=Whereabouts.Where.choices, widget=forms.RadioSelect)
    until = forms.DateTimeField(
        label=_("Back at"),
        required=False,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Leave needs it; without it you are away until you say that you are back."),
    )

    def __init__(self, *args, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        self.now = now

    def clean_until(self):
        until = self.cleaned_data["until"]
        if until is not None and until <= self.now:
            raise forms.ValidationError(_("This time is over already: write when you will be back."))
        return until

    def clean(self):
        cleaned = super().clean()
        where = cleaned.get("where")
        if where == Whereabouts.Where.DESK:
            cleaned["until"] = None
        elif where == Whereabouts.Where.LEAVE and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Write until when you are on leave."))
        return cleaned
