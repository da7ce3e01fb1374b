"""The day's end: figures that agree, numbers that open their rows, two names, and a frozen row that is never changed."""

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from officials import staffing
from officials.permissions import give_role
from requests import custody, receipts, verbs
from requests import day as reading
from requests.day import Day
from requests.day_closing import people_at
from requests.demands.registering import Told, register_demand
from requests.intake import Handed, Intake, print_slips, receive, spoil_slip
from requests.models import DayEnd, MaterialReceipt, ServiceRequest, Slip
from requests.persons import Person
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "portal.staff_session.StaffBackend"
ADDRESS = "/desk/day-end/"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(w.at("2026-11-23 17:30"), tick=False) as clock:
        yield clock


@pytest.fixture
def world(monday):
    return w.build()


@pytest.fixture
def clerk(client, world):
    client.force_login(world.people.clerk, backend=BACKEND)
    client.cookies["lang"] = "en"
    return client


def text(answer) -> str:
    return answer.content.decode()


def with_original(world) -> dict:
    """Everything handed in, the household register stays in the drawer."""
    papers = world.low_income.materials.all()
    return {m.pk: Handed(MaterialReceipt.State.IN, original_held=m.name == "户口簿") for m in papers}


def question(world, now, **more):
    return receive(
        Intake(world.reception, "phone", kind="consultation", person=Person(name="李四", phone="12345670001"), words="问", **more),
        by=world.people.clerk,
        now=w.at(now),
    ).case


def from_paper(world, origin: str, received: str, **more) -> Intake:
    return Intake(world.reception, "window", person=w.ZHANG, edition=world.low_income, origin=origin, received_at=w.at(received), **more)


def a_busy_day(world) -> dict[str, ServiceRequest]:
    """Friday leaves something over; on Monday everything happens once."""
    people, friday = world.people, w.at("2026-11-20 15:00")
    found = {"carried": w.new_case(world, materials=with_original(world), now=friday)}
    called = question(world, "2026-11-20 16:00")
    verbs.promise_call(called, by=people.clerk, now=w.at("2026-11-20 16:01"))
    slips = print_slips(world.reception, 4, by=people.clerk, now=friday)
    found["accepted"] = w.new_case(world, now=w.at("2026-11-23 09:00"), materials=with_original(world))
    verbs.accept(found["accepted"], by=people.clerk, now=w.at("2026-11-23 09:01"))
    held = world.low_income.materials.get(name="户口簿")
    custody.return_original(found["accepted"], [held.pk], by=people.clerk, now=w.at("2026-11-23 11:00"))
    found["voided"] = w.new_case(world, now=w.at("2026-11-23 09:10"))
    verbs.void(found["voided"], reason="误登", by=people.head, now=w.at("2026-11-23 09:20"))
    found["refused"] = w.new_case(world, now=w.at("2026-11-23 09:30"))
    verbs.refuse_intake(found["refused"], reason="不符合", by=people.official, now=w.at("2026-11-23 09:40"))
    found["withdrawn"] = w.new_case(world, now=w.at("2026-11-23 09:50"))
    verbs.withdraw(found["withdrawn"], reason="不办了", by=people.clerk, now=w.at("2026-11-23 09:55"))
    found["slip"] = receive(
        from_paper(world, "slip", "2026-11-20 16:30", slip=slips[0]), by=people.clerk, now=w.at("2026-11-23 10:00")
    ).case
    spoil_slip(slips[1], reason=Slip.Spoilt.MISWRITTEN, by=people.clerk, now=w.at("2026-11-23 10:05"))
    verbs.answer(called, words="答", by=people.clerk, now=w.at("2026-11-23 10:10"))
    found["call"] = question(world, "2026-11-23 10:20")
    verbs.promise_call(found["call"], by=people.clerk, now=w.at("2026-11-23 10:21"))
    return found


def monday_of(world) -> Day:
    return Day(world.reception, date(2026, 11, 23))


def test_the_sums_of_a_busy_day_come_out(world):
    a_busy_day(world)
    counted = reading.figures(monday_of(world), w.at("2026-11-23 17:30"))
    assert reading.disagreeing(counted) == []
    expected = {
        "carried": 2, "logged": 6, "accepted": 1, "decided": 1, "refused": 1, "withdrawn": 1, "voided": 1, "open": 4, "from_slips": 1,
        "logged_open": 3, "slips_before": 4, "slips_printed": 0, "slips_entered": 1, "slips_spoilt": 1, "slips_blank": 2,
        "originals_before": 1, "originals_taken": 1, "originals_returned": 1, "originals_held": 1,
        "calls_before": 1, "calls_promised": 1, "calls_answered": 1, "calls_open": 1, "no_receipt": 4, "old_ledger": 0,
    }  # fmt: skip
    assert {name: counted[name] for name in expected} == expected


