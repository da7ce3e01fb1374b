"""Booking, cancelling, ticking off. Never more people than the slot has places, never more than two open bookings a phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from officials import numbers
from officials.audit import verb as audited
from officials.calendar import calendar_for
from officials.models import Office, User
from officials.numbers import Number
from officials.permissions import HANDLE, HEAD, SUPERVISE, TAKE_IN, rights
from officials.privacy.lookup import phone_digest
from officials.privacy.masking import mask_name, mask_phone
from requests import online
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Appointment, Guest
from requests.outings import guests
from requests.outings.slots import Slot, items_of, slot_at
from services.models import Item

State = Appointment.State
SERIES = "YY"
AT_MOST = 2  # open bookings of one phone
PLACE = "appointment"


@dataclass
class Order:
    """What a booking needs. `starts_at` is one of the office's slots."""

    office: Office
    starts_at: datetime
    name: str
    phone: str
    channel: str
    form_token: str
    words: str = ""
    item: Item | None = None


@dataclass(frozen=True)
class Booked:
    """The booking and its secret, told once; "" where it is not told any more."""

    appointment: Appointment
    secret: str
    is_new: bool


def book(order: Order, *, by: User, now: datetime) -> Booked:
    """Take a place. Raises Refused with the sentence; the same form again gives the same booking.

    The number is taken first: its counter lets one booking of the township pass after the other, so that what is looked at
    afterwards (places left, bookings of this phone) is the truth until the end of the transaction.
    """
    secret = online.secret_of(order.form_token)
    try:
        with audited("book", by=by, now=now) as act:
            day = timezone.localdate(now)
            township = order.office.township
            number = numbers.show(township.code, day.year, numbers.take(township, SERIES, day), SERIES)
            slot = _look_again(order, now)
            appointment = _write(order, slot, number, secret, by=by, now=now)
            act.subject = f"appointment:{appointment.pk}"
    except (IntegrityError, Refused):
        again = None if connection.needs_rollback else booked_before(order.form_token)
        if again is None:
            raise
        fresh = now - again.booked_at <= online.REPEAT_SECRET_FOR and guests.knows_secret(again.guest, secret)
        return Booked(again, secret if fresh else "", is_new=False)
    return Booked(appointment, secret, is_new=True)


def booked_before(form_token: str) -> Appointment | None:
    return Appointment.objects.filter(form_token=form_token).select_related("guest", "office", "township").first()


def _look_again(order: Order, now: datetime) -> Slot:
    slot = slot_at(order.office, order.starts_at, now)
    if slot is None:
        raise Refused(_("This time is not offered any more. Choose another one."))
    if not slot.free:
        raise Refused(_("This time has just been taken. Choose another one."))
    if order.item is not None and order.item.code not in items_of([slot]).get(slot.outing_id or 0, (order.item.code,)):
        raise Refused(_("This cannot be done on that day. Choose what is on the list of the day, or another place."))
    if open_bookings(order.phone, now).count() >= AT_MOST:
        raise Refused(
            _("This phone number has %(n)s open bookings already. Cancel one of them, or call us.") % {"n": AT_MOST}
        )
    return slot


def _write(order: Order, slot: Slot, number: str, secret: str, *, by: User, now: datetime) -> Appointment:
    said = {"name": order.name, "phone": order.phone, "words": order.words}
    guest, sealed = guests.welcome(said, secret=secret, place=PLACE)
    appointment = Appointment(
        township=order.office.township, number=number, office=order.office, outing_id=slot.outing_id, item=order.item,
        starts_at=slot.starts_at, minutes=slot.minutes, channel=order.channel, guest=guest, sealed=sealed, booked_at=now, booked_by=by,
        form_token=order.form_token,
    )  # fmt: skip
    appointment.save()
    return appointment


def open_bookings(phone: str, now: datetime) -> QuerySet[Appointment]:
    """Bookings still to come of whoever is called on this number."""
    return Appointment.objects.filter(state=State.BOOKED, starts_at__gte=now, guest__phone_hmac=phone_digest(phone))


# -- what becomes of it -----------------------------------------------------------------------------------------


def cancel(appointment: Appointment, *, by: User, now: datetime) -> None:
    """By the person with number and secret (`by` is the job account then), or at the window. Twice changes nothing."""
    with _settling(appointment, "cancel_booking", by, now) as booking:
        if booking.state == State.CANCELLED:
            return
        _refuse_unless_booked(booking)
        _settle(booking, State.CANCELLED, by, now)


