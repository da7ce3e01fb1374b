"""What is done about a public notice. Each is a verb of the case; only taking the paper down belongs to the sheet alone."""

from collections.abc import Mapping
from datetime import date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials import numbers
from officials.audit import together, verb
from officials.calendar import calendar_for
from officials.models import User
from officials.permissions import HANDLE, rights
from requests import persons
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.models import NoticedCase, Objection, Pause, PublicNotice, ServiceRequest
from requests.permissions import hangs_in
from requests.procedures import stopped_kinds
from requests.public_notice import days, rules, standing
from requests.reasons import say_date

SERIES = "GS"  # 公示
BY_OTHERS = gettext_lazy("Somebody else has to settle it: you handle the case that is objected to.")
Outcome = NoticedCase.Outcome
S = ServiceRequest.Status
# A case in one of these states is on no sheet any more.
GONE = (S.WITHDRAWN, S.TERMINATED, S.VOIDED, S.NOT_OURS, S.INTAKE_REFUSED)


def begin_public_notice(
    case: ServiceRequest,
    *,
    hang_on: date,
    typed: Mapping[str, str],
    of_age: bool = False,
    sheet: str = "",
    by: User,
    now: datetime,
) -> PublicNotice:
    """The case comes onto a sheet: a new one, or `sheet`, the number of one of the same item and village not yet posted."""
    with change("begin_public_notice", case, by=by, now=now) as work:
        edition = work.case.edition
        person = persons.person_of(work.case)
        sentence = rules.why_none(edition) or rules.why_not_this_person(edition, person.id_number, hang_on, of_age)
        if sentence:
            raise Refused(sentence)
        if running(work.case) is not None:
            raise AlreadyHandled(_("The case is on a public notice already."))
        if hang_on < timezone.localdate(now):
            raise Refused(_("This day is over. A notice hangs from today on or later."))
        try:
            values = rules.shown(edition, person.name, str(work.case.village or ""), typed)
        except ValueError as error:
            raise Refused(str(error)) from error
        notice = _join(work, sheet) if sheet else _new_sheet(work, hang_on)
        sealed = persons.seal_for(work.case, values, "notice")
        NoticedCase(notice=notice, service_request=work.case, sealed=sealed).save()
        work.facts.update(notice=notice.number, first_on=str(notice.first_on), last_on=str(notice.last_on))
    return notice


def waive_public_notice(case: ServiceRequest, *, words: str, by: User, now: datetime) -> None:
    """Nothing hangs: the applicant is a minor, and no number on file tells the age. `words`: the paper that tells it."""
    if not words.strip():
        raise Refused(_("Write down which paper tells the age."))
    with change("waive_public_notice", case, by=by, now=now) as work:
        if not standing.of(work.case).may_be_waived:
            raise Refused(_("No notice is waited for, or the identity number tells the age."))
        work.words["text"], work.redate = words, False


def _new_sheet(work: Change, hang_on: date) -> PublicNotice:
    case, edition = work.case, work.case.edition
    said = edition.public_notice
    first_on, last_on = days.span(hang_on, said["days"], said["unit"], calendar_for(case.township_id))
    counts, basis, is_assumed = days.counting(edition, case.status)
    today = timezone.localdate(work.now)
    notice = PublicNotice(
        township=case.township, edition=edition, office=case.office, village=case.village,
        number=numbers.show(case.township.code, today.year, numbers.take(case.township, SERIES, today), SERIES),
        place=said.get("place") or _("notice board of the village"), phone=_phone(case), allowed=list(said.get("allow_fields") or []),
        value=said["days"], unit=said["unit"], counts=counts, basis=basis, is_assumed=is_assumed,
        hang_on=hang_on, first_on=first_on, last_on=last_on, begun_at=work.now, begun_by=work.by,
    )  # fmt: skip
    notice.save()
    return notice


def _phone(case: ServiceRequest) -> str:
    return (case.edition.public_notice.get("objection") or {}).get("phone") or case.office.phone or case.township.phone


