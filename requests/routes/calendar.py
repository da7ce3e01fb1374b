"""Addresses of the centre's calendar. A module of its own, since its name puts it before `/desk/<number>/`."""

from django.urls import path

from requests.views import calendar_page

urlpatterns = [
    path("desk/calendar/", calendar_page.calendar_page, name="calendar"),
    path("desk/calendar/day/", calendar_page.change_day, name="calendar_day"),
    path("desk/calendar/year/", calendar_page.confirm_year, name="calendar_year"),
]
