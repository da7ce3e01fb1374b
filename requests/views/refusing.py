"""The pages that say no: why, who was faster, and the way back to the case. Nothing was changed."""

from django.shortcuts import render
from django.utils.translation import gettext as _

from requests import case_file, timeline
from requests.models import Event, ServiceRequest


def refused_page(request, case: ServiceRequest, sentence: str = ""):
    """403: the reader may know of the case, but not do this."""
    words = sentence or _("Your sign-in does not carry the right for this page. Nothing was changed.")
    context = {"case": case, "sentence": words, "title": _("You may not do this")}
    return render(request, "requests/case/refused.html", context, status=403)


def already_handled(request, case: ServiceRequest, sentence: str, *, was_overtaken: bool, verb: str = ""):
    """409: the state of the case does not allow it (any more). Says who did it, or who brought the case to where it is."""
    done = Event.objects.filter(service_request=case).select_related("by")
    last = done.filter(verb=verb).last() if was_overtaken and verb else None
    last = last or done.exclude(from_status=case.status).last()
    context = {"case": case, "sentence": sentence, "title": _("Not possible now")}
    if last is not None:
        parts = {"name": last.by.name, "what": timeline.verb_label(case, last.verb), "at": case_file.moment(last.at)}
        if was_overtaken:
            context["title"] = _("Already handled by %(name)s") % parts
        context["last"] = _("%(what)s · %(name)s · %(at)s") % parts
    return render(request, "requests/case/refused.html", context, status=409)
