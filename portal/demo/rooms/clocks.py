"""延期 and 特别程序: one extension asked, one granted, one procedure under way today, one over."""

from portal.demo.rooms.stage import CENTRE_HEAD, Life, Stage
from requests import extending, verbs
from requests.procedures import more_time_of, procedures_of


def plan(stage: Stage) -> None:
    stage.begin(
        _extension_asked(stage, "MZ-001", "梨花村", 10, "成员较多，异地收入尚待核对机构回函"),
        _extension_asked(stage, "ZW-001", "河街社区", 10, "需检索五年前的纸质档案"),
        _extension_granted(stage),
        _procedure(stage, "CL-001", "青泥村", -4, 15, over=None),
        _procedure(stage, "CL-001", "茶岭村", -25, 12, over=-12),
    )


def _extension_asked(stage: Stage, code: str, village: str, value: int, reason: str) -> Life:
    case = yield from stage.in_hand(code, village, -10)
    now = yield stage.at(-1, 16, 5)
    extending.ask_extension(case, value=value, reason=reason, by=case.holder, now=now)


def _extension_granted(stage: Stage) -> Life:
    case = yield from stage.in_hand("ZW-001", "禾兴社区", -14)
    now = yield stage.at(-4, 10, 30)
    reason = "涉及第三方意见征询，尚未收齐答复"
    extending.ask_extension(case, value=15, reason=reason, by=case.holder, now=now)
    now = yield stage.at(-3, 9, 20)
    what = more_time_of(case.edition)[0]
    extending.extend(case, value=15, reason=reason, procedure=what.code, by=stage.who(CENTRE_HEAD), now=now)


def _procedure(stage: Stage, code: str, village: str, day: int, value: int, *, over: int | None) -> Life:
    """残疾评定: the clock stands still until the hospital has said its word."""
    case = yield from stage.in_hand(code, village, day)
    now = yield stage.at(day + 2, 9, 30)
    what = next(one for one in procedures_of(case.edition) if one.stops)
    reason = "到县定点医院作残疾评定"
    verbs.begin_procedure(case, what.code, value=value, unit=what.unit, reason=reason, by=case.holder, now=now)
    if over is not None:
        now = yield stage.at(over, 11, 0)
        verbs.end_procedure(case, what.code, ended_on=stage.day(over), words="评定表已收到", by=case.holder, now=now)
