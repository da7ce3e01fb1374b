"""The desk: the opening page, my list, a case and what is done to it."""

from django.urls import path, re_path

from requests.forms.acts import ACTS
from requests.views import acts, case, mine, opening, standing_in

# The form of a case number, so that no other address of the desk is mistaken for one.
NUMBER = r"^desk/(?P<number>[0-9]{6,12}-[0-9]{4}-[0-9]{6,9})/"

urlpatterns = [
    path("desk/", opening.opening, name="desk"),
    path("desk/whereabouts/", opening.whereabouts, name="whereabouts"),
    path("desk/whereabouts/take-back/", opening.take_back, name="whereabouts-take-back"),
    path("desk/whereabouts/hand-over/", opening.hand_over, name="whereabouts-hand-over"),
    path("desk/whereabouts/third/", standing_in.third, name="third-person"),
    path("desk/whereabouts/third/end/", standing_in.end, name="third-person-end"),
    path("desk/mine/", mine.mine, name="my-list"),
    path("desk/without-upper-number/", case.without_upper_number, name="without-upper-number"),
    re_path(NUMBER + "$", case.case_page, name="case"),
    re_path(NUMBER + "reveal/$", case.reveal, name="case-reveal"),
    re_path(NUMBER + "copy-out/$", case.copy_out, name="case-copy-out"),
    re_path(NUMBER + "text/$", case.text, name="case-text"),
    re_path(NUMBER + "new-code/$", acts.new_code, name="case-new-code"),
    re_path(NUMBER + rf"(?P<word>{'|'.join(sorted(ACTS))})/$", acts.act, name="case-act"),
]
