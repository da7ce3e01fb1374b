"""The verbs of carrying: to the county and back, or to the window of a stationed office.

While the file is with the county, the township's clock stands still and the county's own date is kept (domain 16.9): nobody here
is late with it, and it is urged in writing when that date comes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.models import Office, User
from requests import messages, persons
from requests.county import deciding, papers, stretch
from requests.documents import issue
from requests.joint import tasks
from requests.lifecycle import AlreadyHandled, Change, Refused, change
from requests.materials import Line, checklist
from requests.models import CountyAnswer, CountyUrge, Forwarding, MaterialReceipt, ServiceRequest
from requests.public_notice import standing as notice
from requests.refusing import Grounds, check_grounds, codes_of
from requests.roll import rows
from requests.verbs import write_outcome

How, Kind, Status = Forwarding.How, Forwarding.Kind, Forwarding.Status
S = ServiceRequest.Status
State = MaterialReceipt.State
Outcome = ServiceRequest.Outcome
NOON = time(12)


def may_be_carried(case: ServiceRequest) -> bool:
    """Does the item go to the county, or does a body outside the township decide it?"""
    if case.edition_id is None:
        return False
    return stretch.goes_to_county(case.edition) or not case.edition.implementing_body.startswith(case.township.name)


def forward(
    case: ServiceRequest, *, how: str, along: Collection[str], originals: Collection[str] | None = None, to_office: Office | None = None,
    is_favourable: bool = True, by: User, now: datetime,
) -> Forwarding:  # fmt: skip
    """转报: the file goes to the county body that decides, with the list of what goes along (`along`: keys of the checklist).

    `originals`: of which of these the original in the drawer goes too; None: of all. The others go as copies, their originals stay.

    From now on the time is the county's; whether it came too late is kept with the row. `is_favourable`: the township proposes to
    grant it; then a public notice the item wants is over. What it proposes to refuse hangs nowhere.
    """
    if how not in How.values:
        raise Refused(_("Choose how it is sent."))
    with change("forward", case, by=by, now=now) as work:
        if not may_be_carried(work.case):
            raise Refused(_("This item is decided here, it goes to nobody."))
        _refuse_if_away(work.case)
        tasks.refuse_while_open(work.case)
        sentence = notice.why_not(work.case, notice.FORWARD, is_favourable=is_favourable)
        if sentence:
            raise Refused(sentence, first="begin_public_notice")
        found = stretch.stretch_of(work.case.edition)
        row = Forwarding(
            service_request=work.case, kind=Kind.COUNTY, to_office=to_office, how=how, value=found.county,
            to_body=to_office.name if to_office else work.case.edition.implementing_body,
            unit=found.unit if found.county else "", was_late=bool(work.case.due_at and now > work.case.due_at), sent_at=now, sent_by=by,
        )  # fmt: skip
        lines = _leave(work, row, along, originals)
        row.save()
        work.case.forwarded_at = work.case.forwarded_at or now
        document = issue(work.case, papers.forwarding(work.case, row, lines, is_favourable), by=by, now=now)
        work.facts.update(forwarding=row.pk, to=row.to_body, document=str(document), late=row.was_late)
        if not is_favourable:
            work.facts["proposes_refusal"] = True
    return row


def _refuse_if_away(case: ServiceRequest) -> None:
    away = Forwarding.objects.filter(service_request=case, status__in=Forwarding.LIVE, kind=Kind.COUNTY).first()
    if away is not None:
        raise Refused(_("It lies with %(body)s. Enter what comes back from there.") % {"body": away.to_body})


def _leave(work: Change, row: Forwarding, along: Collection[str], sent: Collection[str] | None = None) -> list[tuple[Line, int, int]]:
    """What goes along, as (line, originals, copies). An original that goes to the county stays ours to give back, marked as away."""
    taken = []
    for line in checklist(work.case):
        if line.key not in along or not any(line.in_the_file):
            continue
        originals, copies = line.in_the_file
        stays = line.original_held and sent is not None and line.key not in sent
        if stays and not copies:
            continue
        originals = 0 if stays else originals
        taken.append((line, originals, copies))
        goes_away = row.kind == Kind.COUNTY and line.original_held and not line.is_away and not stays
        entry = {"material": line.material_id, "originals": originals, "copies": copies, "held": goes_away}
        row.papers.append(entry if line.material_id else entry | {"line": line.key})
        if goes_away:
            _write_original(work, line.material_id, is_away=True)
    return taken


def _write_original(work: Change, material_id: int | None, *, is_away: bool) -> None:
    MaterialReceipt.objects.create(
        service_request=work.case, material_id=material_id, state=State.IN, original_held=True, is_away=is_away, at=work.now, by=work.by
    )


def note_county_receipt(case: ServiceRequest, *, on: date, receiver: str = "", number: str = "", by: User, now: datetime) -> None:
    """The county has it: when, and who took it or under which number. Its own limit runs from here."""
    if not receiver.strip() and not number.strip():
        raise Refused(_("Write down who received it, or the number it was given."))
    with change("note_county_receipt", case, by=by, now=now) as work:
        row = _with_county(work.case, Status.SENT)
        row.received_at = _moment(on, row.sent_at, now, _("The county received it after it was sent, and not in the future."))
        row.status = Status.RECEIVED
        _seal(work, row, receiver=receiver, number=number)
        row.save()
        work.facts.update(forwarding=row.pk, on=on.isoformat())


@dataclass(frozen=True)
class Granted:
    """What the county's paper grants: the amount in its words, from which month, for how many people (None: it does not say)."""

    amount: str
    from_month: date | None = None
    people: int | None = None

    @property
    def standard(self) -> str:
        """As it stands on the roll, in Chinese like the paper."""
        return f"{self.amount.strip()}，{self.people}人" if self.people else self.amount.strip()

    @property
    def in_words(self) -> str:
        month = f"，自{self.from_month.year}年{self.from_month.month}月起" if self.from_month else ""
        return f"{self.standard}{month}"