def _join(work: Change, number: str) -> PublicNotice:
    """Onto a sheet that does not hang yet. It is locked: posting it must not miss this case."""
    notice = PublicNotice.objects.select_for_update(of=("self",)).filter(number=number, township=work.case.township).first()
    if notice is None or not may_join(notice, work.case):
        raise Refused(_("This sheet is of another item or village, or it hangs already. Begin a new one."))
    if days.counting(work.case.edition, work.case.status)[0] != notice.counts:
        raise Refused(_("On this sheet the days count in another way. Begin a new one."))
    return notice


def may_join(notice: PublicNotice, case: ServiceRequest) -> bool:
    same = (notice.edition_id, notice.office_id, notice.village_id) == (case.edition_id, case.office_id, case.village_id)
    return same and notice.posted_at is None and notice.taken_down_at is None


def running(case: ServiceRequest) -> NoticedCase | None:
    """The notice the case is on now."""
    return NoticedCase.objects.filter(service_request=case, outcome=Outcome.RUNNING).select_related("notice").first()


def _running(work: Change) -> NoticedCase:
    line = running(work.case)
    if line is None:
        raise AlreadyHandled(_("The case is on no public notice now."))
    return line


def note_posted(case: ServiceRequest, *, posted_on: date | None = None, by: User, now: datetime) -> PublicNotice:
    """The sheet hangs, with all its cases: the days run from the true day, and where the step says so the clock stands still."""
    line = running(case)
    if line is None:
        raise AlreadyHandled(_("The case is on no public notice now."))
    with together():
        notice = PublicNotice.objects.select_for_update(of=("self",)).get(pk=line.notice_id)
        if notice.posted_at is not None:
            raise AlreadyHandled(_("The sheet was posted already."))
        day = posted_on or timezone.localdate(now)
        if not timezone.localdate(notice.begun_at) <= day <= timezone.localdate(now):
            raise Refused(_("It was posted between the day the sheet was made and today."))
        first_on, last_on = days.span(day, notice.value, notice.unit, calendar_for(notice.township_id))
        notice.hang_on, notice.first_on, notice.last_on, notice.posted_at, notice.posted_by = day, first_on, last_on, now, by
        for place, shown in enumerate(_cases_on(notice, case)):
            with change("note_posted", shown, by=by, now=now) as work:
                if place == 0:
                    notice.save()
                _pause(work, notice, day)
                work.facts.update(notice=notice.number, first_on=str(first_on), last_on=str(last_on))
    return notice


def _cases_on(notice: PublicNotice, case: ServiceRequest) -> list[ServiceRequest]:
    """The cases still on the sheet, in the order in which they are locked; `case` itself as the caller holds it."""
    lines = notice.lines.filter(outcome=Outcome.RUNNING).exclude(service_request__status__in=GONE).select_related("service_request")
    return [case if line.service_request_id == case.pk else line.service_request for line in lines.order_by("service_request_id")]


def _pause(work: Change, notice: PublicNotice, day: date) -> None:
    """The pause ends with the last day, whoever remembers to write that down: a notice forgotten must not hide a late case."""
    if notice.counts != PublicNotice.Counts.PAUSES or work.case.status not in days.BEFORE_DECISION:
        return
    opens = timezone.make_aware(datetime.combine(day, work.case.township.opens_at or time(8, 30)))
    applies_to = stopped_kinds(work.case.edition, notice.is_assumed)
    begins = max(min(opens, work.now), work.case.accepted_at or work.case.received_at)
    for starts, at in ((True, begins), (False, days.end_of(notice.last_on))):
        Pause.objects.create(
            service_request=work.case, starts=starts, at=at, reason=Pause.PUBLIC_NOTICE, basis=notice.basis,
            basis_is_assumed=notice.is_assumed, applies_to=applies_to, by=work.by,
        )  # fmt: skip


