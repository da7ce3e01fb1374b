"""The forms of an item in the editing room: uploaded, looked at through a millimetre grid, given named places, previewed.

And the public address under which residents get the empty form.
"""


from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.encoding import escape_uri_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from officials.permissions import EDIT, rights
from officials.typesetting import SheetNotPrinted
from services.blanks import drafting, files, filling, grid
from services.blanks.names import sample_values
from services.forms import blanks as forms
from services.models import BlankForm, Edition, Item
from services.publication import Overtaken, Refused
from services.views.editing_access import get_item

Status = Edition.Status
PREVIEW_NOTICE = "预览，人名、号码均为虚构"
UNPROCESSABLE, CONFLICT = 422, 409


@require_http_methods(["GET", "HEAD", "POST"])
def of_item(request, code: str) -> HttpResponse:
    """The forms of the draft and of the published text; below them a further one is uploaded."""
    item = get_item(request.user, code)
    draft = item.editions.drafts().select_related("office", "item").first()
    may_write = draft is not None and draft.status == Status.DRAFT and rights(request.user).has(EDIT, draft.office_id)
    if request.method != "POST":
        return _list(request, item, draft, forms.UploadForm(edition=draft) if may_write else None)
    if draft is None or not may_write:
        raise PermissionDenied(_("Forms are added to a draft, by who may write it."))
    form = forms.UploadForm(request.POST, request.FILES, edition=draft)
    if form.is_valid():
        try:
            named = {"title": form.cleaned_data["title"], "material": form.cleaned_data["material"]}
            blank = drafting.add(draft, **named, taken=form.taken, by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The form is kept. Say now where what is filled in."))
            return redirect(f"/editing/{code}/forms/{blank.pk}/")
    return _list(request, item, draft, form, status=UNPROCESSABLE)


def _list(request, item: Item, draft: Edition | None, form: forms.UploadForm | None, status: int = 200) -> HttpResponse:
    published = item.editions.filter(status=Status.PUBLISHED).first()
    groups = [(edition, list(edition.blanks.all())) for edition in (draft, published) if edition is not None]
    context = {"item": item, "groups": groups, "draft": draft, "form": form, "newest": draft or published or item.editions.first()}
    return render(request, "services/blanks/list.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def places(request, code: str, pk: str) -> HttpResponse:
    """The pages under a millimetre grid, and a row for each named place."""
    blank = _of_draft(request, code, pk)
    if request.method != "POST":
        named = forms.NamedForm(edition=blank.edition, current=blank.material, initial={"title": blank.title, "material": blank.material})
        return _show(request, blank, named, forms.shown(blank.places, blank.pages), seen=drafting.mark(blank))
    named = forms.NamedForm(request.POST, edition=blank.edition, current=blank.material)
    rows = forms.posted(request.POST, blank.pages)
    seen = request.POST.get("seen", "")
    seen = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 19 else -1
    if not named.is_valid() or rows.total_error_count:
        return _show(request, blank, named, rows, seen=seen, status=UNPROCESSABLE)
    typed = [place for row in rows if (place := row.place())]
    same = {"title": blank.title, "material": blank.material, "places": blank.places} == named.cleaned_data | {"places": typed}
    if not same:  # sent twice is saved once
        try:
            drafting.place_names(blank, typed, **named.cleaned_data, by=request.user, now=timezone.now(), seen=seen)
        except Refused as refused:
            named.add_error(None, str(refused))
            status = CONFLICT if isinstance(refused, Overtaken) else UNPROCESSABLE
            return _show(request, blank, named, rows, seen=seen, status=status)
    messages.success(request, _("The places are saved. Look at the preview before you submit the draft."))
    return redirect(f"/editing/{code}/forms/{blank.pk}/")


def _show(request, blank: BlankForm, named: forms.NamedForm, rows: forms.Rows, *, seen: int, status: int = 200) -> HttpResponse:
    pages = [
        {"number": number, "drawing": grid.drawing(blank, number, f"/editing/{blank.edition.item.code}/forms/{blank.pk}/{number}.png")}
        for number in range(1, len(blank.pages) + 1)
    ]
    context = {
        "blank": blank,
        "item": blank.edition.item,
        "form": named,
        "formset": rows,
        "pages": pages,
        "seen": seen,
        "remarks": filling.plan(blank, sample_values()).remarks,
        "file_form": forms.FileForm(),
    }
    return render(request, "services/blanks/places.html", context, status=status)


@require_POST
def new_file(request, code: str, pk: str) -> HttpResponse:
    """Another file for the same form; its places stay."""
    blank = _of_draft(request, code, pk)
    form = forms.FileForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(sentence for sentences in form.errors.values() for sentence in sentences))
    else:
        now = timezone.now()
        _told(request, lambda: drafting.replace_file(blank, taken=form.taken, by=request.user, now=now), _("The file is replaced."))
    return redirect(f"/editing/{code}/forms/{blank.pk}/")


@require_POST
def remove(request, code: str, pk: str) -> HttpResponse:
    blank = _of_draft(request, code, pk)
    _told(request, lambda: drafting.remove(blank, by=request.user, now=timezone.now()), _("The draft has this form no more."))
    return redirect(f"/editing/{code}/forms/")


def _told(request, deed, sentence: str) -> None:
    try:
        deed()
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, sentence)


