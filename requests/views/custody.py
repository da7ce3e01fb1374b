"""/desk/drawer/: every original that is held, and where it has to go. /desk/collection/: results that wait for their people."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, IntegerField, Value, When
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from officials.models import Office
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from requests import custody
from requests.models import ServiceRequest
from requests.reasons import say_date

PER_PAGE = 50
RELATED = ("service_request__key", "service_request__edition", "service_request__intake_office", "material")


def _admit(user) -> None:
    if not rights(user).where(TAKE_IN, HANDLE, HEAD, SUPERVISE, INSPECT):
        raise PermissionDenied(_("This list is for the windows and the offices that handle cases."))


@require_safe
def drawer(request) -> HttpResponse:
    """What has to go back now stands first, then the oldest. `?office=` is the window where the drawer is."""
    _admit(request.user)
    now = timezone.now()
    cases = custody.mine(request.user)
    windows = list(Office.objects.filter(pk__in=custody.in_the_drawer(cases).values("service_request__intake_office")))
    chosen = request.GET.get("office", "")[:20]
    if any(window.code == chosen for window in windows):
        cases = cases.filter(intake_office__code=chosen)
    waits = Case(When(service_request__status__in=ServiceRequest.OPEN, then=Value(1)), default=Value(0), output_field=IntegerField())
    found = custody.in_the_drawer(cases).select_related(*RELATED).annotate(waits=waits).order_by("waits", "at", "pk")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, say_date(row.since)) for row in custody.shown(page.object_list, now)]
    context = {"page_obj": page, "rows": rows, "sums": custody.sums(cases), "windows": windows, "chosen": chosen}
    return render(request, "requests/custody/drawer.html", context)


@require_safe
def collection(request) -> HttpResponse:
    """Decided and not handed over yet, the longest waiting first."""
    _admit(request.user)
    today = timezone.localdate(timezone.now())
    found = custody.to_collect(request.user).select_related("key", "edition", "office", "holder")
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = []
    for case in page.object_list:
        day = timezone.localdate(case.decided_at)
        rows.append({"case": case, "decided": say_date(day), "days": (today - day).days})
    return render(request, "requests/custody/collection.html", {"page_obj": page, "rows": rows, "total": page.paginator.count})
