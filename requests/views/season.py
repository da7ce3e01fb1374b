"""/desk/seasons/: batches (集中申报), village by village: spreadsheet out, dry run, in; notice, freeze, transfer, result."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials.audit import verb
from officials.models import AccessRecord, Office
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, rights
from officials.privacy.text import clean_text
from requests.forms.season import STEPS, OpenBatchForm, VillageFileForm
from requests.ledger_import import keeping
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Batch, BatchEvent, BatchHousehold, BatchVillage
from requests.reasons import say_date, say_moment
from requests.season import checking, figures, sheet, verbs
from services.importing.faults import Unreadable
from services.models import Edition

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN = 200
State = BatchHousehold.State
# In the words of the villages' spreadsheet, so that the figures can be compared with it.
STATES = {
    State.UNCHANGED.value: gettext_lazy("no change"), State.CHANGED.value: gettext_lazy("with a change"),
    State.OBJECTING.value: gettext_lazy("with an objection"), State.NEW.value: gettext_lazy("newly reported"),
}  # fmt: skip


@never_cache
@require_safe
def batches(request) -> HttpResponse:
    if not rights(request.user).where(HANDLE, HEAD, SUPERVISE, INSPECT):
        raise PermissionDenied(_("Batches are kept by the office that handles the item."))
    today = timezone.localdate()
    found = [_overview(batch, today) for batch in figures.visible(request.user)[:100]]
    may_open = bool(_editions(request.user))
    return render(request, "requests/season/list.html", {"rows": found, "may_open": may_open})


def _overview(batch: Batch, today) -> dict:
    lines = figures.lines(batch)
    return {
        "batch": batch,
        "when": f"{say_date(batch.begins_on)} – {say_date(batch.ends_on)}",
        "stage": _stage(batch, today),
        "expected": sum(line.village.expected for line in lines),
        "reported": sum(line.reported for line in lines),
        "missing": sum(line.missing for line in lines),
        "besides": sum(line.besides for line in lines),
        "beyond": sum(line.beyond for line in lines),
        "lines": lines,
        "is_ending": figures.is_ending(batch, today) and any(line.missing for line in lines),
        "days_left": (batch.ends_on - today).days,
    }


def _stage(batch: Batch, today) -> str:
    if batch.result_at:
        return _("finished: %(approved)s approved, %(returned)s returned") % {"approved": batch.approved, "returned": batch.returned}
    if batch.transferred_at:
        return _("at the county since %(date)s, %(number)s") % {
            "date": say_date(batch.transferred_on), "number": batch.transfer_number,
        }  # fmt: skip
    if batch.frozen_at:
        return _("frozen")
    if today < batch.begins_on:
        return _("not begun")
    return _("reporting") if today <= batch.ends_on else _("reporting is over")


def _editions(user) -> list[Edition]:
    """Items of my offices whose text has a window for batches."""
    mine = Edition.objects.published().filter(office_id__in=rights(user).where(HANDLE)).select_related("item", "office")
    return [edition for edition in mine.order_by("item__code") if (edition.batch_window or {}).get("windows")]


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def new(request) -> HttpResponse:
    editions, now = _editions(request.user), timezone.now()
    if not rights(request.user).where(HANDLE):
        raise PermissionDenied(_("Batches are kept by the office that handles the item."))
    townships = {edition.item.township_id for edition in editions}
    villages = Office.objects.open().filter(kind=Office.Kind.VILLAGE, township_id__in=townships)
    form = OpenBatchForm(request.POST if request.method == "POST" else None, editions=editions, villages=villages, now=now)
    if request.method == "POST" and form.is_valid():
        try:
            batch = verbs.open_batch(form.editions[form.cleaned_data["item"]], **form.said(), by=request.user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(batch)
    windows = [(edition.item.code, edition.name, "、".join(edition.batch_window["windows"])) for edition in editions]
    return render(request, "requests/season/new.html", {"form": form, "windows": windows}, status=422 if form.is_bound else 200)


def _visible(request, pk: str) -> Batch:
    batch = figures.visible(request.user).filter(pk=pk).first()
    if batch is None:
        raise Http404
    return batch


@never_cache
@require_safe
def page(request, pk: str) -> HttpResponse:
    batch = _visible(request, pk)
    held = rights(request.user)
    steps = [word for word in STEPS if _fits(word, batch) and held.has(HEAD if word in ("unlock", "forget") else HANDLE, batch.office_id)]
    context = _overview(batch, timezone.localdate()) | {
        "steps": [(f"{batch.get_absolute_url()}{word}/", STEPS[word].label) for word in steps],
        "notices": batch.notices.select_related("village"),
        "entries": [_entry(event) for event in batch.events.select_related("by", "village")],
    }
    return render(request, "requests/season/page.html", context)


def _fits(word: str, batch: Batch) -> bool:
    """What could be meant now; the verb itself says why not yet."""
    is_frozen, is_sent, is_back = batch.frozen_at is not None, batch.transferred_at is not None, batch.result_at is not None
    return {
        "notice": not is_frozen and verbs.has_notice(batch) and not batch.notices.exists(), "freeze": not is_frozen,
        "unlock": is_frozen and not is_sent, "transfer": is_frozen and not is_sent, "result": is_sent and not is_back, "forget": is_back,
    }[word]  # fmt: skip


def _entry(event: BatchEvent) -> dict[str, str]:
    facts = event.facts
    said = [str(event.village)] if event.village else []
    said += [f"{words} {facts[state]}" for state, words in STATES.items() if facts.get(state)]
    for key, sentence in (("households", _("households: %(n)s")), ("expected", _("expected: %(n)s")), ("sheets", _("sheets: %(n)s"))):
        if key in facts:
            said.append(sentence % {"n": facts[key]})
    said += [str(facts["number"])] if facts.get("number") else []
    when = say_moment(timezone.localtime(event.at))
    title = _("Reporting opened") if event.verb == BatchEvent.Verb.OPENED else str(event.get_verb_display())
    return {"title": title, "when": when, "who": event.by.name, "text": " · ".join(said), "state": "done"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def step(request, pk: str, word: str) -> HttpResponse:
    """Notice, freeze, unlock, transfer, result, erase: each with its form."""
    batch, now = _visible(request, pk), timezone.now()
    if not rights(request.user).has(HEAD if word in ("unlock", "forget") else HANDLE, batch.office_id):
        raise PermissionDenied(_("This belongs to: %(who)s.") % {"who": batch.office.name})
    form = STEPS[word](request.POST if request.method == "POST" else None, batch=batch, now=now)
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            getattr(verbs, form.name)(batch, **form.said(), by=request.user, now=now)
        except AlreadyHandled as overtaken:
            form.add_error(None, str(overtaken))
            status = 409
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Done: %(what)s.") % {"what": form.label})
            return redirect(batch)
    return render(request, "requests/season/step.html", {"batch": batch, "form": form}, status=status)


# -- a village ----------------------------------------------------------------------------------------------------


def _line(request, pk: str, code: str) -> tuple[Batch, BatchVillage]:
    batch = _visible(request, pk)
    line = batch.villages.select_related("village").filter(village__code=code).first()
    if line is None:
        raise Http404
    return batch, line


def _handler(request, batch: Batch) -> None:
    if not rights(request.user).has(HANDLE, batch.office_id):
        raise PermissionDenied(_("This belongs to: %(who)s.") % {"who": batch.office.name})


def _address(batch: Batch, line: BatchVillage) -> str:
    return f"{batch.get_absolute_url()}{line.village.code}/"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def village(request, pk: str, code: str) -> HttpResponse:
    """The village's households and who has not reported; POST takes its file and checks it."""
    batch, line = _line(request, pk, code)
    if request.method == "POST":
        _handler(request, batch)
    form = VillageFileForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            name = clean_text(file.name, 100)
        except ValidationError as error:
            form.add_error("file", error)
        else:
            if file.size > keeping.MAX_BYTES:
                form.add_error("file", _("The file is too large: at most 2 MB."))
            else:
                keeping.keep(request.user, name, file.read(), timezone.now(), f"{_address(batch, line)}check/")
                return redirect(f"{_address(batch, line)}check/")
    return _village_page(request, batch, line, form, status=422 if form.is_bound else 200)


