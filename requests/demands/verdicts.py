"""回访: what counts as a verdict, who may ask for it, and what the upper system is told of it (domain 2.3, 7.4, 8.4).

Grades have names. The one mapping to a number is GB_39046, and only the copy for the upper system uses it.
"""

from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from requests import persons
from requests.lifecycle import AlreadyHandled, Change, Refused
from requests.models import CallBack, Contact, ServiceRequest
from requests.permissions import Who, is_who

Grade = CallBack.Satisfaction
GOOD = (Grade.VERY_SATISFIED, Grade.SATISFIED, Grade.BASICALLY_SATISFIED)
RATED = (*GOOD, Grade.DISSATISFIED, Grade.VERY_DISSATISFIED)
# GB/T 39046—2020 附录A 满意度: 1 is the best and 5 the worst. Whoever did not rate has no code, least of all a good one.
GB_39046 = {
    Grade.VERY_SATISFIED: "1",
    Grade.SATISFIED: "2",
    Grade.BASICALLY_SATISFIED: "3",
    Grade.DISSATISFIED: "4",
    Grade.VERY_DISSATISFIED: "5",
}
ATTEMPTS = 3  # in vain and at different times, before somebody counts as not reached (domain 7.4)
VERDICTS = 2  # of one answer: the first, and one more said later; both stay (domain 6)
_A_MOMENT = timedelta(minutes=1)  # the same person again within it is a form sent twice
NOON, EVENING = 12, 18


def verdict_of(case: ServiceRequest) -> CallBack | None:
    """What the person said last; None: not asked yet or never reached."""
    return case.call_backs.filter(reached=True).order_by("-id").first()


def take(
    work: Change, *, how: str, reached: bool, solved: bool | None = None, satisfaction: str = ""
) -> CallBack:
    """One attempt, inside a verb that locked the case. Raises Refused where it is no verdict, or not this person's to take."""
    case, by, now = work.case, work.by, work.now
    if not is_who(by, Who.CALLER, case):
        raise Refused(_("Whoever handled it does not ask how the person judges it: that is for another colleague."))
    if how not in Contact.How.values:
        raise Refused(_("Say how the person was asked."))
    if reached and (solved is None or satisfaction not in Grade.values):
        raise Refused(_("Of somebody who was reached write down both: whether it is solved, and the grade or “not rated”."))
    if not reached and (solved is not None or satisfaction):
        raise Refused(_("Somebody who was not reached has said nothing: leave the verdict empty."))
    earlier = list(of_this_answer(case))
    if earlier and earlier[-1].by_id == by.pk and earlier[-1].reached == reached and now - earlier[-1].at < _A_MOMENT:
        raise AlreadyHandled(_("This call-back is noted already."))
    if reached and sum(one.reached for one in earlier) >= VERDICTS:
        raise Refused(_("The person has judged this answer twice already. Both verdicts stay."))
    work.facts.update(how=how, reached=reached)
    if reached:
        work.facts.update(solved=solved, satisfaction=satisfaction)
    times = {time_of_day(one.at) for one in earlier if not one.reached}
    gave_up = not reached and not any(one.reached for one in earlier) and len(times | {time_of_day(now)}) >= ATTEMPTS
    return CallBack.objects.create(
        service_request=case, how=how, reached=reached, solved=solved, satisfaction=satisfaction, gave_up=gave_up, at=now, by=by
    )


def of_this_answer(case: ServiceRequest):
    """The attempts since the answer that stands; those before a rework were about another one."""
    return case.call_backs.filter(at__gte=case.decided_at).order_by("id") if case.decided_at else case.call_backs.none()


def time_of_day(at: datetime) -> tuple[date, int]:
    """Morning, afternoon and evening of a day are different times; an hour later is the same one."""
    local = timezone.localtime(at)
    return local.date(), (local.hour >= NOON) + (local.hour >= EVENING)


def refuse_unless_tried(case: ServiceRequest) -> None:
    """"Not reached" is said after three attempts at different times; of whoever left no number it is known at once."""
    if case.demand.is_anonymous or not persons.person_of(case).phone:
        return
    tried = {time_of_day(one.at) for one in of_this_answer(case) if not one.reached}
    if len(tried) < ATTEMPTS:
        raise Refused(
            _("Call at least %(n)s times at different times (morning, afternoon, evening) before that. Noted so far: %(tried)s.")
            % {"n": ATTEMPTS, "tried": len(tried)},
            first="call_back",
        )
