"""What happens to a demand, an assigned order and an unfinished matter. Each verb is one change (`lifecycle.TRANSITIONS`)."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import Office, User
from officials.permissions import HANDLE, rights
from requests import assigning, deadlines
from requests.demands import dates, read_here, verdicts, ways
from requests.demands.placing import where_it_waits
from requests.lifecycle import Change, Refused, change, end
from requests.models import Assignment, CoHandling, Contact, Demand, DemandWords, Extension, ServiceRequest
from requests.reasons import say_moment

S, Kind, Outcome = ServiceRequest.Status, ServiceRequest.Kind, ServiceRequest.Outcome
ON_THE_SPOT = (Outcome.SOLVED, Outcome.EXPLAINED)
OUTCOMES = (Outcome.SOLVED, Outcome.PARTLY, Outcome.EXPLAINED, Outcome.ELSEWHERE)
LONGEST_PAUSE = timedelta(days=366)


# -- where it goes ----------------------------------------------------------------------------------------------


def show_the_way(case: ServiceRequest, *, way: str, where: str = "", number: str = "", by: User, now: datetime) -> None:
    """It belongs elsewhere (domain 8.2, 9): the place and the phone are told, what was said is taken away.

    Of a petition only the number in the petition system is kept (`number`); of the rest nothing but where it was sent.
    """
    if way not in ways.BY_KEY:
        raise Refused(_("Choose where it belongs."))
    if way == ways.PETITION and not number.strip():
        raise Refused(_("Enter the number under which the petition was passed on."))
    with change("show_the_way", case, by=by, now=now) as work:
        end(work)
        demand = _demand(work)
        demand.way = way
        demand.save()
        if number:
            work.case.upper_number, work.case.upper_at, work.case.upper_by = number.strip(), now, by
        work.facts["way"] = way
        work.words["where"] = where
        DemandWords.objects.filter(pk=work.case.pk).delete()


def dispatch(
    case: ServiceRequest, *, rhythm: str, lead: Office, holder: User | None = None, co: Collection[Office] = (), by: User, now: datetime
) -> None:
    """派单: a lead office and a person, its limits, and who takes part (首派负责: the lead is never empty)."""
    with change("dispatch", case, by=by, now=now) as work:
        _send(work, rhythm, lead, holder, co)


def designate(
    case: ServiceRequest, *, rhythm: str, lead: Office, holder: User | None = None, co: Collection[Office] = (), reason: str, by: User,
    now: datetime,
) -> None:  # fmt: skip
    """指定承办: by the head of the centre, after which it cannot be returned any more (domain 8.3)."""
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change("designate", case, by=by, now=now) as work:
        _send(work, rhythm, lead, holder, co, is_designated=True)
        work.words["text"] = reason


def _send(
    work: Change, rhythm: str, lead: Office, holder: User | None, co: Collection[Office], *, is_designated: bool = False
) -> None:
    case, demand = work.case, _demand(work)
    if rhythm not in (Demand.GRADES if case.kind == Kind.UNSOLVED else Demand.RHYTHMS):
        raise Refused(_("Choose the rhythm."))
    _check_offices(case, lead, co)
    holder, why = (holder, Assignment.Why.MOVED) if holder else _usual(case, lead, work.now)
    if holder is None or holder.pk not in {one.pk for one in assigning.people_of(lead)}:
        raise Refused(_("Name a person of %(office)s who answers for it.") % {"office": lead})
    if holder.pk == case.kept_from_id:
        raise Refused(_("It is about %(name)s, who may not handle it.") % {"name": holder})
    work.facts.update(office=lead.code, before=case.holder_id, holder=holder.pk, rhythm=rhythm, co=[office.code for office in co])
    case.office, case.holder, case.accepted_at, case.accepted_by = lead, holder, None, None
    case.original_on = None  # the date of the rhythm it now has is the one an extension moves
    demand.rhythm, demand.limits = rhythm, dates.of(case.township, rhythm)
    demand.dispatched_at, demand.dispatched_by, demand.is_designated = work.now, work.by, is_designated
    demand.contact_due_at = dates.contact_by(case, demand, calendar_for(case.township_id))
    demand.save()
    assigning.write_assignment(case, why, by=work.by, now=work.now)
    _ask_along(case, co)


def _check_offices(case: ServiceRequest, lead: Office, co: Collection[Office]) -> None:
    for office in (lead, *co):
        if office.pk == case.kept_from_office_id:
            raise Refused(_("The demand is about %(office)s, which may not handle it.") % {"office": office})
        if office.township_id != case.township_id or office.closed_on:
            raise Refused(_("%(office)s does not work for this township.") % {"office": office})
    if lead in co:
        raise Refused(_("The lead office cannot take part a second time."))


def _usual(case: ServiceRequest, lead: Office, now: datetime) -> tuple[User | None, Assignment.Why]:
    """Who answers for it there, and why: what came to somebody who stands in goes back with the rest."""
    person, why = assigning.responsible(None, lead, now)
    stands_in = why in (Assignment.Why.DEPUTY, Assignment.Why.THIRD)
    return None if person is None or person.pk == case.kept_from_id else person, Assignment.Why(why) if stands_in else Assignment.Why.MOVED


def _ask_along(case: ServiceRequest, co: Collection[Office]) -> None:
    """The offices that take part; one that was asked before and did nothing yet falls away."""
    for row in case.co_handlings.filter(answered_at__isnull=True).exclude(office__in=co):
        row.delete()
    asked = set(case.co_handlings.values_list("office_id", flat=True))
    for office in co:
        if office.pk not in asked:
            CoHandling(service_request=case, office=office).save()


def sign_for(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """签收: the office has it. Whoever it was given to holds it; where nobody was, who signs."""
    with change("sign_for", case, by=by, now=now) as work:
        work.case.accepted_at, work.case.accepted_by = now, by
        if work.case.status == S.RECEIVED:  # the head of the centre does it without giving it to anybody
            work.case.holder = by
            demand = _demand(work)
            demand.dispatched_at, demand.dispatched_by = now, by
            demand.contact_due_at = dates.contact_by(work.case, demand, calendar_for(work.case.township_id))
            demand.save()


def return_demand(case: ServiceRequest, *, reason: str, rule: str, by: User, now: datetime) -> None:
    """退单: within its limit, with the reason and the rule; never after a designation (domain 8.3).

    "Not in our list of duties" is a rule: a county office may not push its work down to the township.
    """
    if not reason.strip() or not rule.strip():
        raise Refused(_("Say why, and by which rule."))
    with change("return_demand", case, by=by, now=now) as work:
        demand = _demand(work)
        if demand.is_designated:
            raise Refused(_("It was designated by the head of the centre and cannot be returned any more."))
        until = dates.may_return_until(demand, calendar_for(work.case.township_id))
        if now > until:
            when = say_moment(timezone.localtime(until))
            raise Refused(_("It could be returned until %(when)s. Now only the head of the centre can give it to others.") % {"when": when})
        work.facts.update(office=work.case.office.code, before=work.case.holder_id)
        work.words.update(text=reason, rule=rule)
        work.case.office = where_it_waits(work.case.intake_office, work.case.kept_from_office)
        work.case.holder, why = assigning.responsible(None, work.case.office, now)
        work.facts["holder"] = work.case.holder_id
        work.case.accepted_at, work.case.accepted_by = None, None
        demand.dispatched_at = demand.dispatched_by = demand.contact_due_at = None
        demand.save()
        _ask_along(work.case, ())
        assigning.write_assignment(work.case, why, by=by, now=now)


# -- the work ---------------------------------------------------------------------------------------------------


def first_contact(case: ServiceRequest, *, how: str, reached: bool, words: str = "", by: User, now: datetime) -> None:
    """Somebody spoke with the person, or tried to. The first time it succeeds is the response that is counted."""
    if how not in Contact.How.values:
        raise Refused(_("Choose how."))
    with change("first_contact", case, by=by, now=now) as work:
        demand = _demand(work)
        Contact.objects.create(service_request=work.case, how=how, reached=reached, at=now, by=by)
        if reached and demand.contacted_at is None:
            demand.contacted_at = now
            demand.save()
        if reached and work.case.status == S.ACCEPTED:
            work.to = S.IN_HAND
        work.facts.update(how=how, reached=reached)
        work.words["text"] = words


def co_parts(case: ServiceRequest, by: User) -> QuerySet[CoHandling]:
    """The parts of this person's offices that are still to be given."""
    return case.co_handlings.filter(answered_at__isnull=True, office_id__in=rights(by).where(HANDLE))


