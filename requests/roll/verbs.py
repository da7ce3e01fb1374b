"""What is done to a row of the roll: reviewed, adjusted, stopped by two people, resumed, and at last forgotten."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from officials.audit import verb
from officials.models import Township, User
from officials.permissions import HANDLE, HEAD, rights
from requests.lifecycle import AlreadyHandled, Refused
from requests.models import Beneficiary, DeathReport, RollEvent, ServiceRequest
from requests.roll import people, rows
from requests.roll.rows import Check, State, Verb


@dataclass(frozen=True)
class Move:
    """From which states, and by which right on the office of the row."""

    label: Any
    froms: frozenset[str]
    right: str


MOVES: dict[str, Move] = {
    "terms": Move(gettext_lazy("Enter standard and month"), frozenset({State.RUNNING}), HANDLE),
    "review": Move(gettext_lazy("Review"), frozenset({State.RUNNING}), HANDLE),
    "clear_check": Move(gettext_lazy("Checked: no reason to stop"), frozenset({State.RUNNING}), HANDLE),
    "confirm_stop": Move(gettext_lazy("Confirm the stop"), frozenset({State.STOPPING}), HEAD),
    "refuse_stop": Move(gettext_lazy("Do not stop"), frozenset({State.STOPPING}), HEAD),
    "resume": Move(gettext_lazy("Resume (stopped wrongly)"), frozenset({State.STOPPED}), HANDLE),
    "forget": Move(gettext_lazy("Erase the person"), frozenset({State.STOPPED}), HEAD),
}


def may_in_principle(name: str, row: Beneficiary, by: User) -> bool:
    return rights(by).has(MOVES[name].right, row.office_id)


def refusal(name: str, row: Beneficiary, by: User) -> str:
    """Why not now, or not by this person; "" when possible. The page asks the same question."""
    move = MOVES[name]
    if not may_in_principle(name, row, by):
        who = _("the head of the responsible office") if move.right == HEAD else _("the responsible office")
        return _("This belongs to: %(who)s.") % {"who": who}
    if row.forgotten_at is not None:
        return _("The person of this row was erased.")
    if row.state not in move.froms:
        return _("Not possible while the row is “%(state)s”.") % {"state": row.get_state_display()}
    if name == "clear_check" and not row.check_for:
        return _("There is nothing to check.")
    if name == "confirm_stop" and row.stop_asked_by_id == by.pk:
        return _("A second person has to confirm the stop: you asked for it yourself.")
    return ""


@dataclass
class Work:
    row: Beneficiary
    by: User
    now: datetime
    event: str = ""
    facts: dict[str, Any] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)


@contextmanager
def _change(name: str, row: Beneficiary, *, by: User, now: datetime) -> Iterator[Work]:
    """Lock, check, write, event, or nothing at all."""
    with verb(f"roll_{name}", by=by, now=now, subject=f"roll:{row.pk}"):
        locked = Beneficiary.objects.select_for_update(of=("self",)).select_related("key", "edition").get(pk=row.pk)
        sentence = refusal(name, locked, by)
        if sentence:
            raise (AlreadyHandled if locked.state != row.state else Refused)(sentence)
        work = Work(locked, by, now)
        yield work
        locked.save()
        rows.write(locked, work.event, by=by, now=now, facts=work.facts, words=work.words)
    row.refresh_from_db()


def _need(text: str, sentence: str) -> None:
    if not text.strip():
        raise Refused(sentence)


def set_terms(row: Beneficiary, *, from_month: date, standard: str, by: User, now: datetime) -> None:
    """From which month, and what: the words of the decision ("每月420元")."""
    _need(standard, _("Write down what is paid."))
    with _change("terms", row, by=by, now=now) as work:
        work.row.from_month, work.event = from_month.replace(day=1), Verb.TERMS
        work.row.standard = people.seal_for(work.row, standard, "standard")
        work.facts["from_month"] = str(work.row.from_month)


def newest_entry(row: Beneficiary) -> int:
    """The number of the last thing entered on a row; 0 where nothing was."""
    return RollEvent.objects.filter(row=row).order_by("-id").values_list("id", flat=True).first() or 0


CONTINUE, ADJUST, STOP = "continue", "adjust", "stop"


def review(
    row: Beneficiary, outcome: str, *, reason: str = "", from_month: date | None = None, standard: str = "", told: str = "",
    last_seen: int | None = None, by: User, now: datetime,
) -> None:  # fmt: skip
    """核查: 继续 / 调整 / 停发. A change needs its reason and month and is told to the person; a stop waits for a second person.

    `last_seen`: the newest entry the page showed. When there is a newer one, somebody was faster, or the form was sent twice.
    """
    if outcome not in (CONTINUE, ADJUST, STOP):
        raise Refused(_("Choose the outcome."))
    if outcome != CONTINUE:
        _need(reason, _("A reason is needed."))
        if from_month is None:
            raise Refused(_("Say from which month."))
    if outcome == ADJUST:
        _need(standard, _("Write down what is paid."))
        _need(told, _("Write down how the person was told."))
    with _change("review", row, by=by, now=now) as work:
        fresh = work.row
        if last_seen is not None and last_seen != newest_entry(fresh):
            raise AlreadyHandled(_("Something was entered on this row meanwhile. Look at it again."))
        if outcome == CONTINUE and fresh.check_for:
            raise Refused(_("A death was registered. Check that first: say that there is no reason to stop, or stop."))
        work.words.update(text=reason, told=told)
        if outcome == STOP:
            fresh.state, fresh.stop_from, fresh.stop_asked_by = State.STOPPING, from_month.replace(day=1), by
            work.event, work.facts["from_month"] = Verb.STOP_ASKED, str(fresh.stop_from)
            return
        fresh.next_review_on = rows.next_review(fresh.edition, now, fresh.township_id)
        work.event = Verb.CONTINUED
        if outcome == ADJUST:
            fresh.standard = people.seal_for(fresh, standard, "standard")
            work.event, work.facts["from_month"] = Verb.ADJUSTED, str(from_month.replace(day=1))
            work.words["standard"] = standard
        work.facts["next_review_on"] = str(fresh.next_review_on or "")


def confirm_stop(row: Beneficiary, *, told: str, by: User, now: datetime) -> None:
    """The second person. The person, or the family, is told and how is written down."""
    _need(told, _("Write down how the person or the family was told."))
    with _change("confirm_stop", row, by=by, now=now) as work:
        fresh = work.row
        fresh.state, fresh.stopped_at, fresh.stopped_by, fresh.check_for, fresh.check_since = State.STOPPED, now, by, "", None
        fresh.next_review_on = None
        work.event, work.words["told"] = Verb.STOPPED, told
        work.facts["from_month"] = str(fresh.stop_from)


def refuse_stop(row: Beneficiary, *, reason: str, by: User, now: datetime) -> None:
    """Not convinced: the row goes on as before, with its flag."""
    _need(reason, _("A reason is needed."))
    with _change("refuse_stop", row, by=by, now=now) as work:
        work.row.state, work.row.stop_from, work.row.stop_asked_by = State.RUNNING, None, None
        work.event, work.words["text"] = Verb.STOP_REFUSED, reason


def clear_check(row: Beneficiary, *, reason: str, by: User, now: datetime) -> None:
    """人核实后: the person lives, or somebody else was meant."""
    _need(reason, _("Write down how it was checked."))
    with _change("clear_check", row, by=by, now=now) as work:
        work.row.check_for, work.row.check_since = Check.NONE, None
        work.event, work.words["text"] = Verb.CHECKED, reason


def resume(row: Beneficiary, *, from_month: date, back_pay: str, reason: str, by: User, now: datetime) -> None:
    """误停的补发: drawing again, with what is paid for the months between."""
    _need(reason, _("A reason is needed."))
    _need(back_pay, _("Write down what is paid for the months between."))
    with _change("resume", row, by=by, now=now) as work:
        fresh = work.row
        fresh.state, fresh.stop_from, fresh.stop_asked_by, fresh.stopped_at, fresh.stopped_by = State.RUNNING, None, None, None, None
        fresh.next_review_on = rows.next_review(fresh.edition, now, fresh.township_id)
        work.event, work.facts["from_month"] = Verb.RESUMED, str(from_month.replace(day=1))
        work.words.update(text=reason, back_pay=back_pay)


def forget(row: Beneficiary, *, by: User, now: datetime) -> None:
    """The time for keeping it is over: person, standard and words of the row become unreadable; its dates stay."""
    with _change("forget", row, by=by, now=now) as work:
        work.row.forgotten_at, work.event = now, Verb.FORGOTTEN
        people.forget(work.row)


def report_death(
    township: Township, id_number: str, *, source: str, died_on: date | None, case: ServiceRequest | None = None, by: User, now: datetime
) -> DeathReport:
    """A notification from outside, or for a registration here that named nobody. The same day every row of the person is flagged."""
    if died_on is not None and died_on > timezone.localdate(now):
        raise Refused(_("This day is still to come."))
    if not rights(by).where(HANDLE):
        raise Refused(_("This belongs to: %(who)s.") % {"who": _("the responsible office")})
    with verb("report_death", by=by, now=now, subject=f"case:{case.pk}" if case else ""):
        return rows.flag_deaths(township, id_number, source=source, died_on=died_on, case=case, by=by, now=now)
