"""来访: one person at the window, possibly with several items. Taken once, one sheet, one list of copies."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly
from officials.models import Office, Township, User, Window

__all__ = ["Visit"]


class Visit(AppendOnly):
    """Begun by a clerk; its cases point to it. Holds no personal data: the person is on each case."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("visit")
        verbose_name_plural = _("visits")

    def __str__(self):
        return f"{self.pk}"
