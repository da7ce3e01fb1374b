"""Signing in and out, the second factor, the PIN of a shared desk."""

import io
import re
from binascii import unhexlify
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice
from pypdf import PdfReader

from officials.audit import verb
from officials.models import AccessRecord, User
from officials.permissions import give_role
from portal import pins
from tests.support import world as w
from tests.support.intake_pages import ZHANG, take_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PIN, SECOND_PIN = "2580", "7391"


@pytest.fixture
def world():
    return w.build()


@pytest.fixture
def browser_of(client):
    """A client that reads English and signs in through the page."""
    client.cookies["lang"] = "en"

    def sign_in(username, password=w.PASSWORD, **more):
        return client.post("/accounts/login/", {"username": username, "password": password, **more})

    client.sign_in = sign_in
    return client


def give_pin(person, pin):
    person.pin = make_password(pin)
    person.save(update_fields=["pin"])


def records(person):
    return list(AccessRecord.objects.filter(by=person).order_by("id").values_list("what", flat=True))


def test_sign_in_goes_where_one_wanted_and_is_recorded(world, browser_of):
    answer = browser_of.sign_in("clerk", next="/desk/new/")
    assert (answer.status_code, answer["Location"]) == (302, "/desk/new/")
    assert records(world.people.clerk) == ["sign-in"]
    answer = browser_of.post("/accounts/logout/")
    assert answer["Location"] == "/accounts/login/"
    assert records(world.people.clerk) == ["sign-in", "sign-out"]
    assert browser_of.get("/desk/")["Location"].startswith("/accounts/login/?next=/desk/")


@pytest.mark.parametrize("target", ["https://example.org/", "//example.org/", "/\\example.org", "javascript:alert(1)", "/desk/\x00"])
def test_nobody_is_sent_to_another_site(world, browser_of, target):
    assert browser_of.sign_in("clerk", next=target)["Location"] == "/desk/"


@pytest.mark.parametrize(
    ("who", "room"), [("supervisor", "/overdue/"), ("inspector", "/audit/"), ("editor", "/editing/"), ("reviewer", "/editing/")]
)
def test_each_lands_in_the_own_room(world, browser_of, who, room):
    assert browser_of.sign_in(who)["Location"] == room


@pytest.mark.parametrize(
    ("name", "password"), [("clerk", "wrong"), ("nobody", "wrong"), ("job-tick", ""), ("job-tick", "!"), ("clerk", "x" * 300)]
)
def test_a_wrong_try_gets_a_sentence_and_keeps_the_name(world, browser_of, name, password):
    answer = browser_of.sign_in(name, password)
    assert answer.status_code == 422
    assert "error-summary" in answer.text
    assert f'value="{name}"' in answer.text
    assert w.PASSWORD not in answer.text


def test_closed_accounts_and_control_characters_stay_out(world, browser_of):
    with verb("close", by=world.people.head, now=w.MONDAY):
        world.people.clerk.is_active = False
        world.people.clerk.save()
    assert browser_of.sign_in("clerk").status_code == 422
    assert browser_of.sign_in("cl\x00erk").status_code == 422


def test_eight_wrong_passwords_lock_this_name_from_here_only(world, browser_of, settings):
    for number in range(9):
        answer = browser_of.sign_in("clerk", "wrong", HTTP_X_FORWARDED_FOR=f"10.0.0.{number}")
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 800
    assert "too many wrong passwords" in answer.text
    assert "0000-555" in answer.text
    assert browser_of.sign_in("clerk").status_code == 429
    assert browser_of.sign_in("official").status_code == 302
    browser_of.post("/accounts/logout/")
    other_place = browser_of.post("/accounts/login/", {"username": "clerk", "password": w.PASSWORD}, REMOTE_ADDR="10.9.9.9")
    assert other_place.status_code == 302


def test_the_session_is_a_new_one_and_the_old_one_is_dead(world, browser_of):
    browser_of.sign_in("clerk")
    first = browser_of.cookies["sessionid"].value
    browser_of.post("/accounts/logout/")
    browser_of.sign_in("clerk")
    assert browser_of.cookies["sessionid"].value != first
    browser_of.cookies["sessionid"] = first
    assert browser_of.get("/desk/").status_code == 302


def test_twelve_hours_after_the_password_everybody_is_out(world, browser_of):
    browser_of.sign_in("clerk")
    session = browser_of.session
    session["desk"] = session["desk"] | {"since": int(timezone.now().timestamp()) - 12 * 3600 - 1}
    session.save()
    assert browser_of.get("/desk/held/")["Location"].startswith("/accounts/login/")


