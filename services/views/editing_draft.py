"""Writing: a new item, and the draft of an item. Rows are added and moved by submit buttons; nothing typed is ever lost."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from officials.permissions import EDIT, rights
from services import publication
from services.comparison import compare
from services.content import content_of
from services.forms.editing import Choices, DraftForm
from services.models import Edition, Item
from services.views.editing_access import RELATED, admit, get_draft, get_item, township_of

RESERVED = {"new", "import", "batch", "channel-rules"}  # first words of addresses of the room


@require_http_methods(["GET", "HEAD", "POST"])
def new(request) -> HttpResponse:
    """A new item with its first draft."""
    admit(request.user, EDIT)
    township = township_of(request.user)
    choices = Choices.of(township, request.user)
    if request.method != "POST":
        return _show(request, DraftForm.blank(choices))
    if _moves_rows(request):
        return _show(request, DraftForm.moved(choices, request.POST, is_new=True))
    form = DraftForm.posted(choices, request.POST, is_new=True)
    if not form.is_valid() or not _code_is_free(form, choices):
        return _show(request, form, status=422)
    try:
        publication.create_item(township, form.code, form.content(), by=request.user, now=timezone.now())
    except IntegrityError:
        form.item.add_error("item", _taken(form.code))
    except ValidationError as error:
        form.take(error)
    except publication.Refused as refused:
        form.item.add_error(None, str(refused))
    else:
        return _saved(request, form, form.code)
    return _show(request, form, status=422)


def _code_is_free(form: DraftForm, choices: Choices) -> bool:
    if form.code in choices.known.items:
        form.item.add_error("item", _taken(form.code))
    elif form.code.lower() in RESERVED:
        form.item.add_error("item", _("This word is an address of the editing room. Choose another code."))
    return not form.errors


def _taken(code: str) -> str:
    return _("There is already an item %(code)s. Choose another code, or edit that item.") % {"code": code}


@require_http_methods(["GET", "HEAD", "POST"])
def draft(request, code: str) -> HttpResponse:
    """The form of a draft. `seen` is the state of the text the writer began from."""
    item, edition = _load(request, code)
    choices = Choices.of(item.township, request.user)
    if request.method != "POST":
        return _show(request, DraftForm.from_content(choices, content_of(edition), code), edition=edition, seen=publication.mark(edition))
    seen = _number(request.POST.get("seen", ""))
    if _moves_rows(request):
        return _show(request, DraftForm.moved(choices, request.POST, is_new=False, code=code), edition=edition, seen=seen)
    form = DraftForm.posted(choices, request.POST, is_new=False, code=code)
    if not form.is_valid():
        return _show(request, form, edition=edition, seen=seen, status=422)
    content = form.content()
    over = _number(request.POST.get("over", "")) if request.POST.get("act") == "over" else 0
    try:
        publication.write_draft(edition, content, by=request.user, now=timezone.now(), seen=over or seen)
    except publication.Overtaken as overtaken:
        return _overtaken(request, form, content, edition, seen, str(overtaken))
    except ValidationError as error:
        form.take(error)
    except publication.Refused as refused:
        form.item.add_error(None, str(refused))
    else:
        return _saved(request, form, code)
    return _show(request, form, edition=edition, seen=seen, status=422)


def _load(request, code: str) -> tuple[Item, Edition]:
    item = get_item(request.user, code)
    edition = get_draft(item)
    if not rights(request.user).has(EDIT, edition.office_id):
        raise PermissionDenied(_("Your sign-in does not carry the right to write texts of this office."))
    if edition.status != Edition.Status.DRAFT and request.method != "POST":
        raise PermissionDenied(_("This text is waiting for the second person. It can be changed again when it has been sent back."))
    return item, edition


def _overtaken(request, form: DraftForm, content: dict[str, Any], edition: Edition, seen: int, sentence: str) -> HttpResponse:
    """Somebody saved in between: who, when, and what stands there now that differs from what was typed here."""
    stored = Edition.objects.select_related(*RELATED).get(pk=edition.pk)
    if not compare(content_of(stored), content).is_different:
        return _saved(request, form, edition.item.code)  # a second click, or both wrote the same
    last = stored.history.order_by("-history_id").first()
    form.item.add_error(None, sentence)
    overtaken = {
        "by": last.actor_name,
        "at": timezone.localtime(last.history_date).strftime("%Y-%m-%d %H:%M"),
        "mark": last.history_id,
        "other": f"/editing/{edition.item.code}/preview/",
    }
    return _show(request, form, edition=edition, seen=seen, status=409, overtaken=overtaken)


def _moves_rows(request) -> bool:
    return request.POST.get("act", "").partition(":")[0] in ("add", "up", "down", "remove")


def _number(text: str) -> int:
    """A mark from the page; without one nothing can have been seen, which no stored text matches."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else -1


def _saved(request, form: DraftForm, code: str) -> HttpResponse:
    messages.success(request, _("The draft is saved."))
    for remark in form.remarks:
        messages.warning(request, remark.message)
    return redirect(f"/editing/{code}/")


def _show(request, form: DraftForm, *, edition: Edition | None = None, seen: int = 0, status: int = 200, **more: Any) -> HttpResponse:
    context = {"draft_form": form, "form": form, "faults": form.faults() if status != 200 else [], "edition": edition, "seen": seen, **more}
    return render(request, "services/editing/draft.html", context, status=status)