def _village_page(request, batch: Batch, line: BatchVillage, form, *, status: int = 200, sentence: str = "") -> HttpResponse:
    found = next(one for one in figures.lines(batch) if one.village.pk == line.pk)
    households = BatchHousehold.objects.filter(batch=batch, village=line.village).select_related("key").order_by("state", "pk")
    context = {
        "batch": batch, "line": found, "form": form, "sentence": sentence,
        "why_not": checking.why_not(batch, line, timezone.localdate()),
        "is_mine": rights(request.user).has(HANDLE, batch.office_id),
        "not_reported": figures.not_reported(batch, line.village)[:SHOWN],
        "states": [(words, found.by_state[state]) for state, words in STATES.items()],
        "households": households[:SHOWN],
    }  # fmt: skip
    return render(request, "requests/season/village.html", context, status=status)


@require_POST
def download(request, pk: str, code: str) -> HttpResponse:
    """The list with last year's rows. It holds identity numbers: by POST, for who handles the item, with a line in the record."""
    batch, line = _line(request, pk, code)
    _handler(request, batch)
    now, subject = timezone.now(), f"batch:{batch.pk}"
    with verb("download_batch", by=request.user, now=now, subject=subject):
        AccessRecord.objects.create(at=now, by=request.user, what=AccessRecord.What.PRINT, subject=subject, reason="集中申报清册")
    headers = {"Content-Disposition": f'attachment; filename="season-{batch.pk}-{line.village.code}.xlsx"', "Cache-Control": "no-store"}
    return HttpResponse(sheet.village_sheet(batch, line.village), content_type=XLSX, headers=headers)


