"""Village service days and reception days: by the rule and the calendar, people sent, visits and demands, sums that hold."""

import re
from datetime import date, time

import pytest
import time_machine

from officials import calendar, versions
from officials.audit import together, verb
from officials.models import CalendarDay, User, VillageLink
from requests import verbs
from requests.demands import moves
from requests.lifecycle import Refused
from requests.models import Outing, OutingVisit, ServiceRequest, VillageDayRule
from requests.outings import booking, counts, days
from requests.outings.slots import open_slots
from requests.permissions import visible
from tests.support import at_once
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
NOW = w.at("2026-11-02 10:00")  # a Monday
DEMAND = {"sort": "help", "words": "门前路灯坏了", "name": "张三丰", "phone": "12345678901", "then": "dispatch", "answer": "", "way": ""}


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture(autouse=True)
def morning():
    with time_machine.travel(NOW, tick=False):
        yield


def desk(client, person):
    client.force_login(person, backend=BACKEND)
    return client


def text(answer) -> str:
    return answer.content.decode()


def thursdays(world, **more) -> VillageDayRule:
    said = {"office": world.centre, "village": world.village, "weekday": 4, "first_on": date(2026, 11, 2), "place": "村委会",
            "opens_at": time(9), "closes_at": time(11)}  # fmt: skip
    return days.add_rule(VillageDayRule(**said | more), by=world.people.supervisor, now=NOW)


def reception_day(world, on="2026-11-02", *, sent=()) -> Outing:
    places = [(world.village, "村委会"), (None, "镇大厅")]
    wanted = days.Plan("reception_day", world.centre, date.fromisoformat(on), time(8), time(18), places)
    outing = days.plan(wanted, by=world.people.supervisor, now=NOW)
    days.send(outing, None, [one.staff_no for one in sent], by=world.people.supervisor, now=NOW)
    return outing


def close(world, day: str) -> None:
    with verb("set_up", by=world.people.supervisor, now=NOW):
        CalendarDay(township=world.township, date=date.fromisoformat(day), kind="rest", name="暴雪停办", source="镇政府通知").save()
        versions.bump(versions.CALENDAR)
    calendar.forget()


def dates() -> list[str]:
    return [str(one.date) for one in Outing.objects.filter(cancelled_at=None)]


# -- by the rule and the calendar -------------------------------------------------------------------------------


def test_thursdays_of_six_weeks_are_made_once_and_the_linked_officials_go(world):
    days.link(world.people.official, world.village, by=world.people.supervisor, now=NOW)
    thursdays(world)
    assert dates() == ["2026-11-05", "2026-11-12", "2026-11-19", "2026-11-26", "2026-12-03", "2026-12-10"]
    assert days.make_village_days(by=User.objects.job("tick"), now=NOW) == {}
    assert [row.person for row in Outing.objects.first().sent.all()] == [world.people.official]
    with pytest.raises(Refused):
        thursdays(world)


def test_a_day_closed_later_is_moved_but_not_one_changed_by_hand(world, client):
    thursdays(world)
    by_hand = Outing.objects.get(date="2026-11-12")
    kept = {name: getattr(by_hand, name) for name in ("opens_at", "closes_at", "note", "items", "minutes", "people")}
    days.change(by_hand, date=date(2026, 11, 11), **kept, by=world.people.supervisor, now=NOW)
    close(world, "2026-11-05")
    close(world, "2026-11-12")
    assert days.make_village_days(by=User.objects.job("tick"), now=NOW) == {"moved": 1}
    assert dates()[:2] == ["2026-11-06", "2026-11-11"]
    page = text(desk(client, world.people.clerk).get(Outing.objects.get(date="2026-11-06").get_absolute_url()))
    assert "2026年11月5日(周四)" in page
    held = VillageDayRule(first_on=date(2026, 9, 24), weekday=4, weeks=1, on_day_off="drop", village=world.village)
    assert days.held_on(held, date(2026, 10, 1)) is None  # National Day


