"""What may hang in a village and what never may. Pure rules over texts; the edition says which fields are allowed.

公示最小化 (domain 11.3): name with one character hidden, village and group, item, result, amount – and what else the item
allows by name. Never identity or account numbers, phones, addresses of people, illness, disability, or anything of a child.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.privacy.identity import id_birth_date
from services.models import Edition

OF_AGE = 18
HIDDEN = "*"
# An item about children has no notice, whatever its text says (孤儿、事实无人抚养儿童: 不设公示).
_CHILDREN = re.compile("孤儿|无人抚养|儿童|未成年")
_NAME_DOTS = "·•・"

# What was found → the words for it; the longest numbers first.
_FORBIDDEN = (
    (re.compile(r"\d{15,}|\d{17}[Xx]"), gettext_lazy("an identity or account number")),
    (re.compile(r"(?<!\d)1\d{10}(?!\d)|0\d{2,3}[-—]\d{7,8}|(?<!\d)\d{7,8}(?!\d)"), gettext_lazy("a phone number")),
    (re.compile(r"\d{11,}"), gettext_lazy("a long number")),
    (
        re.compile("[病癌瘤]|残疾[一二三四1-4]级|[一二三四1-4]级[^,,、]{0,6}残|肢残|(?:肢体|视力|听力|言语|智力|精神|多重)残疾"),
        gettext_lazy("illness or disability"),
    ),
    (re.compile("未成年|小学|中学|幼儿园|[零〇一二三四五六七八九十\\d]岁(?!以上)"), gettext_lazy("something about a child or an age")),
)
_HOUSE = re.compile(r"\d+号(?!地块)|\d+(?:栋|幢|单元|室)")
_PLACES = ("地址", "位置")  # of a business or a plot, where the item says that it is posted


@dataclass(frozen=True)
class Place:
    """One allowed field: its label on the sheet and where its words come from."""

    label: str
    source: str  # name, village, item: known from the case; typed: written by the official

    @property
    def is_typed(self) -> bool:
        return self.source == "typed"


def label_of(text: str) -> str:
    """What stands in brackets, in either width, is for whoever writes the sheet, not for whoever reads it."""
    return re.sub(r"[(\uff08].*?[)\uff09]", "", text).strip()


def places(edition: Edition) -> list[Place]:
    """The fields the edition allows, in its order: 姓名(可隐去一字) → 姓名, from the case."""
    found: dict[str, Place] = {}
    for text in (edition.public_notice or {}).get("allow_fields") or []:
        label = label_of(str(text))
        if label:
            found.setdefault(label, Place(label, _source(label)))
    return list(found.values())


def _source(label: str) -> str:
    if "姓名" in label:
        return "name"
    if "事项" in label:
        return "item"
    return "village" if label in ("村组", "村", "村(社区)") else "typed"


def why_none(edition: Edition) -> str:
    """Why no public notice may be begun for this item; "" where the item has one."""
    notice = edition.public_notice or {}
    note = notice.get("note") or ""
    if _CHILDREN.search(edition.name):
        return _("No public notice: the item is about children, and nothing about them is posted.")
    if not notice.get("required"):
        told = _("This item has no public notice: %(note)s.") % {"note": note.rstrip("。.")}
        return told if note else _("This item has no public notice.")
    if not places(edition) or not notice.get("days") or not notice.get("unit"):
        return _("The text of the item does not say what is posted and for how long. Ask the editors.")
    return ""


def why_not_this_person(edition: Edition, id_number: str, on: date, of_age: bool) -> str:
    """A minor is never posted (特困中的未成年人不公示). Where the number tells no age, somebody has to say it."""
    if not any(place.source == "name" for place in places(edition)):
        return ""
    born = id_birth_date(id_number)
    if born is not None and age(born, on) < OF_AGE:
        return _("No public notice: the applicant is a minor, and nothing about minors is posted.")
    if born is None and not of_age:
        return _("The date of birth is not known. Say that the person named is of age; nothing about minors is posted.")
    return ""


def is_minor(born: date, at: datetime) -> bool:
    """Not yet of age on the local day of that moment."""
    return age(born, timezone.localdate(at)) < OF_AGE


def age(born: date, on: date) -> int:
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def hide_one(name: str) -> str:
    """张三丰 → 张*丰, 张三 → 张*, 买买提·艾力 → 买*提·艾力: one character hidden."""
    name = name.strip()
    if len(name) < 2:
        return HIDDEN if name else ""
    keep_first = 1 if name[1] not in _NAME_DOTS else 2
    return name[:keep_first] + HIDDEN + name[keep_first + 1 :]


def forbidden(text: str, label: str = "") -> str:
    """What the text of this field holds that may not be posted, in words; "" where nothing was found."""
    plain = re.sub(r"\s", "", text)
    for pattern, what in _FORBIDDEN:
        if pattern.search(plain):
            return str(what)
    if _HOUSE.search(plain) and not any(word in label for word in _PLACES):
        return _("a house number")
    return ""


def shown(edition: Edition, name: str, village: str, typed: Mapping[str, str]) -> dict[str, str]:
    """{label: words} for the sheet: only allowed fields, the name with one character hidden. Raises ValueError with the sentence."""
    known = {"name": hide_one(name), "item": edition.name, "village": village}
    found = {}
    for place in places(edition):
        words = str(typed.get(place.label, "")).strip()
        what = forbidden(words, place.label)
        if what:
            raise ValueError(_("“%(label)s” holds %(what)s. That may not be posted.") % {"label": place.label, "what": what})
        found[place.label] = f"{known['village']}{words}" if place.source == "village" else known.get(place.source, words)
        if not found[place.label]:
            raise ValueError(_("“%(label)s” is empty.") % {"label": place.label})
    return found
