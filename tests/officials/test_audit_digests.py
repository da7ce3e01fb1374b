"""A row has one digest: before it is stored, after SQLite or PostgreSQL returns it, and after a column was added."""

import datetime
import decimal
import uuid
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, models
from django.test.utils import isolate_apps
from django.utils.translation import gettext_lazy

from officials.audit.digests import columns, digest_of_instance, digest_of_values, utc_text
from officials.models import Whereabouts

SHANGHAI = ZoneInfo("Asia/Shanghai")


def everything():
    class Everything(models.Model):
        small = models.PositiveSmallIntegerField()
        big = models.BigIntegerField(null=True)
        price = models.DecimalField(max_digits=9, decimal_places=2, null=True)
        yes = models.BooleanField()
        maybe = models.BooleanField(null=True)
        text = models.TextField()
        choice = models.CharField(max_length=9, choices=Whereabouts.Where.choices)
        day = models.DateField()
        moment = models.DateTimeField(null=True)
        clock = models.TimeField()
        span = models.DurationField(null=True)
        key = models.UUIDField(null=True)
        blob = models.BinaryField(null=True)
        data = models.JSONField(default=dict)
        share = models.FloatField(null=True)
        file = models.FileField(blank=True)

        class Meta:
            app_label = "officials"

    return Everything


FULL = {
    "small": "7",
    "big": -(2**60),
    "price": decimal.Decimal("12.5"),
    "yes": 1,
    "maybe": False,
    "text": "青山镇 “低保” \u3000 é",
    "choice": Whereabouts.Where.DESK,
    "day": "2026-11-23",
    "moment": datetime.datetime(2026, 11, 23, 9, 30, 0, 5, tzinfo=SHANGHAI),
    "clock": datetime.time(8, 30),
    "span": datetime.timedelta(days=3, microseconds=1),
    "key": uuid.UUID(int=5),
    "blob": b"\x00\xff",
    "data": {"b": (1, 2.5), "a": {"号": None}, 3: True},
    "share": 0.1,
    "file": "a/b.pdf",
}
EMPTY = {"small": 0, "yes": False, "text": "", "choice": "", "day": datetime.date(2026, 1, 1), "clock": datetime.time(0)}
LAZY = EMPTY | {"text": gettext_lazy("office"), "price": "3", "maybe": True, "data": []}


@pytest.mark.django_db(transaction=True)
@isolate_apps("officials")
def test_the_digest_is_the_same_before_and_after_storing():
    model = everything()
    with connection.schema_editor() as editor:
        editor.create_model(model)
    try:
        for values in (FULL, EMPTY, LAZY):
            row = model(**values)
            row.save(force_insert=True)
            written = digest_of_instance(row)
            names = [column.attname for column in columns(model)]
            assert digest_of_values(model, model.objects.values_list(*names).get(pk=row.pk)) == written
            assert digest_of_instance(model.objects.get(pk=row.pk)) == written
    finally:
        with connection.schema_editor() as editor:
            editor.delete_model(model)


@isolate_apps("officials")
def test_every_column_counts():
    model = everything()
    row = model(id=1, **FULL)
    seen = {digest_of_instance(row)}
    others = EMPTY | {"big": 0, "price": 0, "maybe": None, "moment": None, "span": None, "key": None, "blob": b"", "data": {}}
    for name, value in (others | {"share": 0.0, "file": "", "id": 2}).items():
        setattr(row, name, value)
        seen.add(digest_of_instance(row))
    assert len(seen) == 1 + len(others) + 3


@isolate_apps("officials")
def test_null_false_and_nought_are_three_things():
    model = everything()
    assert len({digest_of_instance(model(id=1, **FULL | {"maybe": maybe})) for maybe in (None, False, True)}) == 3
    assert len({digest_of_instance(model(id=1, **FULL | {"big": big})) for big in (None, 0, 1)}) == 3


@isolate_apps("officials")
def test_a_column_added_later_and_empty_changes_no_digest():
    class Early(models.Model):
        name = models.CharField(max_length=9)

        class Meta:
            app_label = "officials"
            db_table = "same"

    class Late(models.Model):
        name = models.CharField(max_length=9)
        note = models.CharField(max_length=9, default="")
        held = models.BooleanField(default=False)
        copies = models.IntegerField(default=0)
        until = models.DateField(null=True)

        class Meta:
            app_label = "officials"
            db_table = "same"

    assert digest_of_instance(Early(id=1, name="a")) == digest_of_instance(Late(id=1, name="a"))
    assert digest_of_instance(Early(id=1, name="a")) != digest_of_instance(Late(id=1, name="a", copies=1))


@isolate_apps("officials")
def test_what_has_no_value_yet_is_refused():
    model = everything()
    with pytest.raises(ValueError, match="expression"):
        digest_of_instance(model(id=1, **FULL | {"small": models.F("big")}))
    with pytest.raises(ValueError, match="time zone"):
        utc_text(datetime.datetime(2026, 1, 1))  # noqa: DTZ001
