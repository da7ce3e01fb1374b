"""The ledger of an office: its lines, sums that add up, numbers that open their cases, and who may read it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from officials.permissions import give_role
from requests import statistics, verbs
from requests.demands.mediation import register_mediation
from requests.demands.registering import Told, register_demand
from requests.demands.unsolved import register_unsolved
from requests.intake import Handed
from requests.models import MaterialReceipt, ServiceRequest
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "portal.staff_session.StaffBackend"
SPAN = "since=2026-10-01&until=2026-11-30"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(w.at("2026-11-23 10:00"), tick=False):
        yield


@pytest.fixture
def world(monday):
    return w.build()


@pytest.fixture
def supervisor(client, world):
    client.force_login(world.people.supervisor, backend=BACKEND)
    client.cookies["lang"] = "en"
    return client


def a_bit_of_everything(world) -> dict[str, ServiceRequest]:
    """One case in every cell that can be reached."""
    people, day = world.people, w.at("2026-11-03 09:00")
    later = day + timedelta(days=1)
    cases = {name: w.new_case(world, now=day) for name in ("received", "running", "done", "refused", "not_ours", "withdrawn", "voided")}
    for name in ("running", "done"):
        verbs.accept(cases[name], by=people.clerk, now=day)
    verbs.start(cases["done"], by=people.official, now=later)
    verbs.decide(cases["done"], "paid", by=people.official, now=later)
    cases["late"] = w.new_case(world, now=w.at("2026-10-08 09:00"))
    verbs.accept(cases["late"], by=people.clerk, now=w.at("2026-10-08 09:30"))
    cases["done_late"] = w.new_case(world, now=w.at("2026-10-08 10:00"))
    verbs.accept(cases["done_late"], by=people.clerk, now=w.at("2026-10-08 10:30"))
    verbs.start(cases["done_late"], by=people.official, now=later)
    verbs.decide(cases["done_late"], "paid", by=people.official, now=w.at("2026-11-20 09:00"))
    verbs.refuse_intake(cases["refused"], reason="户籍不在本镇", by=people.official, now=later)
    verbs.not_ours(cases["not_ours"], reason="县里办", where="县民政局 0000-5550999", by=people.clerk, now=later)
    verbs.withdraw(cases["withdrawn"], reason="不办了", by=people.clerk, now=later)
    verbs.void(cases["voided"], reason="重复登记", by=people.head, now=later)
    missing = {m.pk: Handed(MaterialReceipt.State.MISSING) for m in world.low_income.materials.all()}
    cases["awaiting"] = w.new_case(world, now=day, materials=missing)
    verbs.ask_materials(cases["awaiting"], by=people.clerk, now=day)
    return cases


def numbers_of(page) -> set[str]:
    return set(re.findall(r'<a class="code" href="[^"]*">([^<]+)', page.content.decode()))


def test_what_was_missing_at_the_window_was_not_complete_at_once(supervisor, world):
    first = world.low_income.materials.order_by("position").first()
    lacking = w.new_case(world, now=w.at("2026-11-03 09:00"), materials={**w.everything_in(world.low_income), first.pk: Handed("missing")})
    verbs.take_materials(lacking, {first.pk: Handed("in")}, by=world.people.clerk, now=w.at("2026-11-03 10:00"))
    whole = w.new_case(world, now=w.at("2026-11-03 09:00"))
    page = supervisor.get(f"/ledger/?office=&{SPAN}").content.decode()
    rows = {number: row for row in page.split("<tr>") for number in (lacking.number, whole.number) if number in row}
    assert "no, something was missing" in rows[lacking.number] and "no, " not in rows[whole.number]


def test_every_sum_is_the_sum_of_its_parts(world):
    a_bit_of_everything(world)
    now = w.at("2026-11-23 10:00")
    sums = statistics.sums(ServiceRequest.objects.all(), now)
    assert sums.adds_up
    assert (sums["given"], sums["registered"], sums["voided"]) == (10, 9, 1)
    assert (sums["open"], sums["open_in_time"], sums["open_late"], sums["open_undated"]) == (4, 1, 2, 1)
    assert (sums["done"], sums["done_in_time"], sums["done_late"]) == (2, 1, 1)
    for name, condition in statistics.cells(now).items():
        assert ServiceRequest.objects.filter(condition).count() == sums[name], name


def test_each_number_opens_its_cases(supervisor, world):
    a_bit_of_everything(world)
    page = supervisor.get(f"/ledger/?office=ST04&{SPAN}").content.decode()
    cells = re.findall(r'<a href="(/ledger/\?[^"]*status=[^"]*)">(?:<strong>)?(\d+)', page)
    assert len(cells) >= 14
    for address, number in cells:
        listed = supervisor.get(address.replace("&amp;", "&"))
        assert len(numbers_of(listed)) == int(number), address
    assert "do not add up" not in page


def test_a_line_says_what_the_book_says_and_hides_the_person(supervisor, world):
    cases = a_bit_of_everything(world)
    text = supervisor.get(f"/ledger/?office=ST04&{SPAN}").content.decode()
    row = text[text.index(cases["awaiting"].number) :].split("</tr>")[0]
    assert "no, asked again" in row and "张**" in row and world.people.clerk.name in row
    assert "张三丰" not in text and "12345678901" not in text
    late = text[text.index(cases["done_late"].number) :].split("</tr>")[0]
    assert "late" in late and "2026-11-20" in late and "confirmed by decision" in late


def test_days_are_local_days_and_ends_are_inside(supervisor, world):
    first = w.new_case(world, now=w.at("2026-11-03 00:05"))
    last = w.new_case(world, now=w.at("2026-11-04 23:55"))
    w.new_case(world, now=w.at("2026-11-05 00:05"))
    assert numbers_of(supervisor.get("/ledger/?office=ST04&since=2026-11-03&until=2026-11-04")) == {first.number, last.number}


def test_old_ledger_cases_stand_apart(supervisor, world):
    new = w.new_case(world, now=w.at("2026-11-03 09:00"))
    old = w.new_case(world, now=w.at("2026-11-03 09:00"), origin=ServiceRequest.Origin.OLD_LEDGER)
    page = supervisor.get(f"/ledger/?office=ST04&{SPAN}")
    assert numbers_of(page) == {new.number} and "Kept apart" in page.content.decode()
    assert numbers_of(supervisor.get(f"/ledger/?office=ST04&{SPAN}&origin=old_ledger")) == {old.number}


def test_filters_by_channel_and_wrong_filters_get_a_sentence(supervisor, world):
    case = w.new_case(world, now=w.at("2026-11-03 09:00"), channel="phone")
    assert case.number in numbers_of(supervisor.get(f"/ledger/?office=ST04&{SPAN}&channel=phone"))
    assert not numbers_of(supervisor.get(f"/ledger/?office=ST04&{SPAN}&channel=window"))
    for odd in ("since=heute", "since=2026-11-05&until=2026-11-01", "since=2020-01-01", "channel=pigeon", "status=x", "office=NO"):
        answer = supervisor.get(f"/ledger/?{odd}")
        assert answer.status_code == 422 and 'class="error-summary"' in answer.content.decode(), odd
    assert supervisor.get(f"/ledger/?office=ST04&{SPAN}&page=wrong").status_code == 200


def test_who_may_read_it(client, world):
    for name, status in (("official", 200), ("head", 200), ("supervisor", 200), ("inspector", 200), ("clerk", 403), ("editor", 403)):
        client.force_login(getattr(world.people, name), backend=BACKEND)
        assert client.get("/ledger/").status_code == status, name
    client.logout()
    assert client.get("/ledger/").status_code == 302


def test_another_office_gives_nothing_away(client, world):
    case = w.new_case(world, now=w.at("2026-11-03 09:00"))
    stranger = world.people.outsider
    give_role(stranger, world.village, "official", by=world.people.head, now=w.MONDAY)
    client.force_login(stranger, backend=BACKEND)
    answer = client.get(f"/ledger/?office=ST04&{SPAN}")
    assert answer.status_code == 422 and case.number not in answer.content.decode()


def test_queries_do_not_grow_with_the_rows(supervisor, world):
    w.new_case(world, now=w.at("2026-11-03 09:00"))
    supervisor.get(f"/ledger/?office=ST04&{SPAN}")
    with CaptureQueriesContext(connection) as few:
        supervisor.get(f"/ledger/?office=ST04&{SPAN}")
    for _ in range(8):
        w.new_case(world, now=w.at("2026-11-03 09:00"))
    with CaptureQueriesContext(connection) as many:
        supervisor.get(f"/ledger/?office=ST04&{SPAN}")
    assert len(many) == len(few) <= 11


def test_the_kind_is_a_filter_of_the_address_and_every_figure_keeps_it(supervisor, world):
    """Applications, questions, demands, orders, unfinished matters and mediations: each alone, and together they are everything."""
    people, day = world.people, w.at("2026-11-03 09:00")
    case = w.new_case(world, now=day)
    told = Told(window=world.reception, channel="window", sort="help", words="路灯坏了", person=w.ZHANG)
    register_demand(told, by=people.clerk, now=day)
    register_unsolved(case, words="没办成", channel="window", window=world.reception, by=people.clerk, now=day)
    other = {"name": "李四", "phone": ""}
    register_mediation(world.reception, world.civil, person=w.ZHANG, other=other, words="地界", channel="window", by=people.clerk, now=day)
    counts = {}
    for kind in ("", *ServiceRequest.Kind.values):
        answer = supervisor.get(f"/ledger/?office=&{SPAN}&kind={kind}")
        counts[kind] = answer.context["number"]
        assert len(re.findall(r'class="code"', answer.content.decode())) == counts[kind], kind
        for cell in answer.context["sums"]:
            opened = supervisor.get(cell["url"])
            assert opened.context["number"] == cell["count"] and (not kind or f"kind={kind}" in cell["url"])
            assert opened.context["form"]["kind"].value() == kind
    assert counts == {"": 4, "application": 1, "consultation": 0, "demand": 1, "order": 0, "unsolved": 1, "mediation": 1}
    assert supervisor.get(f"/ledger/?office=&{SPAN}&kind=anything").status_code == 422
