"""/outings/: when the officials come to which village, where, what can be done there; who answers for the village."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from officials.publicpages import public_page
from requests.outings.coming import by_place, coming_days, linked_people


@require_safe
@public_page
def coming(request: HttpRequest) -> HttpResponse:
    """Upcoming days by village, and the officials of each village."""
    context = {"places": by_place(coming_days(timezone.localdate())), "villages": linked_people()}
    return render(request, "requests/outings/public.html", context)
