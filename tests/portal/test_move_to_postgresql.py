"""A centre that began on SQLite moves to PostgreSQL: the same rows, the same keys, and a chain that still verifies."""

import os
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

ROOT = Path(__file__).resolve().parents[2]
ONE_CASE = """
from requests import verbs
from tests.support import world
here = world.build()
case = world.new_case(here)
verbs.accept(case, by=here.people.clerk, now=world.MONDAY)
"""
WHAT_IS_THERE = """
from django.contrib.contenttypes.models import ContentType
from requests import persons
from requests.models import ServiceRequest
case = ServiceRequest.objects.select_related("key").get()
print(case.number, case.status, case.received_at.isoformat(), case.due_on, persons.person_of(case).name)
print([(row.history_date.isoformat(), row.status) for row in case.history.all()], ContentType.objects.count())
"""
# A second case after the move takes the next number and fresh ids, or the insert fails.
ANOTHER_CASE = """
from types import SimpleNamespace
from officials.models import Office, User
from services.models import Edition
from tests.support import world
here = SimpleNamespace(
    people=SimpleNamespace(clerk=User.objects.get(username="clerk")),
    reception=Office.objects.get(code="ST01"),
    low_income=Edition.objects.get(item__code="MZ-001"),
)
print(world.new_case(here).number)
"""


def run(*arguments, var, url="", check=True) -> str:
    """A command of the portal with its own folder of keys; on SQLite unless a URL is given. Returns all it printed."""
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"} | {"YIBENTONG_VAR": str(var)}
    if url:
        environment["DATABASE_URL"] = url
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0 or not check, done.stdout + done.stderr
    return done.stdout + done.stderr


def python(code, **options) -> str:
    return run("manage.py", "shell", "--no-imports", "-v", "0", "-c", code, **options)


@pytest.fixture
def empty_postgres(django_db_blocker):
    """The URL of one more database on the server the suite runs on."""
    if connection.vendor != "postgresql":
        pytest.skip("the half of the suite that runs on PostgreSQL has the server for it")
    name = f"moved_{uuid.uuid4().hex[:12]}"
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}"))
    with django_db_blocker.unblock(), connection._nodb_cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_rows_keys_and_chain_arrive(empty_postgres, tmp_path):
    run("manage.py", "migrate", "-v", "0", var=tmp_path)
    python(ONE_CASE, var=tmp_path)
    before = python(WHAT_IS_THERE, var=tmp_path)
    run("manage.py", "migrate", "-v", "0", var=tmp_path, url=empty_postgres)

    printed = run("deploy/move_to_postgresql.py", var=tmp_path, url=empty_postgres)

    assert "ok: " in printed and "head main:" in printed
    assert python(WHAT_IS_THERE, var=tmp_path, url=empty_postgres) == before
    assert python(ANOTHER_CASE, var=tmp_path, url=empty_postgres).strip() == "990199101-2026-000002"
    refused = run("deploy/move_to_postgresql.py", var=tmp_path, url=empty_postgres, check=False)
    assert "already holds a township" in refused
