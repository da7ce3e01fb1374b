"""The page of a case: what is shown to whom, the applicant only on asking, the copy for the upper system."""

import re
from dataclasses import replace

import pytest

from officials import versions
from officials.models import AccessRecord, ChainLink, OfficeUserObjectPermission
from requests import verbs
from requests.intake import Handed, Intake, receive
from services import publication
from services.content import content_of
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def case(world):
    return w.new_case(world)


@pytest.fixture
def as_(client):
    """Sign somebody in and hand over the browser, in English, so that sentences can be read here."""

    def sign_in(person):
        client.cookies["lang"] = "en"
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


def page(client, case, path="", **more):
    return client.get(f"/desk/{case.number}/{path}", **more)


def test_the_page_shows_state_dates_reasons_and_only_the_masked_person(world, case, as_):
    verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    html = page(as_(world.people.official), case).content.decode()
    assert case.number in html and "农村最低生活保障审核确认" in html
    assert "Why this date" in html and "this day is not counted" in html
    assert "张**" in html and "123****8901" in html
    assert "张三丰" not in html and "12345678901" not in html and "990199195501010012" not in html
    assert "甄关怀" in html and "应接办" in html, "who holds it and who was first asked"


@pytest.mark.parametrize("path", ["", "reveal/", "copy-out/", "accept/", "void/", "new-code/"])
def test_to_an_outsider_a_case_looks_like_one_that_does_not_exist(world, case, as_, path):
    client = as_(world.people.clerk2)
    OfficeUserObjectPermission.objects.filter(user=world.people.clerk2).delete()
    missing = client.get(f"/desk/990199101-2026-009999/{path}")
    hidden = page(client, case, path)
    assert missing.status_code == hidden.status_code == 404
    assert hidden.content.replace(case.number.encode(), b"") == missing.content.replace(b"990199101-2026-009999", b"")


def test_nobody_signed_in_is_sent_to_the_door(case, client):
    answer = page(client, case)
    assert answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")


def test_first_asked_of_another_office_sees_only_state_and_dates_of_a_sensitive_case(world, as_):
    clerk = world.people.clerk
    case = w.new_case(world, by=clerk)
    OfficeUserObjectPermission.objects.filter(user=clerk).delete()
    client = as_(clerk)
    html = page(client, case).content.decode()
    assert "received" in html and "Why this date" in html
    assert "低生活保障" not in html and "张" not in html
    assert page(client, case, "reveal/").status_code == 403
    assert page(client, case, "copy-out/").status_code == 403


def test_buttons_and_greyed_moves_say_why(world, as_):
    case = w.new_case(world, materials={})
    html = page(as_(world.people.clerk), case).content.decode()
    assert f"/desk/{case.number}/ask-materials/" in html
    assert "Still missing: 最低生活保障申请书" in html, "accepting is greyed with the reason"
    assert "This belongs to: the head of the responsible office." in html
    assert f'href="/desk/{case.number}/accept/"' not in html


def test_the_number_of_queries_does_not_grow_with_the_story(world, as_, django_assert_max_num_queries):
    case = w.new_case(world)
    client = as_(world.people.official)
    page(client, case)
    for n in range(5):
        verbs.add_note(case, words=f"第{n}次电话没人接", by=world.people.official, now=w.MONDAY)
    with django_assert_max_num_queries(20):
        assert "第4次电话没人接" in page(client, case).content.decode()


# -- in full ----------------------------------------------------------------------------------------------------


def test_full_data_only_after_a_reason_and_with_a_line_in_the_log(world, case, as_):
    client = as_(world.people.official)
    asked = page(client, case, "reveal/")
    assert "张三丰" not in asked.content.decode()
    assert not AccessRecord.objects.filter(what="reveal").exists()
    shown = client.post(f"/desk/{case.number}/reveal/", {"reason": "call"})
    html = shown.content.decode()
    assert "张三丰" in html and "12345678901" in html and "990199195501010012" in html
    assert "no-store" in shown["Cache-Control"]
    look = AccessRecord.objects.get(what="reveal")
    assert (look.by, look.subject) == (world.people.official, f"case:{case.pk}") and look.reason
    assert ChainLink.objects.filter(verb="reveal", subject=f"case:{case.pk}").exists()
    assert "张三丰" not in page(client, case, "reveal/").content.decode(), "looking again asks again"


@pytest.mark.parametrize("reason", ["", "because"])
def test_without_a_reason_nothing_is_shown_nor_logged(world, case, as_, reason):
    answer = as_(world.people.official).post(f"/desk/{case.number}/reveal/", {"reason": reason})
    assert answer.status_code == 422 and "张三丰" not in answer.content.decode()
    assert not AccessRecord.objects.filter(what="reveal").exists()


def test_the_supervisor_sees_the_case_but_not_the_person_in_full(world, case, as_):
    client = as_(world.people.supervisor)
    offered = client.get(case.get_absolute_url()).context["moves"].at_hand
    assert [(one.name, one.is_next) for one in offered] == [("assign", True), ("add_note", False)]
    assert page(client, case).status_code == 200
    assert "Show in full" not in page(client, case).content.decode()
    assert client.post(f"/desk/{case.number}/reveal/", {"reason": "call"}).status_code == 403


