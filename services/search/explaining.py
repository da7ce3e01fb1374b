"""Why a result is there, in half a line; nothing where the name itself was typed."""

from django.utils.translation import gettext as _

from .index import Kind, Role
from .matching import Hit, Rank

_SPELLED = {Rank.INITIALS_EXACT, Rank.INITIALS, Rank.PINYIN_EXACT, Rank.PINYIN, Rank.MIXED}
_LOOSE = {Rank.SOUND, Rank.BLURRED, Rank.SIMILAR}


def why(hit: Hit) -> str:
    """For example: Also called “低保”."""
    word = {"word": hit.word.text}
    if hit.rank in _LOOSE:
        return _("Sounds or looks like “%(word)s”") % word
    if hit.word.role == Role.ALIAS and hit.target.kind in (Kind.ITEM, Kind.PAGE):
        return _("Also called “%(word)s”") % word
    if hit.rank in _SPELLED and hit.target.kind == Kind.ITEM:
        return _("By the pinyin of its name")
    if hit.word.role == Role.CODE:
        return _("Code %(word)s") % word
    return ""
