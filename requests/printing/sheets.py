"""One function a paper: contract in, PDF out.

Each function turns its contract into texts and hands them to a layout of the same name. `lacking` tells beforehand which
characters will be printed as 〓 and must be written in by hand.
"""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from officials.typesetting import check_code, missing_glyphs_in, qr_svg, typeset
from requests.printing import wording
from requests.printing.contracts import (
    BoxData,
    BundleData,
    ClosingData,
    CopyOutData,
    DayEndData,
    DueDate,
    ItemGuideData,
    Letterhead,
    MaterialLine,
    MissingLine,
    NoticeData,
    ReceiptData,
    SlipsData,
    VisitData,
    VolumeData,
    VolumeLineData,
)
from requests.printing.visits import common_copies

LAYOUTS = Path(__file__).parent / "layouts"

# The check code covers what the paper says about the case. The secret, the count of reprints and the address do not
# belong to that: a reprint has the code of the first print, and the frozen text, which has no secret, has it too.
_OUTSIDE_CHECK_CODE = frozenset({"secret", "secret_note", "reprint_note", "track_url", "track_text", "is_question"})


def receipt(data: ReceiptData) -> bytes:
    """收件凭证, A5 upright with a counterfoil to tear off at the foot of the first page."""
    return _set("receipt_a5", _receipt_texts(data), data.track_url)


def receipt_roll(data: ReceiptData) -> bytes:
    """收件凭证 for an 80 mm roll, as long as it needs to be."""
    return _set("receipt_80mm", _receipt_texts(data), data.track_url)


def visit_sheet(data: VisitData) -> bytes:
    """合并回执, one A4 for a visit with several cases, with one list of copies and one signature."""
    copies = common_copies(data.cases)
    texts = _head("合并回执", data.head, data.track_url) | {
        "visitor": data.visitor,
        "received_at": wording.moment(data.received_at),
        "received_by": data.received_by,
        "cases": [
            {
                "number": case.number,
                "item": case.item,
                "applicant": case.applicant,
                "due": wording.due(case.due.day) if case.due else case.due_note or "受理后告知",
                "provisional": bool(case.due and case.due.provisional),
                "missing": [wording.with_reason(line.name, line.why) for line in case.missing],
            }
            for case in data.cases
        ],
        "copies": [asdict(line) for line in copies],
        "next_steps": list(data.next_steps),
        "reprint_note": f"第{data.reprint}次补打" if data.reprint else "",
    }
    return _set("visit_sheet", texts, data.track_url)


def paper_slips(data: SlipsData) -> bytes:
    """Blank slips with consecutive numbers, one A5 each."""
    texts = _head("纸质收件单", data.head, data.track_url) | {
        "slips": [{"number": number, "check_code": check_code({"slip": number})} for number in data.numbers],
        "printed_on": wording.plain_day(data.printed_on),
        "material_lines": data.material_lines,
    }
    return _set("paper_slips", texts, data.track_url)


def day_end(data: DayEndData) -> bytes:
    """日清与交接, with the verdict 合计相符 computed from the balances."""
    balances = [
        {
            "name": balance.name,
            "left": wording.sum_of((figure.label, figure.count) for figure in balance.left),
            "right": wording.sum_of((figure.label, figure.count) for figure in balance.right),
            "left_sum": sum(figure.count for figure in balance.left),
            "right_sum": sum(figure.count for figure in balance.right),
            "agrees": balance.agrees,
        }
        for balance in data.balances
    ]
    texts = _head("日清与交接单", data.head, data.page_url) | {
        "day": wording.day(data.day),
        "window": data.window,
        "groups": [asdict(group) for group in data.groups],
        "balances": balances,
        "all_agree": all(balance.agrees for balance in data.balances),
        "lists": [asdict(day_list) for day_list in data.lists],
        "giver": data.giver,
        "taker": data.taker,
        "drawn_at": wording.moment(data.drawn_at),
    }
    return _set("day_end", texts, data.page_url)


def item_guide(data: ItemGuideData) -> bytes:
    """办事指南 of one item, A4, or in 四号 for the elder edition."""
    texts = (
        _head("办事指南", data.head, data.live_url)
        | asdict(data)  # place and hours of the item, not of the letterhead
        | {
            "checked_on": wording.plain_day(data.checked_on),
            "materials": [asdict(line) | {"pieces": wording.pieces(line.originals, line.copies)} for line in data.materials],
        }
    )
    return _set("item_guide", texts, data.live_url)


