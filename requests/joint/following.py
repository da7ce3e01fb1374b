"""What the move of a case means for its tasks: their dates follow the clock of the case, and they end when it ends."""

from datetime import datetime

from officials.calendar import calendar_for
from officials.models import User
from officials.workdays import Calendar
from requests import deadlines
from requests.joint import plan
from requests.models import ServiceRequest, Task

Status = Task.Status


def redate(case: ServiceRequest) -> None:
    """Write the dates of the open tasks anew: a pause of the case holds them up too. Unchanged ones are left alone."""
    tasks = list(Task.objects.filter(service_request=case, status=Status.OPEN).select_related("step"))
    if not tasks:
        return
    calendar, steps = calendar_for(case.township_id), list(case.edition.steps.all())
    for task in tasks:
        before = task.due_at
        write_dates(case, task, steps, calendar)
        if task.due_at != before:
            task.save()


def write_dates(case: ServiceRequest, task: Task, steps: list, calendar: Calendar) -> None:
    """The date of one task: its time from the planned beginning of its stage, or from when it was given, if that is later."""
    unit = case.edition.promised_unit
    offset = next((part.offset for part in plan.parts(steps, case.office_id, unit) if part.step.pk == task.step_id), 0)
    pauses = deadlines.pauses_of(case)
    planned = plan.begins(offset, unit, _started(case, calendar), calendar, pauses)
    found = plan.due(task.step, max(planned, task.began_at), calendar, pauses)
    task.due_at, task.due_on = (found.due_at, found.due_on) if found else (None, None)


def _started(case: ServiceRequest, calendar: Calendar) -> datetime:
    """Where the promise of this item begins to run."""
    if case.edition.promised_start == "received" or case.accepted_at is None:
        return deadlines.received_for_the_clock(case, calendar)
    return case.accepted_at


def end_with(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """The case ended (withdrawn, decided): nobody has a part in it any more."""
    for task in Task.objects.filter(service_request=case, status__in=Task.UNSETTLED):
        task.status, task.ended_at, task.ended_by = Status.NOT_NEEDED, now, by
        task.save()
