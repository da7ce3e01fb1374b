"""The chain: one link per verb and stream, each holding the hash of the one before.

A link names every row the verb recorded as [table, primary key, digest]. It holds no personal text: `subject` is a
reference such as "case:12", the reason stays in the recorded rows (there it may be ciphertext), and the digests are
taken over stored values, so destroying a case's key changes nothing here.

Streams: "main", and "complaints" behind its wall. The key of a link is "stream:number", so that no gap in a shared
counter tells that the other stream was written to.
"""

import hashlib
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .digests import as_text, utc_text

__all__ = ["GENESIS", "MAIN", "ChainHead", "ChainLink", "PendingLink", "append", "link_hash"]

GENESIS = "0" * 64
"""The `prev` of the first link of a stream."""

MAIN = "main"


class ChainHead(models.Model):
    """The end of a stream: number and hash of its newest link. Its row lock puts the verbs of a stream in order."""

    stream = models.CharField(max_length=20, primary_key=True)
    seq = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=GENESIS)

    class Meta:
        app_label = "officials"
        verbose_name = _("end of an audit chain")
        verbose_name_plural = _("ends of audit chains")

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq}:{self.hash}"


class ChainLink(models.Model):
    """One verb: who did what to which subject, when, and the digests of all rows it left behind."""

    id = models.CharField(max_length=44, primary_key=True)
    stream = models.CharField(max_length=20)
    seq = models.PositiveBigIntegerField()
    at = models.DateTimeField(help_text=_("The time the action is dated, which may lie in the past."))
    recorded_at = models.DateTimeField(help_text=_("The time by this machine's clock."))
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    actor_name = models.CharField(max_length=80)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True)
    rows = models.TextField()
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        app_label = "officials"
        ordering = ["stream", "seq"]
        verbose_name = _("link of the audit chain")
        verbose_name_plural = _("links of the audit chain")
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="chain_link_once")]
        indexes = [
            models.Index(fields=["subject", "seq"], name="chain_link_subject"),
            models.Index(fields=["at"], name="chain_link_at"),
            models.Index(fields=["actor", "-seq"], name="chain_link_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.stream}:{self.seq} {self.verb} {self.subject}".rstrip()


@dataclass
class PendingLink:
    """A finished verb, not yet numbered: the head of the stream is locked last (order: case, counter, head)."""

    stream: str
    at: datetime
    actor_id: int
    actor_name: str
    verb: str
    subject: str
    rows: list[tuple[str, int | str, str]] = field(default_factory=list)


def link_hash(link: ChainLink) -> str:
    """SHA-256 over everything a link says, the hash before it included."""
    said = [
        link.prev,
        link.stream,
        link.seq,
        utc_text(link.at),
        utc_text(link.recorded_at),
        link.actor_id,
        link.actor_name,
        link.verb,
        link.subject,
        link.rows,
    ]
    return hashlib.sha256(as_text(said).encode()).hexdigest()


def lock_head(stream: str) -> ChainHead:
    """The head of the stream, locked until the transaction ends; made on first use, whoever comes first."""
    heads = ChainHead.objects.select_for_update().filter(stream=stream)
    head = heads.first()
    if head is None:
        ChainHead.objects.bulk_create([ChainHead(stream=stream)], ignore_conflicts=True)
        head = heads.get()
    return head


def append(pending: list[PendingLink]) -> None:
    """Write the links of finished verbs. Must be the last thing of the transaction."""
    by_stream: dict[str, list[PendingLink]] = defaultdict(list)
    for finished in pending:
        by_stream[finished.stream].append(finished)
    for stream in sorted(by_stream):  # one order for everybody, or two transactions wait for each other's head
        head = lock_head(stream)
        recorded_at = timezone.now()
        links = [_next_link(head, finished, recorded_at) for finished in by_stream[stream]]
        ChainLink.objects.bulk_create(links, batch_size=500)
        ChainHead.objects.filter(pk=stream).update(seq=head.seq, hash=head.hash)


def _next_link(head: ChainHead, finished: PendingLink, recorded_at: datetime) -> ChainLink:
    """The link after `head`; moves `head` (in memory) onto it."""
    link = ChainLink(
        id=f"{head.stream}:{head.seq + 1}",
        stream=head.stream,
        seq=head.seq + 1,
        at=finished.at,
        recorded_at=recorded_at,
        actor_id=finished.actor_id,
        actor_name=finished.actor_name,
        verb=finished.verb,
        subject=finished.subject,
        rows=as_text(finished.rows),
        prev=head.hash,
    )
    link.hash = link_hash(link)
    head.seq, head.hash = link.seq, link.hash
    return link
