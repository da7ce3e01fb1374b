"""Days away from the hall: the public page, the lists and the page of a day."""

from django.urls import path, re_path

from requests.views import outings, outings_online

ROW = r"(?P<pk>[0-9]{1,15})"
DAY = rf"^desk/outings/{ROW}/"

urlpatterns = [
    path("outings/", outings_online.coming, name="outings"),
    path("desk/outings/", outings.listing, name="desk-outings"),
    path("desk/outings/new/", outings.new, name="outing-new"),
    path("desk/outings/rules/", outings.rules, name="village-rules"),
    re_path(rf"^desk/outings/rules/{ROW}/end/$", outings.end_rule, name="village-rule-end"),
    path("desk/village-links/", outings.links, name="village-links"),
    re_path(rf"^desk/village-links/{ROW}/end/$", outings.end_link, name="village-link-end"),
    re_path(DAY + "$", outings.day, name="outing"),
    re_path(DAY + "edit/$", outings.edit, name="outing-edit"),
    re_path(DAY + "cancel/$", outings.cancel, name="outing-cancel"),
    re_path(DAY + "people/$", outings.sent, name="outing-people"),
    re_path(DAY + "people/recall/$", outings.recall, name="outing-recall"),
    re_path(DAY + "visit/$", outings.visit, name="outing-visit"),
    re_path(DAY + "demand/$", outings.demand, name="outing-demand"),
    re_path(DAY + "list/$", outings.cases, name="outing-cases"),
]
