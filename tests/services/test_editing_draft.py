"""Writing a draft on the page: rows moved without JavaScript, faults beside the field, nothing overwritten unseen."""

import pytest
from django.test import Client

from officials.models import User
from officials.permissions import give_role
from services import publication
from services.content import content_of
from services.models import Edition, Item
from tests.support import world as w

pytestmark = [pytest.mark.django_db]
NOW = w.at("2026-11-09 09:00")
PATH = "/editing/MZ-001/draft/"


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def client(world) -> Client:
    return signed_in(world.people.editor)


def signed_in(person) -> Client:
    client = Client()
    client.cookies["lang"] = "en"
    client.force_login(person, backend="portal.staff_session.StaffBackend")
    return client


@pytest.fixture
def draft(world) -> Edition:
    return publication.start_draft(world.low_income.item, by=world.people.editor, now=NOW)


def fields(response) -> dict[str, object]:
    """What a browser would send back from this page, unchanged."""
    form = response.context["draft_form"]
    sent: dict[str, object] = {"seen": response.context["seen"]}
    for one in form.forms():
        for bound in one:
            value = bound.value()
            if value in (None, False, "", []):
                continue
            if value is True:
                value = "on"
            elif isinstance(value, list) and not hasattr(bound.field, "choices"):
                value = "\n".join(map(str, value))
            sent[bound.html_name] = value
    for part in form.parts:
        sent[f"{part.key}-rows"] = part.count
    return sent


def text(response) -> str:
    return response.content.decode()


def test_saving_the_page_as_it_is_changes_nothing(client, draft):
    before = content_of(draft)
    answer = client.post(PATH, fields(client.get(PATH)) | {"act": "save"})
    assert answer.status_code == 302, answer.context and answer.context["faults"]
    after = content_of(Edition.objects.get(pk=draft.pk))
    assert {k: v for k, v in after.items() if k != "privacy"} == {k: v for k, v in before.items() if k != "privacy"}
    assert after["privacy"]["private"] == before["privacy"]["private"]


def test_a_changed_field_a_new_material_and_a_list_are_stored(client, draft):
    sent = fields(client.get(PATH)) | {"item-place": "二楼", "item-channels": "窗口\n网上\n村代办", "materials-rows": 4, "act": "save"}
    sent |= {"materials-3-name": "授权委托书", "materials-3-form": "original", "materials-3-original_count": "1"}
    assert client.post(PATH, sent).status_code == 302
    saved = Edition.objects.get(pk=draft.pk)
    assert (saved.place, saved.channels) == ("二楼", ["窗口", "网上", "村代办"])
    assert [m.name for m in saved.materials.all()][-1] == "授权委托书"


def test_rows_move_without_being_stored_and_nothing_typed_is_lost(client, draft):
    sent = fields(client.get(PATH)) | {"item-place": "刚打的字", "steps-3-title": "改了名的环节", "act": "up:steps:3"}
    page = client.post(PATH, sent)
    assert page.status_code == 200
    assert "刚打的字" in text(page)
    titles = [row["title"].value() for row in next(p for p in page.context["draft_form"].parts if p.key == "steps").rows]
    assert titles == ["收件与受理审查", "信息核对", "改了名的环节", "入户调查"]
    assert Edition.objects.get(pk=draft.pk).place == ""
    assert client.post(PATH, fields(page) | {"act": "save"}).status_code == 302
    assert [s.title for s in Edition.objects.get(pk=draft.pk).steps.all()] == titles


@pytest.mark.parametrize(
    ("act", "names"),
    [
        ("down:materials:0", ["户口簿", "最低生活保障申请书", "残疾人证"]),
        ("remove:materials:1", ["最低生活保障申请书", "残疾人证"]),
        ("add:materials", ["最低生活保障申请书", "户口簿", "残疾人证", None]),
        ("up:materials:0", ["最低生活保障申请书", "户口簿", "残疾人证"]),
        ("remove:materials:99", ["最低生活保障申请书", "户口簿", "残疾人证"]),
        ("remove:nonsense:x", ["最低生活保障申请书", "户口簿", "残疾人证"]),
    ],
)
def test_the_buttons_of_a_row(client, draft, act, names):
    page = client.post(PATH, fields(client.get(PATH)) | {"act": act})
    materials = next(p for p in page.context["draft_form"].parts if p.key == "materials")
    assert [row["name"].value() or None for row in materials.rows] == names


