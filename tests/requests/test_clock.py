"""When it is due, and why: the vectors of the rule book, the case of the receipt, pauses, extensions, lights."""

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from officials.announced_days import announced_days
from officials.workdays import Calendar, Day, fixed_public_holidays
from requests import clock, lights
from requests.clock import LOCAL, Colour, Extension, Kind, Limit, Line, Pause, StartEvent, Unit
from requests.reasons import AMOUNTS, KIND_NAMES, SENTENCES, say_span
from tests.support.calendars import YEARS, announced_calendar

CALENDAR = announced_calendar()
D, C, M, H = Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.MONTH, Unit.HOUR


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def at(text: str) -> dt.datetime:
    """Local time in Qihe; a date alone is ten in the morning."""
    return dt.datetime.fromisoformat(text if " " in text else f"{text} 10:00").replace(tzinfo=LOCAL)


def limit(value: int, unit: Unit = D, kind: Kind = Kind.PROMISED, starts_on: StartEvent = StartEvent.ACCEPTED, basis: str = "") -> Limit:
    return Limit(value, unit, starts_on, kind, basis)


def due_on(start: str, value: int, unit: Unit = D, pauses=(), extensions=()) -> str:
    return str(clock.due(limit(value, unit), at(start), CALENDAR, pauses, extensions).due_on)


def pause(first: str, last: str | None, reason: str = "鉴定", **more) -> Pause:
    return Pause(at(first), at(last) if last else None, reason, **more)


def more_time(value: int, unit: Unit = D, approved: str = "2026-03-05") -> Extension:
    return Extension(value, unit, "情况复杂", "分管副镇长", at(approved))


def codes(due: clock.Due) -> list[str]:
    return [line.code for line in due.lines]


# -- the rule book --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "value", "unit", "expected"),
    [
        ("2026-09-18", 5, D, "2026-09-24"),
        ("2026-09-30", 20, D, "2026-11-03"),
        ("2026-02-13", 5, D, "2026-02-27"),
        ("2026-04-30", 20, D, "2026-06-01"),
        ("2026-09-20", 15, C, "2026-10-08"),
        ("2026-03-02", 60, C, "2026-05-06"),
        ("2026-01-31", 1, M, "2026-02-28"),
    ],
)
def test_vectors_of_the_rule_book(start, value, unit, expected):
    assert due_on(start, value, unit) == expected


@pytest.mark.parametrize("start", ["2026-09-30 23:10", "2026-02-14 00:00", "2026-06-19 12:34"])
def test_24_hours_end_at_the_same_minute_of_the_next_day(start):
    due = clock.due(limit(24, H), at(start), CALENDAR)
    assert due.due_at == at(start) + dt.timedelta(days=1)
    assert not due.provisional


def test_days_end_at_midnight_local_time_whatever_the_zone_of_the_start():
    start = dt.datetime(2026, 9, 17, 16, 30, tzinfo=dt.UTC)  # half past midnight on the 18th in China
    due = clock.due(limit(5), start, CALENDAR)
    assert due.due_at == at("2026-09-24 23:59:59")
    assert due.due_at.utcoffset() == dt.timedelta(hours=8)


def test_a_procedure_begun_on_the_days_off_before_the_last_day_holds_the_clock():
    """One month from 15 January with five days of pause is up on 20 February, in the Spring Festival: the last day is the 24th."""
    earlier = pause("2026-02-01", "2026-02-05")
    held = clock.due(limit(1, M), at("2026-01-15"), CALENDAR, [earlier, pause("2026-02-23", None)])
    assert (held.due_on, held.paused_since) == (d("2026-02-24"), d("2026-02-23"))
    after = clock.due(limit(1, M), at("2026-01-15"), CALENDAR, [earlier, pause("2026-02-25", None)])
    assert (after.due_on, after.paused_since) == (d("2026-02-24"), None)
    over = clock.due(limit(1, M), at("2026-01-15"), CALENDAR, [earlier, pause("2026-02-23", "2026-02-26")])
    assert (over.due_on, over.paused_since) == (d("2026-02-27"), None)


