"""A form of the desk that comes in too late, or from the wrong person, is kept instead of thrown away.

Desk forms carry `held_owner`: signed, whose page it was. Three things can have happened since the page was opened: the desk
locked itself after half an hour, a colleague took over in another tab, or somebody signed in anew, so that the token
of the form is stale. Each time the fields are kept for the owner, nothing else is done with them, and the way back is shown.
The signed mark is on the owner's own pages only, so no other site can make such a post.
"""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from requests import held_forms

HOLD = "/desk/hold/"
SENT = (302, 303)


class HeldFormMiddleware:
    """Stands after the session and before the sign-in guard; the token of the form was checked before."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if _was_sent(request, response):
            held_forms.drop(request.user, request.POST.get("held"))
        return response

    def process_view(self, request, view, args, kwargs):
        mark = _mark(request)
        if not mark or held_forms.is_owner(mark, request.user):
            return None
        owner = held_forms.owner_of(mark)
        return None if owner is None or request.user == owner else _keep(request, owner)


def rescue(request) -> HttpResponse | None:
    """For the page of a refused token: the same form, kept; None when there is nothing to keep or nobody to keep it for."""
    owner = _owner(request)
    return _keep(request, owner) if owner is not None else None


def _mark(request) -> str:
    """The signed mark of a form of the desk; "" for everything else."""
    if request.method != "POST" or not request.path.startswith("/desk/"):
        return ""
    return request.POST.get("held_owner", "")


def _owner(request):
    mark = _mark(request)
    return held_forms.owner_of(mark) if mark else None


def _keep(request, owner) -> HttpResponse | None:
    row = held_forms.hold(owner, request.POST.get("held_path") or request.get_full_path(), request.POST, timezone.now())
    if row is None:
        return None
    request.is_held = True
    page = held_forms.reopening(row.path, row.pk)
    if not request.user.is_authenticated:
        return redirect("/accounts/login/?" + urlencode({"next": page}))
    if request.user != owner:
        messages.warning(request, _("This form belongs to %(name)s and was kept for that person. Nothing was sent.") % {"name": owner.name})
        return redirect("/accounts/switch/?" + urlencode({"next": page}))
    messages.warning(request, _("Nothing was sent: you had signed in anew meanwhile. Here is what you typed; check it and send it again."))
    return redirect(page)


def _was_sent(request, response) -> bool:
    """A form reopened from the kept ones went through: its view answered with a redirect."""
    if request.method != "POST" or response.status_code not in SENT or getattr(request, "is_held", False):
        return False
    if not request.path.startswith("/desk/") or request.path == HOLD or not request.user.is_authenticated:
        return False
    return bool(request.POST.get("held"))
