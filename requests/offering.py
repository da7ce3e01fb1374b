"""What a window may take in now: the published editions with their checklists, kept in memory until the catalogue changes.

A page of the window needs no query for them. What is kept may be two seconds old: `requests.intake` asks the database
once more before it writes a case, and who holds the post is always read fresh (`requests.assigning`).
"""

from django.db.models import Prefetch

from officials import versions
from services.models import Edition, Item, Material


def _read() -> dict[int, Edition]:
    lines = Prefetch("materials", Material.objects.order_by("position"))
    editions = Edition.objects.published().select_related("item", "office", "office__township").prefetch_related(lines)
    return {edition.item_id: edition for edition in editions}


_kept = versions.Kept(versions.CATALOGUE, _read)


def by_code(township_id: int, code: str) -> Edition | None:
    """The edition under which a case of this item is logged. None for an item that is unknown, a draft or retired."""
    return next((one for one in _kept().values() if one.item.code == code and one.item.township_id == township_id), None)


def published_in(township_id: int) -> list[Edition]:
    """All items of a township that can be applied for, in the order of their codes."""
    found = [one for one in _kept().values() if one.item.township_id == township_id]
    return sorted(found, key=lambda one: one.item.code)


def by_item(item: Item) -> Edition | None:
    return _kept().get(item.pk)


_texts: versions.Kept[dict[int, Edition]] = versions.Kept(versions.CATALOGUE, dict)


def pinned(pk: int) -> Edition:
    """The text a case is decided under. It never changes once it was published, so it is read once."""
    known = _texts()
    if pk not in known:
        known[pk] = Edition.objects.get(pk=pk)
    return known[pk]


def checklist(edition: Edition) -> list[Material]:
    """Its materials in their order; without a query where the edition comes from here."""
    return sorted(edition.materials.all(), key=lambda material: material.position)
