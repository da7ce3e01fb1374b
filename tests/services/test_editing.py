"""The editing room: who comes in, what waits, the item with its moves, preview and comparison."""

from datetime import timedelta

import pytest
from django.utils import timezone

from officials.models import User
from officials.permissions import give_role
from services import publication
from services.content import content_of
from services.models import Edition, SearchMiss
from tests.support import world as w

pytestmark = [pytest.mark.django_db]
NOW = w.at("2026-11-09 09:00")


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def enter(client):
    """Sign in and read in English."""
    client.cookies["lang"] = "en"

    def sign_in(person):
        client.force_login(person, backend="portal.staff_session.StaffBackend")
        return client

    return sign_in


def text(response) -> str:
    return response.content.decode()


def a_draft(world, **fields) -> Edition:
    draft = publication.start_draft(world.low_income.item, by=world.people.editor, now=NOW)
    return publication.write_draft(draft, content_of(draft) | fields, by=world.people.editor, now=NOW)


def submitted(world, **fields) -> Edition:
    return publication.submit(a_draft(world, **fields), by=world.people.editor, now=NOW)


CONFIRMED = {"confirmed": "on"}


def read(draft):
    """What the form of the second person sends: confirmed, and which submission was read."""
    return CONFIRMED | {"seen": publication.submission(draft)}
PUBLISH_BUTTON = 'action="/editing/MZ-001/publish/"'
PAGES = ["/editing/", "/editing/new/", "/editing/import/", "/editing/export.xlsx", "/editing/blank.xlsx"]


@pytest.mark.parametrize("path", PAGES)
def test_people_without_the_right_are_told(world, enter, path):
    for person in (world.people.clerk, world.people.official, world.people.inspector, world.people.outsider):
        assert enter(person).get(path).status_code == 403


@pytest.mark.parametrize("path", [*PAGES, "/editing/MZ-001/", "/editing/MZ-001/draft/"])
def test_strangers_are_asked_to_sign_in(world, client, path):
    assert client.get(path).headers["Location"].startswith("/accounts/login/")


def test_the_reviewer_comes_in_but_does_not_write(world, enter):
    client = enter(world.people.reviewer)
    assert client.get("/editing/").status_code == 200
    assert client.get("/editing/new/").status_code == 403
    assert client.get("/editing/import/").status_code == 403
    assert client.post("/editing/MZ-001/start/").status_code == 403


def test_items_of_other_offices_are_not_there(world, enter):
    give_role(world.people.outsider, world.village, "editor", by=User.objects.job("setup"), now=NOW)
    client = enter(world.people.outsider)
    assert "MZ-001" not in text(client.get("/editing/?list=published"))
    for path in ("/editing/MZ-001/", "/editing/MZ-001/draft/", "/editing/MZ-001/preview/", "/editing/MZ-001/compare/"):
        assert client.get(path).status_code == 404
    assert client.get("/editing/XX-9/").status_code == client.get("/editing/MZ-001/").status_code
    assert client.post("/editing/MZ-001/start/").status_code == 404


@pytest.mark.parametrize("path", ["%E4%BD%8E/", "MZ-001/preview/?edition=x", "MZ-001/compare/?from=9", "MZ-001/draft/"])
def test_odd_addresses_are_not_found(world, enter, path):
    assert enter(world.people.editor).get(f"/editing/{path}").status_code == 404


def test_the_room_shows_what_waits(world, enter):
    submitted(world)
    page = text(enter(world.people.reviewer).get("/editing/"))
    assert "texts to review 1" in page
    assert "农村最低生活保障审核确认" in page
    page = text(enter(world.people.editor).get("/editing/?list=review"))
    assert "a second person publishes it" in page
    assert "Publish the ticked ones" not in page


def test_searches_without_result_of_the_last_thirty_days(world, enter):
    today = timezone.localdate(timezone.now())
    SearchMiss.objects.create(date=today, query="开锁", count=3)
    SearchMiss.objects.create(date=today - timedelta(days=40), query="旧词", count=9)
    page = text(enter(world.people.editor).get("/editing/?list=misses"))
    assert "开锁" in page
    assert "旧词" not in page