def take_down(notice: PublicNotice, *, by: User, now: datetime) -> None:
    """The paper is off the board. The web copy has gone by itself with the last day; this ends it earlier only when nobody is on it."""
    with verb("take_down_notice", by=by, now=now, subject=f"notice:{notice.pk}"):
        fresh = PublicNotice.objects.select_for_update(of=("self",)).get(pk=notice.pk)
        if not rights(by).has(HANDLE, fresh.office_id) and not hangs_in(by, fresh.village_id):
            raise Refused(_("This belongs to: %(who)s.") % {"who": fresh.office.name})
        if fresh.taken_down_at is not None:
            raise AlreadyHandled(_("The sheet was taken down already."))
        hanging = fresh.lines.filter(outcome__in=(Outcome.RUNNING, Outcome.NO_OBJECTION, Outcome.NOT_UPHELD))
        is_empty = fresh.batch_id is None and not hanging.exclude(service_request__status__in=GONE).exists()
        if timezone.localdate(now) <= fresh.last_on and not is_empty:
            raise Refused(_("It hangs until %(date)s, that day included.") % {"date": say_date(fresh.last_on)})
        fresh.taken_down_at, fresh.taken_down_by = now, by
        fresh.save()


def log_objection(case: ServiceRequest, *, words: str, name: str = "", phone: str = "", by: User, now: datetime) -> Objection:
    """异议: from whom (may stay unnamed) and what, sealed. The case goes no further until it is settled."""
    if not words.strip():
        raise Refused(_("Write down what is objected to."))
    with change("log_objection", case, by=by, now=now) as work:
        line = _running(work)
        work.redate = False
        sealed = persons.seal_for(work.case, {"from": name, "phone": phone, "text": words}, "objection")
        objection = Objection(line=line, sealed=sealed, is_anonymous=not name.strip(), at=now, by=by)
        objection.save()
        work.facts.update(notice=line.notice.number, after_the_last_day=timezone.localdate(now) > line.notice.last_on)
    return objection


def settle_objection(case: ServiceRequest, objection_id: int, *, upheld: bool, finding: str, by: User, now: datetime) -> None:
    """Upheld or not, with the finding. Not by who handles the case (异议不得由原经办人处理)."""
    if not finding.strip():
        raise Refused(_("Write down what was found."))
    with change("settle_objection", case, by=by, now=now) as work:
        line = _running(work)
        work.redate = False
        objection = line.objections.filter(pk=objection_id, settled_at=None).first()
        if objection is None:
            raise AlreadyHandled(_("This objection was settled already."))
        if work.case.holder_id == by.pk:
            raise Refused(str(BY_OTHERS))
        objection.upheld, objection.settled_at, objection.settled_by = upheld, now, by
        objection.finding = persons.seal_for(work.case, finding, "finding")
        objection.save()
        work.facts.update(notice=line.notice.number, upheld=upheld)
        if upheld:
            _end_line(line, Outcome.UPHELD, by=by, now=now)


def end_public_notice(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """The last day is over and nothing is open: "no objection", or none upheld, is written down. The case may go on."""
    with change("end_public_notice", case, by=by, now=now) as work:
        line = _running(work)
        if line.notice.posted_at is None:
            raise Refused(_("The sheet was never posted. Note the day of posting first."))
        if timezone.localdate(now) <= line.notice.last_on:
            raise Refused(_("It hangs until %(date)s, that day included.") % {"date": say_date(line.notice.last_on)})
        objections = list(line.objections.all())
        if any(one.settled_at is None for one in objections):
            raise Refused(_("An objection is not settled yet."))
        _end_line(line, Outcome.NOT_UPHELD if objections else Outcome.NO_OBJECTION, by=by, now=now)
        work.facts.update(notice=line.notice.number, objections=len(objections))


def _end_line(line: NoticedCase, outcome: str, *, by: User, now: datetime) -> None:
    line.outcome, line.ended_at, line.ended_by = outcome, now, by
    line.save()
