"""What is done to a case from its page: each verb by its form, refused with a sentence, told when somebody was faster."""

import re
from dataclasses import replace

import pytest

from officials.audit import verb as audited
from requests import persons, verbs
from requests.documents import verbs as papers
from requests.forms.acts import ACTS
from requests.intake import Handed, Intake, receive
from requests.lifecycle import TRANSITIONS
from requests.models import DocumentPrint, Event, ServiceRequest
from tests.support import world as w

pytestmark = pytest.mark.django_db
BACKEND = "portal.staff_session.StaffBackend"


@pytest.fixture
def world(db):
    return w.build()


@pytest.fixture
def as_(client):
    def sign_in(person):
        client.cookies["lang"] = "en"
        client.force_login(person, backend=BACKEND)
        return client

    return sign_in


def act(client, case, verb, **data):
    return client.post(f"/desk/{case.number}/{verb}/", {"seen": case.status, **data})


def fresh(case) -> ServiceRequest:
    return ServiceRequest.objects.select_related("key", "holder").get(pk=case.pk)


def in_state(world, status, **more) -> ServiceRequest:
    """A case played to a state by its verbs."""
    case = w.new_case(world, materials={} if status == "awaiting_materials" else None, **more)
    road = {
        "received": [], "awaiting_materials": ["ask"], "accepted": ["accept"], "in_hand": ["accept", "start"],
        "decided": ["accept", "start", "decide"], "withdrawn": ["withdraw"],
    }[status]  # fmt: skip
    for step in road:
        match step:
            case "ask":
                verbs.ask_materials(case, by=world.people.clerk, now=w.MONDAY)
            case "accept":
                verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
            case "start":
                verbs.start(case, by=world.people.official, now=w.MONDAY)
            case "decide":
                verbs.decide(case, "confirmed", by=world.people.official, now=w.MONDAY)
            case "withdraw":
                verbs.withdraw(case, reason="不办了", by=world.people.clerk, now=w.MONDAY)
    return case


def test_every_verb_a_person_may_do_has_a_form_or_a_page_of_its_own():
    own_page = {"correct", "change_item", "holder_left", "hand_over_task", "give_task_back"}
    for_jobs = {"redate", "note_late_notice", "deem_accepted", "warn_of_withdrawal", "deem_withdrawn", "urge_holder", "urge_task"}
    verbs_of_people = {name for moves in TRANSITIONS.values() for name in moves} - own_page - for_jobs
    assert {form.verb for form in ACTS.values()} == verbs_of_people


def written_and_printed(world, case) -> None:
    """The decision on paper, without which the result goes to nobody."""
    people, said = world.people, {"content": "确认", "basis": "社会救助暂行办法", "validity": "一年"}
    done = papers.issue_decision(case, **said, by=people.official, now=w.MONDAY)
    with audited("print", by=people.clerk, now=w.MONDAY, subject=f"case:{case.pk}"):
        DocumentPrint.objects.create(document=done, layout="a4", at=w.MONDAY, by=people.clerk)


# state before, who, word in the address, what is typed, state after
WALK = [
    ("received", "clerk", "accept", {}, "accepted"),
    ("accepted", "official", "start", {}, "in_hand"),
    ("in_hand", "official", "decide", {"outcome": "paid", "amount": "每月420元"}, "decided"),
    ("decided", "clerk", "close", {"manner": "direct", "taker": "applicant", "how": "本人领取"}, "closed"),
    ("received", "official", "refuse-intake", {"reason": "不属本事项范围", "basis": "社会救助暂行办法"}, "intake_refused"),
    ("received", "clerk", "not-ours", {"where": "县医保局 0000-5550300", "reason": ""}, "not_ours"),
    ("in_hand", "clerk", "withdraw", {"reason": "不想办了"}, "withdrawn"),
    ("received", "head", "void", {"reason": "重复登记"}, "voided"),
    ("accepted", "clerk", "add-note", {"words": "电话没人接"}, "accepted"),
    ("accepted", "clerk", "note-upper-number", {"number": "XT0001"}, "accepted"),
]


@pytest.mark.parametrize(("status", "who", "verb", "data", "after"), WALK)
def test_the_form_opens_and_the_verb_is_done(world, as_, status, who, verb, data, after):
    case = in_state(world, status)
    client = as_(getattr(world.people, who))
    opened = client.get(f"/desk/{case.number}/{verb}/")
    assert opened.status_code == 200 and case.number in opened.content.decode()
    if verb == "close":
        written_and_printed(world, case)
    done = act(client, case, verb, **data)
    assert done.status_code == 302 and done["Location"] == f"/desk/{case.number}/"
    assert fresh(case).status == after
    assert "Done:" in client.get(done["Location"]).content.decode()


