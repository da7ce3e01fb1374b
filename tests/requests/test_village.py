"""The village agent: logs for the own village on a mandate, sees those cases only, and only to the end. Bundles, and the two receipts."""

from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from officials.audit import verb
from officials.models import AccessRecord, Office, User
from officials.permissions import give_role
from requests import deadlines, persons, receipts, statistics, verbs
from requests.day import Day, cases
from requests.intake import AGENT_RELATION
from requests.lifecycle import Refused
from requests.materials import missing_lines
from requests.models import BundleLine, MaterialReceipt, ServiceRequest
from requests.permissions import visible
from requests.village import bundles, lists, mandates
from requests.village.bundles import Counted
from requests.village.letters import Given
from services import publication
from services.content import content_of
from services.models import ChannelRule
from tests.support import stage
from tests.support import world as w

pytestmark = pytest.mark.django_db
S = ServiceRequest.Status
TUESDAY, WEDNESDAY = w.at("2026-11-03 10:00"), w.at("2026-11-04 09:30")
WHOLE = Given(scope="whole", letter="sent", valid_from=w.MONDAY.date())


@pytest.fixture
def world():
    return w.build()


@pytest.fixture
def clock(time_machine):
    time_machine.move_to(TUESDAY, tick=False)
    return time_machine


def _fresh(user) -> User:
    return User.objects.get(pk=user.pk)


def _other_village(world) -> Office:
    with verb("set_up", by=User.objects.job("setup"), now=w.MONDAY):
        office = Office(township=world.township, code="V02", name="荷塘村", kind="village", parent=world.centre)
        office.save()
    return office


def _form(client, world, **more) -> dict[str, str]:
    page = client.get(f"/desk/new/{world.certificate.item.code}/")
    token = page.context["form"]["form_token"].value()
    return {
        "form_token": token, "edition": str(world.certificate.pk), "everything": "on", "name": "李阿婆", "id_number": w.ZHANG.id_number,
        "phone": "12345678901", "village": str(world.village.pk), "scope": "whole", "letter": "kept", "then": "accept",
    } | more  # fmt: skip


# -- logging ----------------------------------------------------------------------------------------------------


def test_mediation_in_the_village_goes_the_way_of_the_window(world, clock):
    client = stage.signed_in(world.people.agent)
    assert client.get("/desk/new/SF-001/").url == client.post("/desk/new/SF-001/", {}).url == "/desk/mediation/"
    token = client.get("/desk/mediation/").context["form"]["form_token"].value()
    said = {"form_token": token, "name": "王五福", "other_name": "赵六", "words": "院墙占道", "channel": "village", "dispute": "neighbours"}
    client.post("/desk/mediation/", said | {"office": world.civil.pk})
    case = ServiceRequest.objects.get()
    assert (case.kind, case.village, case.intake_office) == ("mediation", world.village, world.reception)
    page = client.get(f"/desk/{case.number}/").content.decode()
    assert "院墙占道" not in page and "王" not in page, "as at the window: only the mediation office reads what it is about"


def test_the_agent_logs_on_the_page_of_the_window_and_lands_in_the_own_room(world, clock):
    client = stage.signed_in(world.people.agent)
    assert client.get("/desk/").url == "/desk/village/"
    answer = client.post(f"/desk/new/{world.certificate.item.code}/", _form(client, world))
    case = ServiceRequest.objects.get()
    assert answer.url == f"/desk/{case.number}/receipt/"
    # Not accepted although the form said so: that is the township's.
    assert (case.status, case.channel, case.intake_office, case.village_received_at) == (S.AT_VILLAGE, "village", world.reception, TUESDAY)
    assert (case.due_at, case.mandates.get().agent) == (None, world.people.agent)
    assert persons.person_of(case).representative["relation"] == AGENT_RELATION
    room = client.get("/desk/village/").content.decode()
    assert case.number in room and "2026年11月6日" in room  # three working days to bring it


def test_without_a_letter_or_for_another_village_nothing_is_logged(world, clock):
    client, other = stage.signed_in(world.people.agent), _other_village(world)
    address = f"/desk/new/{world.certificate.item.code}/"
    for wrong in ({"letter": ""}, {"village": str(other.pk)}, {"village": ""}):
        answer = client.post(address, _form(client, world, **wrong))
        assert answer.status_code == 422
        assert ("委托书" if "letter" in wrong else "本村") in answer.content.decode()
    assert not ServiceRequest.objects.exists()


