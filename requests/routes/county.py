"""Addresses of what lies with the county."""

from django.urls import path

from requests.views import at_county

urlpatterns = [
    path("desk/at-county/", at_county.at_county, name="at-county"),
]
