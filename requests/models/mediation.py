"""人民调解: two parties, a mediator both accept, an agreement or none. Visible to the mediation office alone (domain 9.3)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked
from officials.models import User

from .case import ServiceRequest

__all__ = ["Mediation"]


class Mediation(TrackedModel):
    """What is known of one mediation besides the case. `sealed` is ciphertext of the other party under the key of the case."""

    class Form(models.TextChoices):
        ORAL = "oral", _("oral, noted down")
        WRITTEN = "written", _("written, signed and sealed")

    class Dispute(models.TextChoices):
        """What the yearly figures of the mediation committees tell apart."""

        NEIGHBOURS = "neighbours", _("between neighbours")
        FAMILY = "family", _("marriage and family")
        HOUSE_SITE = "house_site", _("house and house site")
        LAND = "land", _("hills, woods and land")
        CONTRACT = "contract", _("contract")
        DAMAGE = "damage", _("compensation of damage")
        WORK = "work", _("pay and work")
        TAKING = "taking", _("land taken and houses pulled down")
        TRAFFIC = "traffic", _("road traffic")
        OTHER = "other", _("other dispute")

    class Asked(models.TextChoices):
        IN_PERSON = "in_person", _("in person")
        PHONE = "phone", _("by phone")
        PAPER = "paper", _("in writing")

    class Performance(models.TextChoices):
        FULL = "full", _("performed in full")
        PART = "part", _("performed in part")
        NONE = "none", _("not performed")

    class Court(models.TextChoices):
        """司法确认 (人民调解法 33)."""

        NOT_ASKED = "not_asked", _("not asked for")
        ASKED = "asked", _("asked for together")
        CONFIRMED = "confirmed", _("confirmed by the court")

    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, primary_key=True, related_name="mediation")
    sealed = models.TextField(blank=True)
    dispute = models.CharField(_("kind of dispute"), max_length=12, choices=Dispute.choices, blank=True, default="")
    applicant_agreed_at = models.DateTimeField(null=True, blank=True)
    other_agreed_at = models.DateTimeField(null=True, blank=True)
    other_agreed_how = models.CharField(_("how the other party agreed"), max_length=10, choices=Asked.choices, blank=True, default="")
    mediator = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mediator"))
    chosen_by_parties = models.BooleanField(_("chosen by the parties"), default=False)
    police_told_at = models.DateTimeField(null=True, blank=True)
    form = models.CharField(_("form of the agreement"), max_length=8, choices=Form.choices, blank=True)
    binding_from = models.DateField(_("binding from"), null=True, blank=True)
    perform_by = models.DateField(_("to be performed by"), null=True, blank=True)
    court_by = models.DateField(_("joint confirmation by the court until"), null=True, blank=True)
    performed = models.CharField(_("how the agreement was performed"), max_length=6, choices=Performance.choices, blank=True, default="")
    performed_on = models.DateField(_("performed on"), null=True, blank=True)
    court = models.CharField(_("confirmation by the court"), max_length=10, choices=Court.choices, blank=True, default="")

    history = tracked()

    class Meta:
        verbose_name = _("mediation")
        verbose_name_plural = _("mediations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(form="") | models.Q(binding_from__isnull=False), name="agreement_has_its_day",
            ),
        ]  # fmt: skip
