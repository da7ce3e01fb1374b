"""What an agent has in hand, by state, and what is on its way to the township, with the day by which it has to be there."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import Office, User
from officials.permissions import AGENT, TAKE_IN, rights
from requests.materials import still_to_come
from requests.models import Bundle, BundleLine, Mandate, ServiceRequest
from requests.permissions import visible
from requests.reasons import say_date

S = ServiceRequest.Status
BRING_WITHIN = 3  # working days from the village's receipt, where the centre has set nothing else (domain 16.4: 例如3个工作日)
COUNTED_SHOWN = 20


@dataclass(frozen=True)
class Row:
    """One case of an agent: what is missing, until when, in which bundle."""

    case: ServiceRequest
    name: str
    until: str = ""
    is_late: bool = False
    missing: tuple[str, ...] = ()
    bundle: Bundle | None = None
    opens: bool = True  # may the reader open the bundle?
    note: str = ""


@dataclass
class Group:
    key: str
    title: str
    empty: str
    rows: list[Row] = field(default_factory=list)


def bring_by(case: ServiceRequest) -> date:
    """The last day on which the village may still bring the file: so many working days after it took it in, that day not counted."""
    days = case.township.village_days or BRING_WITHIN
    return calendar_for(case.township_id).add(timezone.localdate(case.village_received_at), days)


def of_agent(user: User, now: datetime) -> list[Group]:
    """The agent's cases by state, what waits longest on top. Every case is in exactly one group."""
    groups = {
        "bundle": Group("bundle", _("To bring to the township"), _("Files you take in for residents wait here until they go in a bundle.")),
        "missing": Group("missing", _("Papers are missing"), _("What the residents still have to bring stands here.")),
        "results": Group("results", _("Results to bring home"), _("Decided cases stand here until the person has the result.")),
        "running": Group("running", _("With the township"), _("What the township works on stands here, with its date.")),
    }
    mine = Mandate.objects.live(timezone.localdate(now)).filter(agent=user).values("service_request_id")
    cases = (
        visible(user)
        .filter(pk__in=mine)
        .select_related("edition", "key", "township", "office")
        .order_by("due_at", "id")
    )
    bundles = _bundles_of(cases)
    for case in cases:
        key, row = _row(case, bundles.get(case.pk), now)
        groups[key].rows.append(row)
    return list(groups.values())


def _row(case: ServiceRequest, bundle: Bundle | None, now: datetime) -> tuple[str, Row]:
    name, today = case.key.name_masked, timezone.localdate(now)
    if case.status == S.AT_VILLAGE:
        until = bring_by(case)
        missing = tuple(line.name for line in still_to_come(case))
        return "bundle", Row(case, name, say_date(until), until < today, missing, bundle)
    if case.status == S.DECIDED:
        return "results", Row(case, name, note=str(case.get_outcome_display()))
    missing = tuple(line.name for line in still_to_come(case)) if case.status in (S.RECEIVED, S.AWAITING_MATERIALS) else ()
    is_late = case.due_at is not None and case.due_at < now
    return "missing" if missing else "running", Row(case, name, say_date(case.due_on) if case.due_on else "", is_late, missing)


def _bundles_of(cases: QuerySet[ServiceRequest]) -> dict[int, Bundle]:
    lines = BundleLine.objects.filter(found="", service_request__in=cases.order_by().values("pk")).select_related("bundle")
    return {line.service_request_id: line.bundle for line in lines}


def on_the_way(user: User, now: datetime) -> list[Row]:
    """Every file that is at a village or on its way, the one to be brought first on top: none is lost."""
    waiting = visible(user).filter(status=S.AT_VILLAGE).select_related("edition", "key", "township", "village")
    cases = waiting.order_by("village_received_at", "id")
    found, today = _bundles_of(cases), timezone.localdate(now)
    mine = set(bundles(user).filter(pk__in={one.pk for one in found.values()}).values_list("pk", flat=True))
    rows = []
    for case in cases:
        bundle, until = found.get(case.pk), bring_by(case)
        rows.append(
            Row(case, case.key.name_masked, say_date(until), until < today, (), bundle, opens=bundle is not None and bundle.pk in mine)
        )
    return rows


def bundles(user: User) -> QuerySet[Bundle]:
    """Bundles of my village, or brought to my window."""
    held = rights(user)
    found = Bundle.objects.filter(village__in=held.where(AGENT)) | Bundle.objects.filter(office__in=held.where(TAKE_IN))
    return found.select_related("village", "office", "township", "made_by", "sent_by", "counted_by", "brought_by")


def villages(user: User) -> list[Office]:
    """Villages whose files this person may put into a bundle."""
    held = rights(user)
    windows = Office.objects.filter(pk__in=held.where(TAKE_IN), takes_in_for_all=True).values("township_id")
    own = Office.objects.open().filter(pk__in=held.where(AGENT), kind=Office.Kind.VILLAGE)
    brought = Office.objects.open().filter(township__in=windows, kind=Office.Kind.VILLAGE)
    return list((own | brought).select_related("township", "parent").order_by("code"))
