"""Appointments: hours by the calendar, never more people than places, number and code, ticked off, turned into a case."""

import re
import time as clock
from datetime import date, time

import pytest
import time_machine

from officials import calendar, versions
from officials.audit import verb
from officials.models import AccessRecord, CalendarDay
from requests.lifecycle import Refused
from requests.models import Appointment, AppointmentRule, Guest, ServiceRequest
from requests.outings import booking, guests, hours
from requests.outings.slots import open_slots
from tests.support import crowd
from tests.support import world as w

BACKEND = "portal.staff_session.StaffBackend"
NOW = w.at("2026-11-02 10:00")  # a Monday
TUESDAY_NINE = w.at("2026-11-03 09:00")


@pytest.fixture
def world(db):
    return open_hours(w.build())


def open_hours(world, people=1):
    """The civil office: Monday to Friday 9:00–11:00, half an hour each."""
    hours.add_rule(
        world.civil, weekdays=[1, 2, 3, 4, 5], opens_at=time(9), closes_at=time(11), minutes=30, people=people,
        by=world.people.head, now=w.MONDAY,
    )  # fmt: skip
    return world


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


def order(world, at=TUESDAY_NINE, phone="12345678901", token="a" * 24, **more):
    return booking.Order(world.civil, at, "张三丰", phone, "phone", token, **more)


def book(world, **more) -> booking.Booked:
    return booking.book(order(world, **more), by=world.people.clerk, now=NOW)


def signed_in(client, person):
    client.force_login(person, backend=BACKEND)
    return client


def text(answer) -> str:
    return answer.content.decode()


def state_of(answer) -> str:
    return re.search(r'name="state" value="([^"]*)"', text(answer))[1]


ONLINE = {"slot": "2026-11-03T09:00", "name": "张大爷", "phone": "12345678901", "item": "MZ-009"}


def closed_on(world, day: str) -> None:
    with verb("set_up", by=world.people.supervisor, now=NOW):
        CalendarDay(township=world.township, date=date.fromisoformat(day), kind="rest", name="暴雪停办", source="镇政府通知").save()
        versions.bump(versions.CALENDAR)
    calendar.forget()


# -- which hours ------------------------------------------------------------------------------------------------


def test_hours_are_those_of_the_next_ten_working_days_and_of_no_day_off(world):
    slots = open_slots(world.civil, NOW)
    days = sorted({str(slot.day) for slot in slots})
    # Monday 10:00: 9:00, 9:30 and 10:00 have begun.
    assert [slot.key for slot in slots][:2] == ["2026-11-02T10:30", "2026-11-03T09:00"]
    assert days[-1] == "2026-11-13" and len(days) == 10 and not {"2026-11-07", "2026-11-08"} & set(days)
    closed_on(world, "2026-11-04")
    days = sorted({str(slot.day) for slot in open_slots(world.civil, NOW)})
    assert "2026-11-04" not in days and days[-1] == "2026-11-16"


def test_hours_are_kept_by_the_head_and_an_ended_rule_gives_none(world, client):
    rule = AppointmentRule.objects.get()
    signed_in(client, world.people.official)
    assert client.get("/desk/appointments/rules/").status_code == 403
    signed_in(client, world.people.head)
    said = {"office": world.civil.pk, "weekdays": ["1"], "opens_at": "14:00", "closes_at": "13:00", "minutes": "30", "people": "1"}
    answer = client.post("/desk/appointments/rules/", said)
    assert answer.status_code == 422 and "结束时间应晚于开始时间" in text(answer) and AppointmentRule.objects.count() == 1
    assert client.post("/desk/appointments/rules/", said | {"closes_at": "15:00"}).status_code == 302
    assert client.post("/desk/appointments/rules/", said | {"closes_at": "15:00"}).status_code == 422  # the same once more
    assert "2026-11-02T14:00" in [slot.key for slot in open_slots(world.civil, NOW)]
    client.post(f"/desk/appointments/rules/{rule.pk}/end/")
    assert "2026-11-03T09:00" not in [slot.key for slot in open_slots(world.civil, NOW)]


# -- booking ----------------------------------------------------------------------------------------------------


def test_a_resident_books_and_gets_number_and_code_once(world, client):
    page = client.get("/appointments/ST04/")
    assert "2026年11月3日(周二)" in text(page)
    state = state_of(page)
    sent = client.post("/appointments/ST04/", ONLINE | {"state": state})
    one = Appointment.objects.get()
    secret = re.search(r'class="secret">([\d\s]+)<', text(sent))[1]
    assert one.number == "990199101-2026-YY000001" and one.number in text(sent) and "周二" in text(sent)
    assert one.item == world.certificate.item and one.booked_by.is_job
    # Sent again: the same booking, and the hour is not offered to anybody else.
    again = client.post("/appointments/ST04/", ONLINE | {"state": state})
    assert again.status_code == 200 and secret in text(again) and Appointment.objects.count() == 1
    other = client.post("/appointments/ST04/", ONLINE | {"state": state_of(client.get("/appointments/ST04/")), "phone": "12345678902"})
    assert other.status_code == 422 and "12345678902" in text(other)