def copy_out(data: CopyOutData) -> bytes:
    """双录抄录单: the fields of a case in the order of the upper system."""
    texts = _head("上级系统抄录单", data.head, data.case_url) | {
        "number": data.number,
        "item": data.item,
        "upper_system": data.upper_system,
        "upper_number": data.upper_number,
        "fields": [asdict(field) for field in data.fields],
        "printed_at": wording.moment(data.printed_at),
        "printed_by": data.printed_by,
    }
    return _set("copy_out", texts, data.case_url, verbatim=frozenset({"label", "value", "upper_number"}))


def closing_note(data: ClosingData) -> bytes:
    """办结告知 with how to collect the result and what can be done against it."""
    texts = (
        _head("办结告知", data.head, data.track_url)
        | asdict(data)
        | {
            "received_on": wording.plain_day(data.received_on),
            "decided_on": wording.plain_day(data.decided_on),
            "given_on": wording.plain_day(data.given_on),
            "collect_until": wording.day(data.collect_until) if data.collect_until else "",
        }
    )
    return _set("closing_note", texts, data.track_url)


def bundle_list(data: BundleData) -> bytes:
    """批次交接清单, A4, every copy with the places for two signatures."""
    texts = _head("村级代办批次交接清单", data.head, "") | {
        "number": data.number,
        "village": data.village,
        "made_on": wording.plain_day(data.made_on),
        "made_by": data.made_by,
        "counted_on": wording.plain_day(data.counted_on) if data.counted_on else "",
        "originals": sum(file.originals for file in data.files),
        "files": [
            asdict(file) | {"village_on": wording.plain_day(file.village_on) if file.village_on else ""} for file in data.files
        ],
        "copies": list(data.copies),
    }
    return _set("bundle_list", texts, "")


def lacking(data: Any) -> set[str]:
    """The characters of a contract that our fonts lack. Print all the same: they appear as 〓, with a line to say so."""
    return missing_glyphs_in(asdict(data))


PAPERS: dict[str, Callable[..., bytes]] = {
    "receipt_a5": receipt,
    "receipt_80mm": receipt_roll,
    "visit_sheet": visit_sheet,
    "paper_slips": paper_slips,
    "day_end": day_end,
    "item_guide": item_guide,
    "copy_out": copy_out,
    "closing_note": closing_note,
}


def receipt_check_code(data: ReceiptData) -> str:
    """The code both layouts print for this receipt; reprints have it too."""
    return _check_code(_receipt_texts(data))


def _check_code(texts: dict[str, Any]) -> str:
    said = {key: value for key, value in texts.items() if key not in _OUTSIDE_CHECK_CODE}
    return check_code({"layout": texts["title"], **said})


def public_notice(data: NoticeData) -> bytes:
    """公示 for the board: one A4, large type; the type gets smaller only when many people stand on it."""
    texts = _head("公示", data.head, data.address) | {
        "number": data.number,
        "item": data.item,
        "village": data.village,
        "labels": list(data.labels),
        "rows": [list(row) for row in data.rows],
        "size": next((size for most, size in ((6, 18), (12, 16), (20, 13)) if len(data.rows) <= most), 10.5),
        "first_on": wording.day(data.first_on),
        "last_on": wording.day(data.last_on),
        "days": data.days,
        "phone": data.phone,
        "ways": data.ways,
        "receiver": data.receiver,
        "posted_on": wording.plain_day(data.posted_on),
    }
    return _set("public_notice", texts, data.address)


def volume(data: VolumeData) -> bytes:
    """案卷封面, 卷内目录, 备考表: three sheets of one volume."""
    texts = (
        _head("案卷", data.head, data.address)
        | asdict(data)
        | {
            "begun_on": wording.plain_day(data.begun_on),
            "ended_on": wording.plain_day(data.ended_on),
            "assembled_on": wording.plain_day(data.assembled_on),
            "closed_on": wording.plain_day(data.closed_on) if data.closed_on else "",
            "checked_on": wording.plain_day(data.checked_on) if data.checked_on else "",
            "lines": [_listed(line) for line in data.lines],
            "pieces": sum(1 for line in data.lines if line.pages),
            "pages": sum(line.pages or 0 for line in data.lines),
            "supplements": [
                asdict(one) | {"added_on": wording.plain_day(one.added_on), "lines": [_listed(line) for line in one.lines]}
                for one in data.supplements
            ],
        }
    )
    return _set("archive_volume", texts, data.address, verbatim=frozenset({"number", "case_number", "page_numbers"}))


