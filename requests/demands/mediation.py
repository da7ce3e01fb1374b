"""The road of a mediation (人民调解法): both agree, a mediator is chosen, there is an agreement or none; either may refuse at any time."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.audit import together
from officials.calendar import calendar_for
from officials.models import Office, Township, User
from officials.permissions import HANDLE, HEAD, rights
from officials.privacy.masking import mask_name, mask_phone
from requests import assigning, clock, persons
from requests.clock import Kind as LimitKind
from requests.clock import Limit, StartEvent, Unit
from requests.demands import dates, placing
from requests.intake import Intake, Received, receive
from requests.lifecycle import Change, Refused, change, end, refusal
from requests.models import Assignment, Demand, DemandWords, Mediation, ServiceRequest
from requests.persons import Person
from requests.reasons import say_date
from services.models import Edition

S, Kind, Outcome = ServiceRequest.Status, ServiceRequest.Kind, ServiceRequest.Outcome
ITEM = "SF-001"  # 人民调解 in the catalogue: its office is the mediation office
APPLICANT, OTHER = "applicant", "other"
Asked, Performance, Court = Mediation.Asked, Mediation.Performance, Mediation.Court


def mediation_office(window: Office) -> Office | None:
    """The office of the catalogue's item for mediation."""
    return _office_of(window.township_id)


def committees(township: Township) -> list[Office]:
    """Where a mediation committee sits: the office that answers for mediation, and the villages (人民调解法 8)."""
    places, answers = [place.office for place in placing.places_in(township)], _office_of(township.pk)
    if answers is None:
        return places
    return [office for office in places if office == answers or office.kind == Office.Kind.VILLAGE]


def _office_of(township_id: int) -> Office | None:
    edition = Edition.objects.published().filter(item__code=ITEM, item__township=township_id).select_related("office").first()
    return edition.office if edition else None


def register_mediation(
    window: Office, office: Office, *, person: Person, other: Mapping[str, str], words: str, channel: str, dispute: str = "",
    form_token: str = "", earlier: ServiceRequest | None = None, by: User, now: datetime,
) -> Received:  # fmt: skip
    """申请调解, oral or written. Whoever writes it down sees afterwards only state and date, like everybody else outside that office."""
    if not person.name or not other.get("name"):
        raise Refused(_("A mediation needs both parties by name."))
    if not words.strip():
        raise Refused(_("Write down what it is about."))
    order = Intake(
        intake_office=window,
        office=office,
        channel=channel,
        kind=Kind.MEDIATION,
        person=person,
        form_token=form_token,
        earlier_case=earlier,
        demand=Demand(sort=Demand.Sort.DISPUTE, limits=dates.of(window.township, "")),
        told=words,
        mediation=Mediation(applicant_agreed_at=now, dispute=dispute),  # who asks for it agrees to it
        other_party=dict(other),
    )
    return receive(order, by=by, now=now)


def pass_on(
    case: ServiceRequest, office: Office, *, other: Mapping[str, str], words: str, dispute: str = "", by: User, now: datetime
) -> ServiceRequest:
    """A demand goes on as a mediation of the same person, whose code stays the same. Its words go along and are taken away from it.

    Raises Refused: a complaint about an office, nobody's name known, the demand ended meanwhile.
    """
    with together(one_fate=True):
        sentence = refusal("to_mediation", case, by)
        if sentence:
            raise Refused(sentence)
        if case.demand.sort == Demand.Sort.COMPLAINT:
            raise Refused(_("A complaint about an office is no dispute between two parties."))
        received = register_mediation(
            case.intake_office, office, person=persons.person_of(case), other=other, words=words, channel=case.channel, dispute=dispute,
            earlier=case, by=by, now=now,
        )  # fmt: skip
        persons.same_code(received.case, case)
        with change("to_mediation", case, by=by, now=now) as work:
            end(work)
            work.facts["number"] = received.case.number
            DemandWords.objects.filter(pk=work.case.pk).delete()
    return received.case


def note_consent(case: ServiceRequest, *, on: date | None = None, how: str = Asked.IN_PERSON, by: User, now: datetime) -> None:
    """The other party agreed too, on that day and in that way: only now may it be mediated, and from that day the month counts."""
    on = on or timezone.localdate(now)
    if how not in Asked.values:
        raise Refused(_("Say how the other party agreed."))
    with change("note_consent", case, by=by, now=now) as work:
        if not timezone.localdate(work.case.received_at) <= on <= timezone.localdate(now):
            raise Refused(_("They agreed between the application and today."))
        at = now if on == timezone.localdate(now) else max(work.case.received_at, timezone.make_aware(datetime.combine(on, time(12))))
        row = _row(work)
        row.other_agreed_at, row.other_agreed_how = at, how
        row.save()
        work.case.accepted_at, work.case.accepted_by = at, by
        work.facts.update(how=str(how), on=on.isoformat())


def name_mediator(
    case: ServiceRequest, person: User, *, chosen_by_parties: bool, others: str = "", by: User, now: datetime
) -> None:
    """A mediator of the office, who from now on holds the case; the parties may choose (人民调解法 19).

    `others`: further mediators, and relatives, neighbours or colleagues asked to take part (19, 20); they stand on the agreement.
    """
    with change("name_mediator", case, by=by, now=now) as work:
        if person.pk not in {one.pk for one in assigning.people_of(work.case.office)}:
            raise Refused(_("%(name)s does not work on cases of %(office)s.") % {"name": person, "office": work.case.office})
        row = _row(work)
        row.mediator, row.chosen_by_parties = person, chosen_by_parties
        row.save()
        work.facts.update(before=work.case.holder_id, holder=person.pk)
        work.case.holder = person
        if others.strip():
            work.words["others"] = others.strip()
        assigning.write_assignment(work.case, Assignment.Why.HEAD, by=by, now=now)


