"""What lasts: categories, life events and items. What residents read is the published edition of an item."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked
from officials.models import Office, Township

__all__ = ["Category", "Item", "LifeEvent"]


class Category(TrackedModel):
    """主题分类: where a resident would look."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    sort = models.PositiveSmallIntegerField(_("order"), default=100)

    history = tracked()

    class Meta:
        ordering = ["sort", "name"]
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self):
        return self.name


class LifeEvent(TrackedModel):
    """人生事件: "a child was born", "I am going to build". Which items belong to it is written on the editions."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=40, unique=True)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    sort = models.PositiveSmallIntegerField(_("order"), default=100)

    history = tracked()

    class Meta:
        ordering = ["sort", "name"]
        verbose_name = _("life event")
        verbose_name_plural = _("life events")

    def __str__(self):
        return self.name


class Item(TrackedModel):
    """事项: the lasting identity behind the editions. Retired, never deleted."""

    township = models.ForeignKey(Township, models.PROTECT, related_name="+", verbose_name=_("township"))
    code = models.CharField(_("code"), max_length=40)
    office = models.ForeignKey(
        Office,
        models.PROTECT,
        related_name="+",
        verbose_name=_("office"),
        help_text=_("Who looks after the text; rights of editors hang on it."),
    )
    retired_on = models.DateField(_("retired on"), null=True, blank=True)
    retired_note = models.CharField(_("why retired, where to go"), max_length=200, blank=True)

    history = tracked()

    class Meta:
        ordering = ["code"]
        verbose_name = _("item")
        verbose_name_plural = _("items")
        constraints = [models.UniqueConstraint(fields=["township", "code"], name="item_code_once")]

    def __str__(self):
        return self.code

    def get_absolute_url(self):
        return f"/services/{self.code}/"
