"""Many new tables in one step of a migration.

Django draws the models of all apps anew after each operation. With a hundred tables that hang together by foreign keys, a
migration of eighty new ones took half a minute of drawing alone, at every start of a test process and every update.
"""

from collections.abc import Sequence

from django.db import migrations
from django.db.migrations.operations.base import Operation


class CreateModels(Operation):
    """`CreateModel` for each, in order of dependence, with the models drawn once."""

    reduces_to_sql = True
    reversible = True

    def __init__(self, operations: Sequence[migrations.CreateModel]) -> None:
        self.operations = list(operations)

    def deconstruct(self):
        return type(self).__name__, [self.operations], {}

    def state_forwards(self, app_label, state) -> None:
        state.__dict__.pop("apps", None)  # drawn again when the database is asked for
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for operation in self.operations:
            model = to_state.apps.get_model(app_label, operation.name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.create_model(model)

    def database_backwards(self, app_label, schema_editor, from_state, to_state) -> None:
        for operation in reversed(self.operations):
            model = from_state.apps.get_model(app_label, operation.name)
            if self.allow_migrate_model(schema_editor.connection.alias, model):
                schema_editor.delete_model(model)

    def describe(self) -> str:
        return f"Create {len(self.operations)} models"
