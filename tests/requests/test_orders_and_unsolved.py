"""Assigned orders, every one answered; "it should have been done and was not", never with whom it is about; the centre's limits."""

import re
from datetime import date

import pytest
import time_machine

from requests import persons
from requests.demands import dates, lists, moves, orders, unsolved
from requests.lifecycle import Refused
from requests.models import Demand, DemandLimit, ServiceRequest
from requests.permissions import visible
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
NOW = w.at("2026-11-23 10:00")


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def desk(client, world):
    def sign_in(who):
        client.force_login(getattr(world.people, who), backend=BACKEND)
        return client

    return sign_in


def text_of(response) -> str:
    return response.content.decode()


def token_on(page: str) -> str:
    return re.search(r'name="form_token" value="([0-9a-f]{32})"', page)[1]


# -- orders -----------------------------------------------------------------------------------------------------


def batch(client, world, **more) -> dict:
    lead = f"{world.civil.pk}-{world.people.deputy.pk}"
    lines = {"what_1": "清理河道", "lead_1": lead, "by_1": "2026-11-30", "what_3": "补发牌子", "lead_3": lead, "by_3": "2026-12-04"}
    page = text_of(client.get("/desk/orders/new/"))
    return {"form_token": token_on(page), "source": "inspection", "ordered_on": "2026-11-20"} | lines | more


def test_a_batch_is_issued_once_and_issued_is_answered_and_open(world, desk):
    client = desk("supervisor")
    form = batch(client, world)
    for _time in range(2):
        assert client.post("/desk/orders/new/", form)["Location"] == "/desk/orders/?part=sign"
    first, second = ServiceRequest.objects.select_related("demand").order_by("pk")
    assert [(case.status, case.holder, case.due_on) for case in (first, second)] == [
        ("dispatched", world.people.deputy, date(2026, 11, 24)),  # to be signed for within a working day, before its own date
        ("dispatched", world.people.deputy, date(2026, 11, 24)),
    ]
    assert (first.demand.source, first.demand.answer_by) == ("inspection", date(2026, 11, 30))
    page = text_of(client.get(f"/desk/{first.number}/"))
    assert f"由{world.people.supervisor.name}交办给{world.people.deputy.name}。" in page and "add-note/" in page
    moves.sign_for(first, by=world.people.deputy, now=NOW)
    assert (first.due_kind, first.due_on) == ("ordered", date(2026, 11, 30))
    moves.answer_demand(first, outcome="solved", words="已清理", by=world.people.deputy, now=NOW)
    sums = lists.balance(lists.demands_of(world.people.supervisor, "order"))
    assert (sums.registered, sums.solved, sums.open) == (2, 1, 1)
    assert "交办2件 = 已答复1件 + 未答复1件" in text_of(client.get("/desk/orders/"))
    # What has to be done, who wants it since when, in the words of orders; wherever they are listed.
    page = text_of(client.get("/desk/orders/?part=tell"))
    assert "已答复，待核查" in page and "待告知本人" not in page and "申请人" not in page.split("<main", 1)[1]
    assert "清理河道" in page and "检查 · 2026年11月20日(周五)" in page and "已答复 · 解决" in page and "已决定" not in page
    assert "补发牌子" in text_of(desk("deputy").get("/desk/mine/")) and "补发牌子" in text_of(desk("deputy").get("/desk/orders/"))
    moves.close_demand(first, told="checked", by=world.people.supervisor, now=NOW)
    shown = text_of(desk("inspector").get(f"/audit/case/{first.number}/"))
    assert "已答复→现为已办结" in re.sub(r"<[^>]+>|\s", "", shown) and "已办结 · 解决" in text_of(client.get("/desk/orders/?part=ended"))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"lead_1": ""}, "请选择主办站所"),
        ({"by_3": "2026-11-20"}, "已经过了"),
        ({"what_1": ""}, "请写下交办事项"),
        ({"source": "rumour"}, "请选择一项"),
        ({"ordered_on": "2026-12-01"}, "今天以后"),
        ({f"{part}_{n}": "" for part in ("what", "lead", "by") for n in (1, 3)}, "至少填一件"),
    ],
)
def test_a_batch_with_a_fault_is_not_issued_at_all(world, desk, fields, sentence):
    client = desk("supervisor")
    answer = client.post("/desk/orders/new/", batch(client, world, **fields))
    assert answer.status_code == 422 and sentence in text_of(answer) and not ServiceRequest.objects.exists()