def co_answer(case: ServiceRequest, *, words: str, by: User, now: datetime) -> None:
    """The part of an office that helps, given to the lead office, which answers the person."""
    if not words.strip():
        raise Refused(_("Write down what your office did or found."))
    with change("co_answer", case, by=by, now=now) as work:
        row = co_parts(work.case, by).select_for_update().first()
        if row is None:
            raise Refused(_("Your office has given its part already."))
        row.answered_at, row.answered_by = now, by
        row.save()
        work.facts["office"], work.words["text"], work.redate = row.office.code, words, False


def extend_demand(case: ServiceRequest, *, reason: str, told: str, by: User, now: datetime) -> None:
    """延期: once, before the date passes, by the head of the office, and told to the person (domain 8.3, 14 no. 12)."""
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change("extend_demand", case, by=by, now=now) as work:
        demand = _demand(work)
        if told not in Contact.How.values and not demand.is_anonymous:
            raise Refused(_("Say how the person was told."))
        if work.case.extensions.exists():
            raise Refused(_("It was extended before. A demand is extended once; what cannot be solved yet is kept following."))
        due = next((one for one in deadlines.dues(work.case) if one.limit.kind == dates.Kind.ANSWER), None)
        if due is None or now > due.due_at:
            raise Refused(_("Its date has passed. It can only be extended before."))
        more = dates.kept(demand, dates.EXTENSION)
        Extension.objects.create(
            service_request=work.case, value=more.value, unit=more.unit, basis=more.basis, approved_by=by, at=now, by=by
        )
        work.facts.update(told=told, value=more.value, unit=more.unit, original_on=str(due.due_on))
        work.words["text"] = reason


