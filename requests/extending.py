"""延期: only before the date, by who may approve it, within the cap of the item, told to the applicant (行政许可法 42).

An official asks, the head approves; where the item names a body above the township, its letter counts: number and date are
entered. Taking an extension back counts the pauses and the other extensions afresh.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from officials.models import Office, User
from officials.permissions import HEAD, rights
from requests import deadlines, messages
from requests.clock import Due, Kind
from requests.documents import Paper, Part, bodies, issue
from requests.lifecycle import RUNNING, Change, Refused, change
from requests.models import Document, Event, Extension, ServiceRequest
from requests.permissions import visible
from requests.procedures import MoreTime, more_time_of
from requests.reasons import say_amount, say_date

LONGER = (Kind.PROMISED, Kind.LEGAL)
SETTLING = ("extend", "refuse_extension", "remove_extension")  # after one of these nothing is asked for any more
REFUSED = "【{centre}】办件{number}的延期申请未获批准，理由见办件经过，请按原期限办理。"


@dataclass(frozen=True)
class Approval:
    """When it was approved, and the number of the letter where a body above the township approves. The item names the body."""

    number: str = ""
    on: date | None = None


def ask_extension(case: ServiceRequest, *, value: int, reason: str, by: User, now: datetime) -> None:
    """The official asks the head for more time; the head finds it on the form and on the case."""
    if not reason.strip():
        raise Refused(_("Say why more time is needed."))
    with change("ask_extension", case, by=by, now=now) as work:
        what = _allowed(work.case, None, value)
        _before_expiry(work.case, _kinds(work.case, LONGER), now)
        work.facts.update(value=value, unit=what.unit, procedure=what.name)
        work.words["text"], work.redate = reason, False


def refuse_extension(case: ServiceRequest, *, reason: str, by: User, now: datetime) -> None:
    """不批准延期: the head does not agree; the dates stay, and who asked is told so. Also after the date, and where the county decides."""
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change("refuse_extension", case, by=by, now=now) as work:
        asked = asked_for(work.case)
        if asked is None:
            raise Refused(_("No extension is asked for."))
        work.redate = False
        work.facts.update(value=asked.facts["value"], unit=asked.facts["unit"], procedure=asked.facts["procedure"])
        work.words["text"] = reason
        words = REFUSED.format(centre=work.case.township.centre_name, number=work.case.number)
        messages.tell_staff([asked.by], purpose="extension", text=words, once=f"extension:{work.case.pk}:{asked.pk}", now=now)


def extend(
    case: ServiceRequest, *, value: int, reason: str, procedure: str = "", kinds: Iterable[str] = LONGER, approval: Approval | None = None,
    by: User, now: datetime,
) -> None:  # fmt: skip
    """More time by `value` in the unit of the item's extension, for these kinds of limit. `by` is the head who approves or records it."""
    if not reason.strip():
        raise Refused(_("Say why more time is needed."))
    with change("extend", case, by=by, now=now) as work:
        what = _allowed(work.case, procedure or None, value)
        wanted = _kinds(work.case, kinds)
        before = _before_expiry(work.case, wanted, now)
        body, told = _approved(work.case, what, approval or Approval(), now)
        row = Extension(
            service_request=work.case, value=value, unit=what.unit, applies_to=",".join(wanted), procedure=what.name, basis=what.basis,
            approving_body=body, approval_number=told.number, approved_on=told.on, approved_by=by, at=now, by=by,
        )  # fmt: skip
        after = {one.limit.kind: one for one in deadlines.dues(work.case, extensions=_with(work.case, row))}
        _tell(work, row, reason, [(before[kind], after[kind]) for kind in wanted])
        row.save()
        deadlines.write(work.case)
        messages.tell(work, "extended")
        main = wanted[0]
        work.facts.update(
            procedure=what.name, value=value, unit=what.unit, approving_body=body, approval_number=told.number,
            approved_on=told.on.isoformat(),
            due_before=before[main].due_on.isoformat(), due_after=after[main].due_on.isoformat(),
        )  # fmt: skip
        work.words["text"] = reason


def remove_extension(case: ServiceRequest, extension: int, *, reason: str, by: User, now: datetime) -> None:
    """An extension no longer counts. Pauses and the other extensions are counted afresh; an earlier date is told."""
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change("remove_extension", case, by=by, now=now) as work:
        row = next((one for one in granted(work.case) if one.pk == extension), None)
        if row is None:
            raise Refused(_("This extension does not count any more."))
        before = work.case.due_on
        Extension.objects.create(service_request=work.case, removes=row, basis=row.basis, approved_by=by, at=now, by=by)
        deadlines.write(work.case)
        after = work.case.due_on
        work.facts.update(procedure=row.procedure, value=row.value, unit=row.unit)
        if before and after and before != after:
            work.facts.update(due_before=before.isoformat(), due_after=after.isoformat())
            if after < before:
                messages.tell(work, "earlier")
        work.words["text"] = reason


def granted(case: ServiceRequest) -> list[Extension]:
    """The extensions in force, in the order in which they were granted."""
    return deadlines.in_force(case.extensions.all())


