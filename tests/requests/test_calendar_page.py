"""The centre's calendar: what a change would move is shown before, done after, and ended cases keep their dates."""

import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from officials.audit import ChainLink, verb
from officials.calendar import calendar_for
from officials.models import CalendarDay, CalendarYear
from requests import calendar_changes, deadlines, verbs
from requests.models import Event, Extension, Pause
from requests.reasons import say_date
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "portal.staff_session.StaffBackend"
STORM = {"date": "2026-11-25", "kind": "rest", "name": "暴雪停办", "source": "镇政府通知 2026-11-24"}
ANNOUNCED = """2027-01-01至2027-01-03 休 元旦
2027-02-05至2027-02-11 休 春节
2027-01-30 班 调休上班
2027-04-05 休 清明节
2027-05-01至2027-05-05 休 劳动节
2027-06-09 休 端午节
2027-09-15 休 中秋节
2027-10-01至2027-10-07 休 国庆节"""


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(w.at("2026-11-24 10:00"), tick=False):
        yield


@pytest.fixture
def world(monday):
    return w.build()


def confirmed():
    """The second post, sent right after the preview."""
    return {"confirm": "1", "mark": calendar_changes.mark()}


@pytest.fixture
def supervisor(client, world):
    client.force_login(world.people.supervisor, backend=BACKEND)
    client.cookies["lang"] = "en"
    return client


def accepted(world, moment: str):
    case = w.new_case(world, now=w.at(moment))
    verbs.accept(case, by=world.people.clerk, now=w.at(moment))
    return case


def test_a_closure_is_shown_first_and_moves_only_open_cases(supervisor, world):
    running = accepted(world, "2026-11-03 09:00")
    done = accepted(world, "2026-11-03 09:00")
    verbs.start(done, by=world.people.official, now=w.at("2026-11-04 09:00"))
    verbs.decide(done, "paid", by=world.people.official, now=w.at("2026-11-05 09:00"))
    before = running.due_on
    page = supervisor.post("/desk/calendar/day/", STORM | {"preview": "1"}).content.decode()
    assert running.number in page and done.number not in page
    assert not CalendarDay.objects.filter(date="2026-11-25").exists()

    answer = supervisor.post("/desk/calendar/day/", STORM | confirmed(), follow=True)
    assert "Open cases with a new date: 1" in answer.content.decode() and "暴雪停办" in answer.content.decode()
    running.refresh_from_db()
    done.refresh_from_db()
    assert before == date(2026, 12, 8) and running.due_on == date(2026, 12, 9)
    assert done.due_on == before
    event = Event.objects.get(service_request=running, verb="redate")
    assert event.by.username == "job-tick"
    link = ChainLink.objects.get(verb="edit_calendar")
    assert link.actor == world.people.supervisor
    assert CalendarDay.history.get(date="2026-11-25").history_change_reason == STORM["source"]


def test_the_preview_carries_the_form_on(supervisor, world):
    accepted(world, "2026-11-03 09:00")
    page = supervisor.post("/desk/calendar/day/", STORM | {"preview": "1"}).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    hidden.pop("csrfmiddlewaretoken", None)
    assert supervisor.post("/desk/calendar/day/", hidden | {"confirm": "1"}).status_code == 302
    day = CalendarDay.objects.get(date="2026-11-25")
    assert (day.township, day.kind, day.name) == (world.township, "rest", "暴雪停办")


def test_a_preview_that_a_colleague_has_overtaken_is_looked_at_anew(supervisor, world):
    case = accepted(world, "2026-11-03 09:00")
    opened = STORM | confirmed()
    supervisor.post("/desk/calendar/day/", STORM | {"name": "停电检修"} | confirmed())
    for late in (opened, {name: value for name, value in opened.items() if name != "mark"}):
        answer = supervisor.post("/desk/calendar/day/", late)
        assert answer.status_code == 409
        assert "A colleague changed the calendar meanwhile" in answer.content.decode() and 'value="暴雪停办"' in answer.content.decode()
    assert CalendarDay.objects.get(date="2026-11-25").name == "停电检修"
    supervisor.post("/desk/calendar/day/", STORM | confirmed())
    assert CalendarDay.objects.get(date="2026-11-25").name == "暴雪停办"
    case.refresh_from_db()
    assert case.due_on == date(2026, 12, 9)


