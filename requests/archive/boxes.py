"""档案盒: made, put somewhere, filled. A box is no case: its verbs stand in frames of their own."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials import numbers
from officials.audit import together, verb
from officials.models import Office, User
from requests.archive import lists
from requests.archive.verbs import box_volume
from requests.lifecycle import Refused
from requests.models import ArchiveBox, Term, Volume

SERIES = "DH"  # 档案盒
FIRST_YEAR = 1949


def make_box(office: Office, *, year: int, term: str, room: str, shelf: str, by: User, now: datetime) -> ArchiveBox:
    """A box with the next number. Its place is said at once: a box that stands nowhere cannot be found."""
    if not lists.keeps(by, office.pk):
        raise Refused(_("Boxes of %(office)s are kept by its own people.") % {"office": office})
    day = timezone.localdate(now)
    if not FIRST_YEAR <= year <= day.year or term not in Term.values:
        raise Refused(_("Choose the year and the term of the files."))
    _refuse_nowhere(room, shelf)
    with verb("make_box", by=by, now=now, subject=f"office:{office.code}") as act:
        value = numbers.take(office.township, SERIES, day)
        number = numbers.show(office.township.code, day.year, value, SERIES)
        box = ArchiveBox(
            township=office.township, office=office, number=number, year=year, term=term, room=room.strip(), shelf=shelf.strip()
        )
        box.save()
        act.subject = f"box:{box.number}"
    return box


def move_box(box: ArchiveBox, *, room: str, shelf: str, by: User, now: datetime) -> None:
    """It stands somewhere else now."""
    if not lists.keeps(by, box.office_id):
        raise Refused(_("Boxes of %(office)s are kept by its own people.") % {"office": box.office})
    _refuse_nowhere(room, shelf)
    with verb("move_box", by=by, now=now, subject=f"box:{box.number}"):
        locked = ArchiveBox.objects.select_for_update().get(pk=box.pk)
        if (locked.room, locked.shelf) == (room.strip(), shelf.strip()):
            raise Refused(_("The box stands there already."))
        locked.room, locked.shelf = room.strip(), shelf.strip()
        locked.save()
    box.refresh_from_db()


def _refuse_nowhere(room: str, shelf: str) -> None:
    if not room.strip() or not shelf.strip():
        raise Refused(_("Say in which room and on which shelf the box stands."))


def fitting(user: User, box: ArchiveBox):
    """Closed volumes of its office, year and term that stand in no box yet."""
    return lists.chosen(user, "unboxed").filter(office=box.office_id, year=box.year, term=box.term).order_by("number")


def fill_box(box: ArchiveBox, chosen: Iterable[Volume], *, by: User, now: datetime) -> int:
    """Several volumes at once, each with its own line on its case; all or none. Returns how many."""
    wanted = list(chosen)
    if not wanted:
        raise Refused(_("Tick the volumes that go into the box."))
    with together(one_fate=True):
        for volume in wanted:
            box_volume(volume.service_request, box, by=by, now=now)
    return len(wanted)
