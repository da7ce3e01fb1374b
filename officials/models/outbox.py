"""Messages waiting to leave the house, and those that did."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

__all__ = ["AbstractMessage", "Message"]

MAX_ATTEMPTS = 5


class MessageQuerySet(models.QuerySet):
    """Questions about the queue. Rows change by `officials.outbox` only."""

    def waiting(self):
        """Neither sent nor given up."""
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def due(self, now: datetime.datetime, *, in_working_time: bool):
        """What a worker may take at this moment, the longest waiting first. Reminders wait for working time."""
        due = self.waiting().filter(channel__in=[AbstractMessage.Channel.SMS, AbstractMessage.Channel.MAIL])
        unclaimed = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
        due = due.filter(unclaimed, next_try_at__lte=now, attempts__lt=MAX_ATTEMPTS)
        if not in_working_time:
            due = due.filter(working_time_only=False)
        return due.order_by("next_try_at", "pk")

    def to_call(self):
        """The clerks' list: residents without SMS, and those whom no SMS or mail reached. An emptied row is nobody's call."""
        unreached = Q(channel=AbstractMessage.Channel.CALL_LIST) | (Q(failed_at__isnull=False) & ~Q(sealer=""))
        return self.filter(unreached, handled_at__isnull=True).exclude(body="").order_by("created_at", "pk")


class AbstractMessage(models.Model):
    """One message to one receiver. Written in the transaction of the verb that causes it; delivered by a job afterwards.

    Complaints have a table of their own on this base, so that no gap in the ids speaks.
    """

    class Channel(models.TextChoices):
        SMS = "sms", _("text message")
        MAIL = "mail", _("e-mail")
        CALL_LIST = "call_list", _("to be called by a clerk")

    channel = models.CharField(_("channel"), max_length=10, choices=Channel.choices)
    purpose = models.CharField(_("purpose"), max_length=40)  # "receipt", "supplement", "secret": no personal data
    subject_ref = models.CharField(_("about"), max_length=60, blank=True, db_index=True)  # "case:12"
    # Whose data key seals `body` and `to` ("case:12"); empty: the body is plain and names nobody, `to` is under the master key.
    sealer = models.CharField(max_length=60, blank=True)
    body = models.TextField(editable=False)
    to = models.TextField(editable=False)
    created_at = models.DateTimeField(_("written at"))
    working_time_only = models.BooleanField(_("in working time only"), default=True)
    next_try_at = models.DateTimeField(_("not before"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    claimed_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("given up at"), null=True, blank=True)
    last_error = models.CharField(_("last error"), max_length=120, blank=True)  # a kind of error, never an address or a name
    handled_at = models.DateTimeField(_("called at"), null=True, blank=True)
    handled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # "case:12:overdue:2026-11-23": a job that runs twice writes one message. No personal data.
    dedupe_key = models.CharField(max_length=120, null=True, blank=True, unique=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        abstract = True
        indexes = [
            # Small for ever: only what is still waiting is in it.
            models.Index(fields=["next_try_at"], condition=Q(sent_at=None, failed_at=None), name="%(class)s_waiting"),
            models.Index(fields=["created_at"], condition=Q(sent_at=None, handled_at=None), name="%(class)s_to_call"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sent_at=None) | Q(failed_at=None), name="%(class)s_sent_or_given_up"),
            models.CheckConstraint(
                condition=Q(handled_at=None, handled_by=None) | Q(handled_at__isnull=False, handled_by__isnull=False),
                name="%(class)s_handled_at_and_by",
            ),
        ]

    def __str__(self):
        return f"{self.channel} {self.purpose} #{self.pk}"


class Message(AbstractMessage):
    """The outbox of everything but complaints."""

    class Meta(AbstractMessage.Meta):
        verbose_name = _("message")
        verbose_name_plural = _("messages")
