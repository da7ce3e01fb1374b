"""办理环节 on the page of a case: every step of its text in order, what became of each, and which one is due.

A step is done where an event of the case says so, with its day, and stays so. What a refusal or a withdrawal cut off is not done.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import User
from requests import afterwards, case_file
from requests.county import deciding
from requests.item_needs import is_notice
from requests.lifecycle import DONE as PAST_DECISION
from requests.models import NoticedCase, Pause, ServiceRequest, Task
from requests.panels import Panel
from requests.procedures import is_special
from requests.public_notice import before, standing
from requests.reasons import say_amount, say_date, say_span
from requests.refusing import outcome_word
from requests.roll.rows import FAVOURABLE
from requests.steps import Noted, Road, is_ours, wants_visit
from services.models import Step

S = ServiceRequest.Status
DONE, NOW, LATER, LEFT_OUT, UNKNOWN, CUT_OFF, DECIDED = "done", "now", "later", "left_out", "unknown", "cut_off", "decided"


@dataclass
class Row:
    """One step. `state`: done, now, later, left out, passed without anything written down, cut off by how the case ended, or refused."""

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
    decide, behind = {step.pk for step in road.tail.deciding}, {step.pk for step in road.tail.behind}
    notices = list(NoticedCase.objects.filter(service_request=road.case).select_related("notice").order_by("id"))
    due = {step.pk for step in (*road.due, *road.still_to_do)}
    offered = {one.name: one for one in case_file.offered(road.case, user, "note_step", "record_visit")} if due else {}
    found = []
    for step in road.steps:
        row = Row(step.title, _who(step))
        if step.pk in road.tasks:
            _of_task(row, road.tasks[step.pk])
        elif step.pk in ours:
            _of_ours(row, road, step, due)
        elif step.pk in decide:
            _of_the_decision(row, road, step)
        elif step.pk in behind:
            _of_what_follows(row, road, step)
        elif is_notice(step) and step.counts != Step.Counts.BEFORE:
            _of_notice(row, road.case, notices, is_after=step.counts == Step.Counts.AFTER)
        elif is_special(step):
            _of_procedure(row, road.case, step)
        else:
            _of_what_lay_before(row, road.case, step)
        if step.pk in due:
            action = offered.get("record_visit" if step.pk in ours and wants_visit(step) else "note_step")
            row.actions = (action,) if action else ()
        if row.state in (NOW, LATER, UNKNOWN) and _cuts_off(road.case):
            row.state, row.said = CUT_OFF, ""
        found.append(row)
    return found


def _cuts_off(case: ServiceRequest) -> bool:
    """Has it ended, or been refused, so that what is not done will not be done?"""
    if case.status in PAST_DECISION:
        return bool(case.outcome) and case.outcome not in FAVOURABLE
    return not case.is_open


def _who(step: Step) -> str:
    amount = say_amount(step.value, step.unit) if step.value and step.unit else ""
    return " · ".join(part for part in (step.actor, amount) if part)


def _of_task(row: Row, task: Task) -> None:
    row.state = {Task.Status.DONE: DONE, Task.Status.NOT_NEEDED: LEFT_OUT, Task.Status.OPEN: NOW}.get(Task.Status(task.status), LATER)
    row.said = str(task.get_status_display())
    if task.status == Task.Status.DONE and task.ended_at is not None:
        row.said = say_date(timezone.localdate(task.ended_at))


def _of_ours(row: Row, road: Road, step: Step, due: set[int]) -> None:
    noted = road.noted(step)
    if noted is not None:
        _write(row, noted)
    elif step.pk in due:
        row.state = NOW
    elif road.undone or road.case.status == S.ACCEPTED:
        row.state = LATER
    else:
        row.state, row.said = UNKNOWN, _("nothing written down")


def _write(row: Row, noted: Noted) -> None:
    row.state = LEFT_OUT if noted.left_out else DONE
    row.said, row.words = say_date(noted.on), " · ".join(part for part in (noted.words, noted.who) if part)


def _of_notice(row: Row, case: ServiceRequest, notices: list[NoticedCase], *, is_after: bool) -> None:
    if notices:
        last = notices[-1]
        running = last.outcome == NoticedCase.Outcome.RUNNING
        row.state, row.words = NOW if running else DONE, last.notice.number
        row.said = str(last.get_outcome_display())
        if not running and last.ended_at is not None:
            row.said = f"{say_date(timezone.localdate(last.ended_at))} · {row.said}"
    elif standing.was_waived(case):
        row.state, row.said = LEFT_OUT, _("no public notice of minors")
    elif case.decided_at is not None and not is_after:
        row.state, row.said = UNKNOWN, _("nothing written down")
    elif case.decided_at is not None:
        row.state = NOW


def _of_procedure(row: Row, case: ServiceRequest, step: Step) -> None:
    """残疾评定, 检验: a special procedure, begun and ended by its own verbs."""
    newest = Pause.objects.filter(service_request=case, reason=step.title).order_by("-id").first()
    if newest is not None:
        row.state, row.said = NOW if newest.starts else DONE, say_date(timezone.localdate(newest.at))
    elif case.decided_at is not None:
        row.state, row.said = UNKNOWN, _("nothing written down")


def _of_the_decision(row: Row, road: Road, step: Step) -> None:
    """The decision, and what the body that makes it does on the way there. Of several bodies the file lies with the first."""
    case = road.case
    if is_ours(step) and deciding.is_decided_by_county(case.edition):
        # 上报: the sending itself.
        if case.forwarded_at is not None:
            row.state, row.said = DONE, say_date(timezone.localdate(case.forwarded_at))
        return
    is_last = step.pk == road.tail.deciding[-1].pk
    done_at = case.decided_at
    if is_last and afterwards.is_sending(step) and case.outcome in FAVOURABLE:
        done_at = case.ended_at if case.status == S.CLOSED else None
        row.state = NOW if case.decided_at is not None else LATER
    if done_at is not None:
        row.state, row.said = DONE, say_date(timezone.localdate(done_at))
        if is_last:
            row.words = outcome_word(case.edition, case.outcome) if case.outcome else ""
        if is_last and case.outcome not in FAVOURABLE:
            row.state = DECIDED
    elif case.county_since is not None and step.pk == next(one.pk for one in road.tail.deciding if not is_ours(one)):
        row.state, row.said = NOW, _("at the county")


def _of_what_follows(row: Row, road: Road, step: Step) -> None:
    case, edition = road.case, road.case.edition
    is_favourable, is_closed = case.outcome in FAVOURABLE, case.status == S.CLOSED
    noted = road.noted(step)
    if noted is not None:
        _write(row, noted)
    elif is_favourable and afterwards.is_of_refusals(step):
        row.state = LEFT_OUT
    elif is_closed and case.ended_at is not None and (
        is_favourable and afterwards.is_handing_over(step, edition) or not is_favourable and afterwards.is_of_refusals(step)
    ):
        row.state, row.said = DONE, say_date(timezone.localdate(case.ended_at))
    elif case.decided_at is not None:
        row.state = NOW


def _of_what_lay_before(row: Row, case: ServiceRequest, step: Step) -> None:
    """Acceptance and what lay before it. A notice of the village is done when its days are over, not on the day it was put up."""
    village = before.newest(case) if is_notice(step) else None
    row.state = DONE
    if village is not None:
        row.said, row.words = say_span(village.hang_on, village.last_on), str(village.get_outcome_display())
    else:
        row.said = say_date(timezone.localdate(case.accepted_at))
