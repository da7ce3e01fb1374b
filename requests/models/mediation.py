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

    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, primary_key=True, related_name="mediation")
    sealed = models.TextField(blank=True)
    applicant_agreed_at = models.DateTimeField(null=True, blank=True)
    other_agreed_at = models.DateTimeField(null=True, blank=True)
    mediator = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mediator"))
    chosen_by_parties = models.BooleanField(_("chosen by the parties"), default=False)
    police_told_at = models.DateTimeField(null=True, blank=True)
    form = models.CharField(_("form of the agreement"), max_length=8, choices=Form.choices, blank=True)
    binding_from = models.DateField(_("binding from"), null=True, blank=True)
    perform_by = models.DateField(_("to be performed by"), null=True, blank=True)
    court_by = models.DateField(_("joint confirmation by the court until"), null=True, blank=True)

    history = tracked()

    class Meta:
        verbose_name = _("mediation")
        verbose_name_plural = _("mediations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(form="") | models.Q(binding_from__isnull=False), name="agreement_has_its_day",
            ),
        ]  # fmt: skip
