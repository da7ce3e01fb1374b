"""Printed numbers: no gap, no double, whatever eight processes do at once (proof R3)."""

import datetime
import multiprocessing
import random
import traceback

import pytest
from django.db import connection, connections, transaction

from officials.models import Counter, Township
from officials.numbers import Number, parse, show, take, take_many

# Newer Pythons warn of a fork beside threads (the test runner's); the children touch none of them.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")

DAY = datetime.date(2026, 11, 23)
PROCESSES = 8
TAKES = 200


def make_township(code="990199101"):
    # `raw` leaves the history out: these tests are about the counter alone.
    township = Township(code=code, name="河口镇")
    township.save_base(raw=True)
    return township


@pytest.fixture
def township(db):
    return make_township()


def test_numbers_count_up_by_township_series_and_year(township):
    other = make_township("990199102")
    assert [take(township, "", DAY) for _n in range(3)] == [1, 2, 3]
    assert take(township, "Z", DAY) == 1
    assert take(township, "", datetime.date(2027, 1, 1)) == 1
    assert take(other, "", DAY) == 1
    assert take(township, "", DAY) == 4


def test_a_block_of_slips_is_taken_in_one_go(township):
    assert list(take_many(township, "Z", DAY, count=50)) == list(range(1, 51))
    assert list(take_many(township, "Z", DAY, count=2)) == [51, 52]
    with pytest.raises(ValueError, match="at least one"):
        take_many(township, "Z", DAY, count=0)


def test_a_rollback_gives_the_number_back(township):
    take(township, "", DAY)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        assert take(township, "", DAY) == 2
        raise ZeroDivisionError
    assert take(township, "", DAY) == 2


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_no_number_is_given():
    township = make_township()
    with pytest.raises(RuntimeError, match="transaction"):
        take(township, "", DAY)


def test_a_moment_is_refused_because_its_year_depends_on_the_zone(township):
    with pytest.raises(TypeError, match="local date"):
        take(township, "", datetime.datetime(2026, 12, 31, 17, tzinfo=datetime.UTC))


def test_the_printed_form():
    assert show("990199101", 2026, 123) == "990199101-2026-000123"
    assert show("990199101", 2026, 12, "Z") == "990199101-2026-Z000012"
    assert show("990199101", 2026, 1234567) == "990199101-2026-1234567"
    assert str(Number("990199101", 2026, "", 5)) == "990199101-2026-000005"


@pytest.mark.parametrize(
    "typed",
    ["9901991012026000123", "9901 9910 1202 6000 123", "990199101 2026 000123",
     "990199101-2026-000123", " 990199101－2026－000123 ", "990199101—2026-123", "990199101 - 2026 - 000123", "990199101‐2026‐000123"],
)  # fmt: skip
def test_a_number_is_understood_however_it_is_typed(typed):
    assert str(parse(typed)) == "990199101-2026-000123"


def test_a_slips_number_is_understood_in_small_letters():
    assert parse("990199101-2026-z000012") == Number("990199101", 2026, "Z", 12)


@pytest.mark.parametrize(
    "typed",
    ["", "123", "990199101-2026-", "990199101-2026-000000", "990199101-2026-1'", "990199101-2026-ZZZZZ1", "x" * 5000, "\x00", "\ud800",
     "990199101-2026-9999999999999", "٩٩٠١٩٩١٠١-2026-000001", "990199101-2026-000123-1", "9901991011926000123", "99019910120260001"],
)  # fmt: skip
def test_what_is_no_number_is_nothing(typed):
    assert parse(typed) is None


# --- the race -------------------------------------------------------------------------------------------------------


class Rollback(Exception):
    """The failure that one in ten transactions is made to suffer after its number was taken."""


def write_down(value, *, fail):
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO race_numbers (value) VALUES (%s)", [value])
    if fail:
        raise Rollback


def issue_from_the_counter(township, *, fail):
    with transaction.atomic():
        write_down(take(township, "", DAY), fail=fail)


def issue_the_highest_plus_one(township, *, fail):
    """The naive way, as the negative control. It reads before the transaction, as a form that shows "next number" does:
    inside, SQLite's BEGIN IMMEDIATE would already keep the others out."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT COALESCE(MAX(value), 0) + 1 FROM race_numbers")
        value = cursor.fetchall()[0][0]
    with transaction.atomic():
        write_down(value, fail=fail)


def _worker(issue, township_id, seed, barrier, answers):
    """Issue numbers, a tenth of which fail after they were taken; report whatever a clerk would have seen."""
    township = Township(pk=township_id)
    chance = random.Random(seed)
    errors = []
    barrier.wait()
    for _turn in range(TAKES):
        try:
            issue(township, fail=chance.random() < 0.1)
        except Rollback:
            pass
        except Exception:
            errors.append(traceback.format_exc(limit=1))
    connections.close_all()
    answers.put(errors)


def race(issue, township):
    """Eight processes at once. Gives back the numbers that were committed and the errors somebody saw."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE race_numbers (value integer NOT NULL)")
    connections.close_all()  # a connection must not be shared with a child
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(PROCESSES), context.Queue()
    workers = [context.Process(target=_worker, args=(issue, township.pk, seed, barrier, answers)) for seed in range(PROCESSES)]
    for worker in workers:
        worker.start()
    errors = [error for _each in workers for error in answers.get(timeout=120)]
    for worker in workers:
        worker.join()
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM race_numbers ORDER BY value")
        return [value for (value,) in cursor.fetchall()], errors


@pytest.fixture
def race_table(transactional_db):
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS race_numbers")


def test_eight_processes_with_rollbacks_leave_no_gap_and_no_double(race_table):
    township = make_township()
    values, errors = race(issue_from_the_counter, township)
    assert errors == []
    assert PROCESSES * TAKES * 0.8 < len(values) < PROCESSES * TAKES  # some were rolled back
    assert values == list(range(1, len(values) + 1))
    assert Counter.objects.get(township=township, series="").value == len(values)


def test_the_race_is_a_real_one_for_the_naive_way_fails_it(race_table):
    """Negative control: if the highest number plus one came through clean, the test above would prove nothing."""
    values, _errors = race(issue_the_highest_plus_one, make_township())
    assert len(set(values)) < len(values)
