"""补正: what was told as missing, once; who was turned away without a case; where the telling came too late; written promises."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, tracked
from officials.models import Office, Township, User
from services.models import Item, Material

from .case import ServiceRequest
from .facts import MaterialReceipt
from .paper import Document

__all__ = ["LateNotice", "SupplementLine", "SupplementNotice", "TurnedAway", "WrittenPromise"]


class SupplementNotice(TrackedModel):
    """一次性告知: all that is missing, told at once (行政许可法 32). A second one has a cause and the head's approval (domain 16.11).

    `sealed` under the key of the case: {"words", "facts", "refusal", "reply", "review"}, each as it comes.
    """

    class State(models.TextChoices):
        TOLD = "told", _("told")
        REPLACED = "replaced", _("replaced before the person left")
        REQUESTED = "requested", _("waits for the head's approval")
        REFUSED = "refused", _("not approved")
        LAPSED = "lapsed", _("lapsed with the item or the case")

    class How(models.TextChoices):
        COUNTER = "counter", _("at the counter")
        POST = "post", _("by post")
        ELECTRONIC = "electronic", _("electronically")
        PHONE = "phone", _("told by phone")

    class Cause(models.TextChoices):
        """Why a second list. Only the first of them is a fault, of the person who told the first list (domain 16.11)."""

        OVERSIGHT = "oversight", _("forgotten in the first list (漏告)")
        FOUND = "found", _("found while checking (核查新发现)")
        CIRCUMSTANCES = "circumstances", _("the applicant's circumstances changed (申请人情况变化)")
        POLICY = "policy", _("the rules changed (政策变化)")

    class Acknowledged(models.TextChoices):
        SIGNED = "signed", _("signed")
        SENT = "sent", _("sent")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="supplement_notices")
    ordinal = models.PositiveSmallIntegerField(_("which notice"))
    state = models.CharField(max_length=10, choices=State.choices)
    how = models.CharField(_("how it was told"), max_length=10, choices=How.choices)
    told_at = models.DateTimeField(_("told at"), null=True, blank=True)
    told_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # Only where the item's basis sets one; what follows then is in the pinned edition.
    answer_by = models.DateField(_("to be brought by"), null=True, blank=True)
    warned_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    whole_at = models.DateTimeField(_("everything came in at"), null=True, blank=True)
    acknowledged_at = models.DateTimeField(_("acknowledged at"), null=True, blank=True)
    acknowledged_how = models.CharField(max_length=8, choices=Acknowledged.choices, blank=True)
    document = models.ForeignKey(Document, models.PROTECT, null=True, blank=True, related_name="+")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")

    cause = models.CharField(_("cause"), max_length=14, choices=Cause.choices, blank=True)
    requested_at = models.DateTimeField(null=True, blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    fault_of = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("booked to"))
    replied_at = models.DateTimeField(null=True, blank=True)
    # 申辩 heard: the head looked at the fault again after the reply. A fault taken back has another cause and is booked to nobody.
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sealed = models.TextField(blank=True)

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("notice of missing materials")
        verbose_name_plural = _("notices of missing materials")
        constraints = [
            models.UniqueConstraint(
                fields=["service_request", "ordinal"], condition=Q(state="told"), name="one_told_notice_of_each_number"
            ),
            models.UniqueConstraint(fields=["service_request"], condition=Q(state="requested"), name="one_second_list_asked_for"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True, told_by__isnull=True) | Q(told_at__isnull=False, told_by__isnull=False),
                name="notice_told_at_and_by",
            ),
            # 第二次须有原因和负责人批准, and nobody approves the own request.
            models.CheckConstraint(
                condition=Q(ordinal=1) | ~Q(cause="") & (~Q(state="told") | Q(settled_by__isnull=False)), name="second_notice_approved"
            ),
            models.CheckConstraint(
                condition=Q(settled_by__isnull=True) | ~Q(settled_by=models.F("requested_by")), name="second_person_settles_notice"
            ),
            models.CheckConstraint(condition=Q(fault_of__isnull=True) | Q(cause="oversight"), name="only_an_oversight_is_a_fault"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True)
                | Q(reviewed_at__isnull=False, reviewed_by__isnull=False, replied_at__isnull=False),
                name="fault_reviewed_after_the_reply",
            ),
        ]
        indexes = [models.Index(fields=["state", "answer_by"], name="notice_answer_by")]

    @property
    def is_told(self) -> bool:
        return self.state == self.State.TOLD


class SupplementLine(TrackedModel):
    """One missing or faulty material of a notice; standard and basis are those of the pinned edition. `sealed`: what is wrong with it."""

    notice = models.ForeignKey(SupplementNotice, models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField()
    material = models.ForeignKey(Material, models.PROTECT, null=True, blank=True, related_name="+")
    line = models.CharField(max_length=20, blank=True)  # a line that is no material: the forgotten card, the authorisation
    state = models.CharField(max_length=10, choices=MaterialReceipt.State.choices)
    sealed = models.TextField(blank=True)
    came_in_at = models.DateTimeField(null=True, blank=True)
    came_in_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["notice", "position"]
        constraints = [
            models.CheckConstraint(
                condition=Q(came_in_at__isnull=True, came_in_by__isnull=True) | Q(came_in_at__isnull=False, came_in_by__isnull=False),
                name="line_came_in_at_and_by",
            )
        ]

    @property
    def key(self) -> str:
        """As the checklist names its lines."""
        return str(self.material_id) if self.material_id else self.line


class TurnedAway(AppendOnly):
    """未收件告知: somebody went away from the window without a case. Nothing about the person; countable (domain 16.11)."""

    class Why(models.TextChoices):
        MATERIALS = "materials", _("materials were missing, and the person wished to come back with all of them")
        NOT_IN_PERSON = "not_in_person", _("the person concerned has to come in person")
        NOT_ENTITLED = "not_entitled", _("a condition is not met, and that was explained")
        OUT_OF_TIME = "out_of_time", _("applications are not taken at this time of the year")
        ELSEWHERE = "elsewhere", _("belongs elsewhere, the way was shown")

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("window"))
    item = models.ForeignKey(Item, models.PROTECT, related_name="+", verbose_name=_("item"))
    why = models.CharField(_("why"), max_length=14, choices=Why.choices)
    missing = models.JSONField(_("what was missing"), default=list)  # ids of materials
    form_token = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("turned away without a case")
        verbose_name_plural = _("turned away without a case")
        indexes = [models.Index(fields=["office", "-at"], name="turned_away_by_office")]


class LateNotice(AppendOnly):
    """漏告: the acceptance check passed without acceptance or notice. The row stays, whatever becomes of the case."""

    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="late_notice")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    holder = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    due_at = models.DateTimeField(_("the answer was due"))
    # 依据写明逾期视为受理的,自动转受理; every other item only raises the alarm (domain 14, no. 3).
    deemed_accepted = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("late notice")
        verbose_name_plural = _("late notices")


class WrittenPromise(TrackedModel):
    """书面承诺: materials that follow after acceptance (容缺), or conditions that are checked afterwards (告知承诺). Domain 4.4."""

    class Kind(models.TextChoices):
        TOLERANCE = "tolerance", _("materials follow (容缺受理)")
        DECLARATION = "declaration", _("conditions are promised (告知承诺)")

    class Verified(models.TextChoices):
        TRUE = "true", _("true")
        UNTRUE = "untrue", _("untrue")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="promises")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    # 可选可不选: the choice is on the case either way. 容缺 is there only when it was promised.
    is_chosen = models.BooleanField(default=True)
    materials = models.JSONField(default=list, blank=True)  # ids of what is still owed
    answer_by = models.DateField(_("to be brought by"), null=True, blank=True)
    warned_at = models.DateTimeField(_("reminded at"), null=True, blank=True)
    kept_at = models.DateTimeField(_("kept at"), null=True, blank=True)
    verified = models.CharField(max_length=8, choices=Verified.choices, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sealed = models.TextField(blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("written promise")
        verbose_name_plural = _("written promises")
        constraints = [
            models.UniqueConstraint(fields=["service_request", "kind"], name="one_promise_of_each_kind"),
            models.CheckConstraint(condition=~Q(kind="tolerance") | Q(answer_by__isnull=False), name="tolerance_has_a_date"),
        ]
        indexes = [models.Index(fields=["kind", "answer_by"], name="promise_answer_by")]
