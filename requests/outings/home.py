"""上门服务: asked for, planned with two people at least, told, done with a sheet that is signed. Each step is one verb."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time

from django.db import IntegrityError
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from officials import numbers
from officials.audit import verb as audited
from officials.calendar import calendar_for
from officials.models import Office, User
from officials.privacy.masking import mask_name, mask_phone
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import HomeVisit, Outing, OutingPerson, OutingPlace
from requests.outings import guests
from requests.outings.booking import offices_of

State = HomeVisit.State
SERIES = "SM"
PLACE = "home visit"
AT_LEAST = 2  # people who go, with their work badges (domain 7.2)


@dataclass
class Wish:
    """What is told when somebody asks. `reason` is a category of the law, never a diagnosis."""

    office: Office
    name: str
    phone: str
    address: str
    reason: str
    words: str
    channel: str
    form_token: str
    village: Office | None = None


def ask(wish: Wish, *, by: User, now: datetime) -> HomeVisit:
    """Write the wish down with a number. The same form again is the same wish."""
    if wish.reason not in HomeVisit.Reason.values:
        raise Refused(_("Choose why the person cannot come."))
    said = {"name": wish.name, "phone": wish.phone, "address": wish.address, "reason": wish.reason, "words": wish.words}
    township, day = wish.office.township, timezone.localdate(now)
    try:
        with audited("ask_home_visit", by=by, now=now) as act:
            guest, sealed = guests.welcome(said, secret="", place=PLACE)
            visit = HomeVisit(
                township=township, office=wish.office, village=wish.village, channel=wish.channel, guest=guest, sealed=sealed,
                asked_at=now, asked_by=by, form_token=wish.form_token,
            )  # fmt: skip
            visit.number = numbers.show(township.code, day.year, numbers.take(township, SERIES, day), SERIES)
            visit.save()
            act.subject = f"home-visit:{visit.pk}"
    except IntegrityError:
        again = HomeVisit.objects.filter(form_token=wish.form_token).first()
        if again is None:
            raise
        return again
    return visit


def plan(
    visit: HomeVisit, *, date: date, opens_at: time, closes_at: time, people: Collection[User], by: User, now: datetime
) -> None:
    """A date and who goes: two at least. Planned anew the earlier date falls away, and the person has to be told again."""
    going = list(dict.fromkeys(people))
    if len(going) < AT_LEAST:
        raise Refused(_("At least two people go to a home visit, with their work badges."))
    if date < timezone.localdate(now):
        raise Refused(_("This day lies in the past."))
    if not calendar_for(visit.township_id).is_workday(date):
        raise Refused(_("This is a day off. Choose a working day."))
    with _changing(visit, "plan_home_visit", by, now) as row:
        outing = row.outing or Outing(
            township=row.township, kind=Outing.Kind.HOME, office=row.office, planned_at=now, planned_by=by, is_by_hand=True
        )
        outing.date, outing.opens_at, outing.closes_at = date, opens_at, closes_at
        outing.save()
        if row.outing_id is None:
            OutingPlace(outing=outing, village=row.village, place="" if row.village_id else str(row.township)).save()
        for sent in outing.sent.exclude(person__in=going):
            sent.delete()
        known = set(outing.sent.values_list("person_id", flat=True))
        for person in going:
            if person.pk not in known:
                OutingPerson(outing=outing, person=person).save()
        row.outing, row.state, row.told_at, row.told_by = outing, State.PLANNED, None, None


def note_told(visit: HomeVisit, *, by: User, now: datetime) -> None:
    """The person knows the date. Twice changes nothing."""
    with _changing(visit, "tell_home_visit", by, now) as row:
        if row.state != State.PLANNED:
            raise Refused(_("There is no date yet to be told."))
        if row.told_at is None:
            row.told_at, row.told_by = now, by


def end(visit: HomeVisit, *, state: str, by: User, now: datetime) -> None:
    """How it ended: the sheet came back signed, nobody was met, or it is no longer needed."""
    if state not in HomeVisit.ENDED:
        raise Refused(_("Choose how it ended."))
    with _changing(visit, "end_home_visit", by, now) as row:
        if state != State.NOT_NEEDED and (row.outing is None or row.outing.date > timezone.localdate(now)):
            raise Refused(_("The day of this visit has not come yet."))
        row.state, row.ended_at, row.ended_by = state, now, by


@contextmanager
def _changing(visit: HomeVisit, name: str, by: User, now: datetime) -> Iterator[HomeVisit]:
    """The frame of the verbs: locked, still open, and for those who keep the list of the office or are sent."""
    if not visits_of(by).filter(pk=visit.pk).exists():
        raise Refused(_("This belongs to: %(who)s.") % {"who": visit.office})
    with audited(name, by=by, now=now, subject=f"home-visit:{visit.pk}"):
        row = HomeVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
        if row.state in HomeVisit.ENDED:
            raise AlreadyHandled(_("This home visit is “%(state)s” already.") % {"state": row.get_state_display()})
        yield row
        row.save()
    visit.refresh_from_db()


# -- reading ----------------------------------------------------------------------------------------------------


def visits_of(user: User) -> QuerySet[HomeVisit]:
    """Those of the offices whose list this person keeps, and those this person is sent to; the window that takes in for all sees all."""
    sent = OutingPerson.objects.filter(outing=OuterRef("outing"), person=user.pk)
    found = HomeVisit.objects.filter(Q(office__in=offices_of(user)) | Exists(sent))
    return found.select_related("office__township", "village", "guest", "outing", "township")


def said_by(visit: HomeVisit) -> dict[str, str]:
    """In full: for the sheet the two people carry, and for whoever asks and is logged."""
    return guests.said_by(visit.guest, visit.sealed, PLACE)


def masked(visit: HomeVisit) -> dict[str, str]:
    said = said_by(visit)
    return {"name": mask_name(said.get("name", "")), "phone": mask_phone(said.get("phone", ""))}
