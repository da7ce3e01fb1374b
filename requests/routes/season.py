"""Batches (集中申报)."""

from django.urls import path, re_path

from requests.forms.season import STEPS
from requests.views import season

BATCH = r"^desk/seasons/(?P<pk>[0-9]{1,15})/"
# Codes of villages are written in capitals, the words of the steps are not.
VILLAGE = BATCH + r"(?P<code>[A-Z0-9][A-Z0-9_-]{0,19})/"

urlpatterns = [
    path("desk/seasons/", season.batches, name="seasons"),
    path("desk/seasons/new/", season.new, name="season-new"),
    re_path(BATCH + "$", season.page, name="season"),
    re_path(BATCH + rf"(?P<word>{'|'.join(STEPS)})/$", season.step, name="season-step"),
    re_path(VILLAGE + "$", season.village, name="season-village"),
    re_path(VILLAGE + r"list\.xlsx$", season.download, name="season-download"),
    re_path(VILLAGE + "check/$", season.check, name="season-check"),
    re_path(VILLAGE + "import/$", season.run, name="season-import"),
]
