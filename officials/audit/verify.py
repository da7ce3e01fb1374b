"""Does the record still say what it said when it was written?

Three walks. The first goes along every stream link by link, recomputes each hash, and notes the rows a link names. The
second goes through every table of history and append-only rows and compares each row with the digest noted for it.
What is noted lies in a temporary file, so memory stays small however long the chain is. A third walk compares every row
of a tracked table, as it stands today, with the newest history row about it.

A chain cannot know that its newest part was cut off, or that all of it was written anew: for that it is compared with
an anchor, a head printed or mailed on an earlier day.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from django.apps import apps
from django.db import connection, models, transaction

from .chain import GENESIS, ChainHead, ChainLink, link_hash
from .digests import columns, digest_of_values, plain_pk, plain_values
from .history import TrackedModel, history_model
from .triggers import covered_models

__all__ = ["Anchor", "Report", "Tampering", "verify"]

CHUNK = 2000


class Tampering(Exception):
    """The first thing found wrong, with its table and key."""

    def __init__(self, table: str, key: int | str, what: str):
        super().__init__(f"{table} {key}: {what}")
        self.table, self.key, self.what = table, key, what


@dataclass(frozen=True)
class Anchor:
    """A head noted earlier, outside this database: "main:123:<hash>"."""

    stream: str
    seq: int
    hash: str

    @classmethod
    def parse(cls, text: str) -> "Anchor":
        stream, seq, hash_ = text.strip().split(":")
        if len(hash_) < 16:
            raise ValueError("An anchor needs at least 16 letters of the hash.")
        return cls(stream, int(seq), hash_)


@dataclass
class Report:
    """What was verified, and the heads to note as the next anchors."""

    links: int = 0
    rows: int = 0
    heads: list[str] = field(default_factory=list)


class Coverage:
    """The rows named by links: (table, key) → digest, kept in SQLite's own temporary file."""

    def __init__(self):
        self.store = sqlite3.connect("", isolation_level=None)
        self.store.execute("PRAGMA synchronous=OFF")
        self.store.execute("PRAGMA journal_mode=OFF")
        self.store.execute("CREATE TABLE named (tab TEXT, key, digest BLOB, link TEXT, PRIMARY KEY (tab, key)) WITHOUT ROWID")

    def close(self) -> None:
        self.store.close()

    def add(self, link: ChainLink) -> int:
        """Note the rows of a link; a row named before, by whichever link, is tampering."""
        try:
            rows = [(table, key, bytes.fromhex(digest)) for table, key, digest in json.loads(link.rows)]
        except (TypeError, ValueError):
            raise Tampering(ChainLink._meta.db_table, link.pk, "its list of rows cannot be read") from None
        for table, key, digest in rows:
            try:
                self.store.execute("INSERT INTO named VALUES (?, ?, ?, ?)", (table, key, digest, link.pk))
            except sqlite3.IntegrityError:
                raise Tampering(table, key, f"named a second time by link {link.pk}") from None
        return len(rows)

    def digests(self, table: str, keys: list[int | str]) -> dict[int | str, tuple[str, str]]:
        """key → (digest, link) for those keys that are named."""
        marks = ",".join("?" * len(keys))
        found = self.store.execute(f"SELECT key, digest, link FROM named WHERE tab = ? AND key IN ({marks})", [table, *keys])
        return {key: (digest.hex(), link) for key, digest, link in found}

    def count(self, table: str) -> int:
        return self.store.execute("SELECT count(*) FROM named WHERE tab = ?", [table]).fetchone()[0]

    def keys(self, table: str) -> Iterator[tuple[int | str, str]]:
        yield from self.store.execute("SELECT key, link FROM named WHERE tab = ? ORDER BY key", [table])

    def unknown_table(self, tables: Iterable[str]) -> tuple[str, int | str, str] | None:
        """A named row of a table that is none of `tables`."""
        known = list(tables)
        marks = ",".join("?" * len(known))
        return self.store.execute(f"SELECT tab, key, link FROM named WHERE tab NOT IN ({marks}) LIMIT 1", known).fetchone()


@contextmanager
def _snapshot() -> Iterator[None]:
    """One unmoving view of the database, so that verbs running meanwhile raise no false alarm; it locks nobody out."""
    if connection.in_atomic_block:  # a test: nobody else writes
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # atomic() would begin IMMEDIATE and stop all writers
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def verify(anchors: Iterable[Anchor] = ()) -> Report:
    """Walk the chain and all rows it covers. Raises Tampering at the first bad row."""
    report = Report()
    with _snapshot(), closing(Coverage()) as coverage:
        _verify_anchors(anchors)
        heads = {head.stream: head for head in ChainHead.objects.all()}
        streams = sorted(set(ChainLink.objects.order_by().values_list("stream", flat=True).distinct()) | heads.keys())
        for stream in streams:
            report.links += _walk_stream(stream, heads.get(stream), coverage)
        covered = covered_models()
        for model in covered:
            report.rows += _walk_table(model, coverage)
        stray = coverage.unknown_table(model._meta.db_table for model in covered)
        if stray:
            raise Tampering(stray[0], stray[1], f"named by link {stray[2]}, but the table is not one of history")
        for model in apps.get_models():
            if issubclass(model, TrackedModel):
                _walk_present(model)
        report.heads = [str(heads[stream]) for stream in streams]
    return report


