"""Forms of home visits: the wish, from home or at the desk, and the plan."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, RowChoiceField
from officials.models import Office, Township, User
from officials.privacy.identity import check_phone
from requests.forms.appointments import DayField, TimeField, check_hours
from requests.forms.counter import villages_of
from requests.models import HomeVisit


class WishForm(forms.Form):
    """Who cannot come, where, and why by the category of the law: nothing of an illness is asked."""

    name = PlainCharField(label=gettext_lazy("Name of the person who cannot come"), max_length=40)
    phone = PlainCharField(
        label=gettext_lazy("On which number can we call?"), max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    village = RowChoiceField(label=gettext_lazy("Village"), queryset=Office.objects.none(), required=False)
    address = PlainCharField(label=gettext_lazy("Where we come to"), max_length=120)
    reason = forms.ChoiceField(
        label=gettext_lazy("Why the person cannot come"), choices=HomeVisit.Reason.choices, widget=forms.RadioSelect,
        help_text=gettext_lazy("The category is enough. Please write nothing about an illness."),
    )  # fmt: skip
    words = PlainCharField(label=gettext_lazy("What is to be done"), max_length=300, multiline=True)

    def __init__(self, *args: Any, township: Township, **options: Any) -> None:
        super().__init__(*args, **options)
        self.demo = settings.DEMO and township.is_demo
        self.fields["village"].queryset = villages_of(township)
        self.fields["village"].empty_label = _("not in the list")

    def clean_phone(self) -> str:
        return check_phone(self.cleaned_data["phone"], demo=self.demo, short=False)


class DeskWishForm(WishForm):
    form_token = forms.RegexField(regex=r"^[\w-]{20,40}$", widget=forms.HiddenInput)


class PlanForm(forms.Form):
    """When, and which two or more people."""

    date = DayField(label=gettext_lazy("Date"))
    opens_at = TimeField(label=gettext_lazy("From"), initial="09:00")
    closes_at = TimeField(label=gettext_lazy("To"), initial="11:00")
    people = PlainCharField(
        label=gettext_lazy("Staff numbers of those who go"), max_length=200,
        help_text=gettext_lazy("Two at least, parted by blanks or commas."),
    )  # fmt: skip

    def clean_people(self) -> list[User]:
        wanted = self.cleaned_data["people"].replace(",", " ").replace("、", " ").replace(",", " ").split()
        found = list(User.objects.filter(staff_no__in=wanted, is_active=True, is_job=False))
        unknown = sorted(set(wanted) - {one.staff_no for one in found})
        if unknown:
            raise ValidationError(_("Nobody has these staff numbers: %(numbers)s.") % {"numbers": _(", ").join(unknown)})
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        check_hours(self, data)
        return data
