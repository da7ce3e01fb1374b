"""归档: what an ended case leaves behind on paper. One case, one volume (一件一卷); volumes stand in boxes and are lent to staff."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, tracked
from officials.models import Office, Township, User
from services.models import Category, Material

from .case import ServiceRequest
from .county import Forwarding
from .joint import SiteVisit
from .paper import Delivery, Document

__all__ = [
    "ArchiveBox", "ArchiveSetting", "LoanReview", "RetentionRule", "Term", "Volume", "VolumeLine", "VolumeLoan", "VolumeSupplement",
]  # fmt: skip


class Term(models.TextChoices):
    """保管期限. The values are the letters printed in the archive number."""

    PERMANENT = "Y", _("kept permanently")
    THIRTY = "D30", _("kept 30 years")
    TEN = "D10", _("kept 10 years")


class ArchiveSetting(TrackedModel):
    """How a township numbers its volumes and how long it keeps them, as its archives office told it or, until then, as assumed."""

    township = models.OneToOneField(Township, models.PROTECT, primary_key=True, related_name="+")
    fonds = models.CharField(_("number of the fonds (全宗号)"), max_length=20)
    pattern = models.CharField(_("pattern of the archive number"), max_length=80)
    term = models.CharField(_("retention term"), max_length=3, choices=Term.choices)
    basis = models.CharField(_("basis"), max_length=200)
    is_confirmed = models.BooleanField(_("confirmed by the archives office"), default=False)
    loan_days = models.PositiveSmallIntegerField(_("working days of a loan"))

    history = tracked()

    class Meta:
        verbose_name = _("rules of the archive")
        verbose_name_plural = _("rules of the archive")


class RetentionRule(TrackedModel):
    """The items of one category are kept for another time than the others."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, related_name="+")
    term = models.CharField(_("retention term"), max_length=3, choices=Term.choices)
    basis = models.CharField(_("basis"), max_length=200)
    is_confirmed = models.BooleanField(_("confirmed by the archives office"), default=False)

    history = tracked()

    class Meta:
        ordering = ["category"]
        verbose_name = _("retention of a category")
        verbose_name_plural = _("retention of categories")
        constraints = [models.UniqueConstraint(fields=["township", "category"], name="one_retention_a_category")]