def test_a_leap_february_and_a_year_of_months():
    assert due_on("2024-01-31", 1, M) == "2024-02-29"
    assert due_on("2025-03-31", 12, M) == "2026-03-31"
    assert due_on("2025-11-30", 3, M) == "2026-02-28"


def test_the_receipt_of_the_minimum_living_allowance_case():
    """低保, accepted on Monday 23 November 2026: promised 28 December; the legal limit reaches into 2027: provisional."""
    promised = clock.due(limit(25), at("2026-11-23"), CALENDAR)
    legal = clock.due(limit(30, kind=Kind.LEGAL), at("2026-11-23"), CALENDAR)
    assert (promised.due_on, promised.provisional) == (d("2026-12-28"), False)
    assert legal.due_on.year == 2027
    assert legal.due_on == d("2027-01-04")
    assert legal.provisional
    assert legal.lines[-1] == Line("provisional", {"year": 2027})
    assert "provisional" not in codes(promised)


def test_the_legal_limit_is_dated_anew_when_the_next_year_is_confirmed():
    new_year = Day(d("2027-01-01"), True, "元旦")
    calendar = Calendar([*announced_days(YEARS), new_year], (*YEARS, 2027))
    legal = clock.due(limit(30, kind=Kind.LEGAL), at("2026-11-23"), calendar)
    assert (legal.due_on, legal.provisional) == (d("2027-01-05"), False)


def test_holidays_fixed_by_law_already_count_in_a_year_not_announced():
    calendar = Calendar([*announced_days(YEARS), *fixed_public_holidays(2027)], YEARS)
    legal = clock.due(limit(30), at("2026-11-23"), calendar)
    assert (legal.due_on, legal.provisional) == (d("2027-01-05"), True)


def test_calendar_days_are_provisional_only_if_their_end_is():
    assert clock.due(limit(60, C), at("2026-11-23"), CALENDAR).provisional
    assert not clock.due(limit(30, C), at("2026-11-23"), CALENDAR).provisional
    # From one confirmed year across an unknown one into a confirmed one: only the last day matters.
    gap = Calendar([], (2026, 2028))
    assert not clock.due(limit(14, M), at("2026-12-15"), gap).provisional
    # The last day is a Sunday at the end of the last confirmed year: where it moves to is not known yet.
    edge = Calendar([], (2028,))
    assert clock.due(limit(1, C), at("2028-12-30"), edge).provisional


@pytest.mark.parametrize("value", [0, -3])
def test_there_is_no_limit_of_nothing(value):
    with pytest.raises(ValueError, match="at least 1"):
        limit(value)
    with pytest.raises(ValueError, match="at least 1"):
        more_time(value)


def test_moments_without_a_zone_and_pauses_backwards_are_refused():
    naive = dt.datetime(2026, 3, 2, 10, 0)  # noqa: DTZ001
    with pytest.raises(ValueError, match="time zone"):
        clock.due(limit(5), naive, CALENDAR)
    with pytest.raises(ValueError, match="time zone"):
        Pause(naive, None, "")
    with pytest.raises(ValueError, match="before it begins"):
        pause("2026-03-06", "2026-03-05")


# -- pauses ---------------------------------------------------------------------------------------------------------


def test_what_was_left_before_a_pause_is_left_after_it():
    """Monday 2 March, 10 days. Stopped Wednesday to Monday: Tuesday used, 9 left, counted on from Tuesday the 10th."""
    stopped = pause("2026-03-04", "2026-03-09")
    assert due_on("2026-03-02", 10) == "2026-03-16"
    assert due_on("2026-03-02", 10, pauses=[stopped]) == "2026-03-20"


def test_a_pause_within_a_day_keeps_that_day():
    assert due_on("2026-03-02", 5, pauses=[pause("2026-03-04 09:00", "2026-03-04 17:00")]) == "2026-03-10"


def test_a_pause_on_the_last_day_leaves_one_day():
    assert due_on("2026-03-02", 5) == "2026-03-09"
    assert due_on("2026-03-02", 5, pauses=[pause("2026-03-09", "2026-03-18")]) == "2026-03-19"


