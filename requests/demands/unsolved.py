"""办不成事反映: somebody who fulfils the conditions says that it was not done. Tied to the case, never with whom it is about (domain 7).

It is taken in by the centre itself and lies with its head: the windows, one of which it may be about, neither read it nor
take it back nor renew its code. Who wrote it down at a window follows it as the first asked (首问); the window it is about, and
whoever held the case, do not even write it down, and do not learn whether somebody has.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from officials.models import Office, Township, User
from requests import persons
from requests.demands import dates
from requests.demands.registering import dispatching_window
from requests.intake import Intake, Received, receive
from requests.lifecycle import Change, Refused, change
from requests.models import Demand, ServiceRequest
from requests.permissions import visible
from requests.persons import Person

Kind, S = ServiceRequest.Kind, ServiceRequest.Status
OF_KINDS = (Kind.APPLICATION, Kind.CONSULTATION, Kind.DEMAND)
UNPROVEN = "本人说的办件编号(没有核对):"  # ends what the office reads; stored words are Chinese


def register_unsolved(
    case: ServiceRequest, *, words: str, channel: str, window: Office | None = None, form_token: str = "", secret: str | None = None,
    by: User, now: datetime,
) -> Received:  # fmt: skip
    """Log it for the person of `case`. It lies with the head of the centre; the holder of the case neither sees nor handles it.

    Raises Refused: at the window of the office it is about and by whoever held the case, before it is said whether there is
    one already; for a case that was voided; while another one of it is open.
    """
    concerned = _concerned(case)
    if window is not None and window.pk == case.office_id or concerned.person is not None and concerned.person.pk == by.pk:
        sentence = _("It is about your own work or window. The person tells it on the web under 办不成事反映, or calls %(phone)s.")
        raise Refused(sentence % {"phone": case.township.complaint_phone or case.township.phone})
    again = _open_one(case)
    if again is not None and again.form_token != form_token and not visible(by).filter(pk=again.pk).exists():
        raise Refused(_("It was reported already. The head of the centre has it."))
    return receive(order_of(case, words=words, channel=channel, window=window, form_token=form_token, secret=secret), by=by, now=now)


def order_of(
    case: ServiceRequest, *, words: str, channel: str, window: Office | None = None, form_token: str = "", secret: str | None = None
) -> Intake:
    """As `intake.receive` takes it."""
    reception = dispatching_window(case.township)
    _check_that_it_can_be_about(case, form_token)
    order = _order(reception, words, window=window, channel=channel, form_token=form_token, secret=secret)
    concerned = _concerned(case)
    order.person, order.earlier_case = persons.person_of(case), case
    order.kept_from, order.kept_from_office = concerned.person, concerned.office
    return order


def order_without_case(township: Township, *, words: str, person: Person, number: str = "", channel: str, form_token: str = "") -> Intake:
    """From somebody who has not both number and code: whoever handles it finds the case and ties it (`tie_case`).

    `number`: as the person wrote it. It proves nothing, so it stands among the words and no case is looked up.
    """
    if not person.name:
        raise Refused(_("Without number and code we need a name, to find the case."))
    said = f"{words.strip()}\n{UNPROVEN}{number}" if words.strip() and number else words
    order = _order(dispatching_window(township), said, window=None, channel=channel, form_token=form_token, secret=None)
    order.person = person
    return order


def tie_case(case: ServiceRequest, *, about: ServiceRequest | None, by: User, now: datetime) -> None:
    """The case that was not done is found. From now on it is kept from whoever held that one.

    Raises Refused: no such case, tied already, or about the very person who has it now, who has to give it to somebody else first.
    """
    with change("tie_case", case, by=by, now=now) as work:
        about = visible(by).filter(pk=about.pk, township=work.case.township_id).select_related("office").first() if about else None
        if about is None:
            raise Refused(_("You see no case of this number. Ask the head of the centre to tie it."))
        if work.case.earlier_case_id:
            raise Refused(_("It is tied to a case already."))
        _check_that_it_can_be_about(about)
        concerned = _concerned(about)
        _check_that_others_have_it(work, concerned)
        work.case.earlier_case = about
        work.case.kept_from, work.case.kept_from_office = concerned.person, concerned.office
        work.facts["number"], work.redate = about.number, False


@dataclass(frozen=True)
class Concerned:
    """Whom it is about: who held or decided the case; and the dispatching window where the case lay there."""

    person: User | None
    office: Office | None


def _concerned(case: ServiceRequest) -> Concerned:
    reception = dispatching_window(case.township)
    lies_there = case.office_id == reception.pk and reception.kind != Office.Kind.CENTRE
    return Concerned(case.holder or case.decided_by, reception if lies_there else None)


def _check_that_it_can_be_about(case: ServiceRequest, form_token: str = "") -> None:
    if case.kind not in OF_KINDS or case.status == S.VOIDED or case.anonymised_at:
        raise Refused(_("This cannot be said of this case."))
    again = _open_one(case)
    if again is not None and (not form_token or again.form_token != form_token):
        raise Refused(_("It was reported already, under %(number)s.") % {"number": again.number})


def _open_one(case: ServiceRequest) -> ServiceRequest | None:
    """One report at a time."""
    return ServiceRequest.objects.open().filter(kind=Kind.UNSOLVED, earlier_case=case).first()


def _check_that_others_have_it(work: Change, concerned: Concerned) -> None:
    for person in (work.case.holder, work.by):
        if person is not None and concerned.person is not None and person.pk == concerned.person.pk:
            raise Refused(_("It is about %(name)s: the head of the centre gives it to somebody else first.") % {"name": person})
    if concerned.office is not None and concerned.office.pk == work.case.office_id:
        raise Refused(_("It is about %(name)s: the head of the centre gives it to somebody else first.") % {"name": concerned.office})


def _order(reception: Office, words: str, *, window: Office | None, channel: str, form_token: str, secret: str | None) -> Intake:
    if not words.strip():
        raise Refused(_("Write down what was not done."))
    centre, rhythm = reception.parent or reception, Demand.Rhythm.ORDINARY
    return Intake(
        intake_office=centre,
        window=window or reception,
        office=centre,
        channel=channel,
        kind=Kind.UNSOLVED,
        form_token=form_token,
        secret=secret,
        demand=Demand(rhythm=rhythm, limits=dates.of(reception.township, rhythm)),
        told=words,
    )
