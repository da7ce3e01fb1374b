"""What every test stands on: quick settings, a database file of its own, and a flush that may empty append-only tables.

SQLite or PostgreSQL is decided by DATABASE_URL before pytest starts (script/test runs the suite once on each). A test that
concerns one of them asks `django.db.connection.vendor`; almost none should.
"""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.core.servers.basehttp import WSGIServer
from django.test import TransactionTestCase
from django.utils import translation

pytest_plugins = ["tests.support.browser"]

SCRATCH = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Each process of pytest gets its own folder, so two runs at once on one tree do not meet."""
    # A property is about what comes out; how long it took says something about the machine and its neighbours alone.
    hypothesis.settings.register_profile("suite", deadline=None)
    hypothesis.settings.load_profile("suite")
    # Whoever builds thousands of pages makes no garbage in circles worth looking for after every 700 objects.
    gc.set_threshold(100_000, 20, 50)
    scratch = config.stash[SCRATCH] = Path(tempfile.mkdtemp(prefix="yibentong-pytest-"))
    settings.MEDIA_ROOT = scratch / "uploads"
    # A real password hash takes a tenth of a second on purpose; hundreds of sign-ins in tests need not.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # The live server serves static files from their sources, under their plain names.
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        # A selection without a single database test sets up no test database: it must not find the real one either.
        database["NAME"] = scratch / "no-database.sqlite3"
    if database["ENGINE"].endswith("sqlite3") and "YIBENTONG_TEST_SQLITE" not in os.environ:
        # A file, not memory: the live server answers from threads, the race tests from processes.
        database["TEST"]["NAME"] = str(scratch / "test.sqlite3")
    os.environ.setdefault("DJANGO_LIVE_TEST_SERVER_ADDRESS", "127.0.0.1")
    # A hundred people knock at once in the race tests; the default queue of ten would turn some away.
    WSGIServer.request_queue_size = 256
    let_the_flush_through()


def pytest_unconfigure(config: pytest.Config) -> None:
    if scratch := config.stash.get(SCRATCH, None):
        shutil.rmtree(scratch, ignore_errors=True)


def let_the_flush_through() -> None:
    """Transactional tests end with a flush of all tables; the append-only triggers are lifted for exactly that."""
    from officials.audit import triggers  # after django.setup()

    flush = TransactionTestCase._fixture_teardown

    def flush_without_triggers(case: TransactionTestCase) -> None:
        with triggers.lifted():
            flush(case)

    TransactionTestCase._fixture_teardown = flush_without_triggers


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker) -> Iterator[None]:
    """At the end nobody else may be in the database that is thrown away: a thread of the live server may still be."""
    yield
    from django.db import connection

    if connection.vendor == "postgresql":
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture(scope="module")
def english() -> Iterator[None]:
    """Sentences in their source language, for a module of tests that reads them:  pytestmark = usefixtures("english")."""
    with translation.override("en"):
        yield
