"""The published text of one item, whole, in two queries: the edition, and all that stands around it.

The first view after a change is what residents wait for. Seven further queries (parts, office, persons …) would cost ten times
a plain page; so they are one prepared statement.
"""

import json
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.db.models import F, OuterRef, Subquery, Value
from django.db.models.functions import JSONObject

from officials.models import StandIn, Township, Whereabouts
from officials.prepared import prepared
from services.content import PARTS
from services.models import BlankForm, ChannelRule, Edition, Item, LifeEvent

# Parts residents read; of the everyday words the first ones stand under the title, notes are for editors.
_PARTS = ("materials", "steps", "conditions", "situations", "bases", "terms")
_JSON_FIELDS = {"custody", "options", "items", "spared"}
_RULE = ("kind", "text", "note", "items", "authority", "stage", "spared")
# What residents are led to is the page of the office, by its code.
_PATHS = {"office": "office__code"}
_FIRST_WORDS, _NAMES_SHOWN = 6, 3

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
    return next(iter(_published(code)), None)


@prepared
def _published(code: str):
    # The township is named, so that the unique index (township, code) leads to the item instead of a walk over all of them.
    return Edition.objects.published().filter(item__township=_first_township(), item__code=code).order_by()


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
    (life events), `.rules` (of coming for somebody else), `.blanks` (empty forms), and office, township, post and persons as they are now:
    `.live["office__name"]`, …
    """
    rows = sorted(_whole(edition.pk), key=lambda row: row[:2])
    found: dict[str, list[SimpleNamespace]] = {part: [] for part in (*_PARTS, "events", "rules", "blanks", "live")}
    for part, _position, values in rows:
        found[part].append(_row(values))
    edition.everyday_names = everyday_names(edition.name, [term.text for term in found["terms"]])
    wanted = set(edition.life_events or [])
    found["events"] = [event for event in found["events"] if event.code in wanted]
    return SimpleNamespace(**found | {"live": vars(found["live"][0])})


@prepared
def _whole(edition_id: int):
    live = Edition.objects.filter(pk=edition_id).annotate(position=Value(0), **_whereabouts())
    events = LifeEvent.objects.annotate(position=F("sort"))
    queries = [_rows("live", live, (*_AROUND, *_WHERE)), _rows("events", events, ("code", "name", "name_en"))]
    queries.append(_rows("rules", ChannelRule.objects.filter(is_in_force=True, township=_first_township()), _RULE))
    queries.append(_rows("blanks", BlankForm.objects.filter(edition=edition_id), ("title", "digest")))
    for part in _PARTS:
        model, fields = PARTS[part]
        rows = model.objects.filter(edition=edition_id)
        if part == "terms":
            rows, fields = rows.filter(position__lte=_FIRST_WORDS), ("text",)
        queries.append(_rows(part, rows, [_PATHS.get(name, name) for name in fields if name != "notes"]))
    return queries[0].union(*queries[1:], all=True)


_WHERE = (
    *(f"{who}_{what}" for who in ("holder", "deputy", "third") for what in ("where", "until")),
    "third_scope", "third_ends", *(f"post__third__{name}" for name in _PERSON),
)  # fmt: skip


def _whereabouts() -> dict[str, Subquery]:
    """Where holder and deputy said to be last, and until when; who was named last as a third person, until when, and where that is."""
    third = StandIn.objects.filter(post=OuterRef("post"), ends__isnull=True, ended__isnull=True).order_by("-id")
    told = {"third_person": "person", "third_scope": "scope", "third_ends": "until"}
    told |= {f"post__third__{name}": f"person__{name}" for name in _PERSON}
    found = {name: Subquery(third.values(path)[:1]) for name, path in told.items()}
    people = {"holder": "post__holder", "deputy": "post__deputy", "third": "third_person"}
    for who, path in people.items():
        rows = Whereabouts.objects.filter(user=OuterRef(path)).order_by("-id")
        found |= {f"{who}_{what}": Subquery(rows.values(what)[:1]) for what in ("where", "until")}
    return found


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