@require_safe
def picture(request, code: str, pk: str, page: str) -> HttpResponse:
    blank = _of_item(request, code, pk)
    try:
        return HttpResponse(files.picture_of(blank, int(page)), content_type="image/png")
    except files.Gone as gone:
        raise Http404 from gone


@require_safe
def preview(request, code: str, pk: str) -> HttpResponse:
    """The form filled in with invented people: never with a case."""
    blank = _of_item(request, code, pk)
    try:
        pdf = filling.print_filled(blank, filling.plan(blank, sample_values()), notice=PREVIEW_NOTICE)
    except (files.Gone, SheetNotPrinted) as trouble:
        messages.error(request, str(trouble))
        return redirect(f"/editing/{code}/forms/")
    return as_pdf(pdf, _("%(title)s, preview") % {"title": blank.title})


@login_not_required
@require_safe
def empty(request, code: str, key: str) -> HttpResponse:
    """The empty form of a text that is or was published (cases go on under it). The address names the file: it never changes."""
    blank = BlankForm.objects.filter(
        edition__item__code=code, edition__published_at__isnull=False, digest__startswith=key
    ).first()
    if blank is None:
        raise Http404
    try:
        answer = as_pdf(files.pdf_of(blank), blank.title)
    except files.Gone as gone:
        raise Http404 from gone
    answer["Cache-Control"] = "public, max-age=86400"
    return answer


def as_pdf(content: bytes, title: str) -> HttpResponse:
    """Shown by the browser, saved under its title."""
    name = escape_uri_path("".join(char for char in title if char not in '\\/:*?"<>|;'))
    headers = {"Content-Disposition": f"inline; filename=\"form.pdf\"; filename*=UTF-8''{name}.pdf"}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _of_item(request, code: str, pk: str) -> BlankForm:
    """A form of this item, of whichever of its texts; for those who come into the room of this item."""
    item = get_item(request.user, code)
    blank = BlankForm.objects.filter(pk=int(pk), edition__item=item).select_related("edition__item", "edition__office").first()
    if blank is None:
        raise Http404
    return blank


def _of_draft(request, code: str, pk: str) -> BlankForm:
    blank = _of_item(request, code, pk)
    if not rights(request.user).has(EDIT, blank.edition.office_id):
        raise PermissionDenied(_("Your sign-in does not carry the right to write texts of this office."))
    if blank.edition.status != Status.DRAFT:
        raise PermissionDenied(_("This form belongs to a text that is not a draft. Start a draft to change it."))
    return blank
