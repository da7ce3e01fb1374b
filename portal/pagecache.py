"""Public pages hold no session, no token and no nonce, so one answer serves everybody until the catalogue changes.

Key: host, path, query, language, elder view, encoding, version of the catalogue, local date (a page may say "today").
A warm page costs no query; an unchanged one is a 304. Views opt in with `officials.publicpages.public_page`.
"""

import gzip
import hashlib

import brotli
from django.core.cache import cache
from django.http import HttpResponse, HttpResponseNotModified
from django.utils import timezone

from officials import versions

KEEP_SECONDS = 24 * 3600
MAX_QUERY = 200


class PublicPageCacheMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        # A very long query is somebody playing: answered, but not kept.
        if request.method not in ("GET", "HEAD") or len(request.META.get("QUERY_STRING", "")) > MAX_QUERY:
            return self.get_response(request)
        encoding = self._encoding(request)
        key = self._key(request, encoding)
        kept = cache.get(key)
        if kept is None:
            response = self.get_response(request)
            if not getattr(response, "is_public_page", False) or response.streaming:
                return response
            kept = self._keep(key, response, encoding)
        return self._answer(request, kept)

    def _encoding(self, request) -> str:
        accepted = request.headers.get("Accept-Encoding", "")
        return "br" if "br" in accepted else "gzip" if "gzip" in accepted else ""

    def _key(self, request, encoding: str) -> str:
        parts = (
            request.headers.get("Host", ""),
            request.path_info,
            request.META.get("QUERY_STRING", ""),
            request.LANGUAGE_CODE,
            "elder" if request.elder else "",
            encoding,
            str(versions.current(versions.CATALOGUE)),
            timezone.localdate().isoformat(),
        )
        return "page:" + hashlib.sha256("\n".join(parts).encode()).hexdigest()

    def _keep(self, key, response, encoding):
        body = response.content
        etag = '"' + hashlib.sha256(body + encoding.encode()).hexdigest()[:24] + '"'
        if encoding == "br":
            body = brotli.compress(body, quality=5)
        elif encoding == "gzip":
            body = gzip.compress(body, 6, mtime=0)
        headers = {k: v for k, v in response.items() if k.lower() not in ("content-length", "set-cookie")}
        headers |= {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding, Cookie"}
        if encoding:
            headers["Content-Encoding"] = encoding
        kept = (body, headers)
        cache.set(key, kept, KEEP_SECONDS)
        return kept

    def _answer(self, request, kept):
        body, headers = kept
        if request.headers.get("If-None-Match") == headers["ETag"]:
            response = HttpResponseNotModified()
            response["ETag"], response["Cache-Control"], response["Vary"] = headers["ETag"], headers["Cache-Control"], headers["Vary"]
        else:
            response = HttpResponse(b"" if request.method == "HEAD" else body, headers=headers)
            response["Content-Length"] = str(len(body))
        response.is_public_page = True
        return response
