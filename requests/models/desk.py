"""The counter's own rows: half-filled forms, questions on the phone, the day's end and hand-over."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly
from officials.models import Office, User

from .case import ServiceRequest

__all__ = ["DayEnd", "HeldForm", "PhoneQuestion", "TrackingAttempt"]


class HeldForm(models.Model):
    """A half-filled form of one clerk, sealed under the master key; survives a change of person and a time-out.

    No history: it is a working copy, wiped when sent and after 30 days.
    """

    owner = models.ForeignKey(User, models.PROTECT, related_name="+")
    path = models.CharField(max_length=200)
    sealed = models.TextField()
    held_at = models.DateTimeField()

    class Meta:
        ordering = ["-held_at"]
        constraints = [models.UniqueConstraint(fields=["owner", "path"], name="one_held_form_a_page")]


class PhoneQuestion(AppendOnly):
    """"What about my case?" on the phone (domain 16.6): which case, how the caller was matched, what was said."""

    class Matched(models.TextChoices):
        NAME_VILLAGE_PHONE = "name_village_phone", _("name, village and last four digits")
        NUMBER_PHONE = "number_phone", _("case number and last four digits")
        SECRET = "secret", _("tracking code")
        NOTHING = "nothing", _("no match, told only the general way")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, null=True, blank=True, related_name="phone_questions")
    matched = models.CharField(max_length=20, choices=Matched.choices)
    told = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]


class DayEnd(AppendOnly):
    """日清与交接: the figures of one office's day as they stood, signed by two names."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    date = models.DateField()
    figures = models.JSONField()
    handed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    taken_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("day's end")
        verbose_name_plural = _("days' ends")


class TrackingAttempt(models.Model):
    """The throttle of the tracking page: failures per number and per address, counted for all workers together."""

    subject = models.CharField(max_length=64)
    window_start = models.DateTimeField()
    failures = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["subject", "window_start"], name="attempt_window_once")]
