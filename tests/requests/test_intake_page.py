"""Logging a walk-in: what the clerk fills in, what it becomes, what is refused and in which words."""

import pytest
from django.utils import timezone

from officials import versions
from officials.audit import verb
from requests.materials import checklist, missing_lines
from requests.models import ServiceRequest, Visit
from requests.persons import person_of
from tests.support import world as w
from tests.support.intake_pages import ZHANG, opened, send, sign_in, take_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def clerk(client, world):
    sign_in(client, world.people.clerk)
    return client


def test_an_item_is_found_by_initials_and_opens_its_checklist(clerk):
    page = text(clerk.get("/desk/new/?q=db"))
    assert "农村最低生活保障审核确认" in page and 'href="/desk/new/MZ-001/"' in page
    assert 'accesskey="1" autofocus' in page  # the one hit: Enter opens it
    checklist_page = text(clerk.get("/desk/new/MZ-001/"))
    assert "户口簿" in checklist_page and "残疾人证" in checklist_page


def test_of_several_items_found_alike_enter_opens_none(clerk, world):
    w.another_item(world, "MZ-077", name="农村最低生活保障复核")
    page = text(clerk.get("/desk/new/?q=吃低保"))
    assert "/desk/new/MZ-001/" in page and "/desk/new/MZ-077/" in page and 'accesskey="1" autofocus' not in page
    assert 'accesskey="s" autofocus' in page


def test_a_walk_in_with_everything_becomes_a_case_and_its_receipt_shows_the_code_once(clerk):
    answer = send(clerk, "/desk/new/MZ-001/", everything="on", **ZHANG)
    case = ServiceRequest.objects.get()
    assert answer["Location"] == f"/desk/{case.number}/receipt/"
    assert person_of(case).name == "张三丰" and not missing_lines(case)
    assert [line.state for line in checklist(case)] == ["in", "in", "not_needed"]
    page = text(clerk.get(answer["Location"]))
    assert page.count('class="secret"') == 1
    assert "12345678901" not in page and "990199195501010012" not in page


def test_receive_and_accept_in_one_go_gives_the_dates(clerk):
    case = take_in(clerk, then="accept", **ZHANG)
    assert case.status == "accepted" and case.promised_on is not None
    assert [event.verb for event in case.events.all()] == ["receive", "accept"]


def test_accepting_with_a_paper_missing_is_refused_and_takes_no_number(clerk, world):
    household = world.low_income.materials.get(name="户口簿")
    answer = send(clerk, "/desk/new/MZ-001/", "accept", everything="on", **{f"m_{household.pk}": "missing"}, **ZHANG)
    assert answer.status_code == 422
    assert "户口簿" in text(answer) and 'value="张三丰"' in text(answer)
    assert not ServiceRequest.objects.exists() and not Visit.objects.exists()
    assert take_in(clerk, **ZHANG).number.endswith("-000001")


def test_an_on_the_spot_item_is_finished_on_one_page(client, world):
    sign_in(client, world.people.official)
    refused = send(client, "/desk/new/MZ-009/", "finish", everything="on", **ZHANG)
    assert refused.status_code == 422 and not ServiceRequest.objects.exists()
    case = take_in(client, "MZ-009", "finish", outcome="confirmed", **ZHANG)
    assert case.status == "closed" and case.outcome == "confirmed"


def test_a_refusal_on_the_spot_needs_its_reason(client, world):
    sign_in(client, world.people.official)
    answer = send(client, "/desk/new/MZ-009/", "finish", everything="on", outcome="refused", **ZHANG)
    assert answer.status_code == 422 and not ServiceRequest.objects.exists()


def test_the_general_window_is_told_whom_to_call_for_what_is_done_while_the_person_waits(clerk, world):
    page = text(clerk.get("/desk/new/MZ-009/"))
    assert "即办件，来人等着办" in page and str(world.civil) in page and 'value="finish"' not in page
    case = take_in(clerk, "MZ-009", everything="on", **ZHANG)
    receipt = text(clerk.get(f"/desk/{case.number}/receipt/"))
    assert f"请叫{case.office} · {case.holder}现在办结" in receipt


def test_the_general_window_does_not_decide(clerk):
    assert 'value="finish"' not in text(clerk.get("/desk/new/MZ-009/"))
    assert take_in(clerk, "MZ-009", "finish", outcome="confirmed", **ZHANG).status == "received"


