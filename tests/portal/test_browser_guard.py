"""The guard that every browser test relies on: it must notice a page that reaches outside this machine."""

import pytest

from tests.support.browser import is_outside


@pytest.mark.parametrize("url", ["https://example.org/a.css", "http://10.0.0.1/", "wss://example.org/"])
def test_addresses_outside_are_recognised(url):
    assert is_outside(url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000/", "http://localhost/", "http://[::1]:8000/", "data:text/plain,x", "about:blank"])
def test_addresses_of_this_machine_are_not(url):
    assert not is_outside(url)


def test_a_picture_from_elsewhere_is_noticed(page, strangers):
    page.set_content('<img src="http://example.org/logo.png">')
    page.wait_for_load_state("load")
    assert strangers == ["http://example.org/logo.png"]
    strangers.clear()


def test_a_failing_script_is_noticed(page, page_errors):
    page.set_content("<script>noSuchName()</script>")
    page.wait_for_load_state("load")
    assert len(page_errors) == 1 and "noSuchName" in page_errors[0]
    page_errors.clear()


def test_desk_and_telephone_have_their_sizes(page, phone):
    assert page.viewport_size == {"width": 1280, "height": 900}
    phone.set_content('<meta name="viewport" content="width=device-width"><p>一本通')
    assert phone.evaluate("[innerWidth, navigator.language]") == [360, "zh-CN"]
