"""Joint handling: shared steps as tasks of their offices, each with its own date, one lead office, one overall date."""

from types import SimpleNamespace

import pytest
import time_machine

from officials import staffing
from officials.audit import verb
from officials.models import Post, User
from requests import covering as covering_all
from requests import standing_in, steps, verbs
from requests.joint import covering, plan, tasks
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Event, Pause, ServiceRequest, Task
from requests.permissions import sees_in_full, sees_whole, visible
from services.flow import stages
from services.models import Step
from tests.support import joint as j
from tests.support import stage
from tests.support import world as w

pytestmark = pytest.mark.django_db
AT = w.at("2026-11-04 10:00")


@pytest.fixture
def joint(db):
    return j.build()


def statuses(case):
    return {task.step.title[:2]: task.status for task in Task.objects.filter(service_request=case).select_related("step")}


def fresh(person):
    return User.objects.get(pk=person.pk)


def test_house_building_runs_in_fifteen_days_with_four_tasks_side_by_side_one_of_them_conditional(joint):
    """S4: accepted on Monday 2 November, promised for the 23rd. The visit takes three days, the four reviews five together."""
    case, p = joint.case(), joint.people
    assert str(case.promised_on) == str(case.due_on) == "2026-11-23"
    assert sum(plan.length(one, "working_day") for one in stages(joint.house.steps.all())) == 15 == joint.house.promised_value
    assert statuses(case) == {"资格": "open", "规划": "open", "建房": "open", "林业": "waiting"}
    land = j.task(case, "规划")
    assert (land.office, land.holder, str(land.due_on)) == (joint.offices["land"], p.land, "2026-11-12")

    with pytest.raises(Refused, match=r"资格条件审查\(农业农村办\).*林业"):
        verbs.decide(case, "granted", by=p.lead, now=AT)
    forest = j.task(case, "林业")
    tasks.begin_task(case, forest, joint.offices["forest"], by=p.lead, now=AT)
    forest.refresh_from_db()
    assert (forest.status, forest.holder, str(forest.due_on)) == ("open", p.forest, "2026-11-12")

    together = next(step for step in joint.house.steps.all() if step.title == "联审会商")
    met = {"words": "一致同意", "on": AT.date(), "by": p.lead, "now": AT}
    with pytest.raises(Refused, match="资格条件审查"):  # it rests on the opinions of all of them
        steps.note_step(case, together, who="四家", **met)
    assert together not in steps.Road(case).to_note()
    for who, title in ((p.farm, "资格"), (p.land, "规划"), (p.lead, "建房"), (p.forest, "林业")):
        tasks.finish_task(case, j.task(case, title), "同意", by=who, now=AT)
    with pytest.raises(Refused, match=r"who took part|参加"):
        steps.note_step(case, together, **met)
    steps.note_step(case, together, who="四家", **met)
    opinions = [line for line in steps.say_results(steps.Road(case)) if line.startswith("规划与用途审查")]
    assert opinions and "自然资源所" in opinions[0] and "同意" in opinions[0], "who decides reads what every office found"
    verbs.decide(case, "granted", by=p.lead, now=w.at("2026-11-20 10:00"))
    assert case.status == "decided" and Event.objects.get(service_request=case, verb="decide").facts["late"] is False


def test_a_conditional_step_that_does_not_apply_is_left_out_with_its_reason_and_no_other_is(joint):
    case, p = joint.case(), joint.people
    with pytest.raises(Refused, match=r"[Ss]ay why|为什么"):
        tasks.skip_task(case, j.task(case, "林业"), " ", by=p.lead, now=AT)
    with pytest.raises(Refused):
        tasks.skip_task(case, j.task(case, "林业"), "不涉及", by=p.land, now=AT)
    with pytest.raises(Refused, match=r"every case|都要"):
        tasks.skip_task(case, j.task(case, "规划"), "赶时间", by=p.lead, now=AT)
    tasks.skip_task(case, j.task(case, "林业"), "地块不在林区", by=p.lead, now=AT)
    left_out = j.task(case, "林业")
    assert (left_out.status, left_out.ended_by, tasks.words_of(case, left_out)) == ("not_needed", p.lead, "地块不在林区")
    assert "地块" not in left_out.sealed


