"""Looking at a page in a real Chromium as an auditor would: barriers, headings, what the console says, nothing sideways."""

from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from portal.staff_session import SessionStore
from tests.support import stage

VARIANTS = {
    "zh": {"lang": "zh-hans", "view": "normal"},
    "en": {"lang": "en", "view": "normal"},
    "elder": {"lang": "zh-hans", "view": "elder"},
}
WIDTHS = (360, 320)
DESK_SIZE = {"width": 1280, "height": 900}
SIDEWAYS = """() => {
    const room = document.documentElement.clientWidth;
    if (document.documentElement.scrollWidth <= room) return '';
    const wide = [...document.querySelectorAll('body *')].filter(one => one.getBoundingClientRect().right > room + 1);
    return document.documentElement.scrollWidth + ' px: ' + wide.slice(0, 3).map(one => one.tagName + '.' + one.className).join(', ');
}"""


def cookie_of(person) -> str:
    """A session of this person, as after signing in."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = stage.BACKEND
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.save()
    return session.session_key


class Windows:
    """One window a reader, kept open; another without scripts."""

    def __init__(self, open_page, stood: stage.Stage, url: str):
        self.open_page, self.stood, self.url = open_page, stood, url
        self.open: dict[tuple[str, bool], object] = {}
        self.said: list[str] = []
        self.seen: set[int] = set()  # kinds of answer that were looked at whole

    def of(self, actor: str, *, scripts: bool = True):
        if (actor, scripts) not in self.open:
            page = self.open_page(java_script_enabled=scripts)
            page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
            if person := self.stood.people[actor]:
                page.context.add_cookies([{"name": "sessionid", "value": cookie_of(person), "url": self.url}])
            self.open[actor, scripts] = page
        return self.open[actor, scripts]

    def dress(self, page, cookies: dict[str, str]) -> None:
        page.context.add_cookies([{"name": name, "value": value, "url": self.url} for name, value in cookies.items()])


def faults_shown(page, said: list[str]) -> list[str]:
    """What is wrong with the page as it stands in the window, each beginning with the width where it matters."""
    # Before axe: it puts styles of its own into the page, which the policy stops.
    faults = [f": {words}" for words in said if not words.startswith("Failed to load resource")]
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    faults += [f": {one['id']} at {one['nodes'][0]['target']} {one['nodes'][0]['html'][:90]}" for one in found]
    headings = page.locator("h1").count()
    faults += [f": {headings} headings h1"] if headings != 1 else []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 740})
        sideways = page.evaluate(SIDEWAYS)
        faults += [f", {width}: {sideways}"] if sideways else []
    return faults
