"""Following a case by its number and its secret, without an account: who may read, and what is read.

A number that does not exist, a wrong secret, a voided and an anonymised case get the same answer after the same work:
one look-up of the digest, one HMAC, one count. Only a right secret loads the case.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from officials.calendar import calendar_for
from officials.models import Township
from officials.numbers import Number
from officials.prepared import prepared
from officials.privacy.tracking import refuse_slowly, secret_matches
from requests import deadlines, offering, throttle
from requests.clock import Due, explain
from requests.demands import read_here
from requests.directory import directory
from requests.intake import ID_CARD_LINE, OWN_LINES
from requests.item_needs import is_applicants_card
from requests.lifecycle import RUNNING, UNACCEPTED
from requests.lights import Light
from requests.materials import OWN_LINE_NAMES, Line, village_line
from requests.models import (
    CaseKey,
    Extension,
    MaterialReceipt,
    Pause,
    ServiceRequest,
    SupplementNotice,
    TrackingAttempt,
    WrittenPromise,
)
from services.models import BlankForm, Material

Status = ServiceRequest.Status
_ATTEMPTS, _KEYS, _CASES, _TOWNSHIPS = (model._meta.db_table for model in (TrackingAttempt, CaseKey, ServiceRequest, Township))


class TooManyAttempts(Exception):
    """Too many wrong codes for this number or from this address; the right one is not looked at either for a while."""


@dataclass
class Shown:
    """What the holder of the secret may read: state, dates and their reasons, what is missing. Nothing personal.

    The words of an answer only where they were written to be read here.
    """

    case: ServiceRequest
    light: Light | None
    reasons: list[tuple[Due, list[str]]] = field(default_factory=list)
    missing: list[Line] = field(default_factory=list)
    counted_from: date | None = None
    # The number under which a demand goes on as a mediation, with the same code.
    goes_on_as: str = ""
    # Whoever left no phone cannot be told: the answer is read here.
    is_read_here: bool = False
    answer: read_here.Answer | None = None
    # By when it has to be here, and whether the application counts as withdrawn after that day: only where the rule says so.
    bring_by: date | None = None
    is_withdrawn_after: bool = False
    is_asked_for: bool = False  # the window's own wish: no rule of the item sets the day

    @property
    def is_late(self) -> bool:
        return self.light is not None and self.light.colour == "red"


def look_up(number: Number, secret: str, *, address: str, now: datetime) -> Shown | None:
    """The case, or None for whatever does not fit. Raises TooManyAttempts; a failure is counted for all workers."""
    subjects = [(throttle.TRACK_NUMBER, str(number)), (throttle.TRACK_ADDRESS, address)]
    row = _digest_of(number, subjects, now)
    if row is None:
        fits = refuse_slowly(secret)
    else:
        fits = secret_matches(secret, row["secret_salt"], row["secret_digest"])
    if row is None or not fits or row["is_blocked"]:
        if throttle.charge(subjects, now):
            raise TooManyAttempts
        return None
    return show(load(row["pk"]), now)


def _digest_of(number: Number, subjects: list[throttle.Subject], now: datetime) -> dict | None:
    """Salt and digest of one case, and whether its number or this address is blocked. Only small columns are read, so that
    a case that exists costs no more than one that does not."""
    moment = connection.ops.adapt_datetimefield_value
    parameters: list = []
    for limit, text in subjects:
        parameters += [throttle.digest(limit, text), moment(limit.window(now)), limit.at_most]
    parameters += [str(number), number.township_code, str(Status.VOIDED)]
    over = " OR ".join(["(subject = %s AND window_start = %s AND failures >= %s)"] * len(subjects))
    with connection.cursor() as cursor:
        # By hand: the ORM would put this together anew for every question, for three times what the answer costs.
        cursor.execute(
            f"SELECT held.service_request_id, held.secret_salt, held.secret_digest, EXISTS(SELECT 1 FROM {_ATTEMPTS} WHERE {over}) "
            f"FROM {_KEYS} held JOIN {_CASES} found ON found.id = held.service_request_id "
            f"JOIN {_TOWNSHIPS} township ON township.id = found.township_id "
            "WHERE found.number = %s AND township.code = %s AND found.status <> %s",
            parameters,
        )
        row = cursor.fetchone()
    return dict(zip(("pk", "secret_salt", "secret_digest", "is_blocked"), row, strict=True)) if row else None


def load(pk: int) -> ServiceRequest:
    """The case with all the page needs in one query: the own lines of its checklist, and whether its clock ever stopped.
    Office, township and the pinned text, which never changes, come from memory."""
    case = _case(pk)[0]
    known = directory(offices={case.office_id})
    case.office, case.township = known.offices[case.office_id], known.townships[case.township_id]
    if case.edition_id is not None:
        case.edition = offering.pinned(case.edition_id)
    return case


@prepared
def _case(pk: int):
    own_lines = {f"line_{line}": Subquery(_newest_state(OuterRef("pk"), line=line, material=None)) for line in OWN_LINES}
    found = ServiceRequest.objects.order_by().annotate(
        moved_clock=Exists(Pause.objects.filter(service_request=OuterRef("pk")))
        | Exists(Extension.objects.filter(service_request=OuterRef("pk"))),
        owes=Exists(WrittenPromise.objects.filter(service_request=OuterRef("pk"), kind=WrittenPromise.Kind.TOLERANCE, kept_at=None)),
        **own_lines,
    )
    return found.filter(pk=pk)


def _newest_state(case: OuterRef | int, **line) -> QuerySet:
    """The state of one line of the checklist: its newest row counts."""
    return MaterialReceipt.objects.filter(service_request=case, **line).order_by("-id").values("state")[:1]


def show(case: ServiceRequest, now: datetime) -> Shown:
    """What may be read of a case loaded by `load`."""
    if not case.moved_clock:
        # Already asked in the same query: without pauses and extensions the dates need none of their own.
        case.__dict__["_is_new"] = True
    calendar = calendar_for(case.township_id)
    shown = Shown(case, deadlines.light_of(case, now, calendar), deadlines_as_told(case))
    if case.submitted_at and not case.accepted_at:
        counted = timezone.localdate(deadlines.received_for_the_clock(case, calendar))
        shown.counted_from = counted if counted != timezone.localdate(case.received_at) else None
    if case.has_checklist and (case.status in UNACCEPTED or case.status in RUNNING and case.owes):
        shown.missing = _missing(case)
    if case.kind == ServiceRequest.Kind.DEMAND and case.status == Status.NOT_OURS:
        shown.goes_on_as = case.later_cases.filter(kind=ServiceRequest.Kind.MEDIATION).values_list("number", flat=True).first() or ""
    shown.is_read_here, shown.answer = read_here.nobody_to_call(case), read_here.answer_of(case)
    if shown.missing and (case.status == Status.AWAITING_MATERIALS or case.status in RUNNING):
        shown.bring_by, shown.is_withdrawn_after = _bring_by(case), case.edition.supplement_withdraws
        shown.is_asked_for = case.status not in RUNNING and not case.edition.supplement_basis
    return shown


def deadlines_as_told(case: ServiceRequest) -> list[tuple[Due, list[str]]]:
    """ "Why this date", only where the reasons lead to the date that stands on the case: a closed case keeps its date
    though the calendar may have been corrected since."""
    stored = {"promised": case.promised_on, "answer": case.promised_on, "legal": case.legal_on, case.due_kind: case.due_on}
    return [(due, explain(due.lines)) for due in deadlines.dues(case) if stored.get(due.limit.kind) == due.due_on]


def _bring_by(case: ServiceRequest) -> date | None:
    """The last day of the list that was told, or of what was promised to follow after acceptance (容缺)."""
    if case.status in RUNNING:
        promise = case.promises.filter(kind=WrittenPromise.Kind.TOLERANCE).first()
        return promise.answer_by if promise else None
    told = case.supplement_notices.filter(state=SupplementNotice.State.TOLD).order_by("-ordinal").first()
    return told.answer_by if told else None


def _blank_url(item: str, digest: str | None) -> str:
    return f"/services/{item}/forms/{BlankForm(digest=digest).key}.pdf" if digest else ""


def _missing(case: ServiceRequest) -> list[Line]:
    """What is still to be brought, in one query: the materials with the state of their newest row, then the own lines."""
    materials = Material.objects.filter(edition_id=case.edition_id).order_by("position")
    state = Subquery(_newest_state(case.pk, material=OuterRef("pk")))
    blank = Subquery(BlankForm.objects.filter(edition=OuterRef("edition"), material=OuterRef("name")).values("digest")[:1])
    rows = materials.annotate(state=state, blank=blank, item=F("edition__item__code"))
    lines = [Line(str(m.pk), m.name, m, m.state or "", blank_url=_blank_url(m.item, m.blank)) for m in rows]
    missing = [line for line in lines if line.is_missing]
    card_is_listed = any(line.material is not None and is_applicants_card(line.material) for line in missing)
    for name in OWN_LINES:
        own = Line(name, str(OWN_LINE_NAMES[name]), None, getattr(case, f"line_{name}") or "")
        if own.is_missing and not (name == ID_CARD_LINE and card_is_listed):
            missing.append(own)
    village = village_line(case)
    return missing + ([village] if village else [])
