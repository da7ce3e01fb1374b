"""/desk/<number>/<word>/: one view for every verb of a case; what differs is the form (requests.forms.acts)."""

from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from requests import case_file, held_forms, lifecycle, secrets_once
from requests.forms.act_form import GROW
from requests.forms.acts import ACTS, ActForm
from requests.lifecycle import TRANSITIONS, AlreadyHandled, Refused
from requests.models import ServiceRequest
from requests.permissions import get_visible, is_who, visible
from requests.views.refusing import already_handled, refused_page

LOADED = ("edition__item", "edition__post__deputy", "applicant", "holder", "item")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def act(request, number, word):
    now = timezone.now()
    case = get_visible(request.user, number, *LOADED)
    verb = ACTS[word].verb
    if verb not in TRANSITIONS[case.kind]:
        raise Http404
    sentence = lifecycle.refusal(verb, case, request.user)
    if sentence:
        return _refuse(request, case, verb, sentence)
    typed = _typed_before(request, ACTS[word])
    if typed is not None:
        form = held_forms.fill(ACTS[word].shaped(typed, case=case, user=request.user, now=now), typed)
        form.initial |= {"seen": case.status} | ({"rows": form.count} if ACTS[word].grows else {})
        return _page(request, case, verb, form)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = ACTS[word](*sent, case=case, user=request.user, now=now)
    first = ""
    if request.method == "POST" and form.is_valid():
        try:
            result = form.perform(by=request.user, now=now)
        except AlreadyHandled as overtaken:
            case.refresh_from_db()
            return already_handled(request, case, str(overtaken), was_overtaken=True, verb=verb)
        except Refused as refused:
            form.add_error(None, str(refused))
            first = refused.first
        else:
            return _done(request, case, verb, result)
    held_forms.refill(request, form)
    # What was typed comes back, what the page shows is of today.
    form.initial["seen"] = case.status
    return _page(request, case, verb, form, first)


def _typed_before(request, form: type[ActForm]) -> QueryDict | None:
    """What a form with lines held when one more line was asked for, or when it was put aside; None: it is sent, or opened anew."""
    if not form.grows:
        return None
    if request.method == "POST":
        return request.POST if GROW in request.POST else None
    return held_forms.peek(request.user, request.GET["held"]) if request.GET.get("held") else None


def _refuse(request, case: ServiceRequest, verb: str, sentence: str):
    """Not this person: 403. Not in this state: 409, and "already handled" where the page showed an older state."""
    move = TRANSITIONS[case.kind][verb]
    if not is_who(request.user, move.who, case) or (case.status in move.froms and not case.anonymised_at):
        return refused_page(request, case, sentence)
    seen = request.POST.get("seen", "")
    return already_handled(request, case, sentence, was_overtaken=request.method == "POST" and seen != case.status)


def _page(request, case: ServiceRequest, verb: str, form: ActForm, first: str = ""):
    """`first`: what has to be done before; who may do it is led there."""
    label = str(TRANSITIONS[case.kind][verb].label)
    context = {"case": case, "form": form, "label": label, "verb": verb, "listing": form.listing()}
    context["first"] = case_file.offered(case, request.user, first) if first else []
    return render(request, form.template, context, status=422 if form.is_bound else 200)


def _done(request, case: ServiceRequest, verb: str, result):
    messages.success(request, _("Done: %(what)s.") % {"what": TRANSITIONS[case.kind][verb].label})
    if verb == "renew_secret":
        secrets_once.put(request, case.number, result)
        return redirect(f"{case.get_absolute_url()}new-code/")
    # Whose part is over (a finished task, a case given away) does not see it any more: back to the own list, and not before a 404.
    return redirect(case if visible(request.user).filter(pk=case.pk).exists() else "/desk/mine/")


@never_cache
@require_safe
def new_code(request, number):
    """The new tracking code, once. Loading the page again shows it no more; the next receipt still prints it."""
    case = get_visible(request.user, number)
    is_renewed = case.events.filter(verb="renew_secret").exists()
    context = {"case": case, "secret": secrets_once.show_once(request, case), "is_renewed": is_renewed}
    return render(request, "requests/case/new_code.html", context)
