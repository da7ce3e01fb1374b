"""Where the work is done: the township, its offices and their windows."""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from officials.audit import TrackedModel, TrackedQuerySet, tracked

__all__ = ["Office", "Township", "Window"]


class Township(TrackedModel):
    """One township (乡镇、街道). On every case, counter and unique constraint, since one installation may serve a county."""

    code = models.CharField(_("code"), max_length=12, unique=True, help_text=_("Administrative code; begins every case number."))
    name = models.CharField(_("name"), max_length=60)
    county = models.CharField(_("county"), max_length=60)
    centre_name = models.CharField(_("name of the service centre"), max_length=80)
    phone = models.CharField(_("service phone"), max_length=30)
    complaint_phone = models.CharField(_("complaint phone"), max_length=30)
    address = models.CharField(_("address"), max_length=200, blank=True)
    hours = models.CharField(_("opening hours, as shown"), max_length=300)
    opens_at = models.TimeField(_("opens at"), default=datetime.time(8, 30))
    closes_at = models.TimeField(_("closes at"), default=datetime.time(17, 30))
    acceptance_days = models.PositiveSmallIntegerField(
        _("days to answer on acceptance"),
        default=5,
        help_text=_("Working days from receipt to the answer on acceptance (permits: 5 by law, 行政许可法 32)."),
    )
    most_pauses = models.PositiveSmallIntegerField(
        _("special procedures a case may have"),
        null=True,
        blank=True,
        help_text=_("Procedures that stop the clock. One more needs the head's yes. Empty: 2."),
    )
    most_paused_days = models.PositiveSmallIntegerField(
        _("days the clock of a case may stand still"),
        null=True,
        blank=True,
        help_text=_("Calendar days of all its special procedures together. More needs the head's yes. Empty: 60."),
    )
    made_promised_days = models.PositiveSmallIntegerField(
        _("days promised where on the spot fails"),
        null=True,
        blank=True,
        help_text=_("Working days proposed when a case handled on the spot has to wait (the upper system is down). Empty: 3."),
    )
    village_days = models.PositiveSmallIntegerField(
        _("days for a village to bring a file"), null=True, blank=True,
        help_text=_("Working days from the village's receipt until the file is at the township. Empty: 3."),
    )  # fmt: skip
    is_demo = models.BooleanField(_("demo"), default=False, editable=False)

    # What holds where the centre has set nothing itself.
    USUAL_PAUSES, USUAL_PAUSED_DAYS, USUAL_PROMISE = 2, 60, 3

    history = tracked()

    class Meta:
        verbose_name = _("township")
        verbose_name_plural = _("townships")

    def __str__(self):
        return self.name

    @property
    def pauses_allowed(self) -> int:
        return self.USUAL_PAUSES if self.most_pauses is None else self.most_pauses

    @property
    def paused_days_allowed(self) -> int:
        return self.USUAL_PAUSED_DAYS if self.most_paused_days is None else self.most_paused_days

    @property
    def promise_off_the_spot(self) -> int:
        return self.made_promised_days or self.USUAL_PROMISE


class OfficeQuerySet(TrackedQuerySet):
    def open(self):
        return self.filter(closed_on__isnull=True)

    def public(self):
        """Offices a resident may look up: open ones of the township, county bodies only as names in texts."""
        return self.open().exclude(kind__in=[Office.Kind.VILLAGE, Office.Kind.COUNTY])


class Office(TrackedModel):
    """站所: a place that holds cases and rights. Closed, never deleted. A grant on an office covers those below it."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("service centre")
        STATION = "station", _("township office")
        STATIONED = "stationed", _("stationed county office")
        SUPERVISION = "supervision", _("supervision office")
        VILLAGE = "village", _("village service station")
        COUNTY = "county", _("county body")

    township = models.ForeignKey(Township, models.PROTECT, related_name="offices", verbose_name=_("township"))
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="below", verbose_name=_("belongs to"))
    code = models.CharField(_("code"), max_length=20)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.STATION)
    duties = models.TextField(_("duties"), blank=True)
    phone = models.CharField(_("phone"), max_length=30, blank=True)
    complaint_phone = models.CharField(_("complaint phone"), max_length=30, blank=True)
    address = models.CharField(_("address"), max_length=200, blank=True)
    hours = models.CharField(_("hours, where they differ"), max_length=300, blank=True)
    takes_in_for_all = models.BooleanField(_("takes in cases for every office"), default=False)
    sort = models.PositiveSmallIntegerField(_("order"), default=100)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    history = tracked()
    objects = models.Manager.from_queryset(OfficeQuerySet)()

    class Meta:
        ordering = ["sort", "code"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [models.UniqueConstraint(fields=["township", "code"], name="office_code_once")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return f"/offices/{self.code}/"


class Window(TrackedModel):
    """窗口: a numbered desk in the hall, run by an office."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="windows", verbose_name=_("office"))
    name = models.CharField(_("name"), max_length=40)
    place = models.CharField(_("where in the hall"), max_length=120, blank=True)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("window")
        verbose_name_plural = _("windows")

    def __str__(self):
        return self.name
