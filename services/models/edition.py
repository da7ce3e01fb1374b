"""版本: the text of an item. Written as a draft, checked by a second person, published, and from then on frozen."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, TrackedQuerySet, tracked
from officials.models import Office, Post, User

from .catalogue import Category, Item, LifeEvent

__all__ = ["Edition"]


class EditionQuerySet(TrackedQuerySet):
    def published(self):
        """The one word for "residents may read it", used by every list, page, search and print."""
        return self.filter(status=Edition.Status.PUBLISHED, item__retired_on__isnull=True)

    def drafts(self):
        return self.filter(status__in=[Edition.Status.DRAFT, Edition.Status.IN_REVIEW])


class Edition(TrackedModel):
    """One text of an item. Only `services.publication` assigns `status`."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        IN_REVIEW = "in_review", _("waiting for the second person")
        PUBLISHED = "published", _("published")
        SUPERSEDED = "superseded", _("superseded")
        DISCARDED = "discarded", _("discarded")

    class Handling(models.TextChoices):
        """办件类型. On the spot is a kind of handling, not a limit of 0 days."""

        ON_THE_SPOT = "on_the_spot", _("on the spot")
        PROMISED = "promised", _("with a promised date")
        OTHER = "other", _("other")

    class VillageStart(models.TextChoices):
        VILLAGE = "village", _("the day the village received them")

    class Unit(models.TextChoices):
        WORKING_DAY = "working_day", _("working days")
        CALENDAR_DAY = "calendar_day", _("calendar days")
        MONTH = "month", _("months")
        HOUR = "hour", _("hours")

    class Start(models.TextChoices):
        """起算事件: each limit carries its own."""

        RECEIVED = "received", _("receipt of the application")
        ACCEPTED = "accepted", _("acceptance")
        CONFIRMED = "confirmed", _("confirmation with the applicant")

    class ItemType(models.TextChoices):
        """GB/T 39046—2020 附录A 事项类型."""

        PERMIT = "01", _("administrative permit")
        PAYMENT = "05", _("administrative payment")
        CONFIRMATION = "07", _("administrative confirmation")
        REWARD = "08", _("administrative reward")
        OTHER_POWER = "10", _("other administrative power")
        PUBLIC_SERVICE = "20", _("public service")

    class Roll(models.TextChoices):
        """What a favourable decision means for the roll of benefits (在享名册)."""

        OPENS = "opens", _("opens a row on the roll")
        DEATH = "death", _("registers a death: the roll is checked")

    item = models.ForeignKey(Item, models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField(_("edition"))
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT, editable=False)
    base = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", editable=False)

    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    summary = models.CharField(_("in one sentence"), max_length=300, blank=True)
    summary_en = models.CharField(_("in one sentence, English"), max_length=500, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("category"))
    life_events = models.JSONField(_("life events"), default=list, blank=True, help_text=_("Codes of life events."))

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    post = models.ForeignKey(Post, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsible post"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    hours = models.CharField(_("hours, where they differ"), max_length=300, blank=True)
    level = models.CharField(_("level of authority"), max_length=20, blank=True)
    item_type = models.CharField(_("type"), max_length=2, choices=ItemType.choices)
    mode = models.CharField(_("way of handling"), max_length=40, help_text=_("自办、联办、镇受理县审核 …"))
    implementing_body = models.CharField(_("deciding body"), max_length=120)
    entrusting_body = models.CharField(_("entrusting body"), max_length=120, blank=True)
    review_bodies = models.CharField(_("bodies for reconsideration"), max_length=300, blank=True)
    review_note = models.CharField(_("note on reconsideration"), max_length=300, blank=True)
    documents_by = models.JSONField(_("who issues which document"), default=list, blank=True)
    targets = models.CharField(_("for whom"), max_length=120, blank=True)
    is_household = models.BooleanField(_("applied for by the household"), default=False)

    handling = models.CharField(_("kind of handling"), max_length=12, choices=Handling.choices)
    legal_value = models.PositiveSmallIntegerField(_("legal limit"), null=True, blank=True)
    legal_unit = models.CharField(_("unit of the legal limit"), max_length=12, choices=Unit.choices, blank=True)
    legal_start = models.CharField(_("legal limit starts at"), max_length=10, choices=Start.choices, blank=True)
    legal_basis = models.CharField(_("basis of the legal limit"), max_length=300, blank=True)
    promised_value = models.PositiveSmallIntegerField(_("promised limit"), null=True, blank=True)
    promised_unit = models.CharField(_("unit of the promised limit"), max_length=12, choices=Unit.choices, blank=True)
    promised_start = models.CharField(_("promised limit starts at"), max_length=10, choices=Start.choices, blank=True)
    promised_note = models.CharField(_("note on the promised limit"), max_length=300, blank=True)
    start_by_channel = models.JSONField(
        _("start by channel"), default=dict, blank=True, help_text=_("Where the channel changes the start event: {channel: start}.")
    )
    starts_note = models.CharField(_("note on the start"), max_length=300, blank=True)
    # 村级收件 and 镇收件 (domain 16.4): which of the two starts the limits. Empty: the township's.
    village_start = models.CharField(_("files from a village count from"), max_length=8, choices=VillageStart.choices, blank=True)
    deemed_acceptance = models.BooleanField(_("counts as accepted when not answered in time"), default=False)
    # 一次告知: where the item's own rule gives another time than the centre's for saying what is missing (信息公开条例 30: 7).
    acceptance_days = models.PositiveSmallIntegerField(_("working days to answer on acceptance"), null=True, blank=True)
    acceptance_basis = models.CharField(_("basis of that time"), max_length=300, blank=True)
    # 补正: a date and what follows stand here only where a rule says so; without a basis nothing is withdrawn and nothing restarts.
    supplement_value = models.PositiveSmallIntegerField(_("time for missing materials"), null=True, blank=True)
    supplement_unit = models.CharField(_("unit of the time for missing materials"), max_length=12, choices=Unit.choices, blank=True)
    supplement_basis = models.CharField(_("basis for missing materials"), max_length=300, blank=True)
    supplement_withdraws = models.BooleanField(_("counts as withdrawn when they are not brought in time"), default=False)
    supplement_restarts = models.BooleanField(_("limits from receipt start anew once they are there"), default=False)
    offers_promise = models.BooleanField(_("can be had on a written promise (告知承诺)"), default=False)

    charges_fee = models.BooleanField(_("charges a fee"), default=False)
    fee_standard = models.CharField(_("fee"), max_length=200, blank=True)
    fee_basis = models.CharField(_("basis of the fee"), max_length=200, blank=True)
    payment_note = models.CharField(_("who collects the money, and how"), max_length=300, blank=True)
    max_visits = models.PositiveSmallIntegerField(_("visits needed at most"), null=True, blank=True)
    channels = models.JSONField(_("channels"), default=list, blank=True)
    cross_region = models.CharField(_("area in which it can be applied for"), max_length=40, blank=True)
    result_name = models.CharField(_("result"), max_length=120, blank=True)
    result_kind = models.CharField(_("kind of result"), max_length=60, blank=True)
    result_validity = models.CharField(_("validity of the result"), max_length=120, blank=True)
    delivery = models.JSONField(_("ways of delivery"), default=list, blank=True)
    roll = models.CharField(_("roll of benefits"), max_length=8, choices=Roll.choices, blank=True)
    review_value = models.PositiveSmallIntegerField(_("reviewed every"), null=True, blank=True)
    review_unit = models.CharField(_("unit of the review"), max_length=12, choices=Unit.choices, blank=True)
    review_basis = models.CharField(_("basis of the review"), max_length=300, blank=True)
    special_procedures = models.JSONField(default=list, blank=True)
    public_notice = models.JSONField(default=dict, blank=True)
    privacy = models.JSONField(default=dict, blank=True)
    reminder = models.JSONField(default=dict, blank=True)
    batch_window = models.JSONField(default=dict, blank=True)
    follow_up = models.JSONField(default=list, blank=True)
    evidence = models.JSONField(_("what was checked, what is assumed"), default=dict, blank=True)
    notes = models.TextField(_("notes for editors"), blank=True)

    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    checked_on = models.DateField(_("last checked on"), null=True, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("checked by"))
    author = models.ForeignKey(User, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(editable=False)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    published_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)

    history = tracked()
    objects = models.Manager.from_queryset(EditionQuerySet)()

    class Meta:
        ordering = ["item", "-number"]
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="edition_number_once"),
            models.UniqueConstraint(fields=["item"], condition=Q(status="published"), name="one_published_edition"),
            models.UniqueConstraint(fields=["item"], condition=Q(status__in=["draft", "in_review"]), name="one_draft"),
            models.CheckConstraint(
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
                name="edition_published_at_and_by",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
                name="edition_submitted_at_and_by",
            ),
            # 审核发布必须是另一个人: the second pair of eyes is not the author's and not the submitter's.
            models.CheckConstraint(
                condition=Q(published_by__isnull=True) | ~Q(published_by=F("submitted_by")), name="second_person_publishes"
            ),
            models.CheckConstraint(
                condition=Q(legal_value__isnull=True, legal_unit="")
                | Q(legal_value__gte=1) & ~Q(legal_unit="") & ~Q(legal_start=""),
                name="legal_limit_whole",
            ),
            models.CheckConstraint(
                condition=Q(promised_value__isnull=True, promised_unit="")
                | Q(promised_value__gte=1) & ~Q(promised_unit="") & ~Q(promised_start=""),
                name="promised_limit_whole",
            ),
            models.CheckConstraint(
                condition=Q(review_value__isnull=True, review_unit="") | Q(review_value__gte=1, roll="opens") & ~Q(review_unit=""),
                name="review_interval_whole",
            ),
            models.CheckConstraint(
                condition=Q(supplement_value__isnull=True, supplement_unit="") | Q(supplement_value__gte=1) & ~Q(supplement_unit=""),
                name="supplement_limit_whole",
            ),
            models.CheckConstraint(
                condition=Q(acceptance_days__isnull=True) | Q(acceptance_days__gte=1) & ~Q(acceptance_basis=""),
                name="acceptance_days_have_a_basis",
            ),
            models.CheckConstraint(
                condition=~Q(supplement_basis="")
                | Q(supplement_value__isnull=True, supplement_withdraws=False, supplement_restarts=False),
                name="supplement_rule_has_basis",
            ),
        ]

    def __str__(self):
        return f"{self.item.code} {self.name} ({self.number})"

    def get_life_events(self):
        return LifeEvent.objects.filter(code__in=self.life_events)
