"""Finding (C12): by name, everyday word, material, office and official; in characters, pinyin, initials or with slips.

from services.search import Kind, find
find("db", kinds={Kind.ITEM})[0].target.code  # "MZ-001"
"""

from .index import Kind, Role, Target, index
from .matching import Hit, Rank, find
from .misses import record

__all__ = ["Hit", "Kind", "Rank", "Role", "Target", "find", "index", "record"]
