"""Draft → second person's review → published edition. Only this module assigns an edition's status.

An editor writes a draft and submits it; somebody else publishes it; the text before it becomes "superseded" and stays for
ever, because cases pin the edition they were accepted under (镇不能自行新增权力事项,编辑走"提出→审核→发布", domain 2.5).
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials import versions
from officials.audit import verb
from officials.models import ChainLink, Office, Township, User
from officials.permissions import EDIT, PUBLISH, rights
from services.content import FIELDS, PARTS, content_of
from services.models import Edition, Item
from services.reminding import too_late

Status = Edition.Status
# Whoever did one of these has written in the draft.
WRITING = ("write_draft", "add_blank", "replace_blank", "place_names", "remove_blank")


class Refused(Exception):
    """A move that is not allowed now or not to this person; the text is a sentence for the page."""


class Overtaken(Refused):
    """The text was changed by somebody since the page was opened; nothing is written over or let through unseen."""

    SUBMITTED_ANEW = gettext_lazy("This text was changed and submitted anew since you opened the page. Read it once more.")


def create_item(township: Township, code: str, content: dict, *, by: User, now: datetime) -> Edition:
    """A new item with its first draft. Raises ValidationError (fields) or Refused (no right on the office)."""
    _may(by, EDIT, content["office"])
    with verb("create_item", by=by, now=now, subject=f"item:{code}"):
        item = Item(township=township, code=code, office=content["office"])
        _clean(item)
        item.save()
        return _write(Edition(item=item, number=1, author=by, created_at=now), content)


def start_draft(item: Item, *, by: User, now: datetime, content: dict | None = None) -> Edition:
    """A draft that begins as the published text (or as `content`). One draft at a time, held by the database too."""
    _may(by, EDIT, item.office)
    with verb("start_draft", by=by, now=now, subject=f"item:{item.code}"):
        if _lock(item).retired_on:
            raise Refused(_("This item is retired."))
        if item.editions.drafts().exists():
            raise Refused(_("This item already has a draft."))
        newest = item.editions.order_by("-number")[0]
        base = item.editions.filter(status=Status.PUBLISHED).first() or newest
        draft = Edition(item=item, number=newest.number + 1, base=base, author=by, created_at=now)
        text = content or (content_of(base) | {"change_note": ""})
        _write(draft, text)
        for blank in base.blanks.all():
            blank.pk, blank._state.adding, blank.edition = None, True, draft
            blank.save()
        return draft


def write_draft(edition: Edition, content: dict, *, by: User, now: datetime, seen: int | None = None) -> Edition:
    """Replace the text of a draft. A draft in review is returned to its author first.

    `seen` is the `mark` of the text the writer had before their eyes: when it has moved on, Overtaken is raised.
    """
    with verb("write_draft", by=by, now=now, subject=f"item:{edition.item.code}"):
        edition = _reload(edition)
        _may(by, EDIT, edition.office, content["office"])
        if edition.status != Status.DRAFT:
            raise Refused(_("Only a draft can be changed. This text is: %(status)s.") % {"status": edition.get_status_display()})
        if seen is not None and seen != mark(edition):
            raise Overtaken(_("Somebody changed this draft while you were writing."))
        return _write(edition, content)


@contextmanager
def in_draft(edition: Edition, name: str, *, by: User, now: datetime) -> Iterator[Edition]:
    """The frame of whatever else belongs to the text of a draft (its forms): one verb, the draft locked, right and state asked."""
    with verb(name, by=by, now=now, subject=f"item:{edition.item.code}"):
        edition = _reload(edition)
        _may(by, EDIT, edition.office)
        _from(edition, Status.DRAFT)
        yield edition


def submit(edition: Edition, *, by: User, now: datetime) -> Edition:
    """Hand the draft to the second person."""
    with verb("submit_draft", by=by, now=now, subject=f"item:{edition.item.code}"):
        edition = _reload(edition)
        _may(by, EDIT, edition.office)
        _from(edition, Status.DRAFT)
        _complete(edition)
        edition.status, edition.submitted_at, edition.submitted_by = Status.IN_REVIEW, now, by
        edition.save()
        return edition


def return_to_author(edition: Edition, *, reason: str, by: User, now: datetime, seen: str | None = None) -> Edition:
    """The second person sends it back with a reason (kept as the reason of the history row). `seen` as in `publish`."""
    with verb("return_draft", by=by, now=now, subject=f"item:{edition.item.code}", reason=reason):
        edition = _reload(edition)
        _may(by, PUBLISH, edition.office)
        _from(edition, Status.IN_REVIEW)
        _as_seen(edition, seen)
        if not reason.strip():
            raise Refused(_("Write what should be changed."))
        edition.status, edition.submitted_at, edition.submitted_by = Status.DRAFT, None, None
        edition.save()
        return edition


def publish(edition: Edition, *, by: User, now: datetime, seen: str | None = None) -> Edition:
    """The second person publishes; the text before is superseded. Raises Refused for the author or submitter.

    `seen` is the `submission` that was read: a text sent back and submitted anew meanwhile raises Overtaken.
    """
    with verb("publish", by=by, now=now, subject=f"item:{edition.item.code}"):
        _lock(edition.item)
        edition = _reload(edition)
        _may(by, PUBLISH, edition.office)
        _from(edition, Status.IN_REVIEW)
        _as_seen(edition, seen)
        if edition.item.retired_on:
            raise Refused(_("This item is already retired."))
        if wrote(edition, by):
            raise Refused(_("A second person has to publish: you wrote or submitted this text yourself."))
        before = edition.item.editions.filter(status=Status.PUBLISHED).first()
        if before is not None:
            before.status, before.ended_at = Status.SUPERSEDED, now
            before.save()
        edition.status, edition.published_at, edition.published_by = Status.PUBLISHED, now, by
        edition.save()
        if edition.item.office_id != edition.office_id:
            edition.item.office = edition.office
            edition.item.save()
        versions.bump(versions.CATALOGUE)
        return edition


def discard(edition: Edition, *, by: User, now: datetime) -> Edition:
    """Give a draft up. Its text stays in the record."""
    with verb("discard_draft", by=by, now=now, subject=f"item:{edition.item.code}"):
        edition = _reload(edition)
        _may(by, EDIT, edition.office)
        _from(edition, Status.DRAFT)
        edition.status, edition.ended_at = Status.DISCARDED, now
        edition.save()
        return edition


def retire(item: Item, *, note: str, by: User, now: datetime) -> Item:
    """Take an item out of the catalogue. Its cases go on under the text they have."""
    with verb("retire_item", by=by, now=now, subject=f"item:{item.code}", reason=note):
        item = Item.objects.select_for_update().get(pk=item.pk)
        _may(by, PUBLISH, item.office)
        if item.retired_on:
            raise Refused(_("This item is already retired."))
        item.retired_on, item.retired_note = timezone.localdate(now), note
        item.save()
        versions.bump(versions.CATALOGUE)
        return item


def mark(edition: Edition) -> int:
    """The id of the newest history row: every save of a draft, whatever part of it changed, writes one."""
    return edition.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0


def marks(editions: Iterable[Edition]) -> dict[int, int]:
    """The `mark` of each, by key, in one query."""
    rows = Edition.history.filter(id__in=[edition.pk for edition in editions]).order_by().values("id")
    return dict(rows.annotate(newest=Max("history_id")).values_list("id", "newest"))


def submission(edition: Edition) -> str:
    """Names a text in review as it was submitted: key, "-", microseconds. In review it cannot change; submitted anew, it has another."""
    at = round(edition.submitted_at.timestamp() * 1_000_000) if edition.submitted_at else 0
    return f"{edition.pk}-{at}"


def wrote(edition: Edition, by: User) -> bool:
    """Whether this person had a hand in the text: began it, submitted it, or wrote in somebody else's draft."""
    if by.pk in (edition.submitted_by_id, edition.author_id):
        return True
    written = ChainLink.objects.filter(verb__in=WRITING, subject=f"item:{edition.item.code}", actor_id=by.pk)
    return written.filter(at__gte=edition.created_at).exists()