@pytest.mark.parametrize("verb", ["void", "assign", "anonymise", "decide", "start", "refuse-intake"])
def test_the_clerk_is_told_that_a_verb_belongs_to_others(world, as_, verb):
    case = in_state(world, "accepted")
    client = as_(world.people.clerk)
    for answer in (client.get(f"/desk/{case.number}/{verb}/"), act(client, case, verb, reason="x", outcome="confirmed")):
        assert answer.status_code == 403
        assert "This belongs to:" in answer.content.decode()
    assert fresh(case).status == "accepted"


def test_who_logged_a_case_does_not_void_it(world, as_):
    intake = Intake(intake_office=world.civil, channel="window", person=w.ZHANG, edition=world.low_income)
    case = receive(intake, by=world.people.head, now=w.MONDAY).case
    answer = act(as_(world.people.head), case, "void", reason="重复登记")
    assert answer.status_code == 403 and "A second person has to void it" in answer.content.decode()
    assert fresh(case).status == "received"


def test_somebody_was_faster(world, as_):
    case = in_state(world, "received")
    client = as_(world.people.clerk)
    client.get(f"/desk/{case.number}/accept/")
    seen = case.status
    verbs.accept(case, by=world.people.official, now=w.MONDAY)
    late = client.post(f"/desk/{case.number}/accept/", {"seen": seen})
    html = late.content.decode()
    assert late.status_code == 409
    assert "Already handled by 甄关怀" in html and f"/desk/{case.number}/" in html
    assert Event.objects.filter(service_request=case, verb="accept").count() == 1


def test_a_verb_out_of_its_state_is_refused_with_the_reason(world, as_):
    case = in_state(world, "received")
    answer = act(as_(world.people.official), case, "decide", outcome="granted")
    assert answer.status_code == 409 and "Not possible while the case is “received”" in answer.content.decode()


def test_a_refusal_of_the_verb_keeps_what_was_typed(world, as_):
    case = in_state(world, "in_hand")
    answer = act(as_(world.people.official), case, "decide", outcome="refused", found="  ")
    html = answer.content.decode()
    assert answer.status_code == 422 and "A refusal states facts, reasons and basis" in html
    assert re.search(r'value="refused"[^>]*checked', html)


@pytest.mark.parametrize(
    ("status", "verb", "data"),
    [
        ("in_hand", "decide", {"outcome": "perhaps"}),
        ("decided", "close", {"how": ""}),
        ("received", "not-ours", {"where": ""}),
        ("received", "add-note", {"words": "长" * 1001}),
        ("received", "add-note", {"words": "a\x07b"}),
        ("received", "note-upper-number", {"number": "9" * 61}),
        ("received", "take-materials", {}),
        ("received", "take-materials", {"state_1": "eaten"}),
    ],
)
def test_bad_input_gets_a_sentence_and_changes_nothing(world, as_, status, verb, data):
    case = in_state(world, status)
    before = Event.objects.filter(service_request=case).count()
    answer = act(as_(world.people.official), case, verb, **data)
    assert answer.status_code == 422 and "Nothing you typed was lost" in answer.content.decode()
    assert Event.objects.filter(service_request=case).count() == before


def test_unknown_words_are_no_page(world, as_):
    case = in_state(world, "received")
    client = as_(world.people.official)
    for word in ("redate", "delete", "answer", "accept/x"):
        assert client.get(f"/desk/{case.number}/{word}/").status_code == 404


def test_the_list_that_is_told_and_what_is_brought(world, as_):
    case = w.new_case(world, materials={})
    client = as_(world.people.clerk)
    assert "最低生活保障申请书" in client.get(f"/desk/{case.number}/ask-materials/").content.decode()
    act(client, case, "ask-materials", words="周五前")
    assert fresh(case).status == "awaiting_materials"
    form, book, card = world.low_income.materials.order_by("position")
    case = fresh(case)
    act(client, case, "take-materials", **{f"state_{form.pk}": "in", f"held_{form.pk}": "on"})
    assert fresh(case).status == "awaiting_materials", "the household book is still missing"
    act(client, case, "take-materials", **{f"state_{book.pk}": "in", f"state_{card.pk}": "not_needed"})
    assert fresh(case).status == "received"
    told = Event.objects.filter(service_request=case, verb="ask_materials").get()
    assert told.facts["missing"] == [str(form.pk), str(book.pk)]


