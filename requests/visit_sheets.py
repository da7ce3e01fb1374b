"""合并回执: the data of the one sheet of a visit, made from its cases."""

from collections.abc import Sequence

from django.utils import translation

from requests import persons, receipts
from requests.item_needs import is_on_the_spot
from requests.materials import checklist
from requests.models import MaterialReceipt, ServiceRequest, Visit
from requests.printing import sheets
from requests.printing.contracts import VisitCase, VisitData

S = ServiceRequest.Status
# (some run from receipt, some from acceptance)
_FROM = {
    (False, True): "办理期限自受理起算。",
    (True, False): "办理期限自收到申请起算。",
    (True, True): "办理期限自受理起算;上面写了日期的,自收到申请起算。",
}


def visit_sheet(visit: Visit, cases: Sequence[ServiceRequest], *, track_url: str) -> bytes:
    """The PDF. It has no secrets and no identity numbers; every case has its own receipt besides."""
    with translation.override("zh-hans"):
        return sheets.visit_sheet(visit_data(visit, cases, track_url=track_url))


def visit_data(visit: Visit, cases: Sequence[ServiceRequest], *, track_url: str) -> VisitData:
    """Who came is the representative of the first case, or its applicant."""
    people = {case.pk: persons.person_of(case) for case in cases}
    first = people[cases[0].pk]
    visitor = first.representative.get("name", "") or first.name
    return VisitData(
        head=receipts.letterhead_of(visit.office),
        visitor=visitor,
        received_at=min(case.received_at for case in cases),
        received_by=f"{visit.by}({visit.office})",
        cases=tuple(_case(case, people[case.pk].name, visitor) for case in cases),
        next_steps=_common_steps(cases),
        track_url=track_url,
    )


def _case(case: ServiceRequest, name: str, visitor: str) -> VisitCase:
    lines = checklist(case)
    dates = receipts.dates(case) if case.is_open else {}
    return VisitCase(
        number=case.number,
        item=case.title,
        applicant=name if name != visitor else "",
        due=dates.get("promised") or dates.get("legal") or receipts.date_from_receipt(case),
        due_note=_due_note(case, any(line.is_missing for line in lines)),
        materials=tuple(receipts.handed_over(line) for line in lines if line.state == MaterialReceipt.State.IN),
        missing=receipts.missing(case, lines),
    )


def _due_note(case: ServiceRequest, is_incomplete: bool) -> str:
    if case.status in (S.CLOSED, S.DECIDED):
        return "当场办结" if case.due_kind == ServiceRequest.DueKind.ON_THE_SPOT else "已办结"
    if case.status in (S.VOIDED, S.WITHDRAWN, S.DEEMED_WITHDRAWN, S.TERMINATED, S.INTAKE_REFUSED, S.NOT_OURS):
        return str(case.get_status_display())
    if case.edition_id and is_on_the_spot(case.edition) and not case.own_value:
        return "材料补齐后当场办结" if is_incomplete else "当场办结"
    if is_incomplete:
        return "材料补齐、受理后起算"
    return "无统一法定时限" if case.accepted_at else "受理后告知"


def _common_steps(cases: Sequence[ServiceRequest]) -> tuple[str, ...]:
    """What holds for all of them; the rest is on each receipt."""
    waiting = [case for case in cases if case.is_open]
    steps = ["每件另有收件凭证,凭办件编号和凭证上的查询码查询。"]
    not_accepted = [case for case in waiting if case.status in (S.RECEIVED, S.AWAITING_MATERIALS)]
    if not_accepted:
        already = sum(receipts.runs_from_receipt(case) for case in not_accepted)
        steps.append(f"缺的材料补齐后受理,{_FROM[(already > 0, already < len(not_accepted))]}")
    return tuple(steps)
