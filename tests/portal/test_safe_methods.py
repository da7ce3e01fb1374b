"""Looking changes nothing, and nothing is changed by a form of another site."""

import hashlib

import pytest
from django.apps import apps
from django.db import connection

from tests.portal.access import ACTORS, MISSING, SIGN_IN, TABLE
from tests.portal.test_access_matrix import readers
from tests.support import stage

pytestmark = pytest.mark.django_db
# What a look leaves behind on purpose: the session, who looked (with its link of the chain), a search that found nothing.
TRACES = {"django_session", "officials_accessrecord", "officials_chainlink", "officials_chainhead", "services_searchmiss"}


def checksums() -> dict[str, str]:
    """One sum for each table, the traces left out."""
    tables = sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)} - TRACES)
    sums = {}
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = sorted(repr(row) for row in cursor.fetchall())
            sums[table] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return sums


def changed(before: dict[str, str]) -> list[str]:
    return [table for table, now in checksums().items() if before[table] != now]


def test_the_traces_are_tables():
    """A renamed table would otherwise be compared, or worse, another one left out."""
    assert {model._meta.db_table for model in apps.get_models()} >= TRACES


def look_everywhere(stood: stage.Stage, actor: str) -> list[str]:
    """What this reader changed by looking. Each page by itself only when all together changed something."""
    client = stood.client(actor)
    table = [address for at, address in enumerate(TABLE) if actor in readers(address, "GET", at)]
    before = checksums()
    for address in table:
        client.get(stood.address(address.example, actor))
    if not (together := changed(before)):
        return []
    guilty = [f"{actor} changed {', '.join(together)}"]
    for address in table:
        before = checksums()
        client.get(stood.address(address.example, actor))
        guilty += [f"{actor}: {address.example} changed {table}" for table in changed(before)]
    return guilty


def test_looking_at_every_page_changes_nothing(stood):
    faults = [fault for actor in ACTORS for fault in look_everywhere(stood, actor)]
    assert not faults, "\n".join(faults)


def test_no_form_is_taken_without_its_token(stood):
    """As the reader who may do most there; the forged ones with a token of nobody, and from another site."""
    clients = {actor: stage.signed_in(person, enforce_csrf_checks=True) for actor, person in stood.people.items()}
    before, faults = checksums(), []
    for address in TABLE:
        if address.post is None:
            continue
        actor = next((one for one in ACTORS if address.post[one] not in (SIGN_IN, MISSING)), "clerk")
        client, url = clients[actor], stood.address(address.example, actor)
        client.cookies["csrftoken"] = "a" * 32
        for data, headers in (
            ({}, {}),
            ({"csrfmiddlewaretoken": "b" * 32}, {}),
            ({"csrfmiddlewaretoken": "a" * 32}, {"origin": "https://elsewhere.example"}),
        ):
            answer = client.post(url, data, headers=headers)
            if answer.status_code != 403:
                faults.append(f"{address.example} as {actor}: {answer.status_code} with {data} {headers}")
    assert not faults, "\n".join(faults)
    assert not changed(before)
