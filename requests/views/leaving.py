"""/desk/accounts/<pk>/close/: what the person holds and to whom it falls, then the account is closed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from officials.models import User
from requests import leaving
from requests.lifecycle import Refused


@require_http_methods(["GET", "HEAD", "POST"])
def close_account(request, pk: str) -> HttpResponse:
    if not request.user.is_staff:
        raise PermissionDenied(_("Accounts are closed by the administration."))
    person = get_object_or_404(User, pk=int(pk), is_job=False)
    sentence = ""
    if request.method == "POST":
        try:
            moved = leaving.close_account(person, by=request.user, now=timezone.now())
        except Refused as refused:
            sentence = str(refused)
        else:
            told = _("The account of %(name)s is closed. Passed on: %(n)s")
            messages.success(request, told % {"name": person.name, "n": len(moved)})
            return redirect(f"/admin/officials/user/{person.pk}/change/")
    context = {"person": person, "falls": leaving.preview(person), "posts": leaving.posts_of(person), "sentence": sentence}
    return render(request, "requests/case/close_account.html", context, status=409 if sentence else 200)
