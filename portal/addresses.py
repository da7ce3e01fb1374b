"""Addresses of the front door, sign-in, audit and jobs."""

from django.urls import path

from portal.views import finding, front

urlpatterns = [
    path("", front.home, name="home"),
    path("search/", finding.find, name="search"),
    path("healthz", front.healthz, name="healthz"),
    path("preferences/", front.preferences, name="preferences"),
]
