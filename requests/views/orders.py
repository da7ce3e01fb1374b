"""/desk/orders/: assigned orders, whose sum agrees. /desk/orders/new/: several at once, by the head of the centre."""

import uuid

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from requests.demands.orders import Source, issue_orders, issued_before
from requests.forms.orders import OrdersForm
from requests.lifecycle import Refused
from requests.models import ServiceRequest
from requests.views.demands import listing, window_headed


@never_cache
@require_safe
def orders(request) -> HttpResponse:
    """Issued = answered + open; every one gets an answer."""
    return listing(request, (ServiceRequest.Kind.ORDER,), "requests/demands/orders.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def issue(request) -> HttpResponse:
    window, now = window_headed(request.user), timezone.now()
    today = timezone.localdate(now)
    form = OrdersForm(
        request.POST if request.method == "POST" else None, township=window.township, today=today,
        initial={"form_token": uuid.uuid4().hex, "ordered_on": today},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        before = issued_before(data["form_token"])
        try:
            source = Source(data["source"], data["ordered_on"], data["ordered_by"])
            cases = before or issue_orders(
                window.township, source, form.lines(), form_token=data["form_token"], by=request.user, now=now
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        except IntegrityError:
            # The same form at the same moment: the other one issued the batch.
            cases = issued_before(data["form_token"])
            if not cases:
                raise
        if not form.errors:
            messages.success(request, _("Orders issued: %(n)s.") % {"n": len(cases)})
            return redirect("/desk/orders/?part=sign")
    return render(request, "requests/demands/orders_new.html", {"form": form}, status=422 if form.is_bound else 200)
