"""What every answer passes through: plain input only, headers, language and view, idle staff sessions."""

import re
import time
from urllib.parse import unquote_to_bytes

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponseBadRequest
from django.shortcuts import render
from django.utils import translation

# C0 and C1 controls; tab, CR and LF are never in a path or a query that a person made.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
LANGUAGE_COOKIE, VIEW_COOKIE = "lang", "view"


class PlainInputMiddleware:
    """Control characters and broken UTF-8 in path, query or cookies: a plain 400, before anything else looks at them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if self._is_odd(request.META):
            return HttpResponseBadRequest("400\n", content_type="text/plain; charset=utf-8")
        return self.get_response(request)

    def _is_odd(self, meta) -> bool:
        raw = meta.get("PATH_INFO", "")
        query = meta.get("QUERY_STRING", "")
        if len(query) > 4000 or len(raw) > 1000:
            return True
        try:
            words = unquote_to_bytes(query.replace("+", " ")).decode("utf-8")
            path = raw.encode("latin-1", "surrogateescape").decode("utf-8") if raw.isascii() else raw
        except (UnicodeDecodeError, UnicodeEncodeError):
            return True
        return bool(CONTROLS.search(words) or CONTROLS.search(path))


class ExtraHeadersMiddleware:
    """Headers Django has no setting for; pages of signed-in people are never kept by a browser or a proxy."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
        response.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response and not getattr(response, "is_public_page", False):
            response["Cache-Control"] = "no-store"
        return response


class PreferencesMiddleware:
    """Language and elder view come from cookies that plain links set; no session is needed on a public page."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        wanted = request.COOKIES.get(LANGUAGE_COOKIE, settings.LANGUAGE_CODE)
        language = wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        request.elder = request.COOKIES.get(VIEW_COOKIE) == "elder"
        with translation.override(language):
            response = self.get_response(request)
        response.setdefault("Content-Language", "en" if language == "en" else "zh-CN")
        return response


class StaffSessionMiddleware:
    """A desk left alone locks after half an hour; a disabled account is out with its next request."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.SESSION_COOKIE_NAME in request.COOKIES and request.user.is_authenticated:
            last = request.session.get("last_seen", 0)
            idle = time.time() - last if last else 0
            if idle > settings.STAFF_IDLE_MINUTES * 60:
                logout(request)
            elif idle > 60 or not last:
                # Written once a minute, so that a page of the desk costs no write.
                request.session["last_seen"] = int(time.time())
        return self.get_response(request)


def plain_page(request, template: str, status: int):
    """An error page that needs no database."""
    return render(request, template, status=status)
