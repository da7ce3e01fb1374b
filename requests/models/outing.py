"""去村里、去现场: village service days, reception days and home visits; who is sent, who came, what was taken in there."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from officials.audit import AppendOnly, TrackedModel, tracked
from officials.models import Office, Township, User

from .case import ServiceRequest

__all__ = ["Outing", "OutingCase", "OutingPerson", "OutingPlace", "OutingVisit", "VillageDayRule"]


class VillageDayRule(TrackedModel):
    """驻村服务日: this village is visited every so many weeks on this weekday. The centre keeps it; the days are made from it."""

    class OnDayOff(models.TextChoices):
        NEXT = "next", _("moved to the next working day")
        DROP = "drop", _("not held that week")

    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office that goes"))
    village = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("village"))
    weekday = models.PositiveSmallIntegerField(_("weekday"), default=4)  # ISO: Monday is 1
    weeks = models.PositiveSmallIntegerField(_("every so many weeks"), default=1)
    first_on = models.DateField(_("begins on"))
    ended_on = models.DateField(_("last day"), null=True, blank=True)
    on_day_off = models.CharField(_("on a day off"), max_length=4, choices=OnDayOff.choices, default=OnDayOff.NEXT)
    place = models.CharField(_("place"), max_length=120)
    opens_at = models.TimeField(_("from"))
    closes_at = models.TimeField(_("to"))
    items = models.JSONField(_("what can be done there"), default=list)
    minutes = models.PositiveSmallIntegerField(_("minutes an appointment"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("people at a time"), null=True, blank=True)

    history = tracked()

    class Meta:
        ordering = ["weekday", "village"]
        verbose_name = _("rule of village days")
        verbose_name_plural = _("rules of village days")
        constraints = [
            models.CheckConstraint(condition=Q(weekday__gte=1, weekday__lte=7, weeks__gte=1), name="village_rule_weekday"),
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="village_rule_hours"),
        ]


class Outing(TrackedModel):
    """One day away from the hall. `rule` and `planned_on` say from which rule it was made and for which day before it was moved."""

    class Kind(models.TextChoices):
        VILLAGE_DAY = "village_day", _("village service day")
        RECEPTION_DAY = "reception_day", _("on-site reception day")
        HOME = "home", _("service at home")

    PUBLIC = (Kind.VILLAGE_DAY, Kind.RECEPTION_DAY)

    township = models.ForeignKey(Township, models.PROTECT, related_name="+")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices)
    office = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name=_("office that goes"))
    date = models.DateField(_("date"))
    opens_at = models.TimeField(_("from"))
    closes_at = models.TimeField(_("to"))
    note = models.CharField(_("note for residents"), max_length=200, blank=True)
    items = models.JSONField(_("what can be done there"), default=list)
    minutes = models.PositiveSmallIntegerField(_("minutes an appointment"), null=True, blank=True)
    people = models.PositiveSmallIntegerField(_("people at a time"), null=True, blank=True)
    rule = models.ForeignKey(VillageDayRule, models.PROTECT, null=True, blank=True, related_name="outings")
    planned_on = models.DateField(_("planned on"), null=True, blank=True)
    is_by_hand = models.BooleanField(_("changed by hand"), default=False)
    planned_at = models.DateTimeField()
    planned_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    form_token = models.CharField(max_length=40, null=True, blank=True, unique=True)

    history = tracked(excluded_fields=["form_token"])

    class Meta:
        ordering = ["date", "opens_at", "id"]
        verbose_name = _("outing")
        verbose_name_plural = _("outings")
        constraints = [
            models.UniqueConstraint(fields=["rule", "planned_on"], name="outing_of_rule_once"),
            models.CheckConstraint(condition=Q(closes_at__gt=models.F("opens_at")), name="outing_hours"),
            models.CheckConstraint(
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False),
                name="outing_cancelled_at_and_by",
            ),
        ]
        indexes = [models.Index(fields=["township", "date"], name="outing_by_date")]

    def __str__(self):
        return f"{self.get_kind_display()} {self.date}"

    def get_absolute_url(self):
        """The page of the day; of a home visit its own."""
        return self.home_visit.get_absolute_url() if self.kind == self.Kind.HOME else f"/desk/outings/{self.pk}/"


class OutingPlace(TrackedModel):
    """Where on that day: a village with its place, or a place alone. A reception day has many."""

    outing = models.ForeignKey(Outing, models.PROTECT, related_name="places")
    village = models.ForeignKey(Office, models.PROTECT, null=True, blank=True, related_name="outing_places", verbose_name=_("village"))
    place = models.CharField(_("place"), max_length=120, blank=True)

    history = tracked()

    class Meta:
        ordering = ["id"]
        verbose_name = _("place of an outing")
        verbose_name_plural = _("places of an outing")
        constraints = [
            models.UniqueConstraint(fields=["outing", "village"], condition=Q(village__isnull=False), name="outing_village_once"),
            models.CheckConstraint(condition=Q(village__isnull=False) | ~Q(place=""), name="outing_place_is_named"),
        ]

    def __str__(self):
        return " · ".join(filter(None, [self.village.name if self.village_id else "", self.place]))


class OutingPerson(TrackedModel):
    """Somebody who is sent, once a day, to one of its places."""

    outing = models.ForeignKey(Outing, models.PROTECT, related_name="sent")
    place = models.ForeignKey(OutingPlace, models.PROTECT, null=True, blank=True, related_name="sent")
    person = models.ForeignKey(User, models.PROTECT, related_name="outings_sent_to")

    history = tracked()

    class Meta:
        ordering = ["person__staff_no"]
        verbose_name = _("person sent")
        verbose_name_plural = _("people sent")
        constraints = [models.UniqueConstraint(fields=["outing", "person"], name="outing_person_once")]


class OutingVisit(AppendOnly):
    """Somebody came: a row a tap, never a counter that fifty desks would wait for. `people` below nothing takes a tap back."""

    outing = models.ForeignKey(Outing, models.PROTECT, related_name="visits")
    place = models.ForeignKey(OutingPlace, models.PROTECT, null=True, blank=True, related_name="visits")
    people = models.SmallIntegerField(default=1)
    token = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = _("visit of an outing")
        verbose_name_plural = _("visits of an outing")


class OutingCase(AppendOnly):
    """A case taken in on that day. `at_once`: it was settled before these eyes; the state of the case says how it stands now."""

    outing = models.ForeignKey(Outing, models.PROTECT, related_name="taken")
    place = models.ForeignKey(OutingPlace, models.PROTECT, null=True, blank=True, related_name="taken")
    service_request = models.OneToOneField(ServiceRequest, models.PROTECT, related_name="outing_case")
    at_once = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = _("case of an outing")
        verbose_name_plural = _("cases of an outing")