class ArchiveBox(TrackedModel):
    """档案盒: volumes of one office, one year and one term, and where the box stands."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    number = models.CharField(_("number of the box"), max_length=40)
    year = models.PositiveSmallIntegerField(_("year of the files"))
    term = models.CharField(_("retention term"), max_length=3, choices=Term.choices)
    room = models.CharField(_("room"), max_length=60)
    shelf = models.CharField(_("cabinet and shelf"), max_length=60)

    history = tracked()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("archive box")
        verbose_name_plural = _("archive boxes")
        constraints = [models.UniqueConstraint(fields=["township", "number"], name="box_number_once")]
        indexes = [models.Index(fields=["office", "year"], name="box_of_office")]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return f"/desk/archive/boxes/{self.number}/"

    @property
    def place(self) -> str:
        return f"{self.room} {self.shelf}"


class Volume(TrackedModel):
    """卷: the file of one ended case. Until it is closed its list is put together; from then on it only grows by supplements.

    `sealed` under the key of the case: {"missing": 缺件说明, "remarks", "checked"}. `year` and `number` are given when it is closed.
    """

    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="volume")
    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office"))
    number = models.CharField(_("archive number (档号)"), max_length=80, blank=True)
    year = models.PositiveSmallIntegerField(_("year of the files"), null=True, blank=True)
    term = models.CharField(_("retention term"), max_length=3, choices=Term.choices, blank=True)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    is_confirmed = models.BooleanField(_("confirmed by the archives office"), default=False)
    is_incomplete = models.BooleanField(_("something is missing"), default=False)
    sealed = models.TextField(blank=True)
    box = models.ForeignKey(ArchiveBox, models.PROTECT, null=True, blank=True, related_name="volumes")
    assembled_at = models.DateTimeField()
    assembled_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True)
    checked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("volume")
        verbose_name_plural = _("volumes")
        constraints = [
            models.UniqueConstraint(fields=["township", "number"], condition=~Q(number=""), name="archive_number_once"),
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, year__isnull=True, number="", box__isnull=True)
                | (Q(closed_at__isnull=False, closed_by__isnull=False, year__isnull=False) & ~Q(number="") & ~Q(term="")),
                name="closed_volume_is_numbered",
            ),
            models.CheckConstraint(
                condition=Q(checked_at__isnull=True, checked_by__isnull=True)
                | Q(checked_at__isnull=False, checked_by__isnull=False, closed_at__isnull=False) & ~Q(checked_by=F("closed_by")),
                name="volume_checked_by_another",
            ),
        ]
        indexes = [models.Index(fields=["office", "closed_at"], name="volume_of_office")]

    def __str__(self):
        return self.number or str(self.service_request_id)

    def get_absolute_url(self):
        return f"{self.service_request.get_absolute_url()}volume/"

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


class VolumeSupplement(AppendOnly):
    """补充: what came after the volume was closed, and why; sealed under the key of the case."""

    volume = models.ForeignKey(Volume, models.PROTECT, related_name="supplements")
    sealed = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class VolumeLine(TrackedModel):
    """One line of the 卷内目录. What it is comes from the case; pages were counted by somebody. Words that were typed are sealed."""

    class Kind(models.TextChoices):
        DOCUMENT = "document", _("paper issued")
        MATERIAL = "material", _("material")
        DELIVERY = "delivery", _("proof of delivery")
        VISIT = "visit", _("site visit")
        FORWARDING = "county", _("paper of the county")
        OTHER = "other", _("another paper")
        OF_CASE = "of_case", _("what the case did")

    class Kept(models.TextChoices):
        PAPER = "paper", _("on paper")
        ELECTRONIC = "electronic", _("electronic only")
        MISSING = "missing", _("missing")

    volume = models.ForeignKey(Volume, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("place in the list"))
    kind = models.CharField(max_length=8, choices=Kind.choices)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    material = models.ForeignKey(Material, models.PROTECT, null=True, blank=True, related_name="+")
    delivery = models.ForeignKey(Delivery, models.PROTECT, null=True, blank=True, related_name="+")
    visit = models.ForeignKey(SiteVisit, models.PROTECT, null=True, blank=True, related_name="+")
    forwarding = models.ForeignKey(Forwarding, models.PROTECT, null=True, blank=True, related_name="+")
    # Of a line OF_CASE: what of the case it is ("notice-45", "task-7", "line-authority").
    source = models.CharField(max_length=40, blank=True, default="")
    is_copy = models.BooleanField(_("copy"), default=False)
    dated = models.DateField(_("date"), null=True, blank=True)
    kept = models.CharField(_("how it is kept"), max_length=10, choices=Kept.choices, blank=True)  # "": not counted yet
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, blank=True)
    sealed = models.TextField(blank=True)
    supplement = models.ForeignKey(VolumeSupplement, models.PROTECT, null=True, blank=True, related_name="lines")

    history = tracked()

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("line of a volume")
        verbose_name_plural = _("lines of a volume")
        constraints = [
            models.UniqueConstraint(
                fields=["volume", one], condition=Q(**{f"{one}__isnull": False}), name=f"volume_line_{one}_once"
            )
            for one in ("document", "material", "delivery", "visit", "forwarding")
        ] + [
            models.UniqueConstraint(fields=["volume", "source"], condition=~Q(source=""), name="volume_line_source_once"),
            models.CheckConstraint(
                condition=Q(kept="paper", pages__gte=1) | (~Q(kept="paper") & Q(pages__isnull=True)), name="paper_has_pages"
            )
        ]


class VolumeLoan(TrackedModel):
    """借阅: which of the staff took a volume, what for, until when. Registered at once, reviewed by the head afterwards (先办后审)."""

    class Why(models.TextChoices):
        CHECK = "check", _("to check something")
        DISPUTE = "dispute", _("reconsideration or lawsuit")
        AUDIT = "audit", _("audit or inspection")
        COPY = "copy", _("a party asks for a copy")
        OTHER = "other", _("something else")

    volume = models.ForeignKey(Volume, models.PROTECT, related_name="loans")
    borrower = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("borrower"))
    why = models.CharField(_("purpose of the loan"), max_length=8, choices=Why.choices)
    sealed = models.TextField(blank=True)
    lent_at = models.DateTimeField()
    lent_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    due_on = models.DateField(_("back by"))
    recalled_at = models.DateTimeField(null=True, blank=True)
    recalled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    returned_at = models.DateTimeField(null=True, blank=True)
    returned_to = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    is_whole = models.BooleanField(_("all pages are there"), null=True, blank=True)
    review = models.ForeignKey("LoanReview", models.PROTECT, null=True, blank=True, related_name="loans")

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("loan of a volume")
        verbose_name_plural = _("loans of volumes")
        constraints = [
            models.UniqueConstraint(fields=["volume"], condition=Q(returned_at__isnull=True), name="volume_lent_once_at_a_time"),
            models.CheckConstraint(
                condition=Q(returned_at__isnull=True, returned_to__isnull=True, is_whole__isnull=True)
                | Q(returned_at__isnull=False, returned_to__isnull=False, is_whole__isnull=False),
                name="loan_returned_at_and_to",
            ),
            models.CheckConstraint(
                condition=Q(recalled_at__isnull=True, recalled_by__isnull=True)
                | Q(recalled_at__isnull=False, recalled_by__isnull=False),
                name="loan_recalled_at_and_by",
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(returned_at__isnull=True), name="loan_out")]

    @property
    def is_out(self) -> bool:
        return self.returned_at is None


class LoanReview(AppendOnly):
    """周审: a head has gone through the loans since the last review and says what is to be said. The opinion is ciphertext."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    sealed = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