@never_cache
@require_safe
def check(request, pk: str, code: str) -> HttpResponse:
    """The dry run of the file that waits: computed anew each time, nothing is stored."""
    batch, line = _line(request, pk, code)
    _handler(request, batch)
    file = keeping.kept(request.user, f"{_address(batch, line)}check/")
    if file is None:
        return redirect(_address(batch, line))
    try:
        report = checking.check(file.data, batch=batch, village=line.village, today=timezone.localdate())
    except Unreadable as trouble:
        keeping.wipe(request.user, f"{_address(batch, line)}check/")
        return _village_page(request, batch, line, VillageFileForm(), status=422, sentence=str(trouble))
    return _report(request, batch, line, file, report)


def _report(request, batch: Batch, line: BatchVillage, file: keeping.Kept, report: checking.Report, status: int = 200) -> HttpResponse:
    context = {
        "batch": batch, "line": line, "file": file, "report": report, "faults": report.faults[:SHOWN], "remarks": report.remarks[:SHOWN],
        "states": [(words, report.count(state)) for state, words in STATES.items()], "address": _address(batch, line),
        "why_not": checking.why_not(batch, line, timezone.localdate()),
    }  # fmt: skip
    return render(request, "requests/season/check.html", context, status=status)


@require_POST
def run(request, pk: str, code: str) -> HttpResponse:
    """Take in the very file that was checked. Sent twice, the second time finds no file and says so."""
    batch, line = _line(request, pk, code)
    _handler(request, batch)
    waiting = f"{_address(batch, line)}check/"
    file = keeping.kept(request.user, waiting)
    if file is None or request.POST.get("digest") != file.digest:
        messages.info(request, _("This file was taken in already, or another one was chosen."))
        return redirect(_address(batch, line))
    try:
        report = checking.apply(file.data, batch=batch, village=line.village, by=request.user, now=timezone.now())
    except checking.Stopped as stopped:
        return _report(request, batch, line, file, stopped.report, status=422)
    except (Refused, Unreadable) as trouble:
        messages.error(request, str(trouble))
        return redirect(_address(batch, line))
    keeping.wipe(request.user, waiting)
    messages.success(request, _("Households taken in: %(n)s.") % {"n": len(report.plans)})
    return redirect(_address(batch, line))