def note_county_result(
    case: ServiceRequest,
    *,
    outcome: str,
    on: date,
    paper: str,
    number: str = "",
    words: str = "",
    originals_back: bool = True,
    granted: Granted | None = None,
    deceased: str = "",
    died_on: date | None = None,
    by: User,
    now: datetime,
) -> None:
    """The county's decision, as its paper says it. The case is decided; who entered it is not who decided it.

    What follows from it is the same as if it was decided here: the roll, the register of deaths (see `verbs.decide`). What is paid
    (`granted`) stands on the roll where the item has one, and with the words of the case.
    """
    if outcome not in codes_of(case.edition):
        raise Refused(_("Choose the outcome."))
    if not paper.strip():
        raise Refused(_("Name the paper in which the county decided."))
    if outcome == Outcome.REFUSED:
        check_grounds(case, Grounds(reasons=words))
        if not number.strip():
            raise Refused(_("A refusal of the county is entered with the number of its paper."))
    with change("note_county_result", case, by=by, now=now) as work:
        row = _with_county(work.case, *Forwarding.LIVE)
        decided_at = _moment(on, row.sent_at, now, _("The county decided after it was sent, and not in the future."))
        row.outcome, row.result_on = outcome, on
        _seal(work, row, paper=paper, result_number=number)
        _come_back(work, row, Status.DECIDED, originals_back)
        on_the_roll = write_outcome(work, outcome, at=decided_at, deceased=deceased, died_on=died_on)
        work.words["text"] = words
        if granted is not None and outcome != Outcome.REFUSED:
            work.words["paid"] = granted.in_words
            if on_the_roll is not None and granted.from_month is not None:
                rows.write_terms(on_the_roll, from_month=granted.from_month, standard=granted.standard, by=by, now=now)
        work.facts.update(forwarding=row.pk, to=row.to_body, on=on.isoformat(), late=False)
        messages.tell(work, "decided")


def county_returns(case: ServiceRequest, *, reason: str, originals_back: bool = True, by: User, now: datetime) -> None:
    """Sent back by the county to be completed: the township's time goes on where it stood."""
    if not reason.strip():
        raise Refused(_("Write down what the county wants."))
    with change("county_returns", case, by=by, now=now) as work:
        row = _with_county(work.case, *Forwarding.LIVE)
        _seal(work, row, returned=reason)
        _come_back(work, row, Status.RETURNED, originals_back)
        work.facts.update(forwarding=row.pk, to=row.to_body)
        work.words["text"] = reason


def _come_back(work: Change, row: Forwarding, status: str, originals_back: bool) -> None:
    row.status, row.ended_at, row.ended_by = status, work.now, work.by
    row.save()
    work.case.county_since = work.case.county_due_on = None
    away = {line.material_id for line in checklist(work.case) if line.is_away} if originals_back else set()
    for taken in row.papers:
        if taken["material"] in away:
            _write_original(work, taken["material"], is_away=False)