def test_a_pause_over_days_off_only_changes_no_working_days_but_calendar_days():
    weekend = pause("2026-03-07", "2026-03-08")
    assert due_on("2026-03-02", 10, pauses=[weekend]) == "2026-03-16"
    assert due_on("2026-03-02", 10, C) == "2026-03-12"
    assert due_on("2026-03-02", 10, C, pauses=[weekend]) == "2026-03-16", "the 14th is a Saturday"


def test_overlapping_pauses_in_any_order_count_once():
    first, second, third = pause("2026-03-04", "2026-03-06"), pause("2026-03-05", "2026-03-10"), pause("2026-03-10", "2026-03-11")
    assert due_on("2026-03-02", 5, pauses=[third, first, second]) == due_on("2026-03-02", 5, pauses=[pause("2026-03-04", "2026-03-11")])


def test_pauses_before_the_start_and_after_the_end_do_nothing():
    outside = [pause("2026-02-02", "2026-02-20"), pause("2026-03-10", "2026-04-10")]
    due = clock.due(limit(5), at("2026-03-02"), CALENDAR, outside)
    assert due.due_on == due.original_due_on == d("2026-03-09")
    assert "paused" not in codes(due)


def test_an_open_pause_keeps_the_remaining_days_and_gives_the_earliest_date():
    due = clock.due(limit(10), at("2026-03-02"), CALENDAR, [pause("2026-03-04", None)])
    assert due.paused_since == d("2026-03-04")
    assert due.due_on == d("2026-03-17"), "9 days left after Wednesday the 4th"
    line = next(line for line in due.lines if line.code == "paused_open")
    assert line.params["value"] == 9


def test_overlapping_pauses_are_told_as_one_with_both_reasons():
    due = clock.due(limit(5), at("2026-03-02"), CALENDAR, [pause("2026-03-04", None, "鉴定"), pause("2026-03-05", "2026-03-10", "听证")])
    told = [line.params["reason"] for line in due.lines if line.code.startswith("paused")]
    assert told == ["鉴定; 听证"]
    assert due.due_on == d("2026-03-16"), "stopped at least until the 10th, 4 of 5 days left"


def test_a_pause_still_open_from_before_the_start_holds_the_whole_limit():
    due = clock.due(limit(5), at("2026-03-02"), CALENDAR, [pause("2026-02-26", None)])
    assert (due.paused_since, due.due_on) == (d("2026-03-02"), d("2026-03-09"))


def test_a_pause_begun_after_the_last_day_stops_nothing_and_hides_no_lateness():
    due = clock.due(limit(5), at("2026-03-02"), CALENDAR, [pause("2026-03-10", None)])
    assert due.paused_since is None
    assert due.light(at("2026-03-11"), CALENDAR).colour == Colour.RED


def test_a_month_with_a_pause_is_as_many_days_longer():
    assert due_on("2026-03-02", 1, M) == "2026-04-02"
    assert due_on("2026-03-02", 1, M, pauses=[pause("2026-03-10", "2026-03-16")]) == "2026-04-09"


def test_a_limit_rolled_into_a_pause_waits_for_its_end():
    """The last of 15 calendar days is a holiday; before work begins again, the clock is stopped."""
    due = clock.due(limit(15, C), at("2026-09-20"), CALENDAR, [pause("2026-10-07", "2026-10-14")])
    assert due.due_on == d("2026-10-15")
    assert "rolled_pause" in codes(due)


def test_hours_are_paused_to_the_minute():
    stopped = [pause("2026-03-02 12:00", "2026-03-02 14:30"), pause("2026-03-02 13:00", "2026-03-02 15:00")]
    due = clock.due(limit(24, H), at("2026-03-02 10:00"), CALENDAR, stopped)
    assert due.due_at == at("2026-03-03 13:00")
    assert due.by_hours
    assert due.allowed == 24


