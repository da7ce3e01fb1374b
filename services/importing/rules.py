"""What single cells cannot tell: doubles, references to things that do not exist, limits against each other."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from officials.models import Office
from officials.privacy.identity import is_mobile, no_mobile_on_a_card

from . import item_rules, layout
from .columns import Sheet
from .faults import Fault
from .reading import Reading, Row


@dataclass
class Known:
    """What the rows may refer to. For an import: what is in the database; for a foundation: what the file itself brings."""

    offices: dict[str, set[str]] = field(default_factory=dict)  # code → codes of its posts
    categories: set[str] = field(default_factory=set)  # names
    events: set[str] = field(default_factory=set)  # codes
    staff: set[str] = field(default_factory=set)  # staff numbers
    items: set[str] = field(default_factory=set)  # codes of items that may be named without being in the file


def known_from(reading: Reading) -> Known:
    """What the file itself brings (setting up a new installation)."""
    posts: dict[str, set[str]] = {row["code"]: set() for row in reading.of(layout.OFFICES)}
    for row in reading.of(layout.POSTS):
        posts.setdefault(row["office"], set()).add(row["code"])
    return Known(
        offices=posts,
        categories={row["name"] for row in reading.of(layout.CATEGORIES)},
        events={row["code"] for row in reading.of(layout.EVENTS)},
        staff={row["staff_no"] for row in reading.of(layout.PEOPLE)},
    )


def check(reading: Reading, known: Known) -> None:
    """Add the faults (and remarks) of the catalogue sheets to the reading."""
    items = {row["item"] for row in reading.of(layout.ITEMS)}
    for sheet in layout.CATALOGUE:
        reading.faults += _doubles(sheet, reading.of(sheet))
    reading.faults += _orphans(reading, items)
    for row in reading.of(layout.ITEMS):
        reading.faults += _references(row, known)
        reading.faults += item_rules.item_faults(row)
    for row in reading.of(layout.MATERIALS):
        reading.faults += item_rules.material_faults(row)
    for row in reading.of(layout.STEPS):
        reading.faults += item_rules.value_and_unit(row, "value", "unit")
        if row["office"] and row["office"] not in known.offices:
            reading.faults.append(row.fault("office", _unknown_office(row["office"])))
    for row in reading.of(layout.PROCEDURES):
        reading.faults += item_rules.value_and_unit(row, "max_extra", "unit")
    for row in reading.of(layout.SITUATIONS):
        reading.faults += item_rules.situation_faults(row)
    for row in reading.of(layout.PARTICULARS):
        reading.faults += item_rules.particular_faults(row)
    reading.faults += _events(reading.of(layout.EVENTS), known, items | known.items)
    reading.remarks += item_rules.sums(reading)


def check_foundation(reading: Reading) -> None:
    """The sheets that set up a new installation."""
    known = known_from(reading)
    for sheet in layout.FOUNDATION:
        reading.faults += _doubles(sheet, reading.of(sheet))
        if sheet.key not in reading.rows:
            reading.faults.append(Fault(sheet.title, _("The sheet is missing; a new installation needs it.")))
    for row in reading.of(layout.OFFICES):
        if row["parent"] and row["parent"] not in known.offices:
            reading.faults.append(row.fault("parent", _unknown_office(row["parent"])))
        reading.faults += _phones(row)
    names = {row["staff_no"]: row["name"] for row in reading.of(layout.PEOPLE)}
    for row in reading.of(layout.PEOPLE):
        if row["office"] and row["office"] not in known.offices:
            reading.faults.append(row.fault("office", _unknown_office(row["office"])))
        if is_mobile(row["duty_phone"] or ""):
            reading.faults.append(row.fault("duty_phone", no_mobile_on_a_card()))
    for row in reading.of(layout.POSTS):
        reading.faults += _post(row, known, names)


def _phones(row: Row) -> Iterator[Fault]:
    """咨询电话和投诉电话必须不同且都必填 (domain 2.2); villages and county bodies are reached through the centre."""
    if row["kind"] not in (Office.Kind.VILLAGE, Office.Kind.COUNTY):
        for key in ("phone", "complaint_phone"):
            if row[key] == "":
                yield row.fault(key, _("This cell must not be empty."))
    if row["phone"] and row["phone"] == row["complaint_phone"]:
        yield row.fault("complaint_phone", _("The complaint phone must be another number than the office's own."))


def _post(row: Row, known: Known, names: dict[str, str]) -> Iterator[Fault]:
    if row["office"] not in known.offices:
        yield row.fault("office", _unknown_office(row["office"]))
    if row["holder"] and row["holder"] == row["deputy"]:
        yield row.fault("deputy", _("The deputy must be another person than the holder."))
    for key in ("holder", "deputy"):
        if row[key] and row[key] not in names:
            yield row.fault(key, _unknown_staff(row[key]))
        elif row[key] and row[f"{key}_name"] and row[f"{key}_name"] != names[row[key]]:
            yield row.fault(f"{key}_name", _("The staff number belongs to %(name)s.") % {"name": names[row[key]]})


# Sheet → the columns that together may stand once only, and the column the fault is shown at.
_ONCE: dict[str, tuple[tuple[str, ...], ...]] = {
    "items": (("item",),),
    "terms": (("item", "text"),),
    "situations": (("item", "order"), ("item", "key")),
    "particulars": (("item", "order"), ("item", "label")),
    "events": (("code",), ("name",)),
    "categories": (("code",), ("name",)),
    "offices": (("code",),),
    "posts": (("office", "code"),),
    "people": (("staff_no",),),
    "township": (("code",),),
}


def _doubles(sheet: Sheet, rows: Iterable[Row]) -> Iterator[Fault]:
    for keys in _ONCE.get(sheet.key, (("item", "order"),)):
        seen: dict[tuple, int] = {}
        for row in rows:
            value = tuple(row[key] for key in keys)
            if any(part in (None, "") for part in value):
                continue  # an order may be left out: the rows then follow each other as they stand
            if value in seen:
                message = _("“%(text)s” stands twice: also in row %(row)s.") % {"text": " / ".join(map(str, value)), "row": seen[value]}
                yield row.fault(keys[-1], message)
            else:
                seen[value] = row.number


def _orphans(reading: Reading, items: set[str]) -> Iterator[Fault]:
    """Rows of an item that is not there: each its own fault, unless the row of the item is told as faulty already."""
    lost: dict[str, list[Row]] = defaultdict(list)
    for sheet in layout.CATALOGUE:
        if sheet not in (layout.ITEMS, layout.EVENTS):
            for row in reading.of(sheet):
                if row["item"] and row["item"] not in items:
                    lost[row["item"]].append(row)
    unnamed = sum("item" in row.faulty for row in reading.of(layout.ITEMS))
    # As many items as have no readable code; an item has many rows, a slip of the pen in one of them has one.
    follow_on = sorted(lost, key=lambda code: -len(lost[code]))[:unnamed]
    for code, rows in lost.items():
        if code in follow_on:
            yield rows[0].fault("item", _not_checked(code, len(rows)))
        else:
            yield from (row.fault("item", _unknown_item(code)) for row in rows)


def _references(row: Row, known: Known) -> Iterator[Fault]:
    office, post = row["office"], row["post"]
    if office and office not in known.offices:
        yield row.fault("office", _unknown_office(office))
    elif office and post and post not in known.offices[office]:
        yield row.fault("post", _("The office %(office)s has no post “%(code)s”.") % {"office": office, "code": post})
    if row["category"] and row["category"] not in known.categories:
        yield row.fault("category", _("The category “%(name)s” is not known. An administrator can add it.") % {"name": row["category"]})
    if row["checked_by"] and row["checked_by"] not in known.staff:
        yield row.fault("checked_by", _unknown_staff(row["checked_by"]))


def _events(rows: Iterable[Row], known: Known, items: set[str]) -> Iterator[Fault]:
    for row in rows:
        if row["code"] and row["code"] not in known.events:
            yield row.fault("code", _("The life event “%(code)s” is not known. An administrator can add it.") % {"code": row["code"]})
        for code in row["items"] or []:
            if code not in items:
                yield row.fault("items", _unknown_item(code))


def _unknown_office(code: str) -> str:
    return _("The office “%(code)s” is not known. An administrator can add it.") % {"code": code}


def _unknown_staff(number: str) -> str:
    return _("There is no member of staff with the number “%(number)s”.") % {"number": number}


def _unknown_item(code: str) -> str:
    return _("There is no item “%(code)s” on the sheet of items.") % {"code": code}


def _not_checked(code: str, count: int) -> str:
    message = _("%(n)s lines of item %(item)s could not be checked, because its own row on the sheet of items is faulty.")
    return message % {"n": count, "item": code}


def grouped(rows: Iterable[Row], key: Callable[[Row], str] = lambda row: row["item"]) -> dict[str, list[Row]]:
    """Rows by item, in the order of their numbers; rows without a number keep their place."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[key(row)].append(row)
    for group in found.values():
        if all(row.values.get("order") for row in group):
            group.sort(key=lambda row: row["order"])
    return found
