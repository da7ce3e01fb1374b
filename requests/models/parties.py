"""Everybody in a case besides its applicant: who came instead, who looks after a child, who lives in the household, who fetches."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked
from officials.models import User

from .case import ServiceRequest
from .people import Applicant

__all__ = ["Party", "PartyKey"]


class Party(TrackedModel):
    """代理人、监护人、家庭成员、领取人. `sealed` is ciphertext of {name, relation, id_type, id_number, phone}, in history too.

    Nobody is deleted: whoever turns out not to belong to the case is taken out of it, with the time and by whom.
    """

    class Role(models.TextChoices):
        REPRESENTATIVE = "representative", _("representative")
        GUARDIAN = "guardian", _("guardian")
        MEMBER = "member", _("member of the household")
        COLLECTOR = "collector", _("collects the result")

    class Authority(models.TextChoices):
        """On what authority somebody acts for the applicant (channel rule CR-01); empty for members of the household."""

        IN = "in", _("authorisation letter and ID card seen and kept")
        MISSING = "missing", _("authorisation letter is missing, will be brought")
        GUARDIAN = "guardian", _("not needed: guardian by law")
        HOUSEHOLD = "household", _("not needed: applies for the household as one of its members")
        DECLARANT = "declarant", _("not needed: may declare it by law (head of household, relative, neighbour)")
        VILLAGE = "village", _("not needed: the village committee applies or reports")

    # Who acts in the applicant's place; a case has at most one of them at a time.
    IN_PLACE = (Role.REPRESENTATIVE, Role.GUARDIAN)

    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="parties")
    role = models.CharField(_("role"), max_length=14, choices=Role.choices)
    sealed = models.TextField()
    id_state = models.CharField(
        _("identity"), max_length=10, choices=Applicant.IdState.choices, default=Applicant.IdState.NOT_NEEDED
    )
    authority = models.CharField(_("authority"), max_length=10, choices=Authority.choices, blank=True)
    is_minor = models.BooleanField(_("a child"), default=False)
    # 核对授权: an adult of the household let the office compare incomes and property; on the day of the signature.
    authorised_on = models.DateField(_("authorisation signed on"), null=True, blank=True)
    removed_at = models.DateTimeField(null=True, blank=True)
    removed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("person in a case")
        verbose_name_plural = _("people in a case")
        constraints = [
            models.UniqueConstraint(
                fields=["service_request"],
                condition=Q(role__in=["representative", "guardian"], removed_at__isnull=True),
                name="party_one_in_place",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True, removed_by__isnull=True)
                | Q(removed_at__isnull=False, removed_by__isnull=False),
                name="party_removed_at_and_by",
            ),
            models.CheckConstraint(condition=Q(authorised_on__isnull=True) | Q(role="member"), name="party_member_authorises"),
        ]

    @property
    def is_adult_member(self) -> bool:
        return self.role == self.Role.MEMBER and not self.is_minor


class PartyKey(models.Model):
    """The erasable row of a party: the keyed digest by which a household is found again. Without history, blanked with the case."""

    party = models.OneToOneField(Party, models.PROTECT, primary_key=True, related_name="key")
    service_request = models.ForeignKey(ServiceRequest, models.PROTECT, related_name="+")
    id_hmac = models.CharField(max_length=64, blank=True, db_index=True)

    class Meta:
        verbose_name = _("erasable row of a person in a case")