def may_publish(edition: Edition, by: User) -> bool:
    """Whether the button is offered; the verb asks again."""
    return (
        edition.status == Status.IN_REVIEW
        and rights(by).has(PUBLISH, edition.office_id)
        and by.pk not in (edition.submitted_by_id, edition.author_id)
    )


def _may(by: User, right: str, *offices: Office) -> None:
    held = rights(by)
    for office in offices:
        if office is None or not held.has(right, office.pk):
            raise Refused(_("You have no right to do this for %(office)s.") % {"office": office or _("this office")})


def _from(edition: Edition, status: str) -> None:
    if edition.status != status:
        raise Refused(_("Somebody was faster: this text is now “%(status)s”.") % {"status": edition.get_status_display()})


def _as_seen(edition: Edition, seen: str | None) -> None:
    if seen is not None and seen != submission(edition):
        raise Overtaken(Overtaken.SUBMITTED_ANEW)


def _lock(item: Item) -> Item:
    return Item.objects.select_for_update().get(pk=item.pk)


def _reload(edition: Edition) -> Edition:
    return Edition.objects.select_for_update(of=("self",)).select_related("item", "item__office", "office").get(pk=edition.pk)


def _clean(row: Item) -> None:
    row.full_clean()


def _write(edition: Edition, content: dict) -> Edition:
    """Fields and parts of a draft, checked as a whole before the first row is written."""
    for name in FIELDS:
        setattr(edition, name, content[name])
    check(content)
    edition.full_clean(exclude=["item", "author"], validate_unique=False, validate_constraints=False)
    edition.save()
    for part, (model, fields) in PARTS.items():
        _write_part(edition, part, model, fields, content[part])
    # What was prefetched of the parts is the text before.
    edition.__dict__.pop("_prefetched_objects_cache", None)
    return edition


