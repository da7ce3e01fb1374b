"""The catalogue as a spreadsheet: a dry run that names every fault, the import as drafts, the export and the empty sheets."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials.permissions import EDIT
from services.forms.editing_moves import UploadForm
from services.importing import exporting, uploads
from services.importing.applying import ImportStopped, Report, apply, drafts_seen, dry_run
from services.importing.faults import Unreadable
from services.importing.reading import read
from services.views.editing_access import admit, township_of

SESSION_KEY = "catalogue_import"
SHOWN_FAULTS = 300
SHOWN_PLANS = 100
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request) -> HttpResponse:
    """Choose a file; what it would do is shown at once. The catalogue stays as it is."""
    admit(request.user, EDIT)
    now = timezone.now()
    if request.method != "POST":
        uploads.drop_old(now)
        return render(request, "services/editing/import.html", {"form": UploadForm()})
    form = UploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "services/editing/import.html", {"form": form}, status=422)
    data = form.cleaned_data["file"].read()
    try:
        report = dry_run(read(data), township=township_of(request.user), by=request.user)
    except Unreadable as error:
        form.add_error("file", str(error))
        return render(request, "services/editing/import.html", {"form": form}, status=422)
    _forget(request)
    if report.may_be_applied:
        request.session[SESSION_KEY] = {"token": uploads.keep(data), "drafts": drafts_seen(report)}
    name = form.cleaned_data["file"].name
    return _report(request, report, name)


@require_POST
def bring_in(request) -> HttpResponse:
    """Write the drafts from the file of the dry run, all or none."""
    admit(request.user, EDIT)
    kept = request.session.get(SESSION_KEY) or {"token": "", "drafts": {}}
    now, data = timezone.now(), uploads.kept(kept["token"])
    if data is None:
        messages.warning(request, _("The file of the dry run is no longer here. Choose it again."))
        return redirect("/editing/import/")
    try:
        report = apply(read(data), township=township_of(request.user), by=request.user, now=now, seen=kept["drafts"])
    except ImportStopped as stopped:
        _forget(request)
        return _report(request, stopped.report, "")
    _forget(request)
    sentence = _("Imported as drafts: %(n)s. Nothing is published yet: look at them here and submit them to the second person.")
    messages.success(request, sentence % {"n": len(report.drafts)})
    return redirect("/editing/?list=drafts")


def _forget(request) -> None:
    kept = request.session.pop(SESSION_KEY, None)
    if kept:
        uploads.drop(kept["token"])


def _report(request, report: Report, name: str) -> HttpResponse:
    plans = report.new + report.changed
    context: dict[str, Any] = {
        "form": UploadForm(),
        "report": report,
        "name": name,
        "faults": report.faults[:SHOWN_FAULTS],
        "more_faults": max(0, len(report.faults) - SHOWN_FAULTS),
        "new": report.new[:SHOWN_PLANS],
        "changed": report.changed[:SHOWN_PLANS],
        "more_plans": max(0, len(plans) - len(report.new[:SHOWN_PLANS]) - len(report.changed[:SHOWN_PLANS])),
    }
    return render(request, "services/editing/import_report.html", context, status=422 if report.faults else 200)


@require_safe
def export(request) -> HttpResponse:
    """The catalogue as it stands, on the sheets an import reads."""
    admit(request.user)
    township = township_of(request.user)
    day = timezone.localdate(timezone.now())
    return _file(exporting.export(township), f"catalogue-{township.code}-{day:%Y%m%d}.xlsx")


@require_safe
def blank(request) -> HttpResponse:
    """The same sheets with headings only."""
    admit(request.user)
    return _file(exporting.blank(), "catalogue-blank.xlsx")


def _file(data: bytes, name: str) -> HttpResponse:
    return HttpResponse(data, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})