def test_a_pause_may_stop_the_promise_but_not_the_law():
    """公示: outside what the centre promised, inside the 20 days of 行政许可法."""
    notice = pause("2026-03-04", "2026-03-10", applies_to=frozenset({Kind.PROMISED}))
    starts = {StartEvent.ACCEPTED: at("2026-03-02")}
    promised, legal = clock.limits_due([limit(10), limit(20, kind=Kind.LEGAL)], starts, CALENDAR, [notice])
    assert promised.due_on > promised.original_due_on
    assert legal.due_on == legal.original_due_on


# -- extensions -----------------------------------------------------------------------------------------------------


def test_an_extension_follows_the_date_in_its_own_unit():
    assert due_on("2026-03-02", 5, extensions=[more_time(10)]) == "2026-03-23"
    assert due_on("2026-03-02", 5, extensions=[more_time(10, C)]) == "2026-03-19"
    assert due_on("2026-03-02", 5, extensions=[more_time(1, M)]) == "2026-04-09"


def test_the_original_date_stays_known():
    due = clock.due(limit(5), at("2026-03-02"), CALENDAR, [pause("2026-03-04", "2026-03-05")], [more_time(10)])
    assert (due.original_due_on, due.due_on) == (d("2026-03-09"), d("2026-03-25"))
    assert Line("original", {"on": "2026-03-09"}) in due.lines


def test_taking_an_extension_back_respects_earlier_pauses():
    stopped = [pause("2026-03-04", "2026-03-05")]
    with_it = clock.due(limit(5), at("2026-03-02"), CALENDAR, stopped, [more_time(10)])
    without = clock.due(limit(5), at("2026-03-02"), CALENDAR, stopped)
    assert (with_it.due_on, without.due_on) == (d("2026-03-25"), d("2026-03-11"))
    shorter = clock.due(limit(5), at("2026-03-02"), CALENDAR, stopped, [more_time(3)])
    assert shorter.due_on == d("2026-03-16")


def test_a_pause_in_the_extended_time_counts_as_long_as_the_extension_stands():
    late_pause = [pause("2026-03-11", None)]
    assert clock.due(limit(5), at("2026-03-02"), CALENDAR, late_pause).paused_since is None
    assert clock.due(limit(5), at("2026-03-02"), CALENDAR, late_pause, [more_time(10)]).paused_since == d("2026-03-11")


def test_extensions_are_added_in_order_of_approval():
    one, two = more_time(1, M, approved="2026-03-03"), more_time(5, D, approved="2026-03-04")
    assert due_on("2026-01-29", 2, extensions=[two, one]) == due_on("2026-01-29", 2, extensions=[one, two])


def test_hours_extended_by_hours_and_by_days():
    start = at("2026-03-06 15:00")  # a Friday
    assert clock.due(limit(24, H), start, CALENDAR, (), [more_time(24, H)]).due_at == at("2026-03-08 15:00")
    by_day = clock.due(limit(24, H), start, CALENDAR, (), [more_time(1, D)])
    assert by_day.due_at == at("2026-03-09 23:59:59")
    assert not by_day.by_hours


# -- start, several limits ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("submitted", "counted"),
    [
        ("2026-09-30 10:00", "2026-09-30 10:00"),
        ("2026-09-30 07:15", "2026-09-30 08:30"),
        ("2026-09-30 17:30", "2026-09-30 17:30"),
        ("2026-09-30 17:31", "2026-10-08 08:30"),
        ("2026-10-03 12:00", "2026-10-08 08:30"),
        ("2026-10-10 09:00", "2026-10-10 09:00"),
        ("2026-10-11 09:00", "2026-10-12 08:30"),
    ],
)
def test_handed_in_online_outside_working_hours_counts_from_the_next_working_day(submitted, counted):
    assert clock.counting_start(at(submitted), CALENDAR) == at(counted)


def test_the_acceptance_check_of_a_night_time_application_says_so():
    submitted = at("2026-09-30 22:00")
    started = clock.counting_start(submitted, CALENDAR)
    check = Limit(5, D, StartEvent.RECEIVED, Kind.ACCEPTANCE_CHECK)
    due = clock.due(check, started, CALENDAR, submitted_at=submitted)
    assert due.due_on == d("2026-10-14"), "received on Thursday the 8th; the five days are 9, 10 (a worked Saturday), 12, 13, 14"
    assert "handed_in" in codes(due)