def test_items_that_rest_on_an_assumption(world, enter):
    a_draft(world, evidence={"verified": [], "assumed": ["困难群体免提交"]})
    page = text(enter(world.people.editor).get("/editing/?list=assumed"))
    assert "困难群体免提交" in page
    assert "老年人优待证发放" not in page


def test_filters_stand_in_the_address(world, enter):
    client = enter(world.people.editor)
    assert "老年人优待证发放" not in text(client.get("/editing/?list=published&q=MZ-001"))
    assert "Nothing matches" in text(client.get("/editing/?list=published&office=V01"))


def test_the_number_of_queries_does_not_grow_with_the_list(world, enter, django_assert_max_num_queries):
    submitted(world)
    client = enter(world.people.editor)
    client.get("/editing/")
    for path in ("/editing/?list=review", "/editing/?list=published", "/editing/MZ-001/", "/editing/MZ-001/preview/"):
        with django_assert_max_num_queries(20):
            client.get(path)
    with django_assert_max_num_queries(30):
        client.get("/editing/MZ-001/compare/")


def test_the_second_person_publishes_and_residents_read_it(world, enter):
    draft = submitted(world, promised_value=20)
    client = enter(world.people.reviewer)
    assert f'name="seen" value="{publication.submission(draft)}"' in text(client.get("/editing/MZ-001/"))
    assert client.post("/editing/MZ-001/publish/", read(draft), follow=True).status_code == 200
    assert Edition.objects.published().get(item__code="MZ-001").promised_value == 20


@pytest.mark.parametrize("move", ["publish", "return", "batch"])
def test_a_text_submitted_anew_since_the_page_was_opened_is_not_published_unread(world, enter, move):
    draft = submitted(world, promised_value=20)
    opened = read(draft)
    publication.return_to_author(draft, reason="改短", by=world.people.reviewer, now=NOW)
    draft = publication.write_draft(draft, content_of(draft) | {"promised_value": 22}, by=world.people.editor, now=NOW)
    draft = publication.submit(draft, by=world.people.editor, now=NOW + timedelta(minutes=1))
    client = enter(world.people.reviewer)
    if move == "batch":
        sent = CONFIRMED | {"act": "publish", "edition": opened["seen"]}
        page = text(client.post("/editing/batch/", sent, follow=True))
    else:
        answer = client.post(f"/editing/MZ-001/{move}/", opened | {"reason": "第二步缺依据"})
        page = text(answer)
        assert answer.status_code == 409
        assert "Limits before and after" in page and publication.submission(draft) in page, "the text as it is now"
        assert ("第二步缺依据" in page) is (move == "return"), "a reason that was typed is not lost"
    assert "Read it once more" in page
    draft.refresh_from_db()
    assert draft.status == "in_review" and draft.promised_value == 22
    assert client.post("/editing/MZ-001/publish/", read(draft), follow=True).status_code == 200
    assert Edition.objects.published().get(item__code="MZ-001").promised_value == 22


@pytest.mark.parametrize("page", ["compare", "item"])
def test_a_forgotten_tick_does_not_bind_the_form_to_another_text(world, enter, page):
    draft = submitted(world, promised_value=20)
    opened = publication.submission(draft)
    publication.return_to_author(draft, reason="改短", by=world.people.reviewer, now=NOW)
    publication.submit(draft, by=world.people.editor, now=NOW + timedelta(minutes=1))
    answer = enter(world.people.reviewer).post("/editing/MZ-001/publish/", {"seen": opened, "page": page})
    assert answer.status_code == 409 and "Read it once more" in text(answer)


def test_the_links_of_the_page_that_asks_for_the_word_lead_back_to_the_list(world, enter):
    answer = enter(world.people.reviewer).get("/editing/batch/?list=review&page=2")
    assert answer.status_code == 302 and answer.headers["Location"] == "/editing/?list=review&page=2"


