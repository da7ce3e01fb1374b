"""服务台账: what an office took in between two days, with sums that add up and numbers that open their cases (domain 7.3).

On screen only: the ledger is masked and not exported here. Cases of the paper ledger of old stand apart (domain 16.7).
"""

from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, QuerySet
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from officials.models import Office
from requests import persons, statistics
from requests.models import Event, MaterialReceipt, ServiceRequest
from requests.permissions import visible
from requests.reasons import say_date
from requests.waiting import offices_of

PAGE = 50
LACKING = (MaterialReceipt.State.MISSING, MaterialReceipt.State.FAULTY)
LONGEST_DAYS = 370
# Whoever sits there looks over many offices and hardly ever handles a case of that one.
OVERLOOKING = (Office.Kind.CENTRE, Office.Kind.SUPERVISION)
CELLS = {
    "given": gettext_lazy("Numbers given"),
    "registered": gettext_lazy("Registered"),
    "on_the_way": gettext_lazy("On the way from a village"),
    "open": gettext_lazy("Still open"),
    "open_in_time": gettext_lazy("open, in time"),
    "open_late": gettext_lazy("open, late"),
    "open_undated": gettext_lazy("open, no date running"),
    "done": gettext_lazy("Cases done"),
    "done_in_time": gettext_lazy("done in time"),
    "done_late": gettext_lazy("done late"),
    "done_undated": gettext_lazy("done, without a date"),
    "intake_refused": gettext_lazy("Not accepted"),
    "not_ours": gettext_lazy("Not ours, shown the way"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "deemed_withdrawn": gettext_lazy("Counts as withdrawn"),
    "terminated": gettext_lazy("Terminated"),
    "voided": gettext_lazy("Voided"),
}
COLUMNS = (
    gettext_lazy("No."), gettext_lazy("Registered on"), gettext_lazy("How they came"), gettext_lazy("Applicant"), gettext_lazy("Village"),
    gettext_lazy("Item"), gettext_lazy("First asked"), gettext_lazy("Official"), gettext_lazy("Complete at once"),
    gettext_lazy("Result"), gettext_lazy("Done on"), gettext_lazy("Late?"),
)  # fmt: skip


class LedgerForm(forms.Form):
    """The filters, which are the address of the page."""

    office = forms.ModelChoiceField(
        label=gettext_lazy("Office"), queryset=Office.objects.none(), to_field_name="code", required=False,
        empty_label=gettext_lazy("all my offices"), error_messages={"invalid_choice": gettext_lazy("Choose one of your offices.")},
    )  # fmt: skip
    since = forms.DateField(
        label=gettext_lazy("From"), widget=forms.DateInput({"type": "date"}),
        error_messages={"required": gettext_lazy("Enter the first day."), "invalid": gettext_lazy("Enter the day like 2026-11-02.")},
    )  # fmt: skip
    until = forms.DateField(
        label=gettext_lazy("To"), widget=forms.DateInput({"type": "date"}),
        error_messages={"required": gettext_lazy("Enter the last day."), "invalid": gettext_lazy("Enter the day like 2026-11-30.")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind of matter"), required=False, choices=[("", gettext_lazy("all")), *ServiceRequest.Kind.choices]
    )
    channel = forms.ChoiceField(
        label=gettext_lazy("How they came"), required=False, choices=[("", gettext_lazy("all")), *ServiceRequest.Channel.choices]
    )
    status = forms.ChoiceField(label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("all")), *CELLS.items()])
    origin = forms.ChoiceField(
        label=gettext_lazy("Origin"), required=False,
        choices=[("", gettext_lazy("all but the paper ledger")), *ServiceRequest.Origin.choices],
    )  # fmt: skip

    use_required_attribute = False

    def __init__(self, *args, offices, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.filter(pk__in=offices).exclude(kind=Office.Kind.COUNTY)
        for name in ("channel", "status", "origin"):
            self.fields[name].error_messages["invalid_choice"] = _("Choose one of the list.")

    def clean(self):
        cleaned = super().clean()
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first. Swap them."))
        elif since and until and (until - since).days > LONGEST_DAYS:
            self.add_error("until", _("At most a year at a time. Choose a shorter span."))
        return cleaned


@require_safe
def ledger(request):
    """One office, from day to day: the sums, and a page of 50 cases."""
    offices = offices_of(request.user)
    if not offices:
        raise PermissionDenied(_("The ledger belongs to the offices that handle cases and to those who supervise them."))
    now = timezone.now()
    asked = _asked(request, offices, timezone.localdate(now))
    form = LedgerForm(asked, offices=offices)
    if not form.is_valid():
        return render(request, "requests/ledger/ledger.html", {"form": form}, status=422)
    chosen = form.cleaned_data
    base = _cases(request.user, chosen, offices)
    old_ledger = chosen["origin"] == ServiceRequest.Origin.OLD_LEDGER
    if chosen["origin"] in (ServiceRequest.Origin.LIVE, ServiceRequest.Origin.SLIP):
        base = base.filter(origin=chosen["origin"])
    sums = statistics.sums(base, now, old_ledger=old_ledger)
    state = chosen["status"] or "given"
    listed = base.filter(statistics.OLD if old_ledger else ~statistics.OLD).filter(statistics.cells(now)[state])
    # The number of rows is a sum already made: the paginator need not count again.
    paginator = Paginator(_CountedList(listed.order_by("received_at", "pk"), sums[state]), PAGE)
    page = paginator.get_page(request.GET.get("page"))
    start = (page.number - 1) * PAGE
    rows = [_row(case, start + n, now, show_office=chosen["office"] is None) for n, case in enumerate(page.object_list, start=1)]
    context = {
        "form": form, "page_obj": page, "rows": rows, "columns": COLUMNS, "sums": _shown(sums, asked),
        "place": chosen["office"] or _("all my offices"),
        "adds_up": sums.adds_up, "number": sums[state], "state": CELLS[state],
        "span": (say_date(chosen["since"]), say_date(chosen["until"])),
        "old_ledger": sums.old_ledger if not chosen["origin"] else 0,
        "old_ledger_url": _url(asked, origin=ServiceRequest.Origin.OLD_LEDGER, status=""),
        "is_old_ledger": old_ledger,
    }  # fmt: skip
    return render(request, "requests/ledger/ledger.html", context)


class _CountedList:
    """A queryset whose length is known."""

    def __init__(self, cases: QuerySet, length: int):
        self.cases, self.length = cases, length
        self.ordered = True

    def count(self) -> int:
        return self.length

    def __len__(self) -> int:
        return self.length

    def __getitem__(self, piece):
        related = ("key", "applicant", "village", "edition", "first_asked", "holder", "office")
        asked_again = Event.objects.filter(service_request=OuterRef("pk"), verb="ask_materials")
        lacked = MaterialReceipt.objects.filter(service_request=OuterRef("pk"), state__in=LACKING)
        cases = self.cases.select_related(*related).annotate(asked_again=Exists(asked_again), lacked=Exists(lacked))
        return list(cases[piece])


def _asked(request, offices: frozenset[int], today: date) -> dict[str, str]:
    """What the address says; left out: the person's own office (from the centre all of them), this month, everything."""
    asked = {name: request.GET.get(name, "") for name in LedgerForm.base_fields}
    own = request.user.office
    if "office" not in request.GET and own is not None and own.pk in offices and own.kind not in OVERLOOKING:
        asked["office"] = own.code
    asked["since"] = asked["since"] or today.replace(day=1).isoformat()
    asked["until"] = asked["until"] or today.isoformat()
    return asked


def _cases(user, chosen: dict, offices: frozenset[int]) -> QuerySet[ServiceRequest]:
    """Everything received by this office in the span, days counted in local time."""
    cases = visible(user).filter(
        office_id__in=[chosen["office"].pk] if chosen["office"] else sorted(offices),
        received_at__gte=_midnight(chosen["since"]),
        received_at__lt=_midnight(chosen["until"] + timedelta(days=1)),
    )
    return cases.filter(**{name: chosen[name] for name in ("kind", "channel") if chosen[name]})


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _row(case: ServiceRequest, number: int, now: datetime, *, show_office: bool) -> dict:
    """One line of the ledger, as text. Name and phone are masked; the page of the case shows more to whom it may."""
    is_open_to_all = case.kind != ServiceRequest.Kind.MEDIATION  # of a mediation, state and date only
    person = persons.masked(case) if is_open_to_all and hasattr(case, "applicant") else {}
    return {
        "n": number,
        "number": case.number,
        "url": case.get_absolute_url(),
        "received_on": f"{timezone.localtime(case.received_at):%Y-%m-%d}",
        "received_at": f"{timezone.localtime(case.received_at):%H:%M}",
        "channel": case.get_channel_display(),
        "name": person.get("name") or case.key.name_masked or "—",
        "phone": person.get("phone", ""),
        "village": str(case.village or "—"),
        "item": case.title,
        "first_asked": case.first_asked.name,
        "holder": case.holder.name if case.holder else _("nobody"),
        "office": case.office.name if show_office else "",
        "complete": _complete(case),
        "result": case.get_outcome_display() or case.get_status_display(),
        "decided": f"{timezone.localtime(case.decided_at):%Y-%m-%d}" if case.decided_at else "—",
        "late": _late(case, now),
        "remark": _("from paper slip") if case.origin == ServiceRequest.Origin.SLIP else case.old_number,
    }


def _complete(case: ServiceRequest) -> str:
    if case.kind == ServiceRequest.Kind.CONSULTATION:
        return "—"
    if case.asked_again:
        return _("no, asked again")
    return _("no, something was missing") if case.lacked else _("yes")


def _late(case: ServiceRequest, now: datetime) -> dict[str, object]:
    """The same two conditions as the cells `open_late` and `done_late`."""
    end = case.decided_at if case.status in (ServiceRequest.Status.DECIDED, ServiceRequest.Status.CLOSED) else now if case.is_open else None
    if case.due_at is None or end is None:
        return {"text": "—", "is_late": False}
    return {"text": _("late"), "is_late": True} if end > case.due_at else {"text": _("in time"), "is_late": False}


def _url(asked: dict[str, str], **more: str) -> str:
    return "/ledger/?" + urlencode({name: value for name, value in (asked | more).items() if value or name == "office"})


def _shown(sums: statistics.Sums, asked: dict[str, str]) -> list[dict]:
    """Each sum with its parts; every number is the address of its cases."""

    def cell(name: str) -> dict:
        return {"label": CELLS[name], "count": sums[name], "url": _url(asked, status=name)}

    return [cell(whole) | {"parts": [cell(part) for part in parts]} for whole, parts in statistics.PARTS.items()]
