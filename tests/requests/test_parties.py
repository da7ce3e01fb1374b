"""Who is in a case: representative, guardian, household, collector; what follows for receipt, acceptance and decision."""

from dataclasses import replace
from datetime import date

import pytest

from requests import intake, parties, persons, verbs
from requests.lifecycle import AlreadyHandled, Refused, StillMissing
from requests.materials import missing_lines
from requests.models import Applicant, Document, Party, PartyKey
from requests.persons import PartyPerson
from services import channel_rules, publication
from services.content import content_of
from services.models import ChannelRule
from tests.support import world as w
from tests.support.intake_pages import send, sign_in, take_in, text

pytestmark = pytest.mark.django_db

WIFE = PartyPerson(role="member", name="王翠花", relation="妻", id_type="id_card", id_number="990199198802290023", id_state="given")
BABY = PartyPerson(role="member", name="张小宝", relation="子", id_state="newborn", is_minor=True)
SON = PartyPerson(
    role="representative", name="李大成", relation="儿子", id_number="99019920100601003X", phone="12345678902", authority="in",
)  # fmt: skip
INSTEAD = {"name": "李大成", "relation": "儿子", "id_number": "99019920100601003X", "phone": "12345678902", "basis": "missing"}


@pytest.fixture
def world(db):
    """MZ-001 as it really is: applied for by the household, each adult signs, relatives on the staff are asked about."""
    world = w.build()
    people, text_ = world.people, content_of(world.low_income)
    text_ |= {"is_household": True, "change_note": "以户申请"}
    text_["materials"] = [*text_["materials"], {"name": "家庭经济状况核对授权书", "form": "original", "original_count": 1}]
    text_["situations"] = [{"key": "relative-of-staff", "question": "有没有近亲属?", "options": ["没有", "有"]}]
    draft = publication.start_draft(world.low_income.item, by=people.editor, now=w.MONDAY, content=text_)
    publication.submit(draft, by=people.editor, now=w.MONDAY)
    world.low_income = publication.publish(draft, by=people.reviewer, now=w.MONDAY)
    return world


@pytest.fixture
def by(world):
    return {"by": world.people.clerk, "now": w.MONDAY}


def rule(world, **said):
    return channel_rules.save_rule(ChannelRule(township=world.township, **said), by=world.people.editor, now=w.MONDAY)


def opened(case):
    return [persons.opened(case, party) for party in persons.parties_of(case)]


def test_add_party_brings_the_letter_onto_the_checklist_and_one_only_stands_in(world, by):
    case = w.new_case(world)
    parties.add_party(case, replace(SON, authority="missing"), **by)
    assert [line.key for line in missing_lines(case)] == ["authority"]
    assert persons.person_of(case).representative == INSTEAD and Applicant.objects.get(service_request=case).has_representative
    with pytest.raises(Refused):
        parties.add_party(case, replace(SON, name="赵六", id_number=""), **by)
    with pytest.raises(Refused):
        parties.add_party(case, SON, by=world.people.outsider, now=w.MONDAY)
    party = persons.standing_in(case)
    parties.change_party(case, party.pk, replace(persons.opened(case, party), authority="in"), **by)
    assert missing_lines(case) == [] and persons.person_of(case).representative["basis"] == "in"
    parties.remove_party(case, party.pk, reason="本人来了", **by)
    assert persons.person_of(case).representative == {} and PartyKey.objects.get(party=party).id_hmac == ""
    assert Party.objects.get(pk=party.pk).removed_by == world.people.clerk
    with pytest.raises(AlreadyHandled):
        parties.remove_party(case, party.pk, reason="再来一次", **by)


def test_a_representative_of_the_window_is_a_party_and_one_of_an_older_case_is_still_read(world, by):
    case = w.new_case(world, person=replace(w.ZHANG, representative=INSTEAD))
    assert [one.name for one in opened(case)] == ["李大成"] and persons.person_of(case).representative == INSTEAD
    older = w.new_case(world, person=replace(w.ZHANG, representative=INSTEAD))
    applicant = older.applicant
    parties.remove_party(older, persons.standing_in(older).pk, reason="按旧样存放", **by)
    with intake.audited("as_it_was_before", by=world.people.clerk, now=w.MONDAY):
        applicant.has_representative = True
        plain = persons.person_of(older).sealed_part() | {"representative": INSTEAD}
        applicant.sealed = persons.seal_for(older, plain, "applicant")
        applicant.save()
    older.refresh_from_db()
    assert persons.person_of(older).representative == INSTEAD and persons.parties_of(older) == []
    verbs.correct(older, replace(persons.person_of(older), phone="12345678909"), reason="号码听错", **by)
    assert [one.name for one in opened(older)] == ["李大成"], "it moves into its home with the next change"
    verbs.correct(older, replace(persons.person_of(older), representative={}), reason="本人来的", **by)
    assert persons.person_of(older).representative == {}


