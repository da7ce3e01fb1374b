"""Rows that are written once: facts that change a date, events, looks at personal data."""

from typing import NoReturn

from django.db import models

from .verbs import current

__all__ = ["AppendOnly", "AppendOnlyQuerySet", "refuse"]


def refuse(model: type[models.Model], deed: str) -> NoReturn:
    raise RuntimeError(f"{model._meta.label} is append-only: {deed} is refused. Write another row that says what changed.")


class AppendOnlyQuerySet(models.QuerySet):
    """Reads freely, inserts inside a verb, changes nothing."""

    def bulk_create(self, objs, batch_size=None, ignore_conflicts=False, update_conflicts=False, **options):
        """Insert many rows and record each. Skipping or overwriting on conflict is refused: nobody could say what was kept."""
        if ignore_conflicts or update_conflicts:
            refuse(self.model, "bulk_create with conflicts")
        act = current(self.model._meta.label)
        created = super().bulk_create(objs, batch_size=batch_size, **options)
        for instance in created:
            act.record(instance)
        return created

    def update(self, **kwargs):
        refuse(self.model, "update()")

    def delete(self):
        refuse(self.model, "delete()")

    def bulk_update(self, *args, **kwargs):
        refuse(self.model, "bulk_update()")

    def update_or_create(self, *args, **kwargs):
        refuse(self.model, "update_or_create()")

    update.alters_data = True
    delete.alters_data = True
    delete.queryset_only = True
    bulk_update.alters_data = True
    update_or_create.alters_data = True


class AppendOnly(models.Model):
    """Base of append-only models. `audit_stream` fixes the stream of its rows; empty means the stream of the verb."""

    audit_stream = ""

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            refuse(type(self), "saving a stored row")
        if args or kwargs.keys() - {"force_insert", "using"}:
            refuse(type(self), "a partial save")
        act = current(self._meta.label)
        super().save(**{**kwargs, "force_insert": True})
        act.record(self)

    def delete(self, *args, **kwargs):
        refuse(type(self), "delete()")
