"""Filling the dense page of the window the way a browser does: hidden fields as the page gave them, the rest by name."""

import re

HIDDEN = re.compile(r'<input type="hidden" name="(form_token|edition)" value="([^"]*)"')
ZHANG = {"name": "张三丰", "id_number": "990199195501010012", "phone": "12345678901"}


def sign_in(client, person):
    client.force_login(person, backend="portal.staff_session.StaffBackend")


def opened(client, address: str) -> dict[str, str]:
    """The form as the page shows it, nothing filled in."""
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return dict(HIDDEN.findall(answer.content.decode())) | {"channel": "window"}


def send(client, address: str, then: str = "receive", **filled):
    """Open the page, fill it in, press one of its buttons."""
    return client.post(address, opened(client, address) | {"then": then} | filled)


def take_in(client, code: str = "MZ-001", then: str = "receive", query: str = "", **filled):
    """A walk-in who brought everything; returns the new case."""
    from requests.models import ServiceRequest

    answer = send(client, f"/desk/new/{code}/{query}", then, **({"everything": "on"} | filled))
    assert answer.status_code == 302, answer.content.decode()
    return ServiceRequest.objects.latest("id")


def text(answer) -> str:
    return answer.content.decode()
