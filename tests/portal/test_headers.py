"""Every answer, the refusals too, carries the headers that keep a browser from being turned against its reader."""


import pytest

from portal.views import front
from tests.portal.access import OK, TABLE
from tests.support import stage

pytestmark = [pytest.mark.django_db, pytest.mark.once]
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
DIRECTIVES = ("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'")


def faults_of(answer) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    found = [f"{name}: {answer.headers.get(name)}" for name, value in FIXED.items() if answer.headers.get(name) != value]
    found += [f"no {directive}" for directive in DIRECTIVES if directive not in policy]
    return found + (["unsafe- in the policy"] if "unsafe-" in policy else [])


def test_every_page_of_the_table_for_who_is_let_in_and_who_is_not(stood):
    faults = []
    for address in TABLE:
        cells = address.cells("GET")
        readers = {outcome: actor for actor, outcome in cells.items()}
        for outcome, actor in readers.items():
            answer = stood.client(actor).get(stood.address(address.example, actor))
            found = faults_of(answer)
            is_kept = cells["anonymous"] != OK and "no-store" not in answer.headers.get("Cache-Control", "")
            found += ["a page of the desk may be kept"] if is_kept and answer.status_code == 200 else []
            faults += [f"{address.example} ({actor}, {outcome}): {fault}" for fault in found]
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize(
    ("expected", "request_of"),
    [
        (400, lambda client: client.get("/search/?q=%00")),
        (400, lambda client: client.get("/", headers={"host": "elsewhere.example"})),
        (400, lambda client: client.get("/notices/%FF/")),
        (404, lambda client: client.get("/nothing-here/")),
        (405, lambda client: client.post("/services/")),
        (405, lambda client: client.delete("/")),
        (302, lambda client: client.get("/desk/")),
        (301, lambda client: client.get("/services")),
        (422, lambda client: client.post("/track/", {"number": "x"})),
    ],
)
def test_refusals_and_redirects_too(stood, expected, request_of):
    answer = request_of(stood.client("anonymous"))
    assert answer.status_code == expected
    assert not faults_of(answer)


def test_a_page_that_breaks_too(stood, monkeypatch):
    """The last resort: the page of a fault, without a word of what went wrong inside."""

    def broken():
        raise RuntimeError("secret of the inside")

    monkeypatch.setattr(front, "listing", broken)
    answer = stood.client("anonymous").get("/?broken=1")
    assert answer.status_code == 500
    assert not faults_of(answer)
    assert "secret of the inside" not in answer.content.decode() and "Traceback" not in answer.content.decode()


def test_a_form_that_came_from_elsewhere_too(stood):
    answer = stage.signed_in(stood.people["clerk"], enforce_csrf_checks=True).post("/desk/consult/", {})
    assert answer.status_code == 403
    assert not faults_of(answer)
