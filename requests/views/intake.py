"""收件: find the item, then one page. Found, at most eight key or pointer actions until the receipt (interface: Desk)."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from officials import versions
from officials.models import Office, User
from officials.permissions import HANDLE, TAKE_IN, rights
from officials.privacy.text import clean_text
from requests import guardians, held_forms, here_already, offering, persons, secrets_once
from requests.county import deciding
from requests.demands.mediation import ITEM as MEDIATION
from requests.forms.intake import IntakeForm
from requests.forms.village import VillageIntakeForm
from requests.intake import FormUsed, Intake, Received
from requests.item_needs import asks_before_acceptance, is_on_the_spot
from requests.lifecycle import Refused, StillMissing
from requests.models import Appointment, Outing, OutingPlace, ServiceRequest, Slip, Visit
from requests.outings import booking, days, home
from requests.persons import Person
from requests.refusing import outcome_word, outcomes_of
from requests.season.windows import outside
from requests.taking_in import Then, take_in
from requests.village.bundles import window_of
from requests.visiting import VisitPerson, cases_of, get_visit, handed_in, people_of
from requests.window_today import intake_office, usual_items, village_of
from services.models import Edition, Item
from services.saying import group_phone
from services.search import Hit, Kind
from services.search import find as search

SHOWN = 12
OTHER = "other"
KEEP_PANES = 24 * 3600  # seconds


@dataclass
class Desk:
    """Where the clerk stands: the window, the visit that goes on, whose item it is, the paper slip that is typed in."""

    office: Office
    visit: Visit | None = None
    people: tuple[VisitPerson, ...] = ()
    person: VisitPerson | None = None  # None in a visit: somebody else's item
    slip: Slip | None = None
    channel: str = ""
    booking: Appointment | None = None
    outing: Outing | None = None
    village: Office | None = None  # an agent stands in the own village; `office` is the window the file will be brought to

    @property
    def is_at_home(self) -> bool:
        return self.outing is not None and self.outing.kind == Outing.Kind.HOME

    def query(self, **more: str) -> str:
        """What the next page has to know; nothing about the person is in an address."""
        kept = {
            "visit": str(self.visit.pk) if self.visit else "",
            "person": (self.person.case.number if self.person else OTHER) if self.people else "",
            "slip": self.slip.number if self.slip else "",
            "channel": self.channel,
            "booking": str(self.booking.pk) if self.booking else "",
            "outing": str(self.outing.pk) if self.outing else "",
        }
        chosen = {key: value for key, value in (kept | more).items() if value}
        return f"?{urlencode(chosen)}" if chosen else ""


def load_desk(request) -> Desk:
    """Everything the address names, each loaded under the rights of the asker."""
    village = village_of(request.user)
    if village is not None:
        if any(request.GET.get(name) for name in ("slip", "visit", "person")):
            raise Http404
        return Desk(window_of(village), village=village)
    slip = _slip(request)
    desk = Desk(slip.office if slip else intake_office(request.user), slip=slip)
    channel = request.GET.get("channel", "")
    desk.channel = channel if channel in ServiceRequest.Channel.values and channel != ServiceRequest.Channel.ONLINE else ""
    desk.booking, desk.outing = _booking(request), _outing(request)
    if desk.outing:
        desk.channel = desk.outing.kind  # a day away from the hall is a channel of the same name
    if not request.GET.get("visit"):
        return desk
    if not request.GET["visit"].isdecimal() or len(request.GET["visit"]) > 15:
        raise Http404
    desk.visit = get_visit(request.user, int(request.GET["visit"]))
    if desk.visit.office_id != desk.office.pk:
        # Whoever takes in at several windows goes on at the window of the visit: its cases are of one window.
        if desk.slip:
            raise Http404
        desk.office = desk.visit.office
    desk.people = tuple(people_of(cases_of(desk.visit)))
    wanted = request.GET.get("person", "")
    if wanted != OTHER and desk.people:
        named = [person for person in desk.people if any(case.number == wanted for case in person.cases)]
        if wanted and not named:
            raise Http404
        desk.person = named[0] if named else desk.people[0]
    return desk


def _booking(request) -> Appointment | None:
    """The appointment this case is made of: its person is filled in."""
    pk = request.GET.get("booking", "")
    if not pk:
        return None
    found = booking.bookings_of(request.user).filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) <= 15 else None
    if found is None:
        raise Http404
    return found


def _outing(request) -> Outing | None:
    """The day away from the hall on which this is taken in; it has begun and was not cancelled."""
    pk = request.GET.get("outing", "")
    if not pk:
        return None
    at_home = home.visits_of(request.user).filter(outing__isnull=False).values("outing_id")
    seen = Outing.objects.filter(Q(pk__in=days.seen_by(request.user).values("pk")) | Q(pk__in=at_home))
    held = seen.filter(cancelled_at=None, date__lte=timezone.localdate())
    found = held.filter(pk=int(pk)).first() if pk.isdecimal() and len(pk) <= 15 else None
    if found is None:
        raise Http404
    why_not = days.why_not_there(request.user, found, timezone.now()) if found.kind in Outing.PUBLIC else ""
    if why_not and (request.method != "POST" or not days.works_there(request.user, found)):
        raise PermissionDenied(why_not)  # who has a part and sends a form too late is refused in the verb, and keeps what was typed
    return found


def _slip(request) -> Slip | None:
    number = request.GET.get("slip", "")
    if not number:
        return None
    slip = (
        Slip.objects.filter(number=number, office_id__in=rights(request.user).where(TAKE_IN))
        .select_related("office__township", "service_request")
        .first()
    )
    if slip is None:
        raise Http404
    return slip


@require_safe
def find(request) -> HttpResponse:
    """One field; below it what this window is asked for most."""
    desk, now = load_desk(request), timezone.now()
    query, sentence = searched(request)
    usual = usual_items(desk.office, now)
    return render(
        request,
        "requests/intake/find.html",
        {
            "desk": desk,
            "query": query,
            "sentence": sentence,
            "results": found_items(query),
            "opens_by_enter": opens_by_enter(query),
            "recent": usual.recent,
            "frequent": usual.frequent,
            "kept": desk.query(),
            "others": _other_people(desk),
            "same_visit": _same_visit(desk, request.user, now),
        },
    )


def _same_visit(desk: Desk, user: User, now: datetime) -> dict[str, str] | None:
    """Of several slips written for one visit the second is entered into the visit that the first one began."""
    if desk.slip is None or desk.visit is not None:
        return None
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    visit = Visit.objects.filter(office=desk.office, by=user, at__gte=midnight).order_by("-id").first()
    names = [person.name_masked for person in people_of(cases_of(visit))] if visit else []
    return {"url": replace(desk, visit=visit).query(), "names": _(", ").join(names)} if names else None


def searched(request) -> tuple[str, str]:
    """What was typed, cleaned, and a sentence when it cannot be searched for."""
    try:
        return clean_text(request.GET.get("q", ""), 60), ""
    except ValidationError as error:
        return "", " ".join(error.messages)


def found_items(query: str) -> list:
    """Published items by initials, characters, everyday word or code."""
    return [hit.target for hit in _hits(query)]


def opens_by_enter(query: str) -> bool:
    """Only what was surely meant: the one hit, or the one found more surely than all others (its code, its initials)."""
    found = _hits(query)
    return len(found) == 1 or len(found) > 1 and found[0].rank < found[1].rank


def _hits(query: str) -> list[Hit]:
    return search(query, kinds={Kind.ITEM}, limit=SHOWN) if query else []


def _other_people(desk: Desk) -> list[dict[str, str]]:
    """The other people of the visit, and somebody new, as links."""
    if desk.visit is None:
        return []
    links = [
        {"name": one.label, "url": desk.query(person=one.case.number)}
        for one in desk.people
        if desk.person is None or one.case.pk != desk.person.case.pk
    ]
    if desk.person is not None:
        links.append({"name": _("somebody else (a relative, a neighbour)"), "url": desk.query(person=OTHER)})
    return links


@require_http_methods(["GET", "HEAD", "POST"])
def take(request, code: str) -> HttpResponse:
    """The dense page: checklist, person, buttons."""
    desk, now = load_desk(request), timezone.now()
    if code == MEDIATION:
        return redirect("/desk/mediation/")  # it has a form and rules of its own, and nobody outside that office reads it
    edition = offering.by_code(desk.office.township_id, code)
    item = edition.item if edition else _item(desk, code)
    if edition is None and request.method != "POST":
        return render(request, "requests/intake/retired.html", {"item": item, "kept": desk.query()}, status=410)
    shown = edition or _last_published(item)
    if desk.slip is not None and desk.slip.state != Slip.State.BLANK:
        return render(request, "requests/intake/slip_used.html", {"slip": desk.slip}, status=409)
    form = _form(request, desk, shown, now)
    if request.method != "POST":
        return _page(request, desk, shown, held_forms.refill(request, form))
    form.full_clean()
    _ask_about(request, desk, shown, form)
    if form.is_valid():
        received = _receive(request, desk, shown, form, now)
        if received is not None:
            return _after(request, received)
    return _page(request, desk, shown, form, status=422)


def _item(desk: Desk, code: str) -> Item:
    item = Item.objects.filter(township=desk.office.township, code=code).first()
    if item is None:
        raise Http404
    return item


def _last_published(item: Item) -> Edition:
    """For a form that was open when the item was retired: what was typed is shown once more, nothing is lost."""
    edition = item.editions.filter(published_at__isnull=False).select_related("item", "office").order_by("-number").first()
    if edition is None:
        raise Http404
    return edition


def _form(request, desk: Desk, edition: Edition, now: datetime) -> IntakeForm:
    known = _open(desk.person)
    visitor = _open(desk.people[0]) if desk.people and desk.person is None else None
    sent = request.POST if request.method == "POST" else None
    same_edition = sent is not None and sent.get("edition") == str(edition.pk)
    initial = {"form_token": IntakeForm.new_token(), "edition": edition.pk, "received_on": timezone.localdate(now)}
    if desk.channel:
        initial["channel"] = desk.channel
    if desk.booking or desk.is_at_home:
        said = booking.person_of(desk.booking) if desk.booking else home.said_by(desk.outing.home_visit)
        initial |= {name: said.get(name, "") for name in ("name", "phone")}
    kind: type[IntakeForm] = VillageIntakeForm if desk.village else IntakeForm
    more = {"village": desk.village} if desk.village else {}
    form = kind(
        sent,
        initial=initial,
        materials=offering.checklist(edition),
        now=now,
        may_finish=_may_finish(request, edition),
        known=known,
        visitor=visitor,
        visitor_label=desk.people[0].label if visitor else "",
        seen=handed_in(desk.person) if desk.person else None,
        slip=desk.slip,
        edition=edition,
        township=desk.office.township,
        today=timezone.localdate(now),
        demo=settings.DEMO and desk.office.township.is_demo,
        is_out_of_season=bool(outside(edition, timezone.localdate(now))),
        **more,
    )
    if "outcome" in form.fields:
        # A refusal is asked for facts, reasons and basis: that is a form of its own, not a line of this page.
        offered = [one for one in outcomes_of(edition) if one != ServiceRequest.Outcome.REFUSED]
        form.fields["outcome"].choices = [("", _("choose")), *((one, outcome_word(edition, one)) for one in offered)]
    if sent is not None and not same_edition:
        form.add_error(None, _("The text of this item was changed meanwhile. Tick the materials once more; the rest is kept."))
        form.data = form.data.copy()
        form.data["edition"] = str(edition.pk)
    return form


def _ask_about(request, desk: Desk, edition: Edition, form: IntakeForm) -> None:
    """Before anything is stored, and whatever else is still wrong on the page."""
    person, token = form.person_so_far(), form.cleaned_data.get("form_token", "")
    already = here_already.unfinished_of(person, edition, request.user, form_token=token, only_seen=desk.village is not None)
    form.ask_about_age(guardians.age_of(person, edition, timezone.localdate(form.received_at or form.now)))
    township = desk.office.township_id
    form.ask_about(
        already,
        is_other_name=here_already.stands_under_another_name(person, township, form_token=token),
        is_other_name_of_who_came=here_already.stands_under_another_name(form.who_came_so_far(), township, form_token=token),
    )


def _may_accept(desk: Desk, edition: Edition) -> bool:
    """Not for what has to be asked or signed first, and not for a stationed office, which accepts at its own window."""
    return desk.village is None and not asks_before_acceptance(edition) and not deciding.is_taken_in_for_another(edition, desk.office)


def _why_not_at_once(request, desk: Desk, edition: Edition) -> str:
    """Why there is no button that accepts or finishes at once, and who does; "" where one is offered."""
    if desk.village is not None:
        return ""
    if deciding.is_taken_in_for_another(edition, desk.office):
        said = _("%(office)s accepts it and does it, at its own window: here it is only taken in and handed over.")
        return said % {"office": edition.office}
    if asks_before_acceptance(edition):
        return _("It cannot be accepted with one button: the household, the relatives or the notice of the village come first.")
    if is_on_the_spot(edition) and not _may_finish(request, edition):
        said = _("It is done while the person waits: after taking it in call %(office)s, %(phone)s. Who has it stands on the next page.")
        return said % {"office": edition.office, "phone": group_phone(edition.office.phone)}
    return ""


def _may_finish(request, edition: Edition) -> bool:
    """即办件 are finished on this page by who may also decide them; a general window takes in and accepts. Who died has to be said with
    the decision itself: every row of that person on the roll is checked.
    """
    ours = is_on_the_spot(edition) and not deciding.is_decided_by_county(edition) and edition.roll != Edition.Roll.DEATH
    return ours and rights(request.user).has(HANDLE, edition.office_id)


def _open(person: VisitPerson | None) -> Person | None:
    return persons.person_of(person.case) if person else None


def _receive(request, desk: Desk, edition: Edition, form: IntakeForm, now: datetime) -> Received | None:
    """Call the verb; a refusal becomes a sentence above the form."""
    person = form.whole_person()
    order = Intake(
        intake_office=desk.office,
        channel=form.cleaned_data["channel"],
        person=person,
        edition=edition,
        received_at=form.received_at,
        visit=desk.visit,
        slip=desk.slip,
        form_token=form.cleaned_data["form_token"],
        materials=form.handed(person),
        words=form.cleaned_data["words"],
        particulars=form.own_words(),
        is_out_of_season=form.cleaned_data.get("out_of_season", False),
        confirmed=form.confirmed(),
        origin=ServiceRequest.Origin.SLIP if desk.slip else ServiceRequest.Origin.LIVE,
        appointment=desk.booking,
        outing=desk.outing,
        outing_place=_place_of(desk, person),
        mandate=form.given(timezone.localdate(now)) if desk.village else None,
    )
    then = request.POST.get("then", Then.RECEIVE)
    if desk.village or (then == Then.FINISH and not _may_finish(request, edition)):
        then = Then.RECEIVE
    try:
        outcome = form.cleaned_data.get("outcome", "")
        return take_in(order, then=then, outcome=outcome, keep=lambda new: _keep_secret(request, new), by=request.user, now=now)
    except FormUsed as used:
        form.add_error(None, str(used))
        form.data = form.data.copy()
        form.data["form_token"] = form.new_token()
        return None
    except Refused as refused:
        if isinstance(refused, StillMissing):
            form.add_error(None, _("Without it the case can be taken in (收件) now and accepted once it is here."))
        order_field = "outcome" if then == Then.FINISH and not form.cleaned_data.get("outcome") else None
        form.add_error(order_field, str(refused))
        return None


def _place_of(desk: Desk, person: Person) -> OutingPlace | None:
    """Where on that day: the only place, or the one in the person's village."""
    places = list(desk.outing.places.all()) if desk.outing else []
    there = places if len(places) == 1 else [place for place in places if place.village_id and place.village_id == person.village_id]
    return there[0] if there else None


