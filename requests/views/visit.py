"""一次来办几件: the cases of one visit, one more item, one sheet."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from requests import secrets_once
from requests.models import ServiceRequest
from requests.reasons import say_date
from requests.visit_sheets import visit_sheet
from requests.visiting import cases_of, get_visit, people_of

VOIDED = ServiceRequest.Status.VOIDED


@require_safe
def overview(request, pk: str) -> HttpResponse:
    """The list of this visit, its receipts still to be printed, and the finder for one more item."""
    visit = get_visit(request.user, int(pk))
    cases = cases_of(visit)
    rows = [
        {
            "case": case,
            "person": case.key.name_masked,
            "status": case.get_status_display(),
            "due": say_date(case.promised_on or case.due_on) if case.due_on else "",
            "secret_waits": case.status != VOIDED and bool(secrets_once.peek(request, case.number)),
        }
        for case in cases
    ]
    return render(
        request,
        "requests/intake/visit.html",
        {
            "visit": visit,
            "rows": rows,
            "people": people_of(cases),
            "unprinted": sum(row["secret_waits"] for row in rows),
        },
    )


@require_safe
def sheet(request, pk: str) -> HttpResponse:
    """The one sheet of the visit as PDF. What was logged by mistake is no item of it."""
    visit = get_visit(request.user, int(pk))
    cases = [case for case in cases_of(visit) if not case.anonymised_at and case.status != VOIDED]
    if not cases:
        raise Http404
    content = visit_sheet(visit, cases, track_url=request.build_absolute_uri("/track/"))
    name = {"Content-Disposition": f'inline; filename="visit-{visit.pk}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=name)