def test_only_limits_whose_event_happened_run_and_the_soonest_governs():
    limits = [
        Limit(5, D, StartEvent.RECEIVED, Kind.ACCEPTANCE_CHECK),
        limit(15),
        limit(20, kind=Kind.LEGAL),
    ]
    received = {StartEvent.RECEIVED: at("2026-03-02")}
    assert [due.limit.kind for due in clock.limits_due(limits, received, CALENDAR)] == [Kind.ACCEPTANCE_CHECK]
    accepted = {**received, StartEvent.ACCEPTED: at("2026-03-04")}
    running = clock.limits_due(limits, accepted, CALENDAR, ended=[Kind.ACCEPTANCE_CHECK])
    assert [due.limit.kind for due in running] == [Kind.PROMISED, Kind.LEGAL]
    assert clock.governing(running) is running[0]
    assert clock.governing([]) is None


def test_a_limit_that_stands_still_gives_way_to_one_that_runs():
    stopped = clock.due(limit(5), at("2026-03-02"), CALENDAR, [pause("2026-03-04", None)])
    running = clock.due(limit(20, kind=Kind.LEGAL), at("2026-03-02"), CALENDAR)
    assert clock.governing([stopped, running]) is running


# -- reasons --------------------------------------------------------------------------------------------------------


def test_the_reasons_of_a_limit_across_the_national_holiday():
    due = clock.due(limit(20, basis="行政许可法42条"), at("2026-09-18"), CALENDAR)
    with translation.override("en"):
        assert clock.explain(due.lines) == [
            "Promised limit: 20 working days.",
            "Basis: 行政许可法42条.",
            "Accepted on Fri 18 September 2026; this day is not counted (Civil Code, article 201).",
            "First counted day: Sun 20 September 2026.",
            "Mid-Autumn Festival, 25–27 September: not counted.",
            "National Day, 1–7 October: not counted.",
            "Sun 20 September 2026: make-up working day, counted.",
            "Sat 10 October 2026: make-up working day, counted.",
            "Days of ordinary weekends not counted: 4.",
            "Due on Thu 22 October 2026, by midnight.",
        ]


def test_the_reasons_add_up_to_every_day_in_between():
    due = clock.due(limit(20), at("2026-09-18"), CALENDAR)
    skipped = sum((d(str(x.params["last"])) - d(str(x.params["first"]))).days + 1 for x in due.lines if x.code == "skipped")
    weekends = sum(int(x.params["days"]) for x in due.lines if x.code == "weekends")
    assert (due.due_on - d("2026-09-18")).days == 20 + skipped + weekends


def test_the_reasons_of_pause_and_extension():
    stopped = pause("2026-03-04", "2026-03-05", "专家评审", basis="行政许可法45条")
    due = clock.due(limit(5), at("2026-03-02"), CALENDAR, [stopped], [more_time(3, D, "2026-03-06")])
    with translation.override("en"):
        text = clock.explain(due.lines)
    assert "Clock stopped, 4–5 March: 专家评审. Not counted." in text
    assert "Basis for stopping the clock: 行政许可法45条." in text
    assert ("Extended by 3 working days, approved by 分管副镇长 on Fri 6 March 2026: 情况复杂. "
            "Then due on Mon 16 March 2026.") in text
    assert text[-1] == "Without pauses and extensions: Mon 9 March 2026."


def test_the_reasons_of_a_rolled_month():
    short_month = clock.due(limit(1, M), at("2025-08-31"), CALENDAR)
    assert short_month.due_on == d("2025-09-30")
    assert Line("month_end", {"day": 31}) in short_month.lines
    rolled = clock.due(limit(15, C), at("2026-09-20"), CALENDAR)
    with translation.override("en"):
        assert ("The last day, Mon 5 October 2026, is a day off (National Day): the limit ends on Thu 8 October 2026 instead "
                "(Civil Code, article 203).") in clock.explain(rolled.lines)


