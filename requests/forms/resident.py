"""What residents without an account fill in: following a case, asking, and one question at a time when applying."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials import numbers
from officials.forms import PlainCharField
from officials.models import Office, Township
from officials.privacy.free_text import what_to_leave_out
from officials.privacy.identity import check_id_number, check_phone, is_under_14
from officials.privacy.tracking import DIGITS, parse_secret
from requests.forms.particulars import add_to, name_of, said_in
from requests.models import Applicant
from services.models import Material, Particular, Situation

IdState = Applicant.IdState
ELSEWHERE = "elsewhere"
MYSELF, SOMEBODY = "myself", "somebody"
RELATIONS = {
    "guardian": gettext_lazy("I am the father, mother or guardian"),
    "family": gettext_lazy("I am another member of the family"),
    "helper": gettext_lazy("I am a neighbour, a friend or a helper"),
}
NAME_LENGTH, PHONE_LENGTH, QUESTION_LENGTH = 40, 40, 500
CHOOSE = gettext_lazy("Choose one of the answers.")


def _choice(label: Any, choices: Any, **options: Any) -> forms.ChoiceField:
    messages = {"required": CHOOSE, "invalid_choice": CHOOSE}
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, error_messages=messages, **options)


def _phone_field(**options: Any) -> PlainCharField:
    attrs = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}
    return PlainCharField(max_length=PHONE_LENGTH, widget=forms.TextInput(attrs=attrs), **options)


def words_from_home(words: str) -> str:
    """What a resident wrote, unless a whole identity or card number stands in it: it would be read by everybody who works on it."""
    sentence = what_to_leave_out(words)
    if sentence:
        raise ValidationError(sentence, code="number")
    return words


class TrackForm(forms.Form):
    """Case number and tracking code, as they are read off the receipt: blanks, hyphens and full-width digits are forgiven."""

    number = PlainCharField(
        label=gettext_lazy("Case number"),
        max_length=60,
        help_text=gettext_lazy("At the top of your receipt, for example 990199101-2026-000123."),
        error_messages={"required": gettext_lazy("Enter the case number from your receipt.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )
    secret = PlainCharField(
        label=gettext_lazy("Tracking code"),
        max_length=60,
        help_text=gettext_lazy("16 digits in four groups, on the same receipt."),
        error_messages={"required": gettext_lazy("Enter the tracking code, 16 digits, from your receipt.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}),
    )

    def clean_number(self) -> numbers.Number:
        found = numbers.parse(self.cleaned_data["number"])
        if found is None:
            raise ValidationError(
                _("This is not a whole case number. It has three parts with hyphens, for example 990199101-2026-000123."), code="number"
            )
        return found

    def clean_secret(self) -> str:
        digits = parse_secret(self.cleaned_data["secret"])
        if digits is None:
            raise ValidationError(
                _("A tracking code has %(count)s digits. Compare it with the receipt."), code="secret", params={"count": DIGITS}
            )
        return digits


class AskForm(forms.Form):
    """A question, or only the wish to be called. Answers are given by phone, so a number is needed."""

    QUESTION, CALL = "question", "call"
    way = _choice(
        gettext_lazy("What would you like?"),
        [
            (QUESTION, gettext_lazy("Ask a question; we call you with the answer")),
            (CALL, gettext_lazy("Have someone call me; I tell it on the phone")),
        ],
    )
    text = PlainCharField(
        label=gettext_lazy("Your question"),
        max_length=QUESTION_LENGTH,
        multiline=True,
        required=False,
        help_text=gettext_lazy("At most 500 characters. Leave out ID numbers, bank accounts and illnesses: we ask when we need them."),
    )
    phone = _phone_field(
        label=gettext_lazy("On which number can we call you?"),
        help_text=gettext_lazy("A mobile number, or a landline with area code."),
        error_messages={"required": gettext_lazy("Enter the phone number we can call.")},
    )
    name = PlainCharField(
        label=gettext_lazy("How may we address you?"),
        max_length=NAME_LENGTH,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def __init__(self, *args: Any, demo: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        self.demo = demo

    def clean_phone(self) -> str:
        return check_phone(self.cleaned_data["phone"], demo=self.demo, short=False)

    def clean_text(self) -> str:
        return words_from_home(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("way") == self.QUESTION and not data.get("text") and "text" not in self.errors:
            self.add_error("text", _("Write your question, or choose that someone calls you."))
        return data


class About:
    """What a question needs to know: the place, the day, the item's own questions, and for whom it is."""

    def __init__(self, *, township: Township, today: date, demo: bool, for_somebody: bool) -> None:
        self.township, self.today, self.demo, self.for_somebody = township, today, demo, for_somebody
        self.situation: Situation | None = None
        self.materials: list[Material] = []
        self.particulars: list[Particular] = []


