"""Home visits: the wish from home, the list of the desk, one visit."""

from django.urls import path, re_path

from requests.views import home_visits

VISIT = r"^desk/home-visits/(?P<pk>[0-9]{1,15})/"

urlpatterns = [
    path("home-visit/", home_visits.wish, name="home-visit"),
    path("desk/home-visits/", home_visits.listing, name="desk-home-visits"),
    path("desk/home-visits/new/", home_visits.new, name="home-visit-new"),
    re_path(VISIT + "$", home_visits.page, name="desk-home-visit"),
    re_path(VISIT + r"sheet\.pdf$", home_visits.sheet, name="home-visit-sheet"),
    re_path(VISIT + "full/$", home_visits.in_full, name="home-visit-full"),
    re_path(VISIT + "(?P<word>told|done|not-met|not-needed)/$", home_visits.step, name="home-visit-step"),
]
