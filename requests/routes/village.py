"""The room of the village agent, and the bundles of files that come from the villages."""

from django.urls import path, re_path

from requests.views import village

NUMBER = r"(?P<number>[0-9]{6,12}-[0-9]{4}-CP[0-9]{1,9})"

urlpatterns = [
    path("desk/village/", village.room, name="village"),
    path("desk/bundles/", village.bundle_list, name="bundles"),
    re_path(r"^desk/bundles/new/(?P<code>[^/]{1,40})/$", village.make, name="bundle-make"),
    re_path(rf"^desk/bundles/{NUMBER}/$", village.bundle_page, name="bundle"),
    re_path(rf"^desk/bundles/{NUMBER}/send/$", village.send, name="bundle-send"),
    re_path(rf"^desk/bundles/{NUMBER}/take-out/$", village.take_out, name="bundle-take-out"),
    re_path(rf"^desk/bundles/{NUMBER}/list\.pdf$", village.list_pdf, name="bundle-list"),
]
