"""Missing materials: who was turned away without a case, second lists and late answers."""

from django.urls import path

from requests.views import supplement

urlpatterns = [
    path("desk/turned-away/", supplement.turned_away, name="turned-away"),
    path("desk/supplement/", supplement.lists, name="supplement"),
]
