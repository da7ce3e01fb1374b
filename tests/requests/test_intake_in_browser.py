"""The window as a clerk works it: keyboard only, few actions, no script needed, nothing sideways on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import expect

from portal.staff_session import SessionStore
from requests.models import ServiceRequest
from tests.support import world as w

pytestmark = pytest.mark.django_db(transaction=True)
ACTIONS = 8


@pytest.fixture
def world(live_server):
    return w.build()


def signed_in(page, person, address):
    """A window in which this person is signed in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "portal.staff_session.StaffBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    page.context.add_cookies([{"name": "sessionid", "value": session.session_key, "url": address}])
    return page


def test_a_walk_in_takes_eight_actions_from_the_found_item_to_the_receipt(page, world, live_server):
    signed_in(page, world.people.clerk, live_server.url)
    page.goto("/desk/new/")
    expect(page.locator("#q")).to_be_focused()  # a browser puts the cursor there a moment after the page has loaded
    page.keyboard.type("db")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("ol.choose a").first).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#id_everything")).to_be_focused()
    actions = ["Space", "Tab", "张三丰", "Tab", "990199195501010012", "Tab", "12345678901", "Enter"]
    assert len(actions) <= ACTIONS
    with page.expect_navigation():
        for action in actions:
            if action in ("Space", "Tab", "Enter"):
                page.keyboard.press(action)
            else:
                page.keyboard.type(action)
    case = ServiceRequest.objects.get()
    assert case.number in page.title() and page.locator(".secret").is_visible()


def test_the_pages_work_without_script_and_fit_a_phone(open_page, world, live_server):
    phone = open_page(java_script_enabled=True, viewport={"width": 360, "height": 740})
    plain = open_page(java_script_enabled=False)
    signed_in(plain, world.people.clerk, live_server.url)
    plain.goto("/desk/new/MZ-001/")
    plain.check("#id_everything")
    plain.fill("#id_name", "张三丰")
    plain.select_option("#id_id_state", "forgotten")
    plain.check("#id_no_phone")
    plain.click("button[value=receive]")
    case = ServiceRequest.objects.get()
    assert case.number in plain.title()

    signed_in(phone, world.people.clerk, live_server.url)
    addresses = (
        "/desk/new/?q=db", "/desk/new/MZ-001/", f"/desk/{case.number}/receipt/", f"/desk/visit/{case.visit_id}/",
        f"/desk/new/MZ-009/?visit={case.visit_id}", f"/desk/{case.number}/correct/", f"/desk/{case.number}/change-item/?q=lnz",
    )  # fmt: skip
    for address in addresses:
        phone.goto(address)
        assert phone.evaluate("document.documentElement.scrollWidth") <= 360, address
        found = Axe().run(phone).response["violations"]
        assert not found, (address, [one["id"] for one in found])
