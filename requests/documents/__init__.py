"""文书: what is issued for a case. Numbered in its own series, its text frozen, voidable but never gone, checked in public.

A room that has something to say in writing builds a `Paper` of `Part`s and calls `issue` inside its verb.
"""

from .issuing import issue
from .kinds import MANDATORY
from .paper import Paper, Part

__all__ = ["MANDATORY", "Paper", "Part", "issue"]
