"""办理环节: the ordinary steps of the pinned edition in their order, what became of each, and which is due now.

Acceptance, tasks of other offices, site visits, public notices, the county's part and the decision have verbs of their own. What lies
between them and is done here (信息核对, 民主评议, 初审意见 …) is written down by `note_step`: what came of it, when, who took part.
So is what follows a decision in favour (拨付, 制证, 竣工验收 …), here or elsewhere: nothing else says that it was done.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import User
from requests import afterwards, persons
from requests.county import deciding
from requests.item_needs import is_notice, is_on_the_spot
from requests.joint import plan, tasks
from requests.lifecycle import DONE, RUNNING, AlreadyHandled, Refused, change
from requests.models import Event, NoticedCase, ServiceRequest, SiteVisit, Task
from requests.permissions import tasks_of
from requests.procedures import is_intake, is_special
from requests.reasons import say_date
from requests.roll.rows import FAVOURABLE
from services.flow import Stage, stages
from services.models import Edition, Step

S = ServiceRequest.Status
OUT_OF_TIME = (Step.Counts.BEFORE, Step.Counts.AFTER)
# Words by which a step is the decision itself, or the sending of the file. The catalogue says it in the title; there is no field for it.
_ENDS = ("决定", "审批", "签批", "审定", "备案", "发证", "发照", "出具", "答复", "上报", "转报")
# Words by which a step is done at the place by two people (行政许可法 34, 入户调查), and so by the record of a visit.
_BY_TWO, _AT_THE_PLACE = "两人", ("踏勘", "入户")
# Words by which several bodies take part in a step (联审会商, 会同武装部初核): who they were stands in the file.
_BY_SEVERAL = ("会商", "联审", "会审", "会同")


def wants_visit(step: Step) -> bool:
    return _BY_TWO in step.actor or any(word in step.title for word in _AT_THE_PLACE)


def wants_several(step: Step) -> bool:
    return any(word in step.title or word in step.actor for word in _BY_SEVERAL)


def is_the_decision(step: Step) -> bool:
    """Is this step the decision itself, or the sending of the file? The title says it."""
    return any(word in step.title for word in _ENDS)


def is_ours(step: Step) -> bool:
    """Where the text does not say at which level a step is done, it is not claimed for the township."""
    return bool(step.level) and step.level in plan.OWN_LEVELS


def our_part(edition: Edition, steps: Iterable[Step]) -> list[Stage]:
    """What is done between acceptance and the decision here, or the way to the county. Pure.

    Our part ends where a stage begins in which nobody of this township has a part. What the county does beside a step of ours
    (核对 during the home visit) belongs to it: its answer is waited for here.
    """
    found: list[Stage] = []
    for stage in stages(step for step in steps if step.counts not in OUT_OF_TIME):
        if not any(is_ours(step) for step in stage.steps):
            return found
        inside = [step for step in stage.steps if not is_notice(step) and not is_intake(step) and not is_special(step)]
        if any(is_the_decision(step) for step in inside):
            return found
        if inside:
            found.append(Stage(stage.group, inside))
    # No word tells the decision: where it is made here, it is the last step.
    return found if deciding.is_decided_by_county(edition) else found[:-1]


@dataclass(frozen=True)
class Noted:
    """What came of a step. `on`: the day it was done."""

    on: date
    words: str = ""
    who: str = ""
    left_out: bool = False


@dataclass
class Road:
    """The steps of one case. At most four questions, each asked when somebody wants to know."""

    case: ServiceRequest

    @cached_property
    def steps(self) -> list[Step]:
        case = self.case
        if case.kind != ServiceRequest.Kind.APPLICATION or case.edition is None or is_on_the_spot(case.edition):
            return []
        return sorted(case.edition.steps.all(), key=lambda step: step.position)

    @cached_property
    def part(self) -> list[Stage]:
        return our_part(self.case.edition, self.steps) if self.steps else []

    @cached_property
    def tail(self) -> afterwards.Tail:
        return afterwards.tail_of(self.steps, self.part)

    @cached_property
    def tasks(self) -> dict[int, Task]:
        return {task.step_id: task for task in tasks_of(self.case)}

    @cached_property
    def _events(self) -> dict[int, Event]:
        return {event.facts["step"]: event for event in self.case.events.filter(verb="note_step")}

    @cached_property
    def _visited_on(self) -> date | None:
        held = self.case.site_visits.filter(status=SiteVisit.Status.HELD).order_by("id").first()
        return timezone.localdate(held.visited_at) if held is not None else None

    def noted(self, step: Step) -> Noted | None:
        """What is known of a step of ours; None where nothing is."""
        event = self._events.get(step.position)
        if event is not None:
            said = persons.open_for(self.case, event.sealed, "event") or {}
            return Noted(
                date.fromisoformat(event.facts["on"]), said.get("text", ""), said.get("who", ""), bool(event.facts.get("left_out"))
            )
        if wants_visit(step) and self._visited_on is not None:
            return Noted(self._visited_on)
        return None

    @cached_property
    def undone(self) -> list[Step]:
        """Steps of ours, that are nobody's task, of which nothing is known; [] where the case is past them."""
        case = self.case
        if case.status not in RUNNING or case.forwarded_at is not None or not self.part:
            return []
        if NoticedCase.objects.filter(service_request=case).exists():
            return []
        return [step for stage in self.part for step in stage.steps if step.pk not in self.tasks and self.noted(step) is None]

    @cached_property
    def still_to_do(self) -> list[Step]:
        """What follows the decision in favour and nobody has written down yet: also when the result is long handed over."""
        case = self.case
        if case.status not in DONE or case.outcome not in FAVOURABLE:
            return []
        return [step for step in self.tail.behind if afterwards.is_to_be_noted(step, case.edition) and step.position not in self._events]

    @property
    def needed(self) -> list[Step]:
        """Those that nothing is known of and every case has. A conditional one (民主评议, 有争议时) holds up nobody."""
        return [step for step in self.undone if not step.condition]

    @property
    def due(self) -> list[Step]:
        """Those of the first stage that is not done, what is ours to do first; [] while a task of an office is waited for."""
        undone = {step.pk for step in self.needed}
        for stage in self.part if undone else ():
            here = [step for step in stage.steps if step.pk in undone]
            if here:
                return sorted(here, key=lambda step: not is_ours(step))
            if any(task.status in Task.UNSETTLED for step in stage.steps if (task := self.tasks.get(step.pk))):
                return []
        return []

    @property
    def next_step(self) -> Step | None:
        return next(iter(self.due), None)

    def to_note(self) -> list[Step]:
        """What `note_step` may be about now, the due ones first: whoever hears of a result early writes it down early. Not what
        rests on the opinions of other offices, while one of them is still missing.
        """
        if self.case.status in DONE:
            return self.still_to_do
        due = [step for step in self.due if not wants_visit(step)]
        return due + [step for step in self.undone if step not in due and not wants_visit(step) and not self.awaited_before(step)]

    def awaited_before(self, step: Step) -> list[Task]:
        """Tasks of other offices in the stages before this step of ours that are not settled yet (联审会商 rests on them)."""
        before: list[Task] = []
        for stage in self.part:
            if step in stage.steps:
                return before if is_ours(step) else []
            before += [task for one in stage.steps if (task := self.tasks.get(one.pk)) and task.status in Task.UNSETTLED]
        return []

    def results(self) -> list[tuple[Step, Noted]]:
        """What was written down, for whoever decides or carries it on."""
        known = [(step, self.noted(step)) for stage in self.part for step in stage.steps if step.pk not in self.tasks]
        return [(step, noted) for step, noted in known if noted is not None]


