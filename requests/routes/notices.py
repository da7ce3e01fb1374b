"""Public notices: the web copies for everybody, the lists of the office."""

from django.urls import path, re_path

from requests.views import public_notice

NUMBER = r"(?P<number>[0-9]{6,12}-[0-9]{4}-GS[0-9]{1,9})"

urlpatterns = [
    path("public-notices/", public_notice.public_list, name="public-notices"),
    re_path(rf"^public-notices/{NUMBER}/$", public_notice.public_page, name="public-notice"),
    path("desk/public-notices/", public_notice.desk_list, name="desk-public-notices"),
    re_path(rf"^desk/public-notices/{NUMBER}/sheet\.pdf$", public_notice.sheet_pdf, name="public-notice-sheet"),
    re_path(rf"^desk/public-notices/{NUMBER}/posted/$", public_notice.posted, name="public-notice-posted"),
    re_path(rf"^desk/public-notices/{NUMBER}/down/$", public_notice.down, name="public-notice-down"),
]