def test_a_day_moved_from_a_holiday_never_meets_the_next_one_of_its_rule(world):
    """The Thursday of the National Day would roll onto the next Thursday: it is held once. The same for days moved by hand."""
    rule = thursdays(world)
    for gone in ("2026-11-05", "2026-11-06", "2026-11-09", "2026-11-10", "2026-11-11"):
        close(world, gone)
    days.make_village_days(by=User.objects.job("tick"), now=NOW)
    assert dates() == ["2026-11-12", "2026-11-19", "2026-11-26", "2026-12-03", "2026-12-10"]
    close(world, "2026-11-12")
    days.make_village_days(by=User.objects.job("tick"), now=NOW)
    assert dates()[:2] == ["2026-11-13", "2026-11-19"]
    first = rule.outings.get(date="2026-11-13")
    kept = {name: getattr(first, name) for name in ("opens_at", "closes_at", "note", "items", "minutes", "people")}
    with pytest.raises(Refused):
        days.change(first, date=date(2026, 11, 19), **kept, by=world.people.supervisor, now=NOW)


def test_the_places_of_a_day_are_named_anew_left_out_and_added_but_not_where_people_came(world, client):
    """The keeper moves a day from the village hall to the school and adds the market; nobody is sent home for it."""
    outing = reception_day(world)
    hall, square = outing.places.order_by("pk")
    days.send(outing, square, [world.people.clerk.staff_no], by=world.people.supervisor, now=NOW)
    keeper, address = desk(client, world.people.supervisor), f"{outing.get_absolute_url()}edit/"
    page = text(keeper.get(address))
    assert f'name="place_{hall.pk}"' in page and f'name="drop_{square.pk}"' in page
    said = {"date": "2026-11-02", "opens_at": "08:00", "closes_at": "18:00", "note": "", "minutes": "", "people": ""}
    said |= {f"place_{hall.pk}": "村小学", f"place_{square.pk}": square.place, f"drop_{square.pk}": "on", "more_place": "菜市场"}
    assert keeper.post(address, said).status_code == 302
    assert [str(place) for place in outing.places.order_by("pk")] == [f"{world.village.name} · 村小学", "菜市场"]
    assert outing.sent.get().place is None, "who was sent stays sent"
    days.count_visit(outing, hall, 1, "a" * 32, by=world.people.supervisor, now=NOW)
    refused = keeper.post(address, said | {f"drop_{hall.pk}": "on", "more_place": ""})
    assert refused.status_code == 422 and "村小学" in text(refused) and outing.places.count() == 2
    market = outing.places.get(place="菜市场")
    for wrong in ({"places": {market.pk: ""}}, {"more": [(world.village, "再一处")]}):
        with pytest.raises(Refused):
            days.change(outing, date=outing.date, opens_at=time(8), closes_at=time(18), note="", items=[], minutes=None, people=None,
                        **wrong, by=world.people.supervisor, now=NOW)  # fmt: skip
    with pytest.raises(Refused):
        days.change(outing, date=outing.date, opens_at=time(8), closes_at=time(18), note="", items=[], minutes=None, people=None,
                    places={}, by=world.people.clerk, now=NOW)  # fmt: skip


def test_the_public_sees_days_and_officials_and_a_cancelled_day_is_gone(world, client):
    days.link(world.people.official, world.village, by=world.people.supervisor, now=NOW)
    thursdays(world, items=["MZ-009"], minutes=30, people=2)
    page = text(client.get("/outings/"))
    assert "2026年11月5日(周四)" in page and "老年人优待证发放" in page and "/appointments/V01/" in page and "甄关怀" in page
    assert page.count(">稻香村 · 村委会") == page.count("老年人优待证发放") == 1, "a village stands once, with all its days"
    assert "稻香村" in text(client.get("/officials/official/")) and "2026年11月5日" in text(client.get("/offices/CENTRE/"))
    first = Outing.objects.first()
    desk(client, world.people.head)
    assert client.post(f"/desk/outings/{first.pk}/cancel/").status_code == 403
    desk(client, world.people.supervisor).post(f"/desk/outings/{first.pk}/cancel/")
    client.logout()
    assert "2026年11月5日(周四)" not in text(client.get("/outings/"))


def test_an_hour_of_a_village_day_is_booked_and_the_day_cancelled_is_called(world):
    thursdays(world, minutes=30, people=2)
    slots = open_slots(world.village, NOW)
    assert [slot.key for slot in slots[:4]] == ["2026-11-05T09:00", "2026-11-05T09:30", "2026-11-05T10:00", "2026-11-05T10:30"]
    order = booking.Order(world.village, slots[0].starts_at, "张三丰", "12345678901", "phone", "a" * 24)
    one = booking.book(order, by=world.people.clerk, now=NOW).appointment
    assert one.outing == Outing.objects.first() and booking.to_call(world.people.clerk, NOW) == []
    days.cancel(one.outing, by=world.people.supervisor, now=NOW)
    assert booking.to_call(world.people.clerk, NOW) == [one]
    assert open_slots(world.village, NOW)[0].key == "2026-11-12T09:00"