def why_not_yet(road: Road) -> str:
    """The result is posted, granted or carried on when the steps before it are done (domain 16.3): "" where nothing is in the way."""
    named = [step.title for step in road.needed]
    return _("First write down what came of: %(steps)s.") % {"steps": _(", ").join(named)} if named else ""


def say_results(road: Road) -> list[str]:
    """A line for each step and each opinion of another office: what came of it; and what nothing is known of."""
    found = [f"{step.title}{_(': ')}{_said(noted)}" for step, noted in road.results()]
    found += [f"{task.step.title}{_(': ')}{_opinion(road.case, task)}" for task in road.tasks.values() if task.status not in Task.UNSETTLED]
    return found + [_("Nothing is written down of: %(step)s") % {"step": step.title} for step in road.undone]


def _opinion(case: ServiceRequest, task: Task) -> str:
    on = say_date(timezone.localdate(task.ended_at)) if task.ended_at else ""
    who = str(task.office) if task.office_id else ""
    left_out = _("not needed here") if task.status == Task.Status.NOT_NEEDED else ""
    return " · ".join(part for part in (who, on, left_out, tasks.words_of(case, task)) if part)


def _said(noted: Noted) -> str:
    parts = [say_date(noted.on), _("not needed here") if noted.left_out else "", noted.words, noted.who]
    return " · ".join(part for part in parts if part)


def note_step(
    case: ServiceRequest, step: Step, *, words: str, on: date, who: str = "", left_out: bool = False, by: User, now: datetime
) -> None:
    """What came of an ordinary step, on which day, and who took part. `left_out`: a conditional step is not needed, `words` say why."""
    if not words.strip():
        raise Refused(_("Write down what came of it."))
    with change("note_step", case, by=by, now=now) as work:
        road = Road(work.case)
        is_after = work.case.status in DONE
        if is_after:
            _refuse_behind(work.case, road, step)
        known = {one.pk: one for stage in road.part for one in stage.steps if one.pk not in road.tasks}
        if step.pk not in known and not is_after:
            raise Refused(_("The text of this case knows no such step to be written down here."))
        if wants_visit(step) and not is_after:
            raise Refused(_("This is done at the place by two people: write the record of the visit."), first="record_visit")
        if road.noted(step) is not None:
            raise AlreadyHandled(_("“%(step)s” is written down already.") % {"step": step.title})
        awaited = [] if is_after else road.awaited_before(step)
        if awaited:
            raise Refused(tasks.still_open(awaited))
        if wants_several(step) and not left_out and not who.strip():
            raise Refused(_("Several bodies take part in this: write down who took part."))
        if left_out and not step.condition:
            raise Refused(_("This step is needed in every case of this item: only a conditional one can be left out."))
        first = timezone.localdate(work.case.decided_at if is_after else work.case.received_at)
        if not first <= on <= timezone.localdate(now):
            raise Refused(_("The day lies between %(first)s and today.") % {"first": say_date(first)})
        work.facts.update(step=step.position, step_title=step.title, on=on.isoformat())
        if is_after:
            work.facts["after"] = True  # by it the open ones are counted (requests.still_open)
        if left_out:
            work.facts["left_out"] = True
        work.words.update(text=words.strip(), who=who.strip())
        work.redate = False


def _refuse_behind(case: ServiceRequest, road: Road, step: Step) -> None:
    """Raises Refused for a step that does not follow the decision, or where nothing was granted that it could follow."""
    if case.outcome not in FAVOURABLE:
        raise Refused(_("Nothing was granted: no step follows."))
    if step.pk not in {one.pk for one in road.tail.behind if afterwards.is_to_be_noted(one, case.edition)}:
        raise Refused(_("The text of this case knows no such step to be written down here."))
