"""A form goes back with the browser's Back: the same again is one case, something else is never passed off as that case."""

import pytest

from requests import persons
from requests.models import ServiceRequest
from tests.support import world as w
from tests.support.intake_pages import HIDDEN, ZHANG, opened, sign_in, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
TAKE = "/desk/new/MZ-001/"
LI = {"name": "李四", "phone": "12345678902", "id_number": "990199196203040015"}


@pytest.fixture
def clerk(client, db):
    sign_in(client, w.build().people.clerk)
    client.cookies["lang"] = "en"
    return client


@pytest.mark.parametrize("then", ["receive", "accept"])
def test_the_same_form_again_is_the_same_case(clerk, then):
    form = opened(clerk, TAKE) | ZHANG | {"everything": "on", "then": then, "words": "带了孩子"}
    answers = [clerk.post(TAKE, form) for _ in range(2)]
    case = ServiceRequest.objects.get()
    assert [answer["Location"] for answer in answers] == [f"/desk/{case.number}/receipt/"] * 2


def test_the_next_customer_typed_over_it_is_told_and_then_logged(clerk):
    form = opened(clerk, TAKE) | ZHANG | {"everything": "on", "then": "receive"}
    clerk.post(TAKE, form)
    first = ServiceRequest.objects.get()
    refused = clerk.post(TAKE, form | LI)
    assert refused.status_code == 422 and f"it became case {first.number}" in text(refused)
    assert ServiceRequest.objects.count() == 1
    again = form | LI | dict(HIDDEN.findall(text(refused)))
    assert again["form_token"] != form["form_token"]
    assert clerk.post(TAKE, again).status_code == 302
    assert persons.person_of(ServiceRequest.objects.latest("id")).name == "李四"


def test_so_it_is_with_questions(clerk):
    page = "/desk/consult/"
    said = {"channel": "phone", "question": "低保要带什么材料?", "answer": "清单", "then": "answer"}
    form = dict(HIDDEN.findall(text(clerk.get(page)))) | said
    assert clerk.post(page, form).status_code == clerk.post(page, form).status_code == 302
    refused = clerk.post(page, form | {"question": "老年证在哪里办?"})
    assert refused.status_code == 422 and "it became case" in text(refused)
    assert ServiceRequest.objects.count() == 1
