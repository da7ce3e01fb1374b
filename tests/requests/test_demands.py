"""Demands without an item: written down, dispatched, returned, extended, followed, answered; what goes elsewhere is not kept."""

import re
from dataclasses import replace
from datetime import date

import pytest
import time_machine

from officials.audit import verb
from officials.models import User
from officials.permissions import give_role
from requests import persons, phone_questions, timeline, verbs
from requests.demands import lists, moves, read_here
from requests.demands.registering import Told, register_demand
from requests.lifecycle import Refused
from requests.models import Contact, DemandCategory, DemandLimit, DemandWords, Event, ServiceRequest
from requests.permissions import sees_in_full, visible
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
NOW = w.at("2026-11-23 10:00")  # a Monday without holidays around it
WANG = w.Person(name="王五福", phone="12345670002")
WORDS = "隔壁砌墙堵了巷子"


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


def told(world, **more) -> Told:
    return Told(**{"window": world.reception, "channel": "window", "sort": "help", "words": WORDS, "person": WANG} | more)


def registered(world, *, now=NOW, **more) -> ServiceRequest:
    return register_demand(told(world, **more), by=world.people.clerk, now=now).case


def dispatched(world, *, rhythm="timed", now=NOW, co=(), **more) -> ServiceRequest:
    case = registered(world, now=now, **more)
    moves.dispatch(case, rhythm=rhythm, lead=world.civil, co=co, by=world.people.clerk, now=now)
    return case


def signed(world, *, now=NOW, **more) -> ServiceRequest:
    case = dispatched(world, now=now, **more)
    moves.sign_for(case, by=world.people.official, now=now)
    return case


def fresh(case) -> ServiceRequest:
    return ServiceRequest.objects.select_related("demand", "key").get(pk=case.pk)


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def desk(client, world):
    def sign_in(who):
        client.force_login(getattr(world.people, who), backend=BACKEND)
        return client

    return sign_in


# -- dates, computed by hand ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rhythm", "sign", "answer"),
    [
        ("at_once", "2026-11-23 11:00", date(2026, 11, 24)),  # one hour; one working day
        ("first", "2026-11-23 12:00", date(2026, 11, 26)),  # two hours; three working days
        ("timed", "2026-11-24 10:00", date(2026, 11, 30)),  # contact in 24 hours comes before the working day ends; Mon + 5
        ("care", "2026-11-24 10:00", date(2026, 11, 30)),
    ],
)
def test_each_rhythm_has_its_dates_with_their_reasons(world, desk, rhythm, sign, answer):
    case = dispatched(world, rhythm=rhythm)
    assert case.due_at == w.at(sign) and case.promised_on == answer
    page = text_of(desk("official").get(f"/desk/{case.number}/"))
    assert "签收时限" in page and "首次联系时限" in page and "答复期限" in page and "本中心规定" in page


def test_what_was_promised_stays_when_the_centre_changes_its_limits(world):
    old = signed(world)
    with verb("set_up", by=world.people.supervisor, now=NOW):
        DemandLimit(township=world.township, what="answer", rhythm="", value=2, unit="working_day", basis="中心新规定").save()
    verbs.redate(old, by=User.objects.job("tick"), now=NOW)
    new = signed(world)
    assert (old.promised_on, new.promised_on) == (date(2026, 11, 30), date(2026, 11, 25))


def test_contact_ends_its_limit_and_answering_is_measured_by_the_answer(world):
    case = signed(world)
    assert case.due_kind == "contact" and case.due_at == w.at("2026-11-24 10:00")
    late = w.at("2026-11-25 09:00")
    assert ServiceRequest.objects.late(late).filter(pk=case.pk).exists()
    moves.answer_demand(case, outcome="solved", words="已拆除", by=world.people.official, now=late)
    assert case.due_kind == "answer" and case.due_on == date(2026, 11, 30)
    assert Event.objects.get(service_request=case, verb="answer_demand").facts["late"] is False


