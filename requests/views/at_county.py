"""/desk/at-county/: what lies with the county, soonest first, with what is to be urged."""

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from requests.county import lists

PER_PAGE = 50


@require_safe
def at_county(request):
    now = timezone.now()
    found = lists.at_county(request.user)
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "rows": lists.rows(request.user, page.object_list, now), "total": page.paginator.count}
    context["to_write"] = lists.to_write(found, timezone.localdate(now)).count()
    return render(request, "requests/county/at_county.html", context)
