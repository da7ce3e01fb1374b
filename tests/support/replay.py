"""The world is built through the verbs once a process; later tests get the same rows put back in a few statements.

What is put back is what the verbs wrote, history, chain and rights included. The rows it stands on (accounts of jobs, content
types) must be the same as then, otherwise the world is built anew: the flush of a transactional test gives them new ids.
"""

import copy
import datetime
from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction

from officials.models import Township, User

_kept: dict[tuple, tuple[Any, dict[str, tuple[list[str], list[tuple]]]]] = {}


def once(build: Callable[[], Any]) -> Any:
    """What `build` returns and writes, built or put back."""
    ground = _ground()
    if ground is None:
        return build()
    if ground not in _kept:
        before = {table: set(rows) for table, (_, rows) in _rows().items()}
        world = build()
        new = {
            table: (columns, [row for row in rows if row not in before[table]]) for table, (columns, rows) in _rows().items()
        }
        _kept.clear()
        _kept[ground] = (copy.deepcopy(world), {table: kept for table, kept in new.items() if kept[1]})
        return world
    world, new = _kept[ground]
    _put_back(new)
    return copy.deepcopy(world)


def _ground() -> tuple | None:
    """Ids of what the world stands on; None when the database is not as empty as then."""
    people = tuple(User.objects.order_by("pk").values_list("pk", "is_job"))
    if Township.objects.exists() or not all(is_job for _, is_job in people):
        return None
    types = tuple(ContentType.objects.order_by("pk").values_list("pk", flat=True))
    return connection.settings_dict["NAME"], people, types, Permission.objects.order_by("-pk").values_list("pk", flat=True).first()


def _rows() -> dict[str, tuple[list[str], list[tuple]]]:
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                table = model._meta.db_table
                cursor.execute(f'SELECT * FROM "{table}"')
                found[table] = ([column[0] for column in cursor.description], [tuple(row) for row in cursor.fetchall()])
    return found


def _put_back(new: dict[str, tuple[list[str], list[tuple]]]) -> None:
    # Foreign keys are looked at when the transaction ends, so the order of the tables does not matter.
    with transaction.atomic(), connection.cursor() as cursor:
        for table, (columns, rows) in new.items():
            names = ", ".join(f'"{column}"' for column in columns)
            places = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', [_as_stored(row) for row in rows])


def _as_stored(row: tuple) -> tuple:
    """SQLite keeps dates and times as text, though its cursor gives them as values."""
    if connection.vendor != "sqlite":
        return row
    return tuple(str(value) if isinstance(value, datetime.date | datetime.time) else value for value in row)
