"""The front door: search first, then subjects and life events, the other ways in, the phone; in every view."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache
from django.test import Client

from officials import versions
from portal.context import hours_in_english
from tests.support import world as w


@pytest.fixture
def world(db):
    cache.clear()
    built = w.build()
    yield built
    cache.clear()


def test_search_comes_first_then_subjects_then_the_other_ways(world):
    page = Client().get("/").content.decode()
    places = [page.index(part) for part in ('action="/search/"', "/services/?category=minzheng", "/ask/")]
    assert places == sorted(places)
    ways = ("/services/", "/officials/", "/track/", "/ask/", "/notices/", "/demand/", "/appointments/", "/outings/", "/home-visit/")
    for address in (*ways, "/unsolved/", "/public-notices/", "/verify/"):
        assert f'href="{address}"' in page
    assert 'href="tel:0000-5550100"' in page


def test_the_form_is_a_plain_one_without_a_token(world):
    page = Client().get("/").content.decode()
    assert "csrfmiddlewaretoken" not in page and "method=" not in page


def test_in_the_elder_view_the_phone_comes_before_everything(world):
    client = Client()
    client.cookies["view"] = "elder"
    page = client.get("/").content.decode()
    assert page.index("tel:0000-5550100") < page.index("<h1>")
    # What an old person comes for stands before the folds: find an item, my case, have someone call, come to my home.
    main = page.partition("<main")[2]
    before = main.partition("<details")[0]
    assert all(word in before for word in ('type="search"', 'href="/track/"', 'href="/ask/"', 'href="/home-visit/"'))
    assert main.count('href="/track/"') == 1 and 'href="/services/"' not in before


def test_an_english_reader_reads_the_hours(world):
    client = Client()
    client.cookies["lang"] = "en"
    assert "Mon–Fri 08:30–12:00, 14:00–17:30" in client.get("/").content.decode()
    assert hours_in_english("周六 9:00-11:30 预约办理（节假日除外）") == "Sat 9:00–11:30 by appointment"
    assert hours_in_english("每逢赶场天 08:30-12:00") == "", "rather Chinese than wrong"


def test_home_works_before_there_is_a_township(db):
    cache.clear()
    versions.forget()
    assert Client().get("/").status_code == 200


def test_a_warm_home_costs_no_query(world, django_assert_max_num_queries):
    Client().get("/")
    with django_assert_max_num_queries(0):
        Client().get("/")


PAGES = [
    "/",
    "/services/",
    "/services/?category=minzheng",
    "/services/MZ-001/",
    "/services/MZ-009/",
    "/search/?q=db",
    "/search/?q=没有的事",
]
VIEWS = [{}, {"view": "elder"}, {"lang": "en"}]


@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_public_pages_are_accessible_and_fit_a_small_phone(open_page):
    cache.clear()
    w.build()
    for cookies in VIEWS:
        page = open_page(viewport={"width": 320, "height": 700})
        for address in PAGES:
            page.goto("/healthz")
            page.context.add_cookies([{"name": name, "value": value, "url": page.url} for name, value in cookies.items()])
            assert page.goto(address).status == 200
            violations = Axe().run(page).response["violations"]
            assert not violations, (address, cookies, [(v["id"], v["nodes"][0]["html"]) for v in violations])
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (address, cookies)
    cache.clear()


@pytest.mark.django_db(transaction=True)
def test_a_resident_finds_whom_to_call_in_three_steps_without_scripts(open_page):
    cache.clear()
    w.build()
    page = open_page(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    page.goto("/")
    page.get_by_role("searchbox").fill("db")
    page.get_by_role("searchbox").press("Enter")
    page.get_by_role("link", name="农村最低生活保障审核确认").click()
    assert page.locator('aside a[href="tel:0000-5550104"]').first.is_visible()
    cache.clear()


@pytest.mark.django_db(transaction=True)
def test_a_first_visit_is_light_and_stays_on_the_site(open_page):
    cache.clear()
    w.build()
    page = open_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url) if not request.url.startswith("data:") else None)
    page.goto("/services/MZ-001/")
    assert len(asked) <= 4, asked
    cache.clear()
