"""Anonymising one ended case: nothing readable of it is left anywhere, and nothing else moves."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from officials.audit import verify
from officials.models import Message
from requests import persons, verbs
from requests.lifecycle import Refused
from requests.models import CaseKey, ServiceRequest
from requests.persons import Person
from tests.support import world as w

pytestmark = pytest.mark.django_db

# Words that occur nowhere else; each must be gone from every column of every table.
CANARIES = {
    "name": "欧阳金丝雀",
    "id_number": "990199198802290023",
    "phone": "12988877766",
    "address": "金丝雀巷九号",
    "words": "金丝雀家里困难",
    "representative": "金丝雀代办人",
}


@pytest.fixture
def world(db):
    return w.build()


def canary_case(world) -> ServiceRequest:
    person = Person(
        name=CANARIES["name"], id_type="id_card", id_number=CANARIES["id_number"], id_state="given", phone=CANARIES["phone"],
        address=CANARIES["address"], wants_sms=True, representative={"name": CANARIES["representative"], "relation": "子女"},
    )  # fmt: skip
    case = w.new_case(world, person=person, words=CANARIES["words"])
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    verbs.add_note(case, words=CANARIES["words"], by=world.people.official, now=w.MONDAY)
    verbs.decide(case, "refused", words=CANARIES["words"], by=world.people.official, now=w.MONDAY)
    verbs.close(case, by=world.people.clerk, now=w.MONDAY)
    return case


def every_text() -> str:
    """All columns of all tables as text."""
    texts = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}"')
                texts += [str(value) for row in cursor.fetchall() for value in row if value not in (None, "")]
    return "\n".join(texts)


def figures() -> dict:
    counted = ServiceRequest.objects.counted()
    return {
        "cases": counted.count(),
        "late": counted.late(w.at("2027-06-01 09:00")).count(),
        "outcomes": sorted(counted.values_list("number", "status", "outcome", "due_on")),
    }


def test_even_before_nothing_is_stored_in_the_clear(world):
    canary_case(world)
    text = every_text()
    for what, canary in CANARIES.items():
        assert canary not in text, what


def test_afterwards_nobody_can_read_it_and_nothing_else_moves(world):
    other = w.new_case(world)
    case = canary_case(world)
    before, masked = figures(), "欧阳**"
    assert CaseKey.objects.get(pk=case.pk).name_masked == masked
    wrapped = CaseKey.objects.get(pk=case.pk).wrapped_key
    verbs.anonymise(case, by=world.people.head, now=w.MONDAY)

    text = every_text()
    assert masked not in text and wrapped not in text
    for digest in (persons.phone_tail_digest(CANARIES["phone"]),):
        assert digest not in text
    fresh = ServiceRequest.objects.select_related("key").get(pk=case.pk)
    assert persons.person_of(fresh) == Person(id_state="given", wants_sms=True)
    assert [persons.open_for(fresh, e.sealed, "event") for e in fresh.events.all() if e.sealed] == [None] * 3
    assert set(Message.objects.filter(sealer=f"case:{case.pk}").values_list("body", "to")) == {("", "")}

    assert figures() == before
    assert [n[-6:] for n in ServiceRequest.objects.order_by("pk").values_list("number", flat=True)] == ["000001", "000002"]
    assert persons.person_of(ServiceRequest.objects.select_related("key").get(pk=other.pk)).name == "张三丰"
    verify.verify()


def test_no_file_of_it_is_left(world, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = canary_case(world)
    verbs.anonymise(case, by=world.people.head, now=w.MONDAY)
    assert [p for p in Path(tmp_path).rglob("*") if p.is_file()] == []


def test_an_open_case_is_refused_and_so_is_the_clerk(world):
    case = w.new_case(world)
    with pytest.raises(Refused):
        verbs.anonymise(case, by=world.people.head, now=w.MONDAY)
    ended = canary_case(world)
    with pytest.raises(Refused):
        verbs.anonymise(ended, by=world.people.clerk, now=w.MONDAY)
    assert persons.person_of(ServiceRequest.objects.select_related("key").get(pk=ended.pk)).name == CANARIES["name"]


def test_anonymising_twice_is_refused(world):
    case = canary_case(world)
    verbs.anonymise(case, by=world.people.head, now=w.MONDAY)
    with pytest.raises(Refused):
        verbs.anonymise(case, by=world.people.head, now=w.MONDAY)
