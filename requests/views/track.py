"""/track/: where is my case, by number and tracking code. The code travels in the body of a POST and is never kept."""

from datetime import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from officials import numbers
from requests import plain_words, throttle
from requests.forms.resident import TrackForm
from requests.reasons import KIND_NAMES, say_date
from requests.tracking import Shown, TooManyAttempts, look_up

UNPROCESSABLE, TOO_MANY = 422, 429


@login_not_required
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def track(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        # A receipt's QR code may carry the number, which is no secret; a code in the address is not looked at.
        known = numbers.parse(request.GET.get("number", ""))
        return _form(request, TrackForm(initial={"number": str(known) if known else ""}))
    form = TrackForm(request.POST)
    if not form.is_valid():
        return _form(request, form, UNPROCESSABLE)
    try:
        found = look_up(form.cleaned_data["number"], form.cleaned_data["secret"], address=throttle.address_of(request), now=now)
    except TooManyAttempts:
        return too_many(request, now, "requests/track/form.html", form)
    if found is None:
        form.add_error(None, _("No case fits this number and this code. Compare both with the receipt, digit by digit, or call us."))
        return _form(request, form, UNPROCESSABLE)
    return _shown(request, found, form)


def _form(request: HttpRequest, form: TrackForm, status: int = 200) -> HttpResponse:
    return render(request, "requests/track/form.html", {"form": form}, status=status)


def too_many(request: HttpRequest, now: datetime, template: str, form: TrackForm) -> HttpResponse:
    """The form again with all that was typed, how long to wait, and the phone that need not wait."""
    seconds = throttle.TRACK_NUMBER.seconds_left(now)
    response = render(request, template, {"form": form, "wait_minutes": seconds // 60 + 1}, status=TOO_MANY)
    response["Retry-After"] = str(seconds)
    return response


def _shown(request: HttpRequest, found: Shown, form: TrackForm) -> HttpResponse:
    case = found.case
    return render(
        request,
        "requests/track/shown.html",
        {
            "case": case,
            "state": plain_words.state(found),
            "next_step": plain_words.next_step(found),
            "light": {"colour": found.light.colour.value, "text": found.light.text} if found.light else None,
            "late_since": say_date(case.due_on) if found.is_late else "",
            "dates": plain_words.dates(found),
            "reasons": [(KIND_NAMES[str(due.limit.kind)], sentences) for due, sentences in found.reasons],
            "missing": found.missing,
            "answer": found.answer,
            "bring_by": say_date(found.bring_by) if found.bring_by else "",
            "is_asked_for": found.is_asked_for,
            "is_withdrawn_after": found.is_withdrawn_after,
            "office_phone": case.office.phone or case.township.phone,
            "complaint_phone": case.office.complaint_phone or case.township.complaint_phone,
            "number": str(form.cleaned_data["number"]),
        },
    )
