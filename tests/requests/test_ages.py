"""Ages are known from the number on the card: who is too young is asked back, and a child does not apply without its guardian."""

from dataclasses import replace
from datetime import date

import pytest

from requests import parties, verbs
from requests.ages import age_on, birthday, born_on, least_age
from requests.lifecycle import StillMissing
from requests.models import ServiceRequest
from requests.persons import PartyPerson
from tests.support import world as w
from tests.support.intake_pages import ZHANG, send, sign_in, text

CHILD, SEVENTEEN, OF_36 = "99019920230820001X", "990199200908200014", "990199199008200013"
GUARDIAN = PartyPerson(role="guardian", name="马大山", relation="父亲", id_number="990199195501010012", authority="guardian")


@pytest.mark.once
@pytest.mark.parametrize(
    "said, least",
    [
        (["年满60周岁", "本镇户籍"], 60), (["年满16周岁，不含在校学生"], 16), (["年满16周岁至享受养老待遇前"], 16),
        (["女方年满49周岁"], None), (["未满18周岁（在校可顺延）"], None), (["老年人、残疾人或未满16周岁的未成年人"], None), ([], None),
    ],
)  # fmt: skip
def test_the_age_from_which_an_item_is_open_is_read_from_its_conditions(said, least):
    assert least_age(said) == least


@pytest.mark.once
def test_an_age_is_counted_in_whole_years_and_only_an_identity_card_has_one():
    born = born_on("990199195602290010", "id_card")
    assert (age_on(born, date(2026, 2, 28)), age_on(born, date(2026, 3, 1))) == (69, 70)
    assert birthday(born, 70) == date(2026, 3, 1)
    assert born_on("E12345678", "passport") is None and born_on("", "id_card") is None


@pytest.fixture
def world(db):
    world = w.build()
    lines = [
        {"name": "申请表", "form": "original", "original_count": 1, "custody": ["original_kept"]},
        {"name": "居民身份证", "form": "original", "original_count": 1, "custody": ["returned"]},
        {"name": "法定监护人证明", "form": "copy", "copy_count": 1, "is_conditional": True, "handle_case": "未成年人或智力、精神类"},
    ]
    plain = {"conditions": [], "materials": lines, "privacy": {}}
    world.card = w.another_item(world, "CL-101", name="残疾人证新办", terms=[{"text": "残疾证"}], **plain)
    pension = plain | {"conditions": [{"text": "年满60周岁"}], "materials": lines[:2]}
    world.pension = w.another_item(world, "SB-102", name="养老待遇申领", terms=[{"text": "领养老金"}], **pension)
    return world


def test_who_is_too_young_for_the_item_is_asked_back_before_anything_is_saved(client, world):
    sign_in(client, world.people.clerk)
    young = ZHANG | {"name": "马小春", "id_number": OF_36, "everything": "on"}
    answer = send(client, "/desk/new/SB-102/", "accept", **young)
    page = text(answer)
    assert answer.status_code == 422 and not ServiceRequest.objects.exists()
    assert "1990年8月20日" in page and "2050年8月20日" in page and 'name="too_young_because"' in page and "马小春" in page
    send(client, "/desk/new/SB-102/", "accept", **young, too_young_because="特殊工种提前办理，县里有批件")
    case = ServiceRequest.objects.get()
    assert case.status == "accepted"
    assert "特殊工种提前办理" in text(client.get(f"/desk/{case.number}/"))
    send(client, "/desk/new/SB-102/", **ZHANG, everything="on")  # 71 years old: nothing is asked
    assert ServiceRequest.objects.count() == 2


def test_a_child_is_accepted_only_with_the_guardian_and_the_guardians_paper(client, world):
    sign_in(client, world.people.clerk)
    child = ZHANG | {"name": "马宝宝", "id_number": CHILD, "everything": "on"}
    paper = world.card.materials.get(name="法定监护人证明")
    answer = send(client, "/desk/new/CL-101/", **child)
    assert answer.status_code == 422 and f'id="id_m_{paper.pk}_error"' in text(answer)
    brought = child | {f"m_{paper.pk}": "in"}
    answer = send(client, "/desk/new/CL-101/", "accept", **brought)
    assert answer.status_code == 422 and "由监护人（法定代理人）代为申请" in text(answer) and not ServiceRequest.objects.exists()
    send(client, "/desk/new/CL-101/", **brought)
    case = ServiceRequest.objects.get()
    page = text(client.get(f"/desk/{case.number}/"))
    assert f'href="/desk/{case.number}/add-party/"' in page and "由监护人（法定代理人）代为申请" in page
    by = {"by": world.people.clerk, "now": w.MONDAY}
    parties.add_party(case, replace(GUARDIAN, role="representative", authority="in"), **by)
    with pytest.raises(StillMissing) as refused:  # the letter of a child is none
        verbs.accept(case, **by)
    assert refused.value.first == "remove_party"
    parties.remove_party(case, case.parties.get().pk, reason="是监护人", **by)
    parties.add_party(case, GUARDIAN, **by)
    verbs.accept(case, **by)
    assert case.status == "accepted"


def test_a_guardians_paper_cannot_stay_not_needed_in_the_case_of_a_child(world):
    by = {"by": world.people.clerk, "now": w.MONDAY}
    case = w.new_case(world, edition=world.card, person=replace(w.ZHANG, id_number=CHILD))
    parties.add_party(case, GUARDIAN, **by)
    with pytest.raises(StillMissing, match="法定监护人证明") as refused:
        verbs.accept(case, **by)
    assert refused.value.first == "take_materials"


def test_who_lives_on_the_own_work_at_seventeen_says_so_and_needs_no_guardian(client, world):
    sign_in(client, world.people.clerk)
    young = ZHANG | {"name": "马学工", "id_number": SEVENTEEN, "everything": "on"}
    paper = world.card.materials.get(name="法定监护人证明")
    send(client, "/desk/new/CL-101/", **young, **{f"m_{paper.pk}": "missing"})
    case = ServiceRequest.objects.get()
    verbs.take_materials(case, {paper.pk: w.Handed("not_needed")}, by=world.people.clerk, now=w.MONDAY)
    with pytest.raises(StillMissing, match="劳动收入"):
        verbs.accept(case, by=world.people.clerk, now=w.MONDAY)
    assert 'name="acts_alone"' in text(client.get(f"/desk/{case.number}/accept/"))
    verbs.accept(case, acts_alone=True, by=world.people.clerk, now=w.MONDAY)
    assert case.status == "accepted"
    send(client, "/desk/new/CL-101/", "accept", **young, acts_alone="on", another_because="补办一张")
    assert ServiceRequest.objects.latest("id").status == "accepted"
