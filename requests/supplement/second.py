"""What may happen to a list once it was told: corrected on the spot, acknowledged, and a second one, which needs cause and approval.

第二次补正须负责人批准并选原因,只有漏告记差错 (domain 14, no. 2; 16.11).
"""

from dataclasses import replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import User
from requests import messages
from requests.documents.verbs import take_back
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.materials import checklist, lines_to_tell, still_to_come
from requests.models import MaterialReceipt, ServiceRequest, SupplementNotice
from requests.supplement import notices
from requests.supplement.notices import Telling

State = SupplementNotice.State
Cause = SupplementNotice.Cause
Line = MaterialReceipt.State
REPLACED = "当场更正,由新的告知书代替"


def correct_notice(
    case: ServiceRequest, telling: Telling, *, off: tuple[str, ...] = (), words: str = "", by: User, now: datetime
) -> None:
    """The list was wrong, and the person is still there: a new first list takes its place, the old paper is void and stays.

    Only on the day it was told, by who told it, and before it was acknowledged; afterwards it would be a second list.
    """
    with change("correct_notice", case, by=by, now=now) as work:
        old = notices.current(work.case)
        sentence = not_correctable(old, by, now)
        if old is None or sentence:
            raise Refused(sentence)
        lines = {line.key: line for line in checklist(work.case)}
        for key in off:
            if key in lines and lines[key].is_missing:
                notices.write_state(work, lines[key], Line.NOT_NEEDED)
        notices.put_on_the_list(work, telling.also)
        missing = still_to_come(work.case)
        if not missing:
            raise Refused(_("Then nothing is missing any more: tick what is there and accept the case instead."))
        old.state = State.REPLACED
        old.save()
        if old.document_id:
            take_back(work, old.document, REPLACED)
        new = SupplementNotice(service_request=work.case, ordinal=1, how=telling.how, told_by=by, replaces=old)
        notices.tell(work, telling, missing, words=words, notice=new)
        work.facts["replaces"] = old.pk
        work.words["text"] = words


def not_correctable(notice: SupplementNotice | None, by: User, now: datetime) -> str:
    """Why a list can no longer be replaced on the spot; "" when it can."""
    if notice is None or notice.told_at is None:
        return _("Nothing was told yet.")
    is_here = timezone.localdate(notice.told_at) == timezone.localdate(now) and notice.told_by_id == by.pk
    if notice.ordinal > 1 or notice.acknowledged_at or not is_here:
        return _("It was told and the person has left: what is missing besides is a second list, with its cause and the head's approval.")
    return ""


def acknowledge_notice(case: ServiceRequest, how: str, *, by: User, now: datetime) -> None:
    """The applicant signed for the list, or it was sent."""
    with change("acknowledge_notice", case, by=by, now=now) as work:
        notice = notices.current(work.case)
        if notice is None:
            raise Refused(_("Nothing was told yet."))
        if notice.acknowledged_at:
            raise Refused(_("That was noted already."))
        notice.acknowledged_at, notice.acknowledged_how = now, how
        notice.save()
        work.redate = False
        work.facts.update(notice=notice.pk, acknowledged=how)


def ask_again(case: ServiceRequest, cause: str, facts: str, telling: Telling, *, by: User, now: datetime) -> None:
    """Put the request for a second list before the head: what more is wanted, why only now, and what shows it."""
    if cause not in Cause.values:
        raise Refused(_("Choose the cause."))
    if not facts.strip():
        raise Refused(_("Write down the facts: what was found or changed, and when."))
    with change("ask_again", case, by=by, now=now) as work:
        first = notices.current(work.case)
        if first is None:
            raise Refused(_("Nothing was told yet: the first list needs no approval."))
        if notices.pending(work.case) is not None:
            raise Refused(_("A second list waits for the head already."))
        lines = _wanted(work, telling)
        told = {row.key: row.state for row in first.lines.all() if row.came_in_at is None}
        if not any(told.get(line.key) != line.state for line in lines):
            raise Refused(_("All of this was told before. Put on the list what is missing besides."))
        notice = SupplementNotice(
            service_request=work.case, ordinal=first.ordinal + 1, state=State.REQUESTED, how=telling.how, answer_by=telling.answer_by,
            cause=cause, requested_at=now, requested_by=by,
        )  # fmt: skip
        notices.answer_by(work.case, telling.answer_by, now)  # refuses here what would be refused when it is told
        notices.add_words(notice, facts=facts)
        notice.save()
        notices.write_lines(notice, lines, telling.wrong)
        work.redate = False
        work.facts.update(notice=notice.pk, cause=cause)


def _wanted(work: Change, telling: Telling) -> list:
    """The lines of the request as the checklist would have them: nothing is written there before the head agreed."""
    found = []
    for line in lines_to_tell(work.case):
        if line.is_missing:
            found.append(replace(line, state=Line.FAULTY if line.state == Line.FAULTY else Line.MISSING))
        elif line.key in telling.also:
            found.append(replace(line, state=Line.FAULTY if line.state == Line.IN else Line.MISSING))
    return found


