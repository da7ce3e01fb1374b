"""特别程序: begun and ended as rows. Whether the clock stands still meanwhile is the procedure's own attribute, with its basis.

The applicant is told in writing how long it will take (行政许可法 45). The number of procedures and the days they take have a
ceiling, set by the centre; beyond it the head says yes (domain 5.1, rule 7).
"""

from datetime import date, datetime, time

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import User
from requests import deadlines, messages
from requests.clock import LOCAL, Due, Kind, Limit, StartEvent, Unit, due
from requests.documents import Paper, Part, bodies, issue
from requests.lifecycle import Change, Refused, change
from requests.models import Document, Pause, ServiceRequest
from requests.panels import Panel
from requests.permissions import Who, is_who
from requests.procedures import Procedure, procedure_of
from requests.reasons import say_amount, say_date

LONGEST_DAYS = 400  # a planned time beyond a year is a slip of the finger
EVENING = time(17, 30)


def begin_procedure(
    case: ServiceRequest, procedure: str, *, value: int, unit: str, reason: str, head_agrees: bool = False, by: User, now: datetime
) -> None:
    """It begins today; `procedure` is a code of `procedures_of(edition)`, `value` and `unit` the time it will take."""
    if not reason.strip():
        raise Refused(_("Say why it is needed."))
    with change("begin_procedure", case, by=by, now=now) as work:
        what = procedure_of(work.case.edition, procedure)
        if what is None:
            raise Refused(_("The text of this case knows no such procedure."))
        if any(row.procedure == what.code for row in running(work.case)):
            raise Refused(_("%(name)s is already under way. End it first.") % {"name": what.name})
        beyond = ceilings(work.case, what, value, unit, now)
        if beyond and not (head_agrees and is_who(by, Who.HEAD, work.case)):
            raise Refused(_("%(why)s The head of the office has to agree and begins it.") % {"why": " ".join(beyond)})
        document = _tell(work, what, value, unit, reason) if what.stops else None
        Pause.objects.create(
            service_request=work.case, starts=True, at=now, reason=what.name, basis=what.basis[:200], basis_is_assumed=what.is_assumed,
            procedure=what.code, runs_on=not what.stops, applies_to=what.applies_to, planned_value=value, planned_unit=unit, by=by,
        )  # fmt: skip
        work.facts.update(procedure=what.name, stops=what.stops, value=value, unit=unit, beyond=bool(beyond))
        if document is not None:
            work.facts["document"] = document.number
        work.words["text"] = reason


def end_procedure(case: ServiceRequest, procedure: str, *, ended_on: date, words: str = "", by: User, now: datetime) -> None:
    """It is over since `ended_on`; the clock goes on with the day after, with what was left."""
    with change("end_procedure", case, by=by, now=now) as work:
        begun = next((row for row in running(work.case) if row.procedure == procedure), None)
        if begun is None:
            raise Refused(_("This procedure is over already."))
        today, first = timezone.localdate(now), timezone.localdate(begun.at)
        if not first <= ended_on <= today:
            raise Refused(_("The day lies between %(first)s and today.") % {"first": say_date(first)})
        at = now if ended_on == today else max(begun.at, datetime.combine(ended_on, EVENING, LOCAL))
        Pause.objects.create(
            service_request=work.case, starts=False, at=at, reason=begun.reason, basis=begun.basis, procedure=begun.procedure,
            basis_is_assumed=begun.basis_is_assumed, runs_on=begun.runs_on, applies_to=begun.applies_to, by=by,
        )  # fmt: skip
        before = work.case.due_on
        deadlines.write(work.case)
        work.facts.update(procedure=begun.reason, ended_on=ended_on.isoformat(), **_moved(before, work.case.due_on))
        work.words["text"] = words
        if begun.stops:
            messages.tell(work, "procedure_ended")


def running(case: ServiceRequest) -> list[Pause]:
    """The beginnings of the procedures not yet over. The waiting for materials is none of them."""
    return [begun for begun, over in deadlines.procedures_of(case) if over is None and begun.procedure]


def holding(case: ServiceRequest) -> list[Pause]:
    """Those under way that stop the clock: nothing is decided before they are over."""
    return [row for row in running(case) if row.stops]


