"""Small catalogue spreadsheets for tests: two items of the office ST04, to be spoiled or changed cell by cell."""

import io

from openpyxl import Workbook, load_workbook

from services.importing import layout
from services.importing.writing import workbook_bytes

LOW_INCOME = {
    "item": "MZ-101", "name": "低保申请", "name_en": "Low income", "category": "民政救助", "office": "ST04", "post": "P1",
    "item_type": "05", "handling": "promised", "mode": "镇初审转报", "implementing_body": "槐序县民政局",
    "review_bodies": ["槐序县人民政府"], "documents_by": ["槐序县民政局:确认决定、不予确认决定〔县里出具〕"], "targets": ["自然人"],
    "legal_value": 30, "legal_unit": "working_day", "legal_start": "accepted", "legal_basis": "民发〔2021〕57号",
    "promised_value": 25, "promised_unit": "working_day", "promised_start": "accepted", "channels": ["窗口", "网上"], "max_visits": 1,
}  # fmt: skip
CARD = {
    "item": "MZ-102", "name": "老年证", "category": "民政救助", "office": "ST04", "item_type": "20", "handling": "on_the_spot",
    "mode": "自办", "implementing_body": "栖禾镇人民政府",
}  # fmt: skip


def small_rows() -> dict[str, list[dict]]:
    """Rows by sheet key."""
    return {
        "items": [dict(LOW_INCOME), dict(CARD)],
        "materials": [
            {"item": "MZ-101", "order": 1, "name": "申请书", "form": "original", "original_count": 1, "is_conditional": False},
            {"item": "MZ-101", "order": 2, "name": "残疾人证", "form": "copy", "copy_count": 1, "is_conditional": True,
             "handle_case": "有残疾成员时"},
            {"item": "MZ-102", "order": 1, "name": "身份证", "form": "original_and_copy", "original_count": 1, "copy_count": 1,
             "is_conditional": False},
        ],
        "steps": [
            {"item": "MZ-101", "order": 1, "title": "调查", "value": 15, "unit": "working_day", "counts": "counts", "level": "township"},
            {"item": "MZ-101", "order": 2, "title": "公示", "value": 7, "unit": "calendar_day", "counts": "pauses"},
            {"item": "MZ-101", "order": 3, "title": "确认", "value": 10, "unit": "working_day", "counts": "counts", "level": "county"},
            {"item": "MZ-102", "order": 1, "title": "核验并发证", "counts": "counts"},
        ],
        "terms": [{"item": "MZ-101", "text": "吃低保"}, {"item": "MZ-102", "text": "老年卡"}],
    }  # fmt: skip


def as_bytes(rows: dict[str, list[dict]]) -> bytes:
    return workbook_bytes([(sheet, rows.get(sheet.key, [])) for sheet in layout.CATALOGUE])


class Editor:
    """A spreadsheet in the hands of a person: cells by sheet title, heading and row number."""

    def __init__(self, data: bytes | None = None):
        self.book: Workbook = load_workbook(io.BytesIO(data or as_bytes(small_rows())))

    def letter(self, sheet: str, heading: str) -> str:
        return next(cell.column_letter for cell in self.book[sheet][1] if cell.value == heading)

    def write(self, sheet: str, heading: str, row: int, value) -> str:
        """Type a value; returns the cell's name, to look for in a fault."""
        name = f"{self.letter(sheet, heading)}{row}"
        self.book[sheet][name] = value
        return name

    def save(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()
