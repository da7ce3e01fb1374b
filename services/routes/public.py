"""What residents read: the catalogue and the page of an item."""

from django.urls import path

from services.views import public_catalogue, public_item

urlpatterns = [
    path("services/", public_catalogue.catalogue, name="catalogue"),
    path("services/<str:code>/", public_item.item, name="item"),
]
