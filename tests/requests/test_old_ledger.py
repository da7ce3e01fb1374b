"""The old paper ledger: checked cell by cell, imported all or none with its true dates, kept apart in the figures."""

import io
import re
from datetime import date

import pytest
import time_machine
from openpyxl import load_workbook

from officials.audit.verify import verify
from requests import persons, verbs
from requests.ledger_import.layout import template
from requests.lifecycle import Refused
from requests.models import HeldForm, ServiceRequest
from tests.support import world as w

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
BACKEND = "portal.staff_session.StaffBackend"
ADDRESS = "/desk/old-ledger/"
HEADINGS = ["旧编号", "收件日期", "姓名", "证件号", "电话", "村组", "事项编码或名称", "站所", "承办人", "状态", "受理日期", "备注"]
RECEIVED = [
    "2024-017", date(2024, 3, 1), "王大娘", "990199195501010012", "12345678901", "稻香村三组", "MZ-001", "", "", "收件", None, "缺户口簿",
]  # fmt: skip
ACCEPTED = ["2025-003", date(2025, 5, 6), "李二爷", "", "", "", "老年人优待证发放", "ST04", "甄探访", "受理", date(2025, 5, 8), ""]


@pytest.fixture(autouse=True)
def monday():
    with time_machine.travel(w.at("2026-11-23 10:00"), tick=False):
        yield


@pytest.fixture
def world(monday):
    return w.build()


@pytest.fixture
def head(client, world):
    client.force_login(world.people.head, backend=BACKEND)
    client.cookies["lang"] = "en"
    return client


def text(answer) -> str:
    return answer.content.decode()


def spreadsheet(*rows: list) -> io.BytesIO:
    book = load_workbook(io.BytesIO(template()))
    for row in rows:
        book["台账"].append(row)
    out = io.BytesIO()
    book.save(out)
    out.name = "民政办旧台账.xlsx"
    out.seek(0)
    return out


def changed(row: list, **cells) -> list:
    """A row with other cells, by heading."""
    return [cells.get(heading, value) for heading, value in zip(HEADINGS, row, strict=True)]


def checked(client, *rows: list) -> str:
    return text(client.post(ADDRESS, {"file": spreadsheet(*rows)}, follow=True))


def imported(client, *rows: list):
    page = checked(client, *rows)
    digest = page.split('name="digest" value="')[1].split('"')[0]
    return client.post("/desk/old-ledger/import/", {"digest": digest}, follow=True)


