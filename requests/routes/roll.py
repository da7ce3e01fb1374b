"""The roll of benefits."""

from django.urls import path, re_path

from requests.forms.roll import FORMS
from requests.views import roll

ROW = r"(?P<pk>[0-9]{1,15})"

urlpatterns = [
    path("desk/roll/", roll.roll, name="roll"),
    path("desk/roll/death/", roll.death, name="roll-death"),
    re_path(rf"^desk/roll/{ROW}/$", roll.page, name="roll-row"),
    re_path(rf"^desk/roll/{ROW}/reveal/$", roll.reveal, name="roll-reveal"),
    re_path(rf"^desk/roll/{ROW}/(?P<word>{'|'.join(FORMS)})/$", roll.act, name="roll-act"),
]