def test_yesterdays_rest_is_todays_beginning(world):
    a_busy_day(world)
    friday = reading.figures(Day(world.reception, date(2026, 11, 20)), w.at("2026-11-23 17:30"))
    counted = reading.figures(monday_of(world), w.at("2026-11-23 17:30"))
    rests = {"open": "carried", "slips_blank": "slips_before", "originals_held": "originals_before", "calls_open": "calls_before"}
    assert {rest: friday[rest] for rest in rests} == {rest: counted[beginning] for rest, beginning in rests.items()}
    assert reading.disagreeing(friday) == []


def test_a_sum_that_does_not_come_out_is_said(world, clerk, monkeypatch):
    a_busy_day(world)
    assert "All sums agree" in text(clerk.get(ADDRESS))
    whole = reading.figures
    monkeypatch.setattr(reading, "figures", lambda day, now: whole(day, now) | {"voided": 7})
    page = text(clerk.get(ADDRESS))
    assert "Not all sums agree" in page and "does not agree" in page


def test_every_number_opens_its_rows(world, clerk):
    a_busy_day(world)
    page = text(clerk.get(ADDRESS))
    links = re.findall(r'<a href="(/desk/day-end/list/[^"]+)">(\d+)<', page)
    assert len(links) > 30
    for url, number in links:
        listed = text(clerk.get(url.replace("&amp;", "&")))
        assert f"综合受理窗口 · {number}</p>" in listed, url
        assert len(re.findall(r"<tr>", listed)) == (int(number) + 1 if int(number) else 0), url


def test_the_opening_page_tells_the_figure_of_the_days_end_and_a_demand_without_a_receipt_is_found(world, clerk):
    a_busy_day(world)
    people, now = world.people, w.at("2026-11-23 11:00")
    for channel in ("window", "phone"):
        told = Told(window=world.reception, channel=channel, sort="help", words="路灯不亮", person=w.ZHANG)
        demand = register_demand(told, by=people.clerk, now=now).case
    counted = reading.figures(monday_of(world), now)
    assert counted["no_receipt"] == 5 and reading.disagreeing(counted) == []  # on the phone number and code are read out
    opening = text(clerk.get("/desk/"))
    url, number = re.search(r'(/desk/day-end/list/[^"]+which=open)"[^>]*>.*?"count">(\d+)<', opening).groups()
    assert int(number) == counted["open"] == reading.open_now(world.reception, now) > 4
    listed = text(clerk.get(url.replace("&amp;", "&")))
    assert demand.number in listed and f"· {number}</p>" in listed


def test_what_keeps_one_from_going_home_is_found(world, clerk):
    cases = a_busy_day(world)
    receipts.issue(cases["accepted"], layout="a5", by=world.people.clerk, now=w.at("2026-11-23 12:00"))
    verbs.note_upper_number(cases["accepted"], "HX1", by=world.people.clerk, now=w.at("2026-11-23 12:01"))
    morning, next_week = w.at("2026-11-23 08:00"), w.at("2026-11-30 08:00")
    staffing.say_where(world.people.official, "leave", since=morning, until=next_week, by=world.people.official, now=morning)
    counted = reading.figures(monday_of(world), w.at("2026-11-23 17:30"))
    # The question called back on Tuesday has nobody at all; the receipt of the accepted one is printed.
    assert counted["due_unheld"] == 1 and counted["no_receipt"] == 3 and counted["no_upper"] == 2


def test_the_old_ledger_stands_apart(world):
    receive(from_paper(world, "old_ledger", "2025-01-05 00:00", old_number="7"), by=world.people.clerk, now=w.at("2026-11-23 10:00"))
    counted = reading.figures(monday_of(world), w.at("2026-11-23 17:30"))
    assert counted["old_ledger"] == 1 and counted["logged"] == counted["open"] == counted["no_receipt"] == counted["no_upper"] == 0


# -- the page and the hand-over -----------------------------------------------------------------------------------