def test_orders_are_issued_by_the_head_of_the_centre_alone(world, desk):
    assert desk("clerk").get("/desk/orders/new/").status_code == 403
    source = orders.Source("leader", NOW.date())
    line = orders.Line("修路", world.civil, date(2026, 11, 30))
    with pytest.raises(Refused):
        orders.issue_orders(world.township, source, [line], form_token="", by=world.people.clerk, now=NOW)


# -- it should have been done and was not -----------------------------------------------------------------------


def reported(world, **more) -> tuple[ServiceRequest, ServiceRequest]:
    about = w.new_case(world, now=w.MONDAY)
    case = unsolved.register_unsolved(about, words="跑了三趟还没办", channel="window", by=world.people.clerk, now=NOW, **more).case
    return about, case


def test_it_is_neither_seen_nor_handled_by_who_held_the_case(world, desk):
    p = world.people
    about, case = reported(world)
    assert (case.earlier_case, case.kept_from, case.office) == (about, p.official, world.centre)
    assert persons.person_of(case).name == "张三丰"
    with pytest.raises(Refused, match="不得办理"):
        moves.dispatch(case, rhythm="ordinary", lead=world.civil, holder=p.official, by=p.supervisor, now=NOW)
    with pytest.raises(Refused, match="指定"):
        # Without a name it would fall to the holder of the post: to whom it is about.
        moves.dispatch(case, rhythm="ordinary", lead=world.civil, by=p.supervisor, now=NOW)
    moves.dispatch(case, rhythm="complex", lead=world.civil, holder=p.deputy, by=p.supervisor, now=NOW)
    assert visible(p.deputy).filter(pk=case.pk).exists() and not visible(p.official).filter(pk=case.pk).exists()
    assert desk("official").get(f"/desk/{case.number}/").status_code == 404
    assert case.number not in text_of(desk("official").get(f"/desk/{about.number}/"))


@pytest.mark.parametrize(
    ("grade", "answer"),
    [("ordinary", date(2026, 11, 30)), ("complex", date(2026, 12, 7)), ("cannot", date(2026, 11, 26))],  # 5, 10, 3 working days
)
def test_its_limits(world, grade, answer):
    _about, case = reported(world)
    assert case.due_on == date(2026, 11, 30)
    moves.dispatch(case, rhythm=grade, lead=world.civil, holder=world.people.deputy, by=world.people.supervisor, now=NOW)
    assert case.promised_on == answer


def test_the_head_of_the_centre_does_it_alone_and_closes_after_telling_and_checking(world):
    _about, case = reported(world)
    by = {"by": world.people.supervisor, "now": NOW}
    moves.sign_for(case, **by)
    moves.answer_demand(case, outcome="solved", words="当天办好", **by)
    moves.close_demand(case, told="phone", **by)
    assert (case.status, case.holder) == ("closed", world.people.supervisor)


def test_one_report_at_a_time_and_not_at_the_window_it_is_about(world, desk):
    about, case = reported(world)
    client = desk("clerk")
    page = text_of(client.get(f"/desk/{about.number}/unsolved/"))
    answer = client.post(f"/desk/{about.number}/unsolved/", {"form_token": token_on(page), "channel": "phone", "words": "还是没办"})
    assert answer.status_code == 422 and case.number in text_of(answer)
    other = w.new_case(world, now=w.MONDAY)
    client = desk("official")
    page = text_of(client.get(f"/desk/{other.number}/unsolved/"))
    answer = client.post(f"/desk/{other.number}/unsolved/", {"form_token": token_on(page), "channel": "window", "words": "没办"})
    assert answer.status_code == 422 and "本人或您所在的窗口" in text_of(answer)


def test_told_to_wait_nothing_typed_is_lost(world, client, settings):
    settings.THROTTLE = {"track_number": 0}
    wrong = {"number": "990199101-2026-000009", "secret": "9999 9999 9999 9999", "words": "说好的没办"}
    answer = client.post("/unsolved/", wrong)
    assert answer.status_code == 429 and "说好的没办" in text_of(answer) and "0000-5550100" in text_of(answer)


def test_from_home_with_number_and_code_once(world, client):
    order_secret = "1234 5678 9012 3456"
    about = w.new_case(world, now=w.MONDAY, secret=order_secret)
    typed = {"number": about.number, "secret": order_secret, "words": "说好的没办"}
    wrong = client.post("/unsolved/", typed | {"secret": "9999 9999 9999 9999"})
    assert wrong.status_code == 422 and ServiceRequest.objects.count() == 1
    assert "请把号码删去" in text_of(client.post("/unsolved/", typed | {"words": "我是990199198802290023"}))
    first, second = client.post("/unsolved/", typed), client.post("/unsolved/", typed)
    assert first.status_code == second.status_code == 200
    case = ServiceRequest.objects.get(kind="unsolved")
    assert case.number in text_of(first) and case.channel == "online" and case.earlier_case == about
    assert "最迟2026年11月30日(周一)答复您" in text_of(first) and "说好的没办" not in text_of(first)


