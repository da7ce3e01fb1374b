"""Who decides an item: this township, the county, or a county office at its own window in the centre; and the road there.

The item says it (办理方式). A township that was entrusted with the decision (受委托) makes it, in the name of who entrusted it.
"""

from django.utils.translation import gettext as _

from officials.models import Office, User
from requests.county import standing, stretch
from requests.models import Forwarding, ServiceRequest
from services.models import Edition

STATIONED = "派驻站所办理"
# What came without paper has nothing to be handed from window to window.
_PAPERLESS = (ServiceRequest.Channel.ONLINE, ServiceRequest.Channel.PHONE)


def is_decided_by_county(edition: Edition) -> bool:
    """Taken in or first checked here, decided there; not where the county entrusted the township with the decision."""
    return stretch.goes_to_county(edition) and not edition.entrusting_body


def is_taken_in_for_another(edition: Edition, window: Office) -> bool:
    """Does this window only take in for a stationed office?"""
    return edition.mode == STATIONED and edition.office_id != window.pk


def is_at_a_stationed_office(case: ServiceRequest) -> bool:
    """Is it an item of a county office that has its own window in the centre?"""
    return case.edition_id is not None and case.edition.mode == STATIONED


def is_stationed(case: ServiceRequest) -> bool:
    """Handled by a county office at its own window in the centre, and taken in at another window."""
    return is_at_a_stationed_office(case) and case.office_id != case.intake_office_id


def goes_to_another_window(case: ServiceRequest) -> bool:
    """Have its papers to be handed to the stationed office's own window?"""
    return is_stationed(case) and case.channel not in _PAPERLESS


def why_not_here(case: ServiceRequest, by: User) -> str:
    """Who decides instead and by which road, where it is not this person's office; "" where it may be decided here."""
    if case.edition_id is None:
        return ""
    body = case.edition.implementing_body
    if is_decided_by_county(case.edition):
        where = standing.where(case)
        if where:
            return _("%(body)s decides this, not the township. It lies there: enter its result when it is back.") % {"body": where}
        return _("%(body)s decides this, not the township. Forward it there; when its result is back, enter it.") % {"body": body}
    return _why_not_at_this_window(case, by)


def why_not_accepted_here(case: ServiceRequest, by: User) -> str:
    """The reception takes in for a stationed office, with a receipt and a list; whether it is accepted that office says itself."""
    return _why_not_at_this_window(case, by) if case.edition_id is not None else ""


def _why_not_at_this_window(case: ServiceRequest, by: User) -> str:
    if not is_at_a_stationed_office(case) or by.is_job:
        return ""
    if by.office_id != case.office_id:
        said = {"body": case.edition.implementing_body, "office": case.office}
        return _("%(body)s accepts and decides this, at the window of %(office)s: only the people there do it.") % said
    if goes_to_another_window(case) and not _was_taken_over(case):
        said = {"intake": case.intake_office, "office": case.office}
        return _("The papers are still at %(intake)s: they are handed to %(office)s and taken over there first.") % said
    return ""


def _was_taken_over(case: ServiceRequest) -> bool:
    return Forwarding.objects.filter(
        service_request=case, kind=Forwarding.Kind.WINDOW, status=Forwarding.Status.DECIDED
    ).exists()  # fmt: skip
