"""上报县里: files whose date with the county is over, one urged without an answer, one with; one sent back."""

from portal.demo import steps
from portal.demo.rooms.stage import Life, Stage
from requests.county import verbs as county


def plan(stage: Stage) -> None:
    stage.begin(
        _at_county(stage, "MZ-005", "麦浪村", -18, urged=-2, answer="材料正在会审，本周内出结果。"),
        _at_county(stage, "YB-003", "梨花村", -28, urged=-3, answer=""),
        _at_county(stage, "MZ-005", "河街社区", -16, urged=None, answer=""),
        _sent_back(stage),
    )


def _carried(stage: Stage, code: str, village: str, day: int):
    case = yield from stage.in_hand(code, village, day)
    now = yield stage.at(day + 3, 10, 30)
    steps.write_down(case, now)
    county.forward(case, how="exchange", along=[], by=case.holder, now=now)
    now = yield stage.at(day + 4, 11, 0)
    county.note_county_receipt(case, on=stage.day(day + 4), receiver="县局收件窗口", by=case.holder, now=now)
    return case


def _at_county(stage: Stage, code: str, village: str, day: int, *, urged: int | None, answer: str) -> Life:
    case = yield from _carried(stage, code, village, day)
    if urged is None:
        return
    now = yield stage.at(urged, 9, 20)
    what = "该件已超过县级办理时限，请告知进展和预计办结时间。"
    urge = county.urge_county(case, what=what, answer_by=stage.day(urged + 3), by=case.holder, now=now)
    if answer:
        now = yield stage.at(urged + 1, 15, 40)
        county.note_urge_answer(case, urge, on=stage.day(urged + 1), words=answer, by=case.holder, now=now)


def _sent_back(stage: Stage) -> Life:
    case = yield from _carried(stage, "MZ-005", "禾兴社区", -9)
    now = yield stage.at(-1, 10, 0)
    reason = "监护情况说明缺村民委员会盖章，请补齐后重新上报。"
    county.county_returns(case, reason=reason, by=case.holder, now=now)
