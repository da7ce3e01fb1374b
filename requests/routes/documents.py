"""Papers issued for cases: printing, the register of seals, and the public check."""

from django.urls import path, re_path

from requests.views import documents

NUMBER = r"^desk/(?P<number>[0-9]{6,12}-[0-9]{4}-[0-9]{6,9})/"

urlpatterns = [
    path("verify/", documents.verify, name="verify-paper"),
    path("desk/seals/", documents.seals, name="seals"),
    re_path(NUMBER + r"documents/(?P<pk>[0-9]{1,15})\.pdf$", documents.pdf, name="document-pdf"),
]
