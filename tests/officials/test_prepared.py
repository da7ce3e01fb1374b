"""Prepared queries answer what the same query answers when Django puts it together anew."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db.models import Q, Value
from django.db.models.sql.compiler import SQLCompiler

from officials.models import GrantEvent, Office
from officials.prepared import prepared
from services.models import Edition
from tests.support import world as w

LATER = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def world(db):
    return w.build()


def _grants(right, offices, before, *, newest_first=False):
    found = GrantEvent.objects.filter(Q(right=right) | Q(user__name=right), at__lt=before)
    if offices is not None:
        found = found.filter(office_id__in=offices)
    return found.order_by("-pk" if newest_first else "pk").values_list("pk", "right", "granted", "at", "user__name")


@pytest.fixture
def asked(world):
    offices = sorted(set(GrantEvent.objects.values_list("office_id", flat=True)))
    some = GrantEvent.objects.select_related("user").order_by("pk")[2]
    return [
        (some.right, tuple(offices), LATER),
        (some.right, tuple(offices[:1]), LATER),
        (some.right, tuple(offices[1:3]), LATER),
        (some.right, None, LATER),
        (some.right, None, LATER),
        (some.user.name, None, LATER),
        (some.right, None, some.at + timedelta(microseconds=1)),
        (some.right, None, datetime(2001, 1, 1, tzinfo=UTC)),
        ("%' OR 1=1 --", None, LATER),
        (some.right, (), LATER),
        ("nothing is called so", None, LATER),
    ]


@pytest.mark.parametrize("newest_first", [False, True])
def test_the_rows_are_those_of_the_query_itself(asked, newest_first):
    ready = prepared(_grants)
    for values in [*asked, *reversed(asked)]:
        found = ready(*values, newest_first=newest_first)
        assert found == list(_grants(*values, newest_first=newest_first)), values
    assert ready("take_in", None, LATER)  # something was compared


def test_instances_come_with_their_fields_and_annotations(world):
    @prepared
    def of(pk):
        return Office.objects.filter(pk=pk).annotate(mark=Value("seen"))

    office = Office.objects.order_by("-pk").first()
    (found,) = of(office.pk)
    assert found == office and found.mark == "seen"
    assert {f.attname: getattr(found, f.attname) for f in Office._meta.concrete_fields} == {
        f.attname: getattr(office, f.attname) for f in Office._meta.concrete_fields
    }
    assert not found._state.adding


def test_it_is_put_together_once_for_each_shape(world, monkeypatch):
    ready, built = prepared(_grants), []
    whole = SQLCompiler.as_sql
    monkeypatch.setattr(SQLCompiler, "as_sql", lambda self, *args, **kwargs: built.append(1) or whole(self, *args, **kwargs))
    for word in ("a", "b", "c"):
        for offices in ((1,), (2,), None):
            ready(word, offices, LATER)
    assert len(built) == 2  # one office, any office
    ready("a", (1, 2), LATER)
    ready("a", (1,), LATER, newest_first=True)
    assert len(built) == 4


def test_what_has_no_stand_in_is_refused(world):
    with pytest.raises(TypeError):
        prepared(_grants)(True, None, LATER)
    with pytest.raises(TypeError):
        prepared(_grants)(1.5, None, LATER)


@pytest.mark.parametrize(
    "query",
    [
        lambda word: GrantEvent.objects.filter(right__contains=word),
        lambda word: GrantEvent.objects.filter(Q(right=word) | Q(right__startswith=word)),
        lambda word: GrantEvent.objects.filter(right="grant"),
        lambda word: GrantEvent.objects.filter(right=word).values("pk"),
        lambda word: GrantEvent.objects.filter(right=word).values_list("pk", flat=True),
        lambda word: GrantEvent.objects.filter(right=word).select_related("user"),
        lambda word: GrantEvent.objects.filter(right=word).prefetch_related("user"),
    ],
)
def test_a_query_that_would_not_answer_as_it_reads_is_refused(world, query):
    with pytest.raises(ValueError):
        prepared(query)("take_in")


@pytest.mark.parametrize("condition", ["number", "number__lte", "number__gte"])
def test_numbers_of_small_columns_are_found(world, condition):
    ready = prepared(lambda number: Edition.objects.filter(**{condition: number}).values_list("pk"))
    assert ready(1) == list(Edition.objects.filter(**{condition: 1}).values_list("pk"))