def test_what_was_said_is_sealed_and_nowhere_in_clear(world):
    one = book(world).appointment
    row = str(Appointment.objects.values().get()) + str(Guest.objects.values().get()) + str(one.history.values().first())
    assert "张三丰" not in row and "12345678901" not in row
    assert booking.person_of(one)["name"] == "张三丰" and booking.masked(one)["name"] == "张**"


def test_bad_input_comes_back_with_what_was_typed(world, client):
    state = state_of(client.get("/appointments/ST04/"))
    answer = client.post("/appointments/ST04/", {"state": state, "slot": "2026-11-07T09:00", "name": "李四", "phone": "12"})
    assert answer.status_code == 422 and "李四" in text(answer) and "不再开放" in text(answer) and not Appointment.objects.exists()
    assert client.get("/appointments/NOPE/").status_code == 404


def test_a_phone_has_two_open_bookings_at_most(world):
    book(world, token="a" * 24)
    book(world, at=w.at("2026-11-03 09:30"), token="b" * 24)
    with pytest.raises(Refused, match="2"):
        book(world, at=w.at("2026-11-03 10:00"), token="c" * 24, phone="123 4567 8901")
    booking.cancel(Appointment.objects.first(), by=world.people.clerk, now=NOW)
    third = book(world, at=w.at("2026-11-03 10:00"), token="c" * 24).appointment
    assert third.number.endswith("YY000003")  # the refused one took no number


def test_cancelling_needs_number_and_code_and_gives_the_hour_back(world, client):
    booked = book(world)
    wrong = client.post("/appointments/cancel/", {"number": booked.appointment.number, "secret": "1111 2222 3333 4444"})
    assert wrong.status_code == 422 and Appointment.objects.get().state == "booked"
    odd = text(client.post("/appointments/cancel/", {"number": "12", "secret": "1"}))
    assert "预约号不完整" in odd and "取消码是16位数字" in odd
    assert not re.search("查询码|收件凭证|办件编号", re.sub(r"[\s\S]*<main|<footer[\s\S]*", "", odd))
    right = {"number": booked.appointment.number, "secret": booked.secret}
    for _twice in range(2):
        assert client.post("/appointments/cancel/", right).status_code == 200
    assert Appointment.objects.get().state == "cancelled" and book(world, token="b" * 24).is_new


def test_the_clerk_books_for_a_caller_and_reads_the_code_out_once(world, client):
    signed_in(client, world.people.clerk)
    page = client.get("/desk/appointments/new/?office=ST04")
    token = re.search(r'name="form_token" value="([^"]+)"', text(page))[1]
    said = {"slot": "2026-11-03T09:00", "name": "王五", "phone": "12345678905", "item": "", "channel": "phone", "form_token": token}
    first = client.post("/desk/appointments/new/?office=ST04", said)
    assert first.status_code == 200 and 'class="secret"' in text(first)
    again = client.post("/desk/appointments/new/?office=ST04", said)
    assert again.status_code == 302 and Appointment.objects.count() == 1


# -- the day ----------------------------------------------------------------------------------------------------


def test_the_list_of_the_day_is_masked_and_looking_is_written_down(world, client):
    one = book(world, at=w.at("2026-11-02 10:30")).appointment
    signed_in(client, world.people.official)
    page = text(client.get("/desk/appointments/"))
    assert one.number in page and "张**" in page and "张三丰" not in page and "12345678901" not in page
    assert "今天的预约：1 人" in text(client.get("/desk/"))
    shown = client.post(f"/desk/appointments/{one.pk}/")
    assert "张三丰" in text(shown) and AccessRecord.objects.filter(subject=f"appointment:{one.pk}", what="reveal").count() == 1
    assert signed_in(client, world.people.editor).get(f"/desk/appointments/{one.pk}/").status_code == 404


def test_came_and_not_come_are_ticked_and_nobody_is_absent_before_the_hour(world, client):
    one = book(world, at=w.at("2026-11-02 10:30")).appointment
    signed_in(client, world.people.clerk)
    client.post(f"/desk/appointments/{one.pk}/not-come/")
    assert Appointment.objects.get().state == "booked"
    client.post(f"/desk/appointments/{one.pk}/came/")
    assert Appointment.objects.get().state == "came" and Appointment.objects.get().settled_by == world.people.clerk