@pytest.mark.parametrize("kind", ["rest", "remove"])
def test_a_confirmation_that_is_sent_twice_is_done_once_and_blames_nobody(supervisor, kind):
    if kind == "remove":
        supervisor.post("/desk/calendar/day/", STORM | confirmed())
    sent = STORM | {"kind": kind} | confirmed()
    for sentence in ("The calendar was changed", "The calendar says so already"):
        answer = supervisor.post("/desk/calendar/day/", sent, follow=True)
        assert answer.status_code == 200 and sentence in answer.content.decode()
    assert CalendarDay.objects.filter(date="2026-11-25").exists() is (kind == "rest")


def test_a_year_that_is_confirmed_twice_says_so(supervisor, world):
    with time_machine.travel(w.at("2026-12-15 10:00"), tick=False):
        supervisor.force_login(world.people.supervisor, backend=BACKEND)
        sent = {"year": "2027", "source": "通知", "days": ANNOUNCED} | confirmed()
        supervisor.post("/desk/calendar/year/", sent)
        assert "The calendar says so already" in supervisor.post("/desk/calendar/year/", sent, follow=True).content.decode()


def test_taking_an_entry_away_moves_the_dates_back(supervisor, world):
    case = accepted(world, "2026-11-03 09:00")
    supervisor.post("/desk/calendar/day/", STORM | confirmed())
    supervisor.post("/desk/calendar/day/", STORM | {"kind": "remove", "name": ""} | confirmed())
    case.refresh_from_db()
    assert case.due_on == date(2026, 12, 8)
    assert not CalendarDay.objects.filter(date="2026-11-25").exists()


def test_confirming_the_year_makes_dates_firm_and_asks_first(supervisor, world):
    """低保 accepted on Monday 23 November 2026: promised 28 December; the legal limit reaches into 2027."""
    case = accepted(world, "2026-11-23 09:00")
    assert case.due_on == date(2026, 12, 28)
    with time_machine.travel(w.at("2026-12-15 10:00"), tick=False):
        supervisor.force_login(world.people.supervisor, backend=BACKEND)
        reaching = accepted(world, "2026-12-14 09:00")
        assert reaching.is_provisional
        form = {"year": "2027", "source": "国务院办公厅关于2027年部分节假日安排的通知", "days": ANNOUNCED}
        page = supervisor.post("/desk/calendar/year/", form | {"preview": "1"}).content.decode()
        assert reaching.number in page and "(provisional)" in page and not CalendarYear.objects.filter(year=2027).exists()
        supervisor.post("/desk/calendar/year/", form | confirmed())
    reaching.refresh_from_db()
    assert not reaching.is_provisional
    assert CalendarYear.objects.get(year=2027).confirmed_by == world.people.supervisor
    assert CalendarDay.objects.filter(date__year=2027, township=None).count() == 26
    assert "This year is confirmed" in supervisor.get("/desk/calendar/?year=2027").content.decode()


def test_entering_a_year_again_replaces_its_days(world):
    entries, faults = calendar_changes.read_lines(ANNOUNCED, 2027, "通知")
    assert not faults
    for some in (entries, entries[:3]):
        plan = calendar_changes.Plan(tuple(some), None, 2027)
        calendar_changes.apply(plan, reason="通知", source="通知", by=world.people.supervisor, now=w.MONDAY)
    assert [row.date.day for row in CalendarDay.objects.filter(date__year=2027)] == [1, 2, 3]