def test_only_what_the_village_day_handles_can_be_booked_for_it(world, client):
    thursdays(world, minutes=30, people=2, items=["MZ-009"])
    page = text(client.get("/appointments/V01/"))
    assert 'value="MZ-009"' in page and "MZ-001" not in page
    said = (world.village, open_slots(world.village, NOW)[0].starts_at, "张三丰", "12345678901", "phone", "a" * 24)
    with pytest.raises(Refused):
        booking.book(booking.Order(*said, item=world.low_income.item), by=world.people.clerk, now=NOW)
    assert booking.book(booking.Order(*said, item=world.certificate.item), by=world.people.clerk, now=NOW).is_new


def test_links_are_kept_by_the_head_and_ended_not_deleted(world, client):
    desk(client, world.people.official)
    assert client.get("/desk/village-links/").status_code == 403
    desk(client, world.people.head)
    said = {"village": world.village.pk, "person": "甄关怀(A003)"}
    for nobody in ("Z9", "甄无此人", "A003、A004"):
        assert client.post("/desk/village-links/", said | {"person": nobody}).status_code == 422
    client.post("/desk/village-links/", said)
    client.post("/desk/village-links/", said)
    link = VillageLink.objects.get()
    client.post(f"/desk/village-links/{link.pk}/end/")
    assert str(VillageLink.objects.get().ended_on) == "2026-11-02"


# -- who goes, who came -----------------------------------------------------------------------------------------


def test_a_list_of_staff_numbers_is_pasted_and_an_unknown_one_stops_it(world, client):
    outing = reception_day(world)
    place = outing.places.first()
    url = f"/desk/outings/{outing.pk}/people/"
    desk(client, world.people.supervisor)
    answer = client.post(url, {"place": place.pk, "numbers": "A001\nA003, A404"})
    assert answer.status_code == 422 and "A404" in text(answer) and not outing.sent.exists()
    client.post(url, {"place": place.pk, "numbers": "A001\r\nA003,A003、A004"})
    assert outing.sent.count() == 3
    assert 'name="chosen" value="A006"' in text(client.get(url))
    client.post(url, {"place": "", "numbers": "甄探访"})  # moved, not sent twice
    assert outing.sent.count() == 3 and outing.sent.get(person=world.people.deputy).place is None
    client.post(f"{url}recall/", {"staff_no": "A004"})
    with verb("set_up", by=world.people.supervisor, now=NOW):
        User(username="other", name="甄探访", staff_no="A099", password="!", office=world.reception).save()
    answer = text(client.post(url, {"place": "", "numbers": "甄探访"}))
    assert "叫甄探访的有2人" in answer and "A099 综合受理窗口" in answer
    assert counts.figures(outing).sent == 2
    assert desk(client, world.people.clerk).post(url, {"place": "", "numbers": "A001"}).status_code == 403


def test_fifteen_hundred_officials_are_sent_in_one_go(world):
    outing = reception_day(world)
    with together(), verb("set_up", by=world.people.supervisor, now=NOW):
        for number in range(150):
            User(username=f"o{number}", name=f"干部{number}", staff_no=f"S{number:04d}", password="!").save()
    new, unknown = days.send(outing, None, [f"S{number:04d}" for number in range(150)], by=world.people.supervisor, now=NOW)
    assert (new, unknown) == (150, []) and counts.figures(outing).sent == 150


def tap(client, outing, place=None, people="1", token=None):
    token = token or f"{OutingVisit.objects.count():032d}"
    return client.post(f"/desk/outings/{outing.pk}/visit/", {"token": token, "place": place.pk if place else "", "people": people})


def test_a_tap_counts_once_and_can_be_taken_back_by_whoever_tapped(world, client):
    outing = reception_day(world, sent=[world.people.clerk, world.people.clerk2])
    village = outing.places.first()
    desk(client, world.people.clerk)
    page = text(client.get(outing.get_absolute_url()))
    token = re.search(r'name="token" value="([0-9a-f]{32})"', page)[1]
    for _twice in range(2):
        tap(client, outing, village, token=token)
    tap(client, outing, village, people="30")
    assert counts.figures(outing).visits == 31
    tap(client, outing, village, people="-1")
    assert counts.figures(outing).visits == 30
    tap(client, outing, village, people="5000")
    desk(client, world.people.clerk2)
    tap(client, outing, village, people="-1")  # nothing of hers
    assert counts.figures(outing).visits == 30
    assert [line.visits for line in counts.by_place(outing)] == [30, 0, 0]