class StepForm(forms.Form):
    """One question of an application. `about` says whom the earlier answers speak of and where the item belongs."""

    def __init__(self, *args: Any, about: About, **options: Any) -> None:
        super().__init__(*args, **options)
        self.about = about
        self.set_up()

    def set_up(self) -> None:
        """Labels and choices that depend on earlier answers."""

    def answer(self) -> dict[str, Any]:
        """What is kept of a valid form: plain JSON values."""
        return dict(self.cleaned_data)


class SituationForm(StepForm):
    """A question of the item whose answer changes what is to be brought. A hint, never a decision (PIPL 24)."""

    reply = _choice("", [])

    def set_up(self) -> None:
        situation = self.about.situation
        self.fields["reply"].label = situation.question
        self.fields["reply"].choices = [(str(place), option) for place, option in enumerate(situation.options)]


class DetailsForm(StepForm):
    """What the item alone wants to know: the lines of its text, those it needs to be filled in."""

    def set_up(self) -> None:
        add_to(self, self.about.particulars, required=True, before=self.initial)

    def clean(self) -> dict[str, Any]:
        for row in self.about.particulars:
            name = name_of(row)
            if isinstance(self.cleaned_data.get(name), str):
                try:
                    words_from_home(self.cleaned_data[name])
                except ValidationError as fault:
                    self.add_error(name, fault)
        return self.cleaned_data

    def answer(self) -> dict[str, Any]:
        return said_in(self, self.about.particulars)


class WhomForm(StepForm):
    whom = _choice(
        gettext_lazy("For whom is this application?"),
        [(MYSELF, gettext_lazy("For myself")), (SOMEBODY, gettext_lazy("For somebody else: a child, an old or ill relative, a neighbour"))],
    )


class RepresentativeForm(StepForm):
    rep_name = PlainCharField(
        label=gettext_lazy("Your own name"),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter your own name.")},
    )
    relation = _choice(gettext_lazy("Who are you to the person the application is for?"), list(RELATIONS.items()))


class NameForm(StepForm):
    name = PlainCharField(
        label=gettext_lazy("What is your name?"),
        max_length=NAME_LENGTH,
        help_text=gettext_lazy("As it stands on the identity card."),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": gettext_lazy("Enter the name as it stands on the identity card.")},
    )

    def set_up(self) -> None:
        if self.about.for_somebody:
            self.fields["name"].label = _("What is the name of the person the application is for?")
            self.fields["name"].widget.attrs["autocomplete"] = "off"


