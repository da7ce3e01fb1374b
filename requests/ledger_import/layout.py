"""The columns of the spreadsheet. Headings are Chinese because the file is written by the offices; they are data of the format."""

from services.importing.columns import Column, Kind, Sheet
from services.importing.writing import workbook_bytes

RECEIVED, ACCEPTED = "received", "accepted"
LEDGER = Sheet(
    "ledger",
    "台账",
    (
        Column("old_number", "旧编号", limit=60, required=True, width=14),
        Column("received_on", "收件日期", Kind.DATE, required=True, width=12),
        Column("name", "姓名", limit=40, required=True, width=10),
        Column("id_number", "证件号", limit=60, width=22),
        Column("phone", "电话", limit=60, width=14),
        Column("village", "村组", limit=60, width=14),
        Column("item", "事项编码或名称", limit=120, required=True, width=30),
        Column("office", "站所", limit=80, width=16),
        Column("holder", "承办人", limit=40, width=10),
        Column("state", "状态", Kind.CHOICE, required=True, choices={"收件": RECEIVED, "受理": ACCEPTED}, width=8),
        Column("accepted_on", "受理日期", Kind.DATE, width=12),
        Column("remark", "备注", Kind.LONG, limit=400, width=30),
    ),
)
GUIDE = [
    ["怎么填", "每行一件还没办结的旧件。已办结的不用填。"],
    ["旧编号", "纸质台账上的编号，照抄。同一站所里不能重复；再次导入时，已导入过的编号跳过。"],
    ["收件日期", "台账上写的日期，如 2024-03-01。看不清、没有写的，先查清再填，系统不补造日期。"],
    ["证件号、电话", "单元格请设为文本。存疑的会留空并在件上注明，不影响导入。"],
    ["事项编码或名称", "目录里现行事项的编码，或完整名称。"],
    ["站所", "代码或名称；空着就是事项的责任站所。只能导入自己负责的站所的件。"],
    ["承办人", "姓名或工号；空着就是该岗位现在的承办人。"],
    ["状态", "收件 或 受理。受理的要填受理日期。"],
]


def template() -> bytes:
    """An empty spreadsheet to fill in, with a sheet that says how."""
    return workbook_bytes([(LEDGER, [])], reference=[("说明", GUIDE)])
