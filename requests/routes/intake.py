"""Addresses of taking in: find the item, log the walk-in, visits, receipts, corrections before acceptance."""

from django.urls import re_path

from requests.views import correction, intake, receipt, visit

# As `officials.numbers` prints them; anything else is no case and no page.
NUMBER = r"(?P<number>[0-9]{6,12}-[0-9]{4}-[A-Z]{0,4}[0-9]{1,9})"
VISIT = r"(?P<pk>[0-9]{1,15})"

urlpatterns = [
    re_path(r"^desk/new/$", intake.find, name="take-in"),
    re_path(r"^desk/new/(?P<code>[^/]{1,40})/$", intake.take, name="take-in-item"),
    re_path(rf"^desk/visit/{VISIT}/$", visit.overview, name="visit"),
    re_path(rf"^desk/visit/{VISIT}/sheet\.pdf$", visit.sheet, name="visit-sheet"),
    re_path(rf"^desk/{NUMBER}/receipt/$", receipt.page, name="receipt"),
    re_path(rf"^desk/{NUMBER}/receipt\.pdf$", receipt.pdf, name="receipt-pdf"),
    re_path(rf"^desk/{NUMBER}/correct/$", correction.person, name="correct"),
    re_path(rf"^desk/{NUMBER}/change-item/$", correction.item, name="change-item"),
]
