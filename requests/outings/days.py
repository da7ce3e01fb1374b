"""The days away from the hall: planned by hand or made from the rule of the village, moved by the calendar, people sent, visits."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError
from django.db.models import Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from officials import versions
from officials.audit import verb as audited
from officials.calendar import calendar_for
from officials.models import Office, User, VillageLink
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Outing, OutingPerson, OutingPlace, OutingVisit, VillageDayRule

Kind = Outing.Kind
AHEAD = timedelta(weeks=6)  # how far village days are made ahead
MOST_AT_ONCE = 200  # people counted with one entry, from a paper tally


@dataclass
class Plan:
    """What a day needs. `places`: (village or None, place)."""

    kind: str
    office: Office
    date: date
    opens_at: time
    closes_at: time
    places: list[tuple[Office | None, str]] = field(default_factory=list)
    note: str = ""
    items: list[str] = field(default_factory=list)
    minutes: int | None = None
    people: int | None = None
    form_token: str = ""


# -- who may ----------------------------------------------------------------------------------------------------


def seen_by(user: User) -> QuerySet[Outing]:
    """Village and reception days of the own township, and those one is sent to; its figures are no secret among the staff."""
    mine = Office.objects.filter(pk__in=rights(user).where(TAKE_IN, HANDLE, HEAD, SUPERVISE, INSPECT)).values("township_id")
    sent = OutingPerson.objects.filter(person=user).values("outing_id")
    found = Outing.objects.filter(kind__in=Outing.PUBLIC).filter(Q(township_id__in=mine) | Q(pk__in=sent))
    return found.select_related("office", "township")


def keeps(user: User, outing: Outing) -> bool:
    """May plan, change, cancel and send: the head or supervisor of the office that goes."""
    return outing.office_id in rights(user).where(HEAD, SUPERVISE)


def works_there(user: User, outing: Outing) -> bool:
    """Has a part in this day: who is sent and who keeps it. A window of the township alone is none."""
    return keeps(user, outing) or outing.sent.filter(person=user).exists()


def why_not_there(user: User, outing: Outing, now: datetime) -> str:
    """Why this person can neither count nor register on this day at this moment; "" where it can be done.

    Of a day that is over only its keeper still enters what was kept on paper, and it stands there as entered later, by name.
    """
    today = timezone.localdate(now)
    if outing.cancelled_at is not None:
        return _("This day was cancelled.")
    if outing.date > today:
        return _("This day has not come yet.")
    if not works_there(user, outing):
        return _("Only those sent and those in charge of the day count and register here.")
    if outing.date < today and not keeps(user, outing):
        return _("This day is over. What was kept on paper is entered by the head or supervisor of %(office)s.") % {"office": outing.office}
    return ""


def entered_later(outing: Outing) -> list[OutingVisit]:
    """Counts written after the day, each with who entered it and when."""
    midnight = timezone.make_aware(datetime.combine(outing.date + timedelta(days=1), time()))
    return list(outing.visits.filter(at__gte=midnight).select_related("by", "place__village"))


def _refuse_unless_kept(office: Office, by: User) -> None:
    if not by.is_job and office.pk not in rights(by).where(HEAD, SUPERVISE):
        raise Refused(_("Days of %(office)s are planned by its head or supervisor.") % {"office": office})


# -- planning ---------------------------------------------------------------------------------------------------


def plan(wanted: Plan, *, by: User, now: datetime) -> Outing:
    """A day by hand. The same form again gives the same day."""
    _refuse_unless_kept(wanted.office, by)
    try:
        with audited("plan_outing", by=by, now=now) as act:
            outing = _write(wanted, by=by, now=now)
            act.subject = f"outing:{outing.pk}"
    except IntegrityError:
        again = Outing.objects.filter(form_token=wanted.form_token).first() if wanted.form_token else None
        if again is None:
            raise
        return again
    return outing


def _write(wanted: Plan, *, by: User, now: datetime, rule: VillageDayRule | None = None, planned_on: date | None = None) -> Outing:
    if wanted.date < timezone.localdate(now):
        raise Refused(_("This day lies in the past."))
    if not wanted.places:
        raise Refused(_("Name at least one village or place."))
    outing = Outing(
        township=wanted.office.township, kind=wanted.kind, office=wanted.office, date=wanted.date, opens_at=wanted.opens_at,
        closes_at=wanted.closes_at, note=wanted.note, items=wanted.items, minutes=wanted.minutes, people=wanted.people, rule=rule,
        planned_on=planned_on, planned_at=now, planned_by=by, form_token=wanted.form_token or None,
    )  # fmt: skip
    outing.save()
    for village, place in wanted.places:
        OutingPlace(outing=outing, village=village, place=place).save()
    versions.bump(versions.CATALOGUE)  # public pages that name the day are kept until the catalogue changes
    return outing


def change(
    outing: Outing, *, date: date, opens_at: time, closes_at: time, note: str, items: list[str], minutes: int | None,
    people: int | None, places: Mapping[int, str | None] | None = None, more: Collection[tuple[Office | None, str]] = (), by: User,
    now: datetime,
) -> Outing:  # fmt: skip
    """Another day, other hours, other places. Changed by hand it is not moved by the rule any more; who booked is listed for a call.

    `places`: id of a place of the day → what it is called now, None: nobody goes there. `more`: further ones.
    """
    _refuse_unless_kept(outing.office, by)
    with audited("change_outing", by=by, now=now, subject=f"outing:{outing.pk}"):
        outing = _standing(outing)
        if date != outing.date and date < timezone.localdate(now):
            raise Refused(_("This day lies in the past."))
        if outing.rule is not None and _meets_another(outing.rule, date, opens_at, closes_at, but=outing.pk):
            raise Refused(_("Another day of this village stands on this date at these hours already."))
        outing.date, outing.opens_at, outing.closes_at, outing.note = date, opens_at, closes_at, note
        outing.items, outing.minutes, outing.people, outing.is_by_hand = items, minutes, people, True
        outing.save()
        _change_places(outing, places or {}, more)
        versions.bump(versions.CATALOGUE)
    return outing


def _change_places(outing: Outing, places: Mapping[int, str | None], more: Collection[tuple[Office | None, str]]) -> None:
    known = list(outing.places.select_related("village"))
    for place in known:
        wanted = places.get(place.pk, place.place)
        if wanted is None:
            _drop_place(place)
        elif wanted != place.place:
            if not wanted and place.village_id is None:
                raise Refused(_("Name the place, or say that nobody goes there."))
            place.place = wanted
            place.save()
    left = {place.village_id for place in known if places.get(place.pk, "") is not None and place.village_id}
    for village, name in more:
        if village is not None and village.pk in left:
            raise Refused(_("%(village)s is among the places of the day already.") % {"village": village})
        OutingPlace(outing=outing, village=village, place=name).save()
    if not outing.places.exists():
        raise Refused(_("Name at least one village or place."))
    if outing.kind == Kind.VILLAGE_DAY and not outing.places.filter(village__isnull=False).exists():
        raise Refused(_("A village service day has its village."))


def _drop_place(place: OutingPlace) -> None:
    """Only where nobody came yet; who was sent there goes along without a place of their own."""
    if place.visits.exists() or place.taken.exists():
        raise Refused(_("People came to %(place)s already: it stays.") % {"place": place})
    for row in place.sent.all():
        row.place = None
        row.save()
    place.delete()


def cancel(outing: Outing, *, by: User, now: datetime) -> None:
    """It does not take place. Twice changes nothing; a day with visits or cases stays."""
    _refuse_unless_kept(outing.office, by)
    with audited("cancel_outing", by=by, now=now, subject=f"outing:{outing.pk}"):
        locked = Outing.objects.select_for_update(of=("self",)).get(pk=outing.pk)
        if locked.cancelled_at is not None:
            return
        if locked.taken.exists() or locked.visits.exists():
            raise Refused(_("People came on this day already: it cannot be cancelled."))
        locked.cancelled_at, locked.cancelled_by = now, by
        locked.save()
        versions.bump(versions.CATALOGUE)
    outing.refresh_from_db()


def _standing(outing: Outing) -> Outing:
    outing = Outing.objects.select_for_update(of=("self",)).get(pk=outing.pk)
    if outing.cancelled_at is not None:
        raise AlreadyHandled(_("This day was cancelled."))
    return outing


# -- the rule of the village ------------------------------------------------------------------------------------


def days_of(rule: VillageDayRule, first: date, last: date) -> Iterator[date]:
    """The days the rule names, before the calendar has its say."""
    day = rule.first_on + timedelta(days=(rule.weekday - rule.first_on.isoweekday()) % 7)
    last = min(last, rule.ended_on) if rule.ended_on else last
    while day <= last:
        if day >= first:
            yield day
        day += timedelta(weeks=rule.weeks)


def held_on(rule: VillageDayRule, planned: date) -> date | None:
    """The day it takes place: that one, the next working day, or not at all.

    A day moved so far that it would meet the next one of the rule falls away: the village is visited once, not twice at one hour.
    """
    calendar = calendar_for(rule.village.township_id)
    if calendar.is_workday(planned):
        return planned
    if rule.on_day_off != VillageDayRule.OnDayOff.NEXT:
        return None
    held = calendar.roll_forward(planned)
    return None if any(days_of(rule, planned + timedelta(days=1), held)) else held


def _meets_another(rule: VillageDayRule, on: date, opens_at: time, closes_at: time, but: int | None = None) -> bool:
    """Whether a day of this rule, moved by hand perhaps, stands at these hours already."""
    standing = rule.outings.filter(cancelled_at=None, date=on, opens_at__lt=closes_at, closes_at__gt=opens_at)
    return standing.exclude(pk=but).exists()


def make_village_days(*, by: User, now: datetime) -> dict[str, int]:
    """Make the days of the next weeks and move those whose day was closed since. Asked again it changes nothing."""
    today, made, moved = timezone.localdate(now), 0, 0
    for rule in VillageDayRule.objects.select_related("office__township", "village"):
        known = {one.planned_on: one for one in rule.outings.filter(planned_on__gte=today - timedelta(days=14))}
        for planned in days_of(rule, today, today + AHEAD):
            held = held_on(rule, planned)
            if planned not in known and held is not None:
                made += _make(rule, planned, held, by=by, now=now)
            elif planned in known:
                moved += _follow(known[planned], held, by=by, now=now)
    return {key: value for key, value in {"made": made, "moved": moved}.items() if value}


def _make(rule: VillageDayRule, planned: date, held: date, *, by: User, now: datetime) -> int:
    if _meets_another(rule, held, rule.opens_at, rule.closes_at):
        return 0
    wanted = Plan(
        Kind.VILLAGE_DAY, rule.office, held, rule.opens_at, rule.closes_at, [(rule.village, rule.place)], "", list(rule.items),
        rule.minutes, rule.people,
    )  # fmt: skip
    try:
        with audited("plan_outing", by=by, now=now) as act:
            outing = _write(wanted, by=by, now=now, rule=rule, planned_on=planned)
            _send_those_linked(outing, rule.village)
            act.subject = f"outing:{outing.pk}"
    except IntegrityError:
        return 0  # another job made it this moment
    return 1


def _send_those_linked(outing: Outing, village: Office) -> None:
    """包村干部 go to their village, unless the head sends others."""
    place = outing.places.get(village=village)
    for link in VillageLink.objects.filter(village=village, ended_on__isnull=True, person__is_active=True):
        OutingPerson(outing=outing, place=place, person_id=link.person_id).save()


def _follow(outing: Outing, held: date | None, *, by: User, now: datetime) -> int:
    if outing.is_by_hand or outing.cancelled_at is not None or outing.date == held or outing.date < timezone.localdate(now):
        return 0
    with audited("move_outing", by=by, now=now, subject=f"outing:{outing.pk}"):
        outing = Outing.objects.select_for_update(of=("self",)).get(pk=outing.pk)
        if held is None:
            outing.cancelled_at, outing.cancelled_by = now, by
        else:
            outing.date = held
        outing.save()
        versions.bump(versions.CATALOGUE)
    return 1


def add_rule(rule: VillageDayRule, *, by: User, now: datetime) -> VillageDayRule:
    """Keep a rule and make its days. A village with the same weekday twice is refused."""
    _refuse_unless_kept(rule.office, by)
    with audited("add_village_rule", by=by, now=now, subject=f"office:{rule.village.code}"):
        if VillageDayRule.objects.filter(village=rule.village, weekday=rule.weekday, ended_on=None).exists():
            raise Refused(_("This village has a rule for this weekday already."))
        rule.save()
    make_village_days(by=by, now=now)
    return rule


def end_rule(rule: VillageDayRule, *, by: User, now: datetime) -> None:
    """No more days from tomorrow on; days already made stand until they are cancelled."""
    _refuse_unless_kept(rule.office, by)
    with audited("end_village_rule", by=by, now=now, subject=f"office:{rule.village.code}"):
        rule = VillageDayRule.objects.select_for_update(of=("self",)).get(pk=rule.pk)
        if rule.ended_on is None:
            rule.ended_on = max(timezone.localdate(now), rule.first_on)
            rule.save()


# -- who goes ---------------------------------------------------------------------------------------------------


def send(outing: Outing, place: OutingPlace | None, staff_numbers: Collection[str], *, by: User, now: datetime) -> tuple[int, list[str]]:
    """Send people to one place of the day, by staff number: how many are new there, and numbers nobody has.

    Whoever was at another place of the day is moved. Nothing is written when a number is unknown: the list is put right first.
    """
    _refuse_unless_kept(outing.office, by)
    wanted = list(dict.fromkeys(number for number in staff_numbers if number))
    people = {one.staff_no: one for one in User.objects.filter(staff_no__in=wanted, is_active=True, is_job=False)}
    unknown = [number for number in wanted if number not in people]
    if unknown:
        return 0, unknown
    new = 0
    with audited("send_to_outing", by=by, now=now, subject=f"outing:{outing.pk}"):
        _standing(outing)
        known = {row.person_id: row for row in outing.sent.all()}
        for person in people.values():
            row = known.get(person.pk)
            if row is not None and row.place_id == (place.pk if place else None):
                continue
            row = row or OutingPerson(outing=outing, person=person)
            row.place = place
            row.save()
            new += 1
    return new, []


def recall(outing: Outing, person: User, *, by: User, now: datetime) -> None:
    _refuse_unless_kept(outing.office, by)
    with audited("recall_from_outing", by=by, now=now, subject=f"outing:{outing.pk}"):
        for row in outing.sent.filter(person=person):
            row.delete()


# -- who came ---------------------------------------------------------------------------------------------------


def count_visit(outing: Outing, place: OutingPlace | None, people: int, token: str, *, by: User, now: datetime) -> None:
    """Somebody came: one row more and no lock on anything that others wait for. The same form twice counts once.

    `people` -1 takes a tap back; more than one comes from a tally on paper.
    """
    if why_not := why_not_there(by, outing, now):
        raise Refused(why_not)
    if people == 0 or not -1 <= people <= MOST_AT_ONCE:
        raise Refused(_("Between 1 and %(n)s at a time.") % {"n": MOST_AT_ONCE})
    if people < 0 and visits_at(outing, place, by) < 1:
        raise Refused(_("You have counted nobody here that could be taken back."))
    try:
        with audited("count_visit", by=by, now=now, subject=f"outing:{outing.pk}"):
            OutingVisit.objects.create(outing=outing, place=place, people=people, token=token, at=now, by=by)
    except IntegrityError:
        if not OutingVisit.objects.filter(token=token).exists():
            raise


def visits_at(outing: Outing, place: OutingPlace | None, by: User) -> int:
    """How many this person counted there."""
    return outing.visits.filter(place=place, by=by).aggregate(n=Sum("people"))["n"] or 0


# -- 包村 -------------------------------------------------------------------------------------------------------


def link(person: User, village: Office, *, by: User, now: datetime) -> VillageLink:
    """From today on this official answers for the village. Twice is one link."""
    _refuse_unless_village_kept(person, village, by)
    with audited("link_village", by=by, now=now, subject=f"office:{village.code}"):
        known = VillageLink.objects.filter(person=person, village=village, ended_on=None).first()
        if known is None:
            known = VillageLink(person=person, village=village, since=timezone.localdate(now))
            known.save()
            versions.bump(versions.CATALOGUE)
    return known


def unlink(linked: VillageLink, *, by: User, now: datetime) -> None:
    _refuse_unless_village_kept(linked.person, linked.village, by)
    with audited("unlink_village", by=by, now=now, subject=f"office:{linked.village.code}"):
        linked = VillageLink.objects.select_for_update(of=("self",)).get(pk=linked.pk)
        if linked.ended_on is None:
            linked.ended_on = timezone.localdate(now)
            linked.save()
            versions.bump(versions.CATALOGUE)


def _refuse_unless_village_kept(person: User, village: Office, by: User) -> None:
    """The head of the person's office, or who supervises the village."""
    if not {village.pk, person.office_id} & rights(by).where(HEAD, SUPERVISE):
        raise Refused(_("Who answers for a village is kept by the head."))
