"""Limits of demands: what is usual, what the centre has set instead, and the dates that follow (domain 8.3, 7 办不成事, 9.3).

A limit is value, unit and basis (domain 14, no. 4). The usual ones stand in USUAL and nowhere else; a supervisor's own
stand in DemandLimit and take their place. A case keeps those it was given.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from officials.models import Township
from officials.workdays import Calendar
from requests import clock
from requests.clock import Due, Extension, Kind, Limit, StartEvent, Unit
from requests.models import Demand, DemandLimit, ServiceRequest

S = ServiceRequest.Status
R = Demand.Rhythm
SIGN, CONTACT, RETURN, ANSWER, EXTENSION = "sign", "contact", "return", "answer", "extension"
MEDIATION, COURT = "mediation", "court"
HOUR, WORKDAY, DAY, MONTH = Unit.HOUR, Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH
STARTS = {SIGN: StartEvent.DISPATCHED, CONTACT: StartEvent.DISPATCHED, ANSWER: StartEvent.RECEIVED, MEDIATION: StartEvent.ACCEPTED}
# The limits that run on a case, and under which name its dates are told.
RUNNING = {SIGN: Kind.SIGN, CONTACT: Kind.CONTACT, ANSWER: Kind.ANSWER, MEDIATION: Kind.ANSWER}


@dataclass(frozen=True)
class Setting:
    """One limit as it is in force: for a rhythm, or for all ("")."""

    value: int
    unit: str
    basis: str


USUAL: dict[tuple[str, str], Setting] = {
    (SIGN, R.AT_ONCE): Setting(1, HOUR, "紧急件30分钟至2小时签收（本中心规定）"),
    (SIGN, R.FIRST): Setting(2, HOUR, "紧急件30分钟至2小时签收（本中心规定）"),
    (SIGN, ""): Setting(1, WORKDAY, "半个到1个工作日签收（本中心规定）"),
    (CONTACT, ""): Setting(24, HOUR, "接单后24小时内联系诉求人（本中心规定）"),
    (RETURN, ""): Setting(24, HOUR, "收单后24小时内可退单，须写明理由和依据；经指定的不得再退（本中心规定）"),
    (ANSWER, R.AT_ONCE): Setting(1, WORKDAY, "能办的马上办（本中心规定）"),
    (ANSWER, R.FIRST): Setting(3, WORKDAY, "重要的优先办（本中心规定）"),
    (ANSWER, ""): Setting(5, WORKDAY, "本中心规定，法规另有规定的从其规定"),
    (EXTENSION, ""): Setting(5, WORKDAY, "特别复杂的经负责人批准延长一次（本中心规定）"),
    (ANSWER, R.ORDINARY): Setting(5, WORKDAY, "办不成事反映，一般情形（本中心规定）"),
    (ANSWER, R.COMPLEX): Setting(10, WORKDAY, "办不成事反映，复杂情形（本中心规定）"),
    (ANSWER, R.CANNOT): Setting(3, WORKDAY, "办不成事反映，确不能办的说明理由（本中心规定）"),
    (MEDIATION, ""): Setting(1, MONTH, "调解期限一般一个月（本中心规定，法律未定）"),
    (COURT, ""): Setting(30, DAY, "人民调解法第三十三条：自调解协议生效之日起三十日内共同申请司法确认"),
}


def in_force(township: Township) -> dict[tuple[str, str], Setting]:
    """All limits of a centre: the usual ones, with its own in their place."""
    own = {
        (row.what, row.rhythm): Setting(row.value, row.unit, row.basis) for row in DemandLimit.objects.filter(township=township)
    }
    return USUAL | {key: setting for key, setting in own.items() if key in USUAL}


def of(township: Township, rhythm: str) -> dict[str, dict]:
    """The limits of one rhythm, as a case keeps them."""
    return {what: asdict(setting) for what, setting in of_rhythm(in_force(township), rhythm).items()}


def of_rhythm(settings: dict[tuple[str, str], Setting], rhythm: str) -> dict[str, Setting]:
    """Each limit of one rhythm: its own, or what holds for all."""
    return {
        what: settings.get((what, rhythm)) or settings[what, ""] for what in (SIGN, CONTACT, RETURN, ANSWER, EXTENSION, MEDIATION, COURT)
    }


def kept(demand: Demand, what: str) -> Setting:
    """A limit as this case was given it."""
    return Setting(**demand.limits[what])


def limit(demand: Demand, what: str) -> Limit:
    """The same for the clock."""
    found = kept(demand, what)
    return Limit(found.value, Unit(found.unit), STARTS[what], RUNNING[what], found.basis)


def dues(case: ServiceRequest, calendar: Calendar, counted_from: datetime, extensions: Iterable[Extension]) -> list[Due]:
    """Every date that runs on a demand in its present state. `counted_from`: when it counts as received."""
    demand = case.demand
    if case.status == S.FOLLOWING and demand.look_again_on:
        return [clock.fixed(Kind.FOLLOW_UP, demand.reworked_at or case.received_at, demand.look_again_on)]
    if case.kind == ServiceRequest.Kind.MEDIATION:
        # It begins when both agree; before that nothing runs.
        return [clock.due(limit(demand, MEDIATION), case.accepted_at, calendar)] if case.accepted_at else []
    starts = {StartEvent.RECEIVED: demand.reworked_at or counted_from}
    if demand.dispatched_at:
        starts[StartEvent.DISPATCHED] = demand.dispatched_at
    runs = _running(case, demand)
    lengthened = [replace(one, applies_to=frozenset({Kind.ANSWER})) for one in extensions]
    limits = [limit(demand, what) for what in RUNNING if what in runs]
    submitted = case.submitted_at if demand.reworked_at is None else None
    found = clock.limits_due(limits, starts, calendar, extensions=lengthened, submitted_at=submitted)
    if demand.answer_by:
        found.append(clock.fixed(Kind.ORDERED, case.received_at, demand.answer_by))
    return found


def _running(case: ServiceRequest, demand: Demand) -> set[str]:
    """Which limits run: signing until it is signed for, contact until somebody spoke with the person, the answer throughout."""
    found = set() if demand.answer_by else {ANSWER}
    if case.status == S.DISPATCHED:
        found.add(SIGN)
    waits = case.status in (S.DISPATCHED, S.ACCEPTED) and demand.contacted_at is None
    if waits and case.kind != ServiceRequest.Kind.ORDER and not demand.is_anonymous:
        found.add(CONTACT)
    return found


def contact_by(case: ServiceRequest, demand: Demand, calendar: Calendar) -> datetime | None:
    """By when somebody has to speak with the person of a demand that was just given to an office; None: there is nobody to call."""
    if case.kind == ServiceRequest.Kind.ORDER or demand.is_anonymous:
        return None
    return clock.due(limit(demand, CONTACT), demand.dispatched_at, calendar).due_at


def may_return_until(demand: Demand, calendar: Calendar) -> datetime:
    """The last moment at which a dispatched demand may be sent back (退单)."""
    found = kept(demand, RETURN)
    back = Limit(found.value, Unit(found.unit), StartEvent.DISPATCHED, Kind.SIGN, found.basis)
    return clock.due(back, demand.dispatched_at, calendar).due_at