def test_a_forgotten_holiday_is_told(supervisor, world):
    form = {"year": "2027", "source": "通知", "days": "2027-01-01 休 元旦", "preview": "1"}
    page = supervisor.post("/desk/calendar/year/", form).content.decode()
    assert "No line names" in page and "国庆" in page


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("2027-13-01 休 元旦", "there is no such day"),
        ("2026-01-01 休 元旦", "this day is not in 2027"),
        ("2027-02-08 班", "is a Saturday or Sunday"),
        ("2027-01-01", "write it like"),
        ("2027-01-01 休", "the name of the holiday is missing"),
        ("2027-01-05至2027-01-01 休 元旦", "before the first"),
        ("2027-01-01 休 元旦\n2027-01-01 班", "worked anyway"),
        ("2027-01-01 休 元旦\n2027-01-01 休 元旦", "there twice"),
    ],
)
def test_a_wrong_line_is_named_and_nothing_stored(supervisor, world, line, sentence):
    answer = supervisor.post("/desk/calendar/year/", {"year": "2027", "source": "通知", "days": line} | confirmed())
    assert answer.status_code == 422
    assert sentence in answer.content.decode() and "Line " in answer.content.decode()
    assert not CalendarDay.objects.filter(date__year=2027).exists()


WRONG = [{"date": "x"}, {"date": "1999-01-01"}, {"kind": ""}, {"kind": "odd"}, {"name": ""}, {"source": ""}, {"name": "长" * 61}]


@pytest.mark.parametrize("change", WRONG)
def test_a_wrong_day_gets_a_sentence(supervisor, world, change):
    answer = supervisor.post("/desk/calendar/day/", STORM | change | confirmed())
    assert answer.status_code == 422 and 'class="error-summary"' in answer.content.decode()
    assert not CalendarDay.objects.filter(township=world.township).exists()


def test_who_keeps_the_calendar(client, world):
    pages = ("/desk/calendar/", "/desk/calendar/?year=2027", "/desk/calendar/?year=x", "/desk/calendar/day/", "/desk/calendar/year/")
    for name in ("supervisor", "head", "clerk", "inspector", "official", "editor"):
        status = 200 if name == "supervisor" else 403
        client.force_login(getattr(world.people, name), backend=BACKEND)
        for address in pages:
            assert client.get(address).status_code == status, (name, address)
        if name != "supervisor":
            assert client.post("/desk/calendar/day/", STORM | confirmed()).status_code == 403
    assert not CalendarDay.objects.filter(date="2026-11-25").exists()
    client.logout()
    assert client.get("/desk/calendar/").status_code == 302


def test_two_people_add_the_same_day_at_once_and_the_slower_is_told(supervisor, world, monkeypatch):
    """The colleague's row is not there when one looks, and there when one writes."""
    written = calendar_changes.CalendarDay.save

    def both(row, *args, **options):
        colleague = CalendarDay(township=row.township, date=row.date, kind="rest", name="停电", source="电话")
        written(colleague)
        written(row, *args, **options)

    monkeypatch.setattr(calendar_changes.CalendarDay, "save", both)
    answer = supervisor.post("/desk/calendar/day/", STORM | confirmed())
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "A colleague changed the calendar meanwhile" in page and '#id_date' in page
    assert 'value="暴雪停办"' in page


def test_what_would_move_is_found_with_as_many_queries_for_fifty_cases_as_for_five(world):
    entry = calendar_changes.Entry(date(2026, 11, 25), "rest", "暴雪停办", "通知")
    plan = calendar_changes.Plan((entry,), world.township.pk)
    queries = {}
    made = 0
    for count in (5, 50):
        while made < count:
            paused(accepted(world, "2026-11-03 09:00"), world)
            made += 1
        with CaptureQueriesContext(connection) as asked:
            assert len(calendar_changes.preview(plan)) == count
        queries[count] = len(asked)
    assert queries[50] == queries[5] < 12