def test_before_the_day_nobody_came_or_stayed_away_and_the_figure_says_who_else_is_booked(world, client):
    """The head of the civil office reads of the village's three; the buttons are there on the day, and refused before."""
    one = book(world).appointment
    page = text(signed_in(client, world.people.clerk).get("/desk/appointments/?on=2026-11-03"))
    assert one.number in page and "/came/" not in page and "/not-come/" not in page
    client.post(f"/desk/appointments/{one.pk}/came/")
    assert Appointment.objects.get().state == "booked"
    with time_machine.travel(w.at("2026-11-03 08:40"), tick=False):
        page = text(signed_in(client, world.people.clerk).get("/desk/appointments/"))
        assert "/came/" in page and "/not-come/" not in page
    said = {"weekdays": [2], "opens_at": time(9), "closes_at": time(11), "minutes": 30, "people": 1}
    hours.add_rule(world.centre, **said, by=world.people.supervisor, now=NOW)
    there = booking.Order(world.centre, TUESDAY_NINE, "李四光", "12345678902", "phone", "b" * 24)
    other = booking.book(there, by=world.people.clerk, now=NOW).appointment
    page = text(signed_in(client, world.people.head).get("/desk/appointments/?on=2026-11-03"))
    assert "另有1人约在其他站所和村" in page and one.number in page and other.number not in page


def test_a_booking_becomes_a_case_with_the_person_filled_in_and_the_link_kept(world, client):
    one = book(world, item=world.low_income.item).appointment
    signed_in(client, world.people.clerk)
    url = f"/desk/new/MZ-001/?booking={one.pk}"
    assert url in text(client.get("/desk/appointments/?on=2026-11-03"))
    page = text(client.get(url))
    assert 'value="张三丰"' in page and 'value="12345678901"' in page and one.number in page
    assert "张三丰" not in text(client.get("/desk/new/MZ-001/"))
    token = re.search(r'name="form_token" value="([0-9a-f]{32})"', page)[1]
    said = {"form_token": token, "edition": world.low_income.pk, "then": "receive", "channel": "window", "everything": "on",
            "name": "张三丰", "id_number": "990199195501010012", "phone": "12345678901"}  # fmt: skip
    assert client.post(url, said).status_code == 302
    assert client.post(url, said).status_code == 302  # sent twice
    case, one = ServiceRequest.objects.get(), Appointment.objects.get()
    assert one.service_request == case and one.state == "came"
    # The case knows the person now; the booking has forgotten.
    assert booking.person_of(one) == {} and Guest.objects.get().phone_hmac == ""
    assert case.number in text(client.get("/desk/appointments/?on=2026-11-03"))
    assert client.get(f"/desk/new/MZ-001/?booking={one.pk}9").status_code == 404


def test_bookings_of_a_closed_day_are_listed_for_a_call(world, client):
    one = book(world).appointment
    signed_in(client, world.people.clerk)
    assert "要打电话通知" not in text(client.get("/desk/appointments/"))
    closed_on(world, "2026-11-03")
    page = text(client.get("/desk/appointments/"))
    assert "要打电话通知" in page and one.number in page and "要打电话通知的预约：1 个" in text(client.get("/desk/"))


def test_ninety_days_later_nobody_can_read_who_booked(world):
    one = book(world).appointment
    assert guests.forget_old(w.at("2026-12-01 03:00")) == 0
    assert guests.forget_old(w.at("2027-03-01 03:00")) == 1
    assert booking.person_of(Appointment.objects.select_related("guest").get(pk=one.pk)) == {}


# -- two at once ------------------------------------------------------------------------------------------------


def crowd_books(live_server, world) -> list[int]:
    sessions = [crowd.session_of(person) for person in (world.people.clerk, world.people.clerk2)]
    said = {"slot": "2026-11-03T09:00", "name": "张三丰", "item": "", "channel": "phone"}
    posts = [
        crowd.post("/desk/appointments/new/?office=ST04", said | {"phone": f"1234567{n:04d}", "form_token": f"{n:024d}"}, sessions[n % 2])
        for n in range(12)
    ]
    return [answer["status"] for answer in crowd.send(live_server, posts, processes=6)]


@pytest.fixture
def slow_hands(monkeypatch):
    """Everybody sees the free hour before anybody's press arrives."""
    look = booking.audited

    def slowly(*args, **options):
        clock.sleep(0.4)
        return look(*args, **options)

    monkeypatch.setattr(booking, "audited", slowly)


@pytest.mark.django_db(transaction=True)
def test_two_places_are_taken_by_two_of_twelve(transactional_db, live_server, slow_hands):
    world = open_hours(w.build(), people=2)
    statuses = crowd_books(live_server, world)
    assert sorted(statuses) == [200, 200] + [422] * 10
    assert sorted(Appointment.objects.values_list("number", flat=True)) == ["990199101-2026-YY000001", "990199101-2026-YY000002"]


@pytest.mark.django_db(transaction=True)
def test_control_without_looking_again_more_are_booked_than_there_are_places(transactional_db, live_server, slow_hands, monkeypatch):
    world = open_hours(w.build(), people=2)
    slot = next(one for one in open_slots(world.civil, NOW) if one.starts_at == TUESDAY_NINE)
    monkeypatch.setattr(booking, "_look_again", lambda _order, _now: slot)
    crowd_books(live_server, world)
    assert Appointment.objects.count() > 2
