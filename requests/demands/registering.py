"""How a demand begins: at a window, on the phone, in a village, on a reception day, online. One plain function."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from officials.models import Office, Township, User
from requests import online
from requests.demands import dates
from requests.demands.placing import where_it_waits
from requests.intake import FormUsed, Intake, Received, receive
from requests.lifecycle import Refused
from requests.models import Demand, DemandCategory, ServiceRequest
from requests.persons import NOBODY, Person

Kind, Sort = ServiceRequest.Kind, Demand.Sort


@dataclass
class Told:
    """What somebody came with. `window` is where the person stood; a suggestion or a complaint may come without a name."""

    window: Office
    channel: str
    sort: str
    words: str
    person: Person = NOBODY
    is_anonymous: bool = False
    category: DemandCategory | None = None
    about: Office | None = None
    received_at: datetime | None = None
    form_token: str = ""
    secret: str | None = None


def dispatching_window(township: Township) -> Office:
    """Where demands come together and are dispatched from: the window that takes in for all, else the centre."""
    office = online.reception_of(township)
    if office is None:
        raise Refused(_("There is no window yet that takes in demands."))
    return office


def register_demand(told: Told, *, by: User, now: datetime) -> Received:
    """Log a demand: number, date, secret. Raises Refused; the same form again gives the same case, or FormUsed.

    It lies at the dispatching window, whoever wrote it down; who did is the first asked and sees it to the end (首问).
    """
    return receive(order_of(told), by=by, now=now)


def order_of(told: Told) -> Intake:
    """The demand as `intake.receive` takes it. Raises Refused where something is lacking."""
    if told.sort not in Sort.values:
        raise Refused(_("Choose what it is about."))
    if not told.words.strip():
        raise Refused(_("Write down what it is about."))
    if told.is_anonymous and told.sort in (Sort.HELP, Sort.DISPUTE):
        raise Refused(_("Help and disputes need a name: without one nobody can be helped or told."))
    if told.about is not None and told.sort != Sort.COMPLAINT:
        raise Refused(_("Only a complaint names the office it is about."))
    window = dispatching_window(told.window.township)
    demand = Demand(
        sort=told.sort,
        category=told.category,
        rhythm=Demand.Rhythm.TIMED,
        is_anonymous=told.is_anonymous,
        limits=dates.of(window.township, Demand.Rhythm.TIMED),
    )
    return Intake(
        intake_office=window,
        office=where_it_waits(window, told.about),
        window=told.window,
        channel=told.channel,
        kind=Kind.DEMAND,
        person=told.person,
        received_at=told.received_at,
        form_token=told.form_token,
        secret=told.secret,
        demand=demand,
        told=told.words,
        kept_from_office=told.about,
    )


__all__ = ["FormUsed", "Told", "dispatching_window", "order_of", "register_demand"]
