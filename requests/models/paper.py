"""Paper: what was printed for a case, and the numbered slips for the hour without power."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, tracked
from officials.models import Office, Township, User

from .case import ServiceRequest

__all__ = ["Document", "DocumentPrint", "Slip"]


class Document(AppendOnly):
    """A paper as issued: its text is frozen as ciphertext under the key of the case; a reprint shows the same words."""

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("receipt (收件凭证)")
        CLOSING = "closing", _("notice of the result (办结告知)")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    check_code = models.CharField(max_length=20, unique=True)
    sealed = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class DocumentPrint(AppendOnly):
    """Each time it was printed; the first print may carry the secret, no later one does."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="prints")
    layout = models.CharField(max_length=12)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class Slip(TrackedModel):
    """纸质收件单: printed blank in its own series; later entered as a case, spoilt, or still out. Every one accounted for."""

    class State(models.TextChoices):
        BLANK = "blank", _("printed, not yet used")
        ENTERED = "entered", _("entered as a case")
        SPOILT = "spoilt", _("spoilt")

    class Spoilt(models.TextChoices):
        """Why: chosen, not typed, so that no name gets into the open. Older rows hold what was typed then, and show it."""

        MISPRINTED = "misprinted", _("misprinted")
        DAMAGED = "damaged", _("torn or wet")
        MISWRITTEN = "miswritten", _("written wrongly")
        LOST = "lost", _("lost")
        OTHER = "other", _("another reason")

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    number = models.CharField(_("slip number"), max_length=40)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, choices=State.choices, default=State.BLANK)
    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, null=True, blank=True, related_name="slip")
    spoilt_reason = models.CharField(_("why spoilt"), max_length=120, choices=Spoilt.choices, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["number"]
        verbose_name = _("paper slip")
        verbose_name_plural = _("paper slips")
        constraints = [
            models.UniqueConstraint(fields=["township", "number"], name="slip_number_once"),
            models.CheckConstraint(
                condition=Q(state="entered", service_request__isnull=False)
                | Q(state="spoilt", service_request__isnull=True) & ~Q(spoilt_reason="")
                | Q(state="blank", service_request__isnull=True),
                name="slip_accounted_for",
            ),
        ]

    def __str__(self):
        return self.number
