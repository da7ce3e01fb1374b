"""What can happen to a case after it began. Each verb is one change: who may and from where is `lifecycle.TRANSITIONS`."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from officials.audit import together
from officials.models import User
from requests import (
    assigning,
    before_acceptance,
    deadlines,
    extending,
    guardians,
    intake,
    messages,
    own_limits,
    parties,
    persons,
    refusing,
    special,
)
from requests.archive import keeping
from requests.county import standing as county
from requests.documents import issue
from requests.documents.verbs import Proof, deliver_result, take_back
from requests.exchanging import why_not_exchanged
from requests.intake import AUTHORITY_LINE, ID_CARD_LINE, OTHER_LINE, Handed
from requests.item_needs import needs_id
from requests.joint import tasks
from requests.lifecycle import RUNNING, Change, Refused, StillMissing, change, end, follow_the_waiting
from requests.materials import Line, held_originals, missing_lines, still_to_come
from requests.models import Applicant, Assignment, Beneficiary, DeathReport, Document, MaterialReceipt, ServiceRequest
from requests.persons import Person
from requests.public_notice import before, standing
from requests.refusing import Grounds, TheirPaper, check_grounds, codes_of, write_refusal
from requests.roll import rows as roll_rows
from requests.supplement import notices, papers, promises
from requests.supplement.notices import Telling
from requests.supplement.promises import Promised
from services.models import Edition, Material

S = ServiceRequest.Status
State = MaterialReceipt.State
Outcome = ServiceRequest.Outcome
IdState = Applicant.IdState
# Verbs of other modules, reached by their name here like all of them.
begin_procedure, end_procedure = special.begin_procedure, special.end_procedure
ask_extension, extend, remove_extension = extending.ask_extension, extending.extend, extending.remove_extension
refuse_extension = extending.refuse_extension
make_promised, confirm_start = own_limits.make_promised, own_limits.confirm_start
refuse_intake, terminate = refusing.refuse_intake, refusing.terminate


def ask_materials(
    case: ServiceRequest, *, words: str = "", telling: Telling = Telling(), by: User, now: datetime  # noqa: B008 - frozen
) -> None:
    """Tell the applicant everything that is missing or faulty, at once (一次性告知, 行政许可法 32). The list is the checklist."""
    with change("ask_materials", case, by=by, now=now) as work:
        if notices.current(work.case) is not None:
            raise Refused(_("It was told once already. A second list needs its cause and the head's approval."))
        notices.put_on_the_list(work, telling.also)
        missing = still_to_come(work.case)
        if not missing:
            raise Refused(before_acceptance.nothing_missing(work.case))
        notices.tell(work, telling, missing, words=words)
        work.words["text"] = words
        messages.tell(work, "materials_missing")


def take_materials(
    case: ServiceRequest, handed: Mapping[int | str, Handed], *, id_shown: bool = False, id_number: str = "",
    other: Handed | None = None, by: User, now: datetime,
) -> None:  # fmt: skip
    """Tick what was brought. The case goes back to "received" when nothing is missing any more.

    `id_shown`: the card that was awaited was looked at; `id_number` is the number on it where the case had none. `other`: a paper of no
    list, with its name. After acceptance papers still come in (评定表, what the county asks for) and nothing of the dates changes; what is
    not there yet is not asked for by this door, unless the county sent the file back.
    """
    with change("take_materials", case, by=by, now=now) as work:
        is_accepted = work.case.status in RUNNING
        is_sent_back = is_accepted and county.was_sent_back(work.case)
        if is_accepted and not is_sent_back:
            promises.check_what_comes(work.case, handed)
        if other is not None:
            many = MaterialReceipt.objects.filter(service_request=work.case, line__startswith=OTHER_LINE).values("line").distinct().count()
            handed = {**handed, f"{OTHER_LINE}{many + 1}": other}
        still = _write_what_came(work, handed, id_shown, id_number)
        if still or is_accepted:
            work.to = work.case.status
        notices.tick(work)
        if is_accepted and not is_sent_back:
            promises.tick(work, still)


def take_owed(
    case: ServiceRequest, handed: Mapping[int | str, Handed], *, id_shown: bool = False, id_number: str = "", by: User, now: datetime
) -> None:
    """What may follow after the decision itself, where one was helped first (先行救助后补办手续)."""
    with change("take_owed", case, by=by, now=now) as work:
        promises.check_what_follows(work.case, handed)
        promises.tick(work, _write_what_came(work, handed, id_shown, id_number))


def _write_what_came(work: Change, handed: Mapping[int | str, Handed], id_shown: bool, id_number: str) -> list[Line]:
    """Returns what is missing still."""
    intake.write_materials(work.case, _with_the_drawer(work.case, handed), by=work.by, now=work.now)
    if AUTHORITY_LINE in handed:
        parties.follow_the_letter(work.case, handed[AUTHORITY_LINE].state)
    if id_shown:
        _write_id_shown(work, id_number)
    still = still_to_come(work.case)
    work.facts["still_missing"] = [line.key for line in still]
    return still


def _with_the_drawer(case: ServiceRequest, handed: Mapping[int | str, Handed]) -> dict[int | str, Handed]:
    """An original leaves the drawer by `return_original` alone, never because a line is ticked once more."""
    held = {line.material_id: line for line in held_originals(case)}
    for key, what in handed.items():
        if key in held and what.state != State.IN:
            raise Refused(_("First give back the originals: %(what)s.") % {"what": held[key].name})
    return {key: replace(what, original_held=True, is_away=held[key].is_away) if key in held else what for key, what in handed.items()}


def _write_id_shown(work: Change, id_number: str) -> None:
    if id_number:
        person = persons.person_of(work.case)
        given = replace(person, id_number=id_number, id_type=person.id_type or "id_card", id_state=IdState.GIVEN)
        persons.replace(work.case, given, by=work.by, now=work.now)
    applicant = work.case.applicant
    applicant.identity_checked = True
    applicant.save()
    MaterialReceipt.objects.create(service_request=work.case, line=ID_CARD_LINE, state=State.IN, at=work.now, by=work.by)


def correct(case: ServiceRequest, person: Person, *, reason: str, by: User, now: datetime) -> None:
    """A wrong name or number, put right under the same number before acceptance. Old and new stay in history, sealed."""
    if not reason.strip():
        raise Refused(_("Say what was wrong."))
    with change("correct", case, by=by, now=now) as work:
        before = persons.person_of(work.case)
        persons.replace(work.case, person, by=by, now=now)
        work.case.village_id = person.village_id
        work.facts["fields"] = sorted(
            name for name in Person.__dataclass_fields__ if getattr(before, name) != getattr(person, name)
        )
        work.words["text"] = reason


def change_item(case: ServiceRequest, edition: Edition, *, reason: str, by: User, now: datetime) -> None:
    """The wrong item was chosen: same number, other edition, office and person. Materials are ticked anew.

    Also on the day of the acceptance while nothing else has happened: with it the acceptance is undone and its paper voided.
    """
    with change("change_item", case, by=by, now=now) as work:
        if work.case.status == S.ACCEPTED:
            _undo_acceptance(work, reason)
        if edition.item_id == work.case.item_id:
            raise Refused(_("This is the item the case already has."))
        is_published, post = assigning.post_of(edition)
        if not is_published:
            raise Refused(_("This item has changed or been retired meanwhile. Open it again."))
        work.facts.update(item_before=work.case.edition.item.code, item=edition.item.code)
        work.words["text"] = reason
        work.case.edition, work.case.item_id, work.case.office = edition, edition.item_id, edition.office
        work.case.holder, why = assigning.responsible(post, edition.office, now)
        work.case.original_on = None
        assigning.write_assignment(work.case, why, by=by, now=now)
        notices.lapse(work)
        _follow_the_identity(work)


def _undo_acceptance(work: Change, reason: str) -> None:
    """The paper was handed out in error, so it is voided by this act, and the numbers and dates of the acceptance go with it."""
    sentence = why_not_exchanged(work.case, work.now)
    if sentence:
        raise Refused(sentence)
    for paper in work.case.documents.filter(void=None, kind=Document.Kind.ACCEPTANCE):
        take_back(work, paper, reason)
    work.case.accepted_at = work.case.accepted_by = None
    work.facts["was_accepted"] = True


def _follow_the_identity(work: Change) -> None:
    """The new item may need an identity the old one had no right to ask for: then the card goes on the missing list, so
    that the case cannot be accepted without it; and off again when the item that is chosen now needs none.
    """
    applicant = work.case.applicant
    listed = MaterialReceipt.objects.filter(service_request=work.case, line=ID_CARD_LINE).order_by("-id").first()
    is_missing = listed is not None and listed.state == State.MISSING
    awaited = needs_id(Material.objects.filter(edition=work.case.edition)) and not applicant.identity_checked
    if awaited and applicant.id_state == IdState.NOT_NEEDED:
        applicant.id_state = IdState.UNKNOWN
        applicant.save()
    is_awaited = awaited and applicant.id_state in Applicant.AWAITED
    if is_awaited != is_missing:
        state = State.MISSING if is_awaited else State.NOT_NEEDED
        MaterialReceipt.objects.create(service_request=work.case, line=ID_CARD_LINE, state=state, at=work.now, by=work.by)


def accept(
    case: ServiceRequest, *, promised: Promised = Promised(), acts_alone: bool = False,  # noqa: B008 - frozen
    by: User, now: datetime, at: datetime | None = None,
) -> None:  # fmt: skip
    """受理: the file is complete. Limits that start at acceptance start here. `at` is the true time of a later entry.

    Where materials had been asked for, the day of acceptance is the day on which the last of them came in, whenever the
    clerk comes to it (补正件以补齐之日为受理日). With `promised`, materials that may come later are owed until a day (容缺).
    `acts_alone`: the applicant is 16 or 17 and lives on the own work, so no guardian is needed (民法典 18).
    """
    with change("accept", case, by=by, now=now) as work:
        if notices.pending(work.case) is not None:
            raise Refused(_("A second list waits for the head. It has to be settled before the case is accepted."))
        missing = missing_lines(work.case)
        promise = promises.tolerate(work, missing, promised) if missing else None
        unsaid = before_acceptance.lacking(work.case)
        if unsaid:
            raise StillMissing(" ".join(sentence for _verb, sentence in unsaid), first=unsaid[0][0])
        if acts_alone:
            work.facts[guardians.ALONE] = True
        elif guardians.asks_whether_alone(work.case):
            sentence = _("The applicant is 16 or 17: add the guardian, or say that the applicant lives on the own work (Civil Code, 18).")
            raise StillMissing(sentence, first="add_party")
        promises.declare(work, promised)
        work.case.accepted_at, work.case.accepted_by = at or _complete_at(work.case) or now, by
        was_awaited, work.case.status = work.case.status == S.AWAITING_MATERIALS, S.ACCEPTED
        if was_awaited:
            follow_the_waiting(work.case, by=by, now=now)
        deadlines.write(work.case)
        work.facts.update(promised_on=str(work.case.promised_on or ""), legal_on=str(work.case.legal_on or ""))
        if work.case.accepted_at < now and at is None:
            work.facts["accepted_on"] = str(timezone.localdate(work.case.accepted_at))
        if papers.is_due_on_acceptance(work.case):
            issue(work.case, papers.acceptance_paper(work.case, promise), by=by, now=now)
        messages.tell(work, "accepted")


def _complete_at(case: ServiceRequest) -> datetime | None:
    """补齐之日: when the last of what was told came in, and not before the village's own report was in; None where nothing was told."""
    whole_at = notices.whole_at(case)
    village = before.newest(case) if whole_at is not None and before.wanted(case) is not None else None
    return max(whole_at, village.at) if whole_at is not None and village is not None else whole_at


