"""催办: demands and tasks whose date is near are urged once for that date, by a message to whoever holds them (domain 8.3).

Besides the job, the head or the supervisor urges a case, once a day. Every urging stands on the timeline, with how many people it
reached. What is with the county has no date of ours: there a letter is proposed (`requests.county.lists`).
"""

from collections.abc import Iterator
from datetime import date, datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import Office, User
from officials.permissions import HEAD, holders
from requests import messages
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.lights import YELLOW_WORKING_DAYS
from requests.models import Demand, ServiceRequest, Task

S, Kind = ServiceRequest.Status, ServiceRequest.Kind
OF_A_CASE = "【{centre}】催办:办件{number}应在{due}前办理,请抓紧。"
OF_A_LATE_CASE = "【{centre}】催办：办件{number}应在{due}前办理，现已逾期，请立即办理。"
OF_A_TASK = "【{centre}】催办:办件{number}中由你处承担的联办任务应在{due}前完成,请抓紧。"
OF_A_LATE_TASK = "【{centre}】催办：办件{number}中由你处承担的联办任务应在{due}前完成，现已逾期，请立即完成。"


def is_near(due_on: date | None, township_id: int, today: date) -> bool:
    """From the day on which its light is no longer green by the days that are left (domain 8.5)."""
    return due_on is not None and due_on <= calendar_for(township_id).add(today, YELLOW_WORKING_DAYS)


def near_demands(today: date) -> Iterator[ServiceRequest]:
    """Open demands, orders, unfinished matters and mediations with a near date for which nobody was urged yet."""
    unurged = Q(demand__urged_for__isnull=True) | ~Q(demand__urged_for=F("due_at"))
    found = ServiceRequest.objects.open().filter(unurged, kind__in=ServiceRequest.OF_DEMANDS, due_at__isnull=False)
    # Read to the end first: SQLite refuses to write while an old reading is open.
    yield from [case for case in found.order_by("pk") if is_near(case.due_on, case.township_id, today)]


def near_tasks(today: date) -> Iterator[Task]:
    """Open tasks of other offices with a near date, while the clock of their case runs."""
    unurged = Q(urged_for__isnull=True) | ~Q(urged_for=F("due_at"))
    running = Q(service_request__status=S.IN_HAND, service_request__stopped_since=None, service_request__county_since=None)
    found = Task.objects.filter(unurged, running, status=Task.Status.OPEN, due_at__isnull=False).select_related("service_request")
    yield from [task for task in found.order_by("pk") if is_near(task.due_on, task.service_request.township_id, today)]


def urge_holder(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """Once for each date. Whom it is about is never told of it."""
    with change("urge_holder", case, by=by, now=now) as work:
        demand: Demand = work.case.demand
        _refuse_unless_near(work, work.case.due_at, work.case.due_on, demand.urged_for)
        demand.urged_for = work.case.due_at
        demand.save()
        _tell(work, (OF_A_CASE, OF_A_LATE_CASE), work.case.holder, work.case.office, work.case.due_on)


def urge(case: ServiceRequest, *, words: str, by: User, now: datetime) -> None:
    """督办人员催办: the head or the supervisor reminds whoever holds it, in a word of their own where they want. Once a day is enough."""
    today = timezone.localdate(now)
    with change("urge", case, by=by, now=now) as work:
        if work.case.due_on is None:
            raise Refused(_("No date runs here that could be urged for."))
        if work.case.county_since is not None:
            raise Refused(_("The case is with the county: it is urged by letter."))
        if work.case.holder_id == by.pk:
            raise Refused(_("You hold this case yourself."))
        if any(timezone.localdate(event.at) == today for event in work.case.events.filter(verb="urge").order_by("-id")[:1]):
            raise AlreadyHandled(_("It was urged today already."))
        _tell(work, (OF_A_CASE, OF_A_LATE_CASE), work.case.holder, work.case.office, work.case.due_on, day=today)
        work.words["text"] = words


def urge_task(task: Task, *, by: User, now: datetime) -> None:
    """The office of a joint step, not the lead office."""
    case = task.service_request
    with change("urge_task", case, by=by, now=now) as work:
        row = Task.objects.select_for_update(of=("self",)).select_related("office", "holder").get(pk=task.pk)
        if not row.is_open or row.office is None:
            raise Refused(_("The task is no longer open."))
        _refuse_unless_near(work, row.due_at, row.due_on, row.urged_for)
        row.urged_for = row.due_at
        row.save()
        work.facts["task"] = row.pk
        _tell(work, (OF_A_TASK, OF_A_LATE_TASK), row.holder, row.office, row.due_on)


def _refuse_unless_near(work: Change, due_at: datetime | None, due_on: date | None, urged_for: datetime | None) -> None:
    if urged_for is not None and urged_for == due_at:
        raise Refused(_("It was urged for this date already."))
    if not is_near(due_on, work.case.township_id, timezone.localdate(work.now)):
        raise Refused(_("Its date is not near."))


def _tell(work: Change, texts: tuple[str, str], holder: User | None, office: Office, due_on: date, day: date | None = None) -> None:
    """The holder; the heads of the office where nobody holds it or no mobile is on the holder's card.

    `texts`: before the date is over, and after. `day`: urged by a person, of whom each day's word is a message of its own.
    """
    case = work.case
    text = texts[due_on < timezone.localdate(work.now)]
    words = text.format(centre=case.township.centre_name, number=case.number, due=f"{due_on.month}月{due_on.day}日")
    once = f"urge:{case.pk}:{work.facts.get('task', '')}:{due_on.isoformat()}" + (f":{day.isoformat()}" if day else "")
    told = 0
    for people in ([holder], holders(HEAD, office)):
        meant = [one for one in people if one is not None and one.is_active and one.pk != case.kept_from_id]
        told = told or messages.tell_staff(meant, purpose="urge", text=words, once=once, now=work.now)
    work.facts.update(urged_for=due_on.isoformat(), people_told=told)
    work.redate = False


def look_for_near_dates(by: User, now: datetime) -> dict[str, int]:
    """Every demand and every task that comes near its date."""
    today, found = timezone.localdate(now), {"demands": 0, "tasks": 0}
    for case in near_demands(today):
        found["demands"] += _done(urge_holder, case, by, now)
    for task in near_tasks(today):
        found["tasks"] += _done(urge_task, task, by, now)
    return found


def _done(verb, what, by: User, now: datetime) -> bool:
    try:
        verb(what, by=by, now=now)
    except Refused:
        return False  # it was answered, or another run was faster, this very moment
    return True
