"""The demo: a believable township, played through the verbs, never over real data."""

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count
from django.utils import timezone

from officials import calendar, versions
from officials.audit import verb, verify
from officials.models import Message, Official, Post, Township, User
from portal.demo import cast, loading
from requests import custody, extending, special
from requests.archive import lists as archive_lists
from requests.county import lists as county_lists
from requests.demands import lists as demand_lists
from requests.item_needs import village_notice_step
from requests.models import (
    CallBack,
    CountyUrge,
    Demand,
    Event,
    Extension,
    HomeVisit,
    Mediation,
    NoticedCase,
    Outing,
    SealUse,
    ServiceRequest,
    SiteVisit,
    Task,
    TurnedAway,
    Volume,
    VolumeLoan,
    WrittenPromise,
)
from requests.outings import booking, counts
from requests.permissions import visible
from requests.public_notice import lists as notice_lists
from requests.public_notice import rules, standing
from requests.roll import lists as roll_lists
from requests.season import figures
from requests.supplement import waiting
from requests.village import lists as village_lists
from services.models import Edition
from tests.support import world as w

NOW = w.at("2026-11-20 11:30")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Loaded once for this module and rolled back at its end; on PostgreSQL smaller, without what only the tests run once look at."""
    around = transaction.atomic()
    around._from_testcase = True  # as Django's TestCase does: the loader's own transaction may stand inside
    # A mandate is read by the day of the wall clock.
    with django_db_blocker.unblock(), around, time_machine.travel(NOW, tick=False):
        versions.forget()
        calendar.forget()
        whole = connection.vendor == "sqlite"
        loading.load(now=NOW, cases=400 if whole else 150, rooms=whole)
        yield Township.objects.get()
        transaction.set_rollback(True)
    versions.forget()
    calendar.forget()


def test_all_45_items_are_published_with_a_person_a_phone_and_steps(demo):
    editions = Edition.objects.published()
    assert editions.count() == 45
    for edition in editions.select_related("office", "post__holder"):
        assert edition.post.holder and edition.office.phone and edition.office.complaint_phone
        assert edition.steps.exists() and edition.materials.exists() and edition.terms.count() >= 6
    assert Post.objects.count() >= 16 and Official.objects.count() >= 33


def test_each_item_says_when_its_public_notice_hangs(demo):
    """Before the county, before the decision, in the village before acceptance; nowhere for children."""
    editions = {edition.item.code: edition for edition in Edition.objects.published().select_related("item")}
    before = {code: standing.needed_before(edition) for code, edition in editions.items()}
    forward = ["YB-004", "JY-002", "MZ-001", "MZ-002", "MZ-003", "MZ-006", "MZ-007", "CL-001", "WJ-003", "ZJ-002", "NY-001"]
    assert {code: verb for code, verb in before.items() if verb} == dict.fromkeys(forward, "forward") | {"SJ-002": "decide"}
    in_the_village = {code for code, edition in editions.items() if village_notice_step(edition)}
    assert in_the_village == {"ZJ-001", "ZJ-002", "ZJ-003", "WJ-003"}
    assert rules.why_none(editions["MZ-005"])
    carried = Event.objects.filter(verb="forward", service_request__edition__item__code__in=forward)
    hung = NoticedCase.objects.filter(outcome__in=("none", "not_upheld")).values_list("service_request_id", flat=True)
    assert carried.exists() and {event.service_request_id for event in carried} <= set(hung)


@pytest.mark.once
def test_cases_are_late_sent_back_and_refused_in_the_wanted_shares(demo):
    applications = ServiceRequest.objects.filter(kind="application")
    total = ServiceRequest.objects.count()
    assert total >= 400
    assert applications.values("item").distinct().count() >= 40
    # Carried on to the county too late is late as well; what the county itself takes is nobody's here.
    late = sum(1 for event in Event.objects.filter(verb__in=("decide", "forward")) if event.facts["late"])
    late += ServiceRequest.objects.late(NOW).count()
    with_date = applications.exclude(edition__handling="on_the_spot").count()
    assert late / with_date >= 0.10
    assert Event.objects.filter(verb="ask_materials").count() / with_date >= 0.05
    assert applications.filter(status="intake_refused").count() / with_date >= 0.03
    channels = dict(ServiceRequest.objects.values_list("channel").annotate(n=Count("pk")))
    assert all(channels[one] > 10 for one in ("window", "phone", "online")) and channels["village"] and channels["reception_day"]


def test_every_case_begins_with_its_receipt_and_nothing_lies_in_the_future(demo):
    cases = ServiceRequest.objects.count()
    assert Event.objects.filter(verb="receive", from_status="").count() == cases
    assert not Event.objects.filter(at__gt=NOW).exists()
    assert ServiceRequest.objects.open().exists()


def test_the_chain_of_two_years_verifies(demo):
    assert verify.verify().links > 1000


def _figures() -> dict[str, int]:
    """How many rows each list of the desk shows to the sign-in of the README that works with it."""
    names = ("clerk", "official", "head", "supervisor", "agent")
    clerk, official, head, centre, agent = (User.objects.get(username=name) for name in names)
    today = timezone.localdate(NOW)
    notices, rolls = notice_lists.tasks(official, today), roll_lists.counts(official, today)
    states = dict(demand_lists.balance(demand_lists.demands_of(clerk, "demand")).parts)
    orders = demand_lists.balance(demand_lists.demands_of(centre, "order"))
    tasks = list(Task.objects.filter(service_request__item__code="ZJ-001", status=Task.Status.OPEN))
    house = ServiceRequest.objects.filter(item__code="ZJ-001")
    seasons, days = figures.visible(centre), Outing.objects.filter(kind="village_day", cancelled_at=None)
    bookings = booking.bookings_of(clerk)
    return {
        "second list before the head": waiting.asked_for(head).count(),
        "answers that were late": waiting.late_notices(head).count(),
        "materials may follow, owed": WrittenPromise.objects.filter(kind="tolerance", kept_at=None).count(),
        "materials that followed": WrittenPromise.objects.filter(kind="tolerance").exclude(kept_at=None).count(),
        "extension asked": sum(extending.asked_for(case) is not None for case in visible(head).filter(status="in_hand")),
        "extension granted": Extension.objects.filter(removes=None).count(),
        "procedure under way": sum(bool(special.holding(case)) for case in visible(head).filter(status="in_hand")),
        "turned away": TurnedAway.objects.count(),
        "task late": sum(task.due_at < NOW for task in tasks if task.due_at),
        "visit planned today": sum(timezone.localdate(one.planned_at) == today for one in SiteVisit.objects.filter(status="planned")),
        "house finished": house.filter(status="closed", site_visits__status="held").count(),
        "sheets to post": len(notices.to_post), "sheets hanging": len(notices.hanging), "sheets over": len(notices.to_take_down),
        "objections": len(notices.objected), "villages with a sheet": len({one.village_id for one in notice_lists.up(today)}) - 1,
        "rows to check": rolls["check"], "stops to confirm": rolls["stopping"], "reviews due": rolls["due"], "stopped": rolls["stopped"],
        "amounts to enter": rolls["incomplete"], "drawing": rolls["running"],
        "reviews late": roll_lists.visible(official).filter(state="running", next_review_on__lt=today).count(),
        "deaths nobody named": roll_lists.deaths_not_checked(User.objects.get(staff_no="QH1201")).count(),
        "season open": seasons.filter(ends_on__gte=today, frozen_at=None).count(),
        "season with the county": seasons.exclude(transferred_at=None).count(),
        **{f"demands: {name}": states[name] for name in states},
        **{f"rhythm {rhythm}": Demand.objects.filter(rhythm=rhythm, service_request__kind="demand").count() for rhythm in Demand.RHYTHMS},
        "orders open": orders.open, "orders done": orders.solved,
        "demands to call back": demand_lists.listed(demand_lists.demands_of(clerk, "demand"), demand_lists.CALL).count(),
        "verdicts": CallBack.objects.filter(reached=True).count(), "called in vain": CallBack.objects.filter(reached=False).count(),
        "unsolved matters": demand_lists.demands_of(centre, "unsolved").count(),
        "mediation agreed": Mediation.objects.exclude(form="").count(), "mediation open": Mediation.objects.filter(form="").count(),
        **{f"agent: {group.key}": len(group.rows) for group in village_lists.of_agent(agent, NOW)},
        "bundle on the way": village_lists.bundles(clerk).filter(counted_at=None).exclude(sent_at=None).count(),
        "bundle counted": village_lists.bundles(clerk).exclude(counted_at=None).count(),
        "at the county": county_lists.at_county(official).count(), "urged": CountyUrge.objects.count(),
        "bookings today": bookings.filter(starts_at__date=today).count(),
        "bookings for a village day": bookings.filter(outing__isnull=False, starts_at__gt=NOW).count(),
        "village days ahead": days.filter(date__gt=today).count(), "village days held": days.filter(date__lt=today).count(),
        **{f"home visit {state}": HomeVisit.objects.filter(state=state).count() for state in ("asked", "planned", "done")},
        "reception day ahead": Outing.objects.filter(kind="reception_day", date__gt=today).count(),
        "in the drawer": custody.in_the_drawer(custody.mine(official)).count(), "to collect": custody.to_collect(official).count(),
        "seals used": SealUse.objects.count(), "volumes closed": archive_lists.chosen(official, "closed").count(),
        "volumes to put together": archive_lists.waiting(official).count(), "loans": archive_lists.loan_counts(official, today)["out"],
    }  # fmt: skip


@pytest.mark.once
def test_every_list_of_the_desk_has_something_to_do_or_something_done(demo):
    with time_machine.travel(NOW, tick=False):
        assert not {name: many for name, many in _figures().items() if many < 1}


@pytest.mark.once
def test_the_reception_day_of_last_month_adds_up(demo):
    held = Outing.objects.get(kind="reception_day", date__lt=timezone.localdate(NOW))
    found = counts.figures(held)
    assert found.adds_up and found["registered"] == 12 and found["open"] >= 2 and found["solved"] >= 8 and found.visits > 12
    lines = counts.by_place(held)
    assert sum(line.registered for line in lines) == found["registered"] and len(lines) == 3


def test_demo_people_cannot_be_real(demo):
    for phone in User.objects.values_list("official__duty_phone", flat=True):
        assert not phone or phone.startswith("0000-555")
    assert not Message.objects.waiting().exists(), "nobody is written to about the invented past"


def test_the_cast_can_sign_in_with_the_one_password(demo):
    for part in cast.CAST:
        assert User.objects.get(username=part.username).check_password(cast.PASSWORD)
    for staff_no in ("QH0901", "QH0702", "QH9013"):
        other = User.objects.get(staff_no=staff_no)
        assert other.username == staff_no.lower() and other.check_password(cast.PASSWORD)


@pytest.mark.django_db(transaction=True)
def test_the_demo_is_refused_over_a_real_township():
    world = w.build()
    with verb("real", by=world.people.head, now=w.MONDAY):
        world.township.is_demo = False
        world.township.save()
    with pytest.raises(CommandError, match="real township"):
        call_command("load_demo", "--fresh")
    assert Township.objects.count() == 1


def test_some_cases_are_filed_boxed_and_lent(demo):
    closed = Volume.objects.exclude(closed_at=None)
    assert closed.exclude(box=None).count() >= 5 and VolumeLoan.objects.exists()
    assert not Volume.objects.filter(closed_at__gt=NOW).exists()