def test_a_form_that_does_not_say_what_was_read_publishes_nothing(world, enter):
    submitted(world)
    page = enter(world.people.reviewer).post("/editing/MZ-001/publish/", CONFIRMED, follow=True)
    assert "Read it once more" in text(page)
    assert Edition.objects.get(item__code="MZ-001", status="in_review")


def test_the_author_is_told_that_a_second_person_publishes(world, enter):
    give_role(world.people.editor, world.centre, "reviewer", by=User.objects.job("setup"), now=NOW)
    submitted(world)
    client = enter(world.people.editor)
    assert 'action="/editing/MZ-001/publish/"' not in text(client.get("/editing/MZ-001/"))
    answer = client.post("/editing/MZ-001/publish/", CONFIRMED)
    assert answer.status_code == 403
    assert "second person" in text(answer)
    assert Edition.objects.get(item__code="MZ-001", status="in_review")


def test_sending_back_needs_a_reason_and_the_author_reads_it(world, enter):
    draft = submitted(world)
    client = enter(world.people.reviewer)
    assert client.post("/editing/MZ-001/return/", read(draft) | {"reason": " "}).status_code == 422
    client.post("/editing/MZ-001/return/", read(draft) | {"reason": "第二步缺依据"})
    page = text(enter(world.people.editor).get("/editing/MZ-001/"))
    assert "第二步缺依据" in page
    assert "Go on writing" in page


def test_two_reviewers_at_once_the_second_is_told(world, enter):
    draft = submitted(world)
    publication.publish(draft, by=world.people.reviewer, now=NOW)
    assert enter(world.people.reviewer).post("/editing/MZ-001/publish/", CONFIRMED).status_code == 404


def test_submit_discard_and_start_again(world, enter):
    client = enter(world.people.editor)
    assert client.post("/editing/MZ-009/start/").headers["Location"] == "/editing/MZ-009/draft/"
    client.post("/editing/MZ-009/discard/")
    assert not Edition.objects.drafts().exists()
    client.post("/editing/MZ-009/start/")
    client.post("/editing/MZ-009/submit/")
    assert Edition.objects.get(item__code="MZ-009", status="in_review").number == 3
    assert client.get("/editing/MZ-009/draft/").status_code == 403


def test_retiring_needs_a_note_and_is_the_reviewers(world, enter):
    assert enter(world.people.editor).post("/editing/MZ-009/retire/", {"note": "停办"}).status_code == 403
    client = enter(world.people.reviewer)
    assert client.post("/editing/MZ-009/retire/", {"note": ""}).status_code == 422
    client.post("/editing/MZ-009/retire/", {"note": "并入一件事"})
    assert not Edition.objects.published().filter(item__code="MZ-009").exists()
    assert "并入一件事" in text(client.get("/editing/MZ-009/"))


def test_the_preview_is_marked_and_shows_the_draft(world, enter):
    a_draft(world, summary="草稿里的一句话", promised_value=20)
    client = enter(world.people.editor)
    page = text(client.get("/editing/MZ-001/preview/"))
    assert "草稿里的一句话" in page
    assert "Residents do not" in page
    assert "草稿里的一句话" not in text(client.get("/services/MZ-001/"))


def test_the_comparison_names_moved_steps_and_saved_days(world, enter):
    steps = content_of(world.low_income)["steps"]
    a_draft(world, promised_value=20, steps=[steps[3], *steps[:3]])
    page = text(enter(world.people.editor).get("/editing/MZ-001/compare/"))
    assert "from place 4 to place 1" in page
    assert "becomes shorter by: 5 working days" in page
    assert page.count(">moved<") == 1


def test_the_reviewer_publishes_under_the_comparison(world, enter):
    draft = submitted(world, promised_value=20)
    client = enter(world.people.reviewer)
    page = text(client.get("/editing/MZ-001/compare/"))
    assert PUBLISH_BUTTON in page and 'action="/editing/MZ-001/return/"' in page
    assert "Published. Residents read" in text(client.post("/editing/MZ-001/publish/", {**read(draft), "page": "compare"}, follow=True))
    assert Edition.objects.published().get(item__code="MZ-001").promised_value == 20
    assert PUBLISH_BUTTON not in text(client.get("/editing/MZ-001/compare/")), "nothing waits any more"


