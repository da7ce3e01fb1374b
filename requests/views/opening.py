"""/desk/: what is to be done today, who is out and who stands in. /desk/whereabouts/: where I am, and handing over."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials import staffing
from officials.models import Office, Post, StandIn, User, Whereabouts
from officials.permissions import AGENT, EDIT, HANDLE, HEAD, INSPECT, PUBLISH, SUPERVISE, TAKE_IN, rights
from officials.privacy.text import has_forbidden
from requests import consulting, covering, day, extending, held_forms, passing_on, standing_in, worklist
from requests.archive import lists as archive_lists
from requests.county import lists as county_lists
from requests.demands import mediation
from requests.forms.desk import WhereaboutsForm
from requests.joint import covering as tasks
from requests.joint import lists as joint_lists
from requests.lifecycle import Refused
from requests.models import Appointment, ServiceRequest
from requests.outings import booking, days
from requests.permissions import visible, visible_q
from requests.public_notice import lists as notice_lists
from requests.reasons import say_date, say_moment
from requests.roll import lists as roll_lists
from requests.supplement import waiting
from requests.views.held import what
from requests.window_today import intake_office
from services import editing_lists

NEXT_ROWS = 5
NOBODY_ROWS = 20


@require_safe
def opening(request):
    if rights(request.user).has(AGENT) and not rights(request.user).has(TAKE_IN):
        return redirect("/desk/village/")
    now = timezone.now()
    who = worklist.scopes_of(request.user)[0]
    seats = seats_of(request.user, now)
    nearest = worklist.cases(request.user, worklist.Wanted(who=who), now)[:NEXT_ROWS]
    load = worklist.workload(request.user, who, now)
    context = {
        "today": say_date(timezone.localdate(now)),
        "load": load,
        "figures": _figures(who, load) + _of_the_window(request.user, now) + _calls(request.user) + _told(request.user)
        + _of_mediation(request.user, now) + _at_county(request.user, now) + _of_the_archive(request.user, now)
        + _of_the_head(request.user, now),
        "texts": _texts(request.user) + _faults(request.user),
        "arranged": _arranged(request.user, now),
        "more_time": _more_time(request.user),
        "third_at": _third_at(request.user, now),
        "to_do_url": worklist.Wanted(who=who, today=worklist.ALL).address,
        "list_url": worklist.Wanted(who=who).address,
        "rows": worklist.rows(request.user, nearest, now),
        "tasks": joint_lists.of_my_offices(request.user, now),
        "works_cases": len(worklist.scopes_of(request.user)) > 1,
        "sees_seals": bool(rights(request.user).where(HANDLE, HEAD, SUPERVISE, INSPECT)),
        "held": _held(request.user),
        "takes_in": rights(request.user).has(TAKE_IN),
        "nobody": _nobody(request.user, seats, now),
        "away": [seat for seat in seats if seat.is_away],
        "present": [seat for seat in seats if not seat.is_away],
        "headed": rights(request.user).where(HEAD),
        "mine": where_is(request.user, now),
        "form": WhereaboutsForm(now=now),
    }
    return render(request, "requests/case/opening.html", context)


def _figures(who: str, load: worklist.Workload) -> list[tuple[str, int, str]]:
    """Counts that open their lists. The first two add up to what is to be dealt with today."""
    S, Wanted = ServiceRequest.Status, worklist.Wanted
    return [
        (_("Late"), load.late, Wanted(who=who, late=True).address),
        (_("Due today, not yet late"), load.today, Wanted(who=who, today=worklist.ONLY).address),
        (_("Open in all, %(whose)s") % {"whose": worklist.SCOPES[who]}, load.open, Wanted(who=who).address),
        (_("To be accepted or answered"), load.unanswered, Wanted(who=who, status=S.RECEIVED, kind="application").address),
        (_("Waiting for materials"), load.awaiting, Wanted(who=who, status=S.AWAITING_MATERIALS).address),
        (_("Questions to answer"), load.calls, Wanted(who=who, kind="consultation").address),
        (_("Demands, open"), load.demands, Wanted(who=who, kind="demand").address),
        (_("Decided, to be handed over"), load.undelivered, Wanted(who=who, status=S.DECIDED).address),
    ]


def _held(user) -> list[tuple[str, str, str]]:
    """My half-filled forms, newest first: what it is about, since when, and where it goes on."""
    return [(what(one.path), say_moment(timezone.localtime(one.held_at)), one.url) for one in held_forms.waiting_for(user)]


def _of_the_window(user, now: datetime) -> list[tuple[str, int, str]]:
    """What the day's end will say of this window: the same figure, from the same condition."""
    if not rights(user).has(TAKE_IN):
        return []
    office = intake_office(user)
    address = urlencode({"office": office.code, "date": timezone.localdate(now).isoformat(), "which": "open"})
    return [(_("Open, taken in at this window (as in the day's end)"), day.open_now(office, now), f"/desk/day-end/list/?{address}")]


