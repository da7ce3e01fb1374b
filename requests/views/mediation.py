"""/desk/mediation/: write an application for mediation down. Afterwards it belongs to the mediation office alone."""

import uuid
from dataclasses import replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from officials.models import Office
from requests import secrets_once
from requests.demands import mediation
from requests.forms.mediation import MediationForm
from requests.intake import FormUsed
from requests.lifecycle import Refused
from requests.models import ServiceRequest
from requests.persons import Person
from requests.village.bundles import window_of
from requests.window_today import intake_office, village_of


def _from(village: Office | None, person: Person) -> Person:
    """A village agent writes down what residents of the own village apply for."""
    return replace(person, village_id=village.pk) if village else person


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register(request) -> HttpResponse:
    village, now = village_of(request.user), timezone.now()
    window = window_of(village) if village else intake_office(request.user)
    form = MediationForm(
        request.POST if request.method == "POST" else None,
        offices=mediation.committees(window.township),
        township=window.township,
        initial={
            "form_token": uuid.uuid4().hex,
            "channel": ServiceRequest.Channel.VILLAGE if village else ServiceRequest.Channel.WINDOW,
            "office": mediation.mediation_office(window),
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            received = mediation.register_mediation(
                window, data["office"], person=_from(village, form.person()), other=form.other(), words=data["words"],
                dispute=data["dispute"],
                channel=data["channel"], form_token=data["form_token"], by=request.user, now=now,
            )  # fmt: skip
        except (FormUsed, Refused) as refused:
            form.add_error(None, str(refused))
        else:
            number = received.case.number
            sentence = _("Registered: %(number)s. From now on only the mediation office sees what it is about.")
            messages.success(request, sentence % {"number": number})
            if received.secret:
                secrets_once.put(request, number, received.secret)
            return redirect(f"{received.case.get_absolute_url()}new-code/")
    return render(request, "requests/demands/mediation.html", {"form": form}, status=422 if form.is_bound else 200)
