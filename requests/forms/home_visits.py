"""Forms of home visits: the wish, from home or at the desk, and the plan."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, RowChoiceField, needed_for
from officials.models import Office, Township
from officials.privacy.identity import check_phone
from requests.forms.appointments import DayField, TimeField, check_hours
from requests.forms.counter import villages_of
from requests.forms.people import NamesField, TicksField, near
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
    chosen = TicksField(
        label=gettext_lazy("Who goes to the home"), required=False, help_text=gettext_lazy("Two at least, with their work badges.")
    )  # fmt: skip
    people = NamesField(
        label=gettext_lazy("Others who go, by name or staff number"), max_length=200, required=False,
        help_text=gettext_lazy("Several are parted by commas or blanks."),
    )  # fmt: skip

    def __init__(self, *args: Any, visit: HomeVisit, **options: Any) -> None:
        super().__init__(*args, **options)
        self.standing = [row.person for row in visit.outing.sent.select_related("person__office")] if visit.outing_id else []
        needed_for(self.fields["chosen"], _("(two at least)"))
        self.fields["chosen"].offer([*near([visit.office], [visit.village] if visit.village else []), *self.standing])
        self.fields["chosen"].initial = [one.staff_no for one in self.standing]
        self.fields["people"].propose(visit.township)
        if visit.outing_id:
            outing = visit.outing
            self.initial |= {"date": outing.date, "opens_at": outing.opens_at, "closes_at": outing.closes_at}

    def said(self) -> dict[str, Any]:
        """The arguments of `home.plan`."""
        data = self.cleaned_data
        return {name: data[name] for name in ("date", "opens_at", "closes_at")} | {"people": [*data["chosen"], *data["people"]]}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        check_hours(self, data)
        return data
