"""Work lists of the archive: what waits for its volume, what is being put together, what is missing, what is on loan."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from officials.calendar import calendar_for
from officials.models import User
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from requests import custody, lifecycle
from requests.models import ArchiveBox, Document, ServiceRequest, Volume, VolumeLine, VolumeLoan
from requests.permissions import visible

KINDS = (ServiceRequest.Kind.APPLICATION, ServiceRequest.Kind.MEDIATION)
OPENS = (TAKE_IN, HANDLE, HEAD, SUPERVISE, INSPECT)  # any of these rights opens the room
WAITING, WHICH = "waiting", ("assembling", "missing", "unboxed", "unchecked", "closed")
LOANS = ("out", "overdue", "unreviewed", "all")


def mine(user: User) -> QuerySet[ServiceRequest]:
    """Cases whose file lies with my window or my office, as far as I may see them; of mediations only those I may read."""
    held = rights(user)
    others = Q(kind=ServiceRequest.Kind.MEDIATION) & ~Q(office_id__in=held.where(HANDLE, HEAD))
    return visible(user).filter(custody.offices_of(user)).exclude(others)


def waiting(user: User) -> QuerySet[ServiceRequest]:
    """待归档: ended here, no volume yet, the longest ended first. Cases of the paper ledger lie in the archive of then."""
    ended = mine(user).filter(kind__in=KINDS, status__in=lifecycle.ARCHIVED, volume=None, anonymised_at=None)
    return ended.exclude(origin=ServiceRequest.Origin.OLD_LEDGER).order_by("ended_at", "id")


def narrowed(found: QuerySet, item: str, year: str, case: str = "") -> QuerySet:
    """Only of this item and of cases that ended in this year; `case` is the way from the row to its case."""
    if item:
        found = found.filter(**{f"{case}item__code": item})
    if year:
        found = found.filter(**{f"{case}ended_at__year": int(year)})
    return found


def volumes(user: User) -> QuerySet[Volume]:
    found = Volume.objects.filter(service_request__in=mine(user).values("pk"))
    return found.select_related("service_request__edition", "service_request__key", "office", "box")


def chosen(user: User, which: str) -> QuerySet[Volume]:
    return volumes(user).filter(_which(which)).order_by("-closed_at", "-pk")


def _which(which: str) -> Q:
    closed = Q(closed_at__isnull=False)
    match which:
        case "assembling":
            return ~closed
        case "missing":
            return closed & (Q(is_incomplete=True) | Q(Exists(_came_later())))
        case "unboxed":
            return closed & Q(box=None)
        case "unchecked":
            return closed & Q(checked_at=None)
        case _:
            return closed


def _came_later() -> QuerySet[Document]:
    """Papers issued after the volume was closed that stand in none of its lines."""
    listed = VolumeLine.objects.filter(document=OuterRef("pk"))
    later = Document.objects.filter(service_request=OuterRef("service_request"), at__gt=OuterRef("closed_at"), void=None)
    return later.exclude(kind=Document.Kind.RECEIPT).filter(~Exists(listed))


def counts(user: User) -> dict[str, int]:
    return {WAITING: waiting(user).count()} | {which: chosen(user, which).count() for which in WHICH}


def found(user: User, words: str) -> QuerySet[Volume]:
    """By archive number, case number or number of the box."""
    named = Q(number__icontains=words) | Q(service_request__number=words) | Q(box__number=words)
    return volumes(user).filter(named).order_by("-closed_at", "-pk")


# -- loans ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Lent:
    """A loan as the ledger shows it. `late` is in working days, 0 while it is not."""

    loan: VolumeLoan
    late: int
    is_late: bool


def loans(user: User) -> QuerySet[VolumeLoan]:
    """Of the volumes that lie with me, and those I borrowed myself of cases I may see."""
    borrowed = Q(borrower_id=user.pk, volume__service_request__in=visible(user).values("pk"))
    read = VolumeLoan.objects.filter(Q(volume__service_request__in=mine(user).values("pk")) | borrowed)
    return read.select_related(
        "volume__service_request__edition", "volume__service_request__key", "borrower", "lent_by", "recalled_by", "returned_to",
        "review__by",
    )  # fmt: skip


def chosen_loans(user: User, which: str, today: date) -> QuerySet[VolumeLoan]:
    """Out: what is due first stands first; the whole ledger: the newest first."""
    found = loans(user).filter(_which_loans(which, today))
    return found.order_by("due_on", "pk") if which in ("out", "overdue") else found.order_by("-pk")


def _which_loans(which: str, today: date) -> Q:
    match which:
        case "out":
            return Q(returned_at=None)
        case "overdue":
            return Q(returned_at=None, due_on__lt=today)
        case "unreviewed":
            return Q(review=None)
        case _:
            return Q()


def loan_counts(user: User, today: date) -> dict[str, int]:
    return loans(user).aggregate(**{which: Count("pk", filter=_which_loans(which, today)) for which in LOANS})


def shown(found: Iterable[VolumeLoan], now: datetime) -> list[Lent]:
    """The last day of a loan still counts: it is late from the day after, in working days."""
    today = timezone.localdate(now)
    rows = []
    for loan in found:
        is_late = loan.is_out and loan.due_on < today
        late = max(calendar_for(loan.volume.township_id).between(loan.due_on, today), 0) if is_late else 0
        rows.append(Lent(loan, late, is_late))
    return rows


def to_review(user: User) -> QuerySet[VolumeLoan]:
    """Loans this head has to look through: nobody reviews what was lent to, or by, that person."""
    offices = rights(user).where(HEAD, SUPERVISE)
    return loans(user).filter(review=None, volume__office_id__in=offices).exclude(borrower_id=user.pk).exclude(lent_by_id=user.pk)


def is_review_due(user: User, now: datetime) -> bool:
    """一周一审: something of an earlier week has not been reviewed yet."""
    today = timezone.localdate(now)
    monday = today - timedelta(days=today.weekday())
    first = timezone.make_aware(datetime.combine(monday, datetime.min.time()))
    return to_review(user).filter(lent_at__lt=first).exists()


# -- boxes ------------------------------------------------------------------------------------------------------


def boxes(user: Any) -> QuerySet[ArchiveBox]:
    """The boxes of the offices in which this person has any of the rights that open the room."""
    count = Volume.objects.filter(box=OuterRef("pk")).order_by().values("box").annotate(n=Count("pk")).values("n")
    found = ArchiveBox.objects.filter(office_id__in=rights(user).where(*OPENS))
    return found.select_related("office", "township").annotate(volumes_in=Subquery(count))


def keeps(user: Any, office_id: int) -> bool:
    """Makes boxes of this office, says where they stand, and fills them."""
    return office_id in rights(user).where(TAKE_IN, HANDLE, HEAD)
