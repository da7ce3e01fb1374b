"""空白表: a form of an edition as residents get it empty, with the places that the window prints filled in."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked

from .edition import Edition

__all__ = ["BlankForm"]


class BlankForm(TrackedModel):
    """One form (form_guid of a material in the national table). As frozen as its edition; a new edition begins with a copy.

    `digest` names the file (see `services.blanks.files`); `pages` are widths and heights in millimetres. `offers` are the
    places that the file's own fields propose, `places` those that an editor placed: see `services.blanks.names`.
    """

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="blanks")
    position = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("name of the form"), max_length=80)
    # By name: rows of materials change places while a draft is written. Empty: the form belongs to the item as a whole.
    material = models.CharField(_("material that it is"), max_length=120, blank=True)
    digest = models.CharField(_("file"), max_length=64)
    pages = models.JSONField(_("pages of the form"), default=list)
    offers = models.JSONField(_("places the file proposes"), default=list, blank=True)
    places = models.JSONField(_("named places"), default=list, blank=True)

    history = tracked()

    class Meta:
        ordering = ["edition", "position"]
        verbose_name = _("blank form")
        verbose_name_plural = _("blank forms")
        constraints = [models.UniqueConstraint(fields=["edition", "position"], name="blank_form_order_once")]

    def __str__(self):
        return self.title

    @property
    def key(self) -> str:
        """Names the file in public addresses: the same file has the same address, another one another."""
        return self.digest[:16]
