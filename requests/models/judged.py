"""回访: what the person says of the answer, and every attempt to ask."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly
from officials.models import User

from .case import ServiceRequest
from .demand import Contact

__all__ = ["CallBack"]


class CallBack(AppendOnly):
    """One attempt to ask the person. The newest one in which the person was reached is the verdict; earlier ones stay.

    A grade is kept by its name and never as a number: one standard counts 1 as the best, others as the worst (domain 2.3).
    What the person said stands sealed in the event.
    """

    class Satisfaction(models.TextChoices):
        VERY_SATISFIED = "very_satisfied", _("very satisfied")
        SATISFIED = "satisfied", _("satisfied")
        BASICALLY_SATISFIED = "basically_satisfied", _("basically satisfied")
        DISSATISFIED = "dissatisfied", _("dissatisfied")
        VERY_DISSATISFIED = "very_dissatisfied", _("very dissatisfied")
        NOT_RATED = "not_rated", _("not rated")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="call_backs")
    how = models.CharField(max_length=8, choices=Contact.How.choices)
    reached = models.BooleanField()
    solved = models.BooleanField(null=True)
    satisfaction = models.CharField(max_length=20, choices=Satisfaction.choices, blank=True)
    # The third attempt in vain at different times (domain 7.4): from here on the person counts as not reached.
    gave_up = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reached=True, solved__isnull=False, gave_up=False) & ~Q(satisfaction="")
                | Q(reached=False, solved__isnull=True, satisfaction=""),
                name="verdict_only_of_who_was_reached",
            ),
            models.CheckConstraint(
                condition=Q(
                    satisfaction__in=[
                        "", "very_satisfied", "satisfied", "basically_satisfied", "dissatisfied", "very_dissatisfied", "not_rated",
                    ]
                ),
                name="satisfaction_by_its_name",
            ),
        ]