def test_what_the_law_wants_in_person_is_refused_to_the_agent(world):
    with verb("set_up", by=world.people.editor, now=w.MONDAY):
        ChannelRule(township=world.township, kind="in_person", stage="intake", text="领证须本人到场。", items=["MZ-009"]).save()
    with pytest.raises(Refused, match="本人到场"):
        w.village_case(world, edition=world.certificate)
    assert not ServiceRequest.objects.exists()


def test_the_agent_sees_neither_the_reception_nor_any_case_but_the_own(world, clock):
    strangers = w.new_case(world, person=replace(w.ZHANG, village_id=world.village.pk))
    own = w.village_case(world)
    client = stage.signed_in(world.people.agent)
    assert client.get(f"/desk/{strangers.number}/").status_code == 404
    assert [case.pk for case in visible(_fresh(world.people.agent))] == [own.pk]
    for address in ("/desk/consult/", "/desk/slips/", "/desk/day-end/", "/ledger/", "/overdue/"):
        assert client.get(address).status_code == 403, address
    page = client.get(f"/desk/{own.number}/").content.decode()
    assert "张三丰" not in page and "张" in page
    answer = client.post(f"/desk/{own.number}/reveal/", {"reason": "call"})
    assert "张三丰" in answer.content.decode()
    assert AccessRecord.objects.get().by == world.people.agent


# -- the mandate ------------------------------------------------------------------------------------------------


def test_a_suspended_mandate_shuts_the_case_and_a_resumed_one_opens_it(world, clock):
    case, client = w.village_case(world), stage.signed_in(world.people.agent)
    address = f"/desk/{case.number}/"
    assert client.get(address).status_code == 200
    with pytest.raises(Refused):
        mandates.suspend_mandate(case, reason="自己停", by=world.people.agent, now=TUESDAY)
    mandates.suspend_mandate(case, reason="本人外出", by=world.people.clerk, now=TUESDAY)
    assert client.get(address).status_code == 404
    mandates.resume_mandate(case, by=world.people.clerk, now=TUESDAY)
    assert client.get(address).status_code == 200
    mandates.end_mandate(case, "revoked", by=world.people.clerk, now=TUESDAY)
    assert client.get(address).status_code == 404
    assert not persons.person_of(case).representative
    mandates.entrust(case, world.people.agent, WHOLE, by=world.people.clerk, now=TUESDAY)
    assert client.get(address).status_code == 200


def test_a_mandate_with_a_last_day_is_over_on_the_next(world, clock):
    case = w.new_case(world, person=replace(w.ZHANG, village_id=world.village.pk), now=w.MONDAY)
    until = replace(WHOLE, valid_until=TUESDAY.date())
    mandates.entrust(case, world.people.agent, until, by=world.people.clerk, now=TUESDAY)
    assert visible(_fresh(world.people.agent)).exists()
    with pytest.raises(Refused):
        mandates.entrust(case, world.people.agent, WHOLE, by=world.people.clerk, now=TUESDAY)  # one at a time
    clock.move_to(WEDNESDAY, tick=False)
    assert not visible(_fresh(world.people.agent)).exists()


def test_the_agent_brings_the_result_home_and_sees_the_case_no_more(world, clock):
    case, people = w.village_case(world), world.people
    client = stage.signed_in(people.agent)
    bundles.arrive(case, by=people.clerk, now=TUESDAY)
    verbs.accept(case, by=people.clerk, now=TUESDAY)
    verbs.start(case, by=people.official, now=TUESDAY)
    verbs.decide(case, "confirmed", by=people.official, now=TUESDAY)
    page = client.get("/desk/village/").content.decode()
    assert page.index("results") < page.index(case.number) < page.index('id="running"')
    with pytest.raises(Refused):
        mandates.bring_result(case, by=people.official, now=TUESDAY)
    assert client.post(f"/desk/{case.number}/bring-result/", {"how": "送到家里，本人签收"}).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.ended_by) == (S.CLOSED, people.agent)
    # 办结后收回权限: neither on the mandate nor as the first asked.
    for word in ("", "receipt/", "reveal/", "bring-result/"):
        assert client.get(f"/desk/{case.number}/{word}").status_code == 404
    assert case.first_asked == people.agent and not visible(_fresh(people.agent)).exists()


def test_after_a_withdrawal_the_agents_view_ends_too(world, clock):
    case = w.village_case(world)
    verbs.withdraw(case, reason="不办了", by=world.people.clerk, now=TUESDAY)
    assert stage.signed_in(world.people.agent).get(f"/desk/{case.number}/").status_code == 404


# -- two receipts -----------------------------------------------------------------------------------------------


