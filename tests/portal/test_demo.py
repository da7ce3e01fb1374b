"""The demo: a believable township, played through the verbs, never over real data."""

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count

from officials import calendar, versions
from officials.audit import verb, verify
from officials.models import Message, Official, Post, Township, User
from portal.demo import cast, loading
from requests.item_needs import village_notice_step
from requests.models import Event, NoticedCase, ServiceRequest, Volume, VolumeLoan
from requests.public_notice import rules, standing
from services.models import Edition
from tests.support import world as w

NOW = w.at("2026-11-20 11:30")


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """Loaded once for this module and rolled back at its end."""
    around = transaction.atomic()
    around._from_testcase = True  # as Django's TestCase does: the loader's own transaction may stand inside
    with django_db_blocker.unblock(), around:
        versions.forget()
        calendar.forget()
        loading.load(now=NOW, cases=400)
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
    hung = NoticedCase.objects.filter(outcome="none").values_list("service_request_id", flat=True)
    assert carried.exists() and {event.service_request_id for event in carried} <= set(hung)


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
    assert set(channels) == {"window", "phone", "online"} and min(channels.values()) > 10


def test_every_case_begins_with_its_receipt_and_nothing_lies_in_the_future(demo):
    cases = ServiceRequest.objects.count()
    assert Event.objects.filter(verb="receive", from_status="").count() == cases
    assert not Event.objects.filter(at__gt=NOW).exists()
    assert ServiceRequest.objects.open().exists()


def test_the_chain_of_two_years_verifies(demo):
    assert verify.verify().links > 1000


def test_demo_people_cannot_be_real(demo):
    for phone in User.objects.values_list("official__duty_phone", flat=True):
        assert not phone or phone.startswith("0000-555")
    assert not Message.objects.waiting().exists(), "nobody is written to about the invented past"


def test_the_cast_can_sign_in_with_the_one_password(demo):
    for part in cast.CAST:
        assert User.objects.get(username=part.username).check_password(cast.PASSWORD)


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
