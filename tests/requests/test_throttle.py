"""Counting tries for all workers: windows, limits, addresses, nothing readable stored."""

from datetime import timedelta

import pytest
from django.test import RequestFactory

from requests import throttle
from requests.models import TrackingAttempt
from tests.support import world as w
from tests.support.at_once import at_once

NOW = w.at("2026-11-23 09:00")
NUMBER = "990199101-2026-000001"


def address(settings, proxies: int, **meta) -> str:
    settings.PROXIES = proxies
    return throttle.address_of(RequestFactory().get("/track/", **meta))


def test_without_a_proxy_the_forwarded_header_is_the_visitors_own_invention(settings):
    assert address(settings, 0, REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="198.51.100.1") == "192.0.2.7"


def test_behind_one_proxy_only_what_that_proxy_saw_counts(settings):
    forwarded = "1.1.1.1, 203.0.113.9"
    assert address(settings, 1, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=forwarded) == "203.0.113.9"
    assert address(settings, 2, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 203.0.113.9, 10.0.0.1") == "203.0.113.9"


def test_odd_addresses_count_as_one(settings):
    assert address(settings, 1, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="<script>") == ""
    assert address(settings, 1, REMOTE_ADDR="127.0.0.1") == "127.0.0.1"
    assert address(settings, 0, REMOTE_ADDR="") == ""


def test_addresses_of_one_ipv6_subscriber_are_one(settings):
    one = address(settings, 0, REMOTE_ADDR="2001:db8:1:2::aaaa")
    assert one == address(settings, 0, REMOTE_ADDR="2001:db8:1:2:ffff::1") != address(settings, 0, REMOTE_ADDR="2001:db8:1:3::1")
    assert address(settings, 0, REMOTE_ADDR="::ffff:192.0.2.7") == "192.0.2.7"


@pytest.mark.django_db
def test_the_eleventh_failure_of_a_quarter_of_an_hour_is_too_many_and_the_next_window_is_fresh():
    subject = [(throttle.TRACK_NUMBER, NUMBER)]
    assert [throttle.charge(subject, NOW) for _ in range(11)] == [False] * 10 + [True]
    assert not throttle.charge(subject, NOW + timedelta(minutes=15))


@pytest.mark.django_db
def test_number_and_address_are_counted_apart_in_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        throttle.charge([(throttle.TRACK_NUMBER, NUMBER), (throttle.TRACK_ADDRESS, "192.0.2.7")], NOW)
    for other in range(9):
        throttle.charge([(throttle.TRACK_NUMBER, f"other {other}"), (throttle.TRACK_ADDRESS, "192.0.2.7")], NOW)
    assert throttle.charge([(throttle.TRACK_NUMBER, "one more"), (throttle.TRACK_ADDRESS, "192.0.2.7")], NOW)
    assert not throttle.charge([(throttle.TRACK_NUMBER, NUMBER)], NOW)


@pytest.mark.django_db
def test_neither_number_nor_address_can_be_read_off_the_table():
    throttle.charge([(throttle.TRACK_NUMBER, NUMBER), (throttle.TRACK_ADDRESS, "192.0.2.7")], NOW)
    stored = " ".join(TrackingAttempt.objects.values_list("subject", flat=True))
    assert NUMBER not in stored and "192.0.2.7" not in stored and len(stored) == 65


@pytest.mark.django_db
def test_the_township_may_set_its_own_figures(settings):
    settings.THROTTLE = {"track_number": 1}
    assert [throttle.charge([(throttle.TRACK_NUMBER, NUMBER)], NOW) for _ in range(2)] == [False, True]


@pytest.mark.django_db
def test_one_address_sends_so_many_cases_an_hour():
    allowed = throttle.SEND_ADDRESS.default
    assert [throttle.let_in("192.0.2.7", NOW) for _ in range(allowed + 1)] == [True] * allowed + [False]
    assert throttle.let_in("192.0.2.8", NOW)
    assert throttle.let_in("192.0.2.7", NOW + timedelta(hours=1))


@pytest.mark.django_db
def test_a_flood_from_many_addresses_uses_up_its_budget_and_somebody_new_still_gets_through():
    flooders = [f"198.51.{host // 100}.{host % 100}" for host in range(200)]
    sent = sum(throttle.let_in(flooder, NOW) for _round in range(5) for flooder in flooders)
    assert sent == 200 + throttle.SEND_AGAIN.default
    assert throttle.let_in("192.0.2.7", NOW)


@pytest.mark.django_db
def test_one_address_alone_cannot_use_up_what_is_there_for_all(settings):
    settings.THROTTLE = {"send_address": 2, "send_again": 5, "send_all": 5}
    assert [throttle.let_in("198.51.100.1", NOW) for _ in range(20)] == [True] * 2 + [False] * 18
    assert throttle.let_in("192.0.2.7", NOW)


@pytest.mark.django_db
def test_in_all_no_more_than_the_counter_can_bear(settings):
    settings.THROTTLE = {"send_all": 3}
    assert [throttle.let_in(f"192.0.2.{host}", NOW) for host in range(4)] == [True] * 3 + [False]


@pytest.mark.django_db(transaction=True)
def test_of_many_posts_at_the_same_moment_only_as_many_pass_as_may(settings):
    settings.THROTTLE = {"send_address": 3}
    passed = at_once(8, lambda: throttle.let_in("192.0.2.7", NOW))
    assert sorted(passed) == [False] * 5 + [True] * 3


@pytest.mark.django_db
def test_old_windows_are_forgotten():
    throttle.charge([(throttle.TRACK_NUMBER, NUMBER)], NOW - timedelta(days=2))
    throttle.charge([(throttle.TRACK_NUMBER, NUMBER)], NOW)
    assert throttle.forget_old(NOW) == 1
    assert TrackingAttempt.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_no_failure_is_lost_between_workers():
    def fail():
        for _ in range(5):
            throttle.charge([(throttle.TRACK_NUMBER, NUMBER), (throttle.TRACK_ADDRESS, "192.0.2.7")], NOW)

    at_once(6, fail)
    assert list(TrackingAttempt.objects.values_list("failures", flat=True)) == [30, 30]