def paused(case, world):
    with verb("pause", by=world.people.official, now=w.MONDAY):
        for starts, moment in ((True, "2026-11-04 09:00"), (False, "2026-11-05 09:00")):
            Pause.objects.create(service_request=case, starts=starts, at=w.at(moment), reason="公示", by=world.people.official)
        extension = {"value": 2, "unit": "working_day", "basis": "批准", "approved_by": world.people.head}
        Extension.objects.create(service_request=case, **extension, at=w.at("2026-11-06 09:00"), by=world.people.official)


@pytest.mark.parametrize("column", ["promised_on", "legal_on"])
def test_a_case_of_which_only_one_date_moves_is_shown_and_redated(world, column):
    """The date of the lists stands; the promise or the legal limit of the same case does not."""
    case = accepted(world, "2026-11-03 09:00")
    right = getattr(case, column)
    with verb("tamper", by=world.people.head, now=w.MONDAY):
        setattr(case, column, date(2026, 12, 31))
        case.save()
    assert [fresh.pk for _case, fresh in deadlines.differing([case], calendar_for(world.township.pk))] == [case.pk]
    assert calendar_changes.redate(date(2026, 11, 1), None, now=w.at("2026-11-24 10:00")) == 1
    case.refresh_from_db()
    assert getattr(case, column) == right


def test_the_preview_knows_pauses_and_extensions_and_says_what_will_be(supervisor, world):
    """A closure inside a pause moves nothing; of an extended case it moves the extended day; what is shown is what is done."""
    more = {"name": "情况复杂延长", "type_code": 1, "max_extra": 10, "unit": "working_day", "approver": "镇人民政府负责人"}
    rest = {"name": "指定机构评定", "type_code": 2, "max_extra": 30, "unit": "working_day", "counted": False, "basis": "办事指南"}
    edition, people = w.another_item(world, "MZ-777", special_procedures=[more, rest]), world.people
    paused, extended, taken_back, stopped = (w.new_case(world, edition=edition, now=w.at("2026-11-03 09:00")) for _n in range(4))
    for case in (paused, extended, taken_back, stopped):
        verbs.accept(case, by=people.clerk, now=w.at("2026-11-03 09:00"))
    said = {"value": 10, "unit": "working_day", "reason": "要评定", "by": people.official}
    for case in (paused, extended, stopped):
        verbs.begin_procedure(case, "special-2", **said, now=w.at("2026-11-10 09:00"))
    for case, on in ((paused, "2026-11-13"), (extended, "2026-11-13")):
        verbs.end_procedure(case, "special-2", ended_on=date.fromisoformat(on), by=people.official, now=w.at(f"{on} 17:00"))
    for case in (extended, taken_back):
        verbs.extend(case, value=10, reason="情况复杂", by=people.head, now=w.at("2026-11-16 09:00"))
    verbs.remove_extension(taken_back, Extension.objects.get(service_request=taken_back).pk, reason="有误", by=people.head,
                           now=w.at("2026-11-17 09:00"))  # fmt: skip
    page = supervisor.post("/desk/calendar/day/", STORM | {"preview": "1"}).content.decode()
    shown = {case.number: case.number in page for case in (paused, extended, taken_back)}
    assert all(shown.values()), shown
    before = {case.pk: case.due_on for case in (paused, extended, taken_back, stopped)}
    foreseen = {case.pk: re.search(rf"{case.number}.*?</tr>", page, re.S)[0] for case in (paused, extended, taken_back)}
    supervisor.post("/desk/calendar/day/", STORM | confirmed())
    calendar = calendar_for(world.township.pk)
    for case in (paused, extended, taken_back, stopped):
        case.refresh_from_db()
        assert deadlines.differing([case], calendar) == []
    for case in (paused, extended, taken_back):
        assert case.due_on > before[case.pk] and say_date(case.due_on) in foreseen[case.pk]
    assert extended.due_on > paused.due_on > taken_back.due_on
