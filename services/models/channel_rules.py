"""Rules of the channel, not of single items: who may come for somebody else, and what nobody can do in another's place (CR-01)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked
from officials.models import Township

__all__ = ["ChannelRule"]


class ChannelRule(TrackedModel):
    """One line of the rule 由他人代为办理, kept by editors. It holds for all items, or for those it names, at every window and online.

    Whoever comes for another brings the authorisation letter and the own card: that is the rule. A row says where no letter is
    needed, what the law wants in person, or what else is to be seen.
    """

    class Kind(models.TextChoices):
        NOT_NEEDED = "not_needed", _("no authorisation letter needed")
        IN_PERSON = "in_person", _("has to be done in person")
        EXTRA = "extra", _("also to be seen")

    class Authority(models.TextChoices):
        """Who needs no letter; the codes are those of `requests` for a representative."""

        GUARDIAN = "guardian", _("guardian by law")
        HOUSEHOLD = "household", _("member who applies for the household")
        DECLARANT = "declarant", _("person who may declare it by law")
        VILLAGE = "village", _("village committee")

    class Stage(models.TextChoices):
        """What the law keeps a representative from: the whole application, or one part of it before the end."""

        INTAKE = "intake", _("nobody else can apply")
        FINISH = "finish", _("others may apply; this part is done in person before the decision")

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind of rule"), max_length=12, choices=Kind.choices)
    text = models.CharField(_("the rule in one sentence"), max_length=200)
    note = models.CharField(_("what instead, or why"), max_length=200, blank=True)
    items = models.JSONField(_("items it holds for"), default=list, blank=True, help_text=_("Codes. None: it holds for every item."))
    authority = models.CharField(_("who needs no letter"), max_length=12, choices=Authority.choices, blank=True)
    stage = models.CharField(_("where it stops a representative"), max_length=8, choices=Stage.choices, blank=True)
    spared = models.JSONField(_("whom it does not stop"), default=list, blank=True)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    is_assumed = models.BooleanField(_("assumed, still to be checked"), default=False)
    position = models.PositiveSmallIntegerField(_("order"), default=100)
    is_in_force = models.BooleanField(_("in force"), default=True)

    history = tracked()

    class Meta:
        ordering = ["kind", "position", "id"]
        verbose_name = _("rule on coming for somebody else")
        verbose_name_plural = _("rules on coming for somebody else")
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(kind="in_person") | ~models.Q(stage=""), name="channel_rule_in_person_says_where"
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="not_needed") | ~models.Q(authority=""), name="channel_rule_not_needed_says_who"
            ),
        ]

    def __str__(self):
        return self.text
