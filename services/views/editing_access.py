"""Who may come into the editing room, and the loaders that are the permission check."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from officials.models import Township, User
from officials.permissions import EDIT, PUBLISH, rights
from services.models import Edition, Item

RELATED = (
    "item__township", "item__office", "category", "office__township", "post__holder__official", "post__deputy__official", "author",
    "submitted_by", "published_by", "checked_by",
)  # fmt: skip


def admit(user: User, *names: str) -> None:
    """Only people with one of these rights on some office come in; the others are told why."""
    if not rights(user).where(*(names or (EDIT, PUBLISH))):
        if names == (EDIT,):
            raise PermissionDenied(_("Your sign-in does not carry the right to write texts of the catalogue."))
        raise PermissionDenied(_("Your sign-in does not carry the right to edit or publish the catalogue."))


def get_item(user: User, code: str) -> Item:
    """An item of the offices this person writes or publishes for; any other one is a 404, like a missing one."""
    mine = rights(user).where(EDIT, PUBLISH)
    if not mine:
        admit(user)
    open_draft = Q(editions__office__in=mine, editions__status__in=["draft", "in_review"])
    found = Item.objects.filter(Q(office__in=mine) | open_draft, code=code)
    item = found.select_related("township", "office").order_by("township_id").first()
    if item is None:
        raise Http404
    return item


def editions_of(item: Item) -> list[Edition]:
    """All editions, newest first, in one query."""
    return list(item.editions.select_related(*RELATED).order_by("-number"))


def get_draft(item: Item) -> Edition:
    """The open draft (written or in review); 404 where there is none."""
    draft = item.editions.drafts().select_related(*RELATED).first()
    if draft is None:
        raise Http404
    return draft


def get_edition(item: Item, number: str) -> Edition:
    """An edition by the number in the address."""
    if not (number.isascii() and number.isdigit() and len(number) < 7):
        raise Http404
    edition = item.editions.select_related(*RELATED).filter(number=int(number)).first()
    if edition is None:
        raise Http404
    return edition


def township_of(user: User) -> Township:
    """The township for which this person writes; with rights in several the one of their own office."""
    mine = rights(user).where(EDIT, PUBLISH)
    own = user.office.township_id if user.office_id else None
    found = list(Township.objects.filter(offices__in=mine).distinct().order_by("pk"))
    return next((township for township in found if township.pk == own), found[0])
