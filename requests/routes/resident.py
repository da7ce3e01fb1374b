"""Addresses of residents without an account: apply, ask, follow a case."""

from django.urls import re_path

from requests.views import apply, ask, track

urlpatterns = [
    re_path(r"^track/$", track.track),
    re_path(r"^ask/$", ask.ask),
    re_path(r"^apply/(?P<code>[^/]{1,40})/$", apply.apply),
]
