"""The rows of an edition: materials, steps, conditions, situations, legal bases, everyday words."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, tracked
from officials.models import Office

from .edition import Edition

__all__ = ["Condition", "LegalBasis", "Material", "Particular", "SearchTerm", "Situation", "Step"]


class Part(TrackedModel):
    """A row that belongs to one edition and is as frozen as that edition."""

    position = models.PositiveSmallIntegerField(_("order"))

    class Meta:
        abstract = True
        ordering = ["edition", "position"]


class Material(Part):
    """材料: form, count, source, when needed and what the window keeps (custody)."""

    class Form(models.TextChoices):
        ORIGINAL = "original", _("original")
        COPY = "copy", _("copy")
        ORIGINAL_AND_COPY = "original_and_copy", _("original to be shown, copy kept")
        SHARED = "shared", _("looked up by us, nothing to bring")

    class Custody(models.TextChoices):
        RETURNED = "returned", _("original shown and returned")
        COPY_KEPT = "copy_kept", _("copy kept")
        ORIGINAL_KEPT = "original_kept", _("original kept")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="materials")
    name = models.CharField(_("name"), max_length=120)
    form = models.CharField(_("form"), max_length=20, choices=Form.choices)
    original_count = models.PositiveSmallIntegerField(_("originals"), default=0)
    copy_count = models.PositiveSmallIntegerField(_("copies"), default=0)
    is_conditional = models.BooleanField(_("only in some cases"), default=False)
    may_come_later = models.BooleanField(_("may be handed in after acceptance (容缺后补)"), default=False)
    handle_case = models.CharField(_("needed when"), max_length=200, blank=True)
    fill_explain = models.CharField(_("how to fill in"), max_length=300, blank=True)
    accept_standard = models.CharField(_("when it is in order"), max_length=300, blank=True)
    source = models.CharField(_("where from"), max_length=60, blank=True)
    custody = models.JSONField(_("what is kept"), default=list, blank=True)
    basis = models.CharField(_("basis"), max_length=200, blank=True)
    notes = models.CharField(_("notes for editors"), max_length=300, blank=True)

    history = tracked()

    class Meta(Part.Meta):
        verbose_name = _("material")
        verbose_name_plural = _("materials")

    def __str__(self):
        return self.name


class Step(Part):
    """环节. Steps with the same group stand side by side; how a step counts is its own attribute, with its basis.

    `actor` says in words who does it; `office` names the office of this centre that does, so that its part becomes a task there.
    """

    class Counts(models.TextChoices):
        COUNTS = "counts", _("counts")
        PAUSES = "pauses", _("stops the clock")
        BEFORE = "before", _("before the clock starts")
        AFTER = "after", _("after the decision")
        OUTSIDE = "outside", _("does not count")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="steps")
    title = models.CharField(_("title"), max_length=120)
    actor = models.CharField(_("by whom"), max_length=120, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("office that does it"))
    level = models.CharField(_("level"), max_length=12, blank=True)
    value = models.PositiveSmallIntegerField(_("time"), null=True, blank=True)
    unit = models.CharField(_("unit"), max_length=12, choices=Edition.Unit.choices, blank=True)
    counts = models.CharField(_("how it counts"), max_length=8, choices=Counts.choices, default=Counts.COUNTS)
    counts_basis = models.CharField(_("basis for that"), max_length=200, blank=True)
    counts_is_assumed = models.BooleanField(_("assumed, no basis found"), default=False)
    group = models.CharField(_("parallel group"), max_length=20, blank=True)
    condition = models.CharField(_("only when"), max_length=120, blank=True)
    output = models.CharField(_("result"), max_length=200, blank=True)

    history = tracked()

    class Meta(Part.Meta):
        verbose_name = _("step")
        verbose_name_plural = _("steps")

    def __str__(self):
        return self.title


class Condition(Part):
    """受理条件: who may apply. Not to be mixed with materials."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="conditions")
    text = models.CharField(_("condition"), max_length=300)

    history = tracked()

    class Meta(Part.Meta):
        verbose_name = _("condition")
        verbose_name_plural = _("conditions")

    def __str__(self):
        return self.text


class Situation(Part):
    """情形: a question whose answer changes what is to be brought or who may act."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="situations")
    key = models.SlugField(_("key"), max_length=40)
    question = models.CharField(_("question"), max_length=200)
    options = models.JSONField(_("answers"), default=list)
    consequence = models.CharField(_("what follows"), max_length=300, blank=True)
    blocks = models.BooleanField(_("stops the application"), default=False)
    basis = models.CharField(_("basis"), max_length=200, blank=True)

    history = tracked()

    class Meta(Part.Meta):
        verbose_name = _("situation")
        verbose_name_plural = _("situations")

    def __str__(self):
        return self.question


class Particular(Part):
    """登记内容: something this item alone has to have written down of a case, such as where trees are felled or what area is granted.

    What is asked at intake is what an application has to say by law (政府信息公开条例 29) or what the upper system wants; what is
    asked with the decision is what the permit or the entry says.
    """

    class Stage(models.TextChoices):
        INTAKE = "intake", _("with the application")
        DECISION = "decision", _("with the decision")

    class Kind(models.TextChoices):
        TEXT = "text", _("a line")
        LONG = "long", _("several lines")
        NUMBER = "number", _("a number")
        DATE = "date", _("a day")
        CHOICE = "choice", _("one of the answers")

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="particulars")
    label = models.CharField(_("what is written down"), max_length=60)
    stage = models.CharField(_("asked"), max_length=8, choices=Stage.choices)
    kind = models.CharField(_("kind of answer"), max_length=8, choices=Kind.choices)
    unit = models.CharField(_("unit"), max_length=20, blank=True)
    options = models.JSONField(_("answers"), default=list, blank=True)
    is_required = models.BooleanField(_("needed"), default=False)
    hint = models.CharField(_("explanation"), max_length=200, blank=True)

    history = tracked()

    class Meta(Part.Meta):
        verbose_name = _("particular")
        verbose_name_plural = _("particulars")

    def __str__(self):
        return self.label


class LegalBasis(Part):
    """设定依据, line by line."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="bases")
    text = models.CharField(_("basis"), max_length=300)

    history = tracked()

    class Meta(Part.Meta):
        verbose_name = _("legal basis")
        verbose_name_plural = _("legal bases")

    def __str__(self):
        return self.text


class SearchTerm(Part):
    """口语: how residents really call it. `reading` corrects the pinyin where the library is wrong."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="terms")
    text = models.CharField(_("everyday word"), max_length=40)
    reading = models.CharField(_("pinyin, where the usual one is wrong"), max_length=120, blank=True)

    history = tracked()

    class Meta(Part.Meta):
        verbose_name = _("everyday word")
        verbose_name_plural = _("everyday words")

    def __str__(self):
        return self.text