def not_ours(case: ServiceRequest, *, reason: str, where: str = "", by: User, now: datetime) -> None:
    """Not a matter of this township: shown the way, with the place and phone to go to."""
    if not where.strip():
        raise Refused(_("Say where the resident has to go, with a phone."))
    _end(case, "not_ours", reason or where, by=by, now=now, where=where)


def withdraw(case: ServiceRequest, *, reason: str, by: User, now: datetime) -> None:
    """The applicant takes the application back; originals are given back."""
    _end(case, "withdraw", reason, by=by, now=now)


def void(case: ServiceRequest, *, reason: str, by: User, now: datetime) -> None:
    """误登作废 by the head, a second person. The number stays, the case leaves the figures."""
    _end(case, "void", reason, by=by, now=now)


def _end(case: ServiceRequest, name: str, reason: str, *, by: User, now: datetime, where: str = "") -> None:
    if not reason.strip():
        raise Refused(_("A reason is needed."))
    with change(name, case, by=by, now=now) as work:
        end(work)
        work.words.update(text=reason, where=where)
        work.facts["originals_held"] = len(held_originals(work.case))
        if name == "not_ours":
            messages.tell(work, name)


def start(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """The official takes it in hand. Whoever starts it holds it."""
    with change("start", case, by=by, now=now) as work:
        if work.case.holder_id != by.pk and not by.is_job:
            work.case.holder = by
            assigning.write_assignment(work.case, Assignment.Why.TAKEN, by=by, now=now)
        if work.case.edition_id:
            tasks.begin_tasks(work)


def decide(
    case: ServiceRequest, outcome: str, *, words: str = "", grounds: Grounds | None = None, paper: TheirPaper | None = None,
    deceased: str = "", died_on: date | None = None, by: User, now: datetime,
) -> None:  # fmt: skip
    """The decision; the clock ends here, not when the steps are walked through (domain 14, no. 13).

    A refusal has its `grounds` (without them `words` are its reasons) and, where a body elsewhere decides, the `paper` of that body.
    A benefit granted opens its row on the roll. `deceased`: the identity number of who died, where a death is registered;
    without it the case stays on the list of deaths the roll was not checked for.
    """
    if outcome not in codes_of(case.edition):
        raise Refused(_("Choose the outcome."))
    is_refusal = outcome == Outcome.REFUSED
    if is_refusal:
        grounds, words = grounds or Grounds(reasons=words), words if grounds else ""
        check_grounds(case, grounds)
    with change("decide", case, by=by, now=now) as work:
        if work.case.county_since:
            raise Refused(_("It lies with the county: enter the county's result instead."))
        work.words["text"] = words
        work.facts["late"] = bool(work.case.due_at and now > work.case.due_at)
        write_outcome(work, outcome, at=now, deceased=deceased, died_on=died_on)
        if is_refusal:
            write_refusal(work, Document.Kind.REFUSAL_DECISION, grounds, paper or TheirPaper())
            work.words["remarks"] = words
        messages.tell(work, "decided")


def write_outcome(
    work: Change, outcome: str, *, at: datetime, deceased: str = "", died_on: date | None = None
) -> Beneficiary | None:
    """What was decided at `at`, here or with the county, and what follows for the roll: the row it opened, if any.

    Raises Refused while something is in the way.
    """
    case, by, now = work.case, work.by, work.now
    sentence = standing.why_not(case, standing.DECIDE, is_favourable=outcome != Outcome.REFUSED)
    if sentence:
        raise Refused(sentence, first="begin_public_notice")
    tasks.refuse_while_open(case)
    undone = parties.not_yet_decidable(case) if outcome != Outcome.REFUSED else []
    if undone:
        raise Refused(_("First note that this was done in person: %(what)s.") % {"what": _("; ").join(undone)})
    held = special.holding(case)
    if held:
        raise Refused(_("First end: %(what)s.") % {"what": _(", ").join(row.reason for row in held)})
    case.outcome, case.decided_at, case.decided_by = outcome, at, by
    work.facts["outcome"] = outcome
    row = roll_rows.open_row(case, outcome, by=by, now=now, today=timezone.localdate(at))
    if deceased and case.edition.roll == Edition.Roll.DEATH and outcome in roll_rows.FAVOURABLE:
        told = {"source": DeathReport.Source.CASE, "died_on": died_on, "case": case}
        roll_rows.flag_deaths(case.township, deceased, **told, by=by, now=now)
        # Who is dead signs for nothing any more (requests.takers); the day stands on the page of the case.
        work.facts["applicant_died"] = deceased == persons.person_of(case).id_number
        if died_on is not None:
            work.facts["died_on"] = died_on.isoformat()
    return row


def close(case: ServiceRequest, *, how: str = "", proof: Proof | None = None, by: User, now: datetime) -> None:
    """Delivered: the result is in the applicant's hands with the paper of the decision, originals are back.

    `proof`: how and to whom; with it the delivery of that paper is on record and needs no second entry.
    """
    with change("close", case, by=by, now=now) as work:
        held = held_originals(work.case)
        if held:
            raise Refused(_("First give back the originals: %(what)s.") % {"what": _(", ").join(row.name for row in held)})
        if proof is not None:
            deliver_result(work, proof)
        end(work)
        work.words["text"] = how


def answer(case: ServiceRequest, *, words: str, by: User, now: datetime) -> None:
    """Answer a question: at once, or by the promised call back."""
    if not words.strip():
        raise Refused(_("Write down what was answered."))
    with change("answer", case, by=by, now=now) as work:
        work.case.outcome, work.case.decided_at, work.case.decided_by = Outcome.ANSWERED, now, by
        end(work)
        work.words["text"] = words


def promise_call(case: ServiceRequest, *, words: str = "", by: User, now: datetime) -> None:
    """The question cannot be answered at once: somebody calls back by the end of the next working day."""
    with change("promise_call", case, by=by, now=now) as work:
        if not persons.person_of(work.case).phone:
            raise Refused(_("A call back needs a phone number."))
        work.words["text"] = words


def assign(case: ServiceRequest, person: User, *, reason: str = "", by: User, now: datetime) -> None:
    """Give a case to another person of the same office; the deputy while the holder is away."""
    with change("assign", case, by=by, now=now) as work:
        if person.pk not in {one.pk for one in assigning.people_of(work.case.office)}:
            raise Refused(_("%(name)s does not work on cases of %(office)s.") % {"name": person, "office": work.case.office})
        if person.pk == work.case.kept_from_id:
            raise Refused(_("It is about %(name)s, who may not handle it.") % {"name": person})
        if person.pk == work.case.holder_id:
            raise Refused(_("%(name)s already has this case.") % {"name": person})
        work.facts.update(before=work.case.holder_id, holder=person.pk)
        work.words["text"] = reason
        work.case.holder = person
        work.redate = False
        assigning.write_assignment(work.case, Assignment.Why.HEAD, by=by, now=now)


def add_note(case: ServiceRequest, *, words: str, by: User, now: datetime) -> None:
    """A note for colleagues on the timeline."""
    if not words.strip():
        raise Refused(_("The note is empty."))
    with change("add_note", case, by=by, now=now) as work:
        work.words["text"], work.redate = words, False


def note_upper_number(case: ServiceRequest, number: str, *, by: User, now: datetime) -> None:
    """上级系统办件编号: the same case in the county's system (double entry)."""
    if not number.strip():
        raise Refused(_("Enter the number."))
    try:
        with change("note_upper_number", case, by=by, now=now) as work:
            _refuse_taken(work.case, number)
            work.facts.update(before=work.case.upper_number, number=number)
            work.case.upper_number, work.case.upper_at, work.case.upper_by = number, now, by
            work.redate = False
    except IntegrityError:
        # A colleague entered it for another case at the same moment; the constraint of the table let one through.
        _refuse_taken(case, number)
        raise


def _refuse_taken(case: ServiceRequest, number: str) -> None:
    taken = ServiceRequest.objects.filter(township_id=case.township_id, upper_number=number).exclude(pk=case.pk).first()
    if taken:
        raise Refused(_("Case %(number)s already has this number.") % {"number": taken.number})


def renew_secret(case: ServiceRequest, *, by: User, now: datetime) -> str:
    """A lost tracking code: a new one, shown once; the old one ends."""
    with change("renew_secret", case, by=by, now=now) as work:
        work.redate = False
        secret = persons.renew_secret(work.case)
    return secret


def redate(case: ServiceRequest, *, cause: dict[str, Any] | None = None, by: User, now: datetime) -> bool:
    """Recompute the dates of an open case. Says whether they moved. `cause`: facts of what changed, for the timeline."""
    with change("redate", case, by=by, now=now) as work:
        before, due_before = deadlines.told(work.case), work.case.due_on
        deadlines.write(work.case)
        work.facts.update(cause or {}, due_before=str(due_before or ""), due_after=str(work.case.due_on or ""))
        moved = before != deadlines.told(work.case)
    return moved


def anonymise(case: ServiceRequest, *, by: User, now: datetime) -> None:
    """Destroy the key of an ended case: applicant, words and papers become unreadable everywhere, history included.

    Numbers, dates and figures stay; the chain still verifies, since it covers ciphertext.
    """
    with change("anonymise", case, by=by, now=now) as work:
        if held_originals(work.case):
            raise Refused(_("First give back the originals."))
        kept = keeping.why_not_forget(work.case, now)
        if kept:
            raise Refused(kept)
        work.redate = False
        work.case.anonymised_at = now
        # The event of this verb has no words, so it needs no key any more.
        persons.forget(work.case)
        messages.forget(work.case, now)


def finish_on_the_spot(order: intake.Intake, outcome: str, *, words: str = "", by: User, now: datetime) -> intake.Received:
    """即办件: received, accepted, decided and handed over on one page, in one transaction."""
    with together():
        received = intake.receive(order, by=by, now=now)
        if received.is_new:
            accept(received.case, by=by, now=now, at=order.received_at)
            decide(received.case, outcome, words=words, by=by, now=now)
            if not held_originals(received.case):
                close(received.case, by=by, now=now)
    return received