def test_mistake_01_the_townships_clock_begins_with_its_own_receipt_and_both_days_are_said(world, clock):
    case = w.village_case(world)
    assert case.status == S.AT_VILLAGE and case.due_at is None
    assert "镇收件:送到镇里后另计" in receipts.receipt_data(case).received_by
    bundles.arrive(case, by=world.people.clerk, now=WEDNESDAY)
    assert (case.status, case.village_received_at, case.received_at) == (S.RECEIVED, w.MONDAY, WEDNESDAY)
    # Five working days from Wednesday 4 November.
    assert str(case.due_on) == "2026-11-11"
    said = " ".join(line for _due, lines in deadlines.reasons(case) for line in lines)
    assert "2026年11月2日" in said and "2026年11月4日" in said
    page = stage.signed_in(world.people.clerk).get(f"/desk/{case.number}/").content.decode()
    assert "村级收件" in page and "镇收件" in page
    assert "村级收件2026年11月2日" in receipts.receipt_data(case).received_by


def test_where_the_item_says_so_the_villages_receipt_starts_the_clock(world):
    editor, reviewer = world.people.editor, world.people.reviewer
    text = content_of(world.low_income) | {"village_start": "village"}
    draft = publication.start_draft(world.low_income.item, by=editor, now=w.MONDAY, content=text)
    publication.submit(draft, by=editor, now=w.MONDAY)
    edition = publication.publish(draft, by=reviewer, now=w.MONDAY)
    case = w.village_case(world, edition=edition)
    assert str(case.due_on) == "2026-11-09"  # runs while the file is on the way
    bundles.arrive(case, by=world.people.clerk, now=WEDNESDAY)
    assert str(case.due_on) == "2026-11-09"


# -- bundles ----------------------------------------------------------------------------------------------------


def _bundle(world, count=3):
    found = [w.village_case(world, now=w.MONDAY + timedelta(minutes=n)) for n in range(count)]
    return found, bundles.make_bundle(world.village, found, by=world.people.agent, now=TUESDAY)


def test_a_bundle_is_counted_over_in_one_pass_and_its_sums_agree(world, clock):
    files, bundle = _bundle(world, 20)
    people = world.people
    client = stage.signed_in(people.agent)
    assert client.post(f"{bundle.get_absolute_url()}send/").status_code == 302
    assert client.post(bundle.get_absolute_url(), {}).status_code == 403  # who brings it does not take it in
    clerk = stage.signed_in(people.clerk)
    answer = {"everything": "on", "brought_by": str(people.agent.pk), f"found_{files[1].pk}": "not_there"}
    half = clerk.post(bundle.get_absolute_url(), answer | {f"found_{files[0].pk}": "incomplete"})
    assert half.status_code == 422 and not ServiceRequest.objects.filter(status=S.RECEIVED).exists()
    whole = answer | {f"found_{files[0].pk}": "incomplete", f"words_{files[0].pk}": "户口簿少一页"}
    assert clerk.post(bundle.get_absolute_url(), whole).status_code == 302
    assert bundles.sums(bundle) == {"files": 20, "complete": 18, "incomplete": 1, "not_there": 1, "left_out": 0, "to_count": 0}
    assert set(ServiceRequest.objects.filter(status=S.RECEIVED).values_list("received_at", flat=True)) == {TUESDAY}
    files[1].refresh_from_db()
    assert files[1].status == S.AT_VILLAGE
    assert [row.case.pk for row in lists.on_the_way(_fresh(people.clerk), TUESDAY)] == [files[1].pk]  # never lost
    assert clerk.post(bundle.get_absolute_url(), whole).status_code == 409
    page = clerk.get(bundle.get_absolute_url()).content.decode()
    assert "户口簿少一页" in page and people.agent.name in page
    assert "2026年11月" in page and "2026-11-0" not in page


def test_a_file_is_in_one_bundle_at_a_time_and_two_people_count(world, clock):
    files, bundle = _bundle(world)
    people = world.people
    with pytest.raises(Refused):
        bundles.make_bundle(world.village, files[:1], by=people.agent, now=TUESDAY)
    everything = {case.pk: Counted("complete") for case in files}
    wrong = ((None, people.clerk), (people.outsider, people.clerk), (people.agent, people.agent), (people.agent, people.official))
    for carrier, counter in wrong:
        with pytest.raises(Refused):
            bundles.count_over(bundle, everything, brought_by=carrier, by=counter, now=TUESDAY)
    # One was taken back on the way: it needs no answer and spoils nothing.
    verbs.withdraw(files[2], reason="不办了", by=people.clerk, now=TUESDAY)
    del everything[files[2].pk]
    bundles.count_over(bundle, everything, brought_by=people.agent, by=people.clerk, now=TUESDAY)
    assert bundles.sums(bundle)["left_out"] == 1
    assert list(BundleLine.objects.filter(found="")) == []


