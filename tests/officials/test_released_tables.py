"""Tables with a past: what a migration may add to them (officials/audit/digests.py says why)."""

from importlib import import_module
from pkgutil import iter_modules

import pytest
from django.apps import apps
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from officials.audit import digests

OURS = ("officials", "services", "requests")


def added_columns():
    for app in OURS:
        package = import_module(f"{app}.migrations")
        for module in sorted(one.name for one in iter_modules(package.__path__)):
            for operation in import_module(f"{app}.migrations.{module}").Migration.operations:
                if isinstance(operation, migrations.AddField):
                    yield app, module, operation


def said(one):
    return f"{one[1]}-{one[2].model_name}-{one[2].name}"


@pytest.mark.once
@pytest.mark.parametrize(("app", "module", "operation"), [pytest.param(*one, id=said(one)) for one in added_columns()])
def test_a_column_added_later_leaves_the_digests_of_old_rows_alone(app, module, operation):
    """Born NULL or empty. A column that the first migration of a table adds for its foreign keys is there from the beginning."""
    operations = import_module(f"{app}.migrations.{module}").Migration.operations
    made = {one.name_lower for one in operations if isinstance(one, migrations.CreateModel)}
    if operation.model_name in made or operation.model_name not in apps.all_models[app]:
        return
    field = operation.field
    born = field.get_default() if field.has_default() else ("" if isinstance(field, models.CharField | models.TextField) else None)
    assert field.null and born is None or born == digests._left_out(field) and type(born) is type(digests._left_out(field)), (
        f"{app}.{operation.model_name}.{operation.name} is born {born!r}: old rows would get another digest"
    )


@pytest.mark.once
def test_a_new_installation_gets_the_tables_of_the_released_migrations():
    """The short road (one drawing for each app) and the long one end in the same models."""
    short, long = MigrationLoader(None), MigrationLoader(None, replace_migrations=False)
    squashed = [key for key, one in short.disk_migrations.items() if one.replaces]
    ends = [short.disk_migrations[key].replaces[-1] for key in squashed]
    # Not for officials: the tables of Django and others hang on its first migration, and would be there before what they hang on.
    assert {app for app, _name in squashed} == {"services", "requests"}
    by_short, by_long = short.project_state(squashed), long.project_state(ends)
    assert by_short.models == by_long.models


@pytest.mark.once
@pytest.mark.parametrize("last", ["0001", "0002", "0003"])
def test_an_installation_of_any_release_can_go_on(monkeypatch, last):
    """Its applied migrations fit the graph with the short road in it: nothing is there before what it hangs on."""
    long = MigrationLoader(None, replace_migrations=False)
    there = {key: one for key, one in long.disk_migrations.items() if not one.replaces and (key[0] not in OURS or key[1][:4] <= last)}
    monkeypatch.setattr(MigrationRecorder, "applied_migrations", lambda self: dict(there))
    MigrationLoader(connection).check_consistent_history(connection)
