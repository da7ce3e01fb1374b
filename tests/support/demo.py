"""The demo catalogue for a module of tests, without cases: loaded once and rolled back at its end.

    pytestmark = pytest.mark.django_db

    @pytest.fixture(scope="module")
    def demo(django_db_setup, django_db_blocker):
        yield from catalogue(django_db_blocker, NOW)
"""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from officials import calendar, versions
from portal.demo import loading


def catalogue(django_db_blocker, now: datetime) -> Iterator[None]:
    around = transaction.atomic()
    around._from_testcase = True  # as Django's TestCase does: the loader's own transaction may stand inside
    with django_db_blocker.unblock(), around:
        versions.forget()
        calendar.forget()
        loading.load(now=now, cases=0, rooms=False)
        yield
        transaction.set_rollback(True)
    versions.forget()
    calendar.forget()
