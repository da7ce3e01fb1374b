"""Blank forms: in the editing room, and empty for residents."""

from django.urls import re_path

from services.routes.editing import CODE
from services.views import blanks

FORM = rf"^editing/{CODE}/forms/(?P<pk>[0-9]{{1,15}})/"

urlpatterns = [
    re_path(rf"^editing/{CODE}/forms/$", blanks.of_item),
    re_path(FORM + "$", blanks.places),
    re_path(FORM + r"(?P<page>[1-9][0-9]?)\.png$", blanks.picture),
    re_path(FORM + r"preview\.pdf$", blanks.preview),
    re_path(FORM + "file/$", blanks.new_file),
    re_path(FORM + "remove/$", blanks.remove),
    re_path(rf"^services/{CODE}/forms/(?P<key>[0-9a-f]{{16}})\.pdf$", blanks.empty),
]
