"""The trail of one item: its editions, who wrote, submitted and published them, and which field changed."""

from collections import Counter
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import AccessRecord
from portal.trail.lines import Entry, Line, access_lines, history_lines, person, told
from portal.trail.words import Names, changes, pairs
from requests.reasons import say_moment
from services.content import PARTS
from services.models import BlankForm, Edition, Item


def editions(item: Item) -> list[dict]:
    """Who wrote, submitted and published each text."""
    rows = item.editions.select_related("author", "submitted_by", "published_by").order_by("-number")
    return [
        {
            "number": row.number, "name": row.name, "status": row.get_status_display(),
            "author": _by(row.author, row.created_at), "submitted": _by(row.submitted_by, row.submitted_at),
            "published": _by(row.published_by, row.published_at), "note": row.change_note,
        }
        for row in rows
    ]  # fmt: skip


def trail(item: Item) -> list[Entry]:
    names = Names()
    subject = f"item:{item.code}"
    edition_ids = list(item.editions.values_list("pk", flat=True))
    lines = [
        *history_lines(Item, item.history.order_by("history_id"), names, _("Item changed")),
        *_edition_lines(item, names),
        *(line for model, _fields in PARTS.values() for line in _part_lines(model, edition_ids, names)),
        *_part_lines(BlankForm, edition_ids, names),
        *access_lines(AccessRecord.objects.filter(subject=subject).select_related("by").order_by("id")),
    ]
    entries = told(lines, subject)
    names.read()
    for entry in entries:
        _gather_new_parts(entry)
    return entries


def _edition_lines(item: Item, names: Names) -> Iterator[Line]:
    """A new draft is compared with the text it grew out of: what was copied is no change."""
    newest = {}
    for before, row in pairs(Edition.history.filter(item_id=item.pk).order_by("history_id"), "id"):
        base = before or newest.get(row.base_id)
        found = changes(Edition, base, row, names)
        if before is None and base is None:
            found = [change for change in found if change.field.name in ("number", "name", "status", "office", "author")]
        newest[row.id] = row
        title = _("Edition %(number)s") % {"number": row.number}
        yield Line(type(row), row.history_id, row.history_date, row.actor_name, title, text=title, changes=found,
                   reason=row.history_change_reason, rank=1)  # fmt: skip


def _part_lines(model, edition_ids: list[int], names: Names) -> Iterator[Line]:
    """Materials, steps and the like. A new or removed row is told by name; a changed one field by field."""
    label = str(model._meta.verbose_name)
    rows = model.history.filter(edition_id__in=edition_ids).order_by("history_id")
    for before, row in pairs(rows, "id"):
        found = changes(model, before, row, names) if row.history_type == "~" else []
        said = _part_name(row)
        text = {
            "+": "", "~": _("%(part)s %(name)s: changed") % {"part": label, "name": said},
            "-": _("%(part)s %(name)s: removed") % {"part": label, "name": said},
        }[row.history_type]  # fmt: skip
        line = Line(type(row), row.history_id, row.history_date, row.actor_name, label, text=text, changes=found, rank=3)
        line.new_part = str(model._meta.verbose_name_plural) if row.history_type == "+" else ""
        yield line


def _part_name(row) -> str:
    for name in ("name", "title", "question", "text"):
        if hasattr(row, name):
            return f"“{getattr(row, name)}”"
    return ""


def _gather_new_parts(entry: Entry) -> None:
    """Thirty new rows of one draft are one sentence."""
    counted = Counter(line.new_part for line in entry.lines if getattr(line, "new_part", ""))
    if counted:
        said = _(", ").join(f"{label} {count}" for label, count in counted.items())
        entry.lines[0].text = _("; ").join(filter(None, [entry.lines[0].text, _("written: %(what)s") % {"what": said}]))


def _by(user, at) -> str:
    return f"{person(user)}, {say_moment(timezone.localtime(at))}" if user and at else "—"
