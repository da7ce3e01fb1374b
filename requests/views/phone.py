"""/desk/phone/: "what about my case?" State and date only, after two facts that fit; every question is written down."""

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from requests import phone_questions
from requests.forms.counter import PhoneQuestionForm
from requests.lifecycle import Refused
from requests.models import PhoneQuestion
from requests.window_today import intake_office

SHOWN_FOR = timedelta(minutes=15)  # a call; afterwards one asks again


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request) -> HttpResponse:
    """What the caller says goes in by POST and is not kept; the answer is a page of its own, without it."""
    office, now = intake_office(request.user), timezone.now()
    form = PhoneQuestionForm(request.POST if request.method == "POST" else None, township=office.township)
    if request.method == "POST" and form.is_valid():
        try:
            rows = phone_questions.ask(form.facts(), office=office, by=request.user, now=now)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            return redirect(f"/desk/phone/{rows[0].pk}/")
    return render(request, "requests/counter/phone.html", {"form": form, "office": office}, status=422 if form.is_bound else 200)


@never_cache
@require_safe
def answer(request, pk: str) -> HttpResponse:
    """What may be told. Only for who asked, and only while the call lasts; loading it again writes nothing."""
    office, now = intake_office(request.user), timezone.now()
    first = PhoneQuestion.objects.filter(pk=int(pk), by=request.user, at__gte=now - SHOWN_FOR).first()
    if first is None:
        return redirect("/desk/phone/")
    related = ("service_request__township", "service_request__edition", "service_request__office", "service_request__key")
    rows = PhoneQuestion.objects.filter(by=request.user, at=first.at).select_related(*related).order_by("pk")
    context = {"told": phone_questions.told(list(rows), request.user), "first": first, "office": office}
    return render(request, "requests/counter/phone_answer.html", context)