def test_lines_can_be_frozen_as_json_and_read_again():
    due = clock.due(limit(5), at("2026-03-02"), CALENDAR, [pause("2026-03-04", None, basis="依据")], [more_time(3, H)])
    stored = json.loads(json.dumps([line.as_json() for line in due.lines]))
    assert [Line.from_json(one) for one in stored] == list(due.lines)


def test_every_sentence_has_its_chinese_with_the_same_places():
    root = Path(__file__).resolve().parents[2]
    parts = (root / "locale/zh_Hans/LC_MESSAGES/parts").glob("*.json")
    chinese = {text: said for part in parts for text, said in json.loads(part.read_text(encoding="utf-8")).items()}
    with translation.override("en"):
        ids = [str(text) for text in [*SENTENCES.values(), *KIND_NAMES.values(), *(t for pair in AMOUNTS.values() for t in pair)]]
    for text in ids:
        places = re.findall(r"%\(\w+\)s", text)
        assert sorted(places) == sorted(re.findall(r"%\(\w+\)s", chinese[text])), text


def test_dates_read_as_they_are_written_in_each_language():
    with translation.override("en"):
        assert clock.say_date(d("2026-11-24")) == "Tue 24 November 2026"
        assert say_span(d("2026-09-29"), d("2026-10-08")) == "29 September to 8 October"
    with translation.override("zh-hans"):
        assert clock.say_date(d("2026-11-24")) == "2026年11月24日(周二)"
        assert say_span(d("2026-10-01"), d("2026-10-07")) == "10月1日至7日"
        assert say_span(d("2026-09-29"), d("2026-10-08")) == "9月29日至10月8日"


def test_the_reasons_in_chinese():
    due = clock.due(limit(30, kind=Kind.LEGAL), at("2026-09-18"), CALENDAR)
    with translation.override("zh-hans"):
        text = clock.explain(due.lines)
    assert text[0] == "法定时限：30个工作日。"
    assert text[1] == "2026年9月18日(周五)受理，当日不计入（民法典第二百零一条）。"
    assert "国庆节10月1日至7日，不计入。" in text
    assert text[-1] == "2026年11月5日(周四)24时到期。"


# -- lights ---------------------------------------------------------------------------------------------------------


def light_on(now: str, value: int = 10, start: str = "2026-03-02", **more) -> clock.Light:
    due = clock.due(limit(value), at(start), CALENDAR, **more)
    return due.light(at(now), CALENDAR)


@pytest.mark.parametrize(
    ("now", "colour", "left", "text"),
    [
        ("2026-03-02", Colour.GREEN, 10, "Working days left: 10"),
        ("2026-03-10", Colour.GREEN, 4, "Working days left: 4"),
        ("2026-03-11", Colour.YELLOW, 3, "Working days left: 3"),
        ("2026-03-13", Colour.YELLOW, 1, "Working days left: 1"),
        ("2026-03-16 08:00", Colour.YELLOW, 0, "Due today"),
        ("2026-03-16 23:59", Colour.YELLOW, 0, "Due today"),
        ("2026-03-17 00:00", Colour.RED, -1, "Working days late: 1"),
        ("2026-03-20", Colour.RED, -4, "Working days late: 4"),
    ],
)
def test_the_light_of_ten_days_due_on_monday_the_16th(now, colour, left, text):
    light = light_on(now)
    with translation.override("en"):
        assert (light.colour, light.working_days_left, light.text) == (colour, left, text)


def test_two_working_days_left_are_yellow_even_if_that_is_much_of_the_limit():
    assert light_on("2026-03-02", value=3).colour == Colour.GREEN
    assert light_on("2026-03-03", value=3).colour == Colour.YELLOW


def test_late_over_the_weekend_says_since_the_last_working_day():
    light = light_on("2026-03-15", value=9)  # due on Friday the 13th, seen on Sunday
    with translation.override("en"):
        assert (light.colour, light.working_days_left, light.text) == (Colour.RED, 0, "Late since the last working day")


