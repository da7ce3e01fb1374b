"""The overdue list: what is late, whose it is, numbers that open their lists, and who may look."""

import re
from datetime import timedelta
from html.parser import HTMLParser

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from officials.audit import verb
from officials.calendar import calendar_for
from officials.permissions import give_role
from requests import lifecycle, verbs, waiting
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "portal.staff_session.StaffBackend"


class Text(HTMLParser):
    """What a person reads of a page."""

    def __init__(self):
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data):
        self.parts.append(data)


def read(client, address: str) -> str:
    client.cookies["lang"] = "en"
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    text = Text()
    text.feed(answer.content.decode())
    return re.sub(r"\s+", " ", " ".join(text.parts))


def accepted(world, moment: str):
    case = w.new_case(world, now=w.at(moment))
    verbs.accept(case, by=world.people.clerk, now=w.at(moment) + timedelta(hours=1))
    return case


@pytest.fixture(autouse=True)
def monday():
    """Every test stands on the morning of Monday 23 November 2026: whoever signs in signs in then."""
    with time_machine.travel(w.at("2026-11-23 10:00"), tick=False):
        yield


@pytest.fixture
def world(monday):
    return w.build()


@pytest.fixture
def supervisor(client, world):
    client.force_login(world.people.supervisor, backend=BACKEND)
    return client


def test_what_is_late_comes_first_with_days_and_person(supervisor, world):
    late = accepted(world, "2026-10-12 09:00")  # 25 working days: Monday 16 November
    fresh = accepted(world, "2026-11-20 09:00")
    text = read(supervisor, "/overdue/")
    assert late.due_on.isoformat() == "2026-11-16"
    assert late.number in text and fresh.number not in text
    assert "Working days late: 5" in text and "Red light" in text
    assert "since Tue 17 November 2026, promised" in text, "since when, and which step"
    assert world.people.official.name in text and "张**" in text and "张三丰" not in text
    whole = read(supervisor, f"/desk/{late.number}/")
    assert f"late since Tue 17 November 2026: promised, {late.office} · {world.people.official.name}" in whole


@pytest.mark.parametrize(
    ("accepted_on", "what"),
    [("2026-10-16 09:00", "since-yesterday"), ("2026-10-19 09:00", "today"), ("2026-10-20 09:00", "soon"), ("2026-10-21 09:00", "soon")],
)
def test_each_tab_holds_its_days(supervisor, world, accepted_on, what):
    """25 working days from these days end on Friday 20, Monday 23, Tuesday 24 and Wednesday 25 November."""
    case = accepted(world, accepted_on)
    for other in ("late", "since-yesterday", "today", "soon"):
        expected = other == what or (what == "since-yesterday" and other == "late")
        assert (case.number in read(supervisor, f"/overdue/?what={other}")) is expected, other


def test_a_case_nobody_holds_never_escapes(supervisor, world):
    case = accepted(world, "2026-11-20 09:00")
    with verb("leave", by=world.people.head, now=w.at("2026-11-20 12:00")):
        world.people.official.is_active = False
        world.people.official.save()
    assert "Cases nobody holds are waiting" in read(supervisor, "/overdue/")
    text = read(supervisor, "/overdue/?what=unassigned")
    assert case.number in text and "has left" in text


def test_a_number_opens_exactly_its_cases(supervisor, world):
    for day in ("2026-10-12 09:00", "2026-10-13 09:00", "2026-10-19 09:00"):
        accepted(world, day)
    for by in ("office", "holder", "item"):
        page = supervisor.get(f"/overdue/?by={by}").content.decode()
        cells = re.findall(r'<a href="(/overdue/\?[^"]*what=[^"]*)"[^>]*>(?:<strong>)?(\d+)', page.split("<table")[1])
        assert ("2" in [number for _, number in cells]) and ("1" in [number for _, number in cells])
        for address, number in cells:
            listed = supervisor.get(address.replace("&amp;", "&")).content.decode()
            assert len(re.findall('<td data-label="[^"]*"><a class="code"', listed)) == int(number), address


def test_filters_narrow_and_odd_ones_do_not_break(supervisor, world):
    case = accepted(world, "2026-10-12 09:00")
    for narrow in ("office=ST04", "holder=A003", "item=MZ-001"):
        assert case.number in read(supervisor, f"/overdue/?{narrow}"), narrow
    for narrow in ("holder=A004", "item=MZ-009", "office=ST01"):
        assert case.number not in read(supervisor, f"/overdue/?{narrow}"), narrow
    for odd in ("office=%E4%B8%8D", "after=x-y", "after=99999999999999999-1", "after=-5", "before=", "what=none", "by=none", "after=٣-٣"):
        assert supervisor.get(f"/overdue/?{odd}").status_code == 200, odd


def test_pages_turn_forwards_and_back_without_losing_a_case(supervisor, world, monkeypatch):
    monkeypatch.setattr("requests.views.overdue.PAGE", 2)
    numbers = [accepted(world, f"2026-10-{day} 09:00").number for day in (12, 12, 12, 13, 13)]

    def rows(page):
        return re.findall(r'<td data-label="[^"]*"><a class="code" href="/desk/([^/]+)/', page)

    seen, address = [], "/overdue/"
    while address:
        page = supervisor.get(address).content.decode()
        seen.append((address, rows(page)))
        found = re.search(r'rel="next" href="([^"]+)"', page)
        address = found[1].replace("&amp;", "&") if found else ""
    assert [number for _, some in seen for number in some] == numbers
    back = re.search(r'rel="prev" href="([^"]+)"', page)[1].replace("&amp;", "&")
    assert rows(supervisor.get(back).content.decode()) == seen[1][1]


