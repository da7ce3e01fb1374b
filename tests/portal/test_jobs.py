"""The minute job: what is due runs once a day, late or twice does no harm, one that breaks keeps none from running."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from officials.audit import verb
from officials.models import JobRun, OfficeUserObjectPermission
from portal import jobs
from requests import throttle
from requests.models import HeldForm, ServiceRequest, TrackingAttempt
from tests.support import world as w
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return w.build()


def test_nothing_daily_runs_before_its_time(world):
    assert jobs.tick(w.at("2026-11-24 01:00")) == []


def test_a_day_missed_is_made_up_and_a_second_tick_runs_nothing_again(world):
    late = w.at("2026-11-24 16:00")
    daily = {"check_dates", "late_notices", "owed_materials", "verify_audit", "drop_rights_of_leavers", "village_days", "urging", "sweep"}
    assert {run.name for run in jobs.tick(late)} == daily
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


def test_old_half_filled_forms_and_old_attempts_are_thrown_away(world):
    now = timezone.now()
    for days in (1, 31):
        HeldForm.objects.create(owner=world.people.clerk, path=f"/{days}/", sealed="x", held_at=now - datetime.timedelta(days=days))
    for days in (0, 2):
        throttle.charge([(throttle.TRACK_NUMBER, "990199101-2026-000001")], now - datetime.timedelta(days=days))
    assert jobs.sweep(now) == {"held_forms": 1, "attempts": 1}
    assert TrackingAttempt.objects.count() == 1
    assert list(HeldForm.objects.values_list("path", flat=True)) == ["/1/"]


def test_a_job_that_breaks_is_noted_and_the_others_run(world, monkeypatch, caplog):
    broken = jobs.Job("broken", datetime.time(0, 1), "breaks", lambda now: 1 / 0)
    monkeypatch.setattr(jobs, "JOBS", (broken, *jobs.JOBS))
    runs = {run.name: run for run in jobs.tick(w.at("2026-11-24 16:00"))}
    assert runs["broken"].failed and runs["broken"].report == {"error": "ZeroDivisionError"}
    assert not runs["sweep"].failed


def test_the_nightly_check_asks_no_more_for_many_cases_than_for_few(world):
    queries = {}
    for count in (5, 50):
        while ServiceRequest.objects.count() < count:
            w.new_case(world)
        with CaptureQueriesContext(connection) as asked:
            assert jobs.check_dates(w.MONDAY) == {"looked": count, "moved": 0}
        queries[count] = len(asked)
    assert queries[50] <= queries[5]


def dying(now):
    raise KeyboardInterrupt  # as the machine does it: nothing after it is written


def test_a_job_that_died_with_its_machine_runs_again_after_half_an_hour(world, monkeypatch):
    began, ran = w.at("2026-11-24 16:00"), []
    monkeypatch.setattr(jobs, "JOBS", (jobs.Job("checks", datetime.time(0, 1), "dies", dying),))
    with pytest.raises(KeyboardInterrupt):
        jobs.tick(began)
    monkeypatch.setattr(jobs, "JOBS", (jobs.Job("checks", datetime.time(0, 1), "lives", lambda now: ran.append(now) or {"looked": 1}),))
    assert jobs.tick(began + datetime.timedelta(minutes=29)) == []
    again = began + datetime.timedelta(minutes=31)
    assert [run.report for run in jobs.tick(again)] == [{"looked": 1}]
    assert jobs.tick(again + datetime.timedelta(hours=2)) == [] and ran == [again]
    run = JobRun.objects.get()
    assert run.ended_at is not None and not run.failed and run.began_at == again


def test_a_slow_run_whose_claim_was_taken_over_writes_nothing_over_the_new_one(world, monkeypatch):
    began = w.at("2026-11-24 16:00")
    later = began + datetime.timedelta(hours=1)

    def slow(now):
        JobRun.objects.update(began_at=later)
        return {"looked": 1}

    monkeypatch.setattr(jobs, "JOBS", (jobs.Job("checks", datetime.time(0, 1), "is slow", slow),))
    jobs.tick(began)
    assert JobRun.objects.get().ended_at is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("died", [False, True])
def test_of_many_ticks_at_once_one_runs_the_job(monkeypatch, died):
    began, ran = w.at("2026-11-24 16:00"), []
    job = jobs.Job("checks", datetime.time(0, 1), "counts", lambda now: ran.append(now) or {})
    monkeypatch.setattr(jobs, "JOBS", (job,))
    if died:
        JobRun.objects.create(name="checks", period="2026-11-24", began_at=began - datetime.timedelta(hours=1))

    at_once(6, lambda: jobs.tick(began))
    assert ran == [began]