def test_the_day_is_closed_under_two_names_and_frozen(world, clerk):
    a_busy_day(world)
    answer = clerk.post(ADDRESS, {"taken_by": "A002", "latest": ""})
    row = DayEnd.objects.get()
    assert answer["Location"] == f"/desk/day-end/{row.pk}/"
    assert (row.office, row.date) == (world.reception, date(2026, 11, 23))
    assert (row.handed_by, row.taken_by) == (world.people.clerk, world.people.clerk2)
    assert row.figures["cells"]["logged"] == 6 and len(row.figures["lists"]["originals_held"]) == 1
    assert "张" not in str(row.figures) and "1234567" not in str(row.figures)  # nothing about a person
    w.new_case(world, now=w.at("2026-11-23 17:00"))
    closed = text(clerk.get(f"/desk/day-end/{row.pk}/"))
    assert "应接办 → 应代办" in closed and "户口簿" in closed
    assert re.search(r"Logged on this day</dt><dd>6<", closed)
    pdf = clerk.get(f"/desk/day-end/{row.pk}/sheet.pdf")
    assert pdf["Content-Type"] == "application/pdf" and pdf.content.startswith(b"%PDF")


def test_a_correction_is_another_row(world, clerk):
    clerk.post(ADDRESS, {"taken_by": "A002", "latest": ""})
    first = DayEnd.objects.get()
    twice = clerk.post(ADDRESS, {"taken_by": "A002", "latest": ""})
    assert twice.status_code == 422 and "closed meanwhile" in text(twice) and DayEnd.objects.count() == 1
    clerk.post(ADDRESS, {"taken_by": "A002", "latest": str(first.pk)})
    assert DayEnd.objects.count() == 2
    assert "Corrected later" in text(clerk.get(f"/desk/day-end/{first.pk}/"))
    assert text(clerk.get(ADDRESS)).count("corrected later") == 1


def test_the_second_name_is_somebody_else_of_this_window(world, clerk):
    for name in ("A001", "A003", "A010", "", "zzz"):
        assert clerk.post(ADDRESS, {"taken_by": name, "latest": ""}).status_code == 422
    assert not DayEnd.objects.exists()


def test_an_earlier_day_can_be_looked_at_a_day_to_come_not(world, clerk):
    assert "Fri 20 November 2026" in text(clerk.get(f"{ADDRESS}?date=2026-11-20"))
    for bad in ("2026-11-24", "2026-13-01", "x", "0001-01-01"):
        assert clerk.get(f"{ADDRESS}?date={bad}").status_code == 422
    assert clerk.post(f"{ADDRESS}?date=2026-11-24", {"taken_by": "A002"}).status_code == 422
    assert not DayEnd.objects.exists()


def test_another_window_is_not_mine(world, clerk, client):
    clerk.post(ADDRESS, {"taken_by": "A002", "latest": ""})
    row = DayEnd.objects.get()
    assert clerk.get(f"{ADDRESS}?office=ST04").status_code == 422
    client.force_login(world.people.official, backend=BACKEND)
    for page in (f"/desk/day-end/{row.pk}/", f"/desk/day-end/{row.pk}/sheet.pdf", "/desk/day-end/list/?office=ST01&which=logged"):
        assert client.get(page).status_code == 404, page
    assert client.get(f"{ADDRESS}?office=ST01").status_code == 422
    assert client.get(ADDRESS).status_code == 200  # the official's own window


def test_no_such_figure_is_a_404(world, clerk):
    for which in ("", "nothing", "'", "slips_"):
        assert clerk.get(f"/desk/day-end/list/?which={which}").status_code == 404


@pytest.mark.parametrize("who", ["supervisor", "inspector", "outsider"])
def test_the_day_belongs_to_the_people_of_the_window(client, world, who):
    client.force_login(getattr(world.people, who), backend=BACKEND)
    for page in (ADDRESS, "/desk/day-end/list/?which=logged"):
        assert client.get(page).status_code == 403
    assert client.post(ADDRESS, {"taken_by": "A002"}).status_code == 403


def test_a_window_above_gives_the_second_person(world):
    give_role(world.people.outsider, world.centre, "clerk", by=world.people.head, now=w.MONDAY)
    assert world.people.outsider in people_at(world.reception)


def test_the_number_of_queries_does_not_grow(world, clerk):
    a_busy_day(world)
    clerk.get(ADDRESS)  # what a process reads once
    with CaptureQueriesContext(connection) as few:
        clerk.get(ADDRESS)
    for minute in range(6):
        w.new_case(world, now=w.at(f"2026-11-23 14:0{minute}"), materials=with_original(world))
    with CaptureQueriesContext(connection) as many:
        clerk.get(ADDRESS)
    assert len(many) == len(few) < 40
