"""The window's POST is one transaction: case, links of the chain and the secret for the receipt, or nothing of it."""

from unittest import mock

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext

from officials.audit import ChainLink
from requests.models import ServiceRequest, Visit
from tests.support import world as w
from tests.support.intake_pages import ZHANG, opened, sign_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk(client):
    world = w.build()
    sign_in(client, world.people.clerk)
    client.get("/desk/")
    return client


def filled(clerk) -> dict[str, str]:
    return opened(clerk, "/desk/new/MZ-001/") | {"everything": "on", "then": "receive"} | ZHANG


def test_one_commit_and_few_statements(clerk):
    assert clerk.post("/desk/new/MZ-001/", filled(clerk)).status_code == 302  # calendar and counter are there from now on
    form = filled(clerk) | {"name": "李四光", "id_number": "990199196203040015", "phone": "12345678902"}
    with CaptureQueriesContext(connection) as asked:
        answer = clerk.post("/desk/new/MZ-001/", form)
    assert answer.status_code == 302
    statements = [query["sql"] for query in asked.captured_queries]
    assert sum(text.startswith("COMMIT") for text in statements) == 1
    assert not [text for text in statements if text.startswith("SAVEPOINT")]
    assert len([text for text in statements if text.split()[0].rstrip(";") not in ("BEGIN", "COMMIT")]) <= 25
    assert clerk.get(answer["Location"]).status_code == 200


def test_without_a_place_for_the_secret_there_is_no_case(clerk):
    form, links, session = filled(clerk), ChainLink.objects.count(), Session.objects.get().session_data
    clerk.raise_request_exception = False
    with mock.patch("requests.views.intake.secrets_once.put_at_once", side_effect=OSError):
        assert clerk.post("/desk/new/MZ-001/", form).status_code == 500
    assert not ServiceRequest.objects.exists() and not Visit.objects.exists()
    assert ChainLink.objects.count() == links and Session.objects.get().session_data == session
    assert clerk.post("/desk/new/MZ-001/", form).status_code == 302
    assert ServiceRequest.objects.get().number.endswith("-000001")


def test_the_same_form_at_the_same_moment_makes_one_case(clerk):
    """The look before is made blind, as for two posts that cross: the unique token decides, and the answer is the first case."""
    form = filled(clerk)
    first = clerk.post("/desk/new/MZ-001/", form)
    with mock.patch("requests.intake.logged_before", return_value=None):
        second = clerk.post("/desk/new/MZ-001/", form)
    assert second["Location"] == first["Location"]
    assert ServiceRequest.objects.count() == 1 and Visit.objects.count() == 1
