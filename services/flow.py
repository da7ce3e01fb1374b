"""The flow of an item as it is drawn: steps one below the other, parallel ones side by side (C3).

Steps that carry the same group stand together, at the place of the first of them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Stage:
    """One level of the drawing: a single step, or several that run at the same time."""

    group: str
    steps: list[Any] = field(default_factory=list)

    @property
    def is_parallel(self) -> bool:
        return len(self.steps) > 1


def stages(steps: Iterable[Any]) -> list[Stage]:
    """Steps (anything with a `group`) in their order → the levels of the drawing."""
    found: list[Stage] = []
    groups: dict[str, Stage] = {}
    for step in steps:
        stage = groups.get(step.group) if step.group else None
        if stage is None:
            stage = Stage(step.group)
            found.append(stage)
            if step.group:
                groups[step.group] = stage
        stage.steps.append(step)
    return found
