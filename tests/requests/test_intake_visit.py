"""One person, several items: taken once, one sheet, one list of copies. And the absent husband."""

import io
from datetime import date

import pytest
from django.utils import translation
from pypdf import PdfReader

from officials.models import AccessRecord
from officials.permissions import grant
from officials.typesetting import SheetNotPrinted
from requests import receipts
from requests.materials import missing_lines
from requests.models import ServiceRequest, Visit
from requests.persons import person_of
from requests.visit_sheets import visit_data
from services import publication
from services.models import Edition
from tests.support import world as w
from tests.support.intake_pages import ZHANG, send, sign_in, take_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def clerk(client, world):
    sign_in(client, world.people.clerk)
    return client


def test_three_items_in_one_visit_and_the_person_is_typed_once(clerk):
    first = take_in(clerk, **ZHANG)
    second = take_in(clerk, "MZ-009", query=f"?visit={first.visit_id}&person={first.number}")
    third = take_in(
        clerk, query=f"?visit={first.visit_id}&person=other", **(ZHANG | {"name": "李四光", "id_number": ""}),
        id_state="forgotten", rep_visitor="on", rep_relation="妻子", authority="missing",
    )  # fmt: skip
    assert {first.visit_id} == {second.visit_id, third.visit_id} and Visit.objects.count() == 1
    assert person_of(second).id_number == ZHANG["id_number"]
    assert person_of(third).representative["name"] == "张三丰"
    assert {line.key for line in missing_lines(third)} == {"id_card", "authority"}
    page = text(clerk.get(f"/desk/visit/{first.visit_id}/"))
    assert all(case.number in page for case in (first, second, third))


def test_a_family_of_one_surname_is_told_apart_by_what_each_came_for(clerk, world):
    first = take_in(clerk, **ZHANG)
    take_in(
        clerk, "MZ-009", query=f"?visit={first.visit_id}&person=other",
        **(ZHANG | {"name": "张小明", "id_number": "", "phone": "12345678902"}), id_state="forgotten",
    )  # fmt: skip
    page = text(clerk.get(f"/desk/visit/{first.visit_id}/"))
    assert f"给张** · {world.low_income.name}办" in page and f"给张** · {world.certificate.name}办" in page
    assert "张三丰" not in page and "张小明" not in page


def test_the_page_of_a_second_item_shows_the_person_masked_and_sends_no_personal_data(clerk):
    first = take_in(clerk, **ZHANG)
    page = text(clerk.get(f"/desk/new/MZ-009/?visit={first.visit_id}"))
    assert "张**" in page and 'name="name"' not in page
    assert not any(secret in page for secret in ZHANG.values())


def test_papers_already_handed_in_during_the_visit_are_ticked(clerk, world):
    first = take_in(clerk, **ZHANG)
    household = world.low_income.materials.get(name="户口簿")
    page = text(clerk.get(f"/desk/new/MZ-001/?visit={first.visit_id}"))
    ticked = page[page.index(f'name="m_{household.pk}"') :]
    assert "checked" in ticked[: ticked.index(">")] and first.number in page


def test_the_same_item_twice_for_the_same_person_is_asked_about_before_and_after(clerk):
    first = take_in(clerk, **ZHANG)
    again = f"?visit={first.visit_id}&person={first.number}"
    assert f"已收过此事项：{first.number}" in text(clerk.get(f"/desk/new/MZ-001/{again}"))
    assert "已收过此事项" not in text(clerk.get(f"/desk/new/MZ-009/{again}"))
    refused = send(clerk, f"/desk/new/MZ-001/{again}", everything="on")
    page = text(refused)
    assert refused.status_code == 422 and f'href="/desk/{first.number}/"' in page and 'id="id_another_because_error"' in page
    second = take_in(clerk, query=again, another_because="替另一户办")
    other = take_in(clerk, "MZ-009", query=again)
    asked = "同一个人还有在办的件"
    assert asked in text(clerk.get(f"/desk/{second.number}/receipt/"))
    assert asked not in text(clerk.get(f"/desk/{other.number}/receipt/"))


def test_one_more_item_stays_ticked_when_the_form_comes_back(clerk):
    forgotten = ZHANG | {"id_number": "", "id_state": "forgotten"}
    answer = send(clerk, "/desk/new/MZ-001/", then="accept", again="1", everything="on", **forgotten)
    page = text(answer)
    assert answer.status_code == 422 and 'name="again" value="1" id="id_again" checked' in page
    assert "也可以先收件" in page and page.count("还缺") == 1 and ServiceRequest.objects.count() == 0


def test_the_identity_is_asked_where_only_the_second_item_needs_it(clerk, world, monkeypatch):
    monkeypatch.setattr("requests.forms.intake.needs_id", lambda materials: any(m.edition_id == world.certificate.pk for m in materials))
    first = take_in(clerk, name="张三丰", phone="12345678901")
    assert person_of(first).id_state == "not_needed"
    page = text(clerk.get(f"/desk/new/MZ-009/?visit={first.visit_id}"))
    assert 'name="id_number"' in page and 'name="name"' not in page
    second = take_in(clerk, "MZ-009", query=f"?visit={first.visit_id}", id_number=ZHANG["id_number"])
    assert person_of(second).id_number == ZHANG["id_number"] and person_of(second).name == "张三丰"


