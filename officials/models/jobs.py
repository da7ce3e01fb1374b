"""When each scheduled job last ran; the unique row per job and period is also the claim, so that two timers do no harm."""

from django.db import models
from django.utils.translation import gettext_lazy as _

__all__ = ["JobRun"]


class JobRun(models.Model):
    name = models.CharField(_("job"), max_length=40)
    period = models.CharField(_("period"), max_length=20, help_text=_("The local date or hour it stands for."))
    began_at = models.DateTimeField(_("began at"))
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)
    # What it found, in numbers; never a person.
    report = models.JSONField(_("report"), default=dict, blank=True)
    failed = models.BooleanField(_("failed"), default=False)

    class Meta:
        ordering = ["-began_at"]
        verbose_name = _("job run")
        verbose_name_plural = _("job runs")
        constraints = [models.UniqueConstraint(fields=["name", "period"], name="job_once_a_period")]

    def __str__(self):
        return f"{self.name} {self.period}"
