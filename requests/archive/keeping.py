"""How long the file of a case has to be there: what archives keep is not erased before its time (档案法, domain 11.5)."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from requests.models import ServiceRequest, Term, Volume
from requests.reasons import say_date

YEARS = {Term.THIRTY: 30, Term.TEN: 10}


def kept_until(volume: Volume) -> date | None:
    """The last day of its term, counted from the year after that of the files; None: for ever, or not closed yet."""
    years = YEARS.get(Term(volume.term)) if volume.term else None
    return date(volume.year + years, 12, 31) if years and volume.year else None


def why_not_forget(case: ServiceRequest, now: datetime) -> str:
    """What stands against erasing a case: its volume. "" when nothing does."""
    volume = Volume.objects.filter(service_request=case).first()
    if volume is None:
        return ""
    if not volume.is_closed:
        return _("The volume of this case is being put together: close it first.")
    until = kept_until(volume)
    if until is None:
        return _("The volume %(number)s is kept permanently, so nothing of it is erased.") % {"number": volume.number}
    if timezone.localdate(now) <= until:
        return _("The volume %(number)s is kept until %(day)s; before that nothing of it is erased.") % {
            "number": volume.number, "day": say_date(until),
        }  # fmt: skip
    return ""
