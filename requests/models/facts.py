"""Rows that say what happened. Append-only: written by a verb, never changed."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly
from officials.models import Office, User
from services.models import Material

from .case import ServiceRequest

__all__ = ["Assignment", "Event", "MaterialReceipt", "Pause", "Extension"]


class Event(AppendOnly):
    """One thing that happened to a case: shown on its page, source of the figures and of the messages."""

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=24)
    from_status = models.CharField(max_length=18, blank=True)
    to_status = models.CharField(max_length=18, blank=True)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    # Facts without personal data: codes, dates, ids. Text a person typed goes into `sealed`.
    facts = models.JSONField(default=dict, blank=True)
    sealed = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["verb", "at"], name="event_verb_at"), models.Index(fields=["by", "at"], name="event_by_at")]


class Assignment(AppendOnly):
    """Who holds a case from when on, and why (post, deputy standing in, named by the head)."""

    class Why(models.TextChoices):
        POST = "post", _("holder of the post")
        DEPUTY = "deputy", _("deputy, the holder is away")
        THIRD = "third", _("third person, holder and deputy are away")
        HEAD = "head", _("named by the head")
        MOVED = "moved", _("moved to another office")
        LEFT = "left", _("the holder has left")
        TAKEN = "taken", _("took it in hand")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="assignments")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    holder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    why = models.CharField(max_length=8, choices=Why.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class MaterialReceipt(AppendOnly):
    """What became of one material of the checklist; the newest row per line counts."""

    class State(models.TextChoices):
        IN = "in", _("received")
        MISSING = "missing", _("missing, to be brought")
        FAULTY = "faulty", _("faulty, to be replaced")
        NOT_NEEDED = "not_needed", _("not needed in this case")
        SHARED = "shared", _("looked up by us")
        RETURNED = "returned", _("original returned")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="material_rows")
    material = models.ForeignKey(Material, models.PROTECT, null=True, blank=True, related_name="+")
    # A line that is no material of the edition: the ID card that was forgotten (identity, not free text).
    line = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=State.choices)
    originals = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveSmallIntegerField(default=0)
    original_held = models.BooleanField(_("original kept in the drawer"), default=False)
    # Held, but at the county just now, with its receipt: still ours to give back.
    is_away = models.BooleanField(_("original is at the county"), default=False)
    # The name of a paper that is on no list of the item (其他材料), as somebody typed it, under the key of the case.
    sealed = models.TextField(blank=True, default="")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["service_request"], condition=models.Q(original_held=True), name="receipt_originals_held")]


class Pause(AppendOnly):
    """A special procedure begins here (`starts`) or is over; where it `stops` the clock, a pair makes one pause.

    Whether it does is copied from the pinned edition when it begins, with the basis: an attribute, never a name.
    """

    # The reason written when the applicant is awaited (受理计时停, domain 4.1); every other reason is what an official wrote.
    WAITING = "waiting"
    WAITING_WORDS = _("waiting for the materials that were asked for")
    # 公示 whose days the item's own step does not count.
    PUBLIC_NOTICE = "public_notice"
    PUBLIC_NOTICE_WORDS = _("public notice (公示)")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="pauses")
    starts = models.BooleanField()
    at = models.DateTimeField()
    # WAITING, or the name the edition gives the procedure. What a person typed stands sealed in the event.
    reason = models.CharField(max_length=120)
    basis = models.CharField(max_length=200, blank=True)
    basis_is_assumed = models.BooleanField(default=False)
    # Which procedure of the pinned edition ("step-6"); empty where the applicant is awaited.
    procedure = models.CharField(max_length=40, blank=True)
    # Born False, so that rows from before procedures keep their digests: each of them stopped the clock.
    runs_on = models.BooleanField(default=False)
    # Kinds of limit that stand still, with commas; empty: all of them.
    applies_to = models.CharField(max_length=60, blank=True)
    planned_value = models.PositiveSmallIntegerField(null=True, blank=True)
    planned_unit = models.CharField(max_length=12, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]

    @property
    def stops(self) -> bool:
        return not self.runs_on

    @property
    def key(self) -> str:
        """What tells the end of one procedure from that of another."""
        return self.procedure or self.reason


class Extension(AppendOnly):
    """More time, approved and told to the resident; `removes` points at an extension that no longer counts."""

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="extensions")
    value = models.PositiveSmallIntegerField(null=True, blank=True)
    unit = models.CharField(max_length=12, blank=True)
    removes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    # Kinds of limit that are longer by it, with commas; empty: all of them.
    applies_to = models.CharField(max_length=60, blank=True)
    # The name the edition gives this kind of extension. What a person typed stands sealed in the event.
    procedure = models.CharField(max_length=120, blank=True)
    basis = models.CharField(max_length=300, blank=True)
    # The body that approved, as residents are told; of another body's approval its number and date as well.
    approving_body = models.CharField(max_length=120, blank=True)
    approval_number = models.CharField(max_length=60, blank=True)
    approved_on = models.DateField(null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
