"""A list of what is missing: told as a whole, ticked as things come in, whole on the day the last of them came (行政许可法 32)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from requests import clock, persons
from requests.clock import Kind, Limit, StartEvent, Unit
from requests.documents import bodies, issue
from requests.lifecycle import Change, Refused
from requests.materials import Line, checklist, still_to_come
from requests.models import Document, MaterialReceipt, ServiceRequest, SupplementLine, SupplementNotice
from requests.supplement import papers
from services.models import Edition

S = ServiceRequest.Status
State = MaterialReceipt.State
NoticeState = SupplementNotice.State
How = SupplementNotice.How
NOTICE, LINE = "supplement", "supplement-line"  # places of the sealed words


@dataclass(frozen=True)
class Telling:
    """How a list is told. `wrong`: key of a line → what is wrong with it. `also`: keys of lines put on the list only now.

    `answer_by`: None = the day that follows from the rule of the item, or none where it sets none.
    """

    how: str = How.COUNTER
    answer_by: date | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()


def of_case(case: ServiceRequest) -> list[SupplementNotice]:
    """All lists of a case with their lines, asked-for and refused ones too, the oldest first. Read once for a page."""
    kept = case.__dict__.get("_notices")
    if kept is None:
        lines = Prefetch("lines", SupplementLine.objects.select_related("material"))
        found = case.supplement_notices.select_related("told_by", "requested_by", "settled_by", "fault_of", "reviewed_by", "document")
        kept = case.__dict__["_notices"] = list(found.prefetch_related(lines).order_by("id"))
    return kept


def current(case: ServiceRequest) -> SupplementNotice | None:
    """The list that holds now: the last one told."""
    return case.supplement_notices.filter(state=NoticeState.TOLD).select_related("told_by").order_by("-ordinal").first()


def pending(case: ServiceRequest) -> SupplementNotice | None:
    """The second list that waits for the head."""
    return case.supplement_notices.filter(state=NoticeState.REQUESTED).select_related("requested_by").first()


def whole_at(case: ServiceRequest) -> datetime | None:
    """The moment the last thing on the list came in: 补正件以补齐之日为受理日 (domain 4.3). None while something is awaited."""
    notice = current(case)
    return notice.whole_at if notice is not None else None


def last_day(edition: Edition, township_id: int, now: datetime) -> date | None:
    """The day by which the rule of the item wants it brought, counted from today; None where it names no number."""
    if not edition.supplement_value:
        return None
    limit = Limit(edition.supplement_value, Unit(edition.supplement_unit), StartEvent.RECEIVED, Kind.ACCEPTANCE_CHECK)
    return clock.due(limit, now, calendar_for(township_id)).due_on


def answer_by(case: ServiceRequest, wanted: date | None, now: datetime) -> date | None:
    """The day to be written on the list. Raises Refused where the rule wants one and knows none, or it lies in the past.

    Where the item has no rule the clerk may ask for a working day: nothing follows when it passes (有依据才写逾期后果).
    """
    edition = case.edition
    day = wanted or (last_day(edition, case.township_id, now) if edition.supplement_basis else None)
    if day is not None and not edition.supplement_basis and not calendar_for(case.township_id).is_workday(day):
        raise Refused(_("Nobody is at the window on that day. Choose a working day."))
    if day is None and edition.supplement_withdraws:
        raise Refused(_("Say by when it has to be brought: after that day the application counts as withdrawn."))
    if day is not None and day <= timezone.localdate(now):
        raise Refused(_("The day has to lie ahead."))
    return day


def put_on_the_list(work: Change, keys: tuple[str, ...]) -> None:
    """Lines that were not missing until now: what lies there is faulty, what does not was forgotten."""
    lines = {line.key: line for line in checklist(work.case)}
    for key in keys:
        line = lines.get(key)
        if line is None or line.is_missing:
            continue
        if line.original_held and line.state == State.IN:
            raise Refused(_("First give back the originals: %(what)s.") % {"what": line.name})
        write_state(work, line, State.FAULTY if line.state == State.IN else State.MISSING)


def write_state(work: Change, line: Line, state: str) -> None:
    """One more row of one line of the checklist; the newest counts."""
    own = "" if line.material else line.key
    MaterialReceipt.objects.create(
        service_request=work.case, material=line.material, line=own, state=state, at=work.now, by=work.by
    )


def tell(
    work: Change, telling: Telling, missing: list[Line], *, words: str = "", notice: SupplementNotice | None = None
) -> SupplementNotice:
    """Write the list with its lines and issue it. `notice`: the second list that was approved; otherwise it is a first one."""
    if notice is None:
        notice = SupplementNotice(service_request=work.case, ordinal=1, how=telling.how, told_by=work.by)
    notice.state, notice.told_at = NoticeState.TOLD, work.now
    notice.answer_by = answer_by(work.case, telling.answer_by, work.now)
    if words:
        add_words(notice, words=words)
    notice.save()
    lines = write_lines(notice, missing, telling.wrong)
    if bodies.may_issue(work.case, Document.Kind.SUPPLEMENT):
        paper = papers.notice_paper(work.case, notice, missing, telling.wrong, words)
        notice.document = issue(work.case, paper, by=notice.told_by, now=work.now)
        notice.save()
    work.facts.update(notice=notice.pk, missing=[line.key for line in lines], answer_by=str(notice.answer_by or ""))
    return notice


def write_lines(notice: SupplementNotice, missing: list[Line], wrong: Mapping[str, str]) -> list[SupplementLine]:
    """The lines of a list in the order of the edition. What is wrong was typed, so it is sealed."""
    found = []
    for position, line in enumerate(missing, start=1):
        typed = wrong.get(line.key, "").strip()
        row = SupplementLine(
            notice=notice,
            position=position,
            material=line.material,
            line="" if line.material else line.key,
            state=State.FAULTY if line.state == State.FAULTY else State.MISSING,
            sealed=persons.seal_for(notice.service_request, typed, LINE),
        )
        row.save()
        found.append(row)
    return found


def add_words(notice: SupplementNotice, **words: str) -> None:
    """Words a person typed about this list, beside those that stand there already."""
    kept = words_of(notice) | {key: text for key, text in words.items() if text}
    notice.sealed = persons.seal_for(notice.service_request, kept, NOTICE)


def words_of(notice: SupplementNotice) -> dict[str, str]:
    """{"words", "facts", "refusal", "reply"} as far as they were written; {} once the case was anonymised."""
    return persons.open_for(notice.service_request, notice.sealed, NOTICE) or {}


def wrong_with(case: ServiceRequest, row: SupplementLine) -> str:
    """What somebody wrote about this line; "" where nothing was, or once the case was anonymised."""
    return persons.open_for(case, row.sealed, LINE) or ""


def tick(work: Change) -> None:
    """After something came in: the lines of the list that are settled now, the day it became whole, and a receipt line by line.

    A line that turns out not to be in order after all is open again, and the list is not whole.
    """
    notice = current(work.case)
    if notice is None:
        return
    now_missing = {line.key for line in still_to_come(work.case)}
    rows = list(notice.lines.select_related("material"))
    came = [row for row in rows if row.came_in_at is None and row.key not in now_missing]
    went = [row for row in rows if row.came_in_at is not None and row.key in now_missing]
    for row in came:
        row.came_in_at, row.came_in_by = work.now, work.by
    for row in went:
        row.came_in_at, row.came_in_by = None, None
    for row in came + went:
        row.save()
    is_whole = all(row.came_in_at for row in rows)
    if is_whole != bool(notice.whole_at):
        notice.whole_at = work.now if is_whole else None
        notice.save()
    if came and bodies.may_issue(work.case, Document.Kind.SUPPLEMENT_RECEIPT):
        issue(work.case, papers.receipt_paper(work.case, notice, rows), by=work.by, now=work.now)


def lapse(work: Change) -> None:
    """The item was exchanged: what was told of the other one no longer counts, and the list of this one is a first list."""
    for notice in work.case.supplement_notices.filter(state__in=[NoticeState.TOLD, NoticeState.REQUESTED]):
        notice.state = NoticeState.LAPSED
        notice.save()
