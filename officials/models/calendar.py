"""The centre's own calendar. A library fills it once; after that the centre answers for it (domain 10)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked

from .places import Township

__all__ = ["CalendarDay", "CalendarYear"]


class CalendarDay(TrackedModel):
    """A day that differs from its weekday: a holiday, a make-up working day, a local closure."""

    class Kind(models.TextChoices):
        REST = "rest", _("rest day")
        WORK = "work", _("working day")

    township = models.ForeignKey(Township, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("only for"))
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=60)
    source = models.CharField(_("source"), max_length=120)

    history = tracked()

    class Meta:
        ordering = ["date"]
        verbose_name = _("calendar day")
        verbose_name_plural = _("calendar days")
        constraints = [
            models.UniqueConstraint(fields=["township", "date"], name="calendar_day_once"),
            models.UniqueConstraint(fields=["date"], condition=models.Q(township__isnull=True), name="national_day_once"),
        ]

    def __str__(self):
        return f"{self.date} {self.name}"


class CalendarYear(TrackedModel):
    """A year whose arrangement of holidays is announced and checked. Dates in other years are provisional."""

    year = models.PositiveSmallIntegerField(_("year"), unique=True)
    source = models.CharField(_("source"), max_length=120)
    confirmed_at = models.DateTimeField(_("confirmed at"))
    confirmed_by = models.ForeignKey("officials.User", models.PROTECT, related_name="+", verbose_name=_("confirmed by"))

    history = tracked()

    class Meta:
        ordering = ["year"]
        verbose_name = _("confirmed year")
        verbose_name_plural = _("confirmed years")

    def __str__(self):
        return str(self.year)
