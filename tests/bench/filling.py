"""Many cases quickly: rows of the demo copied by SQL, with new ids, numbers and dates, and without history.

Only script/bench does this. Whatever is copied has one known tracking code, so that every copy can be followed.
"""

from django.db import connection, models

from officials.models import Township
from officials.privacy.tracking import new_salt, secret_digest
from requests.models import Applicant, CaseKey, ServiceRequest

CODE = "1234 5678 9012 3456"
SERIES_YEAR = 2019  # long before the demo's cases: no number meets one of theirs
FIRST_VALUE = 1_000_000
SPREAD_DAYS = 28  # copies lie up to so many days before their originals

# Every twentieth copy of a closed case was forgotten on a desk: lists of late cases are as long as they can become.
FORGOTTEN = "copies.seq % 20 = 0 AND source.status = 'closed' AND source.kind = 'application' AND source.accepted_at IS NOT NULL"
REOPENED = {"status": "'in_hand'", "outcome": "''"} | dict.fromkeys(("decided_at", "decided_by_id", "ended_at", "ended_by_id"), "NULL")

# A number of the upper system belongs to one case.
ONCE = {"upper_number": "''", "upper_at": "NULL", "upper_by_id": "NULL"}


class Filling:
    """Knows which cases are the originals and how many copies there are by now."""

    def __init__(self) -> None:
        self.originals = ServiceRequest.objects.count()
        self.last_original = ServiceRequest.objects.latest("id").pk
        self.rounds = self.base = 0
        self.prefix = f"{Township.objects.get().code}-{SERIES_YEAR}-"

    def fill_up_to(self, cases: int) -> None:
        """Copy all originals again and again until there are at least so many cases."""
        more = -(-(cases - ServiceRequest.objects.count()) // self.originals)
        if more <= 0:
            return
        salt = new_salt()
        digest = secret_digest(CODE, salt)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT max(id) FROM {ServiceRequest._meta.db_table}")
            self.base = cursor.fetchone()[0]  # cases logged since the last filling lie below the new copies
            number = f"'{self.prefix}' || CAST({FIRST_VALUE} + copies.seq AS text)"
            case = {"id": "copies.new_id", "number": number, "form_token": "NULL", **ONCE}
            self._copy(cursor, ServiceRequest, more, case)
            key = {"service_request_id": "copies.new_id", "secret_salt": f"'{salt}'", "secret_digest": f"'{digest}'"}
            self._copy(cursor, CaseKey, more, key)
            self._copy(cursor, Applicant, more, {"id": "copies.new_id", "service_request_id": "copies.new_id"})
            self._tidy(cursor)
        self.rounds += more

    def _copy(self, cursor, model: type[models.Model], more: int, changed: dict[str, str]) -> None:
        table = model._meta.db_table
        key = "id" if model is ServiceRequest else "service_request_id"
        columns = [field.column for field in model._meta.concrete_fields]
        values = [changed.get(field.column) or self._moved(field) for field in model._meta.concrete_fields]
        if model is ServiceRequest:
            values = [
                f"CASE WHEN {FORGOTTEN} THEN {REOPENED[column]} ELSE {value} END" if column in REOPENED else value
                for column, value in zip(columns, values, strict=True)
            ]
        first, last = self.rounds + 1, self.rounds + more
        cursor.execute(
            f"WITH RECURSIVE rounds(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM rounds WHERE n < {last}), "
            f"ranked AS (SELECT id AS original, row_number() OVER (ORDER BY id) AS rank FROM {ServiceRequest._meta.db_table} "
            f"WHERE id <= {self.last_original}), "
            f"copies AS (SELECT original, n, n % {SPREAD_DAYS} AS days, (n - 1) * {self.originals} + rank AS seq, "
            f"{self.base} + (n - {first}) * {self.originals} + rank AS new_id FROM ranked CROSS JOIN rounds) "
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(values)} "
            f"FROM copies JOIN {table} source ON source.{key} = copies.original"
        )

    def _moved(self, field: models.Field) -> str:
        """The column of the original; moments and days some days earlier."""
        column, days = f"source.{field.column}", "copies.days"
        if connection.vendor == "postgresql":
            if isinstance(field, models.DateTimeField):
                return f"{column} - {days} * interval '1 day'"
            return f"{column} - CAST({days} AS integer)" if isinstance(field, models.DateField) else column
        if isinstance(field, models.DateTimeField):
            return f"strftime('%Y-%m-%d %H:%M:%f', {column}, '-' || {days} || ' days')"
        return f"date({column}, '-' || {days} || ' days')" if isinstance(field, models.DateField) else column

    def _tidy(self, cursor) -> None:
        """What an installation of that size would have behind it: sequences beyond the copies, statistics, a flushed journal."""
        if connection.vendor != "postgresql":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
        for model in (ServiceRequest, Applicant):
            table = model._meta.db_table
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")
