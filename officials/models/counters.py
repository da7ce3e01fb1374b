"""The last number given out, per township, series and year. Numbers are taken by `officials.numbers.take` only."""

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["Counter"]


class Counter(models.Model):
    """One row per printed series. Its row lock, held to the end of the transaction, is what makes numbers free of gaps."""

    township = models.ForeignKey("officials.Township", models.PROTECT, related_name="+", verbose_name=_("township"))
    series = models.CharField(_("series"), max_length=20, blank=True, help_text=_("Empty for cases, letters for slips and documents."))
    year = models.PositiveSmallIntegerField(_("year"))
    value = models.PositiveIntegerField(_("last number given out"))

    class Meta:
        constraints = [models.UniqueConstraint(fields=["township", "series", "year"], name="counter_once")]

    def __str__(self):
        return f"{self.township_id} {self.series or '-'} {self.year}: {self.value}"