def test_somebody_who_was_not_reached_is_not_a_contact(world):
    case = signed(world)
    moves.first_contact(case, how="phone", reached=False, by=world.people.official, now=NOW)
    assert (case.status, case.due_kind) == ("accepted", "contact")
    moves.first_contact(case, how="home", reached=True, by=world.people.official, now=NOW)
    assert (case.status, case.due_kind, Contact.objects.count()) == ("in_hand", "answer", 2)


# -- return, designation, extension, following, answer ----------------------------------------------------------


def test_returned_within_24_hours_with_reason_and_rule_it_lies_at_the_dispatching_window_again(world):
    case = dispatched(world)
    with pytest.raises(Refused):
        moves.return_demand(case, reason="不归我们", rule="", by=world.people.official, now=NOW)
    moves.return_demand(case, reason="属村建所", rule="职责清单不含", by=world.people.official, now=w.at("2026-11-24 10:00"))
    assert (case.status, case.office, fresh(case).demand.dispatched_at) == ("received", world.reception, None)
    assert not visible(world.people.official).filter(pk=case.pk).exists()


def test_after_24_hours_and_after_a_designation_it_is_not_returned(world):
    case = dispatched(world)
    reason = {"reason": "不归我们", "rule": "职责清单不含", "by": world.people.official}
    with pytest.raises(Refused, match="退单的时限是2026年11月24日"):
        moves.return_demand(case, **reason, now=w.at("2026-11-24 10:01"))
    moves.designate(case, rhythm="timed", lead=world.civil, reason="归口民政", by=world.people.supervisor, now=NOW)
    with pytest.raises(Refused, match="指定承办"):
        moves.return_demand(case, **reason, now=NOW)


def test_mistake_12_extended_once_before_it_is_late_by_the_head_and_told(world):
    case = signed(world)
    moves.first_contact(case, how="phone", reached=True, by=world.people.official, now=NOW)
    head = {"reason": "要多方会商", "by": world.people.head}
    with pytest.raises(Refused, match="告知"):
        moves.extend_demand(case, told="", **head, now=NOW)
    with pytest.raises(Refused, match="已过"):
        moves.extend_demand(case, told="phone", **head, now=w.at("2026-12-01 09:00"))
    moves.extend_demand(case, told="phone", **head, now=w.at("2026-11-30 17:00"))
    # Monday 30 November and five working days more.
    assert (case.promised_on, case.original_on) == (date(2026, 12, 7), date(2026, 11, 30))
    other = fresh(dispatched(world, rhythm="at_once", person=replace(w.ZHANG, name="李四")))
    assert other.original_on == other.promised_on < date(2026, 11, 30), "the date of its own rhythm, not the one before it was dispatched"
    with pytest.raises(Refused, match="只能延期一次"):
        moves.extend_demand(case, told="phone", **head, now=w.at("2026-11-30 17:05"))


def test_what_cannot_be_solved_yet_stays_open_and_comes_up_again_on_its_day(world):
    case = signed(world)
    moves.keep_following(
        case, progress="等县里批复", measures="每月问一次", look_again_on=date(2026, 12, 21), by=world.people.official, now=NOW
    )
    assert (case.status, case.is_open, case.due_on, case.due_kind) == ("following", True, date(2026, 12, 21), "follow_up")
    assert case.promised_on == date(2026, 11, 30), "the date that was told stays visible"
    late = ServiceRequest.objects.late
    assert not late(w.at("2026-12-21 18:00")).exists() and late(w.at("2026-12-22 00:00")).exists()
    moves.answer_demand(case, outcome="partly", words="先修通一半", by=world.people.official, now=w.at("2026-12-21 09:00"))
    assert case.status == "decided"


