"""A half-filled form survives a change of person, a time-out and a stale token, and only its owner sees it again."""

import re
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from requests import held_forms, verbs
from requests.models import HeldForm, ServiceRequest
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PAGE = "/desk/new/MZ-001/"
BACKEND = "portal.staff_session.StaffBackend"


@pytest.fixture
def world():
    return w.build()


def desk(person=None, **options):
    client = Client(**options)
    client.cookies["lang"] = "en"
    if person:
        client.force_login(person, backend=BACKEND)
    return client


def hidden(page, name):
    """The value of a hidden field of the page."""
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    return found[1] if found else ""


def typed(page, **more):
    names = ("form_token", "edition", "held_owner", "held_path", "held", "csrfmiddlewaretoken")
    return (
        {name: hidden(page, name) for name in names if hidden(page, name)}
        | {"name": "张三丰", "phone": "12345678901", "channel": "window"}
        | more
    )


def test_put_aside_and_taken_up_again(world):
    clerk = desk(world.people.clerk)
    page = clerk.get(PAGE).text
    assert 'formaction="/desk/hold/"' in page
    answer = clerk.post("/desk/hold/", typed(page))
    assert answer["Location"] == "/accounts/switch/?next=/desk/"
    row = HeldForm.objects.get()
    assert (row.owner, row.path) == (world.people.clerk, PAGE)
    assert "张三丰" not in row.sealed

    listed = clerk.get("/desk/held/").text
    assert "农村最低生活保障审核确认" in listed
    again = clerk.get(f"{PAGE}?held={row.pk}").text
    assert 'value="张三丰"' in again
    assert "error-summary" not in again
    assert hidden(again, "held") == str(row.pk)


def test_a_sent_form_waits_no_longer(world):
    clerk = desk(world.people.clerk)
    clerk.post("/desk/hold/", typed(clerk.get(PAGE).text))
    again = f"{PAGE}?held={HeldForm.objects.get().pk}"
    page = clerk.get(again).text
    answer = clerk.post(again, typed(page, id_number=w.ZHANG.id_number, everything="on"))
    assert answer.status_code == 302
    assert ServiceRequest.objects.count() == 1
    assert not HeldForm.objects.exists()


def test_a_form_with_faults_still_waits(world):
    clerk = desk(world.people.clerk)
    clerk.post("/desk/hold/", typed(clerk.get(PAGE).text))
    again = f"{PAGE}?held={HeldForm.objects.get().pk}"
    assert clerk.post(again, typed(clerk.get(again).text, name="")).status_code == 422
    assert HeldForm.objects.exists()


def test_the_time_out_loses_nothing(world):
    """The desk locked itself; the button is pressed; after signing in the form is there as it was."""
    clerk = desk(world.people.clerk, enforce_csrf_checks=True)
    page = clerk.get(PAGE).text
    session = clerk.session
    session["last_seen"] = 1
    session.save()
    answer = clerk.post(PAGE, typed(page))
    assert answer["Location"].startswith("/accounts/login/?next=%2Fdesk%2Fnew%2FMZ-001%2F%3Fheld%3D")
    assert ServiceRequest.objects.count() == 0
    sign_in = clerk.get(answer["Location"]).text
    assert "What you typed was kept" in sign_in
    target = hidden(sign_in, "next")
    back = clerk.post(
        "/accounts/login/",
        {"username": "clerk", "password": w.PASSWORD, "next": target, "csrfmiddlewaretoken": hidden(sign_in, "csrfmiddlewaretoken")},
    )
    assert back["Location"] == target
    assert 'value="张三丰"' in clerk.get(target).text


def test_a_colleague_in_another_tab_neither_sends_nor_sees_it(world):
    browser = desk(world.people.clerk)
    page = browser.get(PAGE).text
    browser.force_login(world.people.clerk2, backend=BACKEND)
    answer = browser.post(PAGE, typed(page))
    assert answer["Location"].startswith("/accounts/switch/?next=")
    assert ServiceRequest.objects.count() == 0
    row = HeldForm.objects.get()
    assert row.owner == world.people.clerk
    assert "张三丰" not in browser.get(f"{PAGE}?held={row.pk}").text
    assert "农村最低生活保障审核确认" not in browser.get("/desk/held/").text
    browser.post("/desk/held/drop/", {"held_form": row.pk})
    assert HeldForm.objects.exists()


def test_a_stale_token_is_refused_but_the_typing_is_kept(world):
    clerk = desk(world.people.clerk, enforce_csrf_checks=True)
    page = clerk.get(PAGE).text
    clerk.cookies["csrftoken"] = "x" * 32
    answer = clerk.post(PAGE, typed(page))
    assert answer["Location"] == f"{PAGE}?held={HeldForm.objects.get().pk}"
    assert ServiceRequest.objects.count() == 0


