"""Who changed what, when, from what to what, and proof that nobody altered the answer afterwards.

    with verb("accept", by=clerk, now=now, subject=f"case:{case.pk}", reason="…") as act:
        case.status = "accepted"
        case.save()                                    # TrackedModel: leaves a history row
        Event.objects.create(case=case, at=act.now, …)    # AppendOnly: is itself a record

Every row of history and every append-only row written inside the block is named, with its digest, in one link of the
chain (`chain`). Database triggers (`triggers`) refuse to change such rows, `verify` finds it when somebody did.
"""

from .appendonly import AppendOnly, AppendOnlyQuerySet
from .chain import ChainHead, ChainLink
from .history import TrackedModel, TrackedQuerySet, tracked
from .verbs import together, verb

__all__ = [
    "AppendOnly",
    "AppendOnlyQuerySet",
    "ChainHead",
    "ChainLink",
    "TrackedModel",
    "TrackedQuerySet",
    "together",
    "tracked",
    "verb",
]
