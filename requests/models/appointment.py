"""预约: the hours an office gives by appointment, and who booked them. Somebody who books has no case yet and no account."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked
from officials.models import Office, Township, User
from services.models import Item

from .case import ServiceRequest
from .outing import Outing

__all__ = ["Appointment", "AppointmentRule", "Guest"]


class Guest(models.Model):
    """Everything erasable about somebody who has no case, in one row without history: the key of what they said, the digest of
    their phone and of their secret. Blanked when the booking has become a case, or 90 days after its day."""

    wrapped_key = models.TextField(blank=True)
    secret_salt = models.CharField(max_length=32, blank=True)
    secret_digest = models.CharField(max_length=64, blank=True)
    phone_hmac = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        verbose_name = _("erasable row of a guest")


class AppointmentRule(TrackedModel):
    """On these weekdays, from – to, one slot every so many minutes, for so many people at a time. Kept by the head or supervisor."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="appointment_rules", verbose_name=_("office"))
    weekdays = models.JSONField(_("weekdays"), default=list)  # ISO: Monday is 1
    opens_at = models.TimeField(_("from"))
    closes_at = models.TimeField(_("to"))
    minutes = models.PositiveSmallIntegerField(_("minutes an appointment"))
    people = models.PositiveSmallIntegerField(_("people at a time"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ["office", "opens_at"]
        verbose_name = _("hours by appointment")
        verbose_name_plural = _("hours by appointment")
        constraints = [
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="appointment_rule_hours"),
            models.CheckConstraint(condition=Q(minutes__gte=5, people__gte=1), name="appointment_rule_size"),
        ]


class Appointment(TrackedModel):
    """One booking. `sealed` is {name, phone, words} under the key of its guest."""

    class State(models.TextChoices):
        BOOKED = "booked", _("booked")
        CANCELLED = "cancelled", _("called off")
        CAME = "came", _("came")
        NOT_COME = "not_come", _("did not come")

    TAKING_A_PLACE = (State.BOOKED, State.CAME, State.NOT_COME)

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    number = models.CharField(_("booking number"), max_length=40)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    outing = models.ForeignKey(Outing, models.PROTECT, null=True, blank=True, related_name="appointments")
    item = models.ForeignKey(Item, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("item"))
    starts_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.BOOKED)
    channel = models.CharField(_("booked by"), max_length=14, choices=ServiceRequest.Channel.choices)
    guest = models.OneToOneField(Guest, models.PROTECT, related_name="appointment")
    sealed = models.TextField()
    booked_at = models.DateTimeField()
    booked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, null=True, blank=True, related_name="appointment")
    form_token = models.CharField(max_length=40, unique=True)

    history = tracked(excluded_fields=["form_token"])

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name = _("appointment")
        verbose_name_plural = _("appointments")
        constraints = [
            models.UniqueConstraint(fields=["township", "number"], name="appointment_number_once"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, settled_by__isnull=True, state="booked")
                | Q(settled_at__isnull=False, settled_by__isnull=False) & ~Q(state="booked"),
                name="appointment_settled_at_and_by",
            ),
        ]
        indexes = [models.Index(fields=["office", "starts_at"], name="appointment_slot")]

    def __str__(self):
        return self.number
