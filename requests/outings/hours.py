"""The rules by which an office gives hours: kept by its head or supervisor; ended, never deleted."""

from datetime import datetime, time

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.audit import verb as audited
from officials.models import Office, User
from officials.permissions import HEAD, SUPERVISE, rights
from requests.lifecycle import Refused
from requests.models import AppointmentRule


def offices_kept_by(user: User) -> QuerySet[Office]:
    """Offices and villages whose hours and days this person arranges."""
    return Office.objects.open().filter(pk__in=rights(user).where(HEAD, SUPERVISE))


def rules_of(offices: QuerySet[Office], now: datetime) -> QuerySet[AppointmentRule]:
    """Those in force."""
    today = timezone.localdate(now)
    return AppointmentRule.objects.filter(office__in=offices).exclude(ended_on__lt=today).select_related("office")


def add_rule(
    office: Office, *, weekdays: list[int], opens_at: time, closes_at: time, minutes: int, people: int, by: User, now: datetime
) -> AppointmentRule:
    """Give hours from now on. The same rule twice is refused: its places would add up."""
    _refuse_unless_kept(office, by)
    said = {"opens_at": opens_at, "closes_at": closes_at, "minutes": minutes, "people": people}
    with audited("add_appointment_rule", by=by, now=now, subject=f"office:{office.code}"):
        same = AppointmentRule.objects.filter(office=office, ended_on=None, **said)
        if any(sorted(rule.weekdays) == sorted(weekdays) for rule in same):
            raise Refused(_("This rule stands already."))
        rule = AppointmentRule(office=office, weekdays=sorted(weekdays), **said)
        rule.save()
    return rule


def end_rule(rule: AppointmentRule, *, by: User, now: datetime) -> None:
    """No more hours by this rule from tomorrow on. Bookings made by it stand."""
    _refuse_unless_kept(rule.office, by)
    with audited("end_appointment_rule", by=by, now=now, subject=f"office:{rule.office.code}"):
        rule = AppointmentRule.objects.select_for_update().get(pk=rule.pk)
        if rule.ended_on is None:
            rule.ended_on = timezone.localdate(now)
            rule.save()


def _refuse_unless_kept(office: Office, by: User) -> None:
    if office.pk not in rights(by).where(HEAD, SUPERVISE):
        raise Refused(_("The hours of %(office)s are kept by its head or supervisor.") % {"office": office})
