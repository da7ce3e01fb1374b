"""Who handles it: officials and offices."""

from django.urls import path

from officials import views

urlpatterns = [
    path("officials/", views.directory, name="officials"),
    path("officials/<slug:code>/", views.card, name="official"),
    path("offices/<str:code>/", views.office, name="office"),
]
