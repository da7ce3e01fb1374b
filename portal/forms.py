"""Forms of signing in, of the PIN and of the second factor."""

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.forms import PlainCharField
from portal.pins import LONGEST, SHORTEST, is_too_simple

LONGEST_PASSWORD = 200  # the hash of a very long one would be work for nothing

WRONG = {"required": gettext_lazy("Enter your password.")}


def _password(label, complete: str, **options) -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=LONGEST_PASSWORD,
        widget=forms.PasswordInput(attrs={"autocomplete": complete}),
        **({"error_messages": WRONG} | options),
    )


def _digits(label, *, complete: str, shortest: int, longest: int, wrong, **options) -> forms.RegexField:
    attrs = {"inputmode": "numeric", "autocomplete": complete}
    widget = forms.TextInput(attrs=attrs) if complete == "one-time-code" else forms.PasswordInput(attrs=attrs)
    return forms.RegexField(
        rf"^[0-9]{{{shortest},{longest}}}$",
        label=label,
        max_length=20,
        widget=widget,
        error_messages={"required": wrong, "invalid": wrong},
        **options,
    )


class SignInForm(forms.Form):
    """Name and password; whether they fit is asked by the view, which alone knows the request."""

    username = PlainCharField(
        label=gettext_lazy("Sign-in name"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false", "autofocus": True}),
        error_messages={"required": gettext_lazy("Enter your sign-in name.")},
    )
    password = _password(gettext_lazy("Password"), "current-password")


class _AsksPassword(forms.Form):
    """Asks the password of the person signed in once more; wrong ones count like those of the sign-in page."""

    old_password = _password(gettext_lazy("Your password"), "current-password")

    def __init__(self, *args, request, **options):
        self.request, self.user = request, request.user
        super().__init__(*args, **options)

    def clean_old_password(self) -> str:
        password = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.username, password=password) is None:
            raise forms.ValidationError(_("This is not your password. Check the capital letters and try again."))
        return password


class PasswordForm(_AsksPassword):
    new_password = _password(
        gettext_lazy("New password"),
        "new-password",
        error_messages={"required": gettext_lazy("Enter the new password.")},
        help_text=gettext_lazy("At least 10 characters; a sentence only you would write is good."),
    )
    again = _password(
        gettext_lazy("New password again"),
        "new-password",
        error_messages={"required": gettext_lazy("Enter the new password a second time.")},
    )

    def clean_new_password(self) -> str:
        validate_password(self.cleaned_data["new_password"], self.user)
        return self.cleaned_data["new_password"]

    def clean(self):
        data = super().clean()
        if data.get("new_password") and data.get("again") and data["new_password"] != data["again"]:
            self.add_error("again", _("The two new passwords are not the same."))
        return data


_PIN_WANTED = gettext_lazy("Enter 4 to 6 digits.")


class PinForm(_AsksPassword):
    pin = _digits(
        gettext_lazy("New PIN"), complete="off", shortest=SHORTEST, longest=LONGEST, wrong=_PIN_WANTED,
        help_text=gettext_lazy("4 to 6 digits, only for changing the person at a shared desk."),
    )  # fmt: skip
    again = _digits(gettext_lazy("New PIN again"), complete="off", shortest=SHORTEST, longest=LONGEST, wrong=_PIN_WANTED)

    def clean_pin(self) -> str:
        if is_too_simple(self.cleaned_data["pin"]):
            raise forms.ValidationError(_("This PIN is guessed at once. Choose digits that do not repeat or count up."))
        return self.cleaned_data["pin"]

    def clean(self):
        data = super().clean()
        if data.get("pin") and data.get("again") and data["pin"] != data["again"]:
            self.add_error("again", _("The two PINs are not the same."))
        return data


class SwitchForm(forms.Form):
    """Who comes to this desk. The choices are the colleagues with a PIN."""

    person = forms.ChoiceField(
        label=gettext_lazy("Who works here now?"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a person."), "invalid_choice": gettext_lazy("Choose a person of this desk.")},
    )
    pin = _digits(gettext_lazy("PIN of that person"), complete="off", shortest=SHORTEST, longest=LONGEST, wrong=_PIN_WANTED)

    def __init__(self, *args, people, **options):
        super().__init__(*args, **options)
        self.people = {str(person.pk): person for person in people}
        self.fields["person"].choices = [(pk, f"{person.name} · {person.office}") for pk, person in self.people.items()]
        if len(self.people) == 1:
            self.fields["person"].initial = next(iter(self.people))
            self.fields["pin"].widget.attrs["autofocus"] = True


class CodeForm(forms.Form):
    """The six digits of the second factor."""

    code = _digits(
        gettext_lazy("Six-digit code"),
        complete="one-time-code",
        shortest=6,
        longest=6,
        wrong=gettext_lazy("Enter the six digits your phone shows."),
    )