def test_a_row_left_blank_is_dropped(client, draft):
    page = client.post(PATH, fields(client.get(PATH)) | {"act": "add:conditions"})
    assert client.post(PATH, fields(page) | {"act": "save"}).status_code == 302
    assert Edition.objects.get(pk=draft.pk).conditions.count() == 1


@pytest.mark.parametrize(
    ("typed", "name", "sentence"),
    [
        ({"item-promised_value": "31"}, "item-promised_value", "longer than the legal limit"),
        ({"item-promised_value": "three"}, "item-promised_value", "not a whole number"),
        ({"item-promised_value": "0"}, "item-promised_value", "not a whole number from 1"),
        ({"item-name": ""}, "item-name", "must not be empty"),
        ({"item-name": "长" * 121}, "item-name", "too long"),
        ({"item-name": "坏\x07字"}, "item-name", "control characters"),
        ({"item-implementing_body": "栖禾镇便民服务中心"}, "item-implementing_body", "not an authority"),
        ({"item-office": "NOPE"}, "item-office", "NOPE"),
        ({"materials-0-name": "其他材料"}, "materials-0-name", "Catch-all"),
        ({"materials-2-handle_case": ""}, "materials-2-handle_case", "say in which"),
        ({"steps-1-unit": ""}, "steps-1-unit", "unit is missing"),
        ({"item-documents_by": "没有冒号"}, "item-documents_by", "a colon"),
    ],
)
def test_a_fault_stands_beside_its_field_and_nothing_is_stored(client, draft, typed, name, sentence):
    links = draft.history.count()
    page = client.post(PATH, fields(client.get(PATH)) | {"item-place": "留着的字", "act": "save"} | typed)
    assert page.status_code == 422
    assert f'id="id_{name}_error"' in text(page)
    assert sentence in text(page)
    assert f'href="#id_{name}"' in text(page)
    assert "留着的字" in text(page)
    assert draft.history.count() == links


def test_somebody_saved_meanwhile_says_so_and_keeps_what_was_typed(world, client, draft):
    give_role(world.people.clerk2, world.centre, "editor", by=User.objects.job("setup"), now=NOW)
    mine, theirs = fields(client.get(PATH)), signed_in(world.people.clerk2)
    assert theirs.post(PATH, fields(theirs.get(PATH)) | {"item-place": "别人的字", "act": "save"}).status_code == 302
    page = client.post(PATH, mine | {"item-place": "我的字", "act": "save"})
    assert page.status_code == 409
    assert "应代办" in text(page)
    assert "我的字" in text(page)
    assert Edition.objects.get(pk=draft.pk).place == "别人的字"
    # Saving once more is refused once more; only the button that says so writes over it.
    assert client.post(PATH, fields(page) | {"act": "save"}).status_code == 409
    over = fields(page) | {"act": "over", "over": page.context["overtaken"]["mark"]}
    assert client.post(PATH, over).status_code == 302
    assert Edition.objects.get(pk=draft.pk).place == "我的字"


def test_a_second_click_on_save_is_no_quarrel(client, draft):
    sent = fields(client.get(PATH)) | {"item-place": "二楼", "act": "save"}
    assert [client.post(PATH, sent).status_code for _time in range(2)] == [302, 302]


def test_a_page_without_its_mark_stores_nothing(client, draft):
    sent = {k: v for k, v in fields(client.get(PATH)).items() if k != "seen"}
    assert client.post(PATH, sent | {"item-place": "二楼", "act": "save"}).status_code == 409


