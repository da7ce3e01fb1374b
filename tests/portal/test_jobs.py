"""The minute job: what is due runs once a day, late or twice does no harm, one that breaks keeps none from running."""

import datetime

import pytest
from django.utils import timezone

from officials.audit import verb
from officials.models import JobRun, OfficeUserObjectPermission
from portal import jobs
from requests.models import HeldForm, ServiceRequest
from tests.support import world as w

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return w.build()


def test_nothing_daily_runs_before_its_time(world):
    assert jobs.tick(w.at("2026-11-24 01:00")) == []


def test_a_day_missed_is_made_up_and_a_second_tick_runs_nothing_again(world):
    late = w.at("2026-11-24 16:00")
    assert {run.name for run in jobs.tick(late)} == {"check_dates", "verify_audit", "drop_rights_of_leavers", "sweep"}
    assert jobs.tick(late + datetime.timedelta(minutes=1)) == []
    assert JobRun.objects.filter(failed=True).count() == 0


def test_a_date_that_was_tampered_with_is_put_right_and_told(world):
    case = w.new_case(world)
    right = case.due_on
    with verb("tamper", by=world.people.head, now=w.MONDAY):
        case.due_on, case.due_at = right + datetime.timedelta(days=30), case.due_at + datetime.timedelta(days=30)
        case.save()
    assert jobs.check_dates(w.MONDAY) == {"looked": 1, "moved": 1}
    assert ServiceRequest.objects.get(pk=case.pk).due_on == right


def test_a_leaver_loses_the_rights(world):
    person = world.people.deputy
    with verb("close_account", by=world.people.head, now=w.MONDAY):
        person.is_active = False
        person.save()
    assert jobs.drop_rights_of_leavers(w.MONDAY)["dropped"] > 0
    assert not OfficeUserObjectPermission.objects.filter(user=person).exists()


def test_old_half_filled_forms_are_thrown_away(world):
    now = timezone.now()
    for days in (1, 31):
        HeldForm.objects.create(owner=world.people.clerk, path=f"/{days}/", sealed="x", held_at=now - datetime.timedelta(days=days))
    jobs.sweep(now)
    assert list(HeldForm.objects.values_list("path", flat=True)) == ["/1/"]


def test_a_job_that_breaks_is_noted_and_the_others_run(world, monkeypatch, caplog):
    broken = jobs.Job("broken", datetime.time(0, 1), "breaks", lambda now: 1 / 0)
    monkeypatch.setattr(jobs, "JOBS", (broken, *jobs.JOBS))
    runs = {run.name: run for run in jobs.tick(w.at("2026-11-24 16:00"))}
    assert runs["broken"].failed and runs["broken"].report == {"error": "ZeroDivisionError"}
    assert not runs["sweep"].failed