def test_a_wrong_check_digit_gets_its_sentence_and_nothing_is_stored(clerk):
    answer = send(clerk, "/desk/new/MZ-001/", everything="on", **(ZHANG | {"id_number": "990199195501010013"}))
    assert answer.status_code == 422
    assert 'id="id_id_number_error"' in text(answer) and 'value="990199195501010013"' in text(answer)
    assert not ServiceRequest.objects.exists()


def test_no_number_and_no_reason_for_it_is_asked_about(clerk):
    answer = send(clerk, "/desk/new/MZ-001/", everything="on", **(ZHANG | {"id_number": ""}))
    assert answer.status_code == 422 and 'id="id_id_number_error"' in text(answer)


def test_a_forgotten_card_lands_on_the_missing_list(clerk):
    case = take_in(clerk, **(ZHANG | {"id_number": ""}), id_state="forgotten")
    assert [line.key for line in missing_lines(case)] == ["id_card"]
    assert person_of(case).id_state == "forgotten"


def test_everything_does_not_cover_the_card_that_was_forgotten(clerk):
    case = take_in(clerk, "MZ-009", **(ZHANG | {"id_number": ""}), id_state="forgotten")
    assert {line.name for line in missing_lines(case)} >= {"申请人居民身份证"}
    page = text(clerk.get(f"/desk/{case.number}/receipt/"))
    assert page.count("忘带") == 1  # told once, not as paper and as identity


@pytest.mark.parametrize("state", ["unknown", "newborn", "lost"])
def test_number_unknown_newborn_and_lost_papers_are_choices(clerk, state):
    case = take_in(clerk, **(ZHANG | {"id_number": ""}), id_state=state)
    assert case.applicant.id_state == state


def test_a_phone_or_the_tick_that_there_is_none(clerk):
    without = {"name": "张三丰", "id_number": ZHANG["id_number"]}
    assert send(clerk, "/desk/new/MZ-001/", everything="on", **without).status_code == 422
    assert person_of(take_in(clerk, **without, no_phone="on")).phone == ""


def test_somebody_else_came_and_the_letter_is_missing(clerk):
    someone = {"rep_name": "李小明", "rep_relation": "儿子", "rep_phone": "12345678902", "authority": "missing"}
    case = take_in(clerk, **ZHANG, **someone)
    assert person_of(case).representative["name"] == "李小明" and case.applicant.has_representative
    assert [line.key for line in missing_lines(case)] == ["authority"]


def test_half_a_representative_is_asked_about(clerk):
    answer = send(clerk, "/desk/new/MZ-001/", everything="on", **ZHANG, rep_name="李小明")
    assert answer.status_code == 422
    assert 'id="id_rep_relation_error"' in text(answer) and 'id="id_authority_error"' in text(answer)


def test_the_same_form_sent_twice_makes_one_case(clerk):
    form = opened(clerk, "/desk/new/MZ-001/") | {"everything": "on", "then": "accept"} | ZHANG
    first, second = clerk.post("/desk/new/MZ-001/", form), clerk.post("/desk/new/MZ-001/", form)
    assert first["Location"] == second["Location"]
    assert ServiceRequest.objects.count() == 1 and Visit.objects.count() == 1


def test_who_may_not_take_in_is_refused(client, world):
    for person, status in ((world.people.supervisor, 403), (world.people.inspector, 403), (world.people.outsider, 403)):
        sign_in(client, person)
        assert client.get("/desk/new/").status_code == status
        assert client.get("/desk/new/MZ-001/").status_code == status
        assert client.post("/desk/new/MZ-001/", ZHANG).status_code == status
    client.logout()
    assert client.get("/desk/new/")["Location"].startswith("/accounts/login/")
    assert not ServiceRequest.objects.exists()


def test_an_unknown_item_is_not_found(clerk):
    assert clerk.get("/desk/new/XX-999/").status_code == 404
    assert clerk.get("/desk/new/MZ-001/?visit=99999999999999999999").status_code == 404
    assert clerk.get("/desk/new/?slip=nonsense").status_code == 404


def test_a_retired_item_takes_no_case_even_from_a_form_that_was_open(clerk, world):
    form = opened(clerk, "/desk/new/MZ-001/") | {"everything": "on", "then": "receive"} | ZHANG
    retire(world)
    answer = clerk.post("/desk/new/MZ-001/", form)
    assert answer.status_code == 422 and 'value="张三丰"' in text(answer)
    page = clerk.get("/desk/new/MZ-001/")
    assert page.status_code == 410 and "请到县民政局" in text(page)
    assert not ServiceRequest.objects.exists()


