"""The verbs of tasks. The office of a task finishes it; the lead office says which conditional steps apply and leaves others out."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import Office, User
from officials.permissions import HANDLE, HEAD, rights
from requests import assigning, persons
from requests.joint import following, plan
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.models import ServiceRequest, Task

Status = Task.Status
S = ServiceRequest.Status
PLACE = "task"  # of the sealed words


def begin_tasks(work: Change) -> None:
    """Every shared step becomes a task of its office, once. Part of taking the case in hand; conditional steps wait for a word."""
    case = work.case
    if Task.objects.filter(service_request=case).exists():
        return
    steps = list(case.edition.steps.select_related("office"))
    made = [_begun(work, part.step, steps) for part in plan.parts(steps, case.office_id, case.edition.promised_unit)]
    if made:
        work.facts["tasks"] = [task.pk for task in made]


def _begun(work: Change, step, steps: list) -> Task:
    task = Task(service_request=work.case, step=step, office=step.office, status=Status.WAITING)
    if not step.condition and step.office is not None:
        _open(work, task, step.office, steps)
    task.save()
    return task


def _open(work: Change, task: Task, office: Office, steps: list) -> None:
    post = work.case.edition.post
    task.office, task.status, task.began_at = office, Status.OPEN, work.now
    task.holder, _why = assigning.responsible(post if post is not None and post.office_id == office.pk else None, office, work.now)
    following.write_dates(work.case, task, steps, calendar_for(work.case.township_id))


def begin_task(case: ServiceRequest, task: Task, office: Office, *, by: User, now: datetime) -> None:
    """A conditional step applies here: it becomes the task of this office."""
    with change("begin_task", case, by=by, now=now) as work:
        found = locked(work, task, Status.WAITING)
        _open(work, found, office, list(work.case.edition.steps.all()))
        found.save()
        work.facts.update(task=found.pk, office=office.code)
        work.redate = False


def finish_task(case: ServiceRequest, task: Task, finding: str, *, by: User, now: datetime) -> None:
    """The office of the task has done its part; what it found stands with it."""
    if not finding.strip():
        raise Refused(_("Write down the opinion of your office."))
    with change("finish_task", case, by=by, now=now) as work:
        found = locked(work, task, Status.OPEN)
        if not by.is_job and not rights(by).has(HANDLE, found.office_id):
            raise Refused(_("This task belongs to %(office)s.") % {"office": found.office})
        end(work, found, Status.DONE, finding)
        work.words["text"] = finding


def skip_task(case: ServiceRequest, task: Task, reason: str, *, by: User, now: datetime) -> None:
    """The lead office says that a step is not needed in this case, and why."""
    if not reason.strip():
        raise Refused(_("Say why this step is not needed."))
    with change("skip_task", case, by=by, now=now) as work:
        found = locked(work, task, *Task.UNSETTLED)
        if not found.step.condition:
            raise Refused(_("This step is needed in every case of this item: only a conditional one can be left out."))
        end(work, found, Status.NOT_NEEDED, reason)
        work.words["text"] = reason


def give_task(case: ServiceRequest, task: Task, person: User, *, by: User, now: datetime) -> None:
    """The head of the task's office gives it to another person there."""
    with change("give_task", case, by=by, now=now) as work:
        found = locked(work, task, Status.OPEN)
        if not by.is_job and not rights(by).has(HEAD, found.office_id):
            raise Refused(_("This belongs to the head of %(office)s.") % {"office": found.office})
        if not rights(person).has(HANDLE, found.office_id):
            raise Refused(_("%(name)s does not work the cases of %(office)s.") % {"name": person, "office": found.office})
        if found.holder_id == person.pk:
            raise AlreadyHandled(_("%(name)s already has this task.") % {"name": person})
        work.facts.update(task=found.pk, before=found.holder_id, holder=person.pk)
        work.redate = False
        found.holder = person
        found.save()


def end(work: Change, task: Task, status: str, words: str) -> None:
    """Close a task with its words; part of the verb that did it."""
    task.status, task.ended_at, task.ended_by = status, work.now, work.by
    task.sealed = persons.seal_for(work.case, {"words": words}, f"{PLACE}:{task.pk}")
    task.save()
    work.facts.setdefault("task", task.pk)
    work.redate = False


def words_of(case: ServiceRequest, task: Task) -> str:
    """What was found, or why it was left out; "" when the case was anonymised."""
    return (persons.open_for(case, task.sealed, f"{PLACE}:{task.pk}") or {}).get("words", "")


def locked(work: Change, task: Task, *statuses: str) -> Task:
    """The task as it stands now. Raises AlreadyHandled when somebody settled it meanwhile."""
    found = Task.objects.select_for_update(of=("self",)).select_related("step", "office").get(pk=task.pk, service_request=work.case)
    if found.status not in statuses:
        raise AlreadyHandled(_("“%(task)s” is “%(status)s” meanwhile.") % {"task": found, "status": found.get_status_display()})
    return found


def refuse_while_open(case: ServiceRequest) -> None:
    """No decision while somebody's part is missing: the lead office answers for the whole (联审联办)."""
    tasks = list(Task.objects.filter(service_request=case).select_related("step", "office"))
    sentence = still_open(tasks)
    if sentence:
        raise Refused(sentence)
    if not tasks and case.status == S.ACCEPTED and has_parts(case):
        raise Refused(_("Other offices have a part in this: take the case in hand first, that gives them their tasks."))


def still_open(tasks: Iterable[Task]) -> str:
    """Whose part is missing; "" where nobody's is."""
    unsettled = [_named(task) for task in tasks if task.status in Task.UNSETTLED]
    return _("Still open: %(tasks)s.") % {"tasks": _(", ").join(unsettled)} if unsettled else ""


def has_parts(case: ServiceRequest) -> bool:
    """Does any step of this case's text belong to another office?"""
    return case.edition_id is not None and case.edition.steps.exclude(office=None).exclude(office=case.office_id).exists()


def _named(task: Task) -> str:
    return f"{task.step}({task.office})" if task.office else str(task.step)
