"""Half-filled forms: what a clerk typed and could not send, kept for that clerk (domain 16.1).

The fields hold an applicant's data, so they are sealed under the master key. One form a page and person; the newest wins.
The page is reopened as `<path>?held=ID` and fills itself with `fill`.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

from django.core import signing
from django.forms import Form
from django.http import QueryDict

from officials.models import User
from officials.privacy.keys import KeyUnknown, keyring
from requests.models import HeldForm

KEEP = timedelta(days=30)
MARK_HOURS = 24
LONGEST = 200_000  # characters of one form; the longest desk form has a twentieth of it
_PARAMETER = "held"
_NOT_KEPT = ("csrfmiddlewaretoken", "held_owner", "held_path", _PARAMETER)
_signer = signing.TimestampSigner(salt="requests.held_forms")


@dataclass(frozen=True)
class Waiting:
    """One kept form as a list shows it."""

    pk: int
    path: str
    held_at: datetime

    @property
    def url(self) -> str:
        return reopening(self.path, self.pk)


# -- whose form is it ----------------------------------------------------------------------------------------------


def owner_mark(user: User) -> str:
    """The hidden field that says whose page a form is, for the time when nobody is signed in any more."""
    return _signer.sign(str(user.pk))


def owner_of(mark: str) -> User | None:
    """The person of a mark not older than a day, who still works here; None for anything else."""
    if len(mark) > 200:
        return None
    try:
        pk = int(_signer.unsign(mark, max_age=MARK_HOURS * 3600))
    except (signing.BadSignature, ValueError):
        return None
    return User.objects.filter(pk=pk, is_active=True, is_job=False).first()


def is_owner(mark: str, user) -> bool:
    """Is this a page of the person who asks now? Without a query: `user` was just read."""
    if len(mark) > 200 or not user.is_authenticated or not user.is_active or user.is_job:
        return False
    try:
        return _signer.unsign(mark, max_age=MARK_HOURS * 3600) == str(user.pk)
    except signing.BadSignature:
        return False


# -- keeping and giving back -----------------------------------------------------------------------------------------


def clean_path(path: str) -> str:
    """The page of a form: an address of the desk without its `held` parameter; "" when it is none."""
    if not path.startswith("/desk/") or not path.isprintable() or "\\" in path:
        return ""
    parts = urlsplit(path)
    query = urlencode([(key, value) for key, value in parse_qsl(parts.query, keep_blank_values=True) if key != _PARAMETER])
    cleaned = parts.path + (f"?{query}" if query else "")
    return cleaned if len(cleaned) <= HeldForm._meta.get_field("path").max_length else ""


def hold(user: User, path: str, fields: QueryDict, now: datetime) -> HeldForm | None:
    """Keep the fields of a form for its owner. None when the page is no page of the desk or the form is absurdly long."""
    path = clean_path(path)
    kept = {name: values for name, values in fields.lists() if name not in _NOT_KEPT}
    text = json.dumps(kept, ensure_ascii=False)
    if not path or len(text) > LONGEST:
        return None
    sealed = keyring().wrap(text.encode("utf-8", "replace"))
    row, _new = HeldForm.objects.update_or_create(owner=user, path=path, defaults={"sealed": sealed, "held_at": now})
    return row


def waiting_for(user: User) -> list[Waiting]:
    """The kept forms of this person, newest first."""
    return [Waiting(*row) for row in HeldForm.objects.filter(owner=user).values_list("pk", "path", "held_at")]


def count_of(user: User) -> int:
    """How many forms wait for this person."""
    return HeldForm.objects.filter(owner=user.pk).count()


def peek(user: User, pk: str | int | None) -> QueryDict | None:
    """The fields as they were typed. Somebody else's form and a missing one are the same: None."""
    row = _row(user, pk)
    if row is None:
        return None
    try:
        kept = json.loads(keyring().unwrap(row.sealed))
    except (KeyUnknown, ValueError):
        return None
    fields = QueryDict(mutable=True)
    for name, values in kept.items():
        fields.setlist(name, values)
    return fields


def drop(user: User, pk: str | int | None) -> None:
    """The form was sent or is not wanted any more."""
    row = _row(user, pk)
    if row is not None:
        row.delete()


def wipe_old(now: datetime) -> int:
    """For the job: forms nobody came back to in thirty days. Returns how many went."""
    gone, _by_model = HeldForm.objects.filter(held_at__lt=now - KEEP).delete()
    return gone


def _row(user: User, pk: str | int | None) -> HeldForm | None:
    if not str(pk).isascii() or not str(pk).isdigit() or len(str(pk)) > 18:
        return None
    return HeldForm.objects.filter(owner=user, pk=int(pk)).first()


# -- the page that is filled again ------------------------------------------------------------------------------------


def reopening(path: str, pk: int) -> str:
    """The address that shows the page with what was typed."""
    return f"{path}{'&' if '?' in path else '?'}{_PARAMETER}={pk}"


def names_held_form(address: str) -> bool:
    """Does this address reopen a kept form? The sign-in page says so."""
    return any(key == _PARAMETER for key, _value in parse_qsl(urlsplit(address).query))


def refill(request, form: Form) -> Form:
    """For a view's GET: put back what was typed, when the address says `?held=`. Nothing is validated yet."""
    kept = peek(request.user, request.GET.get(_PARAMETER)) if request.GET.get(_PARAMETER) else None
    return fill(form, kept) if kept is not None and not form.is_bound else form


def fill(form: Form, kept: QueryDict) -> Form:
    """Give an unbound form the typed values as its initial ones."""
    for name, field in form.fields.items():
        prefixed = form.add_prefix(name)
        if field.widget.value_omitted_from_data(kept, {}, prefixed):
            continue
        form.initial[name] = field.widget.value_from_datadict(kept, {}, prefixed)
    return form
