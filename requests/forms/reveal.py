"""Full personal data is shown on asking only, with a reason that is logged (domain 11.2)."""

from django import forms
from django.utils import translation
from django.utils.translation import gettext_lazy as _

REASONS = {
    "call": _("to call the applicant"),
    "identity": _("to check the identity at the window"),
    "upper": _("to enter the case in the upper system"),
    "decision": _("to write the decision or a notice"),
    "visit": _("to visit the home or check on the spot"),
    "asked": _("the applicant asked for it"),
    "inspection": _("inspection"),
}


def in_the_log(reason: str) -> str:
    """The log is read in Chinese, whatever language the reader's pages are in."""
    with translation.override("zh-hans"):
        return str(REASONS[reason])


class RevealForm(forms.Form):
    """A choice, not free text: a reason typed by hand would itself be personal data in the log."""

    reason = forms.ChoiceField(label=_("What do you need it for?"), choices=list(REASONS.items()), widget=forms.RadioSelect)

    def reason_in_the_log(self) -> str:
        return in_the_log(self.cleaned_data["reason"])
