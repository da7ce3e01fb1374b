"""Panels of a case page: what each room knows of this case, with the links to act. A room gives a function, the page lists it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from officials.models import User
from requests.models import ServiceRequest


@dataclass(frozen=True)
class Panel:
    """A section of the page: its template, which finds `content` as `panel`, and the case as `case`."""

    template: str
    content: Any


Build = Callable[[ServiceRequest, User, datetime], Panel | None]


def panels_of(case: ServiceRequest, user: User, now: datetime, builders: tuple[Build, ...]) -> list[Panel]:
    """In the order of the builders; a room that has nothing to say of this case gives None."""
    return [panel for build in builders if (panel := build(case, user, now)) is not None]
