"""The negative control of the random walks: what must hold is really looked at."""

import pytest
from django.db import connection

from requests.models import ServiceRequest
from tests.machine import invariants
from tests.support import world as w

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("damage", "noticed"),
    [
        ("status = 'accepted'", "the last event says"),
        ("status = 'accepted'", "history ends at"),
        ("due_at = '2026-12-01 00:00:00+00:00'", "stored"),
        ("number = '990199101-2026-000009'", "series"),
        ("status = 'forgotten'", "stands in no part of the sum"),
    ],
)
def test_a_row_changed_behind_the_back_of_the_verbs_is_noticed(db, damage, noticed):
    case = w.new_case(w.build())
    assert not invariants.of_case(case) and not invariants.of_all()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE requests_servicerequest SET {damage} WHERE id = %s", [case.pk])
    faults = [*invariants.of_case(ServiceRequest.objects.get(pk=case.pk)), *invariants.of_all()]
    assert any(noticed in fault for fault in faults), faults
