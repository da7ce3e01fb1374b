"""Who a case is about: one row per case, as presented that day, sealed under the key of the case."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked

from .case import ServiceRequest

__all__ = ["Applicant"]


class Applicant(TrackedModel):
    """申请人. `sealed` is ciphertext of {name, id_type, id_number, phone, address, …}; history keeps ciphertext too."""

    class IdState(models.TextChoices):
        """Choices, not errors (domain 16.2)."""

        GIVEN = "given", _("given")
        NOT_NEEDED = "not_needed", _("not needed for this item")
        FORGOTTEN = "forgotten", _("card forgotten, to be shown later")
        UNKNOWN = "unknown", _("number not known")
        NEWBORN = "newborn", _("newborn, no number yet")
        LOST = "lost", _("papers lost")

    # Identities still to be shown: the card stands on the missing list.
    AWAITED = (IdState.FORGOTTEN, IdState.UNKNOWN, IdState.LOST)

    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="applicant")
    sealed = models.TextField()
    id_state = models.CharField(_("identity"), max_length=10, choices=IdState.choices, default=IdState.NOT_NEEDED)
    identity_checked = models.BooleanField(_("identity checked"), default=False)
    has_representative = models.BooleanField(_("came by a representative"), default=False)
    wants_sms = models.BooleanField(_("wants text messages"), default=False)

    history = tracked()

    class Meta:
        verbose_name = _("applicant")
        verbose_name_plural = _("applicants")
