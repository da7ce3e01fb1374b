"""The database itself refuses to change what is recorded."""

from datetime import UTC, datetime

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from officials.audit import ChainHead, ChainLink, triggers, verb
from officials.models import User, Whereabouts

NOW = datetime(2026, 11, 23, 1, 30, tzinfo=UTC)


@pytest.fixture
def job(db):
    user = User(username="job-trigger", name="Trigger job", staff_no="JT", is_job=True)
    models.Model.save_base(user, raw=True)
    with verb("begin", by=user, now=NOW):
        Whereabouts.objects.create(user=user, where="desk", since=NOW, at=NOW, by=user)
        user.save()
    return user


def sql(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # what this transaction has not checked yet would be refused for that
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


RECORDED = [Whereabouts._meta.db_table, User.history.model._meta.db_table, ChainLink._meta.db_table]


@pytest.mark.parametrize("table", RECORDED)
def test_raw_sql_cannot_change_what_is_recorded(job, table):
    statements = [f"DELETE FROM {table}"]
    statements += [f"UPDATE {table} SET {column} = {column}" for column in ("at", "history_date") if column in columns_of(table)]
    if connection.vendor == "postgresql":
        statements.append(f"TRUNCATE {table} CASCADE")
    assert len(statements) >= 2
    for statement in statements:
        with pytest.raises(IntegrityError, match="append-only"):
            sql(statement)


def columns_of(table):
    with connection.cursor() as cursor:
        return {column.name for column in connection.introspection.get_table_description(cursor, table)}


def test_every_covered_table_has_its_triggers(db):
    assert triggers.missing() == []
    names = {model.__name__ for model in triggers.sealed_models()}
    assert {"Whereabouts", "HistoricalUser", "ChainLink"} <= names
    assert not {"User", "ChainHead"} & names


def lose_one():
    """What SQLite does when Django rebuilds a table: the trigger is gone, the rows stay."""
    (table, name) = next((table, name) for table, name in sorted(triggers._present(connection)) if table == RECORDED[0])
    sql(triggers._drop(connection, table, name))
    return table, name


def test_a_lost_trigger_is_told_by_the_check_and_mended_by_migrate(job):
    table, name = lose_one()
    told = [message for message in run_checks(databases=["default"]) if message.id == "officials.W101"]
    assert len(told) == 1 and table in told[0].msg and name in told[0].msg
    triggers._after_migrate(Whereabouts._meta.app_config, using="default")
    assert triggers.missing() == []


def test_a_trigger_made_harmless_does_not_count(job):
    table = RECORDED[0]
    if connection.vendor == "sqlite":
        name = f"append_only_update_{table}"
        sql(triggers._drop(connection, table, name))
        sql(f'CREATE TRIGGER "{name}" BEFORE UPDATE ON "{table}" BEGIN SELECT 1; END')
    else:
        name = "append_only_rows"
        sql(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
    assert triggers.missing() == [(table, name)]
    triggers.install()
    with pytest.raises(IntegrityError, match="append-only"):
        sql(f"UPDATE {table} SET at = at")


def test_lifted_is_for_a_moment_only(job):
    with triggers.lifted():
        sql(f"UPDATE {RECORDED[0]} SET at = at")
    assert triggers.missing() == []
    with pytest.raises(IntegrityError, match="append-only"):
        sql(f"UPDATE {RECORDED[0]} SET at = at")


def test_they_come_back_when_the_work_without_them_fails(job):
    with pytest.raises(ZeroDivisionError), triggers.lifted():
        _ = 1 / 0
    assert triggers.missing() == []


@pytest.mark.django_db(transaction=True)
def test_a_table_rebuilt_by_a_migration_has_its_triggers_again():
    field = models.CharField(max_length=70, default="")
    field.set_attributes_from_name("note_of_a_later_version")
    field.model = Whereabouts
    with connection.schema_editor() as editor:
        editor.add_field(Whereabouts, field)
        editor.remove_field(Whereabouts, field)
    call_command("migrate", verbosity=0)
    assert triggers.missing() == []


def test_the_models_pass_their_own_check(db):
    assert triggers.check_models() == []


def test_the_head_is_no_record_but_a_pointer(job):
    assert ChainHead.objects.get().seq == ChainLink.objects.count()
