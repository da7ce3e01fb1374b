"""The rules of one item and its rows. Where the law is the reason, it stands beside the rule."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _

from services.models import Edition, Material, Particular, Step
from services.reminding import too_late

from . import layout, phrases
from .faults import Fault, Remark
from .reading import Reading, Row

_CATCH_ALL = ("其他材料", "有关材料", "等材料")


def item_faults(row: Row) -> Iterator[Fault]:
    """Everything one row of the sheet of items can have wrong in itself."""
    yield from _limit(row, "legal")
    yield from _limit(row, "promised")
    yield from _promise(row)
    yield from _acceptance(row)
    yield from _supplement(row)
    yield from _review(row)
    yield from _bodies(row)
    yield from _phrases(row)
    yield from _notice(row)
    if sentence := too_late(row["item_type"], row["reminder_days"]):
        yield row.fault("reminder_days", sentence)
    if row["charges_fee"] and not row["fee_standard"]:
        yield row.fault("fee_standard", _("An item with a fee needs the amount or the rule for it."))


def value_and_unit(row: Row, value: str, unit: str) -> Iterator[Fault]:
    """天数 without a unit means nothing, and a unit without a number neither."""
    if row[value] and row[unit] == "":
        yield row.fault(unit, _("The unit is missing: working days, calendar days, months or hours."))
    if row[unit] and row[value] is None and not _was_faulty(row, value):
        yield row.fault(value, _("There is a unit but no number."))


def _limit(row: Row, kind: str) -> Iterator[Fault]:
    yield from value_and_unit(row, f"{kind}_value", f"{kind}_unit")
    if row[f"{kind}_value"] and row[f"{kind}_start"] == "":
        yield row.fault(f"{kind}_start", _("Say which event the limit starts at."))
    if row[f"{kind}_start"] and row[f"{kind}_value"] is None and not row[f"{kind}_unit"]:
        yield row.fault(f"{kind}_start", _("There is a start event but no limit."))


def _promise(row: Row) -> Iterator[Fault]:
    """承诺时限不长于法定时限; only the same unit and the same start can be compared."""
    legal, promised = row["legal_value"], row["promised_value"]
    alike = row["legal_unit"] == row["promised_unit"] and row["legal_start"] == row["promised_start"]
    if legal and promised and alike and promised > legal:
        yield row.fault(
            "promised_value",
            _("The promised limit (%(promised)s) is longer than the legal limit (%(legal)s).") % {"promised": promised, "legal": legal},
        )
    if row["handling"] == Edition.Handling.ON_THE_SPOT and promised:
        yield row.fault("promised_value", _("An item handled on the spot has no promised limit. Empty the cell."))
    if row["handling"] == Edition.Handling.PROMISED and promised is None and not _was_faulty(row, "promised_value"):
        yield row.fault("promised_value", _("An item with a promised date needs the promised limit."))


def _supplement(row: Row) -> Iterator[Fault]:
    """补正期限与后果只有依据写了才有 (domain 4.1); a date without a rule would frighten people off for nothing."""
    yield from value_and_unit(row, "supplement_value", "supplement_unit")
    rules = ("supplement_value", "supplement_withdraws", "supplement_restarts")
    if any(row[key] for key in rules) and row["supplement_basis"] == "":
        message = _("Say which rule this follows from. Without a basis nothing is withdrawn and nothing restarts.")
        yield row.fault("supplement_basis", message)


def _acceptance(row: Row) -> Iterator[Fault]:
    """The item's own time to say what is missing stands beside the centre's only where a rule gives it."""
    if row["acceptance_days"] and row["acceptance_basis"] == "":
        yield row.fault("acceptance_basis", _("Say which rule gives this item its own time to answer on acceptance."))
    if row["acceptance_days"] and (row["item_type"] == Edition.ItemType.PERMIT or row["deemed_acceptance"]):
        yield row.fault("acceptance_days", _("A permit is answered within 5 working days by law (行政许可法 32). Empty the cell."))


def _review(row: Row) -> Iterator[Fault]:
    """定期核查 (domain 16.3): only what is paid on and on is reviewed, and every interval has its unit."""
    yield from value_and_unit(row, "review_value", "review_unit")
    if row["review_value"] and row["roll"] != Edition.Roll.OPENS:
        yield row.fault("review_value", _("Only what opens a row on the roll is reviewed. Empty the cell, or say that it opens a row."))


def _bodies(row: Row) -> Iterator[Fault]:
    """便民服务中心是场所,不是行政主体 (domain 1.6)."""
    if "便民服务中心" in (row["implementing_body"] or ""):
        yield row.fault("implementing_body", _("The service centre is a place, not an authority. Name the body that decides."))
    # 受委托办理必须写委托机关,文书以委托机关名义 (行政许可法 24).
    if row["mode"] == "受委托办理" and row["entrusting_body"] == "":
        yield row.fault("entrusting_body", _("Handled under entrustment: name the entrusting body."))


def _phrases(row: Row) -> Iterator[Fault]:
    for key, parse in (
        ("documents_by", phrases.documents_by),
        ("start_by_channel", phrases.start_by_channel),
        ("batch_windows", phrases.batch_windows),
    ):
        try:
            parse(row[key] or [])
        except ValueError as error:
            yield row.fault(key, str(error))
    for line in row["documents_by"] or []:
        if "便民服务中心" in line.replace(phrases.FULL_COLON, ":").partition(":")[0]:
            yield row.fault("documents_by", _("The service centre cannot issue documents. Name the authority."))


def _notice(row: Row) -> Iterator[Fault]:
    """公示要写明期限、内容、异议渠道和计时依据."""
    yield from value_and_unit(row, "notice_days", "notice_unit")
    if not row["notice_required"]:
        return
    for key, message in (
        ("notice_days", _("Say how long the public notice hangs out.")),
        ("notice_allow", _("Say what the public notice shows.")),
        ("objection_phone", _("Say under which phone people may object.")),
        ("notice_basis_kind", _("Say why the public notice counts or does not count.")),
    ):
        if not row[key] and not _was_faulty(row, key):
            yield row.fault(key, message)


def material_faults(row: Row) -> Iterator[Fault]:
    """适用情形非空则视情形、为空则必要; what is looked up by us must not be asked for."""
    if row["is_conditional"] is True and row["handle_case"] == "":
        yield row.fault("handle_case", _("Needed only in some cases: say in which."))
    if row["is_conditional"] is False and row["handle_case"]:
        yield row.fault("is_conditional", _("A case is named, so this is needed only in that case: write 视情形."))
    counts = (row["original_count"] or 0) + (row["copy_count"] or 0)
    if row["form"] == Material.Form.SHARED:
        if counts:
            yield row.fault("original_count", _("Looked up by us: nothing is to be handed in, so there is no count."))
        if row["custody"]:
            yield row.fault("custody", _("Looked up by us: nothing is kept. Empty the cell."))
        if row["may_come_later"]:
            yield row.fault("may_come_later", _("Looked up by us: there is nothing that could come later."))
    elif row["form"] and not counts and not (_was_faulty(row, "original_count") or _was_faulty(row, "copy_count")):
        yield row.fault("original_count", _("Say how many originals or copies are needed."))
    # 指南不得有兜底项 (domain 2.5).
    if any(word in (row["name"] or "") for word in _CATCH_ALL):
        yield row.fault("name", _("Name the material. Catch-all lines such as “other materials” are not allowed."))


def situation_faults(row: Row) -> Iterator[Fault]:
    if row["options"] and len(row["options"]) < 2:
        yield row.fault("options", _("A question needs at least two answers, separated by 、."))


def particular_faults(row: Row) -> Iterator[Fault]:
    if row["kind"] == Particular.Kind.CHOICE and len(row["options"] or ()) < 2:
        yield row.fault("options", _("A question needs at least two answers, separated by 、."))
    if row["kind"] and row["kind"] != Particular.Kind.CHOICE and row["options"]:
        yield row.fault("options", _("Answers belong to a choice only."))


def sums(reading: Reading) -> Iterable[Remark]:
    """计入的步骤之和应等于承诺时限. Told, not refused: steps may be written before the last word on the promise."""
    steps: dict[str, list[Row]] = defaultdict(list)
    for step in reading.of(layout.STEPS):
        steps[step["item"]].append(step)
    for row in reading.of(layout.ITEMS):
        own = steps.get(row["item"], [])
        if not own:
            yield Remark(row.title, _("%(item)s has no steps; it cannot be published without.") % {"item": row["item"]}, row.number)
        elif row["promised_value"] and (total := counted(own, row["promised_unit"])) not in (None, row["promised_value"]):
            message = _("%(item)s: the counted steps add up to %(sum)s, the promise says %(promised)s.")
            remark = row.fault("promised_value", message % {"item": row["item"], "sum": total, "promised": row["promised_value"]})
            yield Remark(remark.sheet, remark.message, remark.row, remark.column, remark.heading)


def counted(steps: list[Row], unit: str) -> int | None:
    """Counted steps one after another, steps of one group side by side; None where units differ and cannot be added."""
    total = 0
    groups: dict[str, int] = {}
    for step in steps:
        if step["counts"] != Step.Counts.COUNTS or not step["value"]:
            continue
        if step["unit"] != unit:
            return None
        if step["group"]:
            groups[step["group"]] = max(groups.get(step["group"], 0), step["value"])
        else:
            total += step["value"]
    return total + sum(groups.values())


def _was_faulty(row: Row, key: str) -> bool:
    return key in row.faulty
