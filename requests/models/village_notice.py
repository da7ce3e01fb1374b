"""村级公示: what hung in the village before the township accepted the case, as the village reports it."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly
from officials.models import User

from .case import ServiceRequest

__all__ = ["VillageNotice"]


class VillageNotice(AppendOnly):
    """One report; a later one corrects an earlier. Where it hung, by whom, and the meeting are sealed under the key of the case."""

    class Outcome(models.TextChoices):
        NO_OBJECTION = "none", _("no objection")
        NOT_UPHELD = "not_upheld", _("objections, none upheld")
        UPHELD = "upheld", _("an objection was upheld")
        RUNNING = "running", _("still hangs, its days are not over")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="village_notices")
    hang_on = models.DateField(_("posted on"))
    last_on = models.DateField(_("last day"))
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices)
    sealed = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(last_on__gte=F("hang_on")), name="village_notice_days_in_order")]
