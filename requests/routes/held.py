"""Half-filled forms of the desk."""

from django.urls import path

from requests.views import held

urlpatterns = [
    path("desk/hold/", held.hold, name="hold_form"),
    path("desk/held/", held.waiting, name="held_forms"),
    path("desk/held/drop/", held.throw_away, name="drop_held_form"),
]
