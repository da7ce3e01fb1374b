"""交办单: orders from inspections, meetings and leaders. Each goes to an office and a person with a date, and every one is answered.

Issued = answered + open (domain 1.4: 32 issued, all done or answered).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from officials.audit import together
from officials.models import Office, Township, User
from requests import persons
from requests.demands import dates, moves
from requests.demands.registering import dispatching_window
from requests.intake import Intake, receive
from requests.lifecycle import Refused
from requests.models import Demand, ServiceRequest
from requests.reasons import say_date

SHORT = 40  # characters of an order in a list


@dataclass(frozen=True)
class Source:
    """Where a batch of orders comes from."""

    source: str
    ordered_on: date
    ordered_by: User | None = None


@dataclass(frozen=True)
class Line:
    """One order of the batch. Without a person it goes to whoever answers for such things there."""

    what: str
    office: Office
    answer_by: date
    person: User | None = None


def issue_orders(
    township: Township, source: Source, lines: Sequence[Line], *, form_token: str, by: User, now: datetime
) -> list[ServiceRequest]:
    """All of a batch, or none. Sent twice it is the same batch. Raises Refused with the number of the line that is wrong."""
    if not lines:
        raise Refused(_("Write down at least one order."))
    if source.source not in Demand.Source.values:
        raise Refused(_("Choose where the orders come from."))
    today = timezone.localdate(now)
    if source.ordered_on > today:
        raise Refused(_("The day of the order lies in the future."))
    window = dispatching_window(township)
    cases = []
    with together(one_fate=True):
        for number, line in enumerate(lines, start=1):
            if line.answer_by < today:
                raise Refused(_("Line %(n)s: the day of the answer is over already.") % {"n": number})
            cases.append(_issue(window, source, line, f"{form_token}-{number}" if form_token else "", by=by, now=now))
    return cases


def _issue(window: Office, source: Source, line: Line, form_token: str, *, by: User, now: datetime) -> ServiceRequest:
    rhythm = Demand.Rhythm.TIMED
    demand = Demand(
        rhythm=rhythm,
        limits=dates.of(window.township, rhythm),
        source=source.source,
        ordered_on=source.ordered_on,
        ordered_by=source.ordered_by,
        answer_by=line.answer_by,
    )
    order = Intake(
        intake_office=window,
        channel=ServiceRequest.Channel.WINDOW,
        kind=ServiceRequest.Kind.ORDER,
        form_token=form_token,
        demand=demand,
        told=line.what,
    )
    received = receive(order, by=by, now=now)
    if received.is_new:
        moves.dispatch(received.case, rhythm=rhythm, lead=line.office, holder=line.person, by=by, now=now)
    return received.case


@dataclass(frozen=True)
class Point:
    """An order in a list: what has to be done, in short, and who wants it since when."""

    words: str
    source: str


def points(orders: Iterable[ServiceRequest]) -> dict[int, Point]:
    """By the key of the case, in one query; none where there are no orders. For whoever sees them whole."""
    keys = [case.pk for case in orders]
    found = ServiceRequest.objects.filter(pk__in=keys).select_related("key", "demand__ordered_by", "demand_words") if keys else ()
    return {case.pk: Point(_short(case), say_source(case.demand)) for case in found}


def _short(case: ServiceRequest) -> str:
    row = getattr(case, "demand_words", None)
    return Truncator(persons.open_for(case, row.sealed, "demand") or "" if row else "").chars(SHORT)


def say_source(demand: Demand) -> str:
    """Where an order comes from: inspection, meeting or leader, by whom, of which day."""
    if not demand.source:
        return ""
    words = [demand.get_source_display(), str(demand.ordered_by or ""), say_date(demand.ordered_on) if demand.ordered_on else ""]
    return " · ".join(word for word in words if word)


def issued_before(form_token: str) -> list[ServiceRequest]:
    """The batch that was made of this form already."""
    return list(ServiceRequest.objects.filter(form_token__startswith=f"{form_token}-").order_by("pk")) if form_token else []
