"""The front door."""

from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from officials.publicpages import public_page
from portal.middleware import LANGUAGE_COOKIE, VIEW_COOKIE
from services.listing import listing
from services.views.public_catalogue import tiles

YEAR = 365 * 24 * 3600
# What browsers ask for beside a page that names no icon, such as a PDF: the same sign as in templates/base.html.
ICON = (
    "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><path fill='#14505c' d='M0 0h16v16H0z'/>"
    "<path stroke='#fff' stroke-width='2' d='M3 8h10'/></svg>"
)


@require_safe
@public_page
def home(request):
    shelves = listing()
    context = {
        "category": tiles(shelves.categories, "category", request.LANGUAGE_CODE),
        "event": tiles(shelves.events, "event", request.LANGUAGE_CODE),
        "total": len(shelves.entries),
    }
    return render(request, "portal/home.html", context)


@require_safe
@login_not_required
def healthz(request):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@login_not_required
def icon(request):
    return HttpResponse(ICON, content_type="image/svg+xml", headers={"Cache-Control": f"public, max-age={7 * 24 * 3600}"})


@require_safe
@login_not_required
def preferences(request):
    """Language and elder view: plain links, remembered in a cookie for a year, back to where one was."""
    target = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}, require_https=request.is_secure()):
        target = "/"
    response = HttpResponseRedirect(target)
    options = {"max_age": YEAR, "samesite": "Lax", "httponly": True, "secure": request.is_secure()}
    if request.GET.get("lang") in ("zh-hans", "en"):
        response.set_cookie(LANGUAGE_COOKIE, request.GET["lang"], **options)
    if request.GET.get("view") in ("elder", "normal"):
        response.set_cookie(VIEW_COOKIE, request.GET["view"], **options)
    return response