def _verify_anchors(anchors: Iterable[Anchor]) -> None:
    for anchor in anchors:
        found = ChainLink.objects.filter(stream=anchor.stream, seq=anchor.seq).values_list("hash", flat=True).first()
        key = f"{anchor.stream}:{anchor.seq}"
        if found is None:
            raise Tampering(ChainLink._meta.db_table, key, "the link of the anchor is gone: the end was cut off")
        if not found.startswith(anchor.hash):
            raise Tampering(ChainLink._meta.db_table, key, "not the link that was anchored: the chain was written anew")


def _walk_stream(stream: str, head: ChainHead | None, coverage: Coverage) -> int:
    """Recompute every link of a stream in order; returns their number."""
    table = ChainLink._meta.db_table
    prev, seq = GENESIS, 0
    for link in _links(stream):
        seq += 1
        if link.seq != seq:
            raise Tampering(table, f"{stream}:{seq}", "the link is missing")
        if link.pk != f"{stream}:{seq}":
            raise Tampering(table, link.pk, f"the key does not belong to link {stream}:{seq}")
        if link.prev != prev:
            raise Tampering(table, link.pk, "does not follow the link before it")
        if link_hash(link) != link.hash:
            raise Tampering(table, link.pk, "was altered")
        coverage.add(link)
        prev = link.hash
    if head is None:
        raise Tampering(ChainHead._meta.db_table, stream, "the head of the stream is missing")
    if (head.seq, head.hash) != (seq, prev):
        raise Tampering(ChainHead._meta.db_table, stream, f"stands at {head.seq}, but the last link is {seq}")
    return seq


def _links(stream: str) -> Iterator[ChainLink]:
    """The links of a stream in order, read a chunk at a time: no cursor stays open when the walk ends early."""
    last = -1
    while chunk := list(ChainLink.objects.filter(stream=stream, seq__gt=last).order_by("seq")[:CHUNK]):
        yield from chunk
        last = chunk[-1].seq


def _walk_table(model: type[models.Model], coverage: Coverage) -> int:
    """Compare every row of a table with the digest its link holds; returns the number of rows."""
    table = model._meta.db_table
    seen = 0
    for chunk in _chunks(model, [column.attname for column in columns(model)]):
        named = coverage.digests(table, [key for key, _ in chunk])
        for key, values in chunk:
            digest, link = named.get(key, (None, None))
            if digest is None:
                raise Tampering(table, key, "is named by no link: it was written past the verbs, or its link was cut off")
            if digest_of_values(model, values) != digest:
                raise Tampering(table, key, f"is not what link {link} recorded")
        seen += len(chunk)
    if seen != coverage.count(table):
        raise _first_missing(model, coverage)
    return seen


def _chunks(model: type[models.Model], names: list[str]) -> Iterator[list[tuple[int | str, tuple]]]:
    """All rows of a table in the order of the key, as (key, values of the columns `names`)."""
    rows = model._base_manager.order_by("pk").values_list("pk", *names)
    chunk = list(rows[:CHUNK])
    while chunk:
        yield [(plain_pk(pk), tuple(values)) for pk, *values in chunk]
        chunk = list(rows.filter(pk__gt=chunk[-1][0])[:CHUNK])


def _first_missing(model: type[models.Model], coverage: Coverage) -> Tampering:
    """The first row that a link names and the table no longer has."""
    have = {plain_pk(pk) for pk in model._base_manager.values_list("pk", flat=True)}
    for key, link in coverage.keys(model._meta.db_table):
        if key not in have:
            return Tampering(model._meta.db_table, key, f"was deleted; link {link} names it")
    raise AssertionError("The counts differ, so a row must be missing.")


def _walk_present(model: type[models.Model]) -> None:
    """Compare the rows of a tracked table, as they stand, with their newest history."""
    table, key = model._meta.db_table, model._meta.pk.attname
    past = history_model(model)
    names = [field.attname for field in past.tracked_fields]
    newest = past.objects.order_by().values(key).annotate(newest=models.Max("history_id")).values("newest")
    present = 0
    for chunk in _chunks(model, names):
        pks = [pk for pk, _ in chunk]
        known = past.objects.filter(history_id__in=newest.filter(**{f"{key}__in": pks})).exclude(history_type="-")
        latest = {plain_pk(pk): plain_values(past, names, values) for pk, *values in known.values_list(key, *names)}
        present += len(latest)
        for pk, values in chunk:
            if pk not in latest:
                # Named jobs are made by a migration, before there is anybody to act.
                if "is_job" in names and values[names.index("is_job")]:
                    continue
                raise Tampering(table, pk, "stands there without history")
            if plain_values(model, names, values) != latest[pk]:
                raise Tampering(table, pk, "is not what its newest history says: it was changed past the verbs")
    alive = past.objects.filter(history_id__in=newest).exclude(history_type="-")
    if alive.count() != present:
        have = set(model._base_manager.values_list("pk", flat=True))
        gone = (pk for pk in alive.order_by(key).values_list(key, flat=True) if pk not in have)
        pk = next(gone, None)
        if pk is not None:
            raise Tampering(table, plain_pk(pk), "was deleted past the verbs; its history does not know of it")
