"""办理环节 on the page of a case: every step of its text in order, what became of each, and which one is due."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import User
from requests import case_file
from requests.item_needs import is_notice
from requests.models import NoticedCase, ServiceRequest, Task
from requests.panels import Panel
from requests.procedures import is_intake
from requests.public_notice import before
from requests.reasons import say_amount, say_date, say_span
from requests.steps import Noted, Road, is_ours, is_the_decision, wants_visit
from services.models import Step

S = ServiceRequest.Status
DONE, NOW, LATER, LEFT_OUT, UNKNOWN = "done", "now", "later", "left_out", "unknown"


@dataclass
class Row:
    """One step. `state`: done, now, later, left out, or passed without anything written down."""

    title: str
    who: str
    state: str = LATER
    said: str = ""
    words: str = ""
    actions: tuple[case_file.Action, ...] = ()


def panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    """Of cases that were accepted and of which the text names more than one step."""
    if case.accepted_at is None or case.edition_id is None:
        return None
    road = Road(case)
    if len(road.steps) < 2:
        return None
    return Panel("requests/steps/_panel.html", rows(road, user))


def rows(road: Road, user: User) -> list[Row]:
    ours = {step.pk for stage in road.part for step in stage.steps}
    notices = list(NoticedCase.objects.filter(service_request=road.case).select_related("notice").order_by("id"))
    due = {step.pk for step in road.due}
    offered = {one.name: one for one in case_file.offered(road.case, user, "note_step", "record_visit")} if due else {}
    found = []
    for step in road.steps:
        row = Row(step.title, _who(step))
        if step.pk in road.tasks:
            _of_task(row, road.tasks[step.pk])
        elif step.pk in ours:
            _of_ours(row, road, step, due)
            action = offered.get("record_visit" if wants_visit(step) else "note_step") if step.pk in due else None
            row.actions = (action,) if action else ()
        elif is_notice(step) and step.counts not in (Step.Counts.BEFORE, Step.Counts.AFTER):
            _of_notice(row, road.case, notices)
        else:
            _of_the_rest(row, road.case, step)
        found.append(row)
    return found


def _who(step: Step) -> str:
    amount = say_amount(step.value, step.unit) if step.value and step.unit else ""
    return " · ".join(part for part in (step.actor, amount) if part)


def _of_task(row: Row, task: Task) -> None:
    row.state = {Task.Status.DONE: DONE, Task.Status.NOT_NEEDED: LEFT_OUT, Task.Status.OPEN: NOW}.get(Task.Status(task.status), LATER)
    row.said = str(task.get_status_display())


def _of_ours(row: Row, road: Road, step: Step, due: set[int]) -> None:
    noted: Noted | None = road.noted(step)
    if noted is not None:
        row.state = LEFT_OUT if noted.left_out else DONE
        row.said, row.words = say_date(noted.on), " · ".join(part for part in (noted.words, noted.who) if part)
    elif step.pk in due:
        row.state = NOW
    elif road.undone or road.case.status == S.ACCEPTED:
        row.state = LATER
    else:
        row.state, row.said = UNKNOWN, _("nothing written down")


def _of_notice(row: Row, case: ServiceRequest, notices: list[NoticedCase]) -> None:
    if notices:
        last = notices[-1]
        row.state = NOW if last.outcome == NoticedCase.Outcome.RUNNING else DONE
        row.said, row.words = str(last.get_outcome_display()), last.notice.number
    elif case.decided_at is not None:
        row.state, row.said = UNKNOWN, _("nothing written down")


def _of_the_rest(row: Row, case: ServiceRequest, step: Step) -> None:
    """Acceptance, what lay before it, the county's part, the decision and what follows it: each has its own date in the case."""
    village = before.newest(case) if is_notice(step) and step.counts == Step.Counts.BEFORE else None
    if village is not None:
        row.state, row.said, row.words = DONE, say_span(village.hang_on, village.last_on), str(village.get_outcome_display())
    elif is_intake(step) or step.counts == Step.Counts.BEFORE:
        row.state, row.said = DONE, say_date(timezone.localdate(case.accepted_at))
    elif step.counts != Step.Counts.AFTER:
        _of_what_is_left(row, case, step)


# Words by which money goes out: of that only a result that says so tells (已发放), never the recognition before it.
_PAYS = ("拨付", "兑付", "发放")


def _of_what_is_left(row: Row, case: ServiceRequest, step: Step) -> None:
    """The sending of the file, the county's part, the decision, the payment, the handing over: each as the case itself tells it."""
    if is_ours(step) and case.forwarded_at is not None and any(word in step.title for word in ("上报", "转报")):
        row.state, row.said = DONE, say_date(timezone.localdate(case.forwarded_at))
    elif case.county_since is not None and not is_ours(step):
        row.state, row.said = NOW, _("at the county")
    elif case.decided_at is not None and any(word in step.title for word in _PAYS):
        is_paid = case.outcome == ServiceRequest.Outcome.PAID
        row.state = DONE if is_paid else LEFT_OUT if case.outcome == ServiceRequest.Outcome.REFUSED else UNKNOWN
        row.said = say_date(timezone.localdate(case.decided_at)) if is_paid else "" if row.state == LEFT_OUT else _("payment not noted")
    elif case.decided_at is not None and (not is_ours(step) or is_the_decision(step) and "发证" not in step.title):
        row.state, row.said = DONE, say_date(timezone.localdate(case.decided_at))
    elif case.status == S.CLOSED:
        row.state, row.said = DONE, say_date(timezone.localdate(case.ended_at)) if case.ended_at else ""