def test_not_of_this_level_needs_the_way_and_an_answer_that_does_not_hold_is_done_again(world):
    case = signed(world)
    p = world.people
    with pytest.raises(Refused, match="电话"):
        moves.answer_demand(case, outcome="elsewhere", words="不归镇里", by=p.official, now=NOW)
    moves.answer_demand(case, outcome="explained", words="暂无政策", by=p.official, now=NOW)
    again = w.at("2026-11-25 09:00")
    moves.rework(case, reason="回访不满意", by=p.clerk, now=again)
    assert (case.status, case.outcome, case.decided_at, case.promised_on) == ("in_hand", "", None, date(2026, 12, 2))
    moves.answer_demand(case, outcome="solved", words="已协调", by=p.official, now=again)
    moves.close_demand(case, told="phone", by=p.clerk, now=again)
    assert case.status == "closed" and case.ended_at == again


def test_an_office_that_takes_part_sees_it_and_gives_its_part_once(world):
    p = world.people
    give_role(p.outsider, world.village, "official", by=p.head, now=NOW)
    p.outsider.__dict__.pop("_rights", None)
    before = dispatched(world)
    case = dispatched(world, co=[world.village])
    assert visible(p.outsider).filter(pk=case.pk).exists() and not visible(p.outsider).filter(pk=before.pk).exists()
    desk_page = timeline.timeline(case, list(case.events.all()), [], NOW)
    assert any(f"协办：{world.village.name}。" in line["text"] for line in desk_page)
    assert not sees_in_full(p.outsider, case) and moves.open_parts(case) == ["V01"]
    moves.co_answer(case, words="现场看过", by=p.outsider, now=NOW)
    with pytest.raises(Refused, match="已经交了"):
        moves.co_answer(case, words="再交一次", by=p.outsider, now=NOW)
    assert moves.open_parts(case) == []


# -- whom it is about, and what belongs elsewhere ---------------------------------------------------------------


def test_mistake_09_a_complaint_is_neither_shown_to_nor_handled_by_the_office_it_is_about(world, desk):
    p = world.people
    case = registered(world, sort="complaint", about=world.civil, person=w.Person(), is_anonymous=True)
    for person in (p.official, p.deputy, p.head):
        assert not visible(person).filter(pk=case.pk).exists()
    for send, by in ((moves.dispatch, p.clerk), (moves.designate, p.supervisor)):
        reason = {"reason": "指定"} if send is moves.designate else {}
        with pytest.raises(Refused, match="反映的正是"):
            send(case, rhythm="timed", lead=world.civil, by=by, now=NOW, **reason)
    page = text_of(desk("clerk").get(f"/desk/{case.number}/dispatch/"))
    assert "民政窗口" not in page.split("<main", 1)[1]
    assert desk("head").get(f"/desk/{case.number}/").status_code == 404


def test_mistake_09_a_complaint_about_the_dispatching_window_lies_with_the_head_of_the_centre(world, desk):
    p = world.people
    before = {path: _shown(desk("clerk"), path) for path in ("/desk/day-end/", "/desk/demands/", "/desk/")}
    case = registered(world, sort="complaint", about=world.reception, person=replace(w.ZHANG, village_id=world.village.pk))
    assert (case.office, case.holder) == (world.centre, None)
    assert not visible(p.clerk).filter(pk=case.pk).exists() and visible(p.supervisor).filter(pk=case.pk).exists()
    for path, shown in before.items():
        assert _shown(desk("clerk"), path) == shown, path
    facts = phone_questions.Facts(name="张三丰", village=world.village, tail="8901")
    told = phone_questions.ask(facts, office=world.reception, by=p.clerk, now=NOW)
    assert [row.told for row in told] == ["general"]
    moves.designate(case, rhythm="timed", lead=world.civil, reason="反映窗口", by=p.supervisor, now=NOW)
    assert not visible(p.clerk).filter(pk=case.pk).exists() and visible(p.official).filter(pk=case.pk).exists()


def _shown(client, path: str) -> str:
    """The page without what is new at each look."""
    return re.sub(r'value="[0-9A-Za-z]{32,64}"', "", text_of(client.get(path)))


