"""集中申报: a batch of one item and one year, village by village, counted in households and apart from cases."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, tracked
from officials.models import Office, Township, User
from services.models import Edition, Item

__all__ = ["Batch", "BatchEvent", "BatchHousehold", "BatchKey", "BatchVillage", "HouseholdKey"]


def _pair(at: str, name: str) -> models.CheckConstraint:
    by = at.removesuffix("_at") + "_by"
    unset = Q(**{f"{at}__isnull": True, f"{by}__isnull": True})
    return models.CheckConstraint(condition=unset | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}), name=name)


class Batch(TrackedModel):
    """From the first day of reporting to the county's answer. `late_allowed`: what this year's notice says of late reports."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    year = models.PositiveSmallIntegerField(_("year"))
    begins_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    late_allowed = models.BooleanField(_("late reports are taken"), default=False)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField(null=True, blank=True)
    frozen_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    transfer_number = models.CharField(_("number of the transfer"), max_length=60, blank=True)
    transferred_on = models.DateField(_("transferred on"), null=True, blank=True)
    transferred_at = models.DateTimeField(null=True, blank=True)
    transferred_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved = models.PositiveIntegerField(_("households approved"), null=True, blank=True)
    returned = models.PositiveIntegerField(_("households returned"), null=True, blank=True)
    result_at = models.DateTimeField(null=True, blank=True)
    result_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["-begins_on", "-id"]
        verbose_name = _("batch")
        verbose_name_plural = _("batches")
        constraints = [
            models.UniqueConstraint(fields=["item", "begins_on"], name="one_batch_a_window"),
            models.CheckConstraint(condition=Q(ends_on__gte=F("begins_on")), name="batch_days_in_order"),
            models.CheckConstraint(
                condition=Q(transferred_at__isnull=True) | Q(frozen_at__isnull=False) & ~Q(transfer_number=""),
                name="frozen_before_transfer",
            ),
            _pair("frozen_at", "batch_frozen_at_and_by"),
            _pair("transferred_at", "batch_sent_at_and_by"),
            _pair("result_at", "batch_result_at_and_by"),
        ]

    def __str__(self):
        return f"{self.item.code} {self.year}"

    def get_absolute_url(self):
        return f"/desk/seasons/{self.pk}/"


class BatchKey(models.Model):
    """The data key of a batch, without history: blanking it makes every household of it unreadable."""

    batch = models.OneToOneField(Batch, models.PROTECT, primary_key=True, related_name="key")
    wrapped_key = models.TextField(blank=True)


class BatchVillage(TrackedModel):
    """应报户数 of one village, and when its list came in last. `unlocked_at`: the head lets a frozen list be changed once."""

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="villages")
    village = models.ForeignKey(Office, models.PROTECT, related_name="+")
    expected = models.PositiveIntegerField(_("households expected"))
    reported_at = models.DateTimeField(null=True, blank=True)
    reported_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    unlocked_at = models.DateTimeField(null=True, blank=True)
    unlocked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["village__sort", "village__code"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "village"], name="village_once_a_batch"),
            _pair("reported_at", "batch_village_reported"),
            _pair("unlocked_at", "batch_village_unlocked"),
        ]


class BatchHousehold(TrackedModel):
    """A household that was reported. `sealed`: {name, id_number, group, area, amount, note} under the key of the batch."""

    class State(models.TextChoices):
        UNCHANGED = "unchanged", _("confirmed unchanged")
        CHANGED = "changed", _("changed")
        OBJECTING = "objecting", _("objecting")
        NEW = "new", _("new")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="households")
    village = models.ForeignKey(Office, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    sealed = models.TextField()

    history = tracked()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["batch", "village", "state"], name="household_state")]


class HouseholdKey(models.Model):
    """The erasable columns of a household: the digest of its head's identity number, the masked name."""

    household = models.OneToOneField(BatchHousehold, models.PROTECT, primary_key=True, related_name="key")
    batch = models.ForeignKey(Batch, models.PROTECT, related_name="+")
    id_hmac = models.CharField(max_length=64, blank=True, db_index=True)
    name_masked = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["batch", "id_hmac"], condition=~Q(id_hmac=""), name="household_once_a_batch")]


class BatchEvent(AppendOnly):
    """One thing that happened to a batch; figures and dates only."""

    class Verb(models.TextChoices):
        OPENED = "opened", _("opened")
        REPORTED = "reported", _("list of a village taken in")
        NOTICED = "noticed", _("public notice begun")
        FROZEN = "frozen", _("frozen")
        UNLOCKED = "unlocked", _("change allowed by the head")
        TRANSFERRED = "transferred", _("transferred to the county")
        RESULT = "result", _("result came back")
        FORGOTTEN = "forgotten", _("households erased")

    batch = models.ForeignKey(Batch, models.PROTECT, related_name="events")
    verb = models.CharField(max_length=12, choices=Verb.choices)
    village = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["id"]
