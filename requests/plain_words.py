"""A case in a resident's words: where it stands, what comes next, its dates. Nothing about who applied or what was decided."""

from datetime import datetime

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests import deadlines
from requests.clock import Due, Kind
from requests.county import standing
from requests.demands import read_here
from requests.models import ServiceRequest
from requests.reasons import say_date, say_moment
from requests.tracking import Shown

S = ServiceRequest.Status
DueKind = ServiceRequest.DueKind
CASE_KIND = ServiceRequest.Kind

STATES: dict[str, str | Promise] = {
    S.AT_VILLAGE: gettext_lazy("The village agent has your application and brings it to the township."),
    S.RECEIVED: gettext_lazy("We have your application. We check whether everything is there."),
    S.AWAITING_MATERIALS: gettext_lazy("Papers are missing. The application waits for them."),
    S.ACCEPTED: gettext_lazy("The application is accepted: everything needed is there."),
    S.IN_HAND: gettext_lazy("The responsible office is working on it."),
    S.DECIDED: gettext_lazy("It is decided. The result has not been handed over yet."),
    S.CLOSED: gettext_lazy("It is finished and the result is handed over."),
    S.INTAKE_REFUSED: gettext_lazy("The application could not be accepted."),
    S.NOT_OURS: gettext_lazy("This is handled by another body, not by this centre."),
    S.WITHDRAWN: gettext_lazy("The application was taken back."),
    S.DEEMED_WITHDRAWN: gettext_lazy("What was missing was not brought in time, so the application counts as withdrawn."),
    S.TERMINATED: gettext_lazy("The application was terminated: nothing is decided any more."),
}
QUESTION_STATES: dict[str, str | Promise] = {
    S.RECEIVED: gettext_lazy("We have your question."),
    S.IN_HAND: gettext_lazy("We will call you"),
    S.CLOSED: gettext_lazy("Your question has been answered."),
    S.WITHDRAWN: gettext_lazy("The question was taken back."),
}
DEMAND_STATES: dict[str, str | Promise] = {
    S.RECEIVED: gettext_lazy("We have written it down and look for who answers for it."),
    S.DISPATCHED: gettext_lazy("It has been given to the office that answers for it."),
    S.ACCEPTED: gettext_lazy("The office that answers for it has it."),
    S.IN_HAND: gettext_lazy("The responsible office is working on it."),
    S.FOLLOWING: gettext_lazy("It cannot be solved yet. It stays open and is looked at again."),
    S.DECIDED: gettext_lazy("It is answered. You are told."),
    S.CLOSED: gettext_lazy("It is answered and closed."),
    S.WITHDRAWN: gettext_lazy("It was taken back."),
}
READ_HERE_STATES: dict[str, str | Promise] = DEMAND_STATES | {S.DECIDED: gettext_lazy("It is answered.")}
DEMAND_NEXT: dict[str, str | Promise] = {
    S.DECIDED: gettext_lazy("We tell you the answer. Call if you heard nothing."),
    S.CLOSED: gettext_lazy("You need not do anything more. If something is not right, call us."),
    S.NOT_OURS: gettext_lazy("Call us: we tell you the place and the phone to go to."),
}
NEXT: dict[str, str | Promise] = {
    S.AT_VILLAGE: gettext_lazy("The time of the township begins when it has arrived there. You need not go yourself."),
    S.AWAITING_MATERIALS: gettext_lazy(
        "Bring everything on the list below at once, to the window or to the village agent. Then it goes on."
    ),
    S.DECIDED: gettext_lazy("Collect the result as agreed. What was decided is told to you in person; call if you heard nothing."),
    S.CLOSED: gettext_lazy("You need not do anything more. If something is not right, call us."),
    S.INTAKE_REFUSED: gettext_lazy("You get the reason in writing, with how to object. If you have not got it, call us."),
    S.NOT_OURS: gettext_lazy("Call us: we tell you the place and the phone to go to."),
    S.WITHDRAWN: gettext_lazy("You can apply again at any time."),
    S.DEEMED_WITHDRAWN: gettext_lazy("You can apply again at any time. Originals left with us are given back."),
    S.TERMINATED: gettext_lazy("Call us: we tell you the reason. You can apply again when things have changed."),
}


def state(shown: Shown) -> str:
    """Where it stands."""
    case = shown.case
    if shown.goes_on_as:
        return _("It has been passed on to people's mediation.")
    if case.status == S.RECEIVED and shown.missing:
        return _("We have your application. Papers are still to be brought.")
    if case.kind in ServiceRequest.OF_DEMANDS:
        words = READ_HERE_STATES if shown.is_read_here else DEMAND_STATES
        if case.outcome and case.kind != CASE_KIND.MEDIATION:
            return _("%(state)s Outcome: %(outcome)s.") % {"state": words[case.status], "outcome": case.get_outcome_display()}
    else:
        words = QUESTION_STATES if case.kind == CASE_KIND.CONSULTATION else STATES
    return str(words.get(case.status) or STATES.get(case.status) or case.get_status_display())