def approve_second_notice(case: ServiceRequest, *, cause: str = "", by: User, now: datetime) -> None:
    """The head agrees, and names the cause: only now it is told and issued, and the clock waits. An oversight is booked."""
    with change("approve_second_notice", case, by=by, now=now) as work:
        notice = _settled(work)
        first = notices.current(work.case)
        notice.cause = cause or notice.cause
        wrong, missing = _still_wanted(work, notice)
        if not missing:
            raise Refused(_("Nothing of it is missing any more. Refuse the second list, or leave it."))
        if first is not None and notice.cause == Cause.OVERSIGHT:
            notice.fault_of = first.told_by
        notice.told_by = notice.requested_by
        for row in notice.lines.all():
            row.delete()
        ahead = notice.answer_by if notice.answer_by and notice.answer_by > timezone.localdate(now) else None
        telling = Telling(how=notice.how, answer_by=ahead, wrong=wrong)
        notices.tell(work, telling, missing, notice=notice)
        work.facts.update(cause=notice.cause, fault_of=notice.fault_of_id)
        messages.tell(work, "materials_missing")


def _still_wanted(work: Change, notice: SupplementNotice) -> tuple[dict[str, str], list]:
    """What was asked for goes on the checklist now, but for what was brought meanwhile."""
    wrong: dict[str, str] = {}
    lines = {line.key: line for line in lines_to_tell(work.case)}
    newest = {row.material_id or row.line: row.at for row in work.case.material_rows.order_by("id")}
    for row in notice.lines.all():
        line, at = lines.get(row.key), newest.get(row.material_id or row.line)
        was_brought = line is not None and not line.is_missing and at is not None and at > notice.requested_at
        if line is None or was_brought:
            continue
        wrong[row.key] = notices.wrong_with(work.case, row)
        if not line.is_missing:
            notices.put_on_the_list(work, (row.key,))
    return wrong, still_to_come(work.case)


def refuse_second_notice(case: ServiceRequest, *, reason: str, by: User, now: datetime) -> None:
    """The head does not agree: nothing is told, and the applicant need not bring it."""
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change("refuse_second_notice", case, by=by, now=now) as work:
        notice = _settled(work)
        notice.state = State.REFUSED
        notices.add_words(notice, refusal=reason)
        notice.save()
        work.redate = False
        work.facts.update(notice=notice.pk, cause=notice.cause)
        work.words["text"] = reason


def _settled(work: Change) -> SupplementNotice:
    """The request, with who settles it. Nobody approves what they asked for themselves."""
    notice = notices.pending(work.case)
    if notice is None:
        raise Refused(_("No second list waits for the head."))
    if notice.requested_by_id == work.by.pk:
        raise Refused(_("A second person has to decide this: you asked for it yourself."))
    notice.settled_at, notice.settled_by = work.now, work.by
    return notice


def reply_to_fault(case: ServiceRequest, words: str, *, by: User, now: datetime) -> None:
    """Whoever a fault was booked to may say what there is to say; it is kept beside it (当事人可申辩, domain 16.11)."""
    if not words.strip():
        raise Refused(_("The reply is empty."))
    with change("reply_to_fault", case, by=by, now=now) as work:
        notice = fault_to_answer(work.case, by)
        if notice is None:
            raise Refused(_("No fault of yours waits for a reply in this case."))
        notices.add_words(notice, reply=words)
        notice.replied_at = now
        notice.save()
        work.redate = False
        work.facts["notice"] = notice.pk


def review_fault(case: ServiceRequest, cause: str, reason: str, *, by: User, now: datetime) -> None:
    """The head looks again after the reply: with 漏告 the fault stands, with any other cause it is taken back. Not who it is booked to."""
    if cause not in Cause.values:
        raise Refused(_("Choose the cause."))
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change("review_fault", case, by=by, now=now) as work:
        notice = fault_to_review(work.case)
        if notice is None:
            raise AlreadyHandled(_("No reply to a fault waits here."))
        if notice.fault_of_id == by.pk:
            raise Refused(_("A second person has to decide this: the fault is booked to you."))
        notice.cause, notice.reviewed_at, notice.reviewed_by = cause, now, by
        if cause != Cause.OVERSIGHT:
            notice.fault_of = None
        notices.add_words(notice, review=reason)
        notice.save()
        work.redate = False
        work.facts.update(notice=notice.pk, cause=cause)


def fault_to_review(case: ServiceRequest) -> SupplementNotice | None:
    """The fault that was replied to and not looked at again."""
    return case.supplement_notices.filter(fault_of__isnull=False, replied_at__isnull=False, reviewed_at=None).first()


def fault_to_answer(case: ServiceRequest, person: User) -> SupplementNotice | None:
    """The fault booked to this person in this case that has no reply yet."""
    return case.supplement_notices.filter(fault_of=person, replied_at=None).first()