@pytest.fixture
def decision(world):
    """The page on which an official writes why an application is refused."""
    case = w.new_case(world)
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    verbs.start(case, by=world.people.official, now=w.MONDAY)
    return f"/desk/{case.number}/decide/"


def test_what_was_typed_about_a_case_is_put_aside_and_sent_later(world, decision):
    official = desk(world.people.official)
    why = {"outcome": "refused", "found": "人均收入已核对", "reasons": "收入高于标准", "basis": "社会救助暂行办法"}
    answer = official.post("/desk/hold/", marks(official.get(decision).text) | why)
    assert answer["Location"] == "/accounts/switch/?next=/desk/"
    again = f"{decision}?held={HeldForm.objects.get().pk}"
    page = official.get(again).text
    assert "收入高于标准</textarea>" in page and re.search(r'value="refused"[^>]*(?:checked|selected)', page)
    assert official.post(again, marks(page) | why).status_code == 302
    assert ServiceRequest.objects.get().status == "decided" and not HeldForm.objects.exists()


def test_a_decision_typed_by_another_person_is_not_signed_by_whoever_sits_there_now(world, decision):
    browser = desk(world.people.official)
    page = browser.get(decision).text
    browser.force_login(world.people.deputy, backend=BACKEND)
    answer = browser.post(decision, marks(page) | {"outcome": "paid", "amount": "每月420元"})
    assert answer["Location"].startswith("/accounts/switch/?next=")
    assert ServiceRequest.objects.get().status == "in_hand" and HeldForm.objects.get().owner == world.people.official


def test_a_case_form_sent_after_the_desk_locked_itself_waits_for_its_owner(world, decision):
    official = desk(world.people.official)
    page = official.get(decision).text
    session = official.session
    session["last_seen"] = 1
    session.save()
    answer = official.post(decision, marks(page) | {"outcome": "refused", "words": "收入高于标准"})
    assert answer["Location"].startswith("/accounts/login/?next=")
    official.force_login(world.people.official, backend=BACKEND)
    assert "收入高于标准" in official.get(f"{decision}?held={HeldForm.objects.get().pk}").text


def marks(page):
    return {name: hidden(page, name) for name in ("held_owner", "held_path", "held", "seen") if hidden(page, name)}


@pytest.mark.parametrize("mark", ["", "1", "1:abc:def", "x" * 5000])
def test_without_the_signed_mark_nothing_is_kept(world, mark):
    stranger = desk(enforce_csrf_checks=True)
    answer = stranger.post(PAGE, {"held_owner": mark, "held_path": PAGE, "name": "x"})
    assert answer.status_code == 403
    assert not HeldForm.objects.exists()


def test_an_old_mark_is_not_believed(world, monkeypatch):
    mark = held_forms.owner_mark(world.people.clerk)
    assert held_forms.owner_of(mark) == world.people.clerk
    tomorrow = timezone.now().timestamp() + 24 * 3600 + 60
    monkeypatch.setattr("time.time", lambda: tomorrow)
    assert held_forms.owner_of(mark) is None


@pytest.mark.parametrize("path", ["/editing/", "https://example.org/desk/", "//example.org/desk/", "/desk/\\..", "/desk/" + "x" * 300, ""])
def test_only_pages_of_the_desk_are_kept(world, path):
    assert held_forms.hold(world.people.clerk, path, QueryDict("a=1"), w.MONDAY) is None


def test_every_value_comes_back_and_the_newest_wins(world):
    clerk = world.people.clerk
    held_forms.hold(clerk, "/desk/x/?a=1&held=7", QueryDict("m=1&m=2&csrfmiddlewaretoken=t&held_owner=o"), w.MONDAY)
    row = held_forms.hold(clerk, "/desk/x/?a=1", QueryDict("m=3&m=4"), w.MONDAY)
    assert HeldForm.objects.count() == 1
    assert held_forms.peek(clerk, row.pk).lists is not None
    assert dict(held_forms.peek(clerk, row.pk).lists()) == {"m": ["3", "4"]}
    assert held_forms.peek(world.people.clerk2, row.pk) is None
    assert [held_forms.peek(clerk, odd) for odd in ("", "x", None, "9" * 30, "²")] == [None] * 5


def test_forgotten_forms_are_wiped_after_thirty_days(world):
    held_forms.hold(world.people.clerk, PAGE, QueryDict("a=1"), w.MONDAY)
    assert held_forms.wipe_old(w.MONDAY + timedelta(days=30)) == 0
    assert held_forms.wipe_old(w.MONDAY + timedelta(days=30, seconds=1)) == 1
