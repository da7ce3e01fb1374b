"""Where a case comes from besides the window: the booking it was made of, the day away from the hall it was taken in on."""

from datetime import datetime

from django.utils.translation import gettext as _

from officials.models import User
from requests.lifecycle import Refused
from requests.models import Appointment, Outing, OutingCase, OutingPlace, ServiceRequest
from requests.outings import days, guests

State = Appointment.State


def taken_out_there(
    case: ServiceRequest, outing: Outing, place: OutingPlace | None, *, at_once: bool, by: User, now: datetime
) -> OutingCase:
    """Inside the verb that begins the case. One row more, nothing is locked: fifty desks write at the same time.

    Raises Refused where this person has no part in the village or reception day, or the day is not on (`days.why_not_there`).
    """
    why_not = days.why_not_there(by, outing, now) if outing.kind in Outing.PUBLIC else ""
    if why_not:
        raise Refused(why_not)
    return OutingCase.objects.create(outing=outing, place=place, service_request=case, at_once=at_once, at=now, by=by)


def made_of_booking(appointment: Appointment, case: ServiceRequest, *, by: User, now: datetime) -> None:
    """The person came and a case was taken in: what was said for the booking is forgotten, the case has it now.

    Inside the verb that begins the case. Raises Refused where another case was made of it, or it was cancelled.
    """
    booking = Appointment.objects.select_for_update().get(pk=appointment.pk)
    if booking.service_request_id:
        raise Refused(_("Of this booking a case was made already."))
    if booking.state == State.CANCELLED:
        raise Refused(_("This booking was cancelled."))
    booking.service_request = case
    booking.state, booking.settled_at, booking.settled_by = State.CAME, now, by
    booking.save()
    guests.forget(booking.guest_id)
