"""Before acceptance, under the same number: a wrong person put right, a wrong item exchanged."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from officials.audit import together
from requests import held_forms, persons, verbs
from requests.forms.correction import ChangeItemForm, CorrectionForm
from requests.forms.intake import AWAITED
from requests.intake import AUTHORITY_LINE, ID_CARD_LINE, Handed, published_edition
from requests.item_needs import needs_id
from requests.lifecycle import TRANSITIONS, AlreadyHandled, Refused, refusal
from requests.materials import checklist
from requests.models import MaterialReceipt, ServiceRequest
from requests.permissions import get_visible, is_who
from requests.persons import Person
from requests.views.intake import found_items, opens_by_enter, searched
from requests.window_today import UsualItems, usual_items
from services.models import Edition, Item, Material

RELATED = ("edition", "edition__item", "applicant", "intake_office", "village")
State = MaterialReceipt.State


def _load(request, number: str, verb: str) -> ServiceRequest:
    case = get_visible(request.user, number, *RELATED)
    sentence = refusal(verb, case, request.user)
    move = TRANSITIONS[case.kind].get(verb)
    # A post in a state that has moved on is answered by the verb ("already handled"); to others the page itself is closed.
    if sentence and (request.method != "POST" or move is None or not is_who(request.user, move.who, case)):
        raise PermissionDenied(sentence)
    return case


@require_http_methods(["GET", "HEAD", "POST"])
def person(request, number: str) -> HttpResponse:
    """The stored person is shown masked; only what is typed changes."""
    case, now = _load(request, number, "correct"), timezone.now()
    form = CorrectionForm(
        request.POST if request.method == "POST" else None,
        township=case.township,
        today=timezone.localdate(now),
        demo=settings.DEMO and case.township.is_demo,
        needs_id=_needs_id(case),
    )
    if form.is_valid():
        before = persons.person_of(case)
        after = form.corrected(before)
        try:
            with together():
                verbs.correct(case, after, reason=form.cleaned_data["reason"], by=request.user, now=now)
                _follow_up(case, before, after, by=request.user, now=now)
        except AlreadyHandled as handled:
            return _handled(request, case, handled)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            held_forms.drop(request.user, request.POST.get("held"))
            messages.success(request, _("Corrected. The number stays: %(number)s.") % {"number": case.number})
            return redirect(case.get_absolute_url())
    status = 422 if form.is_bound else 200
    held_forms.refill(request, form)
    context = {"case": case, "form": form, "known": persons.masked(case), "id_state": case.applicant.get_id_state_display()}
    return render(request, "requests/intake/correct.html", context, status=status)


def _needs_id(case: ServiceRequest) -> bool:
    return case.has_checklist and needs_id(Material.objects.filter(edition_id=case.edition_id))


def _follow_up(case: ServiceRequest, before: Person, after: Person, *, by, now) -> None:
    """A card that was shown now leaves the missing list; one that turns out to be missing goes onto it. So does the letter.

    Only what this correction changes: a card or a letter brought meanwhile stays brought.
    """
    if case.kind != ServiceRequest.Kind.APPLICATION:
        return
    states = {line.key: line.state for line in checklist(case) if line.key in (ID_CARD_LINE, AUTHORITY_LINE)}
    handed: dict[int | str, Handed] = {}
    if after.id_state != before.id_state and after.id_state == "given" and states.get(ID_CARD_LINE) == State.MISSING:
        handed[ID_CARD_LINE] = Handed(State.IN)
    if after.id_state != before.id_state and after.id_state in AWAITED and states.get(ID_CARD_LINE) != State.MISSING:
        handed[ID_CARD_LINE] = Handed(State.MISSING)
    wanted = _authority(after)
    if after.representative != before.representative and wanted != states.get(AUTHORITY_LINE, State.NOT_NEEDED):
        handed[AUTHORITY_LINE] = Handed(wanted)
    if handed:
        verbs.take_materials(case, handed, by=by, now=now)


def _authority(after: Person) -> str:
    basis = after.representative.get("basis", "") if after.representative else ""
    return {"in": State.IN, "missing": State.MISSING}.get(basis, State.NOT_NEEDED)


@require_http_methods(["GET", "HEAD", "POST"])
def item(request, number: str) -> HttpResponse:
    """First the finder, then (?to=code) the reason. Materials are ticked anew on the page of the case."""
    case, now = _load(request, number, "change_item"), timezone.now()
    query, sentence = searched(request)
    chosen = _chosen(case, request.GET.get("to", ""))
    form = ChangeItemForm(request.POST if request.method == "POST" else None)
    if chosen is not None and form.is_valid():
        try:
            verbs.change_item(case, chosen, reason=form.cleaned_data["reason"], by=request.user, now=now)
        except AlreadyHandled as handled:
            return _handled(request, case, handled)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            told = _("The item is changed. The number stays: %(number)s. Tick the materials once more.")
            messages.success(request, told % {"number": number})
            return redirect(case.get_absolute_url())
    usual = UsualItems() if chosen else usual_items(case.intake_office, now)
    context = {
        "case": case,
        "form": form,
        "chosen": chosen,
        "query": query,
        "sentence": sentence,
        "results": [target for target in found_items(query) if target.code != case.edition.item.code],
        "opens_by_enter": opens_by_enter(query),
        "recent": [edition for edition in usual.recent if edition.item_id != case.item_id],
        "frequent": [edition for edition in usual.frequent if edition.item_id != case.item_id],
    }
    return render(request, "requests/intake/change_item.html", context, status=422 if form.is_bound else 200)


def _chosen(case: ServiceRequest, code: str) -> Edition | None:
    if not code or len(code) > 40:
        return None
    found = Item.objects.filter(township=case.township, code=code).first()
    return published_edition(found) if found else None


def _handled(request, case: ServiceRequest, handled: AlreadyHandled) -> HttpResponse:
    return render(request, "requests/intake/already_handled.html", {"case": case, "sentence": str(handled)}, status=409)
