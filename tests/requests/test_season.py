"""集中申报: a batch of villages by spreadsheet: dry run, one notice, one freeze, one transfer; households, not cases."""

import io
import re
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from officials.audit import together
from officials.audit import verb as audit_verb
from officials.models import AccessRecord, Office
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Batch, BatchHousehold, ServiceRequest
from requests.public_notice import lists
from requests.season import checking, figures, people, sheet, verbs
from services import publication
from services.content import content_of
from services.importing.writing import workbook_bytes
from services.windows import Window, window_at
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"
IDS = ("990199195501010012", "990199198802290023", "99019919400715004X")
CHILD = "99019920100601003X"
NOTICE = {
    "required": True, "days": 7, "unit": "calendar_day", "place": "村公示栏", "allow_fields": ["户主姓名", "村组", "面积", "金额"],
    "counted": False, "counted_basis": {"kind": "假定", "text": "未写明"}, "objection": {"phone": "0000-5550110"}, "note": "",
}  # fmt: skip


@pytest.fixture
def world():
    return w.build()


@pytest.fixture
def edition(world):
    window = {"rule": "每年集中申报", "windows": ["03-01~05-31"], "note": ""}
    text = content_of(world.low_income) | {"name": "耕地地力保护补贴申报", "public_notice": NOTICE, "batch_window": window}
    with together():
        draft = publication.create_item(world.township, "NY-301", text, by=world.people.editor, now=w.MONDAY)
        publication.submit(draft, by=world.people.editor, now=w.MONDAY)
        return publication.publish(draft, by=world.people.reviewer, now=w.MONDAY)


def opened(world, edition, year=2027, expected=3, **more) -> Batch:
    days = {"year": year, "begins_on": date(year, 3, 1), "ends_on": date(year, 5, 31), "expected": {world.village: expected}} | more
    return verbs.open_batch(edition, **days, by=world.people.official, now=w.at("2026-11-20 09:00"))


def row(number, state="new", name="张三丰", **more):
    return {"name": name, "id_number": number, "group": "第3组", "area": "3.5", "amount": "420", "state": state} | more


def file(*rows) -> bytes:
    return workbook_bytes([(sheet.VILLAGE, rows)])


def report(world, batch, *rows, at="2027-03-10 09:00"):
    return checking.apply(file(*rows), batch=batch, village=world.village, by=world.people.official, now=w.at(at))


def places(found) -> set[str]:
    return {f"{fault.column}{fault.row}" for fault in found.faults}


def frozen(world, edition, **more) -> Batch:
    """A batch with one household, its notice over, frozen."""
    batch, by = opened(world, edition, **more), world.people.official
    year = batch.year
    report(world, batch, row(IDS[0]), at=f"{year}-03-10 09:00")
    sheets = verbs.begin_notice(batch, hang_on=date(year, 5, 20), by=by, now=w.at(f"{year}-05-20 09:00"))
    for one in sheets:
        verbs.post_sheet(one, by=by, now=w.at(f"{year}-05-20 10:00"))
    verbs.freeze(batch, by=by, now=w.at(f"{year}-06-01 09:00"))
    return batch


def test_the_dry_run_names_every_faulty_cell_and_nothing_is_written(world, edition):
    before = frozen(world, edition, year=2026)
    assert before.frozen_at
    batch = opened(world, edition)
    rows = (
        row(IDS[0], "unchanged", area="4"),  # last year it was 3.5
        row("990199195501010013"),  # wrong check digit
        row(IDS[1], "unchanged"),  # not there last year
        row(IDS[2], area="三亩"),
        row(IDS[2]),  # twice
        row(IDS[0], "new"),  # twice, and there last year
    )
    found = checking.check(file(*rows), batch=batch, village=world.village, today=date(2027, 3, 10))
    assert places(found) == {"D2", "B3", "F4", "D5", "B6", "B7", "F7"}
    with pytest.raises(checking.Stopped):
        report(world, batch, *rows, row("990199196001010018"))
    assert not BatchHousehold.objects.filter(batch=batch).exists(), "all or nothing"
    changed = checking.check(file(row(IDS[0], "changed")), batch=batch, village=world.village, today=date(2027, 3, 10))
    assert places(changed) == {"G2"}, "what changed has to be said"


