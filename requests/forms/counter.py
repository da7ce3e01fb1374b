"""Forms of the counter: a question, paper slips, "what about my case?", the day's end, the file of the paper ledger."""

import datetime
import re
import unicodedata
import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField, needed_for
from officials.models import Office, Township, User
from officials.privacy.identity import check_phone
from officials.privacy.lookup import normal_id
from officials.privacy.tracking import parse_secret
from requests.forms.intake import CHANNELS
from requests.models import ServiceRequest, Slip
from requests.persons import Person
from requests.phone_questions import TWO_FACTS, Facts
from services.models import Edition
from services.search import Kind, find

ANSWER, PROMISE = "answer", "promise"
NO_VILLAGE = "none"
_OFFERED = 5  # items named when several fit what was typed


def villages_of(township: Township):
    return Office.objects.open().filter(township=township, kind=Office.Kind.VILLAGE)


class ConsultationForm(forms.Form):
    """One page: the question, and either its answer or a phone to call back. Everything about the person may stay empty."""

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=gettext_lazy("How they came"), choices=CHANNELS, widget=forms.RadioSelect, initial=ServiceRequest.Channel.WINDOW
    )
    question = PlainCharField(
        label=gettext_lazy("What was asked"),
        max_length=1000,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        error_messages={"required": gettext_lazy("Write down what was asked.")},
    )
    answer = PlainCharField(
        label=gettext_lazy("What was answered, or what has to be found out"),
        max_length=1000,
        multiline=True,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    item = PlainCharField(
        label=gettext_lazy("About which item"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("Initials, name or code, for example db for 低保."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "items"}),
    )
    name = PlainCharField(label=gettext_lazy("Name"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    phone = PlainCharField(
        label=gettext_lazy("Phone"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "tel"}),
    )
    village = forms.ModelChoiceField(label=gettext_lazy("Village"), queryset=Office.objects.none(), required=False)

    use_required_attribute = False

    def __init__(self, *args: Any, township: Township, demo: bool, then: str = ANSWER, **options: Any) -> None:
        super().__init__(*args, **options)
        self.township, self.demo, self.then = township, demo, then
        needed_for(self.fields["answer"], _("(needed where it is answered now)"))
        needed_for(self.fields["phone"], _("(needed where somebody calls back)"))
        self.fields["village"].queryset = villages_of(township)
        self.fields["village"].empty_label = _("not from here, or not needed")

    @staticmethod
    def new_token() -> str:
        return uuid.uuid4().hex

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return check_phone(typed, demo=self.demo, short=False) if typed else ""

    def clean_item(self) -> Edition | None:
        """The one published item that what was typed means; several or none are told."""
        typed = self.cleaned_data["item"]
        if not typed:
            return None
        published = Edition.objects.published().filter(item__township=self.township)
        related = ("item", "office", "office__township", "post", "post__holder", "post__deputy")
        exact = published.filter(item__code__iexact=typed).first() or published.filter(name=typed).first()
        codes = [exact.item.code] if exact else _surest(typed)
        found = list(published.filter(item__code__in=codes).select_related(*related))
        if not found:
            raise ValidationError(_("No item is found under “%(typed)s”. Leave it empty, or try one word of its name.") % {"typed": typed})
        if len(found) > 1:
            names = _(", ").join(f"{edition.item.code} {edition.name}" for edition in sorted(found, key=lambda e: codes.index(e.item.code)))
            raise ValidationError(_("Several items fit. Type the code of one: %(items)s.") % {"items": names})
        return found[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.then == PROMISE and not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter the phone number to call back."))
        if self.then == ANSWER and not data.get("answer") and "answer" not in self.errors:
            self.add_error("answer", _("Write down what was answered, or promise a call back."))
        return data

    def person(self) -> Person:
        data = self.cleaned_data
        village = data.get("village")
        return Person(name=data["name"], phone=data["phone"], village_id=village.pk if village else None)


def _surest(typed: str) -> list[str]:
    """Codes of the items that are meant: one where it is found more surely than all others."""
    hits = find(typed, kinds={Kind.ITEM}, limit=_OFFERED)
    if len(hits) > 1 and hits[0].rank < hits[1].rank:
        hits = hits[:1]
    return [hit.target.code for hit in hits]


class PrintSlipsForm(forms.Form):
    """How many. `newest` is the last number the page knew, so that a form sent twice prints once."""

    count = forms.IntegerField(
        label=gettext_lazy("How many"),
        min_value=1,
        max_value=50,
        initial=10,
        error_messages={
            "required": gettext_lazy("Enter how many slips, from 1 to 50."),
            "invalid": gettext_lazy("Enter a number from 1 to 50."),
            "min_value": gettext_lazy("Between 1 and 50 slips at a time."),
            "max_value": gettext_lazy("Between 1 and 50 slips at a time."),
        },
    )
    newest = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    use_required_attribute = False


class SpoilSlipForm(forms.Form):
    reason = forms.ChoiceField(
        label=gettext_lazy("Why is it spoilt?"),
        choices=Slip.Spoilt.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Say why the slip is spoilt."),
            "invalid_choice": gettext_lazy("Choose one of the reasons."),
        },
    )

    use_required_attribute = False


class PhoneQuestionForm(forms.Form):
    """What the caller says. Two facts have to fit; sent by POST, so that nothing of it stands in an address."""

    name = PlainCharField(label=gettext_lazy("Name"), max_length=40, required=False)
    village = forms.ChoiceField(label=gettext_lazy("Village"), required=False)
    tail = PlainCharField(
        label=gettext_lazy("Last four digits of the phone, or else of the ID"),
        max_length=20,
        required=False,
        help_text=gettext_lazy(
            "Of the phone the applicant left. Only where none was left: of the applicant's own ID number, the last place may be X."
            " Phone and ID of a representative do not count."
        ),
    )
    number = PlainCharField(
        label=gettext_lazy("Case number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy("Whole, or only the running number at its end."),
    )
    secret = PlainCharField(
        label=gettext_lazy("Tracking code"), max_length=60, required=False, help_text=gettext_lazy("Sixteen digits, in four groups.")
    )

    use_required_attribute = False

    def __init__(self, *args: Any, township: Township, **options: Any) -> None:
        super().__init__(*args, **options)
        self.villages = {str(village.pk): village for village in villages_of(township)}
        self.fields["village"].choices = [
            ("", _("choose")),
            *((key, str(village)) for key, village in self.villages.items()),
            (NO_VILLAGE, _("no village was noted, or not from this township")),
        ]
        self.fields["name"].widget.attrs["autofocus"] = True
        for name in ("name", "tail", "number", "secret"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    def clean_tail(self) -> str:
        typed = normal_id(self.cleaned_data["tail"])
        if self.cleaned_data["tail"] and not re.fullmatch(r"[0-9]{3}[0-9X]", typed):
            raise ValidationError(_("The last four digits are exactly four digits; of an ID number the last may be X."))
        return typed

    def clean_number(self) -> str:
        return unicodedata.normalize("NFKC", self.cleaned_data["number"])

    def clean_secret(self) -> str:
        typed = self.cleaned_data["secret"]
        if typed and parse_secret(typed) is None:
            raise ValidationError(_("A tracking code has sixteen digits. Let it be read out again, group by group."))
        return typed

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.errors and not self.facts().way:
            raise ValidationError(TWO_FACTS)
        return data

    def facts(self) -> Facts:
        """What was said, as `phone_questions` asks for it."""
        said = {name: self.cleaned_data.get(name, "") for name in ("name", "tail", "number", "secret", "village")}
        village = said.pop("village")
        return Facts(village=self.villages.get(village), no_village=village == NO_VILLAGE, **said)


class DayForm(forms.Form):
    """The filters of the day's end, which are its address."""

    office = forms.ModelChoiceField(
        label=gettext_lazy("Window"), queryset=Office.objects.none(), to_field_name="code", empty_label=None,
        error_messages={"required": gettext_lazy("Choose an office."), "invalid_choice": gettext_lazy("Choose one of your offices.")},
    )  # fmt: skip
    date = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": gettext_lazy("Enter the day."), "invalid": gettext_lazy("Enter the day like 2026-11-02.")},
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, *args: Any, offices: frozenset[int], today: datetime.date, **options: Any) -> None:
        super().__init__(*args, **options)
        self.today = today
        self.fields["office"].queryset = Office.objects.filter(pk__in=offices)

    def clean_date(self) -> datetime.date:
        day = self.cleaned_data["date"]
        if day > self.today:
            raise ValidationError(_("This day is still to come."))
        if day.year < 2000:
            raise ValidationError(_("Enter the day like 2026-11-02."))
        return day


class HandOverForm(forms.Form):
    """The second name. `latest` is the day's end the page knew, so that a form sent twice is one hand-over."""

    taken_by = forms.ModelChoiceField(
        label=gettext_lazy("Handed over to"), queryset=User.objects.none(), to_field_name="staff_no",
        error_messages={
            "required": gettext_lazy("Choose who takes over: a day's end has two names."),
            "invalid_choice": gettext_lazy("Choose somebody of this window."),
        },
    )  # fmt: skip
    latest = forms.IntegerField(required=False, min_value=0, max_value=2**62, widget=forms.HiddenInput)

    use_required_attribute = False

    def __init__(self, *args: Any, people: list[User], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["taken_by"].queryset = User.objects.filter(pk__in=[person.pk for person in people])
        self.fields["taken_by"].empty_label = _("choose")


class LedgerFileForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("Spreadsheet of the paper ledger (.xlsx)"),
        max_length=100,
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={
            "required": gettext_lazy("Choose the file."),
            "empty": gettext_lazy("The file is empty."),
            "max_length": gettext_lazy("The name of the file is too long. Rename it to at most 100 characters."),
        },
    )

    use_required_attribute = False