# -- password --------------------------------------------------------------------------------------------------------


def test_a_new_password_ends_the_other_sessions(world, browser_of, client_class):
    other = client_class()
    other.post("/accounts/login/", {"username": "clerk", "password": w.PASSWORD})
    browser_of.sign_in("clerk")
    wrong = browser_of.post("/accounts/password/", {"old_password": "no", "new_password": "short", "again": "x"})
    assert wrong.status_code == 422
    assert "This is not your password" in wrong.text
    right = {"old_password": w.PASSWORD, "new_password": "seven-green-hills", "again": "seven-green-hills"}
    assert browser_of.post("/accounts/password/", right).status_code == 302
    assert browser_of.get("/desk/held/").status_code == 200
    assert other.get("/desk/held/").status_code == 302
    assert world.people.clerk.history.count() == 2
    browser_of.post("/accounts/logout/")
    assert browser_of.sign_in("clerk", "seven-green-hills").status_code == 302


@pytest.fixture
def client_class(client):
    return type(client)


# -- the PIN -----------------------------------------------------------------------------------------------------------


def test_the_pin_asks_for_the_password_and_is_stored_hashed(world, browser_of):
    browser_of.sign_in("clerk")
    form = {"old_password": w.PASSWORD, "pin": "1234", "again": "1234"}
    assert "guessed at once" in browser_of.post("/accounts/pin/", form).text
    assert browser_of.post("/accounts/pin/", form | {"pin": PIN, "again": PIN, "old_password": "x"}).status_code == 422
    assert browser_of.post("/accounts/pin/", form | {"pin": PIN, "again": PIN}).status_code == 302
    stored = User.objects.get(username="clerk").pin
    assert stored
    assert PIN not in stored


@pytest.fixture
def two_at_the_desk(world, browser_of):
    """The browser at which the clerk signed in, and how to change person there."""
    for person in (world.people.clerk, world.people.clerk2):
        give_pin(person, PIN)
    browser_of.sign_in("clerk")

    def change_to(person):
        assert browser_of.post("/accounts/switch/", {"person": person.pk, "pin": PIN}).status_code == 302

    return browser_of, change_to


def code_on_the_page(browser, case) -> str:
    page = browser.get(f"/desk/{case.number}/receipt/").text
    return "".join(page.split('class="secret">')[1].split("<")[0].split()) if 'class="secret"' in page else ""