def test_from_home_it_lies_with_the_head_of_the_centre_and_at_no_window(world, client, desk):
    p = world.people
    secret = "1234 5678 9012 3456"
    about = w.new_case(world, now=w.MONDAY, secret=secret)
    client.post("/unsolved/", {"number": about.number, "secret": secret, "words": "窗口让我跑了三趟"})
    case = ServiceRequest.objects.get(kind="unsolved")
    assert visible(p.supervisor).filter(pk=case.pk).exists() and visible(p.inspector).filter(pk=case.pk).exists()
    for who in ("clerk", "clerk2", "official", "deputy", "head"):
        curious = desk(who)
        for word in ("", "withdraw/", "renew-secret/", "correct/", "receipt/", "new-code/", "reveal/", "dispatch/"):
            assert curious.get(f"/desk/{case.number}/{word}").status_code == 404, (who, word)
        for path in ("/desk/", "/desk/demands/?kind=unsolved", "/desk/mine/?who=all", "/desk/day-end/", f"/desk/{about.number}/"):
            assert case.number not in text_of(curious.get(path)), (who, path)
    page = text_of(desk("supervisor").get(f"/desk/{case.number}/"))
    assert "窗口让我跑了三趟" in page and about.number in page and "关联原办件" not in page
    assert "签收" in page and "受理</dt>" not in page and "承诺办结日" not in page, "the words of demands, none of licences"
    shown = desk("supervisor").post(f"/desk/{case.number}/reveal/", {"reason": "call"})
    assert "12345678901" in re.sub(r"[\s-]", "", text_of(shown)), "who handles it can call the person"
    # Alone it is handled by the head of the centre; then the supervision post asks how it is judged.
    by = {"by": p.supervisor, "now": NOW}
    moves.sign_for(case, **by)
    moves.answer_demand(case, outcome="solved", words="已办", **by)
    assert desk("supervisor").get(f"/desk/{case.number}/call-back/").status_code == 403
    assert desk("inspector").get(f"/desk/{case.number}/call-back/").status_code == 200


def test_written_down_at_a_window_it_is_followed_by_who_did_and_by_no_colleague(world, desk):
    p, about = world.people, w.new_case(world, now=w.MONDAY)
    client = desk("clerk")
    token = token_on(text_of(client.get(f"/desk/{about.number}/unsolved/")))
    done = client.post(f"/desk/{about.number}/unsolved/", {"form_token": token, "channel": "window", "words": "没办"}, follow=True)
    case = ServiceRequest.objects.get(kind="unsolved")
    assert re.search(r'class="secret">[\d\s]+<', text_of(done)), "number and code are handed over once"
    assert visible(p.clerk).filter(pk=case.pk).exists() and not visible(p.clerk2).filter(pk=case.pk).exists()
    again = client.post(f"/desk/{about.number}/unsolved/", {"form_token": "b" * 32, "channel": "phone", "words": "还没办"})
    assert case.number in text_of(again)
    told = desk("clerk2").post(f"/desk/{about.number}/unsolved/", {"form_token": "c" * 32, "channel": "phone", "words": "还没办"})
    assert "已经反映过" in text_of(told) and case.number not in text_of(told)


def test_whom_it_is_about_does_not_write_it_down_and_does_not_learn_whether_somebody_has(world, desk):
    p, secret = world.people, "1234 5678 9012 3456"
    at_office, of_window = w.new_case(world, now=w.MONDAY), w.new_case(
        world, edition=None, kind="consultation", materials={}, office=world.reception, now=w.MONDAY, secret=secret
    )  # fmt: skip
    typed = {"form_token": "d" * 32, "channel": "window", "words": "不回话"}
    concerned = (("clerk", of_window), ("official", at_office))
    before = {who: text_of(desk(who).post(f"/desk/{one.number}/unsolved/", typed)) for who, one in concerned}
    assert all("本人或您所在的窗口" in page for page in before.values()) and not ServiceRequest.objects.filter(kind="unsolved").exists()
    unsolved.register_unsolved(at_office, words="没办", channel="window", window=world.reception, by=p.clerk, now=NOW)
    home = desk("clerk")
    home.logout()
    home.post("/unsolved/", {"number": of_window.number, "secret": secret, "words": "窗口不回话"})
    told = ServiceRequest.objects.get(kind="unsolved", earlier_case=of_window)
    assert told.kept_from_office == world.reception and not visible(p.clerk).filter(pk=told.pk).exists()
    for who, one in concerned:
        now = text_of(desk(who).post(f"/desk/{one.number}/unsolved/", typed))
        assert _plain(now) == _plain(before[who]), "the same sentence, whether somebody has told it or not"