def retire(world):
    with verb("retire", by=world.people.editor, now=timezone.now()):
        item = world.low_income.item
        item.retired_on, item.retired_note = timezone.localdate(), "请到县民政局"
        item.save()
        versions.bump(versions.CATALOGUE)  # as services.publication.retire does


def test_a_person_with_another_open_case_is_pointed_out_but_not_stopped(clerk):
    first = take_in(clerk, **ZHANG)
    second = take_in(clerk, "MZ-009", **ZHANG)
    assert first.number in text(clerk.get(f"/desk/{second.number}/receipt/"))


def test_a_second_application_is_warned_of_before_saving_and_goes_on_only_with_a_reason(clerk):
    first = take_in(clerk, **ZHANG)
    filled = ZHANG | {"everything": "on", "words": "带了孩子"}
    warned = send(clerk, "/desk/new/MZ-001/", **filled)
    page = text(warned)
    assert warned.status_code == 422 and ServiceRequest.objects.count() == 1
    assert f'href="/desk/{first.number}/"' in page and 'name="another_because"' in page and "带了孩子" in page
    assert 'name="another_because"' not in text(clerk.get("/desk/new/MZ-001/"))  # nothing to confirm, nothing asked
    take_in(clerk, **filled, another_because="替另一户办")
    second = ServiceRequest.objects.latest("id")
    assert "不是同一件事，因为：替另一户办" in text(clerk.get(f"/desk/{second.number}/"))


def test_a_number_under_another_name_is_stopped_without_a_word_about_the_other(clerk):
    first = take_in(clerk, **ZHANG)
    renamed = ZHANG | {"name": "李翠花", "phone": "12345678902", "everything": "on"}
    page = text(send(clerk, "/desk/new/MZ-009/", **renamed))
    assert "这个号码在本系统里登记在另一个姓名下" in page and 'id="id_other_name_because_error"' in page
    assert "张" not in page.partition("<main")[2] and first.number not in page
    case = take_in(clerk, "MZ-009", **renamed, other_name_because="已改名，看了户口簿曾用名")
    assert "看了户口簿曾用名" in text(clerk.get(f"/desk/{case.number}/"))
    came = {"rep_name": "王大成", "rep_relation": "儿子", "rep_id_number": ZHANG["id_number"], "authority": "in"}
    other = {"name": "赵小妹", "id_number": "990199198802290023", "phone": "12345678903"}
    page = text(send(clerk, "/desk/new/MZ-009/", **other, **came))
    assert 'id="id_rep_id_number_error"' in page and "张" not in page.partition("<main")[2]
    assert take_in(clerk, "MZ-001", **renamed, another_because="改名前的件正在撤回").number  # the new name is known from now on


@pytest.mark.parametrize(
    "field, value",
    [("name", "张\x00三"), ("name", "长" * 200), ("phone", "13"), ("channel", "online"), ("received_on", "x"), ("village", "9999")],
)
def test_odd_input_gets_a_sentence_not_a_crash(clerk, field, value):
    answer = send(clerk, "/desk/new/MZ-001/", everything="on", **(ZHANG | {field: value}))
    assert answer.status_code == (302 if field == "received_on" else 422)


def test_usual_items_are_offered_without_a_query_for_each(clerk, django_assert_max_num_queries):
    take_in(clerk, **ZHANG)
    take_in(clerk, "MZ-009", **ZHANG)
    with django_assert_max_num_queries(14):
        page = text(clerk.get("/desk/new/"))
    assert page.count("/desk/new/MZ-00") == 2


def test_a_half_filled_form_waits_and_comes_back(clerk):
    address = "/desk/new/MZ-001/"
    form = opened(clerk, address) | {"name": "张三丰", "phone": "12345678901", "held_path": address}
    assert "没填完的表" not in text(clerk.get("/desk/"))
    clerk.post("/desk/hold/", form)
    opening = text(clerk.get("/desk/"))
    assert "收件：农村最低生活保障审核确认" in opening and f'href="{address}?held=' in opening
    assert "</a></li>" in opening.partition('href="/desk/held/"')[2]  # and its count in the bar
    reopened = next(part for part in text(clerk.get("/desk/held/")).split('"') if part.startswith(address))
    page = text(clerk.get(reopened))
    assert 'value="张三丰"' in page
    held = reopened.rpartition("=")[2]
    clerk.post(reopened, form | {"everything": "on", "id_number": ZHANG["id_number"], "then": "receive", "held": held})
    assert ServiceRequest.objects.count() == 1
    assert address not in text(clerk.get("/desk/held/"))