def test_a_complaint_about_the_centre_itself_is_shown_the_way_to_the_complaint_phone(world, desk):
    with pytest.raises(Refused, match="0000-5550199"):
        registered(world, sort="complaint", about=world.centre)
    page = text_of(desk("clerk").get("/desk/demand/"))
    assert "反映便民服务中心本身的，请打 0000-5550199" in page and f'<option value="{world.centre.pk}">' not in page


def test_what_belongs_elsewhere_is_shown_the_way_and_its_words_are_gone(world, desk):
    case = registered(world)
    client = desk("clerk")
    refused = client.post(f"/desk/{case.number}/show-the-way/", {"seen": "received", "way": "petition"})
    assert refused.status_code == 422 and "信访系统" in text_of(refused)
    done = client.post(f"/desk/{case.number}/show-the-way/", {"seen": "received", "way": "petition", "number": "XF2026-1"}, follow=True)
    case = fresh(case)
    assert (case.status, case.upper_number, case.demand.way) == ("not_ours", "XF2026-1", "petition")
    assert not DemandWords.objects.filter(pk=case.pk).exists() and WORDS not in text_of(done)
    for event in case.events.all():
        assert WORDS not in str(persons.open_for(case, event.sealed, "event"))


# -- the pages --------------------------------------------------------------------------------------------------


def typed(client, **more) -> dict:
    token = re.search(r'name="form_token" value="([0-9a-f]{32})"', text_of(client.get("/desk/demand/")))[1]
    return {"form_token": token, "channel": "phone", "sort": "help", "words": WORDS, "name": "王五福", "phone": "12345670002"} | more


def test_at_the_desk_it_is_written_down_once_and_dispatched_from_there(world, desk):
    client = desk("clerk")
    form = typed(client, then="dispatch", category="01")
    first, second = client.post("/desk/demand/", form), client.post("/desk/demand/", form)
    case = ServiceRequest.objects.get()
    assert first["Location"] == second["Location"] == f"/desk/{case.number}/dispatch/"
    assert case.demand.category.name == "邻里纠纷" and DemandCategory.objects.count() > 5  # the list of the centre began here
    lead = f"{world.civil.pk}-{world.people.deputy.pk}"
    page = text_of(client.get(f"/desk/{case.number}/dispatch/"))
    assert WORDS in page and "邻里纠纷" in page
    assert "能办的马上办（1小时内签收，24小时内联系诉求人，1个工作日内答复）" in page
    assert "5个工作日内答复" in page and f'value="{world.village.pk}-' not in page  # nobody there works cases
    client.post(f"/desk/{case.number}/dispatch/", {"seen": "received", "rhythm": "at_once", "lead": lead})
    case = fresh(case)
    assert (case.status, case.office, case.holder, case.channel) == ("dispatched", world.civil, world.people.deputy, "phone")
    page = text_of(desk("deputy").get(f"/desk/{case.number}/"))
    assert WORDS in page and "能办的马上办" in page and "sign-for" in page and "12345670002" not in page
    altered = desk("clerk").post("/desk/demand/", form | {"words": "别的事"})
    assert altered.status_code == 422 and ServiceRequest.objects.count() == 1


def test_a_village_committee_handles_what_is_sent_to_it_and_the_subjects_are_the_centres_own(world, desk):
    agent = world.people.agent
    give_role(agent, world.village, "committee", by=world.people.head, now=NOW)
    client = desk("clerk")
    client.post("/desk/demand/", typed(client, category="03"))
    case = ServiceRequest.objects.get()
    with verb("admin_change", by=world.people.head, now=NOW):
        closed = DemandCategory.objects.get(code="03")
        closed.closed_on = date(2026, 11, 23)
        closed.save()
    page = text_of(client.get("/desk/demand/"))
    assert "道路水利" in page and "环境卫生" not in page and text_of(client.get(f"/desk/{case.number}/")).count("环境卫生")
    sent = {"seen": "received", "rhythm": "timed", "lead": f"{world.village.pk}-0"}
    assert client.post(f"/desk/{case.number}/dispatch/", sent).status_code == 422  # no post there: a person is named
    client.post(f"/desk/{case.number}/dispatch/", sent | {"lead": f"{world.village.pk}-{agent.pk}"})
    client = desk("agent")
    bar = text_of(client.get("/desk/demands/"))
    assert case.number in bar and 'href="/desk/archive/"' not in bar
    moves.sign_for(fresh(case), by=agent, now=NOW)
    assert WORDS in text_of(client.get(f"/desk/{case.number}/"))