def receipt_printed(browser, case) -> str:
    answer = browser.post(f"/desk/{case.number}/receipt.pdf", {"layout": "a5"})
    return "".join("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages).split())


def test_a_colleague_takes_over_the_desk(world, browser_of):
    give_pin(world.people.clerk2, SECOND_PIN)
    browser_of.sign_in("clerk")
    first = browser_of.cookies["sessionid"].value
    assert "应代办" in browser_of.get("/accounts/switch/?next=/desk/held/").text
    answer = browser_of.post("/accounts/switch/", {"person": world.people.clerk2.pk, "pin": SECOND_PIN, "next": "/desk/held/"})
    assert answer["Location"] == "/desk/held/"
    assert "应代办" in browser_of.get("/desk/held/").text
    assert browser_of.cookies["sessionid"].value != first
    row = AccessRecord.objects.get(what="change-person")
    assert (row.by, row.reason) == (world.people.clerk2, "A001 → A002")
    # and back again: the desk is kept through the change
    give_pin(world.people.clerk, PIN)
    assert browser_of.post("/accounts/switch/", {"person": world.people.clerk.pk, "pin": PIN}).status_code == 302


def test_an_unprinted_code_waits_for_who_took_the_case_in(two_at_the_desk, world):
    browser, change_to = two_at_the_desk
    case = take_in(browser, **ZHANG)
    secret = code_on_the_page(browser, case)
    assert secret

    change_to(world.people.clerk2)
    page = browser.get(f"/desk/{case.number}/receipt/").text
    assert not code_on_the_page(browser, case) and f"kept at this desk for {world.people.clerk.name}" in page
    assert 'class="secret"' not in browser.get(f"/desk/{case.number}/new-code/").text
    paper = receipt_printed(browser, case)
    assert secret not in paper and "本凭证没有印查询码" in paper

    change_to(world.people.clerk)
    assert code_on_the_page(browser, case) == secret
    paper = receipt_printed(browser, case)
    assert secret in paper and "以这张为准" in paper and "旧码作废" not in paper
    assert not code_on_the_page(browser, case)
    change_to(world.people.clerk2), change_to(world.people.clerk)
    assert not code_on_the_page(browser, case)


def test_each_finds_only_the_own_codes_and_the_session_has_none_in_the_clear(two_at_the_desk, world):
    browser, change_to = two_at_the_desk
    first = take_in(browser, **ZHANG)
    code = code_on_the_page(browser, first)
    change_to(world.people.clerk2)
    second = take_in(browser, **ZHANG, another_because="替另一户办")
    other = code_on_the_page(browser, second)
    assert other and not code_on_the_page(browser, first)
    kept = browser.session
    assert {"desk", "codes_once"} <= set(kept.keys())
    assert code not in str(dict(kept.items())).replace(" ", "") and other not in str(dict(kept.items())).replace(" ", "")
    change_to(world.people.clerk)
    assert code_on_the_page(browser, first) == code and not code_on_the_page(browser, second)


def test_nothing_else_of_the_former_person_goes_along(two_at_the_desk, world):
    browser, change_to = two_at_the_desk
    take_in(browser, **ZHANG)
    session = browser.session
    session["of_the_clerk"] = "张三丰"
    session.save()
    change_to(world.people.clerk2)
    assert set(browser.session.keys()) == {"_auth_user_id", "_auth_user_backend", "_auth_user_hash", "desk", "codes_once"}


def test_a_new_code_shown_once_is_not_shown_again_after_a_change(two_at_the_desk, world):
    browser, change_to = two_at_the_desk
    case = take_in(browser, **ZHANG)
    page = browser.post(f"/desk/{case.number}/renew-secret/", {"seen": case.status})["Location"]
    assert 'class="secret"' in browser.get(page).text
    change_to(world.people.clerk2), change_to(world.people.clerk)
    assert 'class="secret"' not in browser.get(page).text
    assert code_on_the_page(browser, case)  # the next receipt still prints it


def test_a_code_the_colleague_renewed_ends_the_one_that_waited(two_at_the_desk, world):
    browser, change_to = two_at_the_desk
    case = take_in(browser, **ZHANG)
    old = code_on_the_page(browser, case)
    change_to(world.people.clerk2)
    browser.post(f"/desk/{case.number}/renew-secret/", {"seen": case.status})
    new = code_on_the_page(browser, case)
    assert new and new != old
    change_to(world.people.clerk)
    assert not code_on_the_page(browser, case)


def test_signing_out_or_twelve_hours_end_the_codes_of_the_desk(two_at_the_desk, world):
    browser, change_to = two_at_the_desk
    case = take_in(browser, **ZHANG)
    change_to(world.people.clerk2)
    browser.post("/accounts/logout/")
    browser.sign_in("clerk")
    page = browser.get(f"/desk/{case.number}/receipt/").text
    assert 'class="secret"' not in page and "It is not here any more" in page and f"/desk/{case.number}/renew-secret/" in page

    again = take_in(browser, **ZHANG, another_because="替另一户办")
    with time_machine.travel(timezone.now() + timedelta(hours=11), tick=False):
        change_to(world.people.clerk2)
    with time_machine.travel(timezone.now() + timedelta(hours=12, minutes=1), tick=False):
        assert browser.get("/accounts/switch/")["Location"].startswith("/accounts/login/")
        browser.sign_in("clerk")
        assert not code_on_the_page(browser, again)


def test_no_take_over_from_another_office_or_without_a_password_sign_in(world, browser_of):
    give_pin(world.people.official, SECOND_PIN)
    browser_of.sign_in("clerk")
    assert browser_of.post("/accounts/switch/", {"person": world.people.official.pk, "pin": SECOND_PIN}).status_code == 422
    give_pin(world.people.clerk2, SECOND_PIN)
    session = browser_of.session
    del session["desk"]
    session.save()
    page = browser_of.get("/accounts/switch/")
    assert "must sign in with the password first" in page.text
    assert browser_of.post("/accounts/switch/", {"person": world.people.clerk2.pk, "pin": SECOND_PIN}).status_code == 422


def test_five_wrong_pins_switch_it_off_for_a_quarter_of_an_hour(world, browser_of):
    give_pin(world.people.clerk2, SECOND_PIN)
    browser_of.sign_in("clerk")
    wrong = {"person": world.people.clerk2.pk, "pin": "0000"}
    for _try in range(5):
        assert "This is not the PIN" in browser_of.post("/accounts/switch/", wrong).text
    right = wrong | {"pin": SECOND_PIN}
    assert "is off until" in browser_of.post("/accounts/switch/", right).text
    assert records(world.people.clerk).count("refused") == 6

    later = timezone.now() + timedelta(minutes=15, seconds=1)
    assert pins.is_right(world.people.clerk2, SECOND_PIN, later)
    assert browser_of.post("/accounts/switch/", right).status_code == 302


def test_administrators_never_change_by_pin(world, browser_of):
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        world.people.clerk2.is_staff = True
        world.people.clerk2.pin = make_password(SECOND_PIN)
        world.people.clerk2.save()
    browser_of.sign_in("clerk")
    assert browser_of.post("/accounts/switch/", {"person": world.people.clerk2.pk, "pin": SECOND_PIN}).status_code == 422


# -- the second factor ---------------------------------------------------------------------------------------------------


@pytest.fixture
def two_factor(settings):
    settings.TWO_FACTOR = True


def code_of(device):
    return f"{TOTP(unhexlify(device.key), device.step, device.t0, device.digits, device.drift).token():06d}"


PLACES = [
    "/desk/",
    "/desk/held/",
    "/overdue/",
    "/ledger/",
    "/audit/",
    "/editing/",
    "/admin/",
    "/accounts/pin/",
    "/accounts/password/",
    "/accounts/switch/",
]


def test_between_password_and_code_a_person_is_nobody(world, browser_of, two_factor):
    assert browser_of.sign_in("supervisor", next="/overdue/")["Location"] == "/accounts/code/?next=%2Foverdue%2F"
    assert records(world.people.supervisor) == []
    for place in PLACES:
        answer = browser_of.get(place)
        assert answer.status_code == 302, place
        assert "login" in answer["Location"], place
    assert browser_of.get("/accounts/code/")["Location"] == "/accounts/code/setup/"


def test_setting_up_the_phone_then_each_code_once(world, browser_of, two_factor):
    browser_of.sign_in("supervisor")
    page = browser_of.get("/accounts/code/setup/")
    assert "<svg" in page.text
    assert not re.search(r"<svg[^>]*style=", page.text)
    device = TOTPDevice.objects.get(user=world.people.supervisor)
    assert browser_of.post("/accounts/code/setup/", {"code": "000000"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    code = code_of(device)
    answer = browser_of.post("/accounts/code/setup/", {"code": code, "next": "/desk/held/"})
    assert answer["Location"] == "/desk/held/"
    assert browser_of.get("/desk/held/").status_code == 200
    assert records(world.people.supervisor) == ["sign-in"]

    browser_of.post("/accounts/logout/")
    browser_of.sign_in("supervisor")
    replay = browser_of.post("/accounts/code/", {"code": code})
    assert replay.status_code == 422
    assert browser_of.get("/desk/held/").status_code == 302
    assert browser_of.get("/accounts/code/setup/")["Location"] == "/accounts/code/"


def test_another_persons_code_does_not_open(world, browser_of, two_factor):
    mine = TOTPDevice.objects.create(user=world.people.supervisor, name="phone")
    theirs = TOTPDevice.objects.create(user=world.people.inspector, name="phone")
    browser_of.sign_in("supervisor")
    assert browser_of.post("/accounts/code/", {"code": code_of(theirs)}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_count=0, throttling_failure_timestamp=None)
    assert browser_of.post("/accounts/code/", {"code": code_of(mine)}).status_code == 302


def test_clerks_need_no_code_and_heads_are_not_taken_over_by_pin(world, browser_of, two_factor):
    assert browser_of.sign_in("clerk")["Location"] == "/desk/"
    give_role(world.people.clerk2, world.reception, "head", by=world.people.head, now=w.MONDAY)
    give_pin(world.people.clerk2, SECOND_PIN)
    assert browser_of.post("/accounts/switch/", {"person": world.people.clerk2.pk, "pin": SECOND_PIN}).status_code == 422


def test_the_administration_has_no_door_of_its_own(world, browser_of):
    assert browser_of.get("/admin/")["Location"] == "/admin/login/?next=/admin/"
    assert browser_of.get("/admin/login/?next=/admin/officials/user/")["Location"] == "/accounts/login/?next=%2Fadmin%2Fofficials%2Fuser%2F"
    browser_of.sign_in("clerk")
    assert browser_of.get("/admin/login/").status_code == 403
