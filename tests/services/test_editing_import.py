"""The catalogue spreadsheet through the page: dry run, faults by cell, import as drafts, export."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError
from django.test import Client

from officials.audit import verb
from officials.models import User
from officials.permissions import give_role
from services import publication
from services.content import content_of
from services.importing.exporting import export
from services.importing.reading import read
from services.importing.uploads import drop_old
from services.models import Category, Edition
from tests.support import world as w
from tests.support.spreadsheet import Editor, as_bytes, small_rows

pytestmark = [pytest.mark.django_db]


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def client(world) -> Client:
    client = Client()
    client.cookies["lang"] = "en"
    client.force_login(world.people.editor, backend="portal.staff_session.StaffBackend")
    return client


def send(client: Client, data: bytes, name="catalogue.xlsx"):
    return client.post("/editing/import/", {"file": SimpleUploadedFile(name, data)})


def waiting_files() -> list[Path]:
    return list((Path(settings.MEDIA_ROOT) / "imports").glob("*"))


def text(response) -> str:
    return response.content.decode()


def test_a_faulty_file_names_sheet_row_and_cell_and_changes_nothing(client):
    sheet = Editor()
    cell = sheet.write("材料", "材料形式", 3, "手抄件")
    page = send(client, sheet.save())
    assert page.status_code == 422
    assert f"row 3, cell {cell}" in text(page)
    assert "Import as drafts" not in text(page)
    assert (Edition.objects.drafts().count(), waiting_files()) == (0, [])
    assert client.post("/editing/import/apply/").headers["Location"] == "/editing/import/"
    assert not Edition.objects.drafts().exists()


@pytest.mark.parametrize("code", ["MZ 101", None])
def test_what_only_follows_from_a_faulty_item_is_told_in_one_line(client, code):
    sheet = Editor()
    cell = sheet.write("事项", "事项编码", 2, code)
    slip = sheet.write("材料", "事项编码", 4, "MZ-1O2")
    page = text(send(client, sheet.save()))
    assert "Faults: 3." in page and f"row 2, cell {cell}" in page
    assert "6 lines of item MZ-101 could not be checked, because its own row" in page
    assert f"row 4, cell {slip}" in page and "There is no item “MZ-1O2”" in page
    assert "There is no item “MZ-101”" not in page


def test_rows_of_an_item_that_is_nowhere_are_named_each(client):
    sheet = Editor()
    for row in (2, 3):
        sheet.write("材料", "事项编码", row, "MZ-999")
    page = text(send(client, sheet.save()))
    assert page.count("There is no item “MZ-999”") == 2 and "could not be checked" not in page


def test_a_clean_file_becomes_drafts_and_then_a_batch(world, client):
    page = send(client, as_bytes(small_rows()))
    assert page.status_code == 200
    assert not Edition.objects.drafts().exists()
    assert len(waiting_files()) == 1
    page = client.post("/editing/import/apply/", follow=True)
    assert "Imported as drafts: 2" in text(page)
    assert waiting_files() == []
    ids = list(Edition.objects.drafts().values_list("pk", flat=True))
    page = client.post("/editing/batch/", {"act": "submit-page", "shown": ids}, follow=True)
    # The second one has no responsible post yet: refused by name, the first goes on.
    assert "Submitted to the second person: 1" in text(page)
    assert "MZ-102" in text(page)


def test_the_exported_catalogue_comes_back_unchanged_and_one_change_is_shown(world, client):
    data = b"".join(client.get("/editing/export.xlsx"))
    assert "nothing to import" in text(send(client, data))
    sheet = Editor(export(world.township))
    sheet.write("事项", "承诺时限", 2, 20)
    page = text(send(client, sheet.save()))
    assert "Changed items" in page
    assert '<span class="change-from">25</span>' in page
    assert '<span class="change-to">20</span>' in page
    client.post("/editing/import/apply/")
    assert Edition.objects.drafts().get().promised_value == 20


def test_the_blank_sheets_can_be_read(client):
    answer = client.get("/editing/blank.xlsx")
    assert "attachment" in answer.headers["Content-Disposition"]
    assert read(answer.content).faults == []


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"", "empty"), (b"not a spreadsheet", "not a spreadsheet"), (b"\xd0\xcf\x11\xe0old", "old .xls")],
)
def test_what_is_no_spreadsheet_gets_a_sentence(client, data, sentence):
    page = send(client, data)
    assert page.status_code == 422
    assert sentence in text(page)


def test_no_file_and_too_large_a_file_get_a_sentence(client):
    assert "Choose the spreadsheet" in text(client.post("/editing/import/", {}))
    assert "larger than 5 MB" in text(send(client, b"x" * (5 * 1024 * 1024 + 1)))


def test_blank_rows_are_accepted_and_told(client):
    sheet = Editor()
    sheet.book["材料"].insert_rows(3)
    page = send(client, sheet.save())
    assert page.status_code == 200
    assert "Blank rows were skipped" in text(page)


def test_the_file_belongs_to_the_session_that_sent_it(world, client):
    send(client, as_bytes(small_rows()))
    other = Client()
    other.force_login(world.people.editor, backend="portal.staff_session.StaffBackend")
    assert other.post("/editing/import/apply/").headers["Location"] == "/editing/import/"
    assert not Edition.objects.drafts().exists()
    client.post("/editing/import/apply/")
    assert Edition.objects.drafts().count() == 2


def test_a_catalogue_that_moved_between_dry_run_and_import_stops_it(world, client):
    send(client, as_bytes(small_rows()))
    with verb("rename", by=world.people.editor, now=w.MONDAY):
        category = Category.objects.get()
        category.name = "别名"
        category.save()
    page = client.post("/editing/import/apply/")
    assert page.status_code == 422
    assert "民政救助" in text(page)
    assert not Edition.objects.drafts().exists()


def test_a_draft_written_in_since_the_dry_run_is_not_written_over(world, client):
    give_role(world.people.outsider, world.centre, "editor", by=world.people.editor, now=w.MONDAY)
    colleague = User.objects.get(pk=world.people.outsider.pk)
    draft = publication.start_draft(world.low_income.item, by=world.people.editor, now=w.MONDAY)
    sheet = Editor(export(world.township))
    sheet.write("事项", "承诺时限", 2, 20)
    data = sheet.save()
    assert send(client, data).status_code == 200
    written = content_of(draft) | {"place": "二楼三号窗口"}
    publication.write_draft(draft, written, by=colleague, now=w.MONDAY)
    page = client.post("/editing/import/apply/")
    assert page.status_code == 422 and "changed this draft" in text(page)
    draft.refresh_from_db()
    assert (draft.place, draft.promised_value) == ("二楼三号窗口", 25)
    assert send(client, data).status_code == 200, "looked at anew it may be brought in"
    client.post("/editing/import/apply/")
    draft.refresh_from_db()
    assert draft.promised_value == 20


def test_two_who_bring_in_the_same_new_item_at_once_the_second_is_told(world, client, monkeypatch):
    send(client, as_bytes(small_rows()))

    def overtaken(*args, **options):
        raise IntegrityError("item_code_once")

    monkeypatch.setattr(publication, "create_item", overtaken)
    page = client.post("/editing/import/apply/")
    assert page.status_code == 422 and "A colleague brought in this item" in text(page)
    assert not Edition.objects.drafts().exists()


def test_two_sheets_of_one_name_are_a_fault(client):
    sheet = Editor()
    sheet.book.create_sheet("事项 ")
    page = send(client, sheet.save())
    assert page.status_code == 422 and "several sheets of this name" in text(page)


def test_files_left_lying_are_deleted_after_a_day(client):
    send(client, as_bytes(small_rows()))
    assert drop_old(w.at("2126-01-01 00:00")) == 1
    assert waiting_files() == []


def test_reviewers_export_but_do_not_import(world):
    client = Client()
    client.force_login(world.people.reviewer, backend="portal.staff_session.StaffBackend")
    assert client.get("/editing/export.xlsx").status_code == 200
    assert client.post("/editing/import/", {}).status_code == 403
    assert client.post("/editing/import/apply/").status_code == 403