def _calls(user) -> list[tuple[str, int, str]]:
    """Promised calls, for those who make them: as many as their list has."""
    if not consulting.offices_called_for(user):
        return []
    return [(_("Promised calls"), consulting.promised_calls(user).count(), "/desk/calls/")]


def _arranged(user, now: datetime) -> list[tuple[str, str]]:
    """Who comes today by appointment, and whom to call because the day was closed: a line each, where there is anybody."""
    expected = booking.on_day(user, timezone.localdate(now)).filter(state=Appointment.State.BOOKED).count()
    off = len(booking.to_call(user, now))
    lines = [
        (expected, _("Appointments today: %(n)s") % {"n": expected}),
        (off, _("Bookings of closed days, to be called: %(n)s") % {"n": off}),
    ]
    found = [(sentence, "/desk/appointments/") for count, sentence in lines if count]
    today = days.seen_by(user).filter(date=timezone.localdate(now), cancelled_at=None).prefetch_related("places__village")
    for one in today:
        places = "、".join(str(place) for place in one.places.all()[:3])
        found.append((_("Today: %(kind)s, %(places)s") % {"kind": one.get_kind_display(), "places": places}, one.get_absolute_url()))
    return found


def _told(user) -> list[tuple[str, int, str]]:
    """Second lists that wait for the head, and answers on acceptance that are late (漏告): only while there are any."""
    held = rights(user)
    found = []
    if held.has(HEAD):
        found.append((_("Second lists to approve"), waiting.asked_for(user).count(), "/desk/supplement/"))
    if held.where(HANDLE, HEAD, SUPERVISE, INSPECT):
        found.append((_("Neither accepted nor told in time"), waiting.late_unanswered(user).count(), "/desk/supplement/"))
    return [figure for figure in found if figure[1]]


def _at_county(user, now: datetime) -> list[tuple[str, int, str]]:
    """What lies with the county: nobody here is late with it, and nobody loses sight of it. And notices that have hung long enough."""
    if not rights(user).where(HANDLE, HEAD, SUPERVISE):
        return []
    today, there = timezone.localdate(now), county_lists.at_county(user)
    figures = [
        (_("At the county past its date: urge it or enter the result"), there.filter(county_due_on__lt=today).count(), "/desk/at-county/"),
        (_("Public notices whose days are over, to be entered"), notice_lists.over(user, today).count(), "/desk/public-notices/"),
    ]
    return [(_("At the county"), there.count(), "/desk/at-county/"), *(figure for figure in figures if figure[1])]


def _of_mediation(user, now: datetime) -> list[tuple[str, int, str]]:
    """Mediations nobody has begun, and agreements whose last day has come: they have no date that would bring them up."""
    found, list_of = mediation.waiting_for(user, timezone.localdate(now)), worklist.Wanted(who=worklist.OFFICE, kind="mediation")
    figures = [
        (_("Mediations to begin: ask the other party"), found["begin"], replace(list_of, status=ServiceRequest.Status.RECEIVED).address),
        (_("Agreements to be performed by now"), found["perform"], replace(list_of, status=ServiceRequest.Status.DECIDED).address),
    ]
    return [figure for figure in figures if figure[1]]


def _of_the_archive(user, now: datetime) -> list[tuple[str, int, str]]:
    """Volumes that should be back, and loans the head has not looked through in their week: only while there are any."""
    if not rights(user).where(*archive_lists.OPENS):
        return []
    overdue = archive_lists.chosen_loans(user, "overdue", timezone.localdate(now)).count()
    found = [(_("Volumes on loan, overdue"), overdue, "/desk/archive/loans/?which=overdue")]
    if rights(user).has(HEAD) and archive_lists.is_review_due(user, now):
        found.append((_("Loans to review"), archive_lists.to_review(user).count(), "/desk/archive/loans/#review"))
    return [figure for figure in found if figure[1]]


def _third_at(user, now: datetime) -> list[str]:
    """Told to the third person: at which post, until when, with which powers, by whom. One line a post."""
    rows = staffing.in_force(now).filter(person=user).select_related("post__office", "by")
    sentence = _("%(by)s named you to stand in at %(post)s until %(until)s: %(scope)s.")
    return [
        sentence
        % {"by": row.by.name, "post": row.post, "until": say_moment(timezone.localtime(row.until)), "scope": row.get_scope_display()}
        for row in rows
    ]