def test_last_years_rows_go_out_and_who_is_not_reported_stands_on_a_list(world, edition):
    frozen(world, edition, year=2026)
    batch = opened(world, edition)
    book = load_workbook(io.BytesIO(sheet.village_sheet(batch, world.village)))
    assert [cell.value for cell in book["清册"][2]][:6] == ["张三丰", IDS[0], "第3组", "3.5", "420", None]
    assert figures.not_reported(batch, world.village) == ["张**"]
    report(world, batch, row(IDS[1], "new", name="李四"))
    line = figures.lines(batch)[0]
    assert (line.village.expected, line.reported, line.missing, line.besides) == (3, 0, 3, 1), "a new household hides none of the roll"
    assert figures.not_reported(batch, world.village) == ["张**"]
    report(world, batch, row(IDS[0], "unchanged", area="", amount=""), row(IDS[1], "new", name="李四"))
    assert figures.not_reported(batch, world.village) == []
    line = figures.lines(batch)[0]
    assert (line.village.expected, line.reported, line.missing) == (3, 1, 2)
    assert people.households(batch)[0].values["area"] == "3.5", "unchanged keeps what it was"
    assert not ServiceRequest.objects.exists(), "households are no cases"
    assert figures.is_ending(batch, date(2027, 5, 28)) and not figures.is_ending(batch, date(2027, 5, 1))


def test_a_list_is_taken_in_between_the_first_and_the_last_day_only(world, edition):
    batch = opened(world, edition)
    for day in ("2027-02-28 09:00", "2027-06-01 09:00"):
        with pytest.raises(Refused):
            report(world, batch, row(IDS[0]), at=day)
    with pytest.raises(Refused):
        checking.apply(file(row(IDS[0])), batch=batch, village=world.village, by=world.people.clerk, now=w.at("2027-03-10 09:00"))
    with pytest.raises(AlreadyHandled):
        opened(world, edition)
    late = opened(world, edition, year=2028, late_allowed=True)
    assert report(world, late, row(IDS[0]), at="2028-06-05 09:00").plans


def test_one_notice_for_the_batch_with_allowed_fields_and_no_minors(world, edition):
    batch, by = opened(world, edition), world.people.official
    report(world, batch, row(IDS[0]), row(CHILD, name="李小童"), row(IDS[1], "objecting", note="面积不对"))
    begin = {"hang_on": date(2027, 5, 20), "by": by, "now": w.at("2027-05-20 09:00")}
    with pytest.raises(Refused, match=r"object|异议"):
        verbs.begin_notice(batch, **begin)
    report(world, batch, row(IDS[1], "changed", note="重新丈量", name="王五"))
    (notice,) = verbs.begin_notice(batch, **begin)
    assert notice.last_on == date(2027, 5, 27)
    assert [shown["户主姓名"] for shown in lists.rows(notice)] == ["张*丰", "王*"]
    assert set(lists.rows(notice)[0]) == {"户主姓名", "村组", "面积", "金额"}
    with pytest.raises(AlreadyHandled):
        verbs.begin_notice(batch, **begin)


def test_freeze_transfer_and_result_each_happen_once_and_in_their_order(world, edition):
    batch, people_ = opened(world, edition), world.people
    by = people_.official
    report(world, batch, row(IDS[0]), row(IDS[1], name="李四"))
    with pytest.raises(Refused):
        verbs.freeze(batch, by=by, now=w.at("2027-05-31 09:00"))
    with pytest.raises(Refused, match=r"notice|公示"):
        verbs.freeze(batch, by=by, now=w.at("2027-06-01 09:00"))
    (notice,) = verbs.begin_notice(batch, hang_on=date(2027, 6, 1), by=by, now=w.at("2027-06-01 09:00"))
    verbs.post_sheet(notice, by=by, now=w.at("2027-06-01 10:00"))
    with pytest.raises(Refused):
        verbs.freeze(batch, by=by, now=w.at("2027-06-08 09:00"))
    verbs.freeze(batch, by=by, now=w.at("2027-06-09 09:00"))
    change = row(IDS[1], "new", name="李四", area="2")
    with pytest.raises(Refused, match=r"frozen|定稿"):
        report(world, batch, change, at="2027-06-09 10:00")
    with pytest.raises(Refused):
        verbs.unlock(batch, world.village, by=by, now=w.at("2027-06-09 10:00"))
    verbs.unlock(batch, world.village, by=people_.head, now=w.at("2027-06-09 10:00"))
    sent = {"number": "栖禾农〔2027〕3号", "on": date(2027, 6, 10), "by": by, "now": w.at("2027-06-10 09:00")}
    with pytest.raises(Refused, match=r"unlocked|放开"):
        verbs.transfer(batch, **sent)
    report(world, batch, change, at="2027-06-09 11:00")
    with pytest.raises(Refused):
        report(world, batch, change, at="2027-06-09 11:30")
    verbs.transfer(batch, **sent)
    with pytest.raises(AlreadyHandled):
        verbs.transfer(batch, **sent)
    with pytest.raises(Refused):
        verbs.record_result(batch, approved=2, returned=1, by=by, now=w.at("2027-07-01 09:00"))
    verbs.record_result(batch, approved=1, returned=1, by=by, now=w.at("2027-07-01 09:00"))
    verbs.forget(batch, by=people_.head, now=w.at("2027-07-02 09:00"))
    assert people.households(batch) == [] and figures.lines(batch)[0].reported == 2


