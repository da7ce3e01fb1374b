"""Two people, or one who clicks twice, at the same moment: one does it, the other gets the sentence. Each with its control: with the
guard taken away the same two do damage, otherwise the test would prove nothing."""

from datetime import date

import pytest

from officials.audit import ChainLink, together
from officials.models import User
from officials.permissions import give_role
from requests import lifecycle, verbs
from requests.lifecycle import Refused
from requests.models import Beneficiary, Bundle, Document, RollEvent, ServiceRequest
from requests.roll import verbs as roll
from requests.supplement import notices, second
from requests.supplement.notices import Telling
from requests.village import bundles
from tests.support import world as w
from tests.support.at_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
NOW = w.at("2026-11-09 11:00")


@pytest.fixture
def world(transactional_db):
    return w.build()


def both(*deeds) -> list[str]:
    """What became of each deed, all begun together: "done", or "refused"."""
    waiting = list(deeds)

    def one() -> str:
        deed = waiting.pop()
        try:
            deed()
        except Refused:
            return "refused"
        return "done"

    return sorted(at_once(len(deeds), one))


def asked_for_a_second_list(world) -> tuple[ServiceRequest, list[User]]:
    setup = User.objects.job("setup")
    case = w.new_case(world, materials={})
    verbs.ask_materials(case, by=world.people.clerk, now=w.at("2026-11-03 09:00"))
    card = case.edition.materials.order_by("position")[2]
    second.ask_again(case, "found", "核查发现", Telling(also=(str(card.pk),)), by=world.people.official, now=w.at("2026-11-09 10:00"))
    with together():
        give_role(world.people.supervisor, world.civil, "head", by=setup, now=w.MONDAY)
    return case, [User.objects.get(pk=person.pk) for person in (world.people.head, world.people.supervisor)]


def approved_by_two(case: ServiceRequest, heads: list[User]) -> list[str]:
    shown = [ServiceRequest.objects.select_related("township", "edition", "key", "office").get(pk=case.pk) for _head in heads]
    return both(*(
        lambda own=own, head=head: second.approve_second_notice(own, cause="found", by=head, now=NOW)
        for own, head in zip(shown, heads, strict=True)
    ))  # fmt: skip


def test_two_heads_approve_a_second_list_and_it_is_told_once(world):
    case, heads = asked_for_a_second_list(world)
    assert approved_by_two(case, heads) == ["done", "refused"]
    assert case.events.filter(verb="approve_second_notice").count() == 1
    assert case.documents.filter(kind=Document.Kind.SUPPLEMENT).count() == 2, "the first list and the second"


def test_control_without_the_lock_it_is_told_twice(world, monkeypatch):
    case, heads = asked_for_a_second_list(world)
    waiting = [notices.pending(case) for _head in heads]
    monkeypatch.setattr(lifecycle, "_locked", lambda shown: shown)
    monkeypatch.setattr(notices, "pending", lambda shown: waiting.pop())
    approved_by_two(case, heads)
    assert case.events.filter(verb="approve_second_notice").count() == 2


def sent_twice(world) -> list[str]:
    files = [w.village_case(world) for _n in range(2)]
    bundle = bundles.make_bundle(world.village, files, by=world.people.agent, now=NOW)
    shown = [Bundle.objects.select_related("village__township", "office").get(pk=bundle.pk) for _n in range(2)]
    agent = User.objects.get(pk=world.people.agent.pk)
    return both(*(lambda own=own: bundles.send_bundle(own, by=agent, now=NOW) for own in shown))


def test_a_bundle_sent_twice_leaves_once(world):
    assert sent_twice(world) == ["done", "refused"]
    assert ChainLink.objects.filter(verb="send_bundle").count() == 1


def test_control_without_the_lock_it_leaves_twice(world, monkeypatch):
    monkeypatch.setattr(bundles, "_locked", lambda bundle: bundle)
    assert sent_twice(world) == ["done", "done"]
    assert ChainLink.objects.filter(verb="send_bundle").count() == 2


def reviewed_twice(world) -> list[str]:
    benefit = w.another_item(world, "MZ-201", roll="opens", review_value=12, review_unit="month", review_basis="每年核查")
    case = w.new_case(world, edition=benefit)
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    verbs.decide(case, "confirmed", by=world.people.official, now=w.MONDAY)
    seen = roll.newest_entry(Beneficiary.objects.get())
    rows = [Beneficiary.objects.get() for _n in range(2)]
    people = [User.objects.get(pk=person.pk) for person in (world.people.official, world.people.deputy)]
    said = {"reason": "收入变化", "from_month": date(2026, 12, 1), "standard": "每月420元", "told": "电话告知"}
    said |= {"last_seen": seen, "now": NOW}
    return both(*(lambda row=row, by=by: roll.review(row, roll.ADJUST, **said, by=by) for row, by in zip(rows, people, strict=True)))


def test_a_review_entered_twice_counts_once(world):
    assert reviewed_twice(world) == ["done", "refused"]
    assert RollEvent.objects.filter(verb=RollEvent.Verb.ADJUSTED).count() == 1


def test_control_without_a_look_at_the_newest_entry_it_counts_twice(world, monkeypatch):
    seen: list[int] = []
    look = roll.newest_entry
    monkeypatch.setattr(roll, "newest_entry", lambda row: seen[0] if seen else seen.append(look(row)) or seen[0])
    assert reviewed_twice(world) == ["done", "done"]
    assert RollEvent.objects.filter(verb=RollEvent.Verb.ADJUSTED).count() == 2