def _of_the_head(user, now: datetime) -> list[tuple[str, int, str]]:
    """Reviews of the roll that are due and objections nobody has settled, for the head: only while there are any."""
    if not rights(user).has(HEAD):
        return []
    found = [
        (_("Reviews of the roll, due"), roll_lists.counts(user, timezone.localdate(now))["due"], "/desk/roll/?which=due"),
        (_("Objections to public notices"), notice_lists.objected(user).count(), "/desk/public-notices/"),
    ]
    return [figure for figure in found if figure[1]]


def _more_time(user) -> list[ServiceRequest]:
    """Cases for which the head is asked for more time, the longest waiting first."""
    if not rights(user).has(HEAD):
        return []
    return [event.service_request for event in extending.waiting_for(user)[:NOBODY_ROWS]]


def _texts(user) -> list[tuple[str, str]]:
    """What waits in the editing room, with its list: for reviewers and for writers; nothing for anybody else."""
    held, waiting = rights(user), editing_lists.for_me(user)
    review = (_("Texts waiting for your review: %(n)s") % {"n": waiting.review}, "/editing/?list=review")
    drafts = (_("Your drafts, begun or sent back: %(n)s") % {"n": waiting.drafts}, "/editing/?list=drafts")
    return [review] * held.has(PUBLISH) + [drafts] * held.has(EDIT)


def _faults(user) -> list[tuple[str, str]]:
    """What was booked to this person and may be replied to; to the head, what was replied. One line a case."""
    found = [(_("Forgotten in the first list, booked to you: %(number)s. You may reply."), row) for row in waiting.booked_to(user)[:5]]
    if rights(user).has(HEAD):
        found += [(_("A reply to a fault, to be looked at: %(number)s"), row) for row in waiting.replied(user)[:5]]
    return [(words % {"number": row.service_request.number}, row.service_request.get_absolute_url()) for words, row in found]


@dataclass(frozen=True)
class Seat:
    """One post as the opening page shows it."""

    post: Post
    acting: User | None
    is_away: bool
    is_covered: bool
    where: str
    is_empty: bool = False  # neither holder nor deputy is there, and no third person was named
    stands_in: User | None = None
    third: StandIn | None = None

    @property
    def until(self) -> str:
        """Until when the third person was named."""
        return say_moment(timezone.localtime(self.third.until)) if self.third else ""

    @property
    def phone(self) -> str:
        return self.post.duty_phone or self.post.office.phone


@dataclass(frozen=True)
class Nobody:
    """A post of an office I head where neither A nor B is: I name a third, case by case."""

    seat: "Seat"
    rows: list[worklist.Row]


def _nobody(user, seats: list["Seat"], now: datetime) -> list[Nobody]:
    """AB岗不能同时离岗; where it happens all the same the head names a third (domain 16.5). The dates stay."""
    headed = rights(user).where(HEAD)
    empty = [seat for seat in seats if seat.is_empty and seat.post.office_id in headed]
    if not empty:
        return []
    people = {person for seat in empty for person in (seat.post.holder_id, seat.post.deputy_id) if person}
    waiting = visible(user).open().filter(holder__in=people).select_related("edition", "key", "holder", "office").order_by("due_at", "id")
    return [Nobody(seat, worklist.rows(user, _waiting_at(seat, waiting)[:NOBODY_ROWS], now)) for seat in empty]


def _waiting_at(seat: "Seat", waiting: Iterable[ServiceRequest]) -> list[ServiceRequest]:
    return [case for case in waiting if case.office_id == seat.post.office_id and case.holder_id in _at(seat)]


def _at(seat: "Seat") -> tuple[int | None, int | None]:
    return seat.post.holder_id, seat.post.deputy_id


def seats_of(user, now: datetime) -> list[Seat]:
    """Posts of my offices; at the window that takes in for all, those of the whole township."""
    held = rights(user)
    mine = held.where(TAKE_IN, HANDLE, HEAD, SUPERVISE)
    posts = staffing.open_posts().filter(holder__isnull=False)
    serves_all = held.has(TAKE_IN) and Office.objects.filter(pk__in=held.where(TAKE_IN), takes_in_for_all=True).exists()
    found = list(posts if serves_all else posts.filter(office_id__in=mine)) if mine else []
    standing = staffing.standings(found, now)
    return [_seat(post, standing[post.pk]) for post in found]


def _seat(post: Post, standing: staffing.Standing) -> Seat:
    away = standing.holder_is
    return Seat(
        post=post,
        acting=standing.actor,
        is_away=away is not None or standing.is_deputy or not post.holder.is_active,
        is_covered=standing.stands_in is not None,
        stands_in=standing.stands_in,
        third=standing.third,
        where=say_where(away),
        is_empty=standing.is_empty,
    )