class IdentityForm(StepForm):
    """The number of the identity card, or why it cannot be given now: choices, not errors (domain 16.2)."""

    id_state = _choice(
        gettext_lazy("Can you give the ID number?"),
        [
            (IdState.GIVEN, gettext_lazy("Yes, I type it below")),
            (IdState.UNKNOWN, gettext_lazy("I do not have the number at hand")),
            (IdState.NEWBORN, gettext_lazy("Newborn, there is no number yet")),
            (IdState.LOST, gettext_lazy("The papers are lost")),
        ],
    )
    id_number = PlainCharField(
        label=gettext_lazy("ID number"),
        max_length=40,
        required=False,
        help_text=gettext_lazy(
            "18 characters, the last may be X. Without it the application is taken in all the same; bring the card later."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
    )

    def set_up(self) -> None:
        if self.about.for_somebody:
            self.fields["id_state"].label = _("Can you give the ID number of the person the application is for?")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("id_state") != IdState.GIVEN:
            self._errors.pop("id_number", None)
            data["id_number"] = ""
            if data.get("id_state") == IdState.NEWBORN and not self.about.for_somebody:
                self.add_error("id_state", _("For a newborn a parent or guardian applies: go back and choose “for somebody else”."))
            return data
        if "id_number" not in self.errors:
            self._check_number(data)
        return data

    def _check_number(self, data: dict[str, Any]) -> None:
        if not data.get("id_number"):
            self.add_error("id_number", _("Type the ID number, or choose above why it cannot be given now."))
            return
        try:
            data["id_number"] = check_id_number(data["id_number"], today=self.about.today)
        except ValidationError as error:
            self.add_error("id_number", error)
            return
        if is_under_14(data["id_number"], today=self.about.today) and not self.about.for_somebody:
            # 个人信息保护法 31: a guardian consents for a child under fourteen.
            self.add_error("id_number", _("For a child under 14 a parent or guardian applies: go back and choose “for somebody else”."))


class PhoneForm(StepForm):
    phone = _phone_field(
        label=gettext_lazy("On which number can we call you?"),
        help_text=gettext_lazy("A mobile number, or a landline with area code. We call when something is missing."),
        error_messages={"required": gettext_lazy("Type a phone number, or tick “I have no phone”.")},
    )
    no_phone = forms.BooleanField(label=gettext_lazy("I have no phone"), required=False)
    wants_sms = forms.BooleanField(
        label=gettext_lazy("Send me text messages about this application"),
        required=False,
        help_text=gettext_lazy("Only if you like. It changes nothing about the application, and you can end it by phone."),
    )

    def set_up(self) -> None:
        self.fields["phone"].required = not (self.is_bound and self.data.get("no_phone"))

    def clean_phone(self) -> str:
        typed = self.cleaned_data["phone"]
        return check_phone(typed, demo=self.about.demo, short=False) if typed else ""

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "phone" in self.errors:
            return data
        if data.get("phone") and data.get("no_phone"):
            self.add_error("no_phone", _("You typed a number and also ticked “I have no phone”. Take one of them out."))
        elif data.get("wants_sms") and not data.get("phone"):
            self.add_error("wants_sms", _("Text messages need a phone number."))
        return data


class VillageForm(StepForm):
    village = forms.ChoiceField(
        label=gettext_lazy("In which village do you live?"),
        error_messages={"required": gettext_lazy("Choose the village, or that it is not on the list."), "invalid_choice": CHOOSE},
    )

    def set_up(self) -> None:
        villages = Office.objects.open().filter(township=self.about.township, kind=Office.Kind.VILLAGE)
        self.names = {str(office.pk): office.name for office in villages}
        self.fields["village"].choices = [("", _("Choose")), *self.names.items(), (ELSEWHERE, _("Not on this list"))]
        if self.about.for_somebody:
            self.fields["village"].label = _("In which village does the person live?")

    def answer(self) -> dict[str, Any]:
        chosen = self.cleaned_data["village"]
        return {"village": chosen, "village_name": self.names.get(chosen, "")}


class _Ticks(StepForm):
    """Ticking lines of the checklist; none ticked is an answer too."""

    ticked = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, error_messages={"invalid_choice": CHOOSE, "invalid_list": CHOOSE}
    )

    def set_up(self) -> None:
        self.fields["ticked"].choices = [(str(material.pk), self.line(material)) for material in self.about.materials]

    def line(self, material: Material) -> str:
        return material.name


class CasesForm(_Ticks):
    """Which papers needed only in some cases apply here."""

    def set_up(self) -> None:
        super().set_up()
        self.fields["ticked"].label = _("Does one of these apply? Then one more paper is needed.")

    def line(self, material: Material) -> str:
        return _("%(when)s: %(name)s") % {"when": material.handle_case, "name": material.name} if material.handle_case else material.name


class PapersForm(_Ticks):
    """What is at hand and what is still to be got; nothing is handed in by this."""

    def set_up(self) -> None:
        super().set_up()
        self.fields["ticked"].label = _("Which of these papers do you have at hand?")
        self.fields["ticked"].help_text = _(
            "Tick what you have. You bring everything to the window or to the village agent afterwards; nothing is sent from here."
        )


class ConsentForm(forms.Form):
    """The last page: what is done with the data was read; where the law wants it, consent is given separately (PIPL 29)."""

    notice_read = forms.BooleanField(
        label=gettext_lazy("I have read how my data are handled, and what I wrote is true."),
        error_messages={"required": gettext_lazy("Read the notice and tick that you have read it.")},
    )
    consent = forms.BooleanField(
        error_messages={
            "required": gettext_lazy("This item needs your consent. Without it, come to the window: the item is handled there too.")
        }
    )

    def __init__(self, *args: Any, sensitive: str | None, **options: Any) -> None:
        """`sensitive`: the kinds of sensitive data, None where no separate consent is needed."""
        super().__init__(*args, **options)
        if sensitive is None:
            self.fields.pop("consent")
        else:
            kinds = sensitive or _("the sensitive data of this item")
            self.fields["consent"].label = _("I consent separately to the handling of sensitive data for this item: %(kinds)s.") % {
                "kinds": kinds
            }
