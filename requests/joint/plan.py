"""How the steps of an item share out the promised time: which are tasks of other offices, and when each stage begins.

Pure rules. Steps of one parallel group make one stage; a stage is as long as its longest counted step, and the stages one after
another are as long as the promise (that is checked when the item is written). So a task that ends with its stage fits the promise.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from officials.workdays import Calendar
from requests import clock
from requests.clock import Due, Kind, Limit, Pause, StartEvent, Unit
from services.flow import Stage, stages
from services.models import Step

# Levels whose steps are done in this township; all others lie with the county or above.
OWN_LEVELS = ("", "village", "township")


@dataclass(frozen=True)
class Part:
    """One step as a task; `offset`: how much of the promise the stages before it take, in the unit of the promise."""

    step: Step
    offset: int


def counted(steps: Iterable[Step], unit: str) -> list[Step]:
    """The steps that use up promised time."""
    return [step for step in steps if step.counts == Step.Counts.COUNTS and step.value and step.unit == unit]


def length(stage: Stage, unit: str) -> int:
    """How much of the promise a stage takes; side by side, the longest step."""
    return max((step.value for step in counted(stage.steps, unit)), default=0)


def parts(steps: Collection[Step], lead_id: int, unit: str) -> list[Part]:
    """The steps that become tasks for a lead office, in their order.

    A stage that somebody else has a part in is shared: every own-level step of a parallel one is a task, those of the lead office
    too. What stands alone and is done by the lead office itself is none; steps before the application or after the decision
    belong to nobody's clock.
    """
    found, offset = [], 0
    for stage in stages(sorted(steps, key=lambda step: step.position)):
        inside = [step for step in stage.steps if step.counts in (Step.Counts.COUNTS, Step.Counts.PAUSES, Step.Counts.OUTSIDE)]
        if any(step.office_id not in (None, lead_id) for step in inside):
            found += [Part(step, offset) for step in inside if step.office_id or step.level in OWN_LEVELS]
        offset += length(stage, unit)
    return found


def begins(offset: int, unit: str, started_at: datetime, calendar: Calendar, pauses: list[Pause]) -> datetime:
    """The moment until which the stages before may take."""
    if not offset:
        return started_at
    return clock.due(Limit(offset, Unit(unit), StartEvent.ACCEPTED, Kind.PROMISED), started_at, calendar, pauses).due_at


def due(step: Step, began_at: datetime, calendar: Calendar, pauses: list[Pause]) -> Due | None:
    """The own date of a task; None where the step has no time of its own."""
    if not step.value or not step.unit:
        return None
    return clock.due(Limit(step.value, Unit(step.unit), StartEvent.ACCEPTED, Kind.PROMISED), began_at, calendar, pauses)
