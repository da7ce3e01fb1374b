"""上门服务: somebody who cannot come is visited by two people or more, who bring a sheet back that is signed (domain 7.2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked
from officials.models import Office, Township, User

from .appointment import Guest
from .case import ServiceRequest
from .outing import Outing

__all__ = ["HomeVisit"]


class HomeVisit(TrackedModel):
    """`sealed` is {name, phone, address, reason, words} under the key of its guest: why somebody cannot come is health data."""

    class Reason(models.TextChoices):
        """As the law names them (无障碍环境建设法 39); kept in the sealed part only."""

        ELDERLY = "elderly", _("of great age")
        DISABLED = "disabled", _("severely disabled")
        ILL = "ill", _("seriously ill")
        HELPLESS = "helpless", _("unable to look after oneself")
        PREGNANT = "pregnant", _("pregnant or just delivered")
        OTHER = "other", _("cannot come for another reason")

    class State(models.TextChoices):
        ASKED = "asked", _("asked for, no date yet")
        PLANNED = "planned", _("date arranged")
        DONE = "done", _("visited, sheet signed")
        NOT_MET = "not_met", _("nobody met")
        NOT_NEEDED = "not_needed", _("no longer needed")

    ENDED = (State.DONE, State.NOT_MET, State.NOT_NEEDED)

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    number = models.CharField(_("number of the home visit"), max_length=40)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office that goes"))
    village = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("village"))
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    channel = models.CharField(max_length=14, choices=ServiceRequest.Channel.choices)
    guest = models.OneToOneField(Guest, models.PROTECT, related_name="home_visit")
    sealed = models.TextField()
    outing = models.OneToOneField(Outing, models.PROTECT, null=True, blank=True, related_name="home_visit")
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    told_at = models.DateTimeField(null=True, blank=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    form_token = models.CharField(max_length=40, unique=True)

    history = tracked(excluded_fields=["form_token"])

    class Meta:
        ordering = ["-id"]
        verbose_name = _("home visit asked for")
        verbose_name_plural = _("home visits asked for")
        constraints = [
            models.UniqueConstraint(fields=["township", "number"], name="home_visit_number_once"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_by__isnull=True) | Q(told_at__isnull=False, told_by__isnull=False),
                name="home_visit_told_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="home_visit_ended_at_and_by",
            ),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return f"/desk/home-visits/{self.pk}/"
