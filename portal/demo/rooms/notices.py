"""公示: sheets that hang in two villages now, one to be posted, one over and to be taken down, one with an objection."""

from collections.abc import Generator
from datetime import datetime

from django.utils import timezone

from portal.demo import steps
from portal.demo.rooms.stage import HEAD, Life, Stage
from portal.demo.scene import words_on_the_sheet
from requests.county import verbs as county
from requests.models import Objection, PublicNotice, ServiceRequest
from requests.public_notice import verbs as notices


def plan(stage: Stage) -> None:
    stage.begin(
        _hanging(stage, "MZ-001", "稻香村", -8, objection=""),
        _hanging(stage, "MZ-006", "石桥村", -7, objection=""),
        _hanging(stage, "MZ-002", "荷塘村", -8, objection="邻居反映该户有子女在外务工，能够赡养。"),
        _to_post(stage),
        _to_take_down(stage),
        _objection_settled(stage),
    )


def _begin(case: ServiceRequest, now: datetime) -> PublicNotice:
    steps.write_down(case, now)
    said = {"hang_on": timezone.localdate(now), "typed": words_on_the_sheet(case.edition), "of_age": True}
    return notices.begin_public_notice(case, **said, by=case.holder, now=now)


def _posted(
    stage: Stage, code: str, village: str, day: int, posted: int
) -> Generator[datetime, datetime, tuple[ServiceRequest, PublicNotice]]:
    case = yield from stage.in_hand(code, village, day)
    now = yield stage.at(posted, 10, 20)
    notice = _begin(case, now)
    now = yield stage.at(posted, 14, 30)
    notices.note_posted(case, by=case.holder, now=now)
    return case, notice


def _hanging(stage: Stage, code: str, village: str, day: int, *, objection: str) -> Life:
    case, _notice = yield from _posted(stage, code, village, day, -2)
    if objection:
        now = yield stage.at(-1, 10, 45)
        notices.log_objection(case, words=objection, by=case.holder, now=now)


def _to_post(stage: Stage) -> Life:
    case = yield from stage.in_hand("MZ-006", "稻香村", -5)
    now = yield stage.at(-1, 16, 10)
    _begin(case, now)


def _to_take_down(stage: Stage) -> Life:
    case, _notice = yield from _posted(stage, "MZ-003", "梨花村", -12, -9)
    now = yield stage.at(-1, 9, 0)
    notices.end_public_notice(case, by=case.holder, now=now)


def _objection_settled(stage: Stage) -> Life:
    """Somebody objected; the head looked into it and it did not hold. Taken down, carried on."""
    case, notice = yield from _posted(stage, "MZ-002", "白鹭村", -30, -26)
    now = yield stage.at(-24, 9, 40)
    said = {"name": "陈新泉", "phone": "12055566677", "words": "该户名下有一辆农用三轮车。"}
    notices.log_objection(case, **said, by=case.holder, now=now)
    now = yield stage.at(-22, 15, 0)
    objection = Objection.objects.get(line__service_request=case)
    finding = "经入户核实，车辆已报废，不影响认定。"
    notices.settle_objection(case, objection.pk, upheld=False, finding=finding, by=stage.who(HEAD), now=now)
    now = yield stage.at(-18, 9, 10)
    notices.end_public_notice(case, by=case.holder, now=now)
    now = yield stage.at(-18, 16, 0)
    notices.take_down(notice, by=case.holder, now=now)
    now = yield stage.at(-17, 10, 0)
    steps.write_down(case, now)
    county.forward(case, how="exchange", along=[], by=case.holder, now=now)
