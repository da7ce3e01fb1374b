"""Database triggers that refuse to change or remove a row of history, an append-only row or a link of the chain.

They are made again after every `migrate` (SQLite loses them when Django rebuilds a table), a system check of the tag
`database` misses them, and only the flush between tests, or a reload of the demo, lifts them.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext

from django.apps import apps
from django.core import checks
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.signals import post_migrate
from django.db.utils import DEFAULT_DB_ALIAS

from .appendonly import AppendOnly
from .chain import ChainLink
from .history import HistoryRow, TrackedModel, TrackedQuerySet

__all__ = ["connect", "covered_models", "install", "lifted", "missing", "sealed_models"]

SQLITE_TRIGGERS = {
    "append_only_update_{table}": 'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" '
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
    "append_only_delete_{table}": 'CREATE TRIGGER "{name}" BEFORE DELETE ON "{table}" '
    "BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
}
# Row by row, so that a cascade that meets no row passes, as on SQLite; TRUNCATE has no rows.
POSTGRES_TRIGGERS = {
    "append_only_rows": 'CREATE TRIGGER "{name}" BEFORE UPDATE OR DELETE ON "{table}" '
    "FOR EACH ROW EXECUTE FUNCTION officials_append_only()",
    "append_only_truncate": 'CREATE TRIGGER "{name}" BEFORE TRUNCATE ON "{table}" '
    "FOR EACH STATEMENT EXECUTE FUNCTION officials_append_only()",
}
# The error class of a broken constraint, so that both databases raise Django's IntegrityError.
POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION officials_append_only() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $body$
"""


def covered_models() -> list[type[models.Model]]:
    """Tables whose rows are named in the chain: history and append-only rows."""
    return [m for m in apps.get_models() if issubclass(m, AppendOnly | HistoryRow) and m._meta.managed and not m._meta.proxy]


def sealed_models() -> list[type[models.Model]]:
    """Tables with triggers: the covered ones and the chain itself."""
    return [*covered_models(), ChainLink]


def _triggers(connection: BaseDatabaseWrapper, table: str) -> dict[str, str]:
    """Name and SQL of the triggers a table should have."""
    templates = SQLITE_TRIGGERS if connection.vendor == "sqlite" else POSTGRES_TRIGGERS
    named = {name.format(table=table): sql for name, sql in templates.items()}
    return {name: sql.format(name=name, table=table) for name, sql in named.items()}


def _present(connection: BaseDatabaseWrapper) -> set[tuple[str, str]]:
    """(table, trigger) as the database has them now; a trigger altered or switched off does not count."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
            return {(table, name) for table, name, sql in cursor.fetchall() if _triggers(connection, table).get(name) == sql}
        cursor.execute(
            "SELECT c.relname, t.tgname FROM pg_trigger t"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid"
            " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A') AND p.proname = 'officials_append_only'"
            " AND pg_table_is_visible(c.oid)"
        )
        return set(cursor.fetchall())


def missing(using: str = DEFAULT_DB_ALIAS) -> list[tuple[str, str]]:
    """(table, trigger) that should be there and are not. Tables not yet migrated do not count."""
    connection = connections[using]
    tables = set(connection.introspection.table_names())
    present = _present(connection)
    wanted = [m._meta.db_table for m in sealed_models() if m._meta.db_table in tables]
    return [(table, name) for table in wanted for name in _triggers(connection, table) if (table, name) not in present]


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the triggers that are missing. May run any number of times."""
    connection = connections[using]
    wanting = missing(using)
    # On PostgreSQL the function is renewed in any case: an emptied body would leave the triggers in place and useless.
    statements = [] if connection.vendor == "sqlite" else [POSTGRES_FUNCTION]
    for table, name in wanting:
        statements += [_drop(connection, table, name), _triggers(connection, table)[name]]
    _run(connection, statements)


def _drop(connection: BaseDatabaseWrapper, table: str, name: str) -> str:
    return f'DROP TRIGGER IF EXISTS "{name}"' + ("" if connection.vendor == "sqlite" else f' ON "{table}"')


def _run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Foreign keys not yet checked in this transaction would forbid any change to their tables.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Without triggers for a moment: the flush between tests, attacks in tests, a fresh load of the demo. Nothing else."""
    connection = connections[using]
    _run(connection, [_drop(connection, table, name) for table, name in sorted(_present(connection))])
    try:
        # Inside a transaction a failing statement must leave it usable, or the triggers could not come back.
        with transaction.atomic(using=using) if connection.in_atomic_block else nullcontext():
            yield
    finally:
        install(using)


def _after_migrate(app_config, using, **kwargs):
    # Once for the whole command would do; the signal comes per app, and an app that has no such table is skipped.
    if any(issubclass(m, AppendOnly | HistoryRow | ChainLink) for m in app_config.get_models()):
        install(using)


def check_triggers(app_configs=None, databases=None, **kwargs):
    """A warning, not an error: `migrate` checks the database first, and it is `migrate` that repairs this."""
    return [
        checks.Warning(
            f"The table {table} lacks its trigger {name}: its rows could be changed unseen.",
            hint="Run “manage.py migrate”, then “manage.py verify_audit”.",
            id="officials.W101",
        )
        for using in databases or []
        for table, name in missing(using)
    ]


def check_models(app_configs=None, **kwargs):
    """Tracked models that history would miss: no history, querysets that write past it, links the database empties."""
    found = []
    for model in apps.get_models():
        if not issubclass(model, TrackedModel):
            continue
        if not hasattr(model._meta, "simple_history_manager_attribute"):
            found.append(checks.Error("A TrackedModel needs “history = tracked()”.", obj=model, id="officials.E101"))
        for manager in model._meta.managers:
            if not isinstance(manager.get_queryset(), TrackedQuerySet):
                hint = "Build the manager from a subclass of officials.audit.TrackedQuerySet."
                found.append(checks.Error(f"{manager.name} could write past history.", hint, obj=model, id="officials.E102"))
        for field in model._meta.concrete_fields:
            if field.remote_field and getattr(field.remote_field.on_delete, "__name__", "").startswith("SET_"):
                hint = "Use PROTECT: the database changes the row and history does not hear of it."
                found.append(checks.Error(f"{field.name} is emptied on deletion.", hint, obj=model, id="officials.E103"))
    return found


def connect():
    """Wire the receiver and the checks. Called once, when the app is ready."""
    post_migrate.connect(_after_migrate, dispatch_uid="officials.audit.triggers")
    checks.register(check_triggers, checks.Tags.database)
    checks.register(check_models, checks.Tags.models)
