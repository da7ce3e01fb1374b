"""The shell of every page: light, without inline code, complete in Chinese, and standing even when nothing else does."""

import json
import re
from pathlib import Path

import brotli
import pytest
from django.template.loader import get_template

ROOT = Path(__file__).resolve().parent.parent.parent
SHELL = [ROOT / "templates" / name for name in ("base.html", "staff_base.html", "print_base.html")] + [
    *(ROOT / "templates").glob("[45]0?.html"),
    *(ROOT / "templates/parts").glob("*.html"),
]
MESSAGE = re.compile(r'\{% translate "([^"]+)"')


@pytest.mark.parametrize(("path", "most"), [("css/portal.css", 6144), ("css/desk.css", 1536), ("js/portal.js", 1024)])
def test_static_files_stay_small_on_the_wire(path, most):
    assert len(brotli.compress((ROOT / "static" / path).read_bytes())) <= most


def test_no_template_carries_inline_code():
    """The content security policy forbids it, so a browser would drop it without a word."""
    inline = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
    guilty = [str(p.relative_to(ROOT)) for p in (ROOT / "templates").rglob("*.html") if inline.search(p.read_text())]
    assert guilty == []


def test_the_shell_is_complete_in_chinese():
    chinese = json.loads((ROOT / "locale/zh_Hans/LC_MESSAGES/parts/shell.json").read_text())
    used = {text for path in SHELL for text in MESSAGE.findall(path.read_text())}
    assert used - chinese.keys() == set()


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html", "503.html"])
def test_error_pages_stand_without_any_context(name):
    page = get_template(name).render({})
    assert page.count("<h1>") == 1
    assert 'id="main"' in page


def test_public_pages_hold_nothing_personal():
    """They are cached and the same for everyone: no token, no person, no messages."""
    public = "".join((ROOT / "templates" / p).read_text() for p in ("base.html", "parts/site_header.html", "parts/site_footer.html"))
    assert not re.search(r"csrf_token|user\.|messages\.html|nonce", public)
