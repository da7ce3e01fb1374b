"""/desk/turned-away/: who left without a case. /desk/supplement/: second lists to approve, answers that are late, and the counts."""

import uuid
from datetime import datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from officials.models import User
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from requests import offering
from requests.lifecycle import Refused
from requests.models import LateNotice, SupplementNotice, TurnedAway
from requests.reasons import say_date, say_moment
from requests.season.windows import outside
from requests.supplement import figures, waiting
from requests.supplement.turned_away import log_turned_away
from requests.window_today import intake_office
from services.models import Edition, Material

Why = TurnedAway.Why
ROWS = 50


class TurnedAwayForm(forms.Form):
    """Ticks only: nothing that could name a person."""

    form_token = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)
    why = forms.ChoiceField(label=gettext_lazy("Why"), choices=Why.choices, initial=Why.MATERIALS, widget=forms.RadioSelect)
    missing = forms.MultipleChoiceField(
        label=gettext_lazy("What was missing"), required=False, widget=forms.CheckboxSelectMultiple
    )

    use_required_attribute = False

    def __init__(self, *args, edition: Edition, **options) -> None:
        options.setdefault("initial", {"form_token": uuid.uuid4().hex})
        super().__init__(*args, **options)
        if self.initial.get("why") not in Why.values:
            self.initial.pop("why", None)
        lines = [material for material in offering.checklist(edition) if material.form != Material.Form.SHARED]
        self.fields["missing"].choices = [(str(line.pk), line.name) for line in lines]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("why") == Why.MATERIALS and not cleaned.get("missing") and "missing" not in self.errors:
            self.add_error("missing", _("Tick what was missing."))
        return cleaned


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def turned_away(request):
    """First the item, then what was missing; below, what was logged lately."""
    now = timezone.now()
    held = rights(request.user)
    offices = held.where(TAKE_IN, HEAD, SUPERVISE, INSPECT)
    may_log = held.has(TAKE_IN)
    if not offices or request.method == "POST" and not may_log:
        raise PermissionDenied(_("This belongs to the windows, and to those who look after them."))
    office = intake_office(request.user) if may_log else None
    code = request.POST.get("item", "") or request.GET.get("item", "")
    edition = offering.by_code(office.township_id, code) if office and code else None
    # The page of an item that is not taken in now leads here with its reason chosen.
    initial = {"form_token": uuid.uuid4().hex, "why": request.GET.get("why", "")}
    form = TurnedAwayForm(request.POST if request.method == "POST" else None, edition=edition, initial=initial) if edition else None
    if request.method == "POST" and form is not None and form.is_valid():
        data = form.cleaned_data
        try:
            log_turned_away(
                office, edition, why=data["why"], missing=[int(pk) for pk in data["missing"]], form_token=data["form_token"],
                by=request.user, now=now,
            )  # fmt: skip
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Noted. Give the person the list of what to bring."))
            return redirect("/desk/turned-away/")
    since = _month(now)
    counted = figures.turned_away(offices, since, now)
    context = {
        "form": form,
        "edition": edition,
        "outside_window": outside(edition, timezone.localdate(now)) if edition else "",
        "items": offering.published_in(office.township_id) if office else [],
        "rows": _lately(offices),
        "since": say_date(timezone.localdate(since)),
        "counts": [(str(Why(why).label), count) for why, count in counted.items()],
        "total": sum(counted.values()),
    }
    return render(request, "requests/supplement/turned_away.html", context, status=422 if form is not None and form.is_bound else 200)


def _month(now: datetime) -> datetime:
    return timezone.localtime(now).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _lately(offices: frozenset[int]) -> list[dict[str, str]]:
    rows = list(TurnedAway.objects.filter(office_id__in=offices).select_related("item", "office", "by")[:ROWS])
    names = dict(Material.objects.filter(pk__in={pk for row in rows for pk in row.missing}).values_list("pk", "name"))
    return [_turned_away_row(row, names) for row in rows]


def _turned_away_row(row: TurnedAway, names: dict[int, str]) -> dict[str, str]:
    edition = offering.by_item(row.item)
    return {
        "at": say_moment(timezone.localtime(row.at)),
        "item": edition.name if edition else row.item.code,
        "why": str(row.get_why_display()),
        "missing": _(", ").join(names[pk] for pk in row.missing if pk in names),
        "by": f"{row.by.name} · {row.office.name}",
    }


@require_safe
def lists(request):
    """Second lists that wait for their head, answers on acceptance that are late, and the counts of this year."""
    held = rights(request.user)
    if not held.where(HANDLE, HEAD, SUPERVISE, INSPECT):
        raise PermissionDenied(_("This belongs to the offices that handle cases and to those who supervise them."))
    now = timezone.now()
    leads = held.where(HEAD, SUPERVISE, INSPECT)
    since = timezone.localtime(now).replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    late = waiting.late_unanswered(request.user)
    settled = waiting.late_notices(request.user).exclude(pk__in=late.order_by().values("pk"))
    context = {
        "asked": [_asked_row(row) for row in waiting.asked_for(request.user)],
        "late": [_late_row(row) for row in late[:ROWS]],
        "late_total": late.count(),
        "settled": [_late_row(row) for row in settled[:ROWS]],
        "settled_total": settled.count(),
        "leads": bool(leads),
        "causes": [(str(SupplementNotice.Cause(cause).label), n) for cause, n in figures.by_cause(leads, since, now).items()],
        "faults": _named(figures.faults(leads, since, now)),
        "year": since.year,
    }
    return render(request, "requests/supplement/lists.html", context)


def _asked_row(row: SupplementNotice) -> dict[str, str]:
    case = row.service_request
    return {
        "number": case.number, "url": case.get_absolute_url(), "item": case.title, "cause": str(row.get_cause_display()),
        "by": row.requested_by.name, "at": say_moment(timezone.localtime(row.requested_at)),
    }  # fmt: skip


def _late_row(row: LateNotice) -> dict[str, str]:
    case = row.service_request
    return {
        "number": case.number, "url": case.get_absolute_url(), "item": case.title, "office": row.office.name,
        "holder": row.holder.name if row.holder else _("Nobody holds it"), "due": say_date(timezone.localdate(row.due_at)),
        "state": str(case.get_status_display()), "deemed": _("counts as accepted by the rule of the item") if row.deemed_accepted else "",
    }  # fmt: skip


def _named(counts: dict[int, int]) -> list[tuple[str, int]]:
    names = dict(User.objects.filter(pk__in=counts).values_list("pk", "name"))
    return sorted(((names[pk], count) for pk, count in counts.items()), key=lambda pair: -pair[1])
