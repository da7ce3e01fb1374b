"""The published text of one item, whole, in two queries: the edition with its people, and all of its parts.

The first view after a change is what residents wait for; six queries (one for each kind of part) would double it.
"""

import json
from typing import Any

from django.db.models import Value
from django.db.models.functions import JSONObject

from services.content import PARTS
from services.models import Edition, Item

# Parts residents read; everyday words are for the search only. Notes are for editors.
_PARTS = ("materials", "steps", "conditions", "situations", "bases")
_FIELDS = {part: [name for name in PARTS[part][1] if name != "notes"] for part in _PARTS}
_JSON_FIELDS = {"custody", "options"}


def published_edition(code: str) -> Edition | None:
    """The text in force, with office, post, both persons and their cards; `parts_of` brings the rest."""
    return (
        Edition.objects.published()
        .filter(item__code=code)
        .select_related(
            "item__township", "category", "office__township", "post", "checked_by",
            "post__holder__official", "post__deputy__official",
        )
        .order_by("item__township_id")
        .first()
    )  # fmt: skip


def retired_item(code: str) -> Item | None:
    """An item that was published once and has been taken out of the catalogue."""
    retired = Item.objects.filter(code=code, retired_on__isnull=False, editions__published_at__isnull=False)
    return retired.select_related("township", "office").order_by("township_id").first()


def parts_of(edition: Edition) -> dict[str, list[Any]]:
    """{"materials": [Material, …], "steps": […], …} in their order, in one query; the rows are for reading only."""
    queries = [_part_query(part, edition) for part in _PARTS]
    rows = sorted(queries[0].union(*queries[1:], all=True), key=lambda row: row[:2])
    found: dict[str, list[Any]] = {part: [] for part in _PARTS}
    for part, position, values in rows:
        found[part].append(_row(part, position, values))
    return found


def _part_query(part: str, edition: Edition):
    model, fields = PARTS[part][0], _FIELDS[part]
    rows = model.objects.filter(edition=edition).order_by()
    return rows.annotate(part=Value(part), values_of_row=JSONObject(**{name: name for name in fields})).values_list(
        "part", "position", "values_of_row"
    )


def _row(part: str, position: int, values: dict[str, Any]) -> Any:
    for name in _JSON_FIELDS & values.keys():
        # SQLite hands JSON inside JSON over as text, PostgreSQL as a value.
        if isinstance(values[name], str):
            values[name] = json.loads(values[name])
    return PARTS[part][0](position=position, **values)
