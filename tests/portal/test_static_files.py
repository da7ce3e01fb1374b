"""The look of the pages: a page is there even where nobody has collected the static files yet; the small icon answers."""

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage

from tests.support import world as w


@pytest.mark.django_db
def test_a_page_without_collected_files_is_plain_but_there(client, tmp_path, settings):
    w.build()
    settings.STATIC_ROOT = tmp_path / "nothing-collected"
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "portal.staticfiles.FallbackManifestStorage"}}
    assert staticfiles_storage.url("css/portal.css") == "/static/css/portal.css"
    answer = client.get("/")
    assert answer.status_code == 200 and "/static/css/portal.css" in answer.content.decode()


def test_a_collected_file_carries_its_content_in_its_name(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {"staticfiles": {"BACKEND": "portal.staticfiles.FallbackManifestStorage"}}
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "portal.css").write_text("a { color: red }")
    name = staticfiles_storage.url("css/portal.css")
    assert name.startswith("/static/css/portal.") and name != "/static/css/portal.css"


def test_the_small_icon_answers_everybody_and_is_kept(client, db):
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200 and answer["Content-Type"] == "image/svg+xml"
    assert "max-age" in answer["Cache-Control"] and b"<svg" in answer.content
