"""办理环节: the ordinary steps of an item in their order, what came of each, and which is due."""

import pytest

from requests import steps, steps_panel, verbs
from requests.county import verbs as county
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Event
from tests.support import world as w

pytestmark = pytest.mark.django_db
TUESDAY = w.at("2026-11-03 10:00")
STEPS = [
    {"title": "收件与受理审查", "level": "township"},
    {"title": "信息核对", "actor": "县核对机构", "level": "county", "group": "P1", "value": 5, "unit": "working_day"},
    {"title": "材料初核", "actor": "镇民政办", "level": "township", "group": "P1", "value": 5, "unit": "working_day"},
    {"title": "民主评议", "level": "township", "condition": "有争议时", "value": 3, "unit": "working_day"},
    {"title": "县级审核", "level": "county", "value": 2, "unit": "working_day"},
    {"title": "资金拨付", "actor": "县财政局", "level": "county"},
    {"title": "发放登记", "level": "township"},
]  # fmt: skip


@pytest.fixture
def case(client):
    world = w.build()
    found = w.new_case(world, edition=w.another_item(world, "MZ-777", steps=STEPS))
    verbs.accept(found, by=world.people.clerk, now=w.MONDAY)
    verbs.start(found, by=world.people.official, now=w.MONDAY)
    client.force_login(world.people.official, "portal.staff_session.StaffBackend")
    found.official = world.people.official
    return found


def note(case, title, **more):
    step = next(step for step in case.edition.steps.all() if step.title == title)
    said = {"words": f"{title}无异议", "on": TUESDAY.date(), "by": case.official, "now": TUESDAY} | more
    steps.note_step(case, step, **said)


def test_note_step_goes_through_our_part_in_its_order_and_leaves_the_rest_alone(case):
    road = steps.Road(case)
    assert [[step.title for step in stage.steps] for stage in road.part] == [["信息核对", "材料初核"], ["民主评议"]]
    # What is ours to do comes first; the county's answer is waited for beside it.
    assert [step.title for step in road.due] == ["材料初核", "信息核对"]
    for title in ("收件与受理审查", "县级审核", "发放登记"):
        with pytest.raises(Refused, match=r"no such step|没有这个"):
            note(case, title)
    for more in ({"words": " "}, {"on": w.at("2026-11-04 09:00").date()}, {"left_out": True}):
        with pytest.raises(Refused):
            note(case, "材料初核", **more)
    note(case, "材料初核", who="王组长")
    with pytest.raises(AlreadyHandled):
        note(case, "材料初核")
    note(case, "信息核对")
    note(case, "民主评议", left_out=True, words="没有争议")
    event = Event.objects.filter(verb="note_step").first()
    assert event.facts == {"step": 3, "step_title": "材料初核", "on": "2026-11-03"} and "无异议" not in event.sealed
    assert steps.Road(case).undone == []


def test_the_page_leads_through_the_steps_and_who_carries_it_on_reads_what_came_of_them(case, client):
    page = client.get(case.get_absolute_url()).content.decode()
    assert "登记环节结果：材料初核" in page and "启动特别程序" not in page
    assert "还没有登记结果：民主评议" in client.get(f"{case.get_absolute_url()}forward/").content.decode()
    sent = {"step": "3", "done": "done", "on": "2026-11-01", "words": "材料属实"}
    early = client.post(f"{case.get_absolute_url()}note-step/", sent)
    assert early.status_code == 422 and "材料属实" in early.content.decode()
    note(case, "材料初核", words="材料属实")
    assert "材料属实" in client.get(f"{case.get_absolute_url()}forward/").content.decode()
    county.forward(case, how="exchange", along=[], by=case.official, now=TUESDAY)
    page = client.get(case.get_absolute_url()).content.decode()
    assert "登记环节结果" not in page.partition('id="timeline"')[0].partition('id="moves"')[2].partition("</section>")[0]
    assert "没有登记结果" in page
    day = TUESDAY.date()
    county.note_county_result(case, outcome="confirmed", paper="确认通知", number="1号", on=day, by=case.official, now=TUESDAY)
    rows = {row.title: row for row in steps_panel.rows(steps.Road(case), case.official)}
    assert rows["县级审核"].state == "done" and rows["县级审核"].said, "with its day"
    assert rows["资金拨付"].state == "now" and rows["资金拨付"].actions, "confirmed is not paid: it waits to be written down"
