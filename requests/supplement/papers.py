"""What is printed around acceptance: the one-time notice, the receipt for what came in, the notice of acceptance (domain 4.3).

Chinese whatever language the page has: these are papers.
"""

from collections.abc import Mapping
from datetime import date

from django.utils import translation

from requests.documents import Paper, Part, bodies
from requests.intake import AUTHORITY_LINE
from requests.materials import Line, checklist, told_once
from requests.models import Document, MaterialReceipt, ServiceRequest, SupplementLine, SupplementNotice, WrittenPromise
from requests.printing import wording
from services.models import Edition, Material

K = Document.Kind
State = MaterialReceipt.State
ORDINALS = "一二三四五六七八九"
BY_GUIDE = "按办事指南"
LAW_OF_THE_LETTER = "民法典第一百六十五条"


def notice_paper(
    case: ServiceRequest, notice: SupplementNotice, missing: list[Line], wrong: Mapping[str, str], words: str
) -> Paper:
    """补正材料一次性告知书: every missing or faulty material with standard and basis, all of it, once."""
    edition = case.edition
    with translation.override("zh-hans"):
        rows = tuple(
            (str(line.name), wrong_words(line, wrong), standard_of(line.material), basis_of_line(line, edition))
            for line in told_once(missing)
        )
    parts = [
        Part("item", "申请事项", text=edition.name),
        Part("received_on", "收件日期", text=wording.plain_day(case.received_at)),
        Part("missing", "缺少或者不符合要求的材料", columns=("材料", "缺少或不符合之处", "受理标准", "依据"), rows=rows),
        Part("answer_by", "补正期限和逾期后果", text=consequence(edition, notice)),
    ]
    if notice.replaces_id:
        number = notice.replaces.document.number if notice.replaces.document_id else ""
        parts.append(Part("replaces", "说明", text=f"本告知书当场更正并代替前一份告知书{number},前一份作废。"))
    if notice.ordinal > 1:
        parts.append(Part("second", f"第{ORDINALS[notice.ordinal - 1]}次告知的原因", text=second_words(notice)))
    parts.append(Part("words", "其他需要说明的", text=words))
    return Paper(kind=K.SUPPLEMENT, parts=tuple(parts))


def wrong_words(line: Line, wrong: Mapping[str, str]) -> str:
    what = "不符合要求" if line.state == State.FAULTY else "缺少"
    typed = wrong.get(line.key, "").strip()
    return f"{what}:{typed}" if typed else what


def standard_of(material: Material | None) -> str:
    if material is None:
        return "出示原件,当场核验"
    return material.accept_standard or material.fill_explain or BY_GUIDE


def basis_of(material: Material | None, edition: Edition) -> str:
    if material is not None and material.basis:
        return material.basis
    return law_of(edition)


def basis_of_line(line: Line, edition: Edition) -> str:
    """The letter rests on the law of agency, whatever the item is about."""
    return LAW_OF_THE_LETTER if line.key == AUTHORITY_LINE else basis_of(line.material, edition)


def law_of(edition: Edition) -> str:
    """What the item itself names as its basis, first line first."""
    first = edition.bases.order_by("position").values_list("text", flat=True).first()
    return first or edition.legal_basis or BY_GUIDE


def consequence(edition: Edition, notice: SupplementNotice) -> str:
    """By when and what follows: only what the rule of the item says (有依据才写)."""
    said = ["本事项依据没有规定补正期限,请尽快补齐。"]
    if notice.answer_by:
        said = [f"{bring_by(edition, notice)}补齐{'' if edition.supplement_basis else ',过了这一天仍可以补'}。"]
    if edition.supplement_withdraws and notice.answer_by:
        said.append(f"逾期未补正的,依据{edition.supplement_basis}视为撤回申请,可以再次申请。")
    if edition.supplement_restarts:
        said.append(f"办理期限自收到补正材料之日起重新计算(依据:{edition.supplement_basis})。")
    return "".join(said)


def bring_by(edition: Edition, notice: SupplementNotice) -> str:
    """The day in words. Where no rule sets one it is asked for and nothing follows from it."""
    day = f"{wording.plain_day(notice.answer_by)}(含当日)以前"
    return f"请在{day}" if edition.supplement_basis else f"本事项依据没有规定补正期限,请尽量在{day}"


CAUSES = {
    SupplementNotice.Cause.OVERSIGHT: "第一次告知时遗漏,由本机关承担责任",
    SupplementNotice.Cause.FOUND: "核查中新发现",
    SupplementNotice.Cause.CIRCUMSTANCES: "申请人情况发生变化",
    SupplementNotice.Cause.POLICY: "政策发生变化",
}


