"""Addresses of joint handling besides its verbs: the pictures of site visits."""

from django.urls import re_path

from requests.routes.case import NUMBER
from requests.views import photo

urlpatterns = [
    re_path(NUMBER + r"photos/(?P<name>[0-9a-f]{32})/$", photo.photo, name="visit-photo"),
]
