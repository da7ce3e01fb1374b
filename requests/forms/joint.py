"""Forms of the verbs of tasks: which task, and what is said about it."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials import pictures
from officials.forms import PlainCharField, needed_for
from officials.models import Office, User
from officials.permissions import HANDLE, HEAD, rights
from requests import assigning
from requests.forms.act_form import ActForm, words_field
from requests.forms.people import BETWEEN, NamesField
from requests.joint import tasks, visits
from requests.models import SiteVisit, Task
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
    # In Chinese as it stands in the file; who only reports facts has none.
    SAID = {"agrees": "同意", "conditional": "附条件同意", "against": "不同意", "facts": ""}
    opinion = forms.ChoiceField(
        label=gettext_lazy("Does your office agree?"), widget=forms.RadioSelect,
        choices=[
            ("agrees", gettext_lazy("We agree")), ("conditional", gettext_lazy("We agree on a condition")),
            ("against", gettext_lazy("We do not agree")), ("facts", gettext_lazy("We report what we found, without an opinion")),
        ],
    )  # fmt: skip
    finding = words_field(
        gettext_lazy("Opinion of our office"), help_text=gettext_lazy("Opinion and reasons, as they go into the joint review.")
    )

    def said(self) -> dict:
        said = super().said()
        opinion = self.SAID[said.pop("opinion")]
        return said | {"finding": f"{opinion}：{said['finding']}" if opinion else said["finding"]}


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


class Pictures(forms.ClearableFileInput):
    allow_multiple_selected = True


class PicturesField(forms.FileField):
    """Several pictures at once; each is looked at before anything is stored."""

    widget = Pictures

    def clean(self, data, initial=None):
        found = []
        for one in data or ():
            upload = super().clean(one, initial)
            if upload.size > pictures.MOST_BYTES:
                raise forms.ValidationError(_("%(name)s is larger than 5 MB.") % {"name": upload.name})
            raw = upload.read()
            try:
                pictures.cleaned(raw)
            except pictures.NoPicture as error:
                raise forms.ValidationError(_("%(name)s is no picture in JPEG or PNG.") % {"name": upload.name}) from error
            found.append(raw)
        if len(found) > visits.MOST_PHOTOS:
            raise forms.ValidationError(_("At most %(n)s pictures.") % {"n": visits.MOST_PHOTOS})
        return found


class NamedPeopleField(PlainCharField):
    """People without a sign-in here, one a line; the value is a list of (name, body or standing)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=600, multiline=True, widget=forms.Textarea(attrs={"rows": 2}), **options)

    def clean(self, value: Any) -> list[visits.Named]:
        found = []
        for line in super().clean(value).splitlines():
            name, *body = [part for part in BETWEEN.split(line) if part]
            if not body:
                raise forms.ValidationError(_("Write who this is, too: “%(line)s” has a name only.") % {"line": line})
            found.append((name, " ".join(body)))
        return found


class VisitForm(ActForm):
    """Who looks at the place: people of the lead office and of the offices with a task."""

    place = PlainCharField(label=gettext_lazy("Where"), max_length=200)
    visitors = forms.MultipleChoiceField(label=gettext_lazy("Who goes"), required=False, widget=forms.CheckboxSelectMultiple)
    colleagues = NamesField(
        label=gettext_lazy("Others of the township, by name or staff number"), max_length=200, required=False,
        help_text=gettext_lazy("Several are parted by commas or blanks."),
    )  # fmt: skip

    from_elsewhere = NamedPeopleField(
        label=gettext_lazy("Officials of the county or of other bodies"), required=False,
        help_text=gettext_lazy("One a line: the name, a blank, the body. They count among the two."),
    )  # fmt: skip

    def build(self) -> None:
        offices = {self.case.office_id: self.case.office} | {task.office_id: task.office for task in tasks_of(self.case) if task.office}
        self.people = {str(person.pk): person for office in offices.values() for person in assigning.people_of(office)}
        planned = self.case.site_visits.filter(status=SiteVisit.Status.PLANNED).first()
        if planned is not None:
            words = visits.words_of(self.case, planned)
            self.fields["place"].initial = words.get("place", "")
            self.fields["from_elsewhere"].initial = "\n".join(" ".join(one) for one in words.get("from_elsewhere", ()))
            self.fields["visitors"].initial = [str(pk) for pk in planned.visitors]
            going = User.objects.filter(pk__in=planned.visitors).select_related("office")
            self.people |= {str(person.pk): person for person in going}
        self.fields["visitors"].choices = [(key, f"{person.name} · {person.office}") for key, person in self.people.items()]
        needed_for(self.fields["visitors"], _("(two at least)"))
        self.fields["colleagues"].propose(self.case.township)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "visitors" in data and "colleagues" in data and visits.too_few(self.going(), data.get("from_elsewhere", ())):
            self.add_error("visitors", _("Name two people at least, one of them of the township."))
        return data

    def going(self) -> list[User]:
        ticked = [self.people[key] for key in self.cleaned_data["visitors"]]
        return list(dict.fromkeys([*ticked, *self.cleaned_data["colleagues"]]))

    def said(self) -> dict:
        said = super().said() | {"visitors": self.going()}
        del said["colleagues"]
        return said

    def perform(self, *, by: User, now: datetime):
        return getattr(visits, self.verb)(self.case, **self.said(), by=by, now=now)


def moment_field(label: Text) -> forms.DateTimeField:
    return forms.DateTimeField(label=label, widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"))


class PlanVisit(VisitForm):
    verb = "plan_visit"
    intro = gettext_lazy("The applicant is told the date. Another date that was planned before is taken back.")
    planned_at = moment_field(gettext_lazy("When"))
    field_order = ["planned_at", "place", "visitors", "colleagues", "from_elsewhere"]


class RecordVisit(VisitForm):
    verb = "record_visit"
    intro = gettext_lazy("The record is printed, and everybody signs it there. Pictures are kept locked with the case.")
    visited_at = moment_field(gettext_lazy("When"))
    others = NamedPeopleField(
        label=gettext_lazy("Who else was there and signs"), required=False,
        help_text=gettext_lazy("One a line: the name, a blank, the body or standing: villagers' representative, neighbour."),
    )  # fmt: skip
    present = PlainCharField(
        label=gettext_lazy("Who of the parties was present"), max_length=200,
        help_text=gettext_lazy("The applicant or family; where nobody was, write that."),
    )  # fmt: skip
    findings = words_field(gettext_lazy("What was found there"))
    pictures_taken = PicturesField(
        label=gettext_lazy("Pictures"), required=False, widget=Pictures(attrs={"multiple": True, "accept": "image/jpeg,image/png"}),
        help_text=gettext_lazy("JPEG or PNG, up to 5 MB each. Where and with what they were taken is removed."),
    )  # fmt: skip
    finish = forms.MultipleChoiceField(
        label=gettext_lazy("Tasks that end with this visit"), required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = [
        "visited_at", "place", "visitors", "colleagues", "from_elsewhere", "present", "others", "findings", "pictures_taken", "finish",
    ]  # fmt: skip

    def build(self) -> None:
        super().build()
        self.tasks = {str(task.pk): task for task in tasks_of(self.case) if task.is_open}
        self.fields["finish"].choices = [(key, TaskForm.named(task)) for key, task in self.tasks.items()]
        if not self.tasks:
            del self.fields["finish"]

    def said(self) -> dict:
        return super().said() | {"finish": [self.tasks[key] for key in self.cleaned_data.get("finish", ())]}


FORMS = (BeginTask, FinishTask, SkipTask, GiveTask, PlanVisit, RecordVisit)