def keep_following(case: ServiceRequest, *, progress: str, measures: str, look_again_on: date, by: User, now: datetime) -> None:
    """挂账跟踪: it cannot be solved yet. It stays open and comes up again on the day that is named (domain 8.3)."""
    if not progress.strip() or not measures.strip():
        raise Refused(_("Say how far it is and what is done."))
    today = timezone.localdate(now)
    if not today < look_again_on <= today + LONGEST_PAUSE:
        raise Refused(_("Name a day after today and within a year."))
    with change("keep_following", case, by=by, now=now) as work:
        demand = _demand(work)
        demand.look_again_on = look_again_on
        demand.save()
        work.facts["look_again_on"] = str(look_again_on)
        work.words.update(text=progress, measures=measures)


def answer_demand(case: ServiceRequest, *, outcome: str, words: str, where: str = "", by: User, now: datetime) -> None:
    """The answer; the clock ends here. Told to the person afterwards, which closes the case."""
    if outcome not in OUTCOMES:
        raise Refused(_("Choose the outcome."))
    if not words.strip():
        raise Refused(_("Write down what was answered."))
    if outcome == Outcome.ELSEWHERE and not where.strip():
        raise Refused(_("Say where the resident has to go, with a phone."))
    with change("answer_demand", case, by=by, now=now) as work:
        work.case.outcome, work.case.decided_at, work.case.decided_by = outcome, now, by
        due_at = work.case.due_at
        if work.case.status != S.FOLLOWING:
            # Whether it is in time is told by the date of the answer, not by one for signing or for the first contact.
            work.case.status = S.IN_HAND
            deadlines.write(work.case)
            due_at = work.case.due_at
        work.facts.update(outcome=outcome, late=bool(due_at and now > due_at), co_open=open_parts(work.case))
        if read_here.nobody_to_call(work.case):
            work.facts[read_here.READ_HERE] = True
        work.words.update(text=words, where=where)


def solve_on_the_spot(case: ServiceRequest, *, outcome: str, words: str, by: User, now: datetime) -> None:
    """当场解决: answered before these eyes, by whoever wrote it down. The clock ends, and the person knows already."""
    if outcome not in ON_THE_SPOT:
        raise Refused(_("Choose the outcome."))
    if not words.strip():
        raise Refused(_("Write down what was answered."))
    with change("solve_on_the_spot", case, by=by, now=now) as work:
        work.case.outcome, work.case.decided_at, work.case.decided_by = outcome, now, by
        end(work)
        work.facts["outcome"], work.words["text"] = outcome, words


def open_parts(case: ServiceRequest) -> list[str]:
    """Codes of the offices that still owe the lead office their part."""
    return list(case.co_handlings.filter(answered_at__isnull=True).values_list("office__code", flat=True))


def close_demand(
    case: ServiceRequest, *, told: str, words: str = "", solved: bool | None = None, satisfaction: str = "", by: User, now: datetime
) -> None:
    """The person was told, or could not be reached; an order was checked. Whoever did not handle it may note the verdict along.

    Telling is speaking with the person: where nobody had, it is the first contact.
    """
    if solved is False and not words.strip():
        raise Refused(_("Write down what is not solved; where it ends all the same, why."))
    with change("close_demand", case, by=by, now=now) as work:
        if told not in TOLD:
            raise Refused(_("Say how the person was told."))
        if told == read_here.LIES_READY and read_here.answer_of(work.case) is None:
            raise Refused(_("This answer was not written to be read with number and code. Tell the person another way."))
        if told == NOT_REACHED:
            verdicts.refuse_unless_tried(work.case)
        if solved is not None or satisfaction:
            verdicts.take(work, how=told, reached=True, solved=solved, satisfaction=satisfaction)
        demand = _demand(work)
        if told in Contact.How.values and demand.contacted_at is None:
            demand.contacted_at = now
            demand.save()
        end(work)
        work.facts["told"], work.words["text"] = told, words


NOT_REACHED, CHECKED = "not_reached", "checked"
TOLD = (*Contact.How.values, NOT_REACHED, CHECKED, read_here.LIES_READY)


def rework(case: ServiceRequest, *, reason: str, by: User, now: datetime) -> None:
    """重办: the answer does not hold. It goes back to the same office, and the limit for the answer begins anew.

    Also after the end, when the person says so later. What was solved on the spot had no office yet: it waits to be dispatched.
    """
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change("rework", case, by=by, now=now) as work:
        demand = _demand(work)
        demand.reworked_at, demand.look_again_on = now, None
        demand.save()
        work.case.outcome, work.case.decided_at, work.case.decided_by = "", None, None
        work.case.ended_at = work.case.ended_by = None
        if demand.dispatched_at is None:
            work.to = S.RECEIVED
        work.words["text"] = reason


def _demand(work: Change) -> Demand:
    """The row of the locked case, as the dates of this change will read it too."""
    return work.case.demand
