"""Addresses of demands: written down at the desk, sent by residents, listed."""

from django.urls import path, re_path

from requests.views import demand_online, demands

urlpatterns = [
    path("desk/demand/", demands.register, name="demand"),
    path("desk/demands/", demands.demands, name="demands"),
    re_path(r"^demand/$", demand_online.send_demand),
]