def test_the_template_has_the_headings(head):
    answer = head.get(f"{ADDRESS}template.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content))["台账"]
    assert [cell.value for cell in sheet[1]] == HEADINGS


def test_a_check_stores_nothing_but_the_sealed_file(head):
    page = checked(head, RECEIVED, ACCEPTED)
    assert "Cases to be imported: 2" in page and "2024-017" in page and not ServiceRequest.objects.exists()
    assert "王大娘" not in page and "990199195501010012" not in HeldForm.objects.get().sealed


def test_cases_come_over_with_true_dates_old_numbers_and_their_mark(head, world):
    page = text(imported(head, RECEIVED, ACCEPTED))
    assert "Carried over from the paper ledger: 2" in page and not HeldForm.objects.exists()
    first, second = ServiceRequest.objects.order_by("pk")
    assert (first.number, second.number) == ("990199101-2026-000001", "990199101-2026-000002")
    assert first.received_at == w.at("2024-03-01 00:00") and first.recorded_at == w.at("2026-11-23 10:00")
    assert (first.origin, first.old_number, first.status, first.due_at) == ("old_ledger", "2024-017", "received", None)
    # The file by its check sum: its name may be somebody's.
    assert re.fullmatch("[0-9a-f]{12}:2", first.old_source) and first.village == world.village and first.first_asked == world.people.head
    assert second.accepted_at == w.at("2025-05-08 00:00") and second.holder == world.people.deputy and second.promised_on is None
    person = persons.person_of(first)
    assert (person.name, person.phone, person.address) == ("王大娘", "12345678901", "稻香村三组")
    assert not ServiceRequest.objects.counted().exists()
    verify()  # raises where the chain does not hold


def test_the_same_old_number_again_is_skipped_and_told(head):
    imported(head, RECEIVED)
    page = checked(head, RECEIVED, ACCEPTED)
    assert "Already imported, skipped" in page and "Cases to be imported: 1" in page
    imported(head, RECEIVED, ACCEPTED)
    assert ServiceRequest.objects.count() == 2
    assert "nothing to import" in checked(head, RECEIVED)


@pytest.mark.parametrize(
    ("cells", "cell", "sentence"),
    [
        ({"收件日期": None}, "B2", "must not be empty"),
        ({"收件日期": "去年三月"}, "B2", "is not a date"),
        ({"收件日期": date(2027, 1, 1)}, "B2", "still to come"),
        ({"收件日期": date(1900, 1, 1)}, "B2", "too far back"),
        ({"旧编号": ""}, "A2", "must not be empty"),
        ({"姓名": ""}, "C2", "must not be empty"),
        ({"姓名": "王" * 41}, "C2", "too long"),
        ({"事项编码或名称": "打更"}, "G2", "no published item"),
        ({"站所": "月球站"}, "H2", "no office with this code"),
        ({"站所": "ST01"}, "H2", "not the head"),
        ({"承办人": "没这人"}, "I2", "Nobody of this name"),
        ({"状态": "办结"}, "J2", "is not known here"),
        ({"状态": "受理"}, "K2", "needs the day of acceptance"),
        ({"受理日期": date(2024, 3, 2)}, "K2", "the state is 收件"),
        ({"状态": "受理", "受理日期": date(2024, 2, 1)}, "K2", "before the receipt"),
        ({"备注": "=HYPERLINK(1)"}, "L2", "formula"),
    ],
)
def test_every_fault_is_named_with_its_cell_and_nothing_comes_in(head, cells, cell, sentence):
    page = checked(head, changed(RECEIVED, **cells), ACCEPTED)
    assert cell in page and sentence in page and 'name="digest"' not in page
    assert not ServiceRequest.objects.exists()


def test_an_old_number_twice_in_a_file_is_a_fault(head):
    assert "more than once" in checked(head, RECEIVED, RECEIVED)


@pytest.mark.parametrize("doubtful", ["990199195501010013", "990199195501010000", "12345", 990199195501010012])
def test_a_doubtful_id_number_is_left_blank_and_marked(head, doubtful):
    page = checked(head, changed(ACCEPTED, 证件号=doubtful, 电话="123"))
    assert "in doubt and is left blank" in page and "证件号存疑" in page and "电话存疑" in page
    imported(head, changed(ACCEPTED, 证件号=doubtful, 电话="123"))
    case = ServiceRequest.objects.get()
    assert case.status == "accepted"  # the ledger says so, whatever its number
    person = persons.person_of(case)
    assert (person.id_number, person.phone, person.id_state) == ("", "", "unknown")
    said = persons.open_for(case, case.events.get(verb="receive").sealed, "event")
    assert "证件号存疑，留空" in said["text"]


def test_a_case_only_received_without_identity_awaits_the_card(head):
    imported(head, changed(RECEIVED, 证件号=""))
    case = ServiceRequest.objects.get()
    assert case.material_rows.filter(line="id_card", state="missing").exists()


def test_all_or_none_when_something_moves_between_check_and_import(head, world, monkeypatch):
    def refuse(*_args, **_more):
        raise Refused("no longer")

    page = checked(head, RECEIVED, ACCEPTED)
    digest = page.split('name="digest" value="')[1].split('"')[0]
    monkeypatch.setattr(verbs, "accept", refuse)
    answer = head.post("/desk/old-ledger/import/", {"digest": digest})
    assert answer.status_code == 422 and "no longer" in text(answer)
    assert not ServiceRequest.objects.exists()
    monkeypatch.undo()
    imported(head, RECEIVED)
    assert ServiceRequest.objects.get().number.endswith("-000001")


def test_the_import_sent_twice_is_one_import(head):
    page = checked(head, RECEIVED)
    digest = page.split('name="digest" value="')[1].split('"')[0]
    head.post("/desk/old-ledger/import/", {"digest": digest})
    again = text(head.post("/desk/old-ledger/import/", {"digest": digest}, follow=True))
    assert "imported already" in again and ServiceRequest.objects.count() == 1
    assert "imported already" in text(head.post("/desk/old-ledger/import/", {"digest": "x"}, follow=True))


@pytest.mark.parametrize("data", [b"", b"nonsense", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0old"])
def test_what_is_no_spreadsheet_gets_a_sentence(head, data):
    file = io.BytesIO(data)
    file.name = "x.xlsx"
    answer = head.post(ADDRESS, {"file": file}, follow=True)
    assert answer.status_code == 422 and not ServiceRequest.objects.exists() and not HeldForm.objects.exists()


def test_no_file_and_too_large_a_file_get_a_sentence(head):
    assert "Choose the file" in text(head.post(ADDRESS, {}))
    file = io.BytesIO(b"x" * (2 * 1024 * 1024 + 1))
    file.name = "x.xlsx"
    assert "at most 2 MB" in text(head.post(ADDRESS, {"file": file}))


def test_another_file_can_be_chosen(head):
    checked(head, RECEIVED)
    head.post("/desk/old-ledger/put-aside/")
    assert head.get("/desk/old-ledger/check/")["Location"] == ADDRESS and not HeldForm.objects.exists()


@pytest.mark.parametrize("who", ["clerk", "official", "supervisor", "inspector", "outsider"])
def test_only_a_head_imports(client, world, who):
    client.force_login(getattr(world.people, who), backend=BACKEND)
    for page in (ADDRESS, f"{ADDRESS}template.xlsx", f"{ADDRESS}check/"):
        assert client.get(page).status_code == 403
    for page in (ADDRESS, f"{ADDRESS}import/", f"{ADDRESS}put-aside/"):
        assert client.post(page, {"file": spreadsheet(RECEIVED)}).status_code == 403
    assert not ServiceRequest.objects.exists() and not HeldForm.objects.exists()