def test_the_inspector_finds_the_way_to_the_audit_trail(world, case, as_):
    way = f"/audit/case/{case.number}/"
    assert way in page(as_(world.people.inspector), case).content.decode()
    assert way not in page(as_(world.people.official), case).content.decode()


def test_an_anonymised_case_still_opens(world, case, as_):
    verbs.withdraw(case, reason="家里商量好了", by=world.people.clerk, now=w.MONDAY)
    verbs.anonymise(case, by=world.people.head, now=w.MONDAY)
    client = as_(world.people.head)
    html = page(client, case).content.decode()
    assert "The words were erased" in html and "家里商量好了" not in html
    assert client.post(f"/desk/{case.number}/reveal/", {"reason": "call"}).status_code == 403


# -- double entry -----------------------------------------------------------------------------------------------


def values(html: str) -> list[str]:
    return re.findall(r'readonly value="([^"]*)"', html)


def test_copy_out_is_masked_until_asked_and_then_in_the_order_of_the_upper_system(world, case, as_):
    client = as_(world.people.clerk)
    masked = values(page(client, case, "copy-out/").content.decode())
    assert masked[:3] == [case.number, "MZ-001", "农村最低生活保障审核确认"] and "张**" in masked
    full = values(client.post(f"/desk/{case.number}/copy-out/", {"reason": "upper"}).content.decode())
    assert full.index("张三丰") < full.index("990199195501010012") < full.index("12345678901")
    assert AccessRecord.objects.filter(what="reveal", subject=f"case:{case.pk}").count() == 1


def test_the_list_of_cases_without_an_upper_number_empties(world, case, as_):
    client = as_(world.people.clerk)
    assert case.number in client.get("/desk/without-upper-number/").content.decode()
    client.post(f"/desk/{case.number}/note-upper-number/", {"number": "XT2026110200017"})
    html = client.get("/desk/without-upper-number/").content.decode()
    assert case.number not in html and "Still to be entered there: 0" in html


def test_who_came_instead_stands_masked_beside_the_applicant(world, as_):
    instead = {"name": "李大成", "relation": "儿子", "id_number": "990199195501010012", "phone": "12345678902"}
    case = w.new_case(world, person=replace(w.ZHANG, phone="", representative=instead))
    page = as_(world.people.official).get(f"/desk/{case.number}/").content.decode()
    assert "Who else is in the case" in page and "李** · 儿子 · 123****8902" in page
    assert "李大成" not in page and "12345678902" not in page
    plain = w.new_case(world)
    assert "Who else is in the case" not in as_(world.people.official).get(f"/desk/{plain.number}/").content.decode()


def test_cases_of_the_same_visit_and_held_originals_are_on_the_page(world, as_):
    edition = world.low_income
    first = edition.materials.order_by("position").first()
    case = w.new_case(world, materials={**w.everything_in(edition), first.pk: Handed("in", original_held=True)})
    later = w.new_case(world, earlier_case=case)
    html = page(as_(world.people.official), case).content.decode()
    assert "Original in the drawer" in html and f"/desk/{case.number}/return-original/" in html
    assert later.number in html


def test_dates_beyond_the_announced_days_off_are_marked_provisional_one_by_one(world, as_):
    accepted = w.at("2026-11-23 09:12")
    case = w.new_case(world, now=accepted)
    verbs.accept(case, by=world.people.clerk, now=accepted)
    html = page(as_(world.people.official), case).content.decode()
    shown = {name: re.search(f"<dt>{name}</dt><dd>(.*?)</dd>", html).group(1) for name in ("Due on", "Promised date", "By law")}
    assert "28 December 2026" in shown["Promised date"] and "provisional" not in shown["Promised date"] + shown["Due on"]
    assert "4 January 2027" in shown["By law"] and "provisional" in shown["By law"]


def test_the_text_of_the_case_stays_when_another_is_published(world, case, as_):
    client, old = as_(world.people.official), case.edition
    assert "This is also the text residents read now" in page(client, case, "text/").content.decode()
    later, editor = w.at("2026-11-03 09:00"), world.people.editor
    draft = publication.start_draft(old.item, by=editor, now=later)
    publication.write_draft(draft, content_of(old) | {"summary": "换了说法", "change_note": "说法"}, by=editor, now=later)
    publication.submit(draft, by=editor, now=later)
    publication.publish(draft, by=world.people.reviewer, now=later)
    versions.forget()
    html = page(client, case, "text/").content.decode()
    assert f"Edition {old.number}: the text case {case.number} is handled under" in html and "换了说法" not in html
    assert f"Residents read edition {old.number + 1} now" in html
    assert "换了说法" in client.get(f"/services/{old.item.code}/").content.decode()
    assert f"Edition {old.number}" in page(client, case).content.decode()


def test_a_question_without_an_item_has_no_text(world, as_):
    asked = Intake(intake_office=world.reception, channel="phone", kind="consultation", words="几点开门？")
    question = receive(asked, by=world.people.clerk, now=w.MONDAY).case
    assert page(as_(world.people.clerk), question, "text/").status_code == 404


def test_in_the_bar_a_case_belongs_to_the_list(world, case, as_):
    assert '<a href="/desk/mine/" aria-current="true">' in page(as_(world.people.official), case).content.decode()