def note_came(appointment: Appointment, came: bool, *, by: User, now: datetime) -> None:
    """来了 / 没来, at the window. May be put right as long as no case was made of it."""
    wanted = State.CAME if came else State.NOT_COME
    with _settling(appointment, "note_came", by, now) as booking:
        if booking.state == wanted:
            return
        if booking.state == State.CANCELLED or booking.service_request_id:
            _refuse_unless_booked(booking)
        if is_before(booking, now, came=came):
            raise Refused(_("The time of this appointment has not come yet."))
        _settle(booking, wanted, by, now)


def is_before(booking: Appointment, now: datetime, *, came: bool) -> bool:
    """Nobody came on a day that is not there yet, though some come before their hour; nobody is missed before the hour itself."""
    return timezone.localdate(booking.starts_at) > timezone.localdate(now) if came else booking.starts_at > now


@contextmanager
def _settling(appointment: Appointment, name: str, by: User, now: datetime) -> Iterator[Appointment]:
    """The frame of the verbs on one booking: one transaction, the row locked."""
    with audited(name, by=by, now=now, subject=f"appointment:{appointment.pk}"):
        yield Appointment.objects.select_for_update().get(pk=appointment.pk)


def _settle(booking: Appointment, state: str, by: User, now: datetime) -> None:
    booking.state, booking.settled_at, booking.settled_by = state, now, by
    booking.save()


def _refuse_unless_booked(booking: Appointment) -> None:
    if booking.service_request_id:
        raise AlreadyHandled(_("Of this booking a case was made already."))
    if booking.state != State.BOOKED:
        raise AlreadyHandled(_("This booking is “%(state)s” already.") % {"state": booking.get_state_display()})


# -- who may, and the lists -------------------------------------------------------------------------------------


def offices_of(user: User) -> QuerySet[Office]:
    """Offices whose bookings this person keeps: the own ones; at the window that takes in for all, every one of the township."""
    held = rights(user)
    mine = held.where(TAKE_IN, HANDLE, HEAD, SUPERVISE)
    for_all = Office.objects.filter(pk__in=held.where(TAKE_IN), takes_in_for_all=True).values("township_id")
    return Office.objects.open().filter(Q(pk__in=mine) | Q(township_id__in=for_all))


def bookings_of(user: User) -> QuerySet[Appointment]:
    return Appointment.objects.filter(office__in=offices_of(user)).select_related("office", "guest", "item", "service_request")


def on_day(user: User, day) -> QuerySet[Appointment]:
    """Bookings of one local day that still stand or were ticked."""
    begin = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    return bookings_of(user).filter(starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1)).exclude(state=State.CANCELLED)


def kept_by_others(user: User, day) -> int:
    """How many more stand in the township on this local day: bookings of offices this person does not keep."""
    begin = timezone.make_aware(datetime.combine(day, datetime.min.time()))
    everywhere = Appointment.objects.filter(township_id__in=offices_of(user).values("township_id"))
    standing = everywhere.filter(starts_at__gte=begin, starts_at__lt=begin + timedelta(days=1)).exclude(state=State.CANCELLED)
    return standing.exclude(office__in=offices_of(user)).count()


def to_call(user: User, now: datetime) -> list[Appointment]:
    """Bookings whose day was closed, moved or cancelled since: these people have to be called before they set out."""
    coming = bookings_of(user).filter(state=State.BOOKED, starts_at__gte=now).select_related("outing").order_by("starts_at")
    return [one for one in coming if _is_off(one)]


def _is_off(booking: Appointment) -> bool:
    day, outing = timezone.localdate(booking.starts_at), booking.outing
    if not calendar_for(booking.township_id).is_workday(day):
        return True
    return outing is not None and (outing.cancelled_at is not None or outing.date != day)


def person_of(booking: Appointment) -> dict[str, str]:
    """Name, phone and words in full: for the form of the case, and for whoever asks and is logged."""
    return guests.said_by(booking.guest, booking.sealed, PLACE)


def masked(booking: Appointment) -> dict[str, str]:
    """What lists show. Of a booking that became a case the case knows the person."""
    said = person_of(booking)
    return {"name": mask_name(said.get("name", "")), "phone": mask_phone(said.get("phone", "")), "words": said.get("words", "")}


def by_number(number: Number, secret: str) -> Appointment | None:
    """The booking of this number and secret; a wrong number costs as much as a wrong secret."""
    booking = Appointment.objects.filter(number=str(number), township__code=number.township_code).select_related("guest", "office").first()
    return booking if guests.knows_secret(booking.guest if booking else Guest(secret_salt="0" * 32), secret) and booking else None
