#!/usr/bin/env python3
"""Copies a portal that began on SQLite into an empty, migrated PostgreSQL, row by row with its keys and dates.

    DATABASE_URL=postgres://… .venv/bin/python manage.py migrate
    DATABASE_URL=postgres://… .venv/bin/python deploy/move_to_postgresql.py        (the portal is stopped meanwhile)

All or nothing. History and the audit chain are copied, not written again: at the end the chain is verified over the copy.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
os.chdir(ROOT)
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")

import django
from django.conf import settings

from portal.settings import sqlite

settings.DATABASES["source"] = sqlite()
django.setup()

from django.apps import apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connections, models, transaction
from django.db.migrations.recorder import MigrationRecorder

from officials.audit import triggers
from officials.models import Township

CHUNK = 500  # rows a statement


def refuse_when_unfit() -> None:
    """Stops with a sentence unless an old SQLite file meets an empty PostgreSQL of the same version."""
    if connections["default"].vendor != "postgresql":
        sys.exit("DATABASE_URL must name the PostgreSQL to copy into.")
    if not Path(settings.DATABASES["source"]["NAME"]).exists():
        sys.exit(f"There is no {settings.DATABASES['source']['NAME']} to copy from.")
    versions = [set(MigrationRecorder(connections[alias]).applied_migrations()) for alias in ("source", "default")]
    if versions[0] != versions[1]:
        apart = ", ".join(sorted(".".join(one) for one in versions[0] ^ versions[1]))
        sys.exit(f"Run manage.py migrate on both databases first; they differ in: {apart}")
    if Township.objects.using("default").exists():
        sys.exit("The PostgreSQL already holds a township; nothing was copied.")


def stored_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models(include_auto_created=True) if model._meta.managed and not model._meta.proxy]


def copy(model: type[models.Model]) -> int:
    """Rows of one table, written as they are: no signals, no history, no dates set anew."""
    fields = [field for field in model._meta.local_concrete_fields if not field.generated]
    rows = models.QuerySet(model=model, using="source").order_by("pk")
    target = models.QuerySet(model=model, using="default")
    copied, chunk = 0, []
    for row in rows.iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            target._insert(chunk, fields=fields, using="default", raw=True)
            copied, chunk = copied + len(chunk), []
    if chunk:
        target._insert(chunk, fields=fields, using="default", raw=True)
    return copied + len(chunk)


def main() -> None:
    refuse_when_unfit()
    target = connections["default"]
    tables = stored_models()
    with transaction.atomic(using="default"):
        with triggers.lifted(using="default"), target.cursor() as cursor:  # what migrate wrote gives way to the copy
            names = ", ".join(target.ops.quote_name(model._meta.db_table) for model in tables)
            cursor.execute(f"TRUNCATE {names}")
        with target.cursor() as cursor:
            for model in tables:
                print(f"{model._meta.db_table}: {copy(model)}", flush=True)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for statement in target.ops.sequence_reset_sql(no_style(), tables):
                cursor.execute(statement)
    call_command("verify_audit")


if __name__ == "__main__":
    main()
