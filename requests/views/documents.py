"""Papers: print one, ask whether one is ours, look through the uses of seals."""

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from officials.forms import PlainCharField
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, rights
from officials.typesetting import SheetNotPrinted
from requests import case_file
from requests.documents import printing
from requests.lifecycle import Refused
from requests.models import Document, SealUse
from requests.permissions import get_visible, sees_in_full, visible
from requests.reasons import say_date
from requests.views.refusing import refused_page

PER_PAGE = 50
UNPROCESSABLE = 422


@require_http_methods(["GET", "HEAD", "POST"])
def pdf(request, number, pk):
    """Printing is counted, so it is a POST; whoever follows the bare address gets the case."""
    case = get_visible(request.user, number)
    if not sees_in_full(request.user, case):
        return refused_page(request, case)
    document = case.documents.filter(pk=pk).exclude(kind=Document.Kind.RECEIPT).first()
    if document is None:
        raise Http404
    if request.method != "POST":
        return redirect(case)
    check_url = request.build_absolute_uri(f"/verify/?code={document.check_code}")
    try:
        content = printing.print_paper(document, check_url=check_url, by=request.user, now=timezone.now())
    except (Refused, SheetNotPrinted) as trouble:
        return refused_page(request, case, str(trouble))
    name = f"{case.number}-{document.kind}-{document.pk}.pdf"
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'})


class CodeForm(forms.Form):
    code = PlainCharField(
        label=gettext_lazy("Check code"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )


@login_not_required
@never_cache
@require_safe
def verify(request):
    """Whoever holds a paper may ask whether it was issued here and still stands. Says nothing of the case.

    Not throttled: a code has sixty bits, and looking one up costs one row of an index.
    """
    if "code" not in request.GET:
        return render(request, "requests/documents/verify.html", {"form": CodeForm()})
    form = CodeForm(request.GET)
    if not form.is_valid():
        return render(request, "requests/documents/verify.html", {"form": form}, status=UNPROCESSABLE)
    found = printing.check(form.cleaned_data["code"])
    if found is None:
        form.add_error("code", _("No paper of ours has this code. Compare it with the sheet, letter by letter, or call us."))
        return render(request, "requests/documents/verify.html", {"form": form}, status=UNPROCESSABLE)
    context = {
        "form": form,
        "found": found,
        "issued_on": say_date(timezone.localdate(found.document.at)),
        "voided": say_date(timezone.localdate(found.voided_at)) if found.voided_at else "",
    }
    return render(request, "requests/documents/verify.html", context)


@never_cache
@require_safe
def seals(request):
    """用印登记 of the cases one may see, the newest first."""
    if not rights(request.user).where(HANDLE, HEAD, SUPERVISE, INSPECT):
        raise PermissionDenied(_("The register of seals is for the offices whose papers bear them."))
    found = (
        SealUse.objects.filter(document__service_request__in=visible(request.user))
        .select_related("document__service_request", "by", "approved_by")
        .order_by("-id")
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "at": case_file.moment(use.at),
            "paper": f"{use.document.get_kind_display()} {use.document}",
            "url": use.document.service_request.get_absolute_url(),
            "seal": use.seal,
            "copies": use.copies,
            "by": use.by.name,
            "approved_by": use.approved_by.name,
            "is_cancelled": use.cancels_id is not None,
        }
        for use in page.object_list
    ]
    return render(request, "requests/documents/seals.html", {"rows": rows, "page_obj": page, "total": page.paginator.count})
