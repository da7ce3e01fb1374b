"""去留: originals in the drawer, from whom and for how long; given back against signature; sent to the county and back (domain 16.4).

Which original may lie in a drawer at all is the edition's word (custody); what lies there is the newest row of each line.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import User
from officials.permissions import HANDLE, HEAD, INSPECT, SUPERVISE, TAKE_IN, rights
from requests import persons
from requests.documents import Paper, Part, issue
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.materials import Line, held_originals
from requests.models import Document, MaterialReceipt, Party, ServiceRequest
from requests.permissions import visible

State = MaterialReceipt.State


class Seen(StrEnum):
    """How the window knows who takes the papers."""

    CARD = "card"
    KNOWN = "known"  # the card is forgotten, the person is known to the window


# -- the verbs --------------------------------------------------------------------------------------------------


def return_original(
    case: ServiceRequest, material_ids: Iterable[int], *, taken_by: int | None = None, seen: str = Seen.CARD, by: User, now: datetime
) -> Document:
    """Originals go back from the drawer, against signature: to the applicant, or to `taken_by`, a person of this case.

    The list of what goes back (材料退还清单) is issued with it, for the signature of who takes them.
    """
    with change("return_original", case, by=by, now=now) as work:
        lines = _held(work.case, material_ids)
        away = [line.name for line in lines if line.is_away]
        if away:
            raise Refused(_("At the county, not in the drawer: %(what)s.") % {"what": _(", ").join(away)})
        if seen not in set(Seen):
            raise Refused(_("Say how you know who takes the papers."))
        taker, relation = _taker(work.case, taken_by)
        _write(work, lines, state=State.RETURNED)
        document = issue(work.case, _return_list(work.case, lines, taker, relation, seen), by=by, now=now)
        work.facts.update(materials=[line.material_id for line in lines], party=taken_by, seen=str(seen), document=str(document))
        work.redate = False
    return document


def send_original(case: ServiceRequest, material_ids: Iterable[int], *, words: str, by: User, now: datetime) -> None:
    """Originals go on to the county, with its receipt. They are still ours to give back: the list keeps them, marked."""
    if not words.strip():
        raise Refused(_("Write down who took them, and the receipt."))
    with change("send_original", case, by=by, now=now) as work:
        lines = [line for line in _held(work.case, material_ids) if not line.is_away]
        if not lines:
            raise AlreadyHandled(_("These originals are at the county already."))
        _write(work, lines, state=State.IN, original_held=True, is_away=True)
        work.facts["materials"] = [line.material_id for line in lines]
        work.words["text"] = words
        work.redate = False


def original_back(case: ServiceRequest, material_ids: Iterable[int], *, by: User, now: datetime) -> None:
    """Originals are back from the county and lie in the drawer again."""
    with change("original_back", case, by=by, now=now) as work:
        lines = [line for line in _held(work.case, material_ids) if line.is_away]
        if not lines:
            raise AlreadyHandled(_("These originals are in the drawer already."))
        _write(work, lines, state=State.IN, original_held=True)
        work.facts["materials"] = [line.material_id for line in lines]
        work.redate = False


def _held(case: ServiceRequest, material_ids: Iterable[int]) -> list[Line]:
    held = {line.material_id: line for line in held_originals(case)}
    wanted = list(dict.fromkeys(material_ids))
    if not wanted:
        raise Refused(_("Choose at least one original."))
    if any(pk not in held for pk in wanted):
        raise AlreadyHandled(_("This original is not held any more."))
    return [held[pk] for pk in wanted]


def _taker(case: ServiceRequest, party_id: int | None) -> tuple[str, str]:
    """Name and relation of who takes the papers."""
    if party_id is None:
        came = persons.person_of(case)
        return came.name, "申请人本人"
    party = Party.objects.filter(service_request=case, pk=party_id, removed_at__isnull=True).first()
    if party is None:
        raise AlreadyHandled(_("This person is not in the case any more."))
    person = persons.opened(case, party)
    return person.name, person.relation or ROLE_WORDS[party.role]


ROLE_WORDS = {"representative": "代理人", "guardian": "监护人", "member": "家庭成员", "collector": "领取人"}
SEEN_WORDS = {Seen.CARD: "已验身份证件", Seen.KNOWN: "未带身份证件,窗口人员认识本人"}


def _write(work: Change, lines: list[Line], **columns: Any) -> None:
    for line in lines:
        MaterialReceipt.objects.create(service_request=work.case, material_id=line.material_id, at=work.now, by=work.by, **columns)


def _return_list(case: ServiceRequest, lines: list[Line], taker: str, relation: str, seen: str) -> Paper:
    rows = tuple((str(place), line.name, str(line.material.original_count or 1)) for place, line in enumerate(lines, start=1))
    return Paper(
        kind=Document.Kind.RETURN_LIST,
        parts=(
            Part("item", "事项", text=f"{case.title}(办件编号{case.number})"),
            Part("originals", "退还的原件", columns=("序号", "材料", "份数"), rows=rows),
            Part("taken_by", "领取人", text=f"{taker}({relation}),{SEEN_WORDS[Seen(seen)]}"),
            Part("note", text="以上原件已当面点清退还。"),
        ),
        signatures=("领取人(签名或按指印)", "退还人", "退还日期"),
        copies="一式两份,一份交领取人,一份存档",
    )


# -- the drawer -------------------------------------------------------------------------------------------------


def offices_of(user: User) -> Q:
    """Cases whose papers lie at my window or belong to my office."""
    held = rights(user)
    return Q(intake_office_id__in=held.where(TAKE_IN)) | Q(office_id__in=held.where(HANDLE, HEAD, SUPERVISE, INSPECT))


def in_the_drawer(cases: QuerySet[ServiceRequest]) -> QuerySet[MaterialReceipt]:
    """The rows by which an original of these cases is held now: the newest row of a line counts."""
    receipts = MaterialReceipt.objects
    later = receipts.filter(service_request=OuterRef("service_request"), material=OuterRef("material"), pk__gt=OuterRef("pk"))
    rows = receipts.filter(service_request__in=cases.values("pk"), original_held=True, state=State.IN, material__isnull=False)
    return rows.filter(~Exists(later))


@dataclass(frozen=True)
class Sums:
    """Came in − went back = held, each counted by itself; `away` of the held ones are at the county."""

    taken: int
    returned: int
    held: int
    away: int

    @property
    def add_up(self) -> bool:
        return self.taken - self.returned == self.held


def sums(cases: QuerySet[ServiceRequest]) -> Sums:
    """Of these cases, from the first day on."""
    rows = MaterialReceipt.objects.filter(service_request__in=cases.values("pk"), material__isnull=False)
    earlier = MaterialReceipt.objects.filter(
        service_request=OuterRef("service_request"), material=OuterRef("material"), pk__lt=OuterRef("pk")
    ).order_by("-pk")
    held = in_the_drawer(cases)
    was_held = Subquery(earlier.values("original_held")[:1])
    moved = rows.annotate(was_held=was_held)
    return Sums(
        taken=moved.filter(Q(was_held=False) | Q(was_held__isnull=True), original_held=True).count(),
        returned=moved.filter(original_held=False, was_held=True).count(),
        held=held.count(),
        away=held.filter(is_away=True).count(),
    )


@dataclass(frozen=True)
class Held:
    """One original as the list shows it."""

    number: str
    url: str
    item: str
    material: str
    whose: str
    office: str
    since: date
    days: int
    goes: str
    is_due: bool  # nothing keeps it here any more


def mine(user: User) -> QuerySet[ServiceRequest]:
    return visible(user).filter(offices_of(user))


def shown(found: Iterable[MaterialReceipt], now: datetime) -> list[Held]:
    """Rows of the list; `found` with its case, key, edition, intake office and material."""
    rows = list(found)
    since = _since(rows)
    today = timezone.localdate(now)
    return [_shown(row, since[row.service_request_id, row.material_id], today) for row in rows]


def _since(rows: list[MaterialReceipt]) -> Mapping[tuple[int, int | None], date]:
    """The day each original came, also where its line was ticked again since."""
    cases = {row.service_request_id for row in rows}
    found: dict[tuple[int, int | None], date] = {}
    for row in MaterialReceipt.objects.filter(service_request__in=cases, material__isnull=False).order_by("pk"):
        line = (row.service_request_id, row.material_id)
        if row.original_held:
            found.setdefault(line, timezone.localdate(row.at))
        else:
            found.pop(line, None)
    return found


def _shown(row: MaterialReceipt, since: date, today: date) -> Held:
    case = row.service_request
    is_due = not row.is_away and not case.is_open
    return Held(
        number=case.number,
        url=case.get_absolute_url(),
        item=case.title,
        material=row.material.name,
        whose=case.key.name_masked,
        office=case.intake_office.name,
        since=since,
        days=(today - since).days,
        goes=_goes(case, row.is_away),
        is_due=is_due,
    )


def _goes(case: ServiceRequest, is_away: bool) -> str:
    """Where this original has to go next."""
    if is_away:
        return _("At the county; comes back here, then to the applicant")
    if case.is_open:
        return _("Stays until the decision, then to the applicant")
    return _("Back to the applicant now: %(status)s") % {"status": case.get_status_display()}


# -- waiting for collection -------------------------------------------------------------------------------------


def to_collect(user: User) -> QuerySet[ServiceRequest]:
    """Decided, the result not yet in the applicant's hands; the longest waiting first."""
    return mine(user).filter(status__in=ServiceRequest.UNDELIVERED).order_by("decided_at", "id")
