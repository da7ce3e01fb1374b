"""在享名册: who draws a benefit since when, when it is looked at again, when and why it stopped."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, tracked
from officials.models import Office, Township, User
from services.models import Edition, Item

from .case import ServiceRequest

__all__ = ["Beneficiary", "BeneficiaryKey", "DeathReport", "RollEvent"]


class Beneficiary(TrackedModel):
    """A row of the roll. It lives as long as the benefit does, longer than the case that began it: it has a key of its own, so
    that the case can be anonymised in its time and the row in its own (see BeneficiaryKey)."""

    class State(models.TextChoices):
        RUNNING = "running", _("drawing")
        STOPPING = "stopping", _("to be stopped, waits for the second person")
        STOPPED = "stopped", _("stopped")

    class Check(models.TextChoices):
        NONE = "", _("nothing to check")
        DEATH = "death", _("a death was registered")

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    village = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("village"))
    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, null=True, blank=True, related_name="roll_rows")
    # Ciphertext under the row's own key: {name, id_number, phone, address}; the standard in words ("每月420元").
    sealed = models.TextField()
    standard = models.TextField(blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.RUNNING)
    from_month = models.DateField(_("drawing from"))
    next_review_on = models.DateField(_("next review"), null=True, blank=True)
    check_for = models.CharField(_("to check"), max_length=8, choices=Check.choices, blank=True, default="")
    check_since = models.DateTimeField(null=True, blank=True)
    # The month from which nothing is paid any more; set when the stop is asked for.
    stop_from = models.DateField(_("stopped from"), null=True, blank=True)
    stop_asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    stopped_at = models.DateTimeField(null=True, blank=True)
    stopped_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    forgotten_at = models.DateTimeField(null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("row of the roll")
        verbose_name_plural = _("rows of the roll")
        constraints = [
            models.UniqueConstraint(fields=["service_request"], name="one_row_a_case"),
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_by__isnull=True) | Q(stopped_at__isnull=False, stopped_by__isnull=False),
                name="roll_stopped_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(state="running", stop_from__isnull=True, stopped_at__isnull=True)
                | Q(state="stopping", stop_from__isnull=False, stop_asked_by__isnull=False, stopped_at__isnull=True)
                | Q(state="stopped", stop_from__isnull=False, stopped_at__isnull=False),
                name="roll_state_whole",
            ),
            # 停发须另一人确认: who asked for the stop does not confirm it.
            models.CheckConstraint(
                condition=Q(stopped_by__isnull=True) | ~Q(stopped_by=models.F("stop_asked_by")), name="second_person_stops"
            ),
        ]
        indexes = [
            models.Index(fields=["office", "state", "next_review_on"], name="roll_work"),
            models.Index(fields=["item", "village"], name="roll_item_village"),
        ]

    def __str__(self):
        return f"{self.item.code} {self.pk}"

    def get_absolute_url(self):
        return f"/desk/roll/{self.pk}/"


class BeneficiaryKey(models.Model):
    """Everything erasable about a row, without history: its data key, the look-up digests and the masked name. Blanking it is
    forgetting the person."""

    row = models.OneToOneField(Beneficiary, models.PROTECT, primary_key=True, related_name="key")
    wrapped_key = models.TextField(blank=True)
    name_masked = models.CharField(max_length=40, blank=True)
    id_hmac = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        verbose_name = _("erasable part of a row of the roll")


class DeathReport(AppendOnly):
    """死亡信息: from a case of this centre or typed in. Says nothing of the person; the rows it touched name it in their events."""

    class Source(models.TextChoices):
        CASE = "case", _("death registered here")
        POLICE = "police", _("household register (户籍注销)")
        CREMATION = "cremation", _("cremation notice")
        COMPARISON = "comparison", _("monthly comparison (死亡比对)")
        VILLAGE = "village", _("told by the village")
        FAMILY = "family", _("told by the family")

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    source = models.CharField(_("from where"), max_length=10, choices=Source.choices)
    died_on = models.DateField(_("died on"), null=True, blank=True)
    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, null=True, blank=True, related_name="death_reports")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class RollEvent(AppendOnly):
    """One thing that happened to a row. Words a person typed are sealed under the key of the row."""

    class Verb(models.TextChoices):
        OPENED = "opened", _("opened")
        GRANTED_AGAIN = "granted_again", _("granted again")
        TERMS = "terms", _("standard and month entered")
        CONTINUED = "continued", _("reviewed: goes on")
        ADJUSTED = "adjusted", _("reviewed: adjusted")
        STOP_ASKED = "stop_asked", _("reviewed: to be stopped")
        STOP_REFUSED = "stop_refused", _("stop not confirmed")
        STOPPED = "stopped", _("stop confirmed")
        DEATH_REPORTED = "death_reported", _("a death was registered: to check")
        CHECKED = "checked", _("checked: no reason to stop")
        RESUMED = "resumed", _("resumed")
        FORGOTTEN = "forgotten", _("person erased")

    row = models.ForeignKey(Beneficiary, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=16, choices=Verb.choices)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict, blank=True)
    sealed = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]
