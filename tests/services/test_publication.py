"""Draft → second person → published edition, by the verbs themselves."""

import pytest
from django.core.exceptions import ValidationError

from officials.models import User
from officials.permissions import give_role
from services import publication
from services.content import content_of
from services.models import Edition
from tests.support import world as w

LATER, LATEST = w.at("2026-11-09 09:00"), w.at("2026-11-10 09:00")
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def world(db):
    return w.build()


def change(world, **fields):
    draft = publication.start_draft(world.low_income.item, by=world.people.editor, now=LATER)
    return publication.write_draft(draft, content_of(draft) | fields, by=world.people.editor, now=LATER)


def test_a_published_text_stays_as_it_was_when_the_next_one_is_published(world):
    draft = publication.submit(change(world, promised_value=20), by=world.people.editor, now=LATER)
    publication.publish(draft, by=world.people.reviewer, now=LATEST)
    old = Edition.objects.get(pk=world.low_income.pk)
    assert (old.status, old.promised_value) == ("superseded", 25)
    assert Edition.objects.published().get(item__code="MZ-001").promised_value == 20


def test_one_draft_at_a_time(world):
    change(world)
    with pytest.raises(publication.Refused, match="already has a draft"):
        publication.start_draft(world.low_income.item, by=world.people.editor, now=LATER)


def test_the_author_with_both_rights_still_cannot_publish(world):
    people = world.people
    give_role(people.editor, world.centre, "reviewer", by=User.objects.job("setup"), now=LATER)
    draft = publication.submit(change(world), by=people.editor, now=LATER)
    with pytest.raises(publication.Refused, match="second person"):
        publication.publish(draft, by=people.editor, now=LATEST)


def test_somebody_who_wrote_in_anothers_draft_is_no_second_person(world):
    people = world.people
    give_role(people.reviewer, world.centre, "editor", by=User.objects.job("setup"), now=LATER)
    draft = change(world)
    publication.write_draft(draft, content_of(draft) | {"place": "二楼"}, by=people.reviewer, now=LATER)
    draft = publication.submit(draft, by=people.editor, now=LATER)
    with pytest.raises(publication.Refused, match="second person"):
        publication.publish(draft, by=people.reviewer, now=LATEST)


def test_writing_after_somebody_else_saved_is_refused(world):
    draft = change(world)
    seen = publication.mark(draft)
    publication.write_draft(draft, content_of(draft) | {"place": "二楼"}, by=world.people.editor, now=LATER, seen=seen)
    with pytest.raises(publication.Overtaken):
        publication.write_draft(draft, content_of(draft) | {"place": "三楼"}, by=world.people.editor, now=LATER, seen=seen)
    assert Edition.objects.get(pk=draft.pk).place == "二楼"


def test_a_retired_item_gets_no_new_draft(world):
    publication.retire(world.certificate.item, note="并入他项", by=world.people.reviewer, now=LATER)
    with pytest.raises(publication.Refused, match="retired"):
        publication.start_draft(world.certificate.item, by=world.people.editor, now=LATEST)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"promised_value": 31}, "promised_value"),
        ({"handling": "on_the_spot"}, "promised_value"),
        ({"implementing_body": "栖禾镇便民服务中心"}, "implementing_body"),
        ({"legal_value": 30, "legal_unit": ""}, "legal_unit"),
    ],
)
def test_rules_across_fields_name_the_field(world, fields, where):
    draft = change(world)
    with pytest.raises(ValidationError) as caught:
        publication.write_draft(draft, content_of(draft) | fields, by=world.people.editor, now=LATER)
    assert where in caught.value.message_dict


def test_a_text_without_steps_is_not_submitted(world):
    with pytest.raises(publication.Refused, match="the steps"):
        publication.submit(change(world, steps=[]), by=world.people.editor, now=LATER)


def test_the_reason_of_a_return_is_kept(world):
    draft = publication.submit(change(world), by=world.people.editor, now=LATER)
    draft = publication.return_to_author(draft, reason="步骤不全", by=world.people.reviewer, now=LATEST)
    assert (draft.status, draft.history.first().history_change_reason) == ("draft", "步骤不全")