def test_what_no_item_fits_goes_on_as_a_demand_with_the_words_typed(world, desk):
    client = desk("clerk")
    page = text_of(client.get("/desk/new/?q=邻居砌墙堵巷"))
    assert "作为诉求登记" in page and 'name="carried" value="邻居砌墙堵巷"' in page
    form = client.post("/desk/demand/", {"carried": "邻居砌墙堵巷"})
    assert form.status_code == 200 and ">\n邻居砌墙堵巷</textarea>" in text_of(form) and "field-error" not in text_of(form)
    assert not ServiceRequest.objects.exists() and "作为诉求登记" not in text_of(desk("agent").get("/desk/new/?q=邻居砌墙堵巷"))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"sort": ""}, "请选择一项"),
        ({"words": ""}, "请写下反映的内容"),
        ({"name": ""}, "不知道是谁"),
        ({"phone": "12"}, "电话"),
        ({"about": "999999"}, "选"),
        ({"channel": "online"}, "请选择一项"),
    ],
)
def test_what_is_wrong_gets_a_sentence_and_stays_typed(world, desk, fields, sentence):
    client = desk("clerk")
    answer = client.post("/desk/demand/", typed(client, **fields))
    assert answer.status_code == 422 and sentence in text_of(answer) and not ServiceRequest.objects.exists()
    assert "words" in fields or WORDS in text_of(answer)


def test_a_village_agent_writes_it_down_and_follows_it_to_the_end(world, desk):
    p = world.people
    give_role(p.outsider, world.village, "clerk", by=p.head, now=NOW)
    client = desk("outsider")
    client.post("/desk/demand/", typed(client, channel="village", village=str(world.village.pk)))
    case = ServiceRequest.objects.get()
    assert (case.intake_office, case.village, case.first_asked) == (world.reception, world.village, p.outsider)
    moves.dispatch(case, rhythm="timed", lead=world.civil, by=p.clerk, now=NOW)
    assert client.get(f"/desk/{case.number}/").status_code == 200


def send(client, **more):
    state = re.search(r'name="state" value="([^"]*)"', text_of(client.get("/demand/")))[1]
    return client.post("/demand/", {"state": state, "sort": "help", "words": WORDS, "name": "王五福", "phone": "12345670002"} | more)


def test_from_home_the_ways_elsewhere_come_first_and_the_sender_follows_it_without_the_words(world, client):
    page = text_of(client.get("/demand/"))
    assert page.index("12388") < page.index('name="words"') and "12315" in page and "0000-5550199" in page
    sent = send(client)
    case = ServiceRequest.objects.get()
    code = re.search(r'class="secret">([\d\s]+)<', text_of(sent))[1]
    assert (case.kind, case.channel, case.office) == ("demand", "online", world.reception)
    moves.dispatch(case, rhythm="timed", lead=world.civil, by=world.people.clerk, now=NOW)
    shown = text_of(client.post("/track/", {"number": case.number, "secret": code}))
    assert "最迟2026年11月30日(周一)答复您" in shown and "已经派给" in shown and WORDS not in shown
    moves.sign_for(case, by=world.people.official, now=NOW)
    moves.answer_demand(case, outcome="solved", words="墙已拆", by=world.people.official, now=NOW)
    shown = text_of(client.post("/track/", {"number": case.number, "secret": code}))
    assert "结果：解决" in shown and "墙已拆" not in shown