def days_stopped(case: ServiceRequest, today: date) -> tuple[int, int]:
    """How many special procedures stopped the clock of this case, and for how many calendar days together."""
    spans = [(begun, over) for begun, over in deadlines.procedures_of(case) if begun.procedure and begun.stops]
    return len(spans), sum(((timezone.localdate(over.at) if over else today) - timezone.localdate(begun.at)).days for begun, over in spans)


def ceilings(case: ServiceRequest, what: Procedure, value: int, unit: str, now: datetime) -> list[str]:
    """Why the head has to agree; nothing where all ceilings are kept."""
    today, township = timezone.localdate(now), case.township
    last = planned_end(case, value, unit, now)
    if (last - today).days > LONGEST_DAYS:
        raise Refused(_("This is longer than a year. Check the number."))
    found = []
    if what.value and what.unit and last > planned_end(case, what.value, what.unit, now):
        found.append(_("It takes longer than the %(most)s that the item allows.") % {"most": say_amount(what.value, what.unit)})
    if not what.stops:
        return found
    many, days = days_stopped(case, today)
    if many >= township.pauses_allowed:
        found.append(_("The clock of this case was stopped %(many)s times already.") % {"many": many})
    if days + (last - today).days > township.paused_days_allowed:
        found.append(
            _("With this the clock would stand still for %(days)s days; the centre allows %(most)s.")
            % {"days": days + (last - today).days, "most": township.paused_days_allowed}
        )
    return found


def panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    """How often and how long the clock was stopped so far, against the ceiling of the centre (domain 5.1, rule 7)."""
    if case.kind != ServiceRequest.Kind.APPLICATION or case.accepted_at is None:
        return None
    today = timezone.localdate(now)
    many, days = days_stopped(case, today)
    if not many:
        return None
    most = {"many": case.township.pauses_allowed, "days": case.township.paused_days_allowed}
    rows = [
        (begun.reason, say_date(timezone.localdate(begun.at)), say_date(timezone.localdate(over.at)) if over else "")
        for begun, over in deadlines.procedures_of(case) if begun.procedure and begun.stops
    ]  # fmt: skip
    is_beyond = many > most["many"] or days > most["days"]
    return Panel("requests/case/_stopped.html", {"rows": rows, "many": many, "days": days, "most": most, "is_beyond": is_beyond})


def planned_end(case: ServiceRequest, value: int, unit: str, now: datetime) -> date:
    """The last day of a procedure that begins now and takes so long."""
    return _planned(case, value, unit, now).due_on


def _planned(case: ServiceRequest, value: int, unit: str, now: datetime) -> Due:
    return due(Limit(value, Unit(unit), StartEvent.ACCEPTED, Kind.PROMISED), now, calendar_for(case.township_id))


def _tell(work: Change, what: Procedure, value: int, unit: str, reason: str) -> Document | None:
    """特别程序告知书, where it is ours to write: of what the county accepted the county writes it. The text message goes out anyway."""
    case, now = work.case, work.now
    messages.tell(work, "procedure_begun")
    if not bodies.may_issue(case, Document.Kind.SPECIAL_PROCEDURE):
        work.facts["written_by"] = bodies.issuer_of(case, Document.Kind.SPECIAL_PROCEDURE)
        return None
    with translation.override("zh-hans"):
        first, last, amount = say_date(timezone.localdate(now)), say_date(planned_end(case, value, unit, now)), say_amount(value, unit)
    basis = what.basis + ("。当地依据尚待核定" if what.is_assumed else "")
    paper = Paper(
        kind=Document.Kind.SPECIAL_PROCEDURE,
        parts=(
            Part("item", "事项", case.edition.name),
            Part("procedure", "特别程序", what.name),
            Part("reason", "启动理由", reason),
            Part("starts_on", "起算日", first),
            Part("time_needed", "所需时间", f"{amount},预计{last}前完成"),
            Part("basis", "不计入办理期限的依据", basis),
            Part("effect", text=_effect(what)),
        ),
    )
    return issue(case, paper, by=work.by, now=now)


def _effect(what: Procedure) -> str:
    clock = "承诺期限停止计算,法定期限照常计算" if what.applies_to == Kind.PROMISED else "办理期限停止计算"
    return f"自起算日起{clock},程序结束的次日从剩余天数继续计算,届时另行告知。"


def _moved(before: date | None, after: date | None) -> dict[str, str]:
    """The due date before and after, for the timeline."""
    return {"due_before": before.isoformat(), "due_after": after.isoformat()} if before and after and before != after else {}
