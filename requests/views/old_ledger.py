"""/desk/old-ledger/: the open cases of the paper ledger, checked first, then carried over all or none. For heads of offices."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials.models import Township
from officials.permissions import HEAD, rights
from officials.privacy.text import clean_text
from requests.forms.counter import LedgerFileForm
from requests.ledger_import import applying, checking, keeping, layout
from requests.reasons import say_date, say_moment
from services.importing.faults import Unreadable

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200  # faults and remarks on the page; the rest after these are mended


def _township(request) -> Township:
    """The township of the offices this person heads. Raises PermissionDenied."""
    offices = rights(request.user).where(HEAD)
    if not offices:
        raise PermissionDenied(_("The paper ledger of an office is carried over by its head."))
    return Township.objects.filter(offices__in=offices).order_by("pk").first()


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request) -> HttpResponse:
    """What it is for, the empty spreadsheet, what was imported already; POST takes a file and checks it."""
    _township(request)
    form = LedgerFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        if file.size > keeping.MAX_BYTES:
            form.add_error("file", _("The file is too large: at most 2 MB."))
        elif name := _file_name(form, file.name):
            keeping.keep(request.user, name, file.read(), timezone.now())
            return redirect(keeping.PAGE)
    context = {"form": form, "batches": _batches(request.user), "waiting": keeping.kept(request.user)}
    return render(request, "requests/counter/old_ledger.html", context, status=422 if form.is_bound else 200)


def _file_name(form: LedgerFileForm, name: str) -> str:
    try:
        return clean_text(name, 100)
    except ValidationError as error:
        form.add_error("file", error)
        return ""


def _batches(user) -> list[dict]:
    """Each import: when, how many, how many of them are still open."""
    rows = checking.old_cases(user).values("recorded_at").annotate(cases=Count("pk"), last=Max("received_at")).order_by("-recorded_at")
    return [{"at": say_moment(timezone.localtime(row["recorded_at"])), "cases": row["cases"]} for row in rows[:20]]


@require_safe
def template(request) -> HttpResponse:
    """The empty spreadsheet."""
    _township(request)
    headers = {"Content-Disposition": "attachment; filename=\"old-ledger.xlsx\"; filename*=UTF-8''%E6%97%A7%E5%8F%B0%E8%B4%A6.xlsx"}
    return HttpResponse(layout.template(), content_type=XLSX, headers=headers)


@never_cache
@require_safe
def check(request) -> HttpResponse:
    """The dry run of the file that waits: computed anew each time, nothing is stored."""
    township = _township(request)
    file = keeping.kept(request.user)
    if file is None:
        return redirect("/desk/old-ledger/")
    try:
        report = checking.check(file.data, township=township, by=request.user, now=timezone.now(), demo=_demo(township))
    except Unreadable as trouble:
        return _unreadable(request, str(trouble))
    return _report(request, file, report)


def _unreadable(request, sentence: str) -> HttpResponse:
    keeping.wipe(request.user)
    form = LedgerFileForm()
    context = {"form": form, "batches": _batches(request.user), "waiting": None, "sentence": sentence}
    return render(request, "requests/counter/old_ledger.html", context, status=422)


def _report(request, file: keeping.Kept, report: checking.Report, status: int = 200) -> HttpResponse:
    context = {
        "file": file,
        "report": report,
        "faults": report.faults[:SHOWN],
        "remarks": report.remarks[:SHOWN],
        "already": report.already[:SHOWN],
        "rows": [_row(plan) for plan in report.plans[:SHOWN]],
    }
    return render(request, "requests/counter/old_ledger_check.html", context, status=status)


def _row(plan: checking.Plan) -> dict:
    """One case to come; names stay out of the page, the file has them."""
    return {
        "row": plan.row.number,
        "old_number": plan.old_number,
        "item": plan.edition.name,
        "office": plan.office.name,
        "holder": plan.holder.name if plan.holder else "",
        "received": say_date(timezone.localdate(plan.received_at)),
        "accepted": say_date(timezone.localdate(plan.accepted_at)) if plan.accepted_at else "",
        "marks": plan.marks,
    }


@require_POST
def run(request) -> HttpResponse:
    """Import the very file that was checked. Sent twice, the second time finds no file and says so."""
    township, now = _township(request), timezone.now()
    file = keeping.kept(request.user)
    if file is None or request.POST.get("digest") != file.digest:
        messages.info(request, _("This file was imported already or another one was chosen. Look at the list below."))
        return redirect("/desk/old-ledger/")
    try:
        cases = applying.apply(file.data, township=township, by=request.user, now=now, demo=_demo(township))
    except Unreadable as trouble:
        return _unreadable(request, str(trouble))
    except applying.ImportStopped as stopped:
        return _report(request, file, stopped.report, status=422)
    keeping.wipe(request.user)
    messages.success(request, applying.told(cases))
    return redirect("/desk/old-ledger/")


@require_POST
def put_aside(request) -> HttpResponse:
    """Another file is wanted: the one that waits is wiped."""
    _township(request)
    keeping.wipe(request.user)
    return redirect("/desk/old-ledger/")


def _demo(township: Township) -> bool:
    return settings.DEMO and township.is_demo
