"""Which field changed, by whom: django-simple-history, made strict.

The library fills in the actor when it happens to know one, orders by the wall clock, skips history silently on partial
saves and bulk writes, and forgets the actor when the account is deleted. Here a row without an open verb cannot be
written, order is the order of writing, and the ways around history raise.
"""

from django.conf import settings
from django.db import models
from simple_history.manager import HistoricalQuerySet, HistoryManager
from simple_history.models import HistoricalRecords
from simple_history.signals import post_create_historical_record, pre_create_historical_record

from .appendonly import AppendOnlyQuerySet, refuse
from .verbs import current

__all__ = ["HistoryRow", "TrackedModel", "TrackedQuerySet", "connect", "history_model", "tracked"]


def history_model(model):
    """The history model of a tracked model."""
    return getattr(model, model._meta.simple_history_manager_attribute).model


class TrackedQuerySet(models.QuerySet):
    """Querysets of tracked models: what would change rows without leaving history raises."""

    def _no_history(self, deed):
        raise RuntimeError(f"{self.model._meta.label} is tracked: {deed} writes no history. Save the rows one by one.")

    def update(self, **kwargs):
        self._no_history("update()")

    def bulk_create(self, *args, **kwargs):
        self._no_history("bulk_create()")

    def bulk_update(self, *args, **kwargs):
        self._no_history("bulk_update()")

    def delete(self):
        current(f"The deletion of {self.model._meta.label}")
        return super().delete()

    update.alters_data = True
    bulk_create.alters_data = True
    bulk_update.alters_data = True
    delete.alters_data = True
    delete.queryset_only = True


class TrackedModel(models.Model):
    """Base of tracked models: saved whole, inside a verb. `audit_stream` as in AppendOnly."""

    audit_stream = ""

    objects = models.Manager.from_queryset(TrackedQuerySet)()

    class Meta:
        abstract = True

    def save(self, *args, update_fields=None, **kwargs):
        untracked = set(history_model(type(self))._history_excluded_fields)
        if update_fields is not None and untracked.issuperset(update_fields):
            self._save_untracked(*args, update_fields=update_fields, **kwargs)
            return
        if update_fields is not None:
            # The library would record values that were never saved (its issue 1127).
            raise ValueError(f"{self._meta.label} is tracked and is saved whole, without update_fields.")
        for field in self._meta.concrete_fields:
            if hasattr(self.__dict__.get(field.attname), "resolve_expression"):
                raise ValueError(f"{self._meta.label}.{field.name}: history needs the value, not an expression.")
        # Asked before the write: outside a transaction the row would be stored and only its history refused.
        current(self._meta.label)
        super().save(*args, **kwargs)

    def _save_untracked(self, *args, **kwargs):
        """Save only columns that history leaves out (Django renews a password's hash at sign-in): nothing to record."""
        self.skip_history_when_saving = True
        try:
            super().save(*args, **kwargs)
        finally:
            del self.skip_history_when_saving

    def delete(self, *args, **kwargs):
        current(f"The deletion of {self._meta.label}")
        return super().delete(*args, **kwargs)


class HistoryQuerySet(AppendOnlyQuerySet, HistoricalQuerySet):
    """History in the order of writing; the wall clock may step back."""

    def latest_of_each(self):
        """The newest row of each object."""
        newest = self.order_by().values(self._pk_attr).annotate(newest=models.Max("history_id")).values("newest")
        return self.filter(history_id__in=newest)


class HistoryRow(models.Model):
    """Base of all history models: name and staff number of the actor as they were, rows that never change."""

    actor_name = models.CharField(max_length=80, editable=False)

    objects = models.Manager.from_queryset(AppendOnlyQuerySet)()

    class Meta:
        abstract = True

    @property
    def audit_stream(self):
        return self.instance_type.audit_stream

    def save(self, *args, **kwargs):
        if not self._state.adding:
            refuse(type(self), "saving a stored row")
        current(self._meta.label)
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        refuse(type(self), "delete()")


def _next_record(row):
    return _same_object(row).filter(history_id__gt=row.history_id).order_by("history_id").first()


def _prev_record(row):
    return _same_object(row).filter(history_id__lt=row.history_id).order_by("-history_id").first()


def _same_object(row):
    """All history of the object this row is about."""
    key = row.instance_type._meta.pk.attname
    return type(row).objects.filter(**{key: getattr(row, key)})


ObjectHistoryManager = HistoryManager.from_queryset(HistoryQuerySet)


class HistoryAccess:
    """`Model.history` and `instance.history`. The library's own builds a new manager class at every access."""

    def __init__(self, model):
        self.model = model

    def __get__(self, instance, owner):
        return ObjectHistoryManager(self.model, instance)


class StrictRecords(HistoricalRecords):
    """simple_history's records with our order, our actor and no way to switch them off."""

    _date_indexing = False  # periods are looked up in the chain; here the index would only cost

    def add_extra_methods(self, cls):
        """The library adds save_without_historical_record() here. Not to our models."""

    def finalize(self, sender, **kwargs):
        ours = self.cls is sender or (self.inherit and issubclass(sender, self.cls))
        if ours and not issubclass(sender, TrackedModel):
            raise TypeError(f"{sender._meta.label} has tracked() history and must be a TrackedModel.")
        super().finalize(sender, **kwargs)
        if ours:
            setattr(sender, self.manager_name, HistoryAccess(getattr(sender, self.manager_name).model))
            # Each model waits for its own class and goes on listening. A migration draws ten thousand classes.
            models.signals.class_prepared.disconnect(self.finalize)

    def get_meta_options(self, model):
        return super().get_meta_options(model) | {"ordering": ("-history_id",), "get_latest_by": "history_id"}

    def get_extra_fields(self, model, fields):
        order = {"next_record": property(_next_record), "prev_record": property(_prev_record)}
        return super().get_extra_fields(model, fields) | order

    def _get_history_user_fields(self):
        actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
        return {"history_user": actor}

    def get_history_user(self, instance):
        return current(f"The history of {instance._meta.label}").by

    def get_change_reason_for_object(self, instance, history_type, using):
        return current(f"The history of {instance._meta.label}").reason

    def post_save(self, instance, created, using=None, raw=False, **kwargs):
        # `raw` is a fixture; the flag is set by TrackedModel._save_untracked alone. No setting switches history off.
        if not raw and not hasattr(instance, "skip_history_when_saving"):
            self.create_historical_record(instance, "+" if created else "~", using=using)

    def post_delete(self, instance, using=None, **kwargs):
        self.create_historical_record(instance, "-", using=using)


def tracked(excluded_fields=()):
    """The history of a TrackedModel: `history = tracked(excluded_fields=["password"])`."""
    return StrictRecords(
        bases=(HistoryRow,),
        excluded_fields=list(excluded_fields),
        history_id_field=models.BigAutoField(),
        history_change_reason_field=models.TextField(blank=True, default=""),
        history_manager=HistoryManager,
        historical_queryset=HistoryQuerySet,
    )


def _fill_in(history_instance, **kwargs):
    act = current(history_instance._meta.label)
    history_instance.history_date = act.now
    history_instance.actor_name = act.actor_name


def _record(history_instance, **kwargs):
    current(history_instance._meta.label).record(history_instance)


def connect():
    """Join history to the open verb. Called once, when the app is ready."""
    pre_create_historical_record.connect(_fill_in, dispatch_uid="officials.audit.fill_in")
    post_create_historical_record.connect(_record, dispatch_uid="officials.audit.record")