def _listed(line: VolumeLineData) -> dict[str, Any]:
    return asdict(line) | {"dated": line.dated.strftime("%Y%m%d") if line.dated else "", "pages": str(line.pages or "")}


def archive_box(data: BoxData) -> bytes:
    """脊背标签 to cut out, 盒封面 with the list of the volumes, and 盒内备考表."""
    volumes = [
        asdict(one) | {"ended_on": one.ended_on.strftime("%Y%m%d") if one.ended_on else "", "pages": str(one.pages or "")}
        for one in data.volumes
    ]
    texts = (
        _head("档案盒", data.head, data.address)
        | asdict(data)
        | {
            "volumes": volumes,
            "first": data.volumes[0].number if data.volumes else "",
            "last": data.volumes[-1].number if data.volumes else "",
            "pages": sum(one.pages or 0 for one in data.volumes),
            "printed_on": wording.plain_day(data.printed_on),
        }
    )
    return _set("archive_box", texts, data.address, verbatim=frozenset({"number", "first", "last", "fonds"}))


def _set(layout: str, texts: dict[str, Any], address: str, *, verbatim: frozenset[str] = frozenset()) -> bytes:
    texts["check_code"] = _check_code(texts)
    return typeset(LAYOUTS / f"{layout}.typ", texts, drawings={"qr": qr_svg(address)}, verbatim=verbatim | {"track_text"})


def _head(title: str, head: Letterhead, address: str) -> dict[str, Any]:
    return {
        "title": title,
        "heading": head.body,
        "place": head.place,
        "hours": head.hours,
        "consult_phone": head.consult_phone,
        "complaint_phone": head.complaint_phone,
        "notice": head.notice,
        "track_url": address,
        "track_text": wording.typed_address(address),
    }


def _receipt_texts(data: ReceiptData) -> dict[str, Any]:
    show_secret = bool(data.secret) and (data.reprint == 0 or data.secret_renewed or data.secret_late)
    return _head("收件凭证", data.head, data.track_url) | {
        "number": data.number,
        "applicant": data.applicant,
        "agent": data.agent,
        "item": data.item,
        "received_at": wording.moment(data.received_at),
        "received_by": data.received_by,
        "entered_at": wording.moment(data.entered_at) if data.entered_at else "",
        "slip_number": data.slip_number,
        "handled_by": data.handled_by,
        "materials": [_material_texts(line) for line in data.materials],
        "missing": [_missing_text(line) for line in data.missing],
        "missing_note": data.missing_note,
        "accepted_at": wording.moment(data.accepted_at) if data.accepted_at else "",
        "promised": _due_texts(data.promised),
        "legal": _due_texts(data.legal),
        "reasons": list(data.reasons),
        "next_steps": list(data.next_steps),
        "secret": wording.grouped(data.secret) if show_secret else "",
        "secret_note": _secret_note(data, show_secret),
        "reprint_note": _reprint_note(data.reprint, show_secret),
        "is_question": data.is_question,
    }


def _secret_note(data: ReceiptData, show_secret: bool) -> str:
    if show_secret:
        if data.secret_late:
            return "先前的凭证没印查询码的,以这张为准"
        return "查询码已换新,旧码作废" if data.secret_renewed else ""
    if data.reprint:
        return ""  # said in its own line
    # Nobody knows what the resident holds: the code may have been read out, shown on the web page, or be on no paper at all.
    where = "查询码见先前打印的凭证,这张不再印" if data.printed_before else "本凭证没有印查询码"
    return f"{where};手上没有的,请到窗口换发查询码"


def _reprint_note(reprint: int, show_secret: bool) -> str:
    if reprint == 0:
        return ""
    return f"第{reprint}次补打" if show_secret else f"第{reprint}次补打,不含查询码"


def _material_texts(line: MaterialLine) -> dict[str, str]:
    return {
        "name": wording.with_reason(line.name, line.note),
        "originals": str(line.originals or "—"),
        "copies": str(line.copies or "—"),
        "pieces": wording.pieces(line.originals, line.copies),
        "custody": line.custody or "—",
    }


def _missing_text(line: MissingLine) -> str:
    return wording.with_reason(line.name, line.why)


def _due_texts(due: DueDate | None) -> dict[str, Any] | None:
    if due is None:
        return None
    return {"day": wording.due(due.day), "limit": due.limit, "provisional": due.provisional}
