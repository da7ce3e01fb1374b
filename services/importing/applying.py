"""Compare a spreadsheet with the catalogue and write drafts: all rows or none, drafts only, unchanged items untouched.

Nothing here publishes. What is imported waits as drafts for the second person, as everything an editor writes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from officials.audit import together
from officials.models import Office, Post, Township, User
from officials.permissions import EDIT, rights
from services import publication
from services.content import FIELDS, READ_ALONG, content_of
from services.models import Category, Edition, Item, LifeEvent

from . import layout, rules, shaping
from .differences import Difference, differences
from .faults import Fault, Remark
from .reading import Reading, Row

# Foreign keys are looked up by code, so that they exist is known; asking again would cost four queries an item.
_KNOWN_TO_EXIST = ("item", "author", "category", "office", "post", "checked_by", "base", "submitted_by", "published_by")


@dataclass
class ItemPlan:
    """What would happen to one item. A new item has no `item`; `differences` is empty for it."""

    code: str
    name: str
    row: Row
    content: dict
    item: Item | None = None
    draft: Edition | None = None
    differences: list[Difference] = field(default_factory=list)


@dataclass
class Report:
    """The outcome of a dry run, and of an import: the same lists, either planned or done."""

    new: list[ItemPlan] = field(default_factory=list)
    changed: list[ItemPlan] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    drafts: list[Edition] = field(default_factory=list)  # written by `apply`

    @property
    def may_be_applied(self) -> bool:
        return not self.faults and bool(self.new or self.changed)


class ImportStopped(Exception):
    """Nothing was imported; `report.faults` says why."""

    def __init__(self, report: Report):
        super().__init__("; ".join(str(fault) for fault in report.faults[:5]))
        self.report = report


def dry_run(reading: Reading, *, township: Township, by: User) -> Report:
    """What an import would do, and every fault. Writes nothing and may be repeated: `reading` is left as it was."""
    lookups, known = known_things(township)
    # The foundation sheets are not imported, so what is wrong there stops nobody.
    aside = {sheet.title for sheet in layout.FOUNDATION}
    checked = Reading(
        reading.rows,
        [fault for fault in reading.faults if fault.sheet not in aside],
        [remark for remark in reading.remarks if remark.sheet not in aside],
    )
    rules.check(checked, known)
    report = Report(faults=checked.faults, remarks=checked.remarks + _not_imported(reading))
    faulty = _items_with_faults(checked)
    plans = _plans(reading, lookups, faulty)
    standing = _standing(township)
    for plan in plans:
        _sort(plan, standing.get(plan.code), report, by)
    report.faults.sort(key=lambda fault: (_sheet_order(fault.sheet), fault.row or 0, len(fault.column), fault.column))
    return report


def drafts_seen(report: Report) -> dict[str, int]:
    """Which open drafts a dry run compared with, by item code and in which state: `apply` writes over no other one."""
    drafts = {plan.code: plan.draft for plan in report.new + report.changed if plan.draft is not None}
    marks = publication.marks(drafts.values())
    return {code: marks[draft.pk] for code, draft in drafts.items()}


def apply(reading: Reading, *, township: Township, by: User, now: datetime, seen: Mapping[str, int] | None = None) -> Report:
    """Write the drafts, all or none. Raises ImportStopped with the report when there is any fault.

    `seen` is what `drafts_seen` said of the dry run that was confirmed: a draft written in since, or begun since, is a fault.
    """
    with together():
        # Compared again inside the transaction: the catalogue may have moved since the dry run was shown.
        report = dry_run(reading, township=township, by=by)
        if report.faults:
            raise ImportStopped(report)
        for plan in report.new + report.changed:
            try:
                report.drafts.append(_write(plan, township, by, now, seen))
            except (ValidationError, publication.Refused) as error:
                report.faults += _faults_of(plan.row, error)
                raise ImportStopped(report) from error
            except IntegrityError as overtaken:
                # Of two who bring in the same new item at once the table lets one through.
                told = publication.Refused(_("A colleague brought in this item at the same moment. Choose the file again."))
                report.faults += _faults_of(plan.row, told)
                raise ImportStopped(report) from overtaken
    return report


def _write(plan: ItemPlan, township: Township, by: User, now: datetime, seen: Mapping[str, int] | None) -> Edition:
    content = plan.content | {"change_note": _("Imported from a spreadsheet.")}
    if plan.item is None:
        return publication.create_item(township, plan.code, content, by=by, now=now)
    if plan.draft is not None:
        mark = None if seen is None else seen.get(plan.code, 0)
        return publication.write_draft(plan.draft, content, by=by, now=now, seen=mark)
    return publication.start_draft(plan.item, by=by, now=now, content=content)


def known_things(township: Township) -> tuple[shaping.Lookups, rules.Known]:
    """What the codes of a file (and of the form of a draft) may mean in this township."""
    lookups = shaping.Lookups(
        offices={office.code: office for office in Office.objects.filter(township=township).open()},
        posts={(post.office.code, post.code): post for post in _posts(township)},
        categories={category.name: category for category in Category.objects.all()},
        staff={user.staff_no: user for user in User.objects.filter(is_job=False)},
    )
    posts: dict[str, set[str]] = {code: set() for code in lookups.offices}
    for office, post in lookups.posts:
        posts.setdefault(office, set()).add(post)
    known = rules.Known(
        offices=posts,
        categories=set(lookups.categories),
        events=set(LifeEvent.objects.values_list("code", flat=True)),
        staff=set(lookups.staff),
        items=set(Item.objects.filter(township=township).values_list("code", flat=True)),
    )
    return lookups, known


def _posts(township: Township) -> QuerySet[Post]:
    return Post.objects.filter(office__township=township, closed_on__isnull=True, office__closed_on__isnull=True).select_related("office")


def _items_with_faults(reading: Reading) -> set[str]:
    """Codes of items that have a fault in any of their rows: they are named, but not compared."""
    places = {(fault.sheet, fault.row) for fault in reading.faults}
    found: set[str] = set()
    for sheet in layout.CATALOGUE:
        for row in reading.of(sheet):
            if (row.title, row.number) in places:
                found |= set(row["items"] or []) if sheet is layout.EVENTS else {row["item"]}
    return found


def _plans(reading: Reading, lookups: shaping.Lookups, faulty: set[str]) -> list[ItemPlan]:
    # A sheet or heading that is missing would read as "everything empty" and show every item as changed.
    if any(fault.row is None or not fault.column for fault in reading.faults):
        return []
    parts = {sheet.key: rules.grouped(reading.of(sheet)) for sheet in layout.CATALOGUE if sheet not in (layout.ITEMS, layout.EVENTS)}
    events: dict[str, list[str]] = {}
    for row in sorted(reading.of(layout.EVENTS), key=lambda row: (row["sort"] or 9999, row.number)):
        for code in row["items"] or []:
            events.setdefault(code, []).append(row["code"])
    plans = []
    for row in reading.of(layout.ITEMS):
        code = row["item"]
        if code and code not in faulty:
            own = {key: [part.values for part in groups.get(code, [])] for key, groups in parts.items()}
            plans.append(ItemPlan(code, row["name"], row, shaping.content_from(row.values, own, events.get(code, []), lookups)))
    return plans


def _standing(township: Township) -> dict[str, tuple[Item, list[Edition]]]:
    """Every item with the editions that may still be read or written, newest first, in a fixed number of queries."""
    live = Edition.objects.filter(item__township=township).exclude(status__in=[Edition.Status.SUPERSEDED, Edition.Status.DISCARDED])
    live = live.select_related("category", "office", "post", "checked_by", "author", "item").prefetch_related(*READ_ALONG)
    found: dict[str, tuple[Item, list[Edition]]] = {
        item.code: (item, []) for item in Item.objects.filter(township=township).select_related("office")
    }
    for edition in live.order_by("item_id", "-number"):
        found[edition.item.code][1].append(edition)
    return found


def _sort(plan: ItemPlan, standing: tuple[Item, list[Edition]] | None, report: Report, by: User) -> None:
    """Put a plan among the new, the changed or the unchanged, or say why it cannot be."""
    if standing is None:
        _allow(plan, [plan.content["office"]], report, by)
        report.faults += _model_faults(plan)
        report.new.append(plan)
        return
    plan.item, editions = standing
    after = _compared(plan.code, plan.content)
    if any(after == _compared(plan.code, content_of(edition)) for edition in editions):
        report.unchanged.append(plan.code)
        return
    plan.draft = next((edition for edition in editions if edition.status != Edition.Status.PUBLISHED), None)
    base = plan.draft or next(iter(editions), None)
    if base is not None:
        plan.differences = _differences(plan, base)
    _allow(plan, [plan.item.office, plan.content["office"]], report, by)
    report.faults += _in_the_way(plan, by)
    report.faults += _model_faults(plan)
    report.changed.append(plan)


def _compared(code: str, content: dict) -> tuple:
    return shaping.rows_from(code, content), sorted(content["life_events"])


def _differences(plan: ItemPlan, base: Edition) -> list[Difference]:
    before = content_of(base)
    found = differences(shaping.rows_from(plan.code, before), shaping.rows_from(plan.code, plan.content))
    if sorted(before["life_events"]) != sorted(plan.content["life_events"]):
        events = layout.EVENTS
        old, new = (", ".join(text["life_events"]) or _("(empty)") for text in (before, plan.content))
        found.append(Difference(events.title, "", events.column("items").heading, old, new))
    return found


def _allow(plan: ItemPlan, offices: list[Office], report: Report, by: User) -> None:
    for office in dict.fromkeys(offices):
        if not rights(by).has(EDIT, office.pk):
            report.faults.append(plan.row.fault("office", _("You have no right to write texts of %(office)s.") % {"office": office}))


def _in_the_way(plan: ItemPlan, by: User) -> list[Fault]:
    """Nobody's open work is overwritten: only one's own draft is written again."""
    if plan.item is not None and plan.item.retired_on:
        return [plan.row.fault("item", _("This item is retired."))]
    draft = plan.draft
    if draft is None:
        return []
    if draft.status == Edition.Status.IN_REVIEW:
        return [plan.row.fault("item", _("A draft of this item is waiting for the second person. It must be returned or published first."))]
    if draft.author_id != by.pk:
        return [
            plan.row.fault(
                "item", _("%(name)s is writing a draft of this item. It must be submitted or discarded first.") % {"name": draft.author}
            )
        ]
    return []


def _model_faults(plan: ItemPlan) -> list[Fault]:
    """What the models and `publication` would refuse, asked before anything is written."""
    edition = Edition(**{name: plan.content[name] for name in FIELDS})
    try:
        publication.check(plan.content)
        edition.clean_fields(exclude=(*_KNOWN_TO_EXIST, "status", "number", "created_at"))
    except ValidationError as error:
        return _faults_of(plan.row, error)
    return []


def _faults_of(row: Row, error: Exception) -> list[Fault]:
    if not isinstance(error, ValidationError) or not hasattr(error, "error_dict"):
        return [row.fault("item", str(error) if not isinstance(error, ValidationError) else " ".join(error.messages))]
    known = {column.key for column in row.sheet.columns}
    return [row.fault(name if name in known else "item", message) for name, messages in error.message_dict.items() for message in messages]


def _not_imported(reading: Reading) -> list[Remark]:
    there = [sheet.title for sheet in layout.FOUNDATION if sheet.key in reading.rows]
    if not there:
        return []
    message = _("These sheets are read only when a new installation is set up; an administrator looks after them: %(sheets)s.")
    return [Remark("", message % {"sheets": "、".join(there)})]


def _sheet_order(title: str) -> int:
    titles = [sheet.title for sheet in layout.SHEETS]
    return titles.index(title) if title in titles else len(titles)
