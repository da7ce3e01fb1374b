"""Eight processes write to one chain; with the lock on its head taken away they get in each other's way."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection, models

from officials.audit import ChainHead, ChainLink
from officials.audit.verify import verify
from officials.models import User

PROCESSES = 8
VERBS_EACH = 50


@pytest.fixture
def actor(transactional_db):
    user = User(username="job-race", name="Race", staff_no="JR", is_job=True)
    models.Model.save_base(user, raw=True)
    return user


def run(actor, guard):
    """Start all, let them go at once; returns (verbs written, verbs that failed)."""
    connection.close()  # nothing of ours open while they work
    command = [sys.executable, "-m", "tests.support.audit_worker", str(connection.settings_dict["NAME"]), str(actor.pk), str(VERBS_EACH)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    workers = [subprocess.Popen([*command, guard], cwd=settings.BASE_DIR, env=os.environ, **pipes) for _ in range(PROCESSES)]
    for worker in workers:
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    figures = [tuple(map(int, worker.communicate(timeout=240)[0].split())) for worker in workers]
    return sum(w for w, _ in figures), sum(f for _, f in figures)


def test_eight_processes_make_one_unbroken_chain(actor):
    written, failed = run(actor, "guarded")
    assert failed == 0
    assert written == PROCESSES * VERBS_EACH * 9 // 10
    assert list(ChainLink.objects.values_list("seq", flat=True)) == list(range(1, written + 1))
    assert ChainHead.objects.get().seq == written
    assert verify().links == written


def test_without_the_lock_on_the_head_they_collide(actor):
    written, failed = run(actor, "unguarded")
    assert failed > 0
    assert written < PROCESSES * VERBS_EACH * 9 // 10