def test_stopped_is_grey_with_the_day():
    light = light_on("2026-06-01", pauses=[pause("2026-03-04", None)])
    with translation.override("en"):
        assert (light.colour, light.working_days_left, light.text) == (Colour.GREY, None, "Clock stopped since Wed 4 March 2026")


def test_a_pause_after_the_date_leaves_a_stored_date_red():
    light = clock.light(at("2026-03-16 23:59:59"), at("2026-03-19"), at("2026-03-02"), CALENDAR, paused_since=d("2026-03-17"))
    assert (light.colour, light.working_days_left) == (Colour.RED, -3)


def test_a_long_pause_does_not_turn_the_rest_yellow_too_soon():
    """10 days with a month's pause in between: 5 left are half of the limit, not an eighth of the time gone by."""
    assert light_on("2026-04-14", pauses=[pause("2026-03-10", "2026-04-14")]).colour == Colour.GREEN


def test_hours_have_their_own_light():
    due = clock.due(limit(24, H), at("2026-03-02 10:00"), CALENDAR)
    seen = [due.light(at(now), CALENDAR) for now in ("2026-03-02 11:00", "2026-03-03 03:00", "2026-03-03 09:30", "2026-03-03 13:00")]
    with translation.override("en"):
        assert [(light.colour, light.text) for light in seen] == [
            (Colour.GREEN, "Hours left: 23"),
            (Colour.YELLOW, "Hours left: 7"),
            (Colour.YELLOW, "Due within the hour"),
            (Colour.RED, "Hours late: 3"),
        ]
        # From the stored date alone: it ends at an hour, so hours are told while it is near; a day ends with its last second.
        of_a_day = at("2026-03-03 23:59:59")
        told = [lights.column_light(day, at("2026-03-02 11:00"), at("2026-03-02 10:00"), CALENDAR).text for day in (due.due_at, of_a_day)]
        assert told == ["Hours left: 23", "Working days left: 1"]
        assert lights.late_since(due.due_at).endswith("10:00") and lights.late_since(of_a_day) == "Wed 4 March 2026"


def test_late_begins_after_the_last_second():
    due_at = at("2026-03-16 23:59:59")
    assert not clock.is_late(due_at, due_at)
    assert clock.is_late(due_at, due_at + dt.timedelta(seconds=1))


# -- properties -----------------------------------------------------------------------------------------------------

moments = st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2026, 12, 31), timezones=st.just(LOCAL))  # noqa: DTZ001
units = st.sampled_from(list(Unit))


@given(moments, st.integers(1, 60), units)
def test_more_time_is_never_less(start, value, unit):
    shorter = clock.due(limit(value, unit), start, CALENDAR)
    longer = clock.due(limit(value + 1, unit), start, CALENDAR)
    assert shorter.due_at <= longer.due_at


@given(moments, st.integers(0, 30), st.integers(1, 60), units)
def test_a_later_start_is_never_due_earlier(start, days, value, unit):
    later = start + dt.timedelta(days=days)
    assert clock.due(limit(value, unit), start, CALENDAR).due_at <= clock.due(limit(value, unit), later, CALENDAR).due_at


spans = st.lists(st.tuples(moments, st.integers(0, 60 * 24 * 20)), max_size=4).map(
    lambda found: [Pause(first, first + dt.timedelta(minutes=length), "停") for first, length in found]
)


@given(moments, st.integers(1, 60), units, spans)
def test_pauses_never_shorten_and_their_order_does_not_matter(start, value, unit, pauses):
    plain = clock.due(limit(value, unit), start, CALENDAR)
    paused = clock.due(limit(value, unit), start, CALENDAR, pauses)
    assert paused.due_at >= plain.due_at
    assert paused.original_due_on == plain.due_on
    assert clock.due(limit(value, unit), start, CALENDAR, pauses[::-1]).due_at == paused.due_at


@given(moments, st.integers(1, 60), spans)
def test_a_working_day_limit_runs_its_number_of_days_whatever_the_pauses(start, value, pauses):
    assert clock.due(limit(value), start, CALENDAR, pauses).allowed == value
