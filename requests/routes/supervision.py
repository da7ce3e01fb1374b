"""Addresses of supervisors: what is late, and the ledger."""

from django.urls import path

from requests.views import ledger, overdue

urlpatterns = [
    path("overdue/", overdue.overdue, name="overdue"),
    path("ledger/", ledger.ledger, name="ledger"),
]
