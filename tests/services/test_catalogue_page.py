"""The catalogue: by subject, life event, office and material; paged; only what is published."""

from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.template import Context, Template
from django.test import Client

from officials import versions
from officials.audit import together, verb
from services import publication
from services.content import content_of
from services.listing import listing
from services.models import Category, LifeEvent
from tests.support import world as w


@pytest.fixture
def world(db):
    cache.clear()
    built = w.build()
    yield built
    cache.clear()


def page_at(path: str, **cookies) -> str:
    client = Client()
    for name, value in cookies.items():
        client.cookies[name] = value
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def more_items(world, count: int, **content) -> None:
    """Further published items, each a copy of the certificate under its own code and name."""
    people = world.people
    text = content_of(world.certificate) | content
    with together():
        for number in range(count):
            draft = publication.create_item(
                world.township, f"XX-{number:03d}", text | {"name": f"更多事项{number:03d}"}, by=people.editor, now=w.MONDAY
            )
            publication.submit(draft, by=people.editor, now=w.MONDAY)
            publication.publish(draft, by=people.reviewer, now=w.MONDAY)


def test_all_items_are_listed_with_office_and_time(world):
    page = page_at("/services/")
    assert '<a href="/services/MZ-001/">农村最低生活保障审核确认</a>' in page
    assert "民政窗口(民政办) · 承诺25个工作日" in page and "当场办结" in page


def test_each_way_in_leads_to_its_items(world):
    with together():
        with verb("set_up", by=world.people.supervisor, now=w.MONDAY):
            LifeEvent(code="hard", name="家里遇到难处", name_en="Hard times").save()
        more_items(world, 1, life_events=["hard"])
    page = page_at("/services/")
    assert "/services/?category=minzheng" in page and "/services/?event=hard" in page and "/services/?office=ST04" in page
    chosen = page_at("/services/?event=hard")
    assert "<h1>家里遇到难处</h1>" in chosen and "更多事项000" in chosen and "最低生活保障" not in chosen
    assert "<h1>Hard times</h1>" in page_at("/services/?event=hard", lang="en")
    assert "共 3 项" in page_at("/services/?office=ST04")


def test_items_by_material(world):
    page = page_at("/services/?" + urlencode({"material": "户口簿"}))
    assert "MZ-001" in page and "MZ-009" not in page


@pytest.mark.parametrize("query", ["category=nothing", "event=x", "office=%F0%9F%98%80", "material=nix"])
def test_unknown_shelves_are_a_404(world, query):
    assert Client().get("/services/?" + query).status_code == 404


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999"])
def test_odd_page_numbers_show_a_page(world, number):
    assert "MZ-001" in page_at(f"/services/?page={number}")


def test_many_items_are_paged(world):
    more_items(world, 55)
    first, second = page_at("/services/"), page_at("/services/?page=2")
    assert "第 1 页，共 2 页" in first and first.count('<a href="/services/XX-') + first.count('<a href="/services/MZ-') == 50
    assert "更多事项054" in second and "按类别找" not in second


def test_a_draft_and_a_retired_item_are_not_listed(world):
    publication.retire(world.certificate.item, note="", by=world.people.reviewer, now=w.MONDAY)
    publication.create_item(
        world.township, "XX-900", content_of(world.certificate) | {"name": "草稿事项"}, by=world.people.editor, now=w.MONDAY
    )
    page = page_at("/services/")
    assert "老年人优待证" not in page and "草稿事项" not in page


def test_an_empty_catalogue_says_what_will_be_here(db):
    cache.clear()
    versions.forget()
    assert "公布的事项会列在这里" in page_at("/services/")


def test_a_warm_page_costs_no_query(world, django_assert_max_num_queries):
    page_at("/services/")
    with django_assert_max_num_queries(0):
        page_at("/services/")


def test_pages_of_people_and_offices_can_list_their_items(world):
    assert [entry.code for entry in listing().held_by(world.people.official.pk)] == ["MZ-001", "MZ-009"]
    template = Template("{% load service_items %}{% items_of_office office %}|{% items_deputised_by person %}")
    shown = template.render(Context({"office": world.civil, "person": world.people.deputy, "lang": "zh-hans"}))
    assert shown.count("/services/MZ-001/") == 2


def test_a_category_without_items_is_not_offered(world):
    with verb("set_up", by=world.people.supervisor, now=w.MONDAY):
        Category(code="empty", name="空类别").save()
    assert "空类别" not in page_at("/services/")
