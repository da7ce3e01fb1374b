"""What comes next, in sentences for the resident: the same on the receipt page and on the paper."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from requests.county import standing
from requests.demands import read_here
from requests.materials import Line
from requests.models import ServiceRequest
from requests.reasons import say_date
from services.models import Step
from services.saying import group_phone

S = ServiceRequest.Status


def next_steps(case: ServiceRequest, missing: Sequence[Line]) -> list[str]:
    """In the language active now. `missing` is what keeps the case from being accepted."""
    is_question = case.kind != ServiceRequest.Kind.APPLICATION
    found = [sentence for sentence in (_of_a_question(case) if is_question else _now(case, missing),) if sentence]
    if case.status in (S.ACCEPTED, S.IN_HAND) and not is_question:
        found += _steps_ahead(case)
    if case.status not in ServiceRequest.ENDED:
        found.append(
            _("Ask for it with the case number and the tracking code, on the web or by phone %(phone)s.")
            % {"phone": group_phone(case.township.phone)}
        )
    return found


def _of_a_question(case: ServiceRequest) -> str:
    """Nothing is accepted, decided or handed over: somebody calls."""
    if case.kind in ServiceRequest.OF_DEMANDS:
        return _of_a_demand(case)
    if case.is_open:
        return _("We call you by %(date)s.") % {"date": say_date(case.due_on)} if case.due_on else _("We call you.")
    return _("Your question has been answered.") if case.status == S.CLOSED else ""


def _of_a_demand(case: ServiceRequest) -> str:
    if not case.is_open:
        return _("It is answered.") if case.outcome else ""
    if not case.promised_on:
        return ""
    if read_here.nobody_to_call(case):
        return read_here.promise(case.promised_on)
    return _("You get an answer by %(date)s.") % {"date": say_date(case.promised_on)}


def _now(case: ServiceRequest, missing: Sequence[Line]) -> str:
    match case.status:
        case S.AT_VILLAGE:
            return _("The village agent brings it to the township; the township's time begins when it has arrived.")
        case S.RECEIVED | S.AWAITING_MATERIALS if missing:
            return _("Bring what is missing. When everything is there, it is decided whether the application is accepted.")
        case S.RECEIVED if case.due_on:
            return _("You are told by %(date)s whether the application is accepted.") % {"date": say_date(case.due_on)}
        case S.RECEIVED:
            return _("You are told whether the application is accepted.")
        case S.ACCEPTED | S.IN_HAND if case.county_since:
            said = {"body": standing.where(case), "date": say_date(case.county_since)}
            return _("It has been with %(body)s since %(date)s. We bring the result back.") % said
        case S.ACCEPTED | S.IN_HAND:
            return _("%(office)s works on it.") % {"office": case.office}
        case S.DECIDED:
            return _("It is decided. Collect the result at %(office)s.") % {"office": case.intake_office}
        case S.CLOSED:
            if case.due_kind == ServiceRequest.DueKind.ON_THE_SPOT:
                return _("Finished on the spot, the result is handed over.")
            return _("Finished, the result is handed over.")
        case _:
            return ""


def _steps_ahead(case: ServiceRequest) -> list[str]:
    """The steps of the pinned edition after receipt, in one sentence."""
    if case.edition_id is None:
        return []
    steps = sorted(case.edition.steps.all(), key=lambda step: step.position)[1:]
    names = [f"{step.title}({step.actor})" if step.actor else step.title for step in steps if step.counts != Step.Counts.BEFORE]
    return [_("Then: %(steps)s.") % {"steps": _(", ").join(names)}] if names else []
