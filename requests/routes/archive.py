"""Addresses of the archive."""

from django.urls import path, re_path

from requests.views import archive

CASE = r"(?P<number>[0-9]{6,12}-[0-9]{4}-[0-9]{6,9})"
BOX = r"(?P<number>[0-9]{6,12}-[0-9]{4}-DH[0-9]{1,9})"

urlpatterns = [
    path("desk/archive/", archive.room, name="archive"),
    path("desk/archive/boxes/", archive.box_list, name="archive-boxes"),
    re_path(rf"^desk/archive/boxes/{BOX}/$", archive.box, name="archive-box"),
    re_path(rf"^desk/archive/boxes/{BOX}/label\.pdf$", archive.box_sheet, name="archive-box-label"),
    path("desk/archive/loans/", archive.loans, name="archive-loans"),
    path("desk/archive/rules/", archive.archive_rules, name="archive-rules"),
    re_path(rf"^desk/{CASE}/volume/$", archive.volume, name="volume"),
    re_path(rf"^desk/{CASE}/volume\.pdf$", archive.volume_sheet, name="volume-sheet"),
]
