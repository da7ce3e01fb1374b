"""代办: the mandate on which a village agent acts for a resident, and the bundles in which files come from a village."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, TrackedQuerySet, tracked
from officials.models import Office, Township, User

from .case import ServiceRequest

__all__ = ["Bundle", "BundleLine", "Mandate"]


def _pair(at: str, by: str, name: str) -> models.CheckConstraint:
    """"At" and "by" are set together or not at all."""
    return models.CheckConstraint(
        condition=Q(**{f"{at}__isnull": True, f"{by}__isnull": True}) | Q(**{f"{at}__isnull": False, f"{by}__isnull": False}),
        name=name,
    )


class MandateQuerySet(TrackedQuerySet):
    def standing(self):
        """Not ended; perhaps suspended."""
        return self.filter(ended_at__isnull=True)

    def live(self, today: date):
        """In force on this local date, while the case still goes on: when it has ended, so has the agent's access (domain 7.1)."""
        return (
            self.standing()
            .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today), valid_from__lte=today, suspended_at__isnull=True)
            .exclude(service_request__status__in=ServiceRequest.ENDED)
        )


class Mandate(TrackedModel):
    """授权委托: a resident entrusts one case to one agent. The letter is paper; here stands who saw it and where it is.

    中止 and 续办 stop and reopen what the agent sees, without ending the mandate.
    """

    class Scope(models.TextChoices):
        HAND_IN = "hand_in", _("hand in and bring what is missing")
        WHOLE = "whole", _("the whole way, the result as well")

    class Letter(models.TextChoices):
        KEPT = "kept", _("seen, the original stays at the village")
        SENT = "sent", _("seen, the original goes along to the township")

    class Why(models.TextChoices):
        """Why it ended before the case did."""

        REVOKED = "revoked", _("taken back by the resident")
        GIVEN_UP = "given_up", _("given up by the agent")
        PERSON_CAME = "person_came", _("the resident goes on alone")
        MISTAKE = "mistake", _("entered by mistake")

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="mandates")
    agent = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("village agent"))
    scope = models.CharField(_("what for"), max_length=8, choices=Scope.choices)
    letter = models.CharField(_("letter of authority"), max_length=5, choices=Letter.choices)
    valid_from = models.DateField(_("valid from"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)  # empty: to the end of the case
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    ended_why = models.CharField(max_length=12, choices=Why.choices, blank=True)

    history = tracked()
    objects = models.Manager.from_queryset(MandateQuerySet)()

    class Meta:
        ordering = ["id"]
        verbose_name = _("mandate of a village agent")
        verbose_name_plural = _("mandates of village agents")
        constraints = [
            models.UniqueConstraint(fields=["service_request"], condition=Q(ended_at__isnull=True), name="one_mandate_a_case"),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")), name="mandate_days_in_order"
            ),
            _pair("suspended_at", "suspended_by", "mandate_suspended_at_and_by"),
            _pair("ended_at", "ended_by", "mandate_ended_at_and_by"),
        ]
        indexes = [models.Index(fields=["agent"], condition=Q(ended_at__isnull=True), name="mandate_of_agent")]

    @property
    def is_suspended(self) -> bool:
        return self.suspended_at is not None


class Bundle(TrackedModel):
    """村级代办批次: files of one village brought to the township together, with a list in two copies, counted over by two people."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    number = models.CharField(_("number of the bundle"), max_length=40)
    village = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("village"))
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("brought to"))
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    # 当面点交: the clerk who counted, and the person who brought it and signed the other copy.
    counted_at = models.DateTimeField(null=True, blank=True)
    counted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    brought_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("bundle of files from a village")
        verbose_name_plural = _("bundles of files from villages")
        constraints = [
            models.UniqueConstraint(fields=["township", "number"], name="bundle_number_once"),
            _pair("sent_at", "sent_by", "bundle_sent_at_and_by"),
            _pair("counted_at", "counted_by", "bundle_counted_at_and_by"),
            models.CheckConstraint(condition=Q(counted_at__isnull=True) | Q(brought_by__isnull=False), name="bundle_signed_by_two"),
            models.CheckConstraint(condition=~Q(counted_by=F("brought_by")), name="bundle_two_people"),
        ]
        indexes = [models.Index(fields=["office"], condition=Q(counted_at__isnull=True), name="bundle_to_count")]

    def __str__(self):
        return self.number

    def get_absolute_url(self):
        return f"/desk/bundles/{self.number}/"


class BundleLine(TrackedModel):
    """A case in a bundle. What was found when it was counted over; "" while it is on the way."""

    class Found(models.TextChoices):
        COMPLETE = "complete", _("arrived, papers as listed")
        INCOMPLETE = "incomplete", _("arrived, papers are missing")
        NOT_THERE = "not_there", _("not in the bundle")
        LEFT_OUT = "left_out", _("taken out before it went")

    bundle = models.ForeignKey(Bundle, models.PROTECT, related_name="lines")
    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="bundled")
    found = models.CharField(max_length=10, choices=Found.choices, blank=True)
    # What differed, in the words of whoever counted: sealed under the key of the case.
    sealed = models.TextField(blank=True)

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("case in a bundle")
        verbose_name_plural = _("cases in a bundle")
        constraints = [
            models.UniqueConstraint(fields=["bundle", "service_request"], name="case_in_a_bundle_once"),
            models.UniqueConstraint(fields=["service_request"], condition=Q(found=""), name="case_in_one_bundle_at_a_time"),
        ]
