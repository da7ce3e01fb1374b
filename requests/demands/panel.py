"""What the page of a case shows of its demand: the words, how it was sorted, who takes part, until when it may be returned."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from officials.calendar import calendar_for
from officials.models import User
from requests.demands import dates, mediation, ways
from requests.demands.facts import say_verdict
from requests.demands.orders import say_source
from requests.intake import told_in
from requests.models import ServiceRequest
from requests.panels import Panel
from requests.reasons import say_date, say_moment

S = ServiceRequest.Status


@dataclass(frozen=True)
class Shown:
    """The words, and label and text of the rest."""

    words: str
    facts: list[tuple[str, str]]
    parts: list[tuple[str, str]]


def demand_panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    """None for a case with an item."""
    if case.kind not in ServiceRequest.OF_DEMANDS:
        return None
    demand = case.demand
    facts = [
        (_("Sort"), demand.get_sort_display() if demand.sort else ""),
        (_("Subject"), str(demand.category or "")),
        (_("Rhythm"), demand.get_rhythm_display() if case.kind in RHYTHMIC else ""),
        (_("The case it is about"), _about(case)),
        (_("Anonymous"), _("yes") if demand.is_anonymous else ""),
        (_("Not shown to"), str(case.kept_from_office or case.kept_from or "")),
        (_("Ordered by"), say_source(demand)),
        (_("Dispatched"), say_moment(timezone.localtime(demand.dispatched_at)) if demand.dispatched_at else ""),
        (_("May be returned until"), _return_until(case, now)),
        (_("First contact"), say_moment(timezone.localtime(demand.contacted_at)) if demand.contacted_at else ""),
        (_("Judged by the person"), _called_back(case)),
        (_("Shown the way to"), str(ways.BY_KEY[demand.way].where) if demand.way in ways.BY_KEY else ""),
    ]
    rows = case.co_handlings.select_related("office")
    parts = [(row.office.name, _("their part is given") if row.answered_at else _("still to come")) for row in rows]
    return Panel("requests/demands/panel.html", Shown(told_in(case), [(label, text) for label, text in facts if text], parts))


def _about(case: ServiceRequest) -> str:
    if case.kind != ServiceRequest.Kind.UNSOLVED:
        return ""
    return case.earlier_case.number if case.earlier_case else _("not tied to a case yet")


def _called_back(case: ServiceRequest) -> str:
    """The verdict, or how often nobody was reached."""
    if case.kind not in RHYTHMIC:
        return ""
    rows = list(case.call_backs.all())
    verdict = next((row for row in reversed(rows) if row.reached), None)
    if verdict is not None:
        when = say_moment(timezone.localtime(verdict.at))
        return _("%(when)s · %(said)s") % {"when": when, "said": say_verdict(verdict.solved, verdict.satisfaction)}
    times = _(", ").join(say_moment(timezone.localtime(row.at)) for row in rows)
    if any(row.gave_up for row in rows):
        return _("Not reached: %(times)s") % {"times": times}
    return _("Called in vain: %(times)s") % {"times": times} if rows else ""


RHYTHMIC = (ServiceRequest.Kind.DEMAND, ServiceRequest.Kind.UNSOLVED)


def _return_until(case: ServiceRequest, now: datetime) -> str:
    demand = case.demand
    if case.kind != ServiceRequest.Kind.DEMAND or case.status not in (S.DISPATCHED, S.ACCEPTED):
        return ""
    if demand.is_designated:
        return _("designated, cannot be returned")
    until = dates.may_return_until(demand, calendar_for(case.township_id))
    return say_moment(timezone.localtime(until)) if now <= until else _("the time to return it is over")


def mediation_panel(case: ServiceRequest, user: User, now: datetime) -> Panel | None:
    """The other party (masked), who agreed, the mediator, the agreement and until when the court may be asked."""
    if case.kind != ServiceRequest.Kind.MEDIATION:
        return None
    row, other = case.mediation, mediation.other_party(case)
    facts = [
        (_("The other party"), " · ".join(text for text in other.values() if text)),
        (_("The other party agreed"), _moment(row.other_agreed_at)),
        (_("Mediator"), _mediator(row)),
        (_("The police were told"), _moment(row.police_told_at)),
        (_("Agreement"), row.get_form_display() if row.form else ""),
        (_("Binding from"), _day(row.binding_from)),
        (_("To be performed by"), _day(row.perform_by)),
        (_("Both may ask the court to confirm it until"), _day(row.court_by)),
    ]
    return Panel("requests/demands/mediation_panel.html", [(label, text) for label, text in facts if text])


def _mediator(row) -> str:
    if row.mediator is None:
        return ""
    return _("%(name)s, chosen by the parties") % {"name": row.mediator} if row.chosen_by_parties else str(row.mediator)


def _moment(at: datetime | None) -> str:
    return say_moment(timezone.localtime(at)) if at else ""


def _day(day: date | None) -> str:
    return say_date(day) if day else ""