def _plain(page: str) -> str:
    return re.sub(r'value="[0-9A-Za-z]{32,64}"', "", page)


def test_from_home_without_number_or_code_a_name_is_enough_and_the_case_is_tied_later(world, client, desk):
    p, about = world.people, w.new_case(world, now=w.MONDAY)
    typed = {"words": "低保一直没批", "number": about.number, "name": "", "phone": "12345670002"}
    assert "请写姓名，或者编号和查询码都写上" in text_of(client.post("/unsolved/", typed)) and ServiceRequest.objects.count() == 1
    first, again = (client.post("/unsolved/", typed | {"name": "王五福"}) for _time in range(2))
    case = ServiceRequest.objects.select_related("earlier_case").get(kind="unsolved")
    assert case.number in text_of(first) and case.number in text_of(again) and "经办的人会找到您原来的办件" in text_of(first)
    assert case.earlier_case is None and case.kept_from is None, "a number alone proves nothing"
    supervisor = desk("supervisor")
    page = text_of(supervisor.get(f"/desk/{case.number}/"))
    assert f"没有核对):{about.number}" in page and "还没有关联" in page
    moves.dispatch(case, rhythm="ordinary", lead=world.civil, holder=p.official, by=p.supervisor, now=NOW)
    number = {"seen": "dispatched", "number": about.number.rsplit("-")[-1]}
    refused = desk("official").post(f"/desk/{case.number}/tie-case/", number)
    assert refused.status_code == 422 and "反映的正是甄关怀" in text_of(refused)
    assert desk("clerk").get(f"/desk/{case.number}/tie-case/").status_code == 404
    moves.dispatch(case, rhythm="ordinary", lead=world.civil, holder=p.deputy, by=p.supervisor, now=NOW)
    assert "您看不到这个编号" in text_of(desk("deputy").post(f"/desk/{case.number}/tie-case/", number | {"number": "999"}))
    desk("deputy").post(f"/desk/{case.number}/tie-case/", number)
    case.refresh_from_db()
    assert (case.earlier_case_id, case.kept_from) == (about.pk, p.official)
    assert visible(p.deputy).filter(pk=case.pk).exists() and not visible(p.official).filter(pk=case.pk).exists()
    with pytest.raises(Refused, match="已经反映过"):
        unsolved.register_unsolved(about, words="又一次", channel="window", by=p.clerk, now=NOW)


def test_who_has_neither_number_nor_code_nor_phone_reads_the_answer_with_the_code_given(world, client):
    sent = text_of(client.post("/unsolved/", {"words": "不给办老年证", "name": "王五福"}))
    case = ServiceRequest.objects.get()
    code = re.search(r'class="secret">([\d\s]+)<', sent)[1]
    by = {"by": world.people.supervisor, "now": NOW}
    moves.sign_for(case, **by)
    moves.answer_demand(case, outcome="solved", words="明天可以来领", **by)
    assert "明天可以来领" in text_of(client.post("/track/", {"number": case.number, "secret": code}))


# -- the limits of the centre -----------------------------------------------------------------------------------


def test_every_limit_is_changed_with_its_basis_by_the_head_of_the_centre(world, desk):
    client = desk("supervisor")
    page = client.get("/desk/demand-limits/")
    form = page.context["form"]
    place = form.keys.index((dates.ANSWER, ""))
    sent = {name: form[name].initial for name in form.fields}
    assert client.post("/desk/demand-limits/", sent | {f"basis_{place}": ""}).status_code == 422
    assert client.post("/desk/demand-limits/", sent | {f"value_{place}": "0"}).status_code == 422
    client.post("/desk/demand-limits/", sent | {f"value_{place}": "3", f"basis_{place}": "县里新规定"})
    row = DemandLimit.objects.get()
    assert (row.what, row.rhythm, row.value, row.basis) == ("answer", "", 3, "县里新规定")
    assert dates.of(world.township, Demand.Rhythm.TIMED)["answer"]["value"] == 3
    assert desk("clerk").get("/desk/demand-limits/").status_code == 403
