"""/desk/<number>/forms/: the forms of a case, printed filled in. For who may see its personal data in full."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from officials.typesetting import SheetNotPrinted
from requests import prefilled
from requests.lifecycle import Refused
from requests.models import ServiceRequest
from requests.permissions import get_visible, sees_in_full
from requests.views.refusing import refused_page
from services.views.blanks import as_pdf

RELATED = ("item", "edition", "applicant", "village", "first_asked", "intake_office__township")


@never_cache
@require_safe
def of_case(request, number: str) -> HttpResponse:
    """What can be printed, and what to look at on each paper; nothing personal stands on this page."""
    case = get_visible(request.user, number, *RELATED)
    if not sees_in_full(request.user, case):
        return refused_page(request, case)
    _has_forms(case)
    try:
        found = prefilled.sheets(case)
    except Refused as refused:
        return refused_page(request, case, str(refused))
    return render(request, "requests/prefilled/forms.html", {"case": case, "sheets": found})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def pdf(request, number: str, which: str) -> HttpResponse:
    """Printing is written down, so it is a POST; whoever follows the bare address gets the page with the buttons."""
    case = get_visible(request.user, number, *RELATED)
    if not sees_in_full(request.user, case):
        return refused_page(request, case)
    _has_forms(case)
    blank = None
    if which != "general":
        blank = next((one for one in prefilled.blanks_of(case) if one.position == int(which)), None)
        if blank is None:
            raise Http404
    if request.method != "POST":
        return redirect(f"{case.get_absolute_url()}forms/")
    by, now = request.user, timezone.now()
    try:
        content = prefilled.print_form(case, blank, by=by, now=now) if blank else prefilled.print_general(case, by=by, now=now)
    except (Refused, SheetNotPrinted) as trouble:
        return refused_page(request, case, str(trouble))
    return as_pdf(content, f"{case.number} {blank.title if blank else prefilled.GENERAL}")


def _has_forms(case: ServiceRequest) -> None:
    """A question or a demand has no application."""
    if not case.has_checklist:
        raise Http404
