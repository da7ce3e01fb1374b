"""一次来办几件: the cases of one visit, one more item, one sheet."""

from collections.abc import Sequence
from datetime import datetime

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from officials.audit import verb
from officials.models import AccessRecord, User
from officials.typesetting import SheetNotPrinted
from requests import secrets_once
from requests.models import ServiceRequest, Visit
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
            "due": say_date(case.promised_on or case.due_on) if case.due_on or case.county_since else "",
            "secret_waits": case.status != VOIDED and bool(secrets_once.peek(request, case)),
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
    try:
        content = visit_sheet(visit, cases, track_url=request.build_absolute_uri("/track/"))
    except SheetNotPrinted as trouble:
        return HttpResponse(str(trouble), status=422, content_type="text/plain; charset=utf-8")
    _log_the_print(visit, cases, by=request.user, now=timezone.now())
    name = {"Content-Disposition": f'inline; filename="visit-{visit.pk}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=name)


def _log_the_print(visit: Visit, cases: Sequence[ServiceRequest], *, by: User, now: datetime) -> None:
    """The sheet names people in full: one line for each case in the record of looks."""
    with verb("print", by=by, now=now, subject=f"visit:{visit.pk}"):
        for case in cases:
            AccessRecord.objects.create(at=now, by=by, what=AccessRecord.What.PRINT, subject=f"case:{case.pk}")
