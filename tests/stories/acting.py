"""What a person does in front of the portal: read words, press buttons by their words, hold printed paper in the hand."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from playwright.sync_api import Page, Route, expect
from pypdf import PdfReader

PASSWORD = "yibentong-demo"  # as the README and the start script say it
NUMBER = re.compile(r"990199101-2026-\d{6}")
CODE = re.compile(r"(?<!\d)\d{4} \d{4} \d{4} \d{4}(?!\d)")
_WIDE = "[\u3000-\u9fff\uff00-\uffef]"  # Chinese characters and their punctuation: no space belongs beside them
_LOOSE = re.compile(f"(?<={_WIDE})\\s+|\\s+(?={_WIDE})")
_PATIENCE = 150  # tenths of a second until a paper has to be there


def sign_in(page: Page, name: str, password: str = PASSWORD) -> Page:
    """With name and password, as everybody does in the morning."""
    page.goto("/accounts/login/")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="退出")).to_be_visible()
    return page


def press(page: Page, words: str, *, exact: bool = True) -> None:
    """Press the button with these words and wait for the page that answers."""
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=exact).click()


def follow(page: Page, words: str | re.Pattern) -> None:
    """Follow the first link with these words."""
    with page.expect_navigation():
        page.get_by_role("link", name=words).first.click()


def ready_for_keys(page: Page) -> None:
    """Wait until the page has put its cursor where it wants it: a browser does so a moment after the page has loaded."""
    expect(page.locator("[autofocus]").first).to_be_focused()


def key(page: Page, words: str) -> None:
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(words)


def find(page: Page, letters: str) -> None:
    """Type the letters into the finder of the window, Enter, Enter: the first of the list."""
    ready_for_keys(page)
    page.keyboard.type(letters)
    key(page, "Enter")
    expect(page.locator("ol.choose a").first).to_be_focused()
    key(page, "Enter")


def read(page: Page) -> str:
    """What stands on the page, with the white space of the layout taken out."""
    return plain(page.locator("main").inner_text())


def plain(text: str) -> str:
    """Full stops, brackets and spaces as a reader sees them: their width does not matter."""
    narrow = text.translate(str.maketrans("():;,", "（）：；，"))
    return re.sub(r"\s+", " ", _LOOSE.sub("", narrow))


def fetched(page: Page, act: Callable[[], None], folder: Path) -> Path:
    """The file that this action saves on the computer of this person."""
    with page.expect_download() as waiting:
        act()
    target = folder / waiting.value.suggested_filename
    waiting.value.save_as(target)
    return target


def printed(page: Page, words: str) -> str:
    """The words of the paper that the button or link with these words opens in a new window."""
    papers: list[bytes] = []

    def keep(route: Route) -> None:
        answer = route.fetch()
        papers.append(answer.body())
        route.fulfill(response=answer)

    page.context.route("**/*.pdf", keep)
    control = page.get_by_role("button", name=words).or_(page.get_by_role("link", name=words)).first
    with page.context.expect_event("page") as opened:
        control.click()
    for _tenth in range(_PATIENCE):
        if papers:
            break
        page.wait_for_timeout(100)
    page.context.unroute("**/*.pdf", keep)
    opened.value.close()
    assert papers and papers[0].startswith(b"%PDF"), f"“{words}” gave no paper"
    return plain("\n".join(sheet.extract_text() for sheet in PdfReader(BytesIO(papers[0])).pages))


def take_down_the_household(page: Page) -> None:
    """低保 is a matter of the household: who belongs to it and whether relatives work here is asked before acceptance."""
    expect(page.get_by_role("button", name="收件并受理")).to_have_count(0)
    follow(page, re.compile("打开办件"))
    assert "家庭成员还没有登记" in read(page)
    follow(page, "登记家庭成员")
    page.get_by_label("申请人独自一户").check()
    press(page, "登记家庭成员")
    follow(page, "登记近亲属备案")
    page.get_by_label("否", exact=True).check()
    press(page, "登记近亲属备案")
    follow(page, "受理")
    press(page, "受理")
    follow(page, "收件凭证：打印或补打")
    assert "以户为单位" not in read(page), "what is taken down is asked no more"
