"""公示: a sheet that hangs in a village for some days, the cases on it, and what was said against them."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked
from officials.models import Office, Township, User
from services.models import Edition

from .case import ServiceRequest
from .season import Batch

__all__ = ["NoticedCase", "Objection", "PublicNotice"]


def _pair(at: str, by: str, name: str) -> models.CheckConstraint:
    """"At" and "by" are set together or not at all."""
    return models.CheckConstraint(
        condition=Q(**{f"{at}__isnull": True, f"{by}__isnull": True}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        name=name,
    )


class PublicNotice(TrackedModel):
    """One sheet: one item, one village, one time. What it says of people is on its lines, sealed under the keys of their cases."""

    class Counts(models.TextChoices):
        """计入 or not, with its basis: an attribute of the step, never a rule for all items (domain 14, no. 5)."""

        COUNTS = "counts", _("the days count towards the limit")
        PAUSES = "pauses", _("the clock stands still meanwhile")
        OUTSIDE = "outside", _("lies outside the limit")

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    number = models.CharField(_("number of the notice"), max_length=40)
    # The sheet of a village in a batch (集中申报): its lines are the households, not cases.
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="notices")
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="+", verbose_name=_("pinned edition"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    village = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("village"))
    # As the edition said when the sheet was begun.
    place = models.CharField(_("where it hangs"), max_length=200)
    phone = models.CharField(_("phone for objections"), max_length=30)
    allowed = models.JSONField(_("what it may show"), default=list)
    value = models.PositiveSmallIntegerField(_("how long"))
    unit = models.CharField(_("unit"), max_length=12, choices=Edition.Unit.choices)
    counts = models.CharField(_("how the days count"), max_length=8, choices=Counts.choices)
    basis = models.CharField(_("basis for that"), max_length=200, blank=True)
    is_assumed = models.BooleanField(_("assumed, no basis found"), default=False)

    # Meant to be posted on this day; the true day once it was.
    hang_on = models.DateField(_("posted on"))
    first_on = models.DateField(_("first day"))
    last_on = models.DateField(_("last day"))
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    taken_down_at = models.DateTimeField(null=True, blank=True)
    taken_down_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("public notice")
        verbose_name_plural = _("public notices")
        constraints = [
            models.UniqueConstraint(fields=["township", "number"], name="notice_number_once"),
            models.UniqueConstraint(fields=["batch", "village"], condition=Q(batch__isnull=False), name="one_notice_a_village"),
            models.CheckConstraint(condition=Q(first_on__gte=F("hang_on"), last_on__gte=F("first_on")), name="notice_days_in_order"),
            _pair("posted_at", "posted_by", "notice_posted_at_and_by"),
            _pair("taken_down_at", "taken_down_by", "notice_down_at_and_by"),
        ]
        indexes = [
            models.Index(fields=["last_on"], name="notice_last_on"),
            models.Index(fields=["office", "last_on"], name="notice_office"),
        ]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return f"/public-notices/{self.number}/"

    def is_up(self, today) -> bool:
        """Whether the web copy shows: once it was posted, from the first to the last day. No job takes it down."""
        return self.posted_at is not None and self.taken_down_at is None and self.first_on <= today <= self.last_on


class NoticedCase(TrackedModel):
    """A case on a sheet. `sealed` is {allowed field: what is shown}, under the key of the case; it dies with that key."""

    class Outcome(models.TextChoices):
        RUNNING = "", _("running")
        NO_OBJECTION = "none", _("no objection")
        NOT_UPHELD = "not_upheld", _("objections, none upheld")
        UPHELD = "upheld", _("an objection was upheld")

    notice = models.ForeignKey(PublicNotice, models.PROTECT, related_name="lines")
    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="noticed")
    sealed = models.TextField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("case on a public notice")
        verbose_name_plural = _("cases on a public notice")
        constraints = [
            models.UniqueConstraint(fields=["service_request"], condition=Q(outcome=""), name="one_running_notice_a_case"),
            _pair("ended_at", "ended_by", "noticed_ended_at_and_by"),
        ]


class Objection(TrackedModel):
    """异议. `sealed`: {from, phone, text}, under the key of the case; "from" is empty where the person gave no name."""

    line = models.ForeignKey(NoticedCase, models.PROTECT, related_name="objections")
    sealed = models.TextField()
    is_anonymous = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    upheld = models.BooleanField(null=True, blank=True)
    finding = models.TextField(blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("objection")
        verbose_name_plural = _("objections")
        constraints = [
            _pair("settled_at", "settled_by", "objection_settled_at_and_by"),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True, upheld__isnull=True) | Q(settled_at__isnull=False, upheld__isnull=False),
                name="objection_settled_with_outcome",
            ),
        ]
