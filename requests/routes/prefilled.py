"""The forms of a case, printed filled in."""

from django.urls import re_path

from requests.routes.case import NUMBER
from requests.views import prefilled

urlpatterns = [
    re_path(NUMBER + "forms/$", prefilled.of_case, name="case-forms"),
    re_path(NUMBER + r"forms/(?P<which>general|[1-9][0-9]?)\.pdf$", prefilled.pdf, name="case-form-pdf"),
]
