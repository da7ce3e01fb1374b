"""Papers that come after the acceptance are received, go to the county with the others and stand in the volume of the case."""

from dataclasses import replace

import pytest

from officials.audit import verb
from officials.models import IssuingBody
from requests import parties, persons, verbs
from requests.archive import catalogue, lacks, rules
from requests.archive import verbs as archive
from requests.county import verbs as county
from requests.intake import Handed
from requests.lifecycle import Refused
from requests.materials import checklist
from requests.models import Forwarding, MaterialReceipt, Term
from requests.persons import PartyPerson
from services.models import Category
from tests.support import world as w
from tests.support.intake_pages import sign_in, text

LATER = w.at("2026-11-04 10:00")
SON = PartyPerson(role="representative", name="李大成", relation="儿子", authority="missing")


@pytest.fixture
def world(db):
    world = w.build()
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        IssuingBody(township=world.township, name="栖禾镇人民政府", code_word="栖政", acts_here=True, decision_seal="印章").save()
    world.allowance = w.another_item(world, "MZ-201", name="高龄津贴", terms=[{"text": "高龄"}], entrusting_body="")
    return world


@pytest.fixture
def case(world):
    """His son stands in with a letter that was brought the same day; accepted then."""
    by = {"by": world.people.clerk, "now": w.MONDAY}
    case = w.new_case(world, edition=world.allowance)
    parties.add_party(case, SON, **by)
    verbs.take_materials(case, {"authority": Handed("in")}, **by)
    verbs.accept(case, **by)
    return case


def test_the_letter_that_was_brought_later_is_no_longer_shown_as_lacking(world, case):
    assert persons.standing_in(case).authority == "in" and persons.person_of(case).representative["basis"] == "in"


def test_take_materials_after_acceptance_receives_and_asks_for_nothing_anew(client, world, case):
    accepted, due = case.accepted_at, case.due_on
    sign_in(client, world.people.clerk)
    assert f'href="/desk/{case.number}/take-materials/"' in text(client.get(f"/desk/{case.number}/"))
    proof = world.allowance.materials.get(name="残疾人证")
    page = client.get(f"/desk/{case.number}/take-materials/")
    seen = page.context["form"]["seen"].value()
    sent = {"seen": seen, f"state_{proof.pk}": "in", "other_name": "残疾评定表", "other_copy": "on"}
    assert client.post(f"/desk/{case.number}/take-materials/", sent).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.accepted_at, case.due_on) == ("accepted", accepted, due)
    states = {line.name: line.state for line in checklist(case)}
    assert states["残疾人证"] == "in" and states["残疾评定表"] == "in"
    assert "残疾评定表" in text(client.get(f"/desk/{case.number}/"))
    assert "残疾评定表" not in MaterialReceipt.objects.get(line="other-1").sealed
    with pytest.raises(Refused):
        verbs.take_materials(case, {proof.pk: Handed("missing")}, by=world.people.clerk, now=LATER)
    with pytest.raises(Refused):
        verbs.take_materials(case, {}, other=Handed("in"), by=world.people.clerk, now=LATER)


def test_the_volume_holds_all_that_shows_how_the_case_was_handled(world, case):
    official, form = world.people.official, world.allowance.materials.get(name="最低生活保障申请书")
    verbs.take_materials(case, {}, other=Handed("in", name="残疾评定表"), by=world.people.clerk, now=LATER)
    along = [line.key for line in checklist(case) if any(line.in_the_file)]
    assert "authority" in along and "other-1" in along and str(form.pk) in along
    county.forward(case, how="carried", along=along, by=official, now=LATER)
    assert {one.get("line") for one in Forwarding.objects.get().papers} == {None, "authority", "other-1"}
    result = {"outcome": "confirmed", "paper": "确认通知书", "number": "槐民〔2026〕1号"}
    county.note_county_result(case, on=LATER.date(), **result, by=official, now=LATER)
    verbs.close(case, by=world.people.clerk, now=LATER)
    volume = archive.assemble_volume(case, by=official, now=LATER)
    shown = [one.title for one in catalogue.shown(case, catalogue.lines_of(volume))]
    assert "授权委托书及受托人身份证件" in shown and "残疾评定表" in shown and "转报单" in shown
    assert "最低生活保障申请书（原件）" not in shown, "the county kept it: it is no piece of this volume"
    assert "户口簿（复印件）" in shown
    assert not any("收件凭证" in one for one in lacks.of(case, catalogue.lines_of(volume))), "received and accepted in one go"


def test_all_is_on_paper_with_one_page_is_said_by_one_tick_and_single_lines_differ(client, world, case):
    verbs.withdraw(case, reason="不办了", by=world.people.clerk, now=LATER)
    volume = archive.assemble_volume(case, by=world.people.official, now=LATER)
    sign_in(client, world.people.official)
    address = f"/desk/{case.number}/list-volume/"
    form = client.get(address).context["form"]
    sent = {"seen": form["seen"].value(), "rest": "on", "pages_0": "3"}
    sent |= {f"place_{number}": one.place for number, one in enumerate(form.pieces)}
    assert client.post(address, sent).status_code == 302
    assert [(line.kept, line.pages) for line in catalogue.lines_of(volume)][:2] == [("paper", 3), ("paper", 1)]


def test_files_of_the_household_register_and_of_house_plots_are_kept_for_good_until_the_rules_are_set(world):
    with verb("set_up", by=world.people.head, now=w.MONDAY):
        residence = Category(code="residence", name="户籍与居住")
        residence.save()
    birth = w.another_item(world, "HJ-201", name="出生登记", terms=[{"text": "落户"}], category=residence)
    case = w.new_case(world, edition=birth, person=replace(w.ZHANG, name="李四"))
    assert rules.kept_by_rule(case).term == Term.PERMANENT and not rules.kept_by_rule(case).is_confirmed
    assert rules.kept_by_rule(w.new_case(world)).term == Term.THIRTY
