"""The first word of an address tells the app; addresses are stable once published."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("", include("portal.addresses")),
    path("", include("services.urls")),
    path("", include("officials.urls")),
    path("", include("requests.urls")),
    path("admin/", admin.site.urls),
]

handler400 = "portal.views.errors.bad_request"
handler403 = "portal.views.errors.forbidden"
handler404 = "portal.views.errors.not_found"
handler500 = "portal.views.errors.broken"
