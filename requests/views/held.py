"""/desk/hold/ puts a half-filled form aside; /desk/held/ lists what waits for me."""

import re

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from requests import held_forms
from requests.reasons import say_moment
from services.listing import listing

NEW_CASE = re.compile(r"^/desk/new/([^/?]+)/")
CASE_PAGE = re.compile(r"^/desk/([0-9]+-[^/?]+)/")


@require_POST
def hold(request) -> HttpResponse:
    """Keep the form and let a colleague take over."""
    row = held_forms.hold(request.user, request.POST.get("held_path", ""), request.POST, timezone.now())
    if row is None:
        messages.error(request, _("This form could not be put aside. Go back in the browser; what you typed is still there."))
        return redirect("/desk/held/")
    if request.POST.get("held"):
        _drop_older(request, row.pk)
    messages.success(request, _("Put aside: %(what)s. It waits under “Half-filled forms”.") % {"what": what(row.path)})
    return redirect("/accounts/switch/?next=/desk/")


def _drop_older(request, pk: int) -> None:
    """A page opened from a kept form and put aside under another address is one form, not two."""
    if request.POST["held"] != str(pk):
        held_forms.drop(request.user, request.POST["held"])


@require_safe
def waiting(request) -> HttpResponse:
    """My half-filled forms, newest first."""
    rows = [
        {"pk": one.pk, "url": one.url, "what": what(one.path), "held_at": say_moment(timezone.localtime(one.held_at))}
        for one in held_forms.waiting_for(request.user)
    ]
    return render(request, "requests/held/list.html", {"rows": rows})


@require_POST
def throw_away(request) -> HttpResponse:
    held_forms.drop(request.user, request.POST.get("held_form", ""))
    messages.success(request, _("Thrown away."))
    return redirect("/desk/held/")


def what(path: str) -> str:
    """What the form is about, without anything of the person in it."""
    new = NEW_CASE.match(path)
    if new:
        entry = listing().by_code.get(new[1])
        return _("New case: %(item)s") % {"item": entry.name if entry else new[1]}
    case = CASE_PAGE.match(path)
    return _("Case %(number)s") % {"number": case[1]} if case else path.partition("?")[0]
