"""The audit trail: who changed what, from what to what, for a case, a person, an item; read by inspectors only, and recorded."""

import ast
import re

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from officials.models import AccessRecord
from officials.permissions import grant
from portal.trail.words import say_verb
from requests import phone_questions, verbs
from requests.persons import Person
from services import publication
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "portal.staff_session.StaffBackend"


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(w.at("2026-11-23 10:00"), tick=False):
        yield


@pytest.fixture
def world(monday):
    return w.build()


@pytest.fixture
def case(world):
    """Received, the name put right, accepted, given to the deputy."""
    case = w.new_case(world, now=w.at("2026-11-16 09:00"))
    person = Person(name="张三峰", id_type="id_card", id_number="990199195501010012", id_state="given", phone="12345678901")
    verbs.correct(case, person, reason="名字写错一个字", by=world.people.clerk2, now=w.at("2026-11-16 09:10"))
    verbs.accept(case, by=world.people.clerk, now=w.at("2026-11-16 10:00"))
    verbs.assign(case, world.people.deputy, reason="承办人外出", by=world.people.head, now=w.at("2026-11-17 09:00"))
    return case


@pytest.fixture
def inspector(client, world):
    client.force_login(world.people.inspector, backend=BACKEND)
    client.cookies["lang"] = "en"
    return client


def words(page) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.content.decode()))


def test_a_case_says_who_changed_what_from_what_to_what(inspector, world, case):
    text = words(inspector.get(f"/audit/case/{case.number}/"))
    assert "Give to another person" in text and "甄暖心 (A005)" in text and "承办人外出" in text
    assert re.search(r"official was 甄关怀 → now 甄探访", text)
    assert re.search(r"state was received → now accepted", text)
    assert "Given to 甄探访 (A004)" in text and "named by the head" in text
    assert "名字写错一个字" in text and "应代办 (A002)" in text


def test_personal_data_stays_sealed(inspector, case):
    page = inspector.get(f"/audit/case/{case.number}/")
    text = words(page)
    assert "personal data (sealed)" in text
    for secret in ("张三丰", "张三峰", "990199195501010012", "12345678901", "v1."):
        assert secret not in text


def test_no_raw_keys_are_shown(inspector, world, case):
    text = words(inspector.get(f"/audit/case/{case.number}/"))
    assert "民政窗口(民政办)" in text and "稻香村" not in text
    assert not re.search(r"(_id|office_id|holder_id|service_request)\b", text)


def test_reading_is_recorded_and_shown(inspector, world, case):
    inspector.get(f"/audit/case/{case.number}/")
    record = AccessRecord.objects.get(what="history")
    assert (record.by, record.subject) == (world.people.inspector, f"case:{case.pk}")
    assert words(inspector.get(f"/audit/case/{case.number}/")).count("薛监督 (A007)") == 2


def test_an_anonymised_case_has_no_words_left(inspector, world, case):
    verbs.withdraw(w.new_case(world, now=w.at("2026-11-16 09:00")), reason="x", by=world.people.clerk, now=w.at("2026-11-16 10:00"))
    other = w.new_case(world, now=w.at("2026-11-16 09:00"))
    verbs.withdraw(other, reason="家里商量后不办了", by=world.people.clerk, now=w.at("2026-11-16 10:00"))
    verbs.anonymise(other, by=world.people.head, now=w.at("2026-11-17 10:00"))
    text = words(inspector.get(f"/audit/case/{other.number}/"))
    assert "家里商量后不办了" not in text and "no longer readable" in text and "Anonymise" in text


def test_a_person_shows_deeds_rights_and_sign_ins(inspector, world, case):
    grant(world.people.clerk, world.civil, "handle_cases", by=world.people.head, now=w.at("2026-11-18 09:00"))
    text = words(inspector.get("/audit/person/A001/"))
    assert "应接办" in text and case.number in text and "Received" in text
    assert "handle cases" in text and "given" in text and "甄暖心" in text


def test_an_item_shows_who_wrote_and_who_published(inspector, world):
    item = world.low_income.item
    draft = publication.start_draft(item, by=world.people.editor, now=w.at("2026-11-17 09:00"))
    content = publication.content_of(draft) | {"promised_value": 20, "change_note": "压缩承诺时限"}
    content["materials"] = [*content["materials"][:2], {**content["materials"][2], "name": "残疾人证复印件"}]
    publication.write_draft(draft, content, by=world.people.editor, now=w.at("2026-11-17 09:30"))
    publication.submit(draft, by=world.people.editor, now=w.at("2026-11-17 10:00"))
    publication.publish(draft, by=world.people.reviewer, now=w.at("2026-11-17 11:00"))
    text = words(inspector.get("/audit/item/MZ-001/"))
    assert re.search(r"promised limit was 25 → now 20", text)
    assert re.search(r"name was 残疾人证 → now 残疾人证复印件", text)
    assert "明公开 (A008)" in text and "明答复 (A009)" in text and "Published" in text and "superseded" in text


