"""The digest of a row: SHA-256 over its columns, the same before it is stored and after any database returns it.

Only what distinguishes the row is written into the digest: a nullable column that is NULL, and a column that may not be
NULL but holds the empty value of its type ("", False, 0), are left out. Nothing is lost by that (an absent column has
exactly one meaning), and a column added by a later migration, born NULL or empty, leaves the digests of old rows alone.
So: columns of history and append-only tables may be added this way, but neither renamed nor dropped.
"""

import datetime
import decimal
import hashlib
import json
import uuid
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, NamedTuple

from django.db import models

__all__ = [
    "Column",
    "as_text",
    "columns",
    "digest_of_instance",
    "digest_of_values",
    "pk_of_instance",
    "plain_pk",
    "plain_values",
    "utc_text",
]

as_text = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False).encode
"""Compact JSON with sorted keys: one text for one value."""


class Column(NamedTuple):
    """How one column enters the digest."""

    attname: str
    name: str
    to_plain: Callable[[Any], Any]
    left_out: Any  # the value that is not written: None where NULL is possible, else the empty value of the type


def utc_text(moment: datetime.datetime) -> str:
    """An aware moment as text in UTC with microseconds; databases give it back in whatever zone they like."""
    if moment.tzinfo is None:
        raise ValueError(f"A moment without time zone cannot be recorded: {moment!r}.")
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def _plain(value: Any) -> Any:
    """A Python value as something JSON knows."""
    if value is None or type(value) in (bool, int, str, float):
        return value
    if isinstance(value, str):  # a choice, a safe string: its letters
        return str.__str__(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, datetime.datetime):
        return utc_text(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, datetime.time):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, datetime.timedelta):
        return value // datetime.timedelta(microseconds=1)
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, models.fields.files.FieldFile):
        return value.name or ""
    raise TypeError(f"A value of type {type(value).__name__} has no agreed form in the audit chain.")


def _to_plain(field: models.Field) -> Callable[[Any], Any]:
    """The function that brings a value of this field, typed in or read back, into its one plain form."""
    target = field.target_field if isinstance(field, models.ForeignKey) else field
    if isinstance(target, models.DecimalField):
        exponent = decimal.Decimal(1).scaleb(-target.decimal_places)
        return lambda value: None if value is None else str(target.to_python(value).quantize(exponent))
    if isinstance(target, models.JSONField):
        # Through JSON once, so that tuples and number keys look as they will when the database returns them.
        return lambda value: json.loads(json.dumps(value, cls=target.encoder))

    def to_plain(value: Any) -> Any:
        if hasattr(value, "resolve_expression"):
            raise ValueError(f"{field}: an expression has no value before the database computes it; assign the value.")
        return _plain(target.to_python(value))

    return to_plain


def _left_out(field: models.Field) -> Any:
    if field.null:
        return None
    if isinstance(field, models.BooleanField):
        return False
    if isinstance(field, models.IntegerField):
        return 0
    return ""


@cache
def columns(model: type[models.Model]) -> tuple[Column, ...]:
    """The columns of a table that enter the digest, in alphabetical order."""
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    plans = [Column(field.attname, field.db_column or field.attname, _to_plain(field), _left_out(field)) for field in fields]
    return tuple(sorted(plans, key=lambda column: column.name))


def digest_of_values(model: type[models.Model], values: Iterable[Any]) -> str:
    """The digest of a row whose values come in the order of `columns(model)`."""
    row = {}
    for column, value in zip(columns(model), values, strict=True):
        plain = column.to_plain(value)
        # `==` alone would take 0 for False.
        if plain != column.left_out or type(plain) is not type(column.left_out):
            row[column.name] = plain
    return hashlib.sha256(as_text([model._meta.db_table, row]).encode()).hexdigest()


def digest_of_instance(instance: models.Model) -> str:
    model = type(instance)
    return digest_of_values(model, [getattr(instance, column.attname) for column in columns(model)])


def pk_of_instance(instance: models.Model) -> int | str:
    """The primary key as it stands in a link: a number, or text for UUIDs."""
    return plain_pk(instance.pk)


def plain_pk(value: Any) -> int | str:
    return value if isinstance(value, int) else str(value)


def plain_values(model: type[models.Model], attnames: list[str], values: Iterable[Any]) -> list[Any]:
    """Some columns of a row in their plain form, to be compared with the same columns of another table."""
    plain = {column.attname: column.to_plain for column in columns(model)}
    return [plain[attname](value) for attname, value in zip(attnames, values, strict=True)]
