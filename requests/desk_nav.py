"""The bar on top of every staff page: the rooms this person has a right in. Read only when a staff page draws it."""

import re
from dataclasses import dataclass
from typing import Any

from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from officials.models import Office
from officials.permissions import AGENT, CALENDAR, EDIT, HANDLE, HEAD, INSPECT, PUBLISH, SUPERVISE, TAKE_IN, Rights, rights
from requests import held_forms
from requests.directory import directory

# (address, word, rights of which one is enough; none: everybody on the staff)
ROOMS: tuple[tuple[str, Any, tuple[str, ...]], ...] = (
    ("/desk/", _("Today"), ()),
    ("/desk/village/", _("My village"), (AGENT,)),
    ("/desk/new/", _("New case"), (TAKE_IN, AGENT)),
    ("/desk/bundles/", _("From the villages"), (TAKE_IN, AGENT)),
    ("/desk/calls/", _("Calls to make"), (TAKE_IN,)),
    ("/desk/demands/", _("Demands"), (TAKE_IN, HANDLE, HEAD, SUPERVISE)),
    ("/desk/appointments/", _("Appointments"), (TAKE_IN, HANDLE, HEAD, SUPERVISE)),
    ("/desk/outings/", _("Going out"), (TAKE_IN, HANDLE, HEAD, SUPERVISE, INSPECT)),
    ("/desk/mine/", _("My list"), (TAKE_IN, HANDLE, HEAD, SUPERVISE, INSPECT)),
    ("/desk/public-notices/", _("Public notices"), (HANDLE, HEAD, SUPERVISE, INSPECT)),
    ("/desk/seasons/", _("Batches"), (HANDLE, HEAD, SUPERVISE, INSPECT)),
    ("/desk/roll/", _("Roll of benefits"), (HANDLE, HEAD, SUPERVISE, INSPECT)),
    ("/desk/archive/", _("Archive"), (TAKE_IN, HANDLE, HEAD, SUPERVISE, INSPECT)),
    ("/ledger/", _("Office ledger"), (HANDLE, HEAD, SUPERVISE, INSPECT)),
    ("/overdue/", _("Late and due soon"), (HEAD, SUPERVISE)),
    ("/desk/calendar/", _("Calendar"), (CALENDAR,)),
    ("/editing/", _("Editing room"), (EDIT, PUBLISH)),
    ("/audit/", _("Audit trail"), (INSPECT,)),
)
# What a village committee works: the demands sent to the village. The other rooms belong to the offices of the township.
OF_COMMITTEES = ("/desk/demands/", "/desk/mine/")
_CASE = re.compile(r"/desk/\d{6,12}-")
HELD = ("/desk/held/", _("Half-filled forms"))
ADMINISTRATION = ("/admin/", _("Administration"))


@dataclass(frozen=True)
class Entry:
    """One room in the bar."""

    url: str
    label: str
    current: bool
    count: int | None = None


def desk(request) -> dict[str, Any]:
    """The context processor. Lazy: a page that does not draw the bar asks nothing, so public pages stay without query."""
    user = getattr(request, "user", None)
    return {
        "desk_nav": SimpleLazyObject(lambda: entries(user, request.path)),
        "desk_office": SimpleLazyObject(lambda: directory().office_name(user.office_id) if user and user.is_authenticated else ""),
    }


def _works_there(held: Rights, url: str, names: tuple[str, ...]) -> bool:
    """Does this person hold one of the rights where it counts for this room?"""
    others = [name for name in names if name != HANDLE]
    if len(others) == len(names) or url in OF_COMMITTEES or (others and held.where(*others)):
        return bool(held.where(*names))
    offices = directory(offices=held.where(HANDLE)).offices
    return any(offices[pk].kind != Office.Kind.VILLAGE for pk in held.where(HANDLE))


def entries(user, path: str) -> list[Entry]:
    """The rooms of this person; the one whose address is the longest beginning of the path is the current one."""
    if user is None or not user.is_authenticated:
        return []
    held = rights(user)
    open_rooms = [(url, label) for url, label, names in ROOMS if not names or _works_there(held, url, names)]
    if user.is_staff:
        open_rooms.append(ADMINISTRATION)
    # A case belongs to the list it is reached from, wherever it was found.
    shown = "/desk/mine/" if _CASE.match(path) else path
    # Half-filled forms, where anybody is interrupted by the next customer; only while there are any.
    waiting = held_forms.count_of(user) if held.where(TAKE_IN, AGENT) else 0
    counts = {HELD[0]: waiting}
    open_rooms += [HELD] * bool(waiting)
    here = max((url for url, _label in open_rooms if shown.startswith(url)), key=len, default="")
    return [Entry(url, str(label), url == here, counts.get(url)) for url, label in open_rooms]