def test_accept_waits_for_the_household_its_signatures_and_the_question_about_relatives(world, by):
    case = w.new_case(world)
    with pytest.raises(StillMissing, match="家庭成员还没有登记"):
        verbs.accept(case, **by)
    parties.note_household(case, [(WIFE, None), (BABY, None)], **by)
    with pytest.raises(StillMissing, match=r"王\*\*"):
        verbs.accept(case, **by)
    wife, baby = persons.parties_of(case)
    with pytest.raises(Refused, match="只由成年家庭成员"):
        parties.note_authorisation(case, [baby.pk], on=date(2026, 11, 2), **by)
    with pytest.raises(Refused, match="这一天还没到"):
        parties.note_authorisation(case, [wife.pk], on=date(2026, 11, 3), **by)
    parties.note_authorisation(case, [wife.pk], on=date(2026, 11, 1), **by)
    with pytest.raises(StillMissing, match="近亲属备案"):
        verbs.accept(case, **by)
    parties.note_relatives(case, False, **by)
    verbs.accept(case, **by)
    assert case.status == "accepted"


def test_a_household_of_one_is_said_so_and_members_belong_to_household_items_alone(world, by):
    case = w.new_case(world)
    parties.note_household(case, [], **by)
    parties.note_relatives(case, False, **by)
    verbs.accept(case, **by)
    with pytest.raises(Refused):
        parties.note_household(w.new_case(world, edition=world.certificate), [(WIFE, None)], **by)


def test_relatives_are_told_to_the_head_and_only_yes_to_the_others(world, by, client):
    case = w.new_case(world)
    with pytest.raises(Refused):
        parties.note_relatives(case, True, **by)
    parties.note_relatives(case, True, words="其姐夫是稻香村主任", **by)
    for person, sees in (("head", True), ("official", False), ("clerk", False)):
        sign_in(client, getattr(world.people, person))
        page = text(client.get(f"/desk/{case.number}/"))
        assert ("稻香村主任" in page) is sees, person
        assert "由站所负责人查看" in page or sees


def test_an_open_case_of_the_household_is_warned_of_with_number_only_for_who_may_see_it(world, by, client):
    first = w.new_case(world)
    parties.note_household(first, [(WIFE, None)], **by)
    hers = replace(w.ZHANG, name="王翠花", id_number=WIFE.id_number)
    sign_in(client, world.people.clerk)
    said = {"name": "王翠花", "id_number": WIFE.id_number, "phone": "12345678901", "everything": "on"}
    before = send(client, "/desk/new/MZ-001/", **said)  # asked while nothing is stored
    assert before.status_code == 422 and f'href="/desk/{first.number}/"' in text(before)
    second = w.new_case(world, person=hers)
    for address in (f"/desk/{second.number}/", f"/desk/{second.number}/receipt/", f"/desk/{first.number}/"):
        assert "同一事项已有一件在办" in text(client.get(address))
    assert first.number in text(client.get(f"/desk/{second.number}/"))
    assert parties.open_in_household(second, world.people.outsider) == [parties.OpenElsewhere("民政窗口(民政办)")]
    verbs.withdraw(first, reason="不办了", **by)
    assert parties.open_in_household(second, world.people.clerk) == []
    assert parties.open_in_household(w.new_case(world, edition=world.certificate, person=hers), world.people.clerk) == []


def test_what_the_law_wants_in_person_is_refused_at_receipt_and_before_the_decision(world, by):
    said = "残疾评定须本人到场或上门评定"
    at_finish = rule(world, kind="in_person", stage="finish", text=said, items=["MZ-009"])
    person = replace(w.ZHANG, representative=INSTEAD | {"basis": "in"})
    case = w.new_case(world, edition=world.certificate, person=person)
    verbs.accept(case, **by)
    official = {"by": world.people.official, "now": w.MONDAY}
    with pytest.raises(Refused, match=said):
        verbs.decide(case, "granted", **official)
    with pytest.raises(Refused, match="这一天还没到"):
        parties.note_in_person(case, at_finish.pk, on=date(2026, 11, 9), **official)
    parties.note_in_person(case, at_finish.pk, on=date(2026, 11, 2), **official)
    verbs.decide(case, "granted", **official)
    rule(world, kind="in_person", stage="intake", text="居住证须本人申领", spared=["guardian"], items=["MZ-001"])
    with pytest.raises(Refused, match="居住证须本人申领"):
        w.new_case(world, person=person)
    rule(world, kind="not_needed", authority="guardian", text="监护人代为办理不用委托书")
    assert w.new_case(world, person=replace(person, representative=INSTEAD | {"basis": "guardian"})).status == "received"


