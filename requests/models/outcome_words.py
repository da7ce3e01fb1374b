"""The words of a decision, as they fit the item: a filing is 予以备案 or 不予备案, a certificate 出具 or 不予出具. Pure.

Stored is one code of few; what is said of it everywhere (form, status, paper, the resident's own page) is the item's.
"""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.models import Edition

Type = Edition.ItemType
Pair = tuple[Any, Any]
YES, IN_PART, NO = ("granted", "confirmed", "paid"), "confirmed", "refused"

DISCLOSURE = "信息公开"
OPENED: Pair = (_("disclosed"), _("not disclosed or not to be had"))
OPENED_IN_PART = _("disclosed in part")
RECOGNISED: Pair = (_("recognised"), _("not recognised"))
CONFIRMED: Pair = (_("confirmed by decision"), _("not confirmed"))
HANDLED: Pair = (_("provided"), _("not provided"))
# By the type of the item, where its name says nothing nearer.
BY_TYPE: dict[str, Pair] = {
    Type.PERMIT: (_("granted"), _("permit refused")),
    Type.PAYMENT: (_("payment approved"), _("payment not approved")),
    Type.CONFIRMATION: CONFIRMED,
    Type.REWARD: (_("awarded"), _("not awarded")),
    Type.OTHER_POWER: HANDLED,
    Type.PUBLIC_SERVICE: HANDLED,
}
# By a word of the name of the item; the first that fits. A permit is a permit, whatever its name.
_QUALIFIES: tuple[tuple[str, Pair], ...] = (("认定", RECOGNISED), ("审核确认", CONFIRMED), ("资格确认", CONFIRMED))
_NAMED: tuple[tuple[str, Pair], ...] = (
    (DISCLOSURE, OPENED),
    ("法律援助", (_("legal aid given"), _("legal aid refused"))),
    ("注销", (_("struck off the register"), _("not struck off the register"))),
    ("登记", (_("registered"), _("not registered"))),
    ("备案", (_("filed"), _("not filed"))),
    ("变更", (_("changed on the record"), _("not changed on the record"))),
    ("认定", RECOGNISED),
    ("认证", (_("proof of life passed"), _("proof of life not passed"))),
    ("证明", (_("certificate issued"), _("certificate not issued"))),
    ("报销", (_("refund approved"), _("refund not approved"))),
    ("待遇申领", (_("benefit determined"), _("benefit not determined"))),
)


def pair_of(edition: Edition) -> Pair:
    named = {Type.PERMIT: (), Type.PAYMENT: _QUALIFIES}.get(Type(edition.item_type), _NAMED) if edition.item_type else _NAMED
    return next((pair for word, pair in named if word in edition.name), BY_TYPE.get(edition.item_type, HANDLED))


def words(edition: Edition | None, code: str) -> str | Promise | None:
    """None where the code is none of a decision, or there is no item: then the code's own label is the word."""
    if edition is None or code not in (*YES, NO):
        return None
    if code == IN_PART and is_disclosure(edition):
        return OPENED_IN_PART
    yes, no = pair_of(edition)
    return no if code == NO else yes


def is_disclosure(edition: Edition | None) -> bool:
    return edition is not None and edition.item_type == Type.OTHER_POWER and DISCLOSURE in edition.name
