"""Addresses of the papers of the window: originals in the drawer, results that wait for collection."""

from django.urls import path

from requests.views import custody

urlpatterns = [
    path("desk/drawer/", custody.drawer, name="drawer"),
    path("desk/collection/", custody.collection, name="collection"),
]