def test_typing_into_a_text_that_was_submitted_meanwhile_keeps_it(world, client, draft):
    sent = fields(client.get(PATH))
    publication.submit(draft, by=world.people.editor, now=NOW)
    page = client.post(PATH, sent | {"item-place": "打好的字", "act": "save"})
    assert page.status_code == 422
    assert "打好的字" in text(page)


def test_a_new_item_is_written_on_one_page(world, client):
    sent = {
        "item-item": "MZ-100", "item-name": "临时救助", "item-category": "民政救助", "item-office": "ST04", "item-post": "ST04:P1",
        "item-item_type": "05", "item-handling": "on_the_spot", "item-mode": "自办", "item-implementing_body": "栖禾镇人民政府",
        "materials-rows": "1", "steps-rows": "1", "steps-0-title": "当场办", "steps-0-counts": "counts", "situations-rows": "1",
        "situations-0-question": "是否本镇户籍", "situations-0-options": "是\n否", "act": "save",
    }  # fmt: skip
    assert client.post("/editing/new/", sent).headers["Location"] == "/editing/MZ-100/"
    draft = Edition.objects.get(item__code="MZ-100")
    assert (draft.status, draft.author, draft.materials.count()) == ("draft", world.people.editor, 0)
    assert draft.situations.get().key == "q1"
    again = client.post("/editing/new/", sent)
    assert again.status_code == 422
    assert "already an item MZ-100" in text(again)


def test_a_code_that_is_an_address_is_refused(client):
    page = client.post("/editing/new/", {"item-item": "import", "act": "save"})
    assert page.status_code == 422
    assert not Item.objects.filter(code="import").exists()


def test_offices_of_others_cannot_be_chosen(world, draft):
    give_role(world.people.outsider, world.village, "editor", by=User.objects.job("setup"), now=NOW)
    client = signed_in(world.people.outsider)
    offered, _rest = text(client.get("/editing/new/")).split('id="id_item-office"')[1].split("</select>", 1)
    assert "稻香村" in offered
    assert "民政窗口" not in offered
    assert client.post(PATH, {"act": "save"}).status_code == 404


def test_a_reviewer_does_not_write(world, draft):
    assert signed_in(world.people.reviewer).get(PATH).status_code == 403


def test_the_form_asks_a_fixed_number_of_queries(client, draft, django_assert_max_num_queries):
    client.get(PATH)
    with django_assert_max_num_queries(25):
        client.get(PATH)


def test_the_colon_of_a_chinese_keyboard_is_a_colon(client, draft):
    typed = {"item-documents_by": "槐序县民政局\uff1a确认决定", "item-start_by_channel": "网上\uff1a确认"}
    assert client.post(PATH, fields(client.get(PATH)) | typed | {"act": "save"}).status_code == 302
    saved = Edition.objects.get(pk=draft.pk)
    assert saved.documents_by[0]["issuer"] == "槐序县民政局"
    assert saved.start_by_channel == {"网上": "confirmed"}


def test_enter_saves_and_never_writes_over(world, client, draft):
    """A browser presses the first button of a form: it must be the harmless one, also after a quarrel."""
    sent = fields(client.get(PATH))
    publication.write_draft(draft, content_of(draft) | {"place": "别人的字"}, by=world.people.editor, now=NOW)
    page = text(client.post(PATH, sent | {"item-place": "我的字", "act": "save"}))
    assert 0 < page.index('value="save"') < page.index('value="over"') < page.index('value="down:materials:0"')


def test_a_step_names_the_office_that_does_it(client, world, draft):
    """Any office may have a part in an item; what was chosen is stored, shown again, and leads residents to that office."""
    typed = fields(client.get(PATH))
    assert client.post(PATH, typed | {"steps-2-office": world.reception.code, "act": "save"}).status_code == 302
    assert Edition.objects.get(pk=draft.pk).steps.get(position=3).office == world.reception
    assert '<option value="ST01" selected>' in text(client.get(PATH))
    unknown = client.post(PATH, typed | {"steps-2-office": "X99", "act": "save"})
    assert unknown.status_code == 422