def _keep_secret(request, received: Received) -> None:
    secrets_once.put_at_once(request, received.case.number, received.secret)


def _after(request, received: Received) -> HttpResponse:
    """To the receipt; or, when one more item of the same person follows, to the finder of this visit."""
    case = received.case
    held_forms.drop(request.user, request.POST.get("held"))
    if request.POST.get("again") == "1" and case.visit_id:
        return redirect(f"/desk/visit/{case.visit_id}/")
    return redirect(f"/desk/{case.number}/receipt/")


def _page(request, desk: Desk, edition: Edition, form: IntakeForm, status: int = 200) -> HttpResponse:
    context = {
        "desk": desk,
        "edition": edition,
        "form": form,
        "kept": desk.query(),
        "others": _other_people(desk),
        "may_finish": _may_finish(request, edition),
        "may_accept": _may_accept(desk, edition),
        "why_not_at_once": _why_not_at_once(request, desk, edition),
        "outside_window": outside(edition, timezone.localdate()),
        "again": request.POST.get("again") == "1",
        "had": [case.number for case in desk.person.cases if case.item_id == edition.item_id] if desk.person else [],
    }
    panes = _panes(desk, form) if _is_somebodys(request, desk, form) else _kept_panes(desk, edition, form)
    return render(request, "requests/intake/take.html", context | {"panes": panes}, status=status)


