"""A verb: one action of one person at one time, in one transaction, with one link in the chain.

Nothing that is recorded can be written outside a verb, and verbs do not nest: an action that needs several verbs says
`with together():` around them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import models, transaction

from . import chain
from .digests import digest_of_instance, pk_of_instance

__all__ = ["OpenVerb", "actor_label", "current", "together", "verb"]

_open_verb: ContextVar["OpenVerb | None"] = ContextVar("open_verb", default=None)
_waiting: ContextVar["list[chain.PendingLink] | None"] = ContextVar("links_waiting", default=None)
_one_fate: ContextVar[bool] = ContextVar("one_fate", default=False)


@dataclass
class OpenVerb:
    """The verb now open. `subject` may be set late, when the thing it is about has been created."""

    name: str
    by: Any
    now: datetime
    subject: str = ""
    reason: str = ""
    stream: str = chain.MAIN
    actor_name: str = ""
    recorded: dict[str, list[tuple[str, int | str, str]]] = field(default_factory=dict)

    def record(self, instance: models.Model) -> None:
        """Take up a row just written. A model with an `audit_stream` of its own stays in it, whatever the verb says."""
        stream = getattr(instance, "audit_stream", "") or self.stream
        row = (instance._meta.db_table, pk_of_instance(instance), digest_of_instance(instance))
        self.recorded.setdefault(stream, []).append(row)

    def links(self) -> list[chain.PendingLink]:
        """One link for each stream written to; none when the verb recorded nothing."""
        return [
            chain.PendingLink(stream, self.now, self.by.pk, self.actor_name, self.name, self.subject, rows)
            for stream, rows in self.recorded.items()
        ]


def actor_label(user: Any) -> str:
    """Name and staff number as at this moment: people marry and leave, the record keeps what it was."""
    return f"{user.name} ({user.staff_no})"


def current(what: str) -> OpenVerb:
    """The open verb; `what` names the write that needs one."""
    act = _open_verb.get()
    if act is None:
        raise RuntimeError(f"{what} is written only inside a verb (officials.audit.verb), which says who, when and why.")
    return act


@contextmanager
def verb(name: str, *, by: Any, now: datetime, subject: str = "", reason: str = "", stream: str = chain.MAIN) -> Iterator[OpenVerb]:
    """Open a verb: everything inside is one transaction; at its end the link is written, or nothing at all.

    `reason` goes into the history rows as it is given. Where it may hold personal text, give it sealed under the key of
    the case (officials.privacy.sealing), so that destroying the key destroys it here too.
    """
    if (outside := _open_verb.get()) is not None:
        raise RuntimeError(f"The verb “{name}” was called inside “{outside.name}”. Put both into together().")
    if by is None or by.pk is None:
        raise ValueError(f"The verb “{name}” needs a member of staff or a named job as its actor.")
    if now.tzinfo is None:
        raise ValueError(f"The verb “{name}” needs a time with its time zone.")
    act = OpenVerb(name, by, now, subject, reason, stream, actor_label(by))
    waiting = _waiting.get()
    # Outside together() the verb is the whole transaction: an action half inside another one could be undone unseen.
    with transaction.atomic(durable=waiting is None, savepoint=not _one_fate.get()):
        token = _open_verb.set(act)
        try:
            yield act
        finally:
            _open_verb.reset(token)
        if waiting is None:
            chain.append(act.links())
    if waiting is not None:
        waiting.extend(act.links())


@contextmanager
def together(*, one_fate: bool = False) -> Iterator[None]:
    """Several verbs in one transaction: all or none. A verb that fails and is caught inside leaves nothing behind.

    With `one_fate` nobody catches inside: the first failure ends the whole, so no verb needs a savepoint of its own (two
    statements each). Whoever catches all the same can do nothing more in this transaction but leave it.

    The links are written at the very end, so no verb asks for a row lock while it holds the head of the chain.
    Inside another together() it joins that one.
    """
    if (outside := _open_verb.get()) is not None:
        raise RuntimeError(f"together() was called inside the verb “{outside.name}”.")
    outer = _waiting.get()
    waiting: list[chain.PendingLink] = []
    with transaction.atomic(durable=outer is None, savepoint=not _one_fate.get()):
        token, fate = _waiting.set(waiting), _one_fate.set(_one_fate.get() or (one_fate and outer is None))
        try:
            yield
        finally:
            _waiting.reset(token)
            _one_fate.reset(fate)
        if outer is None:
            chain.append(waiting)
    if outer is not None:
        outer.extend(waiting)
