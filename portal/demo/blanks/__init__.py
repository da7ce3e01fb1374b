"""Blank forms of the demonstration: drawn by ourselves, with named places, attached to the drafts before they are published."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from officials.models import User
from officials.typesetting import typeset
from services.blanks import drafting, files
from services.models import Edition

FOLDER = Path(__file__).parent

_PERSON = (  # the upper left part that several forms share
    ("case_number", 130, 34, 60), ("applicant_name", 46, 45, 43), ("applicant_phone", 119, 45, 70), ("applicant_id_type", 46, 55, 43),
    ("applicant_id_number", 119, 55, 70), ("village", 46, 65, 43), ("received_on", 119, 65, 70), ("applicant_address", 46, 75, 143, 12),
)  # fmt: skip
LOW_INCOME = (
    *_PERSON, ("representative_name", 46, 87, 43), ("representative_relation", 119, 87, 70),
    ("member_name", 21, 114, 33, 9, 5), ("member_relation", 56, 114, 28, 9, 5), ("member_id_number", 86, 114, 58, 9, 5),
    ("applicant_signs", 20, 240, 50, 22), ("fingerprint", 74, 240, 26, 22), ("witness_signs", 104, 240, 46, 22),
    ("signed_on", 154, 240, 36, 22),
)  # fmt: skip
COMPARISON = (
    ("case_number", 130, 34, 60), ("item_name", 51, 84, 138), ("applicant_name", 51, 94, 48), ("applicant_id_number", 129, 94, 60),
    ("applicant_address", 51, 104, 138), ("applicant_signs", 50, 119, 60, 22), ("fingerprint", 114, 119, 30, 22),
    ("signed_on", 148, 119, 42, 22),
    ("adult_name", 21, 165, 33, 12, 6), ("adult_relation", 56, 165, 28, 12, 6), ("adult_id_number", 86, 165, 58, 12, 6),
    ("members_sign", 146, 165, 43, 12, 6), ("witness_signs", 20, 251, 70, 20),
)  # fmt: skip
AUTHORISATION = (
    ("case_number", 130, 34, 60), ("applicant_name", 46, 53, 43), ("applicant_id_number", 119, 53, 70), ("applicant_phone", 46, 63, 43),
    ("village", 119, 63, 70), ("applicant_address", 46, 73, 143, 12), ("representative_name", 46, 99, 43),
    ("representative_id_number", 119, 99, 70), ("representative_phone", 46, 109, 43), ("representative_relation", 119, 109, 70),
    ("item_name", 46, 135, 143), ("applicant_signs", 20, 200, 55, 22), ("fingerprint", 79, 200, 26, 22), ("signed_on", 109, 200, 40, 22),
    ("representative_signs", 20, 225, 55, 22), ("witness_signs", 79, 225, 70, 22),
)  # fmt: skip
HOMESTEAD = (
    *_PERSON, ("member_name", 21, 108, 38, 9, 6), ("member_relation", 61, 108, 38, 9, 6), ("member_id_number", 101, 108, 88, 9, 6),
    ("applicant_signs", 20, 240, 60, 24), ("fingerprint", 84, 240, 28, 24), ("witness_signs", 116, 240, 40, 24),
    ("signed_on", 160, 240, 30, 24),
)  # fmt: skip
# Item, drawing, name, material (empty: of the item as a whole), places.
FORMS = (
    ("MZ-001", "low_income", "最低生活保障申请书", "最低生活保障申请书", LOW_INCOME),
    ("MZ-001", "comparison", "家庭经济状况核对授权书", "家庭经济状况核对授权书", COMPARISON),
    ("MZ-001", "authorisation", "授权委托书", "", AUTHORISATION),
    ("ZJ-001", "homestead", "农村宅基地和建房申请表", "农村宅基地和建房（规划许可）申请表", HOMESTEAD),
    ("ZJ-001", "authorisation", "授权委托书", "", AUTHORISATION),
)


def attach(drafts: Iterable[Edition], *, by: User, now: datetime) -> None:
    """Each form to the draft of its item."""
    by_code = {draft.item.code: draft for draft in drafts}
    taken = {name: files.take(typeset(FOLDER / f"{name}.typ", {})) for name in {name for _code, name, *_rest in FORMS}}
    for code, name, title, material, places in FORMS:
        blank = drafting.add(by_code[code], title=title, material=material, taken=taken[name], by=by, now=now)
        named: dict[str, Any] = {"title": title, "material": material, "seen": drafting.mark(blank)}
        drafting.place_names(blank, [_place(*one) for one in places], **named, by=by, now=now)


def _place(name: str, x: float, y: float, width: float, height: float = 10, rows: int = 1) -> dict[str, Any]:
    return {"name": name, "page": 1, "x": x, "y": y, "width": width, "height": height, "size": 11, "rows": rows}
