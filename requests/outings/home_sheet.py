"""上门服务确认单: filled in from the wish, signed by the person and by both who came. The words are Chinese, as on all paper."""

from pathlib import Path

from django.utils import translation

from officials.typesetting import check_code, qr_svg, typeset
from requests import receipts
from requests.models import HomeVisit
from requests.outings import home
from requests.printing import sheets, wording

LAYOUT = Path(sheets.LAYOUTS) / "home_visit.typ"


def sheet(visit: HomeVisit, *, address: str) -> bytes:
    """One A4. Why the person cannot come is not on it: whoever finds the sheet need not know."""
    with translation.override("zh-hans"):
        return typeset(LAYOUT, _texts(visit), drawings={"qr": qr_svg(address)})


def _texts(visit: HomeVisit) -> dict:
    said, outing = home.said_by(visit), visit.outing
    head = receipts.letterhead_of(visit.office)
    return {
        "title": "上门服务确认单", "heading": head.body, "place": head.place, "hours": head.hours, "consult_phone": head.consult_phone,
        "complaint_phone": head.complaint_phone, "notice": head.notice, "track_url": "", "track_text": "",
        "check_code": check_code({"home_visit": visit.number, "date": str(outing.date)}),
        "number": visit.number, "name": said.get("name", ""), "phone": said.get("phone", ""),
        "address": " ".join(filter(None, [visit.village.name if visit.village else "", said.get("address", "")])),
        "words": said.get("words", ""),
        "date": wording.day(outing.date),
        "time": f"{outing.opens_at:%H:%M}—{outing.closes_at:%H:%M}",
        "people": [f"{row.person.name}(工号{row.person.staff_no})" for row in outing.sent.select_related("person")],
    }  # fmt: skip
