"""诉求: what a case without an item is about, who has to answer it by when, and the list of subjects the centre keeps."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, tracked
from officials.models import Office, Township, User

from .case import ServiceRequest

__all__ = ["CoHandling", "Contact", "Demand", "DemandCategory", "DemandLimit", "DemandWords"]


class DemandCategory(TrackedModel):
    """A subject of two levels (GB/T 39666 goes to three; a township needs two). Closed, never deleted."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("township"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="below", verbose_name=_("belongs to"),
        limit_choices_to={"parent__isnull": True},
    )  # fmt: skip
    code = models.CharField(_("code"), max_length=6)
    name = models.CharField(_("name"), max_length=40)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ["code"]
        verbose_name = _("subject of demands")
        verbose_name_plural = _("subjects of demands")
        constraints = [models.UniqueConstraint(fields=["township", "code"], name="demand_category_code_once")]

    def __str__(self):
        return f"{self.parent.name} · {self.name}" if self.parent_id else self.name


class DemandLimit(TrackedModel):
    """A limit of the centre that differs from the usual one: value, unit, start and basis, for one rhythm."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    what = models.CharField(_("limit"), max_length=12)
    rhythm = models.CharField(_("rhythm"), max_length=10, blank=True)
    value = models.PositiveSmallIntegerField(_("value"))
    unit = models.CharField(_("unit"), max_length=12)
    basis = models.CharField(_("basis"), max_length=200)

    history = tracked()

    class Meta:
        ordering = ["what", "rhythm"]
        verbose_name = _("limit for demands")
        verbose_name_plural = _("limits for demands")
        constraints = [
            models.UniqueConstraint(fields=["township", "what", "rhythm"], name="demand_limit_once"),
            models.CheckConstraint(condition=models.Q(value__gte=1), name="demand_limit_is_never_nothing"),
        ]


class Demand(TrackedModel):
    """What makes a case a demand. Holds no personal data; what the person said is in DemandWords."""

    class Sort(models.TextChoices):
        HELP = "help", _("help")
        SUGGESTION = "suggestion", _("suggestion")
        COMPLAINT = "complaint", _("complaint about service")
        DISPUTE = "dispute", _("dispute")

    class Rhythm(models.TextChoices):
        """The five of the service demand (五类办理节奏), then the three of an unfinished matter (办不成事)."""

        AT_ONCE = "at_once", _("what can be done: at once")
        FIRST = "first", _("what is important: first")
        TIMED = "timed", _("what has a limit: on time")
        HARD = "hard", _("what is hard: with effort")
        CARE = "care", _("everything: with care")
        ORDINARY = "ordinary", _("ordinary")
        COMPLEX = "complex", _("complex")
        CANNOT = "cannot", _("really cannot be done: explain")

    RHYTHMS = (Rhythm.AT_ONCE, Rhythm.FIRST, Rhythm.TIMED, Rhythm.HARD, Rhythm.CARE)
    GRADES = (Rhythm.ORDINARY, Rhythm.COMPLEX, Rhythm.CANNOT)

    class Source(models.TextChoices):
        INSPECTION = "inspection", _("inspection")
        MEETING = "meeting", _("meeting")
        LEADER = "leader", _("leader")

    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, primary_key=True, related_name="demand")
    sort = models.CharField(_("sort"), max_length=10, choices=Sort.choices, blank=True)
    category = models.ForeignKey(DemandCategory, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("subject"))
    rhythm = models.CharField(_("rhythm"), max_length=10, choices=Rhythm.choices, blank=True)
    is_anonymous = models.BooleanField(_("anonymous"), default=False)
    # The limits as they were when the case was registered or dispatched: what was promised then holds.
    limits = models.JSONField(default=dict)
    dispatched_at = models.DateTimeField(null=True, blank=True)
    dispatched_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    is_designated = models.BooleanField(_("designated, cannot be returned"), default=False)
    contacted_at = models.DateTimeField(null=True, blank=True)
    # By when somebody had to speak with the person, as it stood when it was given to an office; empty where nobody had to.
    contact_due_at = models.DateTimeField(null=True, blank=True)
    # 催办: the date for which whoever holds it was urged. Another date is another urging.
    urged_for = models.DateTimeField(null=True, blank=True)
    reworked_at = models.DateTimeField(null=True, blank=True)
    look_again_on = models.DateField(_("look at it again on"), null=True, blank=True)
    way = models.CharField(_("shown the way to"), max_length=16, blank=True)
    source = models.CharField(_("ordered by"), max_length=10, choices=Source.choices, blank=True)
    ordered_on = models.DateField(_("ordered on"), null=True, blank=True)
    ordered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answer_by = models.DateField(_("to be answered by"), null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")


class DemandWords(models.Model):
    """What the person said, sealed under the key of the case. A row without history, so that it can be taken away alone:
    where somebody is only shown the way, the words are not kept (domain 8.2, 9).
    """

    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, primary_key=True, related_name="demand_words")
    sealed = models.TextField()


class CoHandling(TrackedModel):
    """协办: an office that gives its part to the lead office (首接负责, domain 7)."""

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="co_handlings")
    office = models.ForeignKey(Office, models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["service_request", "office"], name="co_handling_once")]


class Contact(AppendOnly):
    """Somebody spoke with the person, or tried to. The first one reached within its limit is the response (响应)."""

    class How(models.TextChoices):
        PHONE = "phone", _("by phone")
        WINDOW = "window", _("at the window")
        HOME = "home", _("at their home or on the spot")
        MESSAGE = "message", _("by message")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="contacts")
    how = models.CharField(max_length=8, choices=How.choices)
    reached = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