def tell_police(case: ServiceRequest, *, words: str, by: User, now: datetime) -> None:
    """It may grow worse, or touches public order or a crime: the police were told (人民调解法 25)."""
    if not words.strip():
        raise Refused(_("Write down what the police were told."))
    with change("tell_police", case, by=by, now=now) as work:
        row = _row(work)
        row.police_told_at = row.police_told_at or now
        row.save()
        work.words["text"], work.redate = words, False


def refuse_mediation(case: ServiceRequest, *, party: str, ways: str, by: User, now: datetime) -> None:
    """One party refuses: it may not be mediated (any further), and both are told the other ways."""
    if party not in (APPLICANT, OTHER):
        raise Refused(_("Say which party."))
    _without_agreement("refuse_mediation", case, ways, {"party": party}, by=by, now=now)


def fail_mediation(case: ServiceRequest, *, ways: str, by: User, now: datetime) -> None:
    """No agreement came about: arbitration, the authorities or the court are named (人民调解法 26)."""
    _without_agreement("fail_mediation", case, ways, {}, by=by, now=now)


def _without_agreement(name: str, case: ServiceRequest, ways: str, facts: dict, *, by: User, now: datetime) -> None:
    if not ways.strip():
        raise Refused(_("Say which ways remain: arbitration, the authorities, the court."))
    with change(name, case, by=by, now=now) as work:
        work.case.outcome, work.case.decided_at, work.case.decided_by = Outcome.FAILED, now, by
        end(work)
        work.facts.update(facts)
        work.words["where"] = ways


def reach_agreement(
    case: ServiceRequest, *, form: str, binding_from: date, perform_by: date | None = None, words: str, by: User, now: datetime
) -> None:
    """调解协议: oral it binds when it is reached, written when both have signed and the committee has sealed it (29, 30).

    Until 30 days later both may ask the court together to confirm it (33): the date is told.
    """
    if form not in Mediation.Form.values:
        raise Refused(_("Choose the form of the agreement."))
    if not words.strip():
        raise Refused(_("Write down what was agreed."))
    if binding_from > timezone.localdate(now):
        raise Refused(_("This day lies in the future."))
    if perform_by is not None and perform_by < binding_from:
        raise Refused(_("It cannot be performed before it binds."))
    with change("reach_agreement", case, by=by, now=now) as work:
        row = _row(work)
        row.form, row.binding_from, row.perform_by = form, binding_from, perform_by
        row.court_by = _court_by(work.case, binding_from)
        row.save()
        work.case.outcome, work.case.decided_at, work.case.decided_by = Outcome.AGREED, now, by
        work.facts["late"] = bool(work.case.due_at and now > work.case.due_at)
        work.words["text"] = words


def _court_by(case: ServiceRequest, binding_from: date) -> date:
    setting = dates.kept(case.demand, dates.COURT)
    calendar = calendar_for(case.township_id)
    start = timezone.make_aware(datetime.combine(binding_from, datetime.min.time()))
    limit = Limit(setting.value, Unit(setting.unit), StartEvent.ACCEPTED, LimitKind.ANSWER, setting.basis)
    return clock.due(limit, start, calendar).due_on


def note_performance(
    case: ServiceRequest, *, performed: str, on: date | None = None, court: str = Court.NOT_ASKED, words: str, by: User, now: datetime
) -> None:
    """The committee watches over it (31): kept, partly, or not, since when, and what was said to whoever does not keep it.

    Before the last day of the agreement it ends only when it is kept in full: until then nobody is late with it.
    """
    today = timezone.localdate(now)
    if performed not in Performance.values or court not in Court.values:
        raise Refused(_("Say how it was performed."))
    if not words.strip():
        raise Refused(_("Write down how it was performed."))
    if on is not None and on > today:
        raise Refused(_("This day lies in the future."))
    with change("note_performance", case, by=by, now=now) as work:
        row = _row(work)
        if performed != Performance.FULL and row.perform_by and row.perform_by > today:
            sentence = _("They have until %(day)s. Until then write a note; the case ends when it is performed, or after that day.")
            raise Refused(sentence % {"day": say_date(row.perform_by)})
        row.performed, row.performed_on, row.court = performed, on or today, court
        row.save()
        end(work)
        work.facts.update(performed=str(performed), court=str(court))
        work.words["text"] = words


def other_party(case: ServiceRequest, *, in_full: bool = False) -> dict[str, str]:
    """The other party, masked; in full only where the page asked why and logged it."""
    plain = persons.open_for(case, case.mediation.sealed, "other_party") or {}
    if in_full:
        return {name: text for name, text in plain.items() if text}
    return {"name": mask_name(plain.get("name", "")), "phone": mask_phone(plain.get("phone", ""))}


def waiting_for(user: User, today: date) -> dict[str, int]:
    """Of my offices: applications whose other party was not asked yet, and agreements that should be performed by now."""
    mine = ServiceRequest.objects.filter(office_id__in=rights(user).where(HANDLE, HEAD), kind=Kind.MEDIATION)
    return mine.aggregate(
        begin=Count("pk", filter=Q(status=S.RECEIVED)),
        perform=Count("pk", filter=Q(status=S.DECIDED, mediation__perform_by__lte=today)),
    )


def _row(work: Change) -> Mediation:
    return Mediation.objects.select_for_update().get(pk=work.case.pk)