def test_a_forgotten_identity_card_is_shown_later(world, as_):
    person = persons.Person(name="王五", id_state="forgotten", phone="12345678901")
    case = w.new_case(world, person=person)
    client = as_(world.people.clerk)
    assert "The identity card was shown" in client.get(f"/desk/{case.number}/take-materials/").content.decode()
    # The case has no number yet: a card that is shown has one.
    for number, sentence in (("", "Enter the number on the card"), ("990199195501010013", "does not fit")):
        answer = act(client, case, "take-materials", id_shown="on", id_number=number)
        assert answer.status_code == 422 and sentence in answer.content.decode()
        assert f'value="{number}"' in answer.content.decode() or not number
    assert not fresh(case).applicant.identity_checked
    act(client, case, "take-materials", id_number="990199195501010012")
    case = fresh(case)
    assert case.applicant.identity_checked and case.applicant.id_state == "given"
    assert persons.person_of(case) == replace(person, id_type="id_card", id_number="990199195501010012", id_state="given")
    assert case.key.id_hmac, "found by its number from now on"


def test_a_forgotten_card_whose_number_is_known_is_only_ticked(world, as_):
    person = persons.Person(name="王五", id_state="forgotten", id_number="990199195501010012", phone="12345678901")
    case = w.new_case(world, person=person)
    client = as_(world.people.clerk)
    assert "Number on the card" not in client.get(f"/desk/{case.number}/take-materials/").content.decode()
    act(client, case, "take-materials", id_shown="on")
    assert fresh(case).applicant.identity_checked


def test_an_original_goes_back_and_only_once(world, as_):
    first = world.low_income.materials.order_by("position").first()
    case = w.new_case(world, materials={**w.everything_in(world.low_income), first.pk: Handed("in", original_held=True)})
    client = as_(world.people.clerk)
    assert act(client, case, "return-original", material_ids=first.pk, taker="applicant", seen="card").status_code == 302
    assert act(client, case, "return-original", material_ids=first.pk, taker="applicant", seen="card").status_code == 422


def test_the_head_gives_a_case_to_somebody_of_the_office_only(world, as_):
    case = in_state(world, "accepted")
    client = as_(world.people.head)
    assert "甄探访" in client.get(f"/desk/{case.number}/assign/").content.decode()
    assert act(client, case, "assign", person=world.people.clerk.pk, reason="").status_code == 422
    act(client, case, "assign", person=world.people.deputy.pk, reason="分工调整")
    assert fresh(case).holder == world.people.deputy
    assert "From 甄关怀 to 甄探访" in client.get(f"/desk/{case.number}/").content.decode()


def test_the_same_note_sent_twice_is_one_note(world, as_):
    case = in_state(world, "accepted")
    client = as_(world.people.clerk)
    for _ in range(2):
        assert act(client, case, "add-note", words="电话没人接").status_code == 302
    assert Event.objects.filter(service_request=case, verb="add_note").count() == 1


def test_a_new_tracking_code_is_shown_once(world, as_):
    case = in_state(world, "accepted")
    old = fresh(case).key.secret_digest
    client = as_(world.people.clerk)
    away = act(client, case, "renew-secret")
    shown = client.get(away["Location"]).content.decode()
    assert re.search(r'class="secret">\d{4}', shown) and fresh(case).key.secret_digest != old
    again = client.get(away["Location"]).content.decode()
    assert 'class="secret"' not in again and "shown already" in again
    # The counterfoil of a receipt may carry it; a second renewal shows the second code.
    assert 'class="secret"' in client.get(f"/desk/{case.number}/receipt/").content.decode()
    away = act(client, case, "renew-secret")
    assert 'class="secret"' in client.get(away["Location"]).content.decode()


def test_anonymising_wants_the_number_typed(world, as_):
    case = in_state(world, "withdrawn")
    client = as_(world.people.head)
    assert act(client, case, "anonymise", typed="990199101-2026-000777").status_code == 422
    assert fresh(case).anonymised_at is None
    assert act(client, case, "anonymise", typed=case.number).status_code == 302
    assert fresh(case).anonymised_at and not fresh(case).key.wrapped_key


def test_a_question_is_promised_a_call_and_answered(world, as_):
    intake = Intake(intake_office=world.reception, channel="phone", person=w.ZHANG, kind="consultation", office=world.civil)
    case = receive(intake, by=world.people.clerk, now=w.MONDAY).case
    client = as_(world.people.clerk)
    act(client, case, "promise-call", words="问县里的标准")
    assert fresh(case).status == "in_hand"
    act(client, fresh(case), "answer", words="每月15日发放")
    assert fresh(case).status == "closed"
    assert "每月15日发放" in client.get(f"/desk/{case.number}/").content.decode()

