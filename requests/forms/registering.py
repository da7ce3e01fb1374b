"""Registering a demand: at the desk with few fields, from home as few as possible; and what was not done (办不成事)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials import numbers
from officials.forms import PlainCharField, RowChoiceField
from officials.models import Office, Township
from officials.privacy.identity import check_phone
from requests.demands import subjects, ways
from requests.forms.counter import villages_of
from requests.forms.resident import TrackForm, words_from_home
from requests.models import Demand, ServiceRequest
from requests.persons import Person

Sort = Demand.Sort
WORDS_LENGTH = 1000
NAMELESS = (Sort.SUGGESTION, Sort.COMPLAINT)
NEEDED_FOR = gettext_lazy("(needed for help and disputes)")
CHOOSE = gettext_lazy("Choose one of the answers.")


def radio(label: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    messages = {"required": CHOOSE, "invalid_choice": CHOOSE}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=messages, **options)


class DemandFields(forms.Form):
    """What a demand needs, whoever writes it down."""

    use_required_attribute = False

    sort = radio(gettext_lazy("What is it?"), Sort.choices)
    words = PlainCharField(
        label=gettext_lazy("What would you like to tell us?"), max_length=WORDS_LENGTH, multiline=True,
        error_messages={"required": gettext_lazy("Write down what it is about.")},
    )  # fmt: skip
    village = RowChoiceField(label=gettext_lazy("Village"), queryset=Office.objects.none(), required=False)
    name = PlainCharField(label=gettext_lazy("Name"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    phone = PlainCharField(
        label=gettext_lazy("Phone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    about = RowChoiceField(
        label=gettext_lazy("Which office is the complaint about?"), queryset=Office.objects.none(), required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, township: Township, demo: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.township, self.demo = township, demo
        self.fields["village"].queryset = villages_of(township)
        self.fields["village"].empty_label = _("not from here, or not needed")
        self.fields["about"].queryset = Office.objects.public().filter(township=township).exclude(kind=Office.Kind.CENTRE)
        self.fields["about"].help_text = _(
            "It is not shown to that office and not handled by it. What is about the centre itself: call %(phone)s."
        ) % {"phone": township.complaint_phone}
        self.fields["about"].empty_label = _("none, or it is no complaint")
        for name in ("village", "about"):
            self.fields[name].error_messages["invalid_choice"] = _("Choose one of the list.")
        self.fields["name"].needed_for = NEEDED_FOR

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return check_phone(typed, demo=self.demo, short=False) if typed else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("about") and data.get("sort") and data["sort"] != Sort.COMPLAINT:
            self.add_error("about", _("Only a complaint names the office it is about."))
        if data.get("sort") and data["sort"] not in NAMELESS:
            self._check_reachable(data)
        return data

    def _check_reachable(self, data: dict[str, Any]) -> None:
        """Help and disputes need somebody to come back to."""
        if not data.get("name") and "name" not in self.errors:
            self.add_error("name", _("Help and disputes need a name: without one nobody can be helped or told."))

    @property
    def is_anonymous(self) -> bool:
        return not self.cleaned_data["name"] and not self.cleaned_data["phone"]

    def person(self) -> Person:
        data = self.cleaned_data
        return Person(name=data["name"], phone=data["phone"], village_id=data["village"].pk if data["village"] else None)


class DeskDemandForm(DemandFields):
    """At the window, on the phone, in a village on a telephone."""

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    channel = radio(
        gettext_lazy("How they came"),
        [(one.value, one.label) for one in ServiceRequest.Channel if one != ServiceRequest.Channel.ONLINE],
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Subject"), required=False, error_messages={"invalid_choice": gettext_lazy("Choose one of the list.")}
    )

    def __init__(self, *args: Any, township: Township, demo: bool, **options: Any) -> None:
        super().__init__(*args, township=township, demo=demo, **options)
        self.fields["category"].choices = [("", _("not sorted yet")), *subjects.offered(township)]
        for name in ("name", "phone"):
            self.fields[name].widget.attrs["autocomplete"] = "off"


class ResidentDemandForm(DemandFields):
    """From home, without an account. Words that speak of how officials behave or of breaches lead to one question first."""

    ELSEWHERE, SERVICE = "elsewhere", "service"
    conduct = radio(
        gettext_lazy("Is it about how an official behaved, or a breach of discipline?"),
        [
            (ELSEWHERE, gettext_lazy("Yes: show me the place and the phone; nothing of this is kept here")),
            (SERVICE, gettext_lazy("No, it is about a service: register it here")),
        ],
        required=False,
    )
    field_order = ("sort", "words", "conduct")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if not (self.is_bound and ways.is_like_conduct(str(self.data.get("words", "")))):
            del self.fields["conduct"]
        self.fields["words"].help_text = _(
            "At most 1,000 characters. Leave out ID numbers, bank accounts and illnesses: we ask when we need them."
        )
        self.fields["phone"].help_text = _(
            "For help and disputes we need it. A suggestion or a complaint may come without name and phone: then the answer is read "
            "here, with the number and the code you get after sending."
        )
        self.fields["phone"].needed_for = NEEDED_FOR

    def clean_words(self) -> str:
        return words_from_home(self.cleaned_data["words"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "conduct" in self.fields and not data.get("conduct") and "conduct" not in self.errors:
            self.add_error("conduct", _("This reads like a report on an official or on a breach. Say which it is; nothing was sent yet."))
        return data

    @property
    def goes_elsewhere(self) -> bool:
        return self.data.get("conduct") == self.ELSEWHERE and "conduct" in self.fields

    def _check_reachable(self, data: dict[str, Any]) -> None:
        super()._check_reachable(data)
        if not data.get("phone") and "phone" not in self.errors:
            self.add_error("phone", _("Enter the phone number we can call."))


class UnsolvedForm(forms.Form):
    """At the desk, from the page of the case."""

    use_required_attribute = False

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    channel = radio(
        gettext_lazy("How they came"),
        [(one.value, one.label) for one in ServiceRequest.Channel if one != ServiceRequest.Channel.ONLINE],
    )
    words = PlainCharField(
        label=gettext_lazy("What was not done, and what the person was told"), max_length=WORDS_LENGTH, multiline=True,
        error_messages={"required": gettext_lazy("Write down what was not done.")},
    )  # fmt: skip


class ResidentUnsolvedForm(TrackForm):
    """From home: what was not done; with number and code of the case, or else with a name, by which the case is found."""

    use_required_attribute = False

    words = PlainCharField(
        label=gettext_lazy("What was not done?"), max_length=WORDS_LENGTH, multiline=True,
        error_messages={"required": gettext_lazy("Write down what was not done.")},
    )  # fmt: skip
    name = PlainCharField(
        label=gettext_lazy("Your name"), max_length=40, required=False, widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
    phone = PlainCharField(
        label=gettext_lazy("Your phone"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        help_text=gettext_lazy("We call to find out which case it is. Without a phone the answer is read here, with the code you get."),
    )  # fmt: skip
    field_order = ("words", "number", "secret", "name", "phone")

    def __init__(self, *args: Any, demo: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.demo = demo
        for name in ("number", "secret"):
            self.fields[name].required = False
        self.fields["number"].needed_for = _("(if you have it)")
        self.fields["secret"].needed_for = _("(if you have it)")
        self.fields["secret"].help_text = _(
            "16 digits in four groups, on the same receipt. With both the report is tied to the case at once; without them it is "
            "written down all the same."
        )
        self.fields["name"].needed_for = self.fields["phone"].needed_for = _("(without number and code)")

    def clean_number(self) -> numbers.Number | None:
        return super().clean_number() if self.cleaned_data["number"] else None

    def clean_secret(self) -> str:
        return super().clean_secret() if self.cleaned_data["secret"] else ""

    def clean_words(self) -> str:
        return words_from_home(self.cleaned_data["words"])

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return check_phone(typed, demo=self.demo, short=False) if typed else ""

    @property
    def is_proven(self) -> bool:
        """Are both there by which somebody shows whose case it is?"""
        return bool(self.cleaned_data.get("number") and self.cleaned_data.get("secret"))

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if not self.is_proven and not data.get("name") and not self.errors.keys() & {"number", "secret", "name"}:
            self.add_error("name", _("Write your name, or both number and code: otherwise nobody finds the case."))
        return data

    def person(self) -> Person:
        return Person(name=self.cleaned_data["name"], phone=self.cleaned_data["phone"])