def test_from_home_without_a_name_only_what_needs_none(world, client):
    assert send(client, name="", phone="").status_code == 422 and not ServiceRequest.objects.exists()
    assert send(client, name="", phone="", sort="suggestion").status_code == 200
    case = ServiceRequest.objects.select_related("demand").get()
    assert case.demand.is_anonymous
    moves.dispatch(case, rhythm="timed", lead=world.civil, by=world.people.clerk, now=NOW)
    assert case.due_kind == "sign", "nobody can be called, so no call is due"


def test_mistake_09_who_left_no_phone_reads_the_answer_to_a_complaint_with_number_and_code_and_nobody_else_does(world, client, desk):
    p = world.people
    give_role(p.outsider, world.centre, "official", by=p.head, now=NOW)
    p.outsider.__dict__.pop("_rights", None)
    sent = text_of(send(client, sort="complaint", name="", phone="", about=str(world.civil.pk), words="电话没人接"))
    promised = "没有留电话，我们没法打给您：最迟2026年11月30日(周一)"
    assert promised in sent
    case = fresh(ServiceRequest.objects.get())
    number, code = case.number, re.search(r'class="secret">([\d\s]+)<', sent)[1]
    assert promised in text_of(client.post("/track/", {"number": number, "secret": code}))
    assert promised in text_of(desk("clerk").get(f"/desk/{number}/receipt/")), "the receipt of a window says the same"
    moves.designate(case, rhythm="timed", lead=world.centre, holder=p.outsider, reason="中心查", by=p.supervisor, now=NOW)
    moves.sign_for(case, by=p.outsider, now=NOW)
    official = desk("outsider")
    typed = {"seen": "accepted", "outcome": "solved", "words": "已查实，请身份证990199198802290023的本人来"}
    form = official.post(f"/desk/{number}/answer-demand/", typed)
    assert form.status_code == 422 and "凭编号和查询码看到这段话" in text_of(form) and "请把号码删去" in text_of(form)
    official.post(f"/desk/{number}/answer-demand/", typed | {"words": "已查实，专线改为两人轮值"})
    # The holder of the code, and nobody who only knows the number; least of all those it is about.
    client.logout()
    shown = text_of(client.post("/track/", {"number": number, "secret": code}))
    assert "已查实，专线改为两人轮值" in shown and "电话没人接" not in shown and "决定内容" not in shown
    wrong = {"number": number, "secret": "9999 9999 9999 9999"}
    none = {"number": "990199101-2026-000999", "secret": "9999 9999 9999 9999"}
    bytes_of = [text_of(client.post("/track/", one)).replace(one["number"], "") for one in (wrong, none)]
    assert _shown_text(bytes_of[0]) == _shown_text(bytes_of[1])
    for who in ("official", "deputy", "head"):
        curious = desk(who)
        for path in (f"/desk/{number}/", f"/desk/{number}/renew-secret/", f"/desk/{number}/receipt/", f"/desk/{number}/new-code/"):
            assert curious.get(path).status_code == 404, (who, path)
    told = desk("clerk").post(f"/desk/{number}/close-demand/", {"seen": "decided", "told": "lies_ready"}, follow=True)
    assert "本人凭编号和查询码自行查看" in text_of(told) and fresh(case).status == "closed"


def test_an_answer_that_was_written_for_a_call_is_not_shown_on_the_tracking_page(world, client):
    case, p = signed(world, person=w.Person(name="王五福")), world.people
    moves.answer_demand(case, outcome="solved", words="写在前面的话", by=p.official, now=NOW)
    event = case.events.get(verb="answer_demand")
    assert event.facts["read_here"] is True
    phoned = signed(world)
    moves.answer_demand(phoned, outcome="solved", words="电话里说的话", by=p.official, now=NOW)
    assert read_here.answer_of(fresh(phoned)) is None and read_here.answer_of(fresh(case)).words == "写在前面的话"
    with pytest.raises(Refused, match="不是写给本人"):
        moves.close_demand(phoned, told="lies_ready", by=p.clerk, now=NOW)
    moves.rework(case, reason="不实", by=p.clerk, now=NOW)
    assert read_here.answer_of(fresh(case)) is None, "an answer that does not hold is taken away"