def _write_part(edition: Edition, part: str, model: Any, fields: tuple[str, ...], rows: list[dict]) -> None:
    """Rows that did not change are left alone, so that the audit trail shows what an editor really did."""
    kept = {row.position: row for row in getattr(edition, part).all()} if edition.pk else {}
    for position, values in enumerate(rows, start=1):
        row = kept.pop(position, None) or model(edition=edition, position=position)
        if row.pk and all(getattr(row, name) == values.get(name, getattr(row, name)) for name in fields):
            continue
        for name in fields:
            if name in values:
                setattr(row, name, values[name])
        row.full_clean(exclude=["edition", "office"], validate_unique=False)
        row.save()
    for row in kept.values():
        row.delete()


def check(content: dict) -> None:
    """Rules across fields; raises ValidationError with the field each sentence belongs to."""
    faults: dict[str, list[str]] = {}
    legal, promised = content["legal_value"], content["promised_value"]
    for kind in ("legal", "promised"):
        if content[f"{kind}_value"] and not (content[f"{kind}_unit"] and content[f"{kind}_start"]):
            faults.setdefault(f"{kind}_unit", []).append(_("A limit needs its unit and the event it starts at."))
        if not content[f"{kind}_value"]:
            content[f"{kind}_value"], content[f"{kind}_unit"], content[f"{kind}_start"] = None, "", ""
    comparable = content["legal_unit"] == content["promised_unit"] and content["legal_start"] == content["promised_start"]
    if legal and promised and comparable and promised > legal:
        faults["promised_value"] = [
            _("The promised limit (%(promised)s) must not be longer than the legal limit (%(legal)s).")
            % {"promised": promised, "legal": legal}
        ]
    if content["handling"] == Edition.Handling.ON_THE_SPOT and promised:
        faults.setdefault("promised_value", []).append(_("An item handled on the spot has no promised number of days."))
    if content["handling"] == Edition.Handling.PROMISED and not promised:
        faults.setdefault("promised_value", []).append(_("Say within how many days you promise the decision."))
    if "便民服务中心" in content["implementing_body"]:
        faults["implementing_body"] = [_("The service centre is a place, not an authority: name the body that decides.")]
    if sentence := too_late(content["item_type"], content["reminder"].get("lead_days")):
        faults["reminder_days"] = [sentence]
    for position, row in enumerate(content["materials"], start=1):
        if any(word in row["name"] for word in ("其他材料", "有关材料", "相关材料")):
            faults.setdefault("materials", []).append(
                _("Material %(n)s: name it. Catch-all lines such as “other materials” are not allowed.") % {"n": position}
            )
    if faults:
        raise ValidationError(faults)


def _complete(edition: Edition) -> None:
    """What C1 wants on every item before anybody may publish it."""
    missing = []
    post = edition.post
    if post is None or not post.holder_id:
        missing.append(_("the responsible person"))
    if not (edition.office.phone or (post and post.duty_phone)):
        missing.append(_("a phone"))
    if not (edition.office.complaint_phone or edition.item.township.complaint_phone):
        missing.append(_("a complaint phone"))
    if not edition.steps.exists():
        missing.append(_("the steps"))
    if missing:
        raise Refused(_("Before review this is still missing: %(what)s.") % {"what": _(", ").join(missing)})


def batch(editions: Iterable[Edition], move: Callable[[Edition], Any]) -> list[tuple[Edition, str]]:
    """Submit or publish many; each for itself, so that one refusal does not stop the others. Returns the refusals."""
    refused = []
    for edition in editions:
        try:
            move(edition)
        except Refused as refusal:
            refused.append((edition, str(refusal)))
    return refused
