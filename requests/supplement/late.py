"""What follows when a day has passed: 逾期未告知 and 逾期未补 (domain 4.1, 4.2). Verbs of the jobs only.

Every question is "what is late?", so a job may run twice, late or beside another one: the verb looks again under the lock.
Nothing happens by itself that the item's own basis does not say; every other item only raises the alarm.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import User
from officials.permissions import HEAD
from requests import deadlines, messages
from requests.clock import Due
from requests.clock import Kind as LimitKind
from requests.documents import issue
from requests.lifecycle import Change, Refused, change, end
from requests.materials import held_originals
from requests.models import LateNotice, ServiceRequest, SupplementNotice, WrittenPromise
from requests.supplement import notices, papers

S = ServiceRequest.Status
AHEAD = 2  # working days before the last day on which the applicant is reminded
ALARM = "【{centre}】办件{number}逾期未告知是否受理{deemed}，请今天处理。"
DEEMED = "，依据规定已视为受理"


# -- 逾期未告知: neither accepted nor told what is missing -------------------------------------------------------


def unanswered(now: datetime) -> Iterator[ServiceRequest]:
    """Received cases whose acceptance check has passed, without a row about it yet.

    Whom the list was told and who brought it was not left without an answer (漏告): such a case is late like any other one, and only
    a basis that lets silence accept says more about it.
    """
    noted = LateNotice.objects.filter(service_request=OuterRef("pk"))
    told = SupplementNotice.objects.filter(service_request=OuterRef("pk"), state=SupplementNotice.State.TOLD)
    waiting = ServiceRequest.objects.filter(
        status=S.RECEIVED, kind=ServiceRequest.Kind.APPLICATION, received_at__lt=now - timedelta(days=1)
    ).exclude(origin=ServiceRequest.Origin.OLD_LEDGER)
    waiting = waiting.filter(~Exists(told) | Q(edition__deemed_acceptance=True))
    waiting = deadlines.with_their_rows(waiting.filter(~Exists(noted))).order_by("pk")
    # Read to the end first: SQLite refuses to write while an old reading is open. Few are ever received and unanswered.
    yield from [case for case in waiting if passed_check(case, now)]


def passed_check(case: ServiceRequest, now: datetime) -> Due | None:
    """The acceptance check of this case, when its last moment is over."""
    for due in deadlines.dues(case):
        if due.limit.kind == LimitKind.ACCEPTANCE_CHECK and due.due_at < now:
            return due
    return None


def is_deemed_accepted(case: ServiceRequest) -> bool:
    return case.edition_id is not None and case.edition.deemed_acceptance


def note_late_notice(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """漏告: the row stays whatever becomes of the case; head and holder are told. The case itself does not change."""
    with change("note_late_notice", case, by=by, now=now) as work:
        if notices.current(work.case) is not None:
            raise Refused(_("It was told what is missing: that the answer is late is no telling left out."))
        _write_late(work, deemed=False)
        work.redate = False


def deem_accepted(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """逾期不告知,自收到申请材料之日起即为受理 (行政许可法 32): as of the day of receipt, or of the day a told list became whole.

    Raises Refused for every item whose basis does not say so.
    """
    with change("deem_accepted", case, by=by, now=now) as work:
        if not is_deemed_accepted(work.case):
            raise Refused(_("The basis of this item knows no acceptance by silence."))
        _write_late(work, deemed=True)
        received = deadlines.received_for_the_clock(work.case, calendar_for(work.case.township_id))
        work.case.accepted_at, work.case.accepted_by = notices.whole_at(work.case) or received, by
        pending = notices.pending(work.case)
        if pending is not None:
            pending.state = SupplementNotice.State.LAPSED
            pending.save()
        work.case.status = S.ACCEPTED
        deadlines.write(work.case)
        work.facts.update(
            accepted_on=str(timezone.localdate(work.case.accepted_at)), promised_on=str(work.case.promised_on or ""),
            legal_on=str(work.case.legal_on or ""),
        )  # fmt: skip
        if papers.is_due_on_acceptance(work.case):
            issue(work.case, papers.acceptance_paper(work.case, None), by=work.case.holder or by, now=now)
        messages.tell(work, "accepted")


def _write_late(work: Change, *, deemed: bool) -> None:
    due = passed_check(work.case, work.now)
    if due is None or LateNotice.objects.filter(service_request=work.case).exists():
        raise Refused(_("The answer on acceptance is not late, or that was noted already."))
    LateNotice.objects.create(
        service_request=work.case, office=work.case.office, holder=work.case.holder, due_at=due.due_at, deemed_accepted=deemed,
        at=work.now, by=work.by,
    )  # fmt: skip
    work.facts.update(check_due_on=str(due.due_on), deemed=deemed)
    alarm(work, deemed=deemed)


def alarm(work: Change, *, deemed: bool) -> None:
    """To the heads of the office and the holder, in working time, where a mobile is on their card. The text names nobody."""
    case = work.case
    text = ALARM.format(centre=case.township.centre_name, number=case.number, deemed=DEEMED * deemed)
    heads = User.objects.filter(
        officeuserobjectpermission__permission__codename=HEAD, officeuserobjectpermission__content_object=case.office, is_active=True
    )
    people = [person for person in (*heads.select_related("official"), case.holder) if person is not None]
    messages.tell_staff(people, purpose="late_notice", text=text, once=f"late_notice:{case.pk}", now=work.now)


# -- 逾期未补: what was told did not come, or what was promised did not follow -------------------------------------


def owed(now: datetime) -> Iterator[tuple[ServiceRequest, SupplementNotice | WrittenPromise]]:
    """Open cases with a day by which something has to come, whose rule says that the application counts as withdrawn after it.

    The nearest days only: those to be reminded of, and those that have passed.
    """
    until = timezone.localdate(now) + timedelta(days=14)
    told = SupplementNotice.objects.filter(state=SupplementNotice.State.TOLD, whole_at=None, service_request__status=S.AWAITING_MATERIALS)
    promised = WrittenPromise.objects.filter(
        kind=WrittenPromise.Kind.TOLERANCE, kept_at=None, service_request__status__in=(S.ACCEPTED, S.IN_HAND)
    )
    rule = Q(answer_by__lte=until, service_request__edition__supplement_withdraws=True)
    for rows in (told, promised):
        for row in list(rows.filter(rule).select_related("service_request__township", "service_request__edition").order_by("pk")):
            yield row.service_request, row


def owed_row(case: ServiceRequest) -> SupplementNotice | WrittenPromise | None:
    """What this case waits for, as it stands under the lock."""
    if not case.edition.supplement_withdraws:
        return None
    if case.status == S.AWAITING_MATERIALS:
        notice = notices.current(case)
        return notice if notice is not None and notice.answer_by and notice.whole_at is None else None
    return case.promises.filter(kind=WrittenPromise.Kind.TOLERANCE, kept_at=None).first()


def is_near(row: SupplementNotice | WrittenPromise, township_id: int, today: date) -> bool:
    """Within two working days of the last day, or past it."""
    return row.answer_by is not None and calendar_for(township_id).add(today, AHEAD) >= row.answer_by


def warn_of_withdrawal(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """Before anything is withdrawn the applicant is reminded once, and the case shows it."""
    with change("warn_of_withdrawal", case, by=by, now=now) as work:
        row = owed_row(work.case)
        if row is None or row.warned_at or not is_near(row, work.case.township_id, timezone.localdate(now)):
            raise Refused(_("No day for missing materials is near, or the reminder went out already."))
        row.warned_at = now
        row.save()
        work.redate = False
        work.facts["answer_by"] = str(row.answer_by)
        messages.tell(work, "withdrawal_near", answer_by=f"{row.answer_by.year}年{row.answer_by.month}月{row.answer_by.day}日")


def may_be_withdrawn(row: SupplementNotice | WrittenPromise, now: datetime) -> bool:
    """The last day is over, and the reminder is at least a day old: a job that was down for a week reminds first."""
    today = timezone.localdate(now)
    return bool(row.answer_by and row.answer_by < today and row.warned_at and timezone.localdate(row.warned_at) < today)


def deem_withdrawn(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """视为撤回, only where the item's own basis says so. One can apply again; originals go back."""
    with change("deem_withdrawn", case, by=by, now=now) as work:
        row = owed_row(work.case)
        if row is None or not may_be_withdrawn(row, now):
            raise Refused(_("Nothing of this case is overdue by a rule under which it would count as withdrawn."))
        end(work)
        work.facts.update(
            answer_by=str(row.answer_by), basis=work.case.edition.supplement_basis, originals_held=len(held_originals(work.case))
        )
        messages.tell(work, "deemed_withdrawn")


# -- the jobs ---------------------------------------------------------------------------------------------------


def look_for_late_notices(by: User, now: datetime) -> dict[str, int]:
    """Every case whose acceptance check has passed: accepted by silence where the basis says so, noted as 漏告 everywhere."""
    found = {"noted": 0, "deemed": 0}
    for case in unanswered(now):
        verb, word = (deem_accepted, "deemed") if is_deemed_accepted(case) else (note_late_notice, "noted")
        try:
            verb(case, by=by, now=now)
        except Refused:
            continue  # somebody answered, or another run was faster, this very moment
        found[word] += 1
    return found


def look_for_owed_materials(by: User, now: datetime) -> dict[str, int]:
    """Remind first; withdraw on a later day, where the basis says so."""
    found = {"reminded": 0, "withdrawn": 0}
    for case, row in owed(now):
        try:
            if may_be_withdrawn(row, now):
                deem_withdrawn(case, by=by, now=now)
                found["withdrawn"] += 1
            elif row.warned_at is None and is_near(row, case.township_id, timezone.localdate(now)):
                warn_of_withdrawal(case, by=by, now=now)
                found["reminded"] += 1
        except Refused:
            continue  # it came in, or another run was faster, this very moment
    return found
