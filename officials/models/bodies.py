"""Who speaks on paper: the bodies in whose name documents are issued here, with their code word and their seals."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked

from .places import Township

__all__ = ["IssuingBody"]


class IssuingBody(TrackedModel):
    """发文机关. The service centre is a place and no authority: it is never one of these (domain 1.6).

    `acts_here`: its papers are written at our windows (the township government, a stationed office, a body that entrusted
    the township). Of any other body the county decides and writes itself; we only carry.
    """

    township = models.ForeignKey(Township, models.PROTECT, related_name="bodies", verbose_name=_("township"))
    name = models.CharField(_("name"), max_length=120, help_text=_("As the items name it, letter by letter."))
    code_word = models.CharField(_("code word of its documents"), max_length=12, help_text=_("机关代字, begins the document number: 栖政."))
    acts_here = models.BooleanField(_("its documents are written at our windows"), default=False)
    business_seal = models.CharField(_("seal for receipt and acceptance"), max_length=80, blank=True)
    decision_seal = models.CharField(_("seal for decisions"), max_length=80, blank=True)

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("issuing body")
        verbose_name_plural = _("issuing bodies")
        constraints = [
            models.UniqueConstraint(fields=["township", "name"], name="body_name_once"),
            models.UniqueConstraint(fields=["township", "code_word"], name="body_code_word_once"),
        ]

    def __str__(self):
        return self.name
