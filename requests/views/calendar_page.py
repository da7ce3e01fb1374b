"""The centre's calendar: the days of a year, a change with its before/after list, and the confirmation of a new year.

Each change takes two posts to the same address: the first shows what would move, the second, with the same fields
hidden in it, does it. Nothing is kept between them.
"""

from datetime import date, datetime

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from officials.calendar import calendar_for
from officials.forms import PlainCharField
from officials.models import CalendarDay, CalendarYear, Office, Township
from officials.permissions import CALENDAR, rights
from officials.workdays import say_name
from requests import calendar_changes
from requests.calendar_changes import Entry, Moved, Plan
from requests.lifecycle import Refused
from requests.permissions import visible
from requests.reasons import say_date

FIRST_YEAR = 2024
YEARS_AHEAD = 2
SHOWN_MOVES = 200


class DayForm(forms.Form):
    """One day of this centre: a closure, a make-up day, or back to what the week says."""

    date = forms.DateField(
        label=gettext_lazy("Day"), widget=forms.DateInput({"type": "date"}),
        error_messages={"required": gettext_lazy("Enter the day."), "invalid": gettext_lazy("Enter the day like 2026-11-30.")},
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind of day"), widget=forms.RadioSelect,
        choices=[
            ("rest", gettext_lazy("the centre is closed")), ("work", gettext_lazy("the centre works")),
            ("remove", gettext_lazy("take the entry of this day away")),
        ],
        error_messages={
            "required": gettext_lazy("Choose what kind of day it is."), "invalid_choice": gettext_lazy("Choose one of the three."),
        },
    )  # fmt: skip
    name = PlainCharField(
        label=gettext_lazy("Name of the day"), max_length=60, required=False,
        help_text=gettext_lazy("As residents will read it in “why this date”, such as 暴雪停办."),
    )  # fmt: skip
    source = PlainCharField(
        label=gettext_lazy("Decided by"), max_length=120, help_text=gettext_lazy("The notice or the person, with its date."),
        error_messages={"required": gettext_lazy("Say which notice or who decided this.")},
    )  # fmt: skip
    everywhere = forms.BooleanField(
        label=gettext_lazy("Change the entry announced for the whole country"), required=False,
        help_text=gettext_lazy("Only to put a wrongly entered announcement right. Otherwise the day is this centre's own."),
    )  # fmt: skip
    use_required_attribute = False

    def clean(self):
        cleaned = super().clean()
        day, kind = cleaned.get("date"), cleaned.get("kind")
        last = timezone.localdate().year + YEARS_AHEAD
        if day and not FIRST_YEAR <= day.year <= last:
            self.add_error("date", _("Enter a day between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": last})
        if kind in ("rest", "work") and not cleaned.get("name"):
            self.add_error("name", _("Give the day a name."))
        return cleaned

    def plan(self, township: Township) -> Plan:
        cleaned = self.cleaned_data
        kind = "" if cleaned["kind"] == "remove" else cleaned["kind"]
        entry = Entry(cleaned["date"], kind, cleaned["name"], cleaned["source"])
        return Plan((entry,), None if cleaned["everywhere"] else township.pk)


class YearForm(forms.Form):
    """The announced days of a year, pasted as lines."""

    year = forms.IntegerField(
        label=gettext_lazy("Year"), widget=forms.NumberInput({"inputmode": "numeric"}),
        error_messages={"required": gettext_lazy("Enter the year."), "invalid": gettext_lazy("Enter the year in four digits.")},
    )  # fmt: skip
    source = PlainCharField(
        label=gettext_lazy("Announcement"), max_length=120,
        help_text=gettext_lazy("Title and number of the notice of the General Office of the State Council."),
        error_messages={"required": gettext_lazy("Enter the title of the announcement.")},
    )  # fmt: skip
    days = PlainCharField(
        label=gettext_lazy("Days"), max_length=6000, multiline=True,
        help_text=gettext_lazy("One line a day or stretch: 2027-01-01 休 元旦 · 2027-10-01至2027-10-07 休 国庆节 · 2027-02-06 班 调休上班"),
        error_messages={"required": gettext_lazy("Enter the announced days, one line each.")},
    )  # fmt: skip
    use_required_attribute = False

    def clean_year(self):
        year = self.cleaned_data["year"]
        last = timezone.localdate().year + YEARS_AHEAD
        if not FIRST_YEAR <= year <= last:
            raise forms.ValidationError(_("Enter a year between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": last})
        return year

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("year") and cleaned.get("days") and cleaned.get("source"):
            self.entries, faults = calendar_changes.read_lines(cleaned["days"], cleaned["year"], cleaned["source"])
            for fault in faults[:20]:
                self.add_error("days", fault)
        return cleaned

    def plan(self, township: Township) -> Plan:
        return Plan(tuple(self.entries), None, self.cleaned_data["year"])


