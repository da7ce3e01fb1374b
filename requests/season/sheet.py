"""The spreadsheet of a village: last year's rows out, this year's word on each of them in. Headings are Chinese data of the format."""

from officials.models import Office
from requests.models import Batch, BatchHousehold
from requests.season import people
from services.importing.columns import Column, Kind, Sheet
from services.importing.writing import workbook_bytes

State = BatchHousehold.State
WORDS = {"无变化": State.UNCHANGED.value, "有变化": State.CHANGED.value, "有异议": State.OBJECTING.value, "新增": State.NEW.value}
VILLAGE = Sheet(
    "households",
    "清册",
    (
        Column("name", "户主姓名", limit=40, required=True, width=12),
        Column("id_number", "户主身份证号", limit=40, required=True, width=24),
        Column("group", "村组", limit=20, width=12),
        Column("area", "面积(数量)", limit=20, width=12),
        Column("amount", "金额", limit=20, width=12),
        Column("state", "本次情况", Kind.CHOICE, required=True, choices=WORDS, width=12),
        Column("note", "说明", limit=200, width=36),
    ),
)
GUIDE = [
    ["怎么填", "每行一户。上年有的户已经列好，核对后在“本次情况”里选一项。"],
    ["无变化", "和上年一样，直接确认；面积、金额不要改。"],
    ["有变化", "改成现在的面积、金额，并在“说明”里写原因。"],
    ["有异议", "户主不同意，在“说明”里写异议内容，由镇上处理后再报。"],
    ["新增", "上年没有的户，写在最后。"],
    ["没有选的行", "不能导入；没有报的户请整行删去，系统会列为未报。"],
]


def village_sheet(batch: Batch, village: Office) -> bytes:
    """This year's rows where they were reported, else last year's with the word still to be chosen."""
    told = {one.id_hmac: one for one in people.households(batch, village)}
    before = people.previous(batch)
    rows = [_row(one, one.household.state) for one in told.values()]
    rows += [_row(one, "") for one in (people.households(before, village) if before else []) if one.id_hmac not in told]
    return workbook_bytes([(VILLAGE, rows)], reference=[("说明", GUIDE)])


def _row(one: people.Known, state: str) -> dict[str, str]:
    return {name: one.values.get(name, "") for name in people.FIELDS if name != "note"} | {"state": state}
