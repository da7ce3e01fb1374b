"""The parts of script/proof in a tiny form, so that the long form still runs when somebody needs it."""

import json

import pytest

from requests.lifecycle import TRANSITIONS
from requests.models import Document
from tests.proof import papers, reception, report, walks
from tests.support import clock_cases
from tests.support import world as w

SEED = "in the suite"


@pytest.mark.once
def test_clock_and_oracle_agree_on_a_few_hundred_cases():
    assert clock_cases.play(SEED, range(250)) == []


@pytest.mark.once
@pytest.mark.parametrize("wrong", clock_cases.WRONG)
def test_a_wrong_rule_of_the_clock_is_found(wrong):
    assert clock_cases.play(SEED, range(60), wrong)


@pytest.mark.once
def test_what_the_walks_did_is_added_up_and_a_part_that_broke_is_missed(tmp_path):
    for part in range(walks.PARTS):
        tally = {"sequences": 2, "verbs": {"application accept": 3}}
        (tmp_path / f"part-{part}.json").write_text(json.dumps(tally))
    lines = walks.run("SQLite", 10, tmp_path, 0)
    assert all(line.holds for line in lines)
    said = {line.what: line.found for line in lines}
    assert said["sequences of 50 steps"] == 10
    assert said[f"application: 1 of {len(TRANSITIONS['application'])} verbs met"] == "accept 15"
    (tmp_path / "part-3.json").unlink()
    broken, fewer = [line for line in walks.run("SQLite", 10, tmp_path, 1) if line.must]
    assert (broken.found, broken.holds, fewer.found, fewer.holds) == (1, False, 8, False)


@pytest.mark.once
def test_a_claim_that_does_not_hold_is_marked_and_counted(tmp_path):
    report.add([report.Line("clock", "differences", 0, "0"), report.Line("clock", "seconds", 3)], tmp_path / "lines")
    report.add([report.Line("papers", "median", "400 ms", "300 ms", holds=False)], tmp_path / "lines")
    table = report.table(report.read(tmp_path / "lines"))
    assert "ok   differences: 0" in table and "MISS median: 400 ms" in table
    assert table.endswith("1 of 2 claims hold, 1 MISSED")


@pytest.mark.django_db(transaction=True)
def test_a_reception_day_of_a_dozen_people_loses_nobody(live_server):
    world, day = w.build(), reception.AsWas(200)
    ground = reception.prepare(day, 2, reception=world.reception, centre=world.centre, leader=("supervisor", w.PASSWORD))
    log, outing, took = reception.hold(live_server.url, ground, day, 0.5)
    missed = [line for line in reception.judge("tiny", log, outing, took, day, 60) if not line.holds]
    assert (missed, log.faults) == ([], [])
    assert log.sums[-1] == (5, 3, 2)
    # A number that was acknowledged and is gone, and one that nobody was told, are both missed.
    log.registered["990199101-2026-999999"] = log.registered.pop(next(iter(log.registered)))
    missed = {line.what for line in reception.judge("tiny", log, outing, took, day, 60) if not line.holds}
    assert missed == {"of them not in the database", "in the database and never acknowledged"}


@pytest.mark.once
@pytest.mark.django_db
def test_papers_are_printed_and_timed():
    lines = papers.measure(w.build(), 1, [Document.Kind.CLOSING])
    assert [line for line in lines if line.must and "pages 1" not in line.what and "prints of one page" not in line.what] == []
    assert sum(line.what.endswith("pages 1") for line in lines) >= 6
