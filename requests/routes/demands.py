"""Addresses of demands: written down at the desk, sent by residents, listed."""

from django.urls import path, re_path

from requests.routes.case import NUMBER
from requests.views import demand_online, demands, mediation, orders, unsolved

urlpatterns = [
    path("desk/orders/", orders.orders, name="orders"),
    path("desk/orders/new/", orders.issue, name="orders-new"),
    path("desk/mediation/", mediation.register, name="mediation"),
    path("desk/demand-limits/", demands.limits, name="demand-limits"),
    re_path(NUMBER + "unsolved/$", unsolved.from_case, name="case-unsolved"),
    re_path(r"^unsolved/$", unsolved.from_home),
    path("desk/demand/", demands.register, name="demand"),
    path("desk/demands/", demands.demands, name="demands"),
    re_path(r"^demand/$", demand_online.send_demand),
]