def urge_county(case: ServiceRequest, *, what: str, answer_by: date, by: User, now: datetime) -> CountyUrge:
    """催办函: numbered, to whom, about what, answer by when (domain 16.9). Every urge and every answer stays on record."""
    if not what.strip():
        raise Refused(_("Write down what you ask of the county."))
    if answer_by <= timezone.localdate(now):
        raise Refused(_("The answer is due on a later day than today."))
    with change("urge_county", case, by=by, now=now) as work:
        row = _with_county(work.case, *Forwarding.LIVE)
        last = row.urges.order_by("-id").first()
        if last is not None and timezone.localdate(last.at) == timezone.localdate(now):
            raise AlreadyHandled(_("It was urged today already."))
        document = issue(work.case, papers.urge(work.case, row, what, answer_by), by=by, now=now)
        urge = CountyUrge.objects.create(
            forwarding=row, document=document, answer_by=answer_by, at=now, by=by, sealed=persons.seal_for(work.case, what, "urge")
        )
        work.facts.update(forwarding=row.pk, to=row.to_body, document=str(document), answer_by=answer_by.isoformat())
        work.redate = False
    return urge


def note_urge_answer(case: ServiceRequest, urge: CountyUrge, *, on: date, words: str, by: User, now: datetime) -> None:
    """What the county answered."""
    if not words.strip():
        raise Refused(_("Write down what the county answered."))
    if not timezone.localdate(urge.at) <= on <= timezone.localdate(now):
        raise Refused(_("The answer came after the urge, and not in the future."))
    with change("note_urge_answer", case, by=by, now=now) as work:
        if urge.answers.filter(answered_on=on).exists():
            raise AlreadyHandled(_("This answer is recorded already."))
        CountyAnswer.objects.create(urge=urge, answered_on=on, at=now, by=by, sealed=persons.seal_for(work.case, words, "urge"))
        work.facts.update(document=str(urge.document), on=on.isoformat())
        work.words["text"], work.redate = words, False


# -- between two windows of the centre ---------------------------------------------------------------------------


def hand_to_window(case: ServiceRequest, *, along: Collection[str], by: User, now: datetime) -> Forwarding:
    """转交: what the reception took in goes to the stationed office's own window, with a list to be signed for."""
    with change("hand_to_window", case, by=by, now=now) as work:
        if not deciding.is_stationed(work.case):
            raise Refused(_("Only what a stationed office handles is handed to its window."))
        if Forwarding.objects.filter(service_request=work.case, kind=Kind.WINDOW).exclude(status=Status.RETURNED).exists():
            raise AlreadyHandled(_("It was handed over already."))
        row = Forwarding(
            service_request=work.case, kind=Kind.WINDOW, to_office=work.case.office, to_body=work.case.office.name,
            how=How.CARRIED, sent_at=now, sent_by=by,
        )  # fmt: skip
        lines = _leave(work, row, along)
        row.save()
        document = issue(work.case, papers.handing_over(work.case, row, lines), by=by, now=now)
        work.facts.update(forwarding=row.pk, to=row.to_body, document=str(document))
        work.redate = False
    return row


def take_over(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """The stationed office signs for it: from here the papers are with that office."""
    with change("take_over", case, by=by, now=now) as work:
        row = Forwarding.objects.select_for_update().filter(
            service_request=work.case, kind=Kind.WINDOW, status=Status.SENT
        ).first()  # fmt: skip
        if row is None:
            raise AlreadyHandled(_("Nothing is on its way to your window."))
        row.received_at, row.status, row.ended_at, row.ended_by = now, Status.DECIDED, now, by
        row.save()
        work.facts.update(forwarding=row.pk, to=row.to_body)
        work.redate = False


# -- shared --------------------------------------------------------------------------------------------------------


def _with_county(case: ServiceRequest, *statuses: str) -> Forwarding:
    """The way the file is on now. Raises AlreadyHandled when it is back, or its receipt is noted already."""
    found = Forwarding.objects.select_for_update().filter(service_request=case, kind=Kind.COUNTY, status__in=statuses).first()
    if found is None:
        raise AlreadyHandled(_("It does not lie with the county in this way any more."))
    return found


def _moment(day: date, sent_at: datetime, now: datetime, sentence: str) -> datetime:
    """A day somebody names, as a moment between the sending and now."""
    if not timezone.localdate(sent_at) <= day <= timezone.localdate(now):
        raise Refused(sentence)
    return min(max(timezone.make_aware(datetime.combine(day, NOON)), sent_at), now)


def _seal(work: Change, row: Forwarding, **said: str) -> None:
    known = words_of(work.case, row)
    row.sealed = persons.seal_for(work.case, known | {key: words for key, words in said.items() if words.strip()}, "forwarding")


def words_of(case: ServiceRequest, row: Forwarding) -> dict[str, Any]:
    """Receiver, numbers, the county's paper; {} when the case was anonymised."""
    return persons.open_for(case, row.sealed, "forwarding") or {}


