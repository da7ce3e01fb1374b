"""What every answer passes through: plain input only, headers, language and view, idle staff sessions."""

import re
import string
import time
from urllib.parse import quote, unquote_to_bytes

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpResponseBadRequest
from django.template.loader import get_template
from django.utils import translation

from portal.context import site

# C0 and C1 controls; tab, CR and LF are never in a path or a query that a person made.
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# A header comes as latin-1, where half of a Chinese character looks like a C1 control; a tab is allowed there.
BARE_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
NO_UTF8 = re.compile(r"%[89A-Fa-f][0-9A-Fa-f]")
LANGUAGE_COOKIE, VIEW_COOKIE = "lang", "view"


class PlainInputMiddleware:
    """Control characters and broken UTF-8 in path, query, headers or cookies: a 400, before any view looks at them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        meta = request.META
        if self._is_odd_path(meta.get("PATH_INFO", "")) or self._is_odd_head(meta, request.COOKIES):
            return self._refuse()
        query = self._plain_query(meta.get("QUERY_STRING", ""))
        if query is None:
            return self._refuse()
        meta["QUERY_STRING"] = query
        return self.get_response(request)

    def _refuse(self):
        """The site's page for it, with the phone. Nothing of the request is looked at: it may be odd in any part."""
        with translation.override(settings.LANGUAGE_CODE):
            return HttpResponseBadRequest(get_template("400.html").render({"site": site(), "lang": settings.LANGUAGE_CODE}))

    def _is_odd_path(self, path: str) -> bool:
        """Django has decoded it already and left bytes that are no UTF-8 as %FF."""
        return len(path) > 1000 or bool(CONTROLS.search(path) or NO_UTF8.search(path))

    def _is_odd_head(self, meta, cookies) -> bool:
        """Cookies are looked at as they are read: a quoted one may hide a NUL that the header itself has not."""
        headers = "".join(str(value) for name, value in meta.items() if name.startswith("HTTP_"))
        return bool(BARE_CONTROLS.search(headers) or CONTROLS.search("".join(cookies.values())))

    def _plain_query(self, query: str) -> str | None:
        """The query with everything beyond ASCII percent-encoded, as most browsers send it; None when it is no plain text."""
        if len(query) > 4000:
            return None
        try:
            sent = query.encode("latin-1")  # WSGI hands bytes over as latin-1
            words = unquote_to_bytes(sent.replace(b"+", b" ")).decode("utf-8")
        except UnicodeError:
            return None
        if CONTROLS.search(words):
            return None
        return query if query.isascii() else quote(sent, safe=string.printable)


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
