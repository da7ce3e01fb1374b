"""The page of an item: the seven elements without exception (C1), limits in words, flow, live names, cost."""

import gzip
import re

import pytest
from django.core.cache import cache
from django.test import Client

from officials import versions
from officials.audit import verb
from officials.models import Official
from services import publication, reading
from services.content import content_of
from services.flow import stages
from services.models import Step
from tests.support import world as w


@pytest.fixture
def world(db):
    cache.clear()
    built = w.build()
    yield built
    cache.clear()


def text_of(path: str, **cookies) -> str:
    client = Client()
    for name, value in cookies.items():
        client.cookies[name] = value
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def changed(world, code: str, **content):
    """Publish a changed text of an item, through draft and second person."""
    people = world.people
    edition = reading.published_edition(code)
    text = content_of(edition) | content
    draft = publication.start_draft(edition.item, by=people.editor, now=w.MONDAY, content=text)
    publication.submit(draft, by=people.editor, now=w.MONDAY)
    publication.publish(draft, by=people.reviewer, now=w.MONDAY)
    cache.clear()
    return draft


def test_the_seven_elements_are_there(world):
    page = text_of("/services/MZ-001/")
    assert "<h1>农村最低生活保障审核确认</h1>" in page  # name
    assert 'href="#flow"' in page and "4 个环节" in page  # process
    assert "槐序县民政局" in page  # authority
    assert 'href="/offices/ST04/"' in page  # office
    assert 'href="/officials/official/">甄关怀</a>' in page and 'href="/officials/deputy/">甄探访</a>' in page  # A and B
    assert "镇初审转报" in page and "承诺件" in page  # way of handling
    assert 'href="tel:0000-5550104"' in page and "0000-555 0104" in page  # phone, grouped and tappable


def test_the_complaint_phone_is_another_one(world):
    page = text_of("/services/MZ-001/")
    assert 'href="tel:0000-5550199"' in page
    with verb("change_office", by=world.people.supervisor, now=w.MONDAY):
        office = world.civil
        office.complaint_phone = office.phone
        office.save()
        versions.bump(versions.CATALOGUE)
    cache.clear()
    assert 'href="tel:0000-5550199"' in text_of("/services/MZ-001/")


def test_limits_have_unit_start_and_basis(world):
    page = text_of("/services/MZ-001/")
    assert "25个工作日，自受理起算" in page
    assert "30个工作日，自受理起算" in page
    assert "民发〔2021〕57号" in page


def test_no_statutory_limit_is_said_and_never_a_zero(world):
    changed(world, "MZ-001", legal_value=None, legal_unit="", legal_start="", legal_basis="")
    page = text_of("/services/MZ-001/")
    assert "无统一法定时限，按承诺办理" in page
    assert not re.search(r"(?<!\d)0个工作日", page)
    changed(world, "MZ-001", legal_value=None, legal_unit="", legal_start="", legal_basis="无统一法定时限，制证时间不计入")
    page = text_of("/services/MZ-001/")
    assert page.count("无统一法定时限") == 1 and "制证时间不计入" in page, "said once"


def test_missing_materials_have_a_date_and_a_consequence_only_where_the_rule_says_so(world):
    assert "补正" not in text_of("/services/MZ-001/")
    materials = content_of(world.low_income)["materials"]
    materials[1]["may_come_later"] = True
    rule = {"supplement_value": 10, "supplement_unit": "working_day", "supplement_basis": "某办法第九条", "supplement_withdraws": True}
    changed(world, "MZ-001", **rule, materials=materials, offers_promise=True)
    page = text_of("/services/MZ-001/")
    assert "自告知之日起10个工作日内" in page and "视为撤回申请" in page and "某办法第九条" in page
    assert "可容缺后补" in page and "选不选由您自己定" in page


def test_on_the_spot_is_a_kind_not_a_number_of_days(world):
    page = text_of("/services/MZ-009/")
    assert "即办件，当场办结" in page
    assert "个工作日" not in page


def test_materials_say_form_number_when_and_what_is_kept(world):
    page = text_of("/services/MZ-001/")
    assert "原件1份、复印件1份" in page
    assert "验原件退还；留复印件" in page
    assert "家庭有残疾成员时" in page


def test_what_we_look_up_ourselves_need_not_be_brought(world):
    shared = {"name": "户籍信息", "form": "shared", "source": "部门共享核验"}
    edition = reading.published_edition("MZ-009")
    changed(world, "MZ-009", materials=[*content_of(edition)["materials"], shared])
    assert "不用带，由我们查" in text_of("/services/MZ-009/")


def test_conditions_stand_apart_from_materials(world):
    page = text_of("/services/MZ-001/")
    condition = page.index("人均收入低于当地低保标准")
    assert page.index("什么人可以办") < condition < page.index('id="materials"')


def test_parallel_steps_stand_side_by_side(world):
    page = text_of("/services/MZ-001/")
    parallel = page[page.index('class="flow-parallel"') : page.index("审核确认</h3>")]
    assert "信息核对" in parallel and "入户调查" in parallel


def test_steps_of_a_group_are_one_stage_wherever_they_are_written():
    steps = [Step(title=title, group=group) for title, group in (("a", ""), ("b", "P"), ("c", ""), ("d", "P"))]
    assert [[step.title for step in stage.steps] for stage in stages(steps)] == [["a"], ["b", "d"], ["c"]]


def test_a_step_that_stops_the_clock_says_so_with_its_basis(world):
    steps = [{"title": "村级公示", "value": 7, "unit": "calendar_day", "counts": "pauses", "counts_basis": "民发〔2021〕57号第十五条"}]
    changed(world, "MZ-001", steps=steps)
    page = text_of("/services/MZ-001/")
    assert "停止计时" in page and "第十五条" in page and "7个自然日" in page


