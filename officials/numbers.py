"""Printed numbers: unique and without gaps per township, series and year.

A sequence of the database leaves a gap at each rollback, and the highest number plus one is given out twice under load
and again after a deletion. Here a counter row is raised by one statement inside the transaction that uses the number: a
rollback takes both back, and a second taker waits for the first one's commit. So take the number late in a verb.
Locks are always taken in the order case, counter, head of the chain.
"""

import datetime
import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection

from officials.models.counters import Counter

if TYPE_CHECKING:
    from officials.models import Township

DIGITS = 6
SLIPS = "Z"  # paper slips for the hour without power (纸质)

_HYPHENS = re.compile(r"\s*[-‐‑‒–—―−_]+\s*")
_NUMBER = re.compile(r"^([0-9]{6,12})-([0-9]{4})-([A-Z]{0,4})([0-9]{1,9})$")
# Read off without the hyphens: the last six digits are the running number, the four before it the year.
_RUN_TOGETHER = re.compile(rf"^([0-9]{{6,12}})(20[0-9]{{2}})([A-Z]{{0,4}})([0-9]{{{DIGITS}}})$")


class Number(NamedTuple):
    """A printed number taken apart."""

    township_code: str
    year: int
    series: str
    value: int

    def __str__(self) -> str:
        return show(self.township_code, self.year, self.value, self.series)


def take(township: "Township", series: str, on: datetime.date) -> int:
    """The next number of the series in the year of `on` (the local date). Only inside a transaction."""
    return take_many(township, series, on, count=1)[0]


def take_many(township: "Township", series: str, on: datetime.date, *, count: int) -> range:
    """The next `count` numbers in one go, for a block of slips printed blank."""
    if not connection.in_atomic_block:
        raise RuntimeError("a number is taken in the transaction that uses it, otherwise a failure leaves a gap")
    if isinstance(on, datetime.datetime):
        raise TypeError("`on` is a local date; the year of a moment depends on the time zone")
    if count < 1:
        raise ValueError("at least one number")
    last = _raise_counter(township.pk, series, on.year, count)
    return range(last - count + 1, last + 1)


def show(township_code: str, year: int, value: int, series: str = "") -> str:
    """The printed form: 990199101-2026-000123, with the letter of the series for slips: 990199101-2026-Z000012."""
    return f"{township_code}-{year:04d}-{series}{value:0{DIGITS}d}"


def parse(text: str) -> Number | None:
    """Take a number apart as people type it (full-width digits, blanks, small letters, any hyphen or none), or None."""
    if len(text) > 60:
        return None
    plain = _HYPHENS.sub("-", unicodedata.normalize("NFKC", text).strip()).replace(" ", "").upper()
    found = _NUMBER.match(plain) or _RUN_TOGETHER.match(plain)
    if found is None or int(found[4]) == 0:
        return None
    return Number(township_code=found[1], year=int(found[2]), series=found[3], value=int(found[4]))


def _raise_counter(township_id: int, series: str, year: int, count: int) -> int:
    """One statement that reads and writes, so that no other transaction comes between. Both databases know RETURNING.

    The insert on first use carries the same clause: two first users of a new year meet on the unique constraint, and the
    second one raises the row of the first.
    """
    table = connection.ops.quote_name(Counter._meta.db_table)
    key: tuple[int | str, ...] = (township_id, series, year)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET value = value + %s WHERE township_id = %s AND series = %s AND year = %s RETURNING value",
            (count, *key),
        )
        rows = cursor.fetchall()
        if not rows:
            cursor.execute(
                f"INSERT INTO {table} AS counter (township_id, series, year, value) VALUES (%s, %s, %s, %s) "
                "ON CONFLICT (township_id, series, year) DO UPDATE SET value = counter.value + excluded.value RETURNING value",
                (*key, count),
            )
            rows = cursor.fetchall()
    return int(rows[0][0])
