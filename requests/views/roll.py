"""/desk/roll/: the roll of benefits: what to check, to confirm and to review, soonest first; a row, and what is done to it."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from officials.audit import verb
from officials.models import AccessRecord, Office
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, rights
from officials.privacy.masking import mask_id, mask_phone
from requests.directory import directory
from requests.forms.reveal import RevealForm
from requests.forms.roll import FORMS, DeathForm
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Beneficiary, DeathReport, RollEvent
from requests.reasons import say_date, say_moment
from requests.roll import lists, people, verbs
from services.models import Item

PER_PAGE = 20
LABELS = {
    "work": lambda: _("To do"), "check": lambda: _("To check"), "stopping": lambda: _("Stops to confirm"),
    "late": lambda: _("Reviews overdue"),
    "due": lambda: _("Due reviews"),
    "incomplete": lambda: _("Standard missing"), "running": lambda: _("All who draw"), "stopped": lambda: _("Stopped"),
}  # fmt: skip


@never_cache
@require_safe
def roll(request) -> HttpResponse:
    """Work list and call list in one: the phone stands masked beside each row, in full on asking."""
    if not rights(request.user).where(HANDLE, HEAD, SUPERVISE, INSPECT):
        raise PermissionDenied(_("The roll is kept by the office that handles the item."))
    today = timezone.localdate()
    asked = {name: request.GET.get(name, "")[:40] for name in ("which", "item", "village")}
    which = asked["which"] if asked["which"] in lists.WHICH else lists.WORK
    page = Paginator(lists.chosen(request.user, which, today, asked["item"], asked["village"]), PER_PAGE).get_page(request.GET.get("page"))
    counts, reported = lists.counts(request.user, today), lists.reported_deaths(page.object_list)
    mine = lists.visible(request.user)
    context = {
        "page_obj": page,
        "rows": [_line(row, today) | {"death": _death(reported.get(row.pk))} for row in page.object_list],
        "lists": [{"url": f"/desk/roll/?which={name}", "label": LABELS[name](), "count": counts[name], "current": name == which}
                  for name in lists.WHICH],
        "which": which, "title": LABELS[which](), "asked": asked,
        "items": _items(mine),
        "villages": Office.objects.filter(pk__in=mine.values("village_id")),
        "unchecked": [(case, _day(case.decided_at)) for case in lists.deaths_not_checked(request.user)[:20]],
        "may_report": bool(rights(request.user).where(HANDLE)),
    }  # fmt: skip
    return render(request, "requests/roll/list.html", context)


def _items(rows) -> list[tuple[str, str]]:
    """Code and name of the items on the roll."""
    found, names = Item.objects.filter(pk__in=rows.order_by().values("item_id")), directory().item_names
    return [(item.code, names.get(item.pk, item.code)) for item in found]


def _line(row: Beneficiary, today) -> dict:
    return {
        "row": row,
        "phone": mask_phone(people.person_of(row).get("phone", "")),
        "next": say_date(row.next_review_on) if row.next_review_on else "",
        "days_late": max(0, (today - row.next_review_on).days) if row.next_review_on and row.state == Beneficiary.State.RUNNING else 0,
        "since": _month(row.from_month),
    }


def _day(moment) -> str:
    return say_date(timezone.localdate(moment)) if moment else ""


def _death(event: RollEvent | None) -> str:
    """Which day, from where, and since when it waits: what the one who checks asks first."""
    if event is None:
        return ""
    day = event.facts.get("died_on")
    died = _("Died on %(day)s") % {"day": say_date(date.fromisoformat(day))} if day else _("day of death not told")
    source = dict(DeathReport.Source.choices).get(event.facts.get("source"), "")
    return " · ".join(filter(None, [died, str(source), _("reported on %(day)s") % {"day": _day(event.at)}]))


def _month(day) -> str:
    return _("%(year)s-%(month)s") % {"year": day.year, "month": f"{day.month:02d}"} if day else ""


def _visible(request, pk: str) -> Beneficiary:
    """The loader is the permission check."""
    row = lists.visible(request.user).select_related("service_request", "township").filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


@never_cache
@require_safe
def page(request, pk: str) -> HttpResponse:
    row = _visible(request, pk)
    person = people.person_of(row)
    refused = {name: verbs.refusal(name, row, request.user) for name in verbs.MOVES}
    context = {
        "row": row,
        "line": _line(row, timezone.localdate()),
        "id_number": mask_id(person.get("id_number", "")),
        "standard": people.open_for(row, row.standard, "standard") or "",
        "stop_from": _month(row.stop_from),
        "moves": [move for name in _first_things_first(row) if not refused[name] for move in _moves(row, name)],
        "may_reveal": bool(person) and row.office_id in rights(request.user).where(HANDLE, HEAD, INSPECT),
        "death": _death(lists.reported_deaths([row]).get(row.pk)),
        "entries": [_entry(row, event) for event in row.events.select_related("by")],
    }
    return render(request, "requests/roll/row.html", context)


def _first_things_first(row: Beneficiary) -> list[str]:
    """What the row waits for in front: a death to be checked, the amount, the review; the amount once entered comes after them."""
    wanted = ["clear_check", "review", "terms"] if row.standard or row.check_for else ["terms", "review"]
    return wanted + [name for name in verbs.MOVES if name not in wanted]


def _moves(row: Beneficiary, name: str) -> list[tuple[str, Any]]:
    """Address and label of what can be done; a stop is one outcome of the review, and found by its own name."""
    found = [(_address(row, name), verbs.MOVES[name].label)]
    return [*found, (f"{_address(row, name)}?outcome={verbs.STOP}", _("Stop the payment"))] if name == "review" else found


def _address(row: Beneficiary, name: str) -> str:
    return f"{row.get_absolute_url()}{name.replace('_', '-')}/"


def _entry(row: Beneficiary, event: RollEvent) -> dict[str, str]:
    said = people.open_for(row, event.sealed, "event") or {}
    since = event.facts.get("from_month")
    parts = [_("From %(month)s.") % {"month": _month(date.fromisoformat(since))}] if since else []
    parts += [_death(event)] if event.verb == RollEvent.Verb.DEATH_REPORTED else []
    parts += [said[key] for key in ("text", "standard", "back_pay", "told") if said.get(key)]
    when = say_moment(timezone.localtime(event.at))
    return {"title": str(event.get_verb_display()), "when": when, "who": event.by.name, "text": " · ".join(parts), "state": "done"}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, pk: str, word: str) -> HttpResponse:
    """One view for everything done to a row. Not this person: 403; not in this state: 409."""
    row, form_class, now = _visible(request, pk), FORMS[word], timezone.now()
    sentence = verbs.refusal(form_class.name, row, request.user)
    if sentence:
        is_state = verbs.may_in_principle(form_class.name, row, request.user) and not _is_own_stop(form_class.name, row, request)
        status = 409 if is_state else 403
        return render(request, "requests/roll/refused.html", {"row": row, "sentence": sentence}, status=status)
    form = form_class(request.POST if request.method == "POST" else None, row=row, now=now)
    if "outcome" in form.fields and request.GET.get("outcome") == verbs.STOP:
        form.fields["outcome"].initial = verbs.STOP
    if request.method == "POST" and form.is_valid():
        try:
            form.perform(by=request.user, now=now)
        except AlreadyHandled as overtaken:
            return render(request, "requests/roll/refused.html", {"row": row, "sentence": str(overtaken)}, status=409)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Done: %(what)s.") % {"what": verbs.MOVES[form_class.name].label})
            return redirect(row)
    context = {"row": row, "form": form, "label": verbs.MOVES[form_class.name].label}
    return render(request, "requests/roll/act.html", context, status=422 if form.is_bound else 200)


def _is_own_stop(name: str, row: Beneficiary, request) -> bool:
    return name == "confirm_stop" and row.state == Beneficiary.State.STOPPING and row.stop_asked_by_id == request.user.pk


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request, pk: str) -> HttpResponse:
    """The person in full, for a call or a visit: once, for a reason, with a line in the record of looks."""
    row = _visible(request, pk)
    if row.office_id not in rights(request.user).where(HANDLE, HEAD, INSPECT) or row.forgotten_at:
        sentence = _("Your sign-in does not carry the right for this page. Nothing was changed.")
        return render(request, "requests/roll/refused.html", {"row": row, "sentence": sentence}, status=403)
    form = RevealForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason, subject = form.reason_in_the_log(), f"roll:{row.pk}"
        with verb("reveal", by=request.user, now=timezone.now(), subject=subject, reason=reason):
            AccessRecord.objects.create(at=timezone.now(), by=request.user, what=AccessRecord.What.REVEAL, subject=subject, reason=reason)
        return render(request, "requests/roll/reveal.html", {"row": row, "person": people.person_of(row)})
    return render(request, "requests/roll/reveal.html", {"row": row, "form": form}, status=422 if form.is_bound else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def death(request) -> HttpResponse:
    """A death typed in. Whose lists it stands on is told to nobody but those offices."""
    if not rights(request.user).where(HANDLE):
        raise PermissionDenied(_("This belongs to: %(who)s.") % {"who": _("the responsible office")})
    now = timezone.now()
    form = DeathForm(request.POST if request.method == "POST" else None, now=now, initial={"case": request.GET.get("case", "")[:40]})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        case = lists.deaths_not_checked(request.user).filter(number=data["case"]).first() if data["case"] else None
        township = case.township if case else request.user.office.township if request.user.office else None
        try:
            if township is None:
                raise Refused(_("Your account belongs to no office. Ask the administrator."))
            verbs.report_death(
                township, data["id_number"], source=data["source"], died_on=data["died_on"], case=case, by=request.user, now=now
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            found = lists.drawn_by(request.user, data["id_number"])
            messages.success(request, _matched(found))
            return redirect("/desk/roll/?which=check" if found else "/desk/roll/")
    return render(request, "requests/roll/death.html", {"form": form}, status=422 if form.is_bound else 200)


def _matched(found: list[Beneficiary]) -> str:
    """Whether somebody is this person, and on which lists: of those this account may see; other offices are told on their own lists."""
    if not found:
        return _("The roll was checked: nobody on the lists you may see is this person. "
                 "Other offices find theirs on top of their own lists.")
    who = _(", ").join(_("%(name)s, %(item)s") % {"name": row.key.name_masked, "item": row.edition.name} for row in found)
    return _("The roll was checked: this person draws %(n)s benefits on your lists (%(who)s). They stand on top, to be checked.") % {
        "n": len(found), "who": who
    }
