"""联审联办: one house in the middle, with a visit planned today, and one finished."""

from datetime import datetime

from portal.demo import steps
from portal.demo.rooms.stage import Life, Stage
from requests import verbs
from requests.joint import tasks, visits
from requests.models import ServiceRequest, Task
from requests.refusing import outcomes_of

LEAD, FARM, LAND, FOREST = "QH0901", "QH1001", "QH0801", "QH1101"
FINDINGS = "拟建位置为本户原宅基地，四至清楚，不占永久基本农田，与相邻房屋间距符合要求。"


def plan(stage: Stage) -> None:
    stage.begin(_in_the_middle(stage), _finished(stage))


def _task(case: ServiceRequest, title: str) -> Task:
    return Task.objects.select_related("step", "office", "holder").get(service_request=case, step__title__startswith=title)


def _in_the_middle(stage: Stage) -> Life:
    """Three offices are done, the forestry station is late, the visit is today."""
    case = yield from stage.in_hand("ZJ-001", "橘井村", -12, keeps=True)
    now = yield stage.at(-10, 10, 10)
    tasks.begin_task(case, _task(case, "林业"), stage.office("ST11"), by=case.holder, now=now)
    now = yield stage.at(-7, 11, 5)
    _finish(case, "资格条件审查", "申请人为本村集体成员，符合一户一宅。", now)
    now = yield stage.at(-5, 15, 20)
    _finish(case, "规划与用途审查", "位于村庄建设边界内，符合村庄规划。", now)
    now = yield stage.at(-4, 9, 45)
    _finish(case, "建房方案与安全审查", "采用镇里的标准图集，两层，檐高符合要求。", now)
    now = yield stage.at(-3, 9, 0)
    visitors = [stage.who(LEAD), stage.who(LAND), stage.who(FOREST)]
    visits.plan_visit(case, planned_at=stage.at(0, 15, 0), place="橘井村第三组老宅", visitors=visitors, by=case.holder, now=now)


def _finish(case: ServiceRequest, title: str, finding: str, now: datetime) -> None:
    task = _task(case, title)
    tasks.finish_task(case, task, finding, by=task.holder, now=now)


def _finished(stage: Stage) -> Life:
    case = yield from stage.in_hand("ZJ-001", "水车村", -48)
    now = yield stage.at(-46, 9, 30)
    visitors, place = [stage.who(LEAD), stage.who(FARM), stage.who(LAND)], "水车村第一组"
    visits.plan_visit(case, planned_at=stage.at(-44, 14, 30), place=place, visitors=visitors, by=case.holder, now=now)
    now = yield stage.at(-44, 16, 40)
    together = [_task(case, "资格条件审查"), _task(case, "规划与用途审查"), _task(case, "建房方案与安全审查")]
    said = {"present": "申请人本人、村民小组长", "findings": FINDINGS, "place": place}
    visits.record_visit(
        case, visited_at=stage.at(-44, 14, 30), visitors=visitors, finish=together, by=case.holder, now=now, **said
    )
    now = yield stage.at(-43, 9, 15)
    tasks.skip_task(case, _task(case, "林业"), "现场查看，不涉及林地、河道和公路。", by=case.holder, now=now)
    now = yield stage.at(-39, 15, 45)
    steps.write_down(case, now)
    verbs.decide(case, outcomes_of(case.edition)[0], by=case.holder, now=now)
    now = yield stage.at(-37, 10, 5)
    verbs.close(case, how="窗口领取，本人签收", by=case.holder, now=now)
