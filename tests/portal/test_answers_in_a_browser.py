"""What comes back after a form was sent, in a real Chromium: no barrier, nothing sideways. The other pages: the matrix beside this."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
import time_machine
from django.core.cache import cache
from playwright.sync_api import Page

from requests import verbs
from tests.support import stage
from tests.support import world as w
from tests.support.looking import DESK_SIZE, VARIANTS, Windows, faults_shown

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
FORM = "main form[method=post]"


@pytest.fixture
def stood(live_server) -> Iterator[stage.Stage]:
    with time_machine.travel(stage.NOW, tick=True):
        yield stage.build()
    cache.clear()


@pytest.fixture
def windows(open_page, stood, live_server) -> Windows:
    return Windows(open_page, stood, live_server.url)


@dataclass(frozen=True)
class Answer:
    """A form as it is filled in, and what comes back: the status and words that belong to that answer alone."""

    address: str
    filled: dict[str, str]
    status: int
    shows: str  # a selector of what only this answer has
    actor: str = "anonymous"
    button: str = "button.button"
    presses: int = 1  # a form of several pages: each is sent as it stands


ERRORS = ".error-summary"
IN_FULL = f"input[readonly][value='{stage.ID_NUMBER}']"
ANSWERS = {
    "tracking without a word": Answer("/track/", {}, 422, ERRORS),
    "tracking with a wrong code": Answer("/track/", {"number": "{number}", "secret": "1" * 16}, 422, ERRORS),
    "tracking": Answer("/track/", {"number": "{number}", "secret": "{secret}"}, 200, "main dl"),
    "asking without a word": Answer("/ask/?item=MZ-001", {}, 422, ERRORS),
    "asking with a wrong phone": Answer("/ask/", {"way=question": "", "text": "低保要带什么", "phone": "12345"}, 422, ERRORS),
    "asked": Answer("/ask/?item=MZ-001&call=1", {"way=call": "", "phone": "12345678901"}, 200, ".secret"),
    "applying without an answer": Answer("/apply/MZ-001/", {}, 422, ERRORS, presses=2),
    "signing in with a wrong password": Answer("/accounts/login/", {"username": "clerk", "password": "wrong"}, 422, ERRORS),
    "looking without a reason": Answer("/desk/{number}/reveal/", {}, 422, ERRORS, "official"),
    "looking at the person in full": Answer("/desk/{number}/reveal/", {"reason=call": ""}, 200, "main dl", "official"),
    "copying out in full": Answer("/desk/{number}/copy-out/", {"reason=upper": ""}, 200, IN_FULL, "official"),
    "taking in without a name": Answer("/desk/new/MZ-001/", {}, 422, ERRORS, "clerk", "button[name=then][value=receive]"),
    "taking in with a wrong digit": Answer(
        "/desk/new/MZ-001/", {"name": "张三丰", "id_number": "990199195501010013", "phone": "12345678901"}, 422, ERRORS, "clerk",
        "button[name=then][value=receive]",
    ),
    "correcting without a change": Answer("/desk/{number}/correct/", {}, 422, ERRORS, "clerk"),
    "another item without a reason": Answer("/desk/{number}/change-item/?to=MZ-009", {}, 422, ERRORS, "clerk"),
    "a note without words": Answer("/desk/{number}/add-note/", {}, 422, ERRORS, "official"),
    "withdrawing without a reason": Answer("/desk/{number}/withdraw/", {}, 422, ERRORS, "clerk", "button.danger"),
    "a question on the phone without facts": Answer("/desk/phone/", {}, 422, ERRORS, "clerk"),
    "a question on the phone": Answer("/desk/phone/", {"number": "{number}", "tail": stage.PHONE[-4:]}, 200, "main dl", "clerk"),
    "a question at the window without words": Answer("/desk/consult/", {}, 422, ERRORS, "clerk"),
}  # fmt: skip


def sent(page: Page, answer: Answer, said: Callable[[str], str]) -> int:
    """Fill in what is named, press the button; the status of what came back."""
    page.set_viewport_size(DESK_SIZE)
    page.goto(said(answer.address))
    for name, value in answer.filled.items():
        name, _, choice = name.partition("=")
        if choice:
            page.locator(f"{FORM} [name={name}][value={choice}]").check()
        else:
            page.locator(f"{FORM} [name={name}]").fill(said(value))
    for _ in range(answer.presses):
        with page.expect_response(lambda one: one.request.is_navigation_request() and one.status not in (301, 302, 303)) as came:
            page.locator(f"{FORM} {answer.button}").first.click()
        page.wait_for_load_state()
    return came.value.status


@pytest.mark.parametrize("name", ANSWERS)
def test_every_answer(windows, stood, name):
    answer, faults = ANSWERS[name], []
    secret = verbs.renew_secret(stood.case, by=stood.people["clerk"], now=w.MONDAY) if "{secret}" in answer.filled.values() else ""
    page = windows.of(answer.actor)
    for variant, cookies in VARIANTS.items():
        windows.dress(page, cookies)
        windows.said.clear()
        status = sent(page, answer, lambda text: text.format(**stood.words, secret=secret))
        assert (status, page.locator(answer.shows).count() > 0) == (answer.status, True), f"{variant}: {status} {page.url}"
        faults += [f"{variant}{fault}" for fault in faults_shown(page, windows.said)]
    assert not faults, "\n".join(faults)