def test_a_task_is_finished_by_its_own_office_once_and_with_words(joint):
    case, p = joint.case(), joint.people
    land = j.task(case, "规划")
    with pytest.raises(Refused, match="自然资源所"):
        tasks.finish_task(case, land, "同意", by=p.farm, now=AT)
    with pytest.raises(Refused):
        tasks.finish_task(case, land, "同意", by=joint.world.people.clerk, now=AT)
    with pytest.raises(Refused):
        tasks.finish_task(case, land, "", by=p.land, now=AT)
    tasks.finish_task(case, land, "符合村庄规划", by=p.land2, now=AT)
    with pytest.raises(AlreadyHandled):
        tasks.finish_task(case, j.task(case, "规划"), "又一次", by=p.lead_head, now=AT)
    assert tasks.words_of(case, j.task(case, "规划")) == "符合村庄规划"


def test_the_head_of_the_task_s_office_gives_it_to_another_person(joint):
    case, p = joint.case(), joint.people
    land = j.task(case, "规划")
    for by, to in ((p.lead_head, p.land2), (p.land, p.land2), (p.land_head, p.farm), (p.land_head, p.land)):
        with pytest.raises(Refused):
            tasks.give_task(case, land, to, by=by, now=AT)
    tasks.give_task(case, land, p.land2, by=p.land_head, now=AT)
    assert j.task(case, "规划").holder == p.land2


def test_an_office_sees_the_case_while_its_task_is_open_and_no_longer(joint):
    """Every door, opened and closed by the one predicate; the item is sensitive, so seeing it whole depends on the task too."""
    case, p = joint.case(person=stage.SECRETIVE), joint.people
    with time_machine.travel(AT, tick=False):
        land, forest = stage.signed_in(fresh(p.land)), stage.signed_in(fresh(p.forest))
        for doorway in ("", "text/", "reveal/", "finish-task/"):
            assert land.get(f"/desk/{case.number}/{doorway}").status_code == 200, doorway
            assert forest.get(f"/desk/{case.number}/{doorway}").status_code == 404, doorway
        assert land.get(f"/desk/{case.number}/decide/").status_code == 403
        mine = land.get("/desk/mine/").content.decode()
        assert "规划与用途审查" in mine and case.number in land.get("/desk/").content.decode()
        assert case.number in land.get("/desk/mine/?who=all").content.decode()
        assert "规划与用途审查" not in stage.signed_in(fresh(p.lead)).get("/desk/mine/").content.decode()
        said = {"task": j.task(case, "规划").pk, "finding": "地块在规划区外"}
        assert land.post(f"/desk/{case.number}/finish-task/", said).status_code == 422, "an office says whether it agrees"
        assert land.post(f"/desk/{case.number}/finish-task/", said | {"opinion": "against"}).status_code == 302
        assert tasks.words_of(case, j.task(case, "规划")) == "不同意：地块在规划区外"
        assert land.get(f"/desk/{case.number}/").status_code == 404
    assert not visible(fresh(p.land)).exists()
    assert not sees_whole(fresh(p.land), ServiceRequest.objects.get(pk=case.pk))
    assert not sees_in_full(fresh(p.land), ServiceRequest.objects.get(pk=case.pk))
    tasks.finish_task(case, j.task(case, "资格"), "同意", by=p.farm, now=AT)
    with time_machine.travel(AT, tick=False):
        page = stage.signed_in(fresh(p.lead)).get(f"/desk/{case.number}/").content.decode()
    assert "同意" in page and "农业农村办" in page and "涉及林业" in page


def test_a_case_of_other_offices_is_not_decided_before_they_have_their_tasks(joint):
    case = w.new_case(joint.world, edition=joint.house)
    joint.hung_in_the_village(case)
    verbs.accept(case, by=joint.world.people.clerk, now=w.MONDAY)
    with pytest.raises(Refused, match=r"[Oo]ther offices|其他站所"):
        verbs.decide(case, "granted", by=joint.people.lead, now=AT)


def test_tasks_end_with_a_case_that_is_withdrawn(joint):
    case = joint.case()
    verbs.withdraw(case, reason="不建了", by=joint.world.people.clerk, now=AT)
    assert set(statuses(case).values()) == {"not_needed"}
    assert not visible(fresh(joint.people.land)).exists()


