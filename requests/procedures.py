"""What may happen to a case besides its ordinary steps, as its pinned edition knows it: special procedures and extensions.

Whether a procedure stops the clock is an attribute with its basis, read from the edition and never guessed from the name
(domain 14, no. 5): 行政许可法 45 names hearings and appraisals, it does not name 公示.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from requests.clock import Kind
from requests.item_needs import is_notice
from requests.joint.plan import OWN_LEVELS
from services.models import Edition, Step

PERMIT = Edition.ItemType.PERMIT
# 第四十五条: what a permit's limit leaves out by law, whether the item mentions it or not.
LEFT_OUT_BY_LAW = {
    "hearing": "听证", "tender": "招标", "auction": "拍卖", "inspection": "检验", "testing": "检测", "quarantine": "检疫",
    "appraisal": "鉴定", "review": "专家评审",
}  # fmt: skip
LEFT_OUT_BASIS = "行政许可法第四十五条"
# Words by which a step takes in and checks what was handed in: that has its own verbs and its own limit, and is no procedure.
INTAKE = ("收件", "受理")
# What another law leaves out of its limit. The catalogue names the procedure and has no place for the article.
BASIS_BY_NAME = {"征求第三方意见": "政府信息公开条例第三十二条、第三十三条第三款"}
EXTENSION_BASIS = "行政许可法第四十二条"
BY_THE_ITEM = "本事项公布的办事指南将该程序列为不计入办理期限的程序"
MORE_BY_THE_ITEM = "本事项公布的办事指南"
EXTENSION_TYPE, ELSE_TYPE = 1, 2
STOPPING = (Step.Counts.PAUSES, Step.Counts.OUTSIDE)
# How the catalogue begins the names of bodies above the township.
ABOVE = ("县", "市", "区", "州", "省", "国")


@dataclass(frozen=True, slots=True)
class Procedure:
    """One special procedure. `value` and `unit`: how long it takes at most, where the edition says so.

    `applies_to` as it is stored: kinds of limit with commas, empty for all.
    """

    code: str
    name: str
    stops: bool
    basis: str = ""
    is_assumed: bool = False
    value: int | None = None
    unit: str = ""
    applies_to: str = ""


@dataclass(frozen=True, slots=True)
class MoreTime:
    """An extension the item knows: at most `value`, `times` over, approved by `approver`."""

    code: str
    name: str
    value: int
    unit: str
    approver: str
    basis: str
    times: int = 1

    def is_approved_outside(self, county: str) -> bool:
        """Approved by a body above the township: then its letter is what counts, with number and date."""
        return self.approver.startswith(ABOVE) or bool(county and self.approver.startswith(county))


def procedures_of(edition: Edition) -> list[Procedure]:
    """Everything special that may begin while a case of this edition runs; its ordinary steps are not among it (requests.steps)."""
    found = list(_named_apart(edition))
    found += [step for step in _steps(edition) if not any(step.name in one.name for one in found)]
    if edition.item_type == PERMIT:
        named = {one.name for one in found}
        found += [
            Procedure(f"law-{code}", name, True, LEFT_OUT_BASIS) for code, name in LEFT_OUT_BY_LAW.items() if name not in named
        ]
    return found


def procedure_of(edition: Edition, code: str) -> Procedure | None:
    return next((one for one in procedures_of(edition) if one.code == code), None)


def more_time_of(edition: Edition) -> list[MoreTime]:
    """The extensions of this edition; for a permit that names none the ten working days of the law (行政许可法 42)."""
    found = [
        MoreTime(
            f"more-{position}",
            str(row["name"]),
            int(row["max_extra"]),
            str(row.get("unit") or Edition.Unit.WORKING_DAY),
            str(row.get("approver") or ""),
            str(row.get("basis") or edition.legal_basis or MORE_BY_THE_ITEM)[:300],
            int(row.get("times") or 1),
        )
        for position, row in _rows(edition)
        if row.get("type_code") == EXTENSION_TYPE and row.get("max_extra")
    ]
    if not found and edition.item_type == PERMIT:
        found = [MoreTime("more-law", "延长办理期限", 10, str(Edition.Unit.WORKING_DAY), "本行政机关负责人", EXTENSION_BASIS)]
    return found


def _rows(edition: Edition) -> Iterator[tuple[int, dict]]:
    return ((position, row) for position, row in enumerate(edition.special_procedures or [], start=1) if isinstance(row, dict))


def _named_apart(edition: Edition) -> Iterator[Procedure]:
    for position, row in _rows(edition):
        if row.get("type_code") == EXTENSION_TYPE or not row.get("name"):
            continue
        stops, basis = not row.get("counted"), str(row.get("basis") or BASIS_BY_NAME.get(str(row["name"]), ""))
        yield Procedure(
            f"special-{position}",
            str(row["name"])[:120],
            stops,
            basis or (BY_THE_ITEM if stops else ""),
            stops and not basis,
            row.get("max_extra") or None,
            str(row.get("unit") or ""),
            stopped_kinds(edition, not basis) if stops else "",
        )


def is_intake(step: Step) -> bool:
    return any(word in step.title for word in INTAKE)


def is_special(step: Step) -> bool:
    """Marked so: it stops the clock by its own attribute, or it is one of those the law names. Never the check of what was handed in."""
    if is_intake(step):
        return False
    if step.counts in STOPPING:
        return True
    # What the county does in its own time is its own affair.
    return step.level in OWN_LEVELS and any(word in step.title for word in LEFT_OUT_BY_LAW.values())


def _steps(edition: Edition) -> Iterator[Procedure]:
    """Special steps within the time. A notice that hangs here stops the clock by its own verbs (requests.public_notice)."""
    has_notice = bool((edition.public_notice or {}).get("required"))
    for step in edition.steps.all():
        if step.counts in (Step.Counts.BEFORE, Step.Counts.AFTER) or not is_special(step):
            continue
        if is_notice(step) and has_notice:
            continue
        stops = step.counts in STOPPING
        yield Procedure(
            f"step-{step.position}",
            step.title,
            stops,
            step.counts_basis or (BY_THE_ITEM if stops else ""),
            stops and (step.counts_is_assumed or not step.counts_basis),
            step.value,
            step.unit,
            stopped_kinds(edition, step.counts_is_assumed) if stops else "",
        )


def stopped_kinds(edition: Edition, is_assumed: bool) -> str:
    """The kinds of limit that stand still, as they are stored; all where it is empty.

    Of a permit the law itself lists what the legal limit leaves out (45条): an assumption stops only what was promised.
    """
    return str(Kind.PROMISED) if is_assumed and edition.item_type == PERMIT else ""
