"""Paper: what was printed for a case, and the numbered slips for the hour without power."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, tracked
from officials.models import Office, Township, User

from .case import ServiceRequest

__all__ = ["Delivery", "Document", "DocumentPrint", "DocumentVoid", "SealUse", "Slip"]


class Document(AppendOnly):
    """A paper as issued: its text is frozen as ciphertext under the key of the case; a reprint shows the same words.

    `number` is that of its own series (机关代字、字、年、号), gap-free for each body and kind; a receipt has none, its case number
    and check code serve. A wrong paper is voided by a row of its own and stays in the list.
    """

    class Kind(models.TextChoices):
        RECEIPT = "receipt", _("receipt (收件凭证)")
        ACCEPTANCE = "acceptance", _("notice of acceptance")
        SUPPLEMENT = "supplement", _("notice of missing materials")
        SUPPLEMENT_RECEIPT = "supplement_receipt", _("receipt for supplemented materials")
        INTAKE_REFUSAL = "intake_refusal", _("refusal to accept")
        SPECIAL_PROCEDURE = "special_procedure", _("notice of a special procedure")
        EXTENSION = "extension", _("notice of extension")
        SITE_VISIT = "site_visit", _("record of a site visit")
        DECISION = "decision", _("decision")
        REFUSAL_DECISION = "refusal_decision", _("decision to refuse")
        CLOSING = "closing", _("notice of the result (办结告知)")
        DELIVERY = "delivery", _("proof of delivery")
        AUTHORISATION = "authorisation", _("authorisation letter")
        RETURN_LIST = "return_list", _("list of returned papers")
        ON_THE_SPOT = "on_the_spot", _("slip of what was done on the spot")
        FORWARDING = "forwarding", _("forwarding sheet")
        URGE = "urge", _("urging letter")
        DEMAND_ANSWER = "demand_answer", _("answer to a demand")
        AGREEMENT = "agreement", _("mediation agreement")
        MEDIATION_END = "mediation_end", _("end of a mediation without agreement")
        MANDATE_STOP = "mandate_stop", _("agency suspended or ended")
        MANDATE_RESUME = "mandate_resume", _("agency resumed")
        MANDATE_DONE = "mandate_done", _("agency done")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=24, choices=Kind.choices)
    township = models.ForeignKey(Township, models.PROTECT, null=True, related_name="+")
    number = models.CharField(_("document number"), max_length=60, blank=True)
    issuer = models.CharField(_("issued in the name of"), max_length=120, blank=True)
    seal = models.CharField(_("seal it bears"), max_length=80, blank=True)
    check_code = models.CharField(max_length=20, unique=True)
    sealed = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["township", "issuer", "number"], condition=~Q(number=""), name="document_number_once"),
        ]

    def __str__(self):
        return self.number or self.check_code


class DocumentVoid(AppendOnly):
    """作废: a wrong paper, taken back by a second person. The row, the number and the frozen text stay."""

    document = models.OneToOneField(Document, models.PROTECT, related_name="void")
    sealed = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class SealUse(AppendOnly):
    """用印登记: which seal was put on which paper, how often, who let it be done. `cancels`: the paper was voided afterwards."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="seal_uses")
    seal = models.CharField(_("seal"), max_length=80)
    copies = models.PositiveSmallIntegerField(_("how many copies"), default=1)
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("approved by"))
    cancels = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="cancelled_by")
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]


class Delivery(AppendOnly):
    """送达: how a paper reached the person. Who signed, in what relation, why somebody refused and who saw it are sealed."""

    class Manner(models.TextChoices):
        DIRECT = "direct", _("handed over (直接送达)")
        LEFT = "left", _("left at the place, with a witness (留置送达)")
        POST = "post", _("by post (邮寄送达)")
        ELECTRONIC = "electronic", _("electronically (电子送达)")
        ENTRUSTED = "entrusted", _("through somebody entrusted (委托送达)")
        PUBLIC = "public", _("by public announcement (公告送达)")

    document = models.ForeignKey(Document, models.PROTECT, related_name="deliveries")
    manner = models.CharField(max_length=10, choices=Manner.choices)
    delivered_at = models.DateTimeField()
    sealed = models.TextField(blank=True)
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
