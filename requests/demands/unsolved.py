"""办不成事反映: somebody who fulfils the conditions says that it was not done. Tied to the case, never with whom it is about (domain 7)."""

from datetime import datetime

from django.utils.translation import gettext as _

from officials.models import Office, User
from requests import persons
from requests.demands import dates
from requests.demands.registering import dispatching_window
from requests.intake import Intake, Received, receive
from requests.lifecycle import Refused
from requests.models import Demand, ServiceRequest

Kind, S = ServiceRequest.Kind, ServiceRequest.Status
OF_KINDS = (Kind.APPLICATION, Kind.CONSULTATION, Kind.DEMAND)


def register_unsolved(
    case: ServiceRequest, *, words: str, channel: str, window: Office | None = None, form_token: str = "", secret: str | None = None,
    by: User, now: datetime,
) -> Received:  # fmt: skip
    """Log it for the person of `case`. It lies with the head of the centre; the holder of the case neither sees nor handles it.

    Raises Refused: at the window of the office it is about, for a case that was voided, while another one of it is open.
    """
    return receive(order_of(case, words=words, channel=channel, window=window, form_token=form_token, secret=secret), by=by, now=now)


def order_of(
    case: ServiceRequest, *, words: str, channel: str, window: Office | None = None, form_token: str = "", secret: str | None = None
) -> Intake:
    """As `intake.receive` takes it."""
    if not words.strip():
        raise Refused(_("Write down what was not done."))
    if case.kind not in OF_KINDS or case.status == S.VOIDED or case.anonymised_at:
        raise Refused(_("This cannot be said of this case."))
    reception = dispatching_window(case.township)
    if window is not None and window.pk == case.office_id and window.pk != reception.pk:
        raise Refused(_("It is about your office: the reception window or the head of the centre takes it in."))
    again = ServiceRequest.objects.open().filter(kind=Kind.UNSOLVED, earlier_case=case).first()
    if again is not None and (not form_token or again.form_token != form_token):
        raise Refused(_("It was reported already, under %(number)s.") % {"number": again.number})
    rhythm = Demand.Rhythm.ORDINARY
    return Intake(
        intake_office=reception,
        window=window,
        office=reception.parent or reception,
        channel=channel,
        kind=Kind.UNSOLVED,
        person=persons.person_of(case),
        form_token=form_token,
        secret=secret,
        earlier_case=case,
        demand=Demand(rhythm=rhythm, limits=dates.of(case.township, rhythm)),
        told=words,
        kept_from=case.holder or case.decided_by,
    )