def second_words(notice: SupplementNotice) -> str:
    approved = f"经{notice.settled_by.name}批准。" if notice.settled_by_id else ""
    return f"{CAUSES[notice.cause]}。{approved}"


def receipt_paper(case: ServiceRequest, notice: SupplementNotice, rows: list[SupplementLine]) -> Paper:
    """补正材料收件凭证: line by line what the list named, what of it is here and what is still awaited."""
    with translation.override("zh-hans"):
        names = {line.key: line.name for line in checklist(case)}
        received = tuple((str(names.get(row.key, row.material or row.line)), *came_in(row)) for row in rows)
    told = f"{notice.document.number} " if notice.document_id else ""
    rest = sum(row.came_in_at is None for row in rows)
    parts = (
        Part("item", "申请事项", text=case.edition.name),
        Part("notice", "对应的补正告知", text=f"{told}{wording.plain_day(notice.told_at)}告知,共{len(rows)}项"),
        Part("received", "补正材料", columns=("材料", "收到", "份数", "收到时间"), rows=received),
        Part("rest", text=f"还有{rest}项未补。{consequence(case.edition, notice)}" if rest else "告知的材料已经补齐,补齐之日为受理日。"),
    )
    return Paper(kind=K.SUPPLEMENT_RECEIPT, parts=parts, signatures=("申请人", "日期"))


def came_in(row: SupplementLine) -> tuple[str, str, str]:
    if row.came_in_at is None:
        return "未收", "—", "—"
    pieces = wording.pieces(row.material.original_count, row.material.copy_count) if row.material else "—"
    return "已收", pieces, wording.moment(row.came_in_at)


def is_due_on_acceptance(case: ServiceRequest) -> bool:
    """受理要出书面凭证 (行政许可法 32): where the item has such a paper and we may write it. Not for what is done while the person waits,
    nor for old files; 信息公开 and 急难救助 know no notice of acceptance.
    """
    if case.origin == ServiceRequest.Origin.OLD_LEDGER or case.edition.handling == Edition.Handling.ON_THE_SPOT:
        return False
    return bodies.is_named(case.edition, K.ACCEPTANCE) and bodies.may_issue(case, K.ACCEPTANCE)


def acceptance_paper(case: ServiceRequest, promise: WrittenPromise | None) -> Paper:
    """受理通知书: with the day by which it is decided. Where materials may follow, what is owed until when stands on it."""
    edition = case.edition
    with translation.override("zh-hans"):
        lines = [line for line in checklist(case) if line.state == State.IN]
    received = tuple(
        (str(line.name), wording.pieces(*line.in_the_file) if line.material else "—") for line in lines
    )
    parts = [
        Part("item", "申请事项", text=edition.name),
        Part("applied_on", "申请日期", text=wording.plain_day(case.received_at)),
        Part("accepted_on", "受理日期", text=wording.plain_day(case.accepted_at)),
        Part("basis", "受理依据", text=law_of(edition)),
        Part("materials", "已收材料", columns=("材料", "份数"), rows=received)
        if received
        else Part("materials", "已收材料", text="由本机关核验,没有要求提交材料"),
        Part("decide_by", "预计作出决定的日期", text=decide_by(case)),
    ]
    if promise is not None:
        owed = [line for line in checklist(case) if line.material_id in promise.materials]
        rows = tuple((line.name, standard_of(line.material)) for line in owed)
        parts.append(Part("owed", "容缺后补的材料", columns=("材料", "受理标准"), rows=rows))
        parts.append(Part("owed_by", "后补期限和逾期后果", text=tolerance_words(edition, promise)))
    return Paper(kind=K.ACCEPTANCE, parts=tuple(parts))


def tolerance_words(edition: Edition, promise: WrittenPromise) -> str:
    day = wording.plain_day(promise.answer_by)
    if edition.supplement_withdraws:
        return f"申请人书面承诺在{day}(含当日)以前补齐。逾期未补齐的,依据{edition.supplement_basis}视为撤回申请。"
    return f"申请人书面承诺在{day}(含当日)以前补齐。"


def decide_by(case: ServiceRequest) -> str:
    days: list[tuple[str, date | None]] = [("承诺", case.promised_on), ("法定", case.legal_on)]
    said = "、".join(f"{wording.plain_day(day)}({kind})" for kind, day in days if day)
    if not said and case.edition.handling == Edition.Handling.ON_THE_SPOT:
        return "当场作出"
    return said or "本事项依据没有规定期限,办理情况可随时查询"


def written_by(case: ServiceRequest, kind: str) -> str:
    """The body elsewhere that writes this paper; "" where it is written at our windows."""
    issuer = bodies.issuer_of(case, kind)
    return "" if bodies.acts_here(case, issuer) else issuer