def _shown_text(page: str) -> str:
    return re.sub(r'value="[0-9A-Za-z-]*"', "", page)


@pytest.mark.parametrize(
    "number", ["990199198802290023", "99019920100601003X", "9901 9919 8802 2900 23", "990199880229002", "6222021234567890128"]
)
def test_from_home_a_whole_number_in_the_words_is_refused_beside_the_field_and_nothing_is_lost(world, client, number):
    page = send(client, words=f"{WORDS}，我的号码{number}，请回电")
    assert page.status_code == 422 and not ServiceRequest.objects.exists()
    assert "请把号码删去" in page.context["form"].errors["words"][0] and number in text_of(page)


def test_from_home_case_numbers_phones_and_days_may_stand_in_the_words(world, client):
    words = "办件990199101-2026-000123，电话13800138000 13900139000，2026-11-22 2026-11-25来过"
    assert send(client, words=words).status_code == 200


def test_from_home_what_reads_like_a_report_on_an_official_is_asked_about_before_anything_is_kept(world, client):
    asked = send(client, words="办事员态度恶劣", sort="complaint")
    assert asked.status_code == 422 and 'name="conduct"' in text_of(asked) and "这像是反映干部作风或违纪的" in text_of(asked)
    shown = send(client, words="村主任贪污救灾款", conduct="elsewhere")
    assert "12388" in text_of(shown) and "贪污救灾款" not in text_of(shown)
    assert not ServiceRequest.objects.exists()
    assert send(client, words="办事员态度恶劣", sort="complaint", conduct="service").status_code == 200
    assert ServiceRequest.objects.get().kind == "demand"


def test_from_home_the_name_says_for_what_it_is_needed(world, client):
    page = text_of(client.get("/demand/"))
    assert page.count("（求助、纠纷必填）") == 2 and "不会保存" not in page


def test_mistake_16_registered_is_settled_and_open(world, desk):
    p = world.people
    registered(world)
    dispatched(world)
    moves.show_the_way(registered(world), way="court", by=p.clerk, now=NOW)
    following, answered = signed(world), signed(world)
    moves.keep_following(following, progress="等", measures="问", look_again_on=date(2026, 12, 1), by=p.official, now=NOW)
    moves.answer_demand(answered, outcome="solved", words="好了", by=p.official, now=NOW)
    verbs.void(registered(world), reason="误登", by=p.supervisor, now=NOW)
    sums = lists.balance(lists.demands_of(p.supervisor, "demand"))
    assert (sums.registered, sums.solved, sums.otherwise, sums.open, sums.adds_up) == (5, 1, 1, 3, True)
    client = desk("supervisor")
    waiting = text_of(client.get("/desk/demands/?part=sign"))
    assert "首次联系最迟" in waiting and "已超时" not in waiting
    assert "还没告知本人" in text_of(client.get("/desk/demands/?part=call"))  # answered: to be told, then asked
    assert "登记5件 = 解决1件 + 解释、指路等其他了结1件 + 待解决3件" in text_of(client.get("/desk/demands/"))
    for part, (_label, _q) in lists.PARTS.items():
        page = text_of(client.get(f"/desk/demands/?part={part}"))
        assert len(set(re.findall(r'href="/desk/(\d+-\d+-\d+)/"', page))) == sums.parts[part]


@pytest.mark.once
def test_a_balance_that_does_not_add_up_says_so():
    parts = dict.fromkeys(lists.PARTS, 1)
    assert lists.Balance(parts, 6, 1, 1).adds_up
    assert not lists.Balance(parts, 7, 1, 1).adds_up and not lists.Balance(parts, 6, 2, 1).adds_up
    assert lists.Balance({**parts, "ended": 793 + 1, "following": 536}, 1334, 795, 0).adds_up
