"""What the page says of a case that is decided, refused or over: only what an event of it says."""

import pytest

from requests import steps, steps_panel, verbs
from requests.county import verbs as county
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import ServiceRequest
from requests.refusing import operative, outcome_word, outcomes_of
from requests.takers import can_applicant_sign
from services.models import Edition
from tests.support import world as w

pytestmark = pytest.mark.django_db
TUESDAY, WEDNESDAY = w.at("2026-11-03 10:00"), w.at("2026-11-04 10:00")
S, Outcome = ServiceRequest.Status, ServiceRequest.Outcome
STEPS = [
    {"title": "收件与受理审查", "level": "township"},
    {"title": "初审", "actor": "镇民政办", "level": "township"},
    {"title": "资格审定", "actor": "县民政局", "level": "county"},
    {"title": "拨付", "actor": "县财政局", "level": "county"},
    {"title": "结果告知", "actor": "镇民政办", "level": "township"},
    {"title": "竣工验收", "actor": "镇村镇建设办", "level": "township", "counts": "after"},
]  # fmt: skip


@pytest.fixture
def case(client):
    world = w.build()
    found = w.new_case(world, edition=w.another_item(world, "MZ-777", steps=STEPS, item_type=Edition.ItemType.PAYMENT))
    official = world.people.official
    verbs.accept(found, by=world.people.clerk, now=w.MONDAY)
    verbs.start(found, by=official, now=w.MONDAY)
    first = next(step for step in found.edition.steps.all() if step.title == "初审")
    steps.note_step(found, first, words="属实", on=w.MONDAY.date(), by=official, now=w.MONDAY)
    client.force_login(official, "portal.staff_session.StaffBackend")
    found.official = official
    return found


def states(case):
    return {row.title: (row.state, row.said) for row in steps_panel.rows(steps.Road(case), case.official)}


def note(case, title, **more):
    step = next(step for step in case.edition.steps.all() if step.title == title)
    steps.note_step(case, step, **({"words": "已到账", "on": WEDNESDAY.date(), "by": case.official, "now": WEDNESDAY} | more))


def to_the_county(case, outcome, **more):
    county.forward(case, how="exchange", along=[], by=case.official, now=w.MONDAY)
    county.note_county_result(
        case, outcome=outcome, on=TUESDAY.date(), paper="批复", number="1", by=case.official, now=TUESDAY, **more
    )


def test_a_step_behind_the_decision_is_done_when_somebody_writes_it_down_and_the_handing_over_only_hands_over(case, client):
    to_the_county(case, Outcome.PAID, granted=county.Granted("每月420元", None, None))
    now = states(case)
    assert now["资格审定"] == ("done", "2026年11月3日(周二)") and now["拨付"][0] == now["竣工验收"][0] == now["结果告知"][0] == "now"
    page = client.get(case.get_absolute_url()).content.decode()
    assert "登记环节结果：拨付" in page
    with pytest.raises(Refused, match=r"between|之间"):
        note(case, "拨付", on=w.MONDAY.date())
    with pytest.raises(Refused, match=r"no such step|没有这个"):
        note(case, "结果告知")
    verbs.close(case, by=case.official, now=WEDNESDAY)
    # The days stay, whatever becomes of the case; and the payment is still to come.
    assert states(case)["资格审定"] == now["资格审定"] and states(case)["结果告知"] == ("done", "2026年11月4日(周三)")
    assert states(case)["拨付"][0] == "now" and [step.title for step in steps.Road(case).still_to_do] == ["拨付", "竣工验收"]
    sent = {"step": "4", "on": "2026-11-04", "words": "财政局电话：已到账", "who": "县财政局"}
    form = client.get(f"{case.get_absolute_url()}note-step/").content.decode()
    assert "竣工验收" in form
    note(case, "拨付")
    with pytest.raises(AlreadyHandled):
        note(case, "拨付")
    assert states(case)["拨付"] == ("done", "2026年11月4日(周三)") and case.status == S.CLOSED and sent


def test_after_a_refusal_what_was_not_done_does_not_go_on_and_nothing_can_be_written_down(case, client):
    to_the_county(case, Outcome.REFUSED, words="不符合条件")
    verbs.close(case, by=case.official, now=WEDNESDAY)
    now = states(case)
    assert now["资格审定"] == ("decided", "2026年11月3日(周二)") and now["初审"][0] == "done"
    assert {now[title][0] for title in ("拨付", "结果告知", "竣工验收")} == {"cut_off"}
    with pytest.raises(Refused):
        note(case, "拨付")
    page = client.get(case.get_absolute_url()).content.decode()
    assert "不再进行" in page and "登记环节结果" not in page.partition('id="moves"')[2].partition("</section>")[0]


def test_a_withdrawal_cuts_off_what_was_not_done(case):
    verbs.withdraw(case, reason="不办了", by=case.official, now=TUESDAY)
    assert {states(case)[title][0] for title in ("资格审定", "拨付", "结果告知", "竣工验收")} == {"cut_off"}


def test_who_has_died_signs_for_nothing_and_the_day_of_death_stands_on_the_page(client):
    world = w.build()
    deaths = w.another_item(world, "HJ-202", roll=Edition.Roll.DEATH, item_type=Edition.ItemType.CONFIRMATION)
    case = w.new_case(world, edition=deaths)
    official = world.people.official
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    verbs.start(case, by=official, now=w.MONDAY)
    assert can_applicant_sign(case, TUESDAY.date())
    verbs.decide(case, Outcome.CONFIRMED, deceased=w.ZHANG.id_number, died_on=w.MONDAY.date(), by=official, now=TUESDAY)
    assert not can_applicant_sign(case, TUESDAY.date())
    client.force_login(official, "portal.staff_session.StaffBackend")
    page = client.get(f"{case.get_absolute_url()}close/").content.decode()
    assert 'value="applicant"' not in page and 'value="other"' in page
    assert "死亡日期：2026年11月2日" in client.get(case.get_absolute_url()).content.decode()


def test_a_refusal_paper_says_that_it_refuses_in_the_word_of_the_item():
    world = w.build()
    filing = w.another_item(world, "NY-303", name="合同备案", item_type=Edition.ItemType.OTHER_POWER)
    case = w.new_case(world, edition=filing)
    assert [outcome_word(filing, one) for one in outcomes_of(filing)] == ["予以备案", "不予备案"]
    assert operative(case, "refusal_decision").endswith("决定不予备案。") and operative(case, "intake_refusal").endswith("决定不予受理。")