def test_a_pause_of_the_case_holds_its_tasks_up_and_taking_it_in_hand_late_costs_the_other_offices_nothing(joint):
    case = joint.case()
    with verb("hold", by=joint.people.lead, now=AT):
        for starts, day in ((True, "2026-11-04 09:00"), (False, "2026-11-06 09:00")):
            Pause.objects.create(service_request=case, starts=starts, at=w.at(day), reason="听证", by=joint.people.lead)
    verbs.redate(case, by=User.objects.job("setup"), now=w.at("2026-11-06 09:00"))
    assert str(j.task(case, "规划").due_on) == "2026-11-17"

    late = w.new_case(joint.world, edition=joint.house)
    joint.hung_in_the_village(late)
    verbs.accept(late, by=joint.world.people.clerk, now=w.MONDAY)
    verbs.start(late, by=joint.people.lead, now=w.at("2026-11-09 09:00"))
    assert str(j.task(late, "规划").due_on) == "2026-11-16", "five days from the day they were given it"


@pytest.mark.once
def test_the_stages_of_a_shared_item_share_out_the_promise():
    def step(pk, value=None, office=None, group="", counts="counts", level="township"):
        return Step(pk=pk, position=pk, value=value, unit="working_day", office_id=office, group=group, counts=counts, level=level)

    side_by_side = [step(3, 5, 10, "P"), step(4, 4, 9, "P"), step(5, 10, None, "P", level="county")]
    steps = [step(1, office=9), step(2, 3, 9), *side_by_side, step(6, 2, 9)]
    found = [(part.step.pk, part.offset) for part in plan.parts(steps, 9, "working_day")]
    assert found == [(3, 3), (4, 3)], "the county's part is no task, the own one beside it is"
    assert plan.parts(steps[:2], 9, "working_day") == []
    assert plan.parts([step(1, 5, 10, counts="before"), step(2, 5, 10, counts="after")], 9, "working_day") == []
    assert plan.length(SimpleNamespace(steps=side_by_side), "working_day") == 10


def test_hand_over_task_takes_the_tasks_of_who_is_away_to_the_deputy_or_the_third_person_and_back(joint):
    case, p = joint.case(), joint.people
    farm, land = j.task(case, "资格"), j.task(case, "规划")
    staffing.say_where(p.farm, "village", since=AT, until=None, by=p.farm, now=AT)
    with pytest.raises(Refused):
        covering.hand_over_task(farm, p.farm2, by=p.land, now=AT)  # not of that office
    assert covering_all.hand_over(p.farm, office=joint.offices["farm"], by=p.farm, now=AT) == [farm]
    farm.refresh_from_db()
    assert (farm.holder, case.events.last().facts) == (p.farm2, {"task": farm.pk, "before": p.farm.pk, "holder": p.farm2.pk})
    with pytest.raises(AlreadyHandled):  # somebody took it over on another page
        covering.hand_over_task(Task(pk=farm.pk, service_request=case, holder=p.farm), p.farm2, by=p.farm, now=AT)
    with pytest.raises(Refused, match="不在岗"):
        covering_all.take_back(p.farm, office=joint.offices["farm"], by=p.farm2, now=AT)
    staffing.say_where(p.farm, "desk", since=AT, until=None, by=p.farm, now=AT)
    covering_all.take_back(p.farm, office=joint.offices["farm"], by=p.farm, now=AT)
    tasks.give_task(case, farm, p.farm2, by=p.farm_head, now=AT)  # by name: this one stays
    assert covering.held_for(p.farm, {joint.offices["farm"].pk}) == []
    for person in (p.land, p.land2):
        staffing.say_where(person, "village", since=AT, until=None, by=person, now=AT)
    said = {"until": w.at("2026-11-05 10:00"), "scope": "handle", "why": "都下村", "by": p.land_head, "now": AT}
    standing_in.name_third(Post.objects.get(office=joint.offices["land"]), p.forest, **said)
    land.refresh_from_db()
    assert land.holder == p.forest
    staffing.say_where(p.land, "desk", since=AT, until=None, by=p.land, now=AT)
    standing_in.settle(AT)
    land.refresh_from_db()
    assert (land.holder, case.events.last().verb) == (p.land, "give_task_back")
