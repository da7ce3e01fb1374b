"""Queries that are put together once in each process and then only run, with other values each time.

Django builds the SQL of a query anew each time, for three to ten times what a small answer itself costs. Reads that stand
behind every page of the desk (session, person, rights) or that are asked all day long (the overdue list, tracking) are
therefore written as functions that return a QuerySet, and decorated:

    @prepared
    def _late(office: int, until: datetime, *, newest_first: bool):
        return ServiceRequest.objects.filter(office_id=office, due_at__lt=until).values_list("pk", "number")

    rows = _late(3, now, newest_first=True)

Positional arguments are values: int, str, datetime, or a tuple of ints, which is put together once for each length. None
means the value is absent, which is a query of its own. Keyword arguments shape the query and are seen as they are. The
function sees stand-ins for them, never the values, and must hand every one on, unchanged, into conditions: what the database
is told must be the value itself (`exact`, `lt`, `in`; not `contains`, which would wrap it).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from itertools import islice
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable

# No key, no moment and no word of ours is any of these.
_FIRST_NUMBER = 2_000_000_000
_FIRST_MOMENT = datetime(1001, 1, 1, tzinfo=UTC)
_WORD = "\ufdd0{}"  # a code point that is no character

Value = int | str | datetime | tuple[int, ...] | None


def prepared(build: Callable[..., QuerySet]) -> Callable[..., list[Any]]:
    """The rows of the query that `build` returns: tuples for `values_list`, else model instances without related objects.

    Raises TypeError for a value of a kind that has no stand-in, ValueError for a query that leaves a value out or alters it
    and for one whose rows are to be anything else (`flat`, `values`, `select_related`, `prefetch_related`).
    """
    statements: dict[Any, _Statement | None] = {}

    @wraps(build)
    def rows(*values: Value, **shape: Any) -> list[Any]:
        key = (connections[DEFAULT_DB_ALIAS].vendor, *(_kind(value) for value in values), *sorted(shape.items()))
        if key not in statements:
            statements[key] = _put_together(build, values, shape)
        statement = statements[key]
        return [] if statement is None else statement.run(values)

    return rows


class _Statement:
    """SQL, the places of its parameters that are filled in, and what makes rows of the answer."""

    def __init__(self, found: QuerySet, places: dict[Any, int]) -> None:
        compiler = found.query.get_compiler(DEFAULT_DB_ALIAS)
        self._sql, fixed = compiler.as_sql()
        # (value that always stands there, number of the value to fill in or -1)
        self._fixed = [(value, _place(places, value)) for value in fixed]
        _check_all_stand(places, self._fixed)
        expressions = [selected[0] for selected in compiler.select[: compiler.col_count]]
        self._converters = list(compiler.get_converters(expressions).items())
        self._model = found.model if found._iterable_class is ModelIterable else None
        if self._model is not None:
            self._fields = [compiler.select[at][0].target.attname for at in compiler.klass_info["select_fields"]]
            self._extra = list(compiler.annotation_col_map.items())

    def run(self, values: tuple[Value, ...]) -> list[Any]:
        connection = connections[DEFAULT_DB_ALIAS]  # that of this thread; looked up once, not for each value
        adapt = connection.ops.adapt_datetimefield_value
        told = [adapt(value) if isinstance(value, datetime) else value for value in _flat(values)]
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [value if place < 0 else told[place] for value, place in self._fixed])
            rows = cursor.fetchall()
        if self._converters:
            rows = [self._converted(row, connection) for row in rows]
        return rows if self._model is None else [self._instance(row) for row in rows]

    def _converted(self, row: tuple, connection: BaseDatabaseWrapper) -> tuple:
        made = list(row)
        for at, (converters, expression) in self._converters:
            value = made[at]
            for convert in converters:
                value = convert(value, expression, connection)
            made[at] = value
        return tuple(made)

    def _instance(self, row: tuple) -> Any:
        instance = self._model.from_db(DEFAULT_DB_ALIAS, self._fields, row[: len(self._fields)])
        for name, at in self._extra:
            setattr(instance, name, row[at])
        return instance


def _put_together(build: Callable[..., QuerySet], values: tuple[Value, ...], shape: dict[str, Any]) -> _Statement | None:
    """None for a query that can find nothing, since one of its tuples is empty."""
    standing = [_stand_in(value, number) for number, value in enumerate(_flat(values))]
    adapt = connections[DEFAULT_DB_ALIAS].ops.adapt_datetimefield_value
    places = {adapt(one) if isinstance(one, datetime) else one: number for number, one in enumerate(standing)}
    rest = iter(standing)
    given = [tuple(islice(rest, len(value))) if isinstance(value, tuple) else None if value is None else next(rest) for value in values]
    found = build(*given, **shape)
    if not _has_plain_rows(found):
        raise ValueError("a prepared query returns plain tuples or bare instances")
    try:
        return _Statement(found, places)
    except EmptyResultSet as nothing:
        if () in values:
            return None
        raise ValueError("the column of a prepared query is too small for the stand-in of its value") from nothing


def _has_plain_rows(found: QuerySet) -> bool:
    is_known = found._iterable_class in (ModelIterable, ValuesListIterable)
    return is_known and not found.query.select_related and not found._prefetch_related_lookups


def _kind(value: Value) -> Any:
    return len(value) if isinstance(value, tuple) else type(value)


def _flat(values: tuple[Value, ...]) -> list[Any]:
    flat: list[Any] = []
    for value in values:
        if isinstance(value, tuple):
            flat.extend(value)
        elif value is not None:
            flat.append(value)
    return flat


def _stand_in(value: Any, number: int) -> int | str | datetime:
    if isinstance(value, datetime):
        return _FIRST_MOMENT + timedelta(days=number)
    if isinstance(value, str):
        return _WORD.format(number)
    if isinstance(value, int) and not isinstance(value, bool):
        return _FIRST_NUMBER + number
    raise TypeError(f"a prepared query takes numbers, words and moments, not {value!r}")


def _place(places: dict[Any, int], value: Any) -> int:
    try:
        return places.get(value, -1)
    except TypeError:  # a list or the like: never a stand-in
        return -1


def _check_all_stand(places: dict[Any, int], fixed: list[tuple[Any, int]]) -> None:
    """A value that is left out or wrapped would be asked for by its stand-in for ever."""
    used = {place for _value, place in fixed}
    altered = any(place < 0 and isinstance(value, str) and _WORD[0] in value for value, place in fixed)
    if altered or not used.issuperset(places.values()):
        raise ValueError("a prepared query must use each of its values as it is")