def test_who_may_look(client, world):
    allowed, refused = ("official", "head", "supervisor", "inspector"), ("clerk", "editor", "outsider")
    for name, status in [(one, 200) for one in allowed] + [(one, 403) for one in refused]:
        client.force_login(getattr(world.people, name), backend=BACKEND)
        assert client.get("/overdue/").status_code == status, name
        assert client.get("/overdue/?by=office").status_code == status, name
    client.logout()
    assert client.get("/overdue/").status_code == 302
    client.force_login(world.people.supervisor, backend=BACKEND)
    assert client.post("/overdue/").status_code == 405


def test_another_office_is_not_shown(client, world):
    case = accepted(world, "2026-10-12 09:00")
    stranger = world.people.outsider
    give_role(stranger, world.village, "official", by=world.people.head, now=w.MONDAY)
    client.force_login(stranger, backend=BACKEND)
    for address in ("/overdue/", "/overdue/?office=ST04", "/overdue/?by=office"):
        assert case.number not in client.get(address).content.decode()
        assert "民政窗口" not in client.get(address).content.decode()


def test_only_who_may_assign_is_offered_it(client, world):
    case = accepted(world, "2026-10-12 09:00")
    for name, offered in (("supervisor", True), ("head", True), ("official", False), ("inspector", False)):
        client.force_login(getattr(world.people, name), backend=BACKEND)
        assert (f"/desk/{case.number}/assign/" in client.get("/overdue/").content.decode()) is offered, name
        assert (lifecycle.refusal("assign", case, getattr(world.people, name)) == "") is offered, name


def test_who_watches_over_a_late_case_urges_it_from_the_list_once_a_day(client, world):
    case = accepted(world, "2026-10-12 09:00")
    address = f"/desk/{case.number}/urge/"
    for name, offered in (("supervisor", True), ("official", False)):
        client.force_login(getattr(world.people, name), backend=BACKEND)
        assert (address in client.get("/overdue/").content.decode()) is offered, name
    assert client.post(address, {"seen": case.status}).status_code == 403
    client.force_login(world.people.supervisor, backend=BACKEND)
    assert client.post(address, {"seen": case.status, "words": "今天务必办结"}).status_code == 302
    assert client.post(address, {"seen": case.status, "words": "快"}).status_code == 409
    urged = case.events.get(verb="urge")
    assert (urged.by, urged.facts["urged_for"]) == (world.people.supervisor, case.due_on.isoformat())
    assert "今天务必办结" in client.get(f"/desk/{case.number}/").content.decode() and "今天务必办结" not in urged.sealed


def test_fifty_rows_cost_few_queries_and_few_bytes(supervisor, world):
    for _ in range(51):
        accepted(world, "2026-10-12 09:00")
    supervisor.get("/overdue/")
    with CaptureQueriesContext(connection) as queries:
        page = supervisor.get("/overdue/")
    assert len(page.content) < 60_000
    assert page.content.count(b'class="code"') == 50
    assert len(queries) <= 6, [q["sql"][:120] for q in queries]


def test_counts_stop_at_the_bound(world, monkeypatch):
    monkeypatch.setattr(waiting, "BOUND", 2)
    for _ in range(4):
        accepted(world, "2026-10-12 09:00")
    now = w.at("2026-11-23 10:00")
    days = waiting.Days.of(now, calendar_for(world.township.pk))
    assert waiting.tab_counts({world.civil.pk}, days, reader=world.people.head)["late"] == 3


def test_the_counts_of_the_tabs_are_those_of_their_lists(world):
    for day in ("2026-10-12", "2026-10-13", "2026-10-16", "2026-10-19", "2026-10-20", "2026-11-20"):
        accepted(world, f"{day} 09:00")
    days = waiting.Days.of(w.at("2026-11-23 10:00"), calendar_for(world.township.pk))
    offices, item, head = {world.civil.pk, world.village.pk}, world.low_income.item_id, world.people.head
    for narrowed in ({}, {"office_id": world.civil.pk}, {"holder_id": world.people.official.pk}, {"item_id": item}, {"item_id": item + 99}):
        counted = waiting.tab_counts(offices, days, reader=head, **narrowed)
        assert counted == {what: waiting.listed(offices, what, days, reader=head, **narrowed).count() for what in waiting.WHATS}
    assert waiting.tab_counts(offices, days, reader=head) == {"late": 3, "since-yesterday": 1, "today": 1, "soon": 1, "unassigned": 0}


def test_a_page_is_read_by_an_index_of_open_cases(world):
    """Where the database reads the whole table instead, a million cases would slow the list: SQLite tells by its plan."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL plans by its statistics; a small table is simply read")
    days, head = waiting.Days.of(w.at("2026-11-23 10:00"), calendar_for(world.township.pk)), world.people.head
    asked = (({1, 2, 3}, {}), ({1}, {}), ({1, 2}, {"office_id": 2}), ({1, 2}, {"holder_id": 3}), ({1, 2}, {"item_id": 3}))
    for offices, narrowed in asked:
        for what in waiting.WHATS:
            if what == "unassigned" and "holder_id" in narrowed:
                continue  # nobody asks whether a person's cases are nobody's
            plan = waiting.ordered(waiting.listed(offices, what, days, reader=head, **narrowed), what, None)[:51].explain()
            assert "case_open_by" in plan, (what, narrowed, plan)
            if what != "unassigned":
                assert "TEMP B-TREE" not in plan, (what, narrowed, plan)
