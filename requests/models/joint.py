"""联审联办: the parts of one case that other offices do, each with its own person and date."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, tracked
from officials.models import Office, User
from services.models import Step

from .case import ServiceRequest
from .paper import Document

__all__ = ["SiteVisit", "Task", "VisitPhoto"]


class Task(TrackedModel):
    """One step of the pinned edition as the work of one office. The lead office (that of the case) answers for the whole.

    A step that applies only in some cases waits until the lead office has said whether it does. What was found and why a step
    was left out is sealed under the key of the case.
    """

    class Status(models.TextChoices):
        WAITING = "waiting", _("to be said whether it applies")
        OPEN = "open", _("open")
        DONE = "done", _("done")
        NOT_NEEDED = "not_needed", _("left out, does not apply")

    UNSETTLED = (Status.WAITING, Status.OPEN)

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="tasks")
    step = models.ForeignKey(Step, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    holder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices)
    began_at = models.DateTimeField(null=True, blank=True)
    # A cache of `requests.joint.plan`, written by the verbs; empty where the step has no time of its own.
    due_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    urged_for = models.DateTimeField(null=True, blank=True)  # 催办: the date for which its holder was urged
    sealed = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        constraints = [
            models.UniqueConstraint(fields=["service_request", "step"], name="task_once_a_step"),
            models.CheckConstraint(
                condition=~Q(status="open") | Q(office__isnull=False, began_at__isnull=False), name="open_task_has_an_office"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "open"], ended_at__isnull=True, ended_by__isnull=True)
                | Q(status__in=["done", "not_needed"], ended_at__isnull=False, ended_by__isnull=False),
                name="task_ended_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=True, due_on__isnull=True) | Q(due_at__isnull=False, due_on__isnull=False),
                name="task_due_at_and_on",
            ),
        ]
        indexes = [models.Index(fields=["office", "due_at"], condition=Q(status="open"), name="task_open_by_office")]

    def __str__(self):
        return str(self.step)

    @property
    def is_open(self) -> bool:
        return self.status == self.Status.OPEN


class SiteVisit(TrackedModel):
    """踏勘: several offices look at one place together. Place, findings and who was present are sealed under the case's key.

    Two people at least (行政许可法 34). What was said and signed stands on the printed record.
    """

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        HELD = "held", _("held")
        CANCELLED = "cancelled", _("cancelled")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="site_visits")
    status = models.CharField(max_length=10, choices=Status.choices)
    planned_at = models.DateTimeField(null=True, blank=True)
    visited_at = models.DateTimeField(null=True, blank=True)
    visitors = models.JSONField(default=list)  # ids of the staff who go, or went
    tasks = models.JSONField(default=list, blank=True)  # ids of the tasks it serves
    sealed = models.TextField(blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("site visit")
        verbose_name_plural = _("site visits")
        constraints = [
            models.CheckConstraint(condition=~Q(status="planned") | Q(planned_at__isnull=False), name="planned_visit_has_a_date"),
            models.CheckConstraint(condition=~Q(status="held") | Q(visited_at__isnull=False), name="held_visit_has_a_date"),
        ]


class VisitPhoto(AppendOnly):
    """A picture taken on a site visit. The file holds ciphertext under the case's key and goes with it; `digest` is its SHA-256."""

    class Kind(models.TextChoices):
        JPEG = "jpeg", "JPEG"
        PNG = "png", "PNG"

    visit = models.ForeignKey(SiteVisit, models.PROTECT, related_name="photos")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    name = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
