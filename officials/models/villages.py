"""包村: which officials answer for which village."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked

from .people import User
from .places import Office

__all__ = ["VillageLink"]


class VillageLink(TrackedModel):
    """An official linked to a village (包村干部), from one day to another. Ended, never deleted."""

    person = models.ForeignKey(User, models.PROTECT, related_name="village_links", verbose_name=_("official"))
    village = models.ForeignKey(Office, models.PROTECT, related_name="village_links", verbose_name=_("village"))
    since = models.DateField(_("since"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ["village", "person__staff_no"]
        verbose_name = _("official of a village")
        verbose_name_plural = _("officials of villages")
        constraints = [
            models.UniqueConstraint(fields=["person", "village"], condition=Q(ended_on__isnull=True), name="village_link_once"),
        ]

    def __str__(self):
        return f"{self.person} · {self.village}"