def test_names_are_live_and_a_leaver_is_gone(world):
    assert "甄关怀" in text_of("/services/MZ-001/")
    with verb("close_account", by=world.people.supervisor, now=w.MONDAY):
        world.people.official.is_active = False
        world.people.official.save()
        versions.bump(versions.CATALOGUE)
    versions.forget()
    page = text_of("/services/MZ-001/")
    assert "甄关怀" not in page and "岗位暂缺" in page and "甄探访" in page


def test_an_official_not_shown_to_the_public_is_named_by_the_post(world):
    card = Official.objects.get(user=world.people.official)
    with verb("hide_card", by=world.people.supervisor, now=w.MONDAY):
        card.is_public = False
        card.save()
        versions.bump(versions.CATALOGUE)
    versions.forget()
    page = text_of("/services/MZ-001/")
    assert "甄关怀" not in page and "低保经办岗" in page


def test_an_english_reader_gets_the_english_name_and_chinese_marked_as_such(world):
    page = text_of("/services/MZ-001/", lang="en")
    assert "<h1>Subsistence allowance</h1>" in page
    assert '<p lang="zh-CN">农村最低生活保障审核确认</p>' in page
    assert "25 working days, counted from acceptance" in page


def test_edition_number_and_last_check_are_shown(world):
    page = text_of("/services/MZ-001/")
    assert "事项编码 MZ-001，第 1 版。" in page and "2026年11月2日(周一)" in page
    changed(world, "MZ-001", checked_on=w.MONDAY.date(), checked_by=world.people.deputy)
    assert "2026年11月2日(周一)由甄探访核对。" in text_of("/services/MZ-001/")


def test_applying_online_is_offered_only_where_it_is_possible(world):
    assert 'href="/apply/MZ-001/"' in text_of("/services/MZ-001/")
    page = text_of("/services/MZ-009/")
    assert "/apply/" not in page and 'href="/ask/?item=MZ-009"' in page


def words_of(page: str) -> list[str]:
    main = page[page.index("<main") : page.index("</main>")]
    return [word for word in (part.strip() for part in re.split(r"<[^>]+>", main)) if word]


def test_the_large_print_says_whom_to_call_where_to_go_and_what_to_bring_before_anything_else(world):
    """Same address, same content; what comes second is folded."""
    page, plain = text_of("/services/MZ-001/", view="elder"), text_of("/services/MZ-001/")
    main = page[page.index("<main") :]
    wanted = ('href="tel:0000-5550104"', "到哪里办", 'id="materials"', "户口簿", "网上申请", "<details", "人均收入低于")
    order = [main.index(word) for word in wanted]
    assert order == sorted(order)
    assert set(words_of(plain)) <= set(words_of(page)), "nothing is left out"


def test_a_draft_is_not_public(world):
    draft = publication.start_draft(world.low_income.item, by=world.people.editor, now=w.MONDAY)
    text = content_of(draft) | {"name": "还没有审核的名称"}
    publication.write_draft(draft, text, by=world.people.editor, now=w.MONDAY)
    assert "还没有审核" not in text_of("/services/MZ-001/")


def test_a_retired_item_says_where_to_go(world):
    publication.retire(world.certificate.item, note="已并入敬老卡，请到人社窗口办理。", by=world.people.reviewer, now=w.MONDAY)
    page = text_of("/services/MZ-009/")
    assert "该事项已不在此办理" in page and "请到人社窗口办理" in page and "/apply/" not in page


@pytest.mark.parametrize("path", ["/services/NO-999/", "/services/mz%20001/", "/services/" + "9" * 300 + "/"])
def test_an_unknown_item_is_a_404(world, path):
    assert Client().get(path).status_code == 404


def test_the_first_view_after_a_change_costs_four_queries_and_a_warm_one_none(world, django_assert_max_num_queries):
    client = Client()
    client.get("/services/MZ-001/")
    changed(world, "MZ-001", summary="新的一句话")
    versions.forget()
    with django_assert_max_num_queries(4):  # version, township, edition, everything around it
        assert "新的一句话" in client.get("/services/MZ-001/").content.decode()
    with django_assert_max_num_queries(0):
        assert client.get("/services/MZ-001/").status_code == 200


def test_an_unchanged_page_is_not_sent_again(world):
    first = Client().get("/services/MZ-001/")
    assert Client().get("/services/MZ-001/", headers={"If-None-Match": first["ETag"]}).status_code == 304


def test_the_page_is_light(world):
    answer = Client().get("/services/MZ-001/", headers={"Accept-Encoding": "gzip"})
    assert len(answer.content) <= 14 * 1024
    assert b"flow-parallel" in gzip.decompress(answer.content)


def test_the_everyday_names_stand_under_the_title_each_once_and_at_most_three(world):
    assert "大家常说：<span>低保</span>" in text_of("/services/MZ-001/"), "吃低保 says no more than 低保"
    words = [{"text": word} for word in ("低保", "救济", "农村最低生活保障", "办低保", "补助", "困难户", "贫困户")]
    changed(world, "MZ-001", terms=words)
    assert "大家常说：<span>低保、救济、补助</span>" in text_of("/services/MZ-001/")
    assert 'People say: <span lang="zh-CN">低保' in text_of("/services/MZ-001/", lang="en")
    changed(world, "MZ-001", terms=[])
    assert "大家常说" not in text_of("/services/MZ-001/")
