"""What one person does while another, or a job, was about to do something with the same cases."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from officials.audit import verb
from portal import jobs, pins
from requests import deadlines, passing_on, receipts, verbs
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Document, ServiceRequest
from tests.support import world as w

pytestmark = pytest.mark.django_db
NEXT_DAY = w.MONDAY + datetime.timedelta(days=1)


@pytest.fixture
def world(db):
    return w.build()


def test_a_case_that_ends_during_the_nightly_check_stops_no_other(world, monkeypatch):
    cases = [w.new_case(world) for _ in range(3)]
    with verb("tamper", by=world.people.head, now=w.MONDAY):
        for case in cases:
            case.due_on, case.due_at = case.due_on + datetime.timedelta(days=30), case.due_at + datetime.timedelta(days=30)
            case.save()
    monkeypatch.setattr(jobs, "PIECE", 2)
    plain = deadlines.differing

    def slow(found, calendar):
        moved = plain(found, calendar)
        if found[0].pk == cases[0].pk:
            verbs.withdraw(ServiceRequest.objects.get(pk=cases[0].pk), reason="不办了", by=world.people.clerk, now=w.MONDAY)
        return moved

    monkeypatch.setattr(deadlines, "differing", slow)
    assert jobs.check_dates(NEXT_DAY) == {"looked": 3, "moved": 2}


def test_a_case_given_to_a_third_person_meanwhile_does_not_go_to_the_deputy(world, monkeypatch):
    people = world.people
    cases = [w.new_case(world) for _ in range(2)]
    plain = passing_on.deputy_for

    def slow(case):
        if case.pk == cases[1].pk:
            verbs.assign(ServiceRequest.objects.get(pk=case.pk), people.head, by=people.head, now=w.MONDAY)
        return plain(case)

    monkeypatch.setattr(passing_on, "deputy_for", slow)
    moved = passing_on.hand_over(people.official, office=world.civil, by=people.official, now=w.MONDAY)
    assert moved == [cases[0]]
    assert dict(ServiceRequest.objects.values_list("pk", "holder_id")) == {cases[0].pk: people.deputy.pk, cases[1].pk: people.head.pk}
    stale = ServiceRequest.objects.select_related("edition__post__deputy").get(pk=cases[1].pk)
    stale.holder_id = people.official.pk
    with pytest.raises(AlreadyHandled):
        passing_on.to_deputy(stale, people.deputy, by=people.official, now=w.MONDAY)


def test_a_case_that_went_to_another_office_meanwhile_stops_nobody(world, monkeypatch):
    people = world.people
    cases = [w.new_case(world) for _ in range(3)]
    plain = passing_on.to_deputy

    def moved_away(case, deputy, **options):
        if case.pk == cases[1].pk:
            raise Refused("This belongs to another office.")
        plain(case, deputy, **options)

    monkeypatch.setattr(passing_on, "to_deputy", moved_away)
    moved = passing_on.hand_over(people.official, office=world.civil, by=people.official, now=w.MONDAY)
    assert {case.pk for case in moved} == {cases[0].pk, cases[2].pk}
    # Whoever may not do it at all is told so.
    with pytest.raises(Refused):
        passing_on.hand_over(people.official, office=world.civil, by=people.outsider, now=w.MONDAY)


def test_a_paper_of_another_case_is_never_printed_for_this_one(world, monkeypatch):
    """Eight letters of a check code may meet by chance."""
    first, second = (w.new_case(world) for _ in range(2))
    receipts.issue(first, layout="80mm", by=world.people.clerk, now=w.MONDAY)
    code = Document.objects.get().check_code
    monkeypatch.setattr(receipts.sheets, "receipt_check_code", lambda data: code)
    with pytest.raises(Exception, match=r"(?i)check_code|unique"):
        receipts.issue(second, layout="80mm", by=world.people.clerk, now=w.MONDAY)


def test_locks_on_rows_that_others_point_at_keep_nobody_from_pointing(world):
    """A full lock on a person waits for whoever writes a link about that person, who waits for the head we are about to lock."""
    with CaptureQueriesContext(connection) as asked:
        pins.set_pin(world.people.clerk, "4711", now=w.MONDAY)
        pins.is_right(world.people.clerk, "4711", w.MONDAY)
    locks = [query["sql"] for query in asked if "officials_user" in query["sql"] and " FOR " in query["sql"]]
    assert all("FOR NO KEY UPDATE" in sql for sql in locks)
    assert bool(locks) == (connection.vendor == "postgresql")
