"""Addresses of the counter besides taking in: questions, calls, "what about my case?", paper slips, the day's end, the old ledger."""

from django.urls import path, re_path

from requests.views import consult, day_end, old_ledger, phone, slips

SLIP = r"(?P<number>[0-9]{6,12}-[0-9]{4}-Z[0-9]{1,9})"
ROW = r"(?P<pk>[0-9]{1,15})"

urlpatterns = [
    path("desk/consult/", consult.consult, name="consult"),
    path("desk/calls/", consult.calls, name="calls"),
    re_path(rf"^desk/calls/{ROW}/called/$", consult.called, name="called"),
    path("desk/phone/", phone.ask, name="phone-question"),
    re_path(rf"^desk/phone/{ROW}/$", phone.answer, name="phone-answer"),
    path("desk/slips/", slips.slips, name="slips"),
    re_path(rf"^desk/slips/{SLIP}/batch\.pdf$", slips.batch_pdf, name="slips-pdf"),
    re_path(rf"^desk/slips/{SLIP}/spoil/$", slips.spoil, name="slip-spoil"),
    path("desk/day-end/", day_end.day_end, name="day-end"),
    path("desk/day-end/list/", day_end.listing, name="day-end-list"),
    re_path(rf"^desk/day-end/{ROW}/$", day_end.frozen, name="day-end-closed"),
    re_path(rf"^desk/day-end/{ROW}/sheet\.pdf$", day_end.sheet, name="day-end-sheet"),
    path("desk/old-ledger/", old_ledger.upload, name="old-ledger"),
    path("desk/old-ledger/template.xlsx", old_ledger.template, name="old-ledger-template"),
    path("desk/old-ledger/check/", old_ledger.check, name="old-ledger-check"),
    path("desk/old-ledger/import/", old_ledger.run, name="old-ledger-import"),
    path("desk/old-ledger/put-aside/", old_ledger.put_aside, name="old-ledger-put-aside"),
]