def _is_somebodys(request, desk: Desk, form: IntakeForm) -> bool:
    """Does the form say anything about a person, a visit or a slip, or was it filled in before?"""
    if desk.village is not None or desk.booking is not None or desk.is_at_home:
        return True
    return form.is_bound or "held" in request.GET or desk.visit is not None or desk.slip is not None


def _kept_panes(desk: Desk, edition: Edition, form: IntakeForm) -> SafeString:
    """The panes of the untouched form, the same for every clerk: made once an edition, they cost two thirds of the page."""
    key = f"intake:{versions.current(versions.CATALOGUE)}:{edition.pk}:{get_language()}"
    panes = cache.get(key)
    if panes is None:
        panes = _panes(desk, form)
        cache.set(key, panes, KEEP_PANES)
    return panes


def _panes(desk: Desk, form: IntakeForm) -> SafeString:
    return render_to_string(
        "requests/intake/_panes.html",
        {
            "form": form,
            "lines": form.lines(),
            "known": persons.masked(desk.person.case) if desk.person else None,
            "has_representative": any(form[name].value() for name in form.REPRESENTATIVE_FIELDS if name in form.fields),
            "has_other_paper": form["id_type"].value() not in (None, "", "id_card") if "id_type" in form.fields else False,
        },
    )
