"""The receipt: printed with the code once, counted, frozen; and what it says."""

import io

import pytest
from pypdf import PdfReader

from requests import persons, verbs
from requests.models import Document, DocumentPrint, ServiceRequest
from tests.support import world as w
from tests.support.intake_pages import ZHANG, sign_in, take_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def clerk(client, world):
    sign_in(client, world.people.clerk)
    return client


def printed(client, case, layout="a5") -> str:
    answer = client.post(f"/desk/{case.number}/receipt.pdf", {"layout": layout})
    assert answer["Content-Type"] == "application/pdf", text(answer)
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    return "".join(words.split())  # the setting puts thin blanks around digits


def shown_secret(client, case) -> str:
    page = text(client.get(f"/desk/{case.number}/receipt/"))
    return "".join(page.split('class="secret">')[1].split("<")[0].split())


@pytest.mark.parametrize("layout", ["a5", "80mm"])
def test_the_first_print_carries_the_code_and_ends_it(clerk, layout):
    case = take_in(clerk, then="accept", **ZHANG)
    secret = shown_secret(clerk, case)
    paper = printed(clerk, case, layout)
    assert secret in paper and case.number in paper and "张三丰" in paper
    assert f"{case.promised_on.year}年{case.promised_on.month}月{case.promised_on.day}日" in paper
    assert 'class="secret"' not in text(clerk.get(f"/desk/{case.number}/receipt/"))
    second = printed(clerk, case, layout)
    assert secret not in second and "第1次补打" in second


def test_reprints_are_counted_under_one_document_with_one_check_code(clerk):
    case = take_in(clerk, **ZHANG)
    printed(clerk, case), printed(clerk, case, "80mm")
    document = Document.objects.get()
    assert DocumentPrint.objects.filter(document=document).count() == 2
    assert document.check_code in printed(clerk, case)


def test_an_accepted_case_gets_a_new_paper(clerk, world):
    case = take_in(clerk, **ZHANG)
    printed(clerk, case)
    verbs.accept(case, by=world.people.clerk, now=case.recorded_at)
    printed(clerk, case)
    assert Document.objects.filter(kind="receipt").count() == 2


def test_the_frozen_text_is_sealed_and_has_no_code(clerk):
    case = take_in(clerk, **ZHANG)
    secret = shown_secret(clerk, case)
    printed(clerk, case)
    document = Document.objects.get()
    assert "张三丰" not in document.sealed
    case = ServiceRequest.objects.select_related("key").get(pk=case.pk)
    words = persons.open_for(case, document.sealed, "document")
    assert words["applicant"] == "张三丰" and secret not in "".join(str(words).split()) and "secret" not in words


def test_what_is_missing_stands_on_the_paper(clerk):
    case = take_in(clerk, **(ZHANG | {"id_number": ""}), id_state="forgotten")
    assert "忘带" in printed(clerk, case)


def test_following_the_bare_address_prints_nothing(clerk):
    case = take_in(clerk, **ZHANG)
    assert clerk.get(f"/desk/{case.number}/receipt.pdf")["Location"] == f"/desk/{case.number}/receipt/"
    assert not DocumentPrint.objects.exists()
    assert clerk.post(f"/desk/{case.number}/receipt.pdf", {"layout": "poster"}).status_code == 422


def test_another_person_at_the_desk_does_not_get_the_code(client, clerk, world):
    case = take_in(clerk, **ZHANG)
    assert shown_secret(clerk, case)
    client.logout()
    sign_in(client, world.people.clerk2)
    assert 'class="secret"' not in text(client.get(f"/desk/{case.number}/receipt/"))


def test_a_first_receipt_without_the_code_says_so_and_how_to_get_one(client, clerk, world):
    """Another computer, or the time is over: the code is really gone."""
    case = take_in(clerk, **ZHANG)
    secret = shown_secret(clerk, case)
    client.logout()
    sign_in(client, world.people.clerk)
    page = text(client.get(f"/desk/{case.number}/receipt/"))
    assert "也没有印在凭证上" in page and f'href="/desk/{case.number}/renew-secret/"' in page and "第一张凭证" not in page
    for layout in ("a5", "80mm"):
        paper = printed(client, case, layout)
        assert secret not in paper
        assert ("本凭证没有印查询码" in paper and "到窗口换发查询码" in paper) == (layout == "a5")  # the second is a reprint
    page = text(client.get(f"/desk/{case.number}/receipt/"))
    assert "凭证上没有查询码的" in page and "也没有印在凭证上" not in page


@pytest.mark.parametrize("layout", ["a5", "80mm"])
def test_the_code_given_anew_is_on_the_next_receipt(clerk, world, layout):
    case = take_in(clerk, **ZHANG)
    old = shown_secret(clerk, case)
    printed(clerk, case)
    clerk.post(f"/desk/{case.number}/renew-secret/", {"seen": case.status})
    paper = printed(clerk, case, layout)
    assert "旧码作废" in paper and "没有印查询码" not in paper and old not in paper


def test_a_code_that_was_renewed_elsewhere_is_neither_shown_nor_printed(clerk, world):
    case = take_in(clerk, **ZHANG)
    old = shown_secret(clerk, case)
    verbs.renew_secret(case, by=world.people.clerk2, now=case.recorded_at)
    assert 'class="secret"' not in text(clerk.get(f"/desk/{case.number}/receipt/"))
    assert old not in printed(clerk, case)


def test_who_sees_the_receipt(client, clerk, world):
    case = take_in(clerk, **ZHANG)
    for person, status in ((world.people.official, 200), (world.people.outsider, 404), (world.people.supervisor, 403)):
        sign_in(client, person)
        assert client.get(f"/desk/{case.number}/receipt/").status_code == status
    sign_in(client, world.people.supervisor)
    assert client.post(f"/desk/{case.number}/receipt.pdf", {"layout": "a5"}).status_code == 403
    assert not DocumentPrint.objects.exists()
