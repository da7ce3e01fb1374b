"""What lies with the county, soonest first, and the panel of one case. With the county is not out of sight (domain 14 no. 15)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import User
from officials.permissions import HANDLE, HEAD, SUPERVISE, rights
from requests import case_file, persons
from requests.county import deciding, verbs
from requests.materials import name_of_line
from requests.models import CountyUrge, Forwarding, ServiceRequest
from requests.panels import Panel
from requests.permissions import sees_whole, visible
from requests.reasons import say_date

URGE_BEFORE = 2  # working days before the county's date a letter is due
_WAYS = Prefetch(
    "forwardings",
    Forwarding.objects.filter(status__in=Forwarding.LIVE, kind=Forwarding.Kind.COUNTY).prefetch_related("urges"),
    to_attr="ways",
)


def at_county(user: User) -> QuerySet[ServiceRequest]:
    """The open cases of my offices that lie with the county, those with the soonest date first."""
    mine = rights(user).where(HANDLE, HEAD, SUPERVISE)
    found = visible(user).filter(office_id__in=mine, county_since__isnull=False)
    return found.order_by(F("county_due_on").asc(nulls_last=True), "county_since", "id")


def to_urge_q(today: date, township_id: int) -> Q:
    """Cases whose date with the county is near or past; not on the day they were sent there."""
    return Q(county_due_on__lte=calendar_for(township_id).add(today, URGE_BEFORE), county_since__lt=today)


@dataclass(frozen=True)
class Row:
    """One case at the county."""

    number: str
    url: str
    title: str
    name: str
    office: str
    body: str
    since: str
    due: str
    received: bool
    urges: int
    urged_on: str
    to_urge: bool
    awaits: bool  # a letter is on its way, and the day for its answer is not over
    proposed: bool


def rows(user: User, found: QuerySet[ServiceRequest], now: datetime) -> list[Row]:
    today = timezone.localdate(now)
    listed = found.select_related("edition", "key", "office").prefetch_related(_WAYS)
    return [_row(user, case, today) for case in listed]


def _row(user: User, case: ServiceRequest, today: date) -> Row:
    way = case.ways[0] if case.ways else None
    urges = list(way.urges.all()) if way else []
    whole, awaits = sees_whole(user, case), any(urge.answer_by >= today for urge in urges)
    return Row(
        number=case.number,
        url=case.get_absolute_url(),
        title=case.title if whole else "",
        name=case.key.name_masked if whole else "",
        office=case.office.name,
        body=way.to_body if way else "",
        since=say_date(case.county_since),
        due=say_date(case.county_due_on) if case.county_due_on else "",
        received=bool(way and way.received_at),
        urges=len(urges),
        urged_on=say_date(timezone.localdate(urges[-1].at)) if urges else "",
        to_urge=is_near(case, today) and not awaits,
        awaits=awaits,
        proposed=is_over(case, today) and not awaits,
    )


def is_near(case: ServiceRequest, today: date) -> bool:
    """Is the county's date near or past? Nobody is urged on the day the file was sent."""
    if case.county_due_on is None or case.county_since is None or case.county_since >= today:
        return False
    return calendar_for(case.township_id).between(today, case.county_due_on) <= URGE_BEFORE


def is_over(case: ServiceRequest, today: date) -> bool:
    """Has the county's own limit passed?"""
    return case.county_due_on is not None and case.county_due_on < today


def to_write(found: QuerySet[ServiceRequest], today: date) -> QuerySet[ServiceRequest]:
    """A letter is proposed for these: the county's own limit is over, and no answer to an earlier letter is awaited any more."""
    awaited = CountyUrge.objects.filter(
        forwarding__service_request=OuterRef("pk"), forwarding__status__in=Forwarding.LIVE, answer_by__gte=today
    )
    return found.filter(~Exists(awaited), county_due_on__lt=today)


# -- on the page of the case ---------------------------------------------------------------------------------------


@dataclass
class Way:
    """One way of the file, in words."""

    kind: str
    body: str
    status: str
    facts: list[tuple[str, str]] = field(default_factory=list)
    papers: list[str] = field(default_factory=list)
    urges: list[dict[str, Any]] = field(default_factory=list)


def panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    """Where the file was carried; nothing for a case that never left the office."""
    if case.forwarded_at is None and not deciding.is_stationed(case):
        return None
    found = list(case.forwardings.select_related("sent_by", "ended_by").prefetch_related("urges__document", "urges__answers"))
    names = ["take_over"] if any(row.kind == Forwarding.Kind.WINDOW and row.is_live for row in found) else []
    live = next((row for row in found if row.is_live and row.kind == Forwarding.Kind.COUNTY), None)
    if live is not None:
        names += ["note_county_receipt"] * (live.received_at is None) + ["note_county_result", "county_returns", "urge_county"]
        names += ["note_urge_answer"] * bool(live.urges.all())
    if not found:
        return None
    materials = {material.pk: material.name for material in case.edition.materials.all()}
    ways = [_way(case, row, materials) for row in found]
    since = say_date(case.county_since) if case.county_since else ""
    due = say_date(case.county_due_on) if case.county_due_on else ""
    content = {
        "ways": ways, "actions": case_file.offered(case, user, *names), "since": since, "due": due,
        "body": live.to_body if live else "", "is_signed": bool(live and live.received_at),
        "to_urge": is_near(case, timezone.localdate(now)),
    }  # fmt: skip
    return Panel("requests/county/_panel.html", content)


def _way(case: ServiceRequest, row: Forwarding, materials: dict[int, str]) -> Way:
    said = verbs.words_of(case, row)
    day = timezone.localdate
    facts = [
        (_("Sent out"), f"{say_date(day(row.sent_at))} · {row.get_how_display()} · {row.sent_by.name}"),
        (_("Signed for there"), say_date(day(row.received_at)) if row.received_at else _("not yet noted")),
        (_("Signed for there by"), " · ".join(filter(None, (said.get("receiver"), said.get("number"))))),
        (_("Decided there"), say_date(row.result_on) if row.result_on else ""),
        (_("Their paper"), " · ".join(filter(None, (said.get("paper"), said.get("result_number"))))),
        (_("Sent back because"), said.get("returned", "")),
    ]
    late = [_("carried on late")] if row.was_late else []
    return Way(
        kind=str(row.get_kind_display()),
        body=row.to_body,
        status=" · ".join([_status(row), *late]),
        facts=[(label, text) for label, text in facts if text],
        papers=[_paper(taken, materials) for taken in row.papers],
        urges=[_urge(case, urge) for urge in row.urges.all()],
    )


def _status(row: Forwarding) -> str:
    is_over = row.kind == Forwarding.Kind.WINDOW and row.status == Forwarding.Status.DECIDED
    return _("taken over there") if is_over else str(row.get_status_display())


def _paper(taken: dict, materials: dict[int, str]) -> str:
    words = materials.get(taken["material"], "") or name_of_line(taken.get("line", ""))
    return _("%(name)s (original)") % {"name": words} if taken.get("originals") else words


def _urge(case: ServiceRequest, urge: CountyUrge) -> dict[str, Any]:
    answers = [
        {"on": say_date(answer.answered_on), "words": persons.open_for(case, answer.sealed, "urge") or ""} for answer in urge.answers.all()
    ]
    return {
        "number": str(urge.document),
        "on": say_date(timezone.localdate(urge.at)),
        "answer_by": say_date(urge.answer_by),
        "words": persons.open_for(case, urge.sealed, "urge") or "",
        "answers": answers,
    }
