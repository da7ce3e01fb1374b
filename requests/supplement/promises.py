"""书面承诺 (domain 4.4): 容缺 — materials that may follow, owed until a day; 告知承诺 — conditions promised, checked afterwards.

可选可不选: nobody is asked to promise; where the choice was offered, it is on the case either way.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import User
from requests import clock, messages, persons
from requests.clock import Kind as LimitKind
from requests.clock import Limit, StartEvent, Unit
from requests.intake import Handed
from requests.item_needs import helps_first
from requests.lifecycle import DONE, Change, Refused, StillMissing, change
from requests.materials import Line, missing_lines, told_once
from requests.models import MaterialReceipt, ServiceRequest, WrittenPromise
from requests.supplement import notices
from services.models import Edition, Step

Kind = WrittenPromise.Kind
Verified = WrittenPromise.Verified
State = MaterialReceipt.State
PROMISE = "promise"  # place of the sealed words


@dataclass(frozen=True)
class Promised:
    """What was promised at acceptance. `declared`: None where nobody was asked; otherwise what the applicant chose."""

    is_signed: bool = False
    later_by: date | None = None
    declared: bool | None = None


def may_all_come_later(missing: list[Line], edition: Edition | None) -> bool:
    """Is all that is missing marked in the catalogue as 容缺后补? A forgotten card or a missing authority never is, but where one is
    helped first: 急难救助不因没证件不办.
    """
    return bool(missing) and (helps_first(edition) or _is_all_marked(missing))


def _is_all_marked(missing: list[Line]) -> bool:
    return all(line.material is not None and line.material.may_come_later for line in missing)


def tolerate(work: Change, missing: list[Line], promised: Promised) -> WrittenPromise:
    """Accept with materials outstanding. Raises StillMissing where one of them may not follow, Refused without promise or day."""
    what = _(", ").join(line.name for line in told_once(missing))
    edition = work.case.edition
    if not may_all_come_later(missing, edition):
        raise StillMissing(_("Still missing: %(what)s.") % {"what": what})
    if not promised.is_signed and not helps_first(edition):
        raise StillMissing(_("Still missing: %(what)s. It may follow when the applicant promises so in writing.") % {"what": what})
    day = promised.later_by or last_day(work.case, work.now)
    if day is None:
        raise Refused(_("Say by when the materials follow."))
    if day <= timezone.localdate(work.now):
        raise Refused(_("The day has to lie ahead."))
    promise = WrittenPromise(
        service_request=work.case, kind=Kind.TOLERANCE, materials=[line.material_id for line in missing if line.material_id], answer_by=day,
        at=work.now, by=work.by,
    )  # fmt: skip
    promise.save()
    work.facts.update(owed=[line.key for line in missing], answer_by=str(day))
    return promise


def last_day(case: ServiceRequest, now: datetime) -> date | None:
    """By when it follows: as the rule of the item says; where one is helped first, as the step does in which the papers are completed."""
    step = case.edition.steps.filter(counts=Step.Counts.AFTER, title__contains="补").first() if helps_first(case.edition) else None
    if step is None or not step.value:
        return notices.last_day(case.edition, case.township_id, now)
    limit = Limit(step.value, Unit(step.unit), StartEvent.RECEIVED, LimitKind.ACCEPTANCE_CHECK)
    return clock.due(limit, now, calendar_for(case.township_id)).due_on


def declare(work: Change, promised: Promised) -> None:
    """告知承诺: chosen or not, where the item offers it and the person was asked."""
    if promised.declared is None:
        return
    if not work.case.edition.offers_promise:
        raise Refused(_("This item cannot be had on a written promise."))
    WrittenPromise(
        service_request=work.case, kind=Kind.DECLARATION, is_chosen=promised.declared, at=work.now, by=work.by
    ).save()
    work.facts["declared"] = promised.declared


def of_case(case: ServiceRequest, kind: str) -> WrittenPromise | None:
    return case.promises.filter(kind=kind).first()


def check_what_follows(case: ServiceRequest, handed: Mapping[int | str, Handed]) -> None:
    """After acceptance only what was owed can be ticked, and only as there: nobody asks for more by the back door."""
    if case.status in DONE and of_case(case, Kind.TOLERANCE) is None:
        raise Refused(_("The case is decided: nothing is owed any more."))
    owed = {line.material_id for line in missing_lines(case)}
    for key, what in handed.items():
        if key not in owed or what.state not in (State.IN, State.NOT_NEEDED):
            raise Refused(_("The case is accepted: only what is still owed can be ticked as received."))


def check_what_comes(case: ServiceRequest, handed: Mapping[int | str, Handed]) -> None:
    """After acceptance papers come in. "Missing" and "faulty" are no words for it then: nobody asks for more by the back door."""
    owed = {line.material_id or line.key for line in missing_lines(case)}
    for key, what in handed.items():
        if what.state != State.IN and not (what.state == State.NOT_NEEDED and key in owed):
            raise Refused(_("The case is accepted: only what came in can be ticked. What is still needed is told in another way."))


def tick(work: Change, still: list[Line]) -> None:
    """The promise is kept when nothing of it is owed any more."""
    promise = of_case(work.case, Kind.TOLERANCE)
    if promise is None or promise.kept_at is not None:
        return
    if not {line.material_id for line in still} & set(promise.materials):
        promise.kept_at = work.now
        promise.save()


def verify_promise(case: ServiceRequest, verified: str, *, words: str = "", by: User, now: datetime) -> None:
    """事后核查. Untrue: what was decided on it is revoked by a decision of its own; here stands that it has to be, and why."""
    if verified not in Verified.values:
        raise Refused(_("Say whether it was true."))
    if verified == Verified.UNTRUE and not words.strip():
        raise Refused(_("Write down what was found: the decision rests on it."))
    with change("verify_promise", case, by=by, now=now) as work:
        promise = to_verify(work.case)
        if promise is None:
            raise Refused(_("No written promise waits to be checked."))
        promise.verified, promise.verified_at, promise.verified_by = verified, now, by
        promise.sealed = persons.seal_for(work.case, words.strip(), PROMISE)
        promise.save()
        work.redate = False
        work.facts.update(verified=verified, revoke=verified == Verified.UNTRUE)
        work.words["text"] = words
        if verified == Verified.UNTRUE:
            messages.tell(work, "promise_untrue")


def may_verify(case: ServiceRequest) -> bool:
    """Asked by the page; costs a query only where the item can be had on a promise at all."""
    return case.edition_id is not None and case.edition.offers_promise and to_verify(case) is not None


def to_verify(case: ServiceRequest) -> WrittenPromise | None:
    """The declaration that was chosen and is not checked yet."""
    return case.promises.filter(kind=Kind.DECLARATION, is_chosen=True, verified="").first()
