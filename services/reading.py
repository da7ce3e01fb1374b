"""The published text of one item, whole, in two queries: the edition, and all that stands around it.

The first view after a change is what residents wait for. Seven further queries (parts, office, persons …) would cost ten times
a plain page; so they are one statement, put together by the ORM once in each process and run with another number each time.
"""

import json
from collections.abc import Iterable
from functools import cache
from types import SimpleNamespace
from typing import Any

from django.db import connection
from django.db.models import F, Subquery, Value
from django.db.models.functions import JSONObject

from officials.models import Township
from services.content import PARTS
from services.models import Edition, Item, LifeEvent

# Parts residents read; of the everyday words the first ones stand under the title, notes are for editors.
_PARTS = ("materials", "steps", "conditions", "situations", "bases", "terms")
_JSON_FIELDS = {"custody", "options"}
_FIRST_WORDS, _NAMES_SHOWN = 6, 3
_ANY_EDITION = -1  # stands in the prepared statement for the edition asked for
_ANY_CODE = "?"  # and this for the code; no item has it

_TOWNSHIP = ("phone", "complaint_phone", "address", "hours", "centre_name")
_OFFICE = ("code", "name", "name_en", "phone", "complaint_phone", "address", "hours")
_PERSON = ("name", "is_active", "official__code", "official__title", "official__duty_phone", "official__is_public")
_AROUND = (
    "checked_by__name", "category__code", "category__name", "category__name_en", "post__title", "post__duty_phone",
    *(f"item__township__{name}" for name in _TOWNSHIP),
    *(f"office__{name}" for name in _OFFICE),
    *(f"post__{who}__{name}" for who in ("holder", "deputy") for name in _PERSON),
)  # fmt: skip


def published_edition(code: str) -> Edition | None:
    """The text in force; `around` brings the rest."""
    statement, parameters = _prepared_edition()
    return next(iter(Edition.objects.raw(statement, [code if value == _ANY_CODE else value for value in parameters])), None)


@cache
def _prepared_edition() -> tuple[str, tuple[Any, ...]]:
    # The township is named, so that the unique index (township, code) leads to the item instead of a walk over all of them.
    found = Edition.objects.published().filter(item__township=_first_township(), item__code=_ANY_CODE).order_by()
    statement, parameters = found.query.sql_with_params()
    return statement, tuple(parameters)


def _first_township() -> Subquery:
    """One installation shows one township; it is the one the pages are headed with."""
    return Subquery(Township.objects.order_by("pk").values("pk")[:1])


def retired_item(code: str) -> tuple[Item, Edition] | None:
    """An item that was published and has been taken out of the catalogue, and its last text."""
    last = Edition.objects.filter(item__code=code, item__retired_on__isnull=False, published_at__isnull=False)
    edition = last.select_related("item").order_by("item__township_id", "-number").first()
    return (edition.item, edition) if edition else None


def everyday_names(name: str, words: list[str]) -> list[str]:
    """What people call the item, at most three: not what its name says already, and nothing twice in longer words."""
    told: list[str] = []
    for word in words:
        if word not in name and not any(one in word or word in one for one in told):
            told.append(word)
    return told[:_NAMES_SHOWN]


def around(edition: Edition) -> SimpleNamespace:
    """What belongs to an edition: `.materials`, `.steps`, `.conditions`, `.situations`, `.bases` in their order, `.events`
    (life events), and office, township, post and persons as they are now: `.live["office__name"]`, …
    """
    statement, parameters = _prepared()
    with connection.cursor() as cursor:
        cursor.execute(statement, [edition.pk if value == _ANY_EDITION else value for value in parameters])
        rows = sorted(cursor.fetchall(), key=lambda row: row[:2])
    found: dict[str, list[SimpleNamespace]] = {part: [] for part in (*_PARTS, "events", "live")}
    for part, _position, values in rows:
        found[part].append(_row(values))
    edition.everyday_names = everyday_names(edition.name, [term.text for term in found["terms"]])
    wanted = set(edition.life_events or [])
    found["events"] = [event for event in found["events"] if event.code in wanted]
    return SimpleNamespace(**found | {"live": vars(found["live"][0])})


@cache
def _prepared() -> tuple[str, tuple[Any, ...]]:
    """The statement and its parameters."""
    live = Edition.objects.filter(pk=_ANY_EDITION).annotate(position=Value(0))
    queries = [_rows("live", live, _AROUND), _rows("events", LifeEvent.objects.annotate(position=F("sort")), ("code", "name", "name_en"))]
    for part in _PARTS:
        model, fields = PARTS[part]
        rows = model.objects.filter(edition=_ANY_EDITION)
        if part == "terms":
            rows, fields = rows.filter(position__lte=_FIRST_WORDS), ("text",)
        queries.append(_rows(part, rows, [name for name in fields if name != "notes"]))
    statement, parameters = queries[0].union(*queries[1:], all=True).query.sql_with_params()
    return statement, tuple(parameters)


def _rows(part: str, queryset, names: Iterable[str]):
    """(part, position, {name: value}) of each row."""
    values = JSONObject(**{name: name for name in names})
    return queryset.order_by().annotate(part=Value(part), values_of_row=values).values_list("part", "position", "values_of_row")


def _row(values: Any) -> SimpleNamespace:
    values = json.loads(values) if isinstance(values, str) else values
    for name in _JSON_FIELDS & values.keys():
        # SQLite hands JSON inside JSON over as text, PostgreSQL as a value.
        if isinstance(values[name], str):
            values[name] = json.loads(values[name])
    return SimpleNamespace(**values)