def say_where(row: Whereabouts | None) -> str:
    """In a meeting, back on Tue 24 November 2026, 15:00."""
    if row is None:
        return ""
    if row.until is None:
        return str(row.get_where_display())
    return _("%(where)s, until %(until)s") % {"where": row.get_where_display(), "until": say_moment(timezone.localtime(row.until))}


def where_is(person: User, now: datetime) -> str:
    """Where this person said to be; at the desk when nothing else was said."""
    row = staffing.whereabouts([person.pk], now).get(person.pk)
    return say_where(row) or str(Whereabouts.Where.DESK.label)


# -- where I am, and who takes my cases --------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def whereabouts(request):
    """GET: the form, and what waits while the person is away. `?person=` is for the head of that person's office."""
    now = timezone.now()
    person = _person(request, request.GET.get("person", ""))
    form = WhereaboutsForm(request.POST if request.method == "POST" else None, now=now)
    if request.method == "POST" and form.is_valid():
        staffing.say_where(
            request.user, form.cleaned_data["where"], since=now, until=form.cleaned_data["until"], by=request.user, now=now
        )
        messages.success(request, _("Noted: you are %(where)s.") % {"where": where_is(request.user, now)})
        standing_in.settle(now)
        is_away = form.cleaned_data["where"] in staffing.AWAY
        has_work = offers(request.user, request.user) if is_away else returns(request.user, request.user)
        return redirect("/desk/whereabouts/" if has_work else "/desk/")
    context = {
        "form": form,
        "person": person,
        "is_me": person == request.user,
        "mine": where_is(person, now),
        "offers": offers(request.user, person),
        "returns": returns(request.user, person),
        "is_away": person.pk in staffing.whereabouts([person.pk], now),
    }
    return render(request, "requests/case/whereabouts.html", context, status=422 if form.is_bound else 200)


@require_POST
def hand_over(request):
    """The waiting cases of a person to the deputies of their posts: by themselves before leaving, or by the head."""
    person = _person(request, request.POST.get("person", ""))
    return _move(request, person, offers(request.user, person), covering.hand_over, _("Handed over to the deputy: %(n)s"))


@require_POST
def take_back(request):
    """What the deputies hold for this person, back again: by the person, or by the head."""
    person = _person(request, request.POST.get("person", ""))
    return _move(request, person, returns(request.user, person), covering.take_back, _("Given back to the holder of the post: %(n)s"))


def _move(request, person: User, found: list["Offer"], move: Callable[..., list], told: str):
    moved: list = []
    try:
        for office in Office.objects.filter(pk__in={offer.office_id for offer in found}):
            moved += move(person, office=office, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
        if not moved:
            return redirect("/desk/")
    messages.success(request, told % {"n": len(moved)})
    return redirect("/desk/")


@dataclass(frozen=True)
class Offer:
    """So many cases and tasks of one office could go to this deputy, or come back from this deputy."""

    office_id: int
    office: str
    deputy: User
    count: int


def offers(user, person: User) -> list[Offer]:
    """What could be handed over, by office and deputy. Offices where the reader is no official are left out."""
    offices = _handled(user, person)
    if not offices:
        return []
    waiting = passing_on.coverable().filter(visible_q(user), holder=person, office_id__in=offices)
    cases = [(case.office, passing_on.deputy_for(case)) for case in waiting.select_related("office", "edition__post__deputy")]
    return _counted(cases + [(task.office, deputy) for task, deputy in tasks.waiting_of(person, offices)])


def returns(user, person: User) -> list[Offer]:
    """What deputies hold for this person and could be given back, by office and deputy."""
    offices = _handled(user, person)
    if not offices:
        return []
    held = [*passing_on.stood_in_for(person, offices), *tasks.held_for(person, offices)]
    return _counted([(one.office, one.holder) for one in held])


def _handled(user, person: User) -> frozenset[int]:
    return rights(user).where(HANDLE) if user == person else rights(user).where(HEAD) & rights(user).where(HANDLE)


def _counted(pairs: Iterable[tuple[Office, User | None]]) -> list[Offer]:
    found: dict[tuple[int, int], Offer] = {}
    for office, deputy in pairs:
        if deputy is not None:
            key = (office.pk, deputy.pk)
            before = found[key].count if key in found else 0
            found[key] = Offer(office.pk, office.name, deputy, before + 1)
    return list(found.values())


def _person(request, staff_no: str) -> User:
    """Myself, or somebody whose cases lie in an office I head; anybody else does not exist here."""
    if staff_no in ("", request.user.staff_no):
        return request.user
    if has_forbidden(staff_no):
        raise Http404
    person = User.objects.filter(staff_no=staff_no[:20], is_active=True, is_job=False).first()
    if person is None or not (person.office_id in rights(request.user).where(HEAD) or offers(request.user, person)):
        raise Http404
    return person
