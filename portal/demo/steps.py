"""办理环节 of the demo's cases: what came of each, and the record of a visit by two, before the result is posted, sent on or decided."""

from datetime import datetime, timedelta

from django.utils import timezone

from officials.models import User
from requests import steps
from requests.joint import visits
from requests.models import ServiceRequest
from services.models import Step

# By a word of the step's title.
RESULTS = {
    "核对": "核对报告已取回，家庭收入、财产与申报一致。",
    "评议": "村民代表十一人参加，九人同意，两人弃权。",
    "评估": "吃饭、穿衣两项不能自理，评为半护理。",
    "商": "各部门意见一致，同意上报。",
    "意愿": "双方愿意在村委会当面谈。",
}
PLAIN = "经审查，材料与情况相符，拟同意。"
FINDINGS = "家中现有住房三间，与申报一致；走访邻居两户，反映情况属实。"


def write_down(case: ServiceRequest, now: datetime) -> None:
    """All that is not written down of the ordinary steps; nothing where the case is past them or not begun."""
    road = steps.Road(case)
    visited = False
    for step in road.undone:
        if road.awaited_before(step):
            continue
        if not steps.wants_visit(step):
            _note(case, step, now)
        elif not visited:
            visited = True
            _visit(case, now)


def _note(case: ServiceRequest, step: Step, now: datetime) -> None:
    said = {"words": "本户不涉及。", "left_out": True} if step.condition else {"words": _result(step), "who": step.actor}
    steps.note_step(case, step, on=timezone.localdate(now), **said, by=case.holder, now=now)


def _result(step: Step) -> str:
    return next((words for word, words in RESULTS.items() if word in step.title), PLAIN)


def _visit(case: ServiceRequest, now: datetime) -> None:
    """Two of the office were there that day, an hour before it is written down."""
    post = case.edition.post
    colleague = post.deputy if post.deputy_id not in (None, case.holder_id) else _another(case)
    visits.record_visit(
        case, visited_at=max(now - timedelta(hours=1), case.received_at), place="申请人家中", visitors=[case.holder, colleague],
        present="申请人本人", findings=FINDINGS, by=case.holder, now=now,
    )  # fmt: skip


def _another(case: ServiceRequest) -> User:
    return User.objects.filter(office=case.office, is_active=True).exclude(pk=case.holder_id).order_by("pk")[0]
