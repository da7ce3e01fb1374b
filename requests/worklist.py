"""The lists of the desk: whose cases, which of them, soonest first. Every number on the opening page opens one of these."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from urllib.parse import urlencode

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from officials import numbers
from officials.calendar import calendar_for
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from requests import deadlines
from requests.demands.orders import Point, points
from requests.directory import directory
from requests.models import ServiceRequest
from requests.permissions import is_sensitive, read_tasks_along, sees_whole, visible, visible_q
from requests.reasons import say_date

S = ServiceRequest.Status
OPEN = Q(status__in=ServiceRequest.OPEN)
ME, OFFICE, INTAKE, ALL = "me", "office", "intake", "all"
ONLY = "only"
SCOPES: dict[str, str | Promise] = {
    ME: _("held by me"),
    OFFICE: _("of my offices"),
    INTAKE: _("taken in at my window"),
    ALL: _("all I may see"),
}
SHORT_TAIL = 7  # up to so many digits are the running number of a case, as people say it

# What one row of a list needs, and nothing else: editions are wide.
ROW = (
    "number", "kind", "status", "outcome", "due_at", "due_on", "due_kind", "is_provisional", "stopped_since", "original_on",
    "promised_on", "legal_on", "accepted_at", "received_at",
    "township_id", "office_id", "intake_office_id", "village_id", "upper_number", "holder__name", "office__name", "edition__name",
    "edition__privacy", "edition__item_type", "key__name_masked", "county_since", "county_due_on",
)  # fmt: skip


def scopes_of(user) -> list[str]:
    """The lists that exist for this person, the one to open first in front."""
    held = rights(user)
    found = []
    if held.has(HANDLE):
        found.append(ME)
    if held.where(HANDLE, HEAD, SUPERVISE):
        # A head answers for the office first, whatever the own pile.
        found.insert(0 if held.has(HEAD) else len(found), OFFICE)
    if held.has(TAKE_IN):
        found.append(INTAKE)
    return [*found, ALL]


def scope_q(user, who: str) -> Q:
    """The predicate of a list. It only narrows `visible_q`."""
    held = rights(user)
    match who:
        case "me":
            return Q(holder_id=user.pk)
        case "office":
            return Q(office_id__in=held.where(HANDLE, HEAD, SUPERVISE))
        case "intake":
            return Q(intake_office_id__in=held.where(TAKE_IN))
        case _:
            return Q()


@dataclass(frozen=True)
class Wanted:
    """What the address of a list asks for. Unknown words fall back to the usual list."""

    who: str
    status: str = ""  # "" = open
    late: bool = False
    today: str = ""  # ALL: everything to be dealt with today, what is late as well; ONLY: due today and not yet late
    kind: str = ""
    q: str = ""

    @property
    def address(self) -> str:
        words = {"who": self.who, "status": self.status, "late": "1" if self.late else "", "today": self.today}
        return "/desk/mine/?" + urlencode({k: v for k, v in (words | {"kind": self.kind}).items() if v})


def wanted(user, query, typed: str | None = None) -> Wanted:
    """Read the filters of the address; a word nobody knows counts as not given.

    `typed`: what was sent by the search form. In an address only a case number counts: whoever types a name, a phone or an
    identity number into the field must not leave it in the history of a shared browser.
    """
    offered = scopes_of(user)
    text = unicodedata.normalize("NFKC", str(query.get("q", "")) if typed is None else typed)
    # What came along from the clipboard and cannot be seen cannot be part of a number either.
    text = "".join(letter for letter in text if letter.isprintable()).strip()[:60]
    if typed is None and not is_number(text):
        text = ""
    who = query.get("who", "")
    if who not in offered:
        who = ALL if text else offered[0]
    status = query.get("status", "")
    kind = query.get("kind", "")
    return Wanted(
        who=who,
        status=status if status in S.values or status == ALL else "",
        late=query.get("late") == "1",
        today=query.get("today", "") if query.get("today") in (ALL, ONLY) else "",
        kind=kind if kind in ServiceRequest.Kind.values else "",
        q=text,
    )


def filter_q(asked: Wanted, now: datetime) -> Q:
    """The filters as a predicate."""
    found = Q()
    if asked.status in S.values:
        found &= Q(status=asked.status)
    elif asked.status != ALL and not asked.q:
        found &= OPEN
    if asked.late:
        found &= OPEN & Q(due_at__lt=now)
    if asked.today:
        found &= OPEN & Q(due_on__lte=timezone.localdate(now))
    if asked.today == ONLY:
        found &= Q(due_at__gte=now)
    if asked.kind:
        found &= Q(kind=asked.kind)
    return found & text_q(asked.q, now)


def text_q(text: str, now: datetime) -> Q:
    """A case number as people write it, its last digits, or the number in the upper system or the paper ledger."""
    if not text:
        return Q()
    if numbers.parse(text) is not None and not text.isdigit():
        return Q(number__in=numbers_meant(text, now))
    # Digits alone may be a case number without its hyphens, its last digits, or a number of another system.
    elsewhere = Q(upper_number=text) | Q(old_number=text)
    return Q(number__in=numbers_meant(text, now)) | elsewhere if is_number(text) else elsewhere


def is_number(text: str) -> bool:
    """A whole case number, or the few digits by which people say it."""
    return numbers.parse(text) is not None or (text.isascii() and text.isdigit() and len(text) <= SHORT_TAIL)


def numbers_meant(text: str, now: datetime) -> list[str]:
    """The case numbers somebody can mean: the whole one; for last digits those of this year and the last.

    Whole numbers find a case by the index; looking for all that end so would read every case there ever was.
    """
    number = numbers.parse(text)
    if number is not None:
        return [str(number)]
    if not is_number(text):
        return []
    year = timezone.localdate(now).year
    codes = [township.code for township in directory().townships.values()]
    return [numbers.show(code, one, int(text)) for code in codes for one in (year, year - 1)]


def cases(user, asked: Wanted, now: datetime) -> QuerySet[ServiceRequest]:
    """The list, soonest first; what has no date stands at the end."""
    return (
        visible(user)
        .filter(scope_q(user, asked.who) & filter_q(asked, now))
        .select_related("edition", "key", "holder", "office")
        .only(*ROW)
        .order_by(F("due_at").asc(nulls_last=True), "id")
    )


def counts(user, now: datetime, asked: Wanted | None = None) -> dict[str, int]:
    """Open cases of each list and, for the list asked for, how many rows it has: one query."""
    named = {who: Count("pk", filter=scope_q(user, who) or OPEN) for who in scopes_of(user)}
    if asked is not None:
        named["rows"] = Count("pk", filter=scope_q(user, asked.who) & filter_q(asked, now) or OPEN)
    return ServiceRequest.objects.filter(visible_q(user) & OPEN).aggregate(**named)


def is_among_open(asked: Wanted) -> bool:
    """Whether every row of this list is an open case, so that `counts` has counted it along."""
    return asked.late or bool(asked.today) or asked.status in ServiceRequest.OPEN or (not asked.status and not asked.q)


@dataclass(frozen=True)
class Workload:
    """The figures of the opening page. late + today = to deal with today."""

    late: int
    today: int
    open: int
    unanswered: int
    awaiting: int
    calls: int
    demands: int
    undelivered: int

    @property
    def to_do(self) -> int:
        return self.late + self.today


def workload(user, who: str, now: datetime) -> Workload:
    """One list in figures."""
    day = timezone.localdate(now)
    mine = ServiceRequest.objects.filter(visible_q(user) & scope_q(user, who))
    late = Q(due_at__lt=now)
    found = mine.open().aggregate(
        late=Count("pk", filter=late),
        today=Count("pk", filter=Q(due_on__lte=day, due_at__gte=now)),
        open=Count("pk"),
        unanswered=Count("pk", filter=Q(status=S.RECEIVED, kind=ServiceRequest.Kind.APPLICATION)),
        awaiting=Count("pk", filter=Q(status=S.AWAITING_MATERIALS)),
        calls=Count("pk", filter=Q(kind=ServiceRequest.Kind.CONSULTATION)),
        demands=Count("pk", filter=Q(kind=ServiceRequest.Kind.DEMAND)),
    )
    return Workload(**found, undelivered=mine.filter(status=S.DECIDED).count())


# -- rows as they are shown -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """One case in a list, masked. Where the reader may know state and date only, the item and the name are left out."""

    number: str
    url: str
    title: str
    name: str
    status: str
    due: str
    original: str
    holder: str
    office: str
    light: str
    light_text: str
    is_provisional: bool
    note: str = ""  # what a list of its own says besides
    late: str = ""  # since when it is late, and whose step it is


def rows(user, found, now: datetime) -> list[Row]:
    listed = list(found)
    if rights(user).where(HANDLE, HEAD):
        # Of these alone it matters whether an office has a part in them.
        held = rights(user).where(HANDLE, HEAD, SUPERVISE, INSPECT)
        read_tasks_along(case for case in listed if case.office_id not in held and is_sensitive(case))
    said = points(case for case in listed if case.kind == ServiceRequest.Kind.ORDER and sees_whole(user, case))
    return [_with_its_point(row(user, case, now), said.get(case.pk)) for case in listed]


def _with_its_point(found: Row, point: Point | None) -> Row:
    """交办单: nobody applied, and the kind of the case says nothing of what has to be done."""
    return found if point is None else replace(found, title=point.words or found.title, name=point.source)


def row(user, case: ServiceRequest, now: datetime) -> Row:
    light = deadlines.light_of(case, now, calendar_for(case.township_id))
    whole = sees_whole(user, case)
    return Row(
        number=case.number,
        url=case.get_absolute_url(),
        title=case.title if whole else "",
        name=case.key.name_masked if whole else "",
        status=status_words(case),
        due=deadlines.say_due_at(case) or say_due(case.due_on or case.county_due_on),
        original=deadlines.original_of_due(case),
        holder=case.holder.name if case.holder_id else "",
        office=case.office.name,
        light=light.colour.value if light else ("none" if case.is_open else ""),
        light_text=light.text if light else "",
        is_provisional=case.is_provisional,
        late=deadlines.say_late(case, now),
    )


def status_words(case: ServiceRequest) -> str:
    """The status, with the outcome once there is one."""
    words = str(case.get_status_display())
    return f"{words} · {case.get_outcome_display()}" if case.outcome else words


def say_due(day: date | None) -> str:
    return say_date(day) if day else ""
