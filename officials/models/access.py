"""Who looked at what: sign-ins, full personal data, printed and exported things, questions on the phone."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly

from .people import User

__all__ = ["AccessRecord"]


class AccessRecord(AppendOnly):
    """One look. `subject` names the thing ("case:12"), never the person in it."""

    class What(models.TextChoices):
        SIGN_IN = "sign-in", _("signed in")
        SIGN_OUT = "sign-out", _("signed out")
        CHANGE_PERSON = "change-person", _("changed person by PIN")
        REVEAL = "reveal", _("saw full personal data")
        PRINT = "print", _("printed")
        PHONE = "phone", _("answered a question on the phone")
        REFUSED = "refused", _("was refused")
        HISTORY = "history", _("read the audit trail")

    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    what = models.CharField(max_length=16, choices=What.choices)
    subject = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject", "-id"], name="access_subject"), models.Index(fields=["by", "-id"], name="access_by")]
