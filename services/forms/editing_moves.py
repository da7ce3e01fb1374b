"""Small forms of the editing room: the word before publishing, a reason to send back, a note on retiring, the spreadsheet to import."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from officials.forms import PlainCharField
from services.importing.workbook import MAX_BYTES


class PublishForm(forms.Form):
    """Asked once before residents read the text."""

    confirmed = forms.BooleanField(
        label=_("I have read what changes; residents may read this text."),
        error_messages={"required": _("Tick that you have read what changes. Nothing was published.")},
    )


class ReturnForm(forms.Form):
    """The second person says what is to be changed."""

    reason = PlainCharField(
        label=_("What is to be changed"),
        max_length=500,
        multiline=True,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write what should be changed.")},
    )


class RetireForm(forms.Form):
    """Residents who still look for the item read this note."""

    note = PlainCharField(
        label=_("Why, and where residents go instead"),
        max_length=200,
        error_messages={"required": _("Write why the item ends and where residents go instead.")},
    )


class UploadForm(forms.Form):
    """An .xlsx of at most 5 MB; what is in it is judged by `services.importing`."""

    file = forms.FileField(
        label=_("Spreadsheet (.xlsx, at most 5 MB)"),
        allow_empty_file=True,
        max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": _("Choose the spreadsheet."), "invalid": _("Choose the spreadsheet.")},
    )

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise ValidationError(_("The file is larger than 5 MB. Save it without pictures, or divide it."))
        return file