def test_nobody_comes_before_the_day_or_after_it_was_cancelled(world):
    for outing in (reception_day(world, "2026-11-03", sent=[world.people.clerk]), reception_day(world, sent=[world.people.clerk])):
        if outing.date == date(2026, 11, 2):
            days.cancel(outing, by=world.people.supervisor, now=NOW)
        with pytest.raises(Refused):
            days.count_visit(outing, None, 1, "a" * 32, by=world.people.clerk, now=NOW)


def test_only_those_sent_count_and_register_and_a_day_that_is_over_takes_later_entries_of_its_keeper_by_name(world, client):
    """clerk2 of an office that was not sent sees the figures and nothing else; the verb says so too."""
    outing = reception_day(world, sent=[world.people.clerk])
    address, there = outing.get_absolute_url(), outing.places.first()
    page = text(desk(client, world.people.clerk2).get(address))
    assert "/visit/" not in page and "/demand/" not in page and f"outing={outing.pk}" not in page
    assert client.get(f"{address}demand/").status_code == 403
    assert client.get(f"/desk/new/MZ-001/?outing={outing.pk}").status_code == 403
    assert write_down(client, outing, form_token="c" * 32).status_code == 403
    tap(client, outing, there)
    assert not outing.visits.exists() and not ServiceRequest.objects.exists()
    with time_machine.travel(w.at("2026-11-03 09:00"), tick=False):
        page = text(desk(client, world.people.clerk).get(address))
        assert "/visit/" not in page and "/demand/" not in page
        tap(client, outing, there)
        assert write_down(client, outing, form_token="d" * 32).status_code == 422
        assert not outing.visits.exists() and not ServiceRequest.objects.exists()
        keeper = desk(client, world.people.supervisor)
        assert 'value="-1"' not in text(keeper.get(address)), "no taps after the day, only the tally"
        tap(keeper, outing, there, people="12")
        page = text(keeper.get(address))
        assert counts.figures(outing).visits == 12 and "+12" in page and "郝帮忙" in page and "2026年11月3日" in page


# -- demands on the spot ----------------------------------------------------------------------------------------


def write_down(client, outing, **more):
    url = f"/desk/outings/{outing.pk}/demand/"
    token = more.pop("form_token", None) or re.search(r'name="form_token" value="([0-9a-f]{32})"', text(client.get(url)))[1]
    return client.post(url, DEMAND | {"form_token": token} | more)


def test_a_demand_is_written_down_on_a_phone_dispatched_or_solved_at_once(world, client):
    outing = reception_day(world, sent=[world.people.clerk])
    place = outing.places.first()
    desk(client, world.people.clerk)
    answer = write_down(client, outing, place=place.pk, then="solved", form_token="a" * 32)
    assert answer.status_code == 422 and "门前路灯坏了" in text(answer) and not ServiceRequest.objects.exists()
    for _twice in range(2):
        done = write_down(client, outing, place=place.pk, then="solved", answer="当场换了灯泡", form_token="a" * 32)
        assert done.status_code == 302
    case = ServiceRequest.objects.get()
    assert (case.channel, case.status, case.outcome) == ("reception_day", "closed", "solved") and case.outing_case.place == place
    assert case.number in text(client.get(done["Location"]))
    write_down(client, outing, place=place.pk)
    figures = counts.figures(outing)
    assert (figures["registered"], figures["at_once"], figures["open"]) == (2, 1, 1) and figures.adds_up


def test_what_is_not_ours_is_told_counted_and_not_kept(world, client):
    outing = reception_day(world, sent=[world.people.clerk])
    desk(client, world.people.clerk)
    assert write_down(client, outing, then="elsewhere").status_code == 422
    for _twice in range(2):
        assert write_down(client, outing, then="elsewhere", way="court", form_token="b" * 32).status_code == 302
    case = ServiceRequest.objects.get()
    assert case.status == "not_ours" and counts.figures(outing)["elsewhere"] == 1 and not hasattr(case, "demand_words")


def test_an_official_sent_to_the_village_writes_down_and_solves_at_once(world, client):
    """No right at the dispatching window: who wrote it down may end it before the person leaves."""
    outing = reception_day(world, sent=[world.people.official, world.people.inspector])
    desk(client, world.people.official)
    assert write_down(client, outing, then="explained", answer="解释了政策").status_code == 302
    assert ServiceRequest.objects.get().status == "closed"
    assert desk(client, world.people.inspector).get(f"/desk/outings/{outing.pk}/demand/").status_code == 403


