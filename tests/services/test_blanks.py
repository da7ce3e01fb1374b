"""Blank forms in the editing room: what is taken and what refused, named places, preview, publication, the residents' copy."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pypdf import PdfReader

from services import publication
from services.blanks import drafting, files, filling
from services.blanks.fitting import fit
from services.blanks.names import BOXES, BY_CODE, NAMES, sample_values
from services.models import BlankForm, Edition
from tests.support import blanks
from tests.support import world as w
from tests.support.blanks import signed_in, where

pytestmark = [pytest.mark.django_db]
NOW = w.at("2026-11-09 09:00")
ROOM = "/editing/MZ-001/forms/"
PLACE = {"name": "applicant_name", "page": 1, "x": 50.0, "y": 60.0, "width": 60.0, "height": 8.0, "size": 12.0, "rows": 1}


@pytest.fixture(autouse=True)
def kept_here(settings, tmp_path_factory):
    settings.MEDIA_ROOT = tmp_path_factory.getbasetemp() / "media"


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def draft(world) -> Edition:
    return publication.start_draft(world.low_income.item, by=world.people.editor, now=NOW)


@pytest.fixture
def client(world) -> Client:
    return signed_in(world.people.editor)


def upload(client, data: bytes, name: str = "form.pdf", title: str = "低保申请书", path: str = ROOM):
    sent = {"title": title, "material": "最低生活保障申请书", "file": SimpleUploadedFile(name, data)}
    return client.post(path, sent)


def added(draft, world, *, places=(PLACE,), data: bytes | None = None, title: str = "低保申请书") -> BlankForm:
    """A form in the draft, with its places."""
    people, taken = world.people, files.take(data or blanks.pdf())
    blank = drafting.add(draft, title=title, material="最低生活保障申请书", taken=taken, by=people.editor, now=NOW)
    named = {"title": blank.title, "material": blank.material, "seen": drafting.mark(blank)}
    return drafting.place_names(blank, places, **named, by=people.editor, now=NOW)


def row(position: int, **values) -> dict[str, str]:
    return {f"place-{position}-{key}": str(value) for key, value in values.items()}


@pytest.mark.once
def test_the_names_hold_no_promise_no_choice_no_amount_and_no_signature():
    filled = [name for name in NAMES if name.kind not in BOXES]
    forbidden = ("promise", "amount", "income", "choice", "sign", "consent", "account", "decision", "state")
    assert not [name.code for name in filled if any(word in name.code for word in forbidden)]
    assert {name.code for name in NAMES if name.kind in BOXES} >= {"applicant_signs", "fingerprint", "witness_signs", "signed_on"}
    assert not set(sample_values()) & {name.code for name in NAMES if name.kind in BOXES}
    assert all(name.word and not name.sample for name in NAMES if name.kind in BOXES)


@pytest.mark.once
def test_a_long_text_gets_smaller_then_wraps_and_is_never_cut():
    place = {"width": 40.0, "height": 8.0, "size": 12.0}
    assert fit("孔望舒", **place).lines == ("孔望舒",)
    smaller = fit("槐序县栖禾镇稻香村十二", **place)
    assert len(smaller.lines) == 1 and 7 <= smaller.size < 12 and not smaller.is_over
    long = "槐序县栖禾镇稻香村三组" * 2
    wrapped = fit(long, **place)
    assert len(wrapped.lines) == 2 and "".join(wrapped.lines) == long and not wrapped.is_over
    over = fit(long * 4, **place)
    assert over.is_over and "".join(over.lines) == long * 4


def test_an_upload_is_kept_as_what_can_be_seen_of_it(client, draft):
    answer = upload(client, blanks.pdf(2))
    blank = draft.blanks.get()
    assert answer.headers["Location"] == f"{ROOM}{blank.pk}/"
    assert (blank.pages, blank.material) == ([[210.0, 297.0], [210.0, 297.0]], "最低生活保障申请书")
    assert blanks.WORDS in PdfReader(io.BytesIO(files.pdf_of(blank))).pages[1].extract_text()
    assert client.get(f"{ROOM}{blank.pk}/2.png").content.startswith(b"\x89PNG")
    assert client.get(f"{ROOM}{blank.pk}/3.png").status_code == 404
    assert upload(client, blanks.pdf(2)).status_code == 422, "sent twice"
    assert draft.blanks.count() == 1
    assert upload(client, blanks.png(1169, 827), "page.png", "横表").status_code == 302
    assert draft.blanks.last().pages == [[297.0, 210.0]], "a picture lies on A4 the way it is turned"


@pytest.mark.once
@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"MZ\x90\x00 a program", "no form that can be read"),
        (b"%PDF-1.7 rubbish", "cannot be read"),
        (blanks.with_script, "act by itself"),
        (blanks.with_attachment, "act by itself"),
        (blanks.locked, "password"),
        (blanks.huge_pages, "larger than A3"),
        (lambda: blanks.pdf(11), "one to ten pages"),
        (lambda: blanks.pdf() + b"\0" * files.MOST_BYTES, "larger than 5 MB"),
    ],
)
def test_what_cannot_be_a_form_is_refused_with_a_sentence(client, draft, data, sentence):
    answer = upload(client, data() if callable(data) else data)
    assert answer.status_code == 422 and sentence in answer.content.decode()
    assert not draft.blanks.exists()


def test_fields_of_a_pdf_propose_their_places_and_nothing_else(client, draft):
    """A field for an amount or a promise means no name of ours: it stays empty on the paper, with the frame it draws itself."""
    fields = (("申请人姓名", (100, 700, 300, 720)), ("申请金额", (100, 600, 300, 620)), ("本人承诺", (100, 500, 300, 520)))
    upload(client, blanks.with_fields(*fields, looks={"申请金额": "FRAME", "本人承诺": "TYPED"}, 本人承诺="我承诺"))
    blank = draft.blanks.get()
    assert [place["name"] for place in blank.places] == ["applicant_name"]
    kept = where(files.pdf_of(blank))
    assert "FRAME" in kept and "TYPED" not in kept, "what somebody left in a field is not kept"
    assert blank.places[0] | {"size": 12.0} == PLACE | {"x": 35.3, "y": 43.0, "width": 70.6, "height": 7.1}


def test_places_are_checked_and_kept_with_what_was_typed(client, draft, world):
    blank = added(draft, world, places=())
    url = f"{ROOM}{blank.pk}/"
    page = client.get(url)
    sent = {"seen": page.context["seen"], "title": blank.title, "material": blank.material, "places": 3}
    wrong = sent | row(0, name="applicant_name", page=2, x=10, y=10, width=30) | row(1, name="village", x=190, y=10, width=30)
    answer = client.post(url, wrong | row(2, name="amount_wanted", x=1, y=1, width=10))
    text = answer.content.decode()
    assert answer.status_code == 422 and 'value="190"' in text and '<a href="#id_place-1-width">' in text
    assert "The form has 1 pages." in text and "which is 210 mm wide" in text and "amount_wanted" in text, "no such name"
    good = sent | row(0, name="applicant_name", page=1, x=50, y=60, width=60, height=8, size=12, rows=1) | row(1, x=3)
    assert client.post(url, good).status_code == 302
    blank.refresh_from_db()
    assert blank.places == [PLACE]
    before = drafting.mark(blank)
    assert client.post(url, good).status_code == 302 and drafting.mark(blank) == before, "sent twice"
    overtaken = client.post(url, good | row(1, name="village", x=10, y=90, width=30))
    assert overtaken.status_code == 409 and "Somebody changed this form" in overtaken.content.decode()
    assert "<image href=" in client.get(url).content.decode()


def test_the_preview_has_invented_people_in_their_places_and_empty_boxes(client, draft, world):
    box = PLACE | {"name": "applicant_signs", "y": 200.0, "height": 15.0}
    members = PLACE | {"name": "member_name", "y": 100.0, "rows": 2}
    blank = added(draft, world, places=(PLACE, box, members))
    answer = client.get(f"{ROOM}{blank.pk}/preview.pdf")
    found = where(answer.content)
    x, baseline = found["孔望舒"]
    assert x == pytest.approx(50, abs=0.3) and 60 < baseline < 68
    assert found["孔小满"][1] - found["孔初晴"][1] == pytest.approx(8, abs=0.1)
    assert found["申请人签名"][1] < 206 and blanks.WORDS in "".join(found)
    assert "预览" in "".join(found)


def test_a_form_is_published_with_its_edition_and_copied_into_the_next_draft(draft, world):
    people, blank = world.people, added(draft, world)
    publication.submit(draft, by=people.editor, now=NOW)
    with pytest.raises(publication.Refused):
        drafting.remove(blank, by=people.editor, now=NOW)
    compared = signed_in(people.reviewer).get("/editing/MZ-001/compare/").content.decode()
    assert f"{ROOM}{blank.pk}/preview.pdf" in compared and "The two texts are the same" not in compared
    published = publication.publish(draft, by=people.reviewer, now=NOW)
    again = publication.start_draft(published.item, by=people.editor, now=NOW)
    drafting.replace_file(again.blanks.get(), taken=files.take(blanks.pdf(2)), by=people.editor, now=NOW)
    blank.refresh_from_db()
    assert len(blank.pages) == 1 and blank.places == again.blanks.get().places == [PLACE]
    assert len(again.blanks.get().pages) == 2


def test_who_placed_a_name_wrote_the_text_and_does_not_publish_it(draft, world):
    people = world.people
    blank = added(draft, world)
    reviewer = people.reviewer
    w.give_role(reviewer, world.centre, "editor", by=people.head, now=NOW)
    named = {"title": "另一个名称", "material": "", "seen": drafting.mark(blank)}
    drafting.place_names(blank, [PLACE], **named, by=reviewer, now=NOW)
    publication.submit(draft, by=people.editor, now=NOW)
    with pytest.raises(publication.Refused):
        publication.publish(draft, by=reviewer, now=NOW)


def test_residents_get_the_empty_form_of_the_published_text_only(client, draft, world):
    blank, resident = added(draft, world), Client()
    url = f"/services/MZ-001/forms/{blank.key}.pdf"
    assert resident.get(url).status_code == 404, "a draft is nobody's"
    publication.submit(draft, by=world.people.editor, now=NOW)
    publication.publish(draft, by=world.people.reviewer, now=NOW)
    assert url in resident.get("/services/MZ-001/").content.decode()
    answer = resident.get(url)
    words = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert blanks.WORDS in words and "孔望舒" not in words
    assert resident.get(url.replace("MZ-001", "MZ-009")).status_code == 404
    _drop_from_the_next_text(world)
    assert url not in resident.get("/services/MZ-001/").content.decode()
    assert resident.get(url).status_code == 200, "cases go on under the older text"
    place = files.folder_of(blank)
    (place / "blank.pdf").write_bytes(b"%PDF-1.7 another one")
    try:
        assert resident.get(url).status_code == 404, "a file that was altered is not handed out"
        with pytest.raises(files.Gone):
            filling.print_filled(blank, filling.plan(blank, {}))
    finally:
        (place / "blank.pdf").write_bytes(answer.content)


def _drop_from_the_next_text(world) -> None:
    people = world.people
    draft = publication.start_draft(world.low_income.item, by=people.editor, now=NOW)
    drafting.remove(draft.blanks.get(), by=people.editor, now=NOW)
    publication.submit(draft, by=people.editor, now=NOW)
    publication.publish(draft, by=people.reviewer, now=NOW)


def test_who_may_not_write_the_draft_does_not_change_its_forms(draft, world):
    blank = added(draft, world)
    for person, expected in ((world.people.reviewer, 403), (world.people.clerk, 403)):
        other = signed_in(person)
        assert other.get(f"{ROOM}{blank.pk}/").status_code == expected
        assert upload(other, blanks.pdf()).status_code == expected
        assert other.post(f"{ROOM}{blank.pk}/remove/").status_code == expected
    assert signed_in(world.people.editor).get(f"/editing/MZ-009/forms/{blank.pk}/").status_code == 404
    assert draft.blanks.count() == 1 and BY_CODE["applicant_name"]


def test_the_trail_of_the_item_names_the_place_that_was_moved(draft, world):
    blank = added(draft, world, places=(PLACE, PLACE | {"name": "village", "y": 80}))
    moved = [PLACE | {"x": 55.5}, PLACE | {"name": "village", "y": 80}]
    named = {"title": blank.title, "material": blank.material, "seen": drafting.mark(blank)}
    drafting.place_names(blank, moved, **named, by=world.people.editor, now=NOW)
    text = signed_in(world.people.inspector).get("/audit/item/MZ-001/").content.decode()
    assert "applicant: name (page 1, 55.5 from the left, 60 from the top, 60 × 8 mm)" in text
    assert "Placed names on a form" in text and text.count("village (page 1") == 1, "what stayed is not told again"
