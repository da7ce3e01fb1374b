"""Small forms of the opening page."""

from datetime import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

from officials.forms import PlainCharField, RowChoiceField, needed_for
from officials.models import Post, StandIn, User, Whereabouts
from requests import standing_in

MOMENT = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]


class WhereaboutsForm(forms.Form):
    """去向: at the desk, or away until when. The public pages and the assignment of new cases follow it at once."""

    where = forms.ChoiceField(label=_("Where are you?"), choices=Whereabouts.Where.choices, widget=forms.RadioSelect)
    until = forms.DateTimeField(
        label=_("Back at"),
        required=False,
        input_formats=MOMENT,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("Without it you are away until you say that you are back."),
    )

    def __init__(self, *args, now: datetime, **kwargs):
        super().__init__(*args, **kwargs)
        needed_for(self.fields["until"], _("(needed on leave)"))
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


class ThirdPersonForm(forms.Form):
    """A third person for a post where holder and deputy are both away."""

    person = RowChoiceField(label=_("Who stands in"), queryset=User.objects.none(), empty_label=_("choose"))
    scope = forms.ChoiceField(
        label=_("Powers"), choices=StandIn.Scope.choices, initial=StandIn.Scope.HANDLE, widget=forms.RadioSelect,
        help_text=_("To only take in leaves the cases with the holder."),
    )  # fmt: skip
    until = forms.DateTimeField(
        label=_("Until"),
        input_formats=MOMENT,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=_("It ends earlier by itself when holder or deputy are at the desk again."),
    )
    why = PlainCharField(label=_("Why"), max_length=200)

    def __init__(self, *args, post: Post, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = standing_in.may_stand_in(post)
