"""The sheet for the village's board: one page, large type, Chinese as it is read there."""

from django.utils import translation

from requests import receipts
from requests.models import PublicNotice
from requests.printing import sheets
from requests.printing.contracts import NoticeData
from requests.public_notice import lists
from services.models import Edition

UNITS = {Edition.Unit.WORKING_DAY: "个工作日", Edition.Unit.CALENDAR_DAY: "个自然日", Edition.Unit.MONTH: "个月", Edition.Unit.HOUR: "小时"}


def notice_sheet(notice: PublicNotice, *, address: str) -> bytes:
    with translation.override("zh-hans"):
        return sheets.public_notice(notice_data(notice, address=address))


def notice_data(notice: PublicNotice, *, address: str) -> NoticeData:
    labels, rows = lists.table(notice)
    said = notice.edition.public_notice.get("objection") or {}
    return NoticeData(
        head=receipts.letterhead_of(notice.office),
        number=notice.number,
        item=notice.edition.name,
        village=str(notice.village or notice.township),
        labels=tuple(labels),
        rows=tuple(tuple(row) for row in rows),
        first_on=notice.first_on,
        last_on=notice.last_on,
        days=f"{notice.value}{UNITS[Edition.Unit(notice.unit)]}",
        phone=notice.phone,
        ways="、".join(said.get("channel") or []),
        receiver=said.get("receiver") or "",
        posted_on=notice.hang_on,
        address=address,
    )