def test_the_village_is_asked_where_the_item_is_posted_in_it(clerk, world, monkeypatch):
    """Not at the notice, when the person has gone; of somebody known already only where no village is known."""
    monkeypatch.setattr("requests.forms.intake.hangs_in_village", lambda edition: edition == world.low_income)
    first = take_in(clerk, "MZ-009", **ZHANG)
    for wrong, sentence in (({}, "本事项要在村里公示：请选村"), ({"village": world.village.pk, "no_village": "on"}, "请去掉一项")):
        answer = send(clerk, "/desk/new/MZ-001/", everything="on", **ZHANG, **wrong)
        assert answer.status_code == 422 and sentence in text(answer) and ServiceRequest.objects.count() == 1
    address = f"?visit={first.visit_id}"
    page = text(clerk.get(f"/desk/new/MZ-001/{address}"))
    assert "（必填：要在村里公示）" in page and 'name="name"' not in page
    second = take_in(clerk, "MZ-001", query=address, everything="on", village=world.village.pk)
    assert second.village == world.village and person_of(second).name == "张三丰"
    elsewhere = ZHANG | {"id_number": "990199198802290023", "name": "李守寡", "no_village": "on"}
    assert take_in(clerk, "MZ-001", everything="on", **elsewhere).village is None


def test_one_sheet_with_one_list_of_copies(clerk):
    first = take_in(clerk, **ZHANG)
    take_in(clerk, "MZ-009", query=f"?visit={first.visit_id}")
    answer = clerk.get(f"/desk/visit/{first.visit_id}/sheet.pdf")
    assert answer["Content-Type"] == "application/pdf"
    words = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    assert all(case.number in words for case in ServiceRequest.objects.all())
    assert "户口簿" in words and ZHANG["id_number"] not in words


def sheet_of(world, **text):
    """The one line of a visit sheet for an item that differs from 低保 as `text` says."""
    if text:
        change(world, **text)
    return sheet_with(world, w.new_case(world, edition=Edition.objects.published().get(item__code="MZ-001")))


def sheet_with(world, case):
    visit = Visit(office=world.reception, by=world.people.clerk)
    with translation.override("zh-hans"):
        return visit_data(visit, [case], track_url="https://fw.qihe.example/track/")


def change(world, **text):
    """Publish 低保 anew with other limits."""
    draft = publication.start_draft(world.low_income.item, by=world.people.editor, now=w.MONDAY)
    publication.write_draft(draft, publication.content_of(draft) | text | {"change_note": "时限"}, by=world.people.editor, now=w.MONDAY)
    publication.submit(draft, by=world.people.editor, now=w.MONDAY)
    publication.publish(draft, by=world.people.reviewer, now=w.MONDAY)


FROM_RECEIPT = {"promised_start": "received", "legal_start": "received"}


def test_the_sheet_says_when_the_clock_starts_as_the_item_does(world):
    data = sheet_of(world)
    assert data.cases[0].due is None and data.cases[0].due_note == "受理后告知"
    assert "办理期限自受理起算" in data.next_steps[-1]


def test_an_item_promised_from_the_receipt_has_its_date_on_the_sheet_at_once(world):
    data = sheet_of(world, **FROM_RECEIPT)
    assert data.cases[0].due.day == date(2026, 12, 7) and data.cases[0].due.limit.endswith("自收到申请起算")
    assert "办理期限自收到申请起算" in data.next_steps[-1]


def test_the_sheet_of_what_is_done_on_the_spot_says_so(world):
    case = w.new_case(world, edition=world.certificate, materials={})
    assert sheet_with(world, case).cases[0].due_note == "材料补齐后当场办结"


def test_the_receipt_of_an_incomplete_case_says_from_when_its_item_counts(world):
    change(world, **FROM_RECEIPT)
    incomplete = w.new_case(world, edition=Edition.objects.published().get(item__code="MZ-001"), materials={})
    assert "自收到申请起算" in receipts.receipt_data(incomplete).missing_note


def test_the_sheet_names_people_so_each_print_is_recorded(clerk, world, monkeypatch):
    first = take_in(clerk, **ZHANG)
    second = take_in(clerk, "MZ-009", query=f"?visit={first.visit_id}")
    address = f"/desk/visit/{first.visit_id}/sheet.pdf"
    assert clerk.get(address).status_code == 200
    looks = AccessRecord.objects.filter(what="print", by=world.people.clerk)
    assert {look.subject for look in looks} == {f"case:{first.pk}", f"case:{second.pk}"}

    def jammed(*args, **options):
        raise SheetNotPrinted("the press stands still")

    monkeypatch.setattr("requests.views.visit.visit_sheet", jammed)
    answer = clerk.get(address)
    assert answer.status_code == 422 and "stands still" in text(answer)
    assert looks.count() == 2


def test_who_takes_in_at_two_windows_goes_on_at_the_window_of_the_visit(client, clerk, world):
    first = take_in(clerk, **ZHANG)
    head = world.people.head
    grant(head, world.reception, "take_in", by=head, now=w.MONDAY)
    sign_in(client, head)
    second = take_in(client, "MZ-009", query=f"?visit={first.visit_id}")
    assert (second.visit_id, second.intake_office) == (first.visit_id, world.reception)
    other = {"name": "李四光", "id_number": "990199196203040015", "phone": "12345678902"}
    assert take_in(client, **other).intake_office == world.civil


def test_again_leads_to_the_visit(clerk):
    answer = send(clerk, "/desk/new/MZ-001/", everything="on", again="1", **ZHANG)
    assert answer["Location"] == f"/desk/visit/{Visit.objects.get().pk}/"


def test_a_visit_is_seen_only_by_its_window(client, clerk, world):
    first = take_in(clerk, **ZHANG)
    for person in (world.people.official, world.people.supervisor, world.people.outsider):
        sign_in(client, person)
        assert client.get(f"/desk/visit/{first.visit_id}/").status_code == 404
        assert client.get(f"/desk/visit/{first.visit_id}/sheet.pdf").status_code == 404
    sign_in(client, world.people.official)
    assert client.get(f"/desk/new/MZ-009/?visit={first.visit_id}").status_code == 404
