"""What is to be done next about the file of an ended case, for the page of the case. One question, or two while it is put together."""

from officials.models import User
from requests import lifecycle
from requests.archive import lists
from requests.models import ServiceRequest, Volume


def verb_for(case: ServiceRequest, user: User) -> str:
    """The verb of the volume that is due and that this person may do; "" where there is none, or it is somebody else's."""
    if case.kind not in lists.KINDS or case.status not in lifecycle.ARCHIVED or case.anonymised_at:
        return ""
    if case.origin == ServiceRequest.Origin.OLD_LEDGER:
        return ""
    name = _due(Volume.objects.filter(service_request=case).first(), user)
    return name if name and not lifecycle.refusal(name, case, user) else ""


def _due(volume: Volume | None, user: User) -> str:
    if volume is None:
        return "assemble_volume"
    if not volume.is_closed:
        return "list_volume" if volume.lines.filter(kept="").exists() else "close_volume"
    if volume.checked_at is None and volume.closed_by_id != user.pk:
        return "check_volume"
    return "box_volume" if volume.box_id is None else ""