def choices_of(case: ServiceRequest) -> list[MoreTime]:
    """The extensions of the item that this case may still have."""
    used = [row.procedure for row in granted(case)]
    return [one for one in more_time_of(case.edition) if used.count(one.name) < one.times]


def extensible(case: ServiceRequest) -> list[Due]:
    """The limits an extension can lengthen: promised and legal, as far as they run."""
    return [one for one in deadlines.dues(case) if one.limit.kind in LONGER]


def asked_for(case: ServiceRequest) -> Event | None:
    """What the official asked for, if nothing was granted, refused or taken back since."""
    newest = case.events.filter(verb__in=("ask_extension", *SETTLING)).order_by("-id").first()
    return newest if newest is not None and newest.verb == "ask_extension" else None


def waiting_for(user: User) -> QuerySet[Event]:
    """Extensions asked for that wait for this person as head of the office, the longest waiting first; of each case the newest."""
    cases = visible(user).filter(office_id__in=rights(user).where(HEAD), status__in=RUNNING)
    later = Event.objects.filter(
        service_request=OuterRef("service_request"), verb__in=("ask_extension", *SETTLING), pk__gt=OuterRef("pk")
    )
    found = Event.objects.filter(verb="ask_extension", service_request__in=cases)
    return found.filter(~Exists(later)).select_related("service_request__edition", "by").order_by("pk")


def is_outside(case: ServiceRequest, what: MoreTime) -> bool:
    """Whether a body elsewhere approves; a stationed county office decides such things itself."""
    return case.office.kind != Office.Kind.STATIONED and what.is_approved_outside(case.township.county)


def _allowed(case: ServiceRequest, procedure: str | None, value: int) -> MoreTime:
    known = more_time_of(case.edition)
    if not known:
        raise Refused(_("The text of this case allows no extension."))
    free = choices_of(case)
    if not free:
        raise Refused(_("It was extended already; the item allows it once."))
    what = next((one for one in free if procedure in (None, one.code)), None)
    if what is None:
        raise Refused(_("This extension is not open to this case."))
    if value < 1:
        raise Refused(_("Say how many days."))
    if value > what.value:
        raise Refused(_("At most %(most)s: %(name)s.") % {"most": say_amount(what.value, what.unit), "name": what.name})
    return what


def _kinds(case: ServiceRequest, kinds: Iterable[str]) -> list[Kind]:
    """Of the wanted kinds those that run, the promised one first."""
    runs = {one.limit.kind for one in extensible(case)}
    wanted = [kind for kind in LONGER if kind in runs and kind in set(kinds)]
    if not wanted:
        raise Refused(_("No limit runs that could be extended."))
    return wanted


def _before_expiry(case: ServiceRequest, kinds: list[Kind], now: datetime) -> dict[Kind, Due]:
    """Their dues. Refused once one is over: an extension heals no lateness."""
    found = {one.limit.kind: one for one in extensible(case) if one.limit.kind in kinds}
    if any(one.paused_since is None and now > one.due_at for one in found.values()):
        raise Refused(_("The limit has run out. It can only be extended before that."))
    return found


def _approved(case: ServiceRequest, what: MoreTime, approval: Approval, now: datetime) -> tuple[str, Approval]:
    """The body as residents are told, and its approval."""
    today = timezone.localdate(now)
    if not is_outside(case, what):
        return what.approver or f"{case.office.name}负责人", Approval(approval.number.strip(), approval.on or today)
    if not approval.number.strip() or approval.on is None:
        raise Refused(_("%(body)s approves this: enter the number and the date of its letter.") % {"body": what.approver})
    if approval.on > today:
        raise Refused(_("The date of the letter lies in the future."))
    return what.approver, Approval(approval.number.strip(), approval.on)


def _with(case: ServiceRequest, row: Extension):
    return [*deadlines.extensions_of(case), deadlines.as_fact(row)]


def _tell(work: Change, row: Extension, reason: str, moved: list[tuple[Due, Due]]) -> None:
    """延期告知书: both dates, reason, who approved, basis. Of what a body elsewhere accepted that body writes it."""
    if not bodies.may_issue(work.case, Document.Kind.EXTENSION):
        work.facts["written_by"] = bodies.issuer_of(work.case, Document.Kind.EXTENSION)
        return
    letter = f"({row.approval_number})" if row.approval_number else ""
    with translation.override("zh-hans"):
        old, new = (";".join(f"{_word(pair[side])}{say_date(pair[side].due_on)}" for pair in moved) for side in (0, 1))
        approved = f"{row.approving_body}{letter},{say_date(row.approved_on)}"
        amount = say_amount(row.value, row.unit)
    paper = Paper(
        kind=Document.Kind.EXTENSION,
        parts=(
            Part("item", "事项", work.case.edition.name),
            Part("original_on", "原到期日", old),
            Part("new_on", "延长后到期日", f"{new}(延长{amount})"),
            Part("reason", "延长理由", reason),
            Part("approved_by", "批准", approved),
            Part("basis", "依据", row.basis),
        ),
    )
    work.facts["document"] = issue(work.case, paper, by=work.by, now=work.now).number


def _word(one: Due) -> str:
    return "承诺期限" if one.limit.kind == Kind.PROMISED else "法定期限"