@pytest.mark.parametrize(("page", "heading"), [("compare", "Limits before and after"), ("item", "Editions")])
def test_publishing_asks_once_and_sending_back_for_a_reason_on_the_page_of_the_button(world, enter, page, heading):
    seen = read(submitted(world))["seen"]
    client = enter(world.people.reviewer)
    for move, sentence in (("publish", "Nothing was published."), ("return", "Write what should be changed.")):
        answer = client.post(f"/editing/MZ-001/{move}/", {"page": page, "seen": seen})
        assert answer.status_code == 422
        assert sentence in text(answer) and heading in text(answer)
    assert Edition.objects.get(item__code="MZ-001", status="in_review")


def test_under_the_comparison_the_author_reads_that_a_second_person_publishes(world, enter):
    submitted(world)
    assert "Second person" not in text(enter(world.people.editor).get("/editing/MZ-001/compare/"))
    give_role(world.people.editor, world.centre, "reviewer", by=User.objects.job("setup"), now=NOW)
    page = text(enter(world.people.editor).get("/editing/MZ-001/compare/"))
    assert "A second person has to publish" in page and PUBLISH_BUTTON not in page


def test_a_comparison_of_older_texts_offers_nothing(world, enter):
    draft = submitted(world)
    publication.publish(draft, by=world.people.reviewer, now=NOW)
    again = submitted(world)
    client = enter(world.people.reviewer)
    assert PUBLISH_BUTTON in text(client.get(f"/editing/MZ-001/compare/?to={again.number}"))
    assert PUBLISH_BUTTON not in text(client.get(f"/editing/MZ-001/compare/?to={draft.number}"))


def test_batch_submits_each_for_itself_and_names_the_refused(world, enter):
    good = a_draft(world)
    bad = publication.start_draft(world.certificate.item, by=world.people.editor, now=NOW)
    bad = publication.write_draft(bad, content_of(bad) | {"steps": []}, by=world.people.editor, now=NOW)
    page = text(enter(world.people.editor).post("/editing/batch/", {"act": "submit", "edition": [good.pk, bad.pk]}, follow=True))
    assert "Submitted to the second person: 1" in page
    assert "MZ-009 老年人优待证发放" in page
    assert "the steps" in page
    assert Edition.objects.get(pk=good.pk).status == "in_review"
    good.refresh_from_db()
    tick = publication.submission(good)
    client = enter(world.people.reviewer)
    assert f'name="edition" value="{tick}">' in text(client.get("/editing/?list=review"))
    asked = client.post("/editing/batch/?list=review&q=MZ-00", {"act": "publish", "edition": [tick]})
    assert asked.status_code == 422 and "Nothing was published." in text(asked)
    assert f'name="edition" value="{tick}" checked' in text(asked) and 'value="MZ-00"' in text(asked), "ticks and filter stay"
    assert Edition.objects.get(pk=good.pk).status == "in_review"
    client.post("/editing/batch/", CONFIRMED | {"act": "publish", "edition": [tick]})
    assert Edition.objects.get(pk=good.pk).status == "published"


def test_a_batch_of_others_texts_does_nothing(world, enter):
    draft = submitted(world)
    give_role(world.people.outsider, world.village, "reviewer", by=User.objects.job("setup"), now=NOW)
    page = text(enter(world.people.outsider).post("/editing/batch/", {"act": "publish", "edition": [draft.pk]}, follow=True))
    assert "Nothing was ticked" in page
    ticks = [publication.submission(draft), "x", "-", "9" * 40]
    enter(world.people.editor).post("/editing/batch/", CONFIRMED | {"act": "publish", "edition": ticks})
    assert Edition.objects.get(pk=draft.pk).status == "in_review"