def test_the_search_finds_case_person_and_item(inspector, world, case):
    for query, address in (
        (case.number, f"/audit/case/{case.number}/"), (case.number[-6:], f"/audit/case/{case.number}/"), ("A003", "/audit/person/A003/"),
        ("甄关怀", "/audit/person/A003/"), ("mz-001", "/audit/item/MZ-001/"), ("低生活保障", "/audit/item/MZ-001/"),
    ):  # fmt: skip
        assert f'href="{address}"' in inspector.get("/audit/", {"q": query}).content.decode(), query
    assert "Nothing found" in words(inspector.get("/audit/", {"q": "无此人无此事"}))
    assert inspector.get("/audit/?before=x").status_code == 200


def test_the_chain_is_shown_with_its_head(inspector, world, case):
    text = words(inspector.get("/audit/"))
    assert "verify_audit" in text and re.search(r"main:\d+:[0-9a-f]{64}", text)


def test_only_inspectors_come_in(client, world, case):
    addresses = ("/audit/", f"/audit/case/{case.number}/", "/audit/person/A001/", "/audit/item/MZ-001/")
    for name in ("clerk", "official", "deputy", "head", "supervisor", "editor", "reviewer", "outsider"):
        client.force_login(getattr(world.people, name), backend=BACKEND)
        for address in addresses:
            assert client.get(address).status_code == 403, (name, address)
    client.logout()
    for address in addresses:
        assert client.get(address).status_code == 302
    assert not AccessRecord.objects.filter(what="history").exists()


def test_what_is_not_there_is_a_404_and_leaves_no_record(inspector):
    for address in ("/audit/case/990199101-2026-999999/", "/audit/case/x/", "/audit/person/NOBODY/", "/audit/item/NO-1/"):
        assert inspector.get(address).status_code == 404
    assert not AccessRecord.objects.filter(what="history").exists()


def test_queries_do_not_grow_with_what_happened(inspector, world, case):
    inspector.get(f"/audit/case/{case.number}/")
    with CaptureQueriesContext(connection) as few:
        inspector.get(f"/audit/case/{case.number}/")
    for n in range(6):
        verbs.add_note(case, words=f"第{n}次", by=world.people.deputy, now=w.at("2026-11-18 09:00"))
        verbs.assign(case, (world.people.official, world.people.deputy)[n % 2], by=world.people.head, now=w.at("2026-11-18 10:00"))
    with CaptureQueriesContext(connection) as many:
        inspector.get(f"/audit/case/{case.number}/")
    assert len(many) == len(few)


def test_what_was_said_on_the_phone_is_told_in_words(inspector, world, case):
    facts = phone_questions.Facts(number=case.number.rsplit("-", 1)[1], tail="8901")
    phone_questions.ask(facts, office=world.reception, by=world.people.clerk, now=w.at("2026-11-18 09:00"))
    inspector.cookies["lang"] = "zh-hans"
    text = words(inspector.get(f"/audit/case/{case.number}/"))
    assert "已受理，到期日2026年12月21日" in text
    for raw in ("phone", "accepted", "due 2026"):
        assert raw not in text


FRAMES = {"verb", "audited", "_change", "_changing", "_settling"}


def names_of_verbs() -> set[str]:
    """Every name under which the code writes a link of the chain, read from the code."""
    found = set()
    for path in (path for app in ("officials", "services", "requests", "portal") for path in (settings.BASE_DIR / app).rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)):
            if isinstance(call.func, ast.Name) and call.func.id in FRAMES:
                before = "roll_" if call.func.id == "_change" and path.parent.name == "roll" else ""
                found |= {before + one.value for one in call.args[:2] if isinstance(one, ast.Constant) and isinstance(one.value, str)}
    return found


@pytest.mark.once
def test_the_trail_calls_every_act_by_a_name_in_the_readers_language():
    names = names_of_verbs()
    assert {"roll_review", "plan_home_visit", "note_came", "transfer_batch"} <= names and len(names) > 80
    with translation.override("zh-hans"):
        assert not {name for name in names if re.search("[a-z]{3}", say_verb(name))}
