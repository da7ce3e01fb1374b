"""A resident with a telephone of 360 px, without script, in either view and language: applies, is told a number, follows it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache

from tests.support import world as w
from tests.support.browser import PHONE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]
NEXT = "form[novalidate] button.button"


@pytest.fixture
def world(transactional_db):
    cache.clear()
    yield w.build()
    cache.clear()


def go_on(page, **typed) -> None:
    """Fill in what is named, then the one big button."""
    for name, value in typed.items():
        page.locator(f"[name={name}]").fill(value)
    with page.expect_navigation():
        page.locator(NEXT).last.click()


def choose(page, value: str) -> None:
    page.check(f"input[value={value}]")


def apply_for_low_income(page, village, look=lambda page: None) -> None:
    """From the first page to the number; `look` is called on every page on the way."""
    page.goto("/apply/MZ-001/")
    look(page)
    go_on(page)
    choose(page, "myself")
    look(page)
    go_on(page)
    look(page)
    go_on(page, name="张三丰")
    choose(page, "given")
    go_on(page, id_number="990199195501010013")
    assert "末位校验码" in page.content() or "last character" in page.content()
    look(page)
    go_on(page, id_number="990199195501010012")
    look(page)
    go_on(page, phone="12345678901")
    page.select_option("select[name=village]", value=str(village.pk))
    look(page)
    go_on(page)
    go_on(page)
    look(page)
    go_on(page)
    look(page)
    page.check("[name=notice_read]")
    page.check("[name=consent]")
    go_on(page)
    look(page)


def follow(page, look=lambda page: None) -> None:
    number, secret = page.inner_text("strong.code"), page.inner_text("strong.secret")
    page.goto("/track/")
    look(page)
    go_on(page, number=number, secret="1111 1111 1111 1111")
    look(page)
    go_on(page, secret=secret)
    look(page)
    assert number in page.content()


def test_without_script_on_a_telephone(world, open_page):
    page = open_page(**PHONE, java_script_enabled=False)
    page.goto("/apply/MZ-001/")
    go_on(page)
    choose(page, "myself")
    go_on(page)
    go_on(page, name="李四光")
    page.go_back()
    assert page.input_value("[name=name]") == "李四光", "the back key shows the question before, with its answer"
    apply_for_low_income(page, world.village)
    follow(page)
    assert "户口簿" in page.content() and "张三丰" not in page.content()


@pytest.mark.once
@pytest.mark.parametrize(("language", "view"), [("zh-hans", "normal"), ("zh-hans", "elder"), ("en", "normal")])
def test_no_page_on_the_way_breaks_an_accessibility_rule_or_scrolls_sideways(world, open_page, live_server, language, view):
    page = open_page(**PHONE)
    page.context.add_cookies(
        [{"name": "lang", "value": language, "url": live_server.url}, {"name": "view", "value": view, "url": live_server.url}]
    )
    axe = Axe()

    def look(page) -> None:
        found = axe.run(page)
        assert found.violations_count == 0, f"{page.inner_text('h1')}: {found.generate_report()}"
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.inner_text("h1")

    page.goto("/services/MZ-001/")
    look(page)
    if view == "elder":
        last = page.locator(".brought").first.bounding_box()
        assert last["y"] + last["height"] < 2 * PHONE["viewport"]["height"], "phone, place and papers: two screens"
    apply_for_low_income(page, world.village, look)
    follow(page, look)
    page.goto("/ask/?item=MZ-001")
    look(page)
    go_on(page)
    look(page)
    page.goto("/apply/MZ-009/")
    look(page)
