"""Forms of the verbs of tasks: which task, and what is said about it."""

from datetime import datetime

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.models import Office, User
from officials.permissions import HANDLE, HEAD, rights
from requests import assigning
from requests.forms.act_form import ActForm, words_field
from requests.joint import tasks
from requests.models import Task
from requests.permissions import tasks_of

Text = str | Promise


class TaskForm(ActForm):
    """About one of the tasks of the case; the only possible one is chosen already."""

    right = ""
    statuses: tuple[str, ...] = (Task.Status.OPEN,)
    only_conditional = False
    task = forms.ChoiceField(label=gettext_lazy("Which task"), widget=forms.RadioSelect)

    def build(self) -> None:
        mine = rights(self.user).where(self.right) if self.right else None
        self.tasks = {
            str(task.pk): task
            for task in tasks_of(self.case)
            if task.status in self.statuses
            and (mine is None or task.office_id in mine)
            and (task.step.condition or not self.only_conditional)
        }
        self.fields["task"].choices = [(key, self.named(task)) for key, task in self.tasks.items()]
        if len(self.tasks) == 1:
            self.fields["task"].initial = next(iter(self.tasks))

    @staticmethod
    def named(task: Task) -> str:
        parts = [str(task.step), str(task.office or ""), task.step.condition]
        return " · ".join(part for part in parts if part)

    def said(self) -> dict:
        return super().said() | {"task": self.tasks[self.cleaned_data["task"]]}

    def perform(self, *, by: User, now: datetime):
        return getattr(tasks, self.verb)(self.case, **self.said(), by=by, now=now)


class BeginTask(TaskForm):
    verb = "begin_task"
    statuses = (Task.Status.WAITING,)
    intro = gettext_lazy("The step applies in this case. It becomes a task of the office you name, with a date of its own.")
    office = forms.ChoiceField(label=gettext_lazy("Which office does it"))

    def build(self) -> None:
        super().build()
        own = Office.objects.filter(township_id=self.case.township_id).open().exclude(kind__in=(Office.Kind.VILLAGE, Office.Kind.COUNTY))
        self.offices = {office.code: office for office in own.order_by("sort", "code")}
        self.fields["office"].choices = [("", _("choose")), *((code, office.name) for code, office in self.offices.items())]
        named = [task.office.code for task in self.tasks.values() if task.office]
        self.fields["office"].initial = named[0] if len(self.tasks) == 1 and named else ""

    def said(self) -> dict:
        return super().said() | {"office": self.offices[self.cleaned_data["office"]]}


class FinishTask(TaskForm):
    verb = "finish_task"
    right = HANDLE
    intro = gettext_lazy("Our part is done. The lead office sees what you found; the case leaves our list.")
    finding = words_field(gettext_lazy("Opinion of our office"), help_text=gettext_lazy("Opinion and reasons, as they go into the joint review."))


class SkipTask(TaskForm):
    verb = "skip_task"
    statuses = Task.UNSETTLED
    only_conditional = True
    reason = words_field(gettext_lazy("Why it is not needed in this case"))


class GiveTask(TaskForm):
    verb = "give_task"
    right = HEAD
    person = forms.ChoiceField(label=gettext_lazy("To whom"), widget=forms.RadioSelect)

    def build(self) -> None:
        super().build()
        offices = {task.office_id: task.office for task in self.tasks.values()}
        self.people = {str(person.pk): person for office in offices.values() for person in assigning.people_of(office)}
        self.fields["person"].choices = [(key, person.name) for key, person in self.people.items()]

    def said(self) -> dict:
        return super().said() | {"person": self.people[self.cleaned_data["person"]]}


FORMS = (BeginTask, FinishTask, SkipTask, GiveTask)
