"""What people looked for in vain, for the editor: words and a count per day, nothing about who asked."""

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["SearchMiss"]


class SearchMiss(models.Model):
    """At most 40 characters, digit runs removed, a bounded number of words a day."""

    date = models.DateField()
    query = models.CharField(max_length=40)
    count = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["-date", "-count"]
        verbose_name = _("search without result")
        verbose_name_plural = _("searches without result")
        constraints = [models.UniqueConstraint(fields=["date", "query"], name="miss_once_a_day")]
