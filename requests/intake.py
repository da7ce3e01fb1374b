"""How a case begins: at a window, on the phone, online, from a paper slip, from the old ledger. 收件 is not 受理.

The first three verbs of a case live here; all others are in `requests.verbs`. Whoever logs it is the first asked
(首问): still sees it when it has gone to another office.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db import IntegrityError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from officials import numbers
from officials.audit import verb as audited
from officials.models import Office, Post, User
from requests import assigning, deadlines, persons
from requests.coming_for_another import refusal_of_authority
from requests.item_needs import is_identity_card
from requests.lifecycle import Refused, write_event
from requests.models import (
    Applicant,
    Appointment,
    Demand,
    DemandWords,
    MaterialReceipt,
    Mediation,
    Outing,
    OutingPlace,
    Party,
    ServiceRequest,
    Slip,
    Visit,
)
from requests.offering import checklist
from requests.outings import origins
from requests.particulars import as_words
from requests.permissions import heads_the_centre, logs_for, may_take_in
from requests.persons import NOBODY, Person
from requests.village.letters import Given, write_mandate
from services.models import Edition, Item

S = ServiceRequest.Status
State = MaterialReceipt.State
# Lines of the checklist that are no material of any item (domain 16.2, channel rule CR-01).
ID_CARD_LINE = "id_card"  # the forgotten card goes on the missing list
AUTHORITY_LINE = "authority"  # 授权委托书 of whoever comes for somebody else
AGENT_RELATION = "代办员"  # the relation of a village agent to the applicant, as papers name it
OWN_LINES = (ID_CARD_LINE, AUTHORITY_LINE)
OTHER_LINE = "other-"  # with a number: a paper that is on no list of the item, with the name that was typed
LINE_NAME = "material-line"  # place of that sealed name


@dataclass(frozen=True)
class Received:
    """A new case and its tracking secret, which is not stored and can be shown only now. "" for a repeated form."""

    case: ServiceRequest
    secret: str
    is_new: bool = True


class FormUsed(Refused):
    """A form that was logged already comes again and says something else: gone back to, and filled in for the next customer."""

    def __init__(self, case: ServiceRequest) -> None:
        sentence = _(
            "This form was sent before: it became case %(number)s. If this is another matter, send it once more, and it is "
            "logged under a number of its own."
        )
        super().__init__(sentence % {"number": case.number})
        self.case = case


@dataclass(frozen=True)
class Handed:
    """What became of one material of the checklist when it was handed in."""

    state: str
    original_held: bool = False
    is_away: bool = False  # an original already held, which is at the county just now
    name: str = ""  # of a line OTHER_LINE
    is_copy: bool = False


@dataclass
class Intake:
    """Everything that is known when a case begins. `received_at` is the true time; `now` the time of entry."""

    intake_office: Office
    channel: str
    person: Person = NOBODY
    edition: Edition | None = None
    kind: str = ServiceRequest.Kind.APPLICATION
    received_at: datetime | None = None
    visit: Visit | None = None
    slip: Slip | None = None
    form_token: str = ""
    materials: Mapping[int | str, Handed] = field(default_factory=dict)
    words: str = ""
    # What this item alone asks for, label → words (`requests.particulars`).
    particulars: Mapping[str, str] = field(default_factory=dict)
    # Taken in outside the days of its batch, because the notice of this year allows it (domain 16.3).
    is_out_of_season: bool = False
    # Why it is logged although one like it is open ("another"), or under another name than this number had ("other_name").
    confirmed: Mapping[str, str] = field(default_factory=dict)
    office: Office | None = None
    origin: str = ServiceRequest.Origin.LIVE
    old_number: str = ""
    old_source: str = ""
    earlier_case: ServiceRequest | None = None
    secret: str | None = None
    # Of cases without an item: the window where the person stood, the row that makes it a demand, what was said, whom it is about.
    window: Office | None = None
    demand: Demand | None = None
    told: str = ""
    kept_from: User | None = None
    kept_from_office: Office | None = None
    # Taken in on a day away from the hall; `at_once`: it is settled there before these eyes.
    outing: Outing | None = None
    outing_place: OutingPlace | None = None
    at_once: bool = False
    appointment: Appointment | None = None
    mediation: Mediation | None = None
    other_party: dict[str, str] = field(default_factory=dict)
    # Logged in a village by its agent: `intake_office` is the window to which the file will be brought.
    mandate: Given | None = None


def receive(intake: Intake, *, by: User, now: datetime) -> Received:
    """Log a case: number, office, named person, dates, key and secret, in one transaction.

    Raises Refused (no right, retired item, time in the future). The same form token again gives the same case, or FormUsed
    where the form now says something else.
    """
    if intake.mandate is not None:
        _represented_by_agent(intake, by)
    try:
        post = _check(intake, by, now)
        with audited("receive", by=by, now=now) as act:
            case, secret = _write(intake, post, by=by, now=now)
            act.subject = f"case:{case.pk}"
    except (IntegrityError, Refused):
        # Nearly every form comes once, so only a failure asks whether this one was here before.
        # Among verbs of one fate nothing can be asked before all is undone: then the caller looks.
        again = None if connection.needs_rollback else logged_before(intake)
        if again is None:
            raise
        return again
    return Received(case, secret)


def logged_before(intake: Intake) -> Received | None:
    """The case that was made of this very form already. Raises FormUsed when the form says something else by now."""
    if not intake.form_token:
        return None
    case = ServiceRequest.objects.filter(form_token=intake.form_token).select_related("key", "applicant", "edition").first()
    if case is None:
        return None
    if not _says_the_same(intake, case):
        raise FormUsed(case)
    return Received(case, "", is_new=False)


def _says_the_same(intake: Intake, case: ServiceRequest) -> bool:
    """Not the item: it may have been exchanged since."""
    first = case.events.filter(verb="receive").first()
    words = (persons.open_for(case, first.sealed, "event") or {}) if first else {}
    said = persons.person_of(case) == intake.person and words.get("text", "") == intake.words and case.kind == intake.kind
    return said and told_in(case) == intake.told


def told_in(case: ServiceRequest) -> str:
    """What the person of a demand said; "" where that was taken away again, or the case was anonymised."""
    row = DemandWords.objects.filter(pk=case.pk).first() if case.kind in ServiceRequest.OF_DEMANDS else None
    return (persons.open_for(case, row.sealed, "demand") or "") if row else ""


def _check(intake: Intake, by: User, now: datetime) -> Post | None:
    """Refuse what cannot be logged. Returns the post that answers for the item, as it is staffed at this moment."""
    window = intake.window or intake.intake_office
    may_log = heads_the_centre if intake.kind == ServiceRequest.Kind.ORDER else may_take_in
    if intake.mandate is not None:
        _check_agent(intake, by)
    elif intake.kind == ServiceRequest.Kind.MEDIATION and intake.earlier_case is not None:
        pass  # what was a demand: whose it was passes it on (`demands.mediation.pass_on`)
    elif intake.kind == ServiceRequest.Kind.MEDIATION and logs_for(by, intake.person.village_id):
        pass  # 口头申请调解 in the village: its agent writes it down and passes it on, and reads no more of it than the window does
    elif not may_log(by, window.pk):
        raise Refused(_("You have no right to log cases at %(office)s.") % {"office": window})
    if intake.received_at and intake.received_at > now:
        raise Refused(_("The time of receipt lies in the future."))
    edition = intake.edition
    if edition is None:
        if intake.kind == ServiceRequest.Kind.APPLICATION:
            raise Refused(_("Choose the item."))
        return None
    # The live state, not what the cached page knew: a retired item takes no new case.
    is_published, post = assigning.post_of(edition)
    if not is_published and intake.origin == ServiceRequest.Origin.LIVE:
        raise Refused(_("This item has changed or been retired meanwhile. Open it again."))
    is_application = intake.kind == ServiceRequest.Kind.APPLICATION and intake.origin != ServiceRequest.Origin.OLD_LEDGER
    if intake.person.representative and is_application:
        authority = intake.person.representative.get("basis", "")
        sentence = refusal_of_authority(intake.intake_office.township_id, edition, authority)
        if sentence:
            raise Refused(sentence)
    return post


def _represented_by_agent(intake: Intake, by: User) -> None:
    """The agent is who comes for the applicant, with the letter seen: all rules on coming for somebody else hold (CR-01)."""
    agent = {"name": by.name, "relation": AGENT_RELATION, "basis": Party.Authority.IN.value}
    intake.person = replace(intake.person, representative=agent)
    intake.materials = {**intake.materials, AUTHORITY_LINE: Handed(State.IN)}


def _check_agent(intake: Intake, by: User) -> None:
    """Only residents of the own village, and only an application: what an agent may do is on the letter (domain 7.1)."""
    if intake.edition is None or intake.kind != ServiceRequest.Kind.APPLICATION:
        raise Refused(_("Choose the item."))
    if not logs_for(by, intake.person.village_id):
        raise Refused(_("You log cases for residents of your own village only. Whoever lives elsewhere goes to the window."))


def _write(intake: Intake, post: Post | None, *, by: User, now: datetime) -> tuple[ServiceRequest, str]:
    received_at = intake.received_at or now
    office = intake.office or (intake.edition.office if intake.edition else intake.intake_office)
    holder, why = assigning.responsible(post, office, now)
    township = intake.intake_office.township
    # A case carried over from the paper ledger keeps its old number beside one of this year: past series stay as they are.
    local_date = timezone.localdate(now if intake.origin == ServiceRequest.Origin.OLD_LEDGER else received_at)
    case = _row(intake, office, holder, received_at, by=by, now=now)
    case.__dict__["_is_new"] = True
    if intake.demand is not None:
        intake.demand.service_request = case
    deadlines.write(case)
    # The number last of all that can fail, so that a refusal takes none; a rollback gives it back.
    case.number = numbers.show(township.code, local_date.year, numbers.take(township, "", local_date))
    case.save(force_insert=True)
    secret = persons.register(case, intake.person, secret=intake.secret)
    _write_its_kind(intake, case)
    write_materials(case, intake.materials, by=by, now=now)
    if intake.mandate is not None:
        write_mandate(case, by, intake.mandate, by=by, now=now)
    assigning.write_assignment(case, why, by=by, now=now)
    words = {"text": intake.words, **intake.confirmed, **as_words(intake.particulars)}
    write_event(case, "receive", before="", by=by, now=now, at=received_at, facts=_facts(case, intake), words=words)
    _settle_where_it_came_from(intake, case, by=by, now=now)
    return case, secret


def _row(intake: Intake, office: Office, holder: User | None, received_at: datetime, *, by: User, now: datetime) -> ServiceRequest:
    edition = intake.edition
    return ServiceRequest(
        township=intake.intake_office.township,
        kind=intake.kind,
        channel=intake.channel,
        origin=intake.origin,
        status=S.AT_VILLAGE if intake.mandate else S.RECEIVED,
        item_id=edition.item_id if edition else None,
        edition=edition,
        office=office,
        holder=holder,
        intake_office=intake.intake_office,
        first_asked=by,
        village_id=intake.person.village_id,
        visit=intake.visit,
        earlier_case=intake.earlier_case,
        kept_from=intake.kept_from,
        kept_from_office=intake.kept_from_office,
        submitted_at=received_at if intake.channel == ServiceRequest.Channel.ONLINE else None,
        village_received_at=received_at if intake.mandate else None,
        received_at=received_at,
        recorded_at=now,
        old_number=intake.old_number,
        old_source=intake.old_source,
        form_token=intake.form_token or None,
    )


def _write_its_kind(intake: Intake, case: ServiceRequest) -> None:
    """What a demand or a mediation has beside the case; what was said is sealed under the key of the case."""
    if intake.demand is not None:
        intake.demand.service_request = case
        intake.demand.save(force_insert=True)
        DemandWords.objects.create(service_request=case, sealed=persons.seal_for(case, intake.told, "demand"))
    if intake.mediation is not None:
        intake.mediation.service_request = case
        intake.mediation.sealed = persons.seal_for(case, intake.other_party, "other_party")
        intake.mediation.save(force_insert=True)


def _settle_where_it_came_from(intake: Intake, case: ServiceRequest, *, by: User, now: datetime) -> None:
    """The paper slip, the day outside or the appointment of which this case is made."""
    if intake.slip is not None:
        _settle(intake.slip, case, by=by, now=now)
    if intake.outing is not None:
        origins.taken_out_there(case, intake.outing, intake.outing_place, at_once=intake.at_once, by=by, now=now)
    if intake.appointment is not None:
        origins.made_of_booking(intake.appointment, case, by=by, now=now)


def _facts(case: ServiceRequest, intake: Intake) -> dict:
    facts = {"office": case.office.code, "channel": case.channel, "due_on": str(case.due_on or "")}
    if intake.slip is not None:
        facts["slip"] = intake.slip.number
    if intake.is_out_of_season:
        facts["out_of_season"] = True
    return facts


def write_materials(case: ServiceRequest, handed: Mapping[int | str, Handed], *, by: User, now: datetime) -> None:
    """One row for each line of the checklist, by the id of its material or by its own name (OWN_LINES)."""
    rows = []
    if handed:
        ids = [key for key in handed if key not in OWN_LINES and not is_other(key)]
        known = {m.pk: m for m in checklist(case.edition)} if ids and case.edition else {}
        for key, what in handed.items():
            if key in OWN_LINES:
                rows.append(MaterialReceipt(service_request=case, line=key, state=what.state, at=now, by=by))
                continue
            if is_other(key):
                rows.append(_other_paper(case, str(key), what, by=by, now=now))
                continue
            material = known.get(key)
            if material is None:
                raise Refused(_("One of the materials does not belong to this item."))
            is_in = what.state == State.IN
            if is_in and what.original_held and is_identity_card(material):
                raise Refused(_("The original of “%(name)s” cannot stay here: hand it back at once.") % {"name": material.name})
            rows.append(
                MaterialReceipt(
                    service_request=case,
                    material=material,
                    state=what.state,
                    originals=material.original_count if is_in else 0,
                    copies=material.copy_count if is_in else 0,
                    original_held=is_in and what.original_held,
                    is_away=is_in and what.is_away,
                    at=now,
                    by=by,
                )
            )
    if case.__dict__.get("_is_new") and _id_is_awaited(case):
        rows.append(MaterialReceipt(service_request=case, line=ID_CARD_LINE, state=State.MISSING, at=now, by=by))
    if rows:
        MaterialReceipt.objects.bulk_create(rows)


def is_other(key: int | str) -> bool:
    return str(key).startswith(OTHER_LINE)


def _other_paper(case: ServiceRequest, key: str, what: Handed, *, by: User, now: datetime) -> MaterialReceipt:
    """A paper of no list. Its name is asked once, when it comes; a later row of the line says only what became of it."""
    if not what.name.strip() and not MaterialReceipt.objects.filter(service_request=case, line=key).exists():
        raise Refused(_("Write down what the other paper is called."))
    is_in = what.state == State.IN
    sealed = persons.seal_for(case, what.name.strip(), LINE_NAME) if what.name.strip() else ""
    return MaterialReceipt(
        service_request=case, line=key, state=what.state, originals=int(is_in and not what.is_copy), copies=int(is_in and what.is_copy),
        sealed=sealed, at=now, by=by,
    )  # fmt: skip


def _id_is_awaited(case: ServiceRequest) -> bool:
    """Not where the paper ledger merely does not tell: what it says of acceptance stands (domain 16.7)."""
    is_old = case.origin == ServiceRequest.Origin.OLD_LEDGER
    return case.has_checklist and not is_old and case.applicant.id_state in Applicant.AWAITED


def _settle(slip: Slip, case: ServiceRequest, *, by: User, now: datetime) -> None:
    slip = Slip.objects.select_for_update().get(pk=slip.pk)
    if slip.state != Slip.State.BLANK:
        raise Refused(_("Slip %(number)s is already accounted for.") % {"number": slip.number})
    slip.state, slip.service_request, slip.settled_at, slip.settled_by = Slip.State.ENTERED, case, now, by
    slip.save()


def begin_visit(office: Office, *, window=None, by: User, now: datetime) -> Visit:
    """One person at the window with several items."""
    if not may_take_in(by, office.pk):
        raise Refused(_("You have no right to log cases at %(office)s.") % {"office": office})
    with audited("begin_visit", by=by, now=now):
        return Visit.objects.create(township=office.township, office=office, window=window, at=now, by=by)


def print_slips(office: Office, count: int, *, by: User, now: datetime) -> list[Slip]:
    """Blank paper slips in their own series, printed for the hour without power. Every one stays accounted for."""
    if not may_take_in(by, office.pk):
        raise Refused(_("You have no right to log cases at %(office)s.") % {"office": office})
    if not 1 <= count <= 50:
        raise Refused(_("Between 1 and 50 slips at a time."))
    township, day = office.township, timezone.localdate(now)
    with audited("print_slips", by=by, now=now, subject=f"office:{office.code}"):
        slips = [
            Slip(
                township=township,
                number=numbers.show(township.code, day.year, value, numbers.SLIPS),
                office=office,
                printed_at=now,
                printed_by=by,
            )
            for value in numbers.take_many(township, numbers.SLIPS, day, count=count)
        ]
        for slip in slips:
            slip.save()
    return slips


def spoil_slip(slip: Slip, *, reason: str, by: User, now: datetime) -> Slip:
    """A slip that was spoilt: it keeps its number and says why (one of `Slip.Spoilt`: free words might name a person)."""
    if reason not in Slip.Spoilt.values:
        raise Refused(_("Say why the slip is spoilt."))
    with audited("spoil_slip", by=by, now=now, subject=f"slip:{slip.number}"):
        slip = Slip.objects.select_for_update().get(pk=slip.pk)
        if not may_take_in(by, slip.office_id):
            raise Refused(_("You have no right to log cases at %(office)s.") % {"office": slip.office})
        if slip.state != Slip.State.BLANK:
            raise Refused(_("Slip %(number)s is already accounted for.") % {"number": slip.number})
        slip.state, slip.spoilt_reason, slip.settled_at, slip.settled_by = Slip.State.SPOILT, reason, now, by
        slip.save()
    return slip


def published_edition(item: Item) -> Edition | None:
    """The edition a new case of this item is logged under."""
    return (
        Edition.objects.published()
        .filter(item=item)
        .select_related("item", "office", "office__township", "post", "post__holder", "post__deputy")
        .first()
    )
