"""Forms of booking: which hour, who comes, and the rules by which an office gives hours."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials import numbers
from officials.forms import PlainCharField, RowChoiceField
from officials.models import Office
from officials.privacy.identity import check_phone
from officials.privacy.tracking import DIGITS, parse_secret
from requests.forms.resident import NAME_LENGTH, PHONE_LENGTH, TrackForm
from requests.models import ServiceRequest
from requests.outings.slots import Slot, items_of
from requests.reasons import WEEKDAYS, say_date
from services.models import Edition

Channel = ServiceRequest.Channel


class BookingForm(forms.Form):
    """An hour, a name, a phone. For the office's own list the item is asked too, so that the case opens at once."""

    slot = forms.ChoiceField(
        label=gettext_lazy("When"),
        error_messages={
            "required": gettext_lazy("Choose a time."),
            "invalid_choice": gettext_lazy("This time is not offered any more. Choose another one."),
        },
    )
    name = PlainCharField(
        label=gettext_lazy("Name of the person who comes"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter the name of the person who comes.")},
    )
    phone = PlainCharField(
        label=gettext_lazy("Phone number"),
        max_length=PHONE_LENGTH,
        help_text=gettext_lazy("We call it when the day has to be moved. At most two open bookings for one number."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        error_messages={"required": gettext_lazy("Enter the phone number we can call.")},
    )
    item = forms.ChoiceField(label=gettext_lazy("What the person comes for"), required=False)

    def __init__(self, *args: Any, slots: list[Slot], office: Office, demo: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.demo, self.slots = demo, slots
        self.fields["slot"].choices = [("", _("choose")), *_by_day(slots)]
        self.items = {edition.item.code: edition for edition in _editions(office, slots)}
        named = [(code, edition.name) for code, edition in self.items.items()]
        self.fields["item"].choices = [("", _("something else, or not known yet")), *named]

    def clean_phone(self) -> str:
        return check_phone(self.cleaned_data["phone"], demo=self.demo, short=False)

    def clean_slot(self) -> datetime:
        return next(slot.starts_at for slot in self.slots if slot.key == self.cleaned_data["slot"])

    def chosen_item(self):
        code = self.cleaned_data.get("item", "")
        return self.items[code].item if code else None


class CancelForm(TrackForm):
    """Number and code of a booking, by the names they have on its page; there is no receipt to look at."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        number, secret = self.fields["number"], self.fields["secret"]
        number.label, number.help_text = _("Booking number"), _("For example 990199101-2026-YY000012.")
        number.error_messages["required"] = _("Enter the booking number.")
        secret.label, secret.help_text = _("Code for cancelling"), _("16 digits in four groups, shown when you booked.")
        secret.error_messages["required"] = _("Enter the code for cancelling, 16 digits, shown when you booked.")

    def clean_number(self) -> numbers.Number:
        found = numbers.parse(self.cleaned_data["number"])
        if found is None:
            raise ValidationError(
                _("This is not a whole booking number. It has three parts with hyphens, for example 990199101-2026-YY000012."),
                code="number",
            )
        return found

    def clean_secret(self) -> str:
        digits = parse_secret(self.cleaned_data["secret"])
        if digits is None:
            raise ValidationError(
                _("A code for cancelling has %(count)s digits. Compare it with what was shown when you booked."),
                code="secret", params={"count": DIGITS},
            )  # fmt: skip
        return digits


class DeskBookingForm(BookingForm):
    """The clerk books for a caller or for somebody at the window."""

    channel = forms.ChoiceField(
        label=gettext_lazy("Channel"), choices=[(one.value, one.label) for one in (Channel.PHONE, Channel.WINDOW)], initial=Channel.PHONE
    )
    form_token = forms.RegexField(regex=r"^[\w-]{20,40}$", widget=forms.HiddenInput)


def _editions(office: Office, slots: list[Slot]):
    """Of an office its own items, at a window for all any; of a village what can be done on the days offered, where they say it."""
    found = Edition.objects.published().filter(item__township_id=office.township_id)
    if office.kind != Office.Kind.VILLAGE and not office.takes_in_for_all:
        found = found.filter(office=office)
    limited = items_of(slots)
    if slots and all(slot.outing_id in limited for slot in slots):
        found = found.filter(item__code__in=frozenset().union(*limited.values()))
    return found.select_related("item").order_by("name")


def _by_day(slots: list[Slot]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Free hours, one group a day: at most a few lines to look through."""
    days: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for slot in slots:
        if slot.free:
            words = _("%(time)s, places left: %(n)s") % {"time": f"{timezone.localtime(slot.starts_at):%H:%M}", "n": slot.free}
            days[say_date(slot.day)].append((slot.key, words))
    return list(days.items())


class TimeField(forms.TimeField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
        super().__init__(input_formats=["%H:%M", "%H:%M:%S"], **options)


class DayField(forms.DateField):
    def __init__(self, **options: Any) -> None:
        options.setdefault("widget", forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
        super().__init__(input_formats=["%Y-%m-%d"], **options)


def weekday_choices() -> list[tuple[int, str]]:
    return [(number, name) for number, name in enumerate(str(WEEKDAYS).split(), start=1)]


def check_hours(form: forms.Form, data: dict[str, Any], minutes: Any = None) -> None:
    """The end after the begin, and at least one whole slot between."""
    opens, closes = data.get("opens_at"), data.get("closes_at")
    if not opens or not closes:
        return
    length = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    if length <= 0:
        form.add_error("closes_at", ValidationError(_("The end has to be after the beginning.")))
    elif minutes and length < minutes:
        form.add_error("minutes", ValidationError(_("Between beginning and end there is no room for one appointment of this length.")))


class RuleForm(forms.Form):
    """An office gives hours on these weekdays."""

    office = RowChoiceField(label=gettext_lazy("Office"), queryset=Office.objects.none(), empty_label=None)
    weekdays = forms.TypedMultipleChoiceField(label=gettext_lazy("Weekdays"), coerce=int, widget=forms.CheckboxSelectMultiple)
    opens_at = TimeField(label=gettext_lazy("From"))
    closes_at = TimeField(label=gettext_lazy("To"))
    minutes = forms.IntegerField(label=gettext_lazy("Minutes an appointment"), min_value=5, max_value=240, initial=30)
    people = forms.IntegerField(label=gettext_lazy("People at a time"), min_value=1, max_value=50, initial=1)

    def __init__(self, *args: Any, offices, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].queryset = offices
        self.fields["weekdays"].choices = weekday_choices()

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        check_hours(self, data, data.get("minutes"))
        return data
