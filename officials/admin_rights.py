"""The rights of one person on offices: what is held, giving a role or a right, taking one away. Each is a verb of its own."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials import permissions
from officials.audit import together
from officials.models import GrantEvent, Office, OfficeUserObjectPermission, User

RIGHT_NAMES: dict[str, Any] = {
    permissions.TAKE_IN: gettext_lazy("take in cases at the window"),
    permissions.HANDLE: gettext_lazy("work the cases of the office"),
    permissions.HEAD: gettext_lazy("head the office: assign, void, approve"),
    permissions.SUPERVISE: gettext_lazy("see late cases and ledgers"),
    permissions.INSPECT: gettext_lazy("read the audit trail and every case"),
    permissions.EDIT: gettext_lazy("write drafts of the catalogue"),
    permissions.PUBLISH: gettext_lazy("publish the drafts of others"),
    permissions.CALENDAR: gettext_lazy("keep the calendar"),
    permissions.AGENT: gettext_lazy("log cases for residents of the village"),
}
ROLE_NAMES: dict[str, Any] = {
    "clerk": gettext_lazy("clerk at the window"),
    "official": gettext_lazy("official"),
    "head": gettext_lazy("head of office"),
    "supervisor": gettext_lazy("supervisor"),
    "inspector": gettext_lazy("inspector (supervision office)"),
    "editor": gettext_lazy("editor"),
    "reviewer": gettext_lazy("reviewer, publishes"),
    "agent": gettext_lazy("village agent"),
}
LAST_CHANGES = 20


class GiveForm(forms.Form):
    """A role, or a single right, on one office and those below it."""

    office = forms.ModelChoiceField(
        label=gettext_lazy("Office"), queryset=Office.objects.none(), empty_label=gettext_lazy("choose"),
        error_messages={"required": gettext_lazy("Choose an office."), "invalid_choice": gettext_lazy("Choose an office of the list.")},
    )  # fmt: skip
    what = forms.ChoiceField(
        label=gettext_lazy("Role or right"),
        error_messages={"required": gettext_lazy("Choose a role or a right."), "invalid_choice": gettext_lazy("Choose one of the list.")},
    )
    use_required_attribute = False

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["office"].queryset = Office.objects.open()
        self.fields["what"].choices = [
            ("", _("choose")),
            (_("Roles"), [(f"role:{name}", label) for name, label in ROLE_NAMES.items()]),
            (_("Single rights"), [(f"right:{name}", label) for name, label in RIGHT_NAMES.items() if name in permissions.RIGHTS]),
        ]


def rights_page(request, pk: int, context: dict[str, Any]) -> HttpResponse:
    """GET: the rights of the person. POST: `give` a role or right, or `take` one away."""
    person = User.objects.filter(pk=pk, is_job=False).first()
    if person is None:
        raise Http404
    form = GiveForm(request.POST if request.POST.get("do") == "give" else None)
    status = 200
    if request.method == "POST":
        sentence = _refusal(request.user, person)
        if sentence:
            messages.error(request, sentence)
        elif request.POST.get("do") == "take":
            _take(request, person)
        elif form.is_valid():
            _give(request, person, form)
        if sentence or not form.is_bound or form.is_valid():
            return redirect(request.path)
        status = 422
    context |= {
        "person": person,
        "form": form,
        "held": _held(person),
        "changes": _changes(person),
        "title": _("Rights of %(name)s") % {"name": person.name},
    }
    return render(request, "officials/admin_rights.html", context, status=status)


def _refusal(asker: User, person: User) -> str:
    """The administrator sees no cases; giving oneself the right to would undo that quietly."""
    if asker.pk == person.pk:
        return _("Nobody changes the own rights. Ask another administrator.")
    return "" if person.is_active else _("This account is closed and holds no rights.")


def _give(request, person: User, form: GiveForm) -> None:
    kind, _colon, name = form.cleaned_data["what"].partition(":")
    office, now = form.cleaned_data["office"], timezone.now()
    with together():
        if kind == "role":
            permissions.give_role(person, office, name, by=request.user, now=now)
        else:
            permissions.grant(person, office, name, by=request.user, now=now)
    messages.success(request, _("Given."))


def _take(request, person: User) -> None:
    row = (
        OfficeUserObjectPermission.objects.filter(user=person, pk=_number(request.POST.get("row", "")))
        .select_related("permission", "content_object")
        .first()
    )
    if row is None:
        messages.info(request, _("This right was taken away before."))
        return
    permissions.revoke(person, row.content_object, row.permission.codename, by=request.user, now=timezone.now())
    messages.success(request, _("Taken away; it ends with the next page the person opens."))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _held(person: User) -> list[dict[str, Any]]:
    rows = OfficeUserObjectPermission.objects.filter(user=person).select_related("permission", "content_object")
    rows = rows.order_by("content_object__sort", "content_object__code", "permission__codename")
    return [{"pk": row.pk, "office": row.content_object.name, "right": _name(row.permission.codename)} for row in rows]


def _changes(person: User) -> list[dict[str, Any]]:
    rows = GrantEvent.objects.filter(user=person).select_related("office", "by")[:LAST_CHANGES]
    return [{"at": row.at, "by": row.by.name, "office": row.office.name, "right": _name(row.right), "granted": row.granted} for row in rows]


def _name(codename: str) -> str:
    return str(RIGHT_NAMES.get(codename, codename))
