"""Tasks as they are shown: those of my offices on the desk, those of one case on its page."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import User
from officials.permissions import HANDLE, HEAD, rights
from requests import case_file, clock, lights
from requests.joint import tasks, visits
from requests.models import ServiceRequest, SiteVisit, Task
from requests.panels import Panel
from requests.permissions import tasks_of
from requests.reasons import say_date, say_moment
from services.models import Edition

MOST = 30


@dataclass(frozen=True)
class TaskRow:
    """One task, with its own light."""

    title: str
    number: str
    url: str
    item: str
    office: str
    holder: str
    status: str
    is_open: bool
    due: str
    light: str
    light_text: str
    words: str = ""
    condition: str = ""
    ended: str = ""


def of_my_offices(user: User, now: datetime) -> list[TaskRow]:
    """Open tasks of the offices I work for, the soonest first: other offices wait for them."""
    mine = rights(user).where(HANDLE, HEAD)
    if not mine:
        return []
    found = Task.objects.filter(status=Task.Status.OPEN, office_id__in=mine).select_related(
        "step", "office", "holder", "service_request__edition", "service_request__office"
    )
    # What an office does in its own cases stands on its list of cases.
    found = found.exclude(service_request__office_id=F("office_id")).order_by(F("due_at").asc(nulls_last=True), "id")
    return [row(task, task.service_request, now) for task in found[:MOST]]


@dataclass(frozen=True)
class VisitRow:
    """One site visit, in words."""

    when: str
    status: str
    visitors: str
    others: str
    words: dict[str, Any]
    photos: list[str]
    is_planned: bool


def asks_two_people(edition: Edition | None) -> bool:
    """Is there a step that wants two people at the place (行政许可法 34, 入户调查)? The catalogue says it with who does the step."""
    return edition is not None and edition.steps.filter(actor__contains="两人").exists()


def visits_panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    """Visits planned and held; for those who do not see the case whole it is not asked."""
    found = list(case.site_visits.prefetch_related("photos"))
    actions = case_file.offered(case, user, "plan_visit", "record_visit")
    if not found and not (actions and (tasks_of(case) or asks_two_people(case.edition))):
        return None
    people = dict(User.objects.filter(pk__in={pk for visit in found for pk in visit.visitors}).values_list("pk", "name"))
    said = {visit.pk: visits.words_of(case, visit) for visit in found}
    rows = [
        VisitRow(
            when=say_moment(visits.said_when(visit)),
            status=str(visit.get_status_display()),
            visitors=_(", ").join([*(people[pk] for pk in visit.visitors if pk in people), *_named(said[visit.pk], "from_elsewhere")]),
            others=_(", ").join(_named(said[visit.pk], "others")),
            words=said[visit.pk],
            photos=[f"{case.get_absolute_url()}photos/{photo.name}/" for photo in visit.photos.all()],
            is_planned=visit.status == SiteVisit.Status.PLANNED,
        )
        for visit in found
    ]
    return Panel("requests/joint/_visits.html", {"rows": rows, "actions": actions})


def _named(words: dict[str, Any], key: str) -> list[str]:
    """Those without a sign-in here: name and body."""
    return [_("%(name)s (%(body)s)") % {"name": name, "body": body} for name, body in words.get(key, ())]


def panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    """Who does which part of this case; nothing for a case that one office handles alone."""
    found = tasks_of(case)
    if not found:
        return None
    rows = [row(task, case, now, with_words=True) for task in found]
    return Panel("requests/joint/_tasks_of_case.html", {"rows": rows, "lead": case.office.name})


def row(task: Task, case: ServiceRequest, now: datetime, *, with_words: bool = False) -> TaskRow:
    light = _light(task, case, now)
    return TaskRow(
        title=str(task.step),
        number=case.number,
        url=case.get_absolute_url(),
        item=case.title,
        office=str(task.office or ""),
        holder=task.holder.name if task.holder else "",
        status=str(task.get_status_display()),
        is_open=task.is_open,
        due=_due(task, now),
        light=light.colour.value if light else "",
        light_text=light.text if light else "",
        words=tasks.words_of(case, task) if with_words else "",
        condition=task.step.condition,
        ended=_("%(date)s, %(name)s") % {"date": say_date(_day(task.ended_at)), "name": task.ended_by} if task.ended_by else "",
    )


def _light(task: Task, case: ServiceRequest, now: datetime) -> Any:
    if not task.is_open or task.due_at is None:
        return None
    return lights.column_light(task.due_at, now, task.began_at, calendar_for(case.township_id))


def _due(task: Task, now: datetime) -> str:
    """The own date of an open task; of a late one since when it is late. Whose it is stands beside it."""
    if not task.is_open or task.due_on is None:
        return ""
    if task.due_at < now:
        return _("late since %(since)s") % {"since": lights.late_since(task.due_at)}
    return say_date(task.due_on)


def _day(at: datetime):
    return at.astimezone(clock.LOCAL).date()
