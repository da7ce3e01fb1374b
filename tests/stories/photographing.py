"""The walk of the README once more, with a camera:  python -m tests.stories.photographing ADDRESS FOLDER  (script/pictures)."""

import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, sync_playwright

from tests.stories.acting import CODE, find, follow, press, read, sign_in, take_down_the_household
from tests.support.browser import DESK, FLAGS, PHONE, chromium_path

HEAVIEST = 120 * 1024  # bytes of one picture
PATIENCE = 60  # seconds until the server has to answer
MARGIN = 14  # pixels above the first element
PHONE_SIZE = {"width": 390, "height": 844}


class Camera:
    """Opens windows and takes what stands in their upper part."""

    def __init__(self, browser: Browser, address: str, folder: Path) -> None:
        self._browser, self._address, self._folder = browser, address, folder
        self.too_heavy: list[str] = []

    def window(self, who: str = "", **options) -> Page:
        page = self._browser.new_context(base_url=self._address, **(DESK | options)).new_page()
        return sign_in(page, who) if who else page

    def phone(self) -> Page:
        return self.window(**(PHONE | {"viewport": PHONE_SIZE, "device_scale_factor": 1}))

    def take(self, page: Page, name: str, *, height: int, first: str = "nav.breadcrumb") -> None:
        """As wide as the window, from a little above the element `first`. Too heavy for a README is a fault."""
        page.evaluate("document.activeElement?.blur(); scrollTo(0, 0)")
        top = max(page.locator(first).first.bounding_box()["y"] - MARGIN, 0)
        path = self._folder / f"{name}.png"
        clip = {"x": 0, "y": top, "width": page.viewport_size["width"], "height": height}
        page.screenshot(path=path, full_page=True, clip=clip)
        print(f"{path} {path.stat().st_size // 1024} KB")
        if path.stat().st_size > HEAVIEST:
            self.too_heavy.append(name)


def walk(camera: Camera) -> None:
    """The eight steps in their order."""
    phone = camera.phone()
    phone.goto("/services/MZ-001/")
    camera.take(phone, "item-phone", height=PHONE_SIZE["height"])
    number, code = _take_in(camera)
    official = camera.window("official")
    official.goto(f"/desk/{number}/")
    press(official, "开始办理")
    official.reload()
    camera.take(official, "case", height=600)
    phone.goto("/track/")
    phone.get_by_label("办件编号").fill(number)
    phone.get_by_label("查询码").fill(code)
    press(phone, "查询")
    camera.take(phone, "track", height=PHONE_SIZE["height"])
    _those_who_look(camera, number)


def _take_in(camera: Camera) -> tuple[str, str]:
    clerk = camera.window("clerk")
    follow(clerk, "收件")
    find(clerk, "db")
    clerk.get_by_label("必交材料全部收到").check()
    clerk.get_by_label("姓名", exact=True).fill("张三丰")
    clerk.get_by_label("身份证号码", exact=True).fill("990199195501010012")
    clerk.get_by_label("联系电话", exact=True).fill("12345678901")
    camera.take(clerk, "intake", height=740)
    press(clerk, "收件")
    take_down_the_household(clerk)
    camera.take(clerk, "receipt", height=500)
    return _number(clerk), CODE.search(read(clerk))[0]


def _number(page: Page) -> str:
    """The number of this case, whatever year it is."""
    return page.locator("h1").inner_text().split("：")[-1].strip()


def _those_who_look(camera: Camera, number: str) -> None:
    """Supervisor, inspector and the second person."""
    supervisor = camera.window("supervisor")
    follow(supervisor, "逾期与临期")
    camera.take(supervisor, "overdue", height=470)
    inspector = camera.window("inspector")
    inspector.goto(f"/audit/case/{number}/")
    camera.take(inspector, "audit", height=560, first=".timeline > li:has-text('开始办理')")
    reviewer = camera.window("reviewer")
    reviewer.goto("/editing/SB-001/compare/")
    camera.take(reviewer, "compare", height=600)


def wait_for(address: str) -> None:
    """Until the server answers."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            urlopen(f"{address}/healthz", timeout=5).close()
            return
        except (URLError, OSError):
            if time.monotonic() > end:
                sys.exit(f"No answer from {address}")
            time.sleep(0.3)


def main(address: str, folder: str) -> None:
    wait_for(address)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        camera = Camera(browser, address, Path(folder))
        walk(camera)
        browser.close()
    if camera.too_heavy:
        sys.exit(f"Heavier than {HEAVIEST // 1024} KB: {', '.join(camera.too_heavy)}")


if __name__ == "__main__":
    main(*sys.argv[1:])
