"""办理+代理: what the township carried to the county (转报) or to a stationed office's window (转交), and what came back."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, tracked
from officials.models import Office, User
from services.models import Edition

from .case import ServiceRequest
from .paper import Document

__all__ = ["CountyAnswer", "CountyUrge", "Forwarding"]


class Forwarding(TrackedModel):
    """One way of the file to another body and back. Who received it and what the result is called is sealed under the case's key.

    `value` and `unit` are the county's own time, from its steps of the pinned edition; None where the item names none.
    """

    class Kind(models.TextChoices):
        COUNTY = "county", _("forwarded to the county (转报)")
        WINDOW = "window", _("handed to a stationed office's window (转交)")

    class How(models.TextChoices):
        CARRIED = "carried", _("carried there")
        EXCHANGE = "exchange", _("by the exchange of official mail")
        POST = "post", _("by post")
        SYSTEM = "system", _("through the upper system")

    class Status(models.TextChoices):
        SENT = "sent", _("sent, receipt not yet noted")
        RECEIVED = "received", _("received there")
        DECIDED = "decided", _("the result has come back")
        RETURNED = "returned", _("sent back to us")
        ENDED = "ended", _("the case ended meanwhile")

    LIVE = (Status.SENT, Status.RECEIVED)

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="forwardings")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    to_office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    to_body = models.CharField(max_length=120)
    how = models.CharField(max_length=10, choices=How.choices)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.SENT)
    # [{"material": id, "originals": n, "copies": n}]: what went along.
    papers = models.JSONField(default=list, blank=True)
    was_late = models.BooleanField(default=False)
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=12, choices=Edition.Unit.choices, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    received_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=ServiceRequest.Outcome.choices, blank=True)
    result_on = models.DateField(null=True, blank=True)
    sealed = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("forwarding")
        verbose_name_plural = _("forwardings")
        constraints = [
            models.UniqueConstraint(
                fields=["service_request"], condition=Q(status__in=["sent", "received"]), name="one_forwarding_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["sent", "received"], ended_at__isnull=True, ended_by__isnull=True)
                | Q(status__in=["decided", "returned", "ended"], ended_at__isnull=False, ended_by__isnull=False),
                name="forwarding_ended_at_and_by",
            ),
            models.CheckConstraint(condition=Q(value__isnull=True, unit="") | Q(value__gte=1) & ~Q(unit=""), name="county_limit_whole"),
            models.CheckConstraint(
                condition=Q(received_at__isnull=True) | Q(received_at__gte=models.F("sent_at")), name="received_after_sent"
            ),
        ]

    def __str__(self):
        return self.to_body

    @property
    def is_live(self) -> bool:
        return self.status in self.LIVE


class CountyUrge(AppendOnly):
    """催办函: the county was asked in writing to answer by a day. What was asked is sealed."""

    forwarding = models.ForeignKey(Forwarding, models.PROTECT, related_name="urges")
    document = models.ForeignKey(Document, models.PROTECT, related_name="+")
    answer_by = models.DateField()
    sealed = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class CountyAnswer(AppendOnly):
    """What the county answered to an urge, and when."""

    urge = models.ForeignKey(CountyUrge, models.PROTECT, related_name="answers")
    answered_on = models.DateField()
    sealed = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