def test_the_window_offers_only_the_grounds_the_editors_wrote_down_and_the_item_page_says_them(world, client):
    rule(world, kind="not_needed", authority="guardian", text="监护人代为办理不用委托书")
    rule(world, kind="not_needed", authority="village", text="村委会代为提出", items=["MZ-009"])
    rule(world, kind="in_person", stage="finish", text="入户调查须见到家庭成员", items=["MZ-001"])
    sign_in(client, world.people.clerk)
    page = text(client.get("/desk/new/MZ-001/"))
    assert 'value="guardian"' in page and 'value="village">不' not in page and "入户调查须见到家庭成员" in page
    with pytest.raises(Refused):
        w.new_case(world, person=replace(w.ZHANG, representative=INSTEAD | {"basis": "village"}))
    assert 'value="guardian">' in page
    public = text(client.get("/services/MZ-001/"))
    assert "入户调查须见到家庭成员" in public and "监护人代为办理不用委托书" in public and "村委会代为提出" not in public


def test_an_editor_writes_a_rule_and_the_window_goes_by_it(world, client):
    sign_in(client, world.people.clerk)
    assert client.get("/editing/channel-rules/").status_code == 403
    sign_in(client, world.people.editor)
    written = {"kind": "in_person", "text": "领证须本人到场", "codes": "MZ-009", "position": "10", "is_in_force": "on"}
    half = client.post("/editing/channel-rules/", written)
    assert half.status_code == 422 and "领证须本人到场" in text(half)
    assert client.post("/editing/channel-rules/", written | {"stage": "intake", "codes": "MZ-777"}).status_code == 422
    assert client.post("/editing/channel-rules/", written | {"stage": "intake"}).status_code == 302
    with pytest.raises(Refused, match="领证须本人到场"):
        w.new_case(world, edition=world.certificate, person=replace(w.ZHANG, representative=INSTEAD))
    rule_ = ChannelRule.objects.get()
    assert client.post(f"/editing/channel-rules/?rule={rule_.pk}", written | {"stage": "intake", "is_in_force": ""}).status_code == 302
    assert w.new_case(world, edition=world.certificate, person=replace(w.ZHANG, representative=INSTEAD)).number


def test_the_household_is_taken_down_on_one_page_masked_afterwards_and_sent_twice_is_once(world, client):
    sign_in(client, world.people.clerk)
    case = take_in(client, name="张三丰", id_number="990199195501010012", phone="12345678901")
    address = f"/desk/{case.number}/note-household/"
    assert address in text(client.get(f"/desk/{case.number}/receipt/"))
    assert client.post(address, {}).status_code == 422
    rows = {"name_0": "王翠花", "relation_0": "妻", "id_number_0": WIFE.id_number, "signed_0": "on", "name_1": "张小宝", "relation_1": "子"}
    half = client.post(address, rows)
    assert half.status_code == 422 and "王翠花" in text(half) and persons.parties_of(case) == []
    assert text(client.get(address)).count('name="name_') == 2
    grown = client.post(address, rows | {"rows": "2", "one_more": "1"})  # without script: one line more, nothing judged, nothing lost
    assert grown.status_code == 200 and text(grown).count('name="name_') == 3
    assert "王翠花" in text(grown) and "field-error" not in text(grown)
    assert 'name="rows" value="3"' in text(grown) and persons.parties_of(case) == []
    for _twice in range(2):
        assert client.post(address, rows | {"id_state_1": "newborn"}).status_code == 302
    wife, baby = persons.parties_of(case)
    assert wife.authorised_on is not None and baby.is_minor and baby.id_state == "newborn"
    page = text(client.get(f"/desk/{case.number}/"))
    assert "王**" in page and "王翠花" not in page and WIFE.id_number not in page
    shown = text(client.post(f"/desk/{case.number}/reveal/", {"reason": "call"}))
    assert "王翠花" in shown and WIFE.id_number in shown
    changed = client.post(f"/desk/{case.number}/change-party/", {"party": baby.pk, "name": "张大宝"})
    assert changed.status_code == 302 and [one.name for one in opened(case)] == ["王翠花", "张大宝"]


def test_the_authorisation_letter_is_printed_filled_in_and_leaves_the_choice_to_the_applicant(world, by):
    case = w.new_case(world)
    with pytest.raises(Refused):
        parties.print_authorisation(case, **by)
    parties.add_party(case, SON, **by)
    document = parties.print_authorisation(case, **by)
    frozen = persons.open_for(case, document.sealed, "document")
    said = {part["key"]: part["text"] for part in frozen["parts"]}
    assert document.kind == Document.Kind.AUTHORISATION and frozen["addressee"] == "张三丰"
    assert "李大成" in said["representative"] and SON.id_number in said["representative"] and said["item"] == case.title
    assert said["scope"].count("□") == 4 and "委托人(签名或按指印)" in frozen["signatures"]


def test_anonymising_ends_the_look_up_of_a_household(world, by):
    first = w.new_case(world)
    parties.note_household(first, [(WIFE, None)], **by)
    verbs.withdraw(first, reason="不办了", **by)
    verbs.anonymise(first, by=world.people.head, now=w.MONDAY)
    assert set(PartyKey.objects.filter(service_request=first).values_list("id_hmac", flat=True)) == {""}
    assert [one.name for one in opened(first)] == [""]
