"""Forms of the administration whose rules go beyond one field."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.models import Office, Official, Post, User
from officials.privacy.identity import is_mobile, no_mobile_on_a_card


class UserForm(forms.ModelForm):
    """A member of staff. A password is given here and never shown; leaving it empty keeps the old one."""

    asker: User  # set by the page: whoever fills in the form

    new_password = forms.CharField(
        label=gettext_lazy("New password"), required=False, strip=False, max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("At least 10 characters. Tell it in person; the person changes it. Their PIN ends with the old one."),
    )  # fmt: skip
    reset_phone = forms.BooleanField(
        label=gettext_lazy("Phone lost: set up the second factor anew"), required=False,
        help_text=gettext_lazy("The next sign-in asks the person to set up a phone."),
    )  # fmt: skip

    class Meta:
        model = User
        fields = ("username", "name", "staff_no", "office", "email", "joined_on", "is_active", "is_staff")
        labels = {"name": gettext_lazy("Full name")}

    def clean_new_password(self) -> str:
        password = self.cleaned_data["new_password"]
        if password:
            validate_password(password, self.instance)
        elif self.instance.pk is None:
            raise forms.ValidationError(_("Give the new person a password."))
        return password

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.instance.pk is None:
            return data
        if self.instance.pk == self.asker.pk and not (data.get("is_active") and data.get("is_staff")):
            raise forms.ValidationError(
                _("Nobody closes the own account or the own way into the administration. Ask another administrator.")
            )
        if not data.get("is_active") and "is_active" in self.changed_data:
            # The box was ticked when the page opened: what the person holds has to go on without a gap.
            self.add_error("is_active", _("Close the account on its own page: cases fall to the deputy or to the head."))
        return data


class OfficialForm(forms.ModelForm):
    """The public card of a person: whoever reads it reads all of it, so a private number has no place on it."""

    class Meta:
        model = Official
        fields = ("user", "code", "title", "duties", "duty_phone", "is_leader", "is_public", "sort")

    def clean_duty_phone(self) -> str:
        phone = self.cleaned_data["duty_phone"]
        if is_mobile(phone):
            raise forms.ValidationError(no_mobile_on_a_card())
        return phone


class PostForm(forms.ModelForm):
    """A post: holder and deputy are two people who work here."""

    class Meta:
        model = Post
        fields = ("office", "code", "title", "holder", "deputy", "duty_phone", "closed_on")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        for name in ("holder", "deputy"):
            person = data.get(name)
            if person is not None and not person.is_active and not data.get("closed_on"):
                self.add_error(name, _("%(name)s no longer works here. Choose somebody else.") % {"name": person.name})
        if data.get("holder") and data.get("holder") == data.get("deputy"):
            self.add_error("deputy", _("Holder and deputy must be two people."))
        return data


class OfficeForm(forms.ModelForm):
    """An office: below no office that is below itself, and closed only when empty."""

    class Meta:
        model = Office
        fields = ("township", "parent", "code", "name", "kind", "closed_on")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.instance.pk is None:
            return data
        above = data.get("parent")
        while above is not None:
            if above.pk == self.instance.pk:
                self.add_error("parent", _("An office cannot belong to itself or to an office below it."))
                break
            above = above.parent
        if data.get("closed_on") and Post.objects.filter(office=self.instance, closed_on__isnull=True).exists():
            self.add_error("closed_on", _("This office still has open posts. Close or move them first."))
        return data