def test_the_pages_of_a_batch(world, edition, client):
    with audit_verb("set_up", by=world.people.official, now=w.MONDAY):
        Office(township=world.township, code="V02", name="桑园村", kind="village", parent=world.centre).save()
    with time_machine.travel(w.at("2027-03-10 09:00"), tick=False):
        client.force_login(world.people.official, backend=BACKEND)
        client.cookies["lang"] = "en"
        said = {"item": "NY-301", "year": "2027", "begins_on": "2027-03-01", "ends_on": "2027-05-31"}
        assert client.post("/desk/seasons/new/", said).status_code == 422
        client.post("/desk/seasons/new/", said | {f"village_{world.village.pk}": "3"})
        batch = Batch.objects.get()
        url = f"{batch.get_absolute_url()}{world.village.code}/"
        assert "Expected 3 = reported 0 + not yet 3" in client.get(batch.get_absolute_url()).content.decode()
        bad = SimpleUploadedFile("清册.xlsx", file(row(IDS[0], area="三亩")))
        shown = client.post(url, {"file": bad}, follow=True).content.decode()
        assert "cell D2" in shown and "Nothing was stored" in shown
        good = SimpleUploadedFile("清册.xlsx", file(row(IDS[0])))
        shown = client.post(url, {"file": good}, follow=True).content.decode()
        digest = shown.partition('name="digest" value="')[2].partition('"')[0]
        assert not BatchHousehold.objects.exists()
        for _ in range(2):
            client.post(f"{url}import/", {"digest": digest})
        assert BatchHousehold.objects.count() == 1
        shown = client.get(url).content.decode()
        assert "张**" in shown and "张三丰" not in shown and IDS[0] not in shown
        assert client.post(f"{url}list.xlsx").status_code == 200 and AccessRecord.objects.filter(subject=f"batch:{batch.pk}").exists()
        assert client.post(f"{batch.get_absolute_url()}freeze/").status_code == 422
        assert client.get(f"{batch.get_absolute_url()}V02/").status_code == 404
        client.force_login(world.people.clerk, backend=BACKEND)
        assert client.get(batch.get_absolute_url()).status_code == 404


@pytest.mark.parametrize(
    ("spans", "today", "expected"),
    [
        (["03-01~05-31"], date(2026, 5, 31), Window(date(2026, 3, 1), date(2026, 5, 31), True)),
        (["03-01~05-31"], date(2026, 6, 1), Window(date(2027, 3, 1), date(2027, 5, 31), False)),
        (["01-01~03-31", "07-01~09-30"], date(2026, 5, 1), Window(date(2026, 7, 1), date(2026, 9, 30), False)),
        (["11-01~02-29"], date(2027, 2, 28), Window(date(2026, 11, 1), date(2027, 2, 28), True)),
    ],
)
def test_the_window_that_runs_or_the_next_one(spans, today, expected):
    assert window_at({"windows": spans}, today) == expected
    assert window_at({"windows": spans, "rule": "每年集中申报,常年受理"}, today) is None


def test_outside_the_window_the_page_names_the_next_days_and_the_desk_is_warned(world, edition, client):
    with time_machine.travel(w.at("2026-11-20 09:00"), tick=False):
        client.cookies["lang"] = "en"
        assert "Next: from Mon 1 March 2027" in client.get("/services/NY-301/").content.decode()
        assert "next from Mon 1 March 2027" in client.get("/apply/NY-301/").content.decode()
        client.force_login(world.people.clerk, backend=BACKEND)
        assert "next from Mon 1 March 2027" in client.get("/desk/new/NY-301/").content.decode()
        assert "taken in batches" not in client.get("/desk/new/MZ-001/").content.decode()
        told = client.get("/desk/turned-away/?item=NY-301&why=out_of_time").content.decode()
        assert "next from Mon 1 March 2027" in told and re.search(r'value="out_of_time"[^>]*checked', told)
        form = client.get("/desk/new/NY-301/").context["form"]
        typed = {name: form[name].value() for name in ("form_token", "edition", "channel")}
        typed |= {"everything": "on", "name": "张三丰", "id_number": w.ZHANG.id_number, "id_type": "id_card", "phone": w.ZHANG.phone}
        typed |= {"village": str(world.village.pk)}  # the item is posted there
        assert client.post("/desk/new/NY-301/", typed).status_code == 422 and not ServiceRequest.objects.exists(), "no clock begins"
        assert client.post("/desk/new/NY-301/", typed | {"out_of_season": "on"}).status_code == 302
        assert ServiceRequest.objects.get().events.get(verb="receive").facts["out_of_season"]
        opened(world, edition, year=2026, begins_on=date(2026, 11, 1), ends_on=date(2026, 12, 1))
        assert "taken in batches" not in client.get("/desk/new/NY-301/").content.decode(), "this year's notice says otherwise"
