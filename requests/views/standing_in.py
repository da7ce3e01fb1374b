"""/desk/whereabouts/third/: holder and deputy are both away; the head names a third person, and ends it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from officials import staffing
from officials.models import Post, StandIn
from officials.permissions import HEAD, rights
from requests import standing_in
from requests.forms.desk import ThirdPersonForm
from requests.lifecycle import AlreadyHandled, Refused
from requests.reasons import say_moment

PAGE = "/desk/whereabouts/third/"
LONGEST_KEY = 15


def _admit(user) -> None:
    if not rights(user).has(HEAD):
        raise PermissionDenied(_("A third person is named by the head of the office."))


@require_http_methods(["GET", "HEAD", "POST"])
def third(request) -> HttpResponse:
    """GET: the empty posts, and the form for the one of `?post=`. POST: name the person."""
    _admit(request.user)
    now = timezone.now()
    posts = standing_in.empty_posts(request.user, now)
    post = _post(request, posts)
    form = ThirdPersonForm(request.POST if request.method == "POST" else None, post=post) if post else None
    status, refusal = 200, ""
    if request.method == "POST" and form is None:
        status, refusal = 422, _("Choose the post.")
    elif request.method == "POST" and form.is_valid():
        try:
            moved = standing_in.name_third(post, **form.cleaned_data, by=request.user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
            status = 409 if isinstance(refused, AlreadyHandled) else 422
        else:
            said = {"name": form.cleaned_data["person"].name, "post": post, "n": len(moved)}
            messages.success(request, _("%(name)s stands in at %(post)s. Cases handed over: %(n)s") % said)
            return redirect(PAGE)
    elif form is not None and form.is_bound:
        status = 422
    context = {"posts": posts, "post": post, "form": form, "refusal": refusal, "standing": _standing(request.user, now)}
    return render(request, "requests/case/third.html", context, status=status)


def _post(request, posts: list[Post]) -> Post | None:
    """The post asked for, also where somebody has just been named there; else the only empty one."""
    wanted = request.POST.get("post", "") or request.GET.get("post", "")
    if not wanted:
        return posts[0] if len(posts) == 1 else None
    if not (wanted.isascii() and wanted.isdigit() and len(wanted) <= LONGEST_KEY):
        raise Http404
    found = staffing.open_posts().filter(pk=int(wanted), office_id__in=rights(request.user).where(HEAD)).first()
    if found is None:
        raise Http404
    return found


def _standing(user, now) -> list[dict[str, Any]]:
    rows = staffing.in_force(now).filter(post__office_id__in=rights(user).where(HEAD)).select_related("post__office", "person", "by")
    return [
        {"row": row, "until": say_moment(timezone.localtime(row.until)), "since": say_moment(timezone.localtime(row.since)),
         "why": standing_in.why_of(row)}
        for row in rows
    ]  # fmt: skip


@require_POST
def end(request) -> HttpResponse:
    """The third person is not needed any more; the cases go back at once."""
    _admit(request.user)
    key = request.POST.get("stand_in", "")
    is_key = key.isascii() and key.isdigit() and len(key) <= LONGEST_KEY
    rows = StandIn.objects.filter(ends__isnull=True, post__office_id__in=rights(request.user).where(HEAD))
    row = rows.filter(pk=int(key)).select_related("post", "person").first() if is_key else None
    if row is None:
        messages.error(request, _("It has ended already."))
        return redirect(PAGE)
    try:
        moved = standing_in.end_third(row, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("Ended. Cases given back: %(n)s") % {"n": len(moved)})
    return redirect(PAGE)