def test_a_file_that_lacks_papers_is_marked_on_the_page_of_the_bundle(world, clock):
    lacking, whole = w.village_case(world, materials={}), w.village_case(world)
    bundle = bundles.make_bundle(world.village, [lacking, whole], by=world.people.agent, now=TUESDAY)
    page = stage.signed_in(world.people.agent).get(bundle.get_absolute_url()).content.decode()
    names = "；".join(line.name for line in missing_lines(lacking))
    assert names and page.count(f"样材料：{names}") == 1 and not missing_lines(whole)


def test_one_file_is_taken_out_before_the_signatures_with_the_reason_and_waits_again(world, clock):
    files, bundle = _bundle(world)
    people, agent = world.people, stage.signed_in(world.people.agent)
    address = f"{bundle.get_absolute_url()}take-out/"
    assert address in agent.get(bundle.get_absolute_url()).content.decode()
    assert agent.post(address, {"out-case": str(files[0].pk), "out-reason": " "}).status_code == 422
    with pytest.raises(Refused):
        bundles.take_out(bundle, files[0], reason="缺一页", by=people.official, now=TUESDAY)
    assert agent.post(address, {"out-case": str(files[0].pk), "out-reason": "户口簿还缺一页"}).status_code == 302
    assert agent.post(address, {"out-case": str(files[0].pk), "out-reason": "户口簿还缺一页"}).status_code == 422, "twice is once"
    page = agent.get(bundle.get_absolute_url()).content.decode()
    assert "户口簿还缺一页" in page and "户口簿还缺一页" not in BundleLine.objects.get(found="left_out").sealed
    assert bundles.sums(bundle) == {"files": 3, "complete": 0, "incomplete": 0, "not_there": 0, "left_out": 1, "to_count": 2}
    again = bundles.make_bundle(world.village, files[:1], by=people.agent, now=TUESDAY)
    assert again.lines.count() == 1, "it goes with the next bundle"
    everything = {case.pk: Counted("complete") for case in files[1:]}
    bundles.count_over(bundle, everything, brought_by=people.agent, by=people.clerk, now=TUESDAY)
    with pytest.raises(Refused, match=r"counted over|点交"):
        bundles.take_out(bundle, files[1], reason="晚了", by=people.agent, now=TUESDAY)


def test_the_list_names_every_file_twice_with_room_for_two_signatures(world, clock):
    files, bundle = _bundle(world)
    answer = stage.signed_in(world.people.agent).get(f"{bundle.get_absolute_url()}list.pdf")
    said = "".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    assert all(said.count(case.number) == 2 for case in files)
    assert said.count("村代办员签字") == said.count("镇窗口签字") == 2
    assert "户口簿" in said and "张三丰" not in said


def test_late_files_of_a_village_are_told_and_figures_count_a_file_once(world, clock):
    case = w.village_case(world)
    [row] = lists.on_the_way(_fresh(world.people.clerk), TUESDAY)
    assert not row.is_late and lists.bring_by(case).isoformat() == "2026-11-05"
    clock.move_to(w.at("2026-11-06 09:00"), tick=False)
    page = stage.signed_in(world.people.clerk).get("/desk/bundles/").content.decode()
    assert case.number in page and "超期" in page
    friday = timezone.now()
    sums = statistics.sums(ServiceRequest.objects.all(), friday)
    assert sums.adds_up and (sums["registered"], sums["on_the_way"], sums["open"]) == (1, 1, 0)
    days = [Day(world.reception, moment.date()) for moment in (w.MONDAY, friday)]
    assert [cases(day).count() for day in days] == [0, 0]
    bundles.arrive(case, by=world.people.clerk, now=friday)
    assert [cases(day).filter(day.within("recorded_at")).count() for day in days] == [0, 1]
    assert statistics.sums(ServiceRequest.objects.all(), friday)["on_the_way"] == 0


def test_a_bundle_of_another_village_is_not_there_for_an_agent(world, clock):
    _files, bundle = _bundle(world, 1)
    other = _other_village(world)
    with verb("set_up", by=User.objects.job("setup"), now=w.MONDAY):
        stranger = User.objects.create_user("agent2", w.PASSWORD, name="荷代办", staff_no="A099", office=other)
    give_role(stranger, other, "agent", by=User.objects.job("setup"), now=w.MONDAY)
    client = stage.signed_in(stranger)
    for address in (bundle.get_absolute_url(), f"{bundle.get_absolute_url()}list.pdf", f"/desk/bundles/new/{world.village.code}/"):
        assert client.get(address).status_code == 404
    assert bundle.number not in client.get("/desk/bundles/").content.decode()
    assert MaterialReceipt.objects.exists()