def next_step(shown: Shown) -> str:
    """What comes next, and by whom."""
    case = shown.case
    if case.kind == CASE_KIND.CONSULTATION and case.is_open:
        return _("We call you by %(date)s.") % {"date": say_date(case.due_on)} if case.due_on else _("We call you.")
    if case.kind in ServiceRequest.OF_DEMANDS:
        return _next_of_a_demand(shown)
    if case.status == S.RECEIVED:
        return _next_when_received(shown)
    if case.status in (S.ACCEPTED, S.IN_HAND):
        words = {"office": case.office.name}
        if case.county_since:
            return _("It has been with %(body)s since %(date)s. We bring the result back.") % {
                "body": standing.where(case), "date": say_date(case.county_since),
            }  # fmt: skip
        if case.stopped_since:
            return _("A special procedure is under way: the clock stands still since %(date)s. Why is written below.") % {
                "date": say_date(case.stopped_since)
            }
        if case.told_on and not shown.is_late:
            return _("%(office)s works on it, until %(date)s at the latest.") % {**words, "date": say_date(case.told_on)}
        return _("%(office)s works on it.") % words
    return str(NEXT.get(case.status, ""))


def _next_of_a_demand(shown: Shown) -> str:
    case = shown.case
    if shown.goes_on_as:
        sentence = _("Its number there is %(number)s; the code is the same. The mediators speak with both sides.")
        return sentence % {"number": shown.goes_on_as}
    if case.status == S.FOLLOWING and case.due_on:
        return _("%(office)s looks at it again on %(date)s.") % {"office": case.office.name, "date": say_date(case.due_on)}
    if shown.is_read_here and shown.answer:
        return _("The answer stands below. If something is not right, call us.")
    if case.is_open and case.promised_on and not shown.is_late:
        if shown.is_read_here:
            return read_here.promise(case.promised_on)
        return _("You get an answer by %(date)s.") % {"date": say_date(case.promised_on)}
    if case.is_open:
        return _("%(office)s works on it.") % {"office": case.office.name}
    return str(DEMAND_NEXT.get(case.status, ""))


def _next_when_received(shown: Shown) -> str:
    case = shown.case
    if shown.missing:
        return _("Bring what is listed below to the window or to the village agent. Then you are told whether the application is accepted.")
    if case.due_kind == DueKind.ACCEPTANCE_CHECK and case.due_on and not shown.is_late:
        return _("You are told by %(date)s whether the application is accepted.") % {"date": say_date(case.due_on)}
    return _("You are told whether the application is accepted.")


def dates(shown: Shown) -> list[dict[str, str]]:
    """Label, text and note of every date that is known, in the order of time."""
    case = shown.case
    counted = _("outside working hours, so it counts from %(date)s") % {"date": say_date(shown.counted_from)} if shown.counted_from else ""
    label = _("Handed in on") if case.channel == ServiceRequest.Channel.ONLINE else _("Received on")
    found = [{"label": label, "text": _moment(case.received_at), "note": counted}]
    if case.village_received_at is not None:
        arrived = [] if case.status == S.AT_VILLAGE else [{"label": _("Received by the township on"), "text": _moment(case.received_at)}]
        found = [{"label": _("Received at the village on"), "text": _moment(case.village_received_at)}, *arrived]
    if case.accepted_at and case.kind not in ServiceRequest.OF_DEMANDS:
        found.append({"label": _("Accepted on"), "text": _moment(case.accepted_at)})
    if case.confirmed_at:
        found.append({"label": _("Confirmed with you on"), "text": say_date(timezone.localdate(case.confirmed_at))})
    found += _limits(shown)
    if case.decided_at:
        found.append(
            {"label": _("Answered on") if case.kind != CASE_KIND.APPLICATION else _("Decided on"), "text": _moment(case.decided_at)}
        )
    if case.ended_at and case.kind != CASE_KIND.CONSULTATION:
        found.append({"label": _("Finished on"), "text": _moment(case.ended_at)})
    return found


def _limits(shown: Shown) -> list[dict[str, str]]:
    """The dates as they stand on the case; a closed one keeps them."""
    case = shown.case
    dues = {due.limit.kind: due for due, _reasons in shown.reasons}
    found = []
    if case.due_kind in (DueKind.ACCEPTANCE_CHECK, DueKind.CALL_BACK, DueKind.ON_THE_SPOT) and case.due_on:
        labels = {
            DueKind.ACCEPTANCE_CHECK: _("Answer on acceptance by"),
            DueKind.CALL_BACK: _("Call back by"),
            DueKind.ON_THE_SPOT: _("Done on the spot on"),
        }
        if case.due_kind == DueKind.ON_THE_SPOT and shown.missing:
            # Nothing was handed in yet: the day depends on when the person comes.
            found.append({"label": _("When it is done"), "text": _("at once, when you come with the papers")})
        else:
            found.append(_limit(labels[case.due_kind], case.due_on, dues.get(case.due_kind)))
    if deadlines.has_moved(case):
        found.append({"label": _("Date first told"), "text": say_date(case.original_on)})
    if case.promised_on:
        is_answer = case.kind in ServiceRequest.OF_DEMANDS
        label, kind = (_("Answer by"), Kind.ANSWER) if is_answer else (_("Promised by"), Kind.PROMISED)
        found.append(_limit(label, case.promised_on, dues.get(kind)))
    if case.status == S.FOLLOWING and case.due_on:
        found.append(_limit(_("Looked at again on"), case.due_on, None))
    if case.legal_on:
        found.append(_limit(_("By law at the latest"), case.legal_on, dues.get(Kind.LEGAL)))
    return found


def _limit(label: str, day, due: Due | None) -> dict[str, str]:
    text = _moment(due.due_at) if due is not None and due.by_hours else say_date(day)
    note = _("provisional: the days off of that year are not announced yet") if due is not None and due.provisional else ""
    return {"label": label, "text": text, "note": note}


def _moment(at: datetime) -> str:
    return say_moment(timezone.localtime(at))
