"""Appointments: booking and cancelling without an account, the lists of the desk."""

from django.urls import path, re_path

from requests.views import appointments, appointments_online

ROW = r"(?P<pk>[0-9]{1,15})"

urlpatterns = [
    path("appointments/", appointments_online.offices, name="appointments"),
    path("appointments/cancel/", appointments_online.cancel, name="appointment-cancel"),
    re_path(r"^appointments/(?P<code>[^/]{1,20})/$", appointments_online.book, name="appointment-book"),
    path("desk/appointments/", appointments.day_list, name="desk-appointments"),
    path("desk/appointments/new/", appointments.new, name="desk-appointment-new"),
    path("desk/appointments/rules/", appointments.rules, name="appointment-rules"),
    re_path(rf"^desk/appointments/rules/{ROW}/end/$", appointments.end_rule, name="appointment-rule-end"),
    re_path(rf"^desk/appointments/{ROW}/$", appointments.page, name="desk-appointment"),
    re_path(rf"^desk/appointments/{ROW}/(?P<word>came|not-come|cancel)/$", appointments.settle, name="desk-appointment-settle"),
]
