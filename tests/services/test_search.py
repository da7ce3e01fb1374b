"""Finding (C12): characters, everyday words, pinyin, initials, mixtures, slips; and counting what nobody finds."""

import pytest
from django.core.cache import cache
from django.test import Client

from officials import versions
from officials.audit import verb
from services import publication
from services.content import content_of
from services.models import SearchMiss
from services.search import Kind, find, misses, record
from services.search.pinyin import name_reading, reading_of
from tests.support import world as w


@pytest.fixture
def world(db):
    cache.clear()
    built = w.build()
    yield built
    cache.clear()


def first(query: str) -> str:
    hits = find(query, kinds={Kind.ITEM})
    return hits[0].target.code if hits else ""


@pytest.mark.parametrize(
    "query",
    [
        "db", "DB", "低保", "吃低保", "dibao", "di bao", "di保", "低b", "dib", "mz-001", "MZ001", "最低生活", "zdsh",
        "zuidishenghuo", "低宝", "我想办低保", "怎么吃低保啊", "请问最低生活的保障怎么办理", "农村保障",
        "zuidisenhuo", "zuidishenhuobaozhang", "subsistence", "低保",
    ],
)  # fmt: skip
def test_many_ways_lead_to_the_low_income_allowance(world, query):
    assert first(query) == "MZ-001"


@pytest.mark.parametrize(
    ("query", "url"),
    [("预约", "/appointments/"), ("yuyue", "/appointments/"), ("服务日", "/outings/"), ("下村", "/outings/"), ("接待日", "/outings/"),
     ("公示", "/public-notices/"), ("反映", "/demand/"), ("诉求", "/demand/"), ("堵路", "/demand/"), ("办不成事", "/unsolved/"),
     ("路被堵了怎么反映", "/demand/"), ("上门", "/home-visit/"), ("村里哪天来", "/outings/"), ("电话号码", "/officials/"),
     ("邻居占我家地", "/demand/")],
)  # fmt: skip
def test_pages_of_the_site_are_found_by_the_words_people_have_for_them(world, query, url):
    assert url in [hit.target.url for hit in find(query, kinds={Kind.PAGE})]
    answer = Client().get("/search/", {"q": query}).content.decode()
    assert f'href="{url}"' in answer and "本站页面" in answer and not SearchMiss.objects.exists()


def test_an_exact_word_comes_before_a_beginning_and_that_before_a_part(world):
    text = content_of(world.certificate)
    for number, term in enumerate(["看低保", "低保证明"]):
        draft = publication.create_item(
            world.township,
            f"AA-{number}",
            text | {"name": f"某事{number}", "terms": [{"text": term}]},
            by=world.people.editor,
            now=w.MONDAY,
        )
        publication.submit(draft, by=world.people.editor, now=w.MONDAY)
        publication.publish(draft, by=world.people.reviewer, now=w.MONDAY)
    hits = find("低保", kinds={Kind.ITEM})
    assert [hit.target.code for hit in hits] == ["MZ-001", "AA-1", "AA-0"]
    assert hits == find("低保", kinds={Kind.ITEM})  # equal questions, equal answers


def test_offices_officials_and_materials_are_found_too(world):
    assert [hit.target.url for hit in find("民政窗口", kinds={Kind.OFFICE})] == ["/offices/ST04/"]
    assert [hit.target.url for hit in find("zgh", kinds={Kind.OFFICIAL})] == ["/officials/official/"]
    assert [hit.target.name for hit in find("户口", kinds={Kind.MATERIAL})] == ["户口簿"]


def test_people_not_shown_to_the_public_are_not_found(world):
    card = world.people.official.official
    with verb("hide", by=world.people.supervisor, now=w.MONDAY):
        card.is_public = False
        card.save()
    versions.bump(versions.CATALOGUE)
    versions.forget()
    assert not find("甄关怀", kinds={Kind.OFFICIAL})


def test_drafts_and_superseded_words_are_not_found(world):
    people = world.people
    draft = publication.start_draft(world.low_income.item, by=people.editor, now=w.MONDAY)
    publication.write_draft(draft, content_of(draft) | {"terms": [{"text": "困难户补助金"}]}, by=people.editor, now=w.MONDAY)
    assert first("困难户补助金") == ""
    publication.submit(draft, by=people.editor, now=w.MONDAY)
    publication.publish(draft, by=people.reviewer, now=w.MONDAY)
    assert first("困难户补助金") == "MZ-001"
    assert all(hit.word.text != "吃低保" for hit in find("吃低保"))  # the new text calls it so no longer


@pytest.mark.parametrize(
    "query", ["", " ", "!!!", "%", "_", "\\", "'\"", "😀", "　", "(((", "[a-z]*", "x" * 60, "zzzzzzzzzzzzzzzzzzzzzzzz"]
)
def test_odd_words_find_nothing_and_break_nothing(world, query):
    assert find(query) == []


def test_an_editor_may_correct_the_reading():
    assert reading_of("乐园", "yue yuan") == ("yue", "yuan")
    assert reading_of("乐园", "yue") == ("le", "yuan")  # not one syllable for each character: ignored
    assert reading_of("银行卡") == ("yin", "hang", "ka")
    assert name_reading("单雄信")[0] == "shan"


def test_the_page_says_why(world):
    page = Client().get("/search/", {"q": "db"}).content.decode()
    assert page.index("也叫“低保”") < page.index("民政窗口(民政办) · 承诺25个工作日") + 100
    assert '<a href="/services/MZ-001/">' in page


def test_the_page_escapes_what_was_typed(world):
    page = Client().get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_search_costs_no_query_once_the_index_is_there(world, django_assert_max_num_queries):
    client = Client()
    client.get("/search/", {"q": "db"})
    with django_assert_max_num_queries(0):
        assert client.get("/search/", {"q": "dibao"}).status_code == 200


def test_a_vain_search_helps_on_and_is_counted(world):
    client = Client()
    for _ in range(2):
        page = client.get("/search/", {"q": "飞行执照"}).content.decode()
    assert "没有找到相关内容" in page and "0000-555" in page and "/services/?category=minzheng" in page
    miss = SearchMiss.objects.get()
    assert (miss.query, miss.count) == ("飞行执照", 2)


def test_machines_and_head_are_not_counted(world):
    Client().get("/search/", {"q": "飞行执照"}, headers={"User-Agent": "Examplebot/1.0"})
    Client().head("/search/", {"q": "飞行执照"})
    Client().get("/search/", {"q": "低保"})
    assert not SearchMiss.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("我的身份证 990199195501010012 查不到", "我的身份证 查不到"),
        ("138 1234-5678", ""),
        ("３３０１０２１９５５０１０１００１Ｘ", ""),
        ("A4 纸", "a4 纸"),
        ("Cafe\u0301", "café"),
        ("飞" * 90, "飞" * 40),
    ],
)  # fmt: skip
def test_no_number_of_a_person_is_kept(typed, kept):
    assert misses.plain_query(typed) == kept


@pytest.mark.django_db
def test_the_number_of_texts_a_day_is_bounded(monkeypatch):
    monkeypatch.setattr(misses, "TEXTS_A_DAY", 3)
    for number in "一二三四五":
        record(f"没有的事{number}", now=w.MONDAY)
    record("没有的事一", now=w.MONDAY)
    assert SearchMiss.objects.count() == 3
    assert SearchMiss.objects.get(query="没有的事一").count == 2


def test_control_characters_are_a_plain_400(world):
    answer = Client().get("/search/?q=%00")
    page = answer.content.decode().replace(" ", "")
    assert answer.status_code == 400 and "0000-5550100" in page and "</html>" in page