def test_a_case_of_the_catalogue_taken_in_there_carries_channel_and_day(world, client):
    outing = reception_day(world, sent=[world.people.clerk])
    desk(client, world.people.clerk)
    url = f"/desk/new/MZ-001/?outing={outing.pk}"
    page = text(client.get(url))
    token = re.search(r'name="form_token" value="([0-9a-f]{32})"', page)[1]
    assert re.search(r'<option value="reception_day"[^>]* selected', page) and f"/desk/outings/{outing.pk}/" in page
    said = {"form_token": token, "edition": world.low_income.pk, "then": "receive", "channel": "reception_day", "everything": "on",
            "name": "张三丰", "id_number": "990199195501010012", "phone": "12345678901"}  # fmt: skip
    assert client.post(url, said).status_code == 302
    assert ServiceRequest.objects.get().outing_case.outing == outing and counts.figures(outing)["open"] == 1
    assert client.get(f"/desk/new/MZ-001/?outing={reception_day(world, '2026-11-09').pk}").status_code == 404


def test_mistake_16_the_page_of_the_day_adds_up_whatever_becomes_of_the_cases(world, client):
    outing = reception_day(world, sent=[world.people.clerk])
    desk(client, world.people.clerk)
    for then, answer in (("dispatch", ""), ("dispatch", ""), ("dispatch", ""), ("solved", "换了灯泡"), ("elsewhere", ""), ("dispatch", "")):
        write_down(client, outing, then=then, answer=answer, way="court" if then == "elsewhere" else "")
    one, two, three, _solved, _court, slip = ServiceRequest.objects.order_by("pk")
    p = world.people
    moves.dispatch(one, rhythm="timed", lead=world.civil, by=p.clerk, now=NOW)
    moves.sign_for(one, by=p.official, now=NOW)
    moves.answer_demand(one, outcome="explained", words="说明了政策", by=p.official, now=NOW)
    verbs.withdraw(two, reason="不用了", by=p.clerk, now=NOW)
    verbs.void(slip, reason="误登", by=p.supervisor, now=NOW)
    figures = counts.figures(outing)
    settled = {"at_once": 1, "later": 0, "explained": 1, "elsewhere": 1, "withdrawn": 1}
    assert figures.values == {"registered": 5, "solved": 4, "open": 1} | settled
    assert figures.adds_up
    page = text(client.get(outing.get_absolute_url()))
    assert "登记 5 = 了结 4 + 待解决 1" in page and "不相符" not in page
    assert "来访0人次（没有逐一点数），登记5件" in page, "how visitors and demands go together is said in one line"
    for number in range(6):
        tap(client, outing, token=f"{number:032d}")
    assert "来访6人次，其中登记5件" in text(client.get(outing.get_absolute_url()))
    # Behind each number stand as many cases as it says.
    for name in counts.WHICH:
        listed = text(client.get(f"/desk/outings/{outing.pk}/list/?which={name}"))
        assert len(re.findall(r'class="code"', listed)) == figures[name], name
    assert three.number in text(client.get(f"/desk/outings/{outing.pk}/list/?which=open"))
    # Whose cases they are not sees how many there are and nothing of them.
    seen = set(visible(p.deputy).filter(outing_case__outing=outing).values_list("number", flat=True))
    elsewhere = text(desk(client, p.deputy).get(f"/desk/outings/{outing.pk}/list/?which=registered"))
    assert len(seen) < 5 and set(re.findall(r"990199101-2026-\d+", elsewhere)) == seen and f"另有{5 - len(seen)}件" in elsewhere
    desk(client, p.clerk)
    # Done again: what was solved is open again, and the sum still holds.
    one.refresh_from_db()
    moves.rework(one, reason="又坏了", by=p.clerk, now=NOW)
    again = counts.figures(outing)
    assert (again["solved"], again["open"]) == (3, 2) and again.adds_up


@pytest.mark.django_db(transaction=True)
def test_eight_desks_at_once_lose_no_visit(transactional_db):
    world = w.build()
    outing = reception_day(world, sent=[world.people.clerk])
    tokens = iter(f"{number:032d}" for number in range(100))

    def five():
        for _one in range(5):
            days.count_visit(outing, None, 1, next(tokens), by=world.people.clerk, now=NOW)

    at_once.at_once(8, five)
    assert counts.figures(outing).visits == 40