@require_safe
def calendar_page(request):
    """The days of a year that differ from the plain week, and whether the year is confirmed."""
    township = _township(request.user)
    today = timezone.localdate()
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdigit() and len(text) == 4 else today.year
    years = range(FIRST_YEAR, today.year + YEARS_AHEAD + 1)
    year = year if year in years else today.year
    rows = CalendarDay.objects.filter(Q(township__isnull=True) | Q(township=township), date__year=year)
    context = {
        "year": year, "years": years, "confirmed": CalendarYear.objects.filter(year=year).select_related("confirmed_by").first(),
        "days": [_shown_day(row) for row in rows.order_by("date", "township")],
        "workdays": calendar_for(township.pk).between(date(year - 1, 12, 31), date(year, 12, 31)),
        "form": None,
    }  # fmt: skip
    return render(request, "requests/calendar/year.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def change_day(request):
    """Add, change or remove one day: first what would move, then the change."""
    initial = {"kind": "rest"}
    if request.method != "POST" and (row := _asked_row(request.GET.get("day", ""), request.GET.get("own", ""), _township(request.user))):
        initial = {"date": row.date, "kind": row.kind, "name": row.name, "source": row.source, "everywhere": row.township_id is None}
    heading = {"title": _("Change a day"), "action": "/desk/calendar/day/"}
    return _change(request, DayForm, initial, heading)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_year(request):
    """Enter the announced days of a year and confirm it: provisional dates of open cases become firm."""
    year = timezone.localdate().year + 1
    initial = {"year": year, "days": calendar_changes.as_lines(year), "source": f"国务院办公厅关于{year}年部分节假日安排的通知"}
    heading = {"title": _("Enter and confirm a year"), "action": "/desk/calendar/year/", "is_year": True}
    return _change(request, YearForm, initial, heading)


def _change(request, form_class, initial: dict, heading: dict):
    """The two posts both pages share: preview, confirm."""
    township = _township(request.user)
    if request.method != "POST":
        return render(request, "requests/calendar/change.html", heading | {"form": form_class(initial=initial)})
    form = form_class(request.POST)
    if not form.is_valid():
        return render(request, "requests/calendar/change.html", heading | {"form": form}, status=422)
    if "back" in request.POST:
        return render(request, "requests/calendar/change.html", heading | {"form": form})
    plan = form.plan(township)
    if "confirm" in request.POST:
        return _confirmed(request, form, plan, heading, timezone.now())
    mark = calendar_changes.mark()  # before the preview: a change in between is found out, not slept through
    moved = calendar_changes.preview(plan)
    seen = set(visible(request.user).filter(pk__in=[case.pk for case, _fresh in moved[:SHOWN_MOVES]]).values_list("pk", flat=True))
    context = heading | {
        "form": form, "mark": mark, "entries": [_shown_entry(entry) for entry in plan.entries], "count": len(moved),
        "moved": [_shown_move(pair, seen) for pair in moved[:SHOWN_MOVES]], "more": max(len(moved) - SHOWN_MOVES, 0),
        "missing": _(", ").join(calendar_changes.missing_holidays(plan.entries)) if plan.year else "",
    }  # fmt: skip
    return render(request, "requests/calendar/preview.html", context)


def _confirmed(request, form, plan: Plan, heading: dict, now: datetime):
    source, mark = form.cleaned_data["source"], request.POST.get("mark", "")
    seen = int(mark) if mark.isascii() and mark.isdigit() and len(mark) < 19 else 0  # 0 is no state of the calendar
    try:
        count = calendar_changes.apply(plan, reason=source, source=source, by=request.user, now=now, seen=seen)
    except Refused as refused:
        if calendar_changes.is_in_force(plan):
            messages.success(request, _("The calendar says so already."))
            return HttpResponseRedirect(f"/desk/calendar/?year={plan.first.year}")
        form.add_error("year" if plan.year else "date", str(refused))
        return render(request, "requests/calendar/change.html", heading | {"form": form}, status=409)
    messages.success(request, _("The calendar was changed. Open cases with a new date: %(count)s.") % {"count": count})
    return HttpResponseRedirect(f"/desk/calendar/?year={plan.first.year}")


def _township(user) -> Township:
    """The township whose calendar this person keeps; nobody else comes in."""
    held = rights(user).where(CALENDAR)
    if not held:
        raise PermissionDenied(_("The calendar belongs to those who may edit it: ask the supervisor."))
    return Office.objects.select_related("township").get(pk=min(held)).township


def _asked_row(text: str, own: str, township: Township) -> CalendarDay | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return CalendarDay.objects.filter(date=day, township=township if own else None).first()


def _shown_day(row: CalendarDay) -> dict:
    return {
        "date": say_date(row.date), "kind": row.get_kind_display(), "is_work": row.kind == CalendarDay.Kind.WORK,
        "name": say_name(row.name), "source": row.source, "scope": _("this centre") if row.township_id else _("the whole country"),
        "url": f"/desk/calendar/day/?day={row.date}{'&own=1' if row.township_id else ''}",
    }  # fmt: skip


def _shown_entry(entry: Entry) -> dict:
    kind = CalendarDay.Kind(entry.kind).label if entry.kind else _("as the week says")
    return {"date": say_date(entry.date), "kind": kind, "name": say_name(entry.name)}


def _shown_move(pair: Moved, seen: set[int]) -> dict:
    """Before and after of one case. A case of an office not mine is counted and dated, but not named."""
    case, fresh = pair
    return {
        "number": case.number, "url": case.get_absolute_url() if case.pk in seen else "",
        "item": case.title if case.pk in seen else "—", "office": case.office.name,
        "before": _say_due(case), "after": _say_due(fresh),
        "also": _shifts(case, fresh),
    }  # fmt: skip


def _shifts(case, fresh) -> list[str]:
    """The dates that move besides the one of the lists, which stands in columns of its own."""
    said = []
    if case.promised_on != fresh.promised_on and fresh.due_kind != fresh.DueKind.PROMISED:
        said.append(_("promised %(before)s → %(after)s") % {"before": _say(case.promised_on), "after": _say(fresh.promised_on)})
    if case.legal_on != fresh.legal_on:
        said.append(_("legal limit %(before)s → %(after)s") % {"before": _say(case.legal_on), "after": _say(fresh.legal_on)})
    return said


def _say_due(case) -> str:
    return f"{_say(case.due_on)} {_('(provisional)')}" if case.is_provisional else _say(case.due_on)


def _say(day: date | None) -> str:
    return say_date(day) if day else "—"
