"""What limits are made of: the limit itself, and the facts that start it, stop it and lengthen it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Unit(StrEnum):
    WORKING_DAY = "working_day"  # 工作日
    CALENDAR_DAY = "calendar_day"  # 自然日
    MONTH = "month"  # 月
    HOUR = "hour"  # 小时


class StartEvent(StrEnum):
    RECEIVED = "received"  # 收到申请
    ACCEPTED = "accepted"  # 受理
    CONFIRMED = "confirmed"  # 确认
    DISPATCHED = "dispatched"  # 派单
    SUPPLEMENTED = "supplemented"  # 收到补正后的申请


class Kind(StrEnum):
    PROMISED = "promised"  # 承诺时限
    LEGAL = "legal"  # 法定时限
    ACCEPTANCE_CHECK = "acceptance_check"  # 受理审查
    CALL_BACK = "call_back"  # 答应回电
    SIGN = "sign"  # 签收
    CONTACT = "contact"  # 首次联系
    ANSWER = "answer"  # 答复
    FOLLOW_UP = "follow_up"  # 挂账跟踪再议
    ORDERED = "ordered"  # 交办单限期
    FORWARDING = "forwarding"  # 镇段:转报期限


EVERY_KIND = frozenset(Kind)


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit is value, unit and basis. Where there is none, there is no Limit: never 0."""

    value: int
    unit: Unit
    starts_on: StartEvent
    kind: Kind
    basis: str = ""

    def __post_init__(self) -> None:
        check_value(self.value)


@dataclass(frozen=True, slots=True)
class Start:
    """The event that starts a limit, and its moment."""

    kind: StartEvent
    at: datetime

    def __post_init__(self) -> None:
        check_aware(self.at)


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stands still, from `start` until `end`, or still today. A basis may stop one kind of limit only."""

    start: datetime
    end: datetime | None
    reason: str
    basis: str = ""
    applies_to: frozenset[Kind] = EVERY_KIND

    def __post_init__(self) -> None:
        check_aware(self.start)
        if self.end is not None:
            check_aware(self.end)
            if self.end < self.start:
                raise ValueError("a pause ends before it begins")


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, approved `at` by the person or body named in `approved_by_text`."""

    value: int
    unit: Unit
    reason: str
    approved_by_text: str
    at: datetime
    applies_to: frozenset[Kind] = EVERY_KIND

    def __post_init__(self) -> None:
        check_value(self.value)
        check_aware(self.at)


def check_value(value: int) -> None:
    if value < 1:
        raise ValueError("a limit is at least 1; where there is none, there is no limit")


def check_aware(moment: datetime) -> None:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
